//! What a provider says in a frame of somebody's browser, and what a stranger says there.

use betancourt_auth_dev::Face;
use url::Url;

use crate::support::herald::{Herald, issuer_and_audience};
use crate::support::{ANA, Answer, Browser, From, JULIAN, Place, Request, World};

const SID: &str = "a-session-of-ana-at-google";

fn target(query: &[(&str, &str)]) -> String {
    let mut url = Url::parse("https://us/auth/frontchannel-logout/google").unwrap();
    url.query_pairs_mut().extend_pairs(query);
    url[url::Position::BeforePath..].to_owned()
}

/// The page in a frame of another site, where browsers keep our cookies back.
fn framed(query: &[(&str, &str)]) -> Request {
    Request::get(&target(query)).from(From::Inside).header("sec-fetch-dest", "iframe")
}

/// The page is one and the same whatever comes of it, and only the issuer's own pages may frame it.
fn assert_is_the_page(answer: &Answer, issuer: &str) {
    answer.assert_status(200);
    let policy = answer.header("content-security-policy").unwrap();
    let origin = Url::parse(issuer).unwrap().origin().ascii_serialization();
    assert!(policy.ends_with(&format!("frame-ancestors {origin}")), "{policy}");
    assert!(policy.starts_with("default-src 'none'"), "{policy}");
    assert_eq!(answer.header("x-frame-options"), None);
    assert!(answer.header("cache-control").unwrap().contains("no-store"));
    assert_eq!(answer.body, "<!doctype html>\n<title></title>\n");
}

/// Foreign or missing names have no effect, nor has a request that is for no frame; the right ones have, in the browser
/// that is meant.
pub(crate) async fn logout_07_a_frame_of_a_stranger(place: Place) {
    let (world, herald) = Herald::start(place).await;
    herald.in_session(SID);
    let browser = world.signed_in(Face::Google, ANA).await;
    herald.in_session("a-session-of-julian-at-google");
    let mut other = world.signed_in(Face::Google, JULIAN).await;
    let (issuer, _) = issuer_and_audience(&world);
    let issuer = issuer.as_str();
    let before = world.snapshot().await;
    let stays = async |request: Request| {
        for (mut from, presented) in [(world.browser(), false), (browser.clone(), true)] {
            let request = request.clone();
            let request = if presented { request.from(From::Us) } else { request };
            let answer = from.send(request).await;
            assert_is_the_page(&answer, issuer);
            assert_eq!(answer.all("set-cookie").count(), 0, "{answer:?}");
        }
        world.assert_unchanged(&before).await;
        assert_eq!(browser.clone().knock().await, 200);
    };
    for query in [
        &[][..],
        &[("iss", issuer)],
        &[("sid", SID)],
        &[("iss", "https://evil.test"), ("sid", SID)],
        &[("iss", format!("{issuer}/").as_str()), ("sid", SID)],
        &[("iss", issuer), ("sid", "somebody-else's-session")],
        &[("iss", issuer), ("sid", "")],
        &[("iss", issuer), ("sid", SID.to_uppercase().as_str())],
        &[("iss", issuer), ("sid", SID), ("sid", SID)],
        &[("iss", issuer), ("iss", issuer), ("sid", SID)],
    ] {
        stays(framed(query)).await;
    }
    let query = [("iss", issuer), ("sid", SID)];
    for purpose in ["image", "script", "style", "empty", "document"] {
        stays(framed(&query).with("sec-fetch-dest", purpose)).await;
    }
    for provider in ["microsoft-entra-id", "facebook", "nobody"] {
        let elsewhere = target(&query).replace("google", provider);
        let answer = world.browser().get(&elsewhere).await;
        assert!([200, 400].contains(&answer.status), "{answer:?}");
        assert_eq!(browser.clone().knock().await, 200);
    }
    // Somebody else's browser, which brings its own session, ends neither that one nor this one.
    let answer = other.send(framed(&query).from(From::Us)).await;
    assert_is_the_page(&answer, issuer);
    assert_eq!((other.knock().await, browser.clone().knock().await), (200, 200));

    // Framed by the provider, with the browser's cookies as some still send them.
    let mut with_cookies = browser.clone();
    let answer = with_cookies.send(framed(&query).from(From::Us)).await;
    assert_is_the_page(&answer, issuer);
    assert!(!answer.clears().is_empty(), "the browser forgets its session");
    assert_eq!((with_cookies.knock().await, browser.clone().knock().await), (401, 401));
    // And without them, as all others do.
    herald.in_session(SID);
    let mut browser = world.signed_in(Face::Google, ANA).await;
    assert_is_the_page(&browser.send(framed(&query)).await, issuer);
    assert_eq!(browser.knock().await, 401);
    assert_eq!(other.knock().await, 200);

    a_name_that_can_be_guessed(&world, &herald, issuer).await;
}

/// A short `sid` counts only in the browser whose session it is.
async fn a_name_that_can_be_guessed(world: &World, herald: &Herald, issuer: &str) {
    herald.in_session("7");
    let mut browser: Browser = world.signed_in(Face::Google, ANA).await;
    let query = [("iss", issuer), ("sid", "7")];
    assert_is_the_page(&world.browser().send(framed(&query)).await, issuer);
    assert_eq!(browser.knock().await, 200);
    assert_is_the_page(&browser.send(framed(&query).from(From::Us)).await, issuer);
    assert_eq!(browser.knock().await, 401);
}
