//! The keys of one issuer: the one in use, and the one before it.

use std::sync::Arc;

use tokio::sync::{Mutex, OnceCell};

use crate::face::Face;
use crate::signing::signing_key::{KeyError, SigningKey};

/// A ring's first key, made once in a process: it costs half a second of a processor, and tests
/// start look-alikes by the hundred. Rings of different issuers never share it.
type FirstKey = OnceCell<Arc<SigningKey>>;

static GOOGLE: FirstKey = OnceCell::const_new();
static FACEBOOK: FirstKey = OnceCell::const_new();
static APPLE: FirstKey = OnceCell::const_new();
static MICROSOFT: FirstKey = OnceCell::const_new();
static MICROSOFT_CONSUMERS: FirstKey = OnceCell::const_new();

/// Makes its first key when somebody asks for it, so that starting takes no time.
#[derive(Debug)]
pub(crate) struct KeyRing {
    first: &'static FirstKey,
    keys: Mutex<Option<Keys>>,
}

/// The keys that verify at one moment.
#[derive(Clone, Debug)]
pub(crate) struct Keys {
    /// The one that signs.
    pub(crate) current: Arc<SigningKey>,
    previous: Option<Arc<SigningKey>>,
}

impl KeyRing {
    /// The ring of a face. Facebook signs nothing, so that its ring stays empty.
    pub(crate) fn of(face: Face) -> Self {
        let first = match face {
            Face::Google => &GOOGLE,
            Face::Facebook => &FACEBOOK,
            Face::Apple => &APPLE,
            Face::Microsoft => &MICROSOFT,
        };
        Self { first, keys: Mutex::default() }
    }

    /// The ring of Microsoft's consumer tenant.
    pub(crate) fn of_consumers() -> Self {
        Self { first: &MICROSOFT_CONSUMERS, keys: Mutex::default() }
    }

    pub(crate) async fn keys(&self) -> Result<Keys, KeyError> {
        let mut place = self.keys.lock().await;
        if let Some(keys) = &*place {
            return Ok(keys.clone());
        }
        let make = || async { Ok::<_, KeyError>(Arc::new(SigningKey::make().await?)) };
        let current = Arc::clone(self.first.get_or_try_init(make).await?);
        Ok(place.insert(Keys { current, previous: None }).clone())
    }

    /// Puts a new key into use; the one before it stays published.
    pub(crate) async fn rotate(&self) -> Result<Keys, KeyError> {
        let mut place = self.keys.lock().await;
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
