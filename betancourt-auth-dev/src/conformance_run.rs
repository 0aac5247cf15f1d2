//! `betancourt-auth-dev conformance`: plays the modules against a server that runs, or that it starts itself.

use std::error::Error;
use std::io;
use std::process::ExitCode;
use std::time::Duration;

use betancourt_auth::http_client::{BundledClient, HttpClient as _};
use betancourt_auth_dev::conformance::{Report, Suite};
use bytes::Bytes;
use http::Request;
use serde_json::Value;
use tokio::process::{Child, Command};
use tokio::time::{sleep, timeout};

use crate::arguments::Conformance;

/// How often it is looked whether a server answers.
const LOOK_EVERY: Duration = Duration::from_millis(50);
/// How long a server that is started here may take: `cargo run` may have to compile.
const LONGEST_START: Duration = Duration::from_secs(600);

/// Plays the modules, and prints the report. The code is a failure if a module failed.
///
/// # Errors
///
/// Why the modules were not played.
pub(crate) async fn run(asked: &Conformance) -> Result<ExitCode, Box<dyn Error>> {
    let suite = Suite::with_one_provider(&asked.app, &asked.provider, asked.port).await?;
    let suite = match &asked.access_page {
        Some(path) => suite.access_page(path),
        None => suite,
    };
    let report = if asked.command.is_empty() {
        println!("# Start your server with these; the modules are played as soon as it answers.");
        for (name, value) in suite.variables() {
            println!("{name}=\"{value}\"");
        }
        answers(asked).await?;
        suite.play().await
    } else {
        play_at_own_server(asked, &suite).await?
    };
    if asked.json {
        println!("{:#}", report.to_json());
    } else {
        print!("{report}");
    }
    Ok(if report.is_passed() { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

async fn play_at_own_server(asked: &Conformance, suite: &Suite) -> io::Result<Report> {
    let mut server = None;
    let report = suite.play_with_restarts(async || {
        if let Some(running) = server.take() {
            stop(running).await?;
        }
        let started = server.insert(start(asked, suite)?);
        tokio::select! {
            answered = timeout(LONGEST_START, answers(asked)) => answered.map_err(io::Error::other)?,
            ended = started.wait() => Err(io::Error::other(format!("the server ended: {}", ended?))),
        }
    });
    let report = report.await;
    if let Some(running) = server {
        stop(running).await?;
    }
    report
}

/// Starts the server with the provider in its environment. Where there are process groups it has one of its own, so that
/// what `cargo run` starts ends with it.
fn start(asked: &Conformance, suite: &Suite) -> io::Result<Child> {
    let Some((program, arguments)) = asked.command.split_first() else {
        return Err(io::Error::other("no program was named"));
    };
    let mut command = Command::new(program);
    command.args(arguments).envs(suite.variables()).kill_on_drop(true);
    // Its standard output would come between the lines of the report.
    command.stdout(io::stderr());
    #[cfg(unix)]
    command.process_group(0);
    command.spawn()
}

async fn stop(mut server: Child) -> io::Result<()> {
    #[cfg(unix)]
    if let Some(group) = server.id() {
        Command::new("kill").args(["-KILL", "--", &format!("-{group}")]).status().await?;
    }
    server.kill().await
}

/// Waits until the server lists the provider.
async fn answers(asked: &Conformance) -> io::Result<()> {
    let client = BundledClient::new().map_err(io::Error::other)?;
    let url = format!("{}/providers", asked.app.trim_end_matches('/'));
    loop {
        let request = Request::get(&url).body(Bytes::new()).map_err(io::Error::other)?;
        if let Ok(answer) = client.send(request).await {
            let listed: Value = serde_json::from_slice(answer.body()).unwrap_or_default();
            if listed.get(&asked.provider).is_some() {
                return Ok(());
            }
        }
        sleep(LOOK_EVERY).await;
    }
}
