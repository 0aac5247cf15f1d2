//! The authorization request and its answer (RFC 6749 §4.1.1, §4.1.2; RFC 7636; RFC 9207).

use url::Url;

use super::discovery::{Endpoints, TENANT, is_tenant_id, origin};
use super::dpop;
use crate::error::{Error, ErrorKind};
use crate::provider::{Assurance, Protocol, Provider, Quirk, Registration};
use crate::request::{Once, Parameters};

/// What one attempt adds to what is configured.
#[derive(Debug)]
pub(crate) struct Question<'a> {
    pub(crate) redirect_uri: &'a str,
    pub(crate) state: &'a str,
    pub(crate) nonce: &'a str,
    pub(crate) code_challenge: &'a str,
    /// What the provider is asked for beyond who the person is.
    pub(crate) assurance: &'a Assurance,
    /// Hints that a page may pass on, already held to the list of those that may.
    pub(crate) hints: Vec<(&'static str, String)>,
}

/// Where the browser goes to prove who its person is, with all that is asked for in the address.
pub(super) fn authorization_request(
    registration: &Registration,
    endpoints: &Endpoints,
    question: &Question<'_>,
) -> Result<String, Error> {
    let mut url = Url::parse(&endpoints.authorization)
        .map_err(|error| Error::because(ErrorKind::ProviderMalformed, error))?;
    let parameters = parameters(registration, question);
    url.query_pairs_mut()
        .append_pair("response_type", "code")
        .append_pair("client_id", &registration.client_id)
        .extend_pairs(parameters.iter().skip(1));
    Ok(url.into())
}

/// All that is asked for, but for the client id.
pub(super) fn parameters<'a>(
    registration: &'a Registration,
    question: &Question<'_>,
) -> Vec<(&'a str, String)> {
    let provider = &registration.provider;
    let mut asked: Vec<(&'a str, String)> = vec![
        ("response_type", "code".to_owned()),
        ("redirect_uri", question.redirect_uri.to_owned()),
    ];
    asked.extend(scope(provider).map(|scope| ("scope", scope)));
    asked.extend(configured(registration).map(|(name, value)| (name, value.to_owned())));
    let is_decided = |hint: &str| configured(registration).any(|(name, _)| name == hint);
    let more = question.hints.iter().cloned().chain(question.assurance.parameters());
    asked.extend(
        more.filter(|(name, _)| !is_decided(name)).map(|(name, value)| (name as &str, value)),
    );
    asked.push(("state", question.state.to_owned()));
    if !provider.quirks.contains(&Quirk::NoPkce) {
        asked.push(("code_challenge", question.code_challenge.to_owned()));
        asked.push(("code_challenge_method", "S256".to_owned()));
    }
    let is_openid = matches!(provider.protocol, Protocol::OpenIdConnect { .. });
    if is_openid && !provider.quirks.contains(&Quirk::NoNonce) {
        asked.push(("nonce", question.nonce.to_owned()));
    }
    let thumbprint = registration.dpop_key.as_ref().and_then(dpop::thumbprint);
    asked.extend(thumbprint.map(|thumbprint| ("dpop_jkt", thumbprint)));
    asked
}

/// The scopes in one text, if there are any (RFC 6749 §3.3).
fn scope(provider: &Provider) -> Option<String> {
    let between = if provider.quirks.contains(&Quirk::CommaScopes) { "," } else { " " };
    Some(provider.scopes.join(between)).filter(|scope| !scope.is_empty())
}

/// What the quirks add to the request.
fn configured(registration: &Registration) -> impl Iterator<Item = (&str, &str)> {
    registration.provider.quirks.iter().filter_map(|quirk| match quirk {
        Quirk::ClientIdAs(name) => Some((*name, registration.client_id.as_str())),
        Quirk::FormPost => Some(("response_mode", "form_post")),
        Quirk::HostedDomain(domain) => Some(("hd", domain.as_ref())),
        Quirk::Parameter(name, value) => Some((name.as_ref(), value.as_ref())),
        Quirk::AppSecretProof
        | Quirk::CommaScopes
        | Quirk::DiscoveryBelow(_)
        | Quirk::DocumentHeader(..)
        | Quirk::Inbox(_)
        | Quirk::IssuerSpelling(_)
        | Quirk::TenantIssuer(_)
        | Quirk::KeepClaims(_)
        | Quirk::NameInForm
        | Quirk::NoNonce
        | Quirk::NoPkce
        | Quirk::PostedDocuments
        | Quirk::PushedRequests
        | Quirk::PushedRequestsTo(_)
        | Quirk::ScopeList
        | Quirk::TokenEndpointAudience
        | Quirk::TokenAnswer
        | Quirk::UntypedToken
        | Quirk::UserInfo => None,
    })
}

/// The code of an answer that is what we asked for: each parameter once, `iss` as it must be, no error.
pub(super) fn authorization_response<'a>(
    answer: &'a Parameters,
    endpoints: &Endpoints,
) -> Result<&'a str, Error> {
    let once = |name: &str| match answer.once(name) {
        Once::Missing => Ok(None),
        Once::One(value) => Ok(Some(value)),
        Once::Repeated => Err(Error::from(ErrorKind::ParameterRepeated)),
    };
    let (code, error, iss) = (once("code")?, once("error")?, once("iss")?);
    match (iss, &endpoints.issuer) {
        (Some(iss), Some(issuer)) if !names(iss, issuer) => {
            return Err(ErrorKind::IssuerMismatch.into());
        }
        (None, Some(_)) if endpoints.announces_iss => return Err(ErrorKind::IssuerMissing.into()),
        (Some(_) | None, Some(_) | None) => {}
    }
    match (code, error) {
        (Some(_), Some(_)) => Err(ErrorKind::ParameterRepeated.into()),
        (None, Some(_)) => Err(ErrorKind::ProviderSaid.into()),
        (Some(code), None) if !code.is_empty() => Ok(code),
        (Some(_) | None, None) => Err(ErrorKind::CodeMissing.into()),
    }
}

/// Whether `iss` is the issuer, or one of its tenants where the issuer serves several.
fn names(iss: &str, issuer: &str) -> bool {
    match issuer.split_once(TENANT) {
        Some((before, after)) => {
            let tenant = iss.strip_prefix(before).and_then(|rest| rest.strip_suffix(after));
            tenant.is_some_and(is_tenant_id)
        }
        None => iss == issuer,
    }
}

/// The origin to which a form that begins to sign in leads, as far as it is known without asking the provider.
pub(crate) fn authorization_origin(registration: &Registration) -> Option<String> {
    match &registration.provider.protocol {
        Protocol::OpenIdConnect { issuer, .. } => origin(issuer),
        Protocol::OAuth2 { authorization, .. } => origin(authorization),
    }
}
