//! Modules of the implicit and hybrid flows, whose tokens come through the browser. No such token is ever read here, and
//! that is what their scenes show.

use crate::conformance::act::{Act, HONEST, Reply};
use crate::conformance::members::{remove, set};
use crate::conformance::module::{MODULE, Module, Outcome};
use crate::conformance::plan::Plan::{Full, ImplicitAndHybrid};
use crate::conformance::scene::{HONESTLY, Must, Scene, signs_in};

/// Somebody comes back with tokens instead of a code.
const TOKENS: Act = Act { reply: Reply::Tokens, ..HONEST };

pub(crate) const FRONT_CHANNEL: &[Module] = &[
    Module {
        name: "oidcc-client-test-missing-athash",
        plans: &[ImplicitAndHybrid, Full],
        about: "an ID token in the front channel has no at_hash",
        scenes: &[
            HONESTLY,
            comes_back(Act { id_token: |token| remove(&mut token.claims, "at_hash"), ..TOKENS }),
        ],
        outcome: Outcome::NotSupported(
            "implicit and hybrid flows: tokens in the front channel are never read, nor was this one",
        ),
        ..MODULE
    },
    Module {
        name: "oidcc-client-test-invalid-chash",
        plans: &[ImplicitAndHybrid, Full],
        about: "an ID token in the front channel has the c_hash of another code",
        scenes: &[
            HONESTLY,
            comes_back(Act {
                id_token: |token| set(&mut token.claims, "c_hash", "AAAAAAAAAAAAAAAAAAAAAA"),
                ..TOKENS
            }),
        ],
        outcome: Outcome::NotSupported(
            "hybrid flows: tokens in the front channel are never read, nor was this one",
        ),
        ..MODULE
    },
    Module {
        name: "oidcc-client-test-missing-chash",
        plans: &[ImplicitAndHybrid, Full],
        about: "an ID token in the front channel has no c_hash",
        scenes: &[HONESTLY, comes_back(TOKENS)],
        outcome: Outcome::NotSupported(
            "hybrid flows: tokens in the front channel are never read, nor was this one",
        ),
        ..MODULE
    },
];

/// Whoever comes back without a code is not signed in.
const fn comes_back(act: Act) -> Scene {
    signs_in(act).must(Must::RefuseCallback)
}
