//! Posts that change something, sent by a page that is not ours.

use std::sync::Arc;

use async_trait::async_trait;
use betancourt_auth::provider::{
    Authorize, AuthorizeError, CredentialsProvider, EmailProvider, Submitted,
};
use betancourt_auth::testing::Outbox;
use betancourt_auth::{Config, User, UserId};
use betancourt_auth_dev::Face;
use serde_json::Value;
use url::Url;

use crate::support::{ANA, Answer, Browser, From, JULIAN, Place, Request, Stage, World, exchange};

/// Where a post changes something.
const POSTS: [&str; 4] = ["/auth/signin", "/auth/signin/google", "/auth/session", "/auth/signout"];
/// Where it changes what belongs to somebody who is signed in.
const OWN: [&str; 3] =
    ["/auth/me/accounts/unlink", "/auth/me/sessions/revoke", "/auth/me/sessions/revoke-others"];

/// Without the page's token, from another origin, from none, or from another site by the browser's own word.
pub(crate) async fn web_01_posts_that_another_site_sends(place: Place) {
    let world = World::start(place).await;
    let mut browser = world.signed_in(Face::Google, ANA).await;
    let before = world.snapshot().await;
    let mut refused = 0;
    for route in POSTS.into_iter().chain(OWN) {
        let form = browser.form(&[("callbackUrl", "/dashboard")]).await;
        let genuine = post(route, &form);
        let in_clear = world.net.origin.replacen("https", "http", 1);
        let hostile = [
            Request::post(route, &[]),
            Request::post(route, &[("csrfToken", "")]),
            Request::post(route, &[("csrfToken", &"0".repeat(64))]),
            genuine.clone().from(From::AnotherSite),
            genuine.clone().header("origin", "https://evil.example"),
            genuine.clone().header("origin", "null"),
            genuine.clone().header("origin", in_clear),
            genuine.clone().header("origin", format!("{}.evil.example", world.net.origin)),
            genuine.clone().header("origin", &world.net.origin).header("origin", "null"),
        ];
        for request in hostile {
            assert_refused(&browser.clone().send(request.clone()).await, route);
            let by_client = request.header("x-auth-return-redirect", "1");
            let answer = browser.clone().send(by_client).await;
            assert!(!answer.sets_a_session() && answer.header("location").is_none(), "{answer:?}");
            refused += 2;
        }
        for site in ["cross-site", "same-site", "none"] {
            let silent = genuine.clone().header("sec-fetch-site", site);
            assert_refused(&without_origin(&world, &browser, silent).await, route);
            refused += 1;
        }
    }
    assert_eq!(world.log.events("csrf.refused").len(), refused);
    world.assert_unchanged(&before).await;
    assert_eq!(browser.handshake(), None);
    assert_eq!(browser.knock().await, 200);

    let chosen = browser.submit("/auth/signin", &[]).await;
    assert_eq!(chosen.location().path(), "/auth/signin");
    browser.begin(Face::Google).await;
    let form = browser.form(&[]).await;
    let shown = browser.send(post("/auth/session", &form)).await;
    assert_eq!(shown.json()["user"]["name"], "Ana Restrepo");
    let silent = post("/auth/session", &form).header("sec-fetch-site", "same-origin");
    assert_eq!(without_origin(&world, &browser, silent).await.status, 200);
    let ended = browser.submit("/auth/me/sessions/revoke-others", &[]).await;
    assert_eq!(ended.json()["ended"], 0);
    browser.submit("/auth/signout", &[]).await;
    assert_eq!(browser.knock().await, 401);
}

fn post(route: &str, form: &[(String, String)]) -> Request {
    let form: Vec<_> = form.iter().map(|(name, value)| (&**name, &**value)).collect();
    Request::post(route, &form)
}

/// What a browser is answered that does not say by `Origin` where it comes from.
async fn without_origin(world: &World, browser: &Browser, request: Request) -> Answer {
    let cookies = browser.jar.header(&request).unwrap();
    let request = request.header("host", &world.net.host).header("cookie", cookies);
    exchange(world.net.doors[0], &request.bytes()).await
}

