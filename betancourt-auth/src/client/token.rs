//! The token request and its answer (RFC 6749 §4.1.3, §5 and §6).

use bytes::Bytes;
use http::{Request, Response, StatusCode};
use serde_json::{Map, Value};
use time::{Duration, OffsetDateTime};
use url::form_urlencoded::Serializer;

use super::client_proof::ClientProof;
use super::discovery::Endpoints;
use super::template;
use crate::error::{Error, ErrorKind};
use crate::provider::{Quirk, Registration};

/// What is exchanged for tokens.
#[derive(Debug)]
pub(super) enum Exchange<'a> {
    Code {
        code: &'a str,
        code_verifier: &'a str,
        redirect_uri: &'a str,
    },
    /// For tokens of the same scope.
    RefreshToken(&'a str),
}

/// How an access token is used.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum TokenType {
    /// Whoever has it (RFC 6750).
    Bearer,
    /// Whoever proves that they hold its key (RFC 9449).
    DPoP,
}

impl TokenType {
    /// What a registration is content with: tokens bound to its key, if it has one, and no others.
    pub(super) fn wanted(registration: &Registration) -> Self {
        if registration.dpop_key.is_some() { Self::DPoP } else { Self::Bearer }
    }

    /// The word in front of the token in an `Authorization` header.
    pub(super) fn scheme(self) -> &'static str {
        match self {
            Self::Bearer => "Bearer",
            Self::DPoP => "DPoP",
        }
    }
}

/// What the token endpoint gave.
#[derive(Debug, Clone)]
pub(super) struct Granted {
    pub(super) kind: TokenType,
    pub(super) access_token: String,
    pub(super) refresh_token: Option<String>,
    pub(super) id_token: Option<String>,
    /// In whole seconds since 1970.
    pub(super) expires_at: Option<i64>,
    pub(super) scope: Option<String>,
    pub(super) session_state: Option<String>,
    /// The whole answer.
    pub(super) members: Map<String, Value>,
}

impl Granted {
    /// What the answer says beside the tokens.
    pub(super) fn without_tokens(&self) -> Value {
        let mut members = self.members.clone();
        members.retain(|name, _| !name.ends_with("_token"));
        Value::Object(members)
    }
}

/// The request, with the one client authentication that is configured.
pub(super) fn token_request(
    registration: &Registration,
    endpoints: &Endpoints,
    exchange: &Exchange<'_>,
    proof: &ClientProof<'_>,
) -> Result<Request<Bytes>, Error> {
    let mut form = Serializer::new(String::new());
    match exchange {
        Exchange::Code { code, code_verifier, redirect_uri } => {
            form.append_pair("grant_type", "authorization_code")
                .append_pair("code", code)
                .append_pair("redirect_uri", redirect_uri);
            if !registration.provider.quirks.contains(&Quirk::NoPkce) {
                form.append_pair("code_verifier", code_verifier);
            }
        }
        Exchange::RefreshToken(token) => {
            form.append_pair("grant_type", "refresh_token").append_pair("refresh_token", token);
        }
    }
    for quirk in &registration.provider.quirks {
        if let Quirk::ClientIdAs(name) = quirk {
            form.append_pair(name, &registration.client_id);
        }
    }
    let known = |name: &str| (name == "client_secret").then(|| proof.secret.expose().to_owned());
    let address = template::fill(&endpoints.token, known).ok_or(ErrorKind::ProviderMalformed)?;
    proof.post(&address, form)
}

/// Whether the provider does not know any more what it was given (RFC 6749 §5.2), whatever status it says so with.
pub(super) fn is_invalid_grant(answer: &Response<Bytes>) -> bool {
    let members = serde_json::from_slice::<Map<String, Value>>(answer.body());
    members.is_ok_and(|members| members.get("error").is_some_and(|error| error == "invalid_grant"))
}

