//! A person signs in at each face, from the page to the profile, over a socket.

use crate::support::{
    APP, Response, address, attribute_after, authorization, authorization_with, authorize_url,
    first_person, get, look_alikes, post, redeem, token, token_request, verified,
};
use betancourt_auth_dev::{Client, Endpoint, Face, LookAlikes, Setup, Tamper};
use http::StatusCode;
use ring::hmac;
use serde_json::{Value, json};
use url::Url;

/// Opens the page as a browser does and presses the button of a person.
async fn press_person(client: &Client, key: &str) -> Response {
    let page = get(authorize_url(client)).send().await;
    assert_eq!(page.status, StatusCode::OK);
    assert_eq!(page.header("cache-control"), "no-store");
    assert!(page.header("content-security-policy").contains("'none'"));
    let page = page.text();
    assert!(page.contains(&format!("This is a look-alike of {} for development", client.face())));
    let person = page.split("<button").find(|button| button.contains(key)).unwrap();
    let subject = attribute_after(person, "name=\"person\"", "value").unwrap();
    let ticket = attribute_after(page, "name=\"ticket\"", "value").unwrap();
    let action = attribute_after(page, "<form", "action").unwrap();
    let form = [("ticket", ticket), ("person", subject)];
    post(action, &form).send().await
}

fn value<'pairs>(pairs: &'pairs [(String, String)], name: &str) -> Option<&'pairs str> {
    pairs.iter().find(|(found, _)| found == name).map(|(_, value)| value.as_str())
}

async fn tokens(client: &Client, code: &str) -> Value {
    let answer = redeem(client, code).await;
    assert_eq!(answer.status, StatusCode::OK, "{}", answer.text());
    assert_eq!(answer.header("cache-control"), "no-store");
    assert_eq!(answer.header("content-type"), "application/json");
    answer.json()
}

async fn discovered(issuer: &str) -> Value {
    let answer = get(format!("{issuer}/.well-known/openid-configuration")).send().await;
    assert_eq!(answer.status, StatusCode::OK);
    answer.json()
}

#[tokio::test]
async fn ana_signs_in_with_google() {
    let lookalikes = look_alikes().await;
    let google = lookalikes.client(Face::Google);
    let metadata = discovered(&google.issuer()).await;
    assert_eq!(metadata["issuer"], google.issuer());
    assert_eq!(metadata["authorization_response_iss_parameter_supported"], true);

    let callback = press_person(google, "ana-restrepo@gmail.com").await.location();
    assert_eq!(value(&callback, "state"), Some("the state"));
    assert_eq!(value(&callback, "iss"), Some(google.issuer().as_str()));
    let tokens = tokens(google, value(&callback, "code").unwrap()).await;
    let claims = verified(google, tokens["id_token"].as_str().unwrap()).await.unwrap();
    assert_eq!(claims["iss"], google.issuer());
    assert_eq!(claims["aud"], google.id());
    assert_eq!(claims["nonce"], "the-nonce");
    assert_eq!(claims["email"], "ana-restrepo@gmail.com");
    assert_eq!(claims["email_verified"], true);
    assert_eq!(claims["name"], "Ana Restrepo");
    assert_eq!(claims.get("hd"), None);

    let bearer = tokens["access_token"].as_str().unwrap();
    let user_info = google.endpoints().user_info.unwrap();
    let person = get(&user_info).bearer(bearer).send().await.json();
    assert_eq!(person["sub"], claims["sub"]);
    let picture = get(person["picture"].as_str().unwrap()).send().await;
    assert_eq!(picture.header("content-type"), "image/svg+xml");
    let refused = get(&user_info).bearer("other").send().await;
    assert_eq!(refused.status, StatusCode::UNAUTHORIZED);
    assert!(refused.header("www-authenticate").contains("invalid_token"));
}

#[tokio::test]
async fn a_workspace_person_carries_the_domain() {
    let lookalikes = look_alikes().await;
    let google = lookalikes.client(Face::Google);
    let callback =
        lookalikes.approve(&authorize_url(google), "julian@casa-ortega.example").await.unwrap();
    let tokens = tokens(google, callback.value("code").unwrap()).await;
    let claims = verified(google, tokens["id_token"].as_str().unwrap()).await.unwrap();
    assert_eq!(claims["hd"], "casa-ortega.example");
}

