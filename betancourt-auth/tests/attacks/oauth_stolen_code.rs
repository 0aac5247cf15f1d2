//! A code that was stolen on its way: PKCE and the nonce make it worthless.

use std::collections::BTreeSet;

use betancourt_auth_dev::{Callback, Endpoint, Face, Request, Tamper};
use serde_json::Value;

use crate::support::{ANA, CAMILA, JULIAN, Place, World};

/// The thief puts the victim's code into his own live callback. Google is hostile and does not look at PKCE: the
/// nonce of the ID token tells. Facebook has no ID token: there it is PKCE alone.
pub(crate) async fn oauth_09_a_stolen_code_in_the_thiefs_own_callback(place: Place) {
    let world = World::start(place).await;
    world.tamper(Face::Google, Tamper::without_pkce());
    let thieves = [
        (Face::Google, JULIAN, ANA, "id_token.nonce"),
        (Face::Facebook, ANA, CAMILA, "token.refused"),
    ];
    for (face, thief, victim, reason) in thieves {
        let (mut of_thief, mut of_victim) = (world.browser(), world.browser());
        let stolen = of_victim.begin_as(face, victim).await;
        let own = of_thief.begin_as(face, thief).await;
        let before = world.snapshot().await;

        of_thief.follow(&with_code(&own, &stolen)).await.assert_refused("OAuthCallbackError");
        world.log.refusal(reason, face.id());
        assert_eq!(of_thief.who().await, None);
        world.assert_unchanged(&before).await;

        let asked = world.net.lookalikes.seen(face, Endpoint::Authorization);
        assert!(asked.iter().all(|seen| seen.query_value("code_challenge_method") == Some("S256")));
        of_thief.sign_in(face, victim).await;
    }
}

fn with_code(callback: &Callback, of: &Callback) -> Callback {
    let mut callback = callback.clone();
    callback.set("code", of.value("code").unwrap());
    callback
}

/// The provider says that it knows `plain` challenges only, or says nothing: it gets S256 all the same.
pub(crate) async fn oauth_10_a_provider_that_offers_plain_challenges(place: Place) {
    for methods in [Value::from(vec!["plain"]), Value::Null] {
        let world = World::start(place).await;
        world.tamper(
            Face::Google,
            Tamper::json(Endpoint::Discovery, move |document| {
                document["code_challenge_methods_supported"] = methods.clone();
            }),
        );
        let mut browser = world.browser();
        let callbacks =
            [browser.begin_as(Face::Google, ANA).await, browser.begin_as(Face::Google, ANA).await];
        let jar = browser.jar.clone();
        for callback in &callbacks {
            browser.follow(callback).await.assert_welcome();
        }

        let asked = world.net.lookalikes.seen(Face::Google, Endpoint::Authorization);
        let is_hashed = |seen: &Request| seen.query_value("code_challenge_method") == Some("S256");
        assert!(asked.iter().all(is_hashed), "{asked:?}");
        let challenges: BTreeSet<_> =
            asked.iter().filter_map(|seen| seen.query_value("code_challenge")).collect();
        assert_eq!(challenges.len(), callbacks.len(), "one challenge for each attempt");

        // Nothing the browser saw or holds has a verifier in it; that the log has none, the world checks in the end.
        let seen_by_browser = format!("{asked:?} {callbacks:?} {jar:?}");
        for exchange in world.net.lookalikes.seen(Face::Google, Endpoint::Token) {
            let verifier = exchange.form_value("code_verifier").unwrap();
            assert!(verifier.len() >= 43 && !seen_by_browser.contains(verifier));
        }
    }
}