/// Reads the answer. The members that RFC 6749 §5.1 leaves open may be absent; none may be of another type.
pub(super) fn token_response(
    answer: &Response<Bytes>,
    registration: &Registration,
    now: OffsetDateTime,
) -> Result<Granted, Error> {
    match answer.status() {
        StatusCode::OK => {}
        StatusCode::TOO_MANY_REQUESTS => return Err(ErrorKind::ProviderUnreachable.into()),
        status if status.is_client_error() => return Err(ErrorKind::TokenRefused.into()),
        _ => return Err(ErrorKind::ProviderUnreachable.into()),
    }
    let malformed = |error| Error::because(ErrorKind::ProviderMalformed, error);
    let members: Map<String, Value> = serde_json::from_slice(answer.body()).map_err(malformed)?;
    if members.contains_key("error") {
        return Err(ErrorKind::TokenRefused.into());
    }
    let quirks = &registration.provider.quirks;
    let kind = TokenType::wanted(registration);
    let is_wanted = match members.get("token_type") {
        None => kind == TokenType::Bearer && quirks.contains(&Quirk::UntypedToken),
        Some(said) => said.as_str().is_some_and(|said| said.eq_ignore_ascii_case(kind.scheme())),
    };
    if !is_wanted {
        return Err(ErrorKind::TokenType.into());
    }
    Ok(Granted {
        kind,
        access_token: text(&members, "access_token")?.ok_or(ErrorKind::ProviderMalformed)?,
        refresh_token: text(&members, "refresh_token")?,
        id_token: text(&members, "id_token")?,
        expires_at: seconds(&members)?
            .map(|seconds| (now + Duration::seconds(seconds)).unix_timestamp()),
        scope: scope(&members, quirks)?,
        session_state: text(&members, "session_state")?,
        members,
    })
}

/// The granted scopes: a text, or where the provider lists them, one made of the list.
fn scope(members: &Map<String, Value>, quirks: &[Quirk]) -> Result<Option<String>, Error> {
    match members.get("scope") {
        Some(Value::Array(scopes)) if quirks.contains(&Quirk::ScopeList) => {
            let scopes: Option<Vec<_>> = scopes.iter().map(Value::as_str).collect();
            scopes.map(|scopes| Some(scopes.join(" "))).ok_or(ErrorKind::ProviderMalformed.into())
        }
        _ => text(members, "scope"),
    }
}

fn text(members: &Map<String, Value>, name: &str) -> Result<Option<String>, Error> {
    match members.get(name) {
        None | Some(Value::Null) => Ok(None),
        Some(Value::String(text)) => Ok(Some(text.clone())),
        Some(Value::Bool(_) | Value::Number(_) | Value::Array(_) | Value::Object(_)) => {
            Err(ErrorKind::ProviderMalformed.into())
        }
    }
}

/// `expires_in`: a number, or a text of one as some providers write it. At most ten years count.
fn seconds(members: &Map<String, Value>) -> Result<Option<i64>, Error> {
    const TEN_YEARS: i64 = 10 * 365 * 24 * 60 * 60;
    let seconds = match members.get("expires_in") {
        None | Some(Value::Null) => return Ok(None),
        Some(Value::Number(number)) => number.as_i64(),
        Some(Value::String(text)) => text.parse().ok(),
        Some(Value::Bool(_) | Value::Array(_) | Value::Object(_)) => None,
    };
    let seconds = seconds.filter(|seconds| (0..=TEN_YEARS).contains(seconds));
    seconds.map(Some).ok_or_else(|| ErrorKind::ProviderMalformed.into())
}

#[cfg(test)]
mod tests {
    use http::header::AUTHORIZATION;

    use super::*;
    use crate::provider::{Algorithm, ClientAuthentication, PrivateKey, oidc};
    use crate::secret::OsRandom;

    fn registration(quirks: &[Quirk]) -> Registration {
        let mut provider = oidc("own", "Own", "https://p.test");
        provider.quirks.extend_from_slice(quirks);
        Registration::new(provider, "id", "s")
    }

    fn kind(status: u16, body: &'static str) -> Result<Granted, ErrorKind> {
        let answer = Response::builder().status(status).body(Bytes::from(body)).unwrap();
        token_response(&answer, &registration(&[]), OffsetDateTime::UNIX_EPOCH)
            .map_err(|error| error.kind())
    }

