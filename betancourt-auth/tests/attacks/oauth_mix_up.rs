//! Two providers, one of them hostile: what belongs to one never counts for, or reaches, the other.

use betancourt_auth_dev::{Callback, Face};
use url::Url;

use crate::support::{ANA, Browser, CAMILA, Place, VALENTINA, World};

/// All of it genuine — state, nonce, verifier — but on the callback route of another provider.
pub(crate) async fn oauth_06_begun_with_one_provider_and_finished_with_another(place: Place) {
    let world = World::start(place).await;
    for (other, person) in [(Face::Facebook, CAMILA), (Face::Microsoft, VALENTINA)] {
        let mut browser = world.browser();
        let callback = browser.begin_as(Face::Google, ANA).await;
        let (mut copy, before) = (browser.clone(), world.snapshot().await);
        let requests = world.token_requests(Face::Google);

        let moved = at(other, &callback, &world);
        browser.follow(&moved).await.assert_refused("OAuthCallbackError");
        assert_eq!(world.token_requests(other), 0);

        // The attempt is burned, also for a copy of its cookie.
        browser.follow(&callback).await.assert_refused("OAuthCallbackError");
        copy.follow(&callback).await.assert_refused("OAuthCallbackError");
        assert_eq!(world.token_requests(Face::Google), requests);
        world.assert_unchanged(&before).await;

        browser.sign_in(Face::Google, ANA).await;
        world.browser().sign_in(other, person).await;
    }
    assert_eq!(world.log.events("callback.provider_mismatch").len(), 2);
}

/// Google is hostile: it sends the browser on to Microsoft with our fresh `state`, so that Microsoft's code comes back
/// to Google's flow, first to Microsoft's callback route, as registered, then to Google's.
pub(crate) async fn oauth_07_a_provider_that_sends_the_browser_to_another_one(place: Place) {
    let world = World::start(place).await;
    for to_googles_route in [false, true] {
        let mut victim = world.browser();
        let (bounced, genuine) = bounce(&world, &mut victim).await;
        let bounced = if to_googles_route { at(Face::Google, &bounced, &world) } else { bounced };
        let before = world.snapshot().await;
        victim.follow(&bounced).await.assert_refused("OAuthCallbackError");

        let code = bounced.value("code").unwrap();
        let saw_it = |seen: &betancourt_auth_dev::Request| seen.form_value("code") == Some(code);
        assert!(!world.net.lookalikes.log().iter().any(saw_it), "a token endpoint saw the code");
        world.assert_unchanged(&before).await;
        victim.follow(&genuine).await.assert_refused("OAuthCallbackError"); // burned
    }
    world.log.refusal("callback.provider_mismatch", "microsoft-entra-id");
    world.log.refusal("callback.iss_mismatch", "google");
    world.browser().sign_in(Face::Google, ANA).await;
    world.browser().sign_in(Face::Microsoft, VALENTINA).await;
}

/// Microsoft's answer to the `state` of an attempt at Google, and Google's own.
async fn bounce(world: &World, victim: &mut Browser) -> (Callback, Callback) {
    let to_google = victim.begin(Face::Google).await;
    let genuine = world.net.approve(&to_google, ANA).await;
    let mut to_microsoft = Url::parse(&world.browser().begin(Face::Microsoft).await).unwrap();
    let state = genuine.value("state").unwrap();
    let pairs = to_microsoft.query_pairs().into_owned();
    let pairs = pairs.map(|(name, value)| match name.as_str() {
        "state" => (name, state.to_owned()),
        _ => (name, value),
    });
    let pairs: Vec<_> = pairs.collect();
    to_microsoft.query_pairs_mut().clear().extend_pairs(pairs);
    (world.net.approve(to_microsoft.as_str(), VALENTINA).await, genuine)
}

/// Google and Microsoft promise `iss` in every answer (RFC 9207); these lack it, or have another's. Microsoft's is that
/// of some tenant, and of nothing else below its address.
pub(crate) async fn oauth_08_an_answer_without_the_issuer_it_promised(place: Place) {
    let world = World::start(place).await;
    let before = world.snapshot().await;
    let microsoft = world.net.lookalikes.client(Face::Microsoft).base().to_owned();
    let hostile = [
        (Face::Google, ANA, None),
        (Face::Google, ANA, Some("https://accounts.evil.example".to_owned())),
        (
            Face::Google,
            ANA,
            Some(format!("{}/", world.net.lookalikes.client(Face::Google).issuer())),
        ),
        (Face::Microsoft, VALENTINA, None),
        (Face::Microsoft, VALENTINA, Some(format!("{microsoft}/v2.0"))),
        (Face::Microsoft, VALENTINA, Some(format!("{microsoft}/evil/v2.0"))),
    ];
    for (face, person, iss) in hostile {
        let mut browser = world.browser();
        let mut callback = browser.begin_as(face, person).await;
        match iss {
            None => callback.remove("iss"),
            Some(iss) => callback.set("iss", &iss),
        }
        browser.follow(&callback).await.assert_refused("OAuthCallbackError");
        assert_eq!(world.token_requests(face), 0);
    }
    assert_eq!(world.log.events("callback.iss_missing").len(), 2);
    assert_eq!(world.log.events("callback.iss_mismatch").len(), 4);
    world.assert_unchanged(&before).await;

    world.browser().sign_in(Face::Google, ANA).await;
    world.browser().sign_in(Face::Microsoft, VALENTINA).await;
}

/// The same answer, carried to the callback route of another provider.
fn at(face: Face, callback: &Callback, world: &World) -> Callback {
    let mut moved = callback.clone();
    moved.redirect_uri = world.net.lookalikes.client(face).redirect_uri().clone();
    moved
}
