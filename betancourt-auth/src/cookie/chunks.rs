//! A value that one cookie cannot hold: cut into chunks, `name.0`, `name.1` and so on, and put together again.
//!
//! As in Auth.js, but for what goes wrong: Auth.js joins every cookie whose name begins so. Here it is the one cookie
//! of that name or an unbroken row of chunks, never both; whatever else comes is nobody's session.

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};

use http::HeaderValue;
use time::OffsetDateTime;

use super::{Cookies, Names, header, until};

/// How much of a value one cookie holds: what browsers keep, less name and attributes.
const CHUNK: usize = 3936;
/// How many chunks are put together again, and cleared unseen.
const MOST: usize = 8;

/// A value put together.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Joined<'a> {
    Nothing,
    Whole(Cow<'a, str>),
    /// Two cookies of one name: somebody else's hand is in it.
    Doubled,
    /// Chunks with a gap, with the whole cookie beside them, or too many.
    Broken,
}

impl Cookies {
    /// Puts together what stands under a name. An empty cookie counts as none.
    pub(crate) fn join(&self, name: &str) -> Joined<'_> {
        let mut chunks = BTreeMap::new();
        let present = self.pieces(name).filter(|(_, value)| !value.is_empty());
        for (piece, value) in present {
            if chunks.insert(piece, value).is_some() {
                return Joined::Doubled;
            }
        }
        let is_unbroken =
            chunks.keys().copied().eq((0..chunks.len()).map(|n| Piece::Chunk(Some(n))));
        match chunks.first_key_value() {
            None => Joined::Nothing,
            Some((Piece::Whole, value)) if chunks.len() == 1 => Joined::Whole(Cow::Borrowed(value)),
            Some(_) if is_unbroken && chunks.len() <= MOST => {
                Joined::Whole(Cow::Owned(chunks.into_values().collect()))
            }
            Some(_) => Joined::Broken,
        }
    }

    /// Whether any cookie stands for a name: itself, or a chunk of it.
    pub(crate) fn has(&self, name: &str) -> bool {
        self.pieces(name).next().is_some()
    }

    /// The names of all cookies that stand for a name: itself and its chunks, each once.
    pub(crate) fn names_under<'a>(&'a self, name: &'a str) -> BTreeSet<&'a str> {
        self.0
            .iter()
            .map(|(known, _)| known.as_str())
            .filter(|known| Piece::parse(known, name).is_some())
            .collect()
    }

    fn pieces(&self, name: &str) -> impl Iterator<Item = (Piece, &str)> {
        self.0.iter().filter_map(move |(known, value)| Some((Piece::parse(known, name)?, &**value)))
    }
}

impl Names {
    /// The cookies that hold a value under a name until `end`, and the clearing ones for what stood there before.
    pub(crate) fn keep<'a>(
        self,
        name: &str,
        value: &str,
        end: OffsetDateTime,
        before: impl IntoIterator<Item = &'a str>,
    ) -> Vec<HeaderValue> {
        let pieces = cut(name, value);
        let is_stale = |old: &&str| !pieces.iter().any(|(piece, _)| piece == old);
        let stale: Vec<_> = before.into_iter().filter(is_stale).collect();
        let kept = pieces.iter().map(|(name, part)| until(self.cookie(&**name, *part), end));
        self.forget(stale).into_iter().chain(kept.filter_map(|cookie| header(&cookie))).collect()
    }

    /// The clearing cookies for some names.
    pub(crate) fn forget<'a>(self, names: impl IntoIterator<Item = &'a str>) -> Vec<HeaderValue> {
        names.into_iter().filter_map(|name| header(&self.clear(name))).collect()
    }
}

/// Every name under which a value of ours can stand, for an answer to a request that did not bring its cookies along.
pub(crate) fn every_name(name: &str) -> Vec<String> {
    std::iter::once(name.to_owned()).chain((0..MOST).map(|number| chunk(name, number))).collect()
}

fn cut<'a>(name: &str, value: &'a str) -> Vec<(String, &'a str)> {
    if value.len() <= CHUNK {
        return vec![(name.to_owned(), value)];
    }
    let (mut pieces, mut rest) = (Vec::new(), value);
    while !rest.is_empty() {
        // A sealed session is base64url and dots, so there is a character's end everywhere.
        let (part, after) = rest.split_at_checked(CHUNK).unwrap_or((rest, ""));
        pieces.push((chunk(name, pieces.len()), part));
        rest = after;
    }
    pieces
}

fn chunk(name: &str, number: usize) -> String {
    format!("{name}.{number}")
}

/// What a cookie is to a name.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Piece {
    Whole,
    /// `None`: a number that no chunk of ours has.
    Chunk(Option<usize>),
}

impl Piece {
    /// The name itself, or the name, a dot, and digits; nothing else is any of it.
    fn parse(cookie: &str, name: &str) -> Option<Self> {
        let rest = cookie.strip_prefix(name)?;
        if rest.is_empty() {
            return Some(Self::Whole);
        }
        let digits = rest.strip_prefix('.')?;
        if digits.is_empty() || !digits.bytes().all(|digit| digit.is_ascii_digit()) {
            return None;
        }
        let is_plain = digits == "0" || !digits.starts_with('0');
        Some(Self::Chunk(digits.parse().ok().filter(|_| is_plain)))
    }
}

#[cfg(test)]
mod tests {
    #![expect(clippy::print_stdout, reason = "the run says how many vectors it used")]

    use http::header::{COOKIE, HeaderMap};
    use serde_json::{Map, Value};
    use time::Duration;

    use super::*;

