//! A provider that answers as the documentation of each says, for one sign-in, and notes down what it is asked.

use std::sync::{Arc, Mutex};

use async_trait::async_trait;
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use betancourt_auth::http_client::{HttpClient, Unreachable};
use betancourt_auth::provider::{Algorithm, Protocol, Provider, Quirk};
use bytes::Bytes;
use http::{Method, Request, Response};
use ring::hmac;
use ring::rand::SystemRandom;
use ring::signature::{ECDSA_P256_SHA256_FIXED_SIGNING, EcdsaKeyPair, KeyPair as _};
use serde_json::{Value, json};
use url::Url;

use crate::{CLIENT_ID, CLIENT_SECRET, NOW};

const TENANT: &str = "72f988bf-86f1-41af-91ab-2d7cd011db47";

/// See the module. Clones are the same.
#[derive(Clone, Debug)]
pub(crate) struct Upstream(Arc<Mutex<State>>);

#[derive(Debug)]
struct State {
    key: EcdsaKeyPair,
    provider: Provider,
    /// Its endpoints, where they are discovered.
    endpoints: Endpoints,
    /// The person, as Auth.js hands them to its profile function.
    person: Value,
    /// What a document says of the person: the same, unless told otherwise.
    document: Value,
    nonce: Option<String>,
    asked: Vec<Request<Bytes>>,
}

/// What a discovery document says.
#[derive(Clone, Debug)]
pub(crate) struct Endpoints {
    pub(crate) authorization: String,
    pub(crate) token: String,
    pub(crate) user_info: String,
}

impl Upstream {
    pub(crate) fn new(provider: &Provider, endpoints: Endpoints, person: Value) -> Self {
        let (random, kind) = (SystemRandom::new(), &ECDSA_P256_SHA256_FIXED_SIGNING);
        let document = EcdsaKeyPair::generate_pkcs8(kind, &random).unwrap();
        let key = EcdsaKeyPair::from_pkcs8(kind, document.as_ref(), &random).unwrap();
        let (provider, nonce, asked) = (provider.clone(), None, Vec::new());
        let document = raw(&provider.id, &person);
        let state = State { key, provider, endpoints, person, document, nonce, asked };
        Self(Arc::new(Mutex::new(state)))
    }

    /// Its documents say something else than its ID token.
    pub(crate) fn says(&self, document: &Value) {
        self.0.lock().unwrap().document = document.clone();
    }

    /// The browser comes by with an authorization request.
    pub(crate) fn visit(&self, authorization: &Url) {
        let mut pairs = authorization.query_pairs();
        let nonce = pairs.find(|(name, _)| name == "nonce").map(|(_, value)| value.into_owned());
        self.0.lock().unwrap().nonce = nonce;
    }

    /// What it was asked.
    pub(crate) fn asked(&self) -> Vec<Request<Bytes>> {
        self.0.lock().unwrap().asked.clone()
    }
}

#[async_trait]
impl HttpClient for Upstream {
    async fn send(&self, request: Request<Bytes>) -> Result<Response<Bytes>, Unreachable> {
        let mut state = self.0.lock().unwrap();
        let answer = state.answer(&request);
        state.asked.push(request);
        let status = if answer.is_null() { 403 } else { 200 };
        let answer = Response::builder().status(status).body(Bytes::from(answer.to_string()));
        answer.map_err(Unreachable::because)
    }
}

impl State {
    /// The documents of discovery, then a token for the first POST, then the person, and nothing beyond.
    fn answer(&self, request: &Request<Bytes>) -> Value {
        let path = request.uri().path();
        let is_post = |request: &Request<Bytes>| request.method() == Method::POST;
        let first_post = self.asked.iter().position(is_post);
        if path.ends_with("/.well-known/openid-configuration") {
            return self.metadata();
        }
        if path == "/keys" {
            return json!({ "keys": [self.public_key()] });
        }
        match first_post {
            None if is_post(request) => self.token(),
            Some(before) if self.asked.len() == before + 1 || !self.is_plain() => {
                self.document.clone()
            }
            Some(_) | None => Value::Null,
        }
    }

    fn is_plain(&self) -> bool {
        matches!(self.provider.protocol, Protocol::OAuth2 { .. })
    }

    fn metadata(&self) -> Value {
        let Protocol::OpenIdConnect { issuer, .. } = &self.provider.protocol else { panic!() };
        let issuer = issuer.replace("/common/", "/{tenantid}/");
        json!({
            "issuer": issuer, "authorization_endpoint": self.endpoints.authorization,
            "token_endpoint": self.endpoints.token, "jwks_uri": "https://keys.example.com/keys",
            "userinfo_endpoint": self.endpoints.user_info,
        })
    }

    fn public_key(&self) -> Value {
        let (x, y) = self.key.public_key().as_ref()[1..].split_at(32);
        let [x, y] = [x, y].map(|coordinate| URL_SAFE_NO_PAD.encode(coordinate));
        json!({ "kty": "EC", "crv": "P-256", "use": "sig", "alg": "ES256", "x": x, "y": y })
    }

    /// The token endpoint's answer, with what the providers with a quirk add to it or leave out.
    fn token(&self) -> Value {
        let mut answer = json!({ "access_token": "access", "token_type": "bearer" });
        if self.provider.quirks.contains(&Quirk::UntypedToken) {
            answer = json!({ "access_token": "access" });
        }
        if self.provider.quirks.contains(&Quirk::ScopeList) {
            answer["scope"] = json!(["one", "two"]);
        }
        for name in ["user_id", "membership_id", "openid"] {
            answer[name] = json!("7");
        }
        if self.provider.quirks.contains(&Quirk::TokenAnswer) {
            answer["email"] = self.person["email"].clone();
        }
        if !self.is_plain() {
            answer["id_token"] = self.id_token().into();
        }
        answer
    }

    /// An ID token for the visit, with the person as claims.
    fn id_token(&self) -> String {
        let Protocol::OpenIdConnect { issuer, algorithms } = &self.provider.protocol else {
            panic!()
        };
        let mut claims = self.person.clone();
        claims["iss"] = issuer.replace("/common/", &format!("/{TENANT}/")).into();
        claims["tid"] = TENANT.into();
        claims["aud"] = CLIENT_ID.into();
        (claims["iat"], claims["exp"]) = (NOW.into(), (NOW + 60).into());
        if let Some(nonce) = &self.nonce {
            claims["nonce"] = nonce.as_str().into();
        }
        let is_shared = algorithms.contains(&Algorithm::Hs256);
        let header = json!({ "alg": if is_shared { "HS256" } else { "ES256" } });
        let signed =
            [header, claims].map(|part| URL_SAFE_NO_PAD.encode(part.to_string())).join(".");
        let signature = if is_shared {
            let key = hmac::Key::new(hmac::HMAC_SHA256, CLIENT_SECRET.as_bytes());
            hmac::sign(&key, signed.as_bytes()).as_ref().to_vec()
        } else {
            self.key.sign(&SystemRandom::new(), signed.as_bytes()).unwrap().as_ref().to_vec()
        };
        format!("{signed}.{}", URL_SAFE_NO_PAD.encode(signature))
    }
}

/// The document, with what Auth.js takes off before it calls the profile function.
pub(crate) fn raw(id: &str, person: &Value) -> Value {
    match id {
        "nextcloud" => json!({ "ocs": { "data": person } }),
        "notion" => json!({ "bot": { "owner": { "user": person } } }),
        "vk" => json!({ "response": [person] }),
        _ => person.clone(),
    }
}