#[track_caller]
fn assert_refused(answer: &Answer, route: &str) {
    if route == "/auth/session" {
        assert_eq!((answer.status, answer.json()), (400, Value::Null), "{answer:?}");
        assert_eq!(answer.all("set-cookie").count(), 0, "{answer:?}");
    } else if OWN.contains(&route) {
        answer.assert_status(403);
        assert_eq!(answer.json()["error"], "MissingCSRF");
    } else {
        answer.assert_refused("MissingCSRF");
    }
}

/// Types that a browser lets any page send: JSON dressed as text, or a form in parts.
pub(crate) async fn web_02_json_that_is_sent_as_text(place: Place) {
    let world = World::start(place).await;
    let mut browser = world.signed_in(Face::Google, ANA).await;
    let before = world.snapshot().await;
    let token = browser.form(&[]).await.remove(0).1;
    let json = format!("{{\"csrfToken\":\"{token}\",\"data\":\"=\"}}");
    let parts = format!(
        "--x\r\ncontent-disposition: form-data; name=\"csrfToken\"\r\n\r\n{token}\r\n--x--\r\n"
    );
    let simple = [
        ("text/plain", &json),
        ("text/plain; charset=utf-8", &json),
        ("text/plain; application/json", &json),
        ("text/plain;x=application/x-www-form-urlencoded", &format!("csrfToken={token}")),
        ("multipart/form-data; boundary=x", &parts),
        ("", &json),
    ];
    for route in POSTS {
        for (kind, body) in simple {
            let request = Request { body: body.clone(), ..Request::post(route, &[]) };
            assert_refused(&browser.send(request.with("content-type", kind)).await, route);
        }
    }
    for route in OWN {
        for (kind, body) in simple {
            let request = Request { body: body.clone(), ..Request::post(route, &[]) };
            browser.send(request.with("content-type", kind)).await.assert_status(415);
        }
    }
    world.assert_unchanged(&before).await;
    assert_eq!(browser.knock().await, 200);
    let typed = [
        ("application/json", &json),
        ("Application/JSON; charset=utf-8", &json),
        ("application/x-www-form-urlencoded;charset=UTF-8", &format!("csrfToken={token}")),
    ];
    for (kind, body) in typed {
        let request = Request { body: body.clone(), ..Request::post("/auth/session", &[]) };
        let answer = browser.send(request.with("content-type", kind)).await;
        assert_eq!(answer.json()["user"]["name"], "Ana Restrepo", "{kind}");
    }
}

/// A token of another browser, of before the sign-in, or in a pair of cookies that somebody tossed.
pub(crate) async fn web_03_a_token_of_another_time_or_browser(place: Place) {
    let world = World::start(place).await;
    let mut attacker = world.signed_in(Face::Google, JULIAN).await;
    let theirs = attacker.form(&[]).await;
    let (name, their_pair) = attacker.jar.find("authjs.csrf-token").unwrap();

    let mut victim = world.browser();
    let of_before = victim.form(&[]).await;
    victim.sign_in(Face::Google, ANA).await;
    let before = world.snapshot().await;
    for old in [&theirs, &of_before] {
        victim.clone().send(post("/auth/signout", old)).await.assert_refused("MissingCSRF");
    }
    // Beside the genuine cookie, and under the name that a sibling host can set.
    let mut tossed = victim.clone();
    tossed.jar.plant(&name, &their_pair);
    tossed.send(post("/auth/signout", &theirs)).await.assert_refused("MissingCSRF");
    let mut tossed = victim.clone();
    tossed.jar.forget(&name);
    tossed.jar.plant("authjs.csrf-token", &their_pair);
    tossed.send(post("/auth/signout", &theirs)).await.assert_refused("MissingCSRF");
    // A hash that nobody made, and the whole pair with a post that does not come from us.
    let mut forged = victim.clone();
    forged.jar.forget(&name);
    let token = "0".repeat(64);
    forged.jar.plant(&name, &format!("{token}%7C{token}"));
    let form = [("csrfToken".to_owned(), token)];
    forged.send(post("/auth/signout", &form)).await.assert_refused("MissingCSRF");
    let mut whole = victim.clone();
    whole.jar.forget(&name);
    whole.jar.plant(&name, &their_pair);
    let elsewhere = post("/auth/signout", &theirs).from(From::AnotherSite);
    whole.send(elsewhere).await.assert_refused("MissingCSRF");
    world.assert_unchanged(&before).await;

    let signed_in = victim.form(&[]).await;
    assert_ne!(signed_in, of_before, "renewed by the sign-in");
    let out = victim.send(post("/auth/signout", &signed_in)).await;
    assert_eq!(out.status, 303);
    assert_eq!(victim.knock().await, 401);
    assert_ne!(victim.form(&[]).await, signed_in, "renewed by the sign-out");
}

