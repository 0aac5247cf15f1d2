//! The site's binary as a process of its own, with a folder of its own.

use std::fs::{self, File};
use std::io::{Read as _, Write as _};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::path::PathBuf;
use std::process::{Child, Command, ExitStatus};
use std::sync::atomic::{AtomicU32, Ordering};
use std::thread::sleep;
use std::time::{Duration, Instant};

use sqlx::sqlite::{SqliteConnectOptions, SqliteConnection};
use sqlx::{ConnectOptions as _, Connection as _};

const PATIENCE: Duration = Duration::from_secs(30);

/// A site that runs. It ends with the test.
pub(crate) struct Site {
    house: House,
    process: Child,
}

/// Where a site lives: its folder, its port, and what else it is told by its environment.
struct House {
    folder: PathBuf,
    port: u16,
    variables: Vec<(String, String)>,
}

impl Site {
    /// Starts the site as somebody would who has just cloned the repository: with a port, and nothing else, unless
    /// sessions shall be kept in another way.
    pub(crate) fn start(strategy: Option<&'static str>) -> Self {
        let told =
            strategy.map(|strategy| ("AUTH_SESSION_STRATEGY".to_owned(), strategy.to_owned()));
        Self::start_with(told.into_iter().collect())
    }

    /// Starts the site with a port, and what else somebody has put into its environment.
    pub(crate) fn start_with(variables: Vec<(String, String)>) -> Self {
        static STARTED: AtomicU32 = AtomicU32::new(0);
        let number = STARTED.fetch_add(1, Ordering::Relaxed);
        let name = format!("betancourt-interop-{}-{number}", std::process::id());
        let folder = std::env::temp_dir().join(name);
        fs::create_dir(&folder).unwrap();
        let port = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
        let house = House { folder, port, variables };
        let process = house.spawn();
        let mut site = Self { house, process };
        site.wait_until_ready();
        site
    }

    pub(crate) fn origin(&self) -> String {
        format!("http://localhost:{}", self.house.port)
    }

    /// Where it listens, whatever it is called.
    pub(crate) fn door(&self) -> SocketAddr {
        ([127, 0, 0, 1], self.house.port).into()
    }

    /// Ends it in the middle of whatever it does, and waits until it is gone.
    pub(crate) fn kill(&mut self) {
        self.process.kill().unwrap();
        self.process.wait().unwrap();
    }

    /// Presses Ctrl-C, and starts the site anew on what it left behind.
    pub(crate) fn restart(&mut self) {
        assert!(self.interrupt().success(), "Ctrl-C ends it well");
        self.process = self.house.spawn();
        self.wait_until_ready();
    }

    /// Presses Ctrl-C.
    pub(crate) fn stop(mut self) {
        let status = self.interrupt();
        assert_eq!(status.code(), Some(0), "Ctrl-C ends it well: {status}");
    }

    /// `betancourt-site admin <verb> <e-mail>`, beside the running site.
    pub(crate) fn admin(&self, verb: &str, email: &str) {
        let mut command = self.house.command();
        let said = command.args(["admin", verb, email]).output().unwrap();
        assert!(said.status.success(), "admin {verb} {email}: {said:?}");
    }

    /// What an operator with a database shell does.
    pub(crate) fn make_admin_by_sql(&self, email: &str) {
        self.update("UPDATE users SET role = $2 WHERE email = $1", email, "ADMIN");
    }

    /// Another name and picture, as a provider could have told them.
    pub(crate) fn rename_by_sql(&self, email: &str, text: &str) {
        self.update("UPDATE users SET name = $2, image = $2 WHERE email = $1", email, text);
    }

    fn update(&self, sql: &'static str, email: &str, text: &str) {
        let options = SqliteConnectOptions::new().filename(self.house.folder.join("betancourt.db"));
        let changed = tokio::runtime::Runtime::new().unwrap().block_on(async {
            let mut database: SqliteConnection = options.connect().await.unwrap();
            let update = sqlx::query(sql).bind(email).bind(text);
            let changed = update.execute(&mut database).await.unwrap().rows_affected();
            database.close().await.unwrap();
            changed
        });
        assert_eq!(changed, 1, "{email} is a user");
    }

    fn interrupt(&mut self) -> ExitStatus {
        let kill = format!("kill -INT {}", self.process.id());
        assert!(Command::new("sh").args(["-c", &kill]).status().unwrap().success());
        let began = Instant::now();
        loop {
            if let Some(status) = self.process.try_wait().unwrap() {
                return status;
            }
            assert!(began.elapsed() < PATIENCE, "Ctrl-C ends it soon");
            sleep(Duration::from_millis(10));
        }
    }

    fn wait_until_ready(&mut self) {
        let began = Instant::now();
        while !self.is_ready() {
            let ended = self.process.try_wait().unwrap();
            let log = || fs::read_to_string(self.house.folder.join("site.log")).unwrap_or_default();
            assert!(ended.is_none(), "the site ended at once:\n{}", log());
            assert!(began.elapsed() < PATIENCE, "the site is not ready:\n{}", log());
            sleep(Duration::from_millis(10));
        }
    }

    /// What a load balancer asks.
    fn is_ready(&self) -> bool {
        let question = format!(
            "GET /readyz HTTP/1.1\r\nHost: localhost:{}\r\nConnection: close\r\n\r\n",
            self.house.port
        );
        let mut answer = String::new();
        let asked = TcpStream::connect(("127.0.0.1", self.house.port)).and_then(|mut stream| {
            stream.write_all(question.as_bytes())?;
            stream.read_to_string(&mut answer)
        });
        asked.is_ok() && answer.starts_with("HTTP/1.1 200")
    }
}

impl Drop for Site {
    fn drop(&mut self) {
        drop(self.process.kill());
        drop(self.process.wait());
        drop(fs::remove_dir_all(&self.house.folder));
    }
}

impl House {
    fn spawn(&self) -> Child {
        let log = self.folder.join("site.log");
        let log = File::options().create(true).append(true).open(log).unwrap();
        self.command().stdout(log.try_clone().unwrap()).stderr(log).spawn().unwrap()
    }

    /// The binary, which cargo puts two folders above this test, in an environment with nothing else.
    fn command(&self) -> Command {
        let test = std::env::current_exe().unwrap();
        let binary = test.ancestors().nth(2).unwrap().join("betancourt-site");
        assert!(
            binary.exists(),
            "the site is built along: cargo test -p betancourt-interop -p betancourt-site"
        );
        let mut command = Command::new(binary);
        command.current_dir(&self.folder).env_clear().env("PORT", self.port.to_string());
        command.envs(self.variables.iter().cloned());
        command
    }
}
