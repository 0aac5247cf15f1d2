//! Mutations of the checks on what a provider says: documents, keys, ID tokens, UserInfo.

use super::mutation::Mutation;

const DISCOVERY: &str = "betancourt-auth/src/client/discovery.rs";
const CLIENT: &str = "betancourt-auth/src/client/mod.rs";
const DOCUMENTS: &str = "betancourt-auth/src/documents.rs";
const HANDSHAKE: &str = "betancourt-auth/src/check/handshake.rs";
const ID_TOKEN: &str = "betancourt-auth/src/client/id_token.rs";
const JWKS: &str = "betancourt-auth/src/client/jwks.rs";
const JWS: &str = "betancourt-auth/src/client/jws.rs";
const PERSON: &str = "betancourt-auth/src/client/profile.rs";
const PROFILE: &str = "betancourt-auth/src/provider/profile.rs";
const REGISTRATIONS: &str = "betancourt-auth/src/config/registrations.rs";
const USER_INFO: &str = "betancourt-auth/src/client/user_info.rs";

/// The mutations of the group OIDC.
pub(crate) fn mutations() -> Vec<Mutation> {
    [documents(), claims(), times(), signatures(), keys(), kinds(), user_info(), demands()].concat()
}

fn documents() -> Vec<Mutation> {
    let another = "memory::oidc_01_a_document_of_another_issuer";
    let nowhere = "memory::oidc_02_endpoints_where_no_provider_is";
    vec![
        Mutation::new("OIDC-01", another, "any issuer may be named").edit(
            DISCOVERY,
            "if issuer != configured && !(",
            "if false && !(",
        ),
        Mutation::new("OIDC-01", another, "a document that was refused is kept").edit(
            CLIENT,
            "if read.is_err() {",
            "if false {",
        ),
        Mutation::new("OIDC-02", nowhere, "any port will do").edit(
            DISCOVERY,
            "\"https\" => port == Some(443) || port == own,\n        scheme => scheme == issuer.scheme() && port == own,",
            "_ => port == own || port != own,",
        ),
        Mutation::new("OIDC-02", nowhere, "an address may name a user").edit(
            REGISTRATIONS,
            "        names_nobody\n            && match",
            "        (names_nobody || true)\n            && match",
        ),
        Mutation::new("OIDC-02", nowhere, "production may be in clear").edit(
            REGISTRATIONS,
            "\"http\" => environment == Environment::Development && is_loopback(&url),",
            "\"http\" => is_loopback(&url) || environment == Environment::Development,",
        ),
    ]
}

fn claims() -> Vec<Mutation> {
    let subjects = "memory::oidc_10_subjects_that_are_none_or_look_alike";
    vec![
        Mutation::new(
            "OIDC-03",
            "memory::oidc_03_a_token_of_another_issuer",
            "the issuer is not compared",
        )
        .edit(
            ID_TOKEN,
            "let ours = issuer == expected.issuer || quirks.iter().any(spelled);",
            "let ours = true || quirks.iter().any(spelled);",
        ),
        Mutation::new(
            "OIDC-04",
            "memory::oidc_04_a_token_for_another_client",
            "the audience is not compared",
        )
        .edit(ID_TOKEN, "if ours && authorized {", "if (ours || true) && authorized {"),
        Mutation::new(
            "OIDC-05",
            "memory::oidc_05_a_token_for_us_and_for_somebody_else",
            "every other audience is trusted",
        )
        .edit(
            ID_TOKEN,
            "audiences.iter().any(is_us) && audiences.iter().all(admitted);",
            "audiences.iter().any(is_us) && audiences.iter().any(admitted);",
        ),
        Mutation::new("OIDC-10", subjects, "a subject need be no text").edit(
            ID_TOKEN,
            "        return Err(Claim::Subject.into());\n",
            "",
        ),
        Mutation::new("OIDC-10", subjects, "subjects are tidied, as addresses are").edit(
            PERSON,
            "        subject: profile.subject,",
            "        subject: profile.subject.trim().to_lowercase(),",
        ),
    ]
}

