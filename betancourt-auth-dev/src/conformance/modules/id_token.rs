//! ID tokens that say something wrong, or too little (OpenID Connect Core §3.1.3.7).

use crate::conformance::act::{Act, HONEST};
use crate::conformance::members::{remove, set};
use crate::conformance::module::{BOTH_MODES, MODULE, Module};
use crate::conformance::plan::Plan::{Basic, Full, ImplicitAndHybrid};
use crate::conformance::scene::{ELSEWHERE, HONESTLY, refuses_id_token};

pub(crate) const ID_TOKEN: &[Module] = &[
    Module {
        name: "oidcc-client-test-nonce-invalid",
        plans: &[Basic, Full],
        response_modes: BOTH_MODES,
        about: "the ID token has another nonce",
        scenes: &[
            HONESTLY,
            refuses_id_token(Act {
                id_token: |token| set(&mut token.claims, "nonce", "of another attempt"),
                ..HONEST
            }),
        ],
        ..MODULE
    },
    Module {
        name: "oidcc-client-test-invalid-iss",
        plans: &[Basic, Full],
        response_modes: BOTH_MODES,
        about: "the ID token is of another issuer",
        scenes: &[
            HONESTLY,
            refuses_id_token(Act {
                id_token: |token| set(&mut token.claims, "iss", ELSEWHERE),
                ..HONEST
            }),
        ],
        ..MODULE
    },
    Module {
        name: "oidcc-client-test-missing-sub",
        plans: &[Basic, Full],
        response_modes: BOTH_MODES,
        about: "the ID token names nobody",
        scenes: &[
            HONESTLY,
            refuses_id_token(Act { id_token: |token| remove(&mut token.claims, "sub"), ..HONEST }),
        ],
        ..MODULE
    },
    Module {
        name: "oidcc-client-test-missing-aud",
        about: "the ID token is for nobody",
        scenes: &[
            HONESTLY,
            refuses_id_token(Act { id_token: |token| remove(&mut token.claims, "aud"), ..HONEST }),
        ],
        ..MODULE
    },
    Module {
        name: "oidcc-client-test-invalid-aud",
        plans: &[Basic, Full],
        response_modes: BOTH_MODES,
        about: "the ID token is for another client",
        scenes: &[
            HONESTLY,
            refuses_id_token(Act {
                id_token: |token| set(&mut token.claims, "aud", "another client"),
                ..HONEST
            }),
        ],
        ..MODULE
    },
    Module {
        name: "oidcc-client-test-missing-iat",
        plans: &[Basic, Full],
        response_modes: BOTH_MODES,
        about: "the ID token does not say when it was issued",
        scenes: &[
            HONESTLY,
            refuses_id_token(Act { id_token: |token| remove(&mut token.claims, "iat"), ..HONEST }),
        ],
        ..MODULE
    },
    Module {
        name: "oidcc-client-test-invalid-athash",
        plans: &[ImplicitAndHybrid, Full],
        about: "at_hash is that of another access token, in the code flow",
        scenes: &[
            HONESTLY,
            refuses_id_token(Act {
                id_token: |token| set(&mut token.claims, "at_hash", "AAAAAAAAAAAAAAAAAAAAAA"),
                ..HONEST
            }),
        ],
        ..MODULE
    },
];
