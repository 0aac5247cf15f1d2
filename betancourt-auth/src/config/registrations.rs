//! What every registration must be, whoever wrote it.

use url::Url;

use super::{Environment, SetupError, is_loopback};
use crate::provider::{Algorithm, Assurance, Protocol, Provider, Quirk, Registration};

/// Makes sure that a provider is reached safely, and asked for nothing that it has no answer to.
///
/// # Errors
/// [`SetupError`], with the provider's id in it.
pub(crate) fn check(
    registration: &Registration,
    environment: Environment,
) -> Result<(), SetupError> {
    let Registration { provider, assurance, .. } = registration;
    check_protocol(provider, assurance)?;
    let pushed_to = provider.quirks.iter().filter_map(|quirk| match quirk {
        Quirk::PushedRequestsTo(address) => Some(address),
        _ => None,
    });
    let mut addresses = provider.protocol.addresses().into_iter().chain(pushed_to);
    match addresses.find(|address| !is_safe(address, environment)) {
        None => Ok(()),
        Some(address) => Err(SetupError::InsecureProvider {
            provider: provider.id.to_string(),
            url: address.to_string(),
        }),
    }
}

/// Nothing is demanded that the protocol has no answer to, and no key is both published and shared.
fn check_protocol(provider: &Provider, assurance: &Assurance) -> Result<(), SetupError> {
    match &provider.protocol {
        Protocol::OAuth2 { .. } if !assurance.is_nothing() => {
            Err(SetupError::Assurance(provider.id.to_string()))
        }
        Protocol::OpenIdConnect { algorithms, .. }
            if algorithms.contains(&Algorithm::Hs256)
                && algorithms.iter().any(|algorithm| *algorithm != Algorithm::Hs256) =>
        {
            Err(SetupError::MixedAlgorithms(provider.id.to_string()))
        }
        Protocol::OAuth2 { .. } | Protocol::OpenIdConnect { .. } => Ok(()),
    }
}

/// Whether a provider may be reached there: https, or http on loopback while developing.
pub(crate) fn is_safe(address: &str, environment: Environment) -> bool {
    Url::parse(address).is_ok_and(|url| {
        let names_nobody = url.username().is_empty() && url.password().is_none();
        names_nobody
            && match url.scheme() {
                "https" => true,
                "http" => environment == Environment::Development && is_loopback(&url),
                _ => false,
            }
    })
}
