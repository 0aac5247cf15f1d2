//! Addresses with a gap: a name in braces stands for what is only known when a request is sent (RFC 6570 §3.2.2).

use std::borrow::Cow;

use url::form_urlencoded::byte_serialize;

/// The address with every gap filled. `None` when a name is not known.
pub(super) fn fill(address: &str, known: impl Fn(&str) -> Option<String>) -> Option<Cow<'_, str>> {
    if !address.contains('{') {
        return Some(Cow::Borrowed(address));
    }
    let mut filled = String::with_capacity(address.len());
    let mut rest = address;
    while let Some((before, after)) = rest.split_once('{') {
        let (name, after) = after.split_once('}')?;
        filled.push_str(before);
        filled.extend(byte_serialize(known(name)?.as_bytes()));
        rest = after;
    }
    filled.push_str(rest);
    Some(Cow::Owned(filled))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_fills_a_gap_stays_in_it() {
        let known = |name: &str| (name == "id").then(|| "../a&b=c".to_owned());
        let filled = fill("https://p.test/{id}/x?id={id}", known).unwrap();
        assert_eq!(filled, "https://p.test/..%2Fa%26b%3Dc/x?id=..%2Fa%26b%3Dc");
        assert_eq!(fill("https://p.test/x", known).unwrap(), "https://p.test/x");
        assert_eq!(fill("https://p.test/{other}", known), None);
        assert_eq!(fill("https://p.test/{id", known), None);
    }
}
