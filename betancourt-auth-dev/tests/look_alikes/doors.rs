//! Who may speak to a look-alike at all.

use betancourt_auth_dev::{Face, Person, Setup, StartError};
use http::{Method, StatusCode};

use crate::support::{APP, authorize_url, get, look_alikes, post, request};

#[tokio::test]
async fn a_forwarded_request_is_refused_by_the_name_of_its_header() {
    let lookalikes = look_alikes().await;
    let metadata = format!("{}google/.well-known/openid-configuration", lookalikes.url());
    assert_eq!(get(&metadata).send().await.status, StatusCode::OK);
    for header in
        ["forwarded", "via", "x-forwarded-for", "x-forwarded-proto", "x-forwarded-made-up"]
    {
        let refused = get(&metadata).header(header, "a").send().await;
        assert_eq!(refused.status, StatusCode::FORBIDDEN, "{header}");
        assert!(refused.text().contains(header));
    }
    assert_eq!(lookalikes.log().len(), 1);
}

#[tokio::test]
async fn a_host_of_elsewhere_is_refused() {
    let lookalikes = look_alikes().await;
    let port = lookalikes.url().port().unwrap();
    for host in ["localhost", "127.0.0.1", "[::1]", "localhost:1"] {
        let answer = get(lookalikes.url()).header("host", host).send().await;
        assert_eq!(answer.status, StatusCode::OK, "{host}");
    }
    for host in ["evil.example", "localhost.evil.example", "10.0.0.1", "127.0.0.1.nip.example"] {
        let host = format!("{host}:{port}");
        let answer = get(lookalikes.url()).header("host", &host).send().await;
        assert_eq!(answer.status, StatusCode::MISDIRECTED_REQUEST, "{host}");
    }
}

#[tokio::test]
async fn other_paths_methods_and_sizes_are_refused() {
    let lookalikes = look_alikes().await;
    let google = lookalikes.client(Face::Google);
    let missing = get(format!("{}/made-up", google.base())).send().await;
    assert_eq!(missing.status, StatusCode::NOT_FOUND);
    let wrong_method = request(Method::GET, google.endpoints().token).send().await;
    assert_eq!(wrong_method.status, StatusCode::METHOD_NOT_ALLOWED);
    assert_eq!(wrong_method.header("allow"), "POST");
    let large = [("code", "a".repeat(70_000))];
    let large = post(google.endpoints().token, &large).send().await;
    assert_eq!(large.status, StatusCode::PAYLOAD_TOO_LARGE);
}

#[tokio::test]
async fn it_does_not_start_in_production_or_for_an_app_elsewhere() {
    let variables = |value: &str| [("APP_ENV".to_owned(), value.to_owned())];
    let refused = Setup::new(APP).environment(variables("production")).start().await;
    assert!(matches!(refused, Err(StartError::Production { variable: "APP_ENV" })));
    assert!(Setup::new(APP).environment(variables("development")).start().await.is_ok());
    let refused = Setup::new("https://studio.example/api/auth").start().await;
    assert!(matches!(refused, Err(StartError::AppNotLoopback { .. })));
    let refused = Setup::new(APP).people(Face::Apple, Vec::new()).start().await;
    assert!(matches!(refused, Err(StartError::Nobody { face: Face::Apple })));
}

#[tokio::test]
async fn what_people_are_called_stays_text_on_every_page() {
    let person = Person::new("<1>", "<script>", "\"Quote\"").with_email("a<b@example.com");
    let lookalikes = Setup::new(APP).people(Face::Google, vec![person]).start().await.unwrap();
    let google = lookalikes.client(Face::Google);
    let page = get(authorize_url(google)).send().await;
    assert!(!page.text().contains("<script>") && !page.text().contains("\"Quote\""));
    let picture = get(format!("{}/picture/%3C1%3E", google.base())).send().await;
    assert_eq!(picture.status, StatusCode::OK);
    assert!(!picture.text().contains("<\""));
}
