//! Glewlwyd as a process, set up as an administrator does it.

use std::fs::{self, File};
use std::io::Write as _;
use std::path::Path;
use std::process::{Child, Command, Output, Stdio};
use std::thread::sleep;
use std::time::{Duration, Instant};

use http::{Method, StatusCode};
use serde_json::{Value, json};
use url::Url;

use crate::app::free_port;
use crate::identity_providers::folder::Folder;
use crate::user_agent::UserAgent;

const PATIENCE: Duration = Duration::from_secs(20);
/// The configuration as it is packaged.
const CONFIGURATION: &str = "/etc/glewlwyd/glewlwyd.conf";
/// The tables as they are packaged.
const TABLES: &str = "/usr/share/dbconfig-common/data/glewlwyd/install/sqlite3";
/// What all issuers have in common.
const ISSUER: &str = include_str!("../../../../identity-providers/glewlwyd/issuer.json");

/// How an issuer signs.
#[derive(Clone, Copy)]
pub(super) struct Kind {
    /// What we call the issuer.
    pub(super) name: &'static str,
    /// What Glewlwyd calls it.
    signature: &'static str,
    /// What `openssl` makes a key of.
    key: &'static [&'static str],
}

const RSA: &[&str] = &["RSA", "-pkeyopt", "rsa_keygen_bits:2048"];
const P_256: &[&str] = &["EC", "-pkeyopt", "ec_paramgen_curve:P-256"];

pub(super) const KINDS: [Kind; 4] = [
    Kind { name: "rs256", signature: "rsa", key: RSA },
    Kind { name: "ps256", signature: "rsa-pss", key: RSA },
    Kind { name: "es256", signature: "ecdsa", key: P_256 },
    Kind { name: "eddsa", signature: "eddsa", key: &["ED25519"] },
];

/// A provider that runs. It ends with the test.
pub(super) struct Glewlwyd {
    program: &'static Path,
    folder: Folder,
    port: u16,
    process: Child,
}

impl Glewlwyd {
    /// Starts it on a database of its own, with nobody in it but the administrator.
    pub(super) fn start(program: &'static Path) -> Self {
        let (folder, port) = (Folder::new(), free_port());
        write_configuration(folder.path(), port);
        let mut sqlite = Command::new("sqlite3");
        let tables = File::open(TABLES).unwrap();
        let made = sqlite.arg(folder.path().join("glewlwyd.db")).stdin(tables).output().unwrap();
        assert!(made.status.success(), "{made:?}");
        let process = spawn(program, folder.path(), port);
        Self { program, folder, port, process }
    }

    /// Ends it, and starts it on what it left behind.
    pub(super) fn restart(&mut self) {
        self.process.kill().unwrap();
        self.process.wait().unwrap();
        self.process = spawn(self.program, self.folder.path(), self.port);
    }

    /// What an issuer calls itself.
    pub(super) fn issuer(&self, name: &str) -> String {
        self.url(&format!("/{name}")).to_string()
    }

    /// An address of its API.
    pub(super) fn url(&self, path: &str) -> Url {
        Url::parse(&format!("http://127.0.0.1:{}/api{path}", self.port)).unwrap()
    }

    /// An administrator who is signed in.
    pub(super) async fn administrator(&self) -> Administrator<'_> {
        let mut administrator = Administrator { glewlwyd: self, browser: UserAgent::new() };
        let known = json!({ "username": "admin", "password": "password" });
        administrator.call(Method::POST, "/auth/", &known).await;
        administrator
    }
}

impl Drop for Glewlwyd {
    fn drop(&mut self) {
        drop(self.process.kill());
        drop(self.process.wait());
    }
}

/// Whoever may do everything there.
pub(super) struct Administrator<'a> {
    glewlwyd: &'a Glewlwyd,
    browser: UserAgent,
}

