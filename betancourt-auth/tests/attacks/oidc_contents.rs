//! Claims that are too long, too deep, of another type, or elsewhere.

use betancourt_auth::provider::Algorithm;
use betancourt_auth::store::UserStore as _;
use betancourt_auth_dev::{Body, Endpoint, Face, Tamper};
use serde_json::{Value, json};

use crate::support::forger::{id_token, token};
use crate::support::{
    ANA, CanaryHost, Forger, Place, Stage, World, ask_for_more, at_google, claim, signed_with,
};

/// What a person reads is cut or dropped; what is needed and is none refuses the sign-in; the rest is passed over.
pub(crate) async fn oidc_26_claims_that_are_too_much(place: Place) {
    let world = World::with_user_info(place).await;
    let name = |name: Value| vec![claim("name", Some(name))];
    for (claimed, shown) in [
        (json!("x".repeat(40_000)), Some("x".repeat(200))),
        (
            json!("Ana\u{0} \u{202e}opertseR\u{202c} \u{2066}x\u{2069}\u{61c}\r\n"),
            Some("Ana opertseR x".to_owned()),
        ),
        (json!("\u{202e}\u{0}"), None),
        (json!({ "given": "Ana" }), None),
        (json!(["Ana"]), None),
        (json!(7), None),
    ] {
        world.at_google_by_another_name(name(claimed.clone()), shown.as_deref(), &claimed).await;
    }
    // Longer than a token, longer than an answer.
    let too_long = name(json!("x".repeat(60_000)));
    world.assert_rejected(too_long, "id_token.malformed").await;
    let before = world.snapshot().await;
    let endless = name(json!("x".repeat(1 << 20)));
    world.at_hostile_google(endless).await.assert_refused("ProviderUnavailable");
    world.assert_unchanged(&before).await;
    let in_user_info = Tamper::json(Endpoint::UserInfo, |claims| {
        claims["name"] = "y".repeat(900_000).into();
    });
    let tampers = vec![claim("name", None), in_user_info];
    world.at_google_by_another_name(tampers, Some(&"y".repeat(200)), &Value::Null).await;

    for (odd, value) in [
        ("picture", json!(7)),
        ("picture", json!("javascript:alert(1)")),
        ("picture", json!(format!("https://pictures.example/{}", "p".repeat(4000)))),
        ("email", json!({ "address": ANA })),
        ("email", json!([ANA])),
        ("locale", json!([[[]]])),
    ] {
        world.assert_accepted(vec![claim(odd, Some(value))]).await;
    }
    for needed in [json!({}), json!(vec!["x"; 300]), json!("x".repeat(40_000))] {
        world.assert_rejected(vec![claim("sub", Some(needed))], "id_token.subject").await;
    }
    let users = world.snapshot().await.users.join("\n");
    assert!(!users.contains("javascript") && !users.contains("pppp"), "{users}");
    too_deep(place).await;
    elsewhere(place).await;
}

impl World {
    /// Ana signs in under the name that the provider gives her, if it is one.
    async fn at_google_by_another_name(
        &self,
        tampers: Vec<Tamper>,
        shown: Option<&str>,
        of: &Value,
    ) {
        static NUMBER: std::sync::atomic::AtomicU32 = std::sync::atomic::AtomicU32::new(0);
        let number = NUMBER.fetch_add(1, std::sync::atomic::Ordering::Relaxed);
        let (subject, address) =
            (format!("named-{number}"), format!("named-{number}@names.example"));
        for tamper in tampers {
            self.tamper(Face::Google, tamper);
        }
        let (of_token, of_user_info, mail) = (subject.clone(), subject, address.clone());
        self.tamper(
            Face::Google,
            Tamper::id_token(move |token| {
                token.claims["sub"] = of_token.clone().into();
                token.claims["email"] = mail.clone().into();
            }),
        );
        self.tamper(
            Face::Google,
            Tamper::json(Endpoint::UserInfo, move |claims| {
                claims["sub"] = of_user_info.clone().into()
            }),
        );
        self.browser().sign_in(Face::Google, ANA).await;
        self.net.lookalikes.behave(Face::Google);
        let user = self.store.user_by_email(&address).await.unwrap().unwrap();
        assert_eq!(user.name.as_deref(), shown, "{of:.60}");
    }
}

