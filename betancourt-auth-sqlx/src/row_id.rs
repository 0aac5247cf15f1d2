//! The ids of rows that Auth.js expects to have one.

use betancourt_auth::store::{Result, StoreError};
use betancourt_auth::{OsRandom, Random};

const ALPHABET: &[u8; 36] = b"0123456789abcdefghijklmnopqrstuvwxyz";

/// A new id in the form of Prisma's `cuid()`: `c` and 24 characters of base 36, here all of them random.
pub(crate) fn row_id() -> Result<String> {
    let mut bytes = [0; 24];
    OsRandom::default().fill(&mut bytes).map_err(StoreError::unavailable)?;
    let letters = bytes.iter().filter_map(|byte| ALPHABET.get(usize::from(*byte) % ALPHABET.len()));
    Ok(std::iter::once('c').chain(letters.map(|letter| char::from(*letter))).collect())
}

#[cfg(test)]
mod tests {
    use super::row_id;

    #[test]
    fn an_id_looks_like_a_cuid_and_is_new() {
        let id = row_id().unwrap();
        assert!(id.starts_with('c') && id.len() == 25);
        assert!(id.chars().all(|letter| letter.is_ascii_lowercase() || letter.is_ascii_digit()));
        assert_ne!(id, row_id().unwrap());
    }
}
