//! People in SQLite, sessions in Redis.

use betancourt_auth::store::{Keeping, NewSession, SessionStore, SplitStore};
use betancourt_auth::{Account, AccountKey, SessionDetails, StoredToken, User, UserId};
use betancourt_auth_redis::RedisStore;
use betancourt_auth_sqlx::SqlStore;
use time::macros::datetime;
use time::{Duration, OffsetDateTime};

use crate::server;

pub(crate) type Split = SplitStore<SqlStore, RedisStore>;

pub(crate) const NOW: OffsetDateTime = datetime!(2033-05-18 03:33:20.123 UTC);

/// An empty store on the server that all tests share.
pub(crate) async fn empty() -> Option<Split> {
    let (url, prefix) = server::shared()?;
    let keeper = RedisStore::options().prefix(prefix).connect(&url).await.unwrap();
    Some(beside(keeper).await)
}

/// New people beside a keeper.
pub(crate) async fn beside(keeper: RedisStore) -> Split {
    SplitStore::new(SqlStore::connect("sqlite::memory:").await.unwrap(), keeper)
}

/// Someone of that name, with an account at `google`.
pub(crate) fn person(name: &str) -> (User, Account) {
    let mut user = User::new(UserId::new(format!("cm3{name}")));
    user.email = Some(format!("{name}@example.com"));
    let account = Account::new(AccountKey::new("google", name), user.id.clone(), "oidc");
    (user, account)
}

/// A session of thirty days.
pub(crate) fn session(name: &str, user: &User) -> NewSession {
    NewSession {
        token: StoredToken::hashed(name),
        keeping: Keeping::Stored,
        user_id: user.id.clone(),
        expires: NOW + Duration::days(30),
        details: SessionDetails::new(NOW, "google"),
        origin: None,
        replaces: Vec::new(),
        keep: 20,
    }
}

/// Whose session that is.
pub(crate) async fn whose(store: &Split, name: &str) -> Option<UserId> {
    let found = store.session(&StoredToken::hashed(name)).await.unwrap();
    found.map(|session| session.user.id)
}
