//! Who did not get in: by the network they came from, by the account they tried, and why.

use askama::Template;
use axum::response::Response;
use betancourt_auth_axum::Role;
use http::StatusCode;
use time::{Duration, OffsetDateTime};

use super::super::{Frame, minute};
use super::{Laid, Office, Room, lay, unavailable};
use crate::database::{Value, ask, milliseconds};
use crate::front::Front;
use crate::site::Administrator;

/// How far the page looks back.
const DAYS: i64 = 7;

const BY_NETWORK: &str = r#"SELECT "network", COUNT(*), MAX("at") FROM "auth_audit"
    WHERE "kind" = 'sign_in_refused' AND "at" >= $1 GROUP BY "network" ORDER BY 2 DESC, 3 DESC LIMIT 50"#;
const BY_ACCOUNT: &str = r#"SELECT MAX(u."email"), COUNT(*), MAX(a."at") FROM "auth_audit" a
    JOIN "users" u ON u."id" = a."userId"
    WHERE a."kind" = 'sign_in_refused' AND a."at" >= $1 GROUP BY a."userId" ORDER BY 2 DESC, 3 DESC LIMIT 50"#;
const BY_REASON: &str = r#"SELECT "reason", COUNT(*), MAX("at") FROM "auth_audit"
    WHERE "kind" = 'sign_in_refused' AND "at" >= $1 GROUP BY "reason" ORDER BY 2 DESC, 3 DESC LIMIT 50"#;

/// Who did not get in.
#[derive(Debug, Template)]
#[template(path = "admin/refusals.html")]
pub struct Refusals {
    /// What every page has.
    pub frame: Frame,
    /// What every page of the administrators has.
    pub office: Office,
    /// By the network, by the account, and by the reason.
    pub lists: [TallyList; 3],
}

/// How often of what, the most frequent first.
#[derive(Clone, Debug)]
pub struct TallyList {
    /// What the list is called in the page.
    pub id: &'static str,
    /// Its title.
    pub title: &'static str,
    /// What there was.
    pub tallies: Vec<Tally>,
}

/// How often, and when for the last time.
#[derive(Clone, Debug)]
pub struct Tally {
    /// Of what.
    pub of: Option<String>,
    /// How often.
    pub count: i64,
    /// When for the last time.
    pub latest: String,
}

/// `GET /admin/refusals`.
///
/// # Errors
/// `503` when the store does not answer, `500` when there is no token to be had.
pub async fn refusals(
    front: Front,
    administrator: Role<Administrator>,
) -> Result<Response, StatusCode> {
    let since = front.site.now() - Duration::days(DAYS);
    let networks = tallies(&front, BY_NETWORK, since).await?;
    let accounts = tallies(&front, BY_ACCOUNT, since).await?;
    let reasons = tallies(&front, BY_REASON, since).await?;
    let Laid { frame, office, token } = lay(&front, administrator.user(), Room::Refusals)?;
    let said = &frame.texts().administration.refusals;
    let list = |id, title, tallies| TallyList { id, title, tallies };
    let lists = [
        list("networks", said.networks, networks),
        list("accounts", said.accounts, accounts),
        list("reasons", said.reasons, reasons),
    ];
    let page = Refusals { frame, office, lists };
    Ok(Front::show(&page, Some(&token)))
}

async fn tallies(
    front: &Front,
    question: &'static str,
    since: OffsetDateTime,
) -> Result<Vec<Tally>, StatusCode> {
    let values = [Value::Number(milliseconds(since))];
    let rows = ask::<(Option<String>, i64, i64)>(&front.site.store, question, &values).await;
    let rows = rows.map_err(|error| unavailable(&error))?.into_iter();
    Ok(rows.map(|(of, count, latest)| Tally { of, count, latest: at(latest) }).collect())
}

fn at(milliseconds: i64) -> String {
    let moment = OffsetDateTime::from_unix_timestamp(milliseconds / 1000);
    moment.map(minute).unwrap_or_default()
}
