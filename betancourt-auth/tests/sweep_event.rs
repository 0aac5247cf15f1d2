//! A sweep is told of. Alone in its process: whether an event is heard is remembered for all threads, by the first one
//! that tells it, and that one may have nobody who listens.
#![cfg(test)]

use std::fmt::Debug;
use std::sync::{Arc, Mutex};

use betancourt_auth::store::{MemoryStore, Perishable, TokenStore};
use betancourt_auth::testing::{ManualClock, WatchedStore};
use betancourt_auth::{Auth, Config};
use time::OffsetDateTime;
use time::macros::datetime;
use tracing::field::{Field, Visit};
use tracing::instrument::WithSubscriber as _;
use tracing::span::{Attributes, Id, Record};
use tracing::{Event, Metadata, Subscriber};

const NOW: OffsetDateTime = datetime!(2033-05-18 03:33:20 UTC);

/// The fields of every event that tells of a sweep.
#[derive(Clone, Default)]
struct Told(Arc<Mutex<Vec<String>>>);

impl Subscriber for Told {
    fn enabled(&self, _: &Metadata<'_>) -> bool {
        true
    }
    fn new_span(&self, _: &Attributes<'_>) -> Id {
        Id::from_u64(1)
    }
    fn record(&self, _: &Id, _: &Record<'_>) {}
    fn record_follows_from(&self, _: &Id, _: &Id) {}
    fn event(&self, event: &Event<'_>) {
        let mut fields = Fields(String::new());
        event.record(&mut fields);
        self.0.lock().unwrap().push(fields.0);
    }
    fn enter(&self, _: &Id) {}
    fn exit(&self, _: &Id) {}
}

struct Fields(String);

impl Visit for Fields {
    fn record_debug(&mut self, field: &Field, value: &dyn Debug) {
        self.0.push_str(&format!(" {field}={value:?}"));
    }
}

#[tokio::test]
async fn a_sweep_is_told_of_in_one_event_with_its_figures() {
    let store = WatchedStore::new(MemoryStore::default());
    let mut config =
        Config::new("http://localhost:3000", "a secret of at least 32 characters!!").unwrap();
    config.clock = Arc::new(ManualClock::at(NOW));
    let auth = Auth::new(config, store.clone()).unwrap();
    store.spend("handshake", NOW).await.unwrap();
    store.count("count", NOW, NOW).await.unwrap();
    let told = Told::default();
    auth.sweep().with_subscriber(told.clone()).await.unwrap();
    let told = told.0.lock().unwrap();
    let [event] = told.as_slice() else { panic!("{told:?}") };
    for what in Perishable::ALL {
        let removed = u64::from([Perishable::Handshakes, Perishable::Counts].contains(&what));
        assert!(event.contains(&format!(" {}={removed} ", what.as_str())), "{event}");
    }
    assert!(event.contains(" took_ms="), "{event}");
}
