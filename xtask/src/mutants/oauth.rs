//! Mutations of the checks on attempts to sign in.

use super::mutation::Mutation;

const ACCESS: &str = "betancourt-auth/src/access/mod.rs";
const ANSWER: &str = "betancourt-auth/src/answer.rs";
const AUTHORIZATION: &str = "betancourt-auth/src/client/authorization.rs";
const COOKIE: &str = "betancourt-auth/src/cookie/mod.rs";
const FLOW: &str = "betancourt-auth/src/flow/oauth.rs";
const WAYS: &str = "betancourt-auth/src/flow/mod.rs";
const HANDSHAKE: &str = "betancourt-auth/src/check/handshake.rs";
const ID_TOKEN: &str = "betancourt-auth/src/client/id_token.rs";
const LEASE: &str = "betancourt-auth/src/access/lease.rs";
const REFRESH: &str = "betancourt-auth/src/client/refresh.rs";
const REFUSAL: &str = "betancourt-auth/src/refusal.rs";

/// The mutations of the group OAUTH.
pub(crate) fn mutations() -> Vec<Mutation> {
    [attempts(), mix_up(), codes(), ways(), refreshes()].concat()
}

fn attempts() -> Vec<Mutation> {
    let twice = |row, test| {
        Mutation::new(row, test, "an attempt is not spent").edit(
            HANDSHAKE,
            "if !unspent {",
            "if false && !unspent {",
        )
    };
    vec![
        Mutation::new(
            "OAUTH-01",
            "memory::oauth_01_an_answer_that_nobody_asked_for",
            "an answer without state ends any attempt of the browser",
        )
        .edit(
            HANDSHAKE,
            "Once::One(_) | Once::Missing => return Err(ErrorKind::StateMissing.into()),",
            "Once::One(_) | Once::Missing => {
                let pending = request.cookies.beginning(setup.cookies.handshakes()).next();
                let (id, sealed) = pending.ok_or(ErrorKind::StateMissing)?;
                let handshake = Handshake::open(setup, id, sealed).ok_or(ErrorKind::HandshakeMissing)?;
                return Ok((id.to_owned(), handshake));
            }",
        ),
        Mutation::new(
            "OAUTH-02",
            "memory::oauth_02_an_attackers_answer_in_a_victims_browser",
            "attempts are kept in the server, for whatever browser comes back",
        )
        .edit(
            HANDSHAKE,
            "        let cookie = setup.cookies.cookie(setup.cookies.handshake(&id), sealed);",
            "        KEPT.lock().ok().map(|mut kept| kept.insert(id.clone(), sealed.clone()));
        let cookie = setup.cookies.cookie(setup.cookies.handshake(&id), sealed);",
        )
        .edit(
            HANDSHAKE,
            "        Found::Nothing => return Err(ErrorKind::HandshakeMissing.into()),",
            "        Found::Nothing => {
            let kept = KEPT.lock().ok().and_then(|kept| kept.get(&id).cloned());
            &*Box::leak(kept.ok_or(ErrorKind::HandshakeMissing)?.into_boxed_str())
        }",
        )
        .edit(
            HANDSHAKE,
            "/// What the cookie holds.",
            "static KEPT: std::sync::Mutex<std::collections::BTreeMap<String, String>> =
    std::sync::Mutex::new(std::collections::BTreeMap::new());

/// What the cookie holds.",
        ),
        twice("OAUTH-03", "memory::oauth_03_the_same_callback_twice"),
        twice("OAUTH-04", "memory::oauth_04_the_same_callback_fifty_times_at_once"),
        twice("OAUTH-04", "sqlite::oauth_04_the_same_callback_fifty_times_at_once"),
        Mutation::new(
            "OAUTH-05",
            "memory::oauth_05_an_attempt_that_is_too_old",
            "an attempt has no end",
        )
        .edit(HANDSHAKE, "if setup.now() >= ends {", "if false {"),
    ]
}

fn mix_up() -> Vec<Mutation> {
    let any_provider = |row, test| {
        Mutation::new(row, test, "an attempt is good for every provider").edit(
            HANDSHAKE,
            "if handshake.provider != registration.provider.id {",
            "if false {",
        )
    };
    let iss = |row, test| {
        Mutation::new(row, test, "the issuer in the callback is not compared").edit(
            AUTHORIZATION,
            "(Some(iss), Some(issuer)) if !names(iss, issuer) => {",
            "(Some(iss), Some(issuer)) if false && !names(iss, issuer) => {",
        )
    };
    vec![
        any_provider(
            "OAUTH-06",
            "memory::oauth_06_begun_with_one_provider_and_finished_with_another",
        ),
        any_provider(
            "OAUTH-07",
            "memory::oauth_07_a_provider_that_sends_the_browser_to_another_one",
        ),
        iss("OAUTH-07", "memory::oauth_07_a_provider_that_sends_the_browser_to_another_one"),
        iss("OAUTH-08", "memory::oauth_08_an_answer_without_the_issuer_it_promised"),
    ]
}

