//! Auth.js on Node: what is built of it, and its servers as processes.

use std::collections::HashMap;
use std::io::{BufRead as _, BufReader, Write as _};
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};
use std::sync::{Once, OnceLock};

use serde_json::Value;

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

/// A program of `authjs/servers/` that runs. It ends with the test.
pub(crate) struct Program {
    process: Child,
    input: ChildStdin,
    output: BufReader<ChildStdout>,
}

impl Program {
    /// Starts it with these variables and no others, and waits until it listens.
    pub(crate) fn start(node: &Path, name: &str, variables: &Variables) -> Self {
        let mut command = Command::new(node);
        command.arg(built(node).join(format!("{name}.mjs"))).env_clear();
        command.envs(variables).stdin(Stdio::piped()).stdout(Stdio::piped());
        let mut process = command.spawn().unwrap();
        let input = process.stdin.take().unwrap();
        let output = BufReader::new(process.stdout.take().unwrap());
        let mut program = Self { process, input, output };
        while program.line() != "listening\n" {} // before that, it may say what it likes
        program
    }

    /// Says a line to it, and hears what it answers.
    pub(crate) fn ask(&mut self, question: &Value) -> Value {
        writeln!(self.input, "{question}").unwrap();
        serde_json::from_str(&self.line()).unwrap()
    }

    fn line(&mut self) -> String {
        let mut line = String::new();
        let length = self.output.read_line(&mut line).unwrap();
        assert_ne!(length, 0, "it has ended");
        line
    }
}

impl Drop for Program {
    fn drop(&mut self) {
        drop(self.process.kill());
        drop(self.process.wait());
    }
}
