//! The tables of Auth.js: ours, read by plain SQL, and those of the recording, which its adapter's calls wrote.

use std::collections::BTreeMap;

use betancourt_auth::StoredToken;
use betancourt_auth_sqlx::SqlStore;
use serde_json::{Value, json};
use sqlx::sqlite::SqliteRow;
use sqlx::{Row as _, SqlitePool, query};
use time::OffsetDateTime;

use crate::recording::{Call, Exchange, Scenario};
use crate::report::{iso, moment, pick_all};
use crate::stand_ins::StandIns;

pub(crate) const USER: [&str; 5] = ["id", "name", "email", "emailVerified", "image"];
pub(crate) const ACCOUNT: [&str; 11] = [
    "userId",
    "type",
    "provider",
    "providerAccountId",
    "access_token",
    "refresh_token",
    "id_token",
    "expires_at",
    "token_type",
    "scope",
    "session_state",
];
pub(crate) const TOKENS: [&str; 3] = ["access_token", "refresh_token", "id_token"];
const SESSION: [&str; 3] = ["sessionToken", "userId", "expires"];
const TABLES: [&str; 4] = ["users", "accounts", "sessions", "verification_tokens"];

/// The tables of the recording.
#[derive(Clone, Debug)]
pub(crate) struct Tables(pub(crate) Value);

impl Tables {
    /// As the scenario finds them: what it says, or else what its adapter finds there. Where it has none, there are the
    /// people of its sealed sessions.
    pub(crate) fn found(scenario: &Scenario, secrets: &[String]) -> Self {
        let adapter = &scenario.setup["adapter"];
        let rows = |name: &str, columns: &[&str]| {
            let rows = adapter[name].as_array().cloned().unwrap_or_default();
            rows.iter().map(|row| pick_all(row, columns)).collect::<Value>()
        };
        let mut tables = Self(json!({
            "users": rows("users", &USER), "accounts": rows("accounts", &ACCOUNT),
            "sessions": rows("sessions", &SESSION), "verification_tokens": [],
        }));
        if adapter.is_null() {
            for (index, exchange) in scenario.exchanges.iter().enumerate() {
                let before = scenario.exchanges.get(..index).unwrap_or_default();
                let is_set_here = |token: &str| {
                    let set = before.iter().flat_map(|exchange| &exchange.response.set_cookie);
                    set.into_iter().any(|cookie| cookie.contains(token))
                };
                let token = exchange.request.cookie("authjs.session-token");
                if !token.is_some_and(is_set_here) {
                    tables.find(exchange, secrets);
                }
            }
        }
        tables
    }

    fn find(&mut self, exchange: &Exchange, secrets: &[String]) {
        let found = exchange.calls("adapter.getSessionAndUser").next();
        if let Some(found) = found.and_then(|call| call.returns.as_ref()) {
            self.add("users", pick_all(&found["user"], &USER));
            self.add("sessions", pick_all(&found["session"], &SESSION));
        }
        let claims = exchange.request.session_claims(secrets);
        // Whoever signs in there in a session that no store knows, signs in here in none.
        let signs_in = exchange.params("callbacks.signIn").is_some();
        if let Some(claims) = claims.filter(|_| !signs_in) {
            let mut user = pick_all(&claims, &USER);
            user["id"] = claims["sub"].clone();
            user["image"] = claims.get("picture").cloned().unwrap_or_default();
            self.add("users", user);
        }
    }

    fn add(&mut self, table: &str, row: Value) {
        let key = if table == "users" { "id" } else { "sessionToken" };
        if self.rows(table).iter().all(|known| known[key] != row[key]) {
            self.rows(table).push(row);
        }
    }

    /// The rows of a table.
    pub(crate) fn rows(&mut self, table: &str) -> &mut Vec<Value> {
        self.0[table].as_array_mut().unwrap()
    }

    /// Writes what the adapter wrote in an exchange.
    pub(crate) fn write(&mut self, exchange: &Exchange) {
        exchange.calls.iter().for_each(|call| self.apply(call));
        sort(&mut self.0);
    }

    fn apply(&mut self, call: &Call) {
        let Some(method) = call.name.strip_prefix("adapter.") else { return };
        let given = &call.params[0];
        let returned = call.returns.clone().unwrap_or_default();
        match method {
            "createUser" => self.rows("users").push(pick_all(&returned, &USER)),
            "updateUser" => self.update("users", "id", &returned, &USER),
            "linkAccount" => {
                let mut account = pick_all(given, &ACCOUNT);
                TOKENS.iter().for_each(|token| hide(&mut account[*token]));
                self.rows("accounts").push(account);
            }
            "createSession" => self.rows("sessions").push(pick_all(given, &SESSION)),
            "updateSession" => self.update("sessions", "sessionToken", &returned, &SESSION),
            "deleteSession" => self.rows("sessions").retain(|row| row["sessionToken"] != *given),
            "createVerificationToken" => self.rows("verification_tokens").push(given.clone()),
            "useVerificationToken" => {
                self.rows("verification_tokens").retain(|row| *row != returned)
            }
            _ => {}
        }
    }

    fn update(&mut self, table: &str, key: &str, row: &Value, columns: &[&str]) {
        let row = pick_all(row, columns);
        let found = self.rows(table).iter_mut().find(|known| known[key] == row[key]);
        found.into_iter().for_each(|found| *found = row.clone());
    }
}

