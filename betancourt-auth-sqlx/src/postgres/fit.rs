//! The tables that are there, as PostgreSQL describes them.

use sqlx::{PgConnection, query_as, query_scalar};

use crate::error::{OpenError, not_migrated};
use crate::fit::{self, Found, FoundColumn, Holds};
use crate::layout::{Layout, Moments};
use crate::sql::quoted;

/// Looks at the tables of a layout that are there, in the schema that comes first in the search path.
pub(super) async fn check(connection: &mut PgConnection, layout: &Layout) -> Result<(), OpenError> {
    let moment = match layout.moments {
        Moments::Timestamp => Holds::Timestamp,
        Moments::Timestamptz => Holds::Timestamptz,
    };
    for table in fit::tables(layout, moment) {
        let found = found(connection, &quoted(table.name), &quoted(&layout.users.table)).await;
        fit::check(layout, &table, &found.map_err(not_migrated)?, holds)?;
    }
    Ok(())
}

async fn found(connection: &mut PgConnection, table: &str, users: &str) -> sqlx::Result<Found> {
    let question = "
        SELECT attname::text, format_type(atttypid, atttypmod), attnotnull, atthasdef OR attidentity <> '',
            NOT COALESCE((SELECT collisdeterministic FROM pg_collation WHERE oid = attcollation), TRUE)
        FROM pg_attribute
        WHERE attrelid = to_regclass($1) AND attnum > 0 AND NOT attisdropped
        ORDER BY attnum";
    let columns: Vec<(String, String, bool, bool, bool)> =
        query_as(question).bind(table).fetch_all(&mut *connection).await?;
    let question = "
        SELECT a.attname::text
        FROM pg_constraint c
        JOIN pg_attribute a ON a.attrelid = c.conrelid AND a.attnum = ANY(c.conkey)
        WHERE c.conrelid = to_regclass($1) AND c.confrelid = to_regclass($2) AND c.contype = 'f' AND c.confdeltype = 'c'";
    let cascading =
        query_scalar(question).bind(table).bind(users).fetch_all(&mut *connection).await?;
    let question = r#"
        SELECT array_agg(a.attname::text ORDER BY a.attname::text COLLATE "C")
        FROM pg_index i
        JOIN pg_attribute a ON a.attrelid = i.indrelid AND a.attnum = ANY(i.indkey)
        WHERE i.indrelid = to_regclass($1) AND i.indisunique AND i.indpred IS NULL AND i.indexprs IS NULL
        GROUP BY i.indexrelid"#;
    let unique = query_scalar(question).bind(table).fetch_all(connection).await?;
    let column = |(name, declared, not_null, has_default, takes_for_the_same)| FoundColumn {
        name,
        declared,
        not_null,
        has_default,
        takes_for_the_same,
    };
    Ok(Found { columns: columns.into_iter().map(column).collect(), cascading, unique })
}

/// Whether a column that is declared so can hold that. A type of an extension is named with its schema, unless that is in
/// the search path.
fn holds(declared: &str, what: Holds) -> bool {
    let without_width: String = declared.split(['(', ')']).step_by(2).collect();
    let is_text = ["text", "character varying", "character"].contains(&&*without_width);
    match what {
        Holds::Text => is_text,
        Holds::Address => is_text || declared == "citext" || declared.ends_with(".citext"),
        Holds::Number | Holds::Milliseconds => {
            ["smallint", "integer", "bigint"].contains(&&*without_width)
        }
        Holds::Timestamp => without_width == "timestamp without time zone",
        Holds::Timestamptz => without_width == "timestamp with time zone",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_width_makes_no_other_type() {
        assert!(holds("character varying(255)", Holds::Text));
        assert!(holds("timestamp(3) without time zone", Holds::Timestamp));
        assert!(!holds("timestamp(3) with time zone", Holds::Timestamp));
        assert!(holds("timestamp with time zone", Holds::Timestamptz));
        assert!(!holds("uuid", Holds::Text));
    }

    #[test]
    fn an_address_may_be_of_any_case() {
        assert!(holds("citext", Holds::Address) && holds("public.citext", Holds::Address));
        assert!(holds("text", Holds::Address) && !holds("uuid", Holds::Address));
        assert!(!holds("citext", Holds::Text));
    }
}
