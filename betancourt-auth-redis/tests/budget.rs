//! How many commands and how many statements each intention costs, as Redis and sqlx tell of them, without BEGIN and
//! COMMIT.
#![cfg(test)]

#[path = "../../betancourt-auth-sqlx/tests/sql/database/counter.rs"]
mod counter;
#[path = "redis/server.rs"]
mod server;

use std::fmt::Debug;
use std::future::Future;
use std::io::{BufRead, BufReader, Write};
use std::net::TcpStream;

use betancourt_auth::store::{
    AccountStore, Keeping, Mailbox, NewSession, SessionStore, SplitStore, Store, TokenStore,
};
use betancourt_auth::{
    Account, AccountKey, AuditEvent, AuditKind, SessionDetails, StoredToken, User, UserId,
};
use betancourt_auth_redis::RedisStore;
use betancourt_auth_sqlx::SqlStore;
use time::macros::datetime;
use time::{Duration, OffsetDateTime};

const NOW: OffsetDateTime = datetime!(2033-05-18 03:33:20 UTC);

/// What a Redis is told, from the moment on in which this was made.
struct Monitor {
    told: BufReader<TcpStream>,
    port: u16,
}

impl Monitor {
    fn of(port: u16) -> Self {
        let mut stream = TcpStream::connect(("127.0.0.1", port)).unwrap();
        stream.write_all(b"MONITOR\r\n").unwrap();
        let mut told = BufReader::new(stream);
        told.read_line(&mut String::new()).unwrap(); // +OK
        Self { told, port }
    }

    /// How many commands came since it was asked last. What a script does is part of the script.
    fn commands(&mut self) -> usize {
        let mut marking = TcpStream::connect(("127.0.0.1", self.port)).unwrap();
        marking.write_all(b"ECHO enough\r\n").unwrap();
        let (mut commands, mut line) = (0, String::new());
        loop {
            line.clear();
            self.told.read_line(&mut line).unwrap();
            if line.contains("\"ECHO\" \"enough\"") {
                return commands;
            }
            commands += usize::from(!line.contains(" lua]"));
        }
    }
}

/// What an intention answers, and how many commands and statements it took.
async fn counted<T, E: Debug>(
    monitor: &mut Monitor,
    intention: impl Future<Output = Result<T, E>>,
) -> (T, [usize; 2]) {
    monitor.commands();
    let before = counter::so_far();
    let answer = intention.await.unwrap();
    (answer, [monitor.commands(), counter::so_far() - before])
}

fn session(name: &str, user: &User) -> NewSession {
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

/// One test alone in its process, because every statement of the process is counted.
#[tokio::test]
async fn every_intention_keeps_to_its_budget() {
    let Some(server) = server::Server::start(&[]) else { return };
    counter::begin();
    let keeper = RedisStore::connect(&server.url()).await.unwrap();
    let store = SplitStore::new(SqlStore::connect("sqlite::memory:").await.unwrap(), keeper);
    let mut ada = User::new(UserId::new("cm3ada"));
    ada.email = Some("ada@example.com".to_owned());
    let account = Account::new(AccountKey::new("google", "1042"), ada.id.clone(), "oidc");
    let audit = [AuditEvent::new(NOW, AuditKind::SignedIn).about(&ada.id)];
    teach(&store, &ada, &account).await;
    let monitor = &mut Monitor::of(server.port);
    let unchanged = Mailbox::Unchanged;

    let (_, spend) = counted(monitor, store.spend("handshake", NOW)).await;
    let (_, count) = counted(monitor, store.count("network", NOW, NOW)).await;
    let (_, candidates) = counted(monitor, store.candidates(&account.key, None)).await;
    let first = session("first", &ada);
    let (_, sign_up) = counted(monitor, store.sign_up(&ada, Some(&account), &first, &audit)).await;
    assert_eq!((spend, count, candidates), ([1, 0], [1, 0], [0, 1]));
    assert_eq!(sign_up, [2, 6]);
    assert!(candidates[1] + sign_up[1] <= 8, "a first sign-in takes eight statements");

    let second = session("second", &ada);
    let (_, sign_in) = counted(monitor, store.sign_in(&account, unchanged, &second, &audit)).await;
    assert_eq!(sign_in, [2, 5]);
    assert!(candidates[1] + sign_in[1] <= 6, "a returning sign-in takes six statements");

    let (found, read) = counted(monitor, store.session(&second.token)).await;
    let (nobody, of_nobody) =
        counted(monitor, store.session(&StoredToken::hashed("of nobody"))).await;
    assert!(found.is_some() && nobody.is_none());
    assert_eq!((read, of_nobody), ([1, 1], [1, 1]));
    let later = NOW + Duration::days(60);
    let (_, extend) = counted(monitor, store.extend(&second.token, later)).await;
    assert_eq!(extend, [1, 0]);

    let (_, end) = counted(monitor, store.end_session(&second.token, &audit)).await;
    assert_eq!(end, [2, 3], "it is noted in SQL that it ended");
    let (ended, end_all) = counted(monitor, store.end_sessions(&ada.id, NOW, &audit)).await;
    assert_eq!((ended, end_all), (1, [1, 4]));
}

/// Has Redis know every script: it is told the text of each once.
async fn teach(store: &SplitStore<SqlStore, RedisStore>, ada: &User, account: &Account) {
    let taught = session("taught", ada);
    store.spend("taught", NOW).await.unwrap();
    store.count("taught", NOW, NOW).await.unwrap();
    store.sign_up(ada, Some(account), &taught, &[]).await.unwrap();
    store.extend(&taught.token, NOW).await.unwrap();
    store.end_session(&taught.token, &[]).await.unwrap();
    store.end_sessions(&ada.id, NOW, &[]).await.unwrap();
    betancourt_auth::store::UserStore::delete_user(store, &ada.id, &[]).await.unwrap();
}
