//! The recordings, as they stand in their files.

use std::collections::{BTreeMap, BTreeSet};

use serde::de::Error;
use serde::{Deserialize, Deserializer};
use serde_json::Value;
use time::OffsetDateTime;
use url::{Url, form_urlencoded};

use crate::jwe;

/// One file.
#[derive(Debug, Deserialize)]
pub(crate) struct Transcript {
    pub(crate) default_secret: String,
    pub(crate) scenarios: Vec<Scenario>,
}

/// Requests of one browser to one application, in their order.
#[derive(Debug, Deserialize)]
pub(crate) struct Scenario {
    pub(crate) id: String,
    pub(crate) setup: Value,
    pub(crate) exchanges: Vec<Exchange>,
}

/// A request, its answer, and what happened in between.
#[derive(Clone, Debug, Deserialize)]
pub(crate) struct Exchange {
    /// In seconds since 1970; a few have a fraction.
    now: f64,
    #[serde(default)]
    pub(crate) note: String,
    pub(crate) request: Request,
    pub(crate) response: Response,
    #[serde(default)]
    pub(crate) cookies_decoded: Vec<Decoded>,
    #[serde(default)]
    pub(crate) calls: Vec<Call>,
    #[serde(default)]
    pub(crate) upstream: Vec<Upstream>,
    pub(crate) email_sent: Option<Value>,
}

#[derive(Clone, Debug, Deserialize)]
pub(crate) struct Request {
    pub(crate) method: String,
    #[serde(deserialize_with = "url")]
    pub(crate) url: Url,
    pub(crate) headers: BTreeMap<String, String>,
    pub(crate) body: Option<String>,
}

#[derive(Clone, Debug, Deserialize)]
pub(crate) struct Response {
    pub(crate) status: u16,
    pub(crate) headers: BTreeMap<String, String>,
    pub(crate) set_cookie: Vec<String>,
    #[serde(default, deserialize_with = "present")]
    pub(crate) json: Option<Value>,
    pub(crate) html: Option<Value>,
}

/// What stands in a cookie that was set.
#[derive(Clone, Debug, Deserialize)]
pub(crate) struct Decoded {
    pub(crate) name: String,
    pub(crate) claims: Option<Value>,
}

/// A call of the adapter, of a callback, or of an event.
#[derive(Clone, Debug, Deserialize)]
pub(crate) struct Call {
    #[serde(rename = "call")]
    pub(crate) name: String,
    #[serde(default)]
    pub(crate) params: Value,
    #[serde(default, deserialize_with = "present")]
    pub(crate) returns: Option<Value>,
}

/// A request to the provider.
#[derive(Clone, Debug, Deserialize)]
pub(crate) struct Upstream {
    pub(crate) method: String,
    pub(crate) url: String,
    pub(crate) headers: BTreeMap<String, String>,
    pub(crate) body: Option<String>,
}

/// `null` is a value; only what is not there is none.
fn present<'a, D: Deserializer<'a>>(deserializer: D) -> Result<Option<Value>, D::Error> {
    Value::deserialize(deserializer).map(Some)
}

fn url<'a, D: Deserializer<'a>>(deserializer: D) -> Result<Url, D::Error> {
    Url::parse(&String::deserialize(deserializer)?).map_err(Error::custom)
}

/// What Auth.js keeps in cookies while an attempt is under way.
pub(crate) const CHECKS: [&str; 3] = ["authjs.state", "authjs.nonce", "authjs.pkce.code_verifier"];

impl Scenario {
    /// Whether a request brings all cookies of an attempt: as many as any request to the same place.
    pub(crate) fn brings_an_attempt(&self, request: &Request) -> bool {
        let all = self.exchanges.iter().map(|exchange| &exchange.request);
        let all = all.filter(|other| other.url.path() == request.url.path());
        let brought = request.checks();
        !brought.is_empty() && brought == all.flat_map(Request::checks).collect()
    }
}

impl Exchange {
    pub(crate) fn now(&self) -> OffsetDateTime {
        #[expect(clippy::cast_possible_truncation, reason = "recorded moments have milliseconds")]
        let milliseconds = (self.now * 1000.0).round() as i128;
        OffsetDateTime::from_unix_timestamp_nanos(milliseconds * 1_000_000).unwrap()
    }

    /// The calls of that name.
    pub(crate) fn calls(&self, name: &str) -> impl Iterator<Item = &Call> {
        self.calls.iter().filter(move |call| call.name == name)
    }

    /// What a callback was told.
    pub(crate) fn params(&self, name: &str) -> Option<&Value> {
        self.calls(name).next().map(|call| &call.params)
    }
}

impl Request {
    pub(crate) fn is_post(&self) -> bool {
        self.method == "POST"
    }

    /// The action, and the provider if there is one.
    pub(crate) fn action(&self) -> (&str, Option<&str>) {
        let mut parts = self.url.path_segments().unwrap().filter(|part| !part.is_empty()).skip(1);
        (parts.next().unwrap_or_default(), parts.next())
    }

    /// The token of a link in a mail.
    pub(crate) fn token(&self) -> Option<String> {
        let mut parameters = self.url.query_pairs();
        parameters.find(|(name, _)| name == "token").map(|(_, value)| value.into_owned())
    }

    /// The cookies, as they were sent.
    pub(crate) fn cookies(&self) -> Vec<(&str, &str)> {
        let header = self.headers.get("cookie").map_or("", String::as_str);
        header.split("; ").filter_map(|cookie| cookie.split_once('=')).collect()
    }

    /// Which cookies of an attempt came along.
    fn checks(&self) -> BTreeSet<&'static str> {
        CHECKS.into_iter().filter(|check| self.cookie(check).is_some()).collect()
    }

    /// The claims of the sealed session that it brings, opened with the first secret that does.
    pub(crate) fn session_claims(&self, secrets: &[String]) -> Option<Value> {
        let cookies = self.cookies().into_iter();
        let parts: Vec<_> = cookies.filter(|(name, _)| name.contains("session-token")).collect();
        let name = parts.first()?.0.trim_end_matches(".0");
        let token: String = parts.iter().map(|(_, value)| *value).collect();
        secrets.iter().find_map(|secret| jwe::open(secret, name, &token))
    }

    /// The value of the cookie whose name ends so, whatever its prefix.
    pub(crate) fn cookie(&self, end: &str) -> Option<&str> {
        self.cookies().into_iter().find(|(name, _)| name.ends_with(end)).map(|(_, value)| value)
    }
}

/// The parameters of a form or a query.
pub(crate) fn pairs(text: &str) -> Vec<(String, String)> {
    form_urlencoded::parse(text.as_bytes()).into_owned().collect()
}
