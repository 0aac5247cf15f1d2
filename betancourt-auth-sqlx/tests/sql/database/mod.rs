//! Databases that a test has for itself, made anew at each run.

pub(crate) mod mysql;
pub(crate) mod on;
pub(crate) mod pgbouncer;
pub(crate) mod postgres;
pub(crate) mod replicated;
pub(crate) mod versions;

use std::cell::Cell;
use std::path::Path;
use std::{fs, thread};

use sqlx::{AssertSqlSafe, Connection, SqliteConnection, raw_sql};

/// The address of a file that is not there yet, named after the test that runs.
pub(crate) fn url() -> String {
    url_of("app")
}

/// The address of such a file, which is another one at each call.
pub(crate) fn url_of(name: &str) -> String {
    thread_local!(static MADE: Cell<u32> = const { Cell::new(0) });
    let number = MADE.replace(MADE.get() + 1);
    let test = thread::current().name().unwrap().replace("::", "-");
    let file = Path::new(env!("CARGO_TARGET_TMPDIR")).join(format!("{test}-{name}-{number}.db"));
    let file = file.to_str().unwrap();
    for leftover in ["", "-wal", "-shm"] {
        let _ = fs::remove_file(format!("{file}{leftover}")); // most were never there
    }
    format!("sqlite://{file}")
}

/// The address of a file in which some statements were run.
pub(crate) async fn url_after(statements: &str) -> String {
    let url = url();
    let mut connection = SqliteConnection::connect(&format!("{url}?mode=rwc")).await.unwrap();
    raw_sql(AssertSqlSafe(statements.to_owned())).execute(&mut connection).await.unwrap();
    connection.close().await.unwrap();
    url
}
