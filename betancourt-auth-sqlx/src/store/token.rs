//! What counts once, what is counted, and what is over.

use async_trait::async_trait;
use betancourt_auth::VerificationToken;
use betancourt_auth::store::{Result, TokenStore};
use time::OffsetDateTime;

use super::{SqlStore, again};
use crate::database::Lock;
use crate::value::milliseconds;

#[async_trait]
impl TokenStore for SqlStore {
    async fn spend(&self, handshake: &str, expires: OffsetDateTime) -> Result<bool> {
        let values = [handshake.into(), milliseconds(expires).into()];
        self.write_one(&self.sql().tokens.spend, &values).await
    }

    async fn count(&self, key: &str, now: OffsetDateTime, expires: OffsetDateTime) -> Result<u32> {
        let values = [key.into(), milliseconds(now).into(), milliseconds(expires).into()];
        let count = again(|| self.0.database.write_and_read(&self.sql().tokens.count, &values));
        let mut counted = count.await?;
        let count = counted.first_mut().map_or(Ok(0), |counted| counted.required_number())?;
        Ok(u32::try_from(count).unwrap_or(u32::MAX))
    }

    async fn keep_tokens(&self, identifier: &str, tokens: &[VerificationToken]) -> Result<()> {
        again(|| async {
            let mut intention = self.begin(&[Lock::Address(identifier)]).await?;
            intention.take_tokens(identifier).await?;
            for token in tokens {
                let expires = self.schema().moment(token.expires);
                let values = [identifier.into(), (&token.token).into(), expires];
                intention.write(&self.sql().tokens.keep, &values).await?;
            }
            intention.commit(&[]).await
        })
        .await
    }

    /// All of the address are taken, and put back by a rollback if none of them was asked for.
    async fn take_token(
        &self,
        identifier: &str,
        hashes: &[&str],
    ) -> Result<Option<VerificationToken>> {
        again(|| async {
            let mut intention = self.begin(&[Lock::Address(identifier)]).await?;
            let taken = intention.take_tokens(identifier).await?;
            let asked_for = taken.into_iter().find(|taken| hashes.contains(&taken.token.as_str()));
            if asked_for.is_some() {
                intention.commit(&[]).await?;
            }
            Ok(asked_for)
        })
        .await
    }

    /// One short transaction for each kind, so that others can write in between. Details that an owner left behind are
    /// no kind of their own, and not counted.
    async fn sweep(&self, now: OffsetDateTime, limit: u32) -> Result<u64> {
        let limit = i64::from(limit).into();
        let ours = [milliseconds(now).into(), limit];
        let of_auth_js = [self.schema().moment(now), limit];
        let mut removed = 0;
        for sweep in self.sql().sweeps() {
            let values = if sweep.is_of_auth_js { of_auth_js } else { ours };
            removed += self.write(&sweep.statement, &values).await?;
        }
        for statement in self.sql().leftovers() {
            self.write(statement, &ours).await?;
        }
        Ok(removed)
    }
}
