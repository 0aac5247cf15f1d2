//! The cookies of one browser, kept by the rules of RFC 6265bis; every one that we set is held to ours.

use cookie::{Cookie, SameSite};

use super::request::{From, Request};

/// Browsers keep nothing longer (RFC 6265bis §5.6).
const LONGEST: usize = 4096;
/// The names of our cookies, without prefix.
const OURS: [&str; 7] = [
    "authjs.session-token",
    "authjs.csrf-token",
    "authjs.handshake.",
    "authjs.callback-url",
    "authjs.mail",
    "authjs.sign-out",
    "next-auth.session-token", // cleared, where it is read
];

/// A jar. It does not look at `Expires`: a hostile browser keeps what has expired.
#[derive(Clone, Debug)]
pub(crate) struct Jar {
    cookies: Vec<Cookie<'static>>,
    /// Whether the site is reached over https.
    secure: bool,
}

impl Jar {
    pub(crate) fn new(secure: bool) -> Self {
        Self { cookies: Vec::new(), secure }
    }

    /// Keeps or forgets a cookie of ours, and fails if it lacks anything that protects it (SESS-05).
    pub(crate) fn keep(&mut self, set_cookie: &str) {
        let cookie = Cookie::parse(set_cookie.to_owned()).unwrap();
        self.assert_is_protected(&cookie, set_cookie);
        self.forget(cookie.name());
        if cookie.max_age().is_none_or(|age| !age.is_zero()) {
            self.cookies.push(cookie);
        }
    }

    /// Keeps a cookie that somebody else slipped in: one more, even if there is one of that name.
    pub(crate) fn plant(&mut self, name: &str, value: &str) {
        let cookie = Cookie::build((name.to_owned(), value.to_owned())).path("/").secure(true);
        self.cookies.push(cookie.same_site(SameSite::Lax).build());
    }

    /// The names of the cookies that hold the session.
    pub(crate) fn session_names(&self) -> Vec<&str> {
        let names = self.cookies.iter().map(Cookie::name);
        names.filter(|name| name.contains("session-token")).collect()
    }

    pub(crate) fn forget(&mut self, name: &str) {
        self.cookies.retain(|known| known.name() != name);
    }

    /// The one cookie whose name begins so, prefixes aside: its whole name and its value.
    pub(crate) fn find(&self, name: &str) -> Option<(String, String)> {
        let plain = |cookie: &Cookie<'_>| {
            let name = cookie.name();
            name.trim_start_matches("__Host-").trim_start_matches("__Secure-").to_owned()
        };
        let found = self.cookies.iter().find(|cookie| plain(cookie).starts_with(name))?;
        Some((found.name().to_owned(), found.value().to_owned()))
    }

    /// What goes along with a request: `Lax` stays at home when another site sends it, unless by a link.
    pub(crate) fn header(&self, request: &Request) -> Option<String> {
        let is_safe = request.method == "GET" || request.method == "HEAD";
        let goes = |cookie: &&Cookie<'_>| match (request.from, cookie.same_site()) {
            (From::Us, _) | (_, Some(SameSite::None)) => true,
            (From::AnotherSite, Some(SameSite::Lax)) => is_safe,
            _ => false,
        };
        let pairs: Vec<_> = self
            .cookies
            .iter()
            .filter(goes)
            .map(|cookie| format!("{}={}", cookie.name(), cookie.value()))
            .collect();
        (!pairs.is_empty()).then(|| pairs.join("; "))
    }

    fn assert_is_protected(&self, cookie: &Cookie<'_>, text: &str) {
        let (name, is_prefixed) = match cookie.name().split_once('-') {
            Some(("__Host" | "__Secure", name)) => (name, true),
            _ => (cookie.name(), false),
        };
        assert!(OURS.iter().any(|ours| name.starts_with(ours)), "a stranger: {text}");
        assert!(text.len() <= LONGEST, "browsers drop it: {text}");
        assert_eq!(cookie.http_only(), Some(true), "{text}");
        assert_eq!(cookie.path(), Some("/"), "{text}");
        assert_eq!(cookie.domain(), None, "{text}");
        let is_secure = cookie.secure() == Some(true);
        assert!(is_prefixed == self.secure && (is_secure || !self.secure), "{text}");
        match cookie.same_site() {
            Some(SameSite::Lax | SameSite::Strict) => {}
            Some(SameSite::None) => assert!(is_secure && name.starts_with(OURS[2]), "{text}"),
            None => panic!("{text}"),
        }
    }
}
