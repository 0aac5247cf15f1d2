//! What counts once, what is counted, and what is over.

use async_trait::async_trait;
use betancourt_auth::VerificationToken;
use betancourt_auth::store::{Perishable, Result, TokenStore};
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

    /// One short transaction, in which MySQL locks no gaps. Details that an owner left behind are no kind of their own,
    /// and not counted.
    async fn sweep(&self, what: Perishable, until: OffsetDateTime, limit: u32) -> Result<u64> {
        let sweep = self.sql().sweeps.of_kind(what);
        let ours = [milliseconds(until).into(), i64::from(limit).into()];
        let of_auth_js = [self.schema().moment(until), i64::from(limit).into()];
        let values = if sweep.is_of_auth_js { &of_auth_js } else { &ours };
        let leftovers = self.sql().leftovers().filter(|_| what == Perishable::Sessions);
        let leftovers: Vec<_> = leftovers.collect();
        again(|| async {
            let mut intention = self.begin(&[]).await?;
            let removed = intention.write(&sweep.statement, values).await?;
            for statement in &leftovers {
                intention.write(statement, &ours).await?;
            }
            intention.commit(&[]).await?;
            Ok(removed)
        })
        .await
    }
}
