//! OpenID Connect Discovery 1.0: which endpoints an issuer has.

use serde_json::Value;
use url::Url;

use crate::config::{Environment, is_safe};
use crate::error::{Error, ErrorKind};
use crate::provider::{Protocol, Provider, Quirk};

/// Stands for the tenant in the issuer of a document that serves several.
pub(crate) const TENANT: &str = "{tenantid}";

/// What we need of a provider's metadata.
#[derive(Debug, Clone)]
pub(crate) struct Endpoints {
    /// `None` for plain OAuth 2.
    pub(crate) issuer: Option<String>,
    pub(crate) authorization: String,
    pub(crate) token: String,
    pub(crate) jwks: String,
    /// Where more claims are, if there are any.
    pub(crate) user_info: Option<String>,
    /// Where people sign out, if there is such a place (OpenID Connect RP-Initiated Logout §2.1).
    pub(crate) end_session: Option<String>,
    /// Where tokens are handed back (RFC 7009 §2), if there is such a place.
    pub(crate) revocation: Option<String>,
    /// Where an authorization request is pushed to (RFC 9126), if it can be.
    pub(crate) pushed_requests: Option<String>,
    /// Whether it must be (RFC 9126 §5).
    pub(crate) wants_pushed_requests: bool,
    /// Whether every callback carries `iss` (RFC 9207 §3).
    pub(crate) announces_iss: bool,
}

impl Endpoints {
    pub(crate) fn configured(authorization: &str, token: &str) -> Self {
        Self {
            issuer: None,
            authorization: authorization.to_owned(),
            token: token.to_owned(),
            jwks: String::new(),
            user_info: None,
            end_session: None,
            revocation: None,
            pushed_requests: None,
            wants_pushed_requests: false,
            announces_iss: false,
        }
    }
}

/// Where the document of an issuer stands (OpenID Connect Discovery §4).
pub(super) fn discovery_url(issuer: &str, quirks: &[Quirk]) -> String {
    let below =
        |quirk: &Quirk| if let Quirk::DiscoveryBelow(path) = quirk { Some(*path) } else { None };
    let path = quirks.iter().find_map(below).unwrap_or_default();
    format!("{}{path}/.well-known/openid-configuration", issuer.trim_end_matches('/'))
}

/// Reads a discovery document, if it is the configured issuer's and leads to safe places only.
pub(super) fn discovery_response(
    document: &Value,
    provider: &Provider,
    environment: Environment,
) -> Result<Endpoints, Error> {
    let Protocol::OpenIdConnect { issuer: configured, .. } = &provider.protocol else {
        return Err(ErrorKind::DiscoveryMismatch.into());
    };
    let text = |member: &str| {
        document.get(member).and_then(Value::as_str).ok_or(ErrorKind::ProviderUnreachable)
    };
    let endpoint = |member: &str| {
        let address = text(member)?;
        if is_safe(address, environment) && belongs_to(configured, address) {
            Ok(address.to_owned())
        } else {
            Err(ErrorKind::ProviderUnreachable)
        }
    };
    let optional = |member: &str| document.get(member).map(|_| endpoint(member)).transpose();
    let says = |member: &str| document.get(member) == Some(&Value::Bool(true));
    let issuer = text("issuer")?;
    let serves_tenants =
        provider.quirks.iter().any(|quirk| matches!(quirk, Quirk::TenantIssuer(_)));
    if issuer != configured && !(serves_tenants && is_same_authority(configured, issuer)) {
        return Err(ErrorKind::DiscoveryMismatch.into());
    }
    Ok(Endpoints {
        issuer: Some(issuer.to_owned()),
        authorization: endpoint("authorization_endpoint")?,
        token: endpoint("token_endpoint")?,
        jwks: endpoint("jwks_uri")?,
        user_info: optional("userinfo_endpoint")?,
        // One that is unsafe is none: people sign in all the same.
        end_session: endpoint("end_session_endpoint").ok(),
        revocation: endpoint("revocation_endpoint").ok(),
        pushed_requests: endpoint("pushed_authorization_request_endpoint").ok(),
        wants_pushed_requests: says("require_pushed_authorization_requests"),
        announces_iss: says("authorization_response_iss_parameter_supported"),
    })
}

/// Whether a provider has an issuer, who can speak for it.
pub(crate) fn has_issuer(provider: &Provider) -> bool {
    matches!(provider.protocol, Protocol::OpenIdConnect { .. })
}

/// Whether a text names the issuer of a provider, by one of its spellings, or that of one of its tenants.
pub(crate) fn is_issuer(provider: &Provider, text: &str) -> bool {
    let Protocol::OpenIdConnect { issuer, .. } = &provider.protocol else { return false };
    let quirks = &provider.quirks;
    let is_spelling =
        |quirk: &Quirk| matches!(quirk, Quirk::IssuerSpelling(spelling) if spelling == text);
    let serves_tenants = quirks.iter().any(|quirk| matches!(quirk, Quirk::TenantIssuer(_)));
    issuer == text
        || quirks.iter().any(is_spelling)
        || serves_tenants && is_same_authority(issuer, text)
}

