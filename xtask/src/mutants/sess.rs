//! Mutations of the checks on sessions and cookies.

use super::mutation::Mutation;

const ADMINISTRATION: &str = "betancourt-auth/src/administration.rs";
const COOKIE: &str = "betancourt-auth/src/cookie/mod.rs";
const FLOW: &str = "betancourt-auth/src/flow/mod.rs";
const ISSUE: &str = "betancourt-auth/src/session/issue.rs";
const LINK: &str = "betancourt-auth/src/link.rs";
const MODEL: &str = "betancourt-auth/src/model.rs";
const PRESENTED: &str = "betancourt-auth/src/presented.rs";
const SESSION: &str = "betancourt-auth/src/session/mod.rs";
const SECRET: &str = "betancourt-auth/src/secret.rs";
const SETUP: &str = "betancourt-auth/src/config/setup.rs";
const SQL_PEOPLE: &str = "betancourt-auth-sqlx/src/sql/people.rs";
const SQL_SESSIONS: &str = "betancourt-auth-sqlx/src/sql/sessions.rs";
const TABLES: &str = "betancourt-auth/src/store/tables/mod.rs";
const STORED: &str = "betancourt-auth/src/session/stored.rs";

/// The mutations of the group SESS.
pub(crate) fn mutations() -> Vec<Mutation> {
    [ids(), cookies(), ends(), races()].concat()
}

fn ids() -> Vec<Mutation> {
    let table = "memory::sess_02_a_stolen_table";
    vec![
        Mutation::new(
            "SESS-01",
            "memory::sess_01_a_planted_session",
            "a stale session takes on further accounts",
        )
        .edit(
            LINK,
            "(Some((_, false)), None, _) => Err(ErrorKind::ReauthRequired),",
            "(Some((_, false)), None, _) => Ok(Ruling::LinkToSelf),",
        ),
        Mutation::new(
            "SESS-01",
            "memory::sess_01_an_old_id_after_signing_in_again",
            "the session from before lives on",
        )
        .edit(ISSUE, "replaces: proof.sessions.clone(),", "replaces: Vec::new(),"),
        Mutation::new("SESS-02", table, "the table has the ids themselves").edit(
            MODEL,
            "Self(format!(\"{}{}\", Self::PREFIX, secret::sha256_base64url(token)))",
            "Self(format!(\"{}{token}\", Self::PREFIX))",
        ),
        Mutation::new("SESS-02", table, "an id has 64 bits").edit(
            SECRET,
            "random: &dyn Random) -> Result<String, NoRandomness> {\n    let mut bytes = [0; 32];\n    random.fill(&mut bytes)?;\n    Ok(URL_SAFE_NO_PAD",
            "random: &dyn Random) -> Result<String, NoRandomness> {\n    let mut bytes = [0; 16];\n    random.fill(&mut bytes)?;\n    Ok(URL_SAFE_NO_PAD",
        ),
        Mutation::new(
            "SESS-12",
            "memory::sess_12_an_id_that_is_taken",
            "a session is written over another",
        )
        .edit(TABLES, "Keeping::Stored => self.sessions.contains_key(&session.token),", "Keeping::Stored => false,"),
        Mutation::new(
            "SESS-12",
            "sqlite::sess_12_an_id_that_is_taken",
            "a session is written over another",
        )
        .edit(
            SQL_SESSIONS,
            "insert_where(dialect, &row, &which);",
            "insert_where(dialect, &row, &which).replace(\"INSERT\", \"INSERT OR REPLACE\");",
        ),
        Mutation::new(
            "SESS-12",
            "memory::sess_12_an_id_that_is_taken",
            "no other id is drawn for one that is taken",
        )
        .edit(FLOW, "const TRIES: usize = 2;", "const TRIES: usize = 1;"),
    ]
}

