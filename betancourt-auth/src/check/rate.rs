//! Not too often.

use crate::address::Address;
use crate::config::Setup;
use crate::error::{Error, ErrorKind};
use crate::provider::{CredentialsProvider, Submitted};
use crate::request::{Request, household};
use crate::secret;

/// Lets one more attempt to sign in pass, or not: counted in the store, so that all instances count together.
///
/// # Errors
/// [`ErrorKind::TooMany`] beyond the limit, [`ErrorKind::Store`].
pub(crate) async fn admit(setup: &Setup, request: &Request) -> Result<(), Error> {
    let Some(client) = request.client else { return Ok(()) };
    let most = setup.config.rate.attempts;
    count(setup, &format!("signin:{}", household(client)), most, ErrorKind::TooMany).await
}

/// Lets one more word of a provider about somebody who signed out there pass, or not. A provider that really has so much
/// to say is one that the application expects.
///
/// # Errors
/// [`ErrorKind::TooMany`] beyond the limit, [`ErrorKind::Store`].
pub(crate) async fn admit_logout(setup: &Setup, request: &Request) -> Result<(), Error> {
    let Some(client) = request.client else { return Ok(()) };
    let most = setup.config.rate.logouts;
    count(setup, &format!("logout:{}", household(client)), most, ErrorKind::TooMany).await
}

/// Lets a network try credentials for one name once more, or not. Other networks go on: a limit on the name alone would
/// let anybody lock anybody out.
///
/// # Errors
/// [`ErrorKind::TooMany`] beyond the limit, [`ErrorKind::Store`].
pub(crate) async fn admit_name(
    setup: &Setup,
    request: &Request,
    provider: &CredentialsProvider,
    submitted: &Submitted,
) -> Result<(), Error> {
    let Some((client, name)) = request.client.zip(provider.name_in(submitted)) else {
        return Ok(());
    };
    let name = secret::sha256_base64url(&name.trim().to_lowercase());
    let key = format!("credentials:{}:{}:{name}", provider.id, household(client));
    count(setup, &key, provider.attempts, ErrorKind::TooMany).await
}

/// Lets one more mail go to an address, and one more at all; or not.
///
/// # Errors
/// [`ErrorKind::MailThrottled`] beyond one of the limits, [`ErrorKind::Store`].
pub(crate) async fn admit_mail(setup: &Setup, address: &Address) -> Result<(), Error> {
    let (rate, address) = (&setup.config.rate, secret::sha256_base64url(address.as_str()));
    let beyond = ErrorKind::MailThrottled;
    count(setup, &format!("mail:{address}"), rate.mails_to_one, beyond).await?;
    count(setup, "mail", rate.mails, beyond).await
}

async fn count(setup: &Setup, key: &str, most: u32, beyond: ErrorKind) -> Result<(), Error> {
    let now = setup.now();
    let count = setup.store.count(key, now, now + setup.config.rate.window).await?;
    if count > most { Err(beyond.into()) } else { Ok(()) }
}
