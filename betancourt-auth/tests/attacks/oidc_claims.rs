//! ID tokens that name another issuer, another audience, or a person who is none.

use betancourt_auth_dev::{Face, Person};
use serde_json::{Value, json};

use crate::support::{Place, Stage, World, ask_for_more, at_google, claim};

/// `iss` is the issuer, letter for letter.
pub(crate) async fn oidc_03_a_token_of_another_issuer(place: Place) {
    let world = World::with_user_info(place).await;
    let issuer = world.net.lookalikes.client(Face::Google).issuer();
    let microsoft = world.net.lookalikes.client(Face::Microsoft).issuer();
    for wrong in [
        Some(json!("https://accounts.evil.example")),
        Some(json!(format!("{issuer}/"))),
        Some(json!(issuer.replace("127.0.0.1", "localhost"))),
        Some(json!(issuer.to_uppercase())),
        Some(json!(microsoft)),
        Some(json!([issuer])),
        Some(json!("")),
        Some(Value::Null),
        None,
    ] {
        world.assert_rejected(vec![claim("iss", wrong)], "id_token.issuer").await;
    }
    world.assert_accepted(vec![claim("iss", Some(json!(issuer)))]).await;
}

/// `aud` is our client id.
pub(crate) async fn oidc_04_a_token_for_another_client(place: Place) {
    let world = World::with_user_info(place).await;
    let ours = world.net.lookalikes.client(Face::Google).id().to_owned();
    for wrong in [
        Some(json!("another-client")),
        Some(json!(["another-client"])),
        Some(json!(ours.to_uppercase())),
        Some(json!(format!("{ours} "))),
        Some(json!([])),
        Some(json!([[ours]])),
        Some(json!({ "0": ours })),
        Some(json!("")),
        Some(json!(7)),
        Some(Value::Null),
        None,
    ] {
        world.assert_rejected(vec![claim("aud", wrong)], "id_token.audience").await;
    }
    for party in [json!("another-client"), json!([ours]), Value::Null] {
        world.assert_rejected(vec![claim("azp", Some(party))], "id_token.audience").await;
    }
    world.assert_accepted(vec![claim("aud", Some(json!(ours))), claim("azp", None)]).await;
}

/// A second audience must be one that the application trusts, and the token must have been given to us.
pub(crate) async fn oidc_05_a_token_for_us_and_for_somebody_else(place: Place) {
    let (plain, trusting) = (
        World::with_user_info(place).await,
        Stage::new(place)
            .config(at_google(|registration| {
                ask_for_more(registration);
                registration.trusted_audiences.push("the-studio".into());
            }))
            .start()
            .await,
    );
    let ours = plain.net.lookalikes.client(Face::Google).id().to_owned();
    let both = || claim("aud", Some(json!([ours, "the-studio"])));
    plain.assert_rejected(vec![both()], "id_token.audience").await;
    plain.assert_accepted(vec![claim("aud", Some(json!([ours])))]).await;

    let audience = |audiences: Value| vec![claim("aud", Some(audiences))];
    for wrong in [
        audience(json!([ours, "the-studio", "another-client"])),
        audience(json!(["the-studio"])),
        audience(json!("the-studio")),
        vec![both(), claim("azp", Some(json!("the-studio")))],
        vec![both(), claim("azp", None)],
    ] {
        trusting.assert_rejected(wrong, "id_token.audience").await;
    }
    trusting.assert_accepted(vec![both()]).await;
}

/// People are known by a subject that is a text of a sound length, and by nothing that only looks like it.
pub(crate) async fn oidc_10_subjects_that_are_none_or_look_alike(place: Place) {
    let world = World::start(place).await;
    for wrong in [
        Some(json!("")),
        Some(json!("x".repeat(256))),
        Some(json!(1042)),
        Some(json!(["1042"])),
        Some(Value::Null),
        None,
    ] {
        world.assert_rejected(vec![claim("sub", wrong)], "id_token.subject").await;
    }
    world.assert_accepted(vec![claim("sub", Some(json!("x".repeat(255))))]).await;

    let alike =
        [("abc", "Uno"), ("ABC", "Dos"), ("Abc", "Tres"), ("abc ", "Cuatro"), (" abc", "Cinco")];
    let people = alike.map(|(subject, name)| Person::new(subject, name, "Pérez")).to_vec();
    let world = Stage::new(place).people(Face::Google, people).start().await;
    for round in 1..=2 {
        for (number, (subject, name)) in alike.into_iter().enumerate() {
            let mut browser = world.signed_in(Face::Google, subject).await;
            assert_eq!(browser.who().await, Some(format!("{name} Pérez")), "{subject:?}");
            let known = if round == 1 { number + 1 } else { alike.len() };
            let after = world.snapshot().await;
            assert_eq!((after.users.len(), after.accounts.len()), (known, known), "{subject:?}");
        }
    }
}
