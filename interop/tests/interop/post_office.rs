//! A mail server of others, which keeps what it is given.

use std::io::{BufRead as _, BufReader};
use std::net::TcpListener;
use std::path::Path;
use std::process::{Child, ChildStdout, Command, Stdio};
use std::sync::Arc;

use betancourt_auth::mailer::SmtpMailer;
use betancourt_auth::provider::EmailProvider;
use serde_json::Value;

use crate::tools;

/// In whose name mail is sent.
pub(crate) const SENDER: &str = "sign-in@studio.example";

/// A mail server. It ends with the test.
pub(crate) struct PostOffice {
    process: Child,
    said: BufReader<ChildStdout>,
    port: u16,
}

impl PostOffice {
    /// Starts `scripts/post-office.py`, and waits until it listens.
    pub(crate) fn open(python: &Path) -> Self {
        Self::open_with(python, &[])
    }

    /// The same over TLS, with a certificate and its key.
    pub(crate) fn open_with(python: &Path, certificate: &[&Path]) -> Self {
        let port = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
        let mut command = Command::new(python);
        command.arg(Path::new(tools::FOLDER).join("scripts/post-office.py")).arg(port.to_string());
        command.args(certificate);
        let mut process = command.stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().unwrap();
        let said = BufReader::new(process.stdout.take().unwrap());
        let mut office = Self { process, said, port };
        assert_eq!(office.line(), "listening\n");
        office
    }

    pub(crate) fn port(&self) -> u16 {
        self.port
    }

    /// Where it takes mail.
    pub(crate) fn url(&self) -> String {
        format!("smtp://127.0.0.1:{}", self.port)
    }

    /// Sign-in by mail that goes through it.
    pub(crate) fn email(&self) -> EmailProvider {
        EmailProvider::new(Arc::new(SmtpMailer::from_url(&self.url(), SENDER).unwrap()))
    }

    /// The next mail, once it has arrived.
    pub(crate) fn next(&mut self) -> Value {
        serde_json::from_str(&self.line()).unwrap()
    }

    fn line(&mut self) -> String {
        let mut line = String::new();
        self.said.read_line(&mut line).unwrap();
        line
    }
}

impl Drop for PostOffice {
    fn drop(&mut self) {
        drop(self.process.kill());
        drop(self.process.wait());
    }
}
