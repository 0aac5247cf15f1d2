//! A module: scenes, and what the relying party must do in each.

use betancourt_auth::provider::Algorithm;

use crate::callback::ResponseMode;
use crate::conformance::act::{Act, HONEST};
use crate::conformance::plan::Plan;
use crate::conformance::report::Verdict;
use crate::conformance::seen::Seen;

/// A module of the OpenID Foundation's suite, as data.
#[derive(Debug)]
pub(crate) struct Module {
    pub(crate) name: &'static str,
    /// The plans it stands in, beside [`Plan::FormPostBasic`].
    pub(crate) plans: &'static [Plan],
    /// How the authorization request is answered. A module that is played in two ways is two rows of the report.
    pub(crate) response_modes: &'static [ResponseMode],
    /// What the provider does, in a few words.
    pub(crate) about: &'static str,
    /// The scenes, in their order. None where there is nothing to play.
    pub(crate) scenes: &'static [Scene],
    /// What it means that every scene went as it must.
    pub(crate) outcome: Outcome,
    /// What it asks of the relying party beforehand.
    pub(crate) needs: Needs,
}

/// What it means that every scene went as it must.
#[derive(Debug)]
pub(crate) enum Outcome {
    Passed,
    /// This library does not do what the module is about. The scenes show that it is safe all the same.
    NotSupported(&'static str),
}

/// What a module asks of the relying party beforehand.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Needs {
    Nothing,
    /// Neither metadata nor keys of the provider are in a cache.
    ColdCache,
    /// A page that answers with an access token, fresh if need be.
    AccessPage,
}

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
}

/// What most modules have in common.
pub(crate) const MODULE: Module = Module {
    name: "",
    plans: &[Plan::Full],
    response_modes: &[ResponseMode::Query],
    about: "",
    scenes: &[],
    outcome: Outcome::Passed,
    needs: Needs::Nothing,
};

/// For modules that the plan *Form Post Basic* has, too.
pub(crate) const BOTH_MODES: &[ResponseMode] = &[ResponseMode::Query, ResponseMode::FormPost];

/// Why a module about UserInfo shows nothing.
pub(crate) const NO_USER_INFO: &str = "nobody asks for UserInfo here: the ID token says it all";

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

impl Module {
    /// What the relying party must take ID tokens to be signed with.
    pub(crate) fn algorithms(&self) -> Vec<Algorithm> {
        let mut algorithms = Vec::new();
        for scene in self.scenes {
            if !algorithms.contains(&scene.act.algorithm) {
                algorithms.push(scene.act.algorithm);
            }
        }
        algorithms
    }
}

impl Scene {
    pub(crate) const fn must(self, must: Must) -> Self {
        Self { must, ..self }
    }

    pub(crate) const fn also(self, also: fn(&Seen) -> Option<Verdict>) -> Self {
        Self { also, is_twin: false, ..self }
    }

    /// Whether nothing in it is to be refused.
    pub(crate) fn is_welcome(&self) -> bool {
        self.must == Must::SignIn
    }

    /// What came of it, unless everything went as it must.
    pub(crate) fn judge(&self, seen: &Seen) -> Option<Verdict> {
        let failed = |reason: &str| Some(Verdict::Failed(reason.to_owned()));
        if self.must == Must::RefuseUserInfo && !seen.asked_for_user_info() {
            return Some(Verdict::NotSupported(NO_USER_INFO.to_owned()));
        }
        match self.must {
            Must::SignIn | Must::SignInOrRefuse if seen.signed_in() => {}
            Must::SignIn => return Some(Verdict::Failed(seen.nobody())),
            _ if seen.signed_in() => return failed("somebody is signed in"),
            _ if seen.told.is_none() => {
                return failed("nobody is signed in, and nobody was told why");
            }
            Must::RefuseIdToken if !seen.asked_for_tokens() => {
                return failed("no token request came, so that the ID token was never seen");
            }
            Must::RefuseIdToken if seen.asked_for_user_info() => {
                return failed("a UserInfo request followed");
            }
            Must::RefuseCallback if seen.asked_for_tokens() => {
                return failed("a token request followed");
            }
            Must::RefuseMetadata if seen.was_asked_to_authorize() => {
                return failed("an authorization request followed");
            }
            Must::RefuseIdToken
            | Must::RefuseUserInfo
            | Must::RefuseCallback
            | Must::RefuseMetadata
            | Must::SignInOrRefuse => {}
        }
        (self.also)(seen)
    }
}