    const VECTORS: &str = include_str!("../../tests/vectors/authjs/cookies.json");
    const NAME: &str = "authjs.session-token";

    /// What Auth.js puts together and we do not, and what we make of it.
    const DEVIATIONS: &[(&str, &str, Option<&str>)] = &[
        ("eleven", "at most eight chunks", None),
        ("gap", "a gap is no session", None),
        ("stale-base-first", "the whole cookie or chunks, never both", None),
        ("stale-base-last", "the whole cookie or chunks, never both", None),
        ("foreign-prefix", "another cookie's name may begin so", Some("A")),
        ("foreign-dotted", "another cookie's name may begin so", Some("A")),
    ];
    /// Entries that are of no use here.
    const LISTED: &[(&str, &str)] = &[
        ("v4-fits-3933", "cookies of v4 are read and cleared, never written"),
        ("v4-splits-3934", "cookies of v4 are read and cleared, never written"),
        ("empty-value", "a session is never an empty value; it is cleared by name"),
    ];

    fn vectors() -> Value {
        serde_json::from_str::<Value>(VECTORS).unwrap()["chunking"].take()
    }

    fn cookies(pairs: &Map<String, Value>) -> Cookies {
        let pairs: Vec<_> = pairs
            .iter()
            .map(|(name, value)| format!("{name}={}", value.as_str().unwrap()))
            .collect();
        read(&pairs.join("; "))
    }

    fn read(header: &str) -> Cookies {
        let mut headers = HeaderMap::new();
        headers.insert(COOKIE, header.parse().unwrap());
        Cookies::read(&headers)
    }

    fn joined(cookies: &Cookies) -> Option<String> {
        match cookies.join(NAME) {
            Joined::Whole(value) => Some(value.into_owned()),
            Joined::Nothing | Joined::Doubled | Joined::Broken => None,
        }
    }

    #[test]
    fn every_reassembly_is_as_there_or_stricter() {
        let vectors = vectors();
        let cases = vectors["reassembly"].as_array().unwrap();
        for case in cases {
            let id = case["id"].as_str().unwrap();
            let expected = match DEVIATIONS.iter().find(|(known, _, _)| *known == id) {
                Some((_, _, ours)) => ours.map(str::to_owned),
                None => Some(case["value"].as_str().unwrap().to_owned()),
            };
            assert_eq!(joined(&cookies(case["cookies"].as_object().unwrap())), expected, "{id}");
        }
        let (all, apart) = (cases.len(), DEVIATIONS.len());
        assert_eq!(all, 11);
        println!("cookies.json, reassembly: {all} of {all} used, {apart} decided otherwise");
    }

    #[test]
    fn every_value_is_cut_as_there() {
        let (mut used, mut listed) = (0, 0);
        for case in vectors()["cases"].as_array().unwrap() {
            if LISTED.iter().any(|(id, _)| case["id"] == *id) {
                listed += 1;
                continue;
            }
            used += 1;
            let name = case["cookie"].as_str().unwrap();
            let length = usize::try_from(case["value_length"].as_u64().unwrap()).unwrap();
            let before = cookies(case["request_cookies"].as_object().unwrap());
            let end = OffsetDateTime::UNIX_EPOCH + Duration::days(1);
            let names = Names::new(name.starts_with("__Secure-"));
            let set = names.keep(name, &"A".repeat(length), end, before.names_under(name));
            let mut set: Vec<_> = set.iter().map(described).collect();
            let expected = case["set"].as_array().unwrap().iter();
            let mut expected: Vec<_> = expected
                .map(|cookie| {
                    let name = cookie["name"].as_str().unwrap().to_owned();
                    let length = usize::try_from(cookie["length"].as_u64().unwrap()).unwrap();
                    (name, length, cookie["maxAge"] == 0)
                })
                .collect();
            set.sort();
            expected.sort();
            assert_eq!(set, expected, "{}", case["id"]);
        }
        assert_eq!((used, listed), (9, LISTED.len()));
        println!("cookies.json, chunking: {used} used, {listed} listed");
    }

    /// A `Set-Cookie`: its name, the length of its value, and whether it clears.
    fn described(header: &HeaderValue) -> (String, usize, bool) {
        let text = header.to_str().unwrap();
        let (name, rest) = text.split_once('=').unwrap();
        (name.to_owned(), rest.find(';').unwrap(), rest.contains("Max-Age=0"))
    }

    #[test]
    fn a_real_session_of_three_chunks_is_put_together() {
        let vectors = vectors();
        let real = &vectors["real_session"];
        let token = joined(&read(real["cookie_header"].as_str().unwrap())).unwrap();
        let set = real["set_cookie"].as_array().unwrap().iter().map(|cookie| {
            let (_, rest) = cookie.as_str().unwrap().split_once('=').unwrap();
            rest.split(';').next().unwrap()
        });
        assert_eq!(token, set.collect::<String>());
        assert_eq!(token.split('.').count(), 5);
    }

    #[test]
    fn what_does_not_fit_together_is_nobodys() {
        let wrong = [
            (format!("{NAME}.0=a; {NAME}.0=b"), Joined::Doubled),
            (format!("{NAME}=a; {NAME}=a"), Joined::Doubled),
            (format!("{NAME}.0=a; {NAME}.00=b"), Joined::Broken),
            (format!("{NAME}.1=a"), Joined::Broken),
            (format!("{NAME}.0=a; {NAME}.18446744073709551616=b"), Joined::Broken),
            (format!("{NAME}.x=a; {NAME}-y=b; {NAME}.=c"), Joined::Nothing),
        ];
        for (header, expected) in wrong {
            assert_eq!(read(&header).join(NAME), expected, "{header}");
        }
    }
}
