//! One transaction: everything that a method of the store writes, and the audit events that tell of it.

use betancourt_auth::store::{Keeping, Mailbox, NewSession, Result, StoreError};
use betancourt_auth::{
    Account, AccountKey, AuditEvent, SessionDetails, StoredToken, Tokens, User, UserId,
    VerificationToken,
};
use sqlx::query::Query;
use sqlx::sqlite::SqliteArguments;
use sqlx::{Sqlite, SqlitePool, Transaction, query, query_scalar};
use time::{Duration, OffsetDateTime};
use tokio::sync::MutexGuard;

use super::moment::milliseconds;
use super::row::{self, no_address};
use crate::error::failed;
use crate::row_id::row_id;
use crate::sql;

/// A transaction that nothing remains of unless it is committed.
pub(super) struct Intention<'turn> {
    transaction: Transaction<'static, Sqlite>,
    _turn: MutexGuard<'turn, ()>,
}

impl<'turn> Intention<'turn> {
    /// Begins one, as the only writer.
    pub(super) async fn begin(pool: &SqlitePool, turn: MutexGuard<'turn, ()>) -> Result<Self> {
        let transaction = pool.begin_with("BEGIN IMMEDIATE").await.map_err(failed)?;
        Ok(Self { transaction, _turn: turn })
    }

    /// Writes the audit events and makes all of it last.
    pub(super) async fn commit(mut self, audit: &[AuditEvent]) -> Result<()> {
        for event in audit {
            let statement = query(sql::INSERT_AUDIT_EVENT)
                .bind(milliseconds(event.at))
                .bind(event.kind.as_str());
            let statement = statement.bind(event.user_id.as_ref().map(|id| id.as_str()));
            let statement =
                statement.bind(&event.provider).bind(&event.reason).bind(&event.network);
            self.write(statement).await?;
        }
        self.transaction.commit().await.map_err(failed)
    }

    /// Runs one statement and says how many rows it wrote.
    pub(super) async fn write(
        &mut self,
        statement: Query<'_, Sqlite, SqliteArguments>,
    ) -> Result<u64> {
        let done = statement.execute(&mut *self.transaction).await.map_err(failed)?;
        Ok(done.rows_affected())
    }

    /// Inserts a user who is there from `now` on.
    pub(super) async fn insert_user(&mut self, user: &User, now: OffsetDateTime) -> Result<()> {
        let email = user.email.clone().unwrap_or_else(|| no_address(&user.id));
        let statement = query(sql::INSERT_USER).bind(user.id.as_str()).bind(&user.name).bind(email);
        let statement = statement.bind(user.email_verified.map(milliseconds)).bind(&user.image);
        self.write(statement.bind(&user.role).bind(milliseconds(now))).await?;
        Ok(())
    }

    /// Inserts an account with its details.
    pub(super) async fn insert_account(&mut self, account: &Account) -> Result<()> {
        let Account { key, user_id, kind, details, .. } = account;
        let statement =
            query(sql::INSERT_ACCOUNT).bind(row_id()?).bind(user_id.as_str()).bind(kind);
        let statement = statement.bind(&key.provider).bind(&key.subject);
        self.write(bind_tokens(statement, &account.tokens)).await?;

        let claims = serde_json::to_string(&details.claims).map_err(StoreError::unavailable)?;
        let statement = query(sql::INSERT_ACCOUNT_DETAILS).bind(&key.provider).bind(&key.subject);
        self.write(statement.bind(details.linked_at.map(milliseconds)).bind(claims)).await?;
        Ok(())
    }

    /// Brings the tokens of an account up to date.
    pub(super) async fn update_account(&mut self, account: &Account) -> Result<()> {
        let Account { key, user_id, details, .. } = account;
        let statement = query(sql::UPDATE_ACCOUNT)
            .bind(&key.provider)
            .bind(&key.subject)
            .bind(user_id.as_str());
        if self.write(bind_tokens(statement, &account.tokens)).await? == 0 {
            return Err(StoreError::conflict());
        }
        if details.reauth_since.is_some() {
            self.set_reauth(key, None).await?;
        }
        Ok(())
    }

    /// Puts tokens in place of those of an account; `false` when there is no such account.
    pub(super) async fn replace_tokens(
        &mut self,
        key: &AccountKey,
        tokens: &Tokens,
    ) -> Result<bool> {
        let statement = query(sql::REPLACE_TOKENS).bind(&key.provider).bind(&key.subject);
        Ok(self.write(bind_tokens(statement, tokens)).await? > 0)
    }

    /// Writes down since when a person has to sign in with an account again.
    pub(super) async fn set_reauth(
        &mut self,
        key: &AccountKey,
        since: Option<OffsetDateTime>,
    ) -> Result<()> {
        let statement = query(sql::SET_REAUTH).bind(&key.provider).bind(&key.subject);
        self.write(statement.bind(since.map(milliseconds))).await?;
        Ok(())
    }

    /// The accounts of a user, as this transaction sees them.
    pub(super) async fn accounts(&mut self, user: &UserId) -> Result<Vec<Account>> {
        let question = query(sql::ACCOUNTS).bind(user.as_str());
        let found = question.fetch_all(&mut *self.transaction).await.map_err(failed)?;
        found.iter().filter_map(|found| row::account(found, user).transpose()).collect()
    }

