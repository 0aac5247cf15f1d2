//! Auth.js on Node: what is built of it.

use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::OnceLock;

use crate::tools;

/// What `authjs/build.mjs` makes: the servers, and a page with each version of the browser client.
pub(crate) fn built(node: &Path) -> &'static Path {
    static BUILT: OnceLock<PathBuf> = OnceLock::new();
    BUILT.get_or_init(|| {
        let folder = Path::new(tools::FOLDER).join("authjs");
        let mut build = Command::new(node);
        let status = build.arg("build.mjs").current_dir(&folder).stdin(Stdio::null()).status();
        assert!(status.unwrap().success(), "authjs/build.mjs");
        folder.join("built")
    })
}
