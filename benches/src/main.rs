//! `cargo run --release -p betancourt-benches` prints how fast sign-in is, beside Auth.js and beside bare axum;
//! `opening`, `serving`, `rocket` or `arriving` behind it asks for one table alone, and `peers` for the comparison with
//! others, with sizes behind it if those are not to be small: `peers 1k 1m 10m`. `api` asks the reference site.
#![expect(clippy::print_stdout, clippy::print_stderr, reason = "a command speaks to who typed it")]

mod arriving;
mod folder;
mod guarding;
mod opening;
mod peers;
mod serving;

use std::process::ExitCode;

use betancourt_benches::measured::{self, Measured};
use betancourt_benches::rocket_server::{self, By};
use betancourt_benches::server::{self, Audience};
use betancourt_benches::{Failure, arrivals};

#[tokio::main]
async fn main() -> ExitCode {
    match run().await {
        Ok(()) => ExitCode::SUCCESS,
        Err(failure) => {
            eprintln!("{failure}");
            ExitCode::FAILURE
        }
    }
}

async fn run() -> Result<(), Failure> {
    match std::env::args().nth(1).as_deref() {
        None => {
            opening::report()?;
            serving::report().await?;
            guarding::report().await?;
            arriving::report().await
        }
        Some("opening") => opening::report(),
        Some("serving") => serving::report().await,
        Some("rocket") => guarding::report().await,
        Some("arriving") => arriving::report().await,
        Some("api") => peers::api::report().await,
        Some("peers") => peers::report(std::env::args().skip(2)).await,
        // What follows are the servers, which the tables above start.
        Some(arrivals::NAME) => arrivals::serve().await,
        Some(name) => match (Measured::parse(name), Audience::parse(name), By::parse(name)) {
            (Some(measured), _, _) => measured::serve(measured).await,
            (None, Some(audience), _) => server::serve(audience).await,
            (None, None, Some(by)) => rocket_server::serve(by).await,
            (None, None, None) => Err("there is no such table".into()),
        },
    }
}
