//! The token request and its answer (RFC 6749 §4.1.3, §5 and §6).

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use bytes::Bytes;
use http::header::{ACCEPT, AUTHORIZATION, CONTENT_TYPE};
use http::{Request, Response, StatusCode};
use serde_json::{Map, Value};
use time::{Duration, OffsetDateTime};
use url::form_urlencoded::{Serializer, byte_serialize};

use super::discovery::Endpoints;
use super::template;
use crate::error::{Error, ErrorKind};
use crate::provider::{ClientAuthentication, Quirk, Registration};
use crate::secret::Secret;

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

/// What the token endpoint gave.
#[derive(Debug, Clone)]
pub(super) struct Granted {
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
    secret: &Secret,
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
    let known = |name: &str| (name == "client_secret").then(|| secret.expose().to_owned());
    let address = template::fill(&endpoints.token, known).ok_or(ErrorKind::ProviderMalformed)?;
    let mut request = Request::post(&*address)
        .header(ACCEPT, "application/json")
        .header(CONTENT_TYPE, "application/x-www-form-urlencoded");
    match registration.provider.client_authentication {
        ClientAuthentication::Basic => {
            request = request.header(AUTHORIZATION, basic(&registration.client_id, secret))
        }
        ClientAuthentication::Post => {
            form.append_pair("client_id", &registration.client_id)
                .append_pair("client_secret", secret.expose());
        }
        ClientAuthentication::None => {
            form.append_pair("client_id", &registration.client_id);
        }
    }
    request
        .body(form.finish().into())
        .map_err(|error| Error::because(ErrorKind::ProviderMalformed, error))
}

/// `client_secret_basic`: both halves form-encoded first (RFC 6749 §2.3.1).
fn basic(client_id: &str, secret: &Secret) -> String {
    let encoded = |text: &str| byte_serialize(text.as_bytes()).collect::<String>();
    format!(
        "Basic {}",
        STANDARD.encode(format!("{}:{}", encoded(client_id), encoded(secret.expose())))
    )
}

/// Whether the provider does not know any more what it was given (RFC 6749 §5.2), whatever status it says so with.
pub(super) fn is_invalid_grant(answer: &Response<Bytes>) -> bool {
    let members = serde_json::from_slice::<Map<String, Value>>(answer.body());
    members.is_ok_and(|members| members.get("error").is_some_and(|error| error == "invalid_grant"))
}

/// Reads the answer. The members that RFC 6749 §5.1 leaves open may be absent; none may be of another type.
pub(super) fn token_response(
    answer: &Response<Bytes>,
    quirks: &[Quirk],
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
    let is_bearer = match members.get("token_type") {
        None => quirks.contains(&Quirk::UntypedToken),
        Some(kind) => kind.as_str().is_some_and(|kind| kind.eq_ignore_ascii_case("bearer")),
    };
    if !is_bearer {
        return Err(ErrorKind::TokenType.into());
    }
    Ok(Granted {
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
    use super::*;
    use crate::provider::oidc;

    fn kind(status: u16, body: &'static str) -> Result<Granted, ErrorKind> {
        let answer = Response::builder().status(status).body(Bytes::from(body)).unwrap();
        token_response(&answer, &[], OffsetDateTime::UNIX_EPOCH).map_err(|error| error.kind())
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
            let granted = token_response(&answer, quirks, OffsetDateTime::UNIX_EPOCH);
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

    fn sent(registration: &Registration) -> String {
        let endpoints = Endpoints::configured("https://p.test/a", "https://p.test/t");
        let exchange =
            Exchange::Code { code: "c", code_verifier: "v", redirect_uri: "https://app.test" };
        let secret = Secret::new("s");
        let request = token_request(registration, &endpoints, &exchange, &secret).unwrap();
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

    #[test]
    fn id_and_secret_are_encoded_before_basic() {
        let header = basic("id:%+", &Secret::new("pä ss"));
        let decoded = STANDARD.decode(header.strip_prefix("Basic ").unwrap()).unwrap();
        assert_eq!(String::from_utf8(decoded).unwrap(), "id%3A%25%2B:p%C3%A4+ss");
    }
}
