//! Texts from outside, on pages and in JSON.

use betancourt_auth_dev::{Face, Person};
use url::form_urlencoded::Serializer;

use crate::support::{Answer, Place, Request, Stage, World};

const HOSTILE: [&str; 5] = [
    "<script>evil()</script>",
    "\"><img src=x onerror=evil()>",
    "' onfocus=evil() autofocus x='",
    "{{evil()}}${evil()}",
    "</style></title><svg/onload=evil()>",
];

/// Whatever an address says, no page repeats it.
pub(crate) async fn web_07_texts_in_an_address(place: Place) {
    let world = World::start(place).await;
    let mut browser = world.browser();
    for text in HOSTILE {
        for name in [
            "error",
            "error_description",
            "callbackUrl",
            "email",
            "provider",
            "ref",
            "code",
            "type",
        ] {
            let mut browser = world.browser();
            let query = Serializer::new(String::new()).append_pair(name, text).finish();
            for page in ["signin", "signin/google", "signout", "error", "verify-request"] {
                let answer = browser.get(&format!("/auth/{page}?{query}")).await;
                assert_eq!(answer.status, 200, "{answer:?}");
                assert_is_inert(&answer);
                // An address on our own origin is told again, as an address.
                assert!(name == "callbackUrl" || !answer.body.contains("evil"), "{answer:?}");
            }
            let callback = browser.get(&format!("/auth/callback/google?state=x&{query}")).await;
            assert!(!callback.location().as_str().contains("evil"), "{callback:?}");
        }
        let segment: String = url::form_urlencoded::byte_serialize(text.as_bytes()).collect();
        let answer = browser.submit(&format!("/auth/signin/{segment}"), &[]).await;
        assert!(!format!("{answer:?}").contains("evil"), "{answer:?}");
    }
    assert!(!world.log.text().contains("evil"), "nor does the log");
    let page = browser.get("/auth/error?error=AccessDenied").await;
    assert!(page.body.contains("You do not have permission"), "a code of ours is told: {page:?}");
    assert_eq!(browser.get("/auth/signin?error=evil").await.status, 200);
}

/// A page without any of the hostile markup, on which no script could run anyway.
#[track_caller]
fn assert_is_inert(page: &Answer) {
    let hostile = HOSTILE.iter().find(|text| page.body.contains(**text));
    assert_eq!(hostile, None, "{page:?}");
    for markup in ["<script", "<img", "<svg/", " onerror=", " onfocus=", "{{"] {
        assert!(!page.body.contains(markup), "{markup}: {page:?}");
    }
    let policy = page.header("content-security-policy").unwrap();
    assert!(policy.starts_with("default-src 'none'; style-src 'sha256-"), "{policy}");
    assert!(policy.contains("base-uri 'none'"), "{policy}");
    let loosens =
        ["unsafe", "script-src", "object-src", "*"].iter().find(|word| policy.contains(**word));
    assert_eq!(loosens, None, "{policy}");
}

/// A name that somebody chose at their provider: told to scripts as JSON, and written on no page of ours.
pub(crate) async fn web_08_texts_from_a_provider(place: Place) {
    for text in HOSTILE {
        let person = Person::new("1", text, "Evil").with_email("evil@example.com");
        let world = Stage::new(place).people(Face::Google, vec![person]).start().await;
        let mut browser = world.signed_in(Face::Google, "evil@example.com").await;
        for request in [Request::get("/auth/session"), Request::get("/auth/session").by_script()] {
            let answer = browser.send(request).await;
            assert_eq!(answer.json()["user"]["name"], format!("{text} Evil"), "as it was chosen");
            assert_eq!(answer.header("content-type"), Some("application/json"), "{answer:?}");
            assert_eq!(answer.header("x-content-type-options"), Some("nosniff"), "{answer:?}");
        }
        for page in ["signin", "signout", "error", "verify-request"] {
            let page = browser.get(&format!("/auth/{page}")).await;
            assert_is_inert(&page);
            assert!(!page.body.contains("vil"), "nothing of them at all: {page:?}");
        }
    }
}
