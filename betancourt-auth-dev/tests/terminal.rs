//! The binary: what it prints, when it refuses, how it ends.

#![cfg(test)]
#![cfg(unix)]

use std::io::{BufRead, BufReader};
use std::process::{Child, Command, Stdio};

fn binary() -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_betancourt-auth-dev"));
    for variable in ["APP_ENV", "NODE_ENV", "AUTH_URL", "HOST"] {
        command.env_remove(variable);
    }
    command
}

/// Starts the binary and waits until it has printed its last variable.
fn running() -> (Child, Vec<String>) {
    let mut running = binary().stdout(Stdio::piped()).spawn().unwrap();
    let mut lines = BufReader::new(running.stdout.take().unwrap()).lines().map(Result::unwrap);
    let microsoft = |line: &String| line.starts_with("AUTH_MICROSOFT_ENTRA_ID_ISSUER=");
    let mut printed = Vec::new();
    while !printed.last().is_some_and(microsoft) {
        printed.push(lines.next().unwrap());
    }
    (running, printed)
}

/// Sends a signal and returns the code with which the binary ends.
fn ended_by(signal: &str, mut running: Child) -> Option<i32> {
    let sent = Command::new("kill").args([signal, &running.id().to_string()]).status();
    assert!(sent.unwrap().success());
    running.wait().unwrap().code()
}

#[test]
fn it_prints_the_variables_and_ends_with_0_on_ctrl_c() {
    let (running, printed) = running();
    for name in [
        "AUTH_GOOGLE_ID",
        "AUTH_GOOGLE_SECRET",
        "AUTH_GOOGLE_ISSUER",
        "AUTH_FACEBOOK_ID",
        "AUTH_FACEBOOK_SECRET",
        "AUTH_APPLE_ID",
        "AUTH_APPLE_SECRET",
        "AUTH_APPLE_PRIVATE_KEY",
        "AUTH_MICROSOFT_ENTRA_ID_ID",
        "AUTH_MICROSOFT_ENTRA_ID_SECRET",
    ] {
        let begins = format!("{name}=\"");
        assert!(printed.iter().any(|line| line.starts_with(&begins)), "{name} is missing");
    }
    assert_eq!(ended_by("-INT", running), Some(0));
}

#[test]
fn it_ends_with_0_on_sigterm() {
    let (running, _) = running();
    assert_eq!(ended_by("-TERM", running), Some(0));
}

#[test]
fn it_refuses_production_and_apps_elsewhere_with_one_sentence() {
    let production = binary().env("NODE_ENV", "production").output().unwrap();
    let elsewhere = binary().args(["--for", "https://studio.example/auth"]).output().unwrap();
    for (refused, named) in [(production, "NODE_ENV"), (elsewhere, "studio.example")] {
        assert_eq!(refused.status.code(), Some(1));
        assert!(refused.stdout.is_empty());
        let sentence = String::from_utf8(refused.stderr).unwrap();
        assert!(sentence.contains(named) && sentence.trim_end().lines().count() == 1, "{sentence}");
    }
}
