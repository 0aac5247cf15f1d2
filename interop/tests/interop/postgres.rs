//! A PostgreSQL server of its own, for suites that share a database with Auth.js.

use std::fs;
use std::io::Write as _;
use std::net::TcpListener;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::{Arc, Mutex, PoisonError, Weak};

use crate::tools;

/// A server that nobody but the tests knows. It ends with the last test that uses it.
pub(crate) struct Postgres {
    programs: &'static Path,
    folder: PathBuf,
    port: u16,
}

impl Postgres {
    /// The server of this run. `None`: the suite is skipped, and that has been said.
    pub(crate) fn shared() -> Option<Arc<Self>> {
        static RUNNING: Mutex<Weak<Postgres>> = Mutex::new(Weak::new());
        let programs = tools::postgres()?;
        let mut running = RUNNING.lock().unwrap_or_else(PoisonError::into_inner);
        Some(running.upgrade().unwrap_or_else(|| {
            let server = Arc::new(Self::start(programs));
            *running = Arc::downgrade(&server);
            server
        }))
    }

    /// A new database with these tables in it: its address.
    pub(crate) fn database(&self, tables: &str) -> String {
        static MADE: AtomicU32 = AtomicU32::new(0);
        let name = format!("interop_{}", MADE.fetch_add(1, Ordering::Relaxed));
        self.execute("postgres", &format!("CREATE DATABASE {name}"));
        self.execute(&name, tables);
        self.url(&name)
    }

    fn start(programs: &'static Path) -> Self {
        let port = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
        let folder = std::env::temp_dir().join(format!("betancourt-interop-postgres-{port}"));
        let server = Self { programs, folder, port };
        server.run(
            "initdb",
            &[
                "--username=postgres",
                "--auth=trust",
                "--encoding=UTF8",
                "--locale=C.UTF-8",
                "--no-sync",
            ],
        );
        let settings = format!(
            "-p {port} -k {} -c listen_addresses=127.0.0.1 -c fsync=off -c full_page_writes=off",
            server.folder.display()
        );
        let log = server.folder.join("log");
        let log = log.to_str().unwrap();
        server
            .run("pg_ctl", &["--wait", "--silent", "--log", log, "--options", &settings, "start"]);
        server
    }

    /// Runs a program of the server's on its folder. It refuses to be run by root, so root lends it another name.
    fn run(&self, program: &str, arguments: &[&str]) {
        let program = self.programs.join(program);
        let mut command = if is_root() {
            let mut command = Command::new("setpriv");
            command.args(["--reuid=postgres", "--regid=postgres", "--init-groups"]).arg(program);
            command
        } else {
            Command::new(program)
        };
        command.arg("--pgdata").arg(&self.folder).args(arguments).current_dir("/");
        let status = command.stdin(Stdio::null()).stdout(Stdio::null()).status().unwrap();
        assert!(status.success(), "{command:?}");
    }

    fn execute(&self, database: &str, statements: &str) {
        let mut command = Command::new(self.programs.join("psql"));
        command.args(["--no-psqlrc", "--quiet", "--set=ON_ERROR_STOP=1"]).arg(self.url(database));
        let mut psql = command.stdin(Stdio::piped()).stdout(Stdio::null()).spawn().unwrap();
        psql.stdin.take().unwrap().write_all(statements.as_bytes()).unwrap();
        assert!(psql.wait().unwrap().success(), "{statements}");
    }

    fn url(&self, database: &str) -> String {
        format!("postgres://postgres@127.0.0.1:{}/{database}", self.port)
    }
}

impl Drop for Postgres {
    fn drop(&mut self) {
        self.run("pg_ctl", &["--silent", "--mode=immediate", "stop"]);
        drop(fs::remove_dir_all(&self.folder));
    }
}

fn is_root() -> bool {
    let id = Command::new("id").arg("--user").output();
    id.is_ok_and(|answer| answer.stdout.trim_ascii() == b"0")
}
