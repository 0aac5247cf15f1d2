//! The chores of this repository. `cargo xtask ci` is every check, in order.
#![expect(clippy::print_stdout, reason = "a command speaks to who typed it")]

mod ci;
mod step;

use std::process::ExitCode;

const USAGE: &str = "cargo xtask <chore>

  ci    every check: format, lints, tests, docs, packages, supply chain, spelling, book
";

fn main() -> ExitCode {
    let chore = std::env::args().nth(1);
    let done = match chore.as_deref() {
        Some("ci") => ci::run(),
        _ => {
            print!("{USAGE}");
            false
        }
    };
    if done { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}
