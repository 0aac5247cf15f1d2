//! Why a store could not do what it was asked.

use crate::error::{Error, ErrorKind};

/// A store could not do what it was asked.
///
/// ```
/// use betancourt_auth::store::{StoreError, StoreErrorKind};
/// let error = StoreError::conflict();
/// assert_eq!(error.kind(), StoreErrorKind::Conflict);
/// ```
#[derive(Debug, thiserror::Error)]
#[error("the store answered {kind:?}")]
pub struct StoreError {
    kind: StoreErrorKind,
    source: Option<Box<dyn std::error::Error + Send + Sync>>,
}

/// Why a store could not do what it was asked.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum StoreErrorKind {
    /// Another writer was first: a unique key is taken, or a row that was to be changed is gone.
    Conflict,
    /// The store cannot be reached or is broken.
    Unavailable,
}

impl StoreError {
    /// Another writer was first.
    #[must_use]
    pub fn conflict() -> Self {
        Self { kind: StoreErrorKind::Conflict, source: None }
    }

    /// The store cannot do its work, and why.
    pub fn unavailable(source: impl Into<Box<dyn std::error::Error + Send + Sync>>) -> Self {
        Self { kind: StoreErrorKind::Unavailable, source: Some(source.into()) }
    }

    /// Which of the two it is.
    #[must_use]
    pub fn kind(&self) -> StoreErrorKind {
        self.kind
    }
}

/// A store that failed is nobody's fault who asks: they are told to come back.
impl From<StoreError> for Error {
    fn from(error: StoreError) -> Self {
        Self::because(ErrorKind::Store, error)
    }
}
