//! What servers want to read in the next proof of a key (RFC 9449 §8): the latest of each origin.

use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};

/// More origins than this are not remembered: whoever is forgotten says its nonce again.
const MOST: usize = 1_000;
/// Longer ones are not remembered.
const LONGEST: usize = 1_024;

/// See the module.
#[derive(Debug, Default)]
pub(crate) struct Nonces(Mutex<HashMap<String, String>>);

impl Nonces {
    /// What the server of that origin wants to read.
    pub(crate) fn of(&self, origin: &str) -> Option<String> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).get(origin).cloned()
    }

    /// Remembers what the server of that origin wants from now on.
    pub(crate) fn remember(&self, origin: String, nonce: &str) {
        if nonce.is_empty() || nonce.len() > LONGEST {
            return;
        }
        let mut known = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if known.len() >= MOST && !known.contains_key(&origin) {
            known.clear();
        }
        known.insert(origin, nonce.to_owned());
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_latest_counts_and_their_number_is_bounded() {
        let nonces = Nonces::default();
        nonces.remember("https://id.test".into(), "one");
        nonces.remember("https://id.test".into(), "two");
        assert_eq!(nonces.of("https://id.test").as_deref(), Some("two"));
        nonces.remember("https://id.test".into(), &"x".repeat(LONGEST + 1));
        assert_eq!(nonces.of("https://id.test").as_deref(), Some("two"));
        for number in 0..=MOST {
            nonces.remember(format!("https://{number}.test"), "nonce");
        }
        assert!(nonces.0.lock().unwrap().len() <= MOST);
        assert_eq!(nonces.of("https://id.test"), None);
    }
}
