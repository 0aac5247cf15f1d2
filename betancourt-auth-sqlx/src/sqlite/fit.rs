//! The tables that are there, as SQLite describes them.

use std::collections::BTreeMap;

use sqlx::{SqliteConnection, query_as, query_scalar};

use crate::error::{OpenError, not_migrated};
use crate::fit::{self, Found, FoundColumn, Holds};
use crate::layout::Layout;

/// Looks at the tables of a layout that are there.
pub(super) async fn check(
    connection: &mut SqliteConnection,
    layout: &Layout,
) -> Result<(), OpenError> {
    for table in fit::tables(layout, Holds::Milliseconds) {
        let found = found(connection, table.name, &layout.users.table).await;
        fit::check(layout, &table, &found.map_err(not_migrated)?, holds)?;
    }
    Ok(())
}

async fn found(connection: &mut SqliteConnection, table: &str, users: &str) -> sqlx::Result<Found> {
    let question = r#"
        SELECT "name", "type", "notnull",
            "dflt_value" IS NOT NULL
                OR ("pk" = 1 AND UPPER("type") = 'INTEGER' AND (SELECT MAX("pk") FROM pragma_table_info($1)) = 1),
            EXISTS (
                SELECT 1 FROM pragma_index_list($1) l, pragma_index_xinfo(l."name") i
                WHERE l."unique" = 1 AND i."name" = c."name" AND i."key" = 1 AND i."coll" <> 'BINARY'
            )
        FROM pragma_table_info($1) c"#;
    let columns: Vec<(String, String, bool, bool, bool)> =
        query_as(question).bind(table).fetch_all(&mut *connection).await?;
    let question = r#"SELECT "from" FROM pragma_foreign_key_list($1) WHERE "table" = $2 AND "on_delete" = 'CASCADE'"#;
    let cascading =
        query_scalar(question).bind(table).bind(users).fetch_all(&mut *connection).await?;
    let question = r#"
        SELECT l."name", i."name" FROM pragma_index_list($1) l, pragma_index_info(l."name") i
        WHERE l."unique" = 1 AND l."partial" = 0
        ORDER BY i."name""#;
    let parts: Vec<(String, String)> = query_as(question).bind(table).fetch_all(connection).await?;
    let mut unique: BTreeMap<String, Vec<String>> = BTreeMap::new();
    for (index, column) in parts {
        unique.entry(index).or_default().push(column);
    }
    let column = |(name, declared, not_null, has_default, takes_for_the_same)| FoundColumn {
        name,
        declared,
        not_null,
        has_default,
        takes_for_the_same,
    };
    Ok(Found {
        columns: columns.into_iter().map(column).collect(),
        cascading,
        unique: unique.into_values().collect(),
    })
}

/// Whether a column that is declared so can hold that (<https://www.sqlite.org/datatype3.html> §3.1), as far as it
/// matters here.
fn holds(declared: &str, what: Holds) -> bool {
    let declared = declared.to_ascii_uppercase();
    let is_text = ["CHAR", "CLOB", "TEXT"].iter().any(|part| declared.contains(part))
        && !declared.contains("INT");
    is_text == [Holds::Text, Holds::Address].contains(&what)
}
