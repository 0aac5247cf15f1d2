//! Whether a code verifier is the one behind a challenge (RFC 7636).

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use ring::digest::{SHA256, digest};

use crate::server::refusal::Refusal;

/// RFC 7636 §4.1 and §4.6.
pub(crate) fn check_verifier(verifier: &str, challenge: &str) -> Result<(), Refusal> {
    let long_enough = (43..=128).contains(&verifier.len());
    let unreserved = verifier.bytes().all(|b| b.is_ascii_alphanumeric() || b"-._~".contains(&b));
    let hash = URL_SAFE_NO_PAD.encode(digest(&SHA256, verifier.as_bytes()));
    if long_enough && unreserved && hash == challenge { Ok(()) } else { Err(Refusal::Verifier) }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The pair of RFC 7636, appendix B.
    const VERIFIER: &str = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk";
    const CHALLENGE: &str = "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM";

    #[test]
    fn the_verifier_of_the_rfc_fits_and_others_do_not() {
        assert!(check_verifier(VERIFIER, CHALLENGE).is_ok());
        assert!(check_verifier(CHALLENGE, CHALLENGE).is_err());
        assert!(check_verifier("short", CHALLENGE).is_err());
    }
}
