//! Whether a CSRF token was drawn when a session began: the browser that has both is the one that signed in.
//!
//! A session can be planted in somebody's browser by whoever can set a cookie there, a sibling domain for example. The
//! CSRF cookie cannot, where the site is reached over https: its name begins with `__Host-`. So whoever begins to tie an
//! account to a session must also have the token that came with it. To Auth.js it is a token like any other.

use ring::hmac;

use crate::model::StoredToken;
use crate::secret::{self, NoRandomness, Random, Secret};

/// Half of a token is drawn, half follows from that and from the session: 128 bits each, in hexadecimal.
const HALF: usize = 32;

/// Draws a token for a session that begins.
///
/// # Errors
/// [`NoRandomness`].
pub(super) fn draw(
    secrets: &[Secret],
    session: &StoredToken,
    random: &dyn Random,
) -> Result<String, NoRandomness> {
    let mut token = secret::random_hex(random)?;
    token.truncate(HALF);
    let newest = secrets.first().ok_or(NoRandomness)?;
    let seal = seal(newest, &token, session);
    token.push_str(&seal);
    Ok(token)
}

/// Whether a token was drawn for that session.
pub(super) fn holds(secrets: &[Secret], session: &StoredToken, token: &str) -> bool {
    let Some((drawn, presented)) = token.split_at_checked(HALF) else { return false };
    secrets.iter().any(|secret| secret::eq(&seal(secret, drawn, session), presented))
}

/// What binds the drawn half to a session.
fn seal(secret: &Secret, drawn: &str, session: &StoredToken) -> String {
    let key = hmac::Key::new(hmac::HMAC_SHA256, secret.expose().as_bytes());
    let bound = format!("betancourt-auth csrf\n{drawn}\n{}", session.as_str());
    let mut seal = secret::hex(hmac::sign(&key, bound.as_bytes()).as_ref());
    seal.truncate(HALF);
    seal
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::secret::OsRandom;

    fn secrets(list: &[&str]) -> Vec<Secret> {
        list.iter().map(|secret| Secret::new(*secret)).collect()
    }

    #[test]
    fn a_token_belongs_to_one_session() {
        let (mine, other) = (StoredToken::hashed("mine"), StoredToken::hashed("other"));
        let token = draw(&secrets(&["new"]), &mine, &OsRandom::default()).unwrap();
        assert_eq!(token.len(), 64);
        assert!(holds(&secrets(&["new"]), &mine, &token));
        assert!(holds(&secrets(&["newest", "new"]), &mine, &token));
        assert!(!holds(&secrets(&["new"]), &other, &token));
        assert!(!holds(&secrets(&["another"]), &mine, &token));
        let loose = secret::random_hex(&OsRandom::default()).unwrap();
        for token in [loose.as_str(), "", &token[..HALF], &format!("{token}0")] {
            assert!(!holds(&secrets(&["new"]), &mine, token), "{token}");
        }
    }
}
