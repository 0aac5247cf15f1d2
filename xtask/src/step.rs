//! One step of a chore: a command, what it makes sure of, and how long it took.

use std::process::{Command, Stdio};
use std::time::Instant;

/// A command with its purpose.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Step {
    purpose: &'static str,
    command: &'static str,
    variable: Option<(&'static str, &'static str)>,
    install: Option<&'static str>,
}

/// How a step ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Outcome {
    Passed,
    Failed,
    /// Its program is not installed.
    Skipped,
}

impl Step {
    /// A command as it would be typed, words separated by blanks, and in a word or two what it makes sure of.
    pub(crate) const fn new(purpose: &'static str, command: &'static str) -> Self {
        Self { purpose, command, variable: None, install: None }
    }

    /// Runs with one more variable in its environment.
    pub(crate) const fn with(mut self, name: &'static str, value: &'static str) -> Self {
        self.variable = Some((name, value));
        self
    }

    /// Is skipped where its program is not installed, and says how to install it.
    pub(crate) const fn optional(mut self, install: &'static str) -> Self {
        self.install = Some(install);
        self
    }

    pub(crate) const fn purpose(&self) -> &'static str {
        self.purpose
    }

    /// Runs the command in the present folder, and says how it went.
    pub(crate) fn run(&self) -> Outcome {
        let purpose = self.purpose;
        if let Some(install) = self.install.filter(|_| !self.is_installed()) {
            println!("── {purpose}: skipped, its program is not here; {install}");
            return Outcome::Skipped;
        }
        println!("── {purpose}: {}", self.command);
        let began = Instant::now();
        let passed = succeeds(command(self.command).envs(self.variable));
        let (word, seconds) = (if passed { "passed" } else { "FAILED" }, began.elapsed().as_secs());
        println!("── {purpose}: {word} after {} min {:02} s", seconds / 60, seconds % 60);
        if passed { Outcome::Passed } else { Outcome::Failed }
    }

    /// Whether the program, or cargo's subcommand, knows its own version.
    fn is_installed(&self) -> bool {
        let words = if self.command.starts_with("cargo ") { 2 } else { 1 };
        let program: Vec<_> = self.command.split(' ').take(words).collect();
        succeeds(
            command(&program.join(" "))
                .arg("--version")
                .stdout(Stdio::null())
                .stderr(Stdio::null()),
        )
    }
}

fn command(typed: &str) -> Command {
    let mut words = typed.split(' ');
    let mut command = Command::new(words.next().unwrap_or_default());
    command.args(words);
    command
}

fn succeeds(command: &mut Command) -> bool {
    command.status().is_ok_and(|status| status.success())
}
