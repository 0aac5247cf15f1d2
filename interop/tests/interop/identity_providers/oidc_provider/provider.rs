//! `identity-providers/oidc-provider` as a process: started, asked, stopped, and started again.

use std::path::Path;
use std::process::Command;

use betancourt_auth::provider::{Algorithm, PrivateKey};
use serde_json::{Value, json};

use crate::program::Program;
use crate::tools;

pub(super) struct OidcProvider {
    node: &'static Path,
    told: Value,
    program: Option<Program>,
}

impl OidcProvider {
    /// Starts it at a port of `127.0.0.1`, with its side of what the clients are registered with.
    pub(super) fn start(node: &'static Path, port: u16, clients: &[Value]) -> Self {
        let told = json!({ "port": port, "issuer": issuer(port), "clients": clients });
        let mut provider = Self { node, told, program: None };
        provider.open();
        provider
    }

    /// Ends it. Nothing that it knew is left.
    pub(super) fn stop(&mut self) {
        self.program = None;
    }

    /// Starts it with the same clients and new keys.
    pub(super) fn open(&mut self) {
        let folder = Path::new(tools::FOLDER).join("identity-providers");
        let mut command = Command::new(self.node);
        command.arg("oidc-provider/main.mjs").current_dir(folder);
        self.program = Some(Program::start_with(&mut command, Some(&self.told)));
    }

    /// One of its addresses.
    pub(super) fn url(&self, path: &str) -> String {
        format!("{}{path}", self.told["issuer"].as_str().unwrap())
    }

    /// Signs with other keys from now on, and publishes those alone.
    pub(super) fn rotate_keys(&mut self) {
        self.ask("rotate", &Value::Null);
    }

    /// Takes back what somebody granted to a client.
    pub(super) fn revoke(&mut self, person: &str, client: &str) {
        self.ask("revoke", &json!({ "person": person, "client": client }));
    }

    /// What it saw happen by that name, in its order.
    pub(super) fn seen(&mut self, event: &str) -> Vec<Value> {
        let Value::Array(seen) = self.ask("seen", &Value::Null) else { panic!("no list") };
        seen.into_iter().filter(|seen| seen["event"] == event).collect()
    }

    fn ask(&mut self, question: &str, about: &Value) -> Value {
        let program = self.program.as_mut().unwrap();
        program.ask(&json!({ "question": question, "about": about }))
    }
}

/// What a provider at a port calls itself.
pub(super) fn issuer(port: u16) -> String {
    format!("http://127.0.0.1:{port}")
}

/// A new key of ours, and its public half as the provider is told of it.
pub(super) fn new_key(node: &Path, algorithm: Algorithm) -> (PrivateKey, Value) {
    let folder = Path::new(tools::FOLDER).join("identity-providers/oidc-provider");
    let mut command = Command::new(node);
    command.arg(folder.join("new-key.mjs")).arg(algorithm.name());
    let made: Value = serde_json::from_slice(&command.output().unwrap().stdout).unwrap();
    (PrivateKey::new(algorithm, made["pem"].as_str().unwrap()), made["jwk"].clone())
}