/// An application that knows one password.
#[derive(Debug)]
struct OnePassword;

#[async_trait]
impl Authorize for OnePassword {
    async fn authorize(&self, submitted: &Submitted) -> Result<User, AuthorizeError> {
        match submitted.field("password") {
            Some(PASSWORD) => Ok(User::new(UserId::new("attacker"))),
            _ => Err(AuthorizeError::rejected()),
        }
    }
}

const PASSWORD: &str = "the attacker's own";

/// A page that signs its visitor in as somebody else: at a provider, with the attacker's own password, by a link to the
/// attacker's own mailbox; or that has mail sent.
pub(crate) async fn web_04_a_sign_in_that_another_site_begins(place: Place) {
    let outbox = Outbox::default();
    let mailer = Arc::new(outbox.clone());
    let with_more = move |config: &mut Config| {
        config.credentials = vec![CredentialsProvider::new(Arc::new(OnePassword))];
        config.email = vec![EmailProvider::new(mailer.clone())];
    };
    let world = Stage::new(place).config(with_more).start().await;
    let mut victim = world.browser();
    let mut theirs = world.browser().form(&[]).await;
    theirs.push(("password".to_owned(), PASSWORD.to_owned()));
    theirs.push(("email".to_owned(), "attacker@evil.example".to_owned()));
    theirs.push(("token".to_owned(), link_token(&world, &outbox).await));
    let before = world.snapshot().await;
    let routes = [
        "/auth/signin/google",
        "/auth/signin/apple",
        "/auth/signin/email",
        "/auth/signin",
        PASSWORDS,
        LINKS,
    ];
    for route in routes {
        for form in [&theirs[1..], &theirs] {
            let request = post(route, form).from(From::AnotherSite);
            victim.send(request.clone()).await.assert_refused("MissingCSRF");
            victim.send(request.with("origin", "null")).await.assert_refused("MissingCSRF");
        }
    }
    assert_eq!((victim.handshake(), victim.session()), (None, None));
    assert!(world.net.lookalikes.log().is_empty());
    world.auth.settle().await;
    assert_eq!(outbox.mails().len(), 1, "the attacker's own");
    world.assert_unchanged(&before).await;

    let own: Vec<_> = theirs[2..].iter().map(|(name, value)| (&**name, &**value)).collect();
    victim.clone().submit(LINKS, &own).await.assert_welcome();
    victim.clone().sign_in(Face::Google, ANA).await;
    victim.submit(PASSWORDS, &[("password", PASSWORD)]).await.assert_welcome();
}

const PASSWORDS: &str = "/auth/callback/credentials";
const LINKS: &str = "/auth/callback/email";

/// What stands in the link that the attacker had sent to a mailbox of their own.
async fn link_token(world: &World, outbox: &Outbox) -> String {
    let asked = [("email", "attacker@evil.example")];
    world.browser().submit("/auth/signin/email", &asked).await;
    world.auth.settle().await;
    let mail = outbox.newest_to("attacker@evil.example").unwrap();
    let link = Url::parse(Outbox::link(&mail).unwrap()).unwrap();
    link.query_pairs().find(|(name, _)| name == "token").unwrap().1.into_owned()
}
