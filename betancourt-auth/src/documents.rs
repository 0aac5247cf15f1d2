//! What providers publish — discovery documents and key sets — read once and kept as long as they say.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

use bytes::Bytes;
use http::header::{ACCEPT, AGE, CACHE_CONTROL, DATE, EXPIRES, HeaderMap, HeaderName, RETRY_AFTER};
use http::{Request, StatusCode};
use serde_json::Value;
use time::macros::format_description;
use time::{Duration, OffsetDateTime, PrimitiveDateTime};

use crate::error::{Error, ErrorKind};
use crate::http_client::HttpClient;

/// Kept at least so long, whatever the headers say: that a document is not to be stored at all must not make every
/// sign-in wait for it, and a key that is missing is looked for at once anyway.
const SHORTEST: Duration = Duration::minutes(5);
/// Kept so long where the headers say nothing.
const USUAL: Duration = Duration::hours(1);
/// Kept at most so long, also while the provider is down.
const LONGEST: Duration = Duration::hours(24);
/// So long after a failure nobody asks again, so that an outage costs one time-out and not one for each who waits.
const BACKOFF: Duration = Duration::seconds(10);
/// Who asks for a pause after a failure (`Retry-After`) gets one, but not a longer one.
const LONGEST_PAUSE: Duration = Duration::minutes(5);
/// So many addresses are remembered; of more, the one that was not asked for the longest is forgotten.
const MOST: usize = 1_000;
/// So long after reading a document on suspicion, for example for an unknown key, it is not read on suspicion again:
/// whoever floods us with unknown keys makes us ask once a minute.
const COOLDOWN: Duration = Duration::minutes(1);

/// A cache that reads each address once at a time: whoever comes while it is read waits for that answer.
#[derive(Debug, Default)]
pub(crate) struct Documents(Mutex<HashMap<String, Slot>>);

#[derive(Debug)]
struct Slot {
    state: Arc<tokio::sync::Mutex<State>>,
    asked_at: OffsetDateTime,
}

