//! Metadata, keys that change, and what some providers offer beside.

use serde_json::{Value, json};

use crate::conformance::act::{Act, HONEST, Rotation};
use crate::conformance::judge::failed;
use crate::conformance::members::set;
use crate::conformance::module::{MODULE, Module, Needs, Outcome};
use crate::conformance::plan::Plan::{Config, Dynamic, Full, SessionManagement};
use crate::conformance::report::Verdict;
use crate::conformance::scene::{ELSEWHERE, HONESTLY, Must, signs_in};
use crate::conformance::seen::{Endpoint, Seen};

pub(crate) const DISCOVERY: &[Module] = &[
    Module {
        name: "oidcc-client-test-discovery-openid-config",
        plans: &[Config, Full],
        about: "the metadata is asked for, and used",
        scenes: &[HONESTLY.also(read_the_metadata)],
        needs: Needs::ColdCache,
        ..MODULE
    },
    Module {
        name: "oidcc-client-test-discovery-jwks-uri-keys",
        plans: &[Config, Full],
        about: "the keys are where only the metadata says",
        scenes: &[HONESTLY.also(read_the_keys)],
        needs: Needs::ColdCache,
        ..MODULE
    },
    Module {
        name: "oidcc-client-test-discovery-issuer-mismatch",
        plans: &[Config, Full],
        about: "the metadata is of another issuer",
        scenes: &[signs_in(Act {
            metadata: |metadata| set(metadata, "issuer", ELSEWHERE),
            ..HONEST
        })
        .must(Must::RefuseMetadata)
        .also(read_the_metadata)],
        needs: Needs::ColdCache,
        ..MODULE
    },
    Module {
        name: "oidcc-client-test-signing-key-rotation",
        plans: &[Config, Full],
        about: "the key changes between two sign-ins",
        scenes: &[
            HONESTLY,
            signs_in(Act { rotation: Rotation::BeforeAuthorization, ..HONEST }).also(read_the_keys),
        ],
        ..MODULE
    },
    Module {
        name: "oidcc-client-test-signing-key-rotation-just-before-signing",
        plans: &[Config, Full],
        about: "the key changes just before it signs",
        scenes: &[
            HONESTLY,
            signs_in(Act { rotation: Rotation::BeforeSigning, ..HONEST }).also(read_the_keys),
        ],
        needs: Needs::ColdCache,
        ..MODULE
    },
    Module {
        name: "oidcc-client-test-mtls-endpoint-aliases",
        about: "the metadata has other endpoints for mutual TLS",
        scenes: &[signs_in(Act {
            metadata: |metadata| {
                let token = at(metadata, "/mtls/token");
                set(metadata, "mtls_endpoint_aliases", json!({ "token_endpoint": token }));
            },
            ..HONEST
        })
        .also(left_it_alone)],
        outcome: Outcome::NotSupported(
            "client authentication by mutual TLS: the endpoints for it were left alone",
        ),
        needs: Needs::ColdCache,
        ..MODULE
    },
    Module {
        name: "oidcc-client-test-dynamic-registration",
        plans: &[Dynamic, Full],
        about: "the metadata has a registration endpoint",
        scenes: &[signs_in(Act {
            metadata: |metadata| {
                let register = at(metadata, "/register");
                set(metadata, "registration_endpoint", register);
            },
            ..HONEST
        })
        .also(left_it_alone)],
        outcome: Outcome::NotSupported(
            "dynamic registration: providers are registered with before, and the endpoint was left alone",
        ),
        needs: Needs::ColdCache,
        ..MODULE
    },
    Module {
        name: "oidcc-client-test-request-uri-signed-rs256",
        plans: &[Dynamic, Full],
        about: "a signed request object is asked for by reference",
        outcome: Outcome::NotSupported(
            "request objects by reference: PAR (RFC 9126) took their place",
        ),
        ..MODULE
    },
    Module {
        name: "oidcc-client-test-request-uri-signed-none",
        plans: &[Dynamic, Full],
        about: "an unsigned request object is asked for by reference",
        outcome: Outcome::NotSupported(
            "request objects by reference: PAR (RFC 9126) took their place",
        ),
        ..MODULE
    },
    Module {
        name: "oidcc-client-test-discovery-webfinger-acct",
        plans: &[Dynamic, Full],
        about: "the issuer is found by an account (WebFinger)",
        outcome: Outcome::NotSupported(
            "WebFinger: issuers are configured, people do not choose them",
        ),
        ..MODULE
    },
    Module {
        name: "oidcc-client-test-discovery-webfinger-url",
        plans: &[Dynamic, Full],
        about: "the issuer is found by an address (WebFinger)",
        outcome: Outcome::NotSupported(
            "WebFinger: issuers are configured, people do not choose them",
        ),
        ..MODULE
    },
    Module {
        name: "oidcc-client-test-session-management",
        plans: &[SessionManagement],
        about: "a frame notices that the session at the provider has ended",
        outcome: Outcome::NotSupported(
            "session management by frames: browsers keep third-party cookies from them",
        ),
        ..MODULE
    },
];

/// An address below the issuer of the metadata.
fn at(metadata: &Value, path: &str) -> Value {
    let issuer = metadata.get("issuer").and_then(Value::as_str).unwrap_or_default();
    format!("{issuer}{path}").into()
}

fn read_the_metadata(seen: &Seen) -> Option<Verdict> {
    let read = seen.at(Endpoint::Discovery).next().is_some();
    if read { None } else { failed("the metadata was not asked for") }
}

fn read_the_keys(seen: &Seen) -> Option<Verdict> {
    let read = seen.at(Endpoint::Keys).next().is_some();
    if read { None } else { failed("the keys were not asked for") }
}

fn left_it_alone(seen: &Seen) -> Option<Verdict> {
    let asked = seen.at(Endpoint::Elsewhere).next();
    if asked.is_none() { None } else { failed("what is not supported was asked for all the same") }
}
