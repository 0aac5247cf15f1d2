//! Switches off one check at a time, and expects the attack that the check is there for to get through to its test.
//!
//! A test that still passes then would pass without the check as well, and proves nothing.

mod adapt;
mod fault;
mod inbox;
mod jwe;
mod link;
mod log;
mod logout;
mod mail;
mod mutation;
mod net;
mod oauth;
mod oidc;
mod prov;
mod rate;
mod redir;
mod sess;
mod web;
mod workshop;

use std::time::Instant;

use mutation::Mutation;
use workshop::{Verdict, Workshop};

/// The rows that block a release, as far as they are tested: each needs at least one mutation.
const GUARDED: [&str; 132] = [
    "ADAPT-01",
    "ADAPT-02",
    "ADAPT-03",
    "ADAPT-05",
    "ADAPT-06",
    "FAULT-01",
    "FAULT-02",
    "FAULT-03",
    "FAULT-04",
    "FAULT-05",
    "FAULT-06",
    "FAULT-07",
    "FAULT-08",
    "FAULT-10",
    "NET-01",
    "NET-02",
    "NET-04",
    "NET-05",
    "NET-07",
    "OAUTH-01",
    "OAUTH-02",
    "OAUTH-03",
    "OAUTH-04",
    "OAUTH-06",
    "OAUTH-07",
    "OAUTH-09",
    "OAUTH-10",
    "OAUTH-14",
    "OAUTH-17",
    "OAUTH-19",
    "OIDC-01",
    "OIDC-02",
    "OIDC-03",
    "OIDC-04",
    "OIDC-06",
    "OIDC-07",
    "OIDC-09",
    "OIDC-10",
    "OIDC-11",
    "OIDC-12",
    "OIDC-13",
    "OIDC-14",
    "OIDC-15",
    "OIDC-17",
    "OIDC-20",
    "OIDC-21",
    "OIDC-22",
    "OIDC-24",
    "OIDC-25",
    "PROV-01",
    "PROV-02",
    "PROV-03",
    "PROV-04",
    "PROV-05",
    "PROV-06",
    "PROV-07",
    "PROV-09",
    "PROV-10",
    "PROV-11",
    "REDIR-01",
    "REDIR-02",
    "REDIR-03",
    "REDIR-04",
    "REDIR-05",
    "REDIR-07",
    "REDIR-08",
    "SESS-01",
    "SESS-02",
    "SESS-03",
    "SESS-04",
    "SESS-05",
    "SESS-06",
    "SESS-07",
    "SESS-08",
    "SESS-10",
    "SESS-11",
    "SESS-12",
    "SESS-13",
    "JWE-01",
    "JWE-02",
    "JWE-03",
    "JWE-04",
    "JWE-05",
    "JWE-07",
    "WEB-01",
    "WEB-02",
    "WEB-03",
    "WEB-04",
    "WEB-06",
    "WEB-07",
    "WEB-08",
    "WEB-10",
    "LINK-01",
    "LINK-05",
    "LINK-06",
    "LINK-07",
    "LINK-08",
    "LINK-09",
    "LINK-12",
    "LINK-13",
    "LINK-02",
    "LINK-03",
    "LINK-04",
    "MAIL-01",
    "MAIL-02",
    "MAIL-03",
    "MAIL-04",
    "MAIL-05",
    "MAIL-06",
    "MAIL-07",
    "MAIL-08",
    "MAIL-09",
    "MAIL-10",
    "LOGOUT-01",
    "LOGOUT-03",
    "LOGOUT-04",
    "LOGOUT-06",
    "INBOX-01",
    "INBOX-02",
    "INBOX-03",
    "INBOX-05",
    "INBOX-06",
    "INBOX-08",
    "INBOX-09",
    "RATE-01",
    "RATE-02",
    "RATE-03",
    "RATE-04",
    "RATE-05",
    "RATE-07",
    "LOG-01",
    "LOG-04",
];

/// From so many rounds on, `BETANCOURT_ROUNDS` asks for all mutations.
const FULL: usize = 200;
/// Otherwise about so many are played, taken evenly from all: each builds the suite once more.
const SAMPLE: usize = 12;

/// Plays the mutations of one row, a few of all, or all; says whether every one was caught.
pub(crate) fn run(row: Option<&str>) -> bool {
    let mutations = [
        adapt::mutations(),
        fault::mutations(),
        net::mutations(),
        oauth::mutations(),
        oidc::mutations(),
        inbox::mutations(),
        prov::mutations(),
        redir::mutations(),
        sess::mutations(),
        jwe::mutations(),
        link::mutations(),
        mail::mutations(),
        logout::mutations(),
        web::mutations(),
        rate::mutations(),
        log::mutations(),
    ]
    .concat();
    let workshop = match Workshop::set_up() {
        Ok(workshop) => workshop,
        Err(error) => {
            println!("── the copy to work on cannot be made: {error}");
            return false;
        }
    };
    if !is_complete(&mutations, &workshop) {
        return false;
    }
    let chosen = chosen(mutations, row);
    println!("── {} mutations, after their tests have passed without any", chosen.len());
    let tests: Vec<_> = chosen.iter().map(|mutation| mutation.test).collect();
    if chosen.is_empty() || !workshop.is_sound(&tests) {
        return false;
    }
    let caught = chosen.iter().filter(|mutation| is_caught(&workshop, mutation)).count();
    println!("── {caught} of {} caught", chosen.len());
    caught == chosen.len()
}

/// Whether every guarded row has a mutation, and every mutation its place in the source.
fn is_complete(mutations: &[Mutation], workshop: &Workshop) -> bool {
    let is_free = |row: &&&str| mutations.iter().all(|mutation| mutation.row != **row);
    let unguarded: Vec<_> = GUARDED.iter().filter(is_free).collect();
    if !unguarded.is_empty() {
        println!("── no mutation for {unguarded:?}");
    }
    let misfits: Vec<_> = mutations.iter().filter(|mutation| !workshop.fits(mutation)).collect();
    for Mutation { row, what, .. } in &misfits {
        println!("── {row}: a text to change is not there exactly once: {what}");
    }
    unguarded.is_empty() && misfits.is_empty()
}

#[expect(clippy::disallowed_methods, reason = "the one variable that makes suites longer")]
fn chosen(mutations: Vec<Mutation>, row: Option<&str>) -> Vec<Mutation> {
    let rounds = std::env::var("BETANCOURT_ROUNDS").ok().and_then(|rounds| rounds.parse().ok());
    let is_full = rounds.is_some_and(|rounds: usize| rounds >= FULL);
    let wanted = |mutation: &Mutation| row.is_none_or(|row| mutation.row == row);
    let wanted: Vec<_> = mutations.into_iter().filter(wanted).collect();
    let step = if is_full || row.is_some() { 1 } else { wanted.len().div_ceil(SAMPLE).max(1) };
    wanted.into_iter().step_by(step).collect()
}

/// Plays one mutation and says in a line how that went.
fn is_caught(workshop: &Workshop, mutation: &Mutation) -> bool {
    let began = Instant::now();
    let verdict = workshop.play(mutation);
    let (word, seconds) = (verdict.word(), began.elapsed().as_secs());
    println!("{word:14} {:9} {:3} s  {}", mutation.row, seconds, mutation.what);
    verdict == Verdict::Caught
}
