//! `tokens/`: addresses to which a link or a code is under way. What was mailed is nobody's to read.

use axum::extract::{Path, Query, State};
use axum::response::Response;
use serde::Serialize;

use super::answer::{Answer, Private, Refused};
use super::page::{List, Wanted};
use super::sessions::Which;
use crate::database::Value::{self, Text};
use crate::database::{Moment, ask_one};
use crate::site::Site;

const LIST: &str = r#"SELECT "identifier", "expires" FROM "verification_tokens" WHERE "expires" > $1
    ORDER BY "expires" DESC, "identifier" LIMIT $2 OFFSET $3"#;
const COUNT: &str = r#"SELECT COUNT(*) FROM "verification_tokens" WHERE "expires" > $1"#;
/// They have no number; the address is what tells them apart.
const BY_ADDRESS: &str = r#"SELECT "identifier", "expires" FROM "verification_tokens" WHERE "identifier" = $1
    ORDER BY "expires" DESC LIMIT 1"#;

type Row = (String, Moment);

/// Something that was mailed to an address.
#[derive(Debug, Serialize)]
pub(super) struct Token {
    identifier: String,
    expires: Moment,
}

impl From<Row> for Token {
    fn from((identifier, expires): Row) -> Self {
        Self { identifier, expires }
    }
}

pub(super) async fn list(
    State(site): State<Site>,
    Query(which): Query<Which>,
    wanted: Wanted,
) -> Result<Response, Refused> {
    let values = [Value::Moment(which.ends_after(&site))];
    let list = List { rows: LIST, count: COUNT, values: &values };
    wanted.of(list, |row: Row| Token::from(row)).await
}

pub(super) async fn detail(
    State(site): State<Site>,
    Path(identifier): Path<String>,
    Query(which): Query<Which>,
) -> Answer<Token> {
    let found: Option<Row> = ask_one(&site.store, BY_ADDRESS, &[Text(&identifier)]).await?;
    let found = found.map(Token::from);
    let found = found.filter(|token| token.expires.0 > which.ends_after(&site));
    found.map(Private).ok_or(Refused::Nothing("No AuthVerificationToken matches the given query."))
}
