//! What a store promises about sessions that are sealed in cookies: it does not have them, but knows which have ended.

use time::Duration;

use super::fixture::{
    NOW, account, after, assert_conflict, at_once, event, is_there, logged, session, sign_up,
    sweep, token, user,
};
use crate::model::{AuditKind, User, UserId};
use crate::store::{Keeping, Mailbox, Meant, NewSession, OriginKey, SessionOrigin, Store};

/// A sealed session in place of the one that a test calls `name`.
fn sealed(name: &str, user: &User) -> NewSession {
    let keeping = Keeping::Sealed { remember_until: after(60) };
    NewSession { keeping, ..session(name, user) }
}

/// Signing up, in, and linking write all the rest, and no session.
pub async fn a_sealed_session_has_no_row(store: &dyn Store) {
    let ada = user(store, "ada").await;
    let audit = event(AuditKind::SignedUp, &ada);
    store.sign_up(&ada, Some(&account(&ada)), &sealed("first", &ada), &audit).await.unwrap();
    store.sign_in(&account(&ada), Mailbox::Unchanged, &sealed("second", &ada), &[]).await.unwrap();
    let further = super::fixture::account_at("apple", &ada);
    store.link(&further, &sealed("third", &ada), &[]).await.unwrap();

    assert_eq!(store.user(&ada.id).await.unwrap(), Some(ada.clone()));
    assert_eq!(store.accounts(&ada.id).await.unwrap().len(), 2);
    assert_eq!(store.audit_log(100).await.unwrap(), audit);
    assert_eq!(store.end_sessions(&ada.id, NOW, &[]).await.unwrap(), 0);
    assert_conflict(store.link(&further, &sealed("fourth", &ada), &[]).await);
}

/// What a sealed session replaces has ended: a row is gone, a sealed one is remembered.
pub async fn a_sealed_session_replaces_others(store: &dyn Store) {
    let (ada, returning) = sign_up(store, "ada").await;
    let replaces = vec![token("ada"), token("sealed")];
    store
        .sign_in(
            &returning,
            Mailbox::Unchanged,
            &NewSession { replaces, ..sealed("new", &ada) },
            &[],
        )
        .await
        .unwrap();

    assert!(!is_there(store, "ada").await);
    for (name, ended) in [("sealed", true), ("other", false)] {
        let standing = store.standing(&ada.id, &token(name)).await.unwrap().unwrap();
        assert_eq!(standing.ended, ended, "{name}");
    }
}

/// A sealed session takes nobody's place among those a user keeps.
pub async fn a_sealed_session_evicts_nobody(store: &dyn Store) {
    let (ada, returning) = sign_up(store, "ada").await;
    let new = NewSession { keep: 1, ..sealed("new", &ada) };
    assert_eq!(store.sign_in(&returning, Mailbox::Unchanged, &new, &[]).await.unwrap(), 0);
    assert!(is_there(store, "ada").await);
}

/// A standing has the user with the role of this moment; without a user there is none.
pub async fn a_standing_is_that_of_the_user_now(store: &dyn Store) {
    let (mut ada, _) = sign_up(store, "ada").await;
    let standing = store.standing(&ada.id, &token("sealed")).await.unwrap().unwrap();
    assert_eq!((standing.user, standing.not_before, standing.ended), (ada.clone(), None, false));

    store.set_role(&ada.id, "ADMIN", None, &[]).await.unwrap();
    "ADMIN".clone_into(&mut ada.role);
    let standing = store.standing(&ada.id, &token("sealed")).await.unwrap().unwrap();
    assert_eq!(standing.user, ada);

    store.delete_user(&ada.id, &[]).await.unwrap();
    assert!(store.standing(&ada.id, &token("sealed")).await.unwrap().is_none());
}

/// Ending all sessions ends the sealed ones that began until then, to the millisecond, and nobody else's.
pub async fn a_cut_ends_what_began_before_it(store: &dyn Store) {
    let (ada, _) = sign_up(store, "ada").await;
    let (ben, _) = sign_up(store, "ben").await;
    store.end_sessions(&ada.id, NOW, &[]).await.unwrap();

    let standing = store.standing(&ada.id, &token("sealed")).await.unwrap().unwrap();
    assert_eq!(standing.not_before, Some(NOW));
    assert!(!standing.admits(NOW) && standing.admits(NOW + Duration::milliseconds(1)));
    let standing = store.standing(&ben.id, &token("sealed")).await.unwrap().unwrap();
    assert_eq!(standing.not_before, None);
}

/// Of two cuts the later one counts, whichever is written last.
pub async fn a_cut_never_moves_back(store: &dyn Store) {
    let (ada, _) = sign_up(store, "ada").await;
    for (seconds, expected) in [(10, 10), (5, 10), (20, 20)] {
        store.end_sessions(&ada.id, after(seconds), &[]).await.unwrap();
        let standing = store.standing(&ada.id, &token("sealed")).await.unwrap().unwrap();
        assert_eq!(standing.not_before, Some(after(expected)));
    }
}

