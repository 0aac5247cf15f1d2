//! Redis servers for the tests of one binary: one that they share, and others of their own.

use std::fs;
use std::io::{Read as _, Write as _};
use std::net::{TcpListener, TcpStream};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::OnceLock;
use std::sync::atomic::{AtomicU32, Ordering};
use std::thread::sleep;
use std::time::{Duration, Instant};

const SCRIPT: &str = include_str!("server.sh");

/// A server that a test has for itself, in a folder of its own. It stops when it is dropped, as by a power cut.
pub(crate) struct Server {
    pub(crate) port: u16,
    folder: PathBuf,
    settings: Vec<String>,
    running: Option<Child>,
}

static NEXT: AtomicU32 = AtomicU32::new(0);

impl Server {
    /// Starts one. `None`: Redis is missing, and that has been said.
    pub(crate) fn start(settings: &[&str]) -> Option<Self> {
        let port = free_port();
        let mut listening = ["--port", &port.to_string(), "--save", ""].map(str::to_owned).to_vec();
        listening.extend(settings.iter().map(|setting| (*setting).to_owned()));
        Self::start_on(port, listening)
    }

    /// Starts one that is told itself where to listen: on that port of this machine.
    pub(crate) fn start_on(port: u16, mut settings: Vec<String>) -> Option<Self> {
        if !is_installed() {
            return None;
        }
        let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join(format!(
            "redis-{}-{}",
            std::process::id(),
            NEXT.fetch_add(1, Ordering::Relaxed)
        ));
        fs::create_dir_all(&folder).unwrap();
        let fixed = ["--bind", "127.0.0.1", "--dir", folder.to_str().unwrap()];
        settings.extend(fixed.map(str::to_owned));
        let mut server = Self { port, folder, settings, running: None };
        server.start_again();
        Some(server)
    }

    /// Starts it on the same port and on what it left in its folder.
    pub(crate) fn start_again(&mut self) {
        let mut script = Command::new("sh");
        script.args(["-c", SCRIPT, "sh"]).args(&self.settings);
        script.stdin(Stdio::piped()).stdout(Stdio::null()).stderr(Stdio::null());
        self.running = Some(script.spawn().unwrap());
        let began = Instant::now();
        while !self.is_ready() {
            assert!(began.elapsed() < Duration::from_secs(20), "redis-server does not start");
            sleep(Duration::from_millis(10));
        }
    }

    /// Whether it listens, and has read what it left.
    fn is_ready(&self) -> bool {
        let Ok(mut asked) = TcpStream::connect(("127.0.0.1", self.port)) else { return false };
        let mut answer = [0; 8];
        // One that speaks TLS hangs up.
        drop(asked.write_all(b"PING\r\n").and_then(|()| asked.read(&mut answer)));
        !answer.starts_with(b"-LOADING")
    }

    /// Ends it at once: `kill -9`.
    pub(crate) fn kill(&mut self) {
        let mut running = self.running.take().unwrap();
        drop(running.stdin.take());
        running.wait().unwrap();
    }

    pub(crate) fn url(&self) -> String {
        format!("redis://127.0.0.1:{}", self.port)
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        if self.running.is_some() {
            self.kill();
        }
        // What cannot be removed lies in the target folder and hurts nobody.
        let _ = fs::remove_dir_all(&self.folder);
    }
}

pub(crate) fn free_port() -> u16 {
    TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port()
}

fn is_installed() -> bool {
    static INSTALLED: OnceLock<bool> = OnceLock::new();
    *INSTALLED.get_or_init(|| {
        let path = std::env::var_os("PATH").unwrap_or_default();
        let is_in =
            |program: &str| std::env::split_paths(&path).any(|at| at.join(program).exists());
        let found = is_in("redis-server") && is_in("redis-cli");
        let required = std::env::var_os("BETANCOURT_REQUIRE_ALL").is_some_and(|value| value == "1");
        assert!(found || !required, "Redis is missing, and BETANCOURT_REQUIRE_ALL is 1");
        if !found {
            let skipped = "skipped: the tests on Redis: install redis-server and redis-tools";
            drop(writeln!(std::io::stderr(), "{skipped}"));
        }
        found
    })
}
