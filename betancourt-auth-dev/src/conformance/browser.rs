//! A browser as small as it can be: cookies of the app, redirects, and forms that post themselves.

use std::collections::BTreeMap;
use std::mem;

use betancourt_auth::http_client::{BundledClient, HttpClient as _, Unreachable};
use bytes::Bytes;
use http::header::{
    ACCEPT, CONTENT_SECURITY_POLICY, CONTENT_TYPE, COOKIE, LOCATION, ORIGIN, SET_COOKIE,
    X_FRAME_OPTIONS,
};
use http::{HeaderMap, Method, Request, Response, StatusCode};
use serde_json::Value;
use url::{Url, form_urlencoded};

use crate::conformance::address::below;
use crate::conformance::seen::Framed;

/// Whoever is sent on more often than this goes round in circles.
const MOST_REDIRECTS: usize = 10;

/// A browser without a person: it does what pages tell it.
#[derive(Debug)]
pub(crate) struct Browser {
    http: BundledClient,
    /// Where the app's auth routes begin. Only its origin gets cookies.
    app: Url,
    cookies: BTreeMap<String, String>,
    error: Option<String>,
    frame: Option<Framed>,
}

/// Where the browser ended.
#[derive(Debug)]
pub(crate) struct Page {
    pub(crate) url: Url,
    pub(crate) status: StatusCode,
    pub(crate) body: String,
}

impl Browser {
    /// A browser that has never been anywhere, and keeps no connection of another.
    pub(crate) fn new(app: Url) -> Result<Self, Unreachable> {
        let http = BundledClient::new()?;
        Ok(Self { http, app, cookies: BTreeMap::new(), error: None, frame: None })
    }

    /// Presses "Sign in with …", and goes wherever that leads.
    pub(crate) async fn sign_in(&mut self, provider: &str) -> Result<Page, Unreachable> {
        self.press(&format!("signin/{provider}")).await
    }

    /// Presses "Sign out", and goes wherever that leads.
    pub(crate) async fn sign_out(&mut self) -> Result<Page, Unreachable> {
        self.press("signout").await
    }

    /// Comes from a third party that begins a sign-in (OpenID Connect Core §4), and presses the button on the page that
    /// asks, if one does.
    pub(crate) async fn come_from_elsewhere(&mut self, issuer: &str) -> Result<Page, Unreachable> {
        let mut url = below(&self.app, "initiate-signin");
        url.query_pairs_mut().append_pair("iss", issuer);
        let page = self.follow(url, None).await?;
        match form_of(&page.body).filter(|(action, _)| action.origin() == self.app.origin()) {
            Some((action, fields)) => self.follow(action, Some((fields, self.home()))).await,
            None => Ok(page),
        }
    }

    /// Opens an address, and goes wherever that leads.
    pub(crate) async fn open(&mut self, address: &str) -> Result<Page, Unreachable> {
        self.follow(Url::parse(address).map_err(Unreachable::because)?, None).await
    }

    /// The session, as the app shows it to the browser.
    pub(crate) async fn session(&mut self) -> Result<Value, Unreachable> {
        self.json("session").await
    }

    /// What the app said went wrong, by the last address that said so.
    pub(crate) fn take_error(&mut self) -> Option<String> {
        self.error.take()
    }

    /// Whether a page is one of the app's auth routes, and says that something went wrong.
    pub(crate) fn is_refusal(&self, page: &Page) -> bool {
        let is_action = page.url.path().starts_with(below(&self.app, "").path());
        let is_error = page.status.is_client_error() || page.status.is_server_error();
        is_action && is_error && self.is_at_app(page)
    }

    /// Whether a page is one of the app.
    pub(crate) fn is_at_app(&self, page: &Page) -> bool {
        page.url.origin() == self.app.origin()
    }

    /// What came of the last frame.
    pub(crate) const fn frame(&self) -> Option<Framed> {
        self.frame
    }

    /// Posts a form of the app's own page.
    async fn press(&mut self, action: &str) -> Result<Page, Unreachable> {
        let csrf = self.json("csrf").await?;
        let token = csrf.get("csrfToken").and_then(Value::as_str).unwrap_or_default();
        let form = [("csrfToken", token), ("callbackUrl", &format!("{}/", self.home()))];
        let form = form_urlencoded::Serializer::new(String::new()).extend_pairs(form).finish();
        self.follow(below(&self.app, action), Some((form, self.home()))).await
    }

    fn home(&self) -> String {
        self.app.origin().ascii_serialization()
    }

    async fn json(&mut self, action: &str) -> Result<Value, Unreachable> {
        let answer = self.send(below(&self.app, action), None).await?;
        Ok(serde_json::from_slice(answer.body()).unwrap_or_default())
    }

    /// Goes on until a page stays where it is. What is posted has the origin of the page that had the form.
    async fn follow(
        &mut self,
        mut url: Url,
        mut posted: Option<(String, String)>,
    ) -> Result<Page, Unreachable> {
        for _ in 0..MOST_REDIRECTS {
            self.note_error(&url);
            let answer = self.send(url.clone(), posted.take()).await?;
            if let Some(next) = location(&url, answer.headers()) {
                url = next;
                continue;
            }
            let page = String::from_utf8_lossy(answer.body()).into_owned();
            let is_elsewhere = url.origin() != self.app.origin();
            if let Some((action, fields)) = form_of(&page).filter(|_| is_elsewhere) {
                let origin = mem::replace(&mut url, action).origin().ascii_serialization();
                posted = Some((fields, origin));
                continue;
            }
            if let Some(frame) = address_in(&page, "<iframe", "src").filter(|_| is_elsewhere) {
                self.show_in_frame(&url, &frame).await?;
                if let Some(back) = address_in(&page, "<a", "href") {
                    url = back;
                    continue;
                }
            }
            return Ok(Page { url, status: answer.status(), body: page });
        }
        Err(Unreachable::because("the browser was sent in circles"))
    }

