//! Somebody who signs up through Google.

use betancourt_auth::store::{Keeping, NewSession, Store as _, StoreErrorKind, UserStore as _};
use betancourt_auth::{Account, AccountKey, SessionDetails, StoredToken, User, UserId};
use betancourt_auth_sqlx::SqlStore;
use time::macros::datetime;
use time::{Duration, OffsetDateTime};

pub(crate) const NOW: OffsetDateTime = datetime!(2033-05-18 03:33:20.123_999 UTC);

/// Somebody with an address and with an id that the store can have, who is not there yet.
pub(crate) async fn called(store: &SqlStore, name: &str) -> User {
    let id = store.draw_id().await.unwrap();
    let mut user = User::new(id.unwrap_or_else(|| UserId::new(format!("id-of-{name}"))));
    user.name = Some(name.to_owned());
    user.email = Some(format!("{name}@example.com"));
    user
}

/// The account of a subject at Google, of which its claims tell, too.
pub(crate) fn account(user: &User, subject: &str) -> Account {
    let mut account = Account::new(AccountKey::new("google", subject), user.id.clone(), "oidc");
    account.details.linked_at = Some(NOW);
    account.details.claims.insert("oid".to_owned(), subject.into());
    account
}

/// A session that a test calls `name`.
pub(crate) fn session(user: &User, name: &str) -> NewSession {
    NewSession {
        token: StoredToken::hashed(name),
        keeping: Keeping::Stored,
        user_id: user.id.clone(),
        expires: NOW + Duration::DAY,
        details: SessionDetails::new(NOW, "google"),
        origin: None,
        replaces: Vec::new(),
        keep: 20,
    }
}

/// Signs somebody up whose subject is another one than their name, in a session that is called as the subject is.
pub(crate) async fn sign_up(
    store: &SqlStore,
    name: &str,
    subject: &str,
) -> Result<User, StoreErrorKind> {
    let user = called(store, name).await;
    let (account, session) = (account(&user, subject), session(&user, subject));
    let signed_up = store.sign_up(&user, Some(&account), &session, &[]).await;
    signed_up.map(|_| user).map_err(|error| error.kind())
}
