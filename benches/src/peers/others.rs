//! What is measured otherwise: removing what has ended while serving, the site at rest; and axum-login, which is a program
//! of its own.

use std::net::TcpListener;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use betancourt_benches::Failure;
use betancourt_benches::child::Server;
use betancourt_benches::load::{self, Page};
use betancourt_benches::measured::Measured;
use betancourt_benches::median::median;
use betancourt_benches::postgres::{Postgres, run};
use betancourt_benches::processor;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;

use super::contest::Contender;
use super::database::{Engine, KNOWN, Seeded};
use super::{or_say, say, start};

/// In the table that is swept, so many sessions have ended.
const ENDED: u64 = 200_000;
const CHUNK: usize = 3_200;
const CONNECTIONS: usize = 16;
/// Longer than this nobody waits for a first answer.
const PATIENCE: Duration = Duration::from_secs(20);

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

async fn fetch(server: std::net::SocketAddr, path: &str) -> Result<String, Failure> {
    let mut connection = TcpStream::connect(server).await?;
    let request = format!("GET {path} HTTP/1.1\r\nHost: {server}\r\nConnection: close\r\n\r\n");
    connection.write_all(request.as_bytes()).await?;
    let mut answer = String::new();
    connection.read_to_string(&mut answer).await?;
    Ok(answer)
}

/// The site with providers and a mail server of its own, so that no look-alikes run in it.
async fn rest() -> Result<Rest, Failure> {
    let program = std::env::current_exe()?.with_file_name("betancourt-site");
    if !program.exists() {
        return Err(
            "the site at rest: run `cargo build --release -p betancourt-site` before".into()
        );
    }
    let port = TcpListener::bind("127.0.0.1:0")?.local_addr()?.port();
    let folder = std::env::temp_dir().join(format!("betancourt-rest-{port}"));
    std::fs::create_dir(&folder)?;
    let began = Instant::now();
    let mut site = Command::new(program)
        .current_dir(&folder)
        .envs([("AUTH_GOOGLE_ID", "id"), ("AUTH_GOOGLE_SECRET", "secret")])
        .envs([("AUTH_SMTP_URL", "smtp://127.0.0.1:1"), ("AUTH_EMAIL_FROM", "site@example.com")])
        .envs([("PORT", port.to_string()), ("AUTH_URL", format!("http://127.0.0.1:{port}"))])
        .env("DATABASE_URL", "sqlite://site.db")
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()?;
    let address = ([127, 0, 0, 1], port).into();
    let first_answer = loop {
        match fetch(address, "/").await {
            Ok(answer) if answer.starts_with("HTTP/1.1 200 ") => break Ok(began.elapsed()),
            _ if began.elapsed() > PATIENCE => break Err("the site at rest: it does not answer"),
            _ => tokio::time::sleep(Duration::from_millis(1)).await,
        }
    };
    let memory = processor::memory(site.id());
    site.kill()?;
    site.wait()?;
    std::fs::remove_dir_all(&folder)?;
    Ok(Rest { memory: memory?, first_answer: first_answer? })
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
