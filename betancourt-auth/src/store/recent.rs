//! What a store says that may have a copy of itself: as it is now, or as it was a moment ago.

use std::time::Instant;

/// What a store has, as it is now or as a copy of the database had it a moment ago.
///
/// ```
/// use betancourt_auth::store::Recent;
/// use std::time::Instant;
///
/// assert_eq!(Recent::now("signed in").as_of, None);
/// let copied = Recent::copied("signed in", Instant::now());
/// assert!(copied.as_of.is_some_and(|moment| moment <= Instant::now()));
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Recent<T> {
    /// What it is.
    pub value: T,
    /// Whatever was written before this moment has arrived at the copy that was asked. `None`: no copy was asked.
    pub as_of: Option<Instant>,
}

impl<T> Recent<T> {
    /// What no copy was asked for.
    pub fn now(value: T) -> Self {
        Self { value, as_of: None }
    }

    /// What a copy has, at which everything had arrived that was written before that moment.
    pub fn copied(value: T, as_of: Instant) -> Self {
        Self { value, as_of: Some(as_of) }
    }
}
