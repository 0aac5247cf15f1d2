//! Addresses as a way into somebody else's account: unproven, borrowed, malformed, or gone to another person.

use std::sync::Arc;

use async_trait::async_trait;
use betancourt_auth::hook::{Arrival, Callbacks, Decision};
use betancourt_auth::provider::{Authorize, AuthorizeError, CredentialsProvider, Submitted};
use betancourt_auth::store::UserStore as _;
use betancourt_auth::{Config, User, UserId};
use betancourt_auth_dev::{Face, Person, Tamper};
use serde_json::{Value, json};

use crate::support::{ANA, CAMILA, JULIAN, Place, Stage, World};

/// Lets everybody in who knows the password, under the address that they write.
#[derive(Debug)]
struct Anybody;

#[async_trait]
impl Authorize for Anybody {
    async fn authorize(&self, submitted: &Submitted) -> Result<User, AuthorizeError> {
        let mut user = User::new(UserId::new("made-by-password"));
        user.email = submitted.field("email").map(str::to_owned);
        match submitted.field("password") {
            Some("hunter2") => Ok(user),
            _ => Err(AuthorizeError::rejected()),
        }
    }
}

fn trusting(config: &mut Config) {
    config.credentials = vec![CredentialsProvider::new(Arc::new(Anybody))];
    for registration in &mut config.registrations {
        registration.danger_email_account_linking = true;
    }
}

/// The attacker signs up with a password on the victim's address, before the victim comes through Google. Even where
/// addresses may tie accounts together, his is none that anybody proved.
pub(crate) async fn link_01_an_account_made_before_its_owner_comes(place: Place) {
    let at_apple = Person::new("001.ana.0001", "Ana", "Restrepo").with_email(ANA);
    for hijacked in [true, false] {
        let apple = vec![at_apple.clone()];
        let world = Stage::new(place).people(Face::Apple, apple).config(trusting).start().await;
        let mut victim = world.browser();
        if hijacked {
            let mut attacker = world.browser();
            let form = [("email", ANA), ("password", "hunter2")];
            attacker.submit("/auth/callback/credentials", &form).await.assert_welcome();
            let before = world.snapshot().await;
            let callback = victim.begin_as(Face::Google, ANA).await;
            victim.follow(&callback).await.assert_refused("OAuthAccountNotLinked");
            world.log.once("link.account_not_linked");
            world.assert_unchanged(&before).await;
        } else {
            victim.sign_in(Face::Google, ANA).await;
            let mut elsewhere = world.browser();
            elsewhere.sign_in(Face::Apple, ANA).await;
            let after = world.snapshot().await;
            assert_eq!((after.users.len(), after.accounts.len()), (1, 2), "both sides proved it");
        }
    }
}

/// A provider that does not prove addresses names the victim's.
pub(crate) async fn link_05_a_provider_that_does_not_prove_addresses(place: Place) {
    for said in [Value::Bool(false), json!("false"), json!(0), Value::Null] {
        let tomas = Person::new("10221083659472160", "Tomás", "Quintero").with_email(ANA);
        let mallory = Person::new("mallory", "Mallory", "Quill").with_unverified_email(ANA);
        let world = Stage::new(place)
            .people(Face::Facebook, vec![tomas])
            .people(Face::Microsoft, vec![mallory])
            .config(trusting)
            .start()
            .await;
        world.signed_in(Face::Google, ANA).await;
        let before = world.snapshot().await;
        let claim = said.clone();
        world.tamper(
            Face::Google,
            Tamper::id_token(move |token| {
                token.claims["email"] = ANA.into();
                token.claims["email_verified"] = claim.clone();
            }),
        );
        for (face, person) in
            [(Face::Google, JULIAN), (Face::Facebook, ANA), (Face::Microsoft, ANA)]
        {
            let mut attacker = world.browser();
            let callback = attacker.begin_as(face, person).await;
            attacker.follow(&callback).await.assert_refused("EmailNotVerified");
            assert_eq!(attacker.who().await, None);
        }
        assert_eq!(world.log.events("link.email_not_verified").len(), 3);
        world.assert_unchanged(&before).await;

        // With an address that is nobody's he is somebody new, and nobody vouches for it.
        world.tamper(
            Face::Google,
            Tamper::id_token(|token| token.claims["email"] = "new@free.example".into()),
        );
        world.signed_in(Face::Google, JULIAN).await;
        let new = world.store.user_by_email("new@free.example").await.unwrap().unwrap();
        assert_eq!(new.email_verified, None);
    }
}

/// One subject at three providers: three people.
pub(crate) async fn link_06_one_subject_at_several_providers(place: Place) {
    let person = |name: &str| vec![Person::new("1042", name, "Pérez")];
    let world = Stage::new(place)
        .people(Face::Google, person("Gabriela"))
        .people(Face::Facebook, person("Fabio"))
        .people(Face::Apple, person("Adela"))
        .start()
        .await;
    let faces = [
        (Face::Google, "Gabriela Pérez"),
        (Face::Facebook, "Fabio Pérez"),
        (Face::Apple, "Adela Pérez"),
    ];
    for (number, (face, name)) in faces.into_iter().enumerate() {
        for _ in 0..2 {
            let mut browser = world.signed_in(face, "1042").await;
            assert_eq!(browser.who().await.as_deref(), Some(name));
        }
        let after = world.snapshot().await;
        assert_eq!((after.users.len(), after.accounts.len()), (number + 1, number + 1));
    }
}

