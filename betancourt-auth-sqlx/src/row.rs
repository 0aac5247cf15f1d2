//! From rows to records.

use betancourt_auth::store::{
    AuditEntry, AuditKey, Candidates, EndedSession, KnownSession, OriginKey, Result, SessionOrigin,
    Standing, StoreError, Suspension,
};
use betancourt_auth::{
    Account, AccountDetails, AccountKey, AuditEvent, AuditKind, DeletionRequest, Session,
    SessionDetails, StoredToken, Tokens, User, UserId, VerificationToken,
};

use crate::value::Row;

/// How ends what stands in the address of a user, which may not be empty, for somebody without one (RFC 2606 §2).
pub(crate) const NO_ADDRESS: &str = "@no-address.invalid";

/// What stands in the address of a user who has none.
pub(crate) fn no_address(id: &UserId) -> String {
    format!("{id}{NO_ADDRESS}")
}

/// The user in the six columns of a user.
pub(crate) fn user(row: &mut Row) -> Result<User> {
    let mut user = User::new(UserId::new(row.required_text()?));
    user.name = row.text()?;
    user.email = row.text()?.filter(|email| *email != no_address(&user.id));
    user.email_verified = row.moment()?;
    user.image = row.text()?;
    user.role = row.required_text()?;
    Ok(user)
}

/// The account of a user in the thirteen columns of an account, if they are filled.
pub(crate) fn account(row: &mut Row, user_id: &UserId) -> Result<Option<Account>> {
    let Some(provider) = row.text()? else { return Ok(None) };
    let key = AccountKey::new(provider, row.required_text()?);
    let mut account = Account::new(key, user_id.clone(), row.required_text()?);
    account.tokens = Tokens {
        access_token: row.secret()?,
        refresh_token: row.secret()?,
        id_token: row.secret()?,
        expires_at: row.number()?,
        token_type: row.text()?,
        scope: row.text()?,
        session_state: row.text()?,
    };
    let linked_at = row.moment()?;
    let claims = row.text()?.as_deref().map(serde_json::from_str).transpose();
    let claims = claims.map_err(StoreError::unavailable)?.unwrap_or_default();
    account.details = AccountDetails { linked_at, claims, reauth_since: row.moment()? };
    Ok(Some(account))
}

/// An account whose owner stands in the column before it.
pub(crate) fn owned_account(row: &mut Row) -> Result<Option<Account>> {
    let owner = UserId::new(row.required_text()?);
    account(row, &owner)
}

/// Who an identity could be, in rows of a user, whether they are suspended, and perhaps the account, the oldest user first.
pub(crate) fn candidates(rows: Vec<Row>, email: Option<&str>) -> Result<Candidates> {
    let mut candidates = Candidates::default();
    for mut row in rows {
        let user = user(&mut row)?;
        if row.required_number()? > 0 {
            candidates.suspended.push(user.id.clone());
        }
        if email.is_some() && user.email.as_deref() == email {
            candidates.by_email.get_or_insert_with(|| user.clone());
        }
        if let Some(account) = account(&mut row, &user.id)? {
            candidates.account.get_or_insert((account, user));
        }
    }
    Ok(candidates)
}

/// A session with its user.
pub(crate) fn session(row: &mut Row) -> Result<Session> {
    Ok(Session::new(user(row)?, row.required_moment()?, session_details(row)?))
}

/// A session in the list that its owner sees.
pub(crate) fn known_session(row: &mut Row, is_sealed: bool) -> Result<KnownSession> {
    let token = StoredToken::from_stored(row.required_text()?);
    let expires = row.required_moment()?;
    Ok(KnownSession { token, expires, details: session_details(row)?, is_sealed })
}

/// Where at a provider a session began, if that was written down.
pub(crate) fn origin(row: &mut Row) -> Result<Option<SessionOrigin>> {
    let (subject, session) = (row.text()?, row.text()?);
    let subject = subject.map(OriginKey::from_stored);
    Ok(subject
        .map(|subject| SessionOrigin { subject, session: session.map(OriginKey::from_stored) }))
}

/// A session that a provider may mean, and where it began.
pub(crate) fn begun(row: &mut Row) -> Result<(EndedSession, Option<SessionOrigin>)> {
    let token = StoredToken::from_stored(row.required_text()?);
    let user_id = UserId::new(row.required_text()?);
    Ok((EndedSession { token, user_id }, origin(row)?))
}

/// How things stand with a user and one sealed session.
pub(crate) fn standing(row: &mut Row) -> Result<Standing> {
    let (user, not_before) = (user(row)?, row.moment()?);
    Ok(Standing::new(user, not_before, row.required_number()? > 0))
}

/// A verification token of an address.
pub(crate) fn verification_token(row: &mut Row, identifier: &str) -> Result<VerificationToken> {
    let (token, expires) = (row.required_text()?, row.required_moment()?);
    Ok(VerificationToken { identifier: identifier.to_owned(), token, expires })
}

/// A request to delete.
pub(crate) fn deletion(row: &mut Row) -> Result<DeletionRequest> {
    let (code, provider) = (row.required_text()?, row.required_text()?);
    let user_id = row.text()?.map(UserId::new);
    let mut request = DeletionRequest::new(code, provider, row.required_moment()?);
    request.user_id = user_id;
    request.finished_at = row.moment()?;
    request.due_at = row.moment()?;
    request.withdrawn_at = row.moment()?;
    Ok(request)
}

/// Since when, by whom and why somebody is suspended.
pub(crate) fn suspension(row: &mut Row) -> Result<Suspension> {
    let (since, by) = (row.required_moment()?, row.text()?.map(UserId::new));
    let mut suspension = Suspension::new(since, row.required_text()?);
    suspension.by = by;
    Ok(suspension)
}

/// An audit event, or `None` for one of a kind that a later version wrote.
pub(crate) fn audit_entry(row: &mut Row) -> Result<Option<AuditEntry>> {
    let at = row.required_moment()?;
    let key = AuditKey::new(at, row.required_number()?);
    let Some(kind) = AuditKind::parse(&row.required_text()?) else { return Ok(None) };
    let mut event = AuditEvent::new(at, kind);
    event.user_id = row.text()?.map(UserId::new);
    event.actor = row.text()?.map(UserId::new);
    event.provider = row.text()?;
    event.reason = row.text()?;
    event.network = row.text()?;
    event.device = row.text()?;
    Ok(Some(AuditEntry { key, event }))
}

/// A session that Auth.js made has no details.
fn session_details(row: &mut Row) -> Result<Option<SessionDetails>> {
    let Some(created_at) = row.moment()? else { return Ok(None) };
    let authenticated_at = row.required_moment()?;
    let mut details = SessionDetails::new(created_at, row.required_text()?);
    details.authenticated_at = authenticated_at;
    details.device = row.text()?;
    details.seen_at = row.moment()?;
    Ok(Some(details))
}
