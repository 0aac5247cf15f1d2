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
/// So long after reading a document on suspicion, for example for an unknown key, it is not read on suspicion again:
/// whoever floods us with unknown keys makes us ask once a minute.
const COOLDOWN: Duration = Duration::minutes(1);

/// A cache that reads each address once at a time: whoever comes while it is read waits for that answer.
#[derive(Debug, Default)]
pub(crate) struct Documents(Mutex<HashMap<String, Slot>>);

type Slot = Arc<tokio::sync::Mutex<State>>;

#[derive(Debug, Default)]
struct State {
    kept: Option<Kept>,
    suspected_at: Option<OffsetDateTime>,
    failed_at: Option<OffsetDateTime>,
}

#[derive(Debug)]
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
    /// Newer than the one that lacked something, unless the last minute brought a newer one already.
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
        if let Some(document) = state.satisfying(demand, now) {
            return Ok(document);
        }
        if within(BACKOFF, state.failed_at, now) {
            return state
                .last_resort(demand, now)
                .ok_or_else(|| ErrorKind::ProviderUnreachable.into());
        }
        if demand == Demand::Newer {
            state.suspected_at = Some(now);
        }
        match fetch(url, now, http).await {
            Ok(new) => {
                state.failed_at = None;
                Ok(Arc::clone(&state.kept.insert(new).document))
            }
            Err(error) => {
                state.failed_at = Some(now);
                state.last_resort(demand, now).ok_or(error)
            }
        }
    }

    /// Forgets a document that was refused for what it says. As after a failure, nobody asks again at once.
    pub(crate) async fn reject(&self, url: &str, now: OffsetDateTime) {
        let slot = self.slot(url);
        *slot.lock().await = State { failed_at: Some(now), ..State::default() };
    }

    fn slot(&self, url: &str) -> Slot {
        let mut slots = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        Arc::clone(slots.entry(url.to_owned()).or_default())
    }
}

impl State {
    /// The kept document, if it is as new as demanded.
    fn satisfying(&self, demand: Demand, now: OffsetDateTime) -> Option<Arc<Value>> {
        let new_enough = |known: &&Kept| match demand {
            Demand::Fresh => now < known.fresh_until,
            Demand::Newer => within(COOLDOWN, self.suspected_at, now),
        };
        self.kept.as_ref().filter(new_enough).map(|known| Arc::clone(&known.document))
    }

    /// What counts while the provider is down: the kept document, until it is a day old. No suspicion is met by it.
    fn last_resort(&self, demand: Demand, now: OffsetDateTime) -> Option<Arc<Value>> {
        let known = self.kept.as_ref().filter(|known| now - known.read_at < LONGEST);
        known.filter(|_| demand == Demand::Fresh).map(|known| Arc::clone(&known.document))
    }
}

fn within(span: Duration, since: Option<OffsetDateTime>, now: OffsetDateTime) -> bool {
    since.is_some_and(|since| now - since < span)
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
    use std::sync::atomic::{AtomicUsize, Ordering};

    use async_trait::async_trait;
    use http::Response;

    use super::*;
    use crate::http_client::Unreachable;

    const START: OffsetDateTime = OffsetDateTime::UNIX_EPOCH;

    /// A provider that counts how often it is asked, and is down while it is told to be.
    #[derive(Debug, Default)]
    struct Provider {
        asked: AtomicUsize,
        down: std::sync::atomic::AtomicBool,
    }

    #[async_trait]
    impl HttpClient for Provider {
        async fn send(&self, _: Request<Bytes>) -> Result<Response<Bytes>, Unreachable> {
            let asked = self.asked.fetch_add(1, Ordering::SeqCst);
            if self.down.load(Ordering::SeqCst) {
                return Err(Unreachable::because("down"));
            }
            let response = Response::builder().header(CACHE_CONTROL, "max-age=600");
            Ok(response.body(format!("{{\"number\":{asked}}}").into()).unwrap())
        }
    }

    struct World(Documents, Provider);

    impl World {
        async fn read(&self, demand: Demand, seconds: i64) -> Option<u64> {
            let now = START + Duration::seconds(seconds);
            let read = self.0.read("https://p.test/keys", demand, now, &self.1).await;
            read.ok().and_then(|document| document["number"].as_u64())
        }
    }

    fn world() -> World {
        World(Documents::default(), Provider::default())
    }

    #[test]
    fn keeps_as_long_as_the_headers_say() {
        let age = |value: &'static str| {
            max_age(&HeaderMap::from_iter([(CACHE_CONTROL, value.parse().unwrap())]))
        };
        assert_eq!(age("public, max-age=600"), Duration::minutes(10));
        assert_eq!(age("no-transform"), USUAL);
        assert_eq!(max_age(&HeaderMap::new()), USUAL);
    }

    #[tokio::test]
    async fn reads_anew_when_it_is_time() {
        let world = world();
        assert_eq!(world.read(Demand::Fresh, 0).await, Some(0));
        assert_eq!(world.read(Demand::Fresh, 599).await, Some(0));
        assert_eq!(world.read(Demand::Fresh, 600).await, Some(1));
    }

    #[tokio::test]
    async fn a_suspicion_is_looked_into_at_once_and_then_once_a_minute() {
        let world = world();
        world.read(Demand::Fresh, 0).await;
        assert_eq!(
            world.read(Demand::Newer, 1).await,
            Some(1),
            "a key rotated a second later is found"
        );
        for second in 2..61 {
            assert_eq!(world.read(Demand::Newer, second).await, Some(1), "a flood asks nobody");
        }
        assert_eq!(world.read(Demand::Newer, 61).await, Some(2));
    }

    #[tokio::test]
    async fn a_document_that_was_refused_is_not_kept() {
        let world = world();
        assert_eq!(world.read(Demand::Fresh, 0).await, Some(0));
        world.0.reject("https://p.test/keys", START).await;
        assert_eq!(world.read(Demand::Fresh, 9).await, None, "and nobody asks again at once");
        assert_eq!(world.read(Demand::Fresh, 10).await, Some(1));
    }

    #[tokio::test]
    async fn an_outage_is_survived_for_a_day_and_costs_one_question_in_ten_seconds() {
        let world = world();
        world.read(Demand::Fresh, 0).await;
        world.1.down.store(true, Ordering::SeqCst);
        for second in 700..710 {
            assert_eq!(world.read(Demand::Fresh, second).await, Some(0));
        }
        assert_eq!(world.1.asked.load(Ordering::SeqCst), 2);
        assert_eq!(world.read(Demand::Fresh, 24 * 60 * 60).await, None);
        world.1.down.store(false, Ordering::SeqCst);
        assert!(world.read(Demand::Fresh, 24 * 60 * 60 + 10).await.is_some());
    }
}
