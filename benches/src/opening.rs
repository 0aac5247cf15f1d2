//! Opening a session: ours beside `jose`.

use std::hint::black_box;

use betancourt_benches::median::median;
use betancourt_benches::token::{ENCRYPTIONS, now, opener, sealed};
use betancourt_benches::{Failure, jose, processor};
use time::OffsetDateTime;

const ROUNDS: usize = 7;
const OPENINGS: u32 = 500_000;

/// Prints a table: the CPU time of one opening, and the ratio.
pub(crate) fn report() -> Result<(), Failure> {
    let now = now();
    println!("Opening a session of 400 bytes, CPU time\n");
    println!("{:<16} {:>10} {:>10} {:>8}", "", "ours", "jose", "ratio");
    for (name, encryption) in ENCRYPTIONS {
        let token = sealed(encryption, now)?;
        let ours = ours(&token, now)?;
        print!("{name:<16} {:>7.2} µs", ours * 1e6);
        match jose::seconds(&token, name) {
            Ok(jose) => println!(" {:>7.0} µs {:>7.0}×", jose * 1e6, jose / ours),
            Err(failure) => println!("   not compared: {failure}"),
        }
    }
    println!();
    Ok(())
}

fn ours(token: &str, now: OffsetDateTime) -> Result<f64, Failure> {
    let (opener, process) = (opener()?, std::process::id());
    let round = || {
        let before = processor::seconds(process)?;
        for _ in 0..OPENINGS {
            black_box(opener.open(black_box(token), now)).ok_or("the session does not open")?;
        }
        Ok((processor::seconds(process)? - before) / f64::from(OPENINGS))
    };
    Ok(median((0..ROUNDS).map(|_| round()).collect::<Result<_, Failure>>()?))
}