fn codes() -> Vec<Mutation> {
    vec![
        Mutation::new(
            "OAUTH-09",
            "memory::oauth_09_a_stolen_code_in_the_thiefs_own_callback",
            "the nonce is not compared",
        )
        .edit(ID_TOKEN, "secret::eq(nonce, ours)", "nonce.len() == str::len(ours)"),
        Mutation::new(
            "OAUTH-10",
            "memory::oauth_10_a_provider_that_offers_plain_challenges",
            "the challenge is the verifier itself",
        )
        .edit(
            HANDSHAKE,
            "let code_challenge = secret::sha256_base64url(&handshake.code_verifier);",
            "let code_challenge = handshake.code_verifier.clone();",
        )
        .edit(
            AUTHORIZATION,
            "(\"code_challenge_method\", \"S256\".to_owned())",
            "(\"code_challenge_method\", \"plain\".to_owned())",
        ),
        Mutation::new(
            "OAUTH-12",
            "memory::oauth_12_parameters_that_come_twice",
            "the answer may be split between query and form",
        )
        .edit(HANDSHAKE, "if split { Err", "if false && split { Err"),
    ]
}

fn ways() -> Vec<Mutation> {
    let across_sites = "memory::oauth_14_an_answer_posted_across_sites";
    let leaks = "memory::oauth_19_every_route_answers_without_leaks";
    vec![
        Mutation::new("OAUTH-14", across_sites, "every attempt's cookie goes across sites").edit(
            HANDSHAKE,
            "Ok(cookie::header(&if cross_site { cookie::cross_site(cookie) } else { cookie }))",
            "Ok(cookie::header(&if cross_site { cookie } else { cookie::cross_site(cookie) }))",
        ),
        Mutation::new("OAUTH-14", across_sites, "the session cookie goes across sites").edit(
            COOKIE,
            ".same_site(SameSite::Lax)",
            ".same_site(SameSite::None)",
        ),
        Mutation::new(
            "OAUTH-17",
            "memory::oauth_17_a_start_that_overrides_parameters",
            "any page may add parameters",
        )
        .edit(
            FLOW,
            "const HINTS: [&str; 3] = [\"login_hint\", \"prompt\", \"ui_locales\"];",
            "const HINTS: [&str; 5] = [\"login_hint\", \"prompt\", \"ui_locales\", \"redirect_uri\", \"scope\"];",
        ),
        Mutation::new(
            "OAUTH-18",
            "memory::oauth_18_a_start_by_link_or_image",
            "a post begins without the page's token",
        )
        .edit(WAYS, "    csrf::verify(setup, request)?;\n", ""),
        Mutation::new("OAUTH-19", leaks, "a post is redirected as a post").edit(
            ANSWER,
            "StatusCode::SEE_OTHER",
            "StatusCode::TEMPORARY_REDIRECT",
        ),
        Mutation::new("OAUTH-19", leaks, "a page stands where the code is").edit(
            REFUSAL,
            "if request.brings_an_answer() {",
            "if false {",
        ),
        Mutation::new("OAUTH-19", leaks, "the address is handed on as referrer").edit(
            ANSWER,
            "HeaderValue::from_static(\"no-referrer\")",
            "HeaderValue::from_static(\"unsafe-url\")",
        ),
        Mutation::new("OAUTH-19", leaks, "answers may be kept").edit(
            ANSWER,
            "HeaderValue::from_static(\"private, no-cache, no-store\")",
            "HeaderValue::from_static(\"private, no-cache\")",
        ),
    ]
}

fn refreshes() -> Vec<Mutation> {
    let at_once = "memory::oauth_20_a_refresh_at_three_servers_at_once";
    let somebody_else = "memory::oauth_21_a_refresh_that_answers_with_somebody_else";
    vec![
        Mutation::new("OAUTH-20", at_once, "every process refreshes").edit(
            LEASE,
            "setup.store.count(&name, now, ends).await? == 1;",
            "setup.store.count(&name, now, ends).await? >= 1;",
        ),
        Mutation::new("OAUTH-20", at_once, "a rotated refresh token is forgotten").edit(
            REFRESH,
            "fresh.refresh_token.or_else(|| before.refresh_token.clone())",
            "before.refresh_token.clone()",
        ),
        Mutation::new(
            "OAUTH-20",
            "memory::oauth_20_a_server_that_dies_while_it_refreshes",
            "nobody takes the place of a process that died",
        )
        .edit(LEASE, "let ends = now + LEASE;", "let ends = now + LEASE * 1000;"),
        Mutation::new(
            "OAUTH-20",
            "memory::oauth_20_a_provider_that_is_down",
            "who waits for a refresh that failed tries it once more",
        )
        .edit(
            ACCESS,
            "if turn.as_ref().is_some_and(",
            "if false && turn.as_ref().is_some_and(",
        ),
        Mutation::new(
            "OAUTH-20",
            "memory::oauth_20_new_tokens_soon_after_a_failure",
            "what failed with other tokens is not tried with new ones",
        )
        .edit(ACCESS, "in_vain.with == with && ", ""),
        Mutation::new(
            "OAUTH-20",
            "memory::oauth_20_a_refresh_token_that_was_taken_back",
            "what was taken back stays",
        )
        .edit(ACCESS, "(&Tokens::default(), vec![event])", "(tokens, vec![event])"),
        Mutation::new("OAUTH-21", somebody_else, "the person does not matter").edit(
            REFRESH,
            "if is_same && [",
            "if (is_same || true) && [",
        ),
        Mutation::new("OAUTH-21", somebody_else, "nobody has to sign in again").edit(
            ACCESS,
            "} else if error.kind() == ErrorKind::IdentityChanged {",
            "} else if error.kind() == ErrorKind::IdentityChanged && false {",
        ),
    ]
}
