//! What the relying party sends when everything is well, and what it does with an error.

use crate::callback::ResponseMode;
use crate::conformance::act::{Act, HONEST, Reply};
use crate::conformance::judge::failed;
use crate::conformance::module::{BOTH_MODES, MODULE, Module};
use crate::conformance::plan::Plan::{Basic, Full, ThirdPartyInitiated};
use crate::conformance::report::Verdict;
use crate::conformance::scene::{HONESTLY, Must, Play, signs_in};
use crate::conformance::seen::{Endpoint, Seen};

pub(crate) const CLIENT: &[Module] = &[
    Module {
        name: "oidcc-client-test",
        plans: &[Basic, Full],
        response_modes: BOTH_MODES,
        about: "everything is as it should be",
        scenes: &[HONESTLY.also(asks_by_the_book)],
        ..MODULE
    },
    Module {
        name: "oidcc-client-test-nonce-unless-code-flow",
        about: "a nonce is asked for, though the code flow needs none",
        scenes: &[HONESTLY.also(sends_a_nonce)],
        ..MODULE
    },
    Module {
        name: "oidcc-client-test-client-secret-basic",
        plans: &[Basic, Full],
        response_modes: BOTH_MODES,
        about: "the client proves itself by client_secret_basic",
        scenes: &[HONESTLY.also(proves_itself_by_basic)],
        ..MODULE
    },
    Module {
        name: "oidcc-client-test-form-post-error",
        response_modes: &[ResponseMode::FormPost],
        about: "the answer is the error login_required, by form_post",
        scenes: &[
            HONESTLY,
            signs_in(Act { reply: Reply::Error("login_required"), ..HONEST })
                .must(Must::RefuseCallback),
        ],
        ..MODULE
    },
    Module {
        name: "oidcc-client-test-3rd-party-init-login",
        plans: &[ThirdPartyInitiated],
        about: "somebody else sends the person to the app, to sign in",
        scenes: &[HONESTLY.play(Play::ComeFromElsewhere).also(sends_a_nonce)],
        ..MODULE
    },
];

/// Scope `openid`, a state, and an access token that never stands in an address.
fn asks_by_the_book(seen: &Seen) -> Option<Verdict> {
    let asked = seen.at(Endpoint::Authorization).last()?;
    let scope = asked.value("scope").unwrap_or_default();
    if !scope.split_whitespace().any(|scope| scope == "openid") {
        return failed("the scope lacks openid");
    }
    if asked.value("state").is_none() {
        return failed("no state was sent");
    }
    let in_address = |name: &str| seen.visits.iter().any(|visit| visit.queries(name));
    if in_address("access_token") || in_address("client_secret") {
        return failed("a token or a secret stands in an address");
    }
    None
}

fn sends_a_nonce(seen: &Seen) -> Option<Verdict> {
    let asked = seen.at(Endpoint::Authorization).last()?;
    if asked.value("nonce").is_none() { failed("no nonce was sent") } else { None }
}

fn proves_itself_by_basic(seen: &Seen) -> Option<Verdict> {
    let asked = seen.at(Endpoint::Token).last()?;
    match (asked.authorization("Basic").is_some(), asked.value("client_secret").is_some()) {
        (true, false) => None,
        (true, true) => failed("the secret stands in the body, too"),
        (false, _) => {
            let reason = "this client proves itself in another way";
            Some(Verdict::NotSupported(reason.to_owned()))
        }
    }
}
