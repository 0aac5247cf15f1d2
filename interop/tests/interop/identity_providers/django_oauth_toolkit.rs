//! `django-oauth-toolkit`: an issuer with a path, endpoints that end with a slash, no `iss`, numbers for subjects, claims
//! in the ID token alone, and a database that outlives it.

use std::path::Path;
use std::process::Command;

use betancourt_auth::ErrorKind;
use betancourt_auth::provider::{Algorithm, ClientAuthentication, Registration, oidc};
use serde_json::{Value, json};
use url::Url;

use super::address::with;
use super::folder::Folder;
use super::house::{House, Keeping, callback};
use super::person::{Person, problem};
use crate::app::{BASE_PATH, free_origin, free_port};
use crate::program::Program;
use crate::tools;
use crate::user_agent::{Page, Step};

const SECRET: &str = "50 % of this: a+b/c=d & é, which is no secret";
const PASSWORD: &str = "a password, which is no secret";

/// Who is known there: a name to sign in with, and the name that is told.
const PEOPLE: [(&str, &str); 2] = [("ana", "Ana Restrepo"), ("eva", "Eva Prada")];

/// An application of ours and the provider.
struct Stage {
    house: House,
    python: &'static Path,
    told: Value,
    program: Option<Program>,
    _folder: Folder,
}

impl Stage {
    /// Both, where our application is registered in several ways. `None`: something is missing, and that has been said.
    async fn open(keeping: Keeping) -> Option<Self> {
        let python = tools::python_with_django_oauth_toolkit()?;
        let (origin, port, folder) = (free_origin(), free_port(), Folder::new());
        let client = |id: &str, more: Value| {
            let mut client = json!({
                "client_id": id,
                "client_secret": SECRET,
                "client_type": "confidential",
                "authorization_grant_type": "authorization-code",
                "algorithm": "RS256",
                "redirect_uris": callback(&origin, id),
                "post_logout_redirect_uris": format!("{origin}{BASE_PATH}/signed-out"),
            });
            let Value::Object(more) = more else { panic!("no object") };
            client.as_object_mut().unwrap().extend(more);
            client
        };
        let clients = [
            client("on", json!({})),
            client("basic", json!({})),
            client("post", json!({})),
            client("public", json!({ "client_type": "public" })),
            client("shared", json!({ "algorithm": "HS256", "hash_client_secret": false })),
            client("wrong", json!({ "client_secret": "a secret that we were not told" })),
        ];
        let people = PEOPLE.map(|(username, name)| {
            let email = format!("{username}@provider.example");
            json!({ "username": username, "password": PASSWORD, "first_name": name, "email": email })
        });
        let told = json!({
            "port": port, "folder": folder.path(), "key": "first", "clients": clients, "people": people,
        });
        let registrations = registrations(&format!("http://127.0.0.1:{port}/o"));
        let house = House::open(origin, keeping, registrations).await;
        let mut stage = Self { house, python, told, program: None, _folder: folder };
        stage.start_provider();
        Some(stage)
    }

    fn start_provider(&mut self) {
        let program = "identity-providers/django-oauth-toolkit/provider.py";
        let mut command = Command::new(self.python);
        command.arg(Path::new(tools::FOLDER).join(program));
        self.program = Some(Program::start_with(&mut command, Some(&self.told)));
    }

    /// Stops the provider, and starts it on what it left behind, with another key.
    fn restart_provider(&mut self, key: &str) {
        self.program = None;
        self.told["key"] = key.into();
        self.start_provider();
    }

    fn somebody(&self) -> Person {
        Person::at(self.house.origin())
    }

    async fn signs_in(&self, person: &mut Person, variant: &str, username: &str) {
        let page = asked(person, variant, username).await;
        let page = person.browser.submit(&page, &[("allow", "Authorize")]).await;
        self.house.is_home(&page);
        assert_eq!(person.is_known_as().await, known(username));
    }
}

/// Our side of it.
fn registrations(issuer: &str) -> Vec<Registration> {
    let provider = |id: &'static str| oidc(id, "The provider", issuer.to_owned());
    let post = provider("post").with_client_authentication(ClientAuthentication::Post);
    let mut on = Registration::new(provider("on"), "on", SECRET);
    on.sign_out_at_provider = true;
    vec![
        on,
        Registration::new(provider("basic"), "basic", SECRET),
        Registration::new(post, "post", SECRET),
        Registration::public(provider("public"), "public"),
        Registration::new(
            provider("shared").with_algorithms(&[Algorithm::Hs256]),
            "shared",
            SECRET,
        ),
        Registration::new(provider("wrong"), "wrong", SECRET),
    ]
}

/// Goes as far as the page that asks for a password.
async fn at_the_door(person: &mut Person, authorize: &Url) -> Page {
    let page = person.browser.open(authorize).await;
    assert_eq!(page.url.path(), "/login/", "{page:?}");
    page
}

/// Signs in there, and goes as far as the page that asks whether our application may know who somebody is.
async fn asked(person: &mut Person, variant: &str, username: &str) -> Page {
    let to = person.begin(variant).await;
    let page = at_the_door(person, &to).await;
    enter(person, &page, username).await
}

