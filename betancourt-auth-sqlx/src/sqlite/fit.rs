//! Whether tables that were there before can be written to as if they were ours.

use sqlx::{SqliteConnection, query_as, query_scalar};

use crate::error::{Misfit, OpenError, not_migrated};

/// What a column has to be for us.
struct Column {
    name: &'static str,
    holds: Holds,
    may_be_empty: bool,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Holds {
    Text,
    Number,
}

const fn text(name: &'static str) -> Column {
    Column { name, holds: Holds::Text, may_be_empty: false }
}

const fn number(name: &'static str) -> Column {
    Column { name, holds: Holds::Number, may_be_empty: false }
}

impl Column {
    const fn or_empty(self) -> Self {
        Self { may_be_empty: true, ..self }
    }
}

const TABLES: [(&str, &[Column]); 4] = [
    (
        "users",
        &[
            text("id"),
            text("name").or_empty(),
            text("email"),
            number("emailVerified").or_empty(),
            text("image").or_empty(),
            text("role"),
            number("createdAt"),
            number("updatedAt"),
        ],
    ),
    (
        "accounts",
        &[
            text("id"),
            text("userId"),
            text("type"),
            text("provider"),
            text("providerAccountId"),
            text("refresh_token").or_empty(),
            text("access_token").or_empty(),
            number("expires_at").or_empty(),
            text("token_type").or_empty(),
            text("scope").or_empty(),
            text("id_token").or_empty(),
            text("session_state").or_empty(),
        ],
    ),
    ("sessions", &[text("id"), text("sessionToken"), text("userId"), number("expires")]),
    ("verification_tokens", &[text("identifier"), text("token"), number("expires")]),
];

/// The tables whose rows must go with their user.
const OWNED: [&str; 2] = ["accounts", "sessions"];

/// A column as SQLite describes it.
struct Found {
    name: String,
    declared: String,
    not_null: bool,
    has_default: bool,
}

/// Looks at the tables of Auth.js that are there; those that are not will be made.
pub(super) async fn check(connection: &mut SqliteConnection) -> Result<(), OpenError> {
    for (table, expected) in TABLES {
        let found = columns(connection, table).await.map_err(not_migrated)?;
        if found.is_empty() {
            continue;
        }
        if let Some((column, misfit)) = misfit(expected, &found) {
            return Err(OpenError::Misfit { table, column, misfit });
        }
        if OWNED.contains(&table)
            && !goes_with_its_user(connection, table).await.map_err(not_migrated)?
        {
            return Err(OpenError::Misfit {
                table,
                column: "userId".to_owned(),
                misfit: Misfit::Reference,
            });
        }
    }
    Ok(())
}

async fn columns(connection: &mut SqliteConnection, table: &str) -> sqlx::Result<Vec<Found>> {
    let question =
        r#"SELECT "name", "type", "notnull", "dflt_value" IS NOT NULL FROM pragma_table_info($1)"#;
    let rows: Vec<(String, String, bool, bool)> =
        query_as(question).bind(table).fetch_all(connection).await?;
    let found =
        |(name, declared, not_null, has_default)| Found { name, declared, not_null, has_default };
    Ok(rows.into_iter().map(found).collect())
}

async fn goes_with_its_user(connection: &mut SqliteConnection, table: &str) -> sqlx::Result<bool> {
    let question = r#"SELECT COUNT(*) > 0 FROM pragma_foreign_key_list($1)
        WHERE "from" = 'userId' AND "table" = 'users' AND "on_delete" = 'CASCADE'"#;
    query_scalar(question).bind(table).fetch_one(connection).await
}

/// The first column that does not fit, and why.
fn misfit(expected: &[Column], found: &[Found]) -> Option<(String, Misfit)> {
    for column in expected {
        let Some(found) = found.iter().find(|found| found.name == column.name) else {
            return Some((column.name.to_owned(), Misfit::Missing));
        };
        if affinity(&found.declared) != column.holds {
            let holds = match column.holds {
                Holds::Text => "texts",
                Holds::Number => "moments and numbers",
            };
            return Some((
                found.name.clone(),
                Misfit::Type { declared: found.declared.clone(), holds },
            ));
        }
        if found.not_null && column.may_be_empty {
            return Some((found.name.clone(), Misfit::NotNull));
        }
    }
    let known = |found: &Found| expected.iter().any(|column| column.name == found.name);
    let unknown = found.iter().find(|found| !known(found) && found.not_null && !found.has_default);
    unknown.map(|found| (found.name.clone(), Misfit::Unknown))
}

/// What SQLite makes of a declared type (<https://www.sqlite.org/datatype3.html> §3.1), as far as it matters here.
fn affinity(declared: &str) -> Holds {
    let declared = declared.to_ascii_uppercase();
    let is_text = ["CHAR", "CLOB", "TEXT"].iter().any(|part| declared.contains(part));
    if is_text && !declared.contains("INT") { Holds::Text } else { Holds::Number }
}
