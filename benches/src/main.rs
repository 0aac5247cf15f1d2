//! `cargo run --release -p betancourt-benches` prints how fast sign-in is, beside Auth.js and beside bare axum.
#![expect(clippy::print_stdout, clippy::print_stderr, reason = "a command speaks to who typed it")]

mod opening;
mod serving;

use std::process::ExitCode;

use betancourt_benches::Failure;
use betancourt_benches::server::{self, Audience};

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
    let audience = std::env::args().nth(1);
    match audience.as_deref().map(|name| Audience::parse(name).ok_or("there is no such page")) {
        Some(audience) => server::serve(audience?).await,
        None => {
            opening::report()?;
            serving::report().await
        }
    }
}