#[tokio::test]
async fn camila_signs_in_with_facebook() {
    let lookalikes = look_alikes().await;
    let facebook = lookalikes.client(Face::Facebook);
    let callback = press_person(facebook, "camila@rojas.example").await.location();
    assert_eq!(value(&callback, "state"), Some("the state"));
    assert_eq!(value(&callback, "iss"), None);
    let tokens = tokens(facebook, value(&callback, "code").unwrap()).await;
    assert_eq!(tokens.get("id_token"), None);
    let token = tokens["access_token"].as_str().unwrap();

    let me = facebook.endpoints().user_info.unwrap();
    let asked = |proof: String| {
        let query = [
            ("fields", "id,name,email,picture".to_owned()),
            ("access_token", token.to_owned()),
            ("appsecret_proof", proof),
        ];
        get(Url::parse_with_params(&me, query).unwrap())
    };
    let person = asked(proof(facebook.secret(), token)).send().await.json();
    assert_eq!(person["id"], "10226518734902815");
    assert_eq!(person["name"], "Camila Rojas");
    assert_eq!(person["email"], "camila@rojas.example");
    assert!(person["picture"]["data"]["url"].as_str().unwrap().starts_with(facebook.base()));

    let refused = asked(proof("another secret", token)).send().await;
    assert_eq!(refused.status, StatusCode::BAD_REQUEST);
    let refusal = refused.json();
    assert_eq!(refusal["error"]["type"], "OAuthException");
    assert!(refusal["error"]["code"].is_u64() && refusal["error"]["fbtrace_id"].is_string());
}

#[tokio::test]
async fn an_app_learns_for_whom_a_facebook_token_was_made() {
    let lookalikes = look_alikes().await;
    let facebook = lookalikes.client(Face::Facebook);
    let callback = first_person(&lookalikes, Face::Facebook).await;
    let tokens = tokens(facebook, callback.value("code").unwrap()).await;
    let inspect = format!("{}/v23.0/debug_token", facebook.base());
    let asked = |token: &str, asker: String| {
        let query = [("input_token", token.to_owned()), ("access_token", asker)];
        get(Url::parse_with_params(&inspect, query).unwrap())
    };
    let app = format!("{}|{}", facebook.id(), facebook.secret());
    let token = tokens["access_token"].as_str().unwrap();
    let found = asked(token, app.clone()).send().await.json();
    assert_eq!(found["data"]["app_id"], facebook.id());
    assert_eq!(found["data"]["is_valid"], true);
    let unknown = asked("another token", app).send().await.json();
    assert_eq!(unknown["data"]["is_valid"], false);
    let refused = asked(token, "nobody|nothing".to_owned()).send().await;
    assert_eq!(refused.status, StatusCode::BAD_REQUEST);
}

#[tokio::test]
async fn santiago_signs_in_with_apple_and_is_named_only_once() {
    let lookalikes = look_alikes().await;
    let apple = lookalikes.client(Face::Apple);
    assert_eq!(discovered(&apple.issuer()).await["issuer"], apple.issuer());
    let page = press_person(apple, "santiago@velez.example").await;
    assert_eq!(page.status, StatusCode::OK);
    let page = page.text();
    assert!(page.contains(
        "<form method=\"post\" action=\"http://localhost:3000/api/auth/callback/apple\">"
    ));
    assert!(page.contains("document.forms[0].submit()") && page.contains("<button"));
    let hidden = |name: &str| {
        attribute_after(page, &format!("name=\"{name}\""), "value")
            .map(|value| value.replace("&#34;", "\""))
    };
    assert_eq!(hidden("state").as_deref(), Some("the state"));
    let user: Value = serde_json::from_str(&hidden("user").unwrap()).unwrap();
    let expected = json!({
        "name": { "firstName": "Santiago", "lastName": "Vélez" },
        "email": "santiago@velez.example",
    });
    assert_eq!(user, expected);

    let tokens = tokens(apple, &hidden("code").unwrap()).await;
    let claims = verified(apple, tokens["id_token"].as_str().unwrap()).await.unwrap();
    assert_eq!(claims["email_verified"], "true");
    assert_eq!(claims["is_private_email"], "false");
    assert_eq!(claims["nonce"], "the-nonce");
    assert_eq!(claims.get("name"), None);

    let again = lookalikes.approve(&authorize_url(apple), "santiago@velez.example").await.unwrap();
    assert_eq!(again.value("user"), None);
    assert!(again.value("code").is_some());
}

