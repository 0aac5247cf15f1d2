//! The accounts somebody signs in with: `me/accounts`, and unlinking.

use std::sync::{Arc, Mutex};

use async_trait::async_trait;
use betancourt_auth::hook::Events;
use betancourt_auth::mailer::{Mail, MailError, Mailer};
use betancourt_auth::provider::EmailProvider;
use betancourt_auth::{Account, AuditKind, ErrorKind, Strategy, User};
use betancourt_auth_dev::Face;
use betancourt_auth_sqlx::SqlStore;
use http::{HeaderMap, StatusCode};
use serde_json::{Value, json as object};
use time::Duration;

use crate::support::{APP, STRATEGIES, World, assert_refused, json};

const ACCOUNTS: &str = "/auth/me/accounts";
const UNLINK: &str = "/auth/me/accounts/unlink";

/// Listens for what goes.
#[derive(Debug, Default)]
struct Listener(Mutex<Vec<String>>);

#[async_trait]
impl Events for Listener {
    async fn unlink_account(&self, _: &User, account: &Account) {
        self.0.lock().unwrap().push(account.key.provider.clone());
    }
}

/// Mail that nobody reads.
#[derive(Debug)]
struct Nowhere;

#[async_trait]
impl Mailer for Nowhere {
    async fn send(&self, _: &Mail) -> Result<(), MailError> {
        Ok(())
    }
}

async fn accounts(world: &mut World) -> Vec<Value> {
    let answer = world.get(ACCOUNTS).await;
    assert_eq!(answer.status(), StatusCode::OK);
    json(&answer)["accounts"].as_array().unwrap().clone()
}

/// The id of an account, by its provider.
async fn id_of(world: &mut World, provider: &str) -> String {
    let accounts = accounts(world).await;
    let account = accounts.iter().find(|account| account["provider"] == provider).unwrap();
    account["id"].as_str().unwrap().to_owned()
}

/// Parts with an account, and says what came of it.
async fn unlink(world: &mut World, id: &str) -> (StatusCode, Value) {
    let answer = world.post_json(UNLINK, object!({ "id": id })).await;
    (answer.status(), json(&answer))
}

#[tokio::test]
async fn accounts_are_shown_without_anything_secret() {
    for strategy in STRATEGIES {
        let mut world = World::start(strategy).await;
        world.sign_in(Face::Google).await;
        let [google] = accounts(&mut world).await.try_into().unwrap();
        let members: Vec<_> = google.as_object().unwrap().keys().map(String::as_str).collect();
        assert_eq!(members, ["id", "provider", "name", "email", "type", "linkedAt", "canUnlink"]);
        assert_eq!(google["name"], "Google");
        assert_eq!(google["type"], "oidc");
        assert_eq!(google["canUnlink"], false, "it is the only way in");
        assert!(google["linkedAt"].as_str().unwrap().ends_with('Z'));

        world.sign_in(Face::Facebook).await;
        let all = accounts(&mut world).await;
        let providers: Vec<_> = all.iter().map(|account| &account["provider"]).collect();
        assert_eq!(providers, ["google", "facebook"], "oldest first");
        assert!(all.iter().all(|account| account["canUnlink"] == true));
    }
}

#[tokio::test]
async fn an_account_goes_and_the_last_one_stays() {
    for strategy in STRATEGIES {
        let listener = Arc::new(Listener::default());
        let events = listener.clone();
        let mut world = World::with(strategy, |config| config.events = events).await;
        world.sign_in(Face::Google).await;
        world.sign_in(Face::Facebook).await;
        let (google, facebook) =
            (id_of(&mut world, "google").await, id_of(&mut world, "facebook").await);

        let (status, left) = unlink(&mut world, &google).await;
        assert_eq!(status, StatusCode::OK);
        assert_eq!(left["accounts"].as_array().unwrap().len(), 1);
        assert_eq!(left["accounts"][0]["canUnlink"], false);
        assert_eq!(*listener.0.lock().unwrap(), ["google"]);
        let event = world.auth.store().audit_log(1).await.unwrap().remove(0);
        assert_eq!(event.kind, AuditKind::AccountUnlinked);
        assert_eq!(event.provider.as_deref(), Some("google"));
        assert_eq!(event.network.as_deref(), Some("203.0.113.0"));

        for (id, status, error) in [
            (facebook.as_str(), StatusCode::CONFLICT, "LastWayIn"),
            (google.as_str(), StatusCode::NOT_FOUND, "NotFound"),
            ("", StatusCode::NOT_FOUND, "NotFound"),
        ] {
            let refused = (status, object!({ "error": error }));
            assert_eq!(unlink(&mut world, id).await, refused, "{id}");
        }
        assert!(world.session().await.is_object(), "the session goes on");
    }
}

