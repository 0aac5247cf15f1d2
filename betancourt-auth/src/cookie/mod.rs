//! Cookies: their names, prefixes and attributes; what a browser sent and what it is told to keep.

mod chunks;
#[cfg(test)]
mod vectors;

use std::borrow::Cow;
use std::fmt::{self, Write as _};

use cookie::{Cookie, Expiration, SameSite};
use http::header::{COOKIE, HeaderMap, HeaderValue};
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, percent_decode_str, utf8_percent_encode};
use time::format_description::BorrowedFormatItem;
use time::macros::format_description;
use time::{Duration, OffsetDateTime, UtcOffset};

pub(crate) use chunks::{Joined, every_name};

/// What JavaScript's `encodeURIComponent` leaves as it is.
const COMPONENT: &AsciiSet = &NON_ALPHANUMERIC
    .remove(b'-')
    .remove(b'_')
    .remove(b'.')
    .remove(b'!')
    .remove(b'~')
    .remove(b'*')
    .remove(b'\'')
    .remove(b'(')
    .remove(b')');
/// The date format of HTTP (RFC 9110 §5.6.7).
const HTTP_DATE: &[BorrowedFormatItem<'_>] = format_description!(
    "[weekday repr:short], [day] [month repr:short] [year] [hour]:[minute]:[second] GMT"
);

/// The names, as Auth.js has them; with prefixes where the site is reached over https (RFC 6265bis §4.1.3).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Names {
    secure: bool,
}

impl Names {
    pub(crate) fn new(secure: bool) -> Self {
        Self { secure }
    }

    pub(crate) fn session(self) -> &'static str {
        if self.secure { "__Secure-authjs.session-token" } else { "authjs.session-token" }
    }

    /// The name under which NextAuth.js v4 kept its sessions.
    pub(crate) fn session_of_v4(self) -> &'static str {
        if self.secure { "__Secure-next-auth.session-token" } else { "next-auth.session-token" }
    }

    /// What remembers where a browser asked to return to.
    pub(crate) fn callback_url(self) -> &'static str {
        if self.secure { "__Secure-authjs.callback-url" } else { "authjs.callback-url" }
    }

    pub(crate) fn csrf(self) -> &'static str {
        if self.secure { "__Host-authjs.csrf-token" } else { "authjs.csrf-token" }
    }

    /// What the name of every handshake begins with; its id follows.
    pub(crate) fn handshakes(self) -> &'static str {
        if self.secure { "__Host-authjs.handshake." } else { "authjs.handshake." }
    }

    pub(crate) fn handshake(self, id: &str) -> String {
        format!("{}{id}", self.handshakes())
    }

    /// What a browser keeps that asked for a mail.
    pub(crate) fn mail(self) -> &'static str {
        if self.secure { "__Host-authjs.mail" } else { "authjs.mail" }
    }

    /// What a browser keeps that signs out at its provider.
    pub(crate) fn sign_out(self) -> &'static str {
        if self.secure { "__Host-authjs.sign-out" } else { "authjs.sign-out" }
    }

    /// `name=value` with the attributes that all our cookies have: `Path=/; HttpOnly; SameSite=Lax`, and `Secure`.
    pub(crate) fn cookie<'a>(
        self,
        name: impl Into<Cow<'a, str>>,
        value: impl Into<Cow<'a, str>>,
    ) -> Cookie<'a> {
        Cookie::build((name, value))
            .path("/")
            .http_only(true)
            .secure(self.secure)
            .same_site(SameSite::Lax)
            .build()
    }

    /// Tells the browser to forget a cookie: empty value, `Max-Age=0`, the attributes it was made with.
    pub(crate) fn clear<'a>(self, name: impl Into<Cow<'a, str>>) -> Cookie<'a> {
        let mut cookie = self.cookie(name, "");
        cookie.set_max_age(Duration::ZERO);
        cookie
    }
}

