//! From a request to the frame of its page, and from a page to its answer.

use std::convert::Infallible;

use askama::Template;
use axum::extract::{FromRequestParts, OriginalUri};
use axum::response::{Html, IntoResponse, Response};
use betancourt_auth::{CsrfToken, User};
use http::header::{CACHE_CONTROL, SET_COOKIE, VARY};
use http::request::Parts;
use http::uri::PathAndQuery;
use http::{HeaderMap, HeaderValue, StatusCode, Uri};

use crate::pages::{Frame, Person, Provider, Visitor};
use crate::preferences::{Language, Preferences};
use crate::site::Site;
use crate::texts::Texts;

/// A page that nobody is named on, and no form of which acts for anybody.
/// Shared caches may keep it for a minute; a browser asks again, so that nobody sees who they were a minute ago.
const FOR_EVERYBODY: HeaderValue =
    HeaderValue::from_static("public, max-age=0, s-maxage=60, must-revalidate");
/// Any other page.
pub(crate) const FOR_ONE: HeaderValue = HeaderValue::from_static("private, no-store");
/// Pages follow the visitor's cookies, language and country.
const VARIES: HeaderValue =
    HeaderValue::from_static("Accept-Language, CF-IPCountry, Cookie, X-Country");

/// A request for a page.
#[derive(Clone, Debug)]
pub struct Front {
    /// The site it asks.
    pub site: Site,
    /// The address it asks for.
    pub uri: Uri,
    preferences: Preferences,
    headers: HeaderMap,
}

impl FromRequestParts<Site> for Front {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, site: &Site) -> Result<Self, Infallible> {
        let asked_for = parts.extensions.get::<OriginalUri>().map(|OriginalUri(uri)| uri);
        Ok(Self {
            site: site.clone(),
            uri: asked_for.unwrap_or(&parts.uri).clone(),
            preferences: Preferences::of(&parts.headers),
            headers: parts.headers.clone(),
        })
    }
}

impl Front {
    /// The language of the visitor.
    #[must_use]
    pub fn language(&self) -> Language {
        self.preferences.language
    }

    /// A token for the forms of a page that has some.
    ///
    /// # Errors
    /// `500` when there is no randomness to draw it from.
    pub fn token_if(&self, page_has_forms: bool) -> Result<Option<CsrfToken>, StatusCode> {
        let token = page_has_forms.then(|| self.site.auth.csrf_token(&self.headers)).transpose();
        token.map_err(|error| {
            tracing::error!(reason = error.reason(), "there is no token for a page");
            StatusCode::INTERNAL_SERVER_ERROR
        })
    }

    /// A token for the forms of a page of somebody's own.
    ///
    /// # Errors
    /// `500` when there is no randomness to draw it from.
    pub fn token(&self) -> Result<CsrfToken, StatusCode> {
        self.token_if(true)?.ok_or(StatusCode::INTERNAL_SERVER_ERROR)
    }

    /// The texts of the reader's language.
    #[must_use]
    pub fn texts(&self) -> &'static Texts {
        Texts::of(self.preferences.language)
    }

    /// The headers that it asks with.
    #[must_use]
    pub fn headers(&self) -> &HeaderMap {
        &self.headers
    }

    /// What the page has around it for whoever is signed in. Without a token nobody is.
    #[must_use]
    pub fn frame(&self, user: Option<&User>, token: Option<&CsrfToken>) -> Frame {
        let visitor = user.zip(token).map(|(user, token)| Visitor {
            person: Person::from(user),
            csrf_token: token.value().to_owned(),
        });
        Frame {
            preferences: self.preferences,
            origin: self.site.origin(),
            here: self.uri.path_and_query().map_or("/", PathAndQuery::as_str).to_owned(),
            visitor,
            look_alikes: self.site.look_alikes,
            mailbox: self.site.mailbox.clone(),
            contact: self.site.contact.clone(),
            year: self.site.auth.config().clock.now().year(),
        }
    }

    /// The providers, as the pages name them.
    #[must_use]
    pub fn providers(&self) -> Vec<Provider> {
        self.site.auth.config().registrations.iter().map(Provider::from).collect()
    }

    /// The way to sign in by a link in a mail, as the pages name it, if it is switched on.
    #[must_use]
    pub fn mail(&self) -> Option<Provider> {
        let name = Texts::of(self.preferences.language).sign_in.by_mail.to_owned();
        let email = self.site.auth.config().email.first()?;
        Some(Provider { id: email.id.to_string(), name })
    }

    /// Every way to sign in.
    #[must_use]
    pub fn ways_in(&self) -> Vec<Provider> {
        self.providers().into_iter().chain(self.mail()).collect()
    }

    /// The answer with a page. One with a token is for one reader; any other may be kept for a minute by everybody.
    #[must_use]
    pub fn show(page: &impl Template, token: Option<&CsrfToken>) -> Response {
        let mut response = match page.render() {
            Ok(text) => Html(text).into_response(),
            Err(error) => {
                tracing::error!(%error, "a page could not be rendered");
                return StatusCode::INTERNAL_SERVER_ERROR.into_response();
            }
        };
        let headers = response.headers_mut();
        headers.append(VARY, VARIES);
        headers.insert(CACHE_CONTROL, if token.is_some() { FOR_ONE } else { FOR_EVERYBODY });
        headers.extend(
            token.and_then(CsrfToken::set_cookie).map(|cookie| (SET_COOKIE, cookie.clone())),
        );
        response
    }
}
