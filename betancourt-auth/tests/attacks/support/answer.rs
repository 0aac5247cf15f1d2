//! An answer as it came over the socket, and what a test may ask of it.

use serde_json::Value;
use url::Url;

/// An answer, every header line of it kept.
#[derive(Clone, Debug)]
pub(crate) struct Answer {
    pub(crate) status: u16,
    pub(crate) headers: Vec<(String, String)>,
    pub(crate) body: String,
}

impl Answer {
    /// Reads what a server wrote before it closed the connection.
    pub(crate) fn parse(raw: &[u8]) -> Self {
        let text = String::from_utf8_lossy(raw);
        let (head, body) = text.split_once("\r\n\r\n").unwrap_or((&text, ""));
        let mut lines = head.split("\r\n");
        let status = lines.next().and_then(|line| line.split(' ').nth(1)).unwrap_or_default();
        let header = |line: &str| {
            let (name, value) = line.split_once(':').unwrap();
            (name.to_ascii_lowercase(), value.trim().to_owned())
        };
        Self {
            status: status.parse().unwrap_or_else(|_| panic!("no answer but {text:?}")),
            headers: lines.map(header).collect(),
            body: body.to_owned(),
        }
    }

    pub(crate) fn all(&self, name: &str) -> impl Iterator<Item = &str> {
        self.headers.iter().filter(move |(known, _)| known == name).map(|(_, value)| &**value)
    }

    /// The value of a header that is there at most once.
    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        let mut values = self.all(name);
        let first = values.next();
        assert!(values.next().is_none(), "{name} is there twice: {self:?}");
        first
    }

    /// Where a redirect leads, read as a browser would.
    #[track_caller]
    pub(crate) fn location(&self) -> Url {
        let location = self.header("location").unwrap_or_else(|| panic!("no redirect: {self:?}"));
        Url::parse(location).unwrap_or_else(|_| panic!("{location}"))
    }

    #[track_caller]
    pub(crate) fn json(&self) -> Value {
        serde_json::from_str(&self.body).unwrap_or_else(|_| panic!("no JSON: {self:?}"))
    }

    /// The names of the cookies that are set, not cleared.
    pub(crate) fn sets(&self) -> Vec<&str> {
        let kept = self.all("set-cookie").filter(|cookie| !cookie.contains("Max-Age=0"));
        kept.filter_map(|cookie| cookie.split_once('=')).map(|(name, _)| name).collect()
    }

    /// The names of the cookies that are cleared.
    pub(crate) fn clears(&self) -> Vec<&str> {
        let cleared = self.all("set-cookie").filter(|cookie| cookie.contains("Max-Age=0"));
        cleared.filter_map(|cookie| cookie.split_once('=')).map(|(name, _)| name).collect()
    }

    pub(crate) fn sets_a_session(&self) -> bool {
        self.sets().iter().any(|name| name.contains("session-token"))
    }

    /// The browser was let in.
    #[track_caller]
    pub(crate) fn assert_welcome(&self) {
        assert!(matches!(self.status, 302 | 303), "{self:?}");
        assert_eq!(self.location().query(), None, "{self:?}");
        assert!(self.sets_a_session(), "{self:?}");
    }

    /// Back to a page of ours with that code and nothing else from outside, and nobody is signed in.
    #[track_caller]
    pub(crate) fn assert_refused(&self, code: &str) {
        assert!(matches!(self.status, 302 | 303), "{self:?}");
        let location = self.location();
        assert!(["/auth/signin", "/auth/error"].contains(&location.path()), "{self:?}");
        let query: Vec<_> = location.query_pairs().into_owned().collect();
        let [(error, said), (reference, letters)] = query.as_slice() else { panic!("{self:?}") };
        assert_eq!((error.as_str(), said.as_str(), reference.as_str()), ("error", code, "ref"));
        assert_eq!(letters.len(), 8, "{self:?}");
        assert!(!self.sets_a_session(), "{self:?}");
        assert!(self.header("cache-control").unwrap().contains("no-store"), "{self:?}");
        assert_eq!(self.body, "");
    }

    /// Refused in place.
    #[track_caller]
    pub(crate) fn assert_status(&self, status: u16) {
        assert_eq!(self.status, status, "{self:?}");
        assert!(!self.sets_a_session(), "{self:?}");
    }
}
