//! The whole URL surface of the four faces, in one match.

use http::Method;

use crate::face::Face;

/// A place at a face, as the RFCs name it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Endpoint {
    /// The provider's metadata (OpenID Connect Discovery).
    Discovery,
    /// The key set (`jwks_uri`).
    Keys,
    /// The authorization endpoint (RFC 6749 §3.1).
    Authorization,
    /// Where the page posts what the person chose.
    Choice,
    /// The token endpoint (RFC 6749 §3.2).
    Token,
    /// The UserInfo endpoint, and Graph's `me`.
    UserInfo,
    /// Graph's `debug_token`: for whom an access token was made.
    TokenInspection,
    /// Google and Apple: where an app hands tokens back (RFC 7009).
    Revocation,
    /// Where people sign out (OpenID Connect RP-Initiated Logout).
    EndSession,
    /// A person's picture.
    Picture,
    /// The page on which a face is made to tell the app something.
    News,
    /// Google: who tells of its people, and with which keys.
    EventConfiguration,
}

impl Endpoint {
    pub(crate) const fn methods(self, face: Face) -> &'static [Method] {
        const GET: &[Method] = &[Method::GET];
        const POST: &[Method] = &[Method::POST];
        const BOTH: &[Method] = &[Method::GET, Method::POST];
        match (self, face) {
            (Self::Token, Face::Facebook) => BOTH,
            (Self::Authorization | Self::UserInfo | Self::EndSession | Self::News, _) => BOTH,
            (Self::Token | Self::Choice | Self::Revocation, _) => POST,
            (Self::Discovery | Self::EventConfiguration | Self::Keys, _) => GET,
            (Self::TokenInspection | Self::Picture, _) => GET,
        }
    }
}

/// Where a path leads.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Place {
    pub(crate) face: Face,
    pub(crate) endpoint: Endpoint,
    /// What the path still says: Microsoft's tenant, or whose picture.
    pub(crate) detail: String,
}

pub(crate) fn locate(path: &str) -> Option<Place> {
    let segments: Vec<&str> = path.strip_prefix('/')?.split('/').collect();
    let (face, endpoint, detail) = match segments.as_slice() {
        ["google", rest @ ..] => google(rest)?,
        ["facebook", rest @ ..] => facebook(rest)?,
        ["apple", rest @ ..] => apple(rest)?,
        ["microsoft", rest @ ..] => microsoft(rest)?,
        _ => return None,
    };
    Some(Place { face, endpoint, detail: detail.to_owned() })
}

type Found<'path> = Option<(Face, Endpoint, &'path str)>;

fn google<'path>(segments: &[&'path str]) -> Found<'path> {
    let (endpoint, detail) = match segments {
        [".well-known", "openid-configuration"] => (Endpoint::Discovery, ""),
        [".well-known", "risc-configuration"] => (Endpoint::EventConfiguration, ""),
        ["news"] => (Endpoint::News, ""),
        ["jwks"] => (Endpoint::Keys, ""),
        ["authorize"] => (Endpoint::Authorization, ""),
        ["choice"] => (Endpoint::Choice, ""),
        ["token"] => (Endpoint::Token, ""),
        ["userinfo"] => (Endpoint::UserInfo, ""),
        ["revoke"] => (Endpoint::Revocation, ""),
        ["picture", subject] => (Endpoint::Picture, *subject),
        _ => return None,
    };
    Some((Face::Google, endpoint, detail))
}

fn facebook<'path>(segments: &[&'path str]) -> Found<'path> {
    let (endpoint, detail) = match segments {
        ["v23.0", "dialog", "oauth"] => (Endpoint::Authorization, ""),
        ["choice"] => (Endpoint::Choice, ""),
        ["news"] => (Endpoint::News, ""),
        ["v23.0", "oauth", "access_token"] => (Endpoint::Token, ""),
        ["v23.0", "me"] => (Endpoint::UserInfo, ""),
        ["v23.0", "debug_token"] => (Endpoint::TokenInspection, ""),
        ["picture", subject] => (Endpoint::Picture, *subject),
        _ => return None,
    };
    Some((Face::Facebook, endpoint, detail))
}

fn apple<'path>(segments: &[&'path str]) -> Found<'path> {
    let endpoint = match segments {
        [".well-known", "openid-configuration"] => Endpoint::Discovery,
        ["auth", "keys"] => Endpoint::Keys,
        ["auth", "authorize"] => Endpoint::Authorization,
        ["choice"] => Endpoint::Choice,
        ["news"] => Endpoint::News,
        ["auth", "token"] => Endpoint::Token,
        ["auth", "revoke"] => Endpoint::Revocation,
        _ => return None,
    };
    Some((Face::Apple, endpoint, ""))
}

fn microsoft<'path>(segments: &[&'path str]) -> Found<'path> {
    let (endpoint, detail) = match segments {
        [tenant, "v2.0", ".well-known", "openid-configuration"] => (Endpoint::Discovery, *tenant),
        [tenant, "discovery", "v2.0", "keys"] => (Endpoint::Keys, *tenant),
        [tenant, "oauth2", "v2.0", "authorize"] => (Endpoint::Authorization, *tenant),
        [tenant, "oauth2", "v2.0", "token"] => (Endpoint::Token, *tenant),
        ["choice"] => (Endpoint::Choice, ""),
        [tenant, "oauth2", "v2.0", "logout"] => (Endpoint::EndSession, *tenant),
        ["oidc", "userinfo"] => (Endpoint::UserInfo, ""),
        ["picture", subject] => (Endpoint::Picture, *subject),
        _ => return None,
    };
    Some((Face::Microsoft, endpoint, detail))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_path_leads_to_one_place_and_an_unknown_one_nowhere() {
        let place = locate("/microsoft/common/oauth2/v2.0/token").unwrap();
        assert_eq!(
            (place.face, place.endpoint, place.detail.as_str()),
            (Face::Microsoft, Endpoint::Token, "common")
        );
        assert_eq!(locate("/google/authorize").unwrap().endpoint, Endpoint::Authorization);
        for path in ["/", "", "/google", "/google/authorize/", "/apple/userinfo", "//google/token"]
        {
            assert_eq!(locate(path), None, "{path}");
        }
    }
}
