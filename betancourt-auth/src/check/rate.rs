//! Not too often.

use std::net::IpAddr;

use crate::config::Setup;
use crate::error::{Error, ErrorKind};
use crate::request::{Request, truncated};

/// Lets one more attempt to sign in pass, or not: counted in the store, so that all instances count together.
///
/// # Errors
/// [`ErrorKind::TooMany`] beyond the limit, [`ErrorKind::Store`].
pub(crate) async fn admit(setup: &Setup, request: &Request) -> Result<(), Error> {
    let Some(client) = request.client else { return Ok(()) };
    let now = setup.now();
    let key = format!("signin:{}", household(client));
    let count = setup.store.count(&key, now, now + setup.config.rate.window).await?;
    if count > setup.config.rate.attempts { Err(ErrorKind::TooMany.into()) } else { Ok(()) }
}

/// Whoever has one IPv6 address has the whole /64.
fn household(client: IpAddr) -> String {
    truncated(client, 32, 64)
}
