//! The binary beside a primary and a replica of it: pages ask the replica, where `DATABASE_READ_URL` says so.

use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use betancourt_auth::clock::{Clock as _, SystemClock};
use betancourt_auth::store::{Keeping, NewSession, Store as _};
use betancourt_auth::{SessionDetails, StoredToken, User, UserId};
use betancourt_auth_sqlx::SqlStore;

use crate::binary::{Folder, free_port, get_with, wait_for};
use crate::replicated::{LOOK_UP, Replicated};
use crate::support::SESSION;

#[tokio::test]
#[cfg(unix)]
async fn pages_ask_a_replica_where_database_read_url_says_so() {
    let Some(servers) = Replicated::start() else { return };
    let (folder, port) = (Folder::new("replica"), free_port());
    let variables = [
        ("PORT", port.as_str()),
        ("DATABASE_URL", &servers.primary.url),
        ("DATABASE_READ_URL", &servers.replica.url),
    ];
    let mut site = folder.site(&[], &variables);
    let mut site = site.stdout(Stdio::piped()).stderr(Stdio::null()).spawn().unwrap();
    let said = wait_for(&mut site, 4);
    assert!(said.contains("Pages ask postgres://…@127.0.0.1:"), "{said}");

    let now = SystemClock.now();
    let mut ana = User::new(UserId::new("ana"));
    ana.name = Some("Ana Prada".to_owned());
    let session = NewSession {
        token: StoredToken::hashed(SESSION),
        keeping: Keeping::Stored,
        user_id: ana.id.clone(),
        expires: now + time::Duration::days(30),
        details: SessionDetails::new(now, "google"),
        origin: None,
        replaces: Vec::new(),
        keep: 10,
    };
    let store = SqlStore::open(&servers.primary.url).await.unwrap();
    store.sign_up(&ana, None, &session, &[]).await.unwrap();
    let cookie = format!("authjs.session-token={SESSION}");
    let dashboard = || get_with(&port, "/dashboard", &cookie);
    let began = Instant::now();
    loop {
        let before = servers.primary.was_sent(LOOK_UP);
        assert!(dashboard().contains("Ana Prada"), "whoever answers, she is signed in");
        if servers.primary.was_sent(LOOK_UP) == before {
            break;
        }
        assert!(began.elapsed() < Duration::from_secs(30), "the replica is never asked");
    }
    assert!(servers.replica.was_sent(LOOK_UP) > 0);
    assert!(Command::new("kill").args([&site.id().to_string()]).status().unwrap().success());
    assert_eq!(site.wait().unwrap().code(), Some(0));

    let alone = [("PORT", port.as_str()), ("DATABASE_READ_URL", &servers.replica.url)];
    let said = String::from_utf8(folder.run(&[], &alone).stderr).unwrap();
    assert!(
        said.contains("begins with `sqlite:`, and replicas are there for PostgreSQL"),
        "{said}"
    );
}