fn cookies() -> Vec<Mutation> {
    let (garbage, tossed) =
        ("memory::sess_03_garbage", "memory::sess_04_a_cookie_tossed_by_a_sibling");
    let protected = "memory::sess_05_every_cookie_is_protected";
    vec![
        Mutation::new("SESS-03", garbage, "the store is asked for everything").edit(
            PRESENTED,
            "Found::One(token) if looks_like_a_token(token) => {",
            "Found::One(token) if !token.is_empty() => {",
        ),
        Mutation::new("SESS-03", garbage, "garbage stays in the browser").edit(
            SESSION,
            "Presented::Malformed => Ok(Visit::nobody(setup, cookies)),",
            "Presented::Malformed => Ok(Visit::default()),",
        ),
        Mutation::new("SESS-04", tossed, "of two cookies the first one counts").edit(
            COOKIE,
            "(Some(_), Some(_)) => Found::Several,",
            "(Some(value), Some(_)) => Found::One(value),",
        ),
        Mutation::new("SESS-04", tossed, "names are trimmed more than browsers trim them").edit(
            COOKIE,
            "name.trim_ascii()",
            "name.trim()",
        ),
        Mutation::new("SESS-05", protected, "scripts can read cookies").edit(
            COOKIE,
            ".http_only(true)",
            ".http_only(false)",
        ),
        Mutation::new("SESS-05", protected, "cookies travel in clear").edit(
            COOKIE,
            ".secure(self.secure)",
            ".secure(false)",
        ),
        Mutation::new("SESS-05", protected, "production starts in clear").edit(
            SETUP,
            "if must_be_https && ",
            "if false && must_be_https && ",
        ),
    ]
}

fn ends() -> Vec<Mutation> {
    let (ends, after) =
        ("memory::sess_06_idle_and_absolute_ends", "memory::sess_07_a_cookie_after_its_end");
    vec![
        Mutation::new("SESS-06", ends, "a session nobody uses lives on").edit(
            STORED,
            "if session.expires <= now {",
            "if false {",
        ),
        Mutation::new("SESS-06", ends, "a session that is used lives for ever").edit(
            STORED,
            "end.map_or(now + rules.max_age, |end| end.min(now + rules.max_age))",
            "end.map_or(now + rules.max_age, |_| now + rules.max_age)",
        ),
        Mutation::new("SESS-07", after, "signing out ends nothing in the store").edit(
            SESSION,
            "setup.store.end_session(&key.token, &[event]).await,",
            "Ok(drop(event) == ()),",
        ),
        Mutation::new("SESS-07", after, "signing out everywhere ends nothing").edit(
            ADMINISTRATION,
            "setup.store.end_sessions(user, event.at, &[event]).await;",
            "setup.store.record(&[event]).await.map(|()| 2);",
        ),
        Mutation::new(
            "SESS-08",
            "memory::sess_08_a_deleted_user",
            "the accounts of a deleted user stay",
        )
        .edit(
            TABLES,
            "        self.accounts.retain(|account| account.user_id != *id);\n",
            "",
        ),
        Mutation::new(
            "SESS-08",
            "sqlite::sess_08_a_deleted_user",
            "the rows that hang on a deleted user stay",
        )
        .edit(
            SQL_PEOPLE,
            "let user = delete(&layout.users.table, \"id\");",
            "let user = dialect.sql(\"UPDATE \\\"users\\\" SET \\\"role\\\" = 'DELETED' WHERE \\\"id\\\" = $1\");",
        ),
        Mutation::new(
            "SESS-09",
            "memory::sess_09_more_sessions_than_one_keeps",
            "the oldest session stays and the newest goes",
        )
        .edit(TABLES, "std::cmp::Reverse(*expires)", "*expires"),
    ]
}

fn races() -> Vec<Mutation> {
    vec![
        Mutation::new(
            "SESS-13",
            "memory::sess_13_sign_out_against_renewal",
            "whoever renews does not look whether the session is still there",
        )
        .edit(
            STORED,
            "if !setup.store.extend(&key.token, expires).await? {",
            "if !setup.store.extend(&key.token, expires).await? && false {",
        ),
    ]
}
