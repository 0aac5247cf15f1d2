//! What stands for what: a value that was drawn at random there, and ours in its place.

use std::collections::BTreeMap;

/// Pairs of values. Each value of theirs has one of ours and each of ours one of theirs, throughout a scenario.
#[derive(Debug, Default)]
pub(crate) struct StandIns {
    ours: BTreeMap<String, String>,
    theirs: BTreeMap<String, String>,
}

impl StandIns {
    /// Ours for a value of theirs: the value itself where it can be carried over.
    pub(crate) fn ours<'a>(&'a self, theirs: &'a str) -> &'a str {
        self.ours.get(theirs).map_or(theirs, String::as_str)
    }

    /// Pairs two values, or says whether they are a pair.
    pub(crate) fn pair(&mut self, theirs: &str, ours: &str) -> bool {
        match (self.ours.get(theirs), self.theirs.get(ours)) {
            (None, None) => {
                self.ours.insert(theirs.to_owned(), ours.to_owned());
                self.theirs.insert(ours.to_owned(), theirs.to_owned());
                true
            }
            (known, _) => known.is_some_and(|known| known == ours),
        }
    }
}
