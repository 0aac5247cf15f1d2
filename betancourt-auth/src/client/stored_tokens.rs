//! A provider's tokens as they stand in the store: sealed and bound to their account, or in clear where Auth.js is to
//! read them, too.

use super::token::Granted;
use crate::config::Setup;
use crate::error::{Error, ErrorKind};
use crate::model::{AccountKey, TokenStorage, Tokens};
use crate::seal::{self, Purpose};
use crate::secret::Secret;

/// What the token endpoint gave, in the form in which the store has it.
///
/// # Errors
/// [`ErrorKind::Randomness`].
pub(super) fn seal(setup: &Setup, key: &AccountKey, granted: Granted) -> Result<Tokens, Error> {
    let name = name_of(key);
    let seal = |token: String| {
        if setup.token_storage == TokenStorage::SharedWithAuthJs {
            return Ok(Secret::new(token));
        }
        let sealed = setup.sealer.seal(
            Purpose::ProviderToken,
            &name,
            token.as_bytes(),
            &*setup.config.random,
        );
        sealed.map(Secret::new).map_err(|error| Error::because(ErrorKind::Randomness, error))
    };
    Ok(Tokens {
        access_token: Some(seal(granted.access_token)?),
        refresh_token: granted.refresh_token.map(seal).transpose()?,
        id_token: granted.id_token.map(seal).transpose()?,
        expires_at: granted.expires_at,
        token_type: Some(granted.kind.scheme().to_ascii_lowercase()),
        scope: granted.scope,
        session_state: granted.session_state,
    })
}

/// The token behind what the store has. What stands there in clear is from Auth.js, or for it. `None`: it was sealed
/// with a secret that is gone, or for another account.
pub(crate) fn open(setup: &Setup, key: &AccountKey, stored: &Secret) -> Option<Secret> {
    if !seal::is_sealed(stored.expose()) {
        return Some(stored.clone());
    }
    let token = setup.sealer.open(Purpose::ProviderToken, &name_of(key), stored.expose())?;
    String::from_utf8(token).ok().map(Secret::new)
}

/// What a sealed token is bound to.
fn name_of(key: &AccountKey) -> String {
    format!("{}/{}", key.provider, key.subject)
}
