//! The cookie joiner: whatever a browser sends, a value is one cookie or an unbroken row of chunks, or there is none.
#![no_main]

use betancourt_auth::parts::join;
use http::HeaderMap;
use http::header::{COOKIE, HeaderValue};
use libfuzzer_sys::fuzz_target;

const NAME: &str = "authjs.session-token";

fuzz_target!(|cookies: &[u8]| {
    let Ok(value) = HeaderValue::from_bytes(cookies) else { return };
    let mut headers = HeaderMap::new();
    headers.insert(COOKIE, value);
    let Some(joined) = join(&headers, NAME) else { return };
    assert!(!joined.is_empty());
    // What was put together fits together again as one cookie, unless it holds what a cookie cannot.
    if let Ok(value) = HeaderValue::from_str(&format!("{NAME}={joined}"))
        && !joined.contains([';', '%'])
        && joined.trim() == joined
    {
        headers.insert(COOKIE, value);
        assert_eq!(join(&headers, NAME), Some(joined));
    }
});
