//! What a store promises about users, their roles and their end.

use time::Duration;

use super::fixture::{
    NOW, ODD_TEXTS, account, account_at, assert_conflict, event, is_there, logged, session,
    sign_up, sweep, token, user,
};
use crate::model::{AuditKind, UserId};
use crate::store::{RoleChange, Store};

/// An empty store knows nobody, changes nothing and says so.
pub async fn an_empty_store_knows_nobody(store: &dyn Store) {
    let ada = user(store, "ada").await;
    assert!(store.user(&ada.id).await.unwrap().is_none());
    assert!(store.user_by_email("ada@example.com").await.unwrap().is_none());
    assert!(store.accounts(&ada.id).await.unwrap().is_empty());
    let candidates = store.candidates(&account(&ada).key, ada.email.as_deref()).await.unwrap();
    assert!(candidates.account.is_none() && candidates.by_email.is_none());
    assert!(store.session(&token("ada")).await.unwrap().is_none());
    assert!(store.standing(&ada.id, &token("ada")).await.unwrap().is_none());
    assert_eq!(store.end_sessions(&ada.id, NOW, &[]).await.unwrap(), 0);
    assert_eq!(sweep(store, NOW, 100).await, 0);
    assert!(store.audit_log(100).await.unwrap().is_empty());
}

/// A store that answers says so.
pub async fn a_ping_is_answered(store: &dyn Store) {
    store.ping().await.unwrap();
}

/// Every field of a user comes back as it was given, by id and by address, moments to the millisecond.
pub async fn a_user_is_read_as_written(store: &dyn Store) {
    let mut ada = user(store, "ada").await;
    ada.email_verified = Some(NOW);
    ada.image = Some("https://images.example/ada.png".to_owned());
    ada.role = "ADMIN".to_owned();
    store.sign_up(&ada, Some(&account(&ada)), &session("ada", &ada), &[]).await.unwrap();

    assert_eq!(store.user(&ada.id).await.unwrap(), Some(ada.clone()));
    assert_eq!(store.user_by_email("ada@example.com").await.unwrap(), Some(ada));
}

/// Moments before 1970 and the last millisecond of a day come back as they were given.
pub async fn moments_are_kept_to_the_millisecond(store: &dyn Store) {
    let day = NOW.replace_time(time::Time::MIDNIGHT);
    let moments = [
        day - Duration::milliseconds(1),
        day,
        day + Duration::milliseconds(1),
        time::OffsetDateTime::UNIX_EPOCH - Duration::milliseconds(1),
    ];
    for (number, moment) in moments.into_iter().enumerate() {
        let mut person = user(store, &format!("person-{number}")).await;
        person.email_verified = Some(moment);
        store
            .sign_up(&person, Some(&account(&person)), &session(person.id.as_str(), &person), &[])
            .await
            .unwrap();
        assert_eq!(store.user(&person.id).await.unwrap(), Some(person));
    }
}

/// Quotes, line breaks, spaces, accents and other scripts come back as they were given; an empty text stays one.
pub async fn odd_texts_come_back_unchanged(store: &dyn Store) {
    for (number, text) in ODD_TEXTS.into_iter().enumerate() {
        let mut person = user(store, &format!("person-{number}")).await;
        person.name = Some(text.to_owned());
        person.image = Some(text.to_owned());
        let mut account = account(&person);
        account.tokens.scope = Some(text.to_owned());
        account.details.claims.insert(text.to_owned(), text.into());
        let token = token(person.id.as_str());
        let mut session = session(person.id.as_str(), &person);
        session.details.device = Some(text.to_owned());
        store.sign_up(&person, Some(&account), &session, &[]).await.unwrap();

        let read = store.session(&token).await.unwrap().unwrap();
        assert_eq!((read.user, read.details), (person, Some(session.details)));
        let (read, _) = store.candidates(&account.key, None).await.unwrap().account.unwrap();
        assert_eq!((read.tokens.scope, read.details), (account.tokens.scope, account.details));
    }
}

/// An address finds the user who has exactly it: no other case, no space, no pattern.
pub async fn addresses_are_compared_exactly(store: &dyn Store) {
    sign_up(store, "ada").await;
    for other in [
        "ADA@example.com",
        "ada@example.com ",
        " ada@example.com",
        "ada@example.co_",
        "ada@%",
        "ada",
        "",
    ] {
        assert!(
            store.user_by_email(other).await.unwrap().is_none(),
            "{other:?} finds ada@example.com"
        );
    }
}

/// Any number of people may have no address, and no address finds them.
pub async fn people_without_an_address_are_many(store: &dyn Store) {
    for name in ["ada", "ben", "cho"] {
        let mut person = user(store, name).await;
        person.email = None;
        store
            .sign_up(&person, Some(&account(&person)), &session(name, &person), &[])
            .await
            .unwrap();
        assert_eq!(store.user(&person.id).await.unwrap(), Some(person.clone()));
        assert_eq!(store.session(&token(name)).await.unwrap().unwrap().user, person);
    }
    assert!(store.user_by_email("").await.unwrap().is_none());
}

