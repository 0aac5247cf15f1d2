//! One check switched off: which row it guards, which test must notice, and what to write instead.

use std::path::{Path, PathBuf};
use std::{fs, io};

/// A change to the source that no test of its row may overlook.
#[derive(Clone, Debug)]
pub(crate) struct Mutation {
    /// The row of the attack.
    pub(crate) row: &'static str,
    /// The test that must fail, by its whole name.
    pub(crate) test: &'static str,
    /// What is switched off, in words.
    pub(crate) what: &'static str,
    edits: Vec<Edit>,
}

#[derive(Clone, Debug)]
struct Edit {
    file: &'static str,
    text: &'static str,
    instead: &'static str,
}

impl Mutation {
    pub(crate) fn new(row: &'static str, test: &'static str, what: &'static str) -> Self {
        Self { row, test, what, edits: Vec::new() }
    }

    /// Writes something else for a text that stands in the file exactly once.
    pub(crate) fn edit(
        mut self,
        file: &'static str,
        text: &'static str,
        instead: &'static str,
    ) -> Self {
        self.edits.push(Edit { file, text, instead });
        self
    }

    /// Whether every text to change stands exactly once in its file of the workspace at `root`.
    pub(crate) fn fits(&self, root: &Path) -> bool {
        self.edits.iter().all(|edit| {
            let source = fs::read_to_string(root.join(edit.file)).unwrap_or_default();
            source.matches(edit.text).count() == 1
        })
    }

    /// Writes the mutated files, and gives back the files as they were.
    pub(crate) fn apply(&self, root: &Path) -> io::Result<Vec<(PathBuf, String)>> {
        let apply = |edit: &Edit| {
            let path = root.join(edit.file);
            let source = fs::read_to_string(&path)?;
            fs::write(&path, source.replace(edit.text, edit.instead))?;
            Ok((path, source))
        };
        self.edits.iter().map(apply).collect()
    }
}