    #[test]
    fn optional_members_may_be_absent_and_letter_case_is_free() {
        let granted = kind(200, r#"{"access_token":"a","token_type":"bEaReR"}"#).unwrap();
        assert_eq!((granted.access_token.as_str(), granted.expires_at), ("a", None));
        let granted =
            kind(200, r#"{"access_token":"a","token_type":"Bearer","expires_in":"3600"}"#).unwrap();
        assert_eq!(granted.expires_at, Some(3600));
    }

    #[test]
    fn other_answers_are_refused_by_whose_doing_they_are() {
        assert_eq!(
            kind(200, r#"{"access_token":"a","token_type":"mac"}"#).unwrap_err(),
            ErrorKind::TokenType
        );
        assert_eq!(kind(200, r#"{"access_token":"a"}"#).unwrap_err(), ErrorKind::TokenType);
        assert_eq!(kind(400, r#"{"error":"invalid_grant"}"#).unwrap_err(), ErrorKind::TokenRefused);
        assert_eq!(kind(200, r#"{"error":"invalid_grant"}"#).unwrap_err(), ErrorKind::TokenRefused);
        assert_eq!(kind(307, "").unwrap_err(), ErrorKind::ProviderUnreachable);
        assert_eq!(kind(503, "").unwrap_err(), ErrorKind::ProviderUnreachable);
        assert_eq!(kind(200, "<html>").unwrap_err(), ErrorKind::ProviderMalformed);
    }

    #[test]
    fn what_a_provider_does_in_its_own_way_is_taken_from_it_alone() {
        let by = |quirks: &[Quirk], body: &'static str| {
            let answer = Response::new(Bytes::from(body));
            let granted =
                token_response(&answer, &registration(quirks), OffsetDateTime::UNIX_EPOCH);
            granted.map(|granted| granted.scope).map_err(|error| error.kind())
        };
        let untyped = r#"{"access_token":"a"}"#;
        assert_eq!(by(&[Quirk::UntypedToken], untyped), Ok(None));
        let of_another_type = r#"{"access_token":"a","token_type":"mac"}"#;
        assert_eq!(by(&[Quirk::UntypedToken], of_another_type), Err(ErrorKind::TokenType));
        let listed = r#"{"access_token":"a","token_type":"bearer","scope":["one","two"]}"#;
        assert_eq!(by(&[Quirk::ScopeList], listed), Ok(Some("one two".to_owned())));
        assert_eq!(by(&[], listed), Err(ErrorKind::ProviderMalformed));
    }

    #[test]
    fn who_asks_for_bound_tokens_takes_no_others() {
        let mut bound = registration(&[Quirk::UntypedToken]);
        bound.dpop_key = Some(PrivateKey::new(Algorithm::Es256, ""));
        let by = |registration: &Registration, body: &'static str| {
            let answer = Response::new(Bytes::from(body));
            let granted = token_response(&answer, registration, OffsetDateTime::UNIX_EPOCH);
            granted.map(|granted| granted.kind).map_err(|error| error.kind())
        };
        let [dpop, bearer, untyped] = [
            r#"{"access_token":"a","token_type":"DPoP"}"#,
            r#"{"access_token":"a","token_type":"Bearer"}"#,
            r#"{"access_token":"a"}"#,
        ];
        assert_eq!(by(&bound, dpop), Ok(TokenType::DPoP));
        assert_eq!(by(&bound, bearer), Err(ErrorKind::TokenType));
        assert_eq!(by(&bound, untyped), Err(ErrorKind::TokenType));
        assert_eq!(by(&registration(&[]), bearer), Ok(TokenType::Bearer));
        assert_eq!(by(&registration(&[]), dpop), Err(ErrorKind::TokenType));
    }

    fn sent(registration: &Registration) -> String {
        let endpoints = Endpoints::configured("https://p.test/a", "https://p.test/t");
        let exchange =
            Exchange::Code { code: "c", code_verifier: "v", redirect_uri: "https://app.test" };
        let (now, random) = (OffsetDateTime::UNIX_EPOCH, OsRandom::default());
        let proof = ClientProof::new(registration, &endpoints, now, &random).unwrap();
        let request = token_request(registration, &endpoints, &exchange, &proof).unwrap();
        assert_eq!(request.headers().get(AUTHORIZATION), None);
        String::from_utf8(request.into_body().to_vec()).unwrap()
    }

    #[test]
    fn a_public_client_proves_itself_by_its_code_verifier() {
        let provider = oidc("own", "Own", "https://p.test");
        let code = "grant_type=authorization_code&code=c&redirect_uri=https%3A%2F%2Fapp.test";
        let public = Registration::public(provider.clone(), "id");
        assert_eq!(sent(&public), format!("{code}&code_verifier=v&client_id=id"));
        let quirky = provider
            .with_client_authentication(ClientAuthentication::Post)
            .with_quirk(Quirk::NoPkce)
            .with_quirk(Quirk::ClientIdAs("key"));
        let confidential = Registration::new(quirky, "id", "s");
        assert_eq!(sent(&confidential), format!("{code}&key=id&client_id=id&client_secret=s"));
    }
}
