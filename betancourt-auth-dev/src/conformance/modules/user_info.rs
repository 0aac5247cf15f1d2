//! The UserInfo endpoint (OpenID Connect Core §5.3), and claims that come from elsewhere (§5.6.2).

use serde_json::json;

use crate::conformance::act::{Act, Claims, HONEST};
use crate::conformance::judge::NO_USER_INFO;
use crate::conformance::module::{BOTH_MODES, MODULE, Module, Outcome};
use crate::conformance::plan::Plan::{Basic, Full};
use crate::conformance::report::Verdict;
use crate::conformance::scene::{HONESTLY, Must, signs_in};
use crate::conformance::seen::{Endpoint, Seen, Visit};
use crate::signing::id_token::Signature;

const IN_USER_INFO: Act = Act { claims: Claims::InUserInfo, ..HONEST };
const SIGNED: Act = Act { signed_user_info: Some(|_| {}), ..IN_USER_INFO };

pub(crate) const USER_INFO: &[Module] = &[
    Module {
        name: "oidcc-client-test-userinfo-bearer-header",
        plans: &[Basic, Full],
        response_modes: BOTH_MODES,
        about: "the access token comes in the header, and nowhere else",
        scenes: &[HONESTLY.also(came_in_the_header)],
        ..MODULE
    },
    Module {
        name: "oidcc-client-test-userinfo-bearer-body",
        plans: &[Basic, Full],
        response_modes: BOTH_MODES,
        about: "the access token comes in the body, an alternative to the header",
        scenes: &[HONESTLY.also(came_in_the_body)],
        ..MODULE
    },
    Module {
        name: "oidcc-client-test-userinfo-invalid-sub",
        plans: &[Basic, Full],
        response_modes: BOTH_MODES,
        about: "UserInfo is about somebody else",
        scenes: &[
            HONESTLY,
            signs_in(Act {
                user_info: |person, _| {
                    person.insert("sub".to_owned(), "somebody else".into());
                },
                ..IN_USER_INFO
            })
            .must(Must::RefuseUserInfo),
        ],
        ..MODULE
    },
    Module {
        name: "oidcc-client-test-userinfo-signed",
        about: "UserInfo is signed, and counts only with a good signature",
        scenes: &[
            signs_in(SIGNED).also(knows_the_person),
            signs_in(Act {
                signed_user_info: Some(|token| token.signature = Signature::Broken),
                ..SIGNED
            })
            .must(Must::RefuseUserInfo),
        ],
        ..MODULE
    },
    Module {
        name: "oidcc-client-test-scope-userinfo-claims",
        plans: &[Basic, Full],
        response_modes: BOTH_MODES,
        about: "what the scopes ask for stands in UserInfo alone",
        scenes: &[signs_in(IN_USER_INFO).also(knows_the_person)],
        ..MODULE
    },
    Module {
        name: "oidcc-client-test-aggregated-claims",
        about: "some claims stand in a token of somebody else's, inside UserInfo",
        scenes: &[signs_in(Act {
            user_info: |person, _| {
                let names = json!({ "address": "src1", "phone_number": "src1" });
                person.insert("_claim_names".to_owned(), names);
                let source = json!({ "src1": { "JWT": AGGREGATED } });
                person.insert("_claim_sources".to_owned(), source);
            },
            ..IN_USER_INFO
        })
        .also(knows_the_person)],
        ..MODULE
    },
    Module {
        name: "oidcc-client-test-distributed-claims",
        about: "some claims stand at an address that UserInfo names",
        scenes: &[signs_in(Act {
            user_info: |person, issuer| {
                let names = json!({ "credit_score": "src1" });
                person.insert("_claim_names".to_owned(), names);
                let source = json!({ "src1": { "endpoint": format!("{issuer}/claims") } });
                person.insert("_claim_sources".to_owned(), source);
            },
            ..IN_USER_INFO
        })
        .also(left_them_there)],
        outcome: Outcome::NotSupported(
            "distributed claims: what an answer names is not fetched, and the rest counts",
        ),
        ..MODULE
    },
];

/// A token with `alg` none: whose claims they are, nobody can tell, and nobody has to.
const AGGREGATED: &str = "eyJhbGciOiJub25lIn0.eyJhZGRyZXNzIjp7ImNvdW50cnkiOiJDTyJ9fQ.";

/// What a check of UserInfo requests finds, of those that came.
fn of_user_info(seen: &Seen, check: fn(&Visit) -> Option<Verdict>) -> Option<Verdict> {
    match seen.at(Endpoint::UserInfo).last() {
        Some(asked) => check(asked),
        None => Some(Verdict::NotSupported(NO_USER_INFO.to_owned())),
    }
}

fn came_in_the_header(seen: &Seen) -> Option<Verdict> {
    of_user_info(seen, |asked| {
        let elsewhere = asked.value("access_token").is_some();
        let alone = asked.authorization("Bearer").is_some() && !elsewhere;
        (!alone).then(|| Verdict::Failed("the token is not in the header alone".to_owned()))
    })
}

fn came_in_the_body(seen: &Seen) -> Option<Verdict> {
    of_user_info(seen, |asked| {
        let in_body = asked.value("access_token").is_some() && !asked.queries("access_token");
        let reason = "the token comes in the header, which every provider must take (RFC 6750 §2)";
        (!in_body).then(|| Verdict::NotSupported(reason.to_owned()))
    })
}

fn knows_the_person(seen: &Seen) -> Option<Verdict> {
    if seen.at(Endpoint::UserInfo).next().is_none() {
        return Some(Verdict::NotSupported(NO_USER_INFO.to_owned()));
    }
    let known = seen.knows_the_person();
    (!known).then(|| Verdict::Failed("the session does not know the person's name".to_owned()))
}

fn left_them_there(seen: &Seen) -> Option<Verdict> {
    let fetched = seen.at(Endpoint::Elsewhere).next().is_some();
    if fetched { Some(Verdict::Passed) } else { knows_the_person(seen) }
}
