//! The peers on Node: Auth.js and Better Auth, each on Express.

use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use betancourt_benches::Failure;
use betancourt_benches::child::Server;
use betancourt_benches::load::Page;
use betancourt_benches::postgres::{Postgres, run};
use betancourt_benches::token::SECRET;

use super::contest::Contender;
use super::database::{FIRST, KNOWN, people};
use super::say;

/// A server on Node is asked so many times less: it takes so much longer.
const SHARE: usize = 16;
const TABLES_OF_AUTH_JS: &str = include_str!("../../node/authjs/tables.sql");

/// The folders in which they are installed.
pub(super) struct Peers {
    auth_js: PathBuf,
    better_auth: PathBuf,
}

impl Peers {
    /// Installs what is not there yet.
    pub(super) fn install() -> Result<Self, Failure> {
        let folder = |name: &str| {
            let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("node").join(name);
            if !folder.join("node_modules").is_dir() {
                say(&format!("{name}: npm ci"));
                let installed = Command::new("npm")
                    .args(["ci", "--silent"])
                    .current_dir(&folder)
                    .stdout(Stdio::null())
                    .status()
                    .map_err(|_| "the peers on Node: install Node 20 or newer, and npm")?;
                installed.success().then_some(()).ok_or("npm cannot install the peers on Node")?;
            }
            Ok::<_, Failure>(folder)
        };
        Ok(Self { auth_js: folder("authjs")?, better_auth: folder("better-auth")? })
    }

    /// Auth.js with sessions in cookies.
    pub(super) fn auth_js_sealed(&self) -> Result<Contender, Failure> {
        let cookies = said(script(&self.auth_js, "").args(["cookies", "200"]), "")?;
        let server = Server::spawn(script(&self.auth_js, "").arg("jwt"))?;
        let page = Page { path: "/me", cookies: lines(&cookies).into() };
        Ok(Contender::new("Auth.js, sealed in a cookie", server, page).slow(SHARE))
    }

    /// Both with sessions in PostgreSQL, each in a database of its own.
    pub(super) async fn on_postgres(
        &self,
        postgres: &Postgres,
        sessions: u64,
    ) -> Result<[Contender; 2], Failure> {
        let url = postgres.create(&format!("auth_js_{sessions}")).await?;
        run(&url, TABLES_OF_AUTH_JS).await?;
        run(&url, &of_auth_js(sessions)).await?;
        let server = Server::spawn(script(&self.auth_js, &url).arg("database"))?;
        let cookies = known(sessions).map(|token| format!("authjs.session-token={token}"));
        let page = Page { path: "/me", cookies: cookies.collect::<Vec<_>>().into() };
        let auth_js = Contender::new("Auth.js", server, page).slow(SHARE);

        let url = postgres.create(&format!("better_auth_{sessions}")).await?;
        said(script(&self.better_auth, &url).arg("tables"), "")?;
        run(&url, &of_better_auth(sessions)).await?;
        let tokens: Vec<_> = known(sessions).collect();
        let cookies = said(script(&self.better_auth, &url).arg("cookies"), &tokens.join("\n"))?;
        let server = Server::spawn(script(&self.better_auth, &url).arg("serve"))?;
        let page = Page { path: "/me", cookies: lines(&cookies).into() };
        Ok([auth_js, Contender::new("Better Auth", server, page).slow(SHARE)])
    }
}

fn script(folder: &Path, url: &str) -> Command {
    let mut node = Command::new("node");
    node.arg("server.mjs").current_dir(folder).env("DATABASE_URL", url).env("AUTH_SECRET", SECRET);
    node
}

/// What a program says to what it is told.
fn said(program: &mut Command, told: &str) -> Result<String, Failure> {
    let mut running = program.stdin(Stdio::piped()).stdout(Stdio::piped()).spawn()?;
    let mut input = running.stdin.take().ok_or("it does not listen")?;
    let told = told.to_owned();
    let telling = std::thread::spawn(move || input.write_all(told.as_bytes()));
    let output = running.wait_with_output()?;
    let _ = telling.join(); // one that needs no input does not wait for it
    output.status.success().then_some(()).ok_or("a peer on Node fails")?;
    Ok(String::from_utf8(output.stdout)?)
}

fn lines(text: &str) -> Vec<String> {
    text.lines().map(str::to_owned).collect()
}

/// The tokens whose sessions are asked with; what is in the tables is made of the same numbers.
fn known(sessions: u64) -> impl Iterator<Item = String> {
    (1..=KNOWN.min(sessions)).map(|number| format!("known-{number:0>30}"))
}

fn of_auth_js(sessions: u64) -> String {
    let (people, known) = (people(sessions), KNOWN.min(sessions));
    format!(
        r#"
        INSERT INTO users (id, name, email, role)
        SELECT i, 'Person u' || i, 'u' || i || '@example.com', 'CLIENT'
        FROM generate_series({FIRST}, {FIRST} + {people} - 1) i;
        INSERT INTO sessions ("userId", expires, "sessionToken")
        SELECT {FIRST} + (i * 7919::bigint) % {people}, now() + interval '29 days 23 hours',
               CASE WHEN i <= {known} THEN 'known-' || lpad(i::text, 30, '0') ELSE gen_random_uuid()::text END
        FROM generate_series(1, {sessions}) i;
        ANALYZE;"#
    )
}

fn of_better_auth(sessions: u64) -> String {
    let (people, known) = (people(sessions), KNOWN.min(sessions));
    format!(
        r#"
        INSERT INTO "user" (id, name, email, "emailVerified", role, "createdAt", "updatedAt")
        SELECT 'u' || i, 'Person u' || i, 'u' || i || '@example.com', true, 'CLIENT', now(), now()
        FROM generate_series({FIRST}, {FIRST} + {people} - 1) i;
        INSERT INTO session (id, "expiresAt", token, "createdAt", "updatedAt", "ipAddress", "userAgent", "userId")
        SELECT 's' || i, now() + interval '7 days',
               CASE WHEN i <= {known} THEN 'known-' || lpad(i::text, 30, '0') ELSE md5(random()::text) END,
               now(), now(), '127.0.0.1', 'Mozilla/5.0', 'u' || ({FIRST} + (i * 7919::bigint) % {people})
        FROM generate_series(1, {sessions}) i;
        ANALYZE;"#
    )
}
