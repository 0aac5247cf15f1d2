//! A PostgreSQL server and a replica of it, which both write down every statement they are sent.

use std::io::{BufRead, BufReader, Lines, Write as _};
use std::net::TcpListener;
use std::path::PathBuf;
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};

use sqlx::{AssertSqlSafe, Connection, PgConnection, query_scalar, raw_sql};

use super::postgres::programs_or_skip;

/// In the question for the session of a request, and in nothing else.
pub(crate) const LOOK_UP: &str = r#"WHERE (s."sessionToken" = $1"#;

const SCRIPT: &str = include_str!("replicated.sh");

/// Both of them. They stop when this is dropped, or this process ends.
pub(crate) struct Replicated {
    pub(crate) primary: Server,
    pub(crate) replica: Server,
    orders: Option<ChildStdin>,
    done: Lines<BufReader<ChildStdout>>,
    script: Child,
}

/// One of them.
pub(crate) struct Server {
    pub(crate) url: String,
    log: PathBuf,
}

impl Replicated {
    /// Starts them. `None`: PostgreSQL is missing, and that has been said.
    pub(crate) fn start() -> Option<Self> {
        let programs = programs_or_skip("the tests of replicas")?;
        let free = [(); 2].map(|()| TcpListener::bind("127.0.0.1:0").unwrap());
        let ports = free.each_ref().map(|free| free.local_addr().unwrap().port());
        drop(free);
        let mut script = Command::new("sh");
        script.args(["-c", SCRIPT, "sh"]).arg(programs).args(ports.map(|port| port.to_string()));
        let mut script = script
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        let mut done = BufReader::new(script.stdout.take().unwrap()).lines();
        let folder = PathBuf::from(done.next().expect("PostgreSQL does not start").unwrap());
        let [primary, replica] =
            [("primary", ports[0]), ("replica", ports[1])].map(|(name, port)| Server {
                url: format!("postgres://postgres@127.0.0.1:{port}/postgres"),
                log: folder.join(format!("{name}.log")),
            });
        Some(Self { primary, replica, orders: script.stdin.take(), done, script })
    }

    /// Has the replica `stop`, as when its machine goes, or `start`.
    pub(crate) fn order(&mut self, order: &str) {
        writeln!(self.orders.as_mut().unwrap(), "{order}").unwrap();
        assert_eq!(self.done.next().unwrap().unwrap(), order);
    }
}

impl Drop for Replicated {
    fn drop(&mut self) {
        self.orders = None;
        let _ = self.script.wait();
    }
}

impl Server {
    /// How many statements it was sent with such words in them.
    pub(crate) fn was_sent(&self, words: &str) -> usize {
        self.statements().iter().filter(|statement| statement.contains(words)).count()
    }

    /// Every statement that it was sent, without the values.
    pub(crate) fn statements(&self) -> Vec<String> {
        let log = std::fs::read_to_string(&self.log).unwrap();
        let sent = log.split("LOG:  ").filter_map(|entry| {
            let is_one = entry.starts_with("execute ") || entry.starts_with("statement: ");
            let statement = entry.split("DETAIL:  ").next()?;
            is_one.then(|| statement.to_owned())
        });
        sent.collect()
    }

    /// Runs a statement that answers nothing.
    pub(crate) async fn run(&self, statement: &str) {
        let mut connection = PgConnection::connect(&self.url).await.unwrap();
        raw_sql(AssertSqlSafe(statement.to_owned())).execute(&mut connection).await.unwrap();
    }

    /// Asks whether something is so.
    pub(crate) async fn is(&self, question: &str) -> bool {
        let mut connection = PgConnection::connect(&self.url).await.unwrap();
        let question = AssertSqlSafe(format!("SELECT {question}"));
        query_scalar(question).fetch_one(&mut connection).await.unwrap()
    }
}
