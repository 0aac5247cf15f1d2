//! Signing out: at the app and then at the provider, or at the provider, which tells the app.
//!
//! In the suite the back channel is played while somebody signs out at the app, whose session has ended before the token
//! comes. So each module first plays it on somebody who is signed in, where a token that counts shows.

use serde_json::json;

use crate::conformance::act::{Act, Frame, HONEST, StateAfterwards};
use crate::conformance::judge::failed;
use crate::conformance::members::{remove, set};
use crate::conformance::module::{MODULE, Module};
use crate::conformance::plan::Plan::{BackChannelLogout, FrontChannelLogout, RpInitiatedLogout};
use crate::conformance::report::Verdict;
use crate::conformance::scene::{ELSEWHERE, Must, Play, Scene, signs_in, signs_out};
use crate::conformance::seen::{Endpoint, Framed, Seen};
use crate::signing::id_token::{IdToken, Signature};

/// The app's server is told, as it should be.
const TELLS: Act = Act { logout_token: Some(|_| {}), ..HONEST };

/// Somebody signs out at the provider, and the app's server is told.
const BY_SERVER: Scene =
    signs_in(TELLS).play(Play::SignOutByServer).must(Must::BeSignedOut).also(was_taken);

/// The same beside a token that must be refused.
const BY_GOOD_TOKEN: Scene = Scene { is_twin: true, ..BY_SERVER };

/// Somebody signs out at the provider, and the app is told in a frame.
const IN_FRAME: Scene = signs_in(Act { frame: Some(Frame::Ours), ..HONEST })
    .play(Play::SignOutInFrame)
    .must(Must::BeSignedOut)
    .also(was_shown);

pub(crate) const LOGOUT: &[Module] = &[
    Module {
        name: "oidcc-client-test-rp-init-logout",
        plans: &[RpInitiatedLogout],
        about: "whoever signs out is sent to the provider, and comes back",
        scenes: &[signs_out(TELLS).also(asked_by_the_book)],
        ..MODULE
    },
    Module {
        name: "oidcc-client-test-rp-init-logout-other-state",
        plans: &[RpInitiatedLogout],
        about: "whoever signs out comes back with another state",
        scenes: &[signs_out(Act { state_afterwards: StateAfterwards::Another, ..TELLS })
            .also(asked_by_the_book)],
        ..MODULE
    },
    Module {
        name: "oidcc-client-test-rp-init-logout-no-state",
        plans: &[RpInitiatedLogout],
        about: "whoever signs out comes back without a state",
        scenes: &[signs_out(Act { state_afterwards: StateAfterwards::None, ..TELLS })
            .also(asked_by_the_book)],
        ..MODULE
    },
    Module {
        name: "oidcc-client-test-rp-backchannel-rpinitlogout",
        plans: &[BackChannelLogout],
        about: "the app's server is told by a logout token",
        scenes: &[BY_SERVER, signs_out(TELLS).also(was_taken)],
        ..MODULE
    },
    Module {
        name: "oidcc-client-test-rp-backchannel-rpinitlogout-alg-none",
        plans: &[BackChannelLogout],
        about: "the logout token is not signed",
        scenes: &[BY_GOOD_TOKEN, refuses(unsigned), leaves_with_refused(unsigned)],
        ..MODULE
    },
    Module {
        name: "oidcc-client-test-rp-backchannel-rpinitlogout-wrong-alg",
        plans: &[BackChannelLogout],
        about: "the logout token is signed with HS256, and our public key",
        scenes: &[
            BY_GOOD_TOKEN,
            refuses(signed_with_the_public_key),
            leaves_with_refused(signed_with_the_public_key),
        ],
        ..MODULE
    },
    Module {
        name: "oidcc-client-test-rp-backchannel-rpinitlogout-wrong-iss",
        plans: &[BackChannelLogout],
        about: "the logout token is of another issuer",
        scenes: &[
            BY_GOOD_TOKEN,
            refuses(of_another_issuer),
            leaves_with_refused(of_another_issuer),
        ],
        ..MODULE
    },
    Module {
        name: "oidcc-client-test-rp-backchannel-rpinitlogout-wrong-aud",
        plans: &[BackChannelLogout],
        about: "the logout token is for another client",
        scenes: &[
            BY_GOOD_TOKEN,
            refuses(for_another_client),
            leaves_with_refused(for_another_client),
        ],
        ..MODULE
    },
    Module {
        name: "oidcc-client-test-rp-backchannel-rpinitlogout-no-event",
        plans: &[BackChannelLogout],
        about: "the logout token is about nothing",
        scenes: &[BY_GOOD_TOKEN, refuses(about_nothing), leaves_with_refused(about_nothing)],
        ..MODULE
    },
    Module {
        name: "oidcc-client-test-rp-backchannel-rpinitlogout-wrong-event",
        plans: &[BackChannelLogout],
        about: "the logout token is about something else",
        scenes: &[
            BY_GOOD_TOKEN,
            refuses(about_something_else),
            leaves_with_refused(about_something_else),
        ],
        ..MODULE
    },
    Module {
        name: "oidcc-client-test-rp-backchannel-rpinitlogout-with-nonce",
        plans: &[BackChannelLogout],
        about: "the logout token has a nonce, as ID tokens have",
        scenes: &[BY_GOOD_TOKEN, refuses(with_a_nonce), leaves_with_refused(with_a_nonce)],
        ..MODULE
    },
    Module {
        name: "oidcc-client-test-rp-frontchannel-rpinitlogout",
        plans: &[FrontChannelLogout],
        about: "whoever signs out at the app is sent to the provider, which tells the app in a frame",
        scenes: &[signs_out(Act { frame: Some(Frame::Ours), ..HONEST }).also(was_shown)],
        ..MODULE
    },
    Module {
        name: "oidcc-client-test-rp-frontchannel-opinitlogout",
        plans: &[FrontChannelLogout],
        about: "whoever signs out at the provider is signed out of the app by a frame, and only by that of its issuer",
        scenes: &[
            IN_FRAME,
            signs_in(Act { frame: Some(Frame::OfAnother), ..HONEST })
                .play(Play::SignOutInFrame)
                .must(Must::StaySignedIn),
        ],
        ..MODULE
    },
];

