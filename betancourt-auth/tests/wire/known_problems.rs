//! What is known to go wrong in Auth.js, by the numbers of the list that this library was written against; each goes
//! right here.

use std::collections::BTreeSet;

use betancourt_auth::provider::{Quirk, Registration, Tenants, google};
use betancourt_auth::store::MemoryStore;
use betancourt_auth::testing::Outbox;
use betancourt_auth::{Auth, Config, Peer, Secret, Strategy, TokenStorage};
use betancourt_auth_dev::{Face, Signature, Tamper};
use betancourt_auth_sqlx::SqlStore;
use bytes::Bytes;
use http::header::{COOKIE, HeaderMap};
use serde_json::Value;
use time::Duration;
use url::{Url, form_urlencoded};

use crate::support::{APP, Ask, SECRET, World, error_of, json, location, set_cookies, set_names};

const SESSION: &str = "authjs.session-token";

fn sets_a_session(response: &http::Response<Bytes>) -> bool {
    set_cookies(response)
        .iter()
        .any(|cookie| cookie.contains("session-token") && !cookie.contains("Max-Age=0"))
}

#[tokio::test]
async fn known_problem_01_an_id_token_that_nobody_verifies() {
    let mut world = World::live(|_| {}).await;
    for signature in [Signature::Stranger, Signature::Broken] {
        world.lookalikes.tamper(
            Face::Google,
            Tamper::id_token(move |token| token.signature = signature.clone()),
        );
        assert_eq!(
            error_of(&world.sign_in_at(Face::Google).await).as_deref(),
            Some("OAuthCallbackError")
        );
    }
    world.lookalikes.behave(Face::Google);
    assert_eq!(world.sign_in_at(Face::Google).await, APP);

    let start = |issuer: &str| {
        let mut config = Config::new(APP, SECRET).unwrap();
        config.registrations = vec![Registration::new(google().at(issuer), "id", "secret")];
        Auth::new(config, MemoryStore::default()).map(drop).map_err(|error| error.to_string())
    };
    assert!(start("http://accounts.example.com").unwrap_err().contains("use https"));
    assert_eq!(start("https://accounts.example.com"), Ok(()));
}

#[tokio::test]
async fn known_problem_02_a_page_that_chooses_client_and_address() {
    let mut world = World::start().await;
    let plain = Url::parse(&location(&world.post("/signin/facebook", &[]).await)).unwrap();
    let hostile = "client_id=evil&redirect_uri=https://evil.example/&scope=everything&response_type=token&login_hint=ana";
    let begun = world.post(&format!("/signin/facebook?{hostile}"), &[]).await;
    let asked = Url::parse(&location(&begun)).unwrap();
    let fixed = |url: &Url| {
        let drawn = ["state", "nonce", "code_challenge", "login_hint"];
        url.query_pairs()
            .into_owned()
            .filter(|(name, _)| !drawn.contains(&&**name))
            .collect::<Vec<_>>()
    };
    assert_eq!(fixed(&asked), fixed(&plain));
    assert!(asked.query_pairs().any(|(name, value)| name == "login_hint" && value == "ana"));
}

#[tokio::test]
async fn known_problem_03_check_cookies_that_outlive_a_failure() {
    let mut world = World::start().await;
    let begun = world.post("/signin/facebook", &[]).await;
    let handshake = |world: &World| world.jar.keys().any(|name| name.contains("handshake"));
    assert!(handshake(&world));
    let state = Url::parse(&location(&begun)).unwrap();
    let state = state.query_pairs().find(|(name, _)| name == "state").unwrap().1.into_owned();
    let failed = world.get(&format!("/callback/facebook?error=access_denied&state={state}")).await;
    assert_eq!(error_of(&location(&failed)).as_deref(), Some("OAuthCallbackError"));
    assert!(!handshake(&world), "the attempt is over, and its cookie gone");
    assert_eq!(world.sign_in().await, APP);
}

