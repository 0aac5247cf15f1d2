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
const SCRIPT: &str = include_str!("postgres.sh");

/// A running server. It stops when the pipe to its standard input closes: when this process ends, however it
/// ends.
struct Server {
    port: u16,
    _running: Child,
}

/// The address of a schema in which some statements were run. `None`: PostgreSQL is missing, and
/// that has been said.
pub(crate) async fn url_after(statements: &str) -> Option<String> {
    static NEXT: AtomicU32 = AtomicU32::new(0);
    let server = server()?;
    let schema = format!("test_{}", NEXT.fetch_add(1, Ordering::Relaxed));
    let url = format!(
        "postgres://postgres@127.0.0.1:{}/postgres?options[search_path]={schema}",
        server.port
    );
    let mut connection = PgConnection::connect(&url).await.unwrap();
    let statements = AssertSqlSafe(format!("CREATE SCHEMA {schema}; {statements}"));
    raw_sql(statements).execute(&mut connection).await.unwrap();
    Some(url)
}

fn server() -> Option<&'static Server> {
    static SERVER: OnceLock<Option<Server>> = OnceLock::new();
    SERVER.get_or_init(start).as_ref()
}

fn start() -> Option<Server> {
    let programs = programs_or_skip("the tests on PostgreSQL")?;
    let free = TcpListener::bind("127.0.0.1:0").unwrap();
    let port = free.local_addr().unwrap().port();
    drop(free);
    let mut script = Command::new("sh");
    script.args(["-c", SCRIPT, "sh"]).arg(programs).arg(port.to_string());
    let mut script =
        script.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::null()).spawn().unwrap();
    let mut answer = String::new();
    BufReader::new(script.stdout.take().unwrap()).read_line(&mut answer).unwrap();
    assert_eq!(answer, "ready\n", "PostgreSQL does not start");
    Some(Server { port, _running: script })
}

/// The folder of the server's programs. `None`: there is none, and that has been said.
pub(crate) fn programs_or_skip(what: &str) -> Option<PathBuf> {
    let programs = programs();
    if programs.is_none() {
        let required = std::env::var_os("BETANCOURT_REQUIRE_ALL").is_some_and(|value| value == "1");
        assert!(!required, "PostgreSQL is missing, and BETANCOURT_REQUIRE_ALL is 1");
        drop(writeln!(std::io::stderr(), "skipped: {what}: install postgresql"));
    }
    programs
}

/// The folder of `initdb` and `postgres`, of the newest version.
fn programs() -> Option<PathBuf> {
    let installed = std::fs::read_dir(VERSIONS).into_iter().flatten().flatten();
    let versions = installed.map(|version| version.path().join("bin"));
    let in_path = std::env::var_os("PATH").unwrap_or_default();
    let in_path: Vec<_> = std::env::split_paths(&in_path).collect();
    let has_server = |folder: &PathBuf| Path::new(folder).join("initdb").exists();
    versions.filter(has_server).max().or_else(|| in_path.into_iter().find(has_server))
}
