//! What is peculiar to a provider: whose tenant, which domain, which address, which id.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use betancourt_auth::provider::{CATALOGUE, Credential, Protocol, Quirk, Tenants};
use betancourt_auth::store::{AccountStore as _, MemoryStore, UserStore as _};
use betancourt_auth::{AccountKey, Auth, Config, Secret};
use betancourt_auth_dev::{Endpoint, Face, Person, Tamper};
use serde_json::{Value, json};

use crate::support::{ANA, CAMILA, JULIAN, Place, SANTIAGO, Stage, VALENTINA, World};

/// Somebody else's tenant.
const OTHER_TENANT: &str = "11111111-2222-3333-4444-555555555555";

/// A token of one tenant that claims another one, or none.
pub(crate) async fn prov_01_a_token_of_another_tenant(place: Place) {
    let world = World::start(place).await;
    let before = world.snapshot().await;
    let base = world.net.lookalikes.client(Face::Microsoft).base().to_owned();
    let issuer = move |tenant: &str| format!("{base}/{tenant}/v2.0");
    let hostile: [(&str, String); 5] = [
        ("tid", OTHER_TENANT.to_owned()),
        ("iss", issuer(OTHER_TENANT)),
        ("iss", issuer("{tenantid}")),
        ("iss", issuer("common")),
        ("tid", "{tenantid}".to_owned()),
    ];
    for (claim, value) in hostile {
        world.tamper(
            Face::Microsoft,
            Tamper::id_token(move |token| token.claims[claim] = value.clone().into()),
        );
        let mut browser = world.browser();
        let callback = browser.begin_as(Face::Microsoft, VALENTINA).await;
        browser.follow(&callback).await.assert_refused("OAuthCallbackError");
        world.net.lookalikes.behave(Face::Microsoft);
    }
    assert_eq!(world.log.events("id_token.issuer").len(), 5);
    world.assert_unchanged(&before).await;
    world.signed_in(Face::Microsoft, VALENTINA).await;
}

/// An administrator writes the victim's address into his own tenant.
pub(crate) async fn prov_02_an_address_that_a_tenant_made_up(place: Place) {
    let world = World::start(place).await;
    let mut victim = world.signed_in(Face::Google, ANA).await;
    let before = world.snapshot().await;
    for vouching in ["email_verified", "verified_primary_email"] {
        world.tamper(
            Face::Microsoft,
            Tamper::id_token(move |token| {
                token.claims["email"] = ANA.into();
                token.claims["preferred_username"] = ANA.into();
                token.claims["upn"] = ANA.into();
                token.claims["xms_edov"] = false.into();
                token.claims[vouching] = true.into();
            }),
        );
        let mut attacker = world.browser();
        let callback = attacker.begin_as(Face::Microsoft, VALENTINA).await;
        attacker.follow(&callback).await.assert_refused("EmailNotVerified");
        assert_eq!(attacker.who().await, None);
        world.net.lookalikes.behave(Face::Microsoft);
    }
    world.assert_unchanged(&before).await;
    assert_eq!(victim.who().await.as_deref(), Some("Ana Restrepo"));
    world.signed_in(Face::Microsoft, VALENTINA).await;
}

