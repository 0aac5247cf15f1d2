//! Somebody has signed out here and is on their way to sign out at the provider: what their browser keeps until it is
//! back, so that it finds where it wanted to go.

use http::HeaderValue;
use serde::{Deserialize, Serialize};
use time::Duration;

use crate::clock::{from_milliseconds, milliseconds};
use crate::config::Setup;
use crate::cookie::{self, Found};
use crate::error::{Error, ErrorKind};
use crate::request::{Once, Request};
use crate::seal::Purpose;
use crate::secret;

/// How long somebody may take at the provider.
const LIFETIME: Duration = Duration::minutes(10); // as `Config::cookies` tells
/// What the cookie is bound to beside its purpose.
const NAME: &str = "sign-out";

/// What the cookie holds.
#[derive(Debug, Deserialize, Serialize)]
struct Departure {
    state: String,
    return_to: String,
    /// In milliseconds since 1970.
    ends: i64,
}

/// A departure that has just begun: what the provider is told, and what the browser keeps.
#[derive(Debug)]
pub(crate) struct Begun {
    pub(crate) state: String,
    pub(crate) cookie: Option<HeaderValue>,
}

/// Begins a departure.
///
/// # Errors
/// [`ErrorKind::Randomness`].
pub(crate) fn begin(setup: &Setup, return_to: &str) -> Result<Begun, Error> {
    let random = &*setup.config.random;
    let state = secret::random_token(random).map_err(no_randomness)?;
    let ends = setup.now() + LIFETIME;
    let return_to = return_to.to_owned();
    let departure = Departure { state: state.clone(), return_to, ends: milliseconds(ends) };
    let plain = serde_json::to_vec(&departure).map_err(no_randomness)?;
    let sealed = setup.sealer.seal(Purpose::SignOut, NAME, &plain, random);
    let sealed = sealed.map_err(no_randomness)?;
    let cookie = setup.cookies.cookie(setup.cookies.sign_out(), sealed);
    Ok(Begun { state, cookie: cookie::header(&cookie::until(cookie, ends)) })
}

/// Where a browser wanted to go that comes back with the `state` of its own departure. `None`: it brings another one or
/// none, or comes too late.
pub(crate) fn find(setup: &Setup, request: &Request) -> Option<String> {
    let (Once::One(state), Found::One(sealed)) =
        (request.query.once("state"), request.cookies.find(setup.cookies.sign_out()))
    else {
        return None;
    };
    let plain = setup.sealer.open(Purpose::SignOut, NAME, sealed)?;
    let departure: Departure = serde_json::from_slice(&plain).ok()?;
    let in_time = from_milliseconds(departure.ends).is_some_and(|ends| setup.now() < ends);
    (in_time && secret::eq(&departure.state, state)).then_some(departure.return_to)
}

/// Tells the browser to forget its departure.
pub(crate) fn forget(setup: &Setup) -> Option<HeaderValue> {
    cookie::header(&setup.cookies.clear(setup.cookies.sign_out()))
}

fn no_randomness(source: impl Into<Box<dyn std::error::Error + Send + Sync>>) -> Error {
    Error::because(ErrorKind::Randomness, source)
}