#[tokio::test]
async fn known_problem_04_a_sealed_session_that_nobody_can_end() {
    let mut world = World::with(|config| config.session.strategy = Strategy::Jwt).await;
    world.sign_in().await;
    let copy = world.jar.clone();
    assert_ne!(world.session().await, Value::Null);
    world.post("/signout", &[]).await;
    world.jar = copy;
    world.clock.advance(Duration::minutes(1));
    assert_eq!(world.session().await, Value::Null);
}

#[tokio::test]
async fn known_problem_05_requests_side_by_side_that_overtake_each_other() {
    let mut world = World::with(|config| config.session.strategy = Strategy::Jwt).await;
    world.sign_in().await;
    for _ in 0..3 {
        assert!(!sets_a_session(&world.get("/session").await), "not due");
    }
    world.clock.advance(Duration::hours(25));
    let before = world.jar.clone();
    let mut renewed = Vec::new();
    for _ in 0..2 {
        world.jar = before.clone();
        assert!(sets_a_session(&world.get("/session").await), "due");
        renewed.push(world.jar.clone());
    }
    renewed.push(before);
    for jar in renewed {
        world.jar = jar;
        assert_ne!(world.session().await, Value::Null, "whichever of them a browser keeps");
    }
}

#[tokio::test]
async fn known_problem_06_a_refresh_token_that_is_lost() {
    let shared = SqlStore::options().token_storage(TokenStorage::SharedWithAuthJs);
    let shared = shared.connect("sqlite::memory:").await.unwrap();
    for in_clear in [false, true] {
        let mut world = World::live(|config| {
            for registration in &mut config.registrations {
                let offline = Quirk::Parameter("access_type".into(), "offline".into());
                registration.provider.quirks.push(offline);
            }
        })
        .await;
        if in_clear {
            world.auth = Auth::new(world.auth.config().clone(), shared.clone()).unwrap();
        }
        world.lookalikes.tamper(Face::Google, Tamper::rotating_refresh_tokens());
        assert_eq!(world.sign_in_at(Face::Google).await, APP);
        let email = world.lookalikes.people(Face::Google).next().unwrap().key().to_owned();
        let user = world.auth.store().user_by_email(&email).await.unwrap().unwrap();
        let mut given = BTreeSet::new();
        for _ in 0..3 {
            let access = world.auth.access_token(&user.id, "google").await.unwrap();
            assert!(given.insert(access.token.expose().to_owned()), "the last one has ended");
            let accounts = world.auth.store().accounts(&user.id).await.unwrap();
            let stored = accounts.into_iter().next().unwrap().tokens;
            assert_eq!(stored.access_token.unwrap().expose() == access.token.expose(), in_clear);
            assert_eq!(stored.refresh_token.unwrap().expose().starts_with("refresh-"), in_clear);
            world.wait(Duration::hours(1));
        }
        assert_eq!(world.lookalikes.stolen_refresh_tokens(Face::Google), 0);
    }
}

#[tokio::test]
async fn known_problem_07_tokens_in_clear() {
    let mut world = World::start().await;
    world.sign_in().await;
    let user = world.auth.store().user_by_email(&world.person()).await.unwrap().unwrap();
    let now = world.auth.config().clock.now();
    let session = world.auth.store().sessions(&user.id, now).await.unwrap().remove(0);
    assert!(session.token.as_str().starts_with("s256:"));
    assert!(!session.token.as_str().contains(&world.jar[SESSION]));
    let stolen =
        Ask::get("/auth/session").header("cookie", format!("{SESSION}={}", session.token.as_str()));
    assert_eq!(world.send(stolen).await.body(), "null", "what stands in the table is no cookie");
    let account = world.auth.store().accounts(&user.id).await.unwrap().remove(0);
    assert!(account.tokens.access_token.unwrap().expose().starts_with("sealed"));
}

