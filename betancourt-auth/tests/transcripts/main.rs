//! Recordings of Auth.js, played again: the same requests to an application that is set up in the same way, and every
//! answer compared with the recorded one, member by member: status, headers, body, cookies and the claims in them,
//! callbacks, events, what the provider is asked, and what stands in the tables afterwards.
//!
//! What is decided otherwise here is named in [`deviations`], one by one, and expected instead. The run prints how many
//! exchanges there are, how many came out as recorded but for the form of every answer, and where each deviation shows:
//! `cargo test -p betancourt-auth --test transcripts -- --nocapture`.
#![cfg(test)]
#![expect(clippy::print_stdout, reason = "the run says how many entries it used")]

mod browser;
mod compare;
mod deviations;
mod expected;
mod hooks;
mod jwe;
mod page;
mod plan;
mod player;
mod provider;
mod recording;
mod report;
mod stage;
mod stand_ins;
mod tables;
mod ways_in;

use std::collections::BTreeMap;
use std::fs;

use compare::differences;
use deviations::{Deviation, Expect, Expected, FORM, Step};
use player::Player;
use recording::{Scenario, Transcript};
use stage::Stage;
use tables::Tables;

/// The recordings that are played.
const PLAYED: [(&str, &str); 5] = [
    ("basics", include_str!("../vectors/authjs/transcripts-basics.json")),
    ("credentials_email", include_str!("../vectors/authjs/transcripts-credentials_email.json")),
    ("linking", include_str!("../vectors/authjs/transcripts-linking.json")),
    ("oauth", include_str!("../vectors/authjs/transcripts-oauth.json")),
    ("session_signout", include_str!("../vectors/authjs/transcripts-session_signout.json")),
];

/// The recordings that are not, and why.
const LISTED: [(&str, &str, &str); 1] = [(
    "webauthn",
    "passkeys are not offered yet",
    include_str!("../vectors/authjs/transcripts-webauthn.json"),
)];

/// What came of playing recordings.
#[derive(Default)]
struct Outcome {
    differences: Vec<String>,
    /// In how many exchanges each deviation changed what was expected.
    shown: BTreeMap<&'static str, usize>,
}

#[tokio::test]
async fn every_exchange_is_as_recorded_or_as_decided() {
    let mut outcome = Outcome::default();
    for (name, text) in PLAYED {
        let transcript: Transcript = serde_json::from_str(text).unwrap();
        let (mut exact, mut all) = (0, 0);
        for scenario in &transcript.scenarios {
            let stage = Stage::of(scenario, &transcript.default_secret);
            exact += play(scenario, &stage, &mut outcome).await;
            all += scenario.exchanges.len();
        }
        println!(
            "transcripts-{name}.json: {all} of {all} played, {exact} as recorded but for their form"
        );
    }
    for (name, why, text) in LISTED {
        let transcript: Transcript = serde_json::from_str(text).unwrap();
        let all: usize = transcript.scenarios.iter().map(|known| known.exchanges.len()).sum();
        println!("transcripts-{name}.json: 0 of {all} played: {why}");
    }
    assert!(outcome.differences.is_empty(), "\n{}", outcome.differences.join("\n"));
    for deviation in deviations::all() {
        let shown = outcome.shown.get(deviation.there).copied().unwrap_or_default();
        println!("{shown:>5} {}", deviation.row());
        assert!(shown > 0, "shows nowhere: {}", deviation.row());
    }
}

#[test]
fn the_book_has_every_deviation() {
    let page =
        concat!(env!("CARGO_MANIFEST_DIR"), "/../docs/src/explanation/coming-from-auth-js.md");
    let page = fs::read_to_string(page).unwrap();
    let rows = deviations::all().map(Deviation::row);
    let missing: Vec<_> = rows.filter(|row| !page.contains(row)).collect();
    assert!(missing.is_empty(), "the page lacks\n{}", missing.join("\n"));
}

/// Plays every exchange of a scenario, and says of how many what was recorded is expected, but for their form.
async fn play(scenario: &Scenario, stage: &Stage, outcome: &mut Outcome) -> usize {
    let mut exact = 0;
    let mut tables = Tables::found(scenario, &stage.recorded_secrets);
    let mut player = Player::enter(scenario, stage, &tables).await;
    for (index, exchange) in scenario.exchanges.iter().enumerate() {
        let mut step = Step { scenario, stage, index, exchange };
        let expected = expect(&mut step, &mut tables, outcome);
        exact += usize::from(expected.is_as_recorded);
        let observed = player.play(exchange).await;
        for difference in differences(&expected.report.0, &observed, &mut player.browser.pairs) {
            outcome.differences.push(format!("{}/{index}{difference}", scenario.id));
        }
    }
    exact
}

/// What is expected of an exchange.
struct Expectation {
    report: Expected,
    is_as_recorded: bool,
}

/// Applies the deviations to what was recorded. What stands in the tables afterwards is where the next exchange begins.
fn expect(step: &mut Step<'_>, tables: &mut Tables, outcome: &mut Outcome) -> Expectation {
    let other = deviations::all().find_map(|deviation| match deviation.expect {
        Expect::OutcomeOf(other, _) if (deviation.shows)(step) => Some(other),
        _ => None,
    });
    if let Some(other) = other {
        step.exchange = &step.scenario.exchanges[other];
    }
    let mut is_as_recorded = other.is_none();
    tables.write(step.exchange);
    let recorded =
        expected::report(step.scenario, step.exchange, tables, &step.stage.recorded_secrets);
    let mut report = Expected(recorded);
    for deviation in deviations::all().filter(|deviation| (deviation.shows)(step)) {
        let before = report.0.clone();
        match deviation.expect {
            Expect::Change(change) | Expect::OutcomeOf(_, change) => change(step, &mut report),
        }
        if report.0 != before || matches!(deviation.expect, Expect::OutcomeOf(..)) {
            is_as_recorded &= FORM.iter().any(|form| form.there == deviation.there);
            *outcome.shown.entry(deviation.there).or_default() += 1;
        }
    }
    tables.0 = report.0["tables"].clone();
    Expectation { report, is_as_recorded }
}
