//! The administrators' page.

use std::collections::HashMap;
use std::time::Duration;

use askama::Template;
use axum::response::Response;
use betancourt_auth::store::StoreError;
use betancourt_auth::{AuditEvent, AuditKind, UserId};
use betancourt_auth_axum::Role;
use http::StatusCode;
use time::OffsetDateTime;

use super::{Frame, Provider, minute};
use crate::front::Front;
use crate::numbers::Numbers;
use crate::site::{Administrator, Site};
use crate::texts::Texts;

/// How many entries of the audit log the page shows.
const NEWEST: u32 = 20;

/// The numbers of the house and what happened last.
#[derive(Debug, Template)]
#[template(path = "admin.html")]
pub struct Admin {
    /// What every page has.
    pub frame: Frame,
    /// How many people, sessions and sign-ins there are.
    pub numbers: Numbers,
    /// How long this process has been running.
    pub uptime: Uptime,
    /// What happened last, newest first.
    pub activity: Vec<Activity>,
}

/// A length of time, to the minute.
#[derive(Clone, Copy, Debug)]
pub struct Uptime(pub Duration);

impl Uptime {
    fn shown(self, texts: &Texts) -> String {
        let minutes = self.0.as_secs() / 60;
        let (days, hours, minutes) = (minutes / 1440, minutes / 60 % 24, minutes % 60);
        let admin = &texts.admin;
        match (days, hours) {
            (0, 0) => format!("{minutes} {}", admin.minutes),
            (0, _) => format!("{hours} {} {minutes} {}", admin.hours, admin.minutes),
            _ => format!("{days} {} {hours} {}", admin.days, admin.hours),
        }
    }
}

/// An entry of the audit log.
#[derive(Clone, Debug)]
pub struct Activity {
    /// When it happened.
    pub at: OffsetDateTime,
    /// What happened, in the reader's language.
    pub what: &'static str,
    /// Whom it concerns, if anybody.
    pub who: Option<String>,
    /// The provider it came through, if any.
    pub through: Option<String>,
    /// Why, for a refusal.
    pub reason: Option<String>,
}

impl Activity {
    fn of(
        event: AuditEvent,
        names: &HashMap<UserId, String>,
        providers: &[Provider],
        texts: &'static Texts,
    ) -> Self {
        let named = |id: String| match providers.iter().find(|provider| provider.id == id) {
            Some(provider) => provider.name.clone(),
            None => id,
        };
        Self {
            at: event.at,
            what: said(event.kind, texts),
            who: event.user_id.map(|id| names.get(&id).cloned().unwrap_or_else(|| id.to_string())),
            through: event.provider.map(named),
            reason: event.reason,
        }
    }

    fn at(&self) -> String {
        minute(self.at)
    }
}

/// `GET /admin`.
///
/// # Errors
/// `503` when the store does not answer, `500` when there is no token to be had.
pub async fn admin(
    front: Front,
    administrator: Role<Administrator>,
) -> Result<Response, StatusCode> {
    let site = &front.site;
    let now = site.auth.config().clock.now();
    let numbers = Numbers::at(now, site).await.map_err(|error| unavailable(&error))?;
    let events = site.auth.store().audit_log(NEWEST).await.map_err(|error| unavailable(&error))?;
    let names = names(site, &events).await.map_err(|error| unavailable(&error))?;

    let token = front.token_if(true)?;
    let frame = front.frame(Some(administrator.user()), token.as_ref());
    let (texts, providers) = (frame.texts(), front.providers());
    let activity =
        events.into_iter().map(|event| Activity::of(event, &names, &providers, texts)).collect();
    let page = Admin { frame, numbers, uptime: Uptime(site.started.elapsed()), activity };
    Ok(Front::show(&page, token.as_ref()))
}

/// What to call those whom the events are about, as far as they still have an account.
async fn names(site: &Site, events: &[AuditEvent]) -> Result<HashMap<UserId, String>, StoreError> {
    let mut names = HashMap::new();
    for id in events.iter().filter_map(|event| event.user_id.as_ref()) {
        if names.contains_key(id) {
            continue;
        }
        if let Some(user) = site.auth.store().user(id).await? {
            names.insert(
                id.clone(),
                user.email.clone().unwrap_or_else(|| user.display_name().to_owned()),
            );
        }
    }
    Ok(names)
}

fn said(kind: AuditKind, texts: &'static Texts) -> &'static str {
    let activity = &texts.activity;
    match kind {
        AuditKind::AccountLinked => activity.account_linked,
        AuditKind::RoleChanged => activity.role_changed,
        AuditKind::SessionsEnded => activity.sessions_ended,
        AuditKind::SignedIn => activity.signed_in,
        AuditKind::SignedOut => activity.signed_out,
        AuditKind::SignedOutByProvider => activity.signed_out_by_provider,
        AuditKind::SignedUp => activity.signed_up,
        AuditKind::SignInRefused => activity.sign_in_refused,
        AuditKind::UserDeleted => activity.user_deleted,
        _ => activity.other,
    }
}

fn unavailable(error: &(dyn std::error::Error + 'static)) -> StatusCode {
    tracing::error!(error, "the store does not answer the administrators' page");
    StatusCode::SERVICE_UNAVAILABLE
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::preferences::Language;

    #[test]
    fn uptime_is_short() {
        let shown =
            |seconds| Uptime(Duration::from_secs(seconds)).shown(Texts::of(Language::English));
        assert_eq!(shown(59), "0 min");
        assert_eq!(shown(60 * 61), "1 h 1 min");
        assert_eq!(shown(86_400 * 3 + 3_600 * 4 + 120), "3 d 4 h");
    }
}
