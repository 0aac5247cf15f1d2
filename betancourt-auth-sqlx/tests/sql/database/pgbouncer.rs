//! `PgBouncer` before the PostgreSQL server of the tests: each transaction has another connection of five.

use std::io::{BufRead, BufReader, Write as _};
use std::net::TcpListener;
use std::path::Path;
use std::process::{Child, Command, Stdio};

use sqlx::{AssertSqlSafe, Connection, PgConnection, raw_sql};

use super::postgres;

const PROGRAM: &str = "/usr/sbin/pgbouncer";
const SCRIPT: &str = include_str!("pgbouncer.sh");

/// A pooler that ends when its standard input does: when this is dropped.
pub(crate) struct Pooler {
    /// The address of a new database behind it.
    pub(crate) url: String,
    /// The address of the same database at the server.
    pub(crate) direct: String,
    _running: Child,
}

/// Starts one. `None`: something is missing, and that has been said.
pub(crate) async fn start() -> Option<Pooler> {
    let server = postgres::url_after("").await?;
    if !Path::new(PROGRAM).exists() {
        let required = std::env::var_os("BETANCOURT_REQUIRE_ALL").is_some_and(|value| value == "1");
        assert!(!required, "PgBouncer is missing, and BETANCOURT_REQUIRE_ALL is 1");
        drop(writeln!(std::io::stderr(), "skipped: the test behind PgBouncer: install pgbouncer"));
        return None;
    }
    let free = TcpListener::bind("127.0.0.1:0").unwrap();
    let port = free.local_addr().unwrap().port();
    drop(free);
    let database = format!("pooled_{port}");
    let mut connection = PgConnection::connect(&server).await.unwrap();
    let create = AssertSqlSafe(format!("CREATE DATABASE {database}"));
    raw_sql(create).execute(&mut connection).await.unwrap();
    let port_of_server = server.split([':', '/']).find(|part| part.parse::<u16>().is_ok()).unwrap();
    let mut script = Command::new("sh");
    script.args(["-c", SCRIPT, "sh", PROGRAM, &port.to_string(), port_of_server]);
    let mut script =
        script.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::null()).spawn().unwrap();
    let mut answer = String::new();
    BufReader::new(script.stdout.take().unwrap()).read_line(&mut answer).unwrap();
    assert_eq!(answer, "ready\n", "PgBouncer does not start");
    Some(Pooler {
        url: format!("postgres://postgres@127.0.0.1:{port}/{database}"),
        direct: format!("postgres://postgres@127.0.0.1:{port_of_server}/{database}"),
        _running: script,
    })
}