    /// The verification tokens of an address, as this transaction sees them.
    pub(super) async fn tokens(&mut self, identifier: &str) -> Result<Vec<VerificationToken>> {
        let question = query(sql::TOKENS).bind(identifier);
        let found = question.fetch_all(&mut *self.transaction).await.map_err(failed)?;
        found.iter().map(|found| row::verification_token(found, identifier)).collect()
    }

    /// Marks an address as proven where it was not, and says whether it became so.
    pub(super) async fn prove(&mut self, user: &UserId, mailbox: Mailbox) -> Result<bool> {
        let Mailbox::Proven(at) = mailbox else { return Ok(false) };
        let statement = query(sql::PROVE_ADDRESS).bind(user.as_str()).bind(milliseconds(at));
        Ok(self.write(statement).await? > 0)
    }

    /// Lets somebody in who came without an account, and says how much from before an address was proven had to go.
    pub(super) async fn enter(&mut self, user: &UserId, mailbox: Mailbox) -> Result<u64> {
        let Mailbox::Proven(at) = mailbox else { return Ok(0) };
        if !self.prove(user, mailbox).await? {
            let again = query(sql::PROVE_ADDRESS_AGAIN).bind(user.as_str()).bind(milliseconds(at));
            self.write(again).await?;
            return Ok(0);
        }
        let untied = self.write(query(sql::DELETE_ACCOUNTS).bind(user.as_str())).await?;
        Ok(untied + self.end_sessions(user, at - Duration::milliseconds(1)).await?)
    }

    /// Ends all sessions of a user, sealed ones by a cut, and says how many had a row.
    pub(super) async fn end_sessions(
        &mut self,
        user: &UserId,
        not_before: OffsetDateTime,
    ) -> Result<u64> {
        let cut = query(sql::CUT_SESSIONS).bind(user.as_str()).bind(milliseconds(not_before));
        self.write(cut).await?;
        self.write(query(sql::FORGET_ALL_SEALED).bind(user.as_str())).await?;
        self.write(query(sql::END_SESSIONS).bind(user.as_str())).await
    }

    /// Inserts a session with its details, ends those that it replaces, and evicts what is too many.
    pub(super) async fn insert_session(&mut self, session: &NewSession) -> Result<u64> {
        for replaced in session.replaces.iter().filter(|replaced| **replaced != session.token) {
            self.end_session(replaced).await?;
            if let Keeping::Sealed { remember_until } = session.keeping {
                self.end_sealed(replaced, remember_until).await?;
            }
        }
        match session.keeping {
            Keeping::Stored => self.insert_stored(session).await,
            Keeping::Sealed { .. } => self.insert_sealed(session).await,
        }
    }

    async fn insert_stored(&mut self, session: &NewSession) -> Result<u64> {
        let NewSession { token, user_id, expires, details, keep, .. } = session;
        let statement = query_scalar(sql::INSERT_SESSION).bind(row_id()?).bind(token.as_str());
        let statement = statement.bind(user_id.as_str()).bind(milliseconds(*expires));
        let others: i64 = statement.fetch_one(&mut *self.transaction).await.map_err(failed)?;

        let statement = query(sql::INSERT_SESSION_DETAILS).bind(token.as_str());
        self.write(bind_details(statement, details)).await?;

        let too_many = others + 1 - i64::from(*keep);
        if too_many <= 0 {
            return Ok(0);
        }
        self.write(
            query(sql::EVICT_SESSIONS).bind(user_id.as_str()).bind(token.as_str()).bind(too_many),
        )
        .await
    }

    async fn insert_sealed(&mut self, session: &NewSession) -> Result<u64> {
        let NewSession { token, user_id, expires, details, .. } = session;
        let statement = query(sql::INSERT_SEALED).bind(token.as_str()).bind(user_id.as_str());
        self.write(bind_details(statement.bind(milliseconds(*expires)), details)).await?;
        Ok(0)
    }

    /// Ends a session and says how many that were: one or none.
    pub(super) async fn end_session(&mut self, token: &StoredToken) -> Result<u64> {
        self.write(query(sql::END_SESSION).bind(token.as_str())).await
    }

    /// Remembers that a sealed session has ended and says how many that were: one, or none if it was known.
    pub(super) async fn end_sealed(
        &mut self,
        session: &StoredToken,
        expires: OffsetDateTime,
    ) -> Result<u64> {
        self.write(query(sql::FORGET_SEALED).bind(session.as_str())).await?;
        self.write(query(sql::END_SEALED).bind(session.as_str()).bind(milliseconds(expires))).await
    }
}

/// Binds the four columns of a session's details, in their order.
fn bind_details<'q>(
    statement: Query<'q, Sqlite, SqliteArguments>,
    details: &'q SessionDetails,
) -> Query<'q, Sqlite, SqliteArguments> {
    let statement = statement.bind(milliseconds(details.created_at));
    let statement = statement.bind(milliseconds(details.authenticated_at));
    statement.bind(&details.method).bind(&details.device)
}

/// Binds the seven columns of an account that a token response fills, in their order.
fn bind_tokens<'q>(
    statement: Query<'q, Sqlite, SqliteArguments>,
    tokens: &'q Tokens,
) -> Query<'q, Sqlite, SqliteArguments> {
    let secrets = [&tokens.access_token, &tokens.refresh_token, &tokens.id_token];
    let [access, refresh, id] = secrets.map(|secret| secret.as_ref().map(|secret| secret.expose()));
    let statement = statement.bind(access).bind(refresh).bind(id).bind(tokens.expires_at);
    statement.bind(&tokens.token_type).bind(&tokens.scope).bind(&tokens.session_state)
}
