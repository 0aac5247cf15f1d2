//! A master that Sentinels know, and its successor.

use std::fs;
use std::path::Path;

use betancourt_auth::StoredToken;
use betancourt_auth::store::{Mailbox, SessionStore, Store};
use betancourt_auth_redis::RedisStore;

use crate::scene::{self, cli, person, session, whose};
use crate::server::{Server, free_port};

/// A Sentinel that calls a master `studio`, and takes half a second to see that it is gone.
fn sentinel(of: &Server) -> Server {
    let port = free_port();
    let name = format!("redis-sentinel-{}-{port}.conf", std::process::id());
    let file = Path::new(env!("CARGO_TARGET_TMPDIR")).join(name);
    let lines = [
        format!("port {port}"),
        format!("sentinel monitor studio 127.0.0.1 {} 1", of.port),
        "sentinel down-after-milliseconds studio 500".to_owned(),
        "sentinel failover-timeout studio 2000".to_owned(),
    ];
    fs::write(&file, lines.join("\n")).unwrap();
    let settings = vec![file.to_str().unwrap().to_owned(), "--sentinel".to_owned()];
    let server = Server::start_on(port, settings).unwrap();
    fs::remove_file(file).unwrap();
    server
}

#[tokio::test]
async fn who_is_signed_in_stays_so_when_another_server_becomes_the_master() {
    let Some(mut master) = Server::start(&[]) else { return };
    let of_master = ["--replicaof".to_owned(), format!("127.0.0.1 {}", master.port)];
    let replica = Server::start(&of_master.each_ref().map(String::as_str)).unwrap();
    let sentinel = sentinel(&master);
    scene::until("the Sentinel knows the replica", async || {
        cli(sentinel.port, &["SENTINEL", "REPLICAS", "studio"]).contains(&replica.port.to_string())
    })
    .await;

    let url = format!("redis+sentinel://127.0.0.1:{}/studio", sentinel.port);
    let store = scene::beside(RedisStore::connect(&url).await.unwrap()).await;
    scene::works(&store, "cho").await;
    let (ada, account) = person("ada");
    store.sign_up(&ada, Some(&account), &session("of-ada", &ada), &[]).await.unwrap();
    assert_eq!(cli(master.port, &["WAIT", "1", "5000"]), "1");
    master.kill();
    let token = StoredToken::hashed("of-ada");
    assert!(store.session(&token).await.is_err(), "nobody is the master");
    scene::until("another one is the master", async || store.session(&token).await.is_ok()).await;

    assert_eq!(whose(&store, "of-ada").await, Some(ada.id.clone()));
    let again = session("again", &ada);
    scene::until("it takes what is written", async || {
        store.sign_in(&account, Mailbox::Unchanged, &again, &[]).await.is_ok()
    })
    .await;
    assert_eq!(whose(&store, "again").await, Some(ada.id));
    assert!(cli(replica.port, &["ROLE"]).starts_with("master"));
}
