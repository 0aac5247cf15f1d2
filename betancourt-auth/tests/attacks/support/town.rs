//! Several servers in processes of their own on one database, as people deploy them, with look-alike providers.

use std::collections::HashMap;
use std::sync::Arc;
use std::time::Duration;

use betancourt_auth::Strategy;
use betancourt_auth::testing::CrashPoint;
use betancourt_auth_dev::{Callback, Face, LookAlikes, Person, Setup};
use tokio::select;
use tokio::time::sleep;
use url::Url;

use super::answer::Answer;
use super::browser::{Browser, callback_request};
use super::ground::{Books, Ground};
use super::place::Files;
use super::process::{Order, Process};
use super::request::try_exchange;
use super::secrets::Secrets;
use super::world::Net;

const ORIGIN: &str = "https://localhost:8443";

/// See the module.
#[derive(Debug)]
pub(crate) struct Town {
    pub(crate) ground: Ground,
    pub(crate) net: Arc<Net>,
    pub(crate) books: Books,
    order: Order,
    processes: Vec<Process>,
    _files: Option<Files>,
}

/// What came of a request to a server that may die of it.
#[derive(Debug)]
pub(crate) enum Fate {
    /// The server is dead, and had answered nothing.
    Killed,
    Answered(Answer),
}

impl Town {
    /// So many servers, with so many people at Google and at Facebook, and nobody known yet. `None`: the database is not
    /// installed here.
    pub(crate) async fn start(ground: Ground, servers: usize, people: usize) -> Option<Self> {
        Self::start_with(ground, servers, people, |_| {}).await
    }

    /// The same with servers that are told more.
    pub(crate) async fn start_with(
        ground: Ground,
        servers: usize,
        people: usize,
        change: impl FnOnce(&mut Order),
    ) -> Option<Self> {
        let (url, files) = ground.url().await?;
        Some(Self::start_at((ground, url, files), servers, people, change).await)
    }

    /// The same on a database that is there.
    pub(crate) async fn start_at(
        (ground, url, files): (Ground, String, Option<Files>),
        servers: usize,
        people: usize,
        change: impl FnOnce(&mut Order),
    ) -> Self {
        let lookalikes = lookalikes(people).await;
        let mut order = Order::new(&url, ORIGIN, &lookalikes);
        order.seals = ground.strategy() == Strategy::Jwt;
        order.keeper = ground.keeper();
        change(&mut order);
        let mut processes = Vec::new();
        for _ in 0..servers {
            processes.push(Process::start(&order).await);
        }
        let net = Net {
            doors: processes.iter().map(|process| process.door).collect(),
            origin: ORIGIN.to_owned(),
            host: ORIGIN.trim_start_matches("https://").to_owned(),
            lookalikes,
            secrets: Secrets::default(),
        };
        let books = Books::open(&url).await;
        Self { ground, net: Arc::new(net), books, order, processes, _files: files }
    }

    pub(crate) fn browser(&self) -> Browser {
        Browser::new(Arc::clone(&self.net))
    }

    /// A browser in which somebody is signed in.
    pub(crate) async fn signed_in(&self, face: Face, person: &str) -> Browser {
        let mut browser = self.browser();
        browser.sign_in(face, person).await;
        browser
    }

    /// A provider's way back as it goes over the wire.
    pub(crate) fn callback(browser: &Browser, callback: &Callback) -> Vec<u8> {
        browser.dressed(callback_request(callback))
    }

    /// Sends bytes to the first server, kills it when they bring it to that point, and starts it again.
    pub(crate) async fn kill_at(&mut self, point: CrashPoint, bytes: Vec<u8>) -> Fate {
        let process = &mut self.processes[0];
        process.hold_at(point).await;
        let door = process.door;
        let answering = tokio::spawn(async move { try_exchange(door, &bytes).await });
        tokio::pin!(answering);
        let answered = select! {
            answer = &mut answering => Some(answer.unwrap()),
            _ = process.hear("reached") => None,
        };
        process.kill();
        let fate = match answered {
            Some(answer) => Fate::Answered(answer.expect("it says nothing")),
            None => {
                assert!(answering.await.unwrap().is_none(), "the dead answer nothing");
                Fate::Killed
            }
        };
        self.restart(0).await;
        fate
    }

    /// Lets the next request at a server stay at that point, until it is told otherwise.
    pub(crate) async fn hold_at(&mut self, server: usize, point: CrashPoint) {
        self.processes[server].hold_at(point).await;
    }

    /// Waits until a request is there.
    pub(crate) async fn reached(&mut self, server: usize) {
        self.processes[server].hear("reached").await;
    }

    /// Says to the first server, which is dead, to start anew; kills it when the test has waited long enough for it to stand
    /// in the midst of its start.
    pub(crate) async fn kill_starting(&mut self, is_midst: impl AsyncFn(&Books) -> bool) {
        self.kill(0);
        let mut starting = Process::spawn(&self.order);
        while !is_midst(&self.books).await {
            sleep(Duration::from_millis(20)).await;
        }
        starting.kill();
    }

    /// How many KiB of memory a server has, where the system tells.
    pub(crate) fn memory(&self, server: usize) -> Option<u64> {
        self.processes[server].memory()
    }

    pub(crate) fn kill(&mut self, server: usize) {
        self.processes[server].kill();
    }

    /// Starts a server again, at the door that it had.
    pub(crate) async fn restart(&mut self, server: usize) {
        let port = self.net.doors[server].port();
        let mut order = self.order.clone();
        order.port = port;
        self.processes[server] = Process::start(&order).await;
    }

    /// Link and code of the next mail that a server sends.
    pub(crate) async fn mail(&mut self, server: usize) -> HashMap<&'static str, String> {
        let mail = self.processes[server].hear("mail ").await;
        let [to, link, code]: [String; 3] = serde_json::from_str(&mail).unwrap();
        let link = Url::parse(&link).unwrap();
        let (_, token) = link.query_pairs().find(|(name, _)| name == "token").unwrap();
        self.net.secrets.add(&token);
        HashMap::from([("to", to), ("token", token.into_owned()), ("code", code)])
    }
}

/// The address of somebody at a face.
pub(crate) fn singer(face: Face, number: usize) -> String {
    format!("singer-{number}@{}.example", face.id())
}

async fn lookalikes(people: usize) -> LookAlikes {
    let mut setup = Setup::new(&format!("{ORIGIN}/auth"));
    for face in [Face::Google, Face::Facebook] {
        let person = |number: usize| {
            let subject = format!("1{number:016}");
            let person = Person::new(&subject, "Singer", "Sin Nombre");
            person.with_email(&singer(face, number)).in_workspace("google.example")
        };
        setup = setup.people(face, (0..people).map(person).collect());
    }
    let lookalikes = setup.people(Face::Apple, twins(people)).start().await.unwrap();
    lookalikes.ready().await;
    lookalikes
}

/// People at Apple with the addresses that they have at Google, which vouches for them, too.
fn twins(people: usize) -> Vec<Person> {
    let twin = |number: usize| {
        let subject = format!("001.{number:016}.0001");
        Person::new(&subject, "Singer", "Sin Nombre").with_email(&singer(Face::Google, number))
    };
    (0..people).map(twin).collect()
}
