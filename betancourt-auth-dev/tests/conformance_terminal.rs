//! `betancourt-auth-dev conformance`: against a server that it starts, and against one that is started by somebody else.

#![cfg(test)]
#![cfg(unix)]

use std::io::{BufRead, BufReader, Read};
use std::net::TcpListener;
use std::path::PathBuf;
use std::process::{Child, ChildStdout, Command, Stdio};

use serde_json::Value;

/// What a server must be started anew for.
const COLD: &str = "oidcc-client-test-discovery-issuer-mismatch";

/// Where the server of these tests listens.
struct Server {
    base: String,
}

/// A process that ends with the test.
struct Running(Child);

impl Drop for Running {
    fn drop(&mut self) {
        drop(self.0.kill());
        drop(self.0.wait());
    }
}

impl Server {
    fn new() -> Self {
        let port = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
        Self { base: format!("http://localhost:{port}/auth") }
    }

    /// A command in the environment of this server.
    fn command(&self, program: impl Into<PathBuf>) -> Command {
        let mut command = Command::new(program.into());
        for variable in ["APP_ENV", "NODE_ENV", "HOST"] {
            command.env_remove(variable);
        }
        command
            .env("AUTH_URL", &self.base)
            .env("AUTH_SECRET", "a secret of at least 32 characters!!");
        command
    }

    fn conformance(&self) -> Command {
        let mut command = self.command(env!("CARGO_BIN_EXE_betancourt-auth-dev"));
        command.args(["conformance", "--for", &self.base, "--provider", "keycloak", "--json"]);
        command.args(["--access-page", "/access/{provider}"]);
        command
    }
}

/// The example, which cargo builds before it runs the tests of this package.
fn program() -> PathBuf {
    let test = std::env::current_exe().unwrap();
    test.ancestors().nth(2).unwrap().join("examples").join("server")
}

/// The verdict on the module that is played by the query.
fn verdict<'report>(report: &'report Value, module: &str) -> &'report str {
    let rows = report["modules"].as_array().unwrap();
    let row = rows.iter().find(|row| row["module"] == module).unwrap();
    row["verdict"].as_str().unwrap()
}

#[test]
fn a_server_that_it_starts_is_started_anew_where_need_be() {
    let server = Server::new();
    let ended = server.conformance().arg("--").arg(program()).output().unwrap();
    let report: Value = serde_json::from_slice(&ended.stdout).unwrap();
    assert_eq!(
        (ended.status.code(), &report["passed"]),
        (Some(0), &Value::Bool(true)),
        "{report:#}"
    );
    for module in [COLD, "oidcc-client-test", "oidcc-client-test-refresh-token-invalid-sub"] {
        assert_eq!(verdict(&report, module), "passed", "{module}");
    }
    // Its provider is known to the server by the ID token alone.
    assert_eq!(verdict(&report, "oidcc-client-test-userinfo-signed"), "not supported");
    let port = server.base.split([':', '/']).nth(4).unwrap();
    assert!(TcpListener::bind(format!("localhost:{port}")).is_ok(), "the server has ended");
}

#[test]
fn a_server_of_somebody_else_is_waited_for() {
    let server = Server::new();
    let mut playing = Running(server.conformance().stdout(Stdio::piped()).spawn().unwrap());
    let mut printed = BufReader::new(playing.0.stdout.take().unwrap());
    let mut command = server.command(program());
    for _ in 0..4 {
        if let Some((name, value)) = line(&mut printed).split_once('=') {
            command.env(name, value.trim_matches('"'));
        }
    }
    let _server = Running(command.spawn().unwrap());
    let mut report = String::new();
    printed.read_to_string(&mut report).unwrap();
    let report: Value = serde_json::from_str(&report).unwrap();
    assert_eq!(report["passed"], true, "{report:#}");
    assert_eq!(verdict(&report, "oidcc-client-test-invalid-iss"), "passed");
    assert_eq!(verdict(&report, COLD), "not played");
    assert_eq!(playing.0.wait().unwrap().code(), Some(0));
}

#[test]
fn a_server_that_ends_at_once_is_no_report() {
    let ended = Server::new().conformance().args(["--", "false"]).output().unwrap();
    assert_eq!(ended.status.code(), Some(1));
    assert!(ended.stdout.is_empty());
    assert!(String::from_utf8(ended.stderr).unwrap().contains("the server ended"));
}

fn line(printed: &mut BufReader<ChildStdout>) -> String {
    let mut line = String::new();
    printed.read_line(&mut line).unwrap();
    line.trim_end().to_owned()
}
