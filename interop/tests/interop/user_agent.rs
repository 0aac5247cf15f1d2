//! A small browser over real sockets: it keeps cookies as browsers do, follows redirects, and sends forms.

use betancourt_auth::http_client::{BundledClient, HttpClient as _};
use bytes::Bytes;
use cookie::{Cookie, SameSite};
use http::header::{ACCEPT, CONNECTION, CONTENT_TYPE, COOKIE, LOCATION, ORIGIN, SET_COOKIE};
use http::{HeaderMap, Method, Request, StatusCode};
use serde_json::Value;
use url::Url;
use url::form_urlencoded::Serializer;

use crate::form::Form;

/// Who goes further than this goes in circles.
const MOST_REDIRECTS: usize = 20;

/// Somebody's browser.
#[derive(Clone)]
pub(crate) struct UserAgent {
    client: BundledClient,
    cookies: Vec<Kept>,
}

/// A cookie, and who may have it back.
#[derive(Clone)]
struct Kept {
    host: String,
    cookie: Cookie<'static>,
}

/// Where the browser is, and what it shows.
#[derive(Debug)]
pub(crate) struct Page {
    pub(crate) url: Url,
    pub(crate) status: StatusCode,
    pub(crate) body: String,
}

/// What an answer asks of the browser.
pub(crate) enum Step {
    Go(Url),
    Stay(Page),
}

/// What a request carries.
enum Load<'a> {
    Nothing,
    Form { from: &'a Url, body: String },
    Json(String),
}

impl UserAgent {
    pub(crate) fn new() -> Self {
        Self { client: BundledClient::new().unwrap(), cookies: Vec::new() }
    }

    /// Another browser, which has nothing of this host, and all the rest.
    pub(crate) fn stranger_to(&self, host: &str) -> Self {
        let cookies = self.cookies.iter().filter(|kept| kept.host != host).cloned();
        Self { client: self.client.clone(), cookies: cookies.collect() }
    }

    /// Opens an address, and goes on until a page is there.
    pub(crate) async fn open(&mut self, url: &Url) -> Page {
        let step = self.step(url).await;
        self.follow(step).await
    }

    /// Opens one address, and goes nowhere.
    pub(crate) async fn step(&mut self, url: &Url) -> Step {
        self.send(Method::GET, url, Load::Nothing).await
    }

    /// Sends the form of a page as it was filled in, and with these fields, and goes on until a page is there.
    pub(crate) async fn submit(&mut self, page: &Page, fields: &[(&str, &str)]) -> Page {
        let step = self.press(page, fields).await;
        self.follow(step).await
    }

    /// Sends the form of a page, and goes nowhere.
    pub(crate) async fn press(&mut self, page: &Page, fields: &[(&str, &str)]) -> Step {
        let form = Form::of(page);
        let filled = form.fields.iter().map(|(name, value)| (name.as_str(), value.as_str()));
        let body: Vec<_> = filled.chain(fields.iter().copied()).collect();
        self.post(&page.url, &form.action, &body).await
    }

    /// Sends fields from a page to an address, and goes nowhere.
    pub(crate) async fn post(&mut self, from: &Url, to: &Url, fields: &[(&str, &str)]) -> Step {
        let body = Serializer::new(String::new()).extend_pairs(fields).finish();
        self.send(Method::POST, to, Load::Form { from, body }).await
    }

    /// Does what a script in a page does: calls the server it came from, with JSON.
    pub(crate) async fn call(&mut self, method: Method, to: &Url, body: &Value) -> Page {
        let Step::Stay(page) = self.send(method, to, Load::Json(body.to_string())).await else {
            panic!("no script is sent elsewhere")
        };
        page
    }

    /// Goes on until a page is there.
    pub(crate) async fn follow(&mut self, mut step: Step) -> Page {
        for _ in 0..MOST_REDIRECTS {
            step = match step {
                Step::Stay(page) => return page,
                Step::Go(url) => self.step(&url).await,
            }
        }
        panic!("there is no end to it");
    }

    /// Goes on until an address would be opened that begins like this, and says which.
    pub(crate) async fn follow_until(&mut self, mut step: Step, beginning: &str) -> Url {
        for _ in 0..MOST_REDIRECTS {
            step = match step {
                Step::Stay(page) => panic!("the way ends at {page:?}"),
                Step::Go(url) if url.as_str().starts_with(beginning) => return url,
                Step::Go(url) => self.step(&url).await,
            }
        }
        panic!("there is no end to it");
    }

    async fn send(&mut self, method: Method, to: &Url, load: Load<'_>) -> Step {
        // A connection of its own each time, because servers are stopped and started in between.
        let mut request = Request::builder().method(method).uri(to.as_str());
        request = request.header(ACCEPT, "text/html,*/*;q=0.8").header(CONNECTION, "close");
        let from = if let Load::Form { from, .. } = load { Some(from) } else { None };
        request = request.header(COOKIE, self.cookies_for(to, from));
        let body: Bytes = match load {
            Load::Nothing => Bytes::new(),
            Load::Form { from, body } => {
                request = request.header(ORIGIN, from.origin().ascii_serialization());
                request = request.header(CONTENT_TYPE, "application/x-www-form-urlencoded");
                body.into()
            }
            Load::Json(body) => {
                request = request.header(CONTENT_TYPE, "application/json");
                body.into()
            }
        };
        let answer = self.client.send(request.body(body).unwrap()).await.unwrap();
        self.keep(to, answer.headers());
        if let (true, Some(location)) =
            (answer.status().is_redirection(), answer.headers().get(LOCATION))
        {
            return Step::Go(to.join(location.to_str().unwrap()).unwrap());
        }
        let body = String::from_utf8_lossy(answer.body()).into_owned();
        Step::Stay(Page { url: to.clone(), status: answer.status(), body })
    }

    /// What a browser would send along: to the same host, below the same path, and where another site posts only what
    /// was made for that.
    pub(crate) fn cookies_for(&self, to: &Url, from: Option<&Url>) -> String {
        let crosses = from.is_some_and(|from| from.host() != to.host());
        let goes = |kept: &&Kept| {
            kept.host == to.host_str().unwrap()
                && is_below(to.path(), kept.cookie.path().unwrap_or("/"))
                && (!crosses || kept.cookie.same_site() == Some(SameSite::None))
        };
        let cookies = self.cookies.iter().filter(goes);
        let pairs: Vec<_> = cookies.map(|kept| kept.cookie.stripped().to_string()).collect();
        pairs.join("; ")
    }

    fn keep(&mut self, at: &Url, headers: &HeaderMap) {
        let host = at.host_str().unwrap();
        for set in headers.get_all(SET_COOKIE) {
            let cookie = Cookie::parse(set.to_str().unwrap().to_owned()).unwrap();
            let is_same = |kept: &Kept| {
                kept.host == host
                    && kept.cookie.name() == cookie.name()
                    && kept.cookie.path() == cookie.path()
            };
            self.cookies.retain(|kept| !is_same(kept));
            if !cookie.value().is_empty() {
                self.cookies.push(Kept { host: host.to_owned(), cookie });
            }
        }
    }
}

fn is_below(path: &str, above: &str) -> bool {
    path.strip_prefix(above)
        .is_some_and(|rest| rest.is_empty() || above.ends_with('/') || rest.starts_with('/'))
}