/// The origin of a provider's issuer.
pub(crate) fn issuer_origin(provider: &Provider) -> Option<String> {
    let Protocol::OpenIdConnect { issuer, .. } = &provider.protocol else { return None };
    origin(issuer)
}

/// Whether an issuer may have an endpoint there: over https at its own port or at the usual one, and in clear at its own
/// port only, if it is reached so itself.
fn belongs_to(issuer: &str, address: &str) -> bool {
    let (Ok(issuer), Ok(endpoint)) = (Url::parse(issuer), Url::parse(address)) else {
        return false;
    };
    let (own, port) = (issuer.port_or_known_default(), endpoint.port_or_known_default());
    match endpoint.scheme() {
        "https" => port == Some(443) || port == own,
        scheme => scheme == issuer.scheme() && port == own,
    }
}

/// Whether two issuers of the form `…/<tenant>/v2.0` differ in the tenant alone, the configured one being a name
/// (`common`, `contoso.com`) for which the document has the tenant's id, or [`TENANT`].
fn is_same_authority(configured: &str, issuer: &str) -> bool {
    let split = |issuer: &str| {
        let (authority, tenant) = issuer.strip_suffix("/v2.0")?.rsplit_once('/')?;
        Some((authority.to_owned(), tenant.to_owned()))
    };
    let (Some((here, wanted)), Some((there, tenant))) = (split(configured), split(issuer)) else {
        return false;
    };
    here == there && !is_tenant_id(&wanted) && (tenant == TENANT || is_tenant_id(&tenant))
}

/// Whether a text is a GUID, as tenants have.
pub(super) fn is_tenant_id(text: &str) -> bool {
    let lengths = text.split('-').map(str::len);
    lengths.eq([8, 4, 4, 4, 12])
        && text.chars().all(|letter| letter == '-' || letter.is_ascii_hexdigit())
}

/// The origin of an address, as a `Content-Security-Policy` names it.
pub(crate) fn origin(address: &str) -> Option<String> {
    Url::parse(address).ok().map(|url| url.origin().ascii_serialization())
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::provider::{google, microsoft_entra_id};

    const TENANT_ID: &str = "72f988bf-86f1-41af-91ab-2d7cd011db47";

    fn document(issuer: &str) -> Value {
        json!({
            "issuer": issuer, "authorization_endpoint": "https://p.test/authorize",
            "token_endpoint": "https://p.test/token", "jwks_uri": "https://p.test/keys",
        })
    }

    fn kind(document: &Value) -> ErrorKind {
        discovery_response(document, &google(), Environment::Production).unwrap_err().kind()
    }

    #[test]
    fn only_the_configured_issuer_counts() {
        let endpoints = discovery_response(
            &document("https://accounts.google.com"),
            &google(),
            Environment::Production,
        );
        assert_eq!(endpoints.unwrap().token, "https://p.test/token");
        assert_eq!(kind(&document("https://accounts.google.com/")), ErrorKind::DiscoveryMismatch);
    }

    #[test]
    fn an_endpoint_in_clear_with_a_user_or_at_another_port_is_refused() {
        let mut document = document("https://accounts.google.com");
        for address in [
            "http://p.test/token",
            "file:///token",
            "https://ana:secret@p.test/token",
            "https://p.test:22/token",
        ] {
            document["token_endpoint"] = json!(address);
            assert_eq!(kind(&document), ErrorKind::ProviderUnreachable, "{address}");
        }
    }

    #[test]
    fn an_endpoint_stands_at_the_issuers_port_or_the_usual_one() {
        assert!(belongs_to("https://id.test:8443/a", "https://id.test:8443/token"));
        assert!(belongs_to("https://id.test:8443/a", "https://api.test/token"));
        assert!(belongs_to("http://127.0.0.1:3002/a", "http://127.0.0.1:3002/token"));
        assert!(!belongs_to("https://id.test:8443/a", "https://id.test:8444/token"));
        assert!(!belongs_to("http://127.0.0.1:3002/a", "http://127.0.0.1:5432/token"));
        assert!(!belongs_to("https://id.test", "http://127.0.0.1:443/token"));
    }

    #[test]
    fn a_tenants_name_may_have_its_id_in_the_document() {
        let base = "https://login.microsoftonline.com";
        assert!(is_same_authority(
            &format!("{base}/common/v2.0"),
            &format!("{base}/{TENANT}/v2.0")
        ));
        assert!(is_same_authority(
            &format!("{base}/contoso.com/v2.0"),
            &format!("{base}/{TENANT_ID}/v2.0")
        ));
        assert!(!is_same_authority(
            &format!("{base}/{TENANT_ID}/v2.0"),
            &format!("{base}/{TENANT}/v2.0")
        ));
        assert!(!is_same_authority(
            &format!("{base}/common/v2.0"),
            "https://evil.test/{tenantid}/v2.0"
        ));
        assert!(
            microsoft_entra_id().quirks.iter().any(|quirk| matches!(quirk, Quirk::TenantIssuer(_)))
        );
    }
}