#[tokio::test]
async fn valentina_signs_in_with_microsoft_under_the_issuer_of_her_tenant() {
    let lookalikes = look_alikes().await;
    let microsoft = lookalikes.client(Face::Microsoft);
    let base = microsoft.base();
    let metadata = discovered(&microsoft.issuer()).await;
    assert_eq!(metadata["issuer"], format!("{base}/{{tenantid}}/v2.0"));

    let callback = press_person(microsoft, "valentina@gomez-films.example").await.location();
    let tokens = tokens(microsoft, value(&callback, "code").unwrap()).await;
    let claims = verified(microsoft, tokens["id_token"].as_str().unwrap()).await.unwrap();
    let tenant = claims["tid"].as_str().unwrap();
    let issuer = format!("{base}/{tenant}/v2.0");
    assert_eq!(claims["iss"], issuer);
    assert_eq!(value(&callback, "iss"), Some(issuer.as_str()));
    assert_eq!(claims["ver"], "2.0");
    assert_eq!(claims["preferred_username"], "valentina@gomez-films.example");
    assert_eq!(claims["xms_edov"], true);
    assert_eq!(claims.get("email_verified"), None);
    assert_ne!(claims["sub"], claims["oid"]);

    assert_eq!(discovered(&issuer).await["issuer"], issuer);
    let bearer = tokens["access_token"].as_str().unwrap();
    let user_info = microsoft.endpoints().user_info.unwrap();
    let person = get(user_info).bearer(bearer).send().await.json();
    assert_eq!(person["sub"], claims["sub"]);
}

#[tokio::test]
async fn microsofts_tenants_admit_their_own_people_and_have_keys_of_their_own() {
    const CONSUMERS: &str = "9188040d-6c67-4c5b-b112-36a304b66dad";
    let lookalikes = look_alikes().await;
    let microsoft = lookalikes.client(Face::Microsoft);
    let at = |tenant: &str| authorize_url(microsoft).replace("/common/", &format!("/{tenant}/"));
    let (work, personal) = ("valentina@gomez-films.example", "diego@salazar.example");
    for (tenant, admitted, other) in [
        ("organizations", work, personal),
        ("consumers", personal, work),
        (CONSUMERS, personal, work),
    ] {
        assert!(lookalikes.approve(&at(tenant), admitted).await.unwrap().value("code").is_some());
        assert!(lookalikes.approve(&at(tenant), other).await.is_err(), "{tenant} let {other} in");
    }
    assert!(lookalikes.approve(&at("strangers"), work).await.is_err());
    let base = microsoft.base();
    let consumers = format!("{base}/{CONSUMERS}/v2.0");
    let issuer = |tenant: &str| format!("{base}/{tenant}/v2.0");
    assert_eq!(discovered(&issuer("consumers")).await["issuer"], consumers);
    let unknown = format!("{}/.well-known/openid-configuration", issuer("strangers"));
    let refused = get(unknown).send().await;
    assert_eq!(refused.status, StatusCode::BAD_REQUEST);
    assert_eq!(refused.json()["error"], "invalid_tenant");

    let keys = get(microsoft.endpoints().keys.unwrap()).send().await.json();
    let issuers: Vec<_> =
        keys["keys"].as_array().unwrap().iter().map(|key| &key["issuer"]).collect();
    assert_eq!(issuers, [&json!(issuer("{tenantid}")), &json!(consumers)]);
}

#[tokio::test]
async fn a_refresh_token_comes_when_it_is_asked_for_and_gives_new_tokens() {
    let lookalikes = look_alikes().await;
    let google = lookalikes.client(Face::Google);
    let plain = first_person(&lookalikes, Face::Google).await;
    assert_eq!(tokens(google, plain.value("code").unwrap()).await.get("refresh_token"), None);

    let offline = authorization_with(google, "access_type", "offline");
    let callback = lookalikes.approve(&offline, "ana-restrepo@gmail.com").await.unwrap();
    let first = tokens(google, callback.value("code").unwrap()).await;
    let form = |token: &str| {
        [
            ("grant_type", "refresh_token".to_owned()),
            ("refresh_token", token.to_owned()),
            ("client_id", google.id().to_owned()),
            ("client_secret", google.secret().to_owned()),
        ]
    };
    let second = token(google, &form(first["refresh_token"].as_str().unwrap())).await.json();
    assert_ne!(second["access_token"], first["access_token"]);
    let claims = verified(google, second["id_token"].as_str().unwrap()).await.unwrap();
    assert_eq!(claims.get("nonce"), None);
    let refused = token(google, &form("another")).await;
    assert_eq!(refused.status, StatusCode::BAD_REQUEST);
    assert_eq!(refused.json()["error"], "invalid_grant");
    lookalikes.revoke_refresh_tokens(Face::Google);
    let refused = token(google, &form(first["refresh_token"].as_str().unwrap())).await;
    assert_eq!(refused.json()["error"], "invalid_grant");
}

