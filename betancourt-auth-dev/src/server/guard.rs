//! Only this computer's own browser and app may speak to a look-alike.

use http::header::{HOST, VIA};
use http::uri::Authority;
use http::{HeaderMap, HeaderName, StatusCode, Uri};
use url::Host;

use crate::answer::Answer;
use crate::loopback::is_loopback;

/// The answer to a request that came through a proxy, or under a name of elsewhere.
///
/// A page on the internet can let its own name lead to 127.0.0.1 (DNS rebinding); the browser
/// still sends that name as the host.
pub(crate) fn refuse(uri: &Uri, headers: &HeaderMap) -> Option<Answer> {
    if let Some(header) = headers.keys().find(|name| is_forwarding(name)) {
        let sentence = format!(
            "The header {header} says that a proxy forwarded this request. Look-alikes sign in \
             whoever asks, so they answer only those who ask directly, from this computer.\n"
        );
        return Some(Answer::text(StatusCode::FORBIDDEN, &sentence));
    }
    if names_this_computer(uri, headers) {
        return None;
    }
    Some(Answer::text(
        StatusCode::MISDIRECTED_REQUEST,
        "The host of this request is not a name of this computer. Look-alikes answer only under \
         127.0.0.1 or localhost.\n",
    ))
}

fn is_forwarding(name: &HeaderName) -> bool {
    name == VIA || name == http::header::FORWARDED || name.as_str().starts_with("x-forwarded")
}

fn names_this_computer(uri: &Uri, headers: &HeaderMap) -> bool {
    let mut hosts = headers.get_all(HOST).iter();
    let (Some(host), None) = (hosts.next(), hosts.next()) else {
        return false;
    };
    let named = host.to_str().is_ok_and(is_loopback_authority);
    named && uri.authority().is_none_or(|authority| is_loopback_authority(authority.as_str()))
}

fn is_loopback_authority(authority: &str) -> bool {
    authority
        .parse::<Authority>()
        .is_ok_and(|authority| Host::parse(authority.host()).is_ok_and(|host| is_loopback(&host)))
}
