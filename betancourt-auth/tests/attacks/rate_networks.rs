//! Whose attempts are counted together: what somebody claims about where they are, and how they spell the address.

use betancourt_auth::{Config, TrustedProxies};
use time::Duration;

use crate::support::{Answer, Browser, Place, Request, Stage, World};

/// Where a sign-in begins that needs no question to the provider.
const BEGIN: &str = "/auth/signin/facebook";
const FORWARDED_FOR: &str = "x-forwarded-for";
/// How often one network may begin.
const ATTEMPTS: u32 = 3;

/// A world in which a few attempts are all that anybody has.
async fn strict(place: Place, proxies: &'static str) -> World {
    let strict = move |config: &mut Config| {
        config.rate.attempts = ATTEMPTS;
        config.trusted_proxies = TrustedProxies::parse(proxies).unwrap();
    };
    Stage::new(place).config(strict).start().await
}

/// Begins to sign in, with more headers than a browser has.
async fn begin(browser: &mut Browser, headers: &[(&str, &str)]) -> Answer {
    begin_at(browser, BEGIN, headers).await
}

async fn begin_at(browser: &mut Browser, target: &str, headers: &[(&str, &str)]) -> Answer {
    let form = browser.form(&[("callbackUrl", "/dashboard")]).await;
    let form: Vec<_> = form.iter().map(|(name, value)| (&**name, &**value)).collect();
    let request = Request::post(target, &form);
    let request =
        headers.iter().fold(request, |request, (name, value)| request.header(name, value));
    browser.send(request).await
}

/// Whether somebody was sent on to the provider. Whoever was not has been told to wait.
#[track_caller]
fn is_admitted(answer: &Answer) -> bool {
    if answer.status == 429 {
        assert_eq!(answer.header("retry-after"), Some("60"), "{answer:?}");
        assert_eq!(answer.sets(), Vec::<&str>::new(), "{answer:?}");
        return false;
    }
    assert_eq!(answer.status, 303, "{answer:?}");
    assert!(answer.location().path().contains("facebook"), "{answer:?}");
    true
}

