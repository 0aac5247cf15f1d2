//! Behind `PgBouncer` in transaction mode, where each transaction has another connection.

use betancourt_auth::store::{
    Keeping, NewSession, Perishable, SessionStore, Store, TokenStore, UserStore,
};
use betancourt_auth::{Account, AccountKey, SessionDetails, StoredToken, User, UserId};
use betancourt_auth_sqlx::SqlStore;
use sqlx::{Connection, PgConnection, query_scalar};
use time::macros::datetime;
use time::{Duration, OffsetDateTime};
use tokio::task::JoinSet;

use crate::database::pgbouncer;

const NOW: OffsetDateTime = datetime!(2033-05-18 03:33:20 UTC);
const PEOPLE: u64 = 40;

/// Somebody signs up, comes back and leaves.
async fn visit(store: SqlStore, name: String) {
    let user = User::new(UserId::new(&name));
    let account = Account::new(AccountKey::new("google", &name), user.id.clone(), "oidc");
    let session = NewSession {
        token: StoredToken::hashed(&name),
        keeping: Keeping::Stored,
        user_id: user.id.clone(),
        expires: NOW + Duration::DAY,
        details: SessionDetails::new(NOW, "google"),
        origin: None,
        replaces: Vec::new(),
        keep: 10,
    };
    assert!(store.spend(&name, NOW).await.unwrap());
    store.sign_up(&user, Some(&account), &session, &[]).await.unwrap();
    for _ in 0..5 {
        assert_eq!(store.session(&session.token).await.unwrap().unwrap().user, user);
        assert_eq!(store.user(&user.id).await.unwrap(), Some(user.clone()));
        assert!(store.extend(&session.token, NOW + Duration::days(2)).await.unwrap());
    }
    store.count("everybody", NOW, NOW + Duration::HOUR).await.unwrap();
    assert!(store.end_session(&session.token, &[]).await.unwrap());
    assert!(store.session(&session.token).await.unwrap().is_none());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn every_transaction_may_have_another_connection() {
    let Some(pooler) = pgbouncer::start().await else { return };
    let url = format!("{}?statement-cache-capacity=0", pooler.url);
    let patience = std::time::Duration::from_secs(30);
    let options = SqlStore::options().connections(30).patience(patience);
    let store = options.connect(&url).await.unwrap();
    let mut visits = JoinSet::new();
    for number in 0..PEOPLE {
        visits.spawn(visit(store.clone(), format!("person-{number}")));
    }
    visits.join_all().await;
    let counted = store.count("everybody", NOW, NOW + Duration::HOUR).await.unwrap();
    assert_eq!(u64::from(counted), PEOPLE + 1);
    assert_eq!(store.sweep(Perishable::Handshakes, NOW, 500).await.unwrap(), PEOPLE);

    let mut server = PgConnection::connect(&pooler.direct).await.unwrap();
    let used = "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()";
    let used: i64 = query_scalar(used).fetch_one(&mut server).await.unwrap();
    assert!((2..=5).contains(&used), "{used} connections for thirty");
}
