//! A Redis that goes away, stops answering, comes back with all it had, or with less.

use std::process::Command;
use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;
use betancourt_auth::http_client::{HttpClient, Unreachable};
use betancourt_auth::provider::{Authorize, AuthorizeError, CredentialsProvider, Submitted};
use betancourt_auth::store::{SessionKeeper, SessionStore, Store};
use betancourt_auth::{Auth, Config, User};
use betancourt_auth_redis::{Caution, RedisStore};
use bytes::Bytes;
use http::header::{COOKIE, HOST};
use http::{Request, Response, StatusCode};
use tokio::time::timeout;

use crate::scene::{self, person, session, whose};
use crate::server::Server;

/// Nobody is let in.
#[derive(Debug)]
struct Nobody;

#[async_trait]
impl Authorize for Nobody {
    async fn authorize(&self, _: &Submitted) -> Result<User, AuthorizeError> {
        Err(AuthorizeError::rejected())
    }
}

/// No provider is asked for anything.
#[derive(Debug)]
struct Offline;

#[async_trait]
impl HttpClient for Offline {
    async fn send(&self, _: Request<Bytes>) -> Result<Response<Bytes>, Unreachable> {
        Err(Unreachable::because("nobody is asked"))
    }
}

fn auth(store: impl Store + 'static) -> Auth {
    let mut config =
        Config::new("http://localhost:3000", "a secret of at least 32 characters!!").unwrap();
    config.credentials = vec![CredentialsProvider::new(Arc::new(Nobody))];
    config.http_client = Some(Arc::new(Offline));
    Auth::new(config, store).unwrap()
}

/// What somebody is answered who comes with that cookie, within two seconds: the status, and whether they are signed in.
async fn answer(auth: &Auth, cookie: &str) -> (StatusCode, bool) {
    let asked = Request::get("/auth/session").header(HOST, "localhost:3000");
    let asked = asked.header(COOKIE, format!("authjs.session-token={cookie}"));
    let answering = auth.handle(asked.body(Bytes::new()).unwrap());
    let answer = timeout(Duration::from_secs(2), answering).await;
    let answer = answer.expect("it takes longer than two seconds");
    let is_signed_in = String::from_utf8_lossy(answer.body()).contains("ada@example.com");
    (answer.status(), is_signed_in)
}

/// A server that has whatever it said that it has: by default it may lose a second.
const DURABLE: [&str; 4] = ["--appendonly", "yes", "--appendfsync", "always"];

/// Cookies, and names of sessions.
const OF_ADA: &str = "4f9c2a52-6f5e-4a0a-9d1f-0a3c5b7d9e11";
const OF_NOBODY: &str = "d0a1f1ce-6d2b-4c6e-8d57-5e2c1d6f7a90";

const SIGNED_IN: (StatusCode, bool) = (StatusCode::OK, true);
const SIGNED_OUT: (StatusCode, bool) = (StatusCode::OK, false);
const AWAY: (StatusCode, bool) = (StatusCode::SERVICE_UNAVAILABLE, false);

#[tokio::test]
async fn a_redis_may_be_killed_and_come_back() {
    let Some(mut server) = Server::start(&DURABLE) else { return };
    let store = scene::beside(RedisStore::connect(&server.url()).await.unwrap()).await;
    let (ada, account) = person("ada");
    store.sign_up(&ada, Some(&account), &session(OF_ADA, &ada), &[]).await.unwrap();
    let auth = auth(store);
    assert_eq!(answer(&auth, OF_ADA).await, SIGNED_IN);
    for _ in 0..2 {
        server.kill();
        for _ in 0..2 {
            assert_eq!(answer(&auth, OF_ADA).await, AWAY);
            assert_eq!(answer(&auth, OF_NOBODY).await, AWAY);
        }
        server.start_again();
        assert_eq!(answer(&auth, OF_ADA).await, SIGNED_IN);
        assert_eq!(answer(&auth, OF_NOBODY).await, SIGNED_OUT);
    }
}

#[tokio::test]
async fn a_redis_that_was_restarted_between_two_requests_is_not_missed() {
    let Some(mut server) = Server::start(&DURABLE) else { return };
    let store = scene::beside(RedisStore::connect(&server.url()).await.unwrap()).await;
    let (ada, account) = person("ada");
    store.sign_up(&ada, Some(&account), &session(OF_ADA, &ada), &[]).await.unwrap();
    let auth = auth(store);
    server.kill();
    server.start_again();
    assert_eq!(answer(&auth, OF_ADA).await, SIGNED_IN);
}

