//! A store that is looked at and changed as a whole: with two methods it is a [`Store`](super::Store).

mod inbox;
mod people;
mod sessions;
mod sign_in;
mod tokens;

use std::fmt::Debug;

use async_trait::async_trait;

use super::{Result, StoreError, Tables};
use crate::model::AuditEvent;

/// What is to be read of everything that a store has.
pub type Look<'l> = &'l mut (dyn FnMut(&Tables) + Send);

/// What is to become of everything that a store has. It can be asked more than once, each time of what is newest.
pub type Change<'c> = &'c mut (dyn FnMut(&mut Tables) -> Result<()> + Send);

/// A store that has everything in one piece, [`Tables`], for as many people as fit into memory. Whoever implements these
/// two methods has a whole [`Store`](super::Store).
///
/// ```
/// use std::sync::Mutex;
///
/// use async_trait::async_trait;
/// use betancourt_auth::store::{Change, Look, Result, Store, StoreError, Tables, WholeStore};
///
/// #[derive(Debug, Default)]
/// struct Kept(Mutex<Tables>);
///
/// #[async_trait]
/// impl WholeStore for Kept {
///     async fn look(&self, look: Look<'_>) -> Result<()> {
///         look(&*self.0.lock().map_err(|_| StoreError::unavailable("poisoned"))?);
///         Ok(())
///     }
///
///     async fn change(&self, change: Change<'_>) -> Result<()> {
///         let mut tables = self.0.lock().map_err(|_| StoreError::unavailable("poisoned"))?;
///         let mut next = tables.clone();
///         change(&mut next)?;
///         *tables = next;
///         Ok(())
///     }
/// }
///
/// # tokio::runtime::Builder::new_current_thread().build().unwrap().block_on(async {
/// assert!(Kept::default().audit_log(10).await?.is_empty());
/// # Ok::<(), StoreError>(())
/// # }).unwrap();
/// ```
#[async_trait]
pub trait WholeStore: Debug + Send + Sync {
    /// Shows everything as it is at one moment.
    ///
    /// # Errors
    /// [`StoreErrorKind::Unavailable`](super::StoreErrorKind::Unavailable).
    async fn look(&self, look: Look<'_>) -> Result<()>;

    /// Changes everything in one step, while nobody else does. Where `change` fails, its error is the answer, and all stays
    /// as it was, whatever it has done to the tables until then.
    ///
    /// # Errors
    /// That of `change`, and [`StoreErrorKind::Unavailable`](super::StoreErrorKind::Unavailable).
    async fn change(&self, change: Change<'_>) -> Result<()>;
}

/// What somebody sees who looks at a store.
async fn seen<T: Send>(
    store: &impl WholeStore,
    look: impl Fn(&Tables) -> T + Send + Sync,
) -> Result<T> {
    let mut seen = None;
    store.look(&mut |tables| seen = Some(look(tables))).await?;
    seen.ok_or_else(|| StoreError::unavailable("the store was not looked at"))
}

/// What comes of a change, with the audit events that tell of it: those for which there is a reason.
async fn changed<T: Send>(
    store: &impl WholeStore,
    audit: &[AuditEvent],
    tells: impl Fn(&T) -> bool + Send + Sync,
    change: impl Fn(&mut Tables) -> Result<T> + Send + Sync,
) -> Result<T> {
    let mut outcome = None;
    let mut whole = |tables: &mut Tables| {
        let changed = change(tables)?;
        if tells(&changed) {
            tables.audit.extend_from_slice(audit);
        }
        outcome = Some(changed);
        Ok(())
    };
    store.change(&mut whole).await?;
    outcome.ok_or_else(|| StoreError::unavailable("the store was not changed"))
}

/// A change of which the audit events always tell.
fn always<T>(_: &T) -> bool {
    true
}

/// One that may have found nothing to do.
fn if_done(done: &bool) -> bool {
    *done
}