async fn enter(person: &mut Person, page: &Page, username: &str) -> Page {
    let fields = [("username", username), ("password", PASSWORD)];
    let page = person.browser.submit(page, &fields).await;
    assert_eq!(page.url.path(), "/o/authorize/", "{page:?}");
    page
}

/// Goes as far as the address with the code, without opening it.
async fn sent_back(person: &mut Person, variant: &str, username: &str) -> Url {
    let page = asked(person, variant, username).await;
    let step = person.browser.press(&page, &[("allow", "Authorize")]).await;
    person.until_sent_back(step, variant).await
}

fn known(username: &str) -> Option<(String, String)> {
    let (_, name) = PEOPLE.into_iter().find(|(known, _)| *known == username)?;
    Some((name.to_owned(), format!("{username}@provider.example")))
}

async fn each_way_to_be_registered_signs_in(variants: &[&str], keeping: Keeping) {
    let Some(stage) = Stage::open(keeping).await else { return };
    for (variant, (username, _)) in variants.iter().zip(PEOPLE) {
        stage.signs_in(&mut stage.somebody(), variant, username).await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn signs_in_with_a_secret_in_the_header_and_with_one_in_the_body() {
    each_way_to_be_registered_signs_in(&["basic", "post"], Keeping::Memory).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn signs_in_without_a_secret_and_with_tokens_under_the_secret() {
    each_way_to_be_registered_signs_in(&["public", "shared"], Keeping::Sqlite).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn refuses_a_wrong_secret_a_request_without_pkce_and_who_cancels() {
    let Some(stage) = Stage::open(Keeping::Memory).await else { return };
    let mut person = stage.somebody();
    let to = person.begin("basic").await;
    let without = with(&with(&to, "code_challenge", None), "code_challenge_method", None);
    let page = at_the_door(&mut person, &without).await;
    let refused =
        person.browser.submit(&page, &[("username", "ana"), ("password", PASSWORD)]).await;
    assert_eq!(problem(&refused).as_deref(), Some("OAuthCallbackError"), "{refused:?}");

    let mut person = stage.somebody();
    let page = asked(&mut person, "wrong", "ana").await;
    let refused = person.browser.submit(&page, &[("allow", "Authorize")]).await;
    assert_eq!(problem(&refused).as_deref(), Some("OAuthCallbackError"), "{refused:?}");

    let mut person = stage.somebody();
    let page = asked(&mut person, "basic", "ana").await;
    let refused = person.browser.submit(&page, &[]).await; // the button Cancel has no name
    assert_eq!(problem(&refused).as_deref(), Some("OAuthCallbackError"), "{refused:?}");
    assert_eq!(person.is_known_as().await, None);

    stage.signs_in(&mut stage.somebody(), "basic", "ana").await;
}

/// It keeps what it knows in a database, so whoever is half way goes on; and it signs with a key that we have not seen.
#[tokio::test(flavor = "multi_thread")]
async fn is_restarted_with_another_key_while_somebody_is_half_way() {
    let Some(mut stage) = Stage::open(Keeping::Sqlite).await else { return };
    stage.signs_in(&mut stage.somebody(), "basic", "ana").await;
    let (mut enters, mut returns) = (stage.somebody(), stage.somebody());
    let to = enters.begin("basic").await;
    let door = at_the_door(&mut enters, &to).await;
    let back = sent_back(&mut returns, "basic", "eva").await;
    stage.restart_provider("second");

    stage.house.is_home(&returns.browser.open(&back).await);
    assert_eq!(returns.is_known_as().await, known("eva"));
    let page = enter(&mut enters, &door, "ana").await;
    stage.house.is_home(&enters.browser.submit(&page, &[("allow", "Authorize")]).await);
    assert_eq!(enters.is_known_as().await, known("ana"));
}

/// Each access token lives a minute, so each is due at once; each refresh token is taken once.
#[tokio::test(flavor = "multi_thread")]
async fn gives_access_again_and_again() {
    let Some(mut stage) = Stage::open(Keeping::Sqlite).await else { return };
    stage.signs_in(&mut stage.somebody(), "basic", "ana").await;
    let user = stage.house.user("ana@provider.example").await;
    let auth = stage.house.auth();
    let first = auth.access_token(&user, "basic").await.unwrap();
    let second = auth.access_token(&user, "basic").await.unwrap();
    assert_ne!(first.token.expose(), second.token.expose());

    stage.program = None;
    let refused = auth.access_token(&user, "basic").await.unwrap_err();
    assert_eq!(refused.kind(), ErrorKind::ProviderUnreachable);
}

#[tokio::test(flavor = "multi_thread")]
async fn who_signs_out_here_is_sent_on_to_sign_out_there() {
    let Some(stage) = Stage::open(Keeping::Sqlite).await else { return };
    let mut person = stage.somebody();
    stage.signs_in(&mut person, "on", "ana").await;
    let Step::Go(asks) = person.post("/signout").await else { panic!("nobody is sent on") };
    let page = person.browser.open(&asks).await;
    assert_eq!(page.url.path(), "/o/logout/", "{page:?}");
    assert_eq!(person.is_known_as().await, None, "out here, whatever happens there");
    stage.house.is_home(&person.browser.submit(&page, &[("allow", "Logout")]).await);
    stage.signs_in(&mut person, "on", "ana").await; // asked for the password, so out there, too
}
