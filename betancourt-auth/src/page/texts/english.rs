//! English.

use super::{
    Confirm, Deletion, Initiate, Mail, Problem, SignIn, SignOut, SignedOut, Texts, VerifyRequest,
};
use crate::error::Code;
use crate::page::Notice;

pub(super) const TEXTS: Texts = Texts {
    sign_in: SignIn {
        title: "Sign in",
        continue_with: "Continue with",
        or: "or",
        email: "E-mail address",
        send_link: "E-mail me a link",
        button: "Sign in",
        sign_in_with: "Sign in with",
        nothing: "There is no way to sign in at the moment.",
    },
    sign_out: SignOut {
        title: "Sign out",
        question: "Do you want to sign out on this device?",
        button: "Sign out",
        stay: "Stay signed in",
    },
    signed_out: SignedOut {
        title: "You are signed out",
        hint: "You are signed out here. At a shared computer, close the browser, too.",
    },
    initiate: Initiate {
        title: "Sign in?",
        question: "You came here from somewhere else. Press the button to sign in.",
        hint: "If you do not want to, close the page. Nothing has happened.",
    },
    verify_request: VerifyRequest {
        title: "Check your e-mail",
        sent_to: "We have e-mailed a sign-in link to",
        sent: "We have e-mailed you a sign-in link.",
        hint: "It works once, and only for a few minutes. If it does not arrive, look into the spam folder.",
        code: "Code from the e-mail",
        code_hint: "Reading on another device? Type the code from the e-mail here.",
        code_refused: "This is not the code, or it can no longer be used.",
        button: "Sign in",
        again: "Use another address",
    },
    confirm: Confirm {
        title: "Is this you?",
        sign_in_as: "Press the button to sign in here as",
        button: "Sign in",
        hint: "If you did not ask for this, close the page. Nothing has happened.",
    },
    deletion: Deletion {
        title: "Deleting your data",
        open: "We have your request and are deleting what we know of you. You do not have to do anything else.",
        waiting: "We have your request. Until the day below you can change your mind; then we delete what we know of you.",
        withdrawn: "You have taken this request back, and everything is as it was.",
        done: "Done. We keep nothing any more of what you asked us to delete.",
        unknown: "We know no request of that code. Please check the whole address.",
        requested_on: "Requested on",
        due_on: "To be deleted on",
        withdrawn_on: "Withdrawn on",
        finished_on: "Finished on",
        code: "Code",
    },
    problem: Problem {
        title: "That did not work",
        denied: "You cannot come in here",
        expired: "This link no longer works",
        too_many: "One moment, please",
        unavailable: "We will be back in a moment",
        home: "Go to",
    },
    mail: Mail {
        subject: "Your link to sign in to",
        title: "Sign in to",
        link: "Press the button to sign in on this device.",
        link_below: "Open this link to sign in on this device:",
        button: "Sign in",
        code: "Did you ask for this on another device? Type this code there:",
        link_lives: |minutes| format!("The link works once, within {minutes} minutes."),
        both_live: |minutes| format!("Either of them works, once, within {minutes} minutes."),
        not_you: "If you did not ask for this e-mail, you need not do anything.",
    },
    reference: "Reference",
    notice,
};

fn notice(notice: Notice) -> &'static str {
    match notice {
        Notice::Code(code) => self::code(code),
        Notice::SessionRequired => "Please sign in to see that page.",
        Notice::NotBegun => {
            "We could not begin to sign you in. Please try again, or choose another way."
        }
        Notice::NotCompleted => {
            "We could not sign you in with that account. Please try another one."
        }
        Notice::NotCreated => "We could not create an account for you. Please try another way.",
        Notice::Suspended => {
            "Your account is suspended. Please write to the people who run this site."
        }
        Notice::Unknown => "Something went wrong. Please try again.",
    }
}

fn code(code: Code) -> &'static str {
    match code {
        Code::AccessDenied => "You do not have permission to come in.",
        Code::BadRequest => "We did not understand that request. Please start again.",
        Code::Configuration => {
            "Sign-in is not set up correctly. Please tell the people who run this site."
        }
        Code::CredentialsSignin => "That was not right. Please check what you typed and try again.",
        Code::EmailNotVerified => {
            "Somebody has signed in with your e-mail address before, and the provider does not vouch for it. Please use the way you used first."
        }
        Code::EmailSignin => {
            "We could not send the e-mail. Please check the address and try again."
        }
        Code::InvalidCallbackUrl => "The address to return to cannot be used.",
        Code::LastAdministrator => {
            "This is the last administrator. Please make somebody else one before."
        }
        Code::LastWayIn => {
            "This is your last way to sign in. Please add another one before you remove it."
        }
        Code::MissingCSRF => {
            "This page was open for too long, or its cookies were blocked. Please try again."
        }
        Code::NotFound => "We could not find that.",
        Code::OAuthAccountNotLinked => {
            "This address is already in use with another way to sign in. Please use the one you used first."
        }
        Code::OAuthCallbackError => {
            "The sign-in was not completed. Nothing has changed; you can try again."
        }
        Code::ProviderUnavailable => {
            "The provider does not answer at the moment. Please try again soon, or choose another one."
        }
        Code::RateLimited => "There were too many attempts. Please wait a minute and try again.",
        Code::ReauthRequired => "Please sign in once more before you do this.",
        Code::Unauthorized => "Please sign in first.",
        Code::Unavailable => {
            "We cannot sign anybody in at the moment. Please try again in a minute."
        }
        Code::Verification => {
            "It has been used before, or it is too old. Please ask for a new one."
        }
    }
}