/// A new role counts at once, in sessions that were there before, and is written with its audit event.
pub async fn a_new_role_is_seen_by_a_living_session(store: &dyn Store) {
    let (ada, _) = sign_up(store, "ada").await;
    let (ben, _) = sign_up(store, "ben").await;

    let audit = event(AuditKind::RoleChanged, &ada);
    assert_eq!(store.set_role(&ada.id, "ADMIN", None, &audit).await.unwrap(), RoleChange::Done);
    assert_eq!(store.session(&token("ada")).await.unwrap().unwrap().user.role, "ADMIN");
    assert_eq!(store.user(&ben.id).await.unwrap(), Some(ben));
    assert_eq!(logged(store).await, [AuditKind::RoleChanged]);
}

/// Nobody gets a role where there is nobody, and nothing is written.
pub async fn a_role_for_nobody_changes_nothing(store: &dyn Store) {
    let audit = event(AuditKind::RoleChanged, &user(store, "ada").await);
    let nobody = UserId::new("user-ada");
    let answer = store.set_role(&nobody, "ADMIN", Some("ADMIN"), &audit).await.unwrap();
    assert_eq!(answer, RoleChange::Unknown);
    assert!(store.user(&UserId::new("user-ada")).await.unwrap().is_none());
    assert!(logged(store).await.is_empty());
}

/// Whoever alone has a role that must be had keeps it, and nothing is written; with another one beside them they may
/// lose it.
pub async fn the_last_one_with_a_role_keeps_it(store: &dyn Store) {
    let (ada, _) = sign_up(store, "ada").await;
    let (ben, _) = sign_up(store, "ben").await;
    let audit = event(AuditKind::RoleChanged, &ada);
    let set = |id, role, rule| store.set_role(id, role, rule, &audit);
    assert_eq!(set(&ada.id, "ADMIN", Some("ADMIN")).await.unwrap(), RoleChange::Done);

    assert_eq!(set(&ada.id, "CLIENT", Some("ADMIN")).await.unwrap(), RoleChange::LastOne);
    assert_eq!(store.user(&ada.id).await.unwrap().unwrap().role, "ADMIN");
    assert_eq!(logged(store).await.len(), 1);
    assert_eq!(set(&ada.id, "ADMIN", Some("ADMIN")).await.unwrap(), RoleChange::Done);
    assert_eq!(set(&ben.id, "GUEST", Some("ADMIN")).await.unwrap(), RoleChange::Done);
    assert_eq!(set(&ada.id, "GUEST", Some("GUEST")).await.unwrap(), RoleChange::Done);

    assert_eq!(set(&ada.id, "ADMIN", None).await.unwrap(), RoleChange::Done);
    assert_eq!(set(&ben.id, "ADMIN", None).await.unwrap(), RoleChange::Done);
    assert_eq!(set(&ada.id, "CLIENT", Some("ADMIN")).await.unwrap(), RoleChange::Done);
    assert_eq!(set(&ben.id, "CLIENT", None).await.unwrap(), RoleChange::Done);
}

/// A deleted user leaves neither accounts nor sessions, and others keep theirs.
pub async fn a_deleted_user_leaves_nothing_behind(store: &dyn Store) {
    let (ada, of_ada) = sign_up(store, "ada").await;
    store.link(&account_at("apple", &ada), &session("second", &ada), &[]).await.unwrap();
    let (ben, of_ben) = sign_up(store, "ben").await;

    assert!(store.delete_user(&ada.id, &event(AuditKind::UserDeleted, &ada)).await.unwrap());
    assert!(store.user(&ada.id).await.unwrap().is_none());
    assert!(store.accounts(&ada.id).await.unwrap().is_empty());
    let candidates = store.candidates(&of_ada.key, ada.email.as_deref()).await.unwrap();
    assert!(candidates.account.is_none() && candidates.by_email.is_none());
    assert!(!is_there(store, "ada").await && !is_there(store, "second").await);

    assert_eq!(store.user(&ben.id).await.unwrap(), Some(ben));
    assert!(store.candidates(&of_ben.key, None).await.unwrap().account.is_some());
    assert!(is_there(store, "ben").await);
    assert_eq!(logged(store).await, [AuditKind::UserDeleted]);
}

/// After a deletion the same person can sign up again, with the same address, account and even session token.
pub async fn a_deleted_user_can_come_back(store: &dyn Store) {
    let (ada, of_ada) = sign_up(store, "ada").await;
    assert_conflict(store.sign_up(&ada, Some(&of_ada), &session("again", &ada), &[]).await);
    assert!(store.delete_user(&ada.id, &[]).await.unwrap());
    store.sign_up(&ada, Some(&of_ada), &session("ada", &ada), &[]).await.unwrap();
    assert!(is_there(store, "ada").await);
}

/// The deletion of nobody changes nothing and writes nothing.
pub async fn a_deletion_of_nobody_changes_nothing(store: &dyn Store) {
    sign_up(store, "ada").await;
    let ben = user(store, "ben").await;
    assert!(!store.delete_user(&ben.id, &event(AuditKind::UserDeleted, &ben)).await.unwrap());
    assert!(is_there(store, "ada").await);
    assert!(logged(store).await.is_empty());
}
