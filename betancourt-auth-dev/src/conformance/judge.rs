//! Whether the relying party did in a scene what it must.

use crate::conformance::report::Verdict;
use crate::conformance::scene::{Must, Scene};
use crate::conformance::seen::{Endpoint, Seen};

/// Why a module about UserInfo shows nothing.
pub(crate) const NO_USER_INFO: &str = "nobody asks for UserInfo here: the ID token says it all";

/// Why a module about signing out at the provider shows nothing.
const NO_SIGN_OUT: &str = "whoever signs out here is not sent to the provider";

impl Scene {
    /// What came of it, unless everything went as it must.
    pub(crate) fn judge(&self, seen: &Seen) -> Option<Verdict> {
        let verdict = match self.must {
            Must::SignIn => (!seen.signed_in()).then(|| Verdict::Failed(seen.nobody())),
            Must::SignInOrRefuse if seen.signed_in() => None,
            Must::SignInOrRefuse => untold(seen),
            Must::RefuseIdToken
            | Must::RefuseUserInfo
            | Must::RefuseCallback
            | Must::RefuseMetadata => self.judge_refusal(seen),
            Must::SignOut | Must::BeSignedOut | Must::StaySignedIn => self.judge_leaving(seen),
        };
        verdict.or_else(|| (self.also)(seen))
    }

    fn judge_refusal(&self, seen: &Seen) -> Option<Verdict> {
        if self.must == Must::RefuseUserInfo && !seen.asked_for_user_info() {
            return Some(Verdict::NotSupported(NO_USER_INFO.to_owned()));
        }
        if seen.signed_in() {
            return failed("somebody is signed in");
        }
        if self.must == Must::RefuseIdToken && !seen.asked_for_tokens() {
            return failed("no token request came, so that the ID token was never seen");
        }
        let went_on = match self.must {
            Must::RefuseIdToken if seen.asked_for_user_info() => Some("a UserInfo request"),
            Must::RefuseCallback if seen.asked_for_tokens() => Some("a token request"),
            Must::RefuseMetadata if seen.was_asked_to_authorize() => {
                Some("an authorization request")
            }
            _ => None,
        };
        went_on.map_or_else(
            || untold(seen),
            |request| Some(Verdict::Failed(format!("{request} followed"))),
        )
    }

    fn judge_leaving(&self, seen: &Seen) -> Option<Verdict> {
        if !seen.was_signed_in {
            return Some(Verdict::Failed(seen.nobody()));
        }
        match (self.must, seen.signed_in()) {
            (Must::StaySignedIn, true) => return None,
            (Must::StaySignedIn, false) => {
                return failed("somebody else's word signed the person out");
            }
            (_, true) => return failed("the person is still signed in"),
            (_, false) => {}
        }
        if self.must == Must::BeSignedOut {
            return None;
        }
        if seen.at(Endpoint::EndSession).next().is_none() {
            return Some(Verdict::NotSupported(NO_SIGN_OUT.to_owned()));
        }
        if !seen.is_back {
            return failed("the person did not come back");
        }
        let told = seen.told.as_ref()?;
        Some(Verdict::Failed(format!("something went wrong: {told}")))
    }
}

pub(crate) fn failed(reason: &str) -> Option<Verdict> {
    Some(Verdict::Failed(reason.to_owned()))
}

/// Nobody is signed in, which people must be told.
fn untold(seen: &Seen) -> Option<Verdict> {
    let told = seen.told.is_some();
    if told { None } else { failed("nobody is signed in, and nobody was told why") }
}
