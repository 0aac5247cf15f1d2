//! Addresses on their way, changed by who carries them.

use url::Url;

/// The same address with a parameter of another value, or without it.
pub(super) fn with(url: &Url, name: &str, value: Option<&str>) -> Url {
    let pairs: Vec<_> = url.query_pairs().into_owned().filter(|(known, _)| known != name).collect();
    let mut changed = url.clone();
    let new = value.map(|value| (name, value));
    changed.query_pairs_mut().clear().extend_pairs(pairs).extend_pairs(new);
    changed
}
