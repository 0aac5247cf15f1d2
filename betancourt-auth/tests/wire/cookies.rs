//! `cookies.json`: the cookies that Auth.js sets, the addresses that it lets people return to, the paths that it knows.

use betancourt_auth::provider::{Registration, google};
use betancourt_auth::store::MemoryStore;
use betancourt_auth::{Auth, Config, Environment, Strategy};
use bytes::Bytes;
use http::{Method, Request, Response};
use serde_json::Value;
use url::Url;
use url::form_urlencoded::byte_serialize;

use crate::support::{Ask, SECRET, World, location, page_of, set_cookies};

const VECTORS: &str = include_str!("../vectors/authjs/cookies.json");

fn vectors(part: &str) -> Value {
    serde_json::from_str::<Value>(VECTORS).unwrap()[part].take()
}

fn entries(part: &str) -> Vec<Value> {
    serde_json::from_value(vectors(part)).unwrap()
}

/// What the answer of a whole visit sets: each cookie by its name, with its attributes.
async fn visit(url: &str, change: impl FnOnce(&mut Config)) -> Vec<(String, String)> {
    let mut world = World::at(url, change).await;
    let token = world.csrf().await;
    let mut cookies =
        set_cookies(&world.send(Ask::get("/auth/csrf").header("cookie", "x=1")).await);
    let begun = world.post("/signin/facebook", &[("csrfToken", &token)]).await;
    cookies.extend(set_cookies(&begun));
    let callback = world.approve(&location(&begun)).await;
    cookies.extend(set_cookies(&world.get(&callback).await));
    let split = |cookie: String| {
        let (pair, attributes) = cookie.split_once("; ").unwrap();
        (pair.split('=').next().unwrap().to_owned(), attributes.to_owned())
    };
    cookies.into_iter().map(split).collect()
}

/// What stands in one sealed cookie here for each attempt, and there in three for all. Passkeys come later.
const OTHERWISE: [&str; 4] = ["pkceCodeVerifier", "state", "nonce", "webauthnChallenge"];

#[tokio::test]
async fn every_cookie_has_the_name_and_the_attributes_that_it_has_there() {
    let vectors = vectors("default_cookies");
    let (mut used, mut apart) = (0, 0);
    for (scheme, url) in
        [("http", "http://localhost:3000/auth"), ("https", "https://app.localhost/auth")]
    {
        let seen = visit(url, |_| {}).await;
        for (key, expected) in vectors["v5"][scheme].as_object().unwrap() {
            let name = expected["name"].as_str().unwrap();
            let ours =
                seen.iter().find(|(known, kept)| known == name && !kept.starts_with("Max-Age=0"));
            used += 1;
            if OTHERWISE.contains(&key.as_str()) {
                assert_eq!(ours, None, "{name}");
                apart += 1;
                continue;
            }
            let (_, attributes) = ours.unwrap_or_else(|| panic!("{name} in {seen:?}"));
            assert_attributes(attributes, &expected["options"]);
            assert_eq!(attributes.contains("Expires="), key == "sessionToken", "{name}");
        }
        let handshake =
            if scheme == "https" { "__Host-authjs.handshake." } else { "authjs.handshake." };
        let (_, attributes) = seen.iter().find(|(name, _)| name.starts_with(handshake)).unwrap();
        assert_attributes(attributes, &vectors["v5"][scheme]["state"]["options"]);
        assert!(
            attributes.contains("Expires=Sun, 01 Jun 2025 12:10:00 GMT"),
            "10 minutes, not 15: {attributes}"
        );
        assert_eq!(seen.iter().filter(|(name, _)| !name.contains("authjs.")).count(), 0);
        let (of_v4, listed) = v4_names(&vectors["v4"][scheme]);
        (used, apart) = (used + of_v4, apart + listed);
    }
    println!("cookies.json, default_cookies: used {used} of 26, {apart} decided otherwise");
    assert_eq!(used, 26);
}

fn assert_attributes(ours: &str, there: &Value) {
    assert!(ours.contains("Path=/") && there["path"] == "/");
    assert!(ours.contains("HttpOnly") && there["httpOnly"] == true);
    assert!(ours.contains("SameSite=Lax") && there["sameSite"] == "lax");
    assert_eq!(ours.contains("Secure"), there["secure"] == true, "{ours}");
    assert!(!ours.contains("Domain"), "{ours}");
}

