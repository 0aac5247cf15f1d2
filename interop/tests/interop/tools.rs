//! The tools of others that the suites need: found here, or named in one line.

use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::OnceLock;

/// Where the scripts and their packages are.
pub(crate) const FOLDER: &str = env!("CARGO_MANIFEST_DIR");
/// The oldest Node that the packages run on.
const OLDEST_NODE: u32 = 20;
/// What Chromium is called on the systems we know.
const CHROMIUM: [&str; 4] =
    ["chromium", "chromium-browser", "google-chrome", "google-chrome-stable"];

/// A program that is missing, and how to have it.
type Missing = &'static str;

/// Node with the packages that scripts and browsers need. `None`: the suite is skipped, and that has been said.
pub(crate) fn node() -> Option<&'static Path> {
    static NODE: OnceLock<Option<PathBuf>> = OnceLock::new();
    NODE.get_or_init(|| found("the interop suite", find_node(""))).as_deref()
}

/// Node with what Auth.js is made of, too. `None`: the suite is skipped, and that has been said.
pub(crate) fn node_with_authjs() -> Option<&'static Path> {
    static NODE: OnceLock<Option<PathBuf>> = OnceLock::new();
    node()?;
    NODE.get_or_init(|| found("the Auth.js suite", find_node("authjs"))).as_deref()
}

/// Node with a certified OpenID Connect provider. `None`: the suite is skipped, and that has been said.
pub(crate) fn node_with_oidc_provider() -> Option<&'static Path> {
    static NODE: OnceLock<Option<PathBuf>> = OnceLock::new();
    NODE.get_or_init(|| found("the suite of oidc-provider", find_node("identity-providers")))
        .as_deref()
}

/// The folder with the programs of a PostgreSQL server. `None`: the suite is skipped, and that has been said.
pub(crate) fn postgres() -> Option<&'static Path> {
    static POSTGRES: OnceLock<Option<PathBuf>> = OnceLock::new();
    POSTGRES.get_or_init(|| found("the PostgreSQL suite", find_postgres())).as_deref()
}

/// Python with a mail server for tests. `None`: the suite is skipped, and that has been said.
pub(crate) fn python_with_aiosmtpd() -> Option<&'static Path> {
    static PYTHON: OnceLock<Option<PathBuf>> = OnceLock::new();
    PYTHON
        .get_or_init(|| found("the mail suite", find_python("aiosmtpd", &["aiosmtpd==1.4.6"])))
        .as_deref()
}

/// Python with an OpenID Connect provider. `None`: the suite is skipped, and that has been said.
pub(crate) fn python_with_django_oauth_toolkit() -> Option<&'static Path> {
    const PACKAGES: [&str; 2] = ["Django==5.2.19", "django-oauth-toolkit==3.4.1"];
    static PYTHON: OnceLock<Option<PathBuf>> = OnceLock::new();
    let find =
        || found("the suite of django-oauth-toolkit", find_python("oauth2_provider", &PACKAGES));
    PYTHON.get_or_init(find).as_deref()
}

/// Glewlwyd, an OpenID Connect provider. `None`: the suite is skipped, and that has been said.
pub(crate) fn glewlwyd() -> Option<&'static Path> {
    static GLEWLWYD: OnceLock<Option<PathBuf>> = OnceLock::new();
    GLEWLWYD.get_or_init(|| found("the suite of Glewlwyd", find_glewlwyd())).as_deref()
}

/// nginx. `None`: the suite is skipped, and that has been said.
pub(crate) fn nginx() -> Option<&'static Path> {
    static NGINX: OnceLock<Option<PathBuf>> = OnceLock::new();
    NGINX.get_or_init(|| found("the nginx suite", find_nginx())).as_deref()
}

/// What makes certificates. `None`: the suite is skipped, and that has been said.
pub(crate) fn openssl() -> Option<&'static Path> {
    static OPENSSL: OnceLock<Option<PathBuf>> = OnceLock::new();
    let find = || found("suites over TLS", in_path("openssl").ok_or("install openssl"));
    OPENSSL.get_or_init(find).as_deref()
}

/// Redis. `None`: the suite is skipped, and that has been said.
pub(crate) fn redis() -> Option<&'static Path> {
    static REDIS: OnceLock<Option<PathBuf>> = OnceLock::new();
    let find = || in_path("redis-server").ok_or("install Redis");
    REDIS.get_or_init(|| found("the Redis suite", find())).as_deref()
}

/// Chromium. `None`: the suite is skipped, and that has been said.
pub(crate) fn chromium() -> Option<&'static Path> {
    static CHROMIUM: OnceLock<Option<PathBuf>> = OnceLock::new();
    CHROMIUM.get_or_init(|| found("the browser suite", find_chromium())).as_deref()
}

