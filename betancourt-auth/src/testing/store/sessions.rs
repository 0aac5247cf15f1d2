//! What a store promises about sessions: read, moved on, replaced, evicted, ended.

use time::Duration;

use super::fixture::{
    NOW, after, at_once, event, is_there, logged, session, session_until, sign_up, token, user,
};
use crate::model::{AuditKind, StoredToken};
use crate::store::{Mailbox, NewSession, Store};

/// A session comes back with its user and how it came to be.
pub async fn a_session_is_read_as_written(store: &dyn Store) {
    let (ada, returning) = sign_up(store, "ada").await;
    let mut new = session("second", &ada);
    new.expires = NOW + Duration::milliseconds(1);
    new.details.created_at = NOW - Duration::hours(2);
    new.details.authenticated_at = NOW - Duration::hours(1);
    new.details.method = "microsoft-entra-id".to_owned();
    new.details.device = Some("Mozilla/5.0 (X11; Linux x86_64)".to_owned());
    store.sign_in(&returning, Mailbox::Unchanged, &new, &[]).await.unwrap();

    let read = store.session(&token("second")).await.unwrap().unwrap();
    assert_eq!((read.user, read.expires, read.details), (ada, new.expires, Some(new.details)));
}

/// A session that has expired is still read: whoever asks judges by its own clock.
pub async fn an_expired_session_is_still_read(store: &dyn Store) {
    let (ada, returning) = sign_up(store, "ada").await;
    store
        .sign_in(&returning, Mailbox::Unchanged, &session_until("old", &ada, -60), &[])
        .await
        .unwrap();
    assert_eq!(store.session(&token("old")).await.unwrap().unwrap().expires, after(-60));
}

/// A token finds the session of exactly it.
pub async fn session_tokens_are_compared_exactly(store: &dyn Store) {
    sign_up(store, "ada").await;
    let stored = token("ada");
    let stored = stored.as_str();
    let others = [
        stored.to_lowercase(),
        stored.to_uppercase(),
        format!("{stored} "),
        "s256:%".to_owned(),
        String::new(),
    ];
    for other in others.map(StoredToken::from_stored) {
        assert!(store.session(&other).await.unwrap().is_none());
        assert!(!store.extend(&other, after(60)).await.unwrap());
        assert!(!store.end_session(&other, &[]).await.unwrap());
    }
    assert!(is_there(store, "ada").await);
}

/// The end of a session can be moved on, and of that session alone.
pub async fn an_extension_moves_the_end(store: &dyn Store) {
    sign_up(store, "ada").await;
    sign_up(store, "ben").await;
    let before = store.session(&token("ben")).await.unwrap().unwrap().expires;
    let later = NOW + Duration::days(60) + Duration::milliseconds(7);

    assert!(store.extend(&token("ada"), later).await.unwrap());
    assert_eq!(store.session(&token("ada")).await.unwrap().unwrap().expires, later);
    assert_eq!(store.session(&token("ben")).await.unwrap().unwrap().expires, before);
}

/// An extension to an earlier end finds the session and leaves its end where it was.
pub async fn an_extension_never_shortens(store: &dyn Store) {
    sign_up(store, "ada").await;
    let before = store.session(&token("ada")).await.unwrap().unwrap().expires;
    for earlier in [before, before - Duration::milliseconds(1), before - Duration::days(1)] {
        assert!(store.extend(&token("ada"), earlier).await.unwrap());
        assert_eq!(store.session(&token("ada")).await.unwrap().unwrap().expires, before);
    }
}

/// An extension neither makes a session nor brings one back that has been ended.
pub async fn an_extension_never_makes_a_session(store: &dyn Store) {
    sign_up(store, "ada").await;
    assert!(store.end_session(&token("ada"), &[]).await.unwrap());
    for name in ["ada", "unknown"] {
        assert!(!store.extend(&token(name), NOW + Duration::days(60)).await.unwrap());
        assert!(!is_there(store, name).await);
    }
}

/// A session ends once; the audit event is written that once.
pub async fn a_session_ends_once(store: &dyn Store) {
    let (ada, _) = sign_up(store, "ada").await;
    sign_up(store, "ben").await;
    let audit = event(AuditKind::SignedOut, &ada);
    assert!(store.end_session(&token("ada"), &audit).await.unwrap());
    assert!(!store.end_session(&token("ada"), &audit).await.unwrap());

    assert!(!is_there(store, "ada").await);
    assert!(is_there(store, "ben").await);
    assert_eq!(logged(store).await, [AuditKind::SignedOut]);
}

/// Ten requests end one session at the same moment: one of them did it.
pub async fn a_session_ended_by_many_ends_once(store: &dyn Store) {
    let (ada, _) = sign_up(store, "ada").await;
    let (ended, audit) = (token("ada"), event(AuditKind::SignedOut, &ada));
    let answers = at_once((0..10).map(|_| store.end_session(&ended, &audit))).await;
    assert_eq!(answers.into_iter().filter(|answer| *answer.as_ref().unwrap()).count(), 1);
    assert_eq!(logged(store).await, [AuditKind::SignedOut]);
}

/// All sessions of a user end and are counted; those of others stay, and so do the accounts.
pub async fn all_sessions_of_a_user_end(store: &dyn Store) {
    let (ada, returning) = sign_up(store, "ada").await;
    store.sign_in(&returning, Mailbox::Unchanged, &session("second", &ada), &[]).await.unwrap();
    store
        .sign_in(&returning, Mailbox::Unchanged, &session_until("expired", &ada, -60), &[])
        .await
        .unwrap();
    sign_up(store, "ben").await;

    let audit = event(AuditKind::SessionsEnded, &ada);
    assert_eq!(store.end_sessions(&ada.id, NOW, &audit).await.unwrap(), 3);
    for name in ["ada", "second", "expired"] {
        assert!(!is_there(store, name).await);
    }
    assert!(is_there(store, "ben").await);
    assert_eq!(store.accounts(&ada.id).await.unwrap().len(), 1);
    assert_eq!(store.audit_log(100).await.unwrap(), audit);
}