fn microsoft_only(tenants: Vec<&'static str>) -> impl Fn(&mut Config) + Send + 'static {
    move |config| {
        for registration in &mut config.registrations {
            let quirks = &mut registration.provider.quirks;
            if registration.provider.id == "microsoft-entra-id" {
                quirks.retain(|quirk| !matches!(quirk, Quirk::TenantIssuer(_)));
                let tenants = tenants.iter().map(|tenant| (*tenant).into()).collect();
                quirks.push(Quirk::TenantIssuer(Tenants::Only(tenants)));
            }
        }
    }
}

/// Somebody of another tenant, where only one may come in.
pub(crate) async fn prov_03_somebody_of_another_tenant(place: Place) {
    let tenant = {
        let world = World::start(place).await;
        let mut people = world.net.lookalikes.people(Face::Microsoft);
        people.find(|person| person.key() == VALENTINA).unwrap().tenant.clone().unwrap()
    };
    let tenant: &'static str = tenant.leak();
    for (admitted, comes_in) in [(OTHER_TENANT, false), (tenant, true)] {
        let world = Stage::new(place).config(microsoft_only(vec![admitted])).start().await;
        let before = world.snapshot().await;
        let mut browser = world.browser();
        let callback = browser.begin_as(Face::Microsoft, VALENTINA).await;
        let answer = browser.follow(&callback).await;
        if comes_in {
            answer.assert_welcome();
        } else {
            answer.assert_refused("AccessDenied");
            world.log.refusal("provider.outsider_refused", "microsoft-entra-id");
            world.assert_unchanged(&before).await;
        }
    }
}

/// Somebody strips the hint from the request, and comes with another domain or with none.
pub(crate) async fn prov_04_a_domain_that_was_stripped(place: Place) {
    let stage = Stage::new(place).config(|config: &mut Config| {
        let google = config.registrations.iter_mut().find(|known| known.provider.id == "google");
        let quirks = &mut google.unwrap().provider.quirks;
        quirks.push(Quirk::HostedDomain("casa-ortega.example".into()));
    });
    let world = stage.start().await;
    let before = world.snapshot().await;
    for hd in [Value::Null, json!("evil.example"), json!("casa-ortega.example.evil.example")] {
        world.tamper(Face::Google, Tamper::id_token(move |token| token.claims["hd"] = hd.clone()));
        let mut browser = world.browser();
        let authorize = browser.begin(Face::Google).await;
        assert!(authorize.contains("hd=casa-ortega.example"), "{authorize}");
        let stripped = authorize.replace("hd=casa-ortega.example&", "");
        let callback = world.net.approve(&stripped, JULIAN).await;
        browser.follow(&callback).await.assert_refused("AccessDenied");
        world.net.lookalikes.behave(Face::Google);
    }
    let mut without = world.browser();
    let callback = without.begin_as(Face::Google, ANA).await;
    without.follow(&callback).await.assert_refused("AccessDenied");
    assert_eq!(world.log.events("provider.outsider_refused").len(), 4);
    world.assert_unchanged(&before).await;
    world.signed_in(Face::Google, JULIAN).await;
}

/// Whoever has an address at a domain that is not Google's now need not be whom Google once checked.
pub(crate) async fn prov_05_an_address_that_google_does_not_run(place: Place) {
    let stage = Stage::new(place).config(|config: &mut Config| {
        for registration in &mut config.registrations {
            registration.danger_email_account_linking = true;
        }
    });
    let world = stage.people(Face::Apple, vec![owner()]).start().await;
    world.signed_in(Face::Apple, "ceo@gone.example").await;
    let before = world.snapshot().await;
    let claims = |hd: Value| {
        Tamper::id_token(move |token| {
            token.claims["email"] = "ceo@gone.example".into();
            token.claims["hd"] = hd.clone();
        })
    };
    world.tamper(Face::Google, claims(Value::Null));
    let mut buyer = world.browser();
    let callback = buyer.begin_as(Face::Google, ANA).await;
    buyer.follow(&callback).await.assert_refused("EmailNotVerified");
    assert_eq!(buyer.who().await, None);
    world.assert_unchanged(&before).await;
    world.net.lookalikes.behave(Face::Google);

    // For an address of a Workspace Google answers.
    world.tamper(Face::Google, claims(json!("gone.example")));
    let mut owner = world.signed_in(Face::Google, JULIAN).await;
    assert_eq!(owner.who().await.as_deref(), Some("Carla Ortiz"));
    assert_eq!(world.snapshot().await.users.len(), 1);
}

fn owner() -> Person {
    Person::new("001.ceo.0001", "Carla", "Ortiz").with_email("ceo@gone.example")
}

/// The form in which Apple tells a name, edited on its way.
pub(crate) async fn prov_06_an_edited_form(place: Place) {
    let world = World::start(place).await;
    world.signed_in(Face::Google, ANA).await;
    let long = "x".repeat(40_000);
    for (first, last) in [("<script>alert(1)</script>", "\u{202e}\u{0}Vélez"), (&long, &long)] {
        let mut browser = world.browser();
        let mut callback = browser.begin_as(Face::Apple, SANTIAGO).await;
        let user = json!({
            "name": { "firstName": first, "lastName": last }, "email": ANA, "sub": "somebody else",
        });
        callback.set("user", &user.to_string());
        let answer = browser.follow(&callback).await;
        if first.len() > 1_000 {
            assert!(!answer.sets_a_session() || browser.who().await.unwrap().len() < 300);
            continue;
        }
        answer.assert_welcome();
        let user = world.store.user_by_email(SANTIAGO).await.unwrap().unwrap();
        let name = user.name.clone().unwrap();
        assert!(!name.contains(['\u{0}', '\u{202e}']) && name.len() < 300, "{name:?}");
        let page = browser.fetch("/auth/session").await;
        assert_eq!(page.header("content-type"), Some("application/json"), "{page:?}");
        let key = AccountKey::new("apple", world.subject(Face::Apple, SANTIAGO));
        assert_eq!(world.store.account(&key).await.unwrap().unwrap().user_id, user.id);
    }
    let ana = world.store.user_by_email(ANA).await.unwrap().unwrap();
    assert_eq!(ana.name.as_deref(), Some("Ana Restrepo"));
}

/// An address that is hidden, missing, or somebody else's: whoever comes from Apple is known by the subject.
pub(crate) async fn prov_07_an_apple_account_without_its_address(place: Place) {
    let world = World::start(place).await;
    world.signed_in(Face::Google, ANA).await;
    world.signed_in(Face::Apple, SANTIAGO).await;
    let santiago = world.store.user_by_email(SANTIAGO).await.unwrap().unwrap();
    for email in [Value::Null, json!(ANA), json!("k7q2@privaterelay.appleid.com")] {
        world.tamper(
            Face::Apple,
            Tamper::id_token(move |token| token.claims["email"] = email.clone()),
        );
        let mut browser = world.signed_in(Face::Apple, SANTIAGO).await;
        assert_eq!(browser.who().await.as_deref(), Some("Santiago Vélez"));
        let known = world.store.user_by_email(SANTIAGO).await.unwrap().unwrap();
        assert_eq!(known, santiago, "what is known of them stays");
        world.net.lookalikes.behave(Face::Apple);
    }
    assert_eq!(world.snapshot().await.users.len(), 2);
}

/// Facebook's word proves no address, and many people have none.
pub(crate) async fn prov_09_a_facebook_address_proves_nothing(place: Place) {
    let world = World::start(place).await;
    world.signed_in(Face::Google, ANA).await;
    let before = world.snapshot().await;
    let mut attacker = world.browser();
    let callback = attacker.begin_as(Face::Facebook, ANA).await;
    attacker.follow(&callback).await.assert_refused("EmailNotVerified");
    world.assert_unchanged(&before).await;
    world.signed_in(Face::Facebook, CAMILA).await;
    let camila = world.store.user_by_email(CAMILA).await.unwrap().unwrap();
    assert_eq!(camila.email_verified, None);
    let asked = world.net.lookalikes.seen(Face::Facebook, Endpoint::UserInfo);
    assert!(asked.iter().all(|asked| asked.query_value("appsecret_proof").is_some()));
    // A token of another app has no proof that the Graph would take, so nobody comes in with it.
    world.tamper(
        Face::Facebook,
        Tamper::json(Endpoint::Token, |answer| answer["access_token"] = "of-another-app".into()),
    );
    let mut browser = world.browser();
    let callback = browser.begin_as(Face::Facebook, CAMILA).await;
    browser.follow(&callback).await.assert_refused("OAuthCallbackError");
    world.net.lookalikes.behave(Face::Facebook);
    world.signed_in(Face::Facebook, CAMILA).await;
}

/// Numbers as ids: exact as they stand, neighbours apart, and none that was rounded.
pub(crate) async fn prov_12_ids_that_are_numbers(place: Place) {
    let stage = Stage::new(place).config(|config: &mut Config| {
        let facebook =
            config.registrations.iter_mut().find(|known| known.provider.id == "facebook");
        facebook.unwrap().provider.profile = betancourt_auth::provider::github().profile;
    });
    let world = stage.start().await;
    let come = async |id: Value| {
        world.tamper(
            Face::Facebook,
            Tamper::json(Endpoint::UserInfo, move |person| {
                *person = json!({ "id": id.clone(), "login": "somebody" });
            }),
        );
        let mut browser = world.browser();
        let callback = browser.begin_as(Face::Facebook, CAMILA).await;
        let answer = browser.follow(&callback).await;
        world.net.lookalikes.behave(Face::Facebook);
        answer
    };
    let ids = [
        json!(9_007_199_254_740_992_u64),
        json!(9_007_199_254_740_993_u64),
        json!(u64::MAX),
        json!("007"),
        json!("7"),
    ];
    for (number, id) in ids.iter().enumerate() {
        come(id.clone()).await.assert_welcome();
        let subject = id.as_str().map_or_else(|| id.to_string(), str::to_owned);
        let key = AccountKey::new("facebook", subject);
        let account = world.store.account(&key).await.unwrap().unwrap();
        assert_eq!(world.snapshot().await.users.len(), number + 1);
        let user = world.store.user(&account.user_id).await.unwrap().unwrap();
        assert_eq!(user.email, None, "no address is made up");
    }
    let before = world.snapshot().await;
    for id in [json!(7.0), json!(1e300), json!(null), json!(true), json!({ "id": 7 })] {
        come(id).await.assert_refused("OAuthCallbackError");
    }
    world.assert_unchanged(&before).await;
}

/// GitHub's way: the public address is what somebody typed, and a name can be somebody else's tomorrow.
pub(crate) async fn prov_10_a_public_address_and_a_name_used_again(place: Place) {
    let stage = Stage::new(place).config(|config: &mut Config| {
        let facebook =
            config.registrations.iter_mut().find(|known| known.provider.id == "facebook");
        let provider = &mut facebook.unwrap().provider;
        provider.profile = betancourt_auth::provider::github().profile;
        if let Protocol::OAuth2 { documents, .. } = &mut provider.protocol {
            let base = documents[0].split('?').next().unwrap().to_owned();
            *documents =
                vec![format!("{base}?fields=name").into(), format!("{base}?fields=email").into()];
        }
    });
    let world = stage.start().await;
    world.signed_in(Face::Google, ANA).await;
    let come = async |id: u64, emails: Value| {
        world.tamper(
            Face::Facebook,
            Tamper::json(Endpoint::UserInfo, move |document| {
                *document = if document.get("name").is_some() {
                    json!({ "id": id, "login": "octocat", "email": ANA })
                } else {
                    emails.clone()
                };
            }),
        );
        let mut browser = world.browser();
        let callback = browser.begin_as(Face::Facebook, CAMILA).await;
        let answer = browser.follow(&callback).await;
        world.net.lookalikes.behave(Face::Facebook);
        (answer, browser)
    };
    let before = world.snapshot().await;
    let listed = |address: &str, verified: bool| json!([{ "email": address, "primary": true, "verified": verified }]);
    for emails in [listed(ANA, false), listed("else@where.example", true), json!([])] {
        let (answer, mut attacker) = come(7, emails).await;
        answer.assert_refused("EmailNotVerified");
        assert_eq!(attacker.who().await, None);
    }
    world.assert_unchanged(&before).await;
    // Proven it is, but this address has an owner who signs in another way.
    come(7, listed(ANA, true)).await.0.assert_refused("OAuthAccountNotLinked");
    let free = |id: u64| {
        Tamper::json(Endpoint::UserInfo, move |document| {
            *document = if document.get("name").is_some() {
                json!({ "id": id, "login": "octocat" })
            } else {
                json!([])
            };
        })
    };
    for (number, id) in [7, 8].into_iter().enumerate() {
        world.tamper(Face::Facebook, free(id));
        world.signed_in(Face::Facebook, CAMILA).await;
        world.net.lookalikes.behave(Face::Facebook);
        assert_eq!(world.snapshot().await.users.len(), number + 2, "the same name, another person");
    }
}

/// A server that runs for longer than Apple's secrets live, and a key that is none.
pub(crate) async fn prov_08_a_secret_that_would_have_ended(place: Place) {
    let world = World::start(place).await;
    let mut secrets = Vec::new();
    for _ in 0..3 {
        world.signed_in(Face::Apple, SANTIAGO).await;
        let seen = world.net.lookalikes.seen(Face::Apple, Endpoint::Token);
        let secret = seen.last().unwrap().form_value("client_secret").unwrap().to_owned();
        let claims = secret.split('.').nth(1).unwrap();
        let claims: Value =
            serde_json::from_slice(&URL_SAFE_NO_PAD.decode(claims).unwrap()).unwrap();
        let (made_at, ends) = (claims["iat"].as_i64().unwrap(), claims["exp"].as_i64().unwrap());
        assert!(ends - made_at <= 600, "{claims}");
        secrets.push(secret);
        world.wait(time::Duration::days(100));
    }
    secrets.dedup();
    assert_eq!(secrets.len(), 3, "each exchange has its own");

    let mut config = world.auth.config().clone();
    for registration in &mut config.registrations {
        if let Credential::AppleKey(key) = &mut registration.credential {
            key.private_key =
                Secret::new("-----BEGIN PRIVATE KEY-----\nbm9uZQ==\n-----END PRIVATE KEY-----");
        }
    }
    let refused = Auth::new(config, MemoryStore::default()).unwrap_err();
    assert!(refused.to_string().contains("AUTH_APPLE_PRIVATE_KEY"), "{refused}");
}

/// No entry of the catalogue knows people by something that changes hands, and none leaves a defence out but those whose
/// own documentation asks for it.
pub(crate) async fn prov_11_what_entries_know_people_by(place: Place) {
    for entry in CATALOGUE {
        let address = entry.needs_address().then_some("https://id.example.com");
        let provider = entry.provider(address).unwrap();
        let weak = |quirk: &Quirk| matches!(quirk, Quirk::NoNonce | Quirk::NoPkce);
        let is_weak = provider.quirks.iter().any(weak);
        assert_eq!(is_weak, ["linkedin", "vk"].contains(&entry.id), "{}", entry.id);
        let claims = |changes: &str| {
            json!({
                "sub": "stable", "id": "stable", "preferred_username": changes, "nickname": changes,
                "email": format!("{changes}@example.com"), "upn": changes, "login": changes, "name": changes,
            })
        };
        let subject = |changes| Some((provider.profile)(&[claims(changes)])?.subject);
        assert_eq!(subject("yesterday"), subject("today"), "{}", entry.id);
    }
    // And so it is at the door: another name and another address, the same person.
    let world = World::start(place).await;
    world.signed_in(Face::Microsoft, VALENTINA).await;
    world.tamper(
        Face::Microsoft,
        Tamper::id_token(|token| {
            token.claims["preferred_username"] = "renamed@gomez-films.example".into();
            token.claims["email"] = "renamed@gomez-films.example".into();
        }),
    );
    world.signed_in(Face::Microsoft, VALENTINA).await;
    assert_eq!(world.snapshot().await.users.len(), 1);
}
