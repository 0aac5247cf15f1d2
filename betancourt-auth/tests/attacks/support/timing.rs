//! Whether a clock could tell answers apart.

use std::time::Duration;

/// The smallest share of chance that two kinds of answers may have (Kolmogorov-Smirnov).
const CHANCE: f64 = 0.01;
/// A difference of medians that nobody measures across a network.
const UNSEEN: Duration = Duration::from_millis(1);

/// Whether two samples could be of one kind: their medians are next to each other, and so are their distributions.
pub(crate) fn are_alike(left: &mut [Duration], right: &mut [Duration]) -> bool {
    left.sort_unstable();
    right.sort_unstable();
    let (low, high) = (median(left).min(median(right)), median(left).max(median(right)));
    let close = high - low < UNSEEN || high.as_secs_f64() < 1.02 * low.as_secs_f64();
    close && chance(left, right) > CHANCE
}

fn median(sorted: &[Duration]) -> Duration {
    sorted[sorted.len() / 2]
}

/// The probability that two sorted samples of one kind differ as much as these (the asymptotic Kolmogorov distribution).
fn chance(left: &[Duration], right: &[Duration]) -> f64 {
    let share = |sorted: &[Duration], at: Duration| {
        sorted.partition_point(|sample| *sample <= at) as f64 / sorted.len() as f64
    };
    let apart = |at: &Duration| (share(left, *at) - share(right, *at)).abs();
    let greatest = left.iter().chain(right).map(apart).fold(0.0, f64::max);
    let (n, m) = (left.len() as f64, right.len() as f64);
    let scaled = greatest * (n * m / (n + m)).sqrt();
    let terms = (1..=100).map(|k| {
        let k = f64::from(k);
        let sign = if k % 2.0 == 0.0 { -1.0 } else { 1.0 };
        2.0 * sign * (-2.0 * (k * scaled).powi(2)).exp()
    });
    if scaled < 0.2 { 1.0 } else { terms.sum() }
}

#[test]
fn what_differs_is_seen_and_what_does_not_is_not() {
    let spread = |offset: u64| {
        let samples = (0..1000_u64).map(|number| (number * 7919) % 1000 + offset);
        samples.map(Duration::from_micros).collect::<Vec<_>>()
    };
    assert!(are_alike(&mut spread(500), &mut spread(505)));
    assert!(!are_alike(&mut spread(500), &mut spread(700)), "the distributions differ");
    assert!(!are_alike(&mut spread(500), &mut spread(2600)), "the medians differ");
}