/// A cut for somebody who is not there is none for somebody who comes later.
pub async fn a_cut_for_nobody_is_forgotten(store: &dyn Store) {
    assert_eq!(store.end_sessions(&UserId::new("user-ada"), NOW, &[]).await.unwrap(), 0);
    let (ada, _) = sign_up(store, "ada").await;
    let standing = store.standing(&ada.id, &token("sealed")).await.unwrap().unwrap();
    assert_eq!(standing.not_before, None);
}

/// A sealed session ends once; the audit event is written that once, and other sessions stay.
pub async fn a_sealed_session_ends_once(store: &dyn Store) {
    let (ada, _) = sign_up(store, "ada").await;
    let audit = event(AuditKind::SignedOut, &ada);
    assert!(store.end_sealed(&token("sealed"), after(60), &audit).await.unwrap());
    assert!(!store.end_sealed(&token("sealed"), after(90), &audit).await.unwrap());

    assert!(store.standing(&ada.id, &token("sealed")).await.unwrap().unwrap().ended);
    assert!(!store.standing(&ada.id, &token("other")).await.unwrap().unwrap().ended);
    assert!(is_there(store, "ada").await);
    assert_eq!(logged(store).await, [AuditKind::SignedOut]);
}

/// Ten requests end one sealed session at the same moment: one of them did it.
pub async fn a_sealed_session_ended_by_many_ends_once(store: &dyn Store) {
    let (ada, _) = sign_up(store, "ada").await;
    let (ended, audit) = (token("sealed"), event(AuditKind::SignedOut, &ada));
    let answers = at_once((0..10).map(|_| store.end_sealed(&ended, after(60), &audit))).await;
    assert_eq!(answers.into_iter().filter(|answer| *answer.as_ref().unwrap()).count(), 1);
    assert_eq!(logged(store).await, [AuditKind::SignedOut]);
}

/// That a sealed session was ended is remembered until its end, and swept after it.
pub async fn what_is_remembered_of_sealed_sessions_is_swept(store: &dyn Store) {
    let (ada, _) = sign_up(store, "ada").await;
    for (name, seconds) in [("first", 10), ("second", 20)] {
        store.end_sealed(&token(name), after(seconds), &[]).await.unwrap();
    }
    assert_eq!(sweep(store, after(10), 100).await, 1);
    assert!(!store.standing(&ada.id, &token("first")).await.unwrap().unwrap().ended);
    assert!(store.standing(&ada.id, &token("second")).await.unwrap().unwrap().ended);
}

/// However a sealed session ended, that is remembered as long as was asked for, and no longer.
pub async fn sealed_sessions_that_ended_are_remembered_until_then(store: &dyn Store) {
    let (ada, returning) = sign_up(store, "ada").await;
    let origin = SessionOrigin { subject: OriginKey::of_subject(&returning.key), session: None };
    let enter = async |new: NewSession| {
        store.enter(&ada.id, Mailbox::Unchanged, &new, &[]).await.unwrap();
    };
    enter(NewSession { origin: Some(origin.clone()), ..sealed("meant", &ada) }).await;
    store.end_sessions_from(&Meant::Subject(origin.subject), after(60), &[]).await.unwrap();
    enter(sealed("other", &ada)).await;
    store.end_other_sessions(&ada.id, &token("ada"), after(60), &[]).await.unwrap();
    enter(sealed("replaced", &ada)).await;
    enter(NewSession { replaces: vec![token("replaced")], ..sealed("new", &ada) }).await;

    for (at, ended) in [(59, true), (60, false)] {
        sweep(store, after(at), 100).await;
        for name in ["meant", "other", "replaced"] {
            let standing = store.standing(&ada.id, &token(name)).await.unwrap().unwrap();
            assert_eq!(standing.ended, ended, "{name} after {at} seconds");
        }
    }
}

/// Whoever comes back after a deletion is bound by no cut from before, and has none of the sessions.
pub async fn what_is_known_of_sealed_sessions_goes_with_their_user(store: &dyn Store) {
    let (ada, returning) = sign_up(store, "ada").await;
    store.end_sessions(&ada.id, NOW, &[]).await.unwrap();
    store.enter(&ada.id, Mailbox::Unchanged, &sealed("old", &ada), &[]).await.unwrap();
    assert!(store.delete_user(&ada.id, &[]).await.unwrap());
    assert_eq!(store.sessions(&ada.id, NOW).await.unwrap(), []);
    assert_eq!(store.origin(&token("old")).await.unwrap(), None);
    store.sign_up(&ada, Some(&returning), &session("new", &ada), &[]).await.unwrap();
    let standing = store.standing(&ada.id, &token("sealed")).await.unwrap().unwrap();
    assert_eq!(standing.not_before, None);
    assert_eq!(store.sessions(&ada.id, NOW).await.unwrap().len(), 1);
}