#[tokio::test]
async fn known_problem_08_a_link_that_is_used_up_by_whoever_opens_it() {
    let mut world = World::live(|_| {}).await;
    world.ask_for_mail("ana@example.com").await;
    let mail = world.outbox.newest_to("ana@example.com").unwrap();
    let link = Url::parse(Outbox::link(&mail).unwrap()).unwrap();
    let target = &link[url::Position::BeforePath..];
    for _ in 0..3 {
        let by_scanner = world
            .auth
            .handle(
                http::Request::get(target)
                    .header("host", "localhost:3000")
                    .body(Bytes::new())
                    .unwrap(),
            )
            .await;
        assert_eq!(by_scanner.status(), 200);
        assert!(!sets_a_session(&by_scanner));
    }
    world.send(Ask::get(target)).await;
    let fields: Vec<_> = link.query_pairs().into_owned().collect();
    let fields: Vec<_> = fields.iter().map(|(name, value)| (&**name, &**value)).collect();
    let pressed = world.post("/callback/email", &fields).await;
    assert!(sets_a_session(&pressed), "{pressed:?}");
    assert_eq!(world.session().await["user"]["email"], "ana@example.com");
}

#[tokio::test]
async fn known_problem_09_attempts_without_end() {
    let mut world = World::live(|config| {
        config.rate.attempts = 3;
        config.rate.mails_to_one = 2;
    })
    .await;
    for _ in 0..4 {
        world.ask_for_mail("ana@example.com").await;
    }
    assert_eq!(world.outbox.mails().len(), 2);
    let token = world.csrf().await;
    let cookie = world
        .jar
        .iter()
        .map(|(name, value)| format!("{name}={value}"))
        .collect::<Vec<_>>()
        .join("; ");
    let mut statuses = Vec::new();
    for _ in 0..4 {
        let body = form_urlencoded::Serializer::new(String::new())
            .append_pair("csrfToken", &token)
            .finish();
        let request = http::Request::post("/auth/signin/facebook")
            .header("host", "localhost:3000")
            .header("content-type", "application/x-www-form-urlencoded")
            .header(COOKIE, &cookie)
            .extension(Peer([203, 0, 113, 7].into()));
        statuses
            .push(world.auth.handle(request.body(body.into()).unwrap()).await.status().as_u16());
    }
    assert_eq!(statuses, [303, 303, 303, 429]);
}

#[tokio::test]
async fn known_problem_10_answers_that_tell_who_has_an_account() {
    let mut world = World::live(|_| {}).await;
    world.sign_in().await;
    let known = world.person();
    let mut answers = BTreeSet::new();
    for address in [known.as_str(), "nobody@example.com"] {
        world.jar.clear();
        let token = world.csrf().await;
        let form = [("email", address), ("csrfToken", &token)];
        let answer = world.send(Ask::post("/auth/signin/email", &form)).await;
        let names: Vec<_> = set_names(&answer)
            .iter()
            .map(|name| name.split(".mailbox").next().unwrap().to_owned())
            .collect();
        answers.insert((answer.status().as_u16(), location(&answer), names));
    }
    assert_eq!(answers.len(), 1, "one answer for both: {answers:?}");
    let options = world.get("/webauthn-options/passkey?email=nobody@example.com").await;
    assert_eq!(options.status(), 400, "and there is nothing to ask by address");
}

#[tokio::test]
async fn known_problem_11_an_expired_session_that_still_counts_when_linking() {
    let mut world = World::live(|_| {}).await;
    world.sign_in().await;
    world.wait(Duration::days(31));
    assert_eq!(world.sign_in_at(Face::Google).await, APP);
    let email = world.session().await["user"]["email"].as_str().unwrap().to_owned();
    assert_ne!(email, world.person());
    let user = world.auth.store().user_by_email(&world.person()).await.unwrap().unwrap();
    assert_eq!(world.auth.store().accounts(&user.id).await.unwrap().len(), 1, "nothing was added");
}

