//! The smallest applications, one with each adapter, as processes: a person meets the same in both.

use std::fs;
use std::net::TcpStream;
use std::path::PathBuf;
use std::process::{Child, Command};
use std::thread::sleep;
use std::time::{Duration, Instant};

use serde_json::{Value, json};
use sqlx::sqlite::{SqliteConnectOptions, SqliteConnection};
use sqlx::{ConnectOptions as _, Connection as _};

use crate::app::free_origin;
use crate::{script, tools};

const PATIENCE: Duration = Duration::from_secs(30);

/// An example that runs in a folder of its own. It ends with the test.
struct Example {
    folder: PathBuf,
    process: Child,
}

impl Example {
    /// Starts the binary, which cargo puts two folders above this test, in an environment with nothing in it.
    fn start(name: &str, origin: &str) -> Self {
        let test = std::env::current_exe().unwrap();
        let binary = test.ancestors().nth(2).unwrap().join(name);
        assert!(
            binary.exists(),
            "the example is built along: cargo test -p betancourt-interop -p {name}"
        );
        let folder = std::env::temp_dir().join(format!("{name}-{}", std::process::id()));
        fs::create_dir(&folder).unwrap();
        let log = fs::File::create(folder.join("log")).unwrap();
        let mut command = Command::new(binary);
        command.arg(origin).current_dir(&folder).env_clear();
        let process = command.stdout(log.try_clone().unwrap()).stderr(log).spawn().unwrap();
        let mut example = Self { folder, process };
        example.wait_until_it_listens(origin);
        example
    }

    fn wait_until_it_listens(&mut self, origin: &str) {
        let address = origin.trim_start_matches("http://");
        let began = Instant::now();
        while TcpStream::connect(address).is_err() {
            let log = || fs::read_to_string(self.folder.join("log")).unwrap_or_default();
            assert!(self.process.try_wait().unwrap().is_none(), "it ended at once:\n{}", log());
            assert!(began.elapsed() < PATIENCE, "it does not listen:\n{}", log());
            sleep(Duration::from_millis(10));
        }
    }

    /// What an operator with a database shell does.
    fn make_admin(&self, email: &str) {
        let options = SqliteConnectOptions::new().filename(self.folder.join("example.db"));
        let changed = tokio::runtime::Runtime::new().unwrap().block_on(async {
            let mut database: SqliteConnection = options.connect().await.unwrap();
            let update =
                sqlx::query("UPDATE users SET role = 'ADMIN' WHERE email = $1").bind(email);
            let changed = update.execute(&mut database).await.unwrap().rows_affected();
            database.close().await.unwrap();
            changed
        });
        assert_eq!(changed, 1, "{email} is a user");
    }
}

impl Drop for Example {
    fn drop(&mut self) {
        drop(self.process.kill());
        drop(self.process.wait());
        drop(fs::remove_dir_all(&self.folder));
    }
}

fn play(name: &str) {
    let (Some(chromium), Some(node)) = (tools::chromium(), tools::node()) else { return };
    let origin = free_origin();
    let example = Example::start(name, &origin);
    let person = "ana-restrepo@gmail.com";
    let input =
        json!({ "chromium": chromium.to_str(), "origin": origin, "name": name, "person": person });
    script::run(node, "smallest.mjs", &input, |asked| {
        assert_eq!(asked["question"], "make-administrator");
        example.make_admin(asked["about"].as_str().unwrap());
        Value::Null
    });
}

#[test]
fn with_axum() {
    play("betancourt-example-axum");
}

#[test]
fn with_rocket() {
    play("betancourt-example-rocket");
}
