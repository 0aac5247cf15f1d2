//! The oldest and the newest PostgreSQL that can be had, beside that of the system.

use std::path::PathBuf;
use std::sync::OnceLock;

use super::postgres::{Server, found_or_skip};

/// The address of a schema on the oldest one in which some statements were run. `None`: it is missing, and that has been
/// said.
pub(crate) async fn oldest_after(statements: &str) -> Option<String> {
    static SERVER: OnceLock<Option<Server>> = OnceLock::new();
    let server = SERVER.get_or_init(|| start("BETANCOURT_POSTGRES_OLDEST", "oldest"));
    Some(server.as_ref()?.url_after(statements).await)
}

/// The same on the newest one.
pub(crate) async fn newest_after(statements: &str) -> Option<String> {
    static SERVER: OnceLock<Option<Server>> = OnceLock::new();
    let server = SERVER.get_or_init(|| start("BETANCOURT_POSTGRES_NEWEST", "newest"));
    Some(server.as_ref()?.url_after(statements).await)
}

fn start(variable: &str, which: &str) -> Option<Server> {
    let programs = std::env::var_os(variable).map(PathBuf::from);
    let what = format!(
        "the tests on the {which} PostgreSQL: name the folder of its programs in {variable}, as .ci/run does"
    );
    Some(Server::start(&found_or_skip(programs, &what)?))
}