#[tokio::test]
async fn known_problem_12_an_account_that_is_added_in_an_old_session() {
    let mut world = World::live(|_| {}).await;
    world.sign_in().await;
    let user = world.auth.store().user_by_email(&world.person()).await.unwrap().unwrap();
    world.wait(Duration::minutes(11));
    assert_eq!(error_of(&world.sign_in_at(Face::Google).await).as_deref(), Some("ReauthRequired"));
    assert_eq!(world.auth.store().accounts(&user.id).await.unwrap().len(), 1);
    world.sign_in().await;
    assert_eq!(world.sign_in_at(Face::Google).await, APP);
    assert_eq!(world.auth.store().accounts(&user.id).await.unwrap().len(), 2);
}

#[tokio::test]
async fn known_problem_13_a_csrf_token_that_belongs_to_nobody() {
    let mut world = World::start().await;
    let token = world.csrf().await;
    let post = |token: &str| Ask::post("/auth/signin/facebook", &[("csrfToken", token)]);
    for origin in ["https://evil.example", "null"] {
        let refused = world.send(post(&token).header("origin", origin)).await;
        assert_eq!(error_of(&location(&refused)).as_deref(), Some("MissingCSRF"));
    }
    let by_site = world.send(post(&token).header("sec-fetch-site", "cross-site")).await;
    assert_eq!(error_of(&location(&by_site)).as_deref(), Some("MissingCSRF"));
    assert_eq!(error_of(&location(&world.send(post(&token).header("origin", APP)).await)), None);
    world.sign_in().await;
    let refused = world.send(post(&token).header("origin", APP)).await;
    assert_eq!(
        error_of(&location(&refused)).as_deref(),
        Some("MissingCSRF"),
        "it ended with the sign-in"
    );
}

#[tokio::test]
async fn known_problem_14_two_tabs_that_spoil_each_other() {
    let mut world = World::start().await;
    let first = world.post("/signin/facebook", &[("callbackUrl", "/first")]).await;
    let second = world.post("/signin/facebook", &[("callbackUrl", "/second")]).await;
    let first = world.approve(&location(&first)).await;
    let second = world.approve(&location(&second)).await;
    assert_eq!(location(&world.get(&second).await), format!("{APP}/second"));
    assert_eq!(location(&world.get(&first).await), format!("{APP}/first"));
}

#[tokio::test]
async fn known_problem_15_a_cookie_whose_name_begins_alike() {
    let mut world = World::with(|config| config.session.strategy = Strategy::Jwt).await;
    world.sign_in().await;
    for stray in ["-x", ".x", "2", ".0x"] {
        world.jar.insert(format!("{SESSION}{stray}"), "garbage".to_owned());
    }
    assert_eq!(world.session().await["user"]["email"], world.person().as_str());
}

#[tokio::test]
async fn known_problem_16_a_rotation_that_locks_people_out() {
    const NEW: &str = "another-secret-of-at-least-32-characters!";
    let secrets = |list: &[&str]| list.iter().copied().map(Secret::new).collect::<Vec<_>>();
    let mut before = World::start().await;
    before.csrf().await;
    let list = secrets(&[NEW, SECRET]);
    let mut after = World::with(|config| config.secrets = list).await;
    after.jar = before.jar.clone();
    let kept = after.csrf().await;
    assert_eq!(kept, before.csrf().await, "the token of an open page still counts");
    assert_eq!(after.sign_in().await, APP);
    let other = secrets(&[NEW]);
    let mut lost = World::with(|config| config.secrets = other).await;
    lost.jar = before.jar.clone();
    assert_ne!(lost.csrf().await, kept, "without the old secret it does not");
}

