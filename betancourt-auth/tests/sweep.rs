//! What is over goes when it has stayed long enough: in batches, in one instance at a time, and with figures.
#![cfg(test)]

use std::sync::Arc;

use betancourt_auth::store::{MemoryStore, Perishable, Store, TokenStore};
use betancourt_auth::testing::{ManualClock, WatchedStore};
use betancourt_auth::{AuditEvent, AuditKind, Auth, Config, Retention};
use time::macros::datetime;
use time::{Duration, OffsetDateTime};

const NOW: OffsetDateTime = datetime!(2033-05-18 03:33:20 UTC);

/// Two instances of one application, on one store.
struct Instances {
    one: Auth,
    other: Auth,
    store: WatchedStore,
    clock: ManualClock,
}

impl Instances {
    fn start() -> Self {
        let store = WatchedStore::new(MemoryStore::default());
        let clock = ManualClock::at(NOW);
        let instance = || {
            let mut config =
                Config::new("http://localhost:3000", "a secret of at least 32 characters!!")
                    .unwrap();
            config.clock = Arc::new(clock.clone());
            Auth::new(config, store.clone()).unwrap()
        };
        Self { one: instance(), other: instance(), store: store.clone(), clock: clock.clone() }
    }
}

#[tokio::test]
async fn each_kind_stays_as_long_as_the_table_says() {
    let Instances { one, store, clock, .. } = Instances::start();
    let event = AuditEvent::new(NOW, AuditKind::SignedIn);
    store.record(&[event]).await.unwrap();
    store.spend("handshake", NOW).await.unwrap();
    let retention = Retention::default();

    let swept = one.sweep().await.unwrap();
    assert_eq!((swept.removed(Perishable::Handshakes), swept.total()), (1, 1));
    clock.advance(retention.audit_events - Duration::SECOND);
    assert_eq!(one.sweep().await.unwrap().total(), 0);
    clock.advance(Duration::SECOND);
    let swept = one.sweep().await.unwrap();
    assert_eq!((swept.removed(Perishable::AuditEvents), swept.total()), (1, 1));
}

#[tokio::test]
async fn one_of_all_instances_has_the_turn() {
    let Instances { one, other, clock, store } = Instances::start();
    let every = Retention::default().sweep_every;
    for _ in 0..3 {
        store.spend("handshake", clock_of(&clock)).await.unwrap();
        assert_eq!(one.sweep_in_turn().await.unwrap().unwrap().removed(Perishable::Handshakes), 1);
        assert!(other.sweep_in_turn().await.unwrap().is_none());
        assert!(one.sweep_in_turn().await.unwrap().is_none());
        clock.advance(every / 2);
        assert!(other.sweep_in_turn().await.unwrap().is_none());
        clock.advance(every / 2);
    }
    assert!(other.sweep_in_turn().await.unwrap().is_some(), "the first one may be gone");
    assert!(one.sweep_in_turn().await.unwrap().is_none());
}

fn clock_of(clock: &ManualClock) -> OffsetDateTime {
    betancourt_auth::clock::Clock::now(clock)
}

#[tokio::test]
async fn many_rows_go_in_batches_and_all_of_them() {
    let Instances { one, other, store, .. } = Instances::start();
    for number in 0..1_700 {
        store.spend(&number.to_string(), NOW).await.unwrap();
    }
    let before = store.asked();
    let swept = one.sweep_in_turn().await.unwrap().unwrap();
    assert_eq!(swept.removed(Perishable::Handshakes), 1_700);
    let kinds = u32::try_from(Perishable::ALL.len()).unwrap();
    assert_eq!(store.asked() - before, 1 + kinds + 3, "the turn, each kind, three batches more");
    assert_eq!(other.sweep().await.unwrap().total(), 0);
}

#[tokio::test]
async fn a_store_that_fails_is_swept_at_the_next_turn() {
    let Instances { one, store, clock, .. } = Instances::start();
    store.spend("handshake", NOW).await.unwrap();
    store.break_down();
    assert!(one.sweep().await.is_err() && one.sweep_in_turn().await.is_err());
    store.repair();
    clock.advance(Duration::HOUR);
    assert_eq!(one.sweep_in_turn().await.unwrap().unwrap().removed(Perishable::Handshakes), 1);
}
