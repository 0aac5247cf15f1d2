//! Tokens of another kind, and ID tokens in another place.

use std::sync::{Arc, Mutex};

use betancourt_auth_dev::{Endpoint, Face, Tamper};
use serde_json::{Value, json};

use crate::support::{ANA, JULIAN, Place, Request, World, claim};

/// The provider signs another kind of token with the same key, and gives it for an ID token.
fn of_kind(kind: Option<&'static str>, claims: Value) -> Tamper {
    Tamper::id_token(move |token| {
        let header = token.header.as_object_mut().unwrap();
        match kind {
            Some(kind) => header.insert("typ".to_owned(), kind.into()),
            None => header.remove("typ"),
        };
        for (name, value) in claims.as_object().unwrap() {
            token.claims[name] = value.clone();
        }
    })
}

/// Whatever else the provider signs is no ID token: `typ`, `events`, audience, issuer and nonce tell.
pub(crate) async fn oidc_21_a_token_of_another_kind(place: Place) {
    let world = World::with_user_info(place).await;
    let client = world.net.lookalikes.client(Face::Google);
    let (ours, endpoint) = (client.id().to_owned(), client.endpoints().token);
    let api = || json!({ "aud": "https://api.example.com", "client_id": ours, "scope": "openid" });
    let event = "http://schemas.openid.net/event/backchannel-logout";
    let logout = || json!({ "events": { event: {} }, "sid": "a-session" });
    let assertion = || json!({ "iss": ours, "sub": ours, "aud": endpoint, "jti": "once" });
    for (tamper, reason) in [
        (of_kind(Some("at+jwt"), api()), "id_token.algorithm"),
        (of_kind(Some("application/at+jwt"), json!({})), "id_token.algorithm"),
        (of_kind(Some("JWT"), api()), "id_token.audience"),
        (of_kind(None, api()), "id_token.audience"),
        (of_kind(Some("logout+jwt"), logout()), "id_token.algorithm"),
        (of_kind(Some("secevent+jwt"), logout()), "id_token.algorithm"),
        (of_kind(Some("JWT"), logout()), "id_token.malformed"),
        (of_kind(None, json!({ "events": null })), "id_token.malformed"),
        (of_kind(Some("dpop+jwt"), json!({})), "id_token.algorithm"),
        (of_kind(Some("JWT"), assertion()), "id_token.issuer"),
        (of_kind(Some(""), json!({})), "id_token.algorithm"),
    ] {
        world.assert_rejected(vec![tamper], reason).await;
    }
    // An access token for us, as some servers make them: it has no nonce.
    let for_us = vec![of_kind(None, json!({ "client_id": ours })), claim("nonce", None)];
    world.assert_rejected(for_us, "id_token.nonce").await;
    for kind in [Some("JWT"), Some("jwt"), None] {
        world.assert_accepted(vec![of_kind(kind, json!({}))]).await;
    }
}

/// A genuine ID token, made for another app or for us, and brought by whoever has it: a token that somebody posts lets
/// nobody in, and one for another app does not even by way of the token endpoint.
pub(crate) async fn oidc_22_an_id_token_that_somebody_brings_along(place: Place) {
    let world = World::start(place).await;
    for audience in [Some("another-app"), None] {
        let stolen = Arc::<Mutex<String>>::default();
        let heard = Arc::clone(&stolen);
        world.tamper(
            Face::Google,
            Tamper::id_token(move |token| {
                if let Some(audience) = audience {
                    (token.claims["aud"], token.claims["azp"]) = (audience.into(), audience.into());
                }
            }),
        );
        world.tamper(
            Face::Google,
            Tamper::json(Endpoint::Token, move |answer| {
                answer["id_token"].as_str().unwrap().clone_into(&mut heard.lock().unwrap());
            }),
        );
        let mut owner = world.browser();
        let callback = owner.begin_as(Face::Google, ANA).await;
        let answer = owner.follow(&callback).await;
        world.net.lookalikes.behave(Face::Google);
        if audience.is_some() {
            answer.assert_refused("OAuthCallbackError");
            world.log.once("id_token.audience");
        } else {
            answer.assert_welcome();
        }
        let stolen = stolen.lock().unwrap().clone();
        assert_eq!(stolen.split('.').count(), 3, "there is a token to bring along");
        bring_along(&world, &stolen).await;
    }
    world.signed_in(Face::Google, ANA).await;
}

/// Posts a token to every place that could have been made for one.
async fn bring_along(world: &World, token: &str) {
    let before = world.snapshot().await;
    let mut thief = world.browser();
    let live = thief.begin_as(Face::Google, JULIAN).await;
    let state = live.value("state").unwrap();
    for name in ["id_token", "credential", "idToken", "access_token"] {
        let fields = [(name, token), ("state", state), ("provider", "google")];
        for target in ["/auth/callback/google", "/auth/signin/google", "/auth/callback/credentials"]
        {
            let by_form = thief.submit(target, &fields).await;
            let members = thief.form(&fields).await.into_iter();
            let json = Value::Object(members.map(|(name, value)| (name, value.into())).collect());
            let mut request = Request::post(target, &[]).with("content-type", "application/json");
            request.body = json.to_string();
            let by_json = thief.send(request.by_script()).await;
            for answer in [by_form, by_json] {
                assert!(!answer.sets_a_session(), "{name} at {target}: {answer:?}");
            }
            assert_eq!(thief.who().await, None, "{name} at {target}");
        }
        let query = format!("/auth/callback/google?state=another&{name}={token}");
        thief.get(&query).await.assert_refused("OAuthCallbackError");
    }
    world.assert_unchanged(&before).await;
}
