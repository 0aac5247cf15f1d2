//! A PostgreSQL server for as long as it is measured on.

use std::io::{BufRead as _, BufReader};
use std::net::TcpListener;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};

use sqlx::{AssertSqlSafe, Connection as _, PgConnection, raw_sql};

use crate::{Failure, processor};

const VERSIONS: &str = "/usr/lib/postgresql";
const SCRIPT: &str = include_str!("postgres.sh");

/// A running server. It stops, and its folder goes, when this value goes.
#[derive(Debug)]
pub struct Postgres {
    port: u16,
    /// The process that all others of the server come from.
    server: u32,
    /// The version that it tells.
    pub version: String,
    script: Child,
}

impl Postgres {
    /// Starts the newest version that is installed.
    ///
    /// # Errors
    /// When there is none, or it does not start.
    pub async fn start() -> Result<Self, Failure> {
        let programs = programs().ok_or("there is no PostgreSQL: install postgresql")?;
        let port = TcpListener::bind("127.0.0.1:0")?.local_addr()?.port();
        let mut script = Command::new("sh")
            .args(["-c", SCRIPT, "sh"])
            .arg(programs)
            .arg(port.to_string())
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()?;
        let mut line = String::new();
        let output = script.stdout.take().ok_or("PostgreSQL says nothing")?;
        BufReader::new(output).read_line(&mut line)?;
        let server = line.trim().parse().map_err(|_| "PostgreSQL does not start")?;
        let mut started = Self { port, server, version: String::new(), script };
        let mut connection = PgConnection::connect(&started.url("postgres")).await?;
        let asked = sqlx::query_scalar("SHOW server_version");
        started.version = asked.fetch_one(&mut connection).await?;
        Ok(started)
    }

    /// The address of a database.
    #[must_use]
    pub fn url(&self, database: &str) -> String {
        format!("postgres://postgres@127.0.0.1:{}/{database}", self.port)
    }

    /// Makes a database, and gives its address.
    ///
    /// # Errors
    /// When the server refuses.
    pub async fn create(&self, database: &str) -> Result<String, Failure> {
        run(&self.url("postgres"), &format!("CREATE DATABASE {database}")).await?;
        Ok(self.url(database))
    }

    /// Drops a database, whoever is still connected to it.
    ///
    /// # Errors
    /// When the server refuses.
    pub async fn drop(&self, database: &str) -> Result<(), Failure> {
        run(&self.url("postgres"), &format!("DROP DATABASE {database} WITH (FORCE)")).await
    }

    /// The seconds of CPU time that all its processes have taken so far, those that have ended among them.
    ///
    /// # Errors
    /// As [`processor::seconds_of_family`].
    pub fn seconds(&self) -> Result<f64, Failure> {
        processor::seconds_of_family(self.server)
    }
}

impl Drop for Postgres {
    fn drop(&mut self) {
        drop(self.script.stdin.take()); // the script stops the server then, and removes its folder
        let _ = self.script.wait();
    }
}

/// Runs statements.
///
/// # Errors
/// When the server refuses one of them.
pub async fn run(url: &str, statements: &str) -> Result<(), Failure> {
    let mut connection = PgConnection::connect(url).await?;
    raw_sql(AssertSqlSafe(statements.to_owned())).execute(&mut connection).await?;
    Ok(connection.close().await?)
}

fn programs() -> Option<PathBuf> {
    let installed = std::fs::read_dir(VERSIONS).into_iter().flatten().flatten();
    let programs = installed.map(|version| version.path().join("bin"));
    programs.filter(|folder| Path::new(folder).join("initdb").exists()).max()
}
