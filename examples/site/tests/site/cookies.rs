//! The privacy policy lists the cookies that are set, all of them and no others.

use std::collections::BTreeSet;

use betancourt_auth_dev::Face;
use http::header::{COOKIE, HOST};
use url::form_urlencoded::byte_serialize;

use crate::news::sign_in;
use crate::support::{Answer, Running};

fn listed(page: &Answer) -> BTreeSet<String> {
    let names = page.text.split("<dt><code>").skip(1);
    names.map(|rest| rest.split('<').next().unwrap().to_owned()).collect()
}

/// The name in the list that a cookie goes by.
fn entry(list: &BTreeSet<String>, cookie: &str) -> Option<String> {
    let name = cookie.split('=').next().unwrap();
    let fits = |entry: &&String| match entry.strip_suffix('*') {
        Some(beginning) => name.starts_with(beginning),
        None => *entry == name,
    };
    list.iter().find(fits).cloned()
}

#[tokio::test]
async fn the_list_is_what_happens() {
    let (site, lookalikes) = Running::start_beside_look_alikes().await;
    let list = listed(&site.get("/privacy").await);
    let mut set = Vec::new();
    let mut keep = |answer: &Answer| set.extend(answer.cookies().into_iter().map(str::to_owned));

    let landing = site.get("/?callbackUrl=%2Fdashboard").await;
    keep(&landing);
    let (cookies, token) = (landing.cookies().join("; "), token_of(&landing.text));
    let to_google = format!("csrfToken={token}&callbackUrl=%2Fdashboard");
    keep(&site.post_as(&site.url("/api/auth/signin/google"), &to_google, &cookies).await);
    let email: String = byte_serialize(b"lucia@moreno.example").collect();
    let by_mail = format!("csrfToken={token}&email={email}");
    keep(&site.post_as(&site.url("/api/auth/signin/email"), &by_mail, &cookies).await);
    keep(&site.post("/preferences", "lang=es&theme=light").await);
    set.extend(sign_in(&site, &lookalikes, Face::Google).await.split("; ").map(str::to_owned));
    let session = set.iter().find(|cookie| cookie.starts_with("authjs.session-token=")).unwrap();
    keep_nothing_but(&site, session).await;

    let entries: BTreeSet<_> = set
        .iter()
        .map(|cookie| entry(&list, cookie).unwrap_or_else(|| panic!("{cookie} is not listed")))
        .collect();
    assert_eq!(entries, list, "what is listed is set");
}

/// The pages that only read set nothing for somebody who is signed in, but the token of their forms.
async fn keep_nothing_but(site: &Running, session: &str) {
    for page in ["/", "/dashboard", "/terms", "/privacy"] {
        for cookie in site.ask(page, &[(COOKIE, session)]).await.cookies() {
            assert!(cookie.starts_with("authjs.csrf-token="), "{page} sets {cookie}");
        }
    }
}

fn token_of(page: &str) -> &str {
    page.split("name=\"csrfToken\" value=\"").nth(1).unwrap().split('"').next().unwrap()
}

#[tokio::test]
async fn over_https_the_list_has_the_names_of_https() {
    let site = Running::start_under("https://studio.example.com").await;
    let list = listed(&site.ask("/privacy", &[(HOST, "studio.example.com")]).await);
    for name in ["__Secure-authjs.session-token", "__Host-authjs.csrf-token", "lang", "theme"] {
        assert!(list.contains(name), "{list:?}");
    }
    assert!(!list.iter().any(|name| name.starts_with("authjs.")), "{list:?}");
    assert!(!list.iter().any(|name| name.contains("mail")), "nobody sends mail: {list:?}");
    let both = |page: &Answer| (listed(page), page.text.contains("30 days"));
    let page = site.ask("/privacy", &[(HOST, "studio.example.com")]).await;
    assert_eq!(both(&page), (list, true));
}
