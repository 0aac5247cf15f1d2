//! The files that never change under their address: style, scripts, fonts, pictures.

use std::sync::LazyLock;

use axum::body::Bytes;
use axum::response::{IntoResponse, Response};
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use http::header::{CACHE_CONTROL, CONTENT_TYPE};
use http::{HeaderValue, StatusCode};
use ring::digest::{SHA256, digest};

/// Where the assets live.
pub const FOLDER: &str = "/assets";

const FOREVER: HeaderValue = HeaderValue::from_static("public, max-age=31536000, immutable");

macro_rules! files {
    ($($name:literal: $path:literal),+ $(,)?) => {
        &[$(($name, include_bytes!(concat!("../assets/", $path)).as_slice())),+]
    };
}

/// Name and content. The style sheet comes last, because it names others.
const FILES: &[(&str, &[u8])] = files! {
    "account.css": "account.css",
    "acoustic-sessions.svg": "art/acoustic-sessions.svg",
    "betancourt-serif-italic.woff2": "fonts/betancourt-serif-italic.woff2",
    "betancourt-serif.woff2": "fonts/betancourt-serif.woff2",
    "deep-horizons.svg": "art/deep-horizons.svg",
    "icon.svg": "art/icon.svg",
    "inter.woff2": "fonts/inter.woff2",
    "neon-nights.svg": "art/neon-nights.svg",
    "site.js": "site.js",
    "theme.js": "theme.js",
    "urban-flow.svg": "art/urban-flow.svg",
    "site.css": "site.css",
};

static ASSETS: LazyLock<Vec<Asset>> = LazyLock::new(|| {
    let mut assets = Vec::with_capacity(FILES.len());
    for (name, content) in FILES {
        let asset = Asset::new(name, content, &assets);
        assets.push(asset);
    }
    assets
});

struct Asset {
    name: &'static str,
    /// The name with a mark of the content in it, such as `site.B1yYH0sV.css`.
    marked: String,
    content: Bytes,
}

impl Asset {
    fn new(name: &'static str, content: &'static [u8], named: &[Self]) -> Self {
        let content = match std::str::from_utf8(content) {
            Ok(text) if name.ends_with(".css") => Bytes::from(with_marks(text, named)),
            _ => Bytes::from_static(content),
        };
        let mark: String =
            URL_SAFE_NO_PAD.encode(digest(&SHA256, &content)).chars().take(8).collect();
        let (stem, kind) = name.rsplit_once('.').unwrap_or((name, ""));
        Self { name, marked: format!("{stem}.{mark}.{kind}"), content }
    }

    fn content_type(&self) -> HeaderValue {
        HeaderValue::from_static(match self.name.rsplit_once('.').map(|(_, kind)| kind) {
            Some("css") => "text/css; charset=utf-8",
            Some("js") => "text/javascript; charset=utf-8",
            Some("svg") => "image/svg+xml",
            Some("woff2") => "font/woff2",
            _ => "application/octet-stream",
        })
    }
}

fn with_marks(style: &str, named: &[Asset]) -> String {
    named.iter().fold(style.to_owned(), |style, asset| {
        style.replace(&format!("url(\"{}\")", asset.name), &format!("url(\"{}\")", asset.marked))
    })
}

/// The address of an asset, which changes with its content. A name that is none stays as it is, and is not found.
#[must_use]
pub fn url(name: &str) -> String {
    let marked = ASSETS.iter().find(|asset| asset.name == name).map_or(name, |asset| &asset.marked);
    format!("{FOLDER}/{marked}")
}

/// The answer to a request for an asset.
#[must_use]
pub fn answer(marked: &str) -> Response {
    match ASSETS.iter().find(|asset| asset.marked == marked) {
        Some(asset) => {
            let headers = [(CONTENT_TYPE, asset.content_type()), (CACHE_CONTROL, FOREVER)];
            (headers, asset.content.clone()).into_response()
        }
        None => StatusCode::NOT_FOUND.into_response(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_asset_is_served_under_its_address() {
        for (name, content) in FILES {
            let address = url(name);
            let response = answer(address.strip_prefix("/assets/").unwrap());
            assert_eq!(response.status(), StatusCode::OK, "{address}");
            assert_ne!(response.headers()[CONTENT_TYPE], "application/octet-stream", "{address}");
            assert!(!content.is_empty());
        }
    }

    #[test]
    fn an_old_address_is_not_found() {
        assert_eq!(answer("site.css").status(), StatusCode::NOT_FOUND);
        assert_eq!(answer("site.AAAAAAAA.css").status(), StatusCode::NOT_FOUND);
    }

    #[test]
    fn the_style_sheet_names_the_fonts_as_they_are_served() {
        let style = ASSETS.iter().find(|asset| asset.name == "site.css").unwrap();
        let style = std::str::from_utf8(&style.content).unwrap();
        for font in FILES.iter().map(|(name, _)| name).filter(|name| name.ends_with(".woff2")) {
            assert!(!style.contains(&format!("\"{font}\"")), "{font} is named without its mark");
            assert!(style.contains(url(font).rsplit('/').next().unwrap()), "{font} is not used");
        }
    }
}