#[derive(Debug, Default)]
struct State {
    kept: Option<Kept>,
    suspected_at: Option<OffsetDateTime>,
    /// After a failure: nobody asks again before.
    rests_until: Option<OffsetDateTime>,
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
        let slot = self.slot(url, now);
        let mut state = slot.lock().await;
        if let Some(document) = state.satisfying(demand, now) {
            return Ok(document);
        }
        if state.rests_until.is_some_and(|until| now < until) {
            return state
                .last_resort(demand, now)
                .ok_or_else(|| ErrorKind::ProviderUnreachable.into());
        }
        if demand == Demand::Newer {
            state.suspected_at = Some(now);
        }
        match fetch(url, now, http).await {
            Ok(new) => {
                state.rests_until = None;
                Ok(Arc::clone(&state.kept.insert(new).document))
            }
            Err(Missed { error, pause }) => {
                state.rests_until = Some(now + pause);
                state.last_resort(demand, now).ok_or(error)
            }
        }
    }

    /// Forgets a document that was refused for what it says. As after a failure, nobody asks again at once.
    pub(crate) async fn reject(&self, url: &str, now: OffsetDateTime) {
        let slot = self.slot(url, now);
        *slot.lock().await = State { rests_until: Some(now + BACKOFF), ..State::default() };
    }

    fn slot(&self, url: &str, now: OffsetDateTime) -> Arc<tokio::sync::Mutex<State>> {
        let mut slots = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if slots.len() >= MOST && !slots.contains_key(url) {
            let oldest = slots.iter().min_by_key(|(_, slot)| slot.asked_at);
            let oldest = oldest.map(|(url, _)| url.clone());
            oldest.and_then(|url| slots.remove(&url));
        }
        let new = || Slot { state: Arc::default(), asked_at: now };
        let slot = slots.entry(url.to_owned()).or_insert_with(new);
        slot.asked_at = now;
        Arc::clone(&slot.state)
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

/// There is no new document, and for so long nobody asks again.
struct Missed {
    error: Error,
    pause: Duration,
}

impl From<Error> for Missed {
    fn from(error: Error) -> Self {
        Self { error, pause: BACKOFF }
    }
}

async fn fetch(url: &str, now: OffsetDateTime, http: &dyn HttpClient) -> Result<Kept, Missed> {
    let request = Request::get(url).header(ACCEPT, "application/json").body(Bytes::new());
    let request = request.map_err(|error| Error::because(ErrorKind::ProviderMalformed, error))?;
    let answer = http.send(request).await.map_err(Error::from)?;
    match answer.status() {
        StatusCode::OK => {}
        StatusCode::TOO_MANY_REQUESTS | StatusCode::SERVICE_UNAVAILABLE => {
            let error = ErrorKind::ProviderUnreachable.into();
            return Err(Missed { error, pause: pause(answer.headers(), now) });
        }
        _ => return Err(Error::from(ErrorKind::ProviderUnreachable).into()),
    }
    let document: Value = serde_json::from_slice(answer.body())
        .map_err(|error| Error::because(ErrorKind::ProviderUnreachable, error))?;
    let fresh_until = now + freshness(answer.headers(), now).clamp(SHORTEST, LONGEST);
    Ok(Kept { document: Arc::new(document), read_at: now, fresh_until })
}

/// How long an answer may still be kept (RFC 9111 §4.2).
fn freshness(headers: &HeaderMap, now: OffsetDateTime) -> Duration {
    let lines = headers.get_all(CACHE_CONTROL).iter().filter_map(|line| line.to_str().ok());
    let directives: Vec<String> = lines
        .flat_map(|line| line.split(','))
        .map(|directive| directive.trim().to_ascii_lowercase())
        .collect();
    if directives.iter().any(|directive| directive == "no-store" || directive == "no-cache") {
        return Duration::ZERO;
    }
    let stated = |directive: &String| {
        directive.strip_prefix("max-age=")?.trim_matches('"').parse::<u32>().ok()
    };
    let age = || seconds(headers, &AGE).unwrap_or(Duration::ZERO);
    if let Some(max_age) = directives.iter().find_map(stated) {
        return Duration::seconds(i64::from(max_age)) - age();
    }
    if !headers.contains_key(EXPIRES) {
        return USUAL;
    }
    // An `Expires` that is no date has passed (RFC 9111 §5.3).
    let from = moment(headers, &DATE).unwrap_or(now);
    moment(headers, &EXPIRES).map_or(Duration::ZERO, |expires| expires - from - age())
}

/// For how long a provider that is busy wants to be left alone (RFC 9110 §10.2.3).
fn pause(headers: &HeaderMap, now: OffsetDateTime) -> Duration {
    let until = || moment(headers, &RETRY_AFTER).map(|until| until - now);
    let asked = seconds(headers, &RETRY_AFTER).or_else(until);
    asked.unwrap_or(BACKOFF).clamp(BACKOFF, LONGEST_PAUSE)
}

fn seconds(headers: &HeaderMap, name: &HeaderName) -> Option<Duration> {
    let seconds: u32 = headers.get(name)?.to_str().ok()?.trim().parse().ok()?;
    Some(Duration::seconds(i64::from(seconds)))
}

/// A date in the form that servers write (RFC 9110 §5.6.7).
fn moment(headers: &HeaderMap, name: &HeaderName) -> Option<OffsetDateTime> {
    let form = format_description!(
        "[weekday repr:short], [day] [month repr:short] [year] [hour]:[minute]:[second] GMT"
    );
    let text = headers.get(name)?.to_str().ok()?;
    PrimitiveDateTime::parse(text.trim(), form).ok().map(PrimitiveDateTime::assume_utc)
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

    fn headers(lines: &[(HeaderName, &'static str)]) -> HeaderMap {
        lines.iter().map(|(name, value)| (name.clone(), value.parse().unwrap())).collect()
    }

    #[test]
    fn keeps_as_long_as_the_headers_say() {
        let fresh = |lines: &[_]| freshness(&headers(lines), START).whole_seconds();
        let hour = USUAL.whole_seconds();
        assert_eq!(fresh(&[(CACHE_CONTROL, "public, max-age=600")]), 600);
        assert_eq!(fresh(&[(CACHE_CONTROL, "public, Max-Age=600"), (AGE, "100")]), 500);
        assert_eq!(fresh(&[(CACHE_CONTROL, "max-age=600, no-cache")]), 0);
        assert_eq!(fresh(&[(CACHE_CONTROL, "no-store")]), 0);
        assert_eq!(fresh(&[(CACHE_CONTROL, "no-transform")]), hour);
        assert_eq!(fresh(&[]), hour);

        let two = (EXPIRES, "Thu, 01 Jan 1970 02:00:00 GMT");
        assert_eq!(fresh(std::slice::from_ref(&two)), 2 * hour);
        assert_eq!(fresh(&[two.clone(), (DATE, "Thu, 01 Jan 1970 01:00:00 GMT")]), hour);
        assert_eq!(fresh(&[two.clone(), (AGE, "3600")]), hour);
        assert_eq!(fresh(&[two, (CACHE_CONTROL, "max-age=600")]), 600);
        assert_eq!(fresh(&[(EXPIRES, "0")]), 0);
    }

    #[test]
    fn a_busy_provider_is_left_alone_as_long_as_it_asks_within_reason() {
        let pause = |value| pause(&headers(&[(RETRY_AFTER, value)]), START).whole_seconds();
        assert_eq!(pause("60"), 60);
        assert_eq!(pause("Thu, 01 Jan 1970 00:01:00 GMT"), 60);
        assert_eq!(pause("1"), BACKOFF.whole_seconds());
        assert_eq!(pause("86400"), LONGEST_PAUSE.whole_seconds());
        assert_eq!(pause("soon"), BACKOFF.whole_seconds());
    }

    #[tokio::test]
    async fn so_many_addresses_are_remembered_and_no_more() {
        let World(documents, provider) = world();
        for number in 0..=MOST {
            let url = format!("https://{number}.test");
            let now = START + Duration::milliseconds(i64::try_from(number).unwrap());
            documents.read(&url, Demand::Fresh, now, &provider).await.unwrap();
        }
        let known = documents.0.lock().unwrap();
        assert_eq!(known.len(), MOST);
        assert!(!known.contains_key("https://0.test") && known.contains_key("https://1.test"));
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
