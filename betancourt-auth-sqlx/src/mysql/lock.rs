//! Locks that go with a transaction. MySQL's own go with a connection, which others use after it; so a lock is a row of
//! a table of ours, found by a number, and who holds it has locked the row.

use std::fmt::Write;

use sqlx::AssertSqlSafe;

use crate::database::Lock;

/// How many rows there are. Two locks of one number are one lock: whoever holds it is waited for without need, and
/// nothing else comes of it.
const NUMBERS: u64 = 1000;

/// What begins a transaction that alone holds these locks, in one round trip. The rows are locked in the order of their
/// key, so that two transactions that want the same do not wait for each other.
///
/// `READ COMMITTED`, because each intention reads what others have committed before it got its locks, and because
/// `REPEATABLE READ` locks the gaps between rows, where strangers' insertions meet.
pub(super) fn begin(locks: &[Lock<'_>]) -> AssertSqlSafe<String> {
    let mut begin = "SET TRANSACTION ISOLATION LEVEL READ COMMITTED; BEGIN".to_owned();
    let numbers: Vec<_> = locks.iter().map(|lock| number(lock).to_string()).collect();
    if !numbers.is_empty() {
        let numbers = numbers.join(", ");
        let _ = write!(
            begin,
            "; SELECT `number` FROM `auth_locks` WHERE `number` IN ({numbers}) ORDER BY `number` FOR UPDATE"
        ); // a `String` takes everything
    }
    AssertSqlSafe(begin)
}

fn number(lock: &Lock<'_>) -> u64 {
    lock.hash() % NUMBERS
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_transaction_takes_its_locks_where_it_begins() {
        let begun = begin(&[Lock::User("cm3x9"), Lock::Account("google", "1042")]).0;
        assert_eq!(begun.matches("FOR UPDATE").count(), 1, "{begun}");
        assert!(begin(&[]).0.ends_with("; BEGIN"));
    }

    #[test]
    fn every_number_has_a_row() {
        let locks: Vec<_> = (0..5000).map(|id| id.to_string()).collect();
        assert!(locks.iter().all(|id| number(&Lock::User(id)) < NUMBERS));
    }
}