#[tokio::test]
async fn known_problem_17_two_first_sign_ins_at_once_that_make_two_users() {
    let mut world = World::start().await;
    let mut requests = Vec::new();
    for _ in 0..2 {
        world.jar.clear();
        let begun = world.post("/signin/facebook", &[]).await;
        let callback = world.approve(&location(&begun)).await;
        let cookie = world
            .jar
            .iter()
            .map(|(name, value)| format!("{name}={value}"))
            .collect::<Vec<_>>()
            .join("; ");
        let request = http::Request::get(format!("/auth{callback}"))
            .header("host", "localhost:3000")
            .header(COOKIE, cookie);
        requests.push(request.body(Bytes::new()).unwrap());
    }
    let (second, first) = (requests.pop().unwrap(), requests.pop().unwrap());
    let (first, second) = tokio::join!(world.auth.handle(first), world.auth.handle(second));
    assert!(sets_a_session(&first) && sets_a_session(&second), "both are in: {first:?} {second:?}");
    let user = world.auth.store().user_by_email(&world.person()).await.unwrap().unwrap();
    assert_eq!(world.auth.store().accounts(&user.id).await.unwrap().len(), 1);
    let now = world.auth.config().clock.now();
    assert_eq!(world.auth.store().sessions(&user.id, now).await.unwrap().len(), 2);
}

#[tokio::test]
async fn known_problem_18_somebody_who_is_another_one_each_time() {
    for strategy in [Strategy::Database, Strategy::Jwt] {
        let mut world = World::with(|config| config.session.strategy = strategy).await;
        let mut ids = BTreeSet::new();
        for _ in 0..2 {
            world.jar.clear();
            world.sign_in().await;
            let mut headers = HeaderMap::new();
            headers.insert(COOKIE, format!("{SESSION}={}", world.jar[SESSION]).parse().unwrap());
            ids.insert(world.auth.session(&headers).await.unwrap().unwrap().user.id.to_string());
        }
        assert_eq!(ids.len(), 1);
    }
}

#[tokio::test]
async fn known_problem_19_a_host_that_is_trusted_by_false() {
    for word in ["false", "true", "0", ""] {
        let config = Config::from_variables(|name| match name {
            "AUTH_SECRET" => Some(SECRET.to_owned()),
            "AUTH_TRUST_HOST" => Some(word.to_owned()),
            _ => None,
        });
        let auth = Auth::new(config.unwrap(), MemoryStore::default()).unwrap();
        for (host, status) in [("evil.example", 400), ("localhost:3000", 200)] {
            let request = http::Request::get("/auth/providers")
                .header("host", host)
                .header("x-forwarded-proto", "https,http")
                .header("x-forwarded-host", "evil.example, other.example");
            let answer = auth.handle(request.body(Bytes::new()).unwrap()).await;
            assert_eq!(answer.status(), status, "AUTH_TRUST_HOST={word}, {host}");
        }
    }
}

#[tokio::test]
async fn known_problem_20_a_cookie_that_outlives_its_row() {
    let mut world = World::start().await;
    world.sign_in().await;
    let shown = world.session().await["expires"].clone();
    world.clock.advance(Duration::hours(23));
    assert!(!sets_a_session(&world.get("/session").await), "not due: neither row nor cookie");
    assert_eq!(world.session().await["expires"], shown);
    world.clock.advance(Duration::hours(1));
    let answer = world.get("/session").await;
    let extended = json(&answer)["expires"].clone();
    assert_eq!(extended, "2025-07-02T12:00:00.000Z", "the new end is shown");
    let cookie =
        set_cookies(&answer).into_iter().find(|cookie| cookie.starts_with(SESSION)).unwrap();
    assert!(cookie.contains("Expires=Wed, 02 Jul 2025 12:00:00 GMT"), "{cookie}");
    assert_eq!(world.session().await["expires"], extended, "and stands in the row");
}

