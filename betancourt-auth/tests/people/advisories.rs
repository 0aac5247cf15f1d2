//! What was published about linking elsewhere, played here: each test is named after its advisory.

use std::sync::Arc;

use async_trait::async_trait;
use betancourt_auth::Strategy;
use betancourt_auth::hook::{Arrival, Callbacks, Decision};
use betancourt_auth::provider::{Email, Profile};
use betancourt_auth::{Config, UserId};
use betancourt_auth_dev::Face;
use http::StatusCode;
use serde_json::{Value, json as object};

use crate::support::{APP, STRATEGIES, World, assert_refused, json, location};

/// Puts words into Facebook's mouth: another address, and that it proved it.
fn says(config: &mut Config, profile: fn(&[Value]) -> Option<Profile>) {
    let facebook = |provider: &&mut betancourt_auth::provider::Registration| {
        provider.provider.id == "facebook"
    };
    config.registrations.iter_mut().find(facebook).unwrap().provider.profile = profile;
}

/// Better Auth tied a provider's account to a row that somebody else had made with a password, and never looked whether
/// the row's address was proven.
#[tokio::test]
async fn ghsa_g38m_r43w_p2q7_an_account_made_before_its_owner_comes() {
    for strategy in STRATEGIES {
        let mut world = World::with(strategy, |config| {
            says(config, |_| {
                Some(Profile {
                    subject: "1042".to_owned(),
                    name: None,
                    email: Some(Email::Verified("ana@members.example".to_owned())),
                    image: None,
                })
            });
            for registration in &mut config.registrations {
                registration.danger_email_account_linking = true;
            }
        })
        .await;
        world.enter("ana", "correct horse").await;
        world.browser.jar.clear();
        let begun = world.begin(Face::Facebook).await;
        let callback = world.approve(&begun, &world.person(Face::Facebook)).await;
        let answer = world.carry(Face::Facebook, &callback).await;
        assert_refused(&answer, "/auth/signin", &[("error", "OAuthAccountNotLinked")]);
        let ana = UserId::new("member-1");
        assert!(world.auth.store().accounts(&ana).await.unwrap().is_empty());
        // With the password, while it is fresh, the owner ties it.
        world.enter("ana", "correct horse").await;
        assert_eq!(world.sign_in(Face::Facebook).await, format!("{APP}/dashboard"));
        assert_eq!(world.auth.store().accounts(&ana).await.unwrap().len(), 1);
    }
}

/// Admits the people of one domain.
#[derive(Debug)]
struct OfCorp;

#[async_trait]
impl Callbacks for OfCorp {
    async fn sign_in(&self, arrival: &Arrival<'_>) -> Decision {
        match arrival.verified_email {
            Some(email) if email.ends_with("@corp.test") => Decision::Allow,
            _ => Decision::Deny,
        }
    }
}

/// OAuth2 Proxy took the last domain of an address with two of them.
#[tokio::test]
async fn cve_2026_40574_an_address_with_two_domains() {
    let odd = |address: &'static str| {
        let profile: fn(&[Value]) -> Option<Profile> = match address {
            "ana@corp.test" => |_| of("ana@corp.test"),
            _ => |_| of("ana@evil.test@corp.test"),
        };
        profile
    };
    for (address, is_admitted) in [("ana@evil.test@corp.test", false), ("ana@corp.test", true)] {
        let mut world = World::with(Strategy::Database, |config| {
            says(config, odd(address));
            config.callbacks = Arc::new(OfCorp);
        })
        .await;
        let landed = world.sign_in(Face::Facebook).await;
        assert_eq!(landed == format!("{APP}/dashboard"), is_admitted, "{landed}");
        assert_eq!(world.session().await.is_object(), is_admitted);
    }
}

fn of(address: &str) -> Option<Profile> {
    let email = Some(Email::Verified(address.to_owned()));
    Some(Profile { subject: "1042".to_owned(), name: None, email, image: None })
}

