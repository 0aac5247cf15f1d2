//! A store that forgets on restart, for tests and first steps.

use std::fmt::{self, Debug, Formatter};
use std::sync::{Mutex, PoisonError};

use async_trait::async_trait;

use super::{Change, Look, Result, Tables, WholeStore};

/// Keeps everything in the memory of one process.
///
/// ```
/// # tokio::runtime::Builder::new_current_thread().build().unwrap().block_on(async {
/// use betancourt_auth::store::{MemoryStore, TokenStore};
/// use time::{Duration, OffsetDateTime};
/// let store = MemoryStore::default();
/// let later = OffsetDateTime::UNIX_EPOCH + Duration::minutes(10);
/// assert!(store.spend("handshake", later).await?);
/// assert!(!store.spend("handshake", later).await?);
/// # Ok::<(), betancourt_auth::store::StoreError>(())
/// # }).unwrap();
/// ```
#[derive(Default)]
pub struct MemoryStore(Mutex<Tables>);

impl Debug for MemoryStore {
    fn fmt(&self, formatter: &mut Formatter<'_>) -> fmt::Result {
        formatter.write_str("MemoryStore")
    }
}

#[async_trait]
impl WholeStore for MemoryStore {
    async fn look(&self, look: Look<'_>) -> Result<()> {
        // A panic elsewhere leaves whole tables behind: they are swapped at the end of a change.
        look(&self.0.lock().unwrap_or_else(PoisonError::into_inner));
        Ok(())
    }

    /// The change is made to a copy, and the copy is kept only when all of it went well.
    async fn change(&self, change: Change<'_>) -> Result<()> {
        let mut tables = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let mut next = tables.clone();
        change(&mut next)?;
        *tables = next;
        Ok(())
    }
}
