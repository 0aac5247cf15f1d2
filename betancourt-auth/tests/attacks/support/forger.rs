//! Tokens made by hand: any header, any claims, any signature, with a key on a curve that a face can be made to publish.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use betancourt_auth_dev::{Body, Endpoint, Tamper};
use ring::rand::SystemRandom;
use ring::signature::{
    ECDSA_P256_SHA256_ASN1_SIGNING, ECDSA_P256_SHA256_FIXED_SIGNING,
    ECDSA_P384_SHA384_FIXED_SIGNING, EcdsaKeyPair, EcdsaSigningAlgorithm, KeyPair as _,
};
use serde_json::{Map, Value, json};

/// The claims of an ID token.
pub(crate) type Claims = Map<String, Value>;

/// A key pair on a curve.
#[derive(Clone, Debug)]
pub(crate) struct Forger {
    curve: &'static str,
    algorithm: &'static EcdsaSigningAlgorithm,
    key: Vec<u8>,
}

impl Forger {
    pub(crate) fn on_p256() -> Self {
        Self::on("P-256", &ECDSA_P256_SHA256_FIXED_SIGNING)
    }

    pub(crate) fn on_p384() -> Self {
        Self::on("P-384", &ECDSA_P384_SHA384_FIXED_SIGNING)
    }

    fn on(curve: &'static str, algorithm: &'static EcdsaSigningAlgorithm) -> Self {
        let key = EcdsaKeyPair::generate_pkcs8(algorithm, &SystemRandom::new()).unwrap();
        Self { curve, algorithm, key: key.as_ref().to_vec() }
    }

    /// The public half as it stands in a key set.
    pub(crate) fn jwk(&self, kid: &str) -> Value {
        let pair = self.pair(self.algorithm);
        let coordinates = &pair.public_key().as_ref()[1..];
        let (x, y) = coordinates.split_at(coordinates.len() / 2);
        let [x, y] = [x, y].map(|coordinate| URL_SAFE_NO_PAD.encode(coordinate));
        json!({ "kty": "EC", "crv": self.curve, "kid": kid, "use": "sig", "x": x, "y": y })
    }

    /// A face that has this key, too.
    pub(crate) fn published(&self, kid: &str) -> Tamper {
        keys(vec![self.jwk(kid)], Vec::new())
    }

    /// A signature as JWS wants it: `r` and `s`, one after the other (RFC 7518 §3.4).
    pub(crate) fn sign(&self, signed: &[u8]) -> Vec<u8> {
        self.pair(self.algorithm).sign(&SystemRandom::new(), signed).unwrap().as_ref().to_vec()
    }

    /// The same in DER, as X.509 has it.
    pub(crate) fn sign_in_der(&self, signed: &[u8]) -> Vec<u8> {
        let pair = self.pair(&ECDSA_P256_SHA256_ASN1_SIGNING);
        pair.sign(&SystemRandom::new(), signed).unwrap().as_ref().to_vec()
    }

    /// A token with that header and these claims.
    pub(crate) fn token(&self, header: &Value, claims: &Claims) -> String {
        token(header, &Value::Object(claims.clone()).to_string(), |signed| self.sign(signed))
    }

    fn pair(&self, algorithm: &'static EcdsaSigningAlgorithm) -> EcdsaKeyPair {
        EcdsaKeyPair::from_pkcs8(algorithm, &self.key, &SystemRandom::new()).unwrap()
    }
}

/// A token of these parts, whatever they are.
pub(crate) fn token(header: &Value, payload: &str, sign: impl FnOnce(&[u8]) -> Vec<u8>) -> String {
    let [header, payload] =
        [header.to_string().as_str(), payload].map(|part| URL_SAFE_NO_PAD.encode(part));
    let signed = format!("{header}.{payload}");
    let signature = URL_SAFE_NO_PAD.encode(sign(signed.as_bytes()));
    format!("{signed}.{signature}")
}

/// The claims of a token, whoever signed it.
pub(crate) fn claims_of(token: &str) -> Claims {
    let payload = token.split('.').nth(1).unwrap();
    serde_json::from_slice(&URL_SAFE_NO_PAD.decode(payload).unwrap()).unwrap()
}

/// A face that answers with another ID token, made of the claims of the genuine one.
pub(crate) fn id_token(make: impl Fn(Claims) -> String + Send + Sync + 'static) -> Tamper {
    Tamper::json(Endpoint::Token, move |answer| {
        let genuine = claims_of(answer["id_token"].as_str().unwrap());
        answer["id_token"] = make(genuine).into();
    })
}

/// A face that signs what its UserInfo endpoint answers: a token made of the claims of the plain answer.
pub(crate) fn user_info(make: impl Fn(Claims) -> String + Send + Sync + 'static) -> Tamper {
    Tamper::answer(Endpoint::UserInfo, move |answer| {
        if let Body::Json(Value::Object(claims)) = &answer.body {
            answer.body = Body::Text(make(claims.clone()));
            let kind = http::HeaderValue::from_static("application/jwt");
            answer.headers.insert(http::header::CONTENT_TYPE, kind);
        }
    })
}

/// A face whose key set has these entries, too, before and after its own.
pub(crate) fn keys(before: Vec<Value>, after: Vec<Value>) -> Tamper {
    Tamper::json(Endpoint::Keys, move |set| {
        let own = set["keys"].as_array().unwrap().clone();
        set["keys"] = Value::Array([before.clone(), own, after.clone()].concat());
    })
}
