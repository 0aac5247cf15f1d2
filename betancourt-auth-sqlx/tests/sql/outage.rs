//! A database that goes away, and comes back.

use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;
use betancourt_auth::http_client::{HttpClient, Unreachable};
use betancourt_auth::provider::{Authorize, AuthorizeError, CredentialsProvider, Submitted};
use betancourt_auth::{Auth, Config, User};
use betancourt_auth_sqlx::SqlStore;
use bytes::Bytes;
use http::header::{COOKIE, HOST};
use http::{Request, Response, StatusCode};
use tokio::io::copy_bidirectional;
use tokio::net::{TcpListener, TcpStream};
use tokio::task::{JoinHandle, JoinSet};
use tokio::time::timeout;

use crate::database;

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

/// The way to a server: what is cut when it goes away, and refused until it is back.
struct Way {
    server: SocketAddr,
    here: SocketAddr,
    open: Option<JoinHandle<()>>,
}

impl Way {
    /// To the server that an address names, with the address by which it is reached on this way.
    async fn to(url: &str) -> (Self, String) {
        let (before, after) = url.split_once("127.0.0.1:").unwrap();
        let (port, after) = after.split_once('/').unwrap();
        let server = format!("127.0.0.1:{port}").parse().unwrap();
        let mut way = Self { server, here: "127.0.0.1:0".parse().unwrap(), open: None };
        way.open().await;
        let url = format!("{before}{}/{after}", way.here);
        (way, url)
    }

    async fn open(&mut self) {
        let listener = TcpListener::bind(self.here).await.unwrap();
        self.here = listener.local_addr().unwrap();
        let server = self.server;
        self.open = Some(tokio::spawn(async move {
            let mut connections = JoinSet::new();
            while let Ok((mut here, _)) = listener.accept().await {
                connections.spawn(async move {
                    let mut there = TcpStream::connect(server).await?;
                    copy_bidirectional(&mut here, &mut there).await
                });
            }
        }));
    }

    /// Ends every connection, and lets nobody in.
    async fn cut(&mut self) {
        let open = self.open.take().unwrap();
        open.abort();
        assert!(open.await.unwrap_err().is_cancelled());
    }
}

/// What somebody is answered who comes with the cookie of a session, within two seconds.
async fn answer(auth: &Auth) -> StatusCode {
    let asked = Request::get("/auth/session").header(HOST, "localhost:3000");
    let asked = asked.header(COOKIE, "authjs.session-token=4f9c2a52-6f5e-4a0a-9d1f-0a3c5b7d9e11");
    let answering = auth.handle(asked.body(Bytes::new()).unwrap());
    let answer = timeout(Duration::from_secs(2), answering).await;
    answer.expect("it takes longer than two seconds").status()
}

async fn goes_away_and_comes_back(url: &str) {
    let (mut way, url) = Way::to(url).await;
    let store = SqlStore::connect(&url).await.unwrap();
    let mut config =
        Config::new("http://localhost:3000", "a secret of at least 32 characters!!").unwrap();
    config.credentials = vec![CredentialsProvider::new(Arc::new(Nobody))];
    config.http_client = Some(Arc::new(Offline));
    let auth = Auth::new(config, store).unwrap();
    assert_eq!(answer(&auth).await, StatusCode::OK);
    for _ in 0..2 {
        way.cut().await;
        assert_eq!(answer(&auth).await, StatusCode::SERVICE_UNAVAILABLE);
        assert_eq!(answer(&auth).await, StatusCode::SERVICE_UNAVAILABLE);
        way.open().await;
        assert_eq!(answer(&auth).await, StatusCode::OK);
    }
}

#[tokio::test]
async fn mysql_may_go_away_and_come_back() {
    let Some(url) = database::mysql::url_after("").await else { return };
    goes_away_and_comes_back(&url).await;
}

#[tokio::test]
async fn postgresql_may_go_away_and_come_back() {
    let Some(url) = database::postgres::url_after("").await else { return };
    goes_away_and_comes_back(&url).await;
}
