//! What counts once, and what is counted, in tables.

use time::OffsetDateTime;

use super::Tables;
use crate::model::VerificationToken;
use crate::store::{Result, StoreError};

impl Tables {
    /// Spends a handshake; `false` when it was before.
    pub(in crate::store) fn spend(&mut self, handshake: &str, expires: OffsetDateTime) -> bool {
        let is_first = !self.spent.contains_key(handshake);
        if is_first {
            self.spent.insert(handshake.to_owned(), expires);
        }
        is_first
    }

    /// Counts one more event.
    pub(in crate::store) fn count(
        &mut self,
        key: &str,
        now: OffsetDateTime,
        expires: OffsetDateTime,
    ) -> u32 {
        let entry = self.counts.entry(key.to_owned()).or_insert((0, expires));
        if entry.1 <= now {
            *entry = (0, expires);
        }
        entry.0 = entry.0.saturating_add(1);
        entry.0
    }

    /// Keeps the tokens of an address, and no older ones.
    pub(in crate::store) fn keep_tokens(
        &mut self,
        identifier: &str,
        tokens: &[VerificationToken],
    ) -> Result<()> {
        self.verification.retain(|known| known.identifier != identifier);
        for new in tokens {
            if self.verification.iter().any(|old| old.token == new.token) {
                return Err(StoreError::conflict());
            }
            self.verification.push(new.clone());
        }
        Ok(())
    }

    /// Takes one token of an address, and with it all others.
    pub(in crate::store) fn take_token(
        &mut self,
        identifier: &str,
        hashes: &[&str],
    ) -> Option<VerificationToken> {
        let is_it = |known: &&VerificationToken| {
            known.identifier == identifier && hashes.contains(&known.token.as_str())
        };
        let taken = self.verification.iter().find(is_it).cloned()?;
        self.verification.retain(|known| known.identifier != identifier);
        Some(taken)
    }
}