/// The sessions that a new one replaces end with it, also one of somebody else in the same browser.
pub async fn replaced_sessions_end(store: &dyn Store) {
    let (ada, returning) = sign_up(store, "ada").await;
    sign_up(store, "ben").await;
    store
        .sign_in(&returning, Mailbox::Unchanged, &session("other browser", &ada), &[])
        .await
        .unwrap();

    let replaces = vec![token("ada"), token("ben"), token("unknown")];
    store
        .sign_in(
            &returning,
            Mailbox::Unchanged,
            &NewSession { replaces, ..session("new", &ada) },
            &[],
        )
        .await
        .unwrap();
    assert!(!is_there(store, "ada").await && !is_there(store, "ben").await);
    assert!(is_there(store, "new").await && is_there(store, "other browser").await);
}

/// A session that is replaced makes room: it does not count among those a user keeps.
pub async fn a_replaced_session_makes_room(store: &dyn Store) {
    let (ada, returning) = sign_up(store, "ada").await;
    store
        .sign_in(&returning, Mailbox::Unchanged, &session_until("first to end", &ada, 60), &[])
        .await
        .unwrap();
    let new = NewSession { replaces: vec![token("ada")], keep: 2, ..session("new", &ada) };
    assert_eq!(store.sign_in(&returning, Mailbox::Unchanged, &new, &[]).await.unwrap(), 0);
    assert!(is_there(store, "first to end").await && is_there(store, "new").await);
}

/// Beyond what a user keeps, the sessions that would end first go, and are counted.
pub async fn sessions_beyond_the_limit_go_by_their_end(store: &dyn Store) {
    let (ada, returning) = sign_up(store, "ada").await;
    for (name, seconds) in [("third", 300), ("first", 100), ("fourth", 400), ("second", 200)] {
        store
            .sign_in(&returning, Mailbox::Unchanged, &session_until(name, &ada, seconds), &[])
            .await
            .unwrap();
    }
    let new = NewSession { keep: 4, ..session_until("new", &ada, 500) };
    assert_eq!(store.sign_in(&returning, Mailbox::Unchanged, &new, &[]).await.unwrap(), 2);

    assert!(!is_there(store, "first").await && !is_there(store, "second").await);
    for name in ["third", "fourth", "ada", "new"] {
        assert!(is_there(store, name).await, "{name} had to stay");
    }
}

/// A sign-in that fills the last place evicts nothing.
pub async fn sessions_within_the_limit_stay(store: &dyn Store) {
    let (ada, returning) = sign_up(store, "ada").await;
    let new = NewSession { keep: 2, ..session("second", &ada) };
    assert_eq!(store.sign_in(&returning, Mailbox::Unchanged, &new, &[]).await.unwrap(), 0);
    assert!(is_there(store, "ada").await && is_there(store, "second").await);
}

/// The new session stays, even where it ends before all others and no session is to be kept.
pub async fn the_new_session_is_never_evicted(store: &dyn Store) {
    let (ada, returning) = sign_up(store, "ada").await;
    store.sign_in(&returning, Mailbox::Unchanged, &session("second", &ada), &[]).await.unwrap();
    let new = NewSession { keep: 1, ..session_until("new", &ada, 1) };
    assert_eq!(store.sign_in(&returning, Mailbox::Unchanged, &new, &[]).await.unwrap(), 2);
    assert!(is_there(store, "new").await);

    let newer = NewSession { keep: 0, ..session_until("newer", &ada, 0) };
    assert_eq!(store.sign_in(&returning, Mailbox::Unchanged, &newer, &[]).await.unwrap(), 1);
    assert!(!is_there(store, "new").await && is_there(store, "newer").await);
}

/// Whoever signs in evicts sessions of their own, never those of others.
pub async fn an_eviction_spares_others(store: &dyn Store) {
    let (ada, returning) = sign_up(store, "ada").await;
    let ben = user(store, "ben").await;
    let of_ben = super::fixture::account(&ben);
    store.sign_up(&ben, Some(&of_ben), &session_until("ben", &ben, -60), &[]).await.unwrap();
    let new = NewSession { keep: 1, ..session("new", &ada) };
    assert_eq!(store.sign_in(&returning, Mailbox::Unchanged, &new, &[]).await.unwrap(), 1);
    assert!(is_there(store, "ben").await);
}

/// Ten sign-ins at the same moment leave no more sessions than the user keeps.
pub async fn sign_ins_at_once_keep_to_the_limit(store: &dyn Store) {
    let (ada, returning) = sign_up(store, "ada").await;
    let names: Vec<_> = (0..10).map(|number| format!("session-{number}")).collect();
    let new: Vec<_> =
        names.iter().map(|name| NewSession { keep: 3, ..session(name, &ada) }).collect();
    let answers =
        at_once(new.iter().map(|new| store.sign_in(&returning, Mailbox::Unchanged, new, &[])))
            .await;
    assert_eq!(answers.into_iter().map(|answer| answer.unwrap()).sum::<u64>(), 8);
    assert_eq!(store.end_sessions(&ada.id, NOW, &[]).await.unwrap(), 3);
}
