//! Locks that go with a transaction (<https://www.postgresql.org/docs/current/explicit-locking.html>, §13.3.5).

use std::fmt::Write;

use sqlx::AssertSqlSafe;

use crate::database::{Lock, fnv1a};

/// What begins a transaction that alone holds these locks, in one round trip. They are taken in the order of their
/// numbers, so that two transactions that want the same do not wait for each other.
pub(super) fn begin(locks: &[Lock<'_>]) -> AssertSqlSafe<String> {
    let mut numbers: Vec<_> = locks.iter().map(number).collect();
    numbers.sort_unstable();
    let mut begin = "BEGIN".to_owned();
    for number in numbers {
        let _ = write!(begin, "; SELECT pg_advisory_xact_lock({number})"); // a `String` takes everything
    }
    AssertSqlSafe(begin)
}

/// What keeps a second process from migrating at the same time.
pub(super) fn of_migrations() -> i64 {
    fnv1a(&["migrations"]).cast_signed()
}

/// Two locks of one number are one lock: whoever holds it is waited for without need, and nothing else comes of it.
fn number(lock: &Lock<'_>) -> i64 {
    lock.hash().cast_signed()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn locks_are_taken_in_one_order() {
        let (user, account) = (Lock::User("cm3x9"), Lock::Account("google", "1042"));
        assert_eq!(begin(&[user, account]).0, begin(&[account, user]).0);
        assert_eq!(begin(&[user]).0.matches("pg_advisory_xact_lock(").count(), 1);
        assert_eq!(begin(&[]).0, "BEGIN");
    }
}
