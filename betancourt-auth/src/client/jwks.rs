//! Key sets (RFC 7517) and signatures made with them (RFC 7518 §3).

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use ring::signature::{
    ECDSA_P256_SHA256_FIXED, ECDSA_P384_SHA384_FIXED, ED25519, EcdsaVerificationAlgorithm,
    RSA_PKCS1_2048_8192_SHA256, RSA_PKCS1_2048_8192_SHA384, RSA_PKCS1_2048_8192_SHA512,
    RSA_PSS_2048_8192_SHA256, RSA_PSS_2048_8192_SHA384, RSA_PSS_2048_8192_SHA512, RsaParameters,
    RsaPublicKeyComponents, UnparsedPublicKey,
};
use serde_json::Value;

use crate::provider::Algorithm;

/// More keys than this are not looked at.
const LARGEST_SET: usize = 100;
/// Where a token names no key, at most so many are tried.
const MOST_TRIED: usize = 4;

/// A key that could have made a signature of one algorithm.
#[derive(Debug)]
pub(super) struct Key<'a>(&'a Value);

/// The keys of a set that could have made the signature: those of the algorithm's kind, for signing, with that `kid`
/// if the token names one. Entries of other kinds, symmetric ones among them, are passed over.
pub(super) fn candidates<'a>(
    set: &'a Value,
    algorithm: Algorithm,
    kid: Option<&str>,
) -> Vec<Key<'a>> {
    let entries = set.get("keys").and_then(Value::as_array).map_or(&[][..], Vec::as_slice);
    let is_called = |name: &str| algorithm.is_called(name);
    let suits = |key: &&Value| {
        let is = |member: &str, wanted: &str| key.get(member).is_none_or(|value| value == wanted);
        key.get("kty").is_some_and(|kind| kind == algorithm.key_type())
            && is("use", "sig")
            && key.get("alg").is_none_or(|name| name.as_str().is_some_and(is_called))
            && kid.is_none_or(|kid| key.get("kid").is_some_and(|known| known == kid))
    };
    entries.iter().take(LARGEST_SET).filter(suits).take(MOST_TRIED).map(Key).collect()
}

impl<'a> Key<'a> {
    /// The issuer for which alone this key signs, where the set says so (Microsoft).
    pub(super) fn issuer(&self) -> Option<&'a str> {
        self.0.get("issuer").and_then(Value::as_str)
    }

    /// Whether this key made the signature.
    pub(super) fn verifies(&self, algorithm: Algorithm, signed: &[u8], signature: &[u8]) -> bool {
        match algorithm {
            Algorithm::EdDsa => self.verifies_ed25519(signed, signature),
            Algorithm::Ps256 => self.verifies_rsa(&RSA_PSS_2048_8192_SHA256, signed, signature),
            Algorithm::Ps384 => self.verifies_rsa(&RSA_PSS_2048_8192_SHA384, signed, signature),
            Algorithm::Ps512 => self.verifies_rsa(&RSA_PSS_2048_8192_SHA512, signed, signature),
            Algorithm::Rs256 => self.verifies_rsa(&RSA_PKCS1_2048_8192_SHA256, signed, signature),
            Algorithm::Rs384 => self.verifies_rsa(&RSA_PKCS1_2048_8192_SHA384, signed, signature),
            Algorithm::Rs512 => self.verifies_rsa(&RSA_PKCS1_2048_8192_SHA512, signed, signature),
            Algorithm::Es256 => self.verifies_ec(&P256, signed, signature),
            Algorithm::Es384 => self.verifies_ec(&P384, signed, signature),
            // A published key must never become the key of an HMAC.
            Algorithm::Hs256 => None,
        }
        .is_some()
    }

    fn verifies_rsa(&self, by: &RsaParameters, signed: &[u8], signature: &[u8]) -> Option<()> {
        let key = RsaPublicKeyComponents { n: self.member("n")?, e: self.member("e")? };
        key.verify(by, signed, signature).ok()
    }

    fn verifies_ed25519(&self, signed: &[u8], signature: &[u8]) -> Option<()> {
        self.0.get("crv").filter(|name| *name == "Ed25519")?;
        UnparsedPublicKey::new(&ED25519, self.member("x")?).verify(signed, signature).ok()
    }

    fn verifies_ec(&self, curve: &Curve, signed: &[u8], signature: &[u8]) -> Option<()> {
        let coordinate = |name| padded(self.member(name)?, curve.coordinate);
        let (x, y) = (coordinate("x")?, coordinate("y")?);
        if self.0.get("crv").is_none_or(|name| name != curve.name) {
            return None;
        }
        let point = [&[0x04], x.as_slice(), y.as_slice()].concat();
        UnparsedPublicKey::new(curve.algorithm, point).verify(signed, signature).ok()
    }

    fn member(&self, name: &str) -> Option<Vec<u8>> {
        URL_SAFE_NO_PAD.decode(self.0.get(name)?.as_str()?).ok()
    }
}

/// A number in that many bytes. Coordinates are to have all of them (RFC 7518 §6.2.1.2), but some (Glewlwyd) leave zeros
/// away at the front, which is one key in 128.
fn padded(number: Vec<u8>, length: usize) -> Option<Vec<u8>> {
    let missing = length.checked_sub(number.len())?;
    Some([vec![0; missing], number].concat())
}

/// A curve by its name in a key (RFC 7518 §6.2.1.1).
struct Curve {
    name: &'static str,
    /// How many bytes a coordinate has.
    coordinate: usize,
    algorithm: &'static EcdsaVerificationAlgorithm,
}

const P256: Curve = Curve { name: "P-256", coordinate: 32, algorithm: &ECDSA_P256_SHA256_FIXED };
const P384: Curve = Curve { name: "P-384", coordinate: 48, algorithm: &ECDSA_P384_SHA384_FIXED };

impl Algorithm {
    /// The `kty` of its keys.
    fn key_type(self) -> &'static str {
        match self {
            Self::EdDsa => "OKP",
            Self::Es256 | Self::Es384 => "EC",
            Self::Hs256 => "oct",
            Self::Ps256 | Self::Ps384 | Self::Ps512 => "RSA",
            Self::Rs256 | Self::Rs384 | Self::Rs512 => "RSA",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_number_without_its_zeros_is_the_same_number() {
        assert_eq!(padded(vec![7, 9], 3), Some(vec![0, 7, 9]));
        assert_eq!(padded(vec![0, 7, 9], 3), Some(vec![0, 7, 9]));
        assert_eq!(padded(vec![0, 0, 7, 9], 3), None);
    }
}
