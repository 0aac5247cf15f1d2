//! What came in, read once: parameters, cookies, and who is asking from where.

use std::net::IpAddr;

use bytes::Bytes;
use http::header::{
    ACCEPT, ACCEPT_LANGUAGE, CONTENT_TYPE, COOKIE, HOST, HeaderMap, HeaderName, USER_AGENT,
};
use http::request::Parts;
use http::uri::Authority;
use http::{Method, Uri};
use ipnet::IpNet;
use serde_json::{Map, Value};
use url::form_urlencoded;

use crate::cookie::Cookies;
use crate::error::ErrorKind;
use crate::language::Language;

/// The header by which the Auth.js browser client asks for `{"url": …}` instead of a redirect.
const RETURN_REDIRECT: HeaderName = HeaderName::from_static("x-auth-return-redirect");
/// The member of a body that says what a session is to be updated with.
const DATA: &str = "data";
/// How much of a body an adapter reads: 64 KiB. The forms of sign-in need a small part of it.
pub const LARGEST_BODY: usize = 64 * 1024;
/// No field of a head is longer that means anything, but cookies: a sealed session as a bearer token is the longest.
const LONGEST_FIELD: usize = 48 * 1024;
/// How long all fields of a head together may be.
const LONGEST_HEAD: usize = 128 * 1024;
/// More than any form of sign-in has.
const MOST_PARAMETERS: usize = 1_000;
/// The type of a form, as browsers send it.
const FORM: &str = "application/x-www-form-urlencoded";
/// The type of a security event token (RFC 8417 §7.1).
const EVENT_TOKEN: &str = "application/secevent+jwt";
const LONGEST_DEVICE: usize = 256;
const FORWARDED_FOR: HeaderName = HeaderName::from_static("x-forwarded-for");
const FORWARDED_HOST: HeaderName = HeaderName::from_static("x-forwarded-host");
const FETCH_MODE: HeaderName = HeaderName::from_static("sec-fetch-mode");

/// The address at the other end of the connection. An adapter puts it into the request's extensions.
///
/// ```
/// use betancourt_auth::Peer;
/// let mut request = http::Request::new(bytes::Bytes::new());
/// request.extensions_mut().insert(Peer([127, 0, 0, 1].into()));
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Peer(pub IpAddr);

/// The proxies whose forwarding headers count: `X-Forwarded-For` and `X-Forwarded-Host`. Empty: none do.
///
/// ```
/// use betancourt_auth::TrustedProxies;
/// assert!(TrustedProxies::parse("10.0.0.0/8, ::1").is_some());
/// assert!(TrustedProxies::parse("my proxy").is_none());
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct TrustedProxies(Vec<IpNet>);

impl TrustedProxies {
    /// Reads addresses and networks (`10.0.0.0/8`), separated by commas. `None` when one of them is neither.
    #[must_use]
    pub fn parse(list: &str) -> Option<Self> {
        let networks = list.split(',').map(str::trim).filter(|entry| !entry.is_empty());
        let network = |entry: &str| {
            entry.parse().ok().or_else(|| entry.parse::<IpAddr>().map(IpNet::from).ok())
        };
        networks.map(network).collect::<Option<_>>().map(Self)
    }

    /// Whether an address is that of a proxy of ours.
    ///
    /// ```
    /// use betancourt_auth::TrustedProxies;
    /// let proxies = TrustedProxies::parse("10.0.0.0/8").unwrap();
    /// assert!(proxies.contains([10, 0, 0, 7].into()) && !proxies.contains([203, 0, 113, 9].into()));
    /// ```
    #[must_use]
    pub fn contains(&self, address: IpAddr) -> bool {
        self.0.iter().any(|network| network.contains(&address.to_canonical()))
    }

    /// The host that the browser named, as far as the peer may tell.
    pub(crate) fn host(
        &self,
        peer: Option<Peer>,
        uri: &Uri,
        headers: &HeaderMap,
    ) -> Option<String> {
        let is_doubled = headers.get_all(HOST).iter().nth(1).is_some();
        if is_doubled {
            return None; // RFC 9112 §3.2: whoever reads the other one sees another host
        }
        let text = |name: &HeaderName| headers.get(name).and_then(|value| value.to_str().ok());
        let forwarded =
            text(&FORWARDED_HOST).filter(|_| peer.is_some_and(|Peer(peer)| self.contains(peer)));
        let named = forwarded.or(uri.authority().map(Authority::as_str)).or(text(&HOST));
        named.map(str::to_owned)
    }

