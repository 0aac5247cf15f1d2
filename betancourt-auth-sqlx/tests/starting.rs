//! Several processes open one new file at the same moment, as the instances of a site do that are started together.
#![cfg(test)]

use std::io::{BufRead as _, BufReader, Read as _};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};

use betancourt_auth_sqlx::SqlStore;

const PROCESSES: usize = 8;
/// As often as it is played unless `BETANCOURT_ROUNDS` says how often. SQLite sends one of them away once in four hundred.
const FEW: usize = 3;
/// What tells a process of its own which file to open.
const FILE: &str = "BETANCOURT_STARTING";

#[expect(clippy::disallowed_methods, reason = "what the processes of one test say to each other")]
fn told(name: &str) -> Option<String> {
    std::env::var(name).ok()
}

/// A process that is about to open the file, and does it when nobody holds its input any more.
fn start(file: &Path) -> Child {
    let mut child = Command::new(std::env::current_exe().unwrap())
        .args(["--exact", "a_process_of_its_own", "--nocapture"])
        .env(FILE, file)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let mut said = BufReader::new(child.stdout.as_mut().unwrap()).lines();
    assert!(said.any(|line| line.unwrap().contains("about to open")));
    child
}

#[test]
fn several_processes_may_open_a_new_file_at_once() {
    let rounds = told("BETANCOURT_ROUNDS").and_then(|rounds| rounds.parse().ok()).unwrap_or(FEW);
    let folder = PathBuf::from(env!("CARGO_TARGET_TMPDIR"));
    for round in 0..rounds {
        let file = folder.join(format!("starting-{}-{round}.db", std::process::id()));
        let mut processes: Vec<_> = (0..PROCESSES).map(|_| start(&file)).collect();
        let held: Vec<_> = processes.iter_mut().map(|process| process.stdin.take()).collect();
        drop(held);
        for mut process in processes {
            assert!(process.wait().unwrap().success(), "one of them was sent away");
        }
        std::fs::remove_file(file).unwrap();
    }
}

/// One of those processes, where it is told of a file.
#[expect(clippy::print_stdout, reason = "a process speaks to the one that started it")]
#[tokio::test]
async fn a_process_of_its_own() {
    let Some(file) = told(FILE) else { return };
    println!("about to open");
    std::io::stdin().read_to_end(&mut Vec::new()).unwrap();
    SqlStore::connect(&format!("sqlite://{file}")).await.unwrap();
}
