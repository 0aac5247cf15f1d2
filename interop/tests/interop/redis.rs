//! A Redis server of its own, for suites whose sessions are there.

use std::fs;
use std::net::TcpStream;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::thread::sleep;
use std::time::{Duration, Instant};

use crate::app::free_port;

const PATIENCE: Duration = Duration::from_secs(30);

/// A server that runs. It ends with the test.
pub(crate) struct Redis {
    port: u16,
    folder: PathBuf,
    process: Child,
}

impl Redis {
    /// Starts it, empty, at a port of loopback.
    pub(crate) fn start(program: &Path) -> Self {
        let port = free_port();
        let folder = std::env::temp_dir().join(format!("betancourt-interop-redis-{port}"));
        fs::create_dir(&folder).unwrap();
        let mut command = Command::new(program);
        command.args(["--bind", "127.0.0.1", "--save", "", "--port", &port.to_string(), "--dir"]);
        command.arg(&folder).stdin(Stdio::null()).stdout(Stdio::null());
        let process = command.spawn().unwrap();
        let server = Self { port, folder, process };
        let began = Instant::now();
        while TcpStream::connect(("127.0.0.1", port)).is_err() {
            assert!(began.elapsed() < PATIENCE, "redis-server does not start");
            sleep(Duration::from_millis(10));
        }
        server
    }

    pub(crate) fn url(&self) -> String {
        format!("redis://127.0.0.1:{}", self.port)
    }
}

impl Drop for Redis {
    fn drop(&mut self) {
        drop(self.process.kill());
        drop(self.process.wait());
        drop(fs::remove_dir_all(&self.folder));
    }
}