    /// The network that somebody asks from, for an application's own limits: an IPv4 address, or the /64 around an IPv6
    /// address, because whoever has one of its addresses has all of them. `None` where no adapter told the peer: then all
    /// share one limit, because otherwise nobody would have any.
    ///
    /// ```
    /// use betancourt_auth::{Peer, TrustedProxies};
    /// use http::HeaderMap;
    ///
    /// let proxies = TrustedProxies::parse("10.0.0.1").unwrap();
    /// let forwarded = HeaderMap::from_iter([("x-forwarded-for".parse().unwrap(), "2001:db8:7::9".parse().unwrap())]);
    /// let of = |peer: [u8; 4]| proxies.network(Some(Peer(peer.into())), &forwarded);
    /// assert_eq!(of([10, 0, 0, 1]).as_deref(), Some("2001:db8:7::"));
    /// assert_eq!(of([203, 0, 113, 9]).as_deref(), Some("203.0.113.9"), "nobody's word for it is taken");
    /// ```
    #[must_use]
    pub fn network(&self, peer: Option<Peer>, headers: &HeaderMap) -> Option<String> {
        let Peer(peer) = peer?;
        Some(household(self.client(peer, headers)))
    }

    /// The address that the first proxy of ours saw. Without a trusted peer it is the peer's own.
    fn client(&self, peer: IpAddr, headers: &HeaderMap) -> IpAddr {
        if !self.contains(peer) {
            return peer.to_canonical();
        }
        let texts = headers.get_all(FORWARDED_FOR).iter().filter_map(|value| value.to_str().ok());
        let hops: Vec<&str> = texts.flat_map(|text| text.split(',')).map(str::trim).collect();
        let known = hops.iter().rev().map_while(|hop| hop.parse::<IpAddr>().ok());
        let mut client = peer;
        for hop in known {
            client = hop.to_canonical();
            if !self.contains(client) {
                break;
            }
        }
        client
    }
}

/// Parameters in their order, from a query or a form.
#[derive(Clone, Debug, Default)]
pub(crate) struct Parameters {
    pairs: Vec<(String, String)>,
    /// Whether the body had members that are no texts.
    has_more: bool,
}

/// How often a parameter is there.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Once<'a> {
    Missing,
    One(&'a str),
    Repeated,
}

impl Parameters {
    fn urlencoded(text: &[u8]) -> Self {
        Self { pairs: form_urlencoded::parse(text).into_owned().collect(), has_more: false }
    }

    /// The members of a JSON object that are texts.
    fn texts(members: Map<String, Value>) -> Self {
        let count = members.len();
        let texts = members.into_iter().filter_map(|(name, value)| match value {
            Value::String(text) => Some((name, text)),
            Value::Null
            | Value::Bool(_)
            | Value::Number(_)
            | Value::Array(_)
            | Value::Object(_) => None,
        });
        let pairs: Vec<_> = texts.collect();
        Self { has_more: pairs.len() < count, pairs }
    }

    /// Whether nothing was left out because it is no text.
    pub(crate) fn is_texts(&self) -> bool {
        !self.has_more
    }

    /// The value that counts where Auth.js takes a flat map: the last one.
    pub(crate) fn last(&self, name: &str) -> Option<&str> {
        self.pairs.iter().rev().find(|(known, _)| known == name).map(|(_, value)| value.as_str())
    }

    /// All of them.
    pub(crate) fn pairs(&self) -> Vec<(&str, &str)> {
        self.pairs.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect()
    }

    /// The value of a parameter that may come once only (RFC 6749 §3.1).
    pub(crate) fn once(&self, name: &str) -> Once<'_> {
        let mut values =
            self.pairs.iter().filter(|(known, _)| known == name).map(|(_, value)| value.as_str());
        match (values.next(), values.next()) {
            (None, _) => Once::Missing,
            (Some(value), None) => Once::One(value),
            (Some(_), Some(_)) => Once::Repeated,
        }
    }
}

