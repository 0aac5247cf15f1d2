//! What a store promises about first sign-ins: all of it is written, or nothing.

use super::fixture::{
    account, account_at, assert_conflict, at_once, event, is_there, logged, session, sign_up,
    token, user,
};
use crate::model::{Account, AuditKind, User};
use crate::store::{NewSession, Store, StoreErrorKind};

/// User, account, session and audit event are all there afterwards.
pub async fn a_new_person_is_written_whole(store: &dyn Store) {
    let ada = user(store, "ada").await;
    let given = account(&ada);
    let audit = event(AuditKind::SignedUp, &ada);
    assert_eq!(store.sign_up(&ada, Some(&given), &session("ada", &ada), &audit).await.unwrap(), 0);

    assert_eq!(store.user(&ada.id).await.unwrap(), Some(ada.clone()));
    assert_eq!(
        store.candidates(&given.key, None).await.unwrap().account.map(|(_, user)| user),
        Some(ada.clone())
    );
    assert_eq!(store.session(&token("ada")).await.unwrap().map(|session| session.user), Some(ada));
    assert_eq!(store.audit_log(100).await.unwrap(), audit);
}

/// Whoever comes without an account that has a row has none, and all the rest.
pub async fn a_person_without_an_account_is_written_whole(store: &dyn Store) {
    let ada = user(store, "ada").await;
    let audit = event(AuditKind::SignedUp, &ada);
    store.sign_up(&ada, None, &session("ada", &ada), &audit).await.unwrap();
    assert_eq!(store.user(&ada.id).await.unwrap(), Some(ada.clone()));
    assert!(store.accounts(&ada.id).await.unwrap().is_empty());
    assert_eq!(store.session(&token("ada")).await.unwrap().map(|session| session.user), Some(ada));
    assert_eq!(store.audit_log(100).await.unwrap(), audit);
}

/// A new person ends the sessions that they replace, whoever's they are.
pub async fn a_new_person_replaces_a_session(store: &dyn Store) {
    sign_up(store, "ada").await;
    sign_up(store, "cho").await;
    let ben = user(store, "ben").await;
    let new = NewSession { replaces: vec![token("cho")], ..session("ben", &ben) };
    store.sign_up(&ben, Some(&account(&ben)), &new, &[]).await.unwrap();
    assert!(!is_there(store, "cho").await);
    assert!(is_there(store, "ada").await && is_there(store, "ben").await);
}

/// A sign-up with a taken address is a conflict, and nothing of it is written.
pub async fn a_taken_address_stops_a_sign_up(store: &dyn Store) {
    sign_up(store, "ada").await;
    let mut ben = user(store, "ben").await;
    ben.email = Some("ada@example.com".to_owned());
    assert_sign_up_writes_nothing(store, &ben, &account(&ben), &session("ben", &ben)).await;
    assert!(!is_there(store, "ben").await);
}

/// A sign-up with a taken id is a conflict, and nothing of it is written.
pub async fn a_taken_id_stops_a_sign_up(store: &dyn Store) {
    let (ada, _) = sign_up(store, "ada").await;
    let mut ben = user(store, "ben").await;
    ben.id = ada.id.clone();
    assert_conflict(
        store.sign_up(&ben, Some(&account_at("apple", &ben)), &session("ben", &ben), &[]).await,
    );
    assert_eq!(store.user(&ada.id).await.unwrap(), Some(ada.clone()));
    assert_eq!(store.accounts(&ada.id).await.unwrap().len(), 1);
    assert!(!is_there(store, "ben").await);
}

/// A sign-up with a taken account is a conflict, and nothing of it is written.
pub async fn a_taken_account_stops_a_sign_up(store: &dyn Store) {
    let (ada, of_ada) = sign_up(store, "ada").await;
    let ben = user(store, "ben").await;
    let taken = Account::new(of_ada.key.clone(), ben.id.clone(), "oidc");
    assert_sign_up_writes_nothing(store, &ben, &taken, &session("ben", &ben)).await;
    assert!(!is_there(store, "ben").await);
    assert_eq!(
        store.candidates(&of_ada.key, None).await.unwrap().account.map(|(_, user)| user),
        Some(ada)
    );
}

/// A sign-up with a taken session token is a conflict, and nothing of it is written: nobody takes over a session.
pub async fn a_taken_session_token_stops_a_sign_up(store: &dyn Store) {
    let (ada, _) = sign_up(store, "ada").await;
    let ben = user(store, "ben").await;
    assert_sign_up_writes_nothing(store, &ben, &account(&ben), &session("ada", &ben)).await;
    assert_eq!(store.session(&token("ada")).await.unwrap().map(|session| session.user), Some(ada));
}

/// A sign-up that fails ends no session that it would have replaced.
pub async fn a_sign_up_that_fails_replaces_nothing(store: &dyn Store) {
    sign_up(store, "ada").await;
    sign_up(store, "cho").await;
    let ben = user(store, "ben").await;
    let new = NewSession { replaces: vec![token("cho")], ..session("ada", &ben) };
    assert_sign_up_writes_nothing(store, &ben, &account(&ben), &new).await;
    assert!(is_there(store, "cho").await);
}

/// One person signs up ten times at the same moment: one is first, the others are told of a conflict.
pub async fn first_sign_ins_at_once_have_one_winner(store: &dyn Store) {
    let mut attempts = Vec::new();
    for number in 0..10 {
        let mut ada = user(store, &format!("ada-{number}")).await;
        ada.email = Some("ada@example.com".to_owned());
        let mut account = account(&ada);
        "subject-ada".clone_into(&mut account.key.subject);
        let session = session(ada.id.as_str(), &ada);
        let audit = event(AuditKind::SignedUp, &ada);
        attempts.push((ada, account, session, audit));
    }
    let answers =
        at_once(attempts.iter().map(|(ada, account, session, audit)| {
            store.sign_up(ada, Some(account), session, audit)
        }))
        .await;

    assert_eq!(answers.iter().filter(|answer| answer.is_ok()).count(), 1);
    let conflicts = answers.iter().filter_map(|answer| answer.as_ref().err());
    assert!(conflicts.map(|error| error.kind()).all(|kind| kind == StoreErrorKind::Conflict));
    let winner = store.user_by_email("ada@example.com").await.unwrap().unwrap();
    for (ada, _, _, _) in &attempts {
        assert_eq!(store.user(&ada.id).await.unwrap().is_some(), ada.id == winner.id);
        assert_eq!(is_there(store, ada.id.as_str()).await, ada.id == winner.id);
    }
    assert_eq!(store.audit_log(100).await.unwrap(), event(AuditKind::SignedUp, &winner));
}

/// Fails unless the sign-up is a conflict after which there is no such user, no such account and no audit event.
async fn assert_sign_up_writes_nothing(
    store: &dyn Store,
    user: &User,
    account: &Account,
    session: &NewSession,
) {
    assert_conflict(
        store.sign_up(user, Some(account), session, &event(AuditKind::SignedUp, user)).await,
    );
    assert!(store.user(&user.id).await.unwrap().is_none());
    assert!(store.accounts(&user.id).await.unwrap().is_empty());
    assert!(logged(store).await.is_empty());
}
