//! Registrations that come at run time: found, checked, and tried out.

use std::borrow::Cow;

use bytes::Bytes;
use http::Request;

use super::{client_proof, endpoints};
use crate::config::{Setup, WayIn};
use crate::documents::Demand;
use crate::error::{Error, ErrorKind};
use crate::provider::{Protocol, Registration};

/// The registration that the application has for an id which is in no configuration.
///
/// # Errors
/// [`ErrorKind::UnknownProvider`], [`ErrorKind::Store`].
pub(crate) async fn late_registration(setup: &Setup, id: &str) -> Result<Registration, Error> {
    checked(setup.late_registration(id).await?)
}

/// Reads what a provider publishes, as a sign-in would: whether there is one at all.
///
/// # Errors
/// [`ErrorKind::UnknownProvider`] for a registration that breaks the rules, and what reading its documents can end with.
pub(crate) async fn probe(setup: &Setup, registration: &Registration) -> Result<(), Error> {
    let registration = setup.as_strangers(registration.clone());
    let registration =
        checked(registration.map_err(|error| Error::because(ErrorKind::UnknownProvider, error))?)?;
    let endpoints = endpoints(setup, &registration).await?;
    if let Protocol::OpenIdConnect { .. } = registration.provider.protocol {
        let (http, documents) = setup.line_to(&registration)?;
        documents.read(&endpoints.jwks, Demand::Fresh, setup.now(), http).await?;
    }
    Ok(())
}

/// Whether a provider answers at this moment. Its keys are asked for, at most once a minute; one that publishes nothing is
/// there if its token endpoint answers anything but that it is broken.
///
/// # Errors
/// [`ErrorKind::ProviderUnreachable`] and others of its group.
pub(crate) async fn reach(setup: &Setup, registration: &Registration) -> Result<(), Error> {
    let endpoints = endpoints(setup, registration).await?;
    let (http, documents) = setup.line_to(registration)?;
    if let Protocol::OpenIdConnect { .. } = registration.provider.protocol {
        documents.read(&endpoints.jwks, Demand::Newer, setup.now(), http).await?;
        return Ok(());
    }
    let request = Request::get(&endpoints.token).body(Bytes::new());
    let request = request.map_err(|error| Error::because(ErrorKind::ProviderMalformed, error))?;
    let answer = http.send(request).await?;
    if answer.status().is_server_error() {
        return Err(ErrorKind::ProviderUnreachable.into());
    }
    Ok(())
}

fn checked(registration: Registration) -> Result<Registration, Error> {
    client_proof::check(&registration)
        .map_err(|error| Error::because(ErrorKind::UnknownProvider, error))?;
    Ok(registration)
}

/// What the application registered with a provider, or a registrar finds at run time.
///
/// # Errors
/// [`ErrorKind::UnknownProvider`]; [`ErrorKind::Store`], as the registrar has it.
pub(crate) async fn registration<'a>(
    setup: &'a Setup,
    provider: &str,
) -> Result<Cow<'a, Registration>, Error> {
    match setup.way_in(provider) {
        Ok(WayIn::Provider(registration)) => Ok(Cow::Borrowed(registration)),
        Ok(WayIn::Email(_) | WayIn::Credentials(_)) => Err(ErrorKind::UnknownProvider.into()),
        Err(_) => late_registration(setup, provider).await.map(Cow::Owned),
    }
}
