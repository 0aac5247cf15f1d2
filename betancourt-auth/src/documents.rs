//! What providers publish — discovery documents and key sets — read once and kept as long as they say.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

use bytes::Bytes;
use http::header::{ACCEPT, CACHE_CONTROL, HeaderMap};
use http::{Request, StatusCode};
use serde_json::Value;
use time::{Duration, OffsetDateTime};

use crate::error::{Error, ErrorKind};
use crate::http_client::HttpClient;

/// Kept at least so long, whatever the headers say.
const SHORTEST: Duration = Duration::minutes(5);
/// Kept so long where the headers say nothing.
const USUAL: Duration = Duration::hours(1);
/// Kept at most so long, also while the provider is down.
const LONGEST: Duration = Duration::hours(24);
/// So long after a failure nobody asks again, so that an outage costs one time-out and not one for each who waits.
const BACKOFF: Duration = Duration::seconds(10);
/// So long after reading a document it is not read again on suspicion, for example for an unknown key.
const COOLDOWN: Duration = Duration::minutes(1);

/// A cache that reads each address once at a time: whoever comes while it is read waits for that answer.
#[derive(Debug, Default)]
pub(crate) struct Documents(Mutex<HashMap<String, Slot>>);

type Slot = Arc<tokio::sync::Mutex<State>>;

#[derive(Debug, Default)]
struct State {
    kept: Option<Kept>,
    failed_at: Option<OffsetDateTime>,
}

#[derive(Clone, Debug)]
struct Kept {
    document: Arc<Value>,
    read_at: OffsetDateTime,
    fresh_until: OffsetDateTime,
}

/// How new a document must be.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Demand {
    /// As its headers say.
    Fresh,
    /// Newer than the one that lacked something, unless that was read within the last minute.
    Newer,
}

impl Documents {
    /// The document at `url`. When it cannot be read anew, the last one counts until it is a day old.
    pub(crate) async fn read(
        &self,
        url: &str,
        demand: Demand,
        now: OffsetDateTime,
        http: &dyn HttpClient,
    ) -> Result<Arc<Value>, Error> {
        let slot = self.slot(url);
        let mut state = slot.lock().await;
        if let Some(known) = state.kept.as_ref().filter(|known| known.satisfies(demand, now)) {
            return Ok(Arc::clone(&known.document));
        }
        let outcome = match state.failed_at {
            Some(failed_at) if now - failed_at < BACKOFF => {
                Err(ErrorKind::ProviderUnreachable.into())
            }
            Some(_) | None => fetch(url, now, http).await,
        };
        match outcome {
            Ok(new) => {
                state.failed_at = None;
                Ok(Arc::clone(&state.kept.insert(new).document))
            }
            Err(error) => {
                state.failed_at =
                    state.failed_at.filter(|failed_at| now - *failed_at < BACKOFF).or(Some(now));
                let last = state
                    .kept
                    .as_ref()
                    .filter(|known| demand == Demand::Fresh && now - known.read_at < LONGEST);
                last.map(|known| Arc::clone(&known.document)).ok_or(error)
            }
        }
    }

    fn slot(&self, url: &str) -> Slot {
        let mut slots = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        Arc::clone(slots.entry(url.to_owned()).or_default())
    }
}

impl Kept {
    fn satisfies(&self, demand: Demand, now: OffsetDateTime) -> bool {
        match demand {
            Demand::Fresh => now < self.fresh_until,
            Demand::Newer => now - self.read_at < COOLDOWN,
        }
    }
}

async fn fetch(url: &str, now: OffsetDateTime, http: &dyn HttpClient) -> Result<Kept, Error> {
    let request = Request::get(url).header(ACCEPT, "application/json").body(Bytes::new());
    let request = request.map_err(|error| Error::because(ErrorKind::ProviderMalformed, error))?;
    let answer = http
        .send(request)
        .await
        .map_err(|error| Error::because(ErrorKind::ProviderUnreachable, error))?;
    if answer.status() != StatusCode::OK {
        return Err(ErrorKind::ProviderUnreachable.into());
    }
    let document: Value = serde_json::from_slice(answer.body())
        .map_err(|error| Error::because(ErrorKind::ProviderUnreachable, error))?;
    let fresh_until = now + max_age(answer.headers()).clamp(SHORTEST, LONGEST);
    Ok(Kept { document: Arc::new(document), read_at: now, fresh_until })
}

fn max_age(headers: &HeaderMap) -> Duration {
    let directives =
        headers.get(CACHE_CONTROL).and_then(|value| value.to_str().ok()).unwrap_or_default();
    let seconds = directives
        .split(',')
        .find_map(|directive| directive.trim().strip_prefix("max-age=")?.parse().ok());
    seconds.map_or(USUAL, |seconds: u32| Duration::seconds(i64::from(seconds)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keeps_as_long_as_the_headers_say() {
        let age = |value: &'static str| {
            max_age(&HeaderMap::from_iter([(CACHE_CONTROL, value.parse().unwrap())]))
        };
        assert_eq!(age("public, max-age=600"), Duration::minutes(10));
        assert_eq!(age("no-transform"), USUAL);
        assert_eq!(max_age(&HeaderMap::new()), USUAL);
    }
}