/// How many of so many attempts pass, each with a header of its own.
async fn admitted(
    world: &World,
    attempts: u32,
    header: impl Fn(u32) -> (&'static str, String),
) -> u32 {
    let mut admitted = 0;
    for number in 0..attempts {
        let (name, value) = header(number);
        admitted += u32::from(is_admitted(&begin(&mut world.browser(), &[(name, &value)]).await));
    }
    admitted
}

/// Headers by which others let themselves be told where somebody is.
const CLAIMS: [&str; 8] = [
    FORWARDED_FOR,
    "x-real-ip",
    "forwarded",
    "true-client-ip",
    "cf-connecting-ip",
    "x-client-ip",
    "x-cluster-client-ip",
    "x-original-forwarded-for",
];

/// Another address in each request, in every header that somebody believes; and before a proxy of ours, in front of what
/// that one adds.
pub(crate) async fn rate_01_addresses_that_somebody_makes_up(place: Place) {
    let world = strict(place, "").await;
    let each = |number: u32| {
        let name = CLAIMS[number as usize % CLAIMS.len()];
        let address = format!("203.0.113.{number}");
        (name, if name == "forwarded" { format!("for={address}") } else { address })
    };
    assert_eq!(admitted(&world, 16, each).await, ATTEMPTS, "the connection counts");
    assert_eq!(world.log.events("rate.limited").len(), 13);
    world.wait(Duration::minutes(10));
    assert!(is_admitted(&begin(&mut world.browser(), &[]).await), "and it has not ended for good");

    let world = strict(place, "127.0.0.0/8").await;
    let behind = |number: u32| (FORWARDED_FOR, format!("198.51.100.{number}, 203.0.113.7"));
    assert_eq!(admitted(&world, 8, behind).await, ATTEMPTS, "what our proxy saw counts");
    let chain: String =
        (0..500).map(|number| format!("10.0.{}.{}, ", number / 250, number % 250)).collect();
    let long = |_| (FORWARDED_FOR, format!("{chain}203.0.113.8"));
    assert_eq!(admitted(&world, 5, long).await, ATTEMPTS, "and nothing before it");
    let twice =
        |number: u32| (FORWARDED_FOR, format!("198.51.100.{number}, 203.0.113.9, 127.0.0.9"));
    assert_eq!(admitted(&world, 5, twice).await, ATTEMPTS, "also behind two of them");
    let two_lines = [(FORWARDED_FOR, "198.51.100.1"), (FORWARDED_FOR, "203.0.113.7")];
    assert!(!is_admitted(&begin(&mut world.browser(), &two_lines).await));
    let other = [(FORWARDED_FOR, "203.0.113.7"), (FORWARDED_FOR, "203.0.113.10")];
    assert!(is_admitted(&begin(&mut world.browser(), &other).await), "somebody else goes on");
}

/// An address of the /64, the /56 and the /48 that somebody has, another one each time; and one that nobody knows.
pub(crate) async fn rate_02_an_address_that_changes_and_one_that_is_not_known(place: Place) {
    let world = strict(place, "127.0.0.0/8").await;
    let in_one_64 = |number: u32| (FORWARDED_FOR, format!("2001:db8:7:1::{number:x}"));
    assert_eq!(admitted(&world, 8, in_one_64).await, ATTEMPTS);
    let other = |_| (FORWARDED_FOR, "::ffff:203.0.113.9".to_owned());
    assert_eq!(admitted(&world, 8, other).await, ATTEMPTS, "another network goes on");
    let in_one_56 = |number: u32| (FORWARDED_FOR, format!("2001:db8:7:{:x}::1", 16 + number));
    let spent = ATTEMPTS;
    assert_eq!(admitted(&world, 16, in_one_56).await, 4 * ATTEMPTS - spent);
    let in_one_48 = |number: u32| (FORWARDED_FOR, format!("2001:db8:7:{:x}00::1", 1 + number));
    let spent = 4 * ATTEMPTS;
    assert_eq!(admitted(&world, 50, in_one_48).await, 16 * ATTEMPTS - spent);
    let beyond = |_| (FORWARDED_FOR, "2001:db8:8::1".to_owned());
    assert_eq!(admitted(&world, 1, beyond).await, 1, "another /48 goes on");

    // Where the proxy says nothing that is an address, all are counted as the proxy.
    let odd =
        ["nonsense", "203.0.113.7, unix:", "_hidden", "203.0.113.7:99999", "[2001:db8::1]:443"];
    let unclear = |number: u32| (FORWARDED_FOR, odd[number as usize % odd.len()].to_owned());
    assert_eq!(admitted(&world, 10, unclear).await, ATTEMPTS, "no address is no way out");
    let mut unknown = 0;
    for _ in 0..8 {
        unknown += u32::from(from_nowhere(&world).await.status() == 303);
    }
    assert_eq!(unknown, ATTEMPTS, "those whom no adapter knows share one limit");
    world.wait(Duration::minutes(10));
    assert_eq!(from_nowhere(&world).await.status(), 303);
}

/// An attempt of which the adapter does not know where it comes from, as over a socket of the file system.
async fn from_nowhere(world: &World) -> http::Response<bytes::Bytes> {
    let mut browser = world.browser();
    let form = browser.form(&[("callbackUrl", "/dashboard")]).await;
    let form: Vec<_> = form.iter().map(|(name, value)| (&**name, &**value)).collect();
    world.auth.handle(browser.dress(Request::post(BEGIN, &form)).into()).await
}

/// Other spellings of one address.
const SPELLINGS: [&str; 18] = [
    "//auth/signin/facebook",
    "/auth//signin//facebook",
    "/auth/signin/facebook/",
    "/auth/signin//facebook",
    "/AUTH/signin/facebook",
    "/auth/SIGNIN/facebook",
    "/auth/signin/Facebook",
    "/auth/signin%2ffacebook",
    "/auth%2fsignin/facebook",
    "/auth/signin/%66acebook",
    "/auth/%73ignin/facebook",
    "/auth/signin/facebook;x",
    "/auth/signin;x/facebook",
    "/auth/./signin/facebook",
    "/auth/../auth/signin/facebook",
    "/auth/signin/x/../facebook",
    "/auth/signin/facebook?a=b",
    "/auth/signin/facebook%00",
];

/// Whether the handler was reached. An address that is none may be answered with a redirect to a page of ours.
fn is_sent_on(world: &World, answer: &Answer) -> bool {
    let to_a_provider = |to: &str| to.starts_with(world.net.lookalikes.url().as_str());
    answer.header("location").is_some_and(to_a_provider)
}

/// However the address is spelt: it is none, or it is counted where the others are.
pub(crate) async fn rate_03_one_address_in_many_spellings(place: Place) {
    let world = strict(place, "").await;
    let mut browser = world.browser();
    for _ in 0..ATTEMPTS {
        assert!(is_admitted(&begin(&mut browser, &[]).await));
    }
    for spelling in SPELLINGS {
        let answer = begin_at(&mut browser, spelling, &[]).await;
        assert!(!is_sent_on(&world, &answer), "{spelling}: {answer:?}");
        assert_eq!(answer.sets(), Vec::<&str>::new(), "{spelling}: {answer:?}");
    }
    for spelling in SPELLINGS {
        world.wait(Duration::minutes(10));
        let reached = is_sent_on(&world, &begin_at(&mut browser, spelling, &[]).await);
        let mut left = 0;
        for _ in 0..ATTEMPTS + 1 {
            left += u32::from(is_admitted(&begin(&mut browser, &[]).await));
        }
        assert_eq!(left + u32::from(reached), ATTEMPTS, "{spelling} is not counted");
    }
}
