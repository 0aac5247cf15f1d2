//! Signing in with credentials that the application judges.

use std::sync::{Arc, Mutex};

use async_trait::async_trait;
use betancourt_auth::hook::{Arrival, Callbacks, Decision, Events, SignIn};
use betancourt_auth::provider::{Authorize, AuthorizeError, CredentialsProvider, Submitted};
use betancourt_auth::store::MemoryStore;
use betancourt_auth::{AuditKind, Auth, Config, Strategy, User, UserId};
use betancourt_auth_dev::Face;
use bytes::Bytes;
use http::header::{CONTENT_TYPE, COOKIE, HOST, SET_COOKIE};
use http::{Request, StatusCode};
use serde_json::{Value, json as object};
use tokio::time::{Duration, Instant, sleep};
use url::form_urlencoded;

use crate::support::{APP, STRATEGIES, World, assert_refused, json, location, members, page_of};

const REFUSED: [(&str, &str); 2] = [("error", "CredentialsSignin"), ("code", "credentials")];

/// Listens, and writes down whom it heard of.
#[derive(Debug, Default)]
struct Listener(Mutex<Vec<String>>);

#[async_trait]
impl Events for Listener {
    async fn sign_in(&self, event: &SignIn<'_>) {
        let (user, account) = (&event.user.id, &event.account.key.provider);
        self.0.lock().unwrap().push(format!("sign_in {user} {account} {}", event.is_new_user));
    }

    async fn create_user(&self, user: &User) {
        self.0.lock().unwrap().push(format!("create_user {}", user.id));
    }

    async fn link_account(&self, user: &User, _: &betancourt_auth::Account) {
        self.0.lock().unwrap().push(format!("link_account {}", user.id));
    }
}

#[tokio::test]
async fn a_member_signs_in_whichever_way_sessions_are_kept() {
    for strategy in STRATEGIES {
        let listener = Arc::new(Listener::default());
        let events = listener.clone();
        let mut world = World::with(strategy, |config| config.events = events).await;
        for (is_new, kind) in [(true, AuditKind::SignedUp), (false, AuditKind::SignedIn)] {
            let answer = world.enter("ana", "correct horse").await;
            assert_eq!(answer.status(), StatusCode::SEE_OTHER);
            assert_eq!(location(&answer), format!("{APP}/dashboard"));
            let session = world.session().await;
            assert_eq!(session["user"]["email"], "ana@members.example", "{strategy:?}");
            assert_eq!(world.auth.store().audit_log(1).await.unwrap()[0].kind, kind);
            assert!(
                listener
                    .0
                    .lock()
                    .unwrap()
                    .contains(&format!("sign_in member-1 credentials {is_new}"))
            );
        }
        let heard = listener.0.lock().unwrap().clone();
        assert_eq!(heard.len(), 3, "the user was made once, and no account: {heard:?}");
        let ana = UserId::new("member-1");
        assert!(world.auth.store().accounts(&ana).await.unwrap().is_empty());
        let stored = world.auth.store().user(&ana).await.unwrap().unwrap();
        assert_eq!(stored.email_verified, None, "nobody proved the address");
    }
}

#[tokio::test]
async fn of_somebody_who_is_there_only_the_id_counts() {
    for strategy in STRATEGIES {
        let mut world = World::start(strategy).await;
        world.enter("ana", "correct horse").await;
        world.auth.set_role(&UserId::new("member-1"), "ADMIN").await.unwrap();
        world.enter("ana", "correct horse").await;
        let stored = world.auth.store().user(&UserId::new("member-1")).await.unwrap().unwrap();
        assert_eq!(stored.role, "ADMIN");
    }
}