/// Nobody is signed out by that token.
const fn refuses(change: fn(&mut IdToken)) -> Scene {
    signs_in(Act { logout_token: Some(change), ..HONEST })
        .play(Play::SignOutByServer)
        .must(Must::StaySignedIn)
        .also(was_refused)
}

/// Whoever signs out at the app does so, whatever the provider tells its server.
const fn leaves_with_refused(change: fn(&mut IdToken)) -> Scene {
    signs_out(Act { logout_token: Some(change), ..HONEST }).also(was_refused)
}

fn unsigned(token: &mut IdToken) {
    set(&mut token.header, "alg", "none");
    token.signature = Signature::Absent;
}

/// For whoever takes a public key for the key of an HMAC (RFC 8725 §2.1).
fn signed_with_the_public_key(token: &mut IdToken) {
    set(&mut token.header, "alg", "HS256");
    token.signature = Signature::Hmac(token.public_key_pem().into_bytes());
}

fn of_another_issuer(token: &mut IdToken) {
    set(&mut token.claims, "iss", ELSEWHERE);
}

fn for_another_client(token: &mut IdToken) {
    set(&mut token.claims, "aud", "another client");
}

fn about_nothing(token: &mut IdToken) {
    remove(&mut token.claims, "events");
}

fn about_something_else(token: &mut IdToken) {
    set(&mut token.claims, "events", json!({ "https://elsewhere.example/event": {} }));
}

fn with_a_nonce(token: &mut IdToken) {
    set(&mut token.claims, "nonce", "a nonce");
}

/// With the ID token of that session, and a state.
fn asked_by_the_book(seen: &Seen) -> Option<Verdict> {
    let asked = seen.at(Endpoint::EndSession).last()?;
    if asked.value("id_token_hint") != seen.latest_id_token.as_deref() {
        return failed("id_token_hint is not the ID token of the session");
    }
    if asked.value("state").is_none() { failed("no state was sent") } else { None }
}

fn was_taken(seen: &Seen) -> Option<Verdict> {
    answered(seen, 200)
}

fn was_refused(seen: &Seen) -> Option<Verdict> {
    answered(seen, 400)
}

/// The two answers that OpenID Connect Back-Channel Logout §2.8 has.
fn answered(seen: &Seen, expected: u16) -> Option<Verdict> {
    let Some(status) = seen.logout_answer else {
        return failed("the app's server was told nothing");
    };
    let right = status.as_u16() == expected;
    (!right).then(|| Verdict::Failed(format!("the logout token was answered with {status}")))
}

fn was_shown(seen: &Seen) -> Option<Verdict> {
    let shown = seen.frame == Some(Framed::Shown);
    if shown { None } else { failed("the page of the app cannot be shown in a frame") }
}
