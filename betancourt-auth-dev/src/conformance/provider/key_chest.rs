//! The keys of all issuers: two of RSA, because one takes the place of the other, and one of P-256.

use std::sync::Arc;

use tokio::sync::OnceCell;

use crate::signing::signing_key::{KeyError, SigningKey};

/// The keys, made once in a process: one of RSA costs half a second of a processor.
static CHEST: OnceCell<Arc<KeyChest>> = OnceCell::const_new();

#[derive(Debug)]
pub(crate) struct KeyChest {
    pub(crate) rsa: [SigningKey; 2],
    pub(crate) p256: SigningKey,
}

impl KeyChest {
    pub(crate) async fn open() -> Result<Arc<Self>, KeyError> {
        CHEST.get_or_try_init(Self::fill).await.cloned()
    }

    async fn fill() -> Result<Arc<Self>, KeyError> {
        let (one, other) = tokio::try_join!(SigningKey::make(), SigningKey::make())?;
        Ok(Arc::new(Self { rsa: [one, other], p256: SigningKey::make_p256()? }))
    }

    /// The RSA key of a turn; they take turns.
    pub(crate) const fn rsa(&self, turn: usize) -> &SigningKey {
        let [one, other] = &self.rsa;
        if turn.is_multiple_of(2) { one } else { other }
    }
}
