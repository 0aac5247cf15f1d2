//! The list of providers in the reference is made from the catalogue, and each section says what the code says.
//!
//! `BETANCOURT_WRITE=1 cargo test -p betancourt-docs --test providers` writes the list anew.
#![cfg(test)]

use std::fmt::Write as _;
use std::fs;
use std::path::Path;

use betancourt_auth::provider::{CATALOGUE, Entry, Protocol, Provider};

const BEGIN: &str =
    "<!-- The list is made from the catalogue: see docs/tests/providers.rs. -->\n\n";
const END: &str = "\n<!-- The end of the list. -->\n";

fn page() -> (std::path::PathBuf, String) {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("src/reference/providers.md");
    let page = fs::read_to_string(&path).unwrap();
    (path, page)
}

fn provider(entry: &Entry) -> Provider {
    let address = entry.needs_address().then_some("https://id.example.com");
    entry.provider(address).unwrap()
}

fn list() -> String {
    let mut list = String::from(
        "| provider | callback path | variables | speaks | scopes | who people are, and what is proven |\n\
         | --- | --- | --- | --- | --- | --- |\n",
    );
    for entry in CATALOGUE {
        let provider = provider(entry);
        let (documentation, about) = told(entry.id);
        let variable = format!("AUTH_{}", entry.id.to_uppercase().replace('-', "_"));
        let mut variables = format!("`{variable}_ID`, `{variable}_SECRET`");
        if entry.needs_address() {
            write!(variables, ", `{variable}_ISSUER`").unwrap();
        }
        let scopes = match provider.scopes.join(" ") {
            none if none.is_empty() => String::new(),
            scopes => format!("`{scopes}`"),
        };
        writeln!(
            list,
            "| [{}]({documentation}) | `/callback/{}` | {variables} | {} | {scopes} | {about} |",
            provider.name,
            entry.id,
            speaks(&provider)
        )
        .unwrap();
    }
    list
}

fn speaks(provider: &Provider) -> &'static str {
    match provider.protocol {
        Protocol::OpenIdConnect { .. } => "OpenID Connect",
        Protocol::OAuth2 { .. } => "OAuth 2",
    }
}

/// What the provider's file says: where its documentation is, and the first paragraph about it.
fn told(id: &str) -> (String, String) {
    let file = match id {
        "42-school" => "school_42".to_owned(),
        "box" => "box_com".to_owned(),
        id => id.replace('-', "_"),
    };
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../betancourt-auth/src/provider");
    let text = fs::read_to_string(folder.join(format!("{file}.rs"))).unwrap();
    let documentation = text.split(['<', '>']).nth(1).unwrap().to_owned();
    let before = text.split(&format!("pub fn {file}(")).next().unwrap();
    let about = before.lines().rev().skip_while(|line| !line.starts_with("///"));
    let mut about: Vec<_> = about.map_while(|line| line.strip_prefix("///")).collect();
    about.reverse();
    let paragraph: Vec<_> = about.into_iter().take_while(|line| !line.is_empty()).collect();
    (documentation, without_links(paragraph.concat().trim()))
}

/// The text with the names of linked items in place of the links.
fn without_links(text: &str) -> String {
    let mut parts = text.split("[`");
    let mut plain = parts.next().unwrap().to_owned();
    for part in parts {
        let (name, rest) = part.split_once("`]").unwrap();
        let rest = rest
            .strip_prefix('(')
            .and_then(|rest| rest.split_once(')'))
            .map_or(rest, |(_, rest)| rest);
        let rest = rest.strip_prefix(')').unwrap_or(rest);
        write!(plain, "`{name}`{rest}").unwrap();
    }
    plain
}

#[test]
fn the_list_of_providers_is_the_catalogue() {
    let (path, page) = page();
    let (before, rest) = page.split_once(BEGIN).unwrap();
    let (told, after) = rest.split_once(END).unwrap();
    let known = list();
    if std::env::var_os("BETANCOURT_WRITE").is_some() {
        fs::write(path, format!("{before}{BEGIN}{known}{END}{after}")).unwrap();
    } else {
        assert!(told == known, "stale: write it anew with BETANCOURT_WRITE=1");
    }
}

#[test]
fn a_section_about_a_provider_says_what_the_code_says() {
    let (_, page) = page();
    let mut sections = 0;
    for provider in CATALOGUE.iter().map(provider) {
        let Some(section) = page.split(&format!("## {}\n", provider.name)).nth(1) else { continue };
        let section = section.split("\n## ").next().unwrap();
        let mut scopes = provider.scopes.clone();
        scopes.sort();
        let said = section.split("scope").nth(1).unwrap().split('`').nth(1).unwrap();
        let mut said: Vec<_> = said.split(' ').collect();
        said.sort_unstable();
        assert_eq!(said, scopes, "the scopes of {}", provider.name);
        assert!(section.contains(speaks(&provider)), "how {} speaks", provider.name);
        sections += 1;
    }
    assert!(sections >= 4, "the four of the site have sections");
}
