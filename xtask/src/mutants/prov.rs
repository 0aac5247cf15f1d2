//! Mutations of the checks on what is peculiar to a provider: its tenants, its addresses, its ids.

use super::mutation::Mutation;

const APPLE: &str = "betancourt-auth/src/provider/apple.rs";
const CLIENT: &str = "betancourt-auth/src/client/mod.rs";
const DOCUMENT: &str = "betancourt-auth/src/client/document.rs";
const FACEBOOK: &str = "betancourt-auth/src/provider/facebook.rs";
const GITHUB: &str = "betancourt-auth/src/provider/github.rs";
const GOOGLE: &str = "betancourt-auth/src/provider/google.rs";
const ID_TOKEN: &str = "betancourt-auth/src/client/id_token.rs";
const MICROSOFT: &str = "betancourt-auth/src/provider/microsoft_entra_id.rs";
const PERSON: &str = "betancourt-auth/src/client/profile.rs";
const PROFILE: &str = "betancourt-auth/src/provider/profile.rs";

const FORM: &str =
    "profile.name = profile.name.or_else(|| profile::name_in_form(&checked.attempt().answer));";

/// The mutations of the group PROV.
pub(crate) fn mutations() -> Vec<Mutation> {
    [microsoft(), google(), apple(), facebook(), github(), catalogue()].concat()
}

fn microsoft() -> Vec<Mutation> {
    let made_up = "memory::prov_02_an_address_that_a_tenant_made_up";
    vec![
        Mutation::new(
            "PROV-01",
            "memory::prov_01_a_token_of_another_tenant",
            "a token may name any tenant",
        )
        .edit(
            ID_TOKEN,
            "let ours = names_tenant && of_tenant",
            "let ours = true || names_tenant && of_tenant",
        ),
        Mutation::new("PROV-02", made_up, "an address is proven by standing there").edit(
            MICROSOFT,
            "email.map(if domain_owner_verified {",
            "email.map(if domain_owner_verified || true {",
        ),
        Mutation::new("PROV-02", made_up, "whatever is said of the domain counts").edit(
            MICROSOFT,
            ".is_some_and(|said| [json!(true), json!(1), json!(\"1\")].contains(said));",
            ".is_some_and(|said| *said != json!(null));",
        ),
        Mutation::new(
            "PROV-03",
            "memory::prov_03_somebody_of_another_tenant",
            "people of every tenant may come in",
        )
        .edit(
            ID_TOKEN,
            "tenants.iter().any(|admitted| admitted == tenant)",
            "tenants.iter().any(|admitted| admitted == tenant || true)",
        ),
    ]
}

fn google() -> Vec<Mutation> {
    let stripped = "memory::prov_04_a_domain_that_was_stripped";
    let check = "Quirk::HostedDomain(domain) => text(claims, \"hd\") == Some(domain),";
    vec![
        Mutation::new("PROV-04", stripped, "an account without a domain may come in").edit(
            ID_TOKEN,
            check,
            "Quirk::HostedDomain(domain) => text(claims, \"hd\").is_none_or(|hd| *hd == **domain),",
        ),
        Mutation::new("PROV-04", stripped, "a domain need only begin as it should").edit(
            ID_TOKEN,
            check,
            "Quirk::HostedDomain(domain) => text(claims, \"hd\").is_some_and(|hd| hd.starts_with(&**domain)),",
        ),
        Mutation::new(
            "PROV-05",
            "memory::prov_05_an_address_that_google_does_not_run",
            "what Google checked once is proven for ever",
        )
        .edit(
            GOOGLE,
            "if is_gmail || text(claims, \"hd\").is_some() {",
            "if is_gmail || text(claims, \"hd\").is_some() || true {",
        ),
    ]
}

fn apple() -> Vec<Mutation> {
    let edited = "memory::prov_06_an_edited_form";
    vec![
        Mutation::new("PROV-06", edited, "the address of the form counts").edit(
            CLIENT,
            FORM,
            "profile.name = profile.name.or_else(|| profile::name_in_form(&checked.attempt().answer));
        let form = checked.attempt().answer.last(\"user\").unwrap_or_default();
        let form: Value = serde_json::from_str(form).unwrap_or_default();
        profile.email = form[\"email\"].as_str().map(|email| Email::Verified(email.into())).or(profile.email);",
        ),
        Mutation::new("PROV-06", edited, "a name stands as it was written").edit(
            PERSON,
            "name.trim().chars().filter(harmless)",
            "name.trim().chars().filter(|letter| harmless(letter) || true)",
        ),
        Mutation::new(
            "PROV-07",
            "memory::prov_07_an_apple_account_without_its_address",
            "whoever has the address is the person",
        )
        .edit(
            APPLE,
            "subject: text(claims, \"sub\")?,",
            "subject: text(claims, \"email\").or_else(|| text(claims, \"sub\"))?,",
        ),
    ]
}

fn facebook() -> Vec<Mutation> {
    let proves = "memory::prov_09_a_facebook_address_proves_nothing";
    vec![
        Mutation::new("PROV-09", proves, "an address of Facebook's is proven").edit(
            FACEBOOK,
            "email: text(person, \"email\").map(Email::Unverified),",
            "email: text(person, \"email\").map(Email::Verified),",
        ),
        Mutation::new("PROV-09", proves, "no call has the app's proof").edit(
            DOCUMENT,
            "if let (true, Credential::Secret(secret)) =",
            "if let (false, Credential::Secret(secret)) =",
        ),
    ]
}

fn github() -> Vec<Mutation> {
    let public = "memory::prov_10_a_public_address_and_a_name_used_again";
    vec![
        Mutation::new("PROV-10", public, "a public address is proven").edit(
            GITHUB,
            "email: listed.or_else(|| public.map(Email::Unverified)),",
            "email: listed.or_else(|| public.map(Email::Verified)),",
        ),
        Mutation::new("PROV-10", public, "whoever has the name is the person").edit(
            GITHUB,
            "subject: identifier(person, \"id\")?,",
            "subject: text(person, \"login\")?,",
        ),
    ]
}

fn catalogue() -> Vec<Mutation> {
    let known_by = "memory::prov_11_what_entries_know_people_by";
    vec![
        Mutation::new("PROV-11", known_by, "people are known by what they call themselves").edit(
            PROFILE,
            "subject: identifier(claims, \"sub\").or_else(|| identifier(claims, \"id\"))?,",
            "subject: identifier(claims, \"preferred_username\").or_else(|| identifier(claims, \"sub\"))?,",
        ),
        Mutation::new("PROV-11", known_by, "one more entry goes without PKCE").edit(
            GITHUB,
            ".with_scopes(&[\"read:user\", \"user:email\"]);",
            ".with_scopes(&[\"read:user\", \"user:email\"]).with_quirk(super::Quirk::NoPkce);",
        ),
    ]
}
