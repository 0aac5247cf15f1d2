//! One transaction: everything that a method of the store writes, and the audit events that tell of it.

use betancourt_auth::store::{NewSession, Result, StoreError};
use betancourt_auth::{Account, AuditEvent, StoredToken, User};
use sqlx::query::Query;
use sqlx::sqlite::SqliteArguments;
use sqlx::{Sqlite, SqlitePool, Transaction, query, query_scalar};
use time::OffsetDateTime;
use tokio::sync::MutexGuard;

use super::moment::milliseconds;
use super::row::no_address;
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
        self.write(bind_tokens(statement.bind(&key.provider).bind(&key.subject), account)).await?;

        let claims = serde_json::to_string(&details.claims).map_err(StoreError::unavailable)?;
        let statement = query(sql::INSERT_ACCOUNT_DETAILS).bind(&key.provider).bind(&key.subject);
        self.write(statement.bind(details.linked_at.map(milliseconds)).bind(claims)).await?;
        Ok(())
    }

    /// Brings the tokens of an account up to date.
    pub(super) async fn update_account(&mut self, account: &Account) -> Result<()> {
        let Account { key, user_id, .. } = account;
        let statement = query(sql::UPDATE_ACCOUNT)
            .bind(&key.provider)
            .bind(&key.subject)
            .bind(user_id.as_str());
        match self.write(bind_tokens(statement, account)).await? {
            0 => Err(StoreError::conflict()),
            _ => Ok(()),
        }
    }

    /// Inserts a session with its details, ends those that it replaces, and evicts what is too many.
    pub(super) async fn insert_session(&mut self, session: &NewSession) -> Result<u64> {
        let NewSession { token, user_id, expires, details, replaces, keep } = session;
        let is_new = |replaced: &StoredToken| token.as_ref() == Some(replaced);
        for replaced in replaces.iter().filter(|replaced| !is_new(replaced)) {
            self.end_session(replaced).await?;
            if token.is_none() {
                self.end_sealed(replaced, *expires).await?;
            }
        }
        let Some(token) = token else { return Ok(0) };
        let statement = query_scalar(sql::INSERT_SESSION).bind(row_id()?).bind(token.as_str());
        let statement = statement.bind(user_id.as_str()).bind(milliseconds(*expires));
        let others: i64 = statement.fetch_one(&mut *self.transaction).await.map_err(failed)?;

        let statement = query(sql::INSERT_SESSION_DETAILS)
            .bind(token.as_str())
            .bind(milliseconds(details.created_at));
        let statement =
            statement.bind(milliseconds(details.authenticated_at)).bind(&details.method);
        self.write(statement.bind(&details.device)).await?;

        let too_many = others + 1 - i64::from(*keep);
        if too_many <= 0 {
            return Ok(0);
        }
        self.write(
            query(sql::EVICT_SESSIONS).bind(user_id.as_str()).bind(token.as_str()).bind(too_many),
        )
        .await
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
        self.write(query(sql::END_SEALED).bind(session.as_str()).bind(milliseconds(expires))).await
    }
}

/// Binds the seven columns of an account that a token response fills, in their order.
fn bind_tokens<'q>(
    statement: Query<'q, Sqlite, SqliteArguments>,
    account: &'q Account,
) -> Query<'q, Sqlite, SqliteArguments> {
    let tokens = &account.tokens;
    let secrets = [&tokens.access_token, &tokens.refresh_token, &tokens.id_token];
    let [access, refresh, id] = secrets.map(|secret| secret.as_ref().map(|secret| secret.expose()));
    let statement = statement.bind(access).bind(refresh).bind(id).bind(tokens.expires_at);
    statement.bind(&tokens.token_type).bind(&tokens.scope).bind(&tokens.session_state)
}
