//! nginx strips a prefix, as the guide has it, and an application of either adapter stands behind it.

mod with_axum;
mod with_rocket;

use std::io::{Read as _, Write as _};
use std::net::{SocketAddr, TcpStream};
use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;
use betancourt_auth::hook::{Callbacks, Sealing};
use betancourt_auth::store::MemoryStore;
use betancourt_auth::{Auth, Config, Strategy};
use betancourt_auth_dev::LookAlikes;
use http::StatusCode;
use serde_json::{Map, Value};
use url::Url;

use crate::app::{SECRET, free_port};
use crate::nginx::Nginx;
use crate::user_agent::{Page, UserAgent};

const PERSON: &str = "ana-restrepo@gmail.com";
const PREFIX: &str = "/app";
const GUIDE: &str = include_str!("../../../../docs/src/guide/whole-routers.md");

/// An application with the page `/dashboard` and the WebSocket `/live` for people who are signed in, on a port.
trait Application {
    async fn start(port: u16, auth: Auth) -> Self;
}

/// An application, what strips its prefix, and who stands in for a provider.
struct Stage<A> {
    _application: A,
    _nginx: Nginx,
    look_alikes: LookAlikes,
    /// The application as people see it, with a `/` at the end.
    url: Url,
}

impl<A: Application> Stage<A> {
    async fn start(configure: impl FnOnce(&mut Config)) -> Option<Self> {
        let (program, port) = Nginx::prepare()?;
        let behind = free_port();
        let origin = format!("http://localhost:{port}");
        let look_alikes = LookAlikes::start(&format!("{origin}{PREFIX}/auth")).await.unwrap();
        let mut config = Config::new(&origin, SECRET).unwrap();
        config.base_path = format!("{PREFIX}/auth");
        config.stripped_prefix = PREFIX.to_owned();
        config.registrations = look_alikes.registrations();
        configure(&mut config);
        let auth = Auth::new(config, MemoryStore::default()).unwrap();
        let application = A::start(behind, auth).await;
        let nginx = Nginx::start(program, port, &as_in_the_guide(port, behind));
        let url = Url::parse(&format!("{origin}{PREFIX}/")).unwrap();
        Some(Self { _application: application, _nginx: nginx, look_alikes, url })
    }

    fn address(&self, path: &str) -> Url {
        self.url.join(path).unwrap()
    }

    /// Asks for a page, is sent to sign in, and comes back to it.
    async fn sign_in(&self, browser: &mut UserAgent, path: &str) -> Page {
        let choice = browser.open(&self.address(path)).await;
        assert_eq!(choice.url.path(), format!("{PREFIX}/auth/signin"), "{choice:?}");
        let google = self.address("auth/signin/google");
        let begun = browser.post(&choice.url, &google, &form(&choice)).await;
        let authorize = browser.follow_until(begun, self.look_alikes.url().as_str()).await;
        let back = self.look_alikes.approve(authorize.as_str(), PERSON).await.unwrap();
        let back = back.location();
        assert!(back.as_str().starts_with(self.address("auth/callback/google").as_str()));
        browser.open(&back).await
    }

    /// Opens the WebSocket in a browser, from a page of this origin: the connection, and the status of the answer.
    fn open_socket(&self, browser: &UserAgent, origin: &str) -> (TcpStream, String) {
        let url = self.address("live");
        let (host, path) = (url.authority(), url.path());
        let cookies = browser.cookies_for(&url, None);
        let request = format!(
            "GET {path} HTTP/1.1\r\nHost: {host}\r\nOrigin: {origin}\r\nCookie: {cookies}\r\n\
             Connection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\n\
             Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n"
        );
        let port = url.port().unwrap();
        let mut socket = TcpStream::connect(SocketAddr::from(([127, 0, 0, 1], port))).unwrap();
        socket.set_read_timeout(Some(Duration::from_secs(30))).unwrap();
        socket.write_all(request.as_bytes()).unwrap();
        let answer = read_until(&mut socket, b"\r\n");
        let status = answer.split(' ').nth(1).unwrap().to_owned();
        (socket, status)
    }
}

