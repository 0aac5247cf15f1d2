//! What counts once, what is counted, and what is over.

use async_trait::async_trait;
use time::OffsetDateTime;

use super::{WholeStore, always, changed, if_done};
use crate::model::VerificationToken;
use crate::store::{Perishable, Result, TokenStore};

#[async_trait]
impl<S: WholeStore> TokenStore for S {
    async fn spend(&self, handshake: &str, expires: OffsetDateTime) -> Result<bool> {
        changed(self, &[], if_done, |tables| Ok(tables.spend(handshake, expires))).await
    }

    async fn count(&self, key: &str, now: OffsetDateTime, expires: OffsetDateTime) -> Result<u32> {
        changed(self, &[], always, |tables| Ok(tables.count(key, now, expires))).await
    }

    async fn keep_tokens(&self, identifier: &str, tokens: &[VerificationToken]) -> Result<()> {
        changed(self, &[], always, |tables| tables.keep_tokens(identifier, tokens)).await
    }

    async fn take_token(
        &self,
        identifier: &str,
        hashes: &[&str],
    ) -> Result<Option<VerificationToken>> {
        changed(self, &[], always, |tables| Ok(tables.take_token(identifier, hashes))).await
    }

    async fn sweep(&self, what: Perishable, until: OffsetDateTime, limit: u32) -> Result<u64> {
        changed(self, &[], always, |tables| Ok(tables.sweep(what, until, limit))).await
    }
}