#[tokio::test]
async fn an_address_of_somebody_else_is_not_taken_over() {
    #[derive(Debug)]
    struct Claims(String);
    #[async_trait]
    impl Authorize for Claims {
        async fn authorize(&self, submitted: &Submitted) -> Result<User, AuthorizeError> {
            let mut user = User::new(UserId::new("member-9"));
            user.email = submitted.field("claim").map(|claim| claim.replace("theirs", &self.0));
            Ok(user)
        }
    }
    for strategy in STRATEGIES {
        let theirs = World::start(strategy).await.person(Face::Google);
        let judge = Arc::new(Claims(theirs));
        let mut world = World::with(strategy, |config| {
            config.credentials = vec![CredentialsProvider::new(judge)];
        })
        .await;
        assert_eq!(world.sign_in(Face::Google).await, format!("{APP}/dashboard"));
        world.browser.jar.clear();
        let answer = world.post("/auth/callback/credentials", &[("claim", "theirs")]).await;
        assert_refused(&answer, "/auth/signin", &[("error", "OAuthAccountNotLinked")]);
        assert!(world.auth.store().user(&UserId::new("member-9")).await.unwrap().is_none());
        let answer =
            world.post("/auth/callback/credentials", &[("claim", "own@example.com")]).await;
        assert_eq!(page_of(&location(&answer)), ("/".to_owned(), Vec::new()));
        assert_eq!(world.session().await["user"]["email"], "own@example.com");
    }
}

#[tokio::test]
async fn unknown_and_wrong_are_answered_alike() {
    let mut world = World::start(Strategy::Database).await;
    for (name, password) in [("ana", "wrong"), ("nobody", "wrong"), ("", "")] {
        let answer = world.enter(name, password).await;
        assert_eq!(answer.status(), StatusCode::SEE_OTHER);
        assert_refused(&answer, "/auth/signin", &REFUSED);
        assert!(answer.headers().get(SET_COOKIE).is_none());
    }
    let reason = world.auth.store().audit_log(1).await.unwrap()[0].reason.clone();
    assert_eq!(reason.as_deref(), Some("credentials.rejected"));
    assert_eq!(world.session().await, Value::Null);
}

#[tokio::test]
async fn the_application_has_a_word_of_its_own_for_a_refusal() {
    let mut world = World::start(Strategy::Database).await;
    let answer = world.enter("ana", "expired").await;
    let query = [("error", "CredentialsSignin"), ("code", "password_expired&error=x")];
    assert_refused(&answer, "/auth/signin", &query);
}

#[tokio::test]
async fn a_script_is_told_where_to_go() {
    for (password, page) in [("correct horse", "/dashboard"), ("wrong", "/auth/signin")] {
        let mut world = World::start(Strategy::Jwt).await;
        let token = world.csrf().await;
        let body = object!({
            "username": "ana", "password": password, "csrfToken": token, "callbackUrl": "/dashboard",
        });
        let request = Request::post("/auth/callback/credentials?")
            .header(CONTENT_TYPE, "application/json")
            .header("x-auth-return-redirect", "1");
        let answer = world.send(request, body.to_string()).await;
        assert_eq!(answer.status(), StatusCode::OK);
        let url = json(&answer)["url"].as_str().unwrap().to_owned();
        assert_eq!(page_of(&url).0, page);
        assert_eq!(world.session().await.is_null(), password == "wrong");
    }
}

#[tokio::test]
async fn a_judge_who_cannot_tell_is_no_refusal() {
    let mut world = World::start(Strategy::Database).await;
    let answer = world.enter("outage", "any").await;
    assert_eq!(answer.status(), StatusCode::SERVICE_UNAVAILABLE);
    assert_eq!(world.session().await, Value::Null);
    assert_eq!(world.enter("ana", "correct horse").await.status(), StatusCode::SEE_OTHER);
}

#[tokio::test]
async fn credentials_are_posted_from_our_own_page_only() {
    let mut world = World::start(Strategy::Database).await;
    let form = [("username", "ana"), ("password", "correct horse")];
    let answer = world.post_form("/auth/callback/credentials", &form).await;
    assert_refused(&answer, "/auth/signin", &[("error", "MissingCSRF")]);
    let answer = world.get("/auth/callback/credentials?username=ana&password=correct+horse").await;
    assert_refused(&answer, "/auth/error", &[("error", "Configuration")]);
    let answer = world.post("/auth/signin/credentials", &form).await;
    assert_eq!(page_of(&location(&answer)), ("/auth/signin".to_owned(), Vec::new()));
    assert_eq!(world.session().await, Value::Null);
    world.enter("ana", "correct horse").await;
    assert!(world.session().await.is_object());
}

