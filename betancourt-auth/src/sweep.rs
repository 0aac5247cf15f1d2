//! Removes from the store what has stayed long enough: in small batches, and in one instance at a time.

use std::time::Instant;

use time::OffsetDateTime;
use tokio::time::sleep;

use crate::config::Setup;
use crate::error::Error;
use crate::store::Perishable;

/// How many rows go before others may write again.
const BATCH: u32 = 500;
/// How many times as long as a batch took the store is left to others after it: nobody waits for a sweep.
const REST: u32 = 4;
/// What whoever sweeps has counted first in the store.
const TURN: &str = "sweep";

/// What a sweep removed, and how long it took.
///
/// ```
/// # tokio::runtime::Builder::new_current_thread().build().unwrap().block_on(async {
/// use betancourt_auth::store::{MemoryStore, Perishable, TokenStore};
/// use betancourt_auth::{Auth, Config};
/// use time::OffsetDateTime;
///
/// let store = MemoryStore::default();
/// store.spend("a handshake of long ago", OffsetDateTime::UNIX_EPOCH).await?;
/// let config = Config::new("https://app.example.com", "a secret of at least 32 characters!!")?;
/// let auth = Auth::new(config, store)?;
/// let swept = auth.sweep().await?;
/// assert_eq!((swept.removed(Perishable::Handshakes), swept.total()), (1, 1));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// # }).unwrap();
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct Swept {
    removed: [u64; Perishable::ALL.len()],
    /// How long it took.
    pub took: std::time::Duration,
}

impl Swept {
    /// How many rows of a kind went.
    #[must_use]
    pub fn removed(&self, what: Perishable) -> u64 {
        let counted = Perishable::ALL.into_iter().zip(self.removed);
        counted.filter(|(kind, _)| *kind == what).map(|(_, removed)| removed).sum()
    }

    /// How many rows went in all.
    #[must_use]
    pub fn total(&self) -> u64 {
        self.removed.iter().sum()
    }

    fn tell(&self) {
        tracing::info!(
            audit_events = self.removed(Perishable::AuditEvents),
            counts = self.removed(Perishable::Counts),
            deletions = self.removed(Perishable::Deletions),
            ended_sessions = self.removed(Perishable::EndedSessions),
            handshakes = self.removed(Perishable::Handshakes),
            sealed_sessions = self.removed(Perishable::SealedSessions),
            sessions = self.removed(Perishable::Sessions),
            verification_tokens = self.removed(Perishable::VerificationTokens),
            took_ms = u64::try_from(self.took.as_millis()).unwrap_or(u64::MAX),
            "swept"
        );
    }
}

/// Removes all that has stayed long enough at this moment.
///
/// # Errors
/// [`ErrorKind::Store`](crate::ErrorKind::Store).
pub(crate) async fn all(setup: &Setup) -> Result<Swept, Error> {
    run(setup, None).await
}

/// The same if it is this instance's turn, which is over when the turn is: the rest is left for the next one. Whoever counts
/// first in the store has the turn; it ends by itself, so nobody has to give it back, and who dies keeps it for no longer.
///
/// # Errors
/// [`ErrorKind::Store`](crate::ErrorKind::Store).
pub(crate) async fn in_turn(setup: &Setup) -> Result<Option<Swept>, Error> {
    let now = setup.now();
    let ends = now + setup.config.retention.turn();
    if setup.store.count(TURN, now, ends).await? > 1 {
        return Ok(None);
    }
    run(setup, Some(ends)).await.map(Some)
}

/// Sweeps whenever it is this instance's turn, for ever.
pub(crate) async fn for_ever(setup: &Setup) -> ! {
    loop {
        if let Err(error) = in_turn(setup).await {
            tracing::error!(error = &error as &dyn std::error::Error, "sweeping failed");
        }
        sleep(setup.config.retention.pause().unsigned_abs()).await;
    }
}

/// With an end of its turn, it leaves the store to others after each batch.
async fn run(setup: &Setup, ends: Option<OffsetDateTime>) -> Result<Swept, Error> {
    let (began, mut swept) = (Instant::now(), Swept::default());
    for (what, removed) in Perishable::ALL.into_iter().zip(&mut swept.removed) {
        let Some(until) = setup.config.retention.limit(what, setup.now()) else { continue };
        while ends.is_none_or(|ends| setup.now() < ends) {
            let batch_began = Instant::now();
            let batch = setup.store.sweep(what, until, BATCH).await?;
            *removed += batch;
            if batch < u64::from(BATCH) {
                break;
            }
            if ends.is_some() {
                sleep(batch_began.elapsed() * REST).await;
            }
        }
    }
    swept.took = began.elapsed();
    swept.tell();
    Ok(swept)
}
