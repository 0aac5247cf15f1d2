//! Headers that ask for another cryptography than ours.
//!
//! Each token is made with the right key and authenticates its header: only what the header says is wrong with it.

use betancourt_auth_dev::Face;

use crate::support::{ANA, JULIAN, JweMaker, Place, SECRET, World};

const SESSION: &str = "__Secure-authjs.session-token";

/// Other algorithms, none at all, a costly one, and a signed token in place of an encrypted one.
pub(crate) async fn jwe_01_other_algorithms(place: Place) {
    let headers = [
        r#"{"alg":"none","enc":"A256GCM"}"#,
        r#"{"alg":"none"}"#,
        r#"{"alg":"RSA-OAEP","enc":"A256GCM"}"#,
        r#"{"alg":"PBES2-HS512+A256KW","enc":"A256GCM","p2c":2147483648,"p2s":"c2FsdA"}"#,
        r#"{"alg":"A256KW","enc":"A256GCM"}"#,
        r#"{"alg":"DIR","enc":"A256GCM"}"#,
        r#"{"alg":"dir","enc":"A128GCM"}"#,
        r#"{"alg":"dir","enc":"A128CBC-HS256"}"#,
        r#"{"alg":"dir"}"#,
        r#"{"enc":"A256GCM"}"#,
        r#"{"alg":"dir","enc":"A256GCM","crit":["b64"],"b64":false}"#,
        "null",
    ];
    refused_for_its_header(place, &headers).await;

    let world = World::start(place).await;
    let asked = world.store.watch.asked();
    for signed in
        ["eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxIn0.AAAA", "eyJhbGciOiJub25lIn0.eyJzdWIiOiIxIn0."]
    {
        let mut browser = world.browser();
        browser.jar.plant(SESSION, signed);
        assert_eq!(browser.knock().await, 401, "{signed}");
    }
    assert_eq!(world.store.watch.asked(), asked, "the store was asked");
}

/// A header that says the payload is compressed.
pub(crate) async fn jwe_02_a_compressed_payload(place: Place) {
    let headers = [
        r#"{"alg":"dir","enc":"A256GCM","zip":"DEF"}"#,
        r#"{"alg":"dir","enc":"A256GCM","zip":"GZ"}"#,
        r#"{"alg":"dir","enc":"A256GCM","zip":null}"#,
    ];
    refused_for_its_header(place, &headers).await;
}

async fn refused_for_its_header(place: Place, headers: &[&str]) {
    let world = World::start(place).await;
    world.signed_in(Face::Google, ANA).await;
    let payload = world.claims_of(ANA).await;
    let maker = JweMaker::new(SECRET, SESSION);
    let asked = world.store.watch.asked();
    for header in headers {
        let mut browser = world.browser();
        browser.jar.plant(SESSION, &maker.seal_under(header, &payload));
        let answer = browser.fetch("/auth/session").await;
        assert_eq!((&*answer.body, answer.clears()), ("null", vec![SESSION]), "{header}");
    }
    assert_eq!(world.store.watch.asked(), asked, "the store was asked");

    let mut genuine = world.browser();
    genuine.jar.plant(SESSION, &maker.seal(&payload));
    assert_eq!(genuine.who().await.as_deref(), Some("Ana Restrepo"));
    assert_eq!(world.signed_in(Face::Google, JULIAN).await.knock().await, 200);
}
