//! People in SQLite, sessions in Redis.

use std::process::Command;
use std::sync::OnceLock;
use std::sync::atomic::{AtomicU32, Ordering};

use betancourt_auth::store::{Keeping, NewSession, SessionStore, SplitStore};
use betancourt_auth::{Account, AccountKey, SessionDetails, StoredToken, User, UserId};
use betancourt_auth_redis::RedisStore;
use betancourt_auth_sqlx::SqlStore;
use time::macros::datetime;
use time::{Duration, OffsetDateTime};

use crate::server::Server;

pub(crate) type Split = SplitStore<SqlStore, RedisStore>;

pub(crate) const NOW: OffsetDateTime = datetime!(2033-05-18 03:33:20.123 UTC);

/// An empty store on the server that all tests share.
pub(crate) async fn empty() -> Option<Split> {
    let (url, prefix) = shared()?;
    let keeper = RedisStore::options().prefix(prefix).connect(&url).await.unwrap();
    Some(beside(keeper).await)
}

/// The address of the server that all tests share, and a prefix for one of them.
fn shared() -> Option<(String, String)> {
    static SERVER: OnceLock<Option<Server>> = OnceLock::new();
    static NEXT: AtomicU32 = AtomicU32::new(0);
    let server = SERVER.get_or_init(|| Server::start(&[])).as_ref()?;
    Some((server.url(), format!("test-{}", NEXT.fetch_add(1, Ordering::Relaxed))))
}

/// What `redis-cli` answers.
pub(crate) fn cli(port: u16, words: &[&str]) -> String {
    let mut command = Command::new("redis-cli");
    let answer = command.args(["-p", &port.to_string()]).args(words).output().unwrap();
    String::from_utf8(answer.stdout).unwrap().trim().to_owned()
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
