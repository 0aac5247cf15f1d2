//! What proves that we are the client: a secret, one that is signed when it is needed (Apple), or a statement that is
//! signed for one request (RFC 7523).

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use bytes::Bytes;
use http::Request;
use http::header::{ACCEPT, AUTHORIZATION, CONTENT_TYPE};
use serde_json::json;
use time::{Duration, OffsetDateTime};
use url::form_urlencoded::{Serializer, byte_serialize};

use super::discovery::Endpoints;
use super::signing_key::SigningKey;
use crate::config::SetupError;
use crate::error::{Error, ErrorKind};
use crate::provider::{
    Algorithm, AppleKey, ClientAuthentication, Credential, PrivateKey, Protocol, Quirk,
    Registration,
};
use crate::secret::{self, Random, Secret};

/// Apple admits six months; what is signed for each request needs minutes.
const LIFETIME_OF_SECRET: Duration = Duration::minutes(10);
/// A statement is for one request, which ends within seconds; the rest is for clocks that are apart.
const LIFETIME_OF_STATEMENT: Duration = Duration::minutes(1);
const STATEMENT: &str = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer";

/// Makes sure, before anybody signs in, that we can prove ourselves: every key can be read, and is what is asked for.
///
/// # Errors
/// [`SetupError::AppleKey`], [`SetupError::PrivateKey`], [`SetupError::ClientAuthentication`].
pub(crate) fn check(registration: &Registration) -> Result<(), SetupError> {
    let provider = &registration.provider;
    let signs = provider.client_authentication == ClientAuthentication::PrivateKeyJwt;
    let key = match &registration.credential {
        Credential::AppleKey(key) if apple_key(key).is_none() => return Err(SetupError::AppleKey),
        Credential::AppleKey(_) | Credential::Secret(_) => None,
        Credential::PrivateKey(key) => Some(key),
    };
    if signs != key.is_some() {
        return Err(SetupError::ClientAuthentication { provider: provider.id.to_string() });
    }
    let mut keys = key.into_iter().chain(&registration.dpop_key);
    match keys.find(|key| SigningKey::of(key).is_none()) {
        None => Ok(()),
        Some(key) => Err(SetupError::PrivateKey {
            provider: provider.id.to_string(),
            algorithm: key.algorithm.name(),
        }),
    }
}

/// What one request proves us with.
pub(super) struct ClientProof<'a> {
    registration: &'a Registration,
    /// The secret, or the statement.
    pub(super) secret: Secret,
}

impl<'a> ClientProof<'a> {
    /// The proof for a request that is sent now.
    ///
    /// # Errors
    /// [`ErrorKind::Randomness`].
    pub(super) fn new(
        registration: &'a Registration,
        endpoints: &Endpoints,
        now: OffsetDateTime,
        random: &dyn Random,
    ) -> Result<Self, Error> {
        let secret = match &registration.credential {
            Credential::Secret(secret) => secret.clone(),
            Credential::AppleKey(key) => signed_secret(registration, key, now)?,
            Credential::PrivateKey(key) => {
                statement(registration, key, audience(registration, endpoints), (now, random))?
            }
        };
        Ok(Self { registration, secret })
    }

    /// Puts it into a form, the client id along with it, or gives the `Authorization` header that it travels in.
    pub(super) fn write(&self, form: &mut Serializer<'_, String>) -> Option<String> {
        let (client_id, secret) = (&self.registration.client_id, self.secret.expose());
        match self.registration.provider.client_authentication {
            ClientAuthentication::Basic => return Some(basic(client_id, &self.secret)),
            ClientAuthentication::Post => {
                form.append_pair("client_id", client_id).append_pair("client_secret", secret)
            }
            ClientAuthentication::PrivateKeyJwt => form
                .append_pair("client_id", client_id)
                .append_pair("client_assertion_type", STATEMENT)
                .append_pair("client_assertion", secret),
            ClientAuthentication::None => form.append_pair("client_id", client_id),
        };
        None
    }

    /// A form that is posted with it, to be answered in JSON.
    pub(super) fn post(
        &self,
        address: &str,
        mut form: Serializer<'_, String>,
    ) -> Result<Request<Bytes>, Error> {
        let mut request = Request::post(address)
            .header(ACCEPT, "application/json")
            .header(CONTENT_TYPE, "application/x-www-form-urlencoded");
        if let Some(header) = self.write(&mut form) {
            request = request.header(AUTHORIZATION, header);
        }
        request
            .body(form.finish().into())
            .map_err(|error| Error::because(ErrorKind::ProviderMalformed, error))
    }
}

