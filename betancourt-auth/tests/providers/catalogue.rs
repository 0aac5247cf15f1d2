//! What every entry of the catalogue keeps to, and how it is registered from the environment.

use std::fs;
use std::path::Path;

use betancourt_auth::Config;
use betancourt_auth::provider::{CATALOGUE, Protocol};

use crate::recorded;
use crate::sign_in::provider;

/// Providers that Auth.js does not have.
const OURS_ALONE: &[&str] = &["gitea"];

#[test]
fn the_catalogue_is_that_of_auth_js_and_what_is_named_here() {
    let ours: Vec<_> = CATALOGUE.iter().map(|entry| entry.id.to_owned()).collect();
    let theirs = recorded().into_iter().map(|there| there["id"].as_str().unwrap().to_owned());
    let mut known: Vec<_> = theirs.chain(OURS_ALONE.iter().map(|id| (*id).to_owned())).collect();
    known.sort();
    assert_eq!(ours, known, "in the order of their ids, each once");
}

#[test]
fn every_provider_has_a_file_that_leads_to_its_documentation() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("src/provider");
    for entry in CATALOGUE {
        let provider = provider(entry.id);
        assert_eq!(provider.id, entry.id);
        let file = match entry.id {
            // Neither is a name in Rust.
            "42-school" => "school_42".to_owned(),
            "box" => "box_com".to_owned(),
            id => id.replace('-', "_"),
        };
        let text = fs::read_to_string(folder.join(format!("{file}.rs"))).expect(&file);
        let start = format!("//! {}. <https://", provider.name);
        assert!(text.starts_with(&start), "{file}.rs begins with `{start}`");
    }
}

#[test]
fn every_address_is_https() {
    for entry in CATALOGUE {
        let addresses = match provider(entry.id).protocol {
            Protocol::OpenIdConnect { issuer, .. } => vec![issuer],
            Protocol::OAuth2 { authorization, token, documents } => {
                [authorization, token].into_iter().chain(documents).collect()
            }
        };
        assert!(addresses.iter().all(|address| address.starts_with("https://")), "{addresses:?}");
    }
}

#[test]
fn every_provider_comes_from_the_variables_of_auth_js() {
    for there in recorded() {
        let id = there["id"].as_str().unwrap();
        let name = |variable: &str| there["env"][variable].as_str().unwrap().to_owned();
        let [client_id, secret, issuer] = ["client_id", "client_secret", "issuer"].map(name);
        let config = |with_issuer: bool| {
            Config::from_variables(|name| match name {
                "AUTH_SECRET" => Some("a secret of at least 32 characters!!".to_owned()),
                name if name == client_id || name == secret => Some("registered".to_owned()),
                name if name == issuer && with_issuer => Some("https://issuer.example.com".into()),
                _ => None,
            })
        };
        let registered = config(true).unwrap().registrations;
        assert!(registered.iter().map(|registration| &registration.provider.id).eq([id]));
        let entry = CATALOGUE.iter().find(|entry| entry.id == id).unwrap();
        match config(false) {
            Ok(config) => assert!(!entry.needs_address() && config.registrations.len() == 1),
            Err(error) => {
                assert!(entry.needs_address() && error.to_string().contains(&issuer), "{error}");
            }
        }
    }
}
