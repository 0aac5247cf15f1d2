//! What happened to somebody's account, page by page.

use askama::Template;
use axum::response::Response;
use betancourt_auth::store::AuditEntry;
use betancourt_auth::{AuditKind, Device};
use betancourt_auth_axum::SignedIn;
use http::StatusCode;
use time::Duration;
use url::form_urlencoded;

use super::super::{Frame, minute};
use super::sessions::name_of;
use super::{Desk, Laid, Section, lay, unavailable};
use crate::front::Front;
use crate::texts::Texts;

/// How far back it goes.
const LATELY: Duration = Duration::days(90);
/// How many entries a page has.
const PAGE: u32 = 25;

/// What happened lately.
#[derive(Debug, Template)]
#[template(path = "account/history.html")]
pub struct History {
    /// What every page has.
    pub frame: Frame,
    /// What every page of the account has.
    pub desk: Desk,
    /// What happened, newest first.
    pub entries: Vec<Entry>,
    /// Whether it is not the first page.
    pub is_further: bool,
    /// The number that leads to the next page, if there is one.
    pub older: Option<i64>,
}

/// Something that happened.
#[derive(Clone, Debug)]
pub struct Entry {
    /// When.
    pub at: String,
    /// What, in the reader's language.
    pub what: &'static str,
    /// With which provider.
    pub through: Option<String>,
    /// The browser and the system, as people say it.
    pub device: Option<String>,
    /// The network, shortened.
    pub network: Option<String>,
    /// Why, for a refusal or a suspension.
    pub reason: Option<String>,
    /// Whether somebody came in, so that it may have been somebody else.
    pub let_in: bool,
}

impl Entry {
    fn of(recorded: AuditEntry, front: &Front, texts: &'static Texts) -> Self {
        let event = recorded.event;
        let says_why = matches!(event.kind, AuditKind::SignInRefused | AuditKind::UserSuspended);
        let ways = front.ways_in();
        let named = |id: String| {
            let known = ways.iter().find(|way| way.id == id);
            known.map_or(id, |way| way.name.clone())
        };
        Self {
            at: minute(event.at),
            what: said(event.kind, texts),
            through: event.provider.map(named),
            device: event.device.map(|agent| name_of(Device::of(&agent), texts)),
            network: event.network,
            reason: event.reason.filter(|_| says_why),
            let_in: matches!(event.kind, AuditKind::SignedIn | AuditKind::SignedUp),
        }
    }
}

/// `GET /dashboard/history?before=`.
///
/// # Errors
/// `503` when the store does not answer, `500` when there is no token to be had.
pub async fn history(front: Front, visitor: SignedIn) -> Result<Response, StatusCode> {
    let before = before(&front);
    let since = front.site.now() - LATELY;
    let found = front.site.auth.history(&visitor.user().id, since, before, PAGE + 1).await;
    let mut found = found.map_err(|error| unavailable(&error))?;
    let has_more = found.len() > PAGE as usize;
    found.truncate(PAGE as usize);
    let older = found.last().map(|last| last.key.number()).filter(|_| has_more);

    let Laid { frame, desk, token } = lay(&front, visitor.session(), Section::History).await?;
    let texts = frame.texts();
    let entries = found.into_iter().map(|recorded| Entry::of(recorded, &front, texts)).collect();
    let page = History { frame, desk, entries, is_further: before.is_some(), older };
    Ok(Front::show(&page, Some(&token)))
}

fn before(front: &Front) -> Option<i64> {
    let mut pairs = form_urlencoded::parse(front.uri.query().unwrap_or_default().as_bytes());
    pairs.find(|(name, _)| name == "before")?.1.parse().ok()
}

fn said(kind: AuditKind, texts: &'static Texts) -> &'static str {
    let happened = &texts.account.happened;
    match kind {
        AuditKind::AccountLinked => happened.account_linked,
        AuditKind::AccountUnlinked => happened.account_unlinked,
        AuditKind::AddressProven => happened.address_proven,
        AuditKind::DeletionRequested => happened.deletion_requested,
        AuditKind::DeletionWithdrawn => happened.deletion_withdrawn,
        AuditKind::ProviderReported => happened.provider_reported,
        AuditKind::ProfileChanged => happened.profile_changed,
        AuditKind::RoleChanged => happened.role_changed,
        AuditKind::SessionRevoked => happened.session_revoked,
        AuditKind::SessionsEnded => happened.sessions_ended,
        AuditKind::SignedIn => happened.signed_in,
        AuditKind::SignedOut => happened.signed_out,
        AuditKind::SignedOutByProvider => happened.signed_out_by_provider,
        AuditKind::SignedUp => happened.signed_up,
        AuditKind::SignInRefused => happened.sign_in_refused,
        AuditKind::SuspensionLifted => happened.suspension_lifted,
        AuditKind::TokensRevoked => happened.tokens_revoked,
        AuditKind::UserSuspended => happened.user_suspended,
        _ => happened.other,
    }
}