/// Says what is missing, past the capture of the test runner; where everything is required, that is a failure.
fn found(suite: &str, tool: Result<PathBuf, Missing>) -> Option<PathBuf> {
    let missing = match tool {
        Ok(path) => return Some(path),
        Err(missing) => missing,
    };
    let required = std::env::var_os("BETANCOURT_REQUIRE_ALL").is_some_and(|value| value == "1");
    assert!(!required, "{suite} cannot run, and BETANCOURT_REQUIRE_ALL is 1: {missing}");
    drop(writeln!(std::io::stderr(), "skipped: {suite}: {missing}"));
    None
}

/// Node, once the packages of a folder are installed.
fn find_node(folder: &str) -> Result<PathBuf, Missing> {
    let node = in_path("node").ok_or("install Node 20 or newer")?;
    let version = Command::new(&node).args(["--print", "process.versions.node"]).output();
    let version = version.map(|answer| String::from_utf8_lossy(&answer.stdout).into_owned());
    let major = version.ok().and_then(|version| version.split('.').next()?.parse::<u32>().ok());
    if major.is_none_or(|major| major < OLDEST_NODE) {
        return Err("install Node 20 or newer; the one here is older");
    }
    let folder = Path::new(FOLDER).join(folder);
    if !is_up_to_date(&folder) {
        install_packages(&folder)?;
    }
    Ok(node)
}

/// Whether the packages in a folder were installed after its lock was written.
fn is_up_to_date(folder: &Path) -> bool {
    let written = |file| folder.join(file).metadata().and_then(|known| known.modified()).ok();
    written("node_modules/.package-lock.json")
        .is_some_and(|installed| Some(installed) >= written("package-lock.json"))
}

/// Installs what the lock names. Not `npm ci`, which wants the lock to name builds for systems that are not this one,
/// and some of these are not always to be had.
fn install_packages(folder: &Path) -> Result<(), Missing> {
    let npm = in_path("npm").ok_or("install npm")?;
    let mut install = Command::new(npm);
    install.args(["install", "--no-save", "--no-audit", "--no-fund"]).current_dir(folder);
    let installed = install.stdin(Stdio::null()).stdout(Stdio::null()).status();
    let installed = installed.is_ok_and(|status| status.success());
    installed
        .then_some(())
        .ok_or("`npm install` in interop/ failed; it needs the npm registry once")
}

fn find_chromium() -> Result<PathBuf, Missing> {
    CHROMIUM.into_iter().find_map(in_path).ok_or("install Chromium")
}

/// Debian puts it where only the path of an administrator leads.
fn find_nginx() -> Result<PathBuf, Missing> {
    let elsewhere = PathBuf::from("/usr/sbin/nginx");
    in_path("nginx").or(Some(elsewhere).filter(|path| path.is_file())).ok_or("install nginx")
}

/// Debian keeps the server's programs out of the path, each version in a folder of its own.
fn find_postgres() -> Result<PathBuf, Missing> {
    let versions = std::fs::read_dir("/usr/lib/postgresql").into_iter().flatten().flatten();
    let mut folders: Vec<_> = versions.map(|version| version.path().join("bin")).collect();
    folders.sort();
    let in_path = in_path("initdb").and_then(|program| Some(program.parent()?.to_owned()));
    folders
        .into_iter()
        .rfind(|folder| folder.join("initdb").is_file())
        .or(in_path)
        .ok_or("install PostgreSQL")
}

/// Its tables are made by `sqlite3`, its keys by `openssl`.
fn find_glewlwyd() -> Result<PathBuf, Missing> {
    in_path("sqlite3").ok_or("install sqlite3")?;
    in_path("openssl").ok_or("install openssl")?;
    in_path("glewlwyd").ok_or("install Glewlwyd")
}

/// A Python of the tests' own, because no other one is to be changed, with packages of which it can import a module.
fn find_python(module: &str, packages: &[&str]) -> Result<PathBuf, Missing> {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join(format!("python-{module}"));
    let python = folder.join("bin/python");
    if !runs(Command::new(&python).args(["-c", &format!("import {module}")])) {
        let system = in_path("python3").ok_or("install Python 3")?;
        runs(Command::new(system).args(["-m", "venv"]).arg(&folder))
            .then_some(())
            .ok_or("install Python's venv: python3-venv")?;
        runs(Command::new(&python).args(["-m", "pip", "install", "--quiet"]).args(packages))
            .then_some(())
            .ok_or("`pip install` failed; it needs the package index once")?;
    }
    Ok(python)
}

fn runs(command: &mut Command) -> bool {
    let command = command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
    command.status().is_ok_and(|status| status.success())
}

fn in_path(program: &str) -> Option<PathBuf> {
    let path = std::env::var_os("PATH")?;
    std::env::split_paths(&path).map(|folder| folder.join(program)).find(|path| path.is_file())
}
