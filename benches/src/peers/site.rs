//! The reference site, in an empty folder, with providers and a mail server of its own, so that no look-alikes run in it.

use std::net::{SocketAddr, TcpListener};
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use betancourt_benches::Failure;
use betancourt_benches::processor;

use super::others::fetch;

/// Longer than this nobody waits for a first answer.
const PATIENCE: Duration = Duration::from_secs(20);

/// The running site. It ends with this value.
pub(super) struct Site {
    process: Child,
    folder: PathBuf,
    pub(super) address: SocketAddr,
    /// From its start to its first answer.
    pub(super) first_answer: Duration,
}

impl Site {
    /// The site on such a database, once it has answered.
    pub(super) async fn start(database: &str) -> Result<Self, Failure> {
        let program = std::env::current_exe()?.with_file_name("betancourt-site");
        if !program.exists() {
            return Err("the site: run `cargo build --release -p betancourt-site` before".into());
        }
        let port = TcpListener::bind("127.0.0.1:0")?.local_addr()?.port();
        let folder = std::env::temp_dir().join(format!("betancourt-site-{port}"));
        std::fs::create_dir(&folder)?;
        let began = Instant::now();
        let process = Command::new(program)
            .current_dir(&folder)
            .envs([("AUTH_GOOGLE_ID", "id"), ("AUTH_GOOGLE_SECRET", "secret")])
            .envs([
                ("AUTH_SMTP_URL", "smtp://127.0.0.1:1"),
                ("AUTH_EMAIL_FROM", "site@example.com"),
            ])
            .envs([("PORT", port.to_string()), ("AUTH_URL", "http://localhost".to_owned())])
            .env("DATABASE_URL", database)
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()?;
        let address = ([127, 0, 0, 1], port).into();
        let mut site = Self { process, folder, address, first_answer: Duration::ZERO };
        loop {
            match fetch(address, "/").await {
                Ok(answer) if answer.starts_with("HTTP/1.1 200 ") => break,
                _ if began.elapsed() > PATIENCE => return Err("the site does not answer".into()),
                _ => tokio::time::sleep(Duration::from_millis(1)).await,
            }
        }
        site.first_answer = began.elapsed();
        Ok(site)
    }

    /// The memory that it has now, in MiB.
    pub(super) fn memory(&self) -> Result<f64, Failure> {
        processor::memory(self.process.id())
    }
}

impl Drop for Site {
    fn drop(&mut self) {
        let _ = self.process.kill(); // it may have ended by itself
        let _ = self.process.wait();
        let _ = std::fs::remove_dir_all(&self.folder);
    }
}
