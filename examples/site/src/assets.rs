//! The files that never change under their address: style, scripts, fonts, pictures. `build.rs` makes them of `assets/`,
//! and the binary carries them, those of text in three encodings.

use axum::response::{IntoResponse, Response};
use http::header::{
    ACCEPT_ENCODING, CACHE_CONTROL, CONTENT_ENCODING, CONTENT_TYPE, ETAG, IF_NONE_MATCH, VARY,
};
use http::{HeaderMap, HeaderName, HeaderValue, StatusCode};

/// Where the assets live.
pub const FOLDER: &str = "/assets";

const FOREVER: HeaderValue = HeaderValue::from_static("public, max-age=31536000, immutable");

static ASSETS: &[Asset] = include!(concat!(env!("OUT_DIR"), "/assets.rs"));

struct Asset {
    name: &'static str,
    /// The name with a mark of the content in it, such as `site.9c3de0f2a71b5e04.css`.
    marked: &'static str,
    content_type: &'static str,
    plain: &'static [u8],
    /// Empty where it would be no shorter.
    brotli: &'static [u8],
    gzip: &'static [u8],
}

impl Asset {
    /// The content as a browser takes it, and what that encoding is called.
    fn encoded(&self, headers: &HeaderMap) -> (&'static [u8], Option<&'static str>) {
        let encodings = [("br", self.brotli), ("gzip", self.gzip)];
        let fits = |(name, content): &(&str, &[u8])| !content.is_empty() && accepts(headers, name);
        match encodings.into_iter().find(fits) {
            Some((name, content)) => (content, Some(name)),
            None => (self.plain, None),
        }
    }
}

/// Whether a browser takes an encoding (RFC 9110 §12.5.3). Ours all name those they take.
fn accepts(headers: &HeaderMap, encoding: &str) -> bool {
    let named = headers.get_all(ACCEPT_ENCODING).iter().filter_map(|value| value.to_str().ok());
    named.flat_map(|list| list.split(',')).any(|each| {
        let mut parts = each.split(';').map(str::trim);
        let is_named = parts.next().is_some_and(|name| name.eq_ignore_ascii_case(encoding));
        let weight = parts.find_map(|part| part.strip_prefix("q=")).map(str::parse::<f32>);
        is_named && weight.is_none_or(|weight| weight.is_ok_and(|weight| weight > 0.0))
    })
}

/// The address of an asset, which changes with its content. A name that is none stays as it is, and is not found.
#[must_use]
pub fn url(name: &str) -> String {
    let marked = ASSETS.iter().find(|asset| asset.name == name).map_or(name, |asset| asset.marked);
    format!("{FOLDER}/{marked}")
}

/// The answer to a request for an asset.
#[must_use]
pub fn answer(marked: &str, headers: &HeaderMap) -> Response {
    let Some(asset) = ASSETS.iter().find(|asset| asset.marked == marked) else {
        return StatusCode::NOT_FOUND.into_response();
    };
    let (content, encoding) = asset.encoded(headers);
    let tag =
        format!("\"{marked}{}\"", encoding.map(|name| format!("-{name}")).unwrap_or_default());
    let known = headers.get_all(IF_NONE_MATCH).iter().filter_map(|value| value.to_str().ok());
    let is_known = known.flat_map(|list| list.split(',')).any(|each| each.trim() == tag);
    let kept = [(CACHE_CONTROL, FOREVER), (VARY, HeaderValue::from_static("Accept-Encoding"))];
    let mut response = if is_known {
        (StatusCode::NOT_MODIFIED, kept).into_response()
    } else {
        (kept, [(CONTENT_TYPE, asset.content_type)], content).into_response()
    };
    let own =
        [(ETAG, Some(tag)), (CONTENT_ENCODING, encoding.filter(|_| !is_known).map(str::to_owned))];
    let own = own.into_iter().filter_map(|(name, value): (HeaderName, _)| {
        Some((name, HeaderValue::try_from(value?).ok()?))
    });
    response.headers_mut().extend(own);
    response
}

#[cfg(test)]
mod tests {
    use std::io::Read as _;

    use super::*;

    fn asking(encodings: &str) -> HeaderMap {
        HeaderMap::from_iter([(ACCEPT_ENCODING, encodings.parse().unwrap())])
    }

    fn marked(name: &str) -> String {
        url(name).strip_prefix("/assets/").unwrap().to_owned()
    }

