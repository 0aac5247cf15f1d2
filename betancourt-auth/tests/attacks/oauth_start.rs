//! How an attempt begins, and what no answer on the way may give away.

use betancourt_auth_dev::Face;
use url::form_urlencoded::Serializer;
use url::{Position, Url};

use crate::support::{
    ANA, Answer, Browser, CAMILA, From, Place, Request, SANTIAGO, World, callback_request,
};

/// What an attacker would like to say in our place.
const OVERRIDES: [(&str, &str); 10] = [
    ("redirect_uri", "https://evil.example/callback"),
    ("client_id", "evil"),
    ("state", "evil"),
    ("nonce", "evil"),
    ("scope", "openid evil"),
    ("response_type", "token"),
    ("response_mode", "fragment"),
    ("code_challenge", "evil"),
    ("code_challenge_method", "plain"),
    ("request_uri", "https://evil.example/request"),
];

/// The request to begin tries to write the authorization request, by query, by form and by JSON.
pub(crate) async fn oauth_17_a_start_that_overrides_parameters(place: Place) {
    let world = World::start(place).await;
    let mut browser = world.browser();
    let configured = without_fresh_secrets(&browser.begin(Face::Google).await);
    let query = Serializer::new(String::new()).extend_pairs(OVERRIDES).finish();
    let by_query = browser.submit(&format!("/auth/signin/google?{query}"), &[]).await;
    let by_form = browser.submit("/auth/signin/google", &OVERRIDES).await;
    let members = browser.form(&OVERRIDES).await.into_iter();
    let json =
        serde_json::Value::Object(members.map(|(name, value)| (name, value.into())).collect());
    let mut by_json =
        Request::post("/auth/signin/google", &[]).with("content-type", "application/json");
    by_json.body = json.to_string();
    let by_json = browser.send(by_json).await;
    for answer in [by_query, by_form, by_json] {
        let authorize = answer.location();
        assert!(!authorize.as_str().contains("evil"), "{authorize}");
        assert_eq!(without_fresh_secrets(authorize.as_str()), configured);
    }

    // Three hints may pass, encoded, and nothing beside them.
    let hints =
        "login_hint=a%26state%3Devil%40x&prompt=select_account&ui_locales=es&hd=evil.example";
    let hinted = browser.submit(&format!("/auth/signin/google?{hints}"), &[]).await;
    let expected = "&login_hint=a%26state%3Devil%40x&prompt=select_account&ui_locales=es&";
    assert!(hinted.location().as_str().contains(expected), "{hinted:?}");
    let plain = without_fresh_secrets(hinted.location().as_str()).replace(expected, "&");
    assert_eq!(plain, configured);
}

/// An authorization request with its fresh secrets blotted out.
fn without_fresh_secrets(authorize: &str) -> String {
    let url = Url::parse(authorize).unwrap();
    let fresh = ["state", "nonce", "code_challenge"];
    url.query_pairs()
        .filter(|(name, _)| fresh.contains(&&**name))
        .fold(authorize.to_owned(), |url, (_, secret)| url.replace(&*secret, "…"))
}

/// A link, an image or a prefetch cannot begin anything: it takes a form of ours.
pub(crate) async fn oauth_18_a_start_by_link_or_image(place: Place) {
    let world = World::start(place).await;
    let mut browser = world.browser();
    let before = world.snapshot().await;
    let target = "/auth/signin/google?callbackUrl=/dashboard";
    let moves = [
        Request::get(target).from(From::AnotherSite),
        Request::get(target).from(From::Inside).with("accept", "image/*"),
        Request::get(target).header("sec-purpose", "prefetch"),
    ];
    for request in moves {
        let answer = browser.send(request).await;
        assert_eq!((answer.status, answer.header("location")), (200, None), "{answer:?}");
        assert!(answer.body.contains("method=\"post\""), "{answer:?}");
        assert_eq!(browser.handshake(), None);
    }
    browser.send(Request::new("HEAD", target)).await.assert_status(400);
    browser
        .send(Request::post(target, &[]).from(From::AnotherSite))
        .await
        .assert_refused("MissingCSRF");
    assert_eq!(browser.handshake(), None);
    assert!(world.net.lookalikes.log().is_empty(), "a provider heard of it");
    world.assert_unchanged(&before).await;

    browser.begin(Face::Google).await;
    assert!(browser.handshake().is_some());
}

