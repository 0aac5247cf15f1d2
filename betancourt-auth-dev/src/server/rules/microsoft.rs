//! Microsoft: one server, many tenants, and an issuer for each.

use std::sync::Arc;

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use ring::digest::{Context, SHA256};
use serde_json::{Map, Value, json};

use crate::client::Client;
use crate::people::CONSUMER_TENANT;
use crate::person::Person;
use crate::server::grant::Grant;
use crate::server::refusal::Refusal;
use crate::server::rules::openid::{self, object};

/// What stands in the issuer of metadata that serves several tenants, literally.
const ANY_TENANT: &str = "{tenantid}";

/// The people whom a path's tenant admits: `common` everybody, `organizations` those of work
/// tenants, `consumers` personal accounts, a tenant's id its own.
///
/// # Errors
///
/// [`Refusal::UnknownTenant`] for any other word.
pub(crate) fn admitted(people: &[Arc<Person>], tenant: &str) -> Result<Vec<Arc<Person>>, Refusal> {
    let admits = |person: &&Arc<Person>| match tenant {
        "common" => true,
        "organizations" => !is_consumer(person),
        "consumers" => is_consumer(person),
        id => home_tenant(person) == id,
    };
    let admitted: Vec<_> = people.iter().filter(admits).cloned().collect();
    if admitted.is_empty() { Err(Refusal::UnknownTenant) } else { Ok(admitted) }
}

/// The tenant an account lives in; without one, that of personal accounts.
pub(crate) fn home_tenant(person: &Person) -> &str {
    person.tenant.as_deref().unwrap_or(CONSUMER_TENANT)
}

pub(crate) fn is_consumer(person: &Person) -> bool {
    home_tenant(person) == CONSUMER_TENANT
}

/// The issuer of one tenant's tokens.
pub(crate) fn issuer(base: &str, tenant: &str) -> String {
    format!("{base}/{tenant}/v2.0")
}

/// The issuer that the metadata of a path's tenant names: personal accounts have exactly one.
pub(crate) fn issuer_of_metadata(base: &str, tenant: &str) -> String {
    match tenant {
        "common" | "organizations" => issuer(base, ANY_TENANT),
        "consumers" => issuer_of_consumers(base),
        id => issuer(base, id),
    }
}

/// The issuer of personal accounts' tokens.
pub(crate) fn issuer_of_consumers(base: &str) -> String {
    issuer(base, CONSUMER_TENANT)
}

/// The subject as this client alone sees it (OpenID Connect Core §8.1).
pub(crate) fn pairwise_subject(client_id: &str, person: &Person) -> String {
    let mut hash = Context::new(&SHA256);
    for part in [client_id, "\0", home_tenant(person), "\0", &person.subject] {
        hash.update(part.as_bytes());
    }
    URL_SAFE_NO_PAD.encode(hash.finish())
}

pub(crate) fn metadata(client: &Client, tenant: &str) -> Value {
    let issuer = issuer_of_metadata(client.base(), tenant);
    let mut metadata = openid::metadata(&issuer, &client.endpoints_of_tenant(tenant));
    metadata.extend(object(json!({
        "response_modes_supported": ["query", "form_post"],
        "subject_types_supported": ["pairwise"],
        "scopes_supported": ["openid", "profile", "email", "offline_access"],
        "token_endpoint_auth_methods_supported": ["client_secret_post", "client_secret_basic"],
        "claims_supported": [
            "aud", "email", "exp", "iat", "iss", "name", "nonce", "oid", "preferred_username",
            "sub", "tid", "ver", "xms_edov",
        ],
        "authorization_response_iss_parameter_supported": true,
        "end_session_endpoint": format!("{}/{tenant}/oauth2/v2.0/logout", client.base()),
    })));
    Value::Object(metadata)
}

/// What the ID token says beyond the standard claims. There is no `email_verified`: `xms_edov`
/// says whether the owner of the domain vouches for the address.
pub(crate) fn claims(grant: &Grant) -> Map<String, Value> {
    let person = &grant.person;
    let mut claims = object(json!({
        "ver": "2.0",
        "tid": home_tenant(person),
        "oid": person.subject,
    }));
    if grant.authorization.has_scope("profile") {
        claims.insert("name".to_owned(), person.name().into());
        claims.insert("preferred_username".to_owned(), user_name(person).into());
    }
    if let (true, Some(email)) = (grant.authorization.has_scope("email"), &person.email) {
        claims.insert("email".to_owned(), email.address.clone().into());
        claims.insert("xms_edov".to_owned(), email.verified.into());
    }
    claims
}

/// What UserInfo says beyond the subject.
pub(crate) fn profile(client: &Client, grant: &Grant) -> Map<String, Value> {
    let person = &grant.person;
    let mut profile = Map::new();
    if grant.authorization.has_scope("profile") {
        profile.extend(object(json!({
            "name": person.name(),
            "given_name": person.given_name,
            "family_name": person.family_name,
            "picture": client.picture(person),
        })));
    }
    if let (true, Some(email)) = (grant.authorization.has_scope("email"), &person.email) {
        profile.insert("email".to_owned(), email.address.clone().into());
    }
    profile
}

/// An account without a mailbox still has a name to sign in with.
fn user_name(person: &Person) -> String {
    match &person.email {
        Some(email) => email.address.clone(),
        None => format!("{}@onmicrosoft.example", person.subject),
    }
}
