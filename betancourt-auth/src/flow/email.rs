//! Signing in by e-mail: a link and a code are sent, and taken.

use std::sync::Arc;

use http::{Method, StatusCode};

use crate::address::Address;
use crate::answer::{Answer, with_query};
use crate::check::mailbox::{self, Begun};
use crate::check::return_to::ReturnTo;
use crate::check::{csrf, rate};
use crate::config::Setup;
use crate::error::{Error, ErrorKind, Severity, legible};
use crate::flow::{finish, record_refusal};
use crate::hook::{Arrival, Decision};
use crate::language::Language;
use crate::mailer::Mail;
use crate::model::AccountKey;
use crate::page::{CodeForm, ConfirmSignIn, Frame, SignInMail, VerifyRequest};
use crate::panics::caught;
use crate::provider::{EmailProvider, Opening};
use crate::request::{Once, Request};
use crate::witness::Identity;

/// `POST /signin/:provider`: has a mail sent. The answer is the same for every address, known or not, welcome or not,
/// and it comes before anything is asked about the address.
///
/// # Errors
/// The group *Request*, [`ErrorKind::Store`], [`ErrorKind::Randomness`].
pub(crate) async fn begin(
    setup: &Arc<Setup>,
    request: &Request,
    provider: &EmailProvider,
) -> Result<Answer, Error> {
    rate::admit(setup, request).await?;
    let return_to = ReturnTo::read(setup, request).await?;
    let address = match request.form.once("email") {
        Once::One(text) => Address::parse(text),
        Once::Missing | Once::Repeated => None,
    };
    let address = address.ok_or(ErrorKind::AddressMalformed)?;
    let wanted = return_to.after_sign_in(setup);
    let begun = mailbox::begin(setup, provider, &address, wanted.clone())?;
    let cookie = begun.cookie.clone();
    let letter = Letter {
        provider: provider.clone(),
        language: request.language(),
        link: link(setup, provider, &wanted, (&begun.token, &address)),
        address,
        begun,
    };
    if !setup.errands.begin(letter.send(Arc::clone(setup))).await {
        tell(&ErrorKind::MailThrottled.into(), &provider.id);
    }
    Ok(Answer::redirect(waiting_page(setup, provider))
        .with_cookie(return_to.cookie)
        .with_cookie(cookie))
}

/// The address that a mail leads to, its parameters in the order of Auth.js.
fn link(
    setup: &Setup,
    provider: &EmailProvider,
    return_to: &str,
    (token, address): (&str, &Address),
) -> String {
    let callback = setup.action_url(&format!("/callback/{}", provider.id));
    with_query(
        &callback,
        &[("callbackUrl", return_to), ("token", token), ("email", address.as_str())],
    )
}

fn waiting_page(setup: &Setup, provider: &EmailProvider) -> String {
    let page = setup.action_url("/verify-request");
    with_query(&page, &[("provider", &provider.id), ("type", EmailProvider::KIND)])
}

/// A mail that was asked for and may be sent.
struct Letter {
    provider: EmailProvider,
    language: Language,
    address: Address,
    link: String,
    begun: Begun,
}

impl Letter {
    /// Sends it, if its address may have it. Nobody waits for this: what comes of it stands in the log.
    async fn send(self, setup: Arc<Setup>) {
        if let Err(error) = caught(self.try_to_send(&setup)).await {
            tell(&error, &self.provider.id);
        }
    }

    async fn try_to_send(&self, setup: &Setup) -> Result<(), Error> {
        let address = self.address.as_str();
        rate::admit_mail(setup, &self.address).await?;
        let key = AccountKey::new(self.provider.id.to_string(), address);
        let user = setup.store.user_by_email(address).await?;
        if let Some(user) = &user
            && setup.store.suspension(&user.id).await?.is_some()
        {
            return Err(Error::suspended());
        }
        let arrival = Arrival::request_for_mail(&key, user.as_ref(), address);
        match setup.config.callbacks.sign_in(&arrival).await {
            Decision::Allow => {}
            Decision::Deny | Decision::Redirect(_) => return Err(ErrorKind::AccessDenied.into()),
        }
        setup.store.keep_tokens(address, &self.begun.kept).await?;
        let sent = self.provider.mailer.send(&self.mail(setup)).await;
        sent.map_err(|error| Error::because(ErrorKind::MailNotSent, error))
    }

    fn mail(&self, setup: &Setup) -> Mail {
        let frame = Frame::new(setup, self.language);
        let (first, last) = self.begun.code.split_at(self.begun.code.len() / 2);
        let code = format!("{first} {last}");
        let mail = SignInMail {
            frame: &frame,
            url: &self.link,
            code: Some(&code),
            minutes: self.provider.max_age.whole_minutes(),
        };
        Mail::new(self.address.as_str(), mail.subject(), mail.text(), mail.html())
            .with_way_in(&self.link, &code)
    }
}

