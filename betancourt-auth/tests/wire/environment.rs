//! `env.json`: what Auth.js makes of the variables of its environment, and what we make of the same ones.
//!
//! The one great difference: the origin is what `AUTH_URL` says, and never what a request says. So there is nothing to
//! trust, and `AUTH_TRUST_HOST`, `VERCEL` and `CF_PAGES` mean nothing.

use betancourt_auth::provider::{Credential, Protocol, Registration, google};
use betancourt_auth::store::MemoryStore;
use betancourt_auth::{Auth, Config, Secret, TrustedProxies};
use bytes::Bytes;
use http::Request;
use serde_json::Value;

use crate::support::SECRET;

const VECTORS: &str = include_str!("../vectors/authjs/env.json");

/// Where we decide otherwise: the entry, the path of our actions or the sentence that ends the start, and why.
const DEFAULTS: &[(&str, Result<&str, &str>)] = &[
    // A path of `/` would make every page an action.
    ("auth-url-no-path", Ok("/auth")),
    // A wrong address is no reason to take another one.
    ("auth-url-invalid", Err("AUTH_URL is `not a url`")),
    // Who comes from NextAuth.js has it set, and next-auth reads it, too.
    ("nextauth-url-not-read-by-core", Ok("/api/auth")),
    // In production the origin must be said, by https.
    ("production", Err("AUTH_URL is `http://localhost:3000/`: in production")),
    ("trust-host-true", Err("AUTH_URL is `http://localhost:3000/`: in production")),
    ("trust-host-false-string", Err("AUTH_URL is `http://localhost:3000/`: in production")),
    ("trust-host-empty-string", Err("AUTH_URL is `http://localhost:3000/`: in production")),
    ("vercel", Err("AUTH_URL is `http://localhost:3000/`: in production")),
    ("cf-pages", Err("AUTH_URL is `http://localhost:3000/`: in production")),
    // Each deployment has its own callback address.
    ("redirect-proxy", Err("AUTH_REDIRECT_PROXY_URL is set")),
];

fn vectors(part: &str) -> Vec<Value> {
    let mut vectors: Value = serde_json::from_str(VECTORS).unwrap();
    serde_json::from_value(vectors[part].take()).unwrap()
}

/// The configuration of an entry's variables, with a secret where it has none.
fn config(variables: &Value) -> Result<Config, String> {
    let variables = variables.as_object().unwrap();
    let has_secret = variables.keys().any(|name| name.starts_with("AUTH_SECRET"));
    let value = |name: &str| match name {
        "AUTH_SECRET" if !has_secret => Some(SECRET.to_owned()),
        name => variables.get(name).map(|value| value.as_str().unwrap().to_owned()),
    };
    Config::from_variables(value).map_err(|error| error.to_string())
}

/// An application on a configuration, its secrets aside: those of the vectors are too short to start with.
fn start(mut config: Config) -> Result<Auth, String> {
    config.secrets = vec![Secret::new(SECRET)];
    config.registrations = vec![Registration::new(google(), "id", "secret")];
    Auth::new(config, MemoryStore::default()).map_err(|error| error.to_string())
}

/// Where an application says that its sign-in begins, asked with some headers; or the status of a refusal.
async fn sign_in_url(auth: &Auth, headers: &[(&str, &str)]) -> Result<String, u16> {
    let path = format!("{}/providers", auth.config().base_path);
    let request = headers
        .iter()
        .fold(Request::get(path), |request, (name, value)| request.header(*name, *value));
    let response = auth.handle(request.body(Bytes::new()).unwrap()).await;
    if response.status() != 200 {
        return Err(response.status().as_u16());
    }
    let providers: Value = serde_json::from_slice(response.body()).unwrap();
    Ok(providers["google"]["signinUrl"].as_str().unwrap().to_owned())
}

fn host(auth: &Auth) -> &str {
    &auth.config().url[url::Position::BeforeHost..url::Position::AfterPort]
}