/// Of the cookies of v4 the session alone is read, under its name there: `v4.rs` shows it.
fn v4_names(there: &Value) -> (usize, usize) {
    let names: Vec<_> = there
        .as_object()
        .unwrap()
        .values()
        .map(|cookie| cookie["name"].as_str().unwrap())
        .collect();
    assert!(names.iter().all(|name| name.contains("next-auth.")));
    assert!(names[0].ends_with("next-auth.session-token"));
    (names.len(), names.len() - 1)
}

/// Where we lead somewhere else than Auth.js: the wanted address, what of it is ours, and why.
const ADDRESSES: &[(&str, &str)] = &[
    // What two readers could read in two ways is followed by none.
    ("//evil.com", ""),
    ("/\\evil.com", ""),
    ("/\t/evil.com", ""),
    ("\\/evil.com", ""),
    // A user name before the host looks like another host.
    ("https://user:pw@app.example.com/x", ""),
    // As a browser reads them, not as they were written.
    ("https://app.example.com:443/x", "/x"),
    ("HTTPS://APP.EXAMPLE.COM/x", "/x"),
    (" https://app.example.com/x", "/x"),
    ("https:app.example.com", "/app.example.com"),
    ("/", ""),
    // There an error; here what a browser makes of them.
    ("dash", "/dash"),
    ("?x=1", "/?x=1"),
    ("#h", "/#h"),
    ("", ""),
];

#[tokio::test]
async fn every_address_to_return_to_is_followed_as_there_or_stricter() {
    let entries = entries("redirect_callback_default");
    for entry in &entries {
        let (wanted, origin) =
            (entry["url"].as_str().unwrap(), entry["base_url"].as_str().unwrap());
        let otherwise = ADDRESSES.iter().find(|(known, _)| *known == wanted);
        let expected = match otherwise {
            Some((_, path)) => format!("{origin}{path}"),
            None => entry["result"].as_str().unwrap().to_owned(),
        };
        let auth = app("/auth");
        let encoded: String = byte_serialize(wanted.as_bytes()).collect();
        let answer = ask(&auth, Method::GET, &format!("/auth/signin?callbackUrl={encoded}")).await;
        let cookie = set_cookies(&answer)
            .into_iter()
            .find(|cookie| cookie.contains("callback-url"))
            .unwrap();
        let value = cookie.split(['=', ';']).nth(1).unwrap();
        let followed = percent_decoded(value);
        assert_eq!(followed, expected, "{wanted:?}");
        let lands_on = Url::parse(&followed).unwrap().origin().ascii_serialization();
        assert_eq!(lands_on, "https://app.example.com", "{wanted:?}");
    }
    let apart = ADDRESSES.len();
    println!(
        "cookies.json, redirect_callback_default: used {0} of {0}, {apart} decided otherwise",
        entries.len()
    );
}

fn percent_decoded(value: &str) -> String {
    let pair = format!("x={}", value.replace('+', "%2B"));
    let (_, value) = url::form_urlencoded::parse(pair.as_bytes()).next().unwrap();
    value.into_owned()
}

/// An application with Google, below a base path of `https://app.example.com`.
fn app(base_path: &str) -> Auth {
    let mut config = Config::new("https://app.example.com", SECRET).unwrap();
    config.environment = Environment::Development;
    config.base_path = base_path.to_owned();
    config.registrations = vec![Registration::new(google(), "id", "secret")];
    Auth::new(config, MemoryStore::default()).unwrap()
}

async fn ask(auth: &Auth, method: Method, path: &str) -> Response<Bytes> {
    let request = Request::builder().method(method).uri(path).header("host", "app.example.com");
    auth.handle(request.body(Bytes::new()).unwrap()).await
}

/// Paths that Auth.js knows and we do not.
const UNKNOWN: [&str; 3] = [
    "/authsession",                   // a base path ends where a part of the path ends
    "/aXb/session",                   // and is no regular expression
    "/auth/webauthn-options/passkey", // passkeys come later
];

