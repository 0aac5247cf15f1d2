//! A provider that takes nobody's word: what it is asked must be pushed and signed, and its tokens are bound to a key.

use std::collections::HashSet;
use std::sync::{Arc, Mutex};

use async_trait::async_trait;
use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
use betancourt_auth::http_client::{HttpClient, Unreachable};
use bytes::Bytes;
use http::{Method, Request, Response};
use ring::digest::{SHA256, digest};
use ring::signature::{
    ECDSA_P256_SHA256_FIXED, ED25519, Ed25519KeyPair, KeyPair as _, UnparsedPublicKey,
    VerificationAlgorithm,
};
use serde_json::{Value, json};
use url::form_urlencoded;

use crate::{CLIENT, ED25519_PEM, NOW};

pub(crate) const ISSUER: &str = "https://id.test";

/// See the module. Clones are the same.
#[derive(Clone, Debug, Default)]
pub(crate) struct Server(Arc<Mutex<State>>);

#[derive(Debug, Default)]
struct State {
    pushed: Vec<(String, String)>,
    /// What was signed and has come: nothing comes twice.
    ids: HashSet<String>,
    /// The key that tokens are bound to, by its thumbprint.
    bound_to: Option<String>,
    log: Vec<String>,
    /// What it does instead of what it should.
    misdeed: Option<Misdeed>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Misdeed {
    GivesBearerTokens,
    RefusesWhatIsPushed,
    WantsAnotherNonceEachTime,
}

impl Server {
    pub(crate) fn misbehaves(&self, misdeed: Misdeed) {
        self.0.lock().unwrap().misdeed = Some(misdeed);
    }

    /// What was pushed last, by name.
    pub(crate) fn pushed(&self, name: &str) -> Option<String> {
        let state = self.0.lock().unwrap();
        state.pushed.iter().find(|(known, _)| known == name).map(|(_, value)| value.clone())
    }

    /// What it was asked and how it answered, in order; then that is forgotten.
    pub(crate) fn log(&self) -> Vec<String> {
        std::mem::take(&mut self.0.lock().unwrap().log)
    }
}

#[async_trait]
impl HttpClient for Server {
    async fn send(&self, request: Request<Bytes>) -> Result<Response<Bytes>, Unreachable> {
        let mut state = self.0.lock().unwrap();
        let answer = state.answer(&request);
        let (path, status) = (request.uri().path(), answer.status().as_u16());
        if !path.starts_with("/.well-known") {
            state.log.push(format!("{path} {status}"));
        }
        Ok(answer)
    }
}

fn answer(status: u16, body: &Value) -> Response<Bytes> {
    Response::builder().status(status).body(Bytes::from(body.to_string())).unwrap()
}

/// The same answer, which tells a nonce.
fn telling(nonce: &str, mut answer: Response<Bytes>) -> Response<Bytes> {
    answer.headers_mut().insert("dpop-nonce", nonce.parse().unwrap());
    answer
}

impl State {
    fn answer(&mut self, request: &Request<Bytes>) -> Response<Bytes> {
        match request.uri().path() {
            "/.well-known/openid-configuration" => answer(200, &metadata()),
            "/keys" => answer(200, &json!({ "keys": [public_key()] })),
            "/par" => self.push(request),
            "/token" => self.grant(request),
            "/me" => self.tell(request),
            _ => answer(404, &Value::Null),
        }
    }

    fn push(&mut self, request: &Request<Bytes>) -> Response<Bytes> {
        let form = form(request);
        assert_eq!(value(&form, "client_id"), Some(CLIENT));
        assert_eq!(form.iter().filter(|(name, _)| name == "client_id").count(), 1);
        self.check_statement(&form);
        if self.misdeed == Some(Misdeed::RefusesWhatIsPushed) {
            return answer(400, &json!({ "error": "invalid_request" }));
        }
        self.pushed = form;
        answer(201, &json!({ "request_uri": "urn:example:one", "expires_in": 60 }))
    }

