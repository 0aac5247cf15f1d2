//! The keys of one issuer: the one in use, and the one before it.

use std::sync::Arc;

use tokio::sync::Mutex;

use crate::signing_key::{KeyError, SigningKey};

/// Makes its first key when somebody asks for it, so that starting takes no time.
#[derive(Debug, Default)]
pub(crate) struct KeyRing(Mutex<Option<Keys>>);

/// The keys that verify at one moment.
#[derive(Clone, Debug)]
pub(crate) struct Keys {
    /// The one that signs.
    pub(crate) current: Arc<SigningKey>,
    previous: Option<Arc<SigningKey>>,
}

impl KeyRing {
    pub(crate) async fn keys(&self) -> Result<Keys, KeyError> {
        let mut place = self.0.lock().await;
        if let Some(keys) = &*place {
            return Ok(keys.clone());
        }
        let first = Keys { current: Arc::new(SigningKey::make().await?), previous: None };
        Ok(place.insert(first).clone())
    }

    /// Puts a new key into use; the one before it stays published.
    pub(crate) async fn rotate(&self) -> Result<Keys, KeyError> {
        let mut place = self.0.lock().await;
        let current = Arc::new(SigningKey::make().await?);
        let next = Keys { current, previous: place.take().map(|keys| keys.current) };
        Ok(place.insert(next).clone())
    }
}

impl Keys {
    /// Every key that verifies, newest first.
    pub(crate) fn published(&self) -> impl Iterator<Item = &SigningKey> {
        [Some(&self.current), self.previous.as_ref()].into_iter().flatten().map(Arc::as_ref)
    }
}
