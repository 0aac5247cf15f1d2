//! The same operation by `jose` on Node, which is what Auth.js opens its sessions with.

use std::path::PathBuf;
use std::process::{Command, Stdio};

use crate::Failure;
use crate::token::{COOKIE, SECRET};

/// The seconds of CPU time that `jose` takes to open a token.
///
/// # Errors
/// Where there is no Node, or `jose` cannot be installed.
pub fn seconds(token: &str, encryption: &str) -> Result<f64, Failure> {
    let folder = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("node");
    if !folder.join("node_modules/jose").is_dir() {
        let installed = Command::new("npm")
            .args(["ci", "--silent"])
            .current_dir(&folder)
            .stdout(Stdio::null())
            .status()?;
        installed.success().then_some(()).ok_or("npm cannot install jose")?;
    }
    let opened = Command::new("node")
        .args(["jose.mjs", token, encryption, SECRET, COOKIE])
        .current_dir(&folder)
        .stderr(Stdio::inherit())
        .output()?;
    let microseconds: f64 = String::from_utf8(opened.stdout)?.trim().parse()?;
    Ok(microseconds / 1e6)
}
