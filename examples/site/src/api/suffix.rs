//! Addresses that end in `.json`, as the API before this one had them beside those that end in a slash.

use std::convert::Infallible;

use axum::Router;
use axum::body::Body;
use axum::extract::Request;
use axum::response::Response;
use betancourt_auth::Visitor;
use http::Uri;
use tower::ServiceExt as _;

/// How such an address ends.
const SUFFIX: &str = ".json";

/// The address that it stands for, with a slash at its end. `None`: it is no such address.
pub(super) fn slashed(uri: &Uri) -> Option<Uri> {
    let path = uri.path().strip_suffix(SUFFIX)?.trim_end_matches('/');
    let query = uri.query().map(|query| format!("?{query}")).unwrap_or_default();
    format!("{path}/{query}").parse().ok()
}

/// What stands at an address of the data. It is asked for as if nobody had asked for another one: what was found in the path
/// before is not in this one.
pub(super) async fn answer(data: Router, asked: Request, uri: Uri) -> Response {
    let (asked, _) = asked.into_parts();
    let mut request = Request::new(Body::empty());
    *request.method_mut() = asked.method;
    *request.headers_mut() = asked.headers;
    *request.uri_mut() = uri;
    if let Some(visitor) = asked.extensions.get::<Visitor>() {
        request.extensions_mut().insert(visitor.clone());
    }
    data.oneshot(request).await.unwrap_or_else(|never: Infallible| match never {})
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_that_ends_in_json_stands_for_one_that_ends_in_a_slash() {
        for (suffixed, expected) in [
            ("/api/auth/users.json", Some("/api/auth/users/")),
            ("/api/auth/.json?format=json", Some("/api/auth/?format=json")),
            (
                "/api/auth/users/by_email.json?email=a%40b.co",
                Some("/api/auth/users/by_email/?email=a%40b.co"),
            ),
            ("/api/auth/tokens/ana%40x.json", Some("/api/auth/tokens/ana%40x/")),
            ("/api/auth/users", None),
            ("/api/auth/users.xml", None),
            ("/api/auth/users.json/", None),
        ] {
            let found = slashed(&Uri::from_static(suffixed));
            assert_eq!(found.map(|uri| uri.to_string()).as_deref(), expected, "{suffixed}");
        }
    }
}
