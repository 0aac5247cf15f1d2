//! Two processes on one PostgreSQL, each with a cache of sessions: what one ends, the other one hears.

use std::time::Duration;

use betancourt_auth::http_client::{HttpClient, Unreachable};
use betancourt_auth::store::{Keeping, NewSession, Store as _};
use betancourt_auth::testing::ManualClock;
use betancourt_auth::{Auth, Config, SessionDetails, StoredToken, User, UserId, clock::Clock as _};
use betancourt_auth_sqlx::SqlStore;
use bytes::Bytes;
use http::header::COOKIE;
use http::{HeaderMap, Request, Response};
use sqlx::{Connection, PgConnection, query_scalar};
use time::macros::datetime;
use tokio::time::timeout;

use crate::database::postgres::url_after;

const TOKEN: &str = "4f9c2a52-6f5e-4a0a-9d1f-0a3c5b7d9e11";
const CACHE_FOR: time::Duration = time::Duration::seconds(5);
/// News comes at once. A test that waits so long for it has waited in vain.
const IN_VAIN: Duration = Duration::from_secs(20);

/// There are no providers to speak to.
#[derive(Debug)]
struct Nobody;

#[async_trait::async_trait]
impl HttpClient for Nobody {
    async fn send(&self, _: Request<Bytes>) -> Result<Response<Bytes>, Unreachable> {
        Err(Unreachable::because("nobody is there"))
    }
}

/// One of the processes.
struct Process {
    auth: Auth,
    store: SqlStore,
}

impl Process {
    async fn start(url: &str, clock: &ManualClock, has_wire: bool) -> Self {
        let store = SqlStore::connect(url).await.unwrap();
        let mut config =
            Config::new("https://app.example.com", "a secret of at least 32 characters!!").unwrap();
        config.clock = std::sync::Arc::new(clock.clone());
        config.session.cache_for = CACHE_FOR;
        // Whoever waits for an end looks again so seldom that only news can tell them.
        config.session.recheck_after = time::Duration::hours(1);
        config.http_client = Some(std::sync::Arc::new(Nobody));
        if has_wire {
            config.newswire = store.newswire().await.unwrap();
        }
        Self { auth: Auth::new(config, store.clone()).unwrap(), store }
    }

    async fn knows(&self) -> Option<betancourt_auth::Session> {
        self.auth.session(&cookie()).await.unwrap()
    }
}

fn cookie() -> HeaderMap {
    let cookie = format!("__Secure-authjs.session-token={TOKEN}");
    HeaderMap::from_iter([(COOKIE, cookie.parse().unwrap())])
}

/// All tests share one wire, so each has a person of its own.
async fn sign_up(store: &SqlStore, name: &str, clock: &ManualClock) -> User {
    let user = User::new(UserId::new(name));
    let now = clock.now();
    let session = NewSession {
        token: StoredToken::hashed(TOKEN),
        keeping: Keeping::Stored,
        user_id: user.id.clone(),
        expires: now + time::Duration::days(30),
        details: SessionDetails::new(now, "google"),
        origin: None,
        replaces: Vec::new(),
        keep: 10,
    };
    store.sign_up(&user, None, &session, &[]).await.unwrap();
    user
}

/// Ends what the process at `url` listens on, and says how many connections that were.
async fn cut(url: &str) -> i64 {
    let mut connection = PgConnection::connect(url).await.unwrap();
    let ended = query_scalar(
        "SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity
         WHERE query = 'LISTEN \"betancourt_auth\"' AND application_name = current_setting('application_name')",
    );
    ended.fetch_one(&mut connection).await.unwrap()
}

#[tokio::test]
async fn what_one_process_ends_the_other_one_hears() {
    let Some(url) = url_after("").await else { return };
    let clock = ManualClock::at(datetime!(2033-05-18 03:33:20 UTC));
    let here = Process::start(&url, &clock, true).await;
    let there = Process::start(&url, &clock, true).await;
    let deaf = Process::start(&url, &clock, false).await;
    let user = sign_up(&here.store, "ada", &clock).await;
    for process in [&here, &there, &deaf] {
        assert_ne!(process.knows().await.unwrap().user.role, "ADMIN");
    }

    // A role: what waits for the end of a session is woken by the news, looks, and waits on.
    here.auth.set_role(&user.id, "ADMIN").await.unwrap();
    let there_knows = async {
        while there.knows().await.unwrap().user.role != "ADMIN" {
            tokio::task::yield_now().await;
        }
    };
    timeout(IN_VAIN, there_knows).await.unwrap();
    assert_ne!(deaf.knows().await.unwrap().user.role, "ADMIN");

    // The end. The clock stands still: nothing but news tells of it.
    let visit = there.auth.visit(&cookie()).await.unwrap();
    let over = async { there.auth.signed_out(&visit).await };
    let end = async { here.auth.sign_out_everywhere(&user.id).await.unwrap() };
    let (over, ended) = tokio::join!(timeout(IN_VAIN, over), end);
    over.unwrap();
    assert_eq!(ended, 1);
    assert!(here.knows().await.is_none() && there.knows().await.is_none());
    // Without the wire it is known in time.
    assert!(deaf.knows().await.is_some());
    clock.advance(CACHE_FOR);
    assert!(deaf.knows().await.is_none());
}

#[tokio::test]
async fn a_wire_that_was_cut_is_mended_and_what_was_missed_is_asked_again() {
    let Some(url) = url_after("").await else { return };
    let named = format!("{url}&application_name=cut");
    let clock = ManualClock::at(datetime!(2033-05-18 03:33:20 UTC));
    let here = Process::start(&url, &clock, false).await; // tells nobody anything
    let there = Process::start(&named, &clock, true).await;
    let user = sign_up(&here.store, "grace", &clock).await;
    assert!(there.knows().await.is_some());
    here.auth.sign_out_everywhere(&user.id).await.unwrap();
    assert!(there.knows().await.is_some(), "the cache is on, and nobody has told");
    assert_eq!(cut(&named).await, 1);
    let there_knows = async {
        while there.knows().await.is_some() {
            tokio::task::yield_now().await;
        }
    };
    timeout(IN_VAIN, there_knows).await.unwrap();
    assert_eq!(cut(&named).await, 1, "nobody listens any more");
}
