//! Runs a script, and does for it what cannot be done from inside: it asks by a line, and gets a line.

use std::io::{BufRead as _, BufReader, Write as _};
use std::path::Path;
use std::process::{Command, Stdio};

use serde_json::Value;

use crate::tools;

/// Runs `scripts/<name>` to its good end. It begins by reading `input`; each line that it writes is a question for
/// `outside`.
///
/// # Panics
/// When the script fails: its own words stand in the output of the test runner.
pub(crate) fn run(
    node: &Path,
    name: &str,
    input: &Value,
    mut outside: impl FnMut(&Value) -> Value,
) {
    let mut command = Command::new(node);
    command.arg(Path::new(tools::FOLDER).join("scripts").join(name)).current_dir(tools::FOLDER);
    let mut script = command.stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().unwrap();
    let mut answers = script.stdin.take().unwrap();
    writeln!(answers, "{input}").unwrap();
    for question in BufReader::new(script.stdout.take().unwrap()).lines() {
        let question = serde_json::from_str(&question.unwrap()).unwrap();
        writeln!(answers, "{}", outside(&question)).unwrap();
    }
    let status = script.wait().unwrap();
    assert!(status.success(), "{name}: {status}");
}
