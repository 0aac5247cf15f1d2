//! Trying again what met another transaction, and what was too long.

use std::error::Error;

use betancourt_auth::store::{Result, StoreError};

use super::SqlStore;
use crate::room::Room;

/// How often an intention is begun anew.
const RETRIES: u32 = 3;

/// What a database answers when it ended a transaction for the sake of another one: `serialization_failure` and
/// `deadlock_detected` (PostgreSQL, appendix A). Nothing was written then, and nobody outside was asked for anything.
const ENDED_FOR_ANOTHER: [&str; 2] = ["40001", "40P01"];

/// What PostgreSQL and MySQL answer to a text that is longer than its column: `string_data_right_truncation`
/// (`ER_DATA_TOO_LONG`). Nothing was written then.
const TOO_LONG: &str = "22001";

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

/// Begins an intention anew, once, where a text was too long for its column, with what there is room for: who has a
/// picture with a long address gets in without it.
pub(super) async fn as_far_as_it_fits<T, F>(
    store: &SqlStore,
    intention: impl Fn(Room) -> F,
) -> Result<T>
where
    F: Future<Output = Result<T>>,
{
    match again(|| intention(Room::default())).await {
        Err(error) if was_too_long(&error) => {
            let room = store.room().await?;
            again(|| intention(room.clone())).await
        }
        outcome => outcome,
    }
}

fn was_too_long(error: &StoreError) -> bool {
    let code = answer(error).and_then(|answer| answer.code());
    code.is_some_and(|code| code == TOO_LONG)
}

fn answer(error: &StoreError) -> Option<&dyn sqlx::error::DatabaseError> {
    let source = error.source().and_then(|source| source.downcast_ref::<sqlx::Error>());
    source.and_then(sqlx::Error::as_database_error)
}

fn was_ended_for_another(error: &StoreError) -> bool {
    let Some(answer) = answer(error) else { return false };
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
