//! What must never show: the canaries of the configuration, and every secret that a flow brings forth.

use std::collections::BTreeSet;
use std::sync::{Arc, Mutex};

/// What every configured secret begins with.
pub(crate) const CANARY: &str = "canary-";
/// The secret of every world that has no other.
pub(crate) const SECRET: &str = "canary-that seals what leaves our hands";
/// Shorter values would be found by chance.
const SHORTEST: usize = 12;

/// The secrets of one world. Clones are the same collection.
#[derive(Clone, Debug, Default)]
pub(crate) struct Secrets(Arc<Mutex<BTreeSet<String>>>);

impl Secrets {
    pub(crate) fn add(&self, secret: &str) {
        if secret.len() >= SHORTEST {
            self.0.lock().unwrap().insert(secret.to_owned());
        }
    }

    /// All that were collected.
    pub(crate) fn all(&self) -> Vec<String> {
        self.0.lock().unwrap().iter().cloned().collect()
    }

    /// Fails if a text holds any of them, or a canary.
    pub(crate) fn assert_absent(&self, text: &str) {
        let found = self.find(text);
        assert_eq!(found, None, "it is out:\n{text}");
    }

    /// The first of them in a text.
    pub(crate) fn find(&self, text: &str) -> Option<String> {
        let secrets = self.0.lock().unwrap();
        let mut all = secrets.iter().map(String::as_str).chain([CANARY]);
        all.find(|secret| text.contains(secret)).map(str::to_owned)
    }
}
