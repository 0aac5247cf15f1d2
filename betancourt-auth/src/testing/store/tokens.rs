//! What a store promises about things that count once, things that are counted, and their removal.

use super::fixture::{NOW, ODD_TEXTS, after, at_once, is_there, session_until, sign_up, sweep};
use crate::store::{Mailbox, Perishable, Store};

/// A handshake is spent by the first who asks, and by nobody after.
pub async fn a_handshake_is_spent_once(store: &dyn Store) {
    for handshake in ["one", "another", "ONE", "one "].into_iter().chain(ODD_TEXTS) {
        assert!(store.spend(handshake, after(600)).await.unwrap(), "{handshake:?} was never spent");
        assert!(!store.spend(handshake, after(600)).await.unwrap(), "{handshake:?} is spent twice");
        assert!(
            !store.spend(handshake, after(900)).await.unwrap(),
            "{handshake:?} is spent a third time"
        );
    }
}

/// Fifty callbacks with one handshake arrive at the same moment: one goes on.
pub async fn a_handshake_is_spent_once_among_fifty(store: &dyn Store) {
    let answers = at_once((0..50).map(|_| store.spend("handshake", after(600)))).await;
    assert_eq!(answers.len(), 50);
    assert_eq!(answers.into_iter().filter(|answer| *answer.as_ref().unwrap()).count(), 1);
}

/// Whoever comes too late does not shorten how long a handshake stays spent.
pub async fn a_handshake_stays_spent_until_its_end(store: &dyn Store) {
    assert!(store.spend("handshake", after(600)).await.unwrap());
    assert!(!store.spend("handshake", after(1)).await.unwrap());
    assert_eq!(sweep(store, after(300), 100).await, 0);
    assert!(!store.spend("handshake", after(600)).await.unwrap());
}

/// Events under a key are counted from one, apart from those of every other key.
pub async fn events_are_counted_by_key(store: &dyn Store) {
    let keys: Vec<_> = ["sign-in 203.0.113.0", "SIGN-IN 203.0.113.0", "sign-in 203.0.113.0 "]
        .into_iter()
        .chain(ODD_TEXTS)
        .collect();
    for expected in 1..=3 {
        for key in &keys {
            assert_eq!(store.count(key, NOW, after(60)).await.unwrap(), expected, "under {key:?}");
        }
    }
}

/// A count begins anew at its end.
pub async fn a_count_begins_anew_at_its_end(store: &dyn Store) {
    assert_eq!(store.count("key", NOW, after(60)).await.unwrap(), 1);
    assert_eq!(store.count("key", after(59), after(120)).await.unwrap(), 2);
    assert_eq!(store.count("key", after(60), after(120)).await.unwrap(), 1);
    assert_eq!(store.count("key", after(119), after(180)).await.unwrap(), 2);
    assert_eq!(store.count("key", after(500), after(560)).await.unwrap(), 1);
}

/// Only the first event sets the end: whoever keeps trying does not put it off, nor bring it on.
pub async fn only_the_first_event_sets_the_end(store: &dyn Store) {
    assert_eq!(store.count("key", NOW, after(60)).await.unwrap(), 1);
    assert_eq!(store.count("key", after(30), after(90)).await.unwrap(), 2);
    assert_eq!(store.count("key", after(31), after(32)).await.unwrap(), 3);
    assert_eq!(store.count("key", after(40), after(100)).await.unwrap(), 4);
    assert_eq!(store.count("key", after(61), after(121)).await.unwrap(), 1);
}

/// Of fifty events at the same moment each has its own number.
pub async fn events_at_once_are_all_counted(store: &dyn Store) {
    let answers = at_once((0..50).map(|_| store.count("key", NOW, after(60)))).await;
    let mut counts: Vec<_> = answers.into_iter().map(|answer| answer.unwrap()).collect();
    counts.sort_unstable();
    assert_eq!(counts, (1..=50).collect::<Vec<_>>());
}

/// A sweep removes sessions, spent handshakes and counts that have ended, and nothing that has not.
pub async fn a_sweep_removes_what_has_ended(store: &dyn Store) {
    let (ada, returning) = sign_up(store, "ada").await;
    for (name, seconds) in [("ended", -60), ("alive", 60)] {
        store
            .sign_in(&returning, Mailbox::Unchanged, &session_until(name, &ada, seconds), &[])
            .await
            .unwrap();
        store.spend(name, after(seconds)).await.unwrap();
        store.count(name, after(-120), after(seconds)).await.unwrap();
    }
    assert_eq!(sweep(store, NOW, 100).await, 3);

    assert!(!is_there(store, "ended").await);
    assert!(store.spend("ended", after(60)).await.unwrap());
    assert_eq!(store.count("ended", NOW, after(60)).await.unwrap(), 1);
    assert!(is_there(store, "alive").await && is_there(store, "ada").await);
    assert!(!store.spend("alive", after(60)).await.unwrap());
    assert_eq!(store.count("alive", NOW, after(60)).await.unwrap(), 2);
    assert_eq!(sweep(store, NOW, 100).await, 0);
}

/// A sweep removes no more rows of each kind than it was allowed to; the next ones finish the work.
pub async fn a_sweep_keeps_to_its_limit(store: &dyn Store) {
    let (ada, returning) = sign_up(store, "ada").await;
    for number in 0..5 {
        let name = format!("ended-{number}");
        store
            .sign_in(&returning, Mailbox::Unchanged, &session_until(&name, &ada, -60), &[])
            .await
            .unwrap();
        store.spend(&name, after(-60)).await.unwrap();
        store.count(&name, after(-120), after(-60)).await.unwrap();
    }
    let mut removed = Vec::new();
    for _ in 0..4 {
        removed.push(sweep(store, NOW, 2).await);
    }
    assert_eq!(removed, [6, 6, 3, 0]);
    assert!(is_there(store, "ada").await);
}

/// A sweep of one kind leaves every other kind alone.
pub async fn a_sweep_removes_one_kind(store: &dyn Store) {
    let (ada, returning) = sign_up(store, "ada").await;
    let ended = session_until("ended", &ada, -60);
    store.sign_in(&returning, Mailbox::Unchanged, &ended, &[]).await.unwrap();
    store.spend("ended", after(-60)).await.unwrap();
    store.count("ended", after(-120), after(-60)).await.unwrap();
    for (what, expected) in [
        (Perishable::VerificationTokens, 0),
        (Perishable::Handshakes, 1),
        (Perishable::SealedSessions, 0),
        (Perishable::Handshakes, 0),
        (Perishable::Counts, 1),
        (Perishable::Sessions, 1),
        (Perishable::EndedSessions, 0),
    ] {
        assert_eq!(store.sweep(what, NOW, 100).await.unwrap(), expected, "{what:?}");
    }
}
