//! A PostgreSQL server for the tests of one binary, with a schema of its own for each of them.

use std::io::{BufRead, BufReader, Write as _};
use std::net::TcpListener;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::OnceLock;
use std::sync::atomic::{AtomicU32, Ordering};

use sqlx::{AssertSqlSafe, Connection, PgConnection, raw_sql};

/// Where systems that keep several versions have their servers.
const VERSIONS: &str = "/usr/lib/postgresql";
/// What names the folder of another version, which is used instead.
const CHOSEN: &str = "BETANCOURT_POSTGRES";
const SCRIPT: &str = include_str!("postgres.sh");

/// A running server. It stops when the pipe to its standard input closes: when this process ends, however it
/// ends.
pub(crate) struct Server {
    port: u16,
    _running: Child,
}

impl Server {
    /// The address of a new schema in which some statements were run.
    pub(crate) async fn url_after(&self, statements: &str) -> String {
        static NEXT: AtomicU32 = AtomicU32::new(0);
        let schema = format!("test_{}", NEXT.fetch_add(1, Ordering::Relaxed));
        let url = format!(
            "postgres://postgres@127.0.0.1:{}/postgres?options[search_path]={schema}",
            self.port
        );
        let mut connection = PgConnection::connect(&url).await.unwrap();
        let statements = AssertSqlSafe(format!("CREATE SCHEMA {schema}; {statements}"));
        raw_sql(statements).execute(&mut connection).await.unwrap();
        url
    }

    /// Starts the server whose programs are in a folder.
    pub(crate) fn start(programs: &Path) -> Self {
        let free = TcpListener::bind("127.0.0.1:0").unwrap();
        let port = free.local_addr().unwrap().port();
        drop(free);
        let mut script = Command::new("sh");
        script.args(["-c", SCRIPT, "sh"]).arg(programs).arg(port.to_string());
        let script = script.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::null());
        let mut script = script.spawn().unwrap();
        let mut answer = String::new();
        BufReader::new(script.stdout.take().unwrap()).read_line(&mut answer).unwrap();
        assert_eq!(answer, "ready\n", "PostgreSQL does not start");
        Self { port, _running: script }
    }
}

/// The address of a schema in which some statements were run. `None`: PostgreSQL is missing, and
/// that has been said.
pub(crate) async fn url_after(statements: &str) -> Option<String> {
    static SERVER: OnceLock<Option<Server>> = OnceLock::new();
    let start = || Some(Server::start(&programs_or_skip("the tests on PostgreSQL")?));
    Some(SERVER.get_or_init(start).as_ref()?.url_after(statements).await)
}

/// The folder of the server's programs. `None`: there is none, and that has been said.
pub(crate) fn programs_or_skip(what: &str) -> Option<PathBuf> {
    found_or_skip(programs(), &format!("{what}: install postgresql"))
}

/// The folder that was found. `None`: there is none, and what to do about it has been said.
pub(crate) fn found_or_skip(programs: Option<PathBuf>, what: &str) -> Option<PathBuf> {
    if programs.is_none() {
        let required = std::env::var_os("BETANCOURT_REQUIRE_ALL").is_some_and(|value| value == "1");
        assert!(!required, "a PostgreSQL is missing, and BETANCOURT_REQUIRE_ALL is 1: {what}");
        drop(writeln!(std::io::stderr(), "skipped: {what}"));
    }
    programs
}

/// The folder of `initdb` and `postgres`: what [`CHOSEN`] says, or else that of the newest version.
fn programs() -> Option<PathBuf> {
    if let Some(chosen) = std::env::var_os(CHOSEN) {
        return Some(chosen.into());
    }
    let installed = std::fs::read_dir(VERSIONS).into_iter().flatten().flatten();
    let versions = installed.map(|version| version.path().join("bin"));
    let in_path = std::env::var_os("PATH").unwrap_or_default();
    let in_path: Vec<_> = std::env::split_paths(&in_path).collect();
    let has_server = |folder: &PathBuf| Path::new(folder).join("initdb").exists();
    versions.filter(has_server).max().or_else(|| in_path.into_iter().find(has_server))
}
