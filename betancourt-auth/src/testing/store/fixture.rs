//! The people, sessions and moments that the promises are told with.

use std::fmt::Debug;
use std::future::{Future, poll_fn};
use std::pin::Pin;
use std::task::Poll;

use time::macros::datetime;
use time::{Duration, OffsetDateTime};

use crate::model::{
    Account, AccountKey, AuditEvent, AuditKind, SessionDetails, StoredToken, User, UserId,
};
use crate::store::{Keeping, NewSession, Perishable, Result, Store, StoreErrorKind};

/// The present of every promise. It lies in the future, so that a database that lets rows expire by itself keeps them.
pub(super) const NOW: OffsetDateTime = datetime!(2033-05-18 03:33:20.123 UTC);

/// Texts that a careless store changes, cuts or runs.
pub(super) const ODD_TEXTS: [&str; 7] = [
    "",
    "Robert'); DROP TABLE users; --",
    "\"double\" `back` \\ slash % _ $1 ? :name",
    " spaces around ",
    "two\r\nlines\tand a tab",
    "Zoe\u{308} is not Zo\u{eb}",
    "\u{540d}\u{524d} \u{645}\u{631}\u{62d}\u{628}\u{627} \u{1f469}\u{200d}\u{1f680}",
];

/// A moment that many seconds after [`NOW`], or before it.
pub(super) fn after(seconds: i64) -> OffsetDateTime {
    NOW + Duration::seconds(seconds)
}

/// Someone with an address, and with an id that the store can have.
pub(super) async fn user(store: &dyn Store, name: &str) -> User {
    let id = store.draw_id().await.unwrap();
    let mut user = User::new(id.unwrap_or_else(|| UserId::new(format!("user-{name}"))));
    user.name = Some(name.to_owned());
    user.email = Some(format!("{name}@example.com"));
    user
}

/// Someone's account at the provider `google`.
pub(super) fn account(user: &User) -> Account {
    account_at("google", user)
}

/// Someone's account at a provider.
pub(super) fn account_at(provider: &str, user: &User) -> Account {
    let mut account = Account::new(
        AccountKey::new(provider, format!("subject-{}", user.id)),
        user.id.clone(),
        "oidc",
    );
    account.details.linked_at = Some(NOW);
    account
}

/// What a store keeps of the session that a test calls `name`.
pub(super) fn token(name: &str) -> StoredToken {
    StoredToken::hashed(name)
}

/// A session of thirty days that replaces and evicts nothing.
pub(super) fn session(name: &str, user: &User) -> NewSession {
    NewSession {
        token: token(name),
        keeping: Keeping::Stored,
        user_id: user.id.clone(),
        expires: NOW + Duration::days(30),
        details: SessionDetails::new(NOW, "google"),
        origin: None,
        replaces: Vec::new(),
        keep: 100,
    }
}

/// A session that ends that many seconds after [`NOW`], or before it.
pub(super) fn session_until(name: &str, user: &User, seconds: i64) -> NewSession {
    NewSession { expires: after(seconds), ..session(name, user) }
}

/// Signs somebody up with the account [`account`] and a session that is called as they are.
pub(super) async fn sign_up(store: &dyn Store, name: &str) -> (User, Account) {
    let user = user(store, name).await;
    let account = account(&user);
    store.sign_up(&user, Some(&account), &session(name, &user), &[]).await.unwrap();
    (user, account)
}

/// One audit event about somebody.
pub(super) fn event(kind: AuditKind, user: &User) -> [AuditEvent; 1] {
    [AuditEvent::new(NOW, kind).about(&user.id)]
}

/// Whether a session is there.
pub(super) async fn is_there(store: &dyn Store, name: &str) -> bool {
    store.session(&token(name)).await.unwrap().is_some()
}

/// The kinds in the audit log, newest first.
pub(super) async fn logged(store: &dyn Store) -> Vec<AuditKind> {
    store.audit_log(100).await.unwrap().into_iter().map(|event| event.kind).collect()
}

/// Removes at most `limit` of each kind that was over at a moment, and says how many went in all.
pub(super) async fn sweep(store: &dyn Store, until: OffsetDateTime, limit: u32) -> u64 {
    try_to_sweep(store, until, limit).await.unwrap()
}

/// The same, up to the first kind that fails.
pub(super) async fn try_to_sweep(
    store: &dyn Store,
    until: OffsetDateTime,
    limit: u32,
) -> Result<u64> {
    let mut removed = 0;
    for what in Perishable::ALL {
        removed += store.sweep(what, until, limit).await?;
    }
    Ok(removed)
}

/// Fails unless the store answered that another writer was first.
#[track_caller]
pub(super) fn assert_conflict<T: Debug>(answer: Result<T>) {
    assert_eq!(answer.unwrap_err().kind(), StoreErrorKind::Conflict);
}

/// Lets all callers run side by side and gives their answers.
pub(super) async fn at_once<T>(callers: impl Iterator<Item = impl Future<Output = T>>) -> Vec<T> {
    let mut running: Vec<Pin<Box<_>>> = callers.map(Box::pin).collect();
    let mut answers = Vec::with_capacity(running.len());
    poll_fn(move |task| {
        running.retain_mut(|caller| match caller.as_mut().poll(task) {
            Poll::Ready(answer) => {
                answers.push(answer);
                false
            }
            Poll::Pending => true,
        });
        if running.is_empty() { Poll::Ready(std::mem::take(&mut answers)) } else { Poll::Pending }
    })
    .await
}
