//! Locks that go with a transaction (<https://www.postgresql.org/docs/current/explicit-locking.html>, §13.3.5).

use std::fmt::Write;

use sqlx::AssertSqlSafe;

use crate::database::Lock;

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
    fnv1a(&["migrations"])
}

fn number(lock: &Lock<'_>) -> i64 {
    match lock {
        Lock::User(id) => fnv1a(&["user", id]),
        Lock::Account(provider, subject) => fnv1a(&["account", provider, subject]),
        Lock::Address(email) => fnv1a(&["address", email]),
    }
}

/// FNV-1a of 64 bits over parts that cannot run into each other. Two locks of one number are one lock: whoever holds it
/// is waited for without need, and nothing else comes of it.
fn fnv1a(parts: &[&str]) -> i64 {
    let ours = ["betancourt-auth"];
    let bytes = ours.iter().chain(parts).flat_map(|part| part.bytes().chain([0xff]));
    let hash = bytes.fold(0xcbf2_9ce4_8422_2325_u64, |hash, byte| {
        (hash ^ u64::from(byte)).wrapping_mul(0x0000_0100_0000_01b3)
    });
    hash.cast_signed()
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

    #[test]
    fn what_is_not_the_same_has_another_number() {
        let locks = [
            Lock::User("ab"),
            Lock::Address("ab"),
            Lock::Account("a", "b"),
            Lock::Account("ab", ""),
            Lock::Account("", "ab"),
        ];
        let numbers: std::collections::HashSet<_> = locks.iter().map(number).collect();
        assert_eq!(numbers.len(), locks.len());
    }
}
