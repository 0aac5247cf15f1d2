//! Addresses that the provider does not vouch for, or not in the same document.

use betancourt_auth::store::UserStore as _;
use betancourt_auth::{Config, User};
use betancourt_auth_dev::{Endpoint, Face, Tamper};
use serde_json::{Map, Value, json};

use crate::support::{JULIAN, Place, SANTIAGO, Stage, World, ask_for_more, at_google};

/// The user who has an address.
async fn owner(world: &World, address: &str) -> Option<User> {
    world.store.user_by_email(address).await.unwrap()
}

/// Only the boolean counts, and at Apple, whose documentation says so, the text.
pub(crate) async fn oidc_24_an_address_that_is_nearly_verified(place: Place) {
    let world = World::start(place).await;
    let said = [
        Some(json!("true")),
        Some(json!("TRUE")),
        Some(json!("false")),
        Some(json!("0")),
        Some(json!("1")),
        Some(json!(0)),
        Some(json!(1)),
        Some(json!([true])),
        Some(json!({ "value": true })),
        Some(json!(false)),
        Some(Value::Null),
        None,
        Some(json!(true)),
    ];
    for (number, said) in said.into_iter().enumerate() {
        let address = format!("person-{number}@addresses.example");
        let (claimed, verified) = (address.clone(), said == Some(json!(true)));
        let word = said.clone();
        world.tamper(
            Face::Google,
            Tamper::id_token(move |token| {
                let claims = token.claims.as_object_mut().unwrap();
                claims.insert("sub".to_owned(), format!("person-{number}").into());
                claims.insert("email".to_owned(), claimed.clone().into());
                match &word {
                    Some(word) => claims.insert("email_verified".to_owned(), word.clone()),
                    None => claims.remove("email_verified"),
                };
            }),
        );
        world.browser().sign_in(Face::Google, JULIAN).await;
        world.net.lookalikes.behave(Face::Google);
        let user = owner(&world, &address).await.unwrap();
        assert_eq!(user.email_verified.is_some(), verified, "{said:?}");
    }

    world.browser().sign_in(Face::Apple, SANTIAGO).await;
    assert!(owner(&world, SANTIAGO).await.unwrap().email_verified.is_some());
    for word in ["false", "True", "1"] {
        let address = format!("{}@apple.example", word.to_lowercase());
        let (claimed, subject) = (address.clone(), format!("001.{word}"));
        world.tamper(
            Face::Apple,
            Tamper::id_token(move |token| {
                token.claims["sub"] = subject.clone().into();
                token.claims["email"] = claimed.clone().into();
                token.claims["email_verified"] = word.into();
            }),
        );
        world.browser().sign_in(Face::Apple, SANTIAGO).await;
        assert_eq!(owner(&world, &address).await.unwrap().email_verified, None, "{word}");
    }
}

/// What the ID token and UserInfo say of the address, and nothing else of it. The account is one of a Workspace, for whose
/// addresses Google answers.
fn documents(of_token: Value, of_user_info: Value) -> Vec<Tamper> {
    fn write(claims: &mut Map<String, Value>, said: &Value) {
        claims.retain(|name, _| name != "email" && name != "email_verified");
        claims.extend(said.as_object().unwrap().clone());
    }
    vec![
        Tamper::id_token(move |token| {
            token.claims["hd"] = "addresses.example".into();
            write(token.claims.as_object_mut().unwrap(), &of_token);
        }),
        Tamper::json(Endpoint::UserInfo, move |claims| {
            write(claims.as_object_mut().unwrap(), &of_user_info);
        }),
    ]
}

fn linking(config: &mut Config) {
    for registration in &mut config.registrations {
        registration.danger_email_account_linking = true;
    }
    at_google(ask_for_more)(config);
}

/// Who vouches in one document for an address that stands in another vouches for nothing.
pub(crate) async fn oidc_25_an_address_and_its_proof_in_two_documents(place: Place) {
    const A: &str = "a@addresses.example";
    const B: &str = "b@addresses.example";
    let proven = |address: &str| json!({ "email": address, "email_verified": true });
    let bare = |address: &str| json!({ "email": address });
    let (word, nothing) = (|| json!({ "email_verified": true }), || json!({}));
    for (of_token, of_user_info, stored, verified) in [
        (proven(A), bare(B), A, true),
        (proven(A), proven(B), A, true),
        (bare(A), proven(B), A, false),
        (bare(A), word(), A, false),
        (word(), bare(B), B, false),
        (word(), json!({ "email": B, "email_verified": "true" }), B, false),
        (nothing(), proven(B), B, true),
    ] {
        let world = Stage::new(place).config(linking).start().await;
        world.assert_accepted(documents(of_token.clone(), of_user_info.clone())).await;
        let user = owner(&world, stored).await.unwrap();
        assert_eq!(user.email_verified.is_some(), verified, "{of_token} and {of_user_info}");
        let other = if stored == A { B } else { A };
        assert_eq!(owner(&world, other).await, None, "{of_token} and {of_user_info}");
    }

    // Proven addresses tie accounts together here: the word for another one does not tie Ana to Santiago.
    for hostile in [true, false] {
        let world = Stage::new(place).config(linking).start().await;
        world.browser().sign_in(Face::Apple, SANTIAGO).await;
        let before = world.snapshot().await;
        let of_token = if hostile { word() } else { nothing() };
        let of_user_info = if hostile { bare(SANTIAGO) } else { proven(SANTIAGO) };
        let answer = world.at_hostile_google(documents(of_token, of_user_info)).await;
        if hostile {
            answer.assert_refused("EmailNotVerified");
            world.assert_unchanged(&before).await;
        } else {
            answer.assert_welcome();
            let after = world.snapshot().await;
            assert_eq!(after.users.len(), before.users.len(), "both sides proved it");
        }
    }
}
