//! Cookies, tokens, addresses and queries of any size and shape: a clear refusal, never a panic, never a session.
#![cfg(test)]

use std::sync::{Arc, LazyLock};

use betancourt_auth::parts::{IdTokens, Opener};
use betancourt_auth::provider::{Registration, google};
use betancourt_auth::store::{Keeping, MemoryStore, NewSession, Store as _};
use betancourt_auth::testing::ManualClock;
use betancourt_auth::{
    Auth, Config, Encryption, OsRandom, SessionDetails, StoredToken, Strategy as Keep, User, UserId,
};
use bytes::Bytes;
use http::header::{
    CONTENT_TYPE, COOKIE, HOST, HeaderMap, HeaderValue, LOCATION, ORIGIN, SET_COOKIE,
};
use http::request::Builder;
use http::{Request, Response};
use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::{Index, select};
use serde_json::{Map, Value, json};
use time::{Duration, OffsetDateTime};
use tokio::runtime::Runtime;
use url::Url;
use url::form_urlencoded::Serializer;

const OURS: &str = "https://app.test";
const SESSION: &str = "__Secure-authjs.session-token";
const SECRET: &str = "a secret of at least 32 characters!!";
const STRATEGIES: [Keep; 2] = [Keep::Database, Keep::Jwt];

static RUNTIME: LazyLock<Runtime> = LazyLock::new(|| Runtime::new().unwrap());
static SITES: LazyLock<[Auth; 2]> = LazyLock::new(|| STRATEGIES.map(site));
/// The token of somebody who is signed in, with either strategy.
static TOKENS: LazyLock<[String; 2]> =
    LazyLock::new(|| ["a-token-of-a-session-that-is-there".to_owned(), sealed()]);

fn now() -> OffsetDateTime {
    OffsetDateTime::UNIX_EPOCH + Duration::days(20_000)
}

/// A site with one user, who is signed in.
fn site(strategy: Keep) -> Auth {
    let (store, user) = (MemoryStore::default(), User::new(UserId::new("ada")));
    let session = NewSession {
        token: StoredToken::hashed(&TOKENS[0]),
        keeping: Keeping::Stored,
        user_id: user.id.clone(),
        expires: now() + Duration::days(1),
        details: SessionDetails::new(now(), "google"),
        origin: None,
        replaces: Vec::new(),
        keep: 10,
    };
    RUNTIME.block_on(store.sign_up(&user, None, &session, &[])).unwrap();
    let mut config = Config::new(OURS, SECRET).unwrap();
    config.session.strategy = strategy;
    config.clock = Arc::new(ManualClock::at(now()));
    config.registrations.push(Registration::new(google(), "client id", "client secret"));
    Auth::new(config, store).unwrap()
}

fn sealed() -> String {
    let claims = json!({ "sub": "ada", "iat": now().unix_timestamp(), "exp": now().unix_timestamp() + 60, "jti": "x" });
    let claims: Map<String, Value> = serde_json::from_value(claims).unwrap();
    let opener = Opener::new(SECRET, SESSION).unwrap();
    opener.seal(Encryption::A256CbcHs512, &claims, &OsRandom::default()).unwrap()
}

/// A provider that signs with a secret of ours.
static ID_TOKENS: LazyLock<IdTokens> =
    LazyLock::new(|| IdTokens::shared("https://id.test", "a secret that is shared"));
/// Header and claims of a token of the moment.
const ID_TOKEN: [&str; 2] = [
    r#"{"alg":"HS256","typ":"JWT"}"#,
    r#"{"iss":"https://id.test","aud":"client","sub":"7","nonce":"nonce","iat":1728000000,"exp":1728000300}"#,
];

fn verified(token: &str) -> Option<Value> {
    ID_TOKENS.verify(token, &Value::Null, now())
}

/// A text with something else between two places.
fn changed(text: &str, at: Index, until: Index, instead: &str) -> String {
    let (at, until) = (at.index(text.len()), until.index(text.len()));
    let (from, to) = (at.min(until), at.max(until));
    format!("{}{instead}{}", &text[..from], &text[to..])
}

