//! The numbers of the house, and what happened last.

use std::collections::HashMap;
use std::time::Duration;

use askama::Template;
use axum::response::Response;
use betancourt_auth::store::StoreError;
use betancourt_auth::{AuditEvent, AuditKind, UserId};
use betancourt_auth_axum::Role;
use http::StatusCode;
use time::OffsetDateTime;

use super::super::{Frame, Provider, minute};
use super::{Laid, Office, Room, lay, unavailable};
use crate::database;
use crate::front::Front;
use crate::numbers::Numbers;
use crate::site::{Administrator, Site};
use crate::texts::Texts;

/// How many entries of the audit log the page shows.
const NEWEST: u32 = 20;

/// The numbers of the house and what happened last.
#[derive(Debug, Template)]
#[template(path = "admin/overview.html")]
pub struct Overview {
    /// What every page has.
    pub frame: Frame,
    /// What every page of the administrators has.
    pub office: Office,
    /// How many people, sessions and sign-ins there are.
    pub numbers: Numbers,
    /// How long this process has been running.
    pub uptime: Uptime,
    /// How long the database has, where it is a server.
    pub database_uptime: Option<Uptime>,
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
    /// Who did it, if somebody else.
    pub by: Option<String>,
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
        let called = |id: UserId| names.get(&id).cloned().unwrap_or_else(|| id.to_string());
        Self {
            at: event.at,
            what: said(event.kind, texts),
            who: event.user_id.map(called),
            by: event.actor.map(called),
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
pub async fn overview(
    front: Front,
    administrator: Role<Administrator>,
) -> Result<Response, StatusCode> {
    let site = &front.site;
    let numbers = Numbers::at(site.now(), site).await.map_err(|error| unavailable(&error))?;
    let events = site.auth.store().audit_log(NEWEST).await.map_err(|error| unavailable(&error))?;
    let names = names(site, &events).await.map_err(|error| unavailable(&error))?;
    let running = database::uptime(&site.store).await.map_err(|error| unavailable(&error))?;

    let Laid { frame, office, token } = lay(&front, administrator.user(), Room::Overview)?;
    let (texts, providers) = (frame.texts(), front.providers());
    let activity =
        events.into_iter().map(|event| Activity::of(event, &names, &providers, texts)).collect();
    let uptime = Uptime(site.started.elapsed());
    let database_uptime = running.map(Uptime);
    let page = Overview { frame, office, numbers, uptime, database_uptime, activity };
    Ok(Front::show(&page, Some(&token)))
}

/// What to call those whom the events are about, as far as they still have an account.
async fn names(site: &Site, events: &[AuditEvent]) -> Result<HashMap<UserId, String>, StoreError> {
    let mut names = HashMap::new();
    let concerned = events.iter().filter_map(|event| event.user_id.as_ref());
    let actors = events.iter().filter_map(|event| event.actor.as_ref());
    for id in concerned.chain(actors) {
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
        AuditKind::SuspensionLifted => activity.suspension_lifted,
        AuditKind::UserDeleted => activity.user_deleted,
        AuditKind::UserSuspended => activity.user_suspended,
        _ => activity.other,
    }
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