/// The settings that the guide shows, around ports of this machine.
fn as_in_the_guide(port: u16, behind: u16) -> String {
    let blocks: Vec<_> = GUIDE.split("```nginx\n").skip(1).collect();
    let [http, server, ..] = blocks[..] else { panic!("the guide shows two parts") };
    let part = |block: &str| block.split("```").next().unwrap().to_owned();
    let server = part(server);
    assert!(server.contains("http://127.0.0.1:3000/;"), "{server}");
    let server = server.replace("127.0.0.1:3000", &format!("127.0.0.1:{behind}"));
    format!("{}server {{\nlisten 127.0.0.1:{port};\n{server}}}\n", part(http))
}

/// The hidden fields of the form that begins a sign-in.
fn form(page: &Page) -> Vec<(&str, &str)> {
    let value = |name: &str| {
        let rest = page.body.split(&format!(r#"name="{name}" value=""#)).nth(1).unwrap();
        rest.split('"').next().unwrap()
    };
    vec![("csrfToken", value("csrfToken")), ("callbackUrl", value("callbackUrl"))]
}

fn read_until(socket: &mut TcpStream, sign: &[u8]) -> String {
    let (mut read, mut byte) = (Vec::new(), [0]);
    while !read.ends_with(sign) {
        socket.read_exact(&mut byte).unwrap();
        read.push(byte[0]);
    }
    String::from_utf8_lossy(&read).into_owned()
}

/// Somebody comes to a page, signs in, sees it, talks to it over a WebSocket, and signs out, all below the prefix.
async fn people_sign_in_below_a_stripped_prefix<A: Application>() {
    let Some(stage) = Stage::<A>::start(|_| {}).await else { return };
    let mut browser = UserAgent::new();
    let page = stage.sign_in(&mut browser, "dashboard?tab=2").await;
    assert_eq!((page.status, &*page.body), (StatusCode::OK, "Hello Ana Restrepo"));
    assert_eq!(page.url, stage.address("dashboard?tab=2"));

    let ours = stage.url.origin().ascii_serialization();
    let (_, foreign) = stage.open_socket(&browser, "https://elsewhere.example");
    let (_, nobody) = stage.open_socket(&UserAgent::new(), &ours);
    let (mut socket, switched) = stage.open_socket(&browser, &ours);
    assert_eq!([&*foreign, &*nobody, &*switched], ["403", "401", "101"]);
    read_until(&mut socket, b"Hello Ana Restrepo");

    let leaving = browser.open(&stage.address("auth/signout")).await;
    let left = browser.submit(&leaving, &[]).await;
    assert!(left.url.path().starts_with(PREFIX), "{left:?}");
    let mut rest = Vec::new();
    socket.read_to_end(&mut rest).unwrap();
    assert!(rest.contains(&0x88), "a closing frame (RFC 6455 §5.5.1)");
    let again = browser.open(&stage.address("dashboard")).await;
    assert_eq!(again.url.path(), format!("{PREFIX}/auth/signin"));
}

/// Puts as much into a session as takes three cookies.
#[derive(Debug)]
struct Collector;

#[async_trait]
impl Callbacks for Collector {
    async fn jwt(
        &self,
        mut token: Map<String, Value>,
        _: &Sealing<'_>,
    ) -> Option<Map<String, Value>> {
        token.insert("collection".to_owned(), "x".repeat(7000).into());
        Some(token)
    }
}

/// A sealed session of several cookies is larger than what nginx takes unless it is told.
async fn large_sessions_pass<A: Application>() {
    let configure = |config: &mut Config| {
        config.session.strategy = Strategy::Jwt;
        config.callbacks = Arc::new(Collector);
    };
    let Some(stage) = Stage::<A>::start(configure).await else { return };
    let mut browser = UserAgent::new();
    let page = stage.sign_in(&mut browser, "dashboard").await;
    assert_eq!((page.status, &*page.body), (StatusCode::OK, "Hello Ana Restrepo"));
    let cookies = browser.cookies_for(&page.url, None);
    assert!(cookies.contains("authjs.session-token.2=") && cookies.len() > 9000, "{cookies}");
}

/// Each of them with each adapter.
macro_rules! adapters {
    ($($module:ident: $application:ty,)*) => {$(
        mod $module {
            #[tokio::test(flavor = "multi_thread")]
            async fn people_sign_in_below_a_stripped_prefix() {
                super::people_sign_in_below_a_stripped_prefix::<$application>().await;
            }

            #[tokio::test(flavor = "multi_thread")]
            async fn large_sessions_pass() {
                super::large_sessions_pass::<$application>().await;
            }
        }
    )*};
}

adapters! {
    axum: super::with_axum::Served,
    rocket: super::with_rocket::Served,
}