/// A request as the flows see it.
#[derive(Debug)]
pub(crate) struct Request {
    pub(crate) method: Method,
    pub(crate) uri: Uri,
    pub(crate) headers: HeaderMap,
    pub(crate) query: Parameters,
    pub(crate) form: Parameters,
    /// Whether it has a body of a type that is read.
    pub(crate) is_readable: bool,
    /// The body, if it is a security event token (RFC 8935 §2.1).
    pub(crate) event_token: Option<String>,
    /// The member `data` of the body: what a session is to be updated with.
    pub(crate) data: Option<Value>,
    pub(crate) cookies: Cookies,
    /// Where the request came from, as far as the proxies we trust can tell.
    pub(crate) client: Option<IpAddr>,
    /// The host that it was meant for.
    pub(crate) host: Option<String>,
    /// What is too much about it. Then neither cookies nor parameters were read.
    pub(crate) excess: Option<ErrorKind>,
}

impl Request {
    pub(crate) fn read(request: http::Request<Bytes>, trusted: &TrustedProxies) -> Self {
        let (mut parts, mut body) = request.into_parts();
        let excess = excess(&parts, &body);
        if excess.is_some() {
            (parts.uri, body) = (Uri::from_static("/"), Bytes::new());
            parts.headers.remove(COOKIE);
        }
        let peer = parts.extensions.get::<Peer>().copied();
        let is_post = parts.method == Method::POST;
        let read = is_post.then(|| read_body(&parts.headers, &body)).flatten();
        let is_readable = read.is_some();
        let is_event = is_post && kind_of(&parts.headers) == EVENT_TOKEN;
        let event_token = is_event.then(|| String::from_utf8(body.to_vec()).ok()).flatten();
        let (form, data) = read.unwrap_or_default();
        Self {
            query: Parameters::urlencoded(parts.uri.query().unwrap_or_default().as_bytes()),
            form,
            is_readable,
            event_token,
            data,
            cookies: Cookies::read(&parts.headers),
            client: peer.map(|Peer(peer)| trusted.client(peer, &parts.headers)),
            host: trusted.host(peer, &parts.uri, &parts.headers),
            excess,
            method: parts.method,
            uri: parts.uri,
            headers: parts.headers,
        }
    }

    /// Whether it brings a provider's answer. Neither code nor state may stay behind on a page.
    pub(crate) fn brings_an_answer(&self) -> bool {
        self.parameter("state").is_some()
    }

    /// A parameter of the form, else of the query.
    pub(crate) fn parameter(&self, name: &str) -> Option<&str> {
        self.form.last(name).or_else(|| self.query.last(name))
    }

    /// The parts of the path, in the last of which actions name their provider.
    pub(crate) fn parts(&self) -> impl DoubleEndedIterator<Item = &str> {
        self.uri.path().split('/').filter(|part| !part.is_empty())
    }

    pub(crate) fn header(&self, name: impl http::header::AsHeaderName) -> Option<&str> {
        self.headers.get(name).and_then(|value| value.to_str().ok())
    }

    /// The language that the browser asks for.
    pub(crate) fn language(&self) -> Language {
        language(&self.headers)
    }

    /// The `User-Agent`, shortened to what a list of sessions needs.
    pub(crate) fn device(&self) -> Option<String> {
        self.header(USER_AGENT).map(|device| device.chars().take(LONGEST_DEVICE).collect())
    }

    /// The network the request came from, as far as a log may know it: IPv4 by /24, IPv6 by /48.
    pub(crate) fn network(&self) -> Option<String> {
        self.client.map(|address| truncated(address, 24, 48))
    }
}

/// Whether the caller wants `{"url": …}` instead of a redirect. Only the header's presence counts.
pub(crate) fn wants_json(headers: &HeaderMap) -> bool {
    headers.contains_key(RETURN_REDIRECT)
}

/// Whether the browser is about to show the answer as a page. It says so by `Sec-Fetch-Mode`, older ones by `Accept`.
pub(crate) fn wants_page(method: &Method, headers: &HeaderMap) -> bool {
    let text = |name: &HeaderName| headers.get(name).and_then(|value| value.to_str().ok());
    let navigates = text(&FETCH_MODE).is_none_or(|mode| mode == "navigate");
    let reads_html = text(&ACCEPT).is_some_and(|accept| accept.contains("text/html"));
    navigates && reads_html && [Method::GET, Method::HEAD, Method::POST].contains(method)
}

