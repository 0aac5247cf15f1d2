//! How a Redis can be opened otherwise.

use std::sync::Arc;

use crate::address::Address;
use crate::connection::Connection;
use crate::error::OpenError;
use crate::store::RedisStore;

/// How a Redis can be opened otherwise than by [`RedisStore::connect`].
#[derive(Clone, Debug)]
#[must_use]
pub struct RedisOptions {
    prefix: String,
    authority: Option<Vec<u8>>,
}

impl Default for RedisOptions {
    fn default() -> Self {
        Self { prefix: "betancourt-auth".to_owned(), authority: None }
    }
}

impl RedisOptions {
    /// What every key begins with, in braces: `betancourt-auth` unless something else is said. Two applications on one
    /// Redis need two.
    pub fn prefix(mut self, prefix: impl Into<String>) -> Self {
        self.prefix = prefix.into();
        self
    }

    /// Trusts the authority of that certificate, in PEM, in place of those on Mozilla's list. For addresses that begin
    /// with `rediss`; there is no way to trust anybody.
    #[cfg(feature = "tls")]
    pub fn trusting(mut self, authority: impl Into<Vec<u8>>) -> Self {
        self.authority = Some(authority.into());
        self
    }

    /// Opens the Redis at an address, and asks it for a sign of life.
    ///
    /// # Errors
    /// [`OpenError`].
    pub async fn connect(self, url: &str) -> Result<RedisStore, OpenError> {
        let is_allowed = |letter: char| letter.is_ascii_alphanumeric() || "-_.:".contains(letter);
        let length = self.prefix.chars().count();
        if !self.prefix.chars().all(is_allowed) || !(1..=64).contains(&length) {
            return Err(OpenError::Prefix);
        }
        let connection = Connection::to(Address::parse(url)?, self.authority.as_deref())?;
        let store = RedisStore::on(Arc::new(connection), &self.prefix);
        store.greet().await?;
        Ok(store)
    }
}
