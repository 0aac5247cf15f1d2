//! Mutations of what holds when stores fail, processes die and everybody comes at once.

use super::mutation::Mutation;

const CODE: &str = "betancourt-auth/src/code.rs";
const FLOW: &str = "betancourt-auth/src/flow/mod.rs";
const ISSUE: &str = "betancourt-auth/src/session/issue.rs";
const LINK: &str = "betancourt-auth/src/link.rs";
const REQUEST: &str = "betancourt-auth/src/request.rs";
const SPLIT: &str = "betancourt-auth/src/store/split/sessions.rs";
const SQL_SWEEPS: &str = "betancourt-auth-sqlx/src/sql/sweeps.rs";
const SQL_SIGN_IN: &str = "betancourt-auth-sqlx/src/store/sign_in.rs";
const SQLITE: &str = "betancourt-auth-sqlx/src/sqlite/mod.rs";

/// The mutations of the group FAULT.
pub(crate) fn mutations() -> Vec<Mutation> {
    [outages(), keepers(), crashes(), crowds(), orders()].concat()
}

fn outages() -> Vec<Mutation> {
    let goes_away = "memory::fault_01_a_store_that_goes_away_in_a_callback";
    let lost = "memory::fault_06_a_commit_of_which_nobody_knows";
    let unconfirmed = "Err(error) => return Err(Lost::Failed(error.into())),";
    vec![
        Mutation::new("FAULT-01", goes_away, "a session that was not written is handed out").edit(
            ISSUE,
            unconfirmed,
            "Err(_) => 0,",
        ),
        Mutation::new("FAULT-01", goes_away, "a store that is down is an error of ours").edit(
            CODE,
            "Self::Unavailable => StatusCode::SERVICE_UNAVAILABLE,",
            "Self::Unavailable => StatusCode::INTERNAL_SERVER_ERROR,",
        ),
        Mutation::new("FAULT-06", lost, "a session of which nobody knows is handed out").edit(
            ISSUE,
            unconfirmed,
            "Err(_) => 0,",
        ),
    ]
}

fn keepers() -> Vec<Mutation> {
    let less = "redis::fault_07_a_keeper_that_comes_back_with_less";
    let alive = "let is_alive = !standing.ended && kept.is_under(standing.not_before);";
    vec![
        Mutation::new("FAULT-07", less, "what Redis has again counts, though it was ended").edit(
            SPLIT,
            alive,
            "let is_alive = kept.is_under(standing.not_before);",
        ),
        Mutation::new("FAULT-07", less, "what Redis has again counts, though all were ended").edit(
            SPLIT,
            alive,
            "let is_alive = !standing.ended;",
        ),
        Mutation::new(
            "FAULT-07",
            "redis::fault_07_a_keeper_that_is_away",
            "whom Redis cannot name is nobody",
        )
        .edit(
            SPLIT,
            "let Some(kept) = self.keeper.kept(token).await? else {\n            return self.people.session(token).await;",
            "let Some(kept) = self.keeper.kept(token).await.unwrap_or_default() else {\n            return self.people.session(token).await;",
        ),
    ]
}

fn crashes() -> Vec<Mutation> {
    vec![
        Mutation::new(
            "FAULT-02",
            "file::fault_02_a_server_that_is_killed_before_a_statement",
            "a user is committed before the account",
        )
        .edit(
            SQL_SIGN_IN,
            "            if let Some(account) = account {\n",
            "            intention.commit(&[]).await?;\n            let mut intention = self.begin(locks).await?;\n            if let Some(account) = account {\n",
        ),
        Mutation::new(
            "FAULT-03",
            "file::fault_03_a_server_that_is_killed_before_it_answers",
            "sessions that nobody has are never swept",
        )
        .edit(
            SQL_SWEEPS,
            "const HAS_ENDED: &str = r#\"\"expires\" <= $1\"#;",
            "const HAS_ENDED: &str = r#\"\"expires\" <= $1 AND 1 = 0\"#;",
        ),
    ]
}

fn crowds() -> Vec<Mutation> {
    vec![
        Mutation::new(
            "FAULT-04",
            "file::fault_04_two_devices_at_once",
            "the loser of a race does not look again",
        )
        .edit(FLOW, "const TRIES: usize = 2;", "const TRIES: usize = 1;"),
        Mutation::new(
            "FAULT-05",
            "file::fault_05_two_providers_with_one_address",
            "a proven address ties accounts together",
        )
        .edit(
            LINK,
            "(None, None, Some(Neighbour::Proven)) => Err(ErrorKind::AccountNotLinked),",
            "(None, None, Some(Neighbour::Proven)) => Ok(Ruling::LinkToNeighbour),",
        ),
        Mutation::new(
            "FAULT-08",
            "file::fault_08_more_callbacks_than_connections",
            "a writer waits for its turn for ever",
        )
        .edit(
            SQLITE,
            "timeout(PATIENCE, self.turn.lock()).await.map_err(StoreError::unavailable)",
            "timeout(PATIENCE * 100, self.turn.lock()).await.map_err(StoreError::unavailable)",
        ),
        Mutation::new(
            "FAULT-08",
            "postgres::fault_08_more_callbacks_than_connections",
            "a transaction asks for a second connection",
        )
        .edit(
            SQL_SIGN_IN,
            "            if let Some(account) = account {\n",
            "            self.ping().await?;\n            if let Some(account) = account {\n",
        ),
    ]
}

fn orders() -> Vec<Mutation> {
    vec![
        Mutation::new(
            "FAULT-10",
            "memory::fault_10_texts_that_would_be_orders",
            "a body may have any length",
        )
        .edit(
            REQUEST,
            "pub const LARGEST_BODY: usize = 64 * 1024;",
            "pub const LARGEST_BODY: usize = 64 * 1024 * 1024;",
        ),
    ]
}