fn times() -> Vec<Mutation> {
    let ended = "memory::oidc_06_a_token_that_has_ended_or_a_clock_that_is_wrong";
    vec![
        Mutation::new("OIDC-06", ended, "a token has no end").edit(
            ID_TOKEN,
            "if expires.ok_or(Claim::Expiry)? <= now - skew || ",
            "if expires.ok_or(Claim::Expiry)? <= 0 || ",
        ),
        Mutation::new("OIDC-06", ended, "a token may be of the future").edit(
            ID_TOKEN,
            "if ahead(issued) || ",
            "if ",
        ),
        Mutation::new(
            "OIDC-07",
            "memory::oidc_07_times_that_are_none",
            "a time that is none counts as missing",
        )
        .edit(
            ID_TOKEN,
            "Some(value) => seconds(value).map(Some).ok_or(Claim::Malformed),",
            "Some(value) => Ok::<_, Claim>(seconds(value)),",
        ),
        Mutation::new(
            "OIDC-08",
            "memory::oidc_08_tokens_of_no_time_or_of_the_future",
            "a token may begin to count later",
        )
        .edit(
            ID_TOKEN,
            " || not_before.is_some_and(ahead) {",
            " || not_before.is_some_and(|_| false) {",
        ),
        Mutation::new(
            "OIDC-09",
            "memory::oidc_09_a_token_of_another_attempt",
            "the nonce is not compared",
        )
        .edit(ID_TOKEN, "secret::eq(nonce, ours)", "nonce.len() == str::len(ours)"),
    ]
}

fn signatures() -> Vec<Mutation> {
    let hmac = "memory::oidc_13_an_hmac_instead_of_a_signature";
    let curves = "memory::oidc_14_numbers_that_are_no_signature_on_a_curve";
    vec![
        Mutation::new(
            "OIDC-11",
            "memory::oidc_11_a_token_without_a_signature",
            "a token may say that nobody signed it",
        )
        .edit(
            JWS,
            "known.copied().ok_or(Fault::Algorithm)",
            "let none = named.filter(|named| named.eq_ignore_ascii_case(\"none\"));
        known.or(none.and(configured.first())).copied().ok_or(Fault::Algorithm)",
        )
        .edit(
            JWS,
            "        if algorithm == Algorithm::Hs256 {",
            "        if self.signature.is_empty() {
            return Ok(None);
        }
        if algorithm == Algorithm::Hs256 {",
        ),
        Mutation::new(
            "OIDC-12",
            "memory::oidc_12_a_broken_signature",
            "what came by a safe channel needs no signature",
        )
        .edit(JWS, "            None => Err(Fault::Signature),", "            None => Ok(None),"),
        Mutation::new("OIDC-13", hmac, "the token chooses the algorithm").edit(
            JWS,
            "configured.iter().find(|algorithm| algorithm.is_called(named))",
            "[Algorithm::Rs256, Algorithm::Hs256].iter().find(|algorithm| algorithm.is_called(named))",
        ),
        Mutation::new("OIDC-13", hmac, "both kinds of keys may count").edit(
            REGISTRATIONS,
            "if algorithms.contains(&Algorithm::Hs256)",
            "if false",
        ),
        Mutation::new("OIDC-14", curves, "zeros sign everything").edit(
            JWKS,
            "UnparsedPublicKey::new(curve.algorithm, point).verify(signed, signature).ok()",
            "let verified = UnparsedPublicKey::new(curve.algorithm, point).verify(signed, signature);
        verified.ok().or(signature.iter().all(|byte| *byte == 0).then_some(()))",
        ),
    ]
}

fn keys() -> Vec<Mutation> {
    let header = "memory::oidc_15_a_header_that_brings_its_own_key";
    let nameless = "memory::oidc_16_a_token_that_names_no_key";
    let rotation = "memory::oidc_17_keys_that_change_and_a_flood_of_names";
    vec![
        Mutation::new("OIDC-15", header, "a key in the header counts").edit(
            JWS,
            "        let candidates = jwks::candidates(keys, algorithm, self.key_id()?);",
            "        let offered = self.header.get(\"jwk\").map(|key| serde_json::json!({ \"keys\": [key] }));
        let keys: &'k Value = offered.map_or(keys, |offered| &*Box::leak(Box::new(offered)));
        let candidates = jwks::candidates(keys, algorithm, self.key_id()?);",
        ),
        Mutation::new("OIDC-15", header, "a key is good whatever it is called").edit(
            JWKS,
            "kid.is_none_or(|kid| key.get(\"kid\").is_some_and(|known| known == kid))",
            "kid.is_none_or(|kid| key.get(\"kid\").is_some_and(|known| known == kid) || true)",
        ),
        Mutation::new("OIDC-15", header, "a header may be as long as it likes")
            .edit(JWS, "const LONGEST_HEADER: usize = 4 * 1024;", "const LONGEST_HEADER: usize = 4 << 20;")
            .edit(JWS, "const LONGEST_TOKEN: usize = 64 * 1024;", "const LONGEST_TOKEN: usize = 4 << 20;"),
        Mutation::new("OIDC-16", nameless, "every key is tried").edit(
            JWKS,
            "const MOST_TRIED: usize = 4;",
            "const MOST_TRIED: usize = 4_000;",
        ),
        Mutation::new("OIDC-17", rotation, "a key that is not there is not looked for").edit(
            CLIENT,
            "Err(error) if error.is_stale() => ",
            "Err(error) if error.is_stale() && false => ",
        ),
        Mutation::new("OIDC-17", rotation, "whoever makes a name up makes us ask").edit(
            DOCUMENTS,
            "Demand::Newer => within(COOLDOWN, self.suspected_at, now),",
            "Demand::Newer => false,",
        ),
        Mutation::new(
            "OIDC-18",
            "memory::oidc_18_a_key_set_full_of_what_is_no_key",
            "a key set may be as large as it likes",
        )
        .edit(JWKS, "const LARGEST_SET: usize = 100;", "const LARGEST_SET: usize = 100_000;"),
    ]
}