#[tokio::test]
async fn every_path_is_known_as_there_or_stricter() {
    let entries = entries("action_paths");
    for entry in &entries {
        let (path, base_path) =
            (entry["pathname"].as_str().unwrap(), entry["base_path"].as_str().unwrap());
        if base_path == "/" {
            let config = Config::new("https://app.example.com", SECRET).unwrap();
            let config = {
                let mut config = config;
                config.base_path = base_path.to_owned();
                config
            };
            let sentence = Auth::new(config, MemoryStore::default()).unwrap_err().to_string();
            assert!(
                sentence.starts_with("The base path is `/`"),
                "every page would be an action: {sentence}"
            );
            continue;
        }
        let answer = ask(&app(base_path), Method::GET, path).await;
        let is_known = entry["error"].is_null() && !UNKNOWN.contains(&path);
        match entry["action"].as_str().filter(|_| is_known) {
            None => assert_eq!(
                (answer.status().as_u16(), &answer.body()[..]),
                (400, &b"\"Bad request.\""[..]),
                "{path}"
            ),
            Some("session") => assert_eq!(answer.body(), "null", "{path}"),
            Some("signin") => {
                assert_eq!(answer.headers()["content-type"], "text/html; charset=utf-8", "{path}")
            }
            Some("callback") => {
                assert_eq!(page_of(&location(&answer)).1[0].1, "Configuration", "{path}")
            }
            Some(action) => panic!("{action}: a new entry"),
        }
    }
    let apart = UNKNOWN.len() + 1;
    println!(
        "cookies.json, action_paths: used {0} of {0}, {apart} decided otherwise",
        entries.len()
    );
}

/// The cookies in which Auth.js keeps state, nonce and verifier: here they are no attempt, and never a session.
#[tokio::test]
async fn check_cookies_of_auth_js_are_nothing_here() {
    let vectors = vectors("oauth_check_cookies");
    assert_eq!(vectors["secret"], SECRET);
    let mut used = 0;
    for (scheme, url, flow) in [
        ("http", "http://localhost:3000/auth", "github-http"),
        ("https", "https://app.localhost/auth", "google-https"),
        ("https", "https://app.localhost/auth", "github-https-redirect-proxy"),
    ] {
        let checks = &vectors[flow];
        let mut world = World::at(url, |config| config.session.strategy = Strategy::Jwt).await;
        let session = if scheme == "https" {
            "__Secure-authjs.session-token"
        } else {
            "authjs.session-token"
        };
        for check in ["pkce", "state", "nonce"] {
            let cookie = checks[check]["set_cookie"].as_str().unwrap();
            let (name, value) = cookie.split(';').next().unwrap().split_once('=').unwrap();
            assert_eq!(checks[check]["cookie_name"], name);
            world.jar.insert(name.to_owned(), value.to_owned());
            let swapped = Ask::get("/auth/session").header("cookie", format!("{session}={value}"));
            assert_eq!(world.send(swapped).await.body(), "null", "{flow}, {check}");
            used += 1;
        }
        let state = checks["state"]["authorization_param"].as_str().unwrap();
        let answer = world.get(&format!("/callback/facebook?code=a-code&state={state}")).await;
        assert_eq!(page_of(&location(&answer)).1[0].1, "OAuthCallbackError", "{flow}");
        let swapped = Ask::get("/auth/session").header("cookie", format!("{session}={state}"));
        assert_eq!(world.send(swapped).await.body(), "null", "{flow}, the state itself");
        world.sign_in().await;
        assert_ne!(world.session().await, Value::Null, "and they are in nobody's way");
    }
    let mut world = World::with(|config| {
        config.session.strategy = Strategy::Jwt;
        config.session.reads_v4 = true;
    })
    .await;
    for name in ["authjs.session-token", "next-auth.session-token"] {
        let value = vectors["v4"]["token"].as_str().unwrap();
        let swapped = Ask::get("/auth/session").header("cookie", format!("{name}={value}"));
        assert_eq!(world.send(swapped).await.body(), "null", "of v4, as {name}");
    }
    println!("cookies.json, oauth_check_cookies: used {0} of 10, all decided otherwise", used + 1);
}
