//! A database server that keeps what it says it has, and can be killed and started again.

use std::fs;
use std::net::TcpListener;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Duration;

use betancourt_auth_sqlx::SqlStore;
use tokio::time::{sleep, timeout};

use super::ground::Ground;

const PATIENCE: Duration = Duration::from_secs(60);

/// One server with a folder of its own. It ends with this value, and with the thread that started it.
#[derive(Debug)]
pub(crate) struct Durable {
    ground: Ground,
    programs: PathBuf,
    folder: PathBuf,
    port: u16,
    running: Option<Child>,
}

impl Durable {
    /// `None`: it is not installed here, and that has been said.
    pub(crate) async fn start(ground: Ground) -> Option<Self> {
        static NEXT: AtomicU32 = AtomicU32::new(0);
        ground.url().await?;
        let programs = match ground {
            Ground::Postgres => newest_postgres()?,
            _ => folder_of("mariadbd")?,
        };
        let number = NEXT.fetch_add(1, Ordering::Relaxed);
        let name = format!("betancourt-durable-{}-{number}", std::process::id());
        let folder = std::env::temp_dir().join(name);
        fs::create_dir(&folder).unwrap();
        let port = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
        let mut server = Self { ground, programs, folder, port, running: None };
        server.install();
        server.go_on().await;
        Some(server)
    }

    /// The address of its one database.
    pub(crate) fn url(&self) -> String {
        match self.ground {
            Ground::Postgres => format!("postgres://postgres@127.0.0.1:{}/postgres", self.port),
            _ => format!("mysql://root@127.0.0.1:{}/app", self.port),
        }
    }

    /// `kill -9`.
    pub(crate) fn kill(&mut self) {
        let mut running = self.running.take().unwrap();
        running.kill().unwrap();
        running.wait().unwrap();
    }

    /// Starts it again, and waits until it has recovered.
    pub(crate) async fn go_on(&mut self) {
        let answering = async {
            loop {
                let is_over = |child: &mut Child| child.try_wait().unwrap().is_some();
                if self.running.as_mut().is_none_or(is_over) {
                    // What its former self left in shared memory may have to go first.
                    self.running = Some(self.run());
                }
                if SqlStore::open(&self.url()).await.is_ok() {
                    return;
                }
                sleep(Duration::from_millis(100)).await;
            }
        };
        timeout(PATIENCE, answering).await.expect("the server does not start");
    }

    fn install(&self) {
        let data = self.folder.join("data");
        let user = self.user();
        Command::new("chown").arg(&user).arg(&self.folder).status().unwrap();
        let mut install = match self.ground {
            Ground::Postgres => {
                let mut install = self.as_user("initdb");
                install.arg("--pgdata").arg(&data);
                install.args(["--username=postgres", "--auth=trust", "--locale=C.UTF-8"]);
                install
            }
            _ => {
                let mut install = Command::new(
                    folder_of("mariadb-install-db").unwrap().join("mariadb-install-db"),
                );
                install.arg("--no-defaults").arg(format!("--user={user}"));
                install.arg(format!("--datadir={}", data.display()));
                install.args(["--auth-root-authentication-method=normal", "--skip-test-db"]);
                install
            }
        };
        let quiet = install.current_dir(&self.folder).stdout(Stdio::null()).stderr(Stdio::null());
        assert!(quiet.status().unwrap().success(), "it cannot be installed");
    }

    fn run(&self) -> Child {
        let data = self.folder.join("data");
        let port = self.port;
        let mut server = match self.ground {
            Ground::Postgres => {
                let mut server = self.as_user("postgres");
                server.arg("-D").arg(&data).args(["-p", &port.to_string(), "-k"]).arg(&self.folder);
                server.args(["-c", "listen_addresses=127.0.0.1", "-c", "fsync=off"]);
                server
            }
            _ => {
                let first = self.folder.join("first.sql");
                fs::write(&first, "CREATE DATABASE IF NOT EXISTS app CHARACTER SET utf8mb4;\n")
                    .unwrap();
                let mut server = self.as_user("mariadbd");
                server.arg("--no-defaults").arg(format!("--datadir={}", data.display()));
                server.arg(format!("--socket={}", self.folder.join("socket").display()));
                // A server that starts tidies up where others would keep what is temporary.
                server.arg(format!("--tmpdir={}", self.folder.display()));
                server
                    .arg(format!("--port={port}"))
                    .arg(format!("--init-file={}", first.display()));
                server.args(["--bind-address=127.0.0.1", "--skip-name-resolve"]);
                server
            }
        };
        let quiet = server.current_dir(&self.folder).stdin(Stdio::null());
        quiet.stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap()
    }

    /// A program that runs as somebody whom the server does not refuse, and dies with the thread that started it.
    fn as_user(&self, program: &str) -> Command {
        let mut command = Command::new("setpriv");
        if is_root() {
            let user = self.user();
            command
                .arg(format!("--reuid={user}"))
                .arg(format!("--regid={user}"))
                .arg("--init-groups");
        }
        command.args(["--pdeathsig", "KILL"]).arg(self.programs.join(program));
        command
    }

    fn user(&self) -> String {
        let own = || {
            let own = Command::new("id").arg("-un").output().unwrap().stdout;
            String::from_utf8(own).unwrap().trim().to_owned()
        };
        match self.ground {
            _ if !is_root() => own(),
            Ground::Postgres => "postgres".to_owned(),
            _ => "mysql".to_owned(),
        }
    }
}

impl Drop for Durable {
    fn drop(&mut self) {
        if let Some(mut running) = self.running.take() {
            let _ = running.kill(); // it may be dead
            let _ = running.wait();
        }
        let _ = fs::remove_dir_all(&self.folder); // a process of the server may still write there
    }
}

fn is_root() -> bool {
    Command::new("id").arg("-u").output().unwrap().stdout.trim_ascii() == b"0"
}

fn newest_postgres() -> Option<PathBuf> {
    let installed = fs::read_dir("/usr/lib/postgresql").into_iter().flatten().flatten();
    let versions = installed.map(|version| version.path().join("bin"));
    versions
        .filter(|folder| folder.join("postgres").exists())
        .max()
        .or_else(|| folder_of("postgres"))
}

fn folder_of(program: &str) -> Option<PathBuf> {
    let in_path = std::env::var_os("PATH").unwrap_or_default();
    let folders = std::env::split_paths(&in_path);
    let folders =
        folders.chain(["/usr/sbin", "/usr/libexec"].map(|folder| Path::new(folder).to_owned()));
    folders.into_iter().find(|folder| folder.join(program).exists())
}
