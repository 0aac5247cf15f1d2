//! Registrations that come at run time: found, checked, and tried out.

use super::{client_proof, endpoints};
use crate::config::Setup;
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

fn checked(registration: Registration) -> Result<Registration, Error> {
    client_proof::check(&registration)
        .map_err(|error| Error::because(ErrorKind::UnknownProvider, error))?;
    Ok(registration)
}
