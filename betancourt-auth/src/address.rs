//! An e-mail address in the one form in which it is compared, stored, and written to.

use std::fmt::{self, Debug, Formatter};

use icu_normalizer::ComposingNormalizerBorrowed;

/// What fits into an SMTP command (RFC 5321 §4.5.3.1.3, with erratum 1690 of RFC 3696).
const LONGEST: usize = 254;
/// RFC 5321 §4.5.3.1.1.
const LONGEST_LOCAL_PART: usize = 64;
/// What a mail system could read as a quotation, a comment, a second mailbox, or a route through another host.
const SYNTAX: &str = "\"(),:;<>@[]\\!%";

/// An address that names one mailbox and can be written in one way only.
///
/// `Debug` leaves it out: an address must never reach a log.
#[derive(Clone, PartialEq, Eq)]
pub(crate) struct Address(String);

impl Address {
    /// Reads what a person or a provider wrote: NFKC, lower case, trimmed, as Auth.js does it, and the domain as its
    /// A-labels (UTS 46). The rules are asked after that, so that nothing becomes syntax behind their back.
    ///
    /// `None`: it is not one mailbox for certain. Auth.js lets spaces, `<`, `>` and quoted commas pass, and cuts the
    /// domain at a comma.
    pub(crate) fn parse(text: &str) -> Option<Self> {
        if text.len() > 4 * LONGEST {
            return None; // so that nobody makes us normalize a book
        }
        let nfkc = ComposingNormalizerBorrowed::new_nfkc();
        let folded = nfkc.normalize(text).to_lowercase();
        let folded = nfkc.normalize(&folded);
        let (local, domain) = folded.trim().split_once('@')?;
        let is_local = !local.is_empty()
            && local.len() <= LONGEST_LOCAL_PART
            && local.chars().all(|letter| !is_syntax(letter));
        let has_syntax = domain.chars().any(is_syntax);
        let domain =
            idna::domain_to_ascii_strict(domain).ok().filter(|_| is_local && !has_syntax)?;
        let address = format!("{local}@{domain}");
        (address.len() <= LONGEST).then_some(Self(address))
    }

    pub(crate) fn as_str(&self) -> &str {
        &self.0
    }
}

impl From<Address> for String {
    fn from(address: Address) -> Self {
        address.0
    }
}

impl Debug for Address {
    fn fmt(&self, formatter: &mut Formatter<'_>) -> fmt::Result {
        formatter.write_str("Address(…)")
    }
}

fn is_syntax(letter: char) -> bool {
    letter.is_whitespace() || letter.is_control() || is_invisible(letter) || SYNTAX.contains(letter)
}

/// What nobody sees, or what turns the text around it.
fn is_invisible(letter: char) -> bool {
    matches!(
        letter,
        '\u{ad}' | '\u{61c}' | '\u{180e}' | '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}'
            | '\u{2060}'..='\u{206f}' | '\u{fe00}'..='\u{fe0f}' | '\u{feff}' | '\u{e0000}'..='\u{e0fff}'
    )
}

#[cfg(test)]
mod tests {
    #![expect(clippy::print_stdout, reason = "the run says how many vectors it used")]

    use serde_json::Value;

    use super::*;

    const VECTORS: &str = include_str!("../tests/vectors/authjs/cookies.json");

    /// What Auth.js lets pass or cuts short: a mail system could read more into it, or something else.
    const REFUSED: [&str; 5] = [
        "a,b@example.com",
        "ada@example.com,evil.com",
        "a b@example.com",
        "ada@exa mple.com",
        "<ada@example.com>",
    ];

    fn parsed(text: &str) -> Option<String> {
        Address::parse(text).map(String::from)
    }

