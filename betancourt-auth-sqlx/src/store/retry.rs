//! Trying again what met another transaction.

use std::error::Error;

use betancourt_auth::store::{Result, StoreError};

/// How often an intention is begun anew.
const RETRIES: u32 = 3;

/// What a database answers when it ended a transaction for the sake of another one: `serialization_failure` and
/// `deadlock_detected` (PostgreSQL, appendix A). Nothing was written then, and nobody outside was asked for anything.
const ENDED_FOR_ANOTHER: [&str; 2] = ["40001", "40P01"];

/// Begins an intention anew, at most three times, as long as it was ended for the sake of another transaction.
pub(super) async fn again<T, F>(intention: impl Fn() -> F) -> Result<T>
where
    F: Future<Output = Result<T>>,
{
    let mut retries = 0;
    loop {
        match intention().await {
            Err(error) if retries < RETRIES && was_ended_for_another(&error) => retries += 1,
            outcome => return outcome,
        }
    }
}

fn was_ended_for_another(error: &StoreError) -> bool {
    let source = error.source().and_then(|source| source.downcast_ref::<sqlx::Error>());
    let Some(answer) = source.and_then(sqlx::Error::as_database_error) else { return false };
    let code = answer.code();
    code.is_some_and(|code| ENDED_FOR_ANOTHER.contains(&code.as_ref())) || waited_in_vain(answer)
}

/// Whether MySQL ended a statement that waited too long for the lock of another transaction: `ER_LOCK_WAIT_TIMEOUT`,
/// which has no code of its own. (A deadlock is `40001` there.)
#[cfg(feature = "mysql")]
fn waited_in_vain(answer: &dyn sqlx::error::DatabaseError) -> bool {
    let answer = answer.try_downcast_ref::<sqlx::mysql::MySqlDatabaseError>();
    answer.is_some_and(|answer| answer.number() == 1205)
}

#[cfg(not(feature = "mysql"))]
fn waited_in_vain(_: &dyn sqlx::error::DatabaseError) -> bool {
    false
}
