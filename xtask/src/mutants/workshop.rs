//! A copy of the workspace in which one thing at a time is broken.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use super::mutation::Mutation;

/// Where the copy stands, and where it is built: beside the original, whose dependencies it shares.
#[derive(Debug)]
pub(crate) struct Workshop {
    root: PathBuf,
    target: PathBuf,
}

/// What became of a mutation.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Verdict {
    /// The test failed, as it should.
    Caught,
    /// The test passed all the same.
    Survived,
    /// The mutation does not compile: that says nothing about the test.
    NotBuilt,
    /// There is no such test, or the files could not be written.
    NotPlayed,
}

impl Verdict {
    pub(crate) fn word(self) -> &'static str {
        match self {
            Self::Caught => "caught",
            Self::Survived => "SURVIVED",
            Self::NotBuilt => "DOES NOT BUILD",
            Self::NotPlayed => "NOT PLAYED",
        }
    }
}

impl Workshop {
    /// Copies every file that git knows or would take.
    pub(crate) fn set_up() -> io::Result<Self> {
        let target = std::env::current_dir()?.join("target");
        let workshop = Self { root: target.join("mutants"), target };
        if workshop.root.exists() {
            fs::remove_dir_all(&workshop.root)?;
        }
        let listed = ["ls-files", "-z", "--cached", "--others", "--exclude-standard"];
        let listed = Command::new("git").args(listed).output()?;
        let listed = String::from_utf8(listed.stdout).map_err(io::Error::other)?;
        let files = listed.split('\0').map(Path::new).filter(|file| file.is_file());
        files.into_iter().try_for_each(|file| workshop.copy(file))?;
        Ok(workshop)
    }

    /// Whether tests pass while nothing is changed. What they say otherwise is printed.
    pub(crate) fn is_sound(&self, tests: &[&str]) -> bool {
        let Ok(Output { status, stdout, stderr }) = self.test(tests) else { return false };
        if !status.success() {
            println!("{}{}", String::from_utf8_lossy(&stdout), String::from_utf8_lossy(&stderr));
        }
        status.success()
    }

    /// Whether a mutation can be applied.
    pub(crate) fn fits(&self, mutation: &Mutation) -> bool {
        mutation.fits(&self.root)
    }

    /// Applies a mutation, runs its test, and undoes it.
    pub(crate) fn play(&self, mutation: &Mutation) -> Verdict {
        let played = mutation.apply(&self.root).and_then(|originals| {
            let verdict = self.judge(mutation.test);
            // The first edit of a file comes last: it found the file whole.
            let undo = |(path, source): &(PathBuf, String)| fs::write(path, source);
            originals.iter().rev().try_for_each(undo).and(verdict)
        });
        played.unwrap_or(Verdict::NotPlayed)
    }

    fn judge(&self, test: &str) -> io::Result<Verdict> {
        if !self.cargo(&["--no-run"]).output()?.status.success() {
            return Ok(Verdict::NotBuilt);
        }
        let played = self.test(&[test])?;
        let is_there = String::from_utf8_lossy(&played.stdout).contains("running 1 test");
        Ok(match (is_there, played.status.success()) {
            (false, _) => Verdict::NotPlayed,
            (true, true) => Verdict::Survived,
            (true, false) => Verdict::Caught,
        })
    }

    fn test(&self, tests: &[&str]) -> io::Result<Output> {
        self.cargo(&["--", "--exact"]).args(tests).output()
    }

    /// The suite of attacks, in the copy: built without symbols, and of what was there before only what has changed. The
    /// whole workspace says which features dependencies have, as wherever else it is built.
    fn cargo(&self, arguments: &[&str]) -> Command {
        let mut cargo = Command::new("cargo");
        cargo.current_dir(&self.root).env("CARGO_TARGET_DIR", &self.target);
        cargo.env("CARGO_PROFILE_DEV_DEBUG", "0").env("CARGO_INCREMENTAL", "1");
        cargo.env_remove("BETANCOURT_ROUNDS");
        cargo.args(["test", "--workspace", "--test", "attacks"]).args(arguments);
        cargo
    }

    fn copy(&self, file: &Path) -> io::Result<()> {
        let copy = self.root.join(file);
        copy.parent().map_or(Ok(()), fs::create_dir_all)?;
        fs::copy(file, copy).map(drop)
    }
}
