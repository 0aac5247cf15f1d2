//! From rows to records.

use betancourt_auth::store::{Candidates, KnownSession, Result, Standing, StoreError};
use betancourt_auth::{
    Account, AccountDetails, AccountKey, AuditEvent, AuditKind, Secret, Session, SessionDetails,
    StoredToken, Tokens, User, UserId, VerificationToken,
};
use sqlx::sqlite::SqliteRow;
use sqlx::{Decode, Row, Sqlite, Type};

use super::moment::Moment;
use crate::error::failed;

/// What stands in `users.email`, which may not be empty, for somebody without an address (RFC 2606 §2).
pub(super) fn no_address(id: &UserId) -> String {
    format!("{id}@no-address.invalid")
}

/// A row that is read from left to right, in the order of the columns in `sql`.
struct Columns<'r> {
    row: &'r SqliteRow,
    next: usize,
}

impl<'r> Columns<'r> {
    fn of(row: &'r SqliteRow) -> Self {
        Self { row, next: 0 }
    }

    fn take<T: Decode<'r, Sqlite> + Type<Sqlite>>(&mut self) -> Result<T> {
        let value = self.row.try_get(self.next).map_err(failed)?;
        self.next += 1;
        Ok(value)
    }

    fn take_moment(&mut self) -> Result<Option<time::OffsetDateTime>> {
        Ok(self.take::<Option<Moment>>()?.map(|Moment(moment)| moment))
    }

    fn take_secret(&mut self) -> Result<Option<Secret>> {
        Ok(self.take::<Option<String>>()?.map(Secret::new))
    }
}

/// The user in the six columns of a user.
pub(super) fn user(row: &SqliteRow) -> Result<User> {
    take_user(&mut Columns::of(row))
}

/// The account of a user in the thirteen columns of an account, if they are filled.
pub(super) fn account(row: &SqliteRow, user_id: &UserId) -> Result<Option<Account>> {
    take_account(&mut Columns::of(row), user_id)
}

/// An account whose owner stands in the column before it.
pub(super) fn owned_account(row: &SqliteRow) -> Result<Option<Account>> {
    let mut columns = Columns::of(row);
    let owner = UserId::new(columns.take::<String>()?);
    take_account(&mut columns, &owner)
}

/// A session in the list that its owner sees.
pub(super) fn known_session(row: &SqliteRow, is_sealed: bool) -> Result<KnownSession> {
    let mut columns = Columns::of(row);
    let token = StoredToken::from_stored(columns.take::<String>()?);
    let Moment(expires) = columns.take()?;
    Ok(KnownSession { token, expires, details: take_session_details(&mut columns)?, is_sealed })
}

/// A verification token of an address.
pub(super) fn verification_token(row: &SqliteRow, identifier: &str) -> Result<VerificationToken> {
    let mut columns = Columns::of(row);
    let token = columns.take()?;
    let Moment(expires) = columns.take()?;
    Ok(VerificationToken { identifier: identifier.to_owned(), token, expires })
}

/// Who an identity could be, in at most two rows of a user and perhaps the account.
pub(super) fn candidates(rows: &[SqliteRow], email: Option<&str>) -> Result<Candidates> {
    let mut candidates = Candidates::default();
    for row in rows {
        let mut columns = Columns::of(row);
        let user = take_user(&mut columns)?;
        if email.is_some() && user.email.as_deref() == email {
            candidates.by_email = Some(user.clone());
        }
        if let Some(account) = take_account(&mut columns, &user.id)? {
            candidates.account = Some((account, user));
        }
    }
    Ok(candidates)
}

/// A session with its user.
pub(super) fn session(row: &SqliteRow) -> Result<Session> {
    let mut columns = Columns::of(row);
    let user = take_user(&mut columns)?;
    let Moment(expires) = columns.take()?;
    Ok(Session::new(user, expires, take_session_details(&mut columns)?))
}

/// How things stand with a user and one sealed session.
pub(super) fn standing(row: &SqliteRow) -> Result<Standing> {
    let mut columns = Columns::of(row);
    let user = take_user(&mut columns)?;
    let not_before = columns.take_moment()?;
    let times_ended: i64 = columns.take()?;
    Ok(Standing::new(user, not_before, times_ended > 0))
}

/// An audit event, or `None` for one of a kind that a later version wrote.
pub(super) fn audit_event(row: &SqliteRow) -> Result<Option<AuditEvent>> {
    let mut columns = Columns::of(row);
    let Moment(at) = columns.take()?;
    let Some(kind) = AuditKind::parse(columns.take()?) else { return Ok(None) };
    let mut event = AuditEvent::new(at, kind);
    event.user_id = columns.take::<Option<String>>()?.map(UserId::new);
    event.provider = columns.take()?;
    event.reason = columns.take()?;
    event.network = columns.take()?;
    Ok(Some(event))
}

fn take_user(columns: &mut Columns<'_>) -> Result<User> {
    let mut user = User::new(UserId::new(columns.take::<String>()?));
    user.name = columns.take()?;
    let email: Option<String> = columns.take()?;
    user.email = email.filter(|email| *email != no_address(&user.id));
    user.email_verified = columns.take_moment()?;
    user.image = columns.take()?;
    user.role = columns.take()?;
    Ok(user)
}

fn take_account(columns: &mut Columns<'_>, user_id: &UserId) -> Result<Option<Account>> {
    let Some(provider) = columns.take::<Option<String>>()? else { return Ok(None) };
    let key = AccountKey::new(provider, columns.take::<String>()?);
    let mut account = Account::new(key, user_id.clone(), columns.take::<String>()?);
    account.tokens = Tokens {
        access_token: columns.take_secret()?,
        refresh_token: columns.take_secret()?,
        id_token: columns.take_secret()?,
        expires_at: columns.take()?,
        token_type: columns.take()?,
        scope: columns.take()?,
        session_state: columns.take()?,
    };
    let linked_at = columns.take_moment()?;
    let claims = columns.take::<Option<&str>>()?.map(serde_json::from_str).transpose();
    let claims = claims.map_err(StoreError::unavailable)?.unwrap_or_default();
    account.details = AccountDetails { linked_at, claims, reauth_since: columns.take_moment()? };
    Ok(Some(account))
}

/// A session that Auth.js made has no details.
fn take_session_details(columns: &mut Columns<'_>) -> Result<Option<SessionDetails>> {
    let Some(created_at) = columns.take_moment()? else { return Ok(None) };
    let Moment(authenticated_at) = columns.take()?;
    let mut details = SessionDetails::new(created_at, columns.take::<String>()?);
    details.authenticated_at = authenticated_at;
    details.device = columns.take()?;
    details.seen_at = columns.take_moment()?;
    Ok(Some(details))
}
