//! What counts once, what is counted, and what is over.

use async_trait::async_trait;
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use betancourt_auth::VerificationToken;
use betancourt_auth::store::{Perishable, Result, StoreError, TokenStore};
use ring::digest::{SHA256, digest};
use time::OffsetDateTime;

use crate::fields::{milliseconds, moment};
use crate::script;
use crate::store::RedisStore;

#[async_trait]
impl TokenStore for RedisStore {
    async fn spend(&self, handshake: &str, expires: OffsetDateTime) -> Result<bool> {
        self.tell(&script::SPEND, &[name(handshake), milliseconds(expires)]).await
    }

    async fn count(&self, key: &str, now: OffsetDateTime, expires: OffsetDateTime) -> Result<u32> {
        let arguments = [name(key), milliseconds(now), milliseconds(expires)];
        let events: u64 = self.tell(&script::COUNT, &arguments).await?;
        Ok(u32::try_from(events).unwrap_or(u32::MAX))
    }

    async fn keep_tokens(&self, identifier: &str, tokens: &[VerificationToken]) -> Result<()> {
        let each = |kept: &VerificationToken| [kept.token.clone(), milliseconds(kept.expires)];
        let tokens = tokens.iter().flat_map(each);
        let arguments: Vec<_> = [name(identifier)].into_iter().chain(tokens).collect();
        match self.tell::<i64>(&script::KEEP_TOKENS, &arguments).await? {
            0 => Ok(()),
            _ => Err(StoreError::conflict()), // one of them is there twice, or that of another address
        }
    }

    async fn take_token(
        &self,
        identifier: &str,
        hashes: &[&str],
    ) -> Result<Option<VerificationToken>> {
        let hashes = hashes.iter().map(|hash| (*hash).to_owned());
        let arguments: Vec<_> = [name(identifier)].into_iter().chain(hashes).collect();
        let taken: Vec<String> = self.tell(&script::TAKE_TOKEN, &arguments).await?;
        let [token, expires] = taken.as_slice() else { return Ok(None) };
        let (identifier, token) = (identifier.to_owned(), token.clone());
        Ok(Some(VerificationToken { identifier, token, expires: moment(expires)? }))
    }

    async fn sweep(&self, what: Perishable, until: OffsetDateTime, limit: u32) -> Result<u64> {
        let kind = match what {
            Perishable::Counts => "count",
            Perishable::Handshakes => "spent",
            Perishable::Sessions => "session",
            Perishable::VerificationTokens => "token",
            // These are kept beside the people.
            Perishable::AuditEvents
            | Perishable::Deletions
            | Perishable::EndedSessions
            | Perishable::SealedSessions => return Ok(0),
        };
        let arguments = [kind.to_owned(), milliseconds(until), limit.to_string()];
        self.tell(&script::SWEEP, &arguments).await
    }
}

/// What a key is called after a text from outside: short, whatever the text is, and telling nobody an address. Keys are
/// in the slow log and in what `MONITOR` shows.
fn name(text: &str) -> String {
    URL_SAFE_NO_PAD.encode(digest(&SHA256, text.as_bytes()))
}
