//! A server in a process of its own, which can be killed: this very test binary, started once more with an order in its
//! environment.

use std::io::{BufRead as _, BufReader, Write as _};
use std::net::SocketAddr;
use std::process::{Child, Command, Stdio};
use std::sync::Arc;
use std::thread;
use std::time::Duration;

use async_trait::async_trait;
use betancourt_auth::mailer::{Mail, MailError, Mailer};
use betancourt_auth::provider::{self, EmailProvider, Registration};
use betancourt_auth::testing::{CrashPoint, CrashPoints};
use betancourt_auth::{Auth, Config, Strategy, TrustedProxies};
use betancourt_auth_dev::{Face, LookAlikes};
use betancourt_auth_sqlx::SqlStore;
use serde_json::{Value, json};
use tokio::net::TcpListener;
use tokio::sync::mpsc::{UnboundedReceiver, unbounded_channel};
use tokio::time::timeout;
use tracing::Dispatch;

use super::axum_application;
use super::keeper::Keeper;
use super::secrets::SECRET;

/// Where a process finds its order.
const ORDER: &str = "BETANCOURT_SERVER";
/// What begins a line that is meant for the other side.
const SAYS: &str = "\u{a7} ";
/// Whoever has not said it by then never will.
const PATIENCE: Duration = Duration::from_secs(30);

/// What a process is to serve.
#[derive(Clone, Debug)]
pub(crate) struct Order {
    pub(crate) url: String,
    pub(crate) origin: String,
    /// `0`, any, until it is known.
    pub(crate) port: u16,
    pub(crate) seals: bool,
    /// Where sessions are, if not with the people.
    pub(crate) keeper: Option<Keeper>,
    /// Whether people can come in by mail.
    pub(crate) mails: bool,
    pub(crate) connections: u32,
    pub(crate) patience: Duration,
    /// How often a network may begin to sign in.
    pub(crate) attempts: u32,
    /// Whether this machine is a proxy whose word counts.
    pub(crate) trusts: bool,
    providers: Value,
}

/// A process that serves. It ends with this value, and with this process.
#[derive(Debug)]
pub(crate) struct Process {
    child: Child,
    said: UnboundedReceiver<String>,
    pub(crate) door: SocketAddr,
}

impl Order {
    pub(crate) fn new(url: &str, origin: &str, lookalikes: &LookAlikes) -> Self {
        let provider = |face: Face| {
            let client = lookalikes.client(face);
            json!([face.id(), client.issuer(), client.id(), client.secret()])
        };
        let faces = [Face::Google, Face::Facebook, Face::Apple];
        Self {
            url: url.to_owned(),
            origin: origin.to_owned(),
            port: 0,
            seals: false,
            keeper: None,
            mails: false,
            connections: 10,
            patience: Duration::from_secs(20),
            attempts: u32::MAX,
            trusts: false,
            providers: faces.map(provider).to_vec().into(),
        }
    }

    fn written(&self) -> String {
        json!({
            "url": self.url, "origin": self.origin, "port": self.port, "seals": self.seals,
            "mails": self.mails,
            "keeper": self.keeper.as_ref().map(|keeper| [&keeper.url, &keeper.prefix]),
            "connections": self.connections, "patience": self.patience.as_millis() as u64,
            "attempts": self.attempts, "trusts": self.trusts,
            "providers": self.providers,
        })
        .to_string()
    }

    fn read(written: &str) -> Self {
        let it: Value = serde_json::from_str(written).unwrap();
        let number = |name: &str| it[name].as_u64().unwrap();
        Self {
            url: it["url"].as_str().unwrap().to_owned(),
            origin: it["origin"].as_str().unwrap().to_owned(),
            port: number("port").try_into().unwrap(),
            seals: it["seals"].as_bool().unwrap(),
            keeper: it["keeper"].as_array().map(|keeper| Keeper {
                url: keeper[0].as_str().unwrap().to_owned(),
                prefix: keeper[1].as_str().unwrap().to_owned(),
            }),
            mails: it["mails"].as_bool().unwrap(),
            connections: number("connections").try_into().unwrap(),
            patience: Duration::from_millis(number("patience")),
            attempts: number("attempts").try_into().unwrap(),
            trusts: it["trusts"].as_bool().unwrap(),
            providers: it["providers"].clone(),
        }
    }

    fn config(&self) -> Config {
        let mut config = Config::new(&self.origin, SECRET).unwrap();
        for registered in self.providers.as_array().unwrap() {
            let part = |number: usize| registered[number].as_str().unwrap();
            let provider = match part(0) {
                "google" => provider::google(),
                "facebook" => provider::facebook(),
                _ => provider::apple(),
            };
            config.registrations.push(Registration::new(provider.at(part(1)), part(2), part(3)));
        }
        config.rate.attempts = self.attempts;
        config.rate.patience = time::Duration::MINUTE; // many at once take their time here
        if self.trusts {
            config.trusted_proxies = TrustedProxies::parse("127.0.0.0/8").unwrap();
        }
        config.session.strategy = if self.seals { Strategy::Jwt } else { Strategy::Database };
        config.session.recheck_after = time::Duration::ZERO;
        if self.mails {
            config.email.push(EmailProvider::new(Arc::new(Courier)));
        }
        config
    }
}

