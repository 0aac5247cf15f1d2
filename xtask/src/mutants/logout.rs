//! Mutations of the checks on signing out, here and at the provider.

use super::mutation::Mutation;

const CSRF: &str = "betancourt-auth/src/check/csrf.rs";
const FLOW: &str = "betancourt-auth/src/flow/logout.rs";
const ID_TOKEN: &str = "betancourt-auth/src/client/id_token.rs";
const JWS: &str = "betancourt-auth/src/client/jws.rs";
const ORIGIN: &str = "betancourt-auth/src/store/origin.rs";
const ROUTER: &str = "betancourt-auth/src/action.rs";
const SIGN_OUT: &str = "betancourt-auth/src/flow/sign_out.rs";
const TABLES: &str = "betancourt-auth/src/store/tables/mod.rs";
const TOKEN: &str = "betancourt-auth/src/client/logout_token.rs";
const DEPARTURE: &str = "betancourt-auth/src/check/departure.rs";
const SQL: &str = "betancourt-auth-sqlx/src/sql/mod.rs";

const FORCED: &str = "memory::logout_01_a_sign_out_that_another_site_begins";
const DOWN: &str = "memory::logout_02_a_provider_that_is_down_or_sends_back_another_state";
const STRANGER: &str = "memory::logout_03_a_token_that_is_not_the_providers";
const ELSE: &str = "memory::logout_04_a_token_about_something_else";
const AGAIN: &str = "memory::logout_05_a_token_again_too_late_or_too_often";
const EXACTLY: &str = "memory::logout_06_exactly_what_was_meant_ends";
const FRAMED: &str = "memory::logout_07_a_frame_of_a_stranger";

/// The mutations of the group LOGOUT.
pub(crate) fn mutations() -> Vec<Mutation> {
    [forced(), away(), strangers(), kinds(), meant(), frames()].concat()
}

fn forced() -> Vec<Mutation> {
    vec![
        Mutation::new("LOGOUT-01", FORCED, "a link signs out")
            .edit(
                ROUTER,
                "[\"signout\"] if post => Ok(Self::SignOut),",
                "[\"signout\"] => Ok(Self::SignOut),",
            )
            .edit(ROUTER, "            [\"signout\"] if get => Ok(Self::SignOutPage),\n", "")
            .edit(SIGN_OUT, "    csrf::verify(setup, request)?;\n", ""),
        Mutation::new("LOGOUT-01", FORCED, "a form needs no token").edit(
            SIGN_OUT,
            "    csrf::verify(setup, request)?;\n",
            "",
        ),
        Mutation::new("LOGOUT-01", FORCED, "any origin may post").edit(
            CSRF,
            "    matches && is_from_our_origin(setup, headers)",
            "    matches || setup.now() < setup.now() && headers.is_empty()",
        ),
    ]
}

fn away() -> Vec<Mutation> {
    vec![
        Mutation::new("LOGOUT-02", DOWN, "any state leads back").edit(
            DEPARTURE,
            "secret::eq(&departure.state, state)",
            "!state.is_empty()",
        ),
        Mutation::new("LOGOUT-02", DOWN, "a provider that says nothing is waited for").edit(
            SIGN_OUT,
            "Duration::from_secs(2)",
            "Duration::from_secs(3600)",
        ),
    ]
}

fn strangers() -> Vec<Mutation> {
    vec![
        Mutation::new("LOGOUT-03", STRANGER, "nobody looks at the signature").edit(
            TOKEN,
            "let key_issuer = parts.check_signature(algorithm, expected.registration, keys)?;",
            "let key_issuer = parts.check_signature(algorithm, expected.registration, keys).ok().flatten();",
        ),
        Mutation::new("LOGOUT-03", STRANGER, "the token chooses its algorithm").edit(
            JWS,
            "configured.iter().find(|algorithm| algorithm.is_called(named))",
            "configured.iter().find(|_| !named.is_empty())",
        ),
        Mutation::new("LOGOUT-03", STRANGER, "any issuer may speak").edit(
            TOKEN,
            "    check_issuer(&claims, expected, key_issuer)?;\n",
            "    let _ = check_issuer(&claims, expected, key_issuer);\n",
        ),
        Mutation::new("LOGOUT-03", STRANGER, "it may be for anybody").edit(
            TOKEN,
            "    check_audience(&claims, expected.registration)?;\n",
            "    let _ = check_audience(&claims, expected.registration);\n",
        ),
        Mutation::new("LOGOUT-03", STRANGER, "it may be for others, too").edit(
            ID_TOKEN,
            "audiences.iter().any(is_us) && audiences.iter().all(admitted)",
            "audiences.iter().any(is_us) || audiences.is_empty() && audiences.iter().all(admitted)",
        ).edit(
            ID_TOKEN,
            "map_or(audiences.len() == 1, is_us)",
            "is_none_or(is_us)",
        ),
    ]
}

