//! An application that would not be safe, and does not start.

use betancourt_auth::store::MemoryStore;
use betancourt_auth::{Auth, Config, Environment};
use betancourt_auth_dev::{Face, LookAlikes, Setup};

use crate::support::{ANA, Place, World};

const GOOD: &str = "canary-that seals what leaves our hands";

/// What the application says that is set up by these variables: nothing, if it starts.
fn start(variables: &[(&str, &str)]) -> Option<String> {
    let read = |name: &str| {
        let found = variables.iter().find(|(known, _)| *known == name);
        found.map(|(_, value)| (*value).to_owned())
    };
    let config = Config::from_variables(read);
    let started = config.and_then(|config| Auth::new(config, MemoryStore::default()));
    started.err().map(|error| error.to_string())
}

/// Secrets that are none, addresses in clear, and look-alikes where people are.
pub(crate) async fn adapt_06_an_application_that_is_not_safe(place: Place) {
    let production = ("AUTH_URL", "https://app.example.com");
    let google = [("AUTH_GOOGLE_ID", "id"), ("AUTH_GOOGLE_SECRET", "canary-of-google")];
    let [id, secret] = google;
    let refused = |variables: &[(&str, &str)], word: &str| {
        let sentence = start(variables).unwrap_or_else(|| panic!("it starts with {variables:?}"));
        assert!(sentence.contains(word), "{sentence}");
        assert!(!sentence.contains("canary"), "{sentence}");
    };
    for url in [production, ("AUTH_URL", "http://localhost:3000")] {
        refused(&[url, id, secret], "AUTH_SECRET is not set");
        for empty in ["", "  ", "\t"] {
            refused(&[url, id, secret, ("AUTH_SECRET", empty)], "AUTH_SECRET is not set");
        }
        for weak in
            ["secret", "changeme", "0123456789abcdef", "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"]
        {
            refused(&[url, id, secret, ("AUTH_SECRET", weak)], "AUTH_SECRET has fewer than");
        }
        assert_eq!(start(&[url, id, secret, ("AUTH_SECRET", GOOD)]), None);
    }
    // The secret of an example is good enough to try it, and for nothing else.
    let known = ("AUTH_SECRET", "everybody knows the secret of an example");
    refused(&[production, id, secret, known], "AUTH_SECRET is that of an example");
    assert_eq!(start(&[("AUTH_URL", "http://localhost:3000"), id, secret, known]), None);
    let live = [("AUTH_URL", "https://localhost:3000"), ("NODE_ENV", "production")];
    refused(&[live[0], live[1], id, secret, known], "AUTH_SECRET is that of an example");
    assert_eq!(start(&[live[0], live[1], id, secret, ("AUTH_SECRET", GOOD)]), None);
    let sealed = ("AUTH_SECRET", GOOD);
    refused(&[("AUTH_URL", "http://app.example.com"), id, secret, sealed], "https://");
    for variable in ["APP_ENV", "NODE_ENV"] {
        refused(&[(variable, "production"), id, secret, sealed], "https://");
        let issuer = ("AUTH_GOOGLE_ISSUER", "http://127.0.0.1:4455/google");
        refused(&[production, (variable, "production"), id, secret, issuer, sealed], "use https");
        assert_eq!(start(&[id, secret, issuer, sealed]), None);
    }
    look_alikes(place).await;
}

/// Look-alikes do not start where people are, and their registrations are refused there, however they come in.
async fn look_alikes(place: Place) {
    let local = "http://localhost:3000/auth";
    for url in [
        "https://app.example.com/auth",
        "http://192.0.2.1:3000/auth",
        "http://localhost.example.com/auth",
    ] {
        assert!(LookAlikes::start(url).await.is_err(), "{url}");
    }
    for (name, value) in [
        ("APP_ENV", "production"),
        ("NODE_ENV", "production"),
        ("AUTH_URL", "https://app.example.com"),
        ("HOST", "0.0.0.0"),
    ] {
        let environment = [(name.to_owned(), value.to_owned())];
        assert!(Setup::new(local).environment(environment).start().await.is_err(), "{name}");
    }
    let look_alikes = Setup::new(local).environment([]).start().await.unwrap();
    let mut config = Config::new("https://app.example.com", GOOD).unwrap();
    config.registrations = look_alikes.registrations();
    assert_eq!(config.environment, Environment::Production);
    let refused = Auth::new(config.clone(), MemoryStore::default()).unwrap_err().to_string();
    assert!(refused.contains("use https"), "{refused}");
    config.environment = Environment::Development;
    assert!(Auth::new(config, MemoryStore::default()).is_ok(), "the check is what refuses it");
    let world = World::start(place).await;
    world.signed_in(Face::Google, ANA).await;
}
