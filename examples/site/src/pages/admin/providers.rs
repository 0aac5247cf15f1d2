//! Through whom people come, and whether each of them can be reached.

use std::collections::HashMap;

use askama::Template;
use axum::response::Response;
use betancourt_auth::ErrorKind;
use betancourt_auth_axum::Role;
use http::StatusCode;
use time::Duration;
use tokio::task::JoinSet;
use tokio::time::timeout;

use super::super::{Frame, Provider};
use super::{Laid, Office, Room, lay, unavailable};
use crate::database::{Value, ask, milliseconds};
use crate::front::Front;
use crate::site::Administrator;

/// How long the page waits for a provider. Whoever takes longer keeps people waiting, too.
const PATIENCE: std::time::Duration = std::time::Duration::from_secs(3);
/// How far the page looks back.
const DAYS: i64 = 30;

const SIGN_INS: &str = r#"SELECT "provider", COUNT(*) FROM "auth_audit"
    WHERE "kind" IN ('signed_in', 'signed_up') AND "at" >= $1 AND "provider" IS NOT NULL GROUP BY "provider""#;

/// Through whom people come.
#[derive(Debug, Template)]
#[template(path = "admin/providers.html")]
pub struct Providers {
    /// What every page has.
    pub frame: Frame,
    /// What every page of the administrators has.
    pub office: Office,
    /// The providers that are configured.
    pub doors: Vec<Door>,
}

/// A provider.
#[derive(Clone, Debug)]
pub struct Door {
    /// Which.
    pub provider: Provider,
    /// How often somebody came through it within a month.
    pub sign_ins: i64,
    /// Why nobody comes through it at this moment: the reason as the log has it.
    pub closed: Option<&'static str>,
}

/// `GET /admin/providers`. Each of them is asked, all at once.
///
/// # Errors
/// `503` when the store does not answer, `500` when there is no token to be had.
pub async fn providers(
    front: Front,
    administrator: Role<Administrator>,
) -> Result<Response, StatusCode> {
    let site = &front.site;
    let since = milliseconds(site.now() - Duration::days(DAYS));
    let counted = ask::<(String, i64)>(&site.store, SIGN_INS, &[Value::Number(since)]).await;
    let counted: HashMap<_, _> =
        counted.map_err(|error| unavailable(&error))?.into_iter().collect();

    let mut probes = JoinSet::new();
    for (place, provider) in front.providers().into_iter().enumerate() {
        let auth = site.auth.clone();
        probes.spawn(async move {
            let answer = timeout(PATIENCE, auth.reach(&provider.id)).await;
            let answer = answer.unwrap_or_else(|_| Err(ErrorKind::ProviderUnreachable.into()));
            (place, provider, answer.err().map(|error| error.reason()))
        });
    }
    let mut probed = probes.join_all().await;
    probed.sort_unstable_by_key(|(place, ..)| *place);
    let doors = probed.into_iter().map(|(_, provider, closed)| Door {
        sign_ins: counted.get(&provider.id).copied().unwrap_or_default(),
        provider,
        closed,
    });
    let Laid { frame, office, token } = lay(&front, administrator.user(), Room::Providers)?;
    let page = Providers { frame, office, doors: doors.collect() };
    Ok(Front::show(&page, Some(&token)))
}
