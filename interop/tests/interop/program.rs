//! A program of others as a process of its own, spoken to by lines.

use std::io::{BufRead as _, BufReader, Write as _};
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};

use serde_json::Value;

/// A program that runs. It ends with the test.
pub(crate) struct Program {
    process: Child,
    input: ChildStdin,
    output: BufReader<ChildStdout>,
}

impl Program {
    /// Starts it, and waits until it says that it listens.
    pub(crate) fn start(command: &mut Command) -> Self {
        Self::start_with(command, None)
    }

    /// The same for one that wants to be told something first.
    pub(crate) fn start_with(command: &mut Command, told: Option<&Value>) -> Self {
        command.stdin(Stdio::piped()).stdout(Stdio::piped());
        let mut process = command.spawn().unwrap();
        let input = process.stdin.take().unwrap();
        let output = BufReader::new(process.stdout.take().unwrap());
        let mut program = Self { process, input, output };
        if let Some(told) = told {
            program.say(told);
        }
        while program.line() != "listening\n" {} // before that, it may say what it likes
        program
    }

    /// Says a line to it, and hears what it answers.
    pub(crate) fn ask(&mut self, question: &Value) -> Value {
        self.say(question);
        serde_json::from_str(&self.line()).unwrap()
    }

    fn say(&mut self, line: &Value) {
        writeln!(self.input, "{line}").unwrap();
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
