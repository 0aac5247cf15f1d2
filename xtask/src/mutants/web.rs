//! Mutations of the checks on posts, and of what every answer says about itself.

use super::mutation::Mutation;

const ANSWER: &str = "betancourt-auth/src/answer.rs";
const CREDENTIALS: &str = "betancourt-auth/src/flow/credentials.rs";
const CSRF: &str = "betancourt-auth/src/check/csrf.rs";
const PAGE: &str = "betancourt-auth/src/page/mod.rs";
const REQUEST: &str = "betancourt-auth/src/request.rs";
const SESSION: &str = "betancourt-auth/src/flow/session.rs";
const ROUTER: &str = "betancourt-auth/src/action.rs";
const SIGN_OUT: &str = "betancourt-auth/src/flow/sign_out.rs";
const WAYS: &str = "betancourt-auth/src/flow/mod.rs";

const VERIFY: &str = "    csrf::verify(setup, request)?;\n";
const POSTS: &str = "memory::web_01_posts_that_another_site_sends";
const TYPES: &str = "memory::web_02_json_that_is_sent_as_text";
const TOKENS: &str = "memory::web_03_a_token_of_another_time_or_browser";
const BEGUN: &str = "memory::web_04_a_sign_in_that_another_site_begins";
const FRAMES: &str = "memory::web_06_a_page_in_a_frame";
const ADDRESSES: &str = "memory::web_07_texts_in_an_address";
const NAMES: &str = "memory::web_08_texts_from_a_provider";
const HARDENED: &str = "memory::web_09_every_answer_is_hardened";
const LEFT: &str = "memory::web_10_what_is_left_after_signing_out";

/// The mutations of the group WEB.
pub(crate) fn mutations() -> Vec<Mutation> {
    [posts(), tokens(), pages(), answers()].concat()
}

fn posts() -> Vec<Mutation> {
    vec![
        Mutation::new("WEB-01", POSTS, "any origin may post").edit(
            CSRF,
            "    matches && is_from_our_origin(setup, headers)",
            "    matches || setup.now() < setup.now() && headers.is_empty()",
        ),
        Mutation::new("WEB-01", POSTS, "our origin needs no token").edit(
            CSRF,
            "    matches && is_from_our_origin(setup, headers)",
            "    is_from_our_origin(setup, headers) || matches && headers.is_empty()",
        ),
        Mutation::new("WEB-01", POSTS, "another site's word is not heard").edit(
            CSRF,
            ".is_none_or(|site| site == \"same-origin\")",
            ".is_none_or(|_| true)",
        ),
        Mutation::new("WEB-01", POSTS, "anybody may sign somebody out").edit(
            SIGN_OUT,
            "pub(crate) async fn sign_out(setup: &Setup, request: &Request) -> Result<Answer, Error> {\n    csrf::verify(setup, request)?;\n",
            "pub(crate) async fn sign_out(setup: &Setup, request: &Request) -> Result<Answer, Error> {\n",
        ),
        Mutation::new("WEB-01", POSTS, "anybody may update somebody's session").edit(
            SESSION,
            "async fn updated(setup: &Setup, request: &Request) -> Result<Answer, Error> {\n    csrf::verify(setup, request)?;\n",
            "async fn updated(setup: &Setup, request: &Request) -> Result<Answer, Error> {\n",
        ),
        Mutation::new("WEB-02", TYPES, "the type may stand anywhere in the header").edit(
            REQUEST,
            "\"application/json\" => {",
            "kind if kind.contains(\"json\") || kind == \"text/plain\" => {",
        ),
        Mutation::new("WEB-04", BEGUN, "anybody may begin somebody's sign-in").edit(WAYS, VERIFY, ""),
        Mutation::new("WEB-04", BEGUN, "anybody may sign somebody in with credentials").edit(CREDENTIALS, VERIFY, ""),
    ]
}

fn tokens() -> Vec<Mutation> {
    vec![
        Mutation::new("WEB-03", TOKENS, "a token is taken without its hash").edit(
            CSRF,
            "(is_ours && is_a_token(token)).then_some(token)",
            "(is_ours || is_a_token(token)).then_some(token)",
        ),
        Mutation::new("WEB-03", TOKENS, "any token will do").edit(
            CSRF,
            ".is_some_and(|token| secret::eq(token, posted));",
            ".is_some_and(|token| token.len() == posted.len());",
        ),
        Mutation::new("WEB-03", TOKENS, "a sign-out keeps the token").edit(
            SIGN_OUT,
            "    let token = csrf::renewed(setup)?;\n",
            "    let token = csrf::token(setup, &request.cookies)?;\n",
        ),
    ]
}

fn pages() -> Vec<Mutation> {
    vec![
        Mutation::new("WEB-06", FRAMES, "a page may stand in any frame").edit(
            PAGE,
            "unwrap_or(\"'none'\");\n        let images",
            "unwrap_or(\"*\");\n        let images",
        ),
        Mutation::new("WEB-06", FRAMES, "older browsers are not told").edit(
            PAGE,
            "        headers.insert(X_FRAME_OPTIONS, HeaderValue::from_static(\"DENY\"));\n",
            "",
        ),
        Mutation::new("WEB-07", ADDRESSES, "scripts may run").edit(
            PAGE,
            "\"default-src 'none'; ",
            "\"default-src 'self' 'unsafe-inline'; ",
        ),
    ]
}

fn answers() -> Vec<Mutation> {
    vec![
        Mutation::new("WEB-08", NAMES, "JSON is sent as a page").edit(
            ANSWER,
            "HeaderValue::from_static(\"application/json\")",
            "HeaderValue::from_static(\"text/html\")",
        ),
        Mutation::new("WEB-08", NAMES, "a type may be guessed").edit(
            ANSWER,
            "    headers.entry(X_CONTENT_TYPE_OPTIONS).or_insert(HeaderValue::from_static(\"nosniff\"));\n",
            "",
        ),
        Mutation::new("WEB-09", HARDENED, "the next request may go in clear").edit(
            ANSWER,
            "if setup.config.environment == Environment::Production {",
            "if false {",
        ),
        Mutation::new("WEB-10", LEFT, "the browser's cache keeps its pages").edit(
            SIGN_OUT,
            "        .with_header(CLEAR_SITE_DATA, HeaderValue::from_static(\"\\\"cache\\\"\"))",
            "",
        ),
        Mutation::new("WEB-11", "memory::web_11_methods_that_nothing_answers_to", "HEAD signs out").edit(
            ROUTER,
            "[\"signout\"] if post => Ok(Self::SignOut),",
            "[\"signout\"] if !get => Ok(Self::SignOut),",
        ),
    ]
}