/// A token of a provider is there or not; how it is kept is not Auth.js's way.
pub(crate) fn hide(token: &mut Value) {
    if !token.is_null() {
        *token = json!("sealed");
    }
}

/// Puts rows into an order that does not depend on what is drawn.
fn sort(tables: &mut Value) {
    let key = |row: &Value| {
        ["email", "provider", "expires", "identifier"]
            .map(|column| row.get(column).map(ToString::to_string))
    };
    for table in TABLES {
        tables[table].as_array_mut().unwrap().sort_by_key(key);
    }
}

/// Writes rows as Auth.js would have, with its session tokens in clear, and lets the store adopt them.
pub(crate) async fn fill(store: &SqlStore, found: &Tables, pairs: &StandIns) {
    let pool = store.sqlite_pool().unwrap();
    for user in found.0["users"].as_array().unwrap() {
        let email = user["email"].as_str().map(str::to_owned);
        let id = user["id"].as_str().unwrap();
        let insert = r#"INSERT INTO "users" ("id", "name", "email", "emailVerified", "image", "updatedAt")
            VALUES ($1, $2, $3, $4, $5, 0)"#;
        let insert = query(insert).bind(id).bind(user["name"].as_str());
        let insert = insert.bind(email.unwrap_or_else(|| no_address(id)));
        let verified = user["emailVerified"].as_str().map(milliseconds);
        insert.bind(verified).bind(user["image"].as_str()).execute(pool).await.unwrap();
    }
    for account in found.0["accounts"].as_array().unwrap() {
        let insert = r#"INSERT INTO "accounts" ("id", "userId", "type", "provider", "providerAccountId")
            VALUES ($1 || $2, $3, $4, $1, $2)"#;
        let mut insert = query(insert);
        for column in ["provider", "providerAccountId", "userId", "type"] {
            insert = insert.bind(account[column].as_str().unwrap());
        }
        insert.execute(pool).await.unwrap();
    }
    for session in found.0["sessions"].as_array().unwrap() {
        let insert = r#"INSERT INTO "sessions" ("id", "sessionToken", "userId", "expires")
            VALUES ($1, $1, $2, $3)"#;
        let insert = query(insert).bind(pairs.ours(session["sessionToken"].as_str().unwrap()));
        let insert = insert.bind(session["userId"].as_str().unwrap());
        let expires = milliseconds(session["expires"].as_str().unwrap());
        insert.bind(expires).execute(pool).await.unwrap();
    }
    store.migrate().await.unwrap();
}

/// Reads the tables. `tokens` has the session tokens that browsers were given, by what the store keeps of them.
pub(crate) async fn read(pool: &SqlitePool, tokens: &BTreeMap<String, String>) -> Value {
    let users = rows(pool, r#"SELECT * FROM "users""#, |row| {
        let mut user = texts(row, &["id", "name", "email", "image"]);
        if user["email"] == no_address(user["id"].as_str().unwrap()) {
            user["email"] = Value::Null;
        }
        user["emailVerified"] = moment_of(row.get("emailVerified"));
        user
    });
    let accounts = rows(pool, r#"SELECT * FROM "accounts""#, |row| {
        let mut account =
            texts(row, &ACCOUNT.map(|column| if column == "expires_at" { "type" } else { column }));
        account["expires_at"] = row.get::<Option<i64>, _>("expires_at").into();
        TOKENS.iter().for_each(|token| hide(&mut account[*token]));
        account
    });
    let sessions = rows(pool, r#"SELECT * FROM "sessions""#, |row| {
        let stored: String = row.get("sessionToken");
        assert!(stored.starts_with(StoredToken::PREFIX), "a session token in clear");
        let token = tokens.get(&stored).unwrap_or(&stored);
        json!({
            "sessionToken": token, "userId": row.get::<String, _>("userId"),
            "expires": moment_of(row.get("expires")),
        })
    });
    let verification = rows(pool, r#"SELECT * FROM "verification_tokens" ORDER BY rowid"#, |row| {
        let mut token = texts(row, &["identifier", "token"]);
        token["expires"] = moment_of(row.get("expires"));
        token
    });
    let mut tables = json!({
        "users": users.await, "accounts": accounts.await, "sessions": sessions.await,
        "verification_tokens": verification.await,
    });
    sort(&mut tables);
    tables
}

async fn rows(
    pool: &SqlitePool,
    question: &'static str,
    shown: impl Fn(&SqliteRow) -> Value,
) -> Vec<Value> {
    let rows = query(question).fetch_all(pool).await.unwrap_or_default();
    rows.iter().map(shown).collect()
}

fn texts(row: &SqliteRow, columns: &[&str]) -> Value {
    let text = |column: &str| row.get::<Option<String>, _>(column);
    columns.iter().map(|column| ((*column).to_owned(), Value::from(text(column)))).collect()
}

/// What stands in `users.email` for somebody without an address.
fn no_address(id: &str) -> String {
    format!("{id}@no-address.invalid")
}

fn milliseconds(text: &str) -> i64 {
    i64::try_from(moment(text).unix_timestamp_nanos() / 1_000_000).unwrap()
}

fn moment_of(milliseconds: Option<i64>) -> Value {
    let moment = |milliseconds: i64| {
        iso(OffsetDateTime::from_unix_timestamp_nanos(i128::from(milliseconds) * 1_000_000)
            .unwrap())
    };
    milliseconds.map(moment).into()
}
