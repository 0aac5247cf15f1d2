//! What every answer tells the browser about safety, and which answers may be compressed.

use std::sync::Arc;

use axum::extract::Request;
use axum::middleware::Next;
use axum::response::Response;
use http::header::{
    CACHE_CONTROL, CONTENT_SECURITY_POLICY, HeaderName, REFERRER_POLICY, SET_COOKIE,
    STRICT_TRANSPORT_SECURITY, X_CONTENT_TYPE_OPTIONS, X_FRAME_OPTIONS,
};
use http::{Extensions, HeaderMap, HeaderValue, StatusCode, Version};

use crate::site::Site;

const OPENER_POLICY: HeaderName = HeaderName::from_static("cross-origin-opener-policy");
const RESOURCE_POLICY: HeaderName = HeaderName::from_static("cross-origin-resource-policy");
const PERMISSIONS_POLICY: HeaderName = HeaderName::from_static("permissions-policy");

/// What none of the pages asks for.
const PERMISSIONS: &str =
    "browsing-topics=(), camera=(), geolocation=(), microphone=(), payment=(), usb=()";
/// Everything comes from the site itself, and nothing is written into a page.
const POLICY: &str = "default-src 'none'; script-src 'self'; style-src 'self'; font-src 'self'; img-src 'self'; \
                      connect-src 'self'; base-uri 'none'; frame-ancestors 'none'; form-action 'self'";

/// The headers of every answer. An answer that has its own keeps it.
#[derive(Clone, Debug)]
pub struct Headers(Arc<[(HeaderName, HeaderValue)]>);

impl Headers {
    /// The headers of a site. Its forms lead to itself and, through a redirect, to the providers.
    #[must_use]
    pub fn of(site: &Site) -> Self {
        let forms_lead_to = site.auth.provider_origins();
        let policy =
            [POLICY.to_owned()].into_iter().chain(forms_lead_to).collect::<Vec<_>>().join(" ");
        let mut headers = vec![
            (OPENER_POLICY, HeaderValue::from_static("same-origin")),
            (RESOURCE_POLICY, HeaderValue::from_static("same-origin")),
            (PERMISSIONS_POLICY, HeaderValue::from_static(PERMISSIONS)),
            (REFERRER_POLICY, HeaderValue::from_static("same-origin")),
            (X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff")),
            (X_FRAME_OPTIONS, HeaderValue::from_static("DENY")),
        ];
        headers
            .extend(HeaderValue::try_from(policy).map(|policy| (CONTENT_SECURITY_POLICY, policy)));
        if site.is_secure() {
            headers.push((
                STRICT_TRANSPORT_SECURITY,
                HeaderValue::from_static("max-age=63072000; includeSubDomains"),
            ));
        }
        Self(headers.into())
    }
}

/// Puts the headers on an answer. One that sets a cookie is for one reader only.
pub async fn put(headers: Headers, request: Request, next: Next) -> Response {
    let mut response = next.run(request).await;
    let answer = response.headers_mut();
    for (name, value) in headers.0.iter() {
        answer.entry(name).or_insert_with(|| value.clone());
    }
    if answer.contains_key(SET_COOKIE) && is_marked_public(answer) {
        answer.insert(CACHE_CONTROL, HeaderValue::from_static("private, no-store"));
    }
    response
}

/// Whether an answer is the same for everybody. No other is compressed: the length of an answer with a secret in it
/// must not tell what an address makes it repeat.
#[must_use]
pub fn is_public(_: StatusCode, _: Version, headers: &HeaderMap, _: &Extensions) -> bool {
    is_marked_public(headers)
}

fn is_marked_public(headers: &HeaderMap) -> bool {
    headers.get(CACHE_CONTROL).is_some_and(|value| value.as_bytes().starts_with(b"public"))
}