#[tokio::test]
async fn a_rotated_refresh_token_that_comes_back_was_stolen() {
    let lookalikes = look_alikes().await;
    lookalikes.tamper(Face::Google, Tamper::rotating_refresh_tokens());
    let google = lookalikes.client(Face::Google);
    let offline = authorization_with(google, "access_type", "offline");
    let callback = lookalikes.approve(&offline, "ana-restrepo@gmail.com").await.unwrap();
    let first = tokens(google, callback.value("code").unwrap()).await;
    let refresh = async |tokens: &Value| {
        let form = [
            ("grant_type", "refresh_token".to_owned()),
            ("refresh_token", tokens["refresh_token"].as_str().unwrap().to_owned()),
            ("client_id", google.id().to_owned()),
            ("client_secret", google.secret().to_owned()),
        ];
        token(google, &form).await.json()
    };
    let second = refresh(&first).await;
    assert_ne!(second["refresh_token"], first["refresh_token"]);
    let third = refresh(&second).await;
    assert_eq!(lookalikes.stolen_refresh_tokens(Face::Google), 0);
    assert_eq!(refresh(&second).await["error"], "invalid_grant");
    assert_eq!(lookalikes.stolen_refresh_tokens(Face::Google), 1);
    assert_eq!(refresh(&third).await["error"], "invalid_grant", "the newest one went, too");
}

#[tokio::test]
async fn a_client_authenticates_by_basic_with_any_characters_in_its_secret() {
    let (id, secret) = ("my app:100%", "p+ss/wörd&=");
    let lookalikes = Setup::new(APP).credentials(Face::Google, id, secret).start().await.unwrap();
    let google = lookalikes.client(Face::Google);
    let code = first_person(&lookalikes, Face::Google).await;
    let mut form = token_request(google, code.value("code").unwrap());
    form.retain(|(name, _)| !name.starts_with("client_"));
    let answer = post(google.endpoints().token, &form).basic(id, secret).send().await;
    assert_eq!(answer.status, StatusCode::OK, "{}", answer.text());
}

#[tokio::test]
async fn a_google_answer_can_travel_by_form_post_too() {
    let lookalikes = look_alikes().await;
    let google = lookalikes.client(Face::Google);
    let mut parameters = authorization(google);
    parameters.push(("response_mode", "form_post".to_owned()));
    let page = lookalikes.approve(&address(google, &parameters), "ana-restrepo@gmail.com").await;
    assert_eq!(page.unwrap().response_mode, betancourt_auth_dev::ResponseMode::FormPost);
}

#[tokio::test]
async fn the_log_shows_every_request_with_its_parameters() {
    let lookalikes = look_alikes().await;
    let google = lookalikes.client(Face::Google);
    let callback = first_person(&lookalikes, Face::Google).await;
    let code = callback.value("code").unwrap();
    tokens(google, code).await;
    let endpoints: Vec<_> = lookalikes.log().iter().map(|request| request.endpoint).collect();
    assert_eq!(endpoints, [Endpoint::Authorization, Endpoint::Choice, Endpoint::Token]);
    let token = lookalikes.seen(Face::Google, Endpoint::Token).remove(0);
    assert_eq!(token.form_value("code"), Some(code));
    assert_eq!(lookalikes.log()[0].query_value("state"), Some("the state"));
    assert!(lookalikes.seen(Face::Apple, Endpoint::Token).is_empty());
}

#[tokio::test]
async fn stopping_frees_the_port() {
    let lookalikes = look_alikes().await;
    let url = lookalikes.url().clone();
    let port = url.port().unwrap();
    assert_eq!(get(&url).send().await.status, StatusCode::OK);
    lookalikes.stop().await;
    assert!(get(&url).try_send().await.is_err());
    let again: LookAlikes = Setup::new(APP).port(port).start().await.unwrap();
    assert_eq!(again.url().port(), Some(port));
    let taken = Setup::new(APP).port(port).start().await.unwrap_err();
    assert!(taken.to_string().contains(&port.to_string()));
}

fn proof(secret: &str, token: &str) -> String {
    let key = hmac::Key::new(hmac::HMAC_SHA256, secret.as_bytes());
    let tag = hmac::sign(&key, token.as_bytes());
    tag.as_ref().iter().map(|byte| format!("{byte:02x}")).collect()
}
