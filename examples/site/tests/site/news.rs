//! A developer lets a look-alike tell the site something of somebody who is not there.

use betancourt_auth_dev::{Callback, Face, LookAlikes};
use http::StatusCode;
use http::header::{COOKIE, LOCATION};
use url::form_urlencoded::Serializer;

use crate::support::Running;

/// Signs the first person of a face in, and gives the cookies of their browser.
pub(crate) async fn sign_in(site: &Running, lookalikes: &LookAlikes, face: Face) -> String {
    let csrf = site.get("/api/auth/csrf").await;
    let cookies = csrf.cookies().join("; ");
    let token = csrf.text.split('"').nth(3).unwrap().to_owned();
    let begin = site.url(&format!("/api/auth/signin/{}", face.id()));
    let begun = site.post_as(&begin, &format!("csrfToken={token}"), &cookies).await;
    let cookies = format!("{cookies}; {}", begun.cookies().join("; "));
    let person = lookalikes.people(face).next().unwrap().key();
    let callback = lookalikes.approve(begun.header(LOCATION), person).await.unwrap();
    let Callback { redirect_uri, parameters, .. } = callback;
    let query = Serializer::new(String::new()).extend_pairs(parameters).finish();
    let path = format!("{}?{query}", redirect_uri.path());
    let welcome = site.ask(&path, &[(COOKIE, &cookies)]).await;
    assert_eq!(welcome.status, StatusCode::FOUND, "{}", welcome.text);
    welcome.cookies().join("; ")
}

/// Presses a button on the page of a face, and reads what the page says then.
async fn press(site: &Running, lookalikes: &LookAlikes, face: Face, news: &str) -> String {
    let page = format!("{}/news", lookalikes.client(face).base());
    let shown = site.ask_at(&page).await;
    let person = lookalikes.people(face).next().unwrap();
    let button = format!("data-person=\"{}\" data-news=\"{news}\"", person.key());
    assert!(shown.text.contains(&button), "{}", shown.text);
    let form = format!("person={}&news={news}", person.subject);
    let told = site.post_as(&page, &form, "x=1").await;
    let answer = told.text.split("data-answer>").nth(1).unwrap_or_else(|| panic!("{}", told.text));
    answer.split('<').next().unwrap().replace("&#34;", "\"")
}

#[tokio::test]
async fn what_a_look_alike_tells_ends_a_session() {
    let (site, lookalikes) = Running::start_beside_look_alikes().await;
    let cookies = sign_in(&site, &lookalikes, Face::Google).await;
    let session = async || site.ask("/api/auth/session", &[(COOKIE, &cookies)]).await.text;
    assert!(session().await.contains("Ana Restrepo"));
    let answer = press(&site, &lookalikes, Face::Google, "verification").await;
    assert!(answer.starts_with("202"), "{answer}");
    assert!(session().await.contains("Ana Restrepo"), "the address was only tried");
    let answer = press(&site, &lookalikes, Face::Google, "account-hijacked").await;
    assert!(answer.starts_with("202"), "{answer}");
    assert_eq!(session().await, "null");
}

#[tokio::test]
async fn whoever_wants_to_be_deleted_can_read_how_it_stands() {
    let (site, lookalikes) = Running::start_beside_look_alikes().await;
    let cookies = sign_in(&site, &lookalikes, Face::Facebook).await;
    let answer = press(&site, &lookalikes, Face::Facebook, "deletion-requested").await;
    let (status, body) = answer.split_once("OK ").unwrap();
    assert_eq!(status, "200 ");
    let told: serde_json::Value = serde_json::from_str(body).unwrap();
    let page = site.ask_at(told["url"].as_str().unwrap()).await;
    assert_eq!(page.status, StatusCode::OK);
    let code = told["confirmation_code"].as_str().unwrap();
    assert!(page.text.contains(code) && page.text.contains("are deleting"), "{}", page.text);
    assert_eq!(site.ask("/api/auth/session", &[(COOKIE, &cookies)]).await.text, "null");
}