#[tokio::test]
async fn a_redis_that_stops_answering_is_not_waited_for() {
    let Some(server) = Server::start(&[]) else { return };
    let store = scene::beside(RedisStore::connect(&server.url()).await.unwrap()).await;
    let (ada, account) = person("ada");
    store.sign_up(&ada, Some(&account), &session(OF_ADA, &ada), &[]).await.unwrap();
    let auth = auth(store);
    let info = scene::cli(server.port, &["INFO", "server"]);
    let id = info.lines().find_map(|line| line.trim().strip_prefix("process_id:")).unwrap();
    let signal = |signal: &str| {
        assert!(Command::new("kill").args([signal, id]).status().unwrap().success());
    };
    signal("-STOP");
    assert_eq!(answer(&auth, OF_ADA).await, AWAY);
    let many = (0..20).map(|_| answer(&auth, OF_ADA));
    for answer in futures(many).await {
        assert_eq!(answer, AWAY);
    }
    signal("-CONT");
    assert_eq!(answer(&auth, OF_ADA).await, SIGNED_IN);
}

/// Lets all run side by side.
async fn futures<T>(all: impl Iterator<Item = impl Future<Output = T>>) -> Vec<T> {
    let mut running: Vec<_> = all.map(Box::pin).collect();
    let mut answers = Vec::new();
    std::future::poll_fn(|task| {
        running.retain_mut(|one| match one.as_mut().poll(task) {
            std::task::Poll::Ready(answer) => {
                answers.push(answer);
                false
            }
            std::task::Poll::Pending => true,
        });
        if running.is_empty() { std::task::Poll::Ready(()) } else { std::task::Poll::Pending }
    })
    .await;
    answers
}

/// FAULT-07 with a real death: a copy of the disk from a moment ago is what the server comes back with.
#[tokio::test]
async fn a_redis_that_lost_its_last_moments_signs_out_and_lets_nobody_back_in() {
    let Some(mut server) = Server::start(&["--appendonly", "no"]) else { return };
    let store = scene::beside(RedisStore::connect(&server.url()).await.unwrap()).await;
    let ((ada, of_ada), (ben, of_ben)) = (person("ada"), person("ben"));
    let unchanged = betancourt_auth::store::Mailbox::Unchanged;
    store.sign_up(&ada, Some(&of_ada), &session("of-ada", &ada), &[]).await.unwrap();
    store.sign_up(&ben, Some(&of_ben), &session("of-ben", &ben), &[]).await.unwrap();
    store.sign_in(&of_ada, unchanged, &session("left", &ada), &[]).await.unwrap();
    store.sign_in(&of_ben, unchanged, &session("everywhere", &ben), &[]).await.unwrap();
    assert_eq!(scene::cli(server.port, &["SAVE"]), "OK"); // what is on disk

    store.sign_in(&of_ada, unchanged, &session("lost", &ada), &[]).await.unwrap();
    let left = betancourt_auth::StoredToken::hashed("left");
    assert!(store.end_session(&left, &[]).await.unwrap());
    assert_eq!(store.end_sessions(&ben.id, scene::NOW, &[]).await.unwrap(), 2);
    assert_eq!(whose(&store, "lost").await, Some(ada.id.clone()));
    server.kill();
    server.start_again();

    assert!(store.keeper().kept(&left).await.unwrap().is_some(), "Redis has it again");
    assert_eq!(whose(&store, "left").await, None, "but it has ended");
    for ended in ["of-ben", "everywhere"] {
        assert_eq!(whose(&store, ended).await, None, "{ended}");
    }
    assert_eq!(whose(&store, "lost").await, None, "who signed in a moment ago is signed out");
    assert_eq!(whose(&store, "of-ada").await, Some(ada.id.clone()), "nobody else is");
    store.sign_in(&of_ben, unchanged, &session("again", &ben), &[]).await.unwrap();
    store.sign_in(&of_ada, unchanged, &session("lost", &ada), &[]).await.unwrap();
    assert_eq!(whose(&store, "again").await, Some(ben.id));
    assert_eq!(whose(&store, "lost").await, Some(ada.id));
}

#[tokio::test]
async fn settings_that_make_a_redis_forget_are_named() {
    let Some(server) = Server::start(&["--appendonly", "yes"]) else { return };
    let store = RedisStore::connect(&server.url()).await.unwrap();
    assert_eq!(store.cautions().await.unwrap(), []);
    for setting in
        [["maxmemory", "10mb"], ["maxmemory-policy", "allkeys-lru"], ["appendonly", "no"]]
    {
        assert_eq!(scene::cli(server.port, &["CONFIG", "SET", setting[0], setting[1]]), "OK");
    }
    let expected = [Caution::Evicts("allkeys-lru".to_owned()), Caution::Volatile];
    assert_eq!(store.cautions().await.unwrap(), expected);
}
