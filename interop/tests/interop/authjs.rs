//! Auth.js on Node: what is built of it, and its servers as processes.

use std::collections::HashMap;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::{Once, OnceLock};

use crate::program::Program;
use crate::tools;

/// What `authjs/build.mjs` makes: the servers, and a page with each version of the browser client.
pub(crate) fn built(node: &Path) -> &'static Path {
    static BUILT: OnceLock<PathBuf> = OnceLock::new();
    BUILT.get_or_init(|| build(node, &[]).join("built"))
}

/// Makes the Next.js application, too, which takes longer than all the rest.
pub(crate) fn build_next(node: &Path) {
    static BUILT: Once = Once::new();
    built(node);
    BUILT.call_once(|| drop(build(node, &["next"])));
}

/// Runs `build.mjs` in its folder.
fn build(node: &Path, arguments: &[&str]) -> PathBuf {
    let folder = Path::new(tools::FOLDER).join("authjs");
    let mut command = Command::new(node);
    command.arg("build.mjs").args(arguments).current_dir(&folder).stdin(Stdio::null());
    assert!(command.status().unwrap().success(), "{command:?}");
    folder
}

/// The environment of a program.
pub(crate) type Variables = HashMap<&'static str, String>;

/// Starts a program of `authjs/servers/` with these variables and no others.
pub(crate) fn server(node: &Path, name: &str, variables: &Variables) -> Program {
    let mut command = Command::new(node);
    command.arg(built(node).join(format!("{name}.mjs"))).env_clear().envs(variables);
    Program::start(&mut command)
}