    #[test]
    fn every_asset_is_served_under_its_address() {
        for asset in ASSETS {
            let response = answer(&marked(asset.name), &HeaderMap::new());
            assert_eq!(response.status(), StatusCode::OK, "{}", asset.name);
            assert_eq!(response.headers()[CACHE_CONTROL], FOREVER, "{}", asset.name);
            assert_ne!(asset.content_type, "application/octet-stream", "{}", asset.name);
            assert!(!asset.plain.is_empty() && !response.headers().contains_key(CONTENT_ENCODING));
        }
    }

    #[test]
    fn an_old_address_is_not_found() {
        for address in ["site.css", "site.0000000000000000.css"] {
            assert_eq!(answer(address, &HeaderMap::new()).status(), StatusCode::NOT_FOUND);
        }
    }

    #[test]
    fn the_style_sheet_names_the_fonts_as_they_are_served() {
        let style = ASSETS.iter().find(|asset| asset.name == "site.css").unwrap();
        let style = std::str::from_utf8(style.plain).unwrap();
        for font in ASSETS.iter().filter(|asset| asset.name.ends_with(".woff2")) {
            assert!(!style.contains(&format!("\"{}\"", font.name)), "{} has no mark", font.name);
            assert!(style.contains(font.marked), "{} is not used", font.name);
        }
    }

    #[test]
    fn texts_come_in_the_best_encoding_that_is_taken() {
        for (asked, given) in [
            ("gzip, deflate, br, zstd", Some("br")),
            ("gzip;q=0.5, BR;q=0.1", Some("br")),
            ("br;q=0, gzip", Some("gzip")),
            ("identity", None),
            ("", None),
        ] {
            let response = answer(&marked("site.css"), &asking(asked));
            let encoding = response.headers().get(CONTENT_ENCODING);
            assert_eq!(encoding.map(|value| value.to_str().unwrap()), given, "{asked}");
            assert_eq!(response.headers()[VARY], "Accept-Encoding");
        }
        let font = answer(&marked("inter.woff2"), &asking("br, gzip"));
        assert!(!font.headers().contains_key(CONTENT_ENCODING), "a font is compressed already");
    }

    #[test]
    fn every_encoding_is_the_same_text() {
        for asset in ASSETS.iter().filter(|asset| !asset.brotli.is_empty()) {
            let (mut brotli, mut gzip) = (Vec::new(), Vec::new());
            let read = brotli_decompressor::BrotliDecompress(&mut &*asset.brotli, &mut brotli);
            assert!(read.is_ok() && brotli == asset.plain, "{}", asset.name);
            flate2::read::GzDecoder::new(asset.gzip).read_to_end(&mut gzip).unwrap();
            assert!(gzip == asset.plain, "{}", asset.name);
            assert!(asset.brotli.len() <= asset.gzip.len(), "{}", asset.name);
        }
    }

    #[test]
    fn what_a_browser_has_is_not_sent_again() {
        let name = marked("site.css");
        for encodings in ["br", "gzip", ""] {
            let mut headers = asking(encodings);
            let tag = answer(&name, &headers).headers()[ETAG].clone();
            headers.insert(
                IF_NONE_MATCH,
                format!("\"other\", {}", tag.to_str().unwrap()).parse().unwrap(),
            );
            let answered = answer(&name, &headers);
            assert_eq!(answered.status(), StatusCode::NOT_MODIFIED, "{encodings}");
            assert!(!answered.headers().contains_key(CONTENT_ENCODING));
            assert_eq!(answered.headers()[ETAG], tag);
            headers.insert(IF_NONE_MATCH, "\"other\"".parse().unwrap());
            assert_eq!(answer(&name, &headers).status(), StatusCode::OK, "{encodings}");
        }
    }

    #[test]
    fn style_and_scripts_stay_small() {
        let is_code = |asset: &&Asset| asset.name.ends_with(".css") || asset.name.ends_with(".js");
        let of = |content: fn(&Asset) -> usize| {
            ASSETS.iter().filter(is_code).map(content).sum::<usize>()
        };
        let (brotli, gzip) = (of(|asset| asset.brotli.len()), of(|asset| asset.gzip.len()));
        assert!(gzip <= 40 * 1024 && brotli < gzip, "{brotli} and {gzip} bytes");
    }
}