fn is_signed_in(auth: &Auth, cookies: &[u8]) -> bool {
    let mut headers = HeaderMap::new();
    headers.insert(COOKIE, HeaderValue::from_bytes(cookies).unwrap());
    RUNTIME.block_on(auth.session(&headers)).unwrap().is_some()
}

fn answer(auth: &Auth, request: Builder, body: String) -> Response<Bytes> {
    RUNTIME.block_on(auth.handle(request.header(HOST, "app.test").body(body.into()).unwrap()))
}

/// Whether an answer tells the browser to keep a session.
fn signs_in(answer: &Response<Bytes>) -> bool {
    let set = answer.headers().get_all(SET_COOKIE).iter();
    set.map(|cookie| cookie.to_str().unwrap())
        .any(|cookie| cookie.starts_with(SESSION) && !cookie.contains("Max-Age=0"))
}

/// All bytes that HTTP lets through in a header's value (RFC 9110 §5.5).
fn header_bytes(longest: usize) -> impl Strategy<Value = Vec<u8>> {
    let byte = prop_oneof![8 => 0x20_u8..0x7f, 1 => 0x80_u8..=0xff, 1 => Just(b'\t')];
    vec(byte, 0..longest)
}

/// A value that could be a cookie's, and anything like it.
fn value() -> impl Strategy<Value = String> {
    prop_oneof![
        "[ -~&&[^;]]{0,200}",
        "[A-Za-z0-9_-]{0,6000}",
        "[A-Za-z0-9_-]{0,200}(\\.[A-Za-z0-9_-]{0,200}){0,6}",
        "(%[0-9a-fA-F]{2}){0,100}",
    ]
}

