//! How often a race is run: few rounds by default, the full number when `BETANCOURT_ROUNDS` says so.

/// What a row of the race kind asks for.
const FULL: u32 = 200;
const FEW: u32 = 3;

/// The rounds of one race.
#[expect(clippy::disallowed_methods, reason = "the one variable that makes this suite longer")]
pub(crate) fn rounds() -> u32 {
    std::env::var("BETANCOURT_ROUNDS").ok().and_then(|rounds| rounds.parse().ok()).unwrap_or(FEW)
}

/// Whether the full numbers of the rows are played.
pub(crate) fn in_full() -> bool {
    rounds() >= FULL
}