#[tokio::test]
async fn an_account_of_somebody_else_is_unknown() {
    let mut world = World::start(Strategy::Database).await;
    world.sign_in(Face::Google).await;
    let theirs = id_of(&mut world, "google").await;
    world.browser.jar.clear();
    world.sign_in(Face::Facebook).await;
    world.sign_in(Face::Apple).await;
    let unknown = (StatusCode::NOT_FOUND, object!({ "error": "NotFound" }));
    assert_eq!(unlink(&mut world, &theirs).await, unknown);
    let mine = id_of(&mut world, "apple").await;
    assert_eq!(unlink(&mut world, &mine).await.0, StatusCode::OK);
}

#[tokio::test]
async fn parting_with_an_account_takes_a_fresh_session() {
    for strategy in STRATEGIES {
        let mut world = World::start(strategy).await;
        world.sign_in(Face::Google).await;
        world.sign_in(Face::Facebook).await;
        let google = id_of(&mut world, "google").await;
        world.clock.advance(Duration::minutes(10) + Duration::SECOND);
        let refused = (StatusCode::FORBIDDEN, object!({ "error": "ReauthRequired" }));
        assert_eq!(unlink(&mut world, &google).await, refused);
        assert_eq!(accounts(&mut world).await.len(), 2, "looking is free");
        world.sign_in(Face::Facebook).await;
        assert_eq!(unlink(&mut world, &google).await.0, StatusCode::OK);
    }
}

#[tokio::test]
async fn mail_and_credentials_count_as_ways_in() {
    for (by_mail, can_unlink) in [(false, false), (true, true)] {
        let mut world = World::with(Strategy::Database, |config| {
            if by_mail {
                config.email = vec![EmailProvider::new(Arc::new(Nowhere))];
            }
        })
        .await;
        // Google proves the address, Facebook does not.
        for (face, can_unlink) in [(Face::Google, can_unlink), (Face::Facebook, false)] {
            world.browser.jar.clear();
            world.sign_in(face).await;
            assert_eq!(accounts(&mut world).await[0]["canUnlink"], can_unlink, "{face}");
        }
    }

    let mut world = World::start(Strategy::Database).await;
    world.enter("ana", "correct horse").await;
    world.sign_in(Face::Facebook).await;
    assert_eq!(accounts(&mut world).await[0]["canUnlink"], true, "the password is left");
    let facebook = id_of(&mut world, "facebook").await;
    assert_eq!(unlink(&mut world, &facebook).await.0, StatusCode::OK);
    assert!(accounts(&mut world).await.is_empty());
}

#[tokio::test]
async fn a_provider_that_is_not_configured_is_no_way_in() {
    let store = SqlStore::connect("sqlite::memory:").await.unwrap();
    let mut before = World::on(store.clone(), Strategy::Database, |_| {}).await;
    before.sign_in(Face::Google).await;
    before.clock.advance(Duration::SECOND);
    before.sign_in(Face::Facebook).await;
    let google = id_of(&mut before, "google").await;
    let mut after = World::on(store, Strategy::Database, |config| {
        config.registrations.retain(|registration| registration.provider.id != "facebook");
    })
    .await;
    after.browser = before.browser.clone();
    let names: Vec<_> = accounts(&mut after).await.iter().map(|own| own["name"].clone()).collect();
    assert_eq!(names, ["Google", "facebook"]);
    assert_eq!(unlink(&mut after, &google).await.0, StatusCode::CONFLICT);
    assert_eq!(unlink(&mut before, &google).await.0, StatusCode::OK);
}