/// Keycloak's links to tie an account were made of what an attacker can know.
#[tokio::test]
async fn cve_2026_15571_a_link_that_can_be_guessed() {
    let mut world = World::start(Strategy::Database).await;
    world.sign_in(Face::Google).await;
    let begun = world.begin(Face::Facebook).await;
    let genuine = world.approve(&begun, &world.person(Face::Facebook)).await;
    let handshake = world.browser.jar.keys().find(|name| name.contains("handshake")).unwrap();
    let (handshake, before) = (handshake.clone(), world.browser.jar.clone());

    let user = world.auth.visit(&world.headers()).await.unwrap().into_session().unwrap().user;
    let guesses = [
        object!({ "provider": "facebook", "state": genuine.value("state"), "user_id": user.id.as_str() }).to_string(),
        "sealed1.AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA".to_owned(),
        String::new(),
    ];
    for guess in guesses {
        world.browser.jar.insert(handshake.clone(), guess);
        let answer = world.carry(Face::Facebook, &genuine).await;
        assert_refused(&answer, "/auth/signin", &[("error", "OAuthCallbackError")]);
        world.browser.jar = before.clone();
    }
    assert_eq!(world.auth.store().accounts(&user.id).await.unwrap().len(), 1);
    let landed = location(&world.carry(Face::Facebook, &genuine).await);
    assert_eq!(landed, format!("{APP}/dashboard"));
    assert_eq!(world.auth.store().accounts(&user.id).await.unwrap().len(), 2);
}

/// Keycloak let the proof of one upstream account tie another one.
#[tokio::test]
async fn cve_2026_82968_a_proof_for_another_account() {
    let mut world = World::start(Strategy::Database).await;
    world.sign_in(Face::Google).await;
    let (mine, other) = (world.begin(Face::Facebook).await, world.begin(Face::Facebook).await);
    let camila = world.person(Face::Facebook);
    let mine = world.approve(&mine, &camila).await;
    let mut mixed = world.approve(&other, &camila).await;
    mixed.set("code", mine.value("code").unwrap());
    let answer = world.carry(Face::Facebook, &mixed).await;
    assert_refused(&answer, "/auth/signin", &[("error", "OAuthCallbackError")]);
    let user = world.auth.visit(&world.headers()).await.unwrap().into_session().unwrap().user;
    assert_eq!(world.auth.store().accounts(&user.id).await.unwrap().len(), 1);
    assert_eq!(world.sign_in(Face::Facebook).await, format!("{APP}/dashboard"));
}

/// Keycloak let a proof count in another session than the one that had asked for it.
#[tokio::test]
async fn cve_2026_9087_a_proof_in_another_session() {
    for strategy in STRATEGIES {
        let mut world = World::start(strategy).await;
        world.enter("ana", "correct horse").await;
        let session_of = |world: &World| {
            let sessions =
                world.browser.jar.iter().filter(|(name, _)| name.contains("session-token"));
            sessions.map(|(name, value)| (name.clone(), value.clone())).collect::<Vec<_>>()
        };
        let of_ana = session_of(&world);
        world.browser.jar.clear();
        world.sign_in(Face::Google).await;
        let begun = world.begin(Face::Facebook).await;
        let callback = world.approve(&begun, &world.person(Face::Facebook)).await;
        let before = world.browser.clone();
        world.browser.jar.extend(of_ana);
        let answer = world.carry(Face::Facebook, &callback).await;
        assert_refused(&answer, "/auth/signin", &[("error", "OAuthCallbackError")]);
        let ana = UserId::new("member-1");
        assert!(world.auth.store().accounts(&ana).await.unwrap().is_empty());
        world.browser = before;
        assert_eq!(world.sign_in(Face::Facebook).await, format!("{APP}/dashboard"));
    }
}

/// `OmniAuth` began to link by a GET, which any page can make a browser send.
#[tokio::test]
async fn cve_2015_9284_a_link_that_a_page_begins() {
    let mut world = World::start(Strategy::Database).await;
    world.sign_in(Face::Google).await;
    let answer = world.get("/auth/signin/facebook?callbackUrl=/dashboard").await;
    assert_eq!(answer.status(), StatusCode::OK, "it shows the page, and begins nothing");
    assert!(!world.browser.jar.keys().any(|name| name.contains("handshake")));
    let answer = world.post_form("/auth/signin/facebook", &[("callbackUrl", "/dashboard")]).await;
    assert_refused(&answer, "/auth/signin", &[("error", "MissingCSRF")]);
    assert!(!world.browser.jar.keys().any(|name| name.contains("handshake")));
    assert_eq!(world.sign_in(Face::Facebook).await, format!("{APP}/dashboard"));
    let accounts = json(&world.get("/auth/me/accounts").await);
    assert_eq!(accounts["accounts"].as_array().unwrap().len(), 2);
}