    /// Shows the app in a frame of another site: without its cookies, and only if it lets itself be shown there.
    async fn show_in_frame(&mut self, around: &Url, url: &Url) -> Result<(), Unreachable> {
        let request = Request::get(url.as_str()).header("sec-fetch-dest", "iframe");
        let request = request.body(Bytes::new()).map_err(Unreachable::because)?;
        let answer = self.http.send(request).await?;
        let shown = answer.status().is_success() && may_be_framed(answer.headers(), around);
        self.frame = Some(if shown { Framed::Shown } else { Framed::KeptOut });
        Ok(())
    }

    async fn send(
        &mut self,
        url: Url,
        posted: Option<(String, String)>,
    ) -> Result<Response<Bytes>, Unreachable> {
        let method = if posted.is_some() { Method::POST } else { Method::GET };
        let mut request = Request::builder().method(method).uri(url.as_str());
        request = request.header(ACCEPT, "text/html,application/json;q=0.9");
        let is_app = url.origin() == self.app.origin();
        if is_app && !self.cookies.is_empty() {
            let pairs = self.cookies.iter().map(|(name, value)| format!("{name}={value}"));
            request = request.header(COOKIE, pairs.collect::<Vec<_>>().join("; "));
        }
        let mut body = Bytes::new();
        if let Some((form, origin)) = posted {
            request = request.header(CONTENT_TYPE, "application/x-www-form-urlencoded");
            request = request.header(ORIGIN, origin);
            body = form.into();
        }
        let answer = self.http.send(request.body(body).map_err(Unreachable::because)?).await?;
        if is_app {
            self.keep_cookies(answer.headers());
        }
        Ok(answer)
    }

    fn keep_cookies(&mut self, headers: &HeaderMap) {
        for cookie in headers.get_all(SET_COOKIE).iter().filter_map(|value| value.to_str().ok()) {
            let (pair, attributes) = cookie.split_once(';').unwrap_or((cookie, ""));
            let Some((name, value)) = pair.split_once('=') else { continue };
            let is_gone = attributes.to_ascii_lowercase().contains("max-age=0") || value.is_empty();
            if is_gone {
                self.cookies.remove(name);
            } else {
                self.cookies.insert(name.to_owned(), value.to_owned());
            }
        }
    }

    fn note_error(&mut self, url: &Url) {
        let error = url.query_pairs().find(|(name, _)| name == "error");
        if let (true, Some((_, error))) = (url.origin() == self.app.origin(), error) {
            self.error = Some(error.into_owned());
        }
    }
}

fn location(from: &Url, headers: &HeaderMap) -> Option<Url> {
    from.join(headers.get(LOCATION)?.to_str().ok()?).ok()
}

/// Whether a page may stand in a frame of that address (`X-Frame-Options`, and `frame-ancestors` of a CSP).
fn may_be_framed(headers: &HeaderMap, around: &Url) -> bool {
    let text = |name| headers.get(name).and_then(|value| value.to_str().ok());
    let policy = text(CONTENT_SECURITY_POLICY).unwrap_or_default();
    let mut ancestors =
        policy.split(';').filter_map(|rule| rule.trim().strip_prefix("frame-ancestors"));
    match ancestors.next() {
        Some(ancestors) => {
            let origin = around.origin().ascii_serialization();
            ancestors.split_whitespace().any(|ancestor| ancestor == origin || ancestor == "*")
        }
        None => text(X_FRAME_OPTIONS).is_none(),
    }
}

/// The address in the first tag of that kind.
fn address_in(page: &str, tag: &str, attribute_name: &str) -> Option<Url> {
    let (_, rest) = page.split_once(&format!("{tag} "))?;
    Url::parse(&attribute(&format!(" {rest}"), attribute_name)?).ok()
}

/// The form that a page of our provider posts by itself: where to, and its fields, encoded.
fn form_of(page: &str) -> Option<(Url, String)> {
    let form = page.split_once("<form method=\"post\"")?.1.split_once("</form>")?.0;
    let action = Url::parse(&attribute(form, "action")?).ok()?;
    let mut fields = form_urlencoded::Serializer::new(String::new());
    for input in form.split("<input type=\"hidden\"").skip(1) {
        fields.append_pair(&attribute(input, "name")?, &attribute(input, "value")?);
    }
    Some((action, fields.finish()))
}

/// The first attribute of that name.
fn attribute(tag: &str, name: &str) -> Option<String> {
    let (_, rest) = tag.split_once(&format!(" {name}=\""))?;
    let (value, _) = rest.split_once('"')?;
    let unescaped = value.replace("&#60;", "<").replace("&#62;", ">").replace("&#34;", "\"");
    Some(unescaped.replace("&#39;", "'").replace("&#38;", "&"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::callback::{Callback, ResponseMode};
    use crate::page;

    #[test]
    fn a_form_is_read_as_the_provider_writes_it() {
        let callback = Callback {
            redirect_uri: Url::parse("http://localhost:3000/auth/callback/one?a=b&c=d").unwrap(),
            response_mode: ResponseMode::FormPost,
            parameters: vec![("state".into(), "\"<&'>\"".into()), ("code".into(), "x y".into())],
        };
        let crate::answer::Body::Text(page) = page::plain_form_post(&callback).body else {
            unreachable!("a page is text")
        };
        let (action, fields) = form_of(&page).unwrap();
        assert_eq!(action, callback.redirect_uri);
        assert_eq!(fields, callback.form());
    }
}