/// The language that a browser asks for, else the default one.
pub(crate) fn language(headers: &HeaderMap) -> Language {
    let wished = headers.get(ACCEPT_LANGUAGE).and_then(|value| value.to_str().ok());
    wished.and_then(Language::accepted).unwrap_or_default()
}

/// What is too much about a request, told before anything of it is read or copied.
fn excess(parts: &Parts, body: &[u8]) -> Option<ErrorKind> {
    let fields =
        || parts.headers.iter().map(|(name, value)| (name, name.as_str().len() + value.len()));
    let is_long = fields().any(|(name, length)| *name != COOKIE && length > LONGEST_FIELD)
        || fields().map(|(_, length)| length).sum::<usize>() > LONGEST_HEAD;
    if is_long || Cookies::are_too_many(&parts.headers) {
        return Some(ErrorKind::HeadTooLong);
    }
    let are_many =
        |pairs: &[u8]| pairs.iter().filter(|byte| **byte == b'&').count() >= MOST_PARAMETERS;
    let in_query = are_many(parts.uri.query().unwrap_or_default().as_bytes());
    let in_form = kind_of(&parts.headers) == FORM && are_many(body);
    (in_query || in_form).then_some(ErrorKind::TooManyParameters)
}

/// Whoever has one IPv6 address has the whole /64.
pub(crate) fn household(client: IpAddr) -> String {
    truncated(client, 32, 64)
}

/// An address without its last bits.
pub(crate) fn truncated(address: IpAddr, v4_bits: u8, v6_bits: u8) -> String {
    let bits = if address.is_ipv4() { v4_bits } else { v6_bits };
    IpNet::new(address, bits)
        .map_or_else(|_| String::new(), |network| network.network().to_string())
}

/// The type of a body: the type itself, not anywhere in the header, because browsers let every page post
/// `text/plain; application/json` to us.
fn kind_of(headers: &HeaderMap) -> String {
    let kind = headers.get(CONTENT_TYPE).and_then(|value| value.to_str().ok()).unwrap_or_default();
    kind.split(';').next().unwrap_or_default().trim_ascii().to_ascii_lowercase()
}

/// A body by its type, JSON or a form: its texts by name, and its `data`. Any other type is none that we read.
fn read_body(headers: &HeaderMap, body: &[u8]) -> Option<(Parameters, Option<Value>)> {
    match kind_of(headers).as_str() {
        "application/json" => {
            let members = serde_json::from_slice::<Map<_, _>>(body).unwrap_or_default();
            let data = members.get(DATA).cloned();
            Some((Parameters::texts(members), data))
        }
        FORM => {
            let form = Parameters::urlencoded(body);
            let data = form.last(DATA).map(Value::from);
            Some((form, data))
        }
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn client(trusted: &str, peer: &str, forwarded: &str) -> String {
        let mut headers = HeaderMap::new();
        headers.insert(FORWARDED_FOR, forwarded.parse().unwrap());
        TrustedProxies::parse(trusted).unwrap().client(peer.parse().unwrap(), &headers).to_string()
    }

    #[test]
    fn forwarding_headers_count_from_a_trusted_peer_only() {
        assert_eq!(client("", "198.51.100.7", "203.0.113.9"), "198.51.100.7");
        assert_eq!(client("198.51.100.0/24", "198.51.100.7", "203.0.113.9"), "203.0.113.9");
        assert_eq!(client("198.51.100.7", "198.51.100.7", "192.0.2.1, 203.0.113.9"), "203.0.113.9");
        assert_eq!(client("198.51.100.7", "198.51.100.7", "nonsense"), "198.51.100.7");
        assert_eq!(client("198.51.100.7", "198.51.100.7", "203.0.113.9, nonsense"), "198.51.100.7");
    }

    #[test]
    fn a_log_sees_networks() {
        assert_eq!(truncated("203.0.113.77".parse().unwrap(), 24, 48), "203.0.113.0");
        assert_eq!(truncated("2001:db8:1:2::3".parse().unwrap(), 24, 48), "2001:db8:1::");
    }

    #[test]
    fn the_last_of_a_flat_map_counts_and_doubles_are_seen() {
        let parameters = Parameters::urlencoded(b"a=1&b=2&a=3");
        assert_eq!(parameters.last("a"), Some("3"));
        assert_eq!(parameters.once("a"), Once::Repeated);
        assert_eq!(parameters.once("b"), Once::One("2"));
    }
}