/// A walk over all routes: a redirect after a POST is 303, and nothing of a callback stays or goes on.
pub(crate) async fn oauth_19_every_route_answers_without_leaks(place: Place) {
    let world = World::start(place).await;
    let mut browser = world.browser();
    for method in ["GET", "POST", "HEAD", "PUT", "DELETE", "OPTIONS", "PATCH"] {
        for route in ROUTES {
            let answer = browser.send(Request::new(method, route)).await;
            assert_is_tidy(&answer, method, route);
            let submitted = browser.submit(route, &[("callbackUrl", "/dashboard")]).await;
            assert_is_tidy(&submitted, "POST", route);
        }
    }

    assert!(!world.log.text().contains("nobody"), "a text from outside is in the log");

    for (face, person) in [(Face::Google, ANA), (Face::Facebook, CAMILA), (Face::Apple, SANTIAGO)] {
        let mut browser = world.browser();
        let callback = browser.begin_as(face, person).await;
        let request = callback_request(&callback);
        let mut answers = answers_of_callback(&world, &mut browser, &request).await;
        let welcome = browser.send(request.clone()).await;
        welcome.assert_welcome();
        answers.push(welcome);
        for answer in &answers {
            assert_is_tidy(answer, &request.method, &request.target);
            assert_gives_nothing_away(answer, callback.value("code").unwrap());
        }
        let landing = answers.pop().unwrap().location();
        assert_eq!(&landing[Position::BeforePath..], "/dashboard");
    }
}

const ROUTES: [&str; 16] = [
    "/auth/signin",
    "/auth/signin/google",
    "/auth/signin/nobody",
    "/auth/signout",
    "/auth/session",
    "/auth/csrf",
    "/auth/providers",
    "/auth/error?error=AccessDenied",
    "/auth/callback/google",
    "/auth/callback/apple?state=x&code=y",
    "/auth/callback/nobody?state=x&code=y",
    "/auth/backchannel-logout/google",
    "/auth/frontchannel-logout/google?iss=x&sid=y",
    "/auth/initiate-signin?iss=nobody",
    "/auth/signed-out?state=x",
    "/auth/nothing",
];

/// What a callback is answered when things go wrong: it is nobody's, and the store is out of service.
async fn answers_of_callback(
    world: &World,
    browser: &mut Browser,
    request: &Request,
) -> Vec<Answer> {
    let by_stranger = world.browser().send(request.clone()).await;
    world.store.watch.set_broken(true);
    let mut answers = vec![by_stranger];
    for request in [request.clone(), request.clone().by_script()] {
        let answer = browser.clone().send(request).await;
        answer.assert_status(503);
        answers.push(answer);
    }
    world.store.watch.set_broken(false);
    answers
}

fn assert_is_tidy(answer: &Answer, method: &str, route: &str) {
    assert!(!matches!(answer.status, 301 | 307 | 308), "{method} {route}: {answer:?}");
    if method == "POST" {
        assert_ne!(answer.status, 302, "{method} {route}: {answer:?}");
    }
    let cache = answer.header("cache-control").unwrap_or_default();
    assert!(cache.contains("no-store"), "{method} {route}: {answer:?}");
}

/// An answer of the callback route: no page, no referrer, and neither code nor state in where it leads.
fn assert_gives_nothing_away(answer: &Answer, code: &str) {
    let kind = answer.header("content-type").unwrap_or_default();
    assert!(!kind.contains("html") && !answer.body.contains('<'), "{answer:?}");
    assert_eq!(answer.header("referrer-policy"), Some("no-referrer"), "{answer:?}");
    assert!(!format!("{answer:?}").contains(code), "{answer:?}");
    if answer.header("location").is_some() {
        let landing = answer.location();
        assert!(!landing.query_pairs().any(|(name, _)| name == "code" || name == "state"));
    }
}
