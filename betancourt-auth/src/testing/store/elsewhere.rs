//! What a store promises about sessions that another store keeps: it has none of them, and writes all the rest.

use super::fixture::{
    account, account_at, after, assert_conflict, event, is_there, logged, session, sign_up, token,
    user,
};
use crate::model::{AuditKind, User};
use crate::store::{Keeping, Mailbox, NewSession, Store};

/// A session of another store in place of the one that a test calls `name`.
fn elsewhere(name: &str, user: &User) -> NewSession {
    let keeping = Keeping::Elsewhere { remember_until: after(60) };
    NewSession { keeping, ..session(name, user) }
}

/// Signing up, in, entering and linking write all the rest; the session is neither there nor listed, and evicts nobody.
pub async fn a_session_kept_elsewhere_has_no_row(store: &dyn Store) {
    let ada = user(store, "ada").await;
    let audit = event(AuditKind::SignedUp, &ada);
    store.sign_up(&ada, Some(&account(&ada)), &elsewhere("first", &ada), &audit).await.unwrap();
    let returning = account(&ada);
    store.sign_in(&returning, Mailbox::Unchanged, &session("stored", &ada), &[]).await.unwrap();
    let second = NewSession { keep: 1, ..elsewhere("second", &ada) };
    assert_eq!(store.sign_in(&returning, Mailbox::Unchanged, &second, &[]).await.unwrap(), 0);
    store.enter(&ada.id, Mailbox::Unchanged, &elsewhere("third", &ada), &[]).await.unwrap();
    let further = account_at("apple", &ada);
    store.link(&further, &elsewhere("fourth", &ada), &[]).await.unwrap();

    assert_eq!(store.user(&ada.id).await.unwrap(), Some(ada.clone()));
    assert_eq!(store.accounts(&ada.id).await.unwrap().len(), 2);
    assert_eq!(logged(store).await, [AuditKind::SignedUp]);
    for name in ["first", "second", "third", "fourth"] {
        assert!(!is_there(store, name).await, "{name}");
    }
    let [listed] = store.sessions(&ada.id, after(0)).await.unwrap().try_into().unwrap();
    assert_eq!(listed.token, token("stored"));
}

/// What it replaces has ended, wherever that was kept: a row is gone, and it is remembered.
pub async fn a_session_kept_elsewhere_ends_those_it_replaces(store: &dyn Store) {
    let (ada, returning) = sign_up(store, "ada").await;
    let replaces = vec![token("ada"), token("kept elsewhere")];
    let new = NewSession { replaces, ..elsewhere("new", &ada) };
    store.sign_in(&returning, Mailbox::Unchanged, &new, &[]).await.unwrap();

    assert!(!is_there(store, "ada").await);
    for (name, ended) in [("ada", true), ("kept elsewhere", true), ("new", false)] {
        let standing = store.standing(&ada.id, &token(name)).await.unwrap().unwrap();
        assert_eq!(standing.ended, ended, "{name}");
    }
}

/// Nobody gets one who is not there, and nothing is written then.
pub async fn a_session_kept_elsewhere_is_somebodys(store: &dyn Store) {
    let (ada, _) = sign_up(store, "ada").await;
    store.delete_user(&ada.id, &[]).await.unwrap();
    let (new, audit) = (elsewhere("new", &ada), event(AuditKind::SignedIn, &ada));
    for mailbox in [Mailbox::Unchanged, Mailbox::Proven(after(0))] {
        assert_conflict(store.enter(&ada.id, mailbox, &new, &audit).await);
    }
    assert_conflict(store.sign_in(&account(&ada), Mailbox::Unchanged, &new, &audit).await);
    assert_conflict(store.link(&account_at("apple", &ada), &new, &audit).await);
    assert!(store.account(&account_at("apple", &ada).key).await.unwrap().is_none());
    assert_eq!(logged(store).await, []);
}
