//! What is measured otherwise: removing what has ended while serving, the site at rest; and axum-login, which is a program
//! of its own.

use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Duration;

use betancourt_benches::Failure;
use betancourt_benches::child::Server;
use betancourt_benches::load::{self, Page};
use betancourt_benches::measured::Measured;
use betancourt_benches::median::median;
use betancourt_benches::postgres::{Postgres, run};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;

use super::contest::Contender;
use super::database::{Engine, KNOWN, Seeded};
use super::site::Site;
use super::{or_say, say, start};
use crate::folder::Folder;

/// In the table that is swept, so many sessions have ended.
const ENDED: u64 = 200_000;
const CHUNK: usize = 3_200;
const CONNECTIONS: usize = 16;

/// What came of it.
#[derive(Debug)]
pub(super) struct Others {
    pub(super) sweep: Sweep,
    pub(super) rest: Option<Rest>,
}

/// The time within which 99 of a hundred answers came, in seconds.
#[derive(Debug)]
pub(super) struct Sweep {
    pub(super) removed: u64,
    pub(super) without: f64,
    pub(super) with: f64,
}

/// The site when nobody asks it anything.
#[derive(Debug)]
pub(super) struct Rest {
    pub(super) memory: f64,
    pub(super) first_answer: Duration,
}

pub(super) async fn measure(postgres: &Postgres) -> Result<Others, Failure> {
    say("removing what has ended, while serving");
    let sweep = sweep(postgres).await?;
    say("the site at rest");
    Ok(Others { sweep, rest: or_say(rest().await) })
}

async fn sweep(postgres: &Postgres) -> Result<Sweep, Failure> {
    let seeded = Seeded::make(Engine::Postgres, postgres, ENDED + KNOWN).await?;
    let end = r#"UPDATE "sessions" SET "expires" = now() - interval '1 day' WHERE "id" LIKE 's%'"#;
    run(&seeded.url, end).await?;
    run(&seeded.url, "VACUUM ANALYZE").await?;
    let server = start(Measured::Ours, &seeded.url)?;
    let page = seeded.page_of_ours();
    let chunk = || load::run(server.address, &page, CONNECTIONS, CHUNK);
    chunk().await?;
    let (mut without, mut with) = (Vec::new(), Vec::new());
    for _ in 0..12 {
        without.push(chunk().await?.percentile(99).as_secs_f64());
    }
    let sweeping = tokio::spawn(fetch(server.address, "/sweep"));
    while !sweeping.is_finished() {
        with.push(chunk().await?.percentile(99).as_secs_f64());
    }
    let answer = sweeping.await??;
    let removed = answer.rsplit("\r\n").next().unwrap_or_default().parse()?;
    drop(server);
    seeded.remove(postgres).await?;
    Ok(Sweep { removed, without: median(without), with: median(with) })
}

pub(super) async fn fetch(server: std::net::SocketAddr, path: &str) -> Result<String, Failure> {
    let mut connection = TcpStream::connect(server).await?;
    let request = format!("GET {path} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n");
    connection.write_all(request.as_bytes()).await?;
    let mut answer = String::new();
    connection.read_to_string(&mut answer).await?;
    Ok(answer)
}

async fn rest() -> Result<Rest, Failure> {
    let folder = Folder::new("rest")?;
    let site = Site::start(&folder.database("site")).await?;
    Ok(Rest { memory: site.memory()?, first_answer: site.first_answer })
}

/// Builds axum-login, which wants another version of sqlx.
pub(super) fn build_axum_login() -> Result<PathBuf, Failure> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("axum-login");
    let target = Path::new(env!("CARGO_MANIFEST_DIR")).join("../target/axum-login");
    say("axum-login: cargo build --release");
    let built = Command::new("cargo")
        .args(["build", "--release", "--locked", "--quiet", "--target-dir"])
        .arg(&target)
        .current_dir(&folder)
        .status()?;
    built.success().then_some(()).ok_or("axum-login cannot be built")?;
    Ok(target.join("release/betancourt-benches-axum-login"))
}

/// axum-login with as many sessions of its own in the same database.
pub(super) fn axum_login(
    program: &Path,
    seeded: &Seeded,
    sessions: u64,
) -> Result<Contender, Failure> {
    let seed = Command::new(program)
        .arg("seed")
        .env("DATABASE_URL", &seeded.url)
        .env("SESSIONS", sessions.to_string())
        .env("COOKIES", KNOWN.min(sessions).to_string())
        .output()?;
    seed.status.success().then_some(()).ok_or("axum-login cannot make its sessions")?;
    let cookies: Vec<_> = String::from_utf8(seed.stdout)?.lines().map(str::to_owned).collect();
    let server =
        Server::spawn(Command::new(program).arg("serve").env("DATABASE_URL", &seeded.url))?;
    let page = Page { path: "/me", cookies: cookies.into() };
    Ok(Contender::new("axum-login and tower-sessions", server, page))
}
