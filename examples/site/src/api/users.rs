//! `users/`: people, the newest first.

use axum::extract::{Path, Query, State};
use axum::response::Response;
use http::StatusCode;
use serde::{Deserialize, Serialize};

use super::accounts::{self, Account};
use super::answer::{Answer, Private, Refused};
use super::page::{List, Wanted};
use crate::database::Value::Text;
use crate::database::{Moment, address, ask_one};
use crate::site::Site;

const LIST: &str = r#"SELECT "id", "name", "email", "role", "createdAt" FROM "users"
    ORDER BY "createdAt" DESC, "id" LIMIT $1 OFFSET $2"#;
const COUNT: &str = r#"SELECT COUNT(*) FROM "users""#;
const BY_ID: &str = r#"SELECT "id", "name", "email", "emailVerified", "image", "role", "createdAt", "updatedAt"
    FROM "users" WHERE "id" = $1"#;
const BY_EMAIL: &str = r#"SELECT "id", "name", "email", "emailVerified", "image", "role", "createdAt", "updatedAt"
    FROM "users" WHERE "email" = $1"#;
const STATS: &str = r#"SELECT COUNT(*), COUNT("emailVerified"), COUNT(CASE WHEN "role" = 'ADMIN' THEN 1 END),
    COUNT(CASE WHEN "role" = 'CLIENT' THEN 1 END) FROM "users""#;

type Whole =
    (String, Option<String>, String, Option<Moment>, Option<String>, String, Moment, Moment);

/// A person in a list.
#[derive(Debug, Serialize)]
struct Listed {
    id: String,
    name: Option<String>,
    email: Option<String>,
    role: String,
    created_at: Moment,
}

/// A person, with the accounts they sign in through.
#[derive(Debug, Serialize)]
pub(super) struct User {
    id: String,
    name: Option<String>,
    email: Option<String>,
    email_verified: Option<Moment>,
    image: Option<String>,
    role: String,
    created_at: Moment,
    updated_at: Moment,
    accounts: Vec<Account>,
}

#[derive(Debug, Serialize)]
pub(super) struct Stats {
    total_users: i64,
    users_with_email_verified: i64,
    admin_users: i64,
    client_users: i64,
}

#[derive(Debug, Deserialize)]
pub(super) struct ByEmail {
    #[serde(default)]
    email: String,
}

pub(super) async fn list(wanted: Wanted) -> Result<Response, Refused> {
    let list = List { rows: LIST, count: COUNT, values: &[] };
    wanted
        .of(list, |(id, name, email, role, created_at)| Listed {
            id,
            name,
            email: address(email),
            role,
            created_at,
        })
        .await
}

pub(super) async fn detail(State(site): State<Site>, Path(id): Path<String>) -> Answer<User> {
    let found = ask_one(&site.store, BY_ID, &[Text(&id)]).await?;
    whole(&site, found.ok_or(Refused::Nothing("No AuthUser matches the given query."))?).await
}

/// By an address, which is kept in lower case. It never stands in a log.
pub(super) async fn by_email(
    State(site): State<Site>,
    Query(ByEmail { email }): Query<ByEmail>,
) -> Answer<User> {
    if email.is_empty() {
        return Err(Refused::Mistaken(StatusCode::BAD_REQUEST, "Email parameter is required"));
    }
    let email = email.to_lowercase();
    let found = ask_one(&site.store, BY_EMAIL, &[Text(&email)]).await?;
    let found = found.filter(|(_, _, email, ..): &Whole| address(email.clone()).is_some());
    whole(&site, found.ok_or(Refused::Mistaken(StatusCode::NOT_FOUND, "User not found"))?).await
}

pub(super) async fn stats(State(site): State<Site>) -> Answer<Stats> {
    let counted = ask_one(&site.store, STATS, &[]).await?;
    let (total_users, users_with_email_verified, admin_users, client_users) =
        counted.unwrap_or_default();
    Ok(Private(Stats { total_users, users_with_email_verified, admin_users, client_users }))
}

async fn whole(site: &Site, user: Whole) -> Answer<User> {
    let (id, name, email, email_verified, image, role, created_at, updated_at) = user;
    let accounts = accounts::of(site, &id).await?;
    let email = address(email);
    Ok(Private(User {
        id,
        name,
        email,
        email_verified,
        image,
        role,
        created_at,
        updated_at,
        accounts,
    }))
}
