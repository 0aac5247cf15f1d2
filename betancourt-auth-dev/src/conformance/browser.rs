//! A browser as small as it can be: cookies of the app, redirects, and forms that post themselves.

use std::collections::BTreeMap;
use std::mem;

use betancourt_auth::http_client::{BundledClient, HttpClient as _, Unreachable};
use bytes::Bytes;
use http::header::{ACCEPT, CONTENT_TYPE, COOKIE, LOCATION, ORIGIN, SET_COOKIE};
use http::{HeaderMap, Method, Request, Response, StatusCode};
use serde_json::Value;
use url::{Url, form_urlencoded};

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
}

/// Where the browser ended.
#[derive(Debug)]
pub(crate) struct Page {
    pub(crate) url: Url,
    pub(crate) status: StatusCode,
    pub(crate) body: String,
}

impl Browser {
    /// A browser that has never been anywhere.
    pub(crate) fn new(http: BundledClient, app: Url) -> Self {
        Self { http, app, cookies: BTreeMap::new(), error: None }
    }

    /// Presses "Sign in with …", and goes wherever that leads.
    pub(crate) async fn sign_in(&mut self, provider: &str) -> Result<Page, Unreachable> {
        let csrf = self.json("csrf").await?;
        let home = self.app.origin().ascii_serialization();
        let token = csrf.get("csrfToken").and_then(Value::as_str).unwrap_or_default();
        let form = [("csrfToken", token), ("callbackUrl", &format!("{home}/"))];
        let form = form_urlencoded::Serializer::new(String::new()).extend_pairs(form).finish();
        let url = self.action(&format!("signin/{provider}"));
        self.follow(url, Some((form, home))).await
    }

    /// Opens an address, and goes wherever that leads.
    pub(crate) async fn open(&mut self, url: Url) -> Result<Page, Unreachable> {
        self.follow(url, None).await
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
        let is_action = page.url.path().starts_with(self.action("").path());
        let is_error = page.status.is_client_error() || page.status.is_server_error();
        is_action && is_error && page.url.origin() == self.app.origin()
    }

    /// The address of an action.
    pub(crate) fn action(&self, path: &str) -> Url {
        let mut url = self.app.clone();
        url.set_path(&format!("{}/{path}", self.app.path().trim_end_matches('/')));
        url
    }

    async fn json(&mut self, action: &str) -> Result<Value, Unreachable> {
        let answer = self.send(self.action(action), None).await?;
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
            match form_of(&page).filter(|_| url.origin() != self.app.origin()) {
                Some((action, fields)) => {
                    let origin = mem::replace(&mut url, action).origin().ascii_serialization();
                    posted = Some((fields, origin));
                }
                None => return Ok(Page { url, status: answer.status(), body: page }),
            }
        }
        Err(Unreachable::because("the browser was sent in circles"))
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