#[tokio::test]
async fn every_default_is_as_there_or_said_in_a_sentence() {
    let entries = vectors("set_env_defaults");
    for entry in &entries {
        let id = entry["id"].as_str().unwrap();
        let otherwise = DEFAULTS.iter().find(|(known, _)| *known == id).map(|(_, ours)| *ours);
        let expected = otherwise.unwrap_or(Ok(entry["result"]["basePath"].as_str().unwrap()));
        let ours = config(&entry["env"]).map(|mut config| {
            if let Some(path) = entry["config"]["basePath"].as_str() {
                config.base_path = path.to_owned();
            }
            if let Some(secret) =
                entry["config"]["secret"].as_str().filter(|secret| !secret.is_empty())
            {
                config.secrets = vec![Secret::new(secret)];
            }
            assert_secrets(&entry["result"]["secret"], &config, id);
            config
        });
        match (ours.and_then(start), expected) {
            (Ok(auth), Ok(base_path)) => {
                assert_eq!(auth.config().base_path, base_path, "{id}");
                let own = format!(
                    "{}{base_path}/signin/google",
                    auth.config().url.as_str().trim_end_matches('/')
                );
                assert_eq!(sign_in_url(&auth, &[("host", host(&auth))]).await, Ok(own), "{id}");
                let spoofed =
                    [("host", "spoofed.example"), ("x-forwarded-host", "spoofed.example")];
                assert_eq!(
                    sign_in_url(&auth, &spoofed).await,
                    Err(400),
                    "{id}: whoever is trusted there"
                );
            }
            (Err(sentence), Err(expected)) => {
                assert!(sentence.starts_with(expected), "{id}: {sentence}")
            }
            (ours, expected) => {
                panic!("{id}: {:?} instead of {expected:?}", ours.map(|_| "a start"))
            }
        }
    }
    let apart = DEFAULTS.len();
    println!(
        "env.json, set_env_defaults: used {0} of {0}, {apart} decided otherwise",
        entries.len()
    );
}

/// A list, newest first, or the one of the configuration. Where there is none, ours does not start.
fn assert_secrets(there: &Value, config: &Config, id: &str) {
    let ours: Vec<_> = config.secrets.iter().map(Secret::expose).collect();
    match there {
        Value::Array(list) if list.is_empty() => assert_eq!(ours, [SECRET], "{id}"),
        Value::Array(list) => assert_eq!(Value::from(ours), Value::from(list.clone()), "{id}"),
        Value::String(one) => assert_eq!(ours, [one], "{id}"),
        _ => assert_eq!(id, "config-trust-host-wins", "no word about a secret"),
    }
}

#[test]
fn without_a_secret_nothing_starts() {
    let sentence = Config::from_variables(|_| None).unwrap_err().to_string();
    assert!(sentence.starts_with("AUTH_SECRET is not set"), "{sentence}");
    assert!(Config::from_variables(|name| (name == "AUTH_SECRET").then(|| SECRET.into())).is_ok());
}

/// The entries speak of GitHub and Auth0; the rule is the same for each id, so here they speak of Google.
#[test]
fn every_variable_of_a_provider_is_as_there_or_refused() {
    let entries = vectors("providers");
    for entry in &entries {
        let renamed = entry["env"]
            .to_string()
            .replace("AUTH_GITHUB_", "AUTH_GOOGLE_")
            .replace("AUTH_AUTH0_", "AUTH_GOOGLE_");
        let ours = config(&serde_json::from_str(&renamed).unwrap());
        let result = &entry["result"];
        match entry["id"].as_str().unwrap() {
            // Mail goes by SMTP or by a mailer of the application's own; there is no key to a service of somebody's.
            "email-api-key" => assert!(ours.unwrap().registrations.is_empty()),
            // A registration is whole or none. Its variables are named after the provider, as there.
            "custom-id-in-options" => {
                let sentence = ours.unwrap_err();
                assert!(
                    sentence.starts_with("AUTH_GOOGLE_ID is set but AUTH_GOOGLE_SECRET is not"),
                    "{sentence}"
                );
                let own =
                    serde_json::json!({ "AUTH_MY_GH_ID": "by-own-id", "AUTH_MY_GH_SECRET": "s" });
                assert!(
                    config(&own).unwrap().registrations.is_empty(),
                    "not after an id of its own"
                );
            }
            // What the code says is what counts, in one place.
            "explicit-wins-only-at-options" => {
                let mut config = ours.unwrap();
                assert_registered(&config, result);
                config.registrations[0] = Registration::new(google(), "cfg", "cfg");
                assert_registered(&config, &result["options"]);
            }
            _ => assert_registered(&ours.unwrap(), result),
        }
    }
    println!("env.json, providers: used {0} of {0}, 2 decided otherwise", entries.len());
}

