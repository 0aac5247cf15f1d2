//! Every check, in order: the quick ones first, so that a slip is known early.

use crate::step::{Outcome, Step};

const STEPS: &[Step] = &[
    Step::new("format", "cargo fmt --all --check"),
    Step::new("spelling", "typos").optional("cargo install typos-cli"),
    Step::new("supply chain", "cargo deny --workspace check").optional("cargo install cargo-deny"),
    Step::new("lints", "cargo clippy --workspace --all-targets -- --deny warnings"),
    Step::new(
        "fuzz targets",
        "cargo check --manifest-path fuzz/Cargo.toml --target-dir target/fuzz",
    ),
    Step::new("without features", "cargo check -p betancourt-auth -p betancourt-auth-redis -p betancourt-auth-sqlx --no-default-features"),
    Step::new(
        "reference",
        "cargo doc --workspace --no-deps --features betancourt-auth/testing,betancourt-auth-redis/cluster,betancourt-auth-redis/sentinel,betancourt-auth-redis/tls,betancourt-auth-sqlx/mysql,betancourt-auth-sqlx/postgres,betancourt-auth-sqlx/sqlite",
    )
    .with("RUSTDOCFLAGS", "--deny warnings"),
    Step::new("book", "mdbook build docs").optional("cargo install mdbook"),
    // Not built once more from the packages: the tests build the same files.
    Step::new(
        "packages",
        concat!(
            "cargo package --quiet --no-verify --allow-dirty",
            " -p betancourt-auth -p betancourt-auth-axum -p betancourt-auth-dev -p betancourt-auth-rocket",
            " -p betancourt-auth-redis -p betancourt-auth-sqlx",
        ),
    ),
    Step::new("mutants", "cargo xtask mutants"),
    // Last, so that what it says is the last thing to be read.
    Step::new("tests", "cargo test --workspace --no-fail-fast"),
];

/// Runs every step, whatever became of the ones before, and says whether all went well.
pub(crate) fn run() -> bool {
    let failed = STEPS.iter().filter(|step| step.run() == Outcome::Failed);
    let failed: Vec<_> = failed.map(Step::purpose).collect();
    if !failed.is_empty() {
        println!("── failed: {}", failed.join(", "));
    }
    failed.is_empty()
}