/// `client_secret_basic`: both halves form-encoded first (RFC 6749 §2.3.1).
fn basic(client_id: &str, secret: &Secret) -> String {
    let encoded = |text: &str| byte_serialize(text.as_bytes()).collect::<String>();
    format!(
        "Basic {}",
        STANDARD.encode(format!("{}:{}", encoded(client_id), encoded(secret.expose())))
    )
}

/// Whom a statement is for: the issuer alone, so that no other server can pass it on (draft-ietf-oauth-rfc7523bis §4);
/// the token endpoint where there is no issuer, or where the provider insists (OpenID Connect Core §9).
fn audience<'a>(registration: &Registration, endpoints: &'a Endpoints) -> &'a str {
    let insists = registration.provider.quirks.contains(&Quirk::TokenEndpointAudience);
    endpoints.issuer.as_deref().filter(|_| !insists).unwrap_or(&endpoints.token)
}

/// `private_key_jwt`: says who we are, to whom, for a minute, and never twice (RFC 7523 §3).
fn statement(
    registration: &Registration,
    key: &PrivateKey,
    audience: &str,
    (now, random): (OffsetDateTime, &dyn Random),
) -> Result<Secret, Error> {
    let pair = SigningKey::of(key).ok_or(ErrorKind::Randomness)?;
    let mut header = json!({ "alg": pair.algorithm(), "typ": "JWT" });
    if let (Some(id), Some(members)) = (&key.id, header.as_object_mut()) {
        members.insert("kid".to_owned(), id.as_str().into());
    }
    let id = secret::random_token(random)
        .map_err(|error| Error::because(ErrorKind::Randomness, error))?;
    let claims = json!({
        "iss": registration.client_id, "sub": registration.client_id, "aud": audience, "jti": id,
        "iat": now.unix_timestamp(), "exp": (now + LIFETIME_OF_STATEMENT).unix_timestamp(),
    });
    pair.sign(&header, &claims).map(Secret::new)
}

/// A JWT that Apple takes as its client secret, addressed to the issuer.
fn signed_secret(
    registration: &Registration,
    key: &AppleKey,
    now: OffsetDateTime,
) -> Result<Secret, Error> {
    let audience = match &registration.provider.protocol {
        Protocol::OpenIdConnect { issuer, .. } => issuer,
        Protocol::OAuth2 { token, .. } => token,
    };
    let pair = apple_key(key).ok_or(ErrorKind::Randomness)?;
    let header = json!({ "alg": pair.algorithm(), "kid": key.key_id, "typ": "JWT" });
    let claims = json!({
        "iss": key.team_id, "iat": now.unix_timestamp(),
        "exp": (now + LIFETIME_OF_SECRET).unix_timestamp(),
        "aud": audience, "sub": registration.client_id,
    });
    pair.sign(&header, &claims).map(Secret::new)
}

fn apple_key(key: &AppleKey) -> Option<SigningKey> {
    SigningKey::read(&key.private_key, Algorithm::Es256)
}

#[cfg(test)]
mod tests {
    use base64::engine::general_purpose::URL_SAFE_NO_PAD;
    use serde_json::Value;

    use super::super::jws::Parts;
    use super::*;
    use crate::provider::{apple, oidc};
    use crate::secret::OsRandom;

    const P256: &str = include_str!("../../tests/keys/p256.pem");

    fn now() -> OffsetDateTime {
        OffsetDateTime::UNIX_EPOCH + Duration::days(20_000)
    }

    fn at_apple(private_key: &str) -> Registration {
        let key = AppleKey {
            team_id: "TEAM123456".into(),
            key_id: "KEY1234567".into(),
            private_key: Secret::new(private_key),
        };
        Registration::with_credential(apple(), "com.example.web", Credential::AppleKey(key))
    }

    fn endpoints() -> Endpoints {
        let mut endpoints = Endpoints::configured("https://id.test/a", "https://id.test/t");
        endpoints.issuer = Some("https://id.test".to_owned());
        endpoints
    }

    fn signing() -> Registration {
        let key = PrivateKey::new(Algorithm::Es256, P256).with_id("one");
        Registration::with_private_key(oidc("own", "Own", "https://id.test"), "id", key)
    }

