//! The return-address rule: what it takes stays on our origin, for whoever reads it.
#![no_main]

use std::sync::LazyLock;

use betancourt_auth::parts::return_address;
use libfuzzer_sys::fuzz_target;
use url::Url;

static OURS: LazyLock<Url> = LazyLock::new(|| Url::parse("https://app.test/").expect("our origin"));

fuzz_target!(|wanted: &str| {
    let Some(url) = return_address(&OURS, wanted) else { return };
    assert_eq!(url.origin(), OURS.origin());
    assert!(url.username().is_empty() && url.password().is_none());
    // Browsers read the path alone if somebody cuts the origin off, and must not find another one in it.
    assert!(!url.path().starts_with("//") && !url.path().starts_with("/\\"));
    assert_eq!(OURS.join(url.path()).expect("a path").origin(), OURS.origin());
    assert_eq!(return_address(&OURS, url.as_str()), Some(url));
});
