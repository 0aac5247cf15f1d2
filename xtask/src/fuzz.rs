//! Lets the fuzz targets run for a while, where cargo-fuzz is installed.

use crate::step::{Outcome, Step};

const INSTALL: &str = "rustup toolchain install nightly && cargo install cargo-fuzz";

const STEPS: [Step; 4] = [
    target("verifier of ID tokens", "cargo fuzz run id_token -- -max_total_time=60"),
    target("cookie joiner", "cargo fuzz run join -- -max_total_time=60"),
    target("opener of sealed sessions", "cargo fuzz run open -- -max_total_time=60"),
    target("return-address rule", "cargo fuzz run return_address -- -max_total_time=60"),
];

const fn target(purpose: &'static str, command: &'static str) -> Step {
    Step::new(purpose, command).with("RUSTUP_TOOLCHAIN", "nightly").optional(INSTALL)
}

/// Runs every target for a minute, whatever became of the ones before, and says whether none found anything.
pub(crate) fn run() -> bool {
    STEPS.iter().filter(|step| step.run() == Outcome::Failed).count() == 0
}