#[tokio::test]
async fn only_a_form_of_ours_with_its_own_fields_counts() {
    let mut world = World::start(Strategy::Database).await;
    world.sign_in(Face::Google).await;
    world.sign_in(Face::Facebook).await;
    let id = id_of(&mut world, "google").await;
    let token = world.csrf().await;
    let body = object!({ "id": id, "csrfToken": token }).to_string();
    for (kind, status) in [
        ("text/plain", StatusCode::UNSUPPORTED_MEDIA_TYPE),
        ("text/plain; x=application/json", StatusCode::UNSUPPORTED_MEDIA_TYPE),
        ("multipart/form-data; boundary=x", StatusCode::UNSUPPORTED_MEDIA_TYPE),
        ("application/x-www-form-urlencoded", StatusCode::FORBIDDEN),
    ] {
        let request = http::Request::post(UNLINK).header("content-type", kind);
        assert_eq!(world.send(request, body.clone()).await.status(), status, "{kind}");
    }
    for (body, status) in [
        (object!({ "id": id, "csrfToken": "0".repeat(64) }), StatusCode::FORBIDDEN),
        (object!({ "id": id }), StatusCode::FORBIDDEN),
        (object!({ "id": id, "csrfToken": token, "role": "ADMIN" }), StatusCode::BAD_REQUEST),
        (object!({ "id": id, "csrfToken": token, "more": { "a": 1 } }), StatusCode::BAD_REQUEST),
        (object!({ "id": 7, "csrfToken": token }), StatusCode::BAD_REQUEST),
        (object!({ "csrfToken": token }), StatusCode::BAD_REQUEST),
    ] {
        let request = http::Request::post(UNLINK).header("content-type", "application/json");
        let answer = world.send(request, body.to_string()).await;
        assert_eq!(answer.status(), status, "{body}");
        assert!(json(&answer)["error"].is_string());
    }
    let answer = world.get(UNLINK).await;
    assert_eq!(answer.body(), "\"Bad request.\"");
    assert_eq!(accounts(&mut world).await.len(), 2);
    let answer = world.post_form(UNLINK, &[("id", &id), ("csrfToken", &token)]).await;
    assert_eq!(answer.status(), StatusCode::OK, "a form will do");
}

#[tokio::test]
async fn nobody_has_no_accounts() {
    for strategy in STRATEGIES {
        let mut world = World::start(strategy).await;
        let answer = world.get(ACCOUNTS).await;
        assert_eq!(answer.status(), StatusCode::UNAUTHORIZED);
        assert_eq!(json(&answer), object!({ "error": "Unauthorized" }));
        assert_eq!(unlink(&mut world, "any").await.0, StatusCode::UNAUTHORIZED);
        let visit = world.auth.visit(&HeaderMap::new()).await.unwrap();
        let error = world.auth.unlink(&visit, "any").await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::SignedOut);
    }
}

#[tokio::test]
async fn an_application_has_the_same_in_rust() {
    let mut world = World::start(Strategy::Jwt).await;
    world.sign_in(Face::Google).await;
    world.sign_in(Face::Facebook).await;
    let visit = world.auth.visit(&world.headers()).await.unwrap();
    let user = visit.session().unwrap().user.clone();
    let own = world.auth.accounts(&user).await.unwrap();
    assert_eq!(own.len(), 2);
    assert!(own[0].can_unlink && own[0].provider_name == "Google");
    world.auth.unlink(&visit, &own[0].id).await.unwrap();
    let error = world.auth.unlink(&visit, &own[1].id).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::LastWayIn);
}

/// A session that somebody planted is as fresh as his own; what he cannot plant is the token that came with it.
#[tokio::test]
async fn an_account_is_tied_only_in_the_browser_that_signed_in() {
    for strategy in STRATEGIES {
        let mut world = World::start(strategy).await;
        world.sign_in(Face::Google).await;
        let theirs = world.browser.clone();
        let planted = theirs.jar.iter().filter(|(name, _)| name.contains("session-token"));
        let planted: Vec<_> = planted.map(|(name, value)| (name.clone(), value.clone())).collect();

        world.browser.jar.clear();
        world.csrf().await;
        world.browser.jar.extend(planted);
        let begun = world.begin(Face::Facebook).await;
        let callback = world.approve(&begun, &world.person(Face::Facebook)).await;
        let answer = world.carry(Face::Facebook, &callback).await;
        assert_refused(&answer, "/auth/signin", &[("error", "ReauthRequired")]);

        world.browser = theirs;
        let landed = world.sign_in(Face::Facebook).await;
        assert_eq!(landed, format!("{APP}/dashboard"));
        assert_eq!(accounts(&mut world).await.len(), 2);
    }
}