    fn grant(&mut self, request: &Request<Bytes>) -> Response<Bytes> {
        let form = form(request);
        self.check_statement(&form);
        let wanted = match self.misdeed {
            Some(Misdeed::WantsAnotherNonceEachTime) => format!("nonce {}", self.ids.len()),
            _ => "of the token endpoint".to_owned(),
        };
        let Some(thumbprint) = self.proven(request, None, &wanted) else {
            return telling(&wanted, answer(400, &json!({ "error": "use_dpop_nonce" })));
        };
        let is_code = value(&form, "grant_type") == Some("authorization_code");
        let known =
            if is_code { value(&self.pushed, "dpop_jkt") } else { self.bound_to.as_deref() };
        assert_eq!(known, Some(thumbprint.as_str()), "another key than before");
        self.bound_to = Some(thumbprint);
        let is_bearer = self.misdeed == Some(Misdeed::GivesBearerTokens);
        let nonce = value(&self.pushed, "nonce").map(str::to_owned).filter(|_| is_code);
        answer(
            200,
            &json!({
                "access_token": if is_code { "first" } else { "second" }, "refresh_token": "refresh",
                "token_type": if is_bearer { "Bearer" } else { "DPoP" }, "expires_in": 120,
                "id_token": id_token(nonce.as_deref()),
            }),
        )
    }

    fn tell(&mut self, request: &Request<Bytes>) -> Response<Bytes> {
        let header = request.headers()["authorization"].to_str().unwrap();
        let token = header.strip_prefix("DPoP ").unwrap();
        match self.proven(request, Some(token), "of the document") {
            Some(thumbprint) => {
                assert_eq!(self.bound_to.as_ref(), Some(&thumbprint));
                answer(200, &json!({ "sub": "7", "name": "Ana Prada" }))
            }
            None => {
                let mut refused = answer(401, &Value::Null);
                let challenge = r#"DPoP error="use_dpop_nonce""#.parse().unwrap();
                refused.headers_mut().insert("www-authenticate", challenge);
                telling("of the document", refused)
            }
        }
    }

    /// The client says who it is, to us, and not a second time.
    fn check_statement(&mut self, form: &[(String, String)]) {
        let kind = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer";
        assert_eq!(value(form, "client_assertion_type"), Some(kind));
        assert_eq!(value(form, "client_secret"), None);
        let token = Token::read(value(form, "client_assertion").unwrap());
        assert_eq!(token.header["kid"], "our key");
        token.assert_signed(&ED25519, pair().public_key().as_ref());
        assert_eq!(token.claims["iss"], CLIENT);
        assert_eq!(token.claims["aud"], ISSUER);
        assert!(token.claims["exp"].as_i64().unwrap() > NOW);
        assert!(self.ids.insert(token.id()), "a statement came twice");
    }

    /// The thumbprint of the key that is proven. `None`: the proof lacks our nonce.
    fn proven(
        &mut self,
        request: &Request<Bytes>,
        token: Option<&str>,
        nonce: &str,
    ) -> Option<String> {
        let proof = Proof::read(request);
        let hash = |text: &str| URL_SAFE_NO_PAD.encode(digest(&SHA256, text.as_bytes()));
        assert_eq!(proof.claims.get("ath"), token.map(hash).map(Value::from).as_ref());
        assert!(self.ids.insert(proof.id()), "a proof came twice");
        (proof.claims.get("nonce")? == nonce).then(|| hash(&proof.header["jwk"].to_string()))
    }
}

/// A signed token, read.
pub(crate) struct Token {
    pub(crate) header: Value,
    pub(crate) claims: Value,
    signed: String,
    signature: Vec<u8>,
}

impl Token {
    pub(crate) fn read(token: &str) -> Self {
        let (signed, signature) = token.rsplit_once('.').unwrap();
        let (header, claims) = signed.split_once('.').unwrap();
        let part = |part: &str| {
            serde_json::from_slice::<Value>(&URL_SAFE_NO_PAD.decode(part).unwrap()).unwrap()
        };
        Self {
            header: part(header),
            claims: part(claims),
            signed: signed.to_owned(),
            signature: URL_SAFE_NO_PAD.decode(signature).unwrap(),
        }
    }

