//! Races: everybody starts at one barrier, round after round.

use std::sync::Arc;

use tokio::sync::Barrier;
use tokio::task::JoinSet;

/// What a row of the race kind asks for.
const FULL: usize = 200;
const FEW: usize = 3;

/// The rounds of one race: few, unless `BETANCOURT_ROUNDS` says how many.
#[expect(clippy::disallowed_methods, reason = "the one variable that makes this suite longer")]
pub(crate) fn rounds() -> usize {
    std::env::var("BETANCOURT_ROUNDS").ok().and_then(|rounds| rounds.parse().ok()).unwrap_or(FEW)
}

/// Whether the full numbers of the rows are played.
pub(crate) fn in_full() -> bool {
    rounds() >= FULL
}

/// Runs so many tasks that start together, and brings back what came of each.
pub(crate) async fn at_once<T, F>(tasks: impl IntoIterator<Item = F>) -> Vec<T>
where
    T: Send + 'static,
    F: Future<Output = T> + Send + 'static,
{
    let tasks: Vec<_> = tasks.into_iter().collect();
    let barrier = Arc::new(Barrier::new(tasks.len()));
    let mut running = JoinSet::new();
    for task in tasks {
        let barrier = Arc::clone(&barrier);
        running.spawn(async move {
            barrier.wait().await;
            task.await
        });
    }
    running.join_all().await
}
