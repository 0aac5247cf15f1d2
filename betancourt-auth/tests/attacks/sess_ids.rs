//! The id of a session: drawn anew at every sign-in, never what somebody knew before, never what stands in the table.

use std::collections::BTreeSet;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use betancourt_auth_dev::Face;

use crate::support::{ANA, CAMILA, JULIAN, Place, SANTIAGO, Stage, VALENTINA, World, at_once};

const SESSION: &str = "__Secure-authjs.session-token";

/// Fixation: an id that the attacker knows lies in the victim's browser before the victim signs in. First one that he
/// made up, then one of a session of his own.
pub(crate) async fn sess_01_a_planted_session(place: Place) {
    let world = Stage::new(place).servers(3).start().await;
    let faces = [
        (Face::Google, ANA),
        (Face::Facebook, CAMILA),
        (Face::Apple, SANTIAGO),
        (Face::Microsoft, VALENTINA),
    ];
    for (face, person) in faces {
        let invented = format!("an-id-that-the-attacker-made-up-{}", face.id());
        let mut victim = world.browser();
        victim.jar.plant(SESSION, &invented);
        victim.sign_in(face, person).await;
        assert_ne!(victim.session().unwrap(), invented);
        assert_eq!(victim.knock().await, 200);
        assert_eq!(knock_everywhere(&world, &invented).await, [401; 30]);
    }

    // His own session is too old to take on anybody's account; the victim's sign-in changes nothing for him.
    let mut attacker = world.signed_in(Face::Google, JULIAN).await;
    world.wait(time::Duration::minutes(11));
    let (known, before) = (attacker.session().unwrap(), world.snapshot().await);
    let mut victim = world.browser();
    victim.jar.plant(SESSION, &known);
    let callback = victim.begin_as(Face::Facebook, "10221083659472160").await;
    victim.follow(&callback).await.assert_refused("ReauthRequired");
    world.assert_unchanged(&before).await;
    assert_eq!(attacker.who().await.as_deref(), Some("Julián Ortega"));
}

/// Signing in again as oneself, and linking an account: the id from before is dead at once, for every thief of it.
pub(crate) async fn sess_01_an_old_id_after_signing_in_again(place: Place) {
    let world = Stage::new(place).servers(3).start().await;
    let mut browser = world.signed_in(Face::Google, ANA).await;
    for (face, person) in [(Face::Google, ANA), (Face::Facebook, CAMILA)] {
        let old = browser.session().unwrap();
        browser.sign_in(face, person).await;
        assert_ne!(browser.session().unwrap(), old);
        assert_eq!(knock_everywhere(&world, &old).await, [401; 30]);
        assert_eq!(browser.who().await.as_deref(), Some("Ana Restrepo"));
    }
    let after = world.snapshot().await;
    assert_eq!(
        (after.users.len(), after.accounts.len(), after.sessions.len()),
        (1, 2, place.rows(1))
    );
}

/// Thirty thieves at three servers present an id at the same moment.
async fn knock_everywhere(world: &World, session: &str) -> [u16; 30] {
    let thief = |number: usize| {
        let mut thief = world.browser();
        thief.door = number % 3;
        thief.jar.plant(SESSION, session);
        async move { thief.knock().await }
    };
    at_once((0..30).map(thief)).await.try_into().unwrap()
}

/// Somebody reads the table: no value in it opens anything.
pub(crate) async fn sess_02_a_stolen_table(place: Place) {
    let world = World::start(place).await;
    let mut ids = BTreeSet::new();
    for person in [ANA, JULIAN, ANA, JULIAN] {
        let mut browser = world.signed_in(Face::Google, person).await;
        let id = browser.session().unwrap();
        assert_eq!(URL_SAFE_NO_PAD.decode(&id).unwrap().len() * 8, 256);
        assert_eq!(browser.knock().await, 200);
        ids.insert(id);
    }
    assert_eq!(ids.len(), 4);

    let stored = world.store.stored_tokens().await;
    assert_eq!(stored.len(), 4);
    for value in &stored {
        assert!(!ids.contains(value), "an id stands in the table");
        let (_, hash) = value.split_once(':').unwrap();
        assert!(!ids.contains(hash), "an id stands in the table");
        for presented in [value.clone(), value.replace(':', "%3A"), hash.to_owned()] {
            let mut thief = world.browser();
            thief.jar.plant(SESSION, &presented);
            assert_eq!(thief.knock().await, 401, "{presented}");
        }
    }
}

/// The generator draws an id that somebody has already: once, and then again and again.
pub(crate) async fn sess_12_an_id_that_is_taken(place: Place) {
    let world = World::start(place).await;
    let mut first = world.signed_in(Face::Google, ANA).await;
    let taken = first.session().unwrap();
    let bytes: [u8; 32] = URL_SAFE_NO_PAD.decode(&taken).unwrap().try_into().unwrap();

    for times in [1, 2] {
        let mut second = world.browser();
        let callback = second.begin_as(Face::Google, JULIAN).await;
        let before = world.snapshot().await;
        world.random.repeat(bytes, times);
        let answer = second.follow(&callback).await;
        assert_eq!(world.random.relax(), 0, "the id was not drawn as often as planned");
        if times == 1 {
            answer.assert_welcome();
            assert_ne!(second.session().unwrap(), taken);
            assert_eq!(second.who().await.as_deref(), Some("Julián Ortega"));
        } else {
            answer.assert_status(503);
            world.assert_unchanged(&before).await;
        }
        assert_eq!(first.who().await.as_deref(), Some("Ana Restrepo"));
    }
}
