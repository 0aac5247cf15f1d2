//! The accounts somebody signs in with: `me/accounts`, and unlinking.

use std::sync::{Arc, Mutex};

use async_trait::async_trait;
use betancourt_auth::clock::Clock as _;
use betancourt_auth::hook::Events;
use betancourt_auth::mailer::{Mail, MailError, Mailer};
use betancourt_auth::provider::{EmailProvider, Quirk};
use betancourt_auth::store::Suspension;
use betancourt_auth::{Account, AuditKind, Config, Ending, ErrorKind, ProfilePart, Strategy, User};
use betancourt_auth_dev::{Endpoint, Face, Request, Tamper};
use betancourt_auth_sqlx::SqlStore;
use http::{HeaderMap, StatusCode};
use serde_json::{Value, json as object};
use time::Duration;

use crate::support::{APP, Browser, STRATEGIES, World, assert_refused, json};

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

/// The tokens that a face was given back since it began, as long as nobody is on the way there any more.
async fn handed_back(world: &World, face: Face) -> Vec<(String, String)> {
    world.auth.settle().await;
    let seen = world.lookalikes.seen(face, Endpoint::Revocation).into_iter();
    let value = |request: &Request, name| request.form_value(name).unwrap().to_owned();
    seen.map(|request| (value(&request, "token_type_hint"), value(&request, "token"))).collect()
}

#[tokio::test]
async fn tokens_of_what_goes_are_handed_back_to_the_provider() {
    for strategy in STRATEGIES {
        let mut world = World::start(strategy).await;
        world.sign_in(Face::Google).await;
        world.sign_in(Face::Apple).await;
        world.sign_in(Face::Facebook).await;
        let visit = world.auth.visit(&world.headers()).await.unwrap();
        let user = visit.session().unwrap().user.clone();
        let token = world.auth.access_token(&user.id, "google").await.unwrap().token;
        assert_eq!(handed_back(&world, Face::Google).await, []);

        let google = id_of(&mut world, "google").await;
        assert_eq!(unlink(&mut world, &google).await.0, StatusCode::OK);
        let given = handed_back(&world, Face::Google).await;
        assert_eq!(given, [("access_token".to_owned(), token.expose().to_owned())]);
        assert_eq!(handed_back(&world, Face::Apple).await, []);

        // Facebook has no place for it, and nobody minds.
        assert!(world.auth.delete_user(&user.id).await.unwrap());
        assert_eq!(handed_back(&world, Face::Apple).await.len(), 1);
        assert_eq!(handed_back(&world, Face::Google).await.len(), 1);
        assert!(!world.auth.delete_user(&user.id).await.unwrap());
        assert_eq!(handed_back(&world, Face::Apple).await.len(), 1);
    }
}

#[tokio::test]
async fn with_a_refresh_token_goes_all_that_came_of_it_and_an_outage_stops_no_deletion() {
    for strategy in STRATEGIES {
        let offline = |config: &mut Config| {
            let google = &mut config.registrations[0].provider;
            google.quirks.push(Quirk::Parameter("access_type".into(), "offline".into()));
        };
        let mut world = World::with(strategy, offline).await;
        world.sign_in(Face::Google).await;
        let visit = world.auth.visit(&world.headers()).await.unwrap();
        let user = visit.session().unwrap().user.clone();
        let request = world.auth.request_deletion(&visit).await.unwrap();
        assert!(world.auth.finish_deletion(&request.code, Ending::DeleteUser).await.unwrap());
        let [(hint, _)] = handed_back(&world, Face::Google).await.try_into().unwrap();
        assert_eq!(hint, "refresh_token");

        world.sign_in(Face::Google).await;
        let visit = world.auth.visit(&world.headers()).await.unwrap();
        let again = visit.session().unwrap().user.id.clone();
        assert_ne!(again, user.id);
        let broken = Tamper::answer(Endpoint::Revocation, |answer| {
            answer.status = StatusCode::SERVICE_UNAVAILABLE;
        });
        world.lookalikes.tamper(Face::Google, broken);
        assert!(world.auth.delete_user(&again).await.unwrap());
        assert_eq!(handed_back(&world, Face::Google).await.len(), 2, "it was tried");
        assert!(world.auth.store().user(&again).await.unwrap().is_none());
    }
}

