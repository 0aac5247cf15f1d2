//! A scene: what the provider does, what the browser does, and what the relying party must do.

use crate::conformance::act::{Act, HONEST};
use crate::conformance::report::Verdict;
use crate::conformance::seen::Seen;

/// One sign-in, or what else is played.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Scene {
    pub(crate) act: Act,
    pub(crate) play: Play,
    pub(crate) must: Must,
    /// What else is judged; `None` is fine.
    pub(crate) also: fn(&Seen) -> Option<Verdict>,
    /// Whether it only shows that a hostile one is refused for what is hostile in it.
    pub(crate) is_twin: bool,
}

/// What the browser does.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Play {
    /// It signs in.
    SignIn,
    /// It signs in, and opens the page that asks for an access token.
    SignInAndAccess,
    /// It is sent to the app by somebody else, and signs in.
    ComeFromElsewhere,
    /// It signs in, and signs out at the app.
    SignOut,
    /// It signs in, and the provider tells the app's server that the person signed out.
    SignOutByServer,
    /// It signs in, and signs out at the provider, whose page tells the app in a frame.
    SignOutInFrame,
}

/// What the relying party must do.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Must {
    /// Sign the person in.
    SignIn,
    /// Sign nobody in and tell why, after a token request, without a UserInfo request.
    RefuseIdToken,
    /// Sign nobody in and tell why, after a UserInfo request.
    RefuseUserInfo,
    /// Sign nobody in and tell why, without a token request.
    RefuseCallback,
    /// Sign nobody in and tell why, without an authorization request.
    RefuseMetadata,
    /// Either sign the person in, or nobody and tell why.
    SignInOrRefuse,
    /// Sign the person out, at the provider, too, and be there when they come back.
    SignOut,
    /// Sign out a person who signed out at the provider.
    BeSignedOut,
    /// Leave a person alone of whom somebody says that they signed out.
    StaySignedIn,
}

/// An issuer that is not the provider.
pub(crate) const ELSEWHERE: &str = "https://elsewhere.example";

/// A sign-in with nothing wrong: whoever refuses everything refuses this, too, and fails.
pub(crate) const HONESTLY: Scene = Scene { is_twin: true, ..signs_in(HONEST) };

/// Everything goes well.
pub(crate) const fn signs_in(act: Act) -> Scene {
    Scene { act, play: Play::SignIn, must: Must::SignIn, also: |_| None, is_twin: false }
}

/// The ID token must be refused.
pub(crate) const fn refuses_id_token(act: Act) -> Scene {
    Scene { act, play: Play::SignIn, must: Must::RefuseIdToken, also: |_| None, is_twin: false }
}

/// The person signs in, and the page is opened that asks for an access token.
pub(crate) const fn accesses(act: Act) -> Scene {
    Scene { act, play: Play::SignInAndAccess, must: Must::SignIn, also: |_| None, is_twin: false }
}

/// The person signs out at the app.
pub(crate) const fn signs_out(act: Act) -> Scene {
    Scene { play: Play::SignOut, must: Must::SignOut, ..signs_in(act) }
}

impl Scene {
    pub(crate) const fn must(self, must: Must) -> Self {
        Self { must, ..self }
    }

    pub(crate) const fn play(self, play: Play) -> Self {
        Self { play, is_twin: false, ..self }
    }

    pub(crate) const fn also(self, also: fn(&Seen) -> Option<Verdict>) -> Self {
        Self { also, is_twin: false, ..self }
    }

    /// Whether nothing in it is to be refused.
    pub(crate) fn is_welcome(&self) -> bool {
        self.must == Must::SignIn
    }
}
