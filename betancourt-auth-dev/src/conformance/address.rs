//! Addresses below that at which the app's auth routes begin.

use url::Url;

/// An address of the app, whether or not its own ends with a slash.
pub(crate) fn below(app: &Url, path: &str) -> Url {
    let mut url = app.clone();
    url.set_path(&format!("{}/{path}", app.path().trim_end_matches('/')));
    url
}
