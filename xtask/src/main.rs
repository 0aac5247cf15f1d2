//! The chores of this repository. `cargo xtask ci` is every check, in order.
#![expect(clippy::print_stdout, reason = "a command speaks to who typed it")]

mod ci;
mod fuzz;
mod look;
mod mutants;
mod scan;
mod step;

use std::process::ExitCode;

const USAGE: &str = "cargo xtask <chore>

  ci              every check: format, lints, tests, docs, packages, supply chain, spelling, book
  fuzz            reads what nobody wrote, a minute for each target
  lighthouse      what Lighthouse says of the site, a quarter of an hour
  mutants [row]   switches off one check at a time: the test of its attack must fail
  scan            what scanners find at the site, some minutes
  screenshots     pictures of every page of the site, in target/screenshots
";

fn main() -> ExitCode {
    let (chore, row) = (std::env::args().nth(1), std::env::args().nth(2));
    let done = match chore.as_deref() {
        Some("ci") => ci::run(),
        Some("fuzz") => fuzz::run(),
        Some("lighthouse") => look::lighthouse(),
        Some("mutants") => mutants::run(row.as_deref()),
        Some("scan") => scan::scanners(),
        Some("screenshots") => look::screenshots(),
        _ => {
            print!("{USAGE}");
            false
        }
    };
    if done { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}
