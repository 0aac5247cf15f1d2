//! `sessions/`: who is signed in. Those that have ended are there for whoever asks for them.

use axum::extract::{Path, Query, State};
use axum::response::Response;
use serde::{Deserialize, Serialize};
use time::OffsetDateTime;

use super::answer::{Answer, Private, Refused};
use super::page::{List, Wanted};
use crate::database::Value::{self, Text};
use crate::database::{Moment, address, ask_one};
use crate::site::Site;

/// Whose they are is looked up for those on the page alone.
const LIST: &str = r#"SELECT s."id", s."userId", u."email", s."expires"
    FROM (SELECT "id", "userId", "expires" FROM "sessions"
        WHERE "expires" > $1 ORDER BY "expires" DESC, "id" LIMIT $2 OFFSET $3) s
    JOIN "users" u ON u."id" = s."userId" ORDER BY s."expires" DESC, s."id""#;
const COUNT: &str = r#"SELECT COUNT(*) FROM "sessions" WHERE "expires" > $1"#;
const BY_ID: &str = r#"SELECT s."id", s."userId", u."email", s."expires"
    FROM "sessions" s JOIN "users" u ON u."id" = s."userId" WHERE s."id" = $1"#;
const STATS: &str =
    r#"SELECT COUNT(*), COUNT(CASE WHEN "expires" > $1 THEN 1 END) FROM "sessions""#;

type Row = (String, String, String, Moment);

/// A session. Its token is nobody's to read.
#[derive(Debug, Serialize)]
pub(super) struct Session {
    id: String,
    user: String,
    user_email: Option<String>,
    expires: Moment,
}

impl From<Row> for Session {
    fn from((id, user, email, expires): Row) -> Self {
        Self { id, user, user_email: address(email), expires }
    }
}

#[derive(Debug, Serialize)]
pub(super) struct Stats {
    total_sessions: i64,
    active_sessions: i64,
    expired_sessions: i64,
}

/// Whether what has ended is asked for, too.
#[derive(Debug, Deserialize)]
pub(super) struct Which {
    #[serde(default)]
    include_expired: String,
}

impl Which {
    /// The moment behind which the end of a row has to lie.
    pub(super) fn ends_after(&self, site: &Site) -> OffsetDateTime {
        let all = self.include_expired.eq_ignore_ascii_case("true");
        if all { OffsetDateTime::UNIX_EPOCH } else { site.now() }
    }
}

pub(super) async fn list(
    State(site): State<Site>,
    Query(which): Query<Which>,
    wanted: Wanted,
) -> Result<Response, Refused> {
    let values = [Value::Moment(which.ends_after(&site))];
    let list = List { rows: LIST, count: COUNT, values: &values };
    wanted.of(list, |row: Row| Session::from(row)).await
}

pub(super) async fn detail(
    State(site): State<Site>,
    Path(id): Path<String>,
    Query(which): Query<Which>,
) -> Answer<Session> {
    let found: Option<Row> = ask_one(&site.store, BY_ID, &[Text(&id)]).await?;
    let found = found.map(Session::from);
    let found = found.filter(|session| session.expires.0 > which.ends_after(&site));
    found.map(Private).ok_or(Refused::Nothing("No AuthSession matches the given query."))
}

pub(super) async fn stats(State(site): State<Site>) -> Answer<Stats> {
    let counted = ask_one(&site.store, STATS, &[Value::Moment(site.now())]).await?;
    let (total_sessions, active_sessions) = counted.unwrap_or_default();
    let expired_sessions = total_sessions - active_sessions;
    Ok(Private(Stats { total_sessions, active_sessions, expired_sessions }))
}
