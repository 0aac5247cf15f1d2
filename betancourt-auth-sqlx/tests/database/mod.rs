//! A database file of its own for each test, made anew at each run.
#![cfg(test)]

use std::fs;
use std::path::PathBuf;
use std::thread;

use betancourt_auth_sqlx::SqlStore;

/// The address of a file that is not there yet, named after the test that runs.
pub(crate) fn url() -> String {
    let test = thread::current().name().unwrap().replace("::", "-");
    let file = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join(format!("{test}.sqlite"));
    for leftover in ["", "-wal", "-shm"] {
        let _ = fs::remove_file(format!("{}{leftover}", file.display())); // most were never there
    }
    format!("sqlite://{}", file.display())
}

/// A store on such a file.
pub(crate) async fn fresh() -> SqlStore {
    SqlStore::connect(&url()).await.unwrap()
}
