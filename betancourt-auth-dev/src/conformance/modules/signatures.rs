//! How ID tokens are signed, and with which key.
//!
//! In the code flow the suite lets a relying party skip signatures, because the token came over TLS. Here it may not:
//! whoever runs a proxy in between could make tokens otherwise.

use betancourt_auth::provider::Algorithm;

use crate::conformance::act::{Act, HONEST, Keys};
use crate::conformance::members::set;
use crate::conformance::module::{BOTH_MODES, MODULE, Module, Needs};
use crate::conformance::plan::Plan::{Basic, Config, Full};
use crate::conformance::scene::{HONESTLY, Must, refuses_id_token, signs_in};
use crate::signing::id_token::Signature;

const ES256: Act = Act { algorithm: Algorithm::Es256, ..HONEST };
const HS256: Act = Act { algorithm: Algorithm::Hs256, ..HONEST };

pub(crate) const SIGNATURES: &[Module] = &[
    Module {
        name: "oidcc-client-test-idtoken-sig-rs256",
        plans: &[Basic, Full],
        response_modes: BOTH_MODES,
        about: "the ID token is signed with RS256",
        scenes: &[HONESTLY],
        ..MODULE
    },
    Module {
        name: "oidcc-client-test-idtoken-sig-none",
        plans: &[Basic, Config, Full],
        response_modes: BOTH_MODES,
        about: "the ID token is not signed, and must be refused (the suite calls that SKIPPED)",
        scenes: &[
            HONESTLY,
            refuses_id_token(Act {
                id_token: |token| {
                    set(&mut token.header, "alg", "none");
                    token.signature = Signature::Absent;
                },
                ..HONEST
            }),
        ],
        ..MODULE
    },
    Module {
        name: "oidcc-client-test-invalid-sig-rs256",
        plans: &[Basic, Full],
        response_modes: BOTH_MODES,
        about: "the RS256 signature is broken",
        scenes: &[
            HONESTLY,
            refuses_id_token(Act {
                id_token: |token| token.signature = Signature::Broken,
                ..HONEST
            }),
        ],
        ..MODULE
    },
    Module {
        name: "oidcc-client-test-invalid-sig-es256",
        about: "the ES256 signature is broken",
        scenes: &[
            signs_in(ES256),
            refuses_id_token(Act {
                id_token: |token| token.signature = Signature::Broken,
                ..ES256
            }),
        ],
        ..MODULE
    },
    Module {
        name: "oidcc-client-test-invalid-sig-hs256",
        about: "the HS256 signature is made with another secret",
        scenes: &[
            signs_in(HS256),
            refuses_id_token(Act {
                id_token: |token| token.signature = Signature::Hmac(b"another secret".to_vec()),
                ..HS256
            }),
        ],
        ..MODULE
    },
    Module {
        name: "oidcc-client-test-kid-absent-single-jwks",
        plans: &[Basic, Full],
        response_modes: BOTH_MODES,
        about: "the token names no key, and the key set has one that suits",
        scenes: &[signs_in(Act { keys: Keys::Nameless, ..HONEST })],
        ..MODULE
    },
    Module {
        name: "oidcc-client-test-kid-absent-multiple-jwks",
        plans: &[Basic, Full],
        response_modes: BOTH_MODES,
        about: "the token names no key, and the key set has two that suit: try both, or refuse",
        scenes: &[
            signs_in(Act { keys: Keys::SeveralNameless, ..HONEST }).must(Must::SignInOrRefuse)
        ],
        needs: Needs::ColdCache,
        ..MODULE
    },
];
