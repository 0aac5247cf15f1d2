//! What came of it, as tables for the book.

use std::fmt::Write as _;

use super::contest::{Contender, Contest};
use super::others::Others;

/// What all others are compared with, where it is there.
const BY_HAND: &str = "one query by hand on sqlx";
const BARE: &str = "bare axum";

/// All of it in Markdown.
pub(super) fn written(contests: &[Contest], others: &Others, machine: &str) -> String {
    let mut text = format!(
        "Measured on {machine}.\n\n\
         ![The CPU time of a request, as a multiple of that of bare axum](../images/speed-peers.svg)\n\n"
    );
    for contest in contests {
        text.push_str(&of_one(contest));
    }
    text.push_str(&of_others(others));
    text
}

fn of_one(contest: &Contest) -> String {
    let (bare, by_hand) = (contest.find(BARE), contest.find(BY_HAND));
    let mut text = format!("### {}\n\n", contest.name);
    text.push_str("| | CPU a request | × bare axum | × by hand | answers a second, × by hand | 99 of 100 within | memory |\n");
    text.push_str("| --- | --: | --: | --: | --: | --: | --: |\n");
    for contender in &contest.contenders {
        let over =
            |other: Option<&Contender>| other.map_or("".into(), |it| ratio(contender.ratio(it)));
        let faster = by_hand.map_or("".into(), |it| ratio(contender.faster(it)));
        let [began, ended] = contender.memory;
        let _ = writeln!(
            text,
            "| {} | {:.1} µs | {} | {} | {faster} | {:.1} ms | {began:.0} → {ended:.0} MiB |",
            contender.name,
            contender.cost() * 1e6,
            over(bare),
            over(by_hand),
            contender.slowest() * 1e3,
        );
    }
    text.push('\n');
    text
}

fn of_others(others: &Others) -> String {
    let sweep = &others.sweep;
    let mut text = format!(
        "### Besides\n\n| | |\n| --- | --: |\n| 99 of 100 answers on PostgreSQL within | {:.1} ms |\n\
         | the same while {} ended sessions are removed | {:.1} ms, {} × |\n",
        sweep.without * 1e3,
        grouped(sweep.removed),
        sweep.with * 1e3,
        ratio(sweep.with / sweep.without),
    );
    if let Some(rest) = &others.rest {
        let _ = writeln!(text, "| the site at rest | {:.1} MiB |", rest.memory);
        let _ = writeln!(
            text,
            "| from its start to its first answer | {} ms |",
            rest.first_answer.as_millis()
        );
    }
    text
}

fn ratio(ratio: f64) -> String {
    if ratio >= 10.0 { format!("{ratio:.0}") } else { format!("{ratio:.2}") }
}

/// A number with commas in it.
pub(super) fn grouped(number: u64) -> String {
    let digits = number.to_string();
    let parts = digits.as_bytes().rchunks(3).rev().map(String::from_utf8_lossy);
    parts.collect::<Vec<_>>().join(",")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_grouped_and_ratios_are_as_long_as_they_are_exact() {
        assert_eq!([1, 1_000, 10_000_000].map(grouped), ["1", "1,000", "10,000,000"]);
        assert_eq!([0.834, 9.999, 12.3].map(ratio), ["0.83", "10.00", "12"]);
    }
}
