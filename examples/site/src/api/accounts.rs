//! `accounts/`: through whom people sign in. Their tokens are nobody's to read.

use axum::extract::{Path, Query, State};
use axum::response::Response;
use http::StatusCode;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use super::answer::{Answer, Private, Refused};
use super::page::{List, Wanted};
use crate::database::Value::Text;
use crate::database::{NotAnswered, ask, ask_one};
use crate::site::Site;

const LIST: &str = r#"SELECT "id", "type", "provider", "providerAccountId", "token_type" FROM "accounts"
    ORDER BY "id" LIMIT $1 OFFSET $2"#;
const COUNT: &str = r#"SELECT COUNT(*) FROM "accounts""#;
const BY_ID: &str = r#"SELECT "id", "type", "provider", "providerAccountId", "token_type" FROM "accounts"
    WHERE "id" = $1"#;
const OF_A_USER: &str = r#"SELECT "id", "type", "provider", "providerAccountId", "token_type"
    FROM "accounts" WHERE "userId" = $1 ORDER BY "id""#;
const STATS: &str =
    r#"SELECT "provider", COUNT(*) FROM "accounts" GROUP BY "provider" ORDER BY "provider""#;

type Row = (String, String, String, String, Option<String>);

/// An account at a provider.
#[derive(Debug, Serialize)]
pub(super) struct Account {
    id: String,
    r#type: String,
    provider: String,
    provider_account_id: String,
    token_type: Option<String>,
}

impl From<Row> for Account {
    fn from((id, r#type, provider, provider_account_id, token_type): Row) -> Self {
        Self { id, r#type, provider, provider_account_id, token_type }
    }
}

#[derive(Debug, Deserialize)]
pub(super) struct ByUser {
    #[serde(default)]
    user_id: String,
}

pub(super) async fn list(wanted: Wanted) -> Result<Response, Refused> {
    wanted.of(List { rows: LIST, count: COUNT, values: &[] }, |row: Row| Account::from(row)).await
}

pub(super) async fn detail(State(site): State<Site>, Path(id): Path<String>) -> Answer<Account> {
    let found: Option<Row> = ask_one(&site.store, BY_ID, &[Text(&id)]).await?;
    let found = found.ok_or(Refused::Nothing("No AuthAccount matches the given query."))?;
    Ok(Private(found.into()))
}

pub(super) async fn by_user(
    State(site): State<Site>,
    Query(ByUser { user_id }): Query<ByUser>,
) -> Answer<Vec<Account>> {
    if user_id.is_empty() {
        let sentence = "user_id parameter is required";
        return Err(Refused::Mistaken(StatusCode::BAD_REQUEST, sentence));
    }
    Ok(Private(of(&site, &user_id).await?))
}

/// Those of one user.
pub(super) async fn of(site: &Site, user_id: &str) -> Result<Vec<Account>, NotAnswered> {
    let rows: Vec<Row> = ask(&site.store, OF_A_USER, &[Text(user_id)]).await?;
    Ok(rows.into_iter().map(Account::from).collect())
}

/// How many accounts there are of each provider.
pub(super) async fn stats(State(site): State<Site>) -> Answer<Map<String, Value>> {
    let counted: Vec<(String, i64)> = ask(&site.store, STATS, &[]).await?;
    Ok(Private(counted.into_iter().map(|(provider, count)| (provider, count.into())).collect()))
}
