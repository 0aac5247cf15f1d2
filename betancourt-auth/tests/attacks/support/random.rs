//! A source of randomness that can be made to repeat itself.

use std::sync::{Arc, Mutex};

use betancourt_auth::{NoRandomness, OsRandom, Random};

/// The length of a session token in bytes.
const TOKEN: usize = 32;

/// Draws from the system, but what was asked for by [`repeat`](Self::repeat) comes out again first.
#[derive(Clone, Debug, Default)]
pub(crate) struct RepeatingRandom {
    system: Arc<OsRandom>,
    planned: Arc<Mutex<Vec<[u8; TOKEN]>>>,
}

impl RepeatingRandom {
    /// Gives these bytes for the next `times` tokens.
    pub(crate) fn repeat(&self, token: [u8; TOKEN], times: usize) {
        self.planned.lock().unwrap().extend(vec![token; times]);
    }

    /// Draws freely again, and says how many repetitions nobody asked for.
    pub(crate) fn relax(&self) -> usize {
        std::mem::take(&mut *self.planned.lock().unwrap()).len()
    }
}

impl Random for RepeatingRandom {
    fn fill(&self, bytes: &mut [u8]) -> Result<(), NoRandomness> {
        if bytes.len() == TOKEN
            && let Some(token) = self.planned.lock().unwrap().pop()
        {
            bytes.copy_from_slice(&token);
            return Ok(());
        }
        self.system.fill(bytes)
    }
}