proptest! {
    #[test]
    fn no_cookie_header_is_a_session(cookies in header_bytes(8_000)) {
        for auth in &*SITES {
            prop_assert!(!is_signed_in(auth, &cookies));
        }
    }

    #[test]
    fn no_chunks_are_a_session(
        chunks in vec((select(vec!["", ".0", ".1", ".2", ".7", ".8", ".00", ".x", ".99999999999999999999"]), value()), 0..12),
    ) {
        let cookies: Vec<_> =
            chunks.iter().map(|(piece, value)| format!("{SESSION}{piece}={value}")).collect();
        for auth in &*SITES {
            prop_assert!(!is_signed_in(auth, cookies.join("; ").as_bytes()));
        }
    }

    #[test]
    fn no_damaged_token_is_a_session(at in any::<Index>(), until in any::<Index>(), instead in "[A-Za-z0-9._-]{0,20}") {
        for (auth, token) in SITES.iter().zip(&*TOKENS) {
            let damaged = changed(token, at, until, &instead);
            let session = format!("{SESSION}={token}");
            prop_assert!(is_signed_in(auth, session.as_bytes()));
            prop_assert_eq!(is_signed_in(auth, format!("{SESSION}={damaged}").as_bytes()), damaged == *token);
        }
    }

    #[test]
    fn a_token_is_a_session_in_one_piece_or_in_unbroken_chunks(cuts in vec(any::<Index>(), 0..10), lost in any::<Index>()) {
        let (auth, token) = (&SITES[1], &TOKENS[1]);
        let mut cuts: Vec<_> = cuts.iter().map(|cut| cut.index(token.len() - 1) + 1).collect();
        cuts.sort_unstable();
        cuts.dedup();
        let bounds: Vec<_> = [0].into_iter().chain(cuts).chain([token.len()]).collect();
        let chunks = bounds.windows(2).enumerate();
        let mut chunks: Vec<_> =
            chunks.map(|(number, part)| format!("{SESSION}.{number}={}", &token[part[0]..part[1]])).collect();
        prop_assert_eq!(is_signed_in(auth, chunks.join("; ").as_bytes()), chunks.len() <= 8);
        chunks.remove(lost.index(chunks.len()));
        prop_assert!(!is_signed_in(auth, chunks.join("; ").as_bytes()));
    }

    #[test]
    fn no_address_leads_off_our_origin(wanted in address()) {
        let auth = &SITES[0];
        let csrf = answer(auth, Request::get("/auth/csrf"), String::new());
        let cookie = csrf.headers()[SET_COOKIE].to_str().unwrap().split(';').next().unwrap();
        let token = serde_json::from_slice::<Value>(csrf.body()).unwrap();
        let mut form = Serializer::new(String::new());
        form.append_pair("csrfToken", token["csrfToken"].as_str().unwrap());
        form.append_pair("callbackUrl", &wanted);
        let request = Request::post("/auth/signout")
            .header(ORIGIN, OURS)
            .header(CONTENT_TYPE, "application/x-www-form-urlencoded")
            .header(COOKIE, cookie);
        let answer = answer(auth, request, form.finish());
        let to = Url::parse(answer.headers()[LOCATION].to_str().unwrap()).unwrap();
        prop_assert_eq!(to.origin(), Url::parse(OURS).unwrap().origin(), "{:?}", wanted);
    }

    #[test]
    fn no_damaged_id_token_is_one(at in any::<Index>(), until in any::<Index>(), instead in "[A-Za-z0-9._-]{0,20}") {
        let token = ID_TOKENS.sign(ID_TOKEN[0], ID_TOKEN[1]);
        let damaged = changed(&token, at, until, &instead);
        prop_assert!(verified(&token).is_some());
        prop_assert_eq!(verified(&damaged).is_some(), damaged == token);
    }

    #[test]
    fn whatever_a_provider_signs_is_ours_and_about_somebody(
        at in any::<Index>(),
        until in any::<Index>(),
        instead in prop_oneof!["[ -~]{0,20}", any::<String>(), "[\\[{]{0,200}"],
    ) {
        let [header, claims] = ID_TOKEN.map(|part| changed(part, at, until, &instead));
        for token in [ID_TOKENS.sign(&header, ID_TOKEN[1]), ID_TOKENS.sign(ID_TOKEN[0], &claims)] {
            let Some(claims) = verified(&token) else { continue };
            prop_assert_eq!(&claims["iss"], "https://id.test");
            prop_assert_eq!(&claims["nonce"], IdTokens::NONCE);
            prop_assert_eq!(claims["aud"].as_array().map_or(&claims["aud"], |all| &all[0]), "client");
            prop_assert!(claims["sub"].as_str().is_some_and(|subject| !subject.is_empty()));
        }
    }

    #[test]
    fn no_callback_signs_in(query in query(), cookies in header_bytes(2_000), handshake in value()) {
        for auth in &*SITES {
            let cookies = [b"__Host-authjs.handshake.", handshake.as_bytes(), b"; ", &cookies].concat();
            let request = Request::get(format!("/auth/callback/google?{query}"))
                .header(COOKIE, HeaderValue::from_bytes(&cookies).unwrap());
            let answer = answer(auth, request, String::new());
            prop_assert!(!signs_in(&answer));
            prop_assert!(answer.status().is_redirection() || answer.status().is_client_error());
        }
    }
}

/// What people who want to lead others astray put together.
fn address() -> impl Strategy<Value = String> {
    let pieces = [
        "/",
        "//",
        "\\",
        "https:",
        "http:",
        "javascript:",
        "data:",
        "@",
        ":",
        "evil.test",
        "app.test",
        ".",
        "..",
        "%2f",
        "%5c",
        "\t",
        "\n",
        "\0",
        " ",
        "?",
        "#",
        "\u{2044}",
        "\u{ff0f}",
        "[::1]",
        "0x7f.1",
        "xn--",
        "443",
    ];
    prop_oneof![
        vec(select(pieces.to_vec()), 0..10).prop_map(|pieces| pieces.concat()),
        vec(select(pieces.to_vec()), 0..6).prop_map(|pieces| format!("{OURS}{}", pieces.concat())),
        any::<String>(),
    ]
}

/// A query of parameters that a callback knows, often and in any order, and others.
fn query() -> impl Strategy<Value = String> {
    let name =
        select(vec!["state", "code", "error", "iss", "error_description", "callbackUrl", "x"]);
    vec((name, any::<String>()), 0..8).prop_map(|pairs| {
        let mut query = Serializer::new(String::new());
        query.extend_pairs(pairs);
        query.finish()
    })
}