    #[test]
    fn one_mailbox_has_one_form() {
        for (text, address) in [
            (" Ana@Example.COM ", "ana@example.com"),
            ("ana+tag@example.com", "ana+tag@example.com"),
            ("o'brien@example.com", "o'brien@example.com"),
            ("ana\u{ff20}example.com", "ana@example.com"),
            ("ana\u{fe6b}example.com", "ana@example.com"),
            ("ana@\u{ff25}xample.com", "ana@example.com"),
            ("ana@B\u{dc}CHER.example", "ana@xn--bcher-kva.example"),
            ("ana@bu\u{308}cher.example", "ana@xn--bcher-kva.example"),
            ("ana@xn--bcher-kva.example", "ana@xn--bcher-kva.example"),
            ("ana@example\u{3002}com", "ana@example.com"),
            ("ana@localhost", "ana@localhost"),
        ] {
            assert_eq!(parsed(text).as_deref(), Some(address), "{text}");
            assert_eq!(parsed(address).as_deref(), Some(address), "{text}, once more");
        }
    }

    #[test]
    fn every_address_is_read_as_there_or_refused_for_a_reason() {
        let vectors: Value = serde_json::from_str(VECTORS).unwrap();
        let entries = vectors["email_normalisation"].as_array().unwrap();
        for entry in entries {
            let text = entry["input"].as_str().unwrap_or_default();
            let there = entry["output"].as_str();
            assert_eq!(there.is_none(), entry["error"] == true, "{text:?}");
            let here = there.filter(|_| !REFUSED.contains(&text));
            assert_eq!(parsed(text).as_deref(), here, "{text:?}");
        }
        let read = |refused: &str| entries.iter().any(|entry| entry["input"] == refused);
        assert!(REFUSED.into_iter().all(read));
        let (all, apart) = (entries.len(), REFUSED.len());
        println!(
            "cookies.json, email_normalisation: used {all} of {all}, {apart} decided otherwise"
        );
    }

    #[test]
    fn whatever_could_be_read_otherwise_is_none() {
        for text in [
            "",
            "ana",
            "ana@",
            "@example.com",
            "a@evil.test@corp.test",
            "\"a@evil.test\"@corp.test",
            "Ana <a@b.test>",
            "<a@b.test>",
            "a b@c.test",
            "a@b.test,c@d.test",
            "a,b@c.test",
            "a@b.test;c@d.test",
            "@relay.test:a@b.test",
            "a%evil.test@corp.test",
            "evil.test!a@corp.test",
            "a@b.test\r\nBcc: c@d.test",
            "a@b.test\0",
            "a(comment)@b.test",
            "a@[127.0.0.1]",
            "a\u{200b}@b.test",
            "a\u{202e}@b.test",
            "a\u{ff20}b\u{ff20}c.test",
            "a\u{ff0c}b@c.test",
        ] {
            assert_eq!(parsed(text), None, "{text:?}");
        }
    }

    /// RUSTSEC-2024-0421: an A-label that hides plain letters, or none at all, is no other way to write a domain.
    #[test]
    fn rustsec_2024_0421_a_domain_has_no_disguise() {
        for domain in
            ["xn--example-.com", "xn--.com", "xn--a.com", "xn--zzzz-.com", "-a.com", "a..com"]
        {
            assert_eq!(parsed(&format!("ana@{domain}")), None, "{domain}");
        }
        assert_ne!(
            parsed("ana@\u{430}pple.com"),
            parsed("ana@apple.com"),
            "a Cyrillic letter is another one"
        );
        assert_eq!(parsed("ana@\u{430}pple.com").as_deref(), Some("ana@xn--pple-43d.com"));
    }

    /// CVE-2019-19844: letters that only become the same in upper case are not the same.
    #[test]
    fn cve_2019_19844_letters_that_look_alike_in_upper_case_differ() {
        assert_ne!(parsed("m\u{131}ke@example.org"), parsed("mike@example.org"));
        assert_ne!(parsed("mi\u{17f}s@example.org"), None);
        assert_eq!(parsed("mi\u{212a}e@example.org").as_deref(), Some("mike@example.org"));
    }

    #[test]
    fn no_longer_than_a_mail_system_takes() {
        let domain = format!("{}.{}.{}.test", "d".repeat(60), "e".repeat(60), "f".repeat(60));
        assert!(parsed(&format!("{}@{domain}", "a".repeat(64))).is_some());
        assert_eq!(parsed(&format!("{}@{domain}", "a".repeat(65))), None);
        assert_eq!(parsed(&format!("{}@gg.{domain}", "a".repeat(64))), None);
    }
}
