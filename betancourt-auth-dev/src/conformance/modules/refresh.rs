//! Refresh tokens, and the ID tokens that come of them (OpenID Connect Core §12.2).

use crate::conformance::act::{Act, HONEST};
use crate::conformance::members::set;
use crate::conformance::module::{MODULE, Module, Needs};
use crate::conformance::plan::Plan::Refresh;
use crate::conformance::report::Verdict;
use crate::conformance::scene::{ELSEWHERE, Scene, accesses};
use crate::conformance::seen::{Endpoint, Seen};

/// A refresh with nothing wrong.
const REFRESHES: Scene = accesses(Act { refresh: Some(|_| {}), ..HONEST }).also(has_the_new_token);

pub(crate) const REFRESH: &[Module] = &[
    Module {
        name: "oidcc-client-test-refresh-token",
        plans: &[Refresh],
        about: "a token that is about to end is refreshed",
        scenes: &[REFRESHES],
        needs: Needs::AccessPage,
        ..MODULE
    },
    Module {
        name: "oidcc-client-test-refresh-token-invalid-issuer",
        plans: &[Refresh],
        about: "the ID token of a refresh is of another issuer",
        scenes: &[
            REFRESHES,
            accesses(Act {
                refresh: Some(|token| set(&mut token.claims, "iss", ELSEWHERE)),
                ..HONEST
            })
            .also(has_no_new_token),
        ],
        needs: Needs::AccessPage,
        ..MODULE
    },
    Module {
        name: "oidcc-client-test-refresh-token-invalid-sub",
        plans: &[Refresh],
        about: "the ID token of a refresh is somebody else's",
        scenes: &[
            REFRESHES,
            accesses(Act {
                refresh: Some(|token| set(&mut token.claims, "sub", "somebody else")),
                ..HONEST
            })
            .also(has_no_new_token),
        ],
        needs: Needs::AccessPage,
        ..MODULE
    },
];

fn failed(reason: String) -> Option<Verdict> {
    Some(Verdict::Failed(reason))
}

/// A refresh was asked for, and the page has what came of it.
fn has_the_new_token(seen: &Seen) -> Option<Verdict> {
    if !asked_to_refresh(seen) {
        return failed("no refresh was asked for".to_owned());
    }
    let (status, shown) = seen.access.as_ref()?;
    let newest = seen.latest_access_token.as_deref()?;
    let fresh = status.is_success() && shown.contains(newest);
    if fresh { None } else { failed(format!("the page has no fresh token: {status}")) }
}

/// A refresh was asked for, and nobody got what came of it.
fn has_no_new_token(seen: &Seen) -> Option<Verdict> {
    if !asked_to_refresh(seen) {
        return failed("no refresh was asked for".to_owned());
    }
    let (status, shown) = seen.access.as_ref()?;
    let newest = seen.latest_access_token.as_deref()?;
    let taken = status.is_success() || shown.contains(newest);
    if taken { failed(format!("the token counts: {status}")) } else { None }
}

fn asked_to_refresh(seen: &Seen) -> bool {
    seen.at(Endpoint::Token).any(|asked| asked.value("grant_type") == Some("refresh_token"))
}
