//! A Redis beside the people that is away, or comes back with less than it had.

use std::io::{Read as _, Write as _};
use std::net::TcpStream;

use betancourt_auth::StoredToken;
use betancourt_auth::store::{SessionKeeper as _, UserStore as _};
use betancourt_auth_dev::Face;

use crate::support::{ANA, CAMILA, JULIAN, Keeper, Place, Redis, Stage, VALENTINA};

/// Writes down what it has, as of now.
fn save(redis: &Redis) {
    let mut asked = TcpStream::connect(("127.0.0.1", redis.port)).unwrap();
    let mut answer = [0; 5];
    asked.write_all(b"SAVE\r\n").and_then(|()| asked.read_exact(&mut answer)).unwrap();
    assert_eq!(&answer, b"+OK\r\n");
}

/// It dies, and comes back as it was a moment ago: who came since then is signed out, who left since then is not in again,
/// and nobody is anybody else.
pub(crate) async fn fault_07_a_keeper_that_comes_back_with_less(place: Place) {
    let Some(mut redis) = Redis::start(&["--appendonly", "no"]) else { return };
    let keeper = Keeper::at(redis.url());
    let world = Stage::new(place).keeper(keeper.clone()).start().await;
    let mut stays = world.signed_in(Face::Google, ANA).await;
    let mut leaves = world.signed_in(Face::Google, JULIAN).await;
    let mut sent_away = world.signed_in(Face::Facebook, CAMILA).await;
    save(&redis);

    let mut lost = world.browser();
    let callback = lost.begin_as(Face::Microsoft, VALENTINA).await;
    let mut thief = lost.clone();
    lost.follow(&callback).await.assert_welcome();
    let mut copy = leaves.clone();
    leaves.submit("/auth/signout", &[]).await;
    let camila = world.store.user_by_email(CAMILA).await.unwrap().unwrap();
    assert_eq!(world.auth.sign_out_everywhere(&camila.id).await.unwrap(), 1);
    assert_eq!(lost.knock().await, 200);
    for gone in [&mut copy, &mut sent_away] {
        assert_eq!(gone.clone().knock().await, 401);
    }
    let users = world.snapshot().await.users;
    redis.kill();
    redis.start_again();

    for gone in [&mut copy, &mut sent_away] {
        let token = StoredToken::hashed(&gone.session().unwrap());
        assert!(keeper.open().await.kept(&token).await.unwrap().is_some(), "Redis has it again");
        assert_eq!(gone.clone().knock().await, 401, "and it has ended all the same");
        assert_eq!(gone.who().await, None);
    }
    assert_eq!(lost.clone().knock().await, 401);
    assert_eq!(lost.fetch("/auth/session").await.clears().len(), 1, "they are told cleanly");
    assert_eq!(stays.who().await.as_deref(), Some("Ana Restrepo"));

    // That the attempt was spent is forgotten, too; at the provider its code is not.
    thief.follow(&callback).await.assert_refused("OAuthCallbackError");
    assert_eq!(thief.who().await, None);

    // Everybody can come again, as who they are.
    for (face, person) in
        [(Face::Google, JULIAN), (Face::Facebook, CAMILA), (Face::Microsoft, VALENTINA)]
    {
        assert_eq!(world.signed_in(face, person).await.knock().await, 200);
    }
    assert_eq!(world.snapshot().await.users, users);
}

/// While it is away nobody is let in and nobody is nobody; when it is back everybody is who they were.
pub(crate) async fn fault_07_a_keeper_that_is_away(place: Place) {
    let durable = ["--appendonly", "yes", "--appendfsync", "always"];
    let Some(mut redis) = Redis::start(&durable) else { return };
    let world = Stage::new(place).keeper(Keeper::at(redis.url())).start().await;
    let mut ana = world.signed_in(Face::Google, ANA).await;
    let mut coming = world.browser();
    let callback = coming.begin_as(Face::Google, JULIAN).await;
    let before = world.snapshot().await;
    redis.kill();

    assert_eq!(ana.knock().await, 503, "never that they are signed out");
    assert!(ana.session().is_some());
    let mut new = world.browser();
    for answer in [
        coming.clone().follow(&callback).await,
        new.submit("/auth/signin/google", &[]).await,
        ana.clone().submit("/auth/signout", &[]).await,
    ] {
        answer.assert_status(503);
        assert!(!answer.sets_a_session(), "{answer:?}");
    }
    redis.start_again();
    world.assert_unchanged(&before).await;
    assert_eq!(ana.who().await.as_deref(), Some("Ana Restrepo"));
    coming.follow(&callback).await.assert_welcome();
    assert_eq!(coming.who().await.as_deref(), Some("Julián Ortega"));
    ana.submit("/auth/signout", &[]).await;
    assert_eq!(ana.knock().await, 401);
}
