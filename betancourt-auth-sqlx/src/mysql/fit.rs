//! The tables that are there, as MySQL describes them.

use std::collections::BTreeMap;

use sqlx::{MySqlConnection, query_as, query_scalar};

use crate::error::{OpenError, not_migrated};
use crate::fit::{self, Found, FoundColumn, Holds};
use crate::layout::Layout;

/// Looks at the tables of a layout that are there.
pub(super) async fn check(
    connection: &mut MySqlConnection,
    layout: &Layout,
) -> Result<(), OpenError> {
    for table in fit::tables(layout, Holds::Timestamp) {
        let found = found(connection, table.name, &layout.users.table).await;
        fit::check(layout, &table, &found.map_err(not_migrated)?, holds)?;
    }
    Ok(())
}

async fn found(connection: &mut MySqlConnection, table: &str, users: &str) -> sqlx::Result<Found> {
    let question = "
        SELECT CAST(column_name AS CHAR), CAST(column_type AS CHAR),
            is_nullable = 'NO', column_default IS NOT NULL OR extra <> '',
            COALESCE(collation_name NOT LIKE '%\\_bin', FALSE)
        FROM information_schema.columns
        WHERE table_schema = DATABASE() AND table_name = ?
        ORDER BY ordinal_position";
    let columns: Vec<(String, String, i64, i64, i64)> =
        query_as(question).bind(table).fetch_all(&mut *connection).await?;
    let question = "
        SELECT CAST(k.column_name AS CHAR)
        FROM information_schema.key_column_usage k
        JOIN information_schema.referential_constraints r
            ON r.constraint_schema = DATABASE() AND r.table_name = ? AND r.constraint_name = k.constraint_name
        WHERE k.table_schema = DATABASE() AND k.table_name = ? AND k.referenced_table_name = ?
            AND r.delete_rule = 'CASCADE'";
    // Said twice, or the server opens the tables of all its databases.
    let cascading = query_scalar(question).bind(table).bind(table).bind(users);
    let cascading = cascading.fetch_all(&mut *connection).await?;
    let question = "
        SELECT CAST(index_name AS CHAR), CAST(column_name AS CHAR)
        FROM information_schema.statistics
        WHERE table_schema = DATABASE() AND table_name = ? AND non_unique = 0 AND sub_part IS NULL";
    let parts: Vec<(String, String)> = query_as(question).bind(table).fetch_all(connection).await?;
    let mut unique: BTreeMap<String, Vec<String>> = BTreeMap::new();
    for (index, column) in parts {
        unique.entry(index).or_default().push(column);
    }
    unique.values_mut().for_each(|key| key.sort_unstable());
    let column = |(name, declared, not_null, has_default, takes_for_the_same)| FoundColumn {
        name,
        declared,
        not_null: not_null != 0,
        has_default: has_default != 0,
        takes_for_the_same: takes_for_the_same != 0,
    };
    Ok(Found {
        columns: columns.into_iter().map(column).collect(),
        cascading,
        unique: unique.into_values().collect(),
    })
}

/// The type of a column with the character set and the collation of texts, as a column has to have it that refers to this
/// one.
pub(super) async fn like(
    connection: &mut MySqlConnection,
    table: &str,
    column: &str,
) -> sqlx::Result<Option<String>> {
    let question = "
        SELECT CAST(CONCAT(
            column_type,
            COALESCE(CONCAT(' CHARACTER SET ', character_set_name, ' COLLATE ', collation_name), '')
        ) AS CHAR)
        FROM information_schema.columns
        WHERE table_schema = DATABASE() AND table_name = ? AND column_name = ?";
    query_scalar(question).bind(table).bind(column).fetch_optional(connection).await
}

/// Whether a column that is declared so can hold that.
fn holds(declared: &str, what: Holds) -> bool {
    let of = declared.split(['(', ' ']).next().unwrap_or_default();
    match what {
        Holds::Text | Holds::Address => of.ends_with("char") || of.ends_with("text"),
        Holds::Number | Holds::Milliseconds => of.ends_with("int"),
        Holds::Timestamp | Holds::Timestamptz => ["datetime", "timestamp"].contains(&of),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_width_makes_no_other_type() {
        assert!(holds("varchar(191)", Holds::Text) && holds("mediumtext", Holds::Text));
        assert!(holds("int(11)", Holds::Number) && holds("bigint", Holds::Number));
        assert!(holds("bigint(20) unsigned", Holds::Number));
        assert!(holds("datetime(3)", Holds::Timestamp) && holds("timestamp", Holds::Timestamp));
        assert!(!holds("varbinary(191)", Holds::Text) && !holds("json", Holds::Text));
        assert!(!holds("date", Holds::Timestamp) && !holds("point", Holds::Text));
    }
}
