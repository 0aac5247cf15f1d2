//! The provider of the recordings: it answers as it did then, and notes down what it is asked.
//!
//! The recordings hold what was asked of it, not what it answered; that follows from what the application was told. Its
//! ID tokens are signed anew, by a key of this test, for the nonce of our own attempt.

use std::sync::{Arc, Mutex};

use async_trait::async_trait;
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use betancourt_auth::http_client::{HttpClient, Unreachable};
use bytes::Bytes;
use http::{Method, Request, Response};
use ring::rand::SystemRandom;
use ring::signature::{ECDSA_P256_SHA256_FIXED_SIGNING, EcdsaKeyPair, KeyPair as _};
use serde_json::{Value, json};
use url::Url;

use crate::plan::Plan;
use crate::report::{base64url, parameters, upstream};

/// See the module. Clones are the same.
#[derive(Clone, Debug)]
pub(crate) struct Provider(Arc<Mutex<State>>);

#[derive(Debug)]
struct State {
    key: EcdsaKeyPair,
    plan: Plan,
    begun: Begun,
    asked: Vec<Value>,
}

/// What it was told when the browser came by.
#[derive(Clone, Debug, Default)]
pub(crate) struct Begun {
    pub(crate) state: String,
    nonce: Option<String>,
    code_challenge: String,
}

impl Begun {
    /// Reads an authorization request.
    pub(crate) fn read(authorization_request: &str) -> Self {
        let url = Url::parse(authorization_request).unwrap();
        let value = |name| {
            url.query_pairs().find(|(known, _)| known == name).map(|(_, value)| value.into_owned())
        };
        let [state, code_challenge] = ["state", "code_challenge"].map(|name| value(name).unwrap());
        Self { state, nonce: value("nonce"), code_challenge }
    }
}

impl Provider {
    pub(crate) fn new() -> Self {
        let (random, kind) = (SystemRandom::new(), &ECDSA_P256_SHA256_FIXED_SIGNING);
        let document = EcdsaKeyPair::generate_pkcs8(kind, &random).unwrap();
        let key = EcdsaKeyPair::from_pkcs8(kind, document.as_ref(), &random).unwrap();
        let (plan, begun, asked) = (Plan::default(), Begun::default(), Vec::new());
        Self(Arc::new(Mutex::new(State { key, plan, begun, asked })))
    }

    /// How it answers from now on.
    pub(crate) fn prepare(&self, plan: Plan) {
        self.0.lock().unwrap().plan = plan;
    }

    /// The browser comes by with an authorization request.
    pub(crate) fn visit(&self, begun: Begun) {
        self.0.lock().unwrap().begun = begun;
    }

    /// What it was asked since the last time.
    pub(crate) fn take(&self) -> Vec<Value> {
        std::mem::take(&mut self.0.lock().unwrap().asked)
    }
}

#[async_trait]
impl HttpClient for Provider {
    async fn send(&self, request: Request<Bytes>) -> Result<Response<Bytes>, Unreachable> {
        let mut state = self.0.lock().unwrap();
        let url = request.uri().to_string();
        let body = String::from_utf8(request.body().to_vec()).unwrap();
        let headers = request.headers().iter();
        let headers = headers.map(|(name, value)| (name.as_str(), value.to_str().unwrap()));
        let asked = upstream(request.method().as_str(), &url, headers, &body);
        state.asked.push(asked);
        let (status, answer) = match (request.method(), url.split('/').next_back()) {
            (&Method::GET, Some("openid-configuration")) => state.discovery(&url),
            (&Method::GET, Some("keys")) => (200, state.keys()),
            (&Method::POST, _) => state.tokens(&parameters(&body)),
            _ => (200, state.plan.document.clone()),
        };
        Ok(Response::builder().status(status).body(Bytes::from(answer.to_string())).unwrap())
    }
}

impl State {
    fn discovery(&self, url: &str) -> (u16, Value) {
        if self.plan.is_down {
            return (404, json!("not here"));
        }
        let issuer = url.strip_suffix("/.well-known/openid-configuration").unwrap();
        let (named, base) = match issuer.strip_suffix("/common/v2.0") {
            Some(entra) => {
                (format!("{entra}/{{tenantid}}/v2.0"), format!("{entra}/common/oauth2/v2.0"))
            }
            None => (issuer.to_owned(), issuer.to_owned()),
        };
        let document = json!({
            "issuer": named, "authorization_endpoint": format!("{base}/authorize"),
            "token_endpoint": format!("{base}/token"), "jwks_uri": format!("{base}/keys"),
        });
        (200, document)
    }

    fn keys(&self) -> Value {
        let (x, y) = self.key.public_key().as_ref()[1..].split_at(32);
        let [x, y] = [x, y].map(|coordinate| URL_SAFE_NO_PAD.encode(coordinate));
        json!({ "keys": [{ "kty": "EC", "crv": "P-256", "kid": "test", "alg": "ES256", "x": x, "y": y }] })
    }

    /// Gives tokens for the verifier of the challenge it was told.
    fn tokens(&self, form: &Value) -> (u16, Value) {
        let verifier = form["code_verifier"].as_str().unwrap_or_default();
        if base64url(verifier) != self.begun.code_challenge {
            return (400, json!({ "error": "invalid_grant" }));
        }
        let (status, mut answer) = self.plan.tokens.clone();
        if let Some(claims) = &self.plan.claims {
            answer["id_token"] = self.sign(claims).into();
        }
        (status, answer)
    }

    fn sign(&self, claims: &Value) -> String {
        let mut claims = claims.clone();
        if claims["nonce"] == Plan::NONCE {
            claims["nonce"] = self.begun.nonce.clone().into();
        }
        let header = json!({ "alg": "ES256", "kid": "test" });
        let signed =
            [header, claims].map(|part| URL_SAFE_NO_PAD.encode(part.to_string())).join(".");
        let mut signature =
            self.key.sign(&SystemRandom::new(), signed.as_bytes()).unwrap().as_ref().to_vec();
        if self.plan.signature_is_broken {
            signature[0] ^= 1;
        }
        format!("{signed}.{}", URL_SAFE_NO_PAD.encode(signature))
    }
}
