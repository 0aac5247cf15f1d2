//! A MariaDB server for the tests of one binary, with a database of its own for each of them.

use std::io::{BufRead, BufReader, Write as _};
use std::net::TcpListener;
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};
use std::sync::OnceLock;
use std::sync::atomic::{AtomicU32, Ordering};

use sqlx::{AssertSqlSafe, Connection, MySqlConnection, raw_sql};

/// Where systems have servers that are in nobody's path.
const SERVERS: &str = "/usr/sbin:/usr/libexec:/usr/local/sbin";
const SCRIPT: &str = include_str!("mysql.sh");

/// A running server. It stops when the pipe to its standard input closes: when this process ends, however it
/// ends.
struct Server {
    port: u16,
    _running: Child,
}

/// The collation that Prisma has for texts, and which MySQL would choose itself: `a` is `A` in it, and `o` is `ö`.
const ALIKE: &str = "utf8mb4_unicode_ci";
/// What MariaDB calls the collation in which no text is like another one.
const APART: &str = "utf8mb4_nopad_bin";

/// The address of a database in which some statements were run. `None`: MariaDB is missing, and that has been said.
pub(crate) async fn url_after(statements: &str) -> Option<String> {
    url_in(ALIKE, statements).await
}

/// The address of a database in which some statements were run so that its tables tell all texts apart.
pub(crate) async fn url_telling_apart(statements: &str) -> Option<String> {
    url_in(APART, &statements.replace(ALIKE, APART)).await
}

async fn url_in(collation: &str, statements: &str) -> Option<String> {
    static NEXT: AtomicU32 = AtomicU32::new(0);
    let server = server()?;
    let database = format!("test_{}", NEXT.fetch_add(1, Ordering::Relaxed));
    let url = |database: &str| format!("mysql://root@127.0.0.1:{}/{database}", server.port);
    let mut connection = MySqlConnection::connect(&url("mysql")).await.unwrap();
    let statements = AssertSqlSafe(format!(
        "CREATE DATABASE {database} CHARACTER SET utf8mb4 COLLATE {collation}; USE {database}; {statements}"
    ));
    raw_sql(statements).execute(&mut connection).await.unwrap();
    Some(url(&database))
}

fn server() -> Option<&'static Server> {
    static SERVER: OnceLock<Option<Server>> = OnceLock::new();
    SERVER.get_or_init(start).as_ref()
}

fn start() -> Option<Server> {
    let programs = program("mariadb-install-db").zip(program("mariadbd"));
    let Some((installer, server)) = programs else {
        let required = std::env::var_os("BETANCOURT_REQUIRE_ALL").is_some_and(|value| value == "1");
        assert!(!required, "MariaDB is missing, and BETANCOURT_REQUIRE_ALL is 1");
        drop(writeln!(std::io::stderr(), "skipped: the tests on MySQL: install mariadb-server"));
        return None;
    };
    let free = TcpListener::bind("127.0.0.1:0").unwrap();
    let port = free.local_addr().unwrap().port();
    drop(free);
    let mut script = Command::new("sh");
    script.args(["-c", SCRIPT, "sh"]).arg(installer).arg(server).arg(port.to_string());
    let mut script =
        script.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::null()).spawn().unwrap();
    let mut answer = String::new();
    BufReader::new(script.stdout.take().unwrap()).read_line(&mut answer).unwrap();
    assert_eq!(answer, "ready\n", "MariaDB does not start");
    Some(Server { port, _running: script })
}

/// Where a program is.
fn program(name: &str) -> Option<PathBuf> {
    let in_path = std::env::var_os("PATH").unwrap_or_default();
    let folders = std::env::split_paths(&in_path).chain(std::env::split_paths(SERVERS));
    folders.map(|folder| folder.join(name)).find(|program| program.exists())
}
