//! Sign-ins of which the application demanded more than the provider says of them.

use std::borrow::Cow;

use betancourt_auth_dev::{Face, IdToken, Tamper};
use serde_json::{Value, json};
use time::Duration;
use url::Url;

use crate::support::{ANA, Answer, Browser, Place, Stage, World, ask_for_more, at_google, claim};

const TWO_FACTORS: &str = "urn:example:two-factors";

/// The person signed in at the provider so many seconds before the token was issued.
fn signed_in_there(before: i64) -> Tamper {
    Tamper::id_token(move |token: &mut IdToken| {
        let issued = token.claims["iat"].as_i64().unwrap();
        token.claims["auth_time"] = (issued - before).into();
    })
}

fn class(value: Option<Value>) -> Tamper {
    claim("acr", value)
}

/// The parameter of an authorization request.
fn asked<'a>(authorize: &'a Url, name: &str) -> Option<Cow<'a, str>> {
    authorize.query_pairs().find(|(known, _)| known == name).map(|(_, value)| value)
}

/// What was demanded counts, whether the provider was told or not, and a claim that is missing is the weakest.
pub(crate) async fn oidc_23_a_sign_in_weaker_than_demanded(place: Place) {
    let demanding = at_google(|registration| {
        ask_for_more(registration);
        registration.assurance.max_age = Some(Duration::minutes(5));
        registration.assurance.acr_values = vec![TWO_FACTORS.into(), "urn:example:key".into()];
    });
    let world = Stage::new(place).config(demanding).start().await;
    let authorize = Url::parse(&world.browser().begin(Face::Google).await).unwrap();
    assert_eq!(asked(&authorize, "max_age").as_deref(), Some("300"));
    let values = format!("{TWO_FACTORS} urn:example:key");
    assert_eq!(asked(&authorize, "acr_values").as_deref(), Some(&*values));

    let sound = || class(Some(json!(TWO_FACTORS)));
    for wrong in [
        signed_in_there(420),
        signed_in_there(-120),
        claim("auth_time", None),
        claim("auth_time", Some(Value::Null)),
        claim("auth_time", Some(json!("now"))),
    ] {
        world.assert_rejected(vec![sound(), wrong], "id_token.auth_time").await;
    }
    for wrong in [
        Some(json!("urn:example:password")),
        Some(json!("0")),
        Some(json!([TWO_FACTORS])),
        Some(json!(format!("{TWO_FACTORS} and more"))),
        Some(Value::Null),
        None,
    ] {
        world.assert_rejected(vec![class(wrong)], "id_token.acr").await;
    }
    lifted_on_the_way(&world).await;
    world.assert_accepted(vec![sound(), signed_in_there(240)]).await;
    world.assert_accepted(vec![class(Some(json!("urn:example:key")))]).await;
    anew_for_this_page(place).await;
}

/// Whoever holds the browser takes the question out of the address: the answer is judged all the same.
async fn lifted_on_the_way(world: &World) {
    let before = world.snapshot().await;
    let mut browser = world.browser();
    let mut authorize = Url::parse(&browser.begin(Face::Google).await).unwrap();
    let pairs: Vec<_> = authorize.query_pairs().into_owned().collect();
    let kept = pairs.iter().filter(|(name, _)| !["max_age", "acr_values"].contains(&&**name));
    authorize.query_pairs_mut().clear().extend_pairs(kept);
    world.tamper(Face::Google, signed_in_there(86_400));
    let callback = world.net.approve(authorize.as_str(), ANA).await;
    let refused = world.log.events("id_token.auth_time").len();
    browser.follow(&callback).await.assert_refused("OAuthCallbackError");
    assert_eq!(world.log.events("id_token.auth_time").len(), refused + 1);
    world.assert_unchanged(&before).await;
    world.net.lookalikes.behave(Face::Google);
}

/// Signs in through a page that passes on a hint, at a provider where the person signed in two minutes ago.
async fn with_hint(world: &World, hint: &str) -> Answer {
    let mut browser = world.browser();
    let authorize = begin_with(&mut browser, hint).await;
    let prompt = asked(&authorize, "prompt").unwrap_or_default();
    let anew = prompt.split(' ').any(|word| word == "login");
    assert_eq!(asked(&authorize, "max_age").as_deref(), anew.then_some("0"), "{authorize}");
    world.tamper(Face::Google, signed_in_there(120));
    let callback = world.net.approve(authorize.as_str(), ANA).await;
    let answer = browser.follow(&callback).await;
    world.net.lookalikes.behave(Face::Google);
    answer
}

async fn begin_with(browser: &mut Browser, hint: &str) -> Url {
    let target = format!("/auth/signin/google{hint}");
    browser.submit(&target, &[("callbackUrl", "/dashboard")]).await.location()
}

/// `prompt=login` demands a sign-in that is as new as the attempt; without it, and with other words, nothing is demanded.
async fn anew_for_this_page(place: Place) {
    let world = World::start(place).await;
    for hint in ["?prompt=login", "?prompt=consent%20login"] {
        let before = world.snapshot().await;
        with_hint(&world, hint).await.assert_refused("OAuthCallbackError");
        world.assert_unchanged(&before).await;
    }
    assert_eq!(world.log.events("id_token.auth_time").len(), 2);
    for hint in ["", "?prompt=consent", "?login_hint=login"] {
        with_hint(&world, hint).await.assert_welcome();
    }
    let mut browser = world.browser();
    let authorize = begin_with(&mut browser, "?prompt=login").await;
    let callback = world.net.approve(authorize.as_str(), ANA).await;
    browser.follow(&callback).await.assert_welcome();
}