    /// Header and claims of a token that the key has signed.
    fn read(token: &str) -> [Value; 2] {
        let pair = SigningKey::read(&Secret::new(P256), Algorithm::Es256).unwrap();
        let parts = Parts::split(token).unwrap();
        let keys = json!({ "keys": [pair.public()] });
        let header = token.split('.').next().unwrap();
        let header: Value =
            serde_json::from_slice(&URL_SAFE_NO_PAD.decode(header).unwrap()).unwrap();
        // The key has no name in that set.
        assert!(parts.check_signature(Algorithm::Es256, &signing(), &named(keys, &header)).is_ok());
        [header, Value::Object(parts.claims().unwrap())]
    }

    fn named(mut keys: Value, header: &Value) -> Value {
        keys["keys"][0]["kid"] = header["kid"].clone();
        keys
    }

    #[test]
    fn signs_what_apple_asks_for() {
        let registration = at_apple(P256);
        let proof =
            ClientProof::new(&registration, &endpoints(), now(), &OsRandom::default()).unwrap();
        let [header, claims] = read(proof.secret.expose());
        assert_eq!(header["kid"], "KEY1234567");
        assert_eq!(claims["iss"], "TEAM123456");
        assert_eq!(claims["sub"], "com.example.web");
        assert_eq!(claims["aud"], "https://appleid.apple.com");
        assert_eq!(claims["exp"].as_i64().unwrap() - claims["iat"].as_i64().unwrap(), 600);
    }

    #[test]
    fn a_statement_is_for_the_issuer_for_a_minute_and_for_one_request() {
        let mut registration = signing();
        let mut ids = Vec::new();
        for audience in ["https://id.test", "https://id.test/t"] {
            let random = OsRandom::default();
            let proof = ClientProof::new(&registration, &endpoints(), now(), &random).unwrap();
            let [header, claims] = read(proof.secret.expose());
            assert_eq!(header, json!({ "alg": "ES256", "kid": "one", "typ": "JWT" }));
            assert_eq!([&claims["iss"], &claims["sub"]], ["id", "id"]);
            assert_eq!(claims["aud"], audience);
            assert_eq!(claims["exp"].as_i64().unwrap() - now().unix_timestamp(), 60);
            ids.push(claims["jti"].clone());

            let mut form = Serializer::new(String::new());
            assert_eq!(proof.write(&mut form), None);
            let statement = proof.secret.expose();
            let kind = "urn%3Aietf%3Aparams%3Aoauth%3Aclient-assertion-type%3Ajwt-bearer";
            let written = form.finish();
            let expected =
                format!("client_id=id&client_assertion_type={kind}&client_assertion={statement}");
            assert_eq!(written, expected);
            registration.provider.quirks.push(Quirk::TokenEndpointAudience);
        }
        assert_ne!(ids[0], ids[1]);
    }

    #[test]
    fn id_and_secret_are_encoded_before_basic() {
        let header = basic("id:%+", &Secret::new("pä ss"));
        let decoded = STANDARD.decode(header.strip_prefix("Basic ").unwrap()).unwrap();
        assert_eq!(String::from_utf8(decoded).unwrap(), "id%3A%25%2B:p%C3%A4+ss");
    }

    #[test]
    fn a_key_that_is_none_is_noticed_at_once() {
        assert!(check(&at_apple(P256)).is_ok());
        assert!(matches!(check(&at_apple("my secret")), Err(SetupError::AppleKey)));

        assert!(check(&signing()).is_ok());
        let mut of_another_kind = signing();
        of_another_kind.credential =
            Credential::PrivateKey(PrivateKey::new(Algorithm::Rs256, P256));
        let sentence = check(&of_another_kind).unwrap_err().to_string();
        assert!(sentence.starts_with("The private key of `own` is none for RS256"), "{sentence}");

        let mut bound = signing();
        bound.dpop_key = Some(PrivateKey::new(Algorithm::Es256, ""));
        assert!(matches!(check(&bound), Err(SetupError::PrivateKey { .. })));

        let mut without_key = signing();
        without_key.credential = Credential::Secret(Secret::new("secret"));
        let mut without_statement = signing();
        without_statement.provider.client_authentication = ClientAuthentication::Basic;
        for mixed in [without_key, without_statement] {
            assert!(matches!(check(&mixed), Err(SetupError::ClientAuthentication { .. })));
        }
    }
}
