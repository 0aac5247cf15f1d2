//! Databases that a test has for itself, made anew at each run.

pub(crate) mod postgres;

use std::path::Path;
use std::{fs, thread};

/// The address of a file that is not there yet, named after the test that runs.
pub(crate) fn url() -> String {
    url_of("app")
}

/// The address of a further such file.
pub(crate) fn url_of(name: &str) -> String {
    let test = thread::current().name().unwrap().replace("::", "-");
    let file = Path::new(env!("CARGO_TARGET_TMPDIR")).join(format!("{test}-{name}.db"));
    let file = file.to_str().unwrap();
    for leftover in ["", "-wal", "-shm"] {
        let _ = fs::remove_file(format!("{file}{leftover}")); // most were never there
    }
    format!("sqlite://{file}")
}