fn kinds() -> Vec<Mutation> {
    let kinds = "memory::oidc_21_a_token_of_another_kind";
    vec![
        Mutation::new("OIDC-21", kinds, "any type of token is an ID token").edit(
            JWS,
            "let suits = self.header.get(\"typ\")",
            "let suits = true || self.header.get(\"typ\")",
        ),
        Mutation::new("OIDC-21", kinds, "a logout token is an ID token").edit(
            ID_TOKEN,
            "parts.claims().filter(|claims| !claims.contains_key(\"events\"))",
            "parts.claims()",
        ),
        Mutation::new(
            "OIDC-22",
            "memory::oidc_22_an_id_token_that_somebody_brings_along",
            "a token for another app is as good",
        )
        .edit(
            ID_TOKEN,
            "    if ours && authorized {",
            "    if ours && authorized || claims.contains_key(\"aud\") {",
        ),
    ]
}

fn user_info() -> Vec<Mutation> {
    let somebody_else = "memory::oidc_20_user_info_about_somebody_else";
    vec![
        Mutation::new(
            "OIDC-19",
            "memory::oidc_19_an_access_token_of_somebody_else",
            "any access token goes with any ID token",
        )
        .edit(ID_TOKEN, ".get(\"at_hash\")", ".get(\"hash_of_nobody\")"),
        Mutation::new("OIDC-20", somebody_else, "whom UserInfo is about does not matter").edit(
            USER_INFO,
            "more.get(\"sub\").is_some_and(|subject| claims.get(\"sub\") == Some(subject));",
            "more.get(\"sub\") != claims.get(\"nobody\");",
        ),
        Mutation::new("OIDC-20", somebody_else, "an agreed signature may be missing").edit(
            CLIENT,
            "None if registration.signed_user_info && ",
            "None if false && ",
        ),
        Mutation::new("OIDC-20", somebody_else, "a signature of UserInfo is not checked").edit(
            ID_TOKEN,
            "    let key_issuer = parts.check_signature(algorithm, expected.registration, keys)?;
    let claims",
            "    let key_issuer = parts.check_signature(algorithm, expected.registration, keys).unwrap_or(None);
    let claims",
        ),
        Mutation::new("OIDC-20", somebody_else, "for whom UserInfo is signed does not matter").edit(
            ID_TOKEN,
            "    if claims.contains_key(\"aud\") {",
            "    if false {",
        ),
        Mutation::new(
            "OIDC-24",
            "memory::oidc_24_an_address_that_is_nearly_verified",
            "whatever is not false is true",
        )
        .edit(PROFILE, "*said == Value::Bool(true) || ", "*said != Value::Bool(false) || "),
        Mutation::new(
            "OIDC-25",
            "memory::oidc_25_an_address_and_its_proof_in_two_documents",
            "the word for one address counts for another",
        )
        .edit(
            USER_INFO,
            "    other.retain(|name, _| !ADDRESS.contains(&name.as_str()));\n",
            "    other.retain(|name, _| !ADDRESS.contains(&name.as_str()) || true);\n",
        ),
    ]
}

fn demands() -> Vec<Mutation> {
    let weaker = "memory::oidc_23_a_sign_in_weaker_than_demanded";
    vec![
        Mutation::new("OIDC-23", weaker, "what was demanded is not compared").edit(
            ID_TOKEN,
            "    check_assurance(&claims, expected)?;\n",
            "",
        ),
        Mutation::new("OIDC-23", weaker, "what was demanded is forgotten on the way").edit(
            HANDSHAKE,
            "max_age: assurance.max_age.map(Duration::whole_seconds),",
            "max_age: None,",
        ),
    ]
}