fn kinds() -> Vec<Mutation> {
    vec![
        Mutation::new("LOGOUT-04", ELSE, "a token about anything signs out").edit(
            TOKEN,
            "if !is_about_signing_out.is_some_and(Value::is_object) {",
            "if is_about_signing_out.is_some_and(Value::is_number) {",
        ),
        Mutation::new("LOGOUT-04", ELSE, "the event need not be an object").edit(
            TOKEN,
            "is_some_and(Value::is_object)",
            "is_some()",
        ),
        Mutation::new("LOGOUT-04", ELSE, "a nonce does not matter").edit(
            TOKEN,
            "if claims.contains_key(\"nonce\") {",
            "if claims.contains_key(\"nonces\") {",
        ),
        Mutation::new("LOGOUT-05", AGAIN, "a token counts twice").edit(
            FLOW,
            "if !setup.store.spend(&format!(\"logout:{once}\"), token.forgotten_at).await? {",
            "if setup.store.spend(&format!(\"logout:{once}\"), token.forgotten_at).await? && false {",
        ),
        Mutation::new("LOGOUT-05", AGAIN, "an old token counts").edit(
            TOKEN,
            "|| issued < now - OLDEST",
            "|| issued < now - OLDEST * 60",
        ),
        Mutation::new("LOGOUT-05", AGAIN, "any kind of token will do").edit(
            JWS,
            "let suits = self.header.get(\"typ\").is_none_or(|kind| kind.as_str().is_some_and(is_of));",
            "let suits = true; let _ = is_of;",
        ),
        Mutation::new("LOGOUT-05", AGAIN, "a flood is let in").edit(
            FLOW,
            "async fn act_on_token(setup: &Setup, request: &Request, id: &str) -> Result<Answer, Error> {\n    rate::admit_logout(setup, request).await?;\n",
            "async fn act_on_token(setup: &Setup, request: &Request, id: &str) -> Result<Answer, Error> {\n",
        ),
    ]
}

fn meant() -> Vec<Mutation> {
    vec![
        Mutation::new("LOGOUT-06", EXACTLY, "nothing ends").edit(
            FLOW,
            "let ended = session::end_from(setup, &meant, event(setup, request, id)).await?;",
            "let (ended, _) = (0, (&meant, event(setup, request, id)));",
        ),
        Mutation::new("LOGOUT-06", EXACTLY, "a session there ends all of its person").edit(
            FLOW,
            "(Some(subject), Some(_)) => Meant::SessionOf { subject, session },",
            "(Some(subject), Some(_)) => Meant::Subject(subject),",
        ),
        Mutation::new("LOGOUT-06", EXACTLY, "the person does not matter where there is a session").edit(
            FLOW,
            "(Some(subject), Some(_)) => Meant::SessionOf { subject, session },",
            "(Some(_), Some(_)) => Meant::Session(session),",
        ),
        Mutation::new("LOGOUT-06", EXACTLY, "everybody is meant").edit(
            ORIGIN,
            "Self::Session(session) => origin.session.as_ref() == Some(session),",
            "Self::Session(session) => origin.session.as_ref() == Some(session) || origin.session.is_some(),",
        ),
        Mutation::new("LOGOUT-06", "sealed::logout_06_exactly_what_was_meant_ends", "sealed sessions live on").edit(
            "betancourt-auth-sqlx/src/store/intention.rs",
            "if self.end_sealed(&session.token, remember_until).await? > 0 {",
            "if remember_until.year() == 0 {",
        ),
        Mutation::new("LOGOUT-06", "sqlite::logout_06_exactly_what_was_meant_ends", "people and sessions are taken for each other").edit(
            SQL,
            "[r#\"\"subject\"\"#, r#\"\"providerSession\"\"#].map(",
            "[r#\"\"providerSession\"\"#, r#\"\"subject\"\"#].map(",
        ),
        Mutation::new("LOGOUT-06", EXACTLY, "stored sessions live on").edit(
            TABLES,
            "gone.iter().for_each(|session| drop(self.sessions.remove(&session.token)));",
            "gone.retain(|session| self.sessions.contains_key(&session.token));",
        ),
    ]
}

fn frames() -> Vec<Mutation> {
    vec![
        Mutation::new("LOGOUT-07", FRAMED, "anybody may frame it").edit(
            FLOW,
            "Page::empty().framed_by(client::issuer_origin(&registration.provider))",
            "Page::empty().framed_by(client::issuer_origin(&registration.provider).map(|_| \"*\".to_owned()))",
        ),
        Mutation::new("LOGOUT-07", FRAMED, "a browser's own session does not matter").edit(
            FLOW,
            "if origin.and_then(|origin| origin.session).as_ref() != Some(&session) {",
            "if origin.is_none() {",
        ),
        Mutation::new("LOGOUT-07", FRAMED, "a name that can be guessed counts").edit(
            FLOW,
            "const SHORTEST_SID: usize = 16;",
            "const SHORTEST_SID: usize = 1;",
        ),
        Mutation::new("LOGOUT-07", FRAMED, "an image will do").edit(
            FLOW,
            "&& is_in_a_frame(request) =>",
            "&& (is_in_a_frame(request) || true) =>",
        ),
        Mutation::new("LOGOUT-07", FRAMED, "any issuer will do").edit(
            FLOW,
            "if client::is_issuer(&registration.provider, iss)",
            "if !iss.is_empty()",
        ),
    ]
}
