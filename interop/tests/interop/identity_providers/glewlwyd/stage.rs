//! An application of ours and Glewlwyd, and people who are known there.

use betancourt_auth::provider::{ClientAuthentication, Provider, Registration, oidc};
use http::{Method, StatusCode};
use serde_json::{Value, json};
use url::Url;

use super::provider::{Glewlwyd, KINDS};
use crate::app::{BASE_PATH, free_origin};
use crate::identity_providers::house::{House, Keeping, callback};
use crate::identity_providers::person::Person;
use crate::tools;
use crate::user_agent::{Page, Step};

/// What is not decoded has to be of letters that need no encoding.
pub(super) const PLAIN: &str = "letters-and-digits";
/// What is decoded may be of any.
const ANY: &str = "50 % of this: a+b/c=d & é, which is no secret";
const PASSWORD: &str = "a password, which is no secret";

const PEOPLE: [(&str, &str); 4] =
    [("ana", "Ana Restrepo"), ("eva", "Eva Prada"), ("luz", "Luz Duarte"), ("pia", "Pía Gómez")];

/// A client: its id, the issuer where it signs people in, and how our side is told of it.
pub(super) struct Client {
    pub(super) id: &'static str,
    pub(super) issuer: &'static str,
    pub(super) ours: Box<dyn Fn(Provider) -> Registration>,
    pub(super) theirs: Value,
}

impl Client {
    /// With a secret of plain letters in the header, at an issuer.
    pub(super) fn at(issuer: &'static str) -> Self {
        let ours = |provider: Provider| {
            let id = provider.id.to_string();
            Registration::new(provider, id, PLAIN)
        };
        Self { id: issuer, issuer, ours: Box::new(ours), theirs: json!({ "password": PLAIN }) }
    }

    /// With a secret of any letters in the body.
    pub(super) fn by_post() -> Self {
        let ours = |provider: Provider| {
            let provider = provider.with_client_authentication(ClientAuthentication::Post);
            Registration::new(provider, "post", ANY)
        };
        Self {
            id: "post",
            issuer: "rs256",
            ours: Box::new(ours),
            theirs: json!({ "password": ANY }),
        }
    }

    /// With a secret of any letters in the header, where it has to be encoded (RFC 6749 §2.3.1).
    pub(super) fn by_encoded_header() -> Self {
        let ours = |provider| Registration::new(provider, "encoded", ANY);
        Self {
            id: "encoded",
            issuer: "rs256",
            ours: Box::new(ours),
            theirs: json!({ "password": ANY }),
        }
    }

    /// Whose people are sent on to sign out there.
    pub(super) fn on() -> Self {
        let ours = |provider| {
            let mut registration = Registration::new(provider, "on", PLAIN);
            registration.sign_out_at_provider = true;
            registration
        };
        Self {
            id: "on",
            issuer: "es256",
            ours: Box::new(ours),
            theirs: json!({ "password": PLAIN }),
        }
    }

    /// Without a secret.
    pub(super) fn public() -> Self {
        let ours = |provider| Registration::public(provider, "public");
        Self {
            id: "public",
            issuer: "rs256",
            ours: Box::new(ours),
            theirs: json!({ "confidential": false }),
        }
    }

    fn at_theirs(&self, origin: &str) -> Value {
        let mut client = json!({
            "client_id": self.id,
            "name": self.id,
            "enabled": true,
            "confidential": true,
            "redirect_uri": [callback(origin, self.id)],
            "post_logout_redirect_uris": format!("{origin}{BASE_PATH}/signed-out"),
            "backchannel_logout_uri": format!("{origin}{BASE_PATH}/backchannel-logout/{}", self.id),
            "authorization_type": ["code", "refresh_token"],
            "token_endpoint_auth_method": ["client_secret_basic", "client_secret_post"],
        });
        let Value::Object(more) = self.theirs.clone() else { panic!("no object") };
        client.as_object_mut().unwrap().extend(more);
        client
    }
}

pub(super) struct Stage {
    pub(super) house: House,
    pub(super) glewlwyd: Glewlwyd,
}

impl Stage {
    /// Both, with these clients. `None`: something is missing, and that has been said.
    pub(super) async fn open(keeping: Keeping, clients: &[Client]) -> Option<Self> {
        let glewlwyd = Glewlwyd::start(tools::glewlwyd()?);
        let origin = free_origin();
        let mut administrator = glewlwyd.administrator().await;
        for scope in ["profile", "email"] {
            let scope = json!({ "name": scope, "display_name": scope, "password_required": false, "scheme": {} });
            administrator.add("scope", &scope).await;
        }
        for kind in
            KINDS.iter().filter(|kind| clients.iter().any(|client| client.issuer == kind.name))
        {
            administrator.open(*kind).await;
        }
        for client in clients {
            administrator.add("client", &client.at_theirs(&origin)).await;
        }
        for (username, name) in PEOPLE {
            let person = json!({
                "username": username, "name": name, "email": address(username), "password": PASSWORD,
                "enabled": true, "scope": ["openid", "profile", "email"],
            });
            administrator.add("user", &person).await;
        }
        let registrations = clients.iter().map(|client| {
            let provider = oidc(client.id, "Glewlwyd", glewlwyd.issuer(client.issuer));
            (client.ours)(provider)
        });
        let house = House::open(origin, keeping, registrations.collect()).await;
        Some(Self { house, glewlwyd })
    }

    pub(super) fn somebody(&self) -> Person {
        Person::at(self.house.origin())
    }

    /// Signs somebody in, and makes sure who that is.
    pub(super) async fn signs_in(&self, person: &mut Person, client: &str, username: &str) {
        let page = self.arrives(person, client, username).await;
        self.house.is_home(&page);
        assert_eq!(person.is_known_as().await, known(username));
    }

    /// Goes the whole way, to wherever it leads.
    pub(super) async fn arrives(&self, person: &mut Person, client: &str, username: &str) -> Page {
        let to = person.begin(client).await;
        let step = self.agree(person, &to, client, username).await;
        person.browser.follow(step).await
    }

    /// Does on the provider's page what its script does: says who somebody is, and what they share.
    pub(super) async fn agree(
        &self,
        person: &mut Person,
        to: &Url,
        client: &str,
        username: &str,
    ) -> Step {
        let door = person.browser.open(to).await;
        assert_eq!(door.url.path(), "/login.html", "{door:?}");
        let known = json!({ "username": username, "password": PASSWORD });
        self.call(person, Method::POST, "/auth/", &known).await;
        let shared = json!({ "scope": "openid profile email" });
        self.call(person, Method::PUT, &format!("/auth/grant/{client}"), &shared).await;
        let mut on = to.clone();
        on.query_pairs_mut().append_key_only("g_continue");
        person.browser.step(&on).await
    }

    pub(super) async fn call(&self, person: &mut Person, method: Method, path: &str, what: &Value) {
        let page = person.browser.call(method, &self.glewlwyd.url(path), what).await;
        assert_eq!(page.status, StatusCode::OK, "{path}: {page:?}");
    }
}

pub(super) fn address(username: &str) -> String {
    format!("{username}@provider.example")
}

/// What our server knows of somebody there.
pub(super) fn known(username: &str) -> Option<(String, String)> {
    let (_, name) = PEOPLE.into_iter().find(|(known, _)| *known == username)?;
    Some((name.to_owned(), address(username)))
}
