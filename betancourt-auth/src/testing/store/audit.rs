//! What a store promises about the audit log.

use super::fixture::{NOW, ODD_TEXTS, after, event, logged, sign_up, user};
use crate::model::{AuditEvent, AuditKind, User, UserId};
use crate::store::{Perishable, Store};

/// An audit event comes back as it was recorded, with all of its fields or none; every kind has a name of its own.
pub async fn an_audit_event_is_read_as_written(store: &dyn Store) {
    let ada = user(store, "ada").await;
    for kind in AuditKind::ALL {
        for text in ODD_TEXTS.into_iter().map(Some).chain([None]) {
            let text = text.map(str::to_owned);
            let mut event = AuditEvent::new(NOW, kind);
            event.user_id = text.as_ref().map(|_| ada.id.clone());
            event.actor.clone_from(&event.user_id);
            (event.provider, event.reason) = (text.clone(), text.clone());
            (event.network, event.device) = (text.clone(), text);
            store.record(std::slice::from_ref(&event)).await.unwrap();
            assert_eq!(store.audit_log(1).await.unwrap(), [event]);
        }
    }
}

/// The log gives the newest events first, and no more than are asked for.
pub async fn the_audit_log_is_newest_first(store: &dyn Store) {
    let events = AuditKind::ALL.map(|kind| AuditEvent::new(NOW, kind));
    for (event, seconds) in events.into_iter().zip(0..) {
        store.record(&[AuditEvent { at: after(seconds), ..event }]).await.unwrap();
    }
    let newest_first: Vec<_> = AuditKind::ALL.into_iter().rev().collect();
    assert_eq!(logged(store).await, newest_first);
    let two: Vec<_> =
        store.audit_log(2).await.unwrap().into_iter().map(|event| event.kind).collect();
    assert!(newest_first.starts_with(&two) && two.len() == 2);
    assert!(store.audit_log(0).await.unwrap().is_empty());
}

/// Events of the same moment are given in the reverse of the order in which they were recorded.
pub async fn audit_events_of_one_moment_keep_their_order(store: &dyn Store) {
    let events = AuditKind::ALL.map(|kind| AuditEvent::new(NOW, kind));
    store.record(&events).await.unwrap();
    assert_eq!(logged(store).await, AuditKind::ALL.into_iter().rev().collect::<Vec<_>>());
    store.record(&[]).await.unwrap();
    assert_eq!(logged(store).await.len(), events.len());
}

/// Audit events go by when they happened, the others stay, and those that come later are told from those that went.
pub async fn audit_events_are_swept_by_their_age(store: &dyn Store) {
    for seconds in [0, 10, 20] {
        store.record(&[AuditEvent::new(after(seconds), AuditKind::SignedIn)]).await.unwrap();
    }
    let newest = store.audit_page(None, 1).await.unwrap();
    for (limit, expected) in [(1, 1), (100, 1), (100, 0)] {
        let swept = store.sweep(Perishable::AuditEvents, after(10), limit).await.unwrap();
        assert_eq!(swept, expected);
    }
    store.record(&[AuditEvent::new(after(20), AuditKind::SignedOut)]).await.unwrap();
    assert_eq!(logged(store).await, [AuditKind::SignedOut, AuditKind::SignedIn]);
    let page = store.audit_page(None, 10).await.unwrap();
    assert!(page.ends_with(&newest) && page.len() == 2);
}

/// What happened to somebody is read page by page, newest first, as far back as is asked for, and none of it is anybody
/// else's.
pub async fn a_history_is_read_by_pages(store: &dyn Store) {
    let [ada, ben] = [user(store, "ada").await, user(store, "ben").await];
    for seconds in 0..7 {
        let told =
            |about: &User| AuditEvent::new(after(seconds), AuditKind::SignedIn).about(&about.id);
        let nobody = AuditEvent::new(after(seconds), AuditKind::SignInRefused);
        store.record(&[told(&ada), told(&ben), nobody]).await.unwrap();
    }
    let (mut moments, mut before) = (Vec::new(), None);
    loop {
        let page = store.history(&ada.id, after(1), before, 4).await.unwrap();
        let Some(last) = page.last() else { break };
        assert!(page.len() <= 4 && before.is_none_or(|before| last.key.number() < before));
        before = Some(last.key.number());
        assert!(page.iter().all(|recorded| recorded.event.user_id.as_ref() == Some(&ada.id)));
        moments.extend(page.into_iter().map(|recorded| recorded.event.at));
    }
    assert_eq!(moments, (1..7).rev().map(after).collect::<Vec<_>>());
    assert_eq!(store.history(&ada.id, after(0), None, 0).await.unwrap(), []);
    assert_eq!(store.history(&UserId::new("0"), after(0), None, 9).await.unwrap(), []);
}

/// What happened to somebody who was deleted is still known, but not from where; with others all of it is.
pub async fn a_deleted_user_leaves_no_places_in_the_log(store: &dyn Store) {
    let [(ada, _), (ben, _)] = [sign_up(store, "ada").await, sign_up(store, "ben").await];
    for user in [&ada, &ben] {
        let [mut event] = event(AuditKind::SignedIn, user);
        event.network = Some("203.0.113.0".to_owned());
        event.device = Some("a browser".to_owned());
        store.record(&[event]).await.unwrap();
    }
    assert!(store.delete_user(&ada.id, &[]).await.unwrap());
    for (user, is_known) in [(&ada, false), (&ben, true)] {
        let event = store.history(&user.id, NOW, None, 9).await.unwrap().remove(0).event;
        assert_eq!(event.kind, AuditKind::SignedIn);
        assert_eq!((event.network.is_some(), event.device.is_some()), (is_known, is_known));
    }
}