impl Process {
    /// Starts one, and waits until it serves.
    pub(crate) async fn start(order: &Order) -> Self {
        let mut process = Self::spawn(order);
        let port = process.hear("listening ").await;
        process.door.set_port(port.parse().unwrap());
        process
    }

    /// Starts one that may never come to serve.
    pub(crate) fn spawn(order: &Order) -> Self {
        let mut child = Command::new(std::env::current_exe().unwrap())
            .args(["--exact", "a_server_of_its_own", "--nocapture"])
            .env(ORDER, order.written())
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let (say, said) = unbounded_channel();
        let stdout = BufReader::new(child.stdout.take().unwrap());
        thread::spawn(move || {
            // It ends where its process does.
            for line in stdout.lines().map_while(Result::ok) {
                if let Some((_, word)) = line.split_once(SAYS) {
                    let _ = say.send(word.to_owned()); // nobody may be listening any more
                }
            }
        });
        Self { child, said, door: SocketAddr::from(([127, 0, 0, 1], 0)) }
    }

    /// Lets the next request that comes to that point stay there.
    pub(crate) async fn hold_at(&mut self, point: CrashPoint) {
        let order = match point {
            CrashPoint::BeforeStatement(number) => format!("statement {number}"),
            CrashPoint::AfterCommit(number) => format!("commit {number}"),
        };
        writeln!(self.child.stdin.as_mut().unwrap(), "{order}").unwrap();
        self.hear("armed").await;
    }

    /// Waits until it says something that begins so, and gives the rest.
    pub(crate) async fn hear(&mut self, begin: &str) -> String {
        loop {
            let heard = timeout(PATIENCE, self.said.recv()).await;
            let heard = heard.unwrap_or_else(|_| panic!("it never said `{begin}`"));
            let heard = heard.unwrap_or_else(|| panic!("it ended before it said `{begin}`"));
            if let Some(rest) = heard.strip_prefix(begin) {
                return rest.to_owned();
            }
        }
    }

    /// How many KiB of memory it has, where the system tells.
    pub(crate) fn memory(&self) -> Option<u64> {
        let status = std::fs::read_to_string(format!("/proc/{}/status", self.child.id())).ok()?;
        let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:"))?;
        line.trim().trim_end_matches(" kB").parse().ok()
    }

    /// `kill -9`.
    pub(crate) fn kill(&mut self) {
        self.child.kill().unwrap();
        self.child.wait().unwrap();
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        let _ = self.child.kill(); // it may have been killed before
        let _ = self.child.wait();
    }
}

/// Hands every mail to the other side.
#[derive(Debug)]
struct Courier;

#[async_trait]
impl Mailer for Courier {
    async fn send(&self, mail: &Mail) -> Result<(), MailError> {
        say(&format!("mail {}", json!([mail.to, mail.link, mail.code])));
        Ok(())
    }
}

fn say(word: &str) {
    writeln!(std::io::stdout(), "{SAYS}{word}").unwrap();
}

/// The order of this process, if it was started to serve.
#[expect(clippy::disallowed_methods, reason = "how a process is told what it is for")]
pub(crate) fn order() -> Option<Order> {
    std::env::var(ORDER).ok().map(|written| Order::read(&written))
}

/// Serves until its other side is gone.
pub(crate) async fn serve(order: Order) {
    let crash = CrashPoints::default();
    let options = SqlStore::options().connections(order.connections).patience(order.patience);
    let store = options.crash_points(&crash).connect(&order.url).await.unwrap();
    let config = order.config();
    let auth = match &order.keeper {
        Some(keeper) => Auth::new(config, keeper.beside(store).await).unwrap(),
        None => Auth::new(config, store).unwrap(),
    };
    let listener = TcpListener::bind(("127.0.0.1", order.port)).await.unwrap();
    say(&format!("listening {}", listener.local_addr().unwrap().port()));
    tokio::spawn(axum_application::serve(listener, auth, Dispatch::none()));

    let (told, mut orders) = unbounded_channel();
    thread::spawn(move || {
        for line in std::io::stdin().lines().map_while(Result::ok) {
            told.send(line).unwrap();
        }
    });
    while let Some(order) = orders.recv().await {
        let (kind, number) = order.split_once(' ').unwrap();
        let number = number.parse().unwrap();
        let point = match kind {
            "commit" => CrashPoint::AfterCommit(number),
            _ => CrashPoint::BeforeStatement(number),
        };
        crash.hold_at(point);
        say("armed");
        let crash = crash.clone();
        tokio::spawn(async move {
            crash.reached().await;
            say("reached");
        });
    }
}
