//! A relying party that believes whatever it is told. The report must say so.

use std::collections::HashMap;
use std::future::IntoFuture as _;
use std::sync::{Arc, Mutex};

use axum::extract::{Path, Query, RawForm, State};
use axum::response::Redirect;
use axum::routing::{get, post};
use axum::{Json, Router};
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use betancourt_auth::http_client::{BundledClient, HttpClient as _};
use betancourt_auth::provider::{Credential, Protocol, Quirk, Registration};
use betancourt_auth_dev::conformance::Suite;
use bytes::Bytes;
use http::Request;
use serde_json::{Value, json};
use url::{Url, form_urlencoded};

use crate::app::App;

/// Its providers, and the one person it knows at a time.
#[derive(Clone)]
struct Careless {
    registrations: Arc<[Registration]>,
    base: String,
    session: Arc<Mutex<Value>>,
}

type Parameters = HashMap<String, String>;

/// Serves it until the runtime ends.
pub(crate) fn serve(app: App, suite: &Suite) {
    let registrations = suite.registrations().into();
    let careless = Careless { registrations, base: app.base.clone(), session: Arc::default() };
    let routes = Router::new()
        .route("/auth/csrf", get(|| async { Json(json!({ "csrfToken": "" })) }))
        .route("/auth/signin/{provider}", post(sign_in))
        .route("/auth/callback/{provider}", get(callback).post(callback))
        .route("/auth/initiate-signin", get(initiate))
        .route("/auth/signout", post(sign_out))
        .route("/auth/backchannel-logout/{provider}", post(sign_out_whoever_that_is))
        .route("/auth/frontchannel-logout/{provider}", get(sign_out_whoever_that_is))
        .route("/auth/session", get(|State(it): State<Careless>| async move { it.session() }))
        .with_state(careless);
    tokio::spawn(axum::serve(app.listener, routes).into_future());
}

/// Neither a nonce nor PKCE, a state that anybody guesses, and no look at whose metadata that is.
async fn sign_in(State(careless): State<Careless>, Path(provider): Path<String>) -> Redirect {
    *careless.session.lock().unwrap() = Value::Null;
    let (registration, metadata) = careless.metadata(&provider).await;
    let mut url = Url::parse(metadata["authorization_endpoint"].as_str().unwrap()).unwrap();
    let redirect_uri = format!("{}/callback/{provider}", careless.base);
    url.query_pairs_mut()
        .append_pair("client_id", &registration.client_id)
        .append_pair("redirect_uri", &redirect_uri)
        .append_pair("response_type", "code")
        .append_pair("scope", "openid profile email")
        .append_pair("state", "1");
    if registration.provider.quirks.contains(&Quirk::FormPost) {
        url.query_pairs_mut().append_pair("response_mode", "form_post");
    }
    Redirect::to(url.as_str())
}

/// Takes tokens from wherever they come, and reads what they say.
async fn callback(
    State(careless): State<Careless>,
    Path(provider): Path<String>,
    Query(query): Query<Parameters>,
    RawForm(form): RawForm,
) -> Redirect {
    let form = form_urlencoded::parse(&form).into_owned();
    let answer: Parameters = query.into_iter().chain(form).collect();
    let tokens = match (answer.get("id_token"), answer.get("code")) {
        (Some(id_token), _) => json!({ "id_token": id_token }),
        (None, Some(code)) => careless.redeem(&provider, code).await,
        (None, None) => return Redirect::to("/"),
    };
    let claims = tokens["id_token"].as_str().unwrap().split('.').nth(1).unwrap();
    let claims: Value = serde_json::from_slice(&URL_SAFE_NO_PAD.decode(claims).unwrap()).unwrap();
    *careless.session.lock().unwrap() = json!({ "user": { "name": claims["name"] } });
    Redirect::to("/")
}

/// Begins with whoever says that they are a provider.
async fn initiate(State(careless): State<Careless>, Query(query): Query<Parameters>) -> Redirect {
    let (_, provider) = query["iss"].rsplit_once('/').unwrap();
    sign_in(State(careless), Path(provider.to_owned())).await
}

async fn sign_out(State(careless): State<Careless>) -> Redirect {
    *careless.session.lock().unwrap() = Value::Null;
    Redirect::to("/")
}

/// Takes anybody's word.
async fn sign_out_whoever_that_is(State(careless): State<Careless>) {
    *careless.session.lock().unwrap() = Value::Null;
}

impl Careless {
    fn session(&self) -> Json<Value> {
        Json(self.session.lock().unwrap().clone())
    }

    async fn metadata(&self, provider: &str) -> (&Registration, Value) {
        let known = |registration: &&Registration| registration.provider.id == provider;
        let registration = self.registrations.iter().find(known).unwrap();
        let Protocol::OpenIdConnect { issuer, .. } = &registration.provider.protocol else {
            unreachable!("the suite speaks OpenID Connect")
        };
        let url = format!("{issuer}/.well-known/openid-configuration");
        (registration, fetch(Request::get(url).body(Bytes::new()).unwrap()).await)
    }

    /// The secret in the body, and the access token in an address.
    async fn redeem(&self, provider: &str, code: &str) -> Value {
        let (registration, metadata) = self.metadata(provider).await;
        let Credential::Secret(secret) = &registration.credential else {
            unreachable!("the suite has secrets")
        };
        let redirect_uri = format!("{}/callback/{provider}", self.base);
        let form = form_urlencoded::Serializer::new(String::new())
            .append_pair("grant_type", "authorization_code")
            .append_pair("code", code)
            .append_pair("redirect_uri", &redirect_uri)
            .append_pair("client_id", &registration.client_id)
            .append_pair("client_secret", secret.expose())
            .finish();
        let request = Request::post(metadata["token_endpoint"].as_str().unwrap())
            .header("content-type", "application/x-www-form-urlencoded");
        let tokens = fetch(request.body(form.into()).unwrap()).await;
        let user_info = metadata["userinfo_endpoint"].as_str().unwrap();
        let token = tokens["access_token"].as_str().unwrap();
        let url = Url::parse_with_params(user_info, [("access_token", token)]).unwrap();
        fetch(Request::get(url.as_str()).body(Bytes::new()).unwrap()).await;
        tokens
    }
}

async fn fetch(request: Request<Bytes>) -> Value {
    let answer = BundledClient::new().unwrap().send(request).await.unwrap();
    serde_json::from_slice(answer.body()).unwrap_or_default()
}