/// The provider names an address for somebody that has become another user's: both stay who they are.
pub(crate) async fn link_11_an_address_that_belongs_to_somebody_else_by_now(place: Place) {
    let world = World::start(place).await;
    world.signed_in(Face::Google, ANA).await;
    world.signed_in(Face::Google, JULIAN).await;
    let of = |email: &'static str| {
        let store = world.store.clone();
        async move { store.user_by_email(email).await.unwrap().unwrap() }
    };
    let (ana, julian) = (of(ANA).await, of(JULIAN).await);
    for (address, conflicts) in [(JULIAN, 1), (ANA, 1)] {
        world.tamper(
            Face::Google,
            Tamper::id_token(move |token| token.claims["email"] = address.into()),
        );
        let mut browser = world.signed_in(Face::Google, ANA).await;
        assert_eq!(browser.who().await.as_deref(), Some("Ana Restrepo"));
        assert_eq!((of(ANA).await, of(JULIAN).await), (ana.clone(), julian.clone()));
        assert_eq!(world.log.events("profile.email_conflict").len(), conflicts, "{address}");
    }
}

/// Admits the people of one domain, by the word of their provider.
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

/// Addresses that two programs read as two different ones.
pub(crate) async fn link_12_addresses_that_are_none(place: Place) {
    let addresses = [
        "a@evil.test@corp.test",
        "a@evil.test,b@corp.test",
        "a@evil.test;b@corp.test",
        "\"a@evil.test\"@corp.test",
        "Ana <a@evil.test>@corp.test",
        "a@evil.test b@corp.test",
        "a@evil.test\r\n@corp.test",
        "@corp.test",
        "a@evil.test\u{0}@corp.test",
    ];
    let closed = Stage::new(place).config(|config| config.callbacks = Arc::new(OfCorp));
    let (closed, open) = (closed.start().await, World::start(place).await);
    let said = |world: &World, address: &'static str| {
        world.tamper(
            Face::Google,
            Tamper::id_token(move |token| {
                token.claims["email"] = address.into();
                token.claims["email_verified"] = true.into();
            }),
        );
    };
    for address in addresses {
        let before = closed.snapshot().await;
        said(&closed, address);
        let mut browser = closed.browser();
        let callback = browser.begin_as(Face::Google, JULIAN).await;
        browser.follow(&callback).await.assert_refused("AccessDenied");
        closed.assert_unchanged(&before).await;
    }
    said(&closed, "ana@corp.test");
    closed.signed_in(Face::Google, JULIAN).await;

    said(&open, addresses[0]);
    open.signed_in(Face::Google, JULIAN).await;
    let [user] = open.snapshot().await.users.try_into().unwrap();
    assert!(!user.contains("evil") && !user.contains("corp"), "{user}");
}

/// Claims and forms that name what is not theirs to say.
pub(crate) async fn link_13_fields_that_nobody_asked_for(place: Place) {
    let world = Stage::new(place).config(trusting).start().await;
    world.tamper(
        Face::Google,
        Tamper::id_token(|token| {
            for (name, value) in [
                ("role", json!("ADMIN")),
                ("is_admin", json!(true)),
                ("id", json!("chosen")),
                ("user_id", json!("chosen")),
                ("emailVerified", json!("2001-01-01T00:00:00Z")),
                ("created_at", json!("2001-01-01T00:00:00Z")),
                ("auth_session", json!({ "id": "chosen" })),
            ] {
                token.claims[name] = value;
            }
        }),
    );
    let mut browser = world.signed_in(Face::Google, ANA).await;
    let user = world.store.user_by_email(ANA).await.unwrap().unwrap();
    assert_eq!((user.role.as_str(), user.name.as_deref()), ("CLIENT", Some("Ana Restrepo")));
    assert_ne!(user.id.as_str(), "chosen");
    assert!(user.email_verified.unwrap().year() > 2001);
    assert_eq!(browser.fetch("/admin").await.status, 403);

    let mut other = world.browser();
    let form = [
        ("email", CAMILA),
        ("password", "hunter2"),
        ("role", "ADMIN"),
        ("id", user.id.as_str()),
        ("emailVerified", "2001-01-01T00:00:00Z"),
    ];
    other.submit("/auth/callback/credentials", &form).await.assert_welcome();
    let made = world.store.user_by_email(CAMILA).await.unwrap().unwrap();
    assert_eq!((made.id.as_str(), made.role.as_str()), ("made-by-password", "CLIENT"));
    assert_eq!(made.email_verified, None);

    browser.sign_in(Face::Facebook, TOMAS).await;
    let accounts = browser.fetch("/auth/me/accounts").await.json()["accounts"].clone();
    let id = accounts[1]["id"].as_str().unwrap().to_owned();
    let before = world.snapshot().await;
    for field in ["role", "is_admin", "user", "userId", "email_verified", "created_at"] {
        let form = [("id", id.as_str()), (field, "ADMIN")];
        let answer = browser.submit("/auth/me/accounts/unlink", &form).await;
        answer.assert_status(400);
        assert_eq!(answer.json(), json!({ "error": "BadRequest" }), "{field}");
    }
    world.assert_unchanged(&before).await;
    browser.submit("/auth/me/accounts/unlink", &[("id", &id)]).await.assert_status(200);
}

/// Facebook's third person, who has no address.
const TOMAS: &str = "10221083659472160";