/// Ten thousand arrays, one in the other.
fn deep() -> String {
    format!("{}{}", "[".repeat(10_000), "]".repeat(10_000))
}

/// JSON that is nested deeper than any stack: in every document that a provider gives.
async fn too_deep(place: Place) {
    let both_kinds = || {
        at_google(|registration| {
            ask_for_more(registration);
            signed_with(registration, &[Algorithm::Rs256, Algorithm::Es256]);
        })
    };
    let world = Stage::new(place).config(both_kinds()).start().await;
    let key = Forger::on_p256();
    let signer = key.clone();
    let in_claims = id_token(move |claims| {
        let claims = Value::Object(claims).to_string();
        let claims = format!("{},\"deep\":{}}}", claims.strip_suffix('}').unwrap(), deep());
        token(&json!({ "alg": "ES256", "kid": "on-a-curve" }), &claims, |signed| {
            signer.sign(signed)
        })
    });
    let tampers = vec![key.published("on-a-curve"), in_claims];
    world.assert_rejected(tampers, "id_token.malformed").await;
    for endpoint in [Endpoint::UserInfo, Endpoint::Token] {
        let tampers = vec![answering(endpoint)];
        world.assert_rejected_after_all(tampers, "provider.malformed").await;
    }
    world.assert_accepted(vec![]).await;

    for endpoint in [Endpoint::Discovery, Endpoint::Keys] {
        let world = World::start(place).await;
        world.tamper(Face::Google, answering(endpoint));
        let mut browser = world.browser();
        if endpoint == Endpoint::Discovery {
            let answer = browser.submit("/auth/signin/google", &[]).await;
            answer.assert_refused("ProviderUnavailable");
        } else {
            let callback = browser.begin_as(Face::Google, ANA).await;
            browser.follow(&callback).await.assert_refused("ProviderUnavailable");
        }
        world.log.refusal("provider.unreachable", "google");
        world.net.lookalikes.behave(Face::Google);
        world.wait(time::Duration::seconds(11));
        browser.sign_in(Face::Google, ANA).await;
    }
}

/// An endpoint whose answer is what it was, and ten thousand arrays.
fn answering(endpoint: Endpoint) -> Tamper {
    Tamper::answer(endpoint, |answer| {
        if let Body::Json(genuine) = &answer.body {
            let genuine = genuine.to_string();
            let genuine = genuine.strip_suffix('}').unwrap();
            answer.body = Body::Text(format!("{genuine},\"deep\":{}}}", deep()));
        }
    })
}

/// Claims that stand in another document, or at another host: nobody goes there, and nothing of them counts.
async fn elsewhere(place: Place) {
    let world = World::with_user_info(place).await;
    let host = CanaryHost::serving(&json!({ "email": "elsewhere@evil.example" })).await;
    let (endpoint, attacker) = (host.url("/claims"), Forger::on_p256());
    let aggregated = attacker.token(
        &json!({ "alg": "ES256" }),
        json!({ "email": "aggregated@evil.example", "email_verified": true }).as_object().unwrap(),
    );
    let sources = json!({
        "distributed": { "endpoint": endpoint, "access_token": "come-and-get-it" },
        "aggregated": { "JWT": aggregated },
    });
    let names = json!({ "email": "distributed", "address": "distributed", "name": "aggregated" });
    let in_user_info = {
        let (names, sources) = (names.clone(), sources.clone());
        Tamper::json(Endpoint::UserInfo, move |claims| {
            let claims = claims.as_object_mut().unwrap();
            claims.retain(|name, _| name == "sub");
            claims.insert("_claim_names".to_owned(), names.clone());
            claims.insert("_claim_sources".to_owned(), sources.clone());
        })
    };
    world
        .assert_accepted(vec![
            in_user_info,
            claim("email", None),
            claim("email_verified", None),
            claim("name", None),
            claim("_claim_names", Some(names)),
            claim("_claim_sources", Some(sources)),
        ])
        .await;
    host.assert_unvisited().await;
    let [user] = world.snapshot().await.users.try_into().unwrap();
    assert!(!user.contains("evil"), "{user}");
}
