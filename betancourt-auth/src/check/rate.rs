//! Not too often.

use std::net::IpAddr;

use time::OffsetDateTime;
use tokio::time::timeout;

use crate::address::Address;
use crate::config::Setup;
use crate::error::{Error, ErrorKind};
use crate::provider::{CredentialsProvider, Submitted};
use crate::request::{Request, household, truncated};
use crate::secret;

/// The wider networks around the /64 of an IPv6 address that are counted, too, and how many times its limit is theirs:
/// providers hand out a /56 or a /48, and whoever has one has all that is in it.
const AROUND: [(u8, u32); 2] = [(56, 4), (48, 16)];
/// What everybody is counted under whose address is not known: no adapter told it. Nobody is without a limit.
const UNKNOWN: &str = "unknown";

/// Lets one more attempt to sign in pass, or not: counted in the store, so that all instances count together.
///
/// # Errors
/// [`ErrorKind::TooMany`] beyond the limit, [`ErrorKind::NotCounted`].
pub(crate) async fn admit(setup: &Setup, request: &Request) -> Result<(), Error> {
    admit_network(setup, request, "signin", setup.config.rate.attempts).await
}

/// Lets one more try at a mailed link or code pass, or not. Whoever presses a link has been counted when it was asked for,
/// so these have a count of their own.
///
/// # Errors
/// [`ErrorKind::TooMany`] beyond the limit, [`ErrorKind::NotCounted`].
pub(crate) async fn admit_opening(setup: &Setup, request: &Request) -> Result<(), Error> {
    admit_network(setup, request, "opening", setup.config.rate.attempts).await
}

/// Lets one more word of a provider about somebody who signed out there pass, or not. A provider that really has so much
/// to say is one that the application expects.
///
/// # Errors
/// [`ErrorKind::TooMany`] beyond the limit, [`ErrorKind::NotCounted`].
pub(crate) async fn admit_logout(setup: &Setup, request: &Request) -> Result<(), Error> {
    admit_network(setup, request, "logout", setup.config.rate.logouts).await
}

/// Lets a network try credentials for one name once more, or not. Other networks go on: a limit on the name alone would
/// let anybody lock anybody out.
///
/// # Errors
/// [`ErrorKind::TooMany`] beyond the limit, [`ErrorKind::NotCounted`].
pub(crate) async fn admit_name(
    setup: &Setup,
    request: &Request,
    provider: &CredentialsProvider,
    submitted: &Submitted,
) -> Result<(), Error> {
    let Some(name) = provider.name_in(submitted) else { return Ok(()) };
    let network = request.client.map_or_else(|| UNKNOWN.to_owned(), household);
    let name = secret::sha256_base64url(&name.trim().to_lowercase());
    let (what, whose) = (format!("credentials:{}", provider.id), format!("{network}:{name}"));
    count(setup, (&what, &whose), provider.attempts, ErrorKind::TooMany).await?;
    Ok(())
}

/// Lets one more mail go to an address, and one more at all; or not.
///
/// # Errors
/// [`ErrorKind::MailThrottled`] beyond one of the limits, [`ErrorKind::NotCounted`].
pub(crate) async fn admit_mail(setup: &Setup, address: &Address) -> Result<(), Error> {
    let (rate, address) = (&setup.config.rate, secret::sha256_base64url(address.as_str()));
    let beyond = ErrorKind::MailThrottled;
    count(setup, ("mail", &address), rate.mails_to_one, beyond).await?;
    count(setup, ("mail", "all"), rate.mails, beyond).await?;
    Ok(())
}

/// How often something was done, this time with it.
///
/// # Errors
/// [`ErrorKind::NotCounted`]: whoever cannot be counted is not let pass.
pub(crate) async fn counted(
    setup: &Setup,
    key: &str,
    now: OffsetDateTime,
    ends: OffsetDateTime,
) -> Result<u32, Error> {
    let counting = setup.store.count(key, now, ends);
    let counted = timeout(setup.config.rate.patience.unsigned_abs(), counting).await;
    let counted = counted.map_err(|error| Error::because(ErrorKind::NotCounted, error))?;
    counted.map_err(|error| Error::because(ErrorKind::NotCounted, error))
}

/// The narrowest network comes first: what it is refused counts for none of its neighbours.
async fn admit_network(
    setup: &Setup,
    request: &Request,
    what: &str,
    most: u32,
) -> Result<(), Error> {
    for (network, times) in networks(request.client) {
        let most = most.saturating_mul(times);
        let count = count(setup, (what, &network), most, ErrorKind::TooMany).await?;
        if network == UNKNOWN && count == 1 {
            tracing::warn!("no adapter tells from where people come: all of them share one limit");
        }
    }
    Ok(())
}

/// The networks that somebody asks from, and how many times the limit is theirs.
fn networks(client: Option<IpAddr>) -> Vec<(String, u32)> {
    let Some(client) = client else { return vec![(UNKNOWN.to_owned(), 1)] };
    let mut networks = vec![(household(client), 1)];
    if client.is_ipv6() {
        let around = |(bits, times)| (format!("{}/{bits}", truncated(client, 32, bits)), times);
        networks.extend(AROUND.map(around));
    }
    networks
}

async fn count(
    setup: &Setup,
    counted_as: (&str, &str),
    most: u32,
    beyond: ErrorKind,
) -> Result<u32, Error> {
    let (now, rate) = (setup.now(), &setup.config.rate);
    let ends = now + rate.window;
    let key = setup.crowd.key(counted_as, rate.told_apart, now);
    let count = counted(setup, &key, now, ends).await?;
    if count == 1 {
        setup.crowd.welcome(now, ends);
    }
    if count > most { Err(beyond.into()) } else { Ok(count) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn whoever_has_an_address_has_the_networks_around_it() {
        let of = |address: &str| networks(address.parse().ok());
        assert_eq!(of("203.0.113.9"), [("203.0.113.9".to_owned(), 1)]);
        assert_eq!(
            of("2001:db8:7:1234::9"),
            [
                ("2001:db8:7:1234::".to_owned(), 1),
                ("2001:db8:7:1200::/56".to_owned(), 4),
                ("2001:db8:7::/48".to_owned(), 16),
            ]
        );
        assert_eq!(of("nowhere"), [(UNKNOWN.to_owned(), 1)]);
    }
}