#[tokio::test]
async fn whoever_alone_has_the_role_that_must_be_had_cannot_leave() {
    for strategy in STRATEGIES {
        let must_be_had = |config: &mut Config| config.never_without = Some("ADMIN".into());
        let mut world = World::with(strategy, must_be_had).await;
        let auth = world.auth.clone();
        world.enter("ana", "correct horse").await;
        let ben = auth.visit(&world.headers()).await.unwrap().session().unwrap().user.id.clone();
        world.browser = Browser::default();
        world.sign_in(Face::Google).await;
        let visit = auth.visit(&world.headers()).await.unwrap();
        let ana = visit.session().unwrap().user.id.clone();
        let ask = async || auth.request_deletion(&visit).await.map_err(|error| error.kind());
        auth.set_role(&ana, "ADMIN").await.unwrap();
        assert_eq!(ask().await, Err(ErrorKind::LastAdministrator));
        assert_eq!(auth.deletion_of(&ana).await.unwrap(), None);

        auth.set_role(&ben, "ADMIN").await.unwrap();
        let suspension = Suspension::new(world.clock.now(), "a reason");
        auth.store().suspend(&ben, &suspension, None, &[]).await.unwrap();
        assert_eq!(
            ask().await,
            Err(ErrorKind::LastAdministrator),
            "who is shut out does not count"
        );
        auth.store().lift_suspension(&ben, &[]).await.unwrap();
        let request = ask().await.unwrap();

        // The other one is none any more when the day has come.
        auth.set_role(&ben, "CLIENT").await.unwrap();
        let finish = async || auth.finish_deletion(&request.code, Ending::DeleteUser).await;
        let refused = finish().await.unwrap_err();
        assert_eq!(refused.kind(), ErrorKind::LastAdministrator);
        assert!(auth.deletion_of(&ana).await.unwrap().is_some(), "it stays open");
        assert_eq!(auth.store().user(&ana).await.unwrap().unwrap().role, "ADMIN");
        auth.set_role(&ben, "ADMIN").await.unwrap();
        assert!(finish().await.unwrap());
        assert!(auth.store().user(&ana).await.unwrap().is_none());
    }
}

#[tokio::test]
async fn a_name_and_a_picture_are_taken_over_from_ones_own_account() {
    for strategy in STRATEGIES {
        let mut world = World::start(strategy).await;
        let auth = world.auth.clone();
        world.enter("ana", "correct horse").await;
        world.sign_in(Face::Google).await;
        world.sign_in(Face::Facebook).await;
        let visit = auth.visit(&world.headers()).await.unwrap();
        let user = visit.session().unwrap().user.clone();
        assert_eq!((user.name.as_deref(), user.image.as_deref()), (Some("Ana"), None));
        let own = auth.accounts(&user).await.unwrap();
        let at = |provider: &str| own.iter().find(|own| own.key.provider == provider).unwrap();
        let (google, facebook) = (at("google"), at("facebook"));
        let take = async |id: &str, part| {
            auth.take_over(&visit, id, part).await.map_err(|error| error.kind())
        };
        take(&google.id, ProfilePart::Name).await.unwrap();
        let renamed = auth.store().user(&user.id).await.unwrap().unwrap();
        assert_eq!((&renamed.name, &renamed.image), (&google.name, &None));
        assert_eq!(renamed.name.as_deref(), Some("Ana Restrepo"));
        take(&google.id, ProfilePart::Picture).await.unwrap();
        let pictured = auth.store().user(&user.id).await.unwrap().unwrap();
        assert!(pictured.image.is_some() && pictured.image == google.image);
        assert_eq!(world.session().await["user"]["name"], "Ana Restrepo", "at once");
        let log = auth.store().audit_log(1).await.unwrap();
        assert_eq!(log[0].kind, AuditKind::ProfileChanged);
        assert_eq!(log[0].reason.as_deref(), Some("picture"));

        let none = Err(ErrorKind::UnknownAccount);
        assert_eq!(take(&facebook.id, ProfilePart::Name).await, none, "it has no ID token");
        assert_eq!(take("another", ProfilePart::Name).await, none);
        let nobody = auth.visit(&HeaderMap::new()).await.unwrap();
        let refused = auth.take_over(&nobody, &google.id, ProfilePart::Name).await.unwrap_err();
        assert_eq!(refused.kind(), ErrorKind::SignedOut);
    }
}
