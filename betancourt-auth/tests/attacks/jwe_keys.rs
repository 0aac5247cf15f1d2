//! Secrets that are replaced, lost, or too weak from the start.

use betancourt_auth::store::MemoryStore;
use betancourt_auth::{Auth, Config, Secret, Strategy};
use betancourt_auth_dev::Face;

use crate::support::{ANA, JweMaker, Place, SECRET, Stage, World};

const SESSION: &str = "__Secure-authjs.session-token";
const V4: &str = "__Secure-next-auth.session-token";
const NEWEST: &str = "canary-that was put in front of the others";

/// The previous secret still opens, and what it opened is sealed with the newest; one that is gone opens nothing.
pub(crate) async fn jwe_06_secrets_that_change(place: Place) {
    let world = Stage::new(place)
        .config(|config| config.secrets.insert(0, Secret::new(NEWEST)))
        .start()
        .await;
    world.signed_in(Face::Google, ANA).await;
    let payload = world.claims_of(ANA).await;
    for (secret, status, is_sealed_anew) in [
        (NEWEST, 200, false),
        (SECRET, 200, true),
        ("canary-that nobody knows any more", 401, false),
    ] {
        let mut browser = world.browser();
        browser.jar.plant(SESSION, &JweMaker::new(secret, SESSION).seal(&payload));
        let answer = browser.fetch("/dashboard").await;
        assert_eq!((answer.status, answer.sets_a_session()), (status, is_sealed_anew));
        if is_sealed_anew {
            assert!(!browser.fetch("/dashboard").await.sets_a_session(), "once is enough");
            assert_eq!(browser.knock().await, 200);
        }
    }
    weak_secrets_stop_the_start();
    the_fourth_generation(place).await;
}

fn weak_secrets_stop_the_start() {
    let start = |secrets: &[&str]| {
        let mut config = Config::new("https://app.example.com", SECRET).unwrap();
        config.session.strategy = Strategy::Jwt;
        config.secrets = secrets.iter().map(|secret| Secret::new(*secret)).collect();
        Auth::new(config, MemoryStore::default()).map(drop).map_err(|error| error.to_string())
    };
    let weak: [&[&str]; 4] = [&[], &[""], &["too short"], &[SECRET, "too short"]];
    for secrets in weak {
        assert!(start(secrets).unwrap_err().contains("AUTH_SECRET"), "{secrets:?}");
    }
    assert_eq!(start(&[SECRET]), Ok(()));
}

/// Sessions of NextAuth.js v4 count where they were asked for, and only there, and become ours.
async fn the_fourth_generation(place: Place) {
    for reads_v4 in [false, true] {
        let world = Stage::new(place)
            .config(move |config| config.session.reads_v4 = reads_v4)
            .start()
            .await;
        world.signed_in(Face::Google, ANA).await;
        let token = JweMaker::of_v4(SECRET).seal(&world.claims_of(ANA).await);
        let mut browser = world.browser();
        browser.jar.plant(V4, &token);
        let answer = browser.fetch("/dashboard").await;
        assert_eq!(answer.status, if reads_v4 { 200 } else { 401 });
        if reads_v4 {
            assert_eq!((answer.sets(), answer.clears()), (vec![SESSION], vec![V4]));
            assert_eq!(browser.knock().await, 200);
            assert_eq!(browser.jar.session_names(), [SESSION]);
            browser.submit("/auth/signout", &[]).await;
            browser.jar.plant(V4, &token);
            assert_eq!(browser.knock().await, 401, "the old cookie brings the session back");
        }
        let mut wrong = World::browser(&world);
        wrong.jar.plant(SESSION, &token);
        assert_eq!(wrong.knock().await, 401);
    }
}