fn assert_registered(config: &Config, there: &Value) {
    let [registration] = config.registrations.as_slice() else { panic!("{config:?}") };
    let Credential::Secret(secret) = &registration.credential else { panic!("{registration:?}") };
    assert_eq!(registration.client_id, there["clientId"].as_str().unwrap());
    assert_eq!(secret.expose(), there["clientSecret"].as_str().unwrap());
    let Protocol::OpenIdConnect { issuer, .. } = &registration.provider.protocol else { panic!() };
    match there["issuer"].as_str() {
        Some(theirs) if !theirs.contains("github") => assert_eq!(issuer, theirs),
        Some(_) | None => assert_eq!(issuer, "https://accounts.google.com", "its own"),
    }
}

/// How an entry of `create_action_url` ends here.
enum Address {
    /// The same address; a request that names another host is refused.
    Same,
    /// Whoever asks so is refused: the origin is not theirs to say.
    Refused,
    /// Not started, with this sentence.
    NotStarted(&'static str),
}

const NO_BASE_PATH: &str = "The base path is";

fn ours(id: &str) -> Address {
    match id {
        "host"
        | "env-url"
        | "env-url-with-path"
        | "env-url-path-mismatch"
        | "env-url-path-no-basepath"
        | "nextauth-url" => Address::Same,
        "forwarded"
        | "forwarded-proto-list"
        | "forwarded-host-list"
        | "protocol-with-colon"
        | "no-host" => Address::Refused,
        "basepath-root" | "basepath-trailing-slash" => Address::NotStarted(NO_BASE_PATH),
        _ => panic!("a new entry: {id}"),
    }
}

#[tokio::test]
async fn every_address_follows_the_configuration() {
    let entries = vectors("create_action_url");
    for entry in &entries {
        let id = entry["id"].as_str().unwrap();
        let mut config = config(&entry["env"]).unwrap();
        if let Some(path) = entry["base_path"].as_str() {
            config.base_path = path.to_owned();
        }
        let headers = entry["headers"].as_object().unwrap().iter();
        let headers: Vec<_> =
            headers.map(|(name, value)| (&**name, value.as_str().unwrap())).collect();
        let started = start(config);
        match ours(id) {
            Address::NotStarted(sentence) => {
                assert!(started.unwrap_err().starts_with(sentence), "{id}");
            }
            Address::Refused => {
                let auth = started.unwrap();
                assert_eq!(sign_in_url(&auth, &headers).await, Err(400), "{id}");
                assert!(sign_in_url(&auth, &[("host", "localhost:3000")]).await.is_ok(), "{id}");
            }
            Address::Same => {
                let auth = started.unwrap();
                let shown = sign_in_url(&auth, &[("host", host(&auth))]).await.unwrap();
                let shown = shown
                    .replace("/signin/google", &format!("/{}", entry["action"].as_str().unwrap()));
                assert_eq!(shown, entry["url"].as_str().unwrap(), "{id}");
                let is_named = headers == [("host", host(&auth))];
                assert_eq!(sign_in_url(&auth, &headers).await.is_ok(), is_named, "{id}");
            }
        }
    }
    println!("env.json, create_action_url: used {0} of {0}, 7 decided otherwise", entries.len());
}

/// What stands behind a proxy says so, and then has the address that Auth.js would have found.
#[tokio::test]
async fn behind_a_proxy_that_is_listed_its_forwarded_host_counts() {
    let mut config = Config::new("https://app.example.com", SECRET).unwrap();
    config.trusted_proxies = TrustedProxies::parse("10.0.0.0/8").unwrap();
    let auth = start(config).unwrap();
    let ask = |proxy: [u8; 4]| {
        let request = Request::get("/auth/providers").header("host", "internal:80");
        let request = request
            .header("x-forwarded-host", "app.example.com")
            .header("x-forwarded-proto", "https,http");
        let peer = betancourt_auth::Peer(proxy.into());
        let request = request.extension(peer).body(Bytes::new()).unwrap();
        let auth = auth.clone();
        async move { auth.handle(request).await }
    };
    let answer = ask([10, 0, 0, 7]).await;
    assert_eq!(answer.status(), 200);
    assert!(
        String::from_utf8_lossy(answer.body())
            .contains("\"https://app.example.com/auth/signin/google\"")
    );
    assert_eq!(ask([192, 0, 2, 7]).await.status(), 400);
}
