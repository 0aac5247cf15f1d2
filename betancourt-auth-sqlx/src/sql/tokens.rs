//! Queries about what counts once and what is counted.

use sqlx::SqlStr;

use super::{Sweep, quoted, sql};
use crate::layout::Layout;

/// Queries about what counts once and what is counted.
#[derive(Debug)]
pub(crate) struct Tokens {
    /// `$1`: the handshake, `$2`: its end.
    pub(crate) spend: SqlStr,
    /// `$1`: the key, `$2`: now, `$3`: the end. Answers the count.
    pub(crate) count: SqlStr,
    /// `$1` …: address, hash, end.
    pub(crate) keep: SqlStr,
    /// `$1`: the address. Answers what went.
    pub(crate) take: SqlStr,
    pub(super) sweeps: [Sweep; 3],
}

impl Tokens {
    pub(super) fn of(layout: &Layout) -> Self {
        let verification_tokens = quoted(&layout.verification_tokens);
        Self {
            spend: sql(r#"
                INSERT INTO "auth_spent" ("handshake", "expires") VALUES ($1, $2)
                ON CONFLICT ("handshake") DO NOTHING"#),
            count: sql(r#"
                INSERT INTO "auth_counters" ("key", "count", "expires") VALUES ($1, 1, $3)
                ON CONFLICT ("key") DO UPDATE SET
                    "count" = CASE WHEN "auth_counters"."expires" <= $2 THEN 1 ELSE "auth_counters"."count" + 1 END,
                    "expires" = CASE WHEN "auth_counters"."expires" <= $2 THEN $3 ELSE "auth_counters"."expires" END
                RETURNING "count""#),
            keep: sql(format!(
                r#"INSERT INTO {verification_tokens} ("identifier", "token", "expires") VALUES ($1, $2, $3)"#
            )),
            take: sql(format!(
                r#"DELETE FROM {verification_tokens} WHERE "identifier" = $1 RETURNING "token", "expires""#
            )),
            sweeps: [
                Sweep::of_auth_js(&verification_tokens, r#""token""#),
                Sweep::ours("auth_spent", "handshake"),
                Sweep::ours("auth_counters", "key"),
            ],
        }
    }
}
