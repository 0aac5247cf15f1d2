//! A sign-in that somebody else begins: by link, by form, by image or frame, for a provider and a page of their choice.

use betancourt_auth_dev::Face;
use url::{Url, form_urlencoded};

use crate::support::herald::issuer_and_audience;
use crate::support::{ANA, Answer, From, JULIAN, Place, Request, World};

const ROUTE: &str = "/auth/initiate-signin";

fn target(query: &[(&str, &str)]) -> String {
    let query = form_urlencoded::Serializer::new(String::new()).extend_pairs(query).finish();
    format!("{ROUTE}?{query}")
}

/// Refused in place: no page leads on from there, and no cookie is set.
fn assert_refused(answer: &Answer) {
    answer.assert_status(400);
    assert!(answer.header("location").is_none() && !answer.body.contains("<form"), "{answer:?}");
    assert_eq!(answer.all("set-cookie").count(), 0, "{answer:?}");
}

/// The value of a hidden field, or where a form leads to.
fn attribute(html: &str, before: &str) -> String {
    let value = html.split(before).nth(1).unwrap_or_else(|| panic!("no `{before}` in {html}"));
    value.split('"').next().unwrap().replace("&#38;", "&")
}

/// A page with one button, for configured issuers and pages of ours, which cannot be framed and has done nothing yet.
pub(crate) async fn oauth_22_a_sign_in_that_a_third_party_begins(place: Place) {
    let world = World::start(place).await;
    let (issuer, _) = issuer_and_audience(&world);
    let asked = || world.net.lookalikes.log().len();
    let before = asked();
    let mut refused = 0;
    for query in [
        &[][..],
        &[("iss", "")],
        &[("iss", "https://evil.test")],
        &[("iss", &format!("{issuer}/"))],
        &[("iss", &issuer.to_uppercase())],
        &[("iss", &issuer), ("iss", &issuer)],
        &[("iss", &issuer), ("iss", "https://evil.test")],
        &[("provider", "google")],
        &[("iss", "google"), ("target_link_uri", "/dashboard")],
        &[("iss", &issuer), ("target_link_uri", "https://evil.test/")],
        &[("iss", &issuer), ("target_link_uri", "//evil.test")],
        &[("iss", &issuer), ("target_link_uri", "/\\evil.test")],
        &[("iss", &issuer), ("target_link_uri", "javascript:alert(1)")],
        &[("iss", &issuer), ("target_link_uri", "https://localhost@evil.test")],
        &[("iss", &issuer), ("target_link_uri", "/auth/signout")],
        &[("iss", &issuer), ("target_link_uri", "/a"), ("target_link_uri", "/b")],
        &[("iss", &issuer), ("target_link_uri", &"/a".repeat(2000))],
    ] {
        for request in [Request::get(&target(query)), Request::post(ROUTE, query)] {
            assert_refused(&world.browser().send(request.from(From::AnotherSite)).await);
            refused += 1;
        }
    }
    let told = ["initiate.issuer_unknown", "redirect.foreign", "redirect.too_long"];
    let told = told.into_iter().map(|reason| world.log.events(reason).len()).sum::<usize>();
    assert_eq!(told, refused);

    let query = [("iss", issuer.as_str()), ("target_link_uri", "/dashboard"), ("login_hint", ANA)];
    for from in [From::AnotherSite, From::Inside] {
        let mut browser = world.browser();
        let answer = browser.send(Request::get(&target(&query)).from(from)).await;
        answer.assert_status(200);
        let policy = answer.header("content-security-policy").unwrap();
        assert!(policy.contains("frame-ancestors 'none'"), "{policy}");
        assert_eq!(answer.header("x-frame-options"), Some("DENY"));
        assert_eq!(browser.handshake(), None);
        assert_eq!(answer.sets(), ["__Host-authjs.csrf-token"]);
        assert_eq!(browser.knock().await, 401);
    }
    assert_eq!(asked(), before, "no provider heard of it");

    // Somebody who is signed in stays who they are until they press the button.
    let mut julian = world.signed_in(Face::Google, JULIAN).await;
    let snapshot = world.snapshot().await;
    julian.send(Request::get(&target(&query)).from(From::AnotherSite)).await.assert_status(200);
    world.assert_unchanged(&snapshot).await;
    assert_eq!(julian.knock().await, 200);

    for posted in [false, true] {
        they_press_the_button(&world, &query, posted).await;
    }
    // A form without a target leads to where everybody goes who asks for nothing.
    let answer = world.browser().get(&target(&[("iss", &issuer)])).await;
    let wanted = attribute(&answer.body, "name=\"callbackUrl\" value=\"");
    assert_eq!(wanted, world.net.origin);
}

/// The positive twin: sent here by link or by form, somebody presses the button, and signs in as anybody does.
async fn they_press_the_button(world: &World, query: &[(&str, &str)], posted: bool) {
    let mut browser = world.browser();
    let page = if posted {
        let request = Request::post(ROUTE, query).from(From::AnotherSite);
        let answer = browser.send(request).await;
        assert_eq!(answer.status, 303, "{answer:?}");
        let to = answer.location();
        assert_eq!(to.origin().ascii_serialization(), world.net.origin);
        browser.get(&to[url::Position::BeforePath..]).await
    } else {
        browser.send(Request::get(&target(query)).from(From::AnotherSite)).await
    };
    let action = Url::parse(&attribute(&page.body, "<form method=\"post\" action=\"")).unwrap();
    assert_eq!(action.path(), "/auth/signin/google");
    let field = |name: &str| attribute(&page.body, &format!("name=\"{name}\" value=\""));
    let form = [("csrfToken", field("csrfToken")), ("callbackUrl", field("callbackUrl"))];
    let form: Vec<_> = form.iter().map(|(name, value)| (*name, value.as_str())).collect();
    let answer = browser.send(Request::post(&action[url::Position::BeforePath..], &form)).await;
    let authorize = answer.location();
    let hint = authorize.query_pairs().find(|(name, _)| name == "login_hint");
    assert_eq!(hint.unwrap().1, ANA);
    let callback = world.net.approve(authorize.as_str(), ANA).await;
    let welcome = browser.follow(&callback).await;
    welcome.assert_welcome();
    assert_eq!(welcome.location().path(), "/dashboard");
    assert_eq!(browser.knock().await, 200);
}