#[tokio::test]
async fn known_problem_21_tokens_of_long_ago() {
    let mut world = World::start().await;
    let mut ends = Vec::new();
    for _ in 0..2 {
        world.jar.clear();
        world.sign_in().await;
        let user = world.auth.store().user_by_email(&world.person()).await.unwrap().unwrap();
        let account = world.auth.store().accounts(&user.id).await.unwrap().remove(0);
        ends.push(account.tokens.expires_at.unwrap());
        world.clock.advance(Duration::hours(1));
    }
    assert_eq!(ends[1] - ends[0], 3600);
}

#[tokio::test]
async fn known_problem_22_a_tenant_that_speaks_for_itself() {
    let only = |tenant: &'static str| {
        move |config: &mut Config| {
            for known in &mut config.registrations {
                let listed = known
                    .provider
                    .quirks
                    .iter_mut()
                    .filter(|quirk| matches!(quirk, Quirk::TenantIssuer(_)));
                listed.for_each(|quirk| {
                    *quirk = Quirk::TenantIssuer(Tenants::Only(vec![tenant.into()]))
                });
            }
        }
    };
    let mut world = World::live(only("9188040d-6c67-4c5b-b112-36a304b66dad")).await;
    assert_eq!(error_of(&world.sign_in_at(Face::Microsoft).await).as_deref(), Some("AccessDenied"));
    let mut world = World::live(only("5d1f8a3e-2b7c-4e60-9a41-c8f03d6b27e5")).await;
    assert_eq!(world.sign_in_at(Face::Microsoft).await, APP);
}

/// Passkeys come later; until then nothing of theirs answers.
#[tokio::test]
async fn known_problem_23_a_registration_that_signs_in_somebody_else() {
    let mut world = World::start().await;
    for path in ["/webauthn-options/passkey", "/webauthn-options/passkey?action=register"] {
        assert_eq!(world.get(path).await.status(), 400);
    }
    let form = [("action", "register"), ("data", "{}")];
    let answer = world.post("/callback/passkey", &form).await;
    assert_eq!(error_of(&location(&answer)).as_deref(), Some("Configuration"));
    assert!(!sets_a_session(&answer));
}

#[tokio::test]
async fn known_problem_24_the_year_2038() {
    for strategy in [Strategy::Database, Strategy::Jwt] {
        let mut world = World::with(|config| config.session.strategy = strategy).await;
        world.clock.set(time::macros::datetime!(2040-01-01 00:00 UTC));
        world.sign_in().await;
        world.clock.advance(Duration::days(29));
        let session = world.session().await;
        assert_eq!(session["user"]["email"], world.person().as_str());
        assert!(session["expires"].as_str().unwrap().starts_with("2040-02-"), "{session}");
        world.clock.advance(Duration::days(31));
        assert_eq!(world.session().await, Value::Null);
    }
}

#[tokio::test]
async fn known_problem_25_pages_with_a_query() {
    let mut world = World::with(|config| {
        config.pages.sign_in = Some("/login?theme=dark".into());
        config.pages.error = Some("/oops?theme=dark".into());
    })
    .await;
    let refused = world.send(Ask::post("/auth/signin/facebook", &[])).await;
    assert!(
        location(&refused)
            .starts_with("http://localhost:3000/login?theme=dark&error=MissingCSRF&ref=")
    );
    let unknown = world.post("/signin/nobody", &[]).await;
    assert!(
        location(&unknown)
            .starts_with("http://localhost:3000/oops?theme=dark&error=Configuration&ref=")
    );
    let mut config = Config::new(APP, SECRET).unwrap();
    config.pages.sign_in = Some("https://elsewhere.example/login".into());
    let sentence = Auth::new(config, MemoryStore::default()).unwrap_err().to_string();
    assert!(
        sentence.starts_with("The page `https://elsewhere.example/login` must be a path"),
        "{sentence}"
    );
}

#[test]
fn every_known_problem_has_its_test() {
    let source = include_str!("known_problems.rs");
    for number in 1..=25 {
        assert!(source.contains(&format!("async fn known_problem_{number:02}_")), "{number}");
    }
}