    fn assert_signed(&self, algorithm: &'static dyn VerificationAlgorithm, key: &[u8]) {
        let key = UnparsedPublicKey::new(algorithm, key);
        key.verify(self.signed.as_bytes(), &self.signature).unwrap();
    }

    fn id(&self) -> String {
        self.claims["jti"].as_str().filter(|id| id.len() >= 20).unwrap().to_owned()
    }
}

/// A proof of a key.
struct Proof;

impl Proof {
    /// Reads the one of a request, which must be for it and signed with the key in it.
    fn read(request: &Request<Bytes>) -> Token {
        let proof = Token::read(request.headers()["dpop"].to_str().unwrap());
        assert_proof(&proof, request.method(), &request.uri().to_string());
        proof
    }
}

/// The proof is for that request, of now, and signed with the key in it (RFC 9449 §4.3).
pub(crate) fn assert_proof(proof: &Token, method: &Method, address: &str) {
    assert_eq!(proof.header["typ"], "dpop+jwt");
    assert_eq!(proof.header["alg"], "ES256");
    assert_eq!(proof.claims["htm"], method.as_str());
    assert_eq!(proof.claims["htu"], address.split('?').next().unwrap());
    assert!(proof.claims["iat"].as_i64().unwrap() >= NOW);
    let jwk = &proof.header["jwk"];
    assert_eq!(jwk.get("d"), None, "the private half");
    let coordinate = |name: &str| URL_SAFE_NO_PAD.decode(jwk[name].as_str().unwrap()).unwrap();
    let point = [vec![4], coordinate("x"), coordinate("y")].concat();
    proof.assert_signed(&ECDSA_P256_SHA256_FIXED, &point);
}

fn metadata() -> Value {
    let at = |path: &str| format!("{ISSUER}{path}");
    json!({
        "issuer": ISSUER, "authorization_endpoint": at("/authorize?tenant=a"), "token_endpoint": at("/token"),
        "jwks_uri": at("/keys"), "userinfo_endpoint": at("/me"),
        "pushed_authorization_request_endpoint": at("/par"), "require_pushed_authorization_requests": true,
    })
}

/// The key of this provider and, to have one fewer, of its client's statements.
fn pair() -> Ed25519KeyPair {
    let body: String = ED25519_PEM.lines().filter(|line| !line.starts_with('-')).collect();
    Ed25519KeyPair::from_pkcs8_maybe_unchecked(&STANDARD.decode(body).unwrap()).unwrap()
}

fn public_key() -> Value {
    let x = URL_SAFE_NO_PAD.encode(pair().public_key().as_ref());
    json!({ "kty": "OKP", "crv": "Ed25519", "use": "sig", "alg": "EdDSA", "x": x })
}

fn id_token(nonce: Option<&str>) -> String {
    let header = json!({ "alg": "EdDSA" });
    let mut claims =
        json!({ "iss": ISSUER, "aud": CLIENT, "sub": "7", "iat": NOW + 600, "exp": NOW + 900 });
    if let Some(nonce) = nonce {
        claims["nonce"] = nonce.into();
        claims["iat"] = NOW.into();
    }
    let signed = [header, claims].map(|part| URL_SAFE_NO_PAD.encode(part.to_string())).join(".");
    let signature = pair().sign(signed.as_bytes());
    format!("{signed}.{}", URL_SAFE_NO_PAD.encode(signature))
}

fn form(request: &Request<Bytes>) -> Vec<(String, String)> {
    form_urlencoded::parse(request.body()).into_owned().collect()
}

fn value<'a>(form: &'a [(String, String)], name: &str) -> Option<&'a str> {
    form.iter().find(|(known, _)| known == name).map(|(_, value)| value.as_str())
}