/// Says in the log why there was no mail.
fn tell(error: &Error, provider: &str) {
    let cause = std::error::Error::source(error).and_then(std::error::Error::source);
    let cause = cause.map(|cause| legible(&cause.to_string()));
    let reason = error.reason();
    match error.severity() {
        Severity::Info => tracing::info!(reason, provider, cause, "no mail was sent"),
        Severity::Warn => tracing::warn!(reason, provider, cause, "no mail was sent"),
        Severity::Error => tracing::error!(reason, provider, cause, "no mail was sent"),
    }
}

/// `GET /verify-request`: the page after a mail was asked for, or the application's own with the query as it came.
///
/// # Errors
/// [`ErrorKind::ReturnToTooLong`], [`ErrorKind::Randomness`].
pub(crate) async fn wait(setup: &Setup, request: &Request) -> Result<Answer, Error> {
    let return_to = ReturnTo::read(setup, request).await?;
    if let Some(own) = &setup.config.pages.verify_request {
        let to = with_query(own, &request.query.pairs());
        return Ok(Answer::redirect(to).with_cookie(return_to.cookie));
    }
    let waiting = mailbox::waiting(setup, request);
    let token = csrf::token(setup, &request.cookies)?;
    let frame = Frame::new(setup, request.language());
    let provider = waiting.as_ref().map_or("email", |waiting| &waiting.provider);
    let action = setup.action_url(&format!("/callback/{provider}"));
    let page = VerifyRequest {
        frame: &frame,
        address: waiting.as_ref().map(|waiting| waiting.address.as_str()),
        code: waiting.as_ref().map(|waiting| CodeForm {
            action: &action,
            csrf_token: token.value(),
            callback_url: &waiting.return_to,
            was_refused: request.query.last("error").is_some(),
        }),
    };
    Ok(Answer::page(frame.page(StatusCode::OK, &page))
        .with_cookie(token.set_cookie().cloned())
        .with_cookie(return_to.cookie))
}

/// `GET` or `POST /callback/:provider`: the link was opened, its page was confirmed, or a code was typed.
///
/// # Errors
/// The groups *Refused*, *Request* and *Ours*.
pub(crate) async fn callback(
    setup: &Setup,
    request: &Request,
    provider: &EmailProvider,
) -> Result<Answer, Error> {
    let opens = request.method == Method::GET;
    if opens && provider.opening == Opening::AsksFirst {
        return confirm(setup, request, provider).await;
    }
    if !opens {
        csrf::verify(setup, request)?;
    }
    rate::admit_opening(setup, request).await?;
    let return_to = ReturnTo::read(setup, request).await?;
    let identity = match request.form.last("code") {
        Some(code) => mailbox::take_code(setup, request, provider, code).await,
        None => take_link(setup, request, provider).await,
    };
    let outcome = match identity {
        Ok(identity) => finish(setup, identity, &return_to.after_sign_in(setup)).await,
        Err(error) if error.kind() == ErrorKind::CodeRefused => {
            tell_refusal(request, provider, &error);
            let again = [waiting_page(setup, provider), "&error=Verification".to_owned()];
            return Ok(Answer::redirect(again.concat()));
        }
        Err(error) => Err(error),
    };
    // Anybody could fill the audit log with links that were never sent.
    let refused = outcome.as_ref().err().filter(|error| error.kind() != ErrorKind::LinkUnknown);
    if let Some(error) = refused {
        record_refusal(setup, request, &provider.id, error).await;
    }
    Ok(outcome?.with_cookie(return_to.cookie).with_cookie(mailbox::forget(setup)))
}

/// Who typed a wrong code can type another one.
fn tell_refusal(request: &Request, provider: &EmailProvider, error: &Error) {
    let (reason, provider, network) = (error.reason(), &*provider.id, request.network());
    tracing::warn!(reason, provider, network, "refused");
}

async fn take_link(
    setup: &Setup,
    request: &Request,
    provider: &EmailProvider,
) -> Result<Identity, Error> {
    let (address, token) = opened(request)?;
    mailbox::take_link(setup, request, provider, (&address, token)).await
}

/// The page behind a link. Whatever opened it, nothing has happened yet.
async fn confirm(
    setup: &Setup,
    request: &Request,
    provider: &EmailProvider,
) -> Result<Answer, Error> {
    let (address, link_token) = opened(request)?;
    let return_to = ReturnTo::read(setup, request).await?;
    let token = csrf::token(setup, &request.cookies)?;
    let frame = Frame::new(setup, request.language());
    let page = ConfirmSignIn {
        frame: &frame,
        action: &setup.action_url(&format!("/callback/{}", provider.id)),
        csrf_token: token.value(),
        callback_url: &return_to.after_sign_in(setup),
        address: address.as_str(),
        token: link_token,
    };
    Ok(Answer::page(frame.page(StatusCode::OK, &page))
        .with_cookie(token.set_cookie().cloned())
        .with_cookie(return_to.cookie))
}

/// What a link brings.
fn opened(request: &Request) -> Result<(Address, &str), ErrorKind> {
    let address = request.parameter("email").and_then(Address::parse);
    let token = request.parameter("token").filter(|token| !token.is_empty());
    address.zip(token).ok_or(ErrorKind::LinkUnknown)
}