/// Gives a cookie an end.
pub(crate) fn until(mut cookie: Cookie<'_>, end: OffsetDateTime) -> Cookie<'_> {
    cookie.set_expires(Expiration::DateTime(end));
    cookie
}

/// Lets a cookie come along when another site posts to us. Browsers ask for `Secure` then, and keep such a cookie on
/// `localhost` over http, too.
pub(crate) fn cross_site(mut cookie: Cookie<'_>) -> Cookie<'_> {
    cookie.set_same_site(SameSite::None);
    cookie.set_secure(true);
    cookie
}

/// The `Set-Cookie` header of a cookie, byte for byte as Auth.js writes it.
pub(crate) fn header(cookie: &Cookie<'_>) -> Option<HeaderValue> {
    HeaderValue::try_from(written(cookie).ok()?).ok()
}

fn written(cookie: &Cookie<'_>) -> Result<String, fmt::Error> {
    let value = utf8_percent_encode(cookie.value(), COMPONENT);
    let mut text = format!("{}={value}", cookie.name());
    if let Some(age) = cookie.max_age() {
        write!(text, "; Max-Age={}", age.whole_seconds())?;
    }
    if let Some(path) = cookie.path() {
        write!(text, "; Path={path}")?;
    }
    if let Some(end) = cookie.expires_datetime() {
        let end = end.to_offset(UtcOffset::UTC).format(HTTP_DATE).map_err(|_| fmt::Error)?;
        write!(text, "; Expires={end}")?;
    }
    if cookie.http_only() == Some(true) {
        text.push_str("; HttpOnly");
    }
    if cookie.secure() == Some(true) {
        text.push_str("; Secure");
    }
    if let Some(same_site) = cookie.same_site() {
        write!(text, "; SameSite={same_site}")?;
    }
    Ok(text)
}

/// What the browser sent, in its order.
#[derive(Debug, Default)]
pub(crate) struct Cookies(Vec<(String, String)>);

/// The one value of a cookie, or why there is none.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Found<'a> {
    Nothing,
    One(&'a str),
    /// More than one value of the same name: somebody else's hand is in it.
    Several,
}

/// More cookies than any browser keeps for a site.
const MOST: usize = 500;

impl Cookies {
    /// Whether there are more than a browser would send, told without copying one of them. Those that look like ours do not
    /// count: however many chunks of a session there are, all of them have to be cleared.
    pub(crate) fn are_too_many(headers: &HeaderMap) -> bool {
        let all =
            || headers.get_all(COOKIE).iter().flat_map(|value| value.as_bytes().split(is_end));
        all().nth(MOST).is_some() && all().filter(|pair| !looks_like_ours(pair)).nth(MOST).is_some()
    }

    /// Reads all `Cookie` headers. Of [too many](Self::are_too_many) none counts. What is not text in one cookie, in its
    /// bytes or percent-encoded, spoils that cookie alone: it stays there as a value that is none of ours. A pair without a
    /// `=` is passed over.
    pub(crate) fn read(headers: &HeaderMap) -> Self {
        let mut cookies = Vec::new();
        if Self::are_too_many(headers) {
            return Self(cookies);
        }
        for value in headers.get_all(COOKIE) {
            // The strict reading is several times faster than the lossy one, and nearly always all it takes.
            let text = str::from_utf8(value.as_bytes()).map(Cow::Borrowed);
            let text = text.unwrap_or_else(|_| String::from_utf8_lossy(value.as_bytes()));
            cookies.extend(text.split(';').filter_map(read_pair));
        }
        Self(cookies)
    }

    pub(crate) fn find(&self, name: &str) -> Found<'_> {
        let mut values =
            self.0.iter().filter(|(known, _)| known == name).map(|(_, value)| value.as_str());
        match (values.next(), values.next()) {
            (None, _) => Found::Nothing,
            (Some(value), None) => Found::One(value),
            (Some(_), Some(_)) => Found::Several,
        }
    }

    /// The cookies whose name begins so: what follows in the name, and the value.
    pub(crate) fn beginning<'a>(
        &'a self,
        prefix: &'a str,
    ) -> impl Iterator<Item = (&'a str, &'a str)> {
        self.0
            .iter()
            .filter_map(move |(name, value)| Some((name.strip_prefix(prefix)?, value.as_str())))
    }
}

fn is_end(byte: &u8) -> bool {
    *byte == b';'
}

fn looks_like_ours(pair: &[u8]) -> bool {
    let name = pair.trim_ascii_start();
    let prefixes = [b"__Secure-".as_slice(), b"__Host-"];
    let bare = prefixes.iter().find_map(|prefix| name.strip_prefix(*prefix)).unwrap_or(name);
    bare.starts_with(b"authjs.") || bare.starts_with(b"next-auth.")
}

/// Decodes the value, never the name, and trims the name as browsers do: one that only becomes a prefixed name by our
/// reading of it was never held to its prefix.
fn read_pair(pair: &str) -> Option<(String, String)> {
    let (name, value) = pair.split_once('=')?;
    let (name, value) = (name.trim_ascii().to_owned(), value.trim());
    // To look for a `%` takes far less time than to decode what has none.
    let decoded = value.contains('%').then(|| percent_decode_str(value).decode_utf8().ok());
    Some((name, decoded.flatten().map_or_else(|| value.to_owned(), Cow::into_owned)))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn cookies(header: &[u8]) -> Cookies {
        let mut headers = HeaderMap::new();
        headers.insert(COOKIE, HeaderValue::from_bytes(header).unwrap());
        Cookies::read(&headers)
    }

    #[test]
    fn reads_what_a_browser_sends() {
        let cookies = cookies(b"a=1; authjs.csrf-token=ab%7Ccd;  b=2; nonsense; a=3");
        assert_eq!(cookies.find("authjs.csrf-token"), Found::One("ab|cd"));
        assert_eq!(cookies.find("a"), Found::Several);
        assert_eq!(cookies.find("c"), Found::Nothing);
    }

    #[test]
    fn of_more_than_a_browser_has_none_counts() {
        let header = |number: usize| vec!["a=1"; number].join(";");
        assert_eq!(cookies(header(MOST).as_bytes()).0.len(), MOST);
        assert_eq!(cookies(header(MOST + 1).as_bytes()).0.len(), 0);
        let chunks =
            format!("a=1; {}", vec!["__Secure-authjs.session-token.3=A"; 2 * MOST].join("; "));
        assert_eq!(cookies(chunks.as_bytes()).0.len(), 1 + 2 * MOST);
    }

    #[test]
    fn what_is_not_text_spoils_one_cookie_only() {
        let cookies = cookies(b"a=\xff; b=%ff%; c=1");
        assert_eq!(cookies.find("a"), Found::One("\u{fffd}"));
        assert_eq!(cookies.find("b"), Found::One("%ff%"));
        assert_eq!(cookies.find("c"), Found::One("1"));
    }

    #[test]
    fn a_name_is_what_the_browser_took_it_for() {
        let cookies =
            cookies("__%48ost-a=1; \u{2000}__Host-a=2; \u{85}__Host-a=3;\t__Host-a=4".as_bytes());
        assert_eq!(cookies.find("__Host-a"), Found::One("4"));
    }

    #[test]
    fn writes_what_auth_js_writes() {
        let cookie = Names::new(true).cookie("__Host-authjs.csrf-token", "ab|cd");
        assert_eq!(
            header(&cookie).unwrap(),
            "__Host-authjs.csrf-token=ab%7Ccd; Path=/; HttpOnly; Secure; SameSite=Lax"
        );
    }
}