#[tokio::test]
async fn the_application_may_still_say_no() {
    #[derive(Debug)]
    struct Closed;
    #[async_trait]
    impl Callbacks for Closed {
        async fn sign_in(&self, arrival: &Arrival<'_>) -> Decision {
            assert_eq!(
                (&*arrival.account.provider, &*arrival.account.subject),
                ("credentials", "member-1")
            );
            Decision::Deny
        }
    }
    let mut world =
        World::with(Strategy::Database, |config| config.callbacks = Arc::new(Closed)).await;
    let answer = world.enter("ana", "correct horse").await;
    assert_refused(&answer, "/auth/error", &[("error", "AccessDenied")]);
    assert!(world.auth.store().user(&UserId::new("member-1")).await.unwrap().is_none());
}

#[tokio::test]
async fn a_network_that_guesses_is_stopped_and_nobody_else_is() {
    let mut world = World::with(Strategy::Database, |config| {
        let mut members = members();
        members.attempts = 3;
        config.credentials = vec![members];
    })
    .await;
    for name in ["ana", "ANA", " ana "] {
        assert_eq!(world.enter(name, "wrong").await.status(), StatusCode::SEE_OTHER);
    }
    let answer = world.enter("ana", "correct horse").await;
    assert_eq!(
        answer.status(),
        StatusCode::TOO_MANY_REQUESTS,
        "the right one is not tried, either"
    );
    assert_refused(&world.enter("ben", "wrong").await, "/auth/signin", &REFUSED);

    let home = world.browser.address;
    world.browser.address = [198, 51, 100, 7].into();
    assert_eq!(location(&world.enter("ana", "correct horse").await), format!("{APP}/dashboard"));
    world.browser.address = home;
    world.clock.advance(time::Duration::minutes(10));
    assert_eq!(location(&world.enter("ana", "correct horse").await), format!("{APP}/dashboard"));
}

#[tokio::test]
async fn the_page_and_the_list_show_them() {
    let mut world = World::start(Strategy::Database).await;
    let told = json(&world.get("/auth/providers").await);
    assert_eq!(
        told["credentials"],
        object!({
            "id": "credentials", "name": "Credentials", "type": "credentials",
            "signinUrl": format!("{APP}/auth/signin/credentials"),
            "callbackUrl": format!("{APP}/auth/callback/credentials"),
        })
    );
    assert_eq!(told.as_object().unwrap().keys().next_back().unwrap(), "credentials");
}

/// A judge who takes a while to know a name, and longer to compare a password.
#[derive(Debug)]
struct Slow;

#[async_trait]
impl Authorize for Slow {
    async fn authorize(&self, submitted: &Submitted) -> Result<User, AuthorizeError> {
        let takes = match submitted.field("username") {
            Some("ana") => 180,
            Some("crowded") => 700,
            _ => 3,
        };
        sleep(Duration::from_millis(takes)).await;
        match submitted.field("password") {
            Some("right") => Ok(User::new(UserId::new("member-1"))),
            _ => Err(AuthorizeError::rejected()),
        }
    }
}

/// The clock of the runtime stands still but for those who wait, so that what is measured is exact.
#[tokio::test(start_paused = true)]
async fn a_refusal_takes_as_long_whatever_was_wrong() {
    let mut config = Config::new(APP, "a secret of at least 32 characters!!").unwrap();
    config.credentials = vec![CredentialsProvider::new(Arc::new(Slow))];
    let auth = Auth::new(config, MemoryStore::default()).unwrap();
    for (name, password, takes) in [
        ("ana", "wrong", 500),
        ("nobody", "wrong", 500),
        ("crowded", "wrong", 1000),
        ("ana", "right", 180),
    ] {
        let request = |builder: http::request::Builder| builder.header(HOST, "localhost:3000");
        let token =
            auth.handle(request(Request::get("/auth/csrf")).body(Bytes::new()).unwrap()).await;
        let cookie = token.headers()[SET_COOKIE].to_str().unwrap().split(';').next().unwrap();
        let form = form_urlencoded::Serializer::new(String::new())
            .append_pair("username", name)
            .append_pair("password", password)
            .append_pair("csrfToken", json(&token)["csrfToken"].as_str().unwrap())
            .finish();
        let post = request(Request::post("/auth/callback/credentials"))
            .header(CONTENT_TYPE, "application/x-www-form-urlencoded")
            .header(COOKIE, cookie);
        let began = Instant::now();
        auth.handle(post.body(form.into()).unwrap()).await;
        // A timer of the runtime is exact to a millisecond.
        let took = began.elapsed().as_millis();
        assert!((takes..=takes + 1).contains(&took), "{name}, {password}: {took} ms");
    }
}