impl Administrator<'_> {
    /// Adds a scope, a client, or a person.
    pub(super) async fn add(&mut self, kind: &str, what: &Value) {
        self.call(Method::POST, &format!("/{kind}/"), what).await;
    }

    /// Removes one.
    pub(super) async fn remove(&mut self, kind: &str, name: &str) {
        self.call(Method::DELETE, &format!("/{kind}/{name}"), &Value::Null).await;
    }

    /// Opens an issuer.
    pub(super) async fn open(&mut self, Kind { name, signature, key }: Kind) {
        let mut parameters: Value = serde_json::from_str(ISSUER).unwrap();
        parameters["iss"] = self.glewlwyd.issuer(name).into();
        parameters["jwt-type"] = signature.into();
        renew(&mut parameters, key);
        let plugin = json!({ "module": "oidc", "name": name, "display_name": name, "parameters": parameters });
        self.add("mod/plugin", &plugin).await;
    }

    /// Gives an issuer another key, which it signs with from now on.
    pub(super) async fn rotate_keys(&mut self, Kind { name, key, .. }: Kind) {
        let path = format!("/mod/plugin/{name}");
        let mut plugin = self.call(Method::GET, &path, &Value::Null).await;
        renew(&mut plugin["parameters"], key);
        self.call(Method::PUT, &path, &plugin).await;
        self.call(Method::PUT, &format!("{path}/reset"), &Value::Null).await;
    }

    async fn call(&mut self, method: Method, path: &str, what: &Value) -> Value {
        let page = self.browser.call(method, &self.glewlwyd.url(path), what).await;
        assert_eq!(page.status, StatusCode::OK, "{path}: {page:?}");
        serde_json::from_str(&page.body).unwrap_or_default()
    }
}

/// The packaged one, on loopback, with a database and a log of its own. One that is written by hand is refused.
fn write_configuration(folder: &Path, port: u16) {
    let packaged = fs::read_to_string(CONFIGURATION).unwrap();
    let database = folder.join("glewlwyd.db");
    let ours = |line: &str| match line.split('=').next().unwrap_or_default().trim() {
        "port" => format!("port={port}\nbind_address=\"127.0.0.1\"\n"),
        "external_url" => format!("external_url=\"http://127.0.0.1:{port}\"\n"),
        "log_mode" => "log_mode=\"console\"\n".to_owned(),
        "cookie_same_site" => "cookie_same_site=\"lax\"\n".to_owned(),
        name if name.starts_with("@include") => {
            format!("database = {{ type = \"sqlite3\" path = \"{}\" }};\n", database.display())
        }
        _ => format!("{line}\n"),
    };
    let configuration: String = packaged.lines().map(ours).collect();
    fs::write(folder.join("glewlwyd.conf"), configuration).unwrap();
}

fn spawn(program: &Path, folder: &Path, port: u16) -> Child {
    let log = File::options().create(true).append(true).open(folder.join("log")).unwrap();
    let mut command = Command::new(program);
    command.arg("-c").arg(folder.join("glewlwyd.conf")).current_dir(folder);
    let command = command.stdin(Stdio::null()).stdout(log.try_clone().unwrap()).stderr(log);
    let mut process = command.spawn().unwrap();
    let began = Instant::now();
    while std::net::TcpStream::connect(("127.0.0.1", port)).is_err() {
        let said = || fs::read_to_string(folder.join("log")).unwrap_or_default();
        assert!(process.try_wait().unwrap().is_none(), "it ended at once:\n{}", said());
        assert!(began.elapsed() < PATIENCE, "it is not ready:\n{}", said());
        sleep(Duration::from_millis(10));
    }
    process
}

/// A new pair of keys, in PEM.
fn renew(parameters: &mut Value, kind: &[&str]) {
    let private = openssl(&[&["genpkey", "-algorithm"], kind].concat(), "");
    parameters["cert"] = openssl(&["pkey", "-pubout"], &private).into();
    parameters["key"] = private.into();
}

pub(super) fn openssl(arguments: &[&str], input: &str) -> String {
    let mut command = Command::new("openssl");
    command.args(arguments).stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut process = command.spawn().unwrap();
    process.stdin.take().unwrap().write_all(input.as_bytes()).unwrap();
    let Output { status, stdout, stderr } = process.wait_with_output().unwrap();
    assert!(status.success(), "{}", String::from_utf8_lossy(&stderr));
    String::from_utf8(stdout).unwrap()
}
