//! What providers say of people who are not here, and what is to be deleted.

use async_trait::async_trait;
use betancourt_auth::store::{InboxStore, Result, Withdrawal, Withdrawn};
use betancourt_auth::{AuditEvent, DeletionRequest, Ending, Reaction, Tokens, UserId};
use time::OffsetDateTime;

use super::{Intention, SqlStore, again};
use crate::database::Lock;
use crate::row;
use crate::value::{Value, milliseconds};

#[async_trait]
impl InboxStore for SqlStore {
    async fn withdraw(&self, withdrawal: &Withdrawal, audit: &[AuditEvent]) -> Result<Withdrawn> {
        again(|| async {
            let user = withdrawal.user_id.as_ref().map(|user| Lock::User(user.as_str()));
            let mut intention = self.begin(&Vec::from_iter(user)).await?;
            let remembered =
                [(&withdrawal.message).into(), milliseconds(withdrawal.remember_until).into()];
            if intention.write(&self.sql().tokens.spend, &remembered).await? == 0 {
                return Ok(Withdrawn::Repeated);
            }
            let mut withdrawn = Withdrawn::Done { ended: 0, untied: false };
            if let Some(user) = &withdrawal.user_id {
                withdrawn = carry_out(&mut intention, withdrawal, user).await?;
            }
            let Withdrawn::Done { untied, .. } = withdrawn else { return Ok(withdrawn) };
            if let Some(request) = &withdrawal.deletion {
                self.insert_deletion(&mut intention, request).await?;
            }
            let on_unlink = if untied { withdrawal.on_unlink.as_slice() } else { &[] };
            intention.commit(&[audit, on_unlink].concat()).await?;
            Ok(withdrawn)
        })
        .await
    }

    async fn deletion(&self, code: &str) -> Result<Option<DeletionRequest>> {
        let found = self.read_one(&self.sql().deletions.deletion, &[code.into()]).await?;
        found.map(|mut found| row::deletion(&mut found)).transpose()
    }

    async fn deletions(
        &self,
        after: Option<&DeletionRequest>,
        limit: u32,
    ) -> Result<Vec<DeletionRequest>> {
        let mut values = vec![i64::from(limit).into()];
        if let Some(after) = after {
            let requested_at = milliseconds(after.requested_at);
            values.extend([Value::from(requested_at), Value::from(&after.code)]);
        }
        let mut found = self.read_page(&self.sql().deletions.deletions, 1, &values).await?;
        found.iter_mut().map(row::deletion).collect()
    }

    async fn request_deletion(
        &self,
        request: &DeletionRequest,
        audit: &[AuditEvent],
    ) -> Result<bool> {
        let Some(user) = &request.user_id else { return Ok(false) };
        let sql = &self.sql().deletions;
        again(|| async {
            let mut intention = self.begin(&[Lock::User(user.as_str())]).await?;
            if intention.read_one(&sql.own, &[self.schema().id(user)]).await?.is_some() {
                return Ok(false);
            }
            self.insert_deletion(&mut intention, request).await?;
            if intention.read_one(&sql.own, &[self.schema().id(user)]).await?.is_none() {
                return Ok(false); // the user is gone
            }
            intention.commit(audit).await?;
            Ok(true)
        })
        .await
    }

    async fn deletion_of(&self, user: &UserId) -> Result<Option<DeletionRequest>> {
        let found = self.read_one(&self.sql().deletions.own, &[self.schema().id(user)]).await?;
        found.map(|mut found| row::deletion(&mut found)).transpose()
    }

    async fn withdraw_deletion(
        &self,
        user: &UserId,
        now: OffsetDateTime,
        audit: &[AuditEvent],
    ) -> Result<bool> {
        let values = [self.schema().id(user), milliseconds(now).into()];
        again(|| async {
            let mut intention = self.begin(&[]).await?;
            if intention.write(&self.sql().deletions.withdraw, &values).await? == 0 {
                return Ok(false);
            }
            intention.commit(audit).await?;
            Ok(true)
        })
        .await
    }

    async fn finish_deletion(
        &self,
        code: &str,
        ending: Ending,
        now: OffsetDateTime,
        audit: &[AuditEvent],
    ) -> Result<bool> {
        let sql = self.sql();
        again(|| async {
            let mut intention = self.begin(&[]).await?;
            let found = intention.read_one(&sql.deletions.deletion, &[code.into()]).await?;
            let request = found.map(|mut found| row::deletion(&mut found)).transpose()?;
            let Some(DeletionRequest { provider, user_id: Some(user), .. }) = request else {
                return Ok(false);
            };
            let finished = [code.into(), milliseconds(now).into()];
            if intention.write(&sql.deletions.finish, &finished).await? == 0 {
                return Ok(false);
            }
            match ending {
                Ending::DeleteUser => {
                    intention.delete_user(&user).await?;
                }
                Ending::KeepUser => {
                    let at = [self.schema().id(&user), (&provider).into()];
                    intention.write(&sql.accounts.delete_accounts_at, &at).await?;
                    intention.write(&sql.deletions.close, &[code.into()]).await?;
                }
            }
            intention.commit(audit).await?;
            Ok(true)
        })
        .await
    }
}

impl SqlStore {
    async fn insert_deletion(
        &self,
        intention: &mut Intention<'_>,
        request: &DeletionRequest,
    ) -> Result<()> {
        let nobody = UserId::new("");
        let values = [
            (&request.code).into(),
            (&request.provider).into(),
            self.schema().id(request.user_id.as_ref().unwrap_or(&nobody)),
            milliseconds(request.requested_at).into(),
            request.finished_at.map(milliseconds).into(),
            request.due_at.map(milliseconds).into(),
        ];
        intention.write(&self.sql().deletions.insert, &values).await?;
        Ok(())
    }
}

/// Does to somebody who is here what the reaction says.
async fn carry_out(
    intention: &mut Intention<'_>,
    withdrawal: &Withdrawal,
    user: &UserId,
) -> Result<Withdrawn> {
    let Withdrawal { key, at, reaction, another_at, .. } = withdrawal;
    let (own, others): (Vec<_>, Vec<_>) =
        intention.accounts(user).await?.into_iter().partition(|account| account.key == *key);
    if own.is_empty() {
        return Ok(Withdrawn::Moved);
    }
    if *reaction >= Reaction::DropTokens {
        intention.replace_tokens(key, &Tokens::default()).await?;
        intention.set_reauth(key, Some(*at)).await?;
    }
    let ends_sessions = *reaction >= Reaction::EndSessions;
    let ended = if ends_sessions { intention.end_sessions(user, *at).await? } else { 0 };
    let mut others = others.into_iter().map(|account| account.key.provider);
    let is_left = another_at.as_ref().is_none_or(|at| others.any(|other| at.contains(&other)));
    let untied = *reaction == Reaction::Unlink && is_left;
    if untied {
        intention.delete_account(user, key).await?;
    }
    Ok(Withdrawn::Done { ended, untied })
}
