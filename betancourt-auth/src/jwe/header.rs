//! The protected header of a token (RFC 7516 §4), judged before any key is touched.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde::de::IgnoredAny;
use serde::{Deserialize, Deserializer};

use super::Encryption;

/// The longest header that is decoded. Those of Auth.js have 171 characters.
const LONGEST: usize = 512;

/// A header that we can do something with.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Header {
    pub(super) encryption: Encryption,
    /// `kid`: the thumbprint of the key.
    pub(super) key_id: Option<String>,
}

#[derive(Deserialize)]
struct Parameters {
    alg: String,
    enc: String,
    kid: Option<String>,
    #[serde(default, deserialize_with = "is_there")]
    zip: bool,
    #[serde(default, deserialize_with = "is_there")]
    crit: bool,
}

impl Header {
    /// Reads a header; `None` for every algorithm but `dir`, every other content encryption, anything compressed, and
    /// anything critical that we do not know.
    pub(super) fn parse(header: &str) -> Option<Self> {
        if header.len() > LONGEST {
            return None;
        }
        let header = URL_SAFE_NO_PAD.decode(header).ok()?;
        let Parameters { alg, enc, kid, zip, crit } = serde_json::from_slice(&header).ok()?;
        if alg != "dir" || zip || crit {
            return None;
        }
        let encryption = Encryption::parse(&enc)?;
        Some(Self { encryption, key_id: kid })
    }

    /// The header of the tokens that a key makes, in the order of Auth.js.
    pub(super) fn of(encryption: Encryption, key_id: &str) -> String {
        let enc = encryption.name();
        URL_SAFE_NO_PAD.encode(format!(r#"{{"alg":"dir","enc":"{enc}","kid":"{key_id}"}}"#))
    }
}

impl Encryption {
    fn name(self) -> &'static str {
        match self {
            Self::A256CbcHs512 => "A256CBC-HS512",
            Self::A256Gcm => "A256GCM",
        }
    }

    pub(super) fn parse(name: &str) -> Option<Self> {
        [Self::A256CbcHs512, Self::A256Gcm].into_iter().find(|known| known.name() == name)
    }
}

fn is_there<'de, D: Deserializer<'de>>(value: D) -> Result<bool, D::Error> {
    IgnoredAny::deserialize(value).map(|_| true)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parse(header: &str) -> Option<Header> {
        Header::parse(&URL_SAFE_NO_PAD.encode(header))
    }

    #[test]
    fn what_auth_js_writes_is_read() {
        let encryption = Encryption::A256Gcm;
        assert_eq!(
            parse(r#"{"alg":"dir","enc":"A256GCM"}"#),
            Some(Header { encryption, key_id: None })
        );
        let key_id = Some("abc".to_owned());
        assert_eq!(
            Header::parse(&Header::of(encryption, "abc")),
            Some(Header { encryption, key_id })
        );
    }

    #[test]
    fn everything_else_is_not() {
        let long = format!(r#"{{"alg":"dir","enc":"A256GCM","x":"{}"}}"#, "x".repeat(LONGEST));
        for header in [
            r#"{"alg":"none","enc":"A256GCM"}"#,
            r#"{"alg":"RSA-OAEP","enc":"A256GCM"}"#,
            r#"{"alg":"PBES2-HS512+A256KW","enc":"A256GCM","p2c":2147483648}"#,
            r#"{"alg":"dir","enc":"A128GCM"}"#,
            r#"{"alg":"dir","enc":"A256GCM","zip":"DEF"}"#,
            r#"{"alg":"dir","enc":"A256GCM","zip":null}"#,
            r#"{"alg":"dir","enc":"A256GCM","crit":["exp"]}"#,
            r#"{"alg":"dir","alg":"dir","enc":"A256GCM"}"#,
            r#"{"alg":"HS256"}"#,
            r#"["dir","A256GCM"]"#,
            "",
            &long,
        ] {
            assert_eq!(parse(header), None, "{header}");
        }
        assert_eq!(Header::parse("not base64"), None);
    }
}
