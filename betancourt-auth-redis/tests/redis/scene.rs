//! People in SQLite, sessions in Redis.

use std::process::Command;
use std::sync::OnceLock;
use std::sync::atomic::{AtomicU32, Ordering};

use betancourt_auth::store::{
    Keeping, Mailbox, NewSession, SessionStore, SplitStore, Store, TokenStore, UserStore,
};
use betancourt_auth::{
    Account, AccountKey, SessionDetails, StoredToken, User, UserId, VerificationToken,
};
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

/// Signs somebody up and in, reads and ends their sessions, spends, counts and takes, each as it should be.
pub(crate) async fn works(store: &Split, name: &str) {
    let (user, account) = person(name);
    let [first, second] = ["first", "second"].map(|which| format!("{which}-of-{name}"));
    store.sign_up(&user, Some(&account), &session(&first, &user), &[]).await.unwrap();
    let new = NewSession { replaces: vec![StoredToken::hashed(&first)], ..session(&second, &user) };
    store.sign_in(&account, Mailbox::Unchanged, &new, &[]).await.unwrap();
    assert_eq!(whose(store, &first).await, None);
    assert_eq!(whose(store, &second).await, Some(user.id.clone()));
    assert_eq!(store.sessions(&user.id, NOW).await.unwrap().len(), 1);

    let later = NOW + Duration::minutes(10);
    assert!(store.spend(name, later).await.unwrap() && !store.spend(name, later).await.unwrap());
    for expected in 1..=3 {
        assert_eq!(store.count(name, NOW, later).await.unwrap(), expected);
    }
    let (identifier, token) = (format!("{name}@example.com"), format!("token-of-{name}"));
    let kept = VerificationToken { identifier: identifier.clone(), token, expires: later };
    store.keep_tokens(&identifier, std::slice::from_ref(&kept)).await.unwrap();
    let taken = store.take_token(&identifier, &[&kept.token]).await.unwrap();
    assert_eq!(taken, Some(kept.clone()));
    assert_eq!(store.take_token(&identifier, &[&kept.token]).await.unwrap(), None);

    assert!(store.end_session(&StoredToken::hashed(&second), &[]).await.unwrap());
    assert_eq!(whose(store, &second).await, None);
    assert!(store.delete_user(&user.id, &[]).await.unwrap());
}

/// Waits for servers to have agreed on something.
pub(crate) async fn until(what: &str, mut agreed: impl AsyncFnMut() -> bool) {
    let began = std::time::Instant::now();
    while !agreed().await {
        assert!(began.elapsed().as_secs() < 30, "in vain: {what}");
        tokio::time::sleep(std::time::Duration::from_millis(50)).await;
    }
}
