//! The access token beside an ID token, and what the UserInfo endpoint says about somebody.

use betancourt_auth::provider::Algorithm;
use betancourt_auth::store::UserStore as _;
use betancourt_auth_dev::{Endpoint, Face, Tamper};
use serde_json::{Value, json};

use crate::support::forger::{Claims, token, user_info};
use crate::support::{
    ANA, Forger, Place, Stage, World, ask_for_more, at_google, claim, signed_with,
};

/// An access token that is not the one the ID token was given with is never used.
pub(crate) async fn oidc_19_an_access_token_of_somebody_else(place: Place) {
    let world = World::with_user_info(place).await;
    for wrong in [json!("another"), json!(""), json!(7), json!([]), Value::Null] {
        world.assert_rejected(vec![claim("at_hash", Some(wrong))], "id_token.at_hash").await;
    }
    let another = Tamper::json(Endpoint::Token, |answer| {
        answer["access_token"] = "an access token of somebody else".into();
    });
    world.assert_rejected(vec![another], "id_token.at_hash").await;
    world.assert_accepted(vec![claim("at_hash", None)]).await;
    world.assert_accepted(vec![]).await;
    assert_eq!(world.net.lookalikes.seen(Face::Google, Endpoint::UserInfo).len(), 2);
}

/// UserInfo says something else, or nothing where that is `None`.
fn said(name: &'static str, value: Option<Value>) -> Tamper {
    Tamper::json(Endpoint::UserInfo, move |claims| {
        let claims = claims.as_object_mut().unwrap();
        match &value {
            Some(value) => claims.insert(name.to_owned(), value.clone()),
            None => claims.remove(name),
        };
    })
}

/// UserInfo signs what it says, after this change to it.
fn signed_by(signer: &Forger, change: fn(&mut Claims)) -> Tamper {
    let signer = signer.clone();
    user_info(move |mut claims| {
        change(&mut claims);
        signer.token(&json!({ "alg": "ES256", "kid": "on-a-curve" }), &claims)
    })
}

/// UserInfo about somebody else, or signed by somebody else, for somebody else, or not at all where that was agreed:
/// nothing of it is kept.
pub(crate) async fn oidc_20_user_info_about_somebody_else(place: Place) {
    let world = World::with_user_info(place).await;
    // The name is what UserInfo alone says, so that it shows whether it was read.
    let sparing = || claim("name", None);
    for wrong in
        [Some(json!("somebody-else")), Some(json!("")), Some(json!([])), Some(Value::Null), None]
    {
        let tampers = vec![sparing(), said("sub", wrong)];
        world.assert_rejected_after_all(tampers, "id_token.subject").await;
    }
    world.assert_accepted(vec![sparing()]).await;
    assert_eq!(name_of_ana(&world).await.as_deref(), Some("Ana Restrepo"));

    let key = Forger::on_p256();
    let world = in_a_world_where(place, true).await;
    let before = world.snapshot().await;
    for (tampers, reason) in hostile_answers(&key) {
        let tampers = [tampers, vec![sparing(), key.published("on-a-curve")]].concat();
        world.assert_rejected_after_all(tampers, reason).await;
    }
    world.assert_unchanged(&before).await;
    let genuine = || vec![sparing(), key.published("on-a-curve"), signed_by(&key, |_| {})];
    world.assert_accepted(genuine()).await;
    assert_eq!(name_of_ana(&world).await.as_deref(), Some("Ana Restrepo"));

    // Where no signature was agreed, both forms are as good.
    let world = in_a_world_where(place, false).await;
    world.assert_accepted(genuine()).await;
    world.assert_accepted(vec![]).await;
}

async fn name_of_ana(world: &World) -> Option<String> {
    world.store.user_by_email(ANA).await.unwrap().and_then(|user| user.name)
}

async fn in_a_world_where(place: Place, agreed: bool) -> World {
    let change = at_google(move |registration| {
        ask_for_more(registration);
        signed_with(registration, &[Algorithm::Rs256, Algorithm::Es256]);
        registration.signed_user_info = agreed;
    });
    Stage::new(place).config(change).start().await
}

fn hostile_answers(key: &Forger) -> Vec<(Vec<Tamper>, &'static str)> {
    let stranger = Forger::on_p256();
    let unsigned = user_info(|claims| {
        let header = json!({ "alg": "none" });
        token(&header, &Value::Object(claims).to_string(), |_| Vec::new())
    });
    let of_another_kind = {
        let key = key.clone();
        user_info(move |claims| {
            key.token(&json!({ "alg": "ES256", "kid": "on-a-curve", "typ": "at+jwt" }), &claims)
        })
    };
    let set = |change| signed_by(key, change);
    vec![
        (vec![], "user_info.unsigned"),
        (vec![unsigned], "id_token.algorithm"),
        (vec![of_another_kind], "id_token.algorithm"),
        (vec![signed_by(&stranger, |_| {})], "id_token.signature"),
        (
            vec![set(|claims| drop(claims.insert("iss".into(), "https://evil.example".into())))],
            "id_token.issuer",
        ),
        (
            vec![set(|claims| drop(claims.insert("aud".into(), "another-client".into())))],
            "id_token.audience",
        ),
        (vec![set(|claims| drop(claims.insert("aud".into(), json!([]))))], "id_token.audience"),
        (
            vec![set(|claims| drop(claims.insert("sub".into(), "somebody-else".into())))],
            "id_token.subject",
        ),
        (vec![set(|claims| drop(claims.remove("sub")))], "id_token.subject"),
    ]
}
