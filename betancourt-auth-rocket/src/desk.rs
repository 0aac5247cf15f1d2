//! Where the guards of one request are answered: who is behind it, looked up once, and what to send instead.

use std::sync::{Arc, Mutex, PoisonError};

use betancourt_auth::{Asked, Auth, Instead, Visitor};
use http::StatusCode;
use http::header::{CACHE_CONTROL, HeaderMap, VARY};
use http::request::Parts;
use rocket::http::Status;
use rocket::request::{Outcome, Request};
use rocket::response::Response;

use crate::convert;
use crate::guard::Refusal;

/// What describes a body, a place or a person: it goes with the answer that it came with. What else fairings have put
/// on an answer stays.
const OF_ONE_ANSWER: [&str; 8] = [
    "content-type",
    "content-length",
    "content-encoding",
    "transfer-encoding",
    "etag",
    "last-modified",
    "location",
    "set-cookie",
];

/// The `Auth` of the fairing.
#[derive(Debug)]
pub(crate) struct Attached(pub(crate) Auth);

/// See the module. One for each request in which a guard asked.
#[derive(Debug)]
pub(crate) struct Desk {
    pub(crate) visitor: Arc<Visitor>,
    parts: Parts,
    instead: Mutex<Option<Instead>>,
}

impl Desk {
    /// The desk of a request, opened by the first guard. `None`: the fairing is missing.
    pub(crate) fn of<'r>(request: &'r Request<'_>) -> Option<&'r Self> {
        let open = || {
            let Attached(auth) = request.rocket().state::<Attached>()?;
            let mut parts = convert::parts(request);
            parts.uri = auth.asked_for(&parts.uri).into_owned();
            Some(Self { visitor: Arc::new(Visitor::new(auth)), parts, instead: Mutex::default() })
        };
        request.local_cache(open).as_ref()
    }

    /// The desk of a request in which a guard asked.
    pub(crate) fn if_open<'r>(request: &'r Request<'_>) -> Option<&'r Self> {
        request.local_cache(|| None::<Self>).as_ref()
    }

    pub(crate) fn asked(&self) -> Asked<'_> {
        let Parts { method, uri, headers, .. } = &self.parts;
        Asked { method, uri, headers }
    }

    /// The outcome of a guard. What to send instead is kept until the fairing sends it.
    pub(crate) fn outcome<T>(&self, answer: Result<T, Instead>) -> Outcome<T, Refusal> {
        let instead = match answer {
            Ok(let_in) => return Outcome::Success(let_in),
            Err(instead) => instead,
        };
        let status = status_of(&instead);
        let mut kept = self.instead.lock().unwrap_or_else(PoisonError::into_inner);
        if kept.as_ref().is_none_or(|kept| !kept.status().is_server_error()) {
            *kept = Some(instead);
        }
        Outcome::Error((status, Refusal(status)))
    }

    /// Makes an answer what it is to be: another one, where a guard refused and that is what came of it, or where the
    /// store could not tell, whatever came of that; with what follows from the visit.
    pub(crate) fn settle(&self, response: &mut Response<'_>) {
        let mut kept = self.instead.lock().unwrap_or_else(PoisonError::into_inner);
        let counts = |instead: &mut Instead| {
            instead.status().is_server_error() || status_of(instead) == response.status()
        };
        if let Some(instead) = kept.take_if(counts) {
            let mut answer = convert::response(*instead);
            for header in response.headers().iter() {
                let name = header.name.as_str();
                let is_free = !answer.headers().contains(name);
                if is_free && !OF_ONE_ANSWER.iter().any(|of_one| header.name == *of_one) {
                    answer.adjoin_raw_header(name.to_owned(), header.value.into_owned());
                }
            }
            *response = answer;
        }
        self.apply(response);
    }

    /// The renewed cookie, and who may keep the answer: what it says of that itself counts.
    fn apply(&self, response: &mut Response<'_>) {
        let mut headers = HeaderMap::new();
        for name in [CACHE_CONTROL, VARY] {
            for own in response.headers().get(name.as_str()).filter_map(|own| own.parse().ok()) {
                headers.append(&name, own);
            }
            response.remove_header(name.as_str());
        }
        self.visitor.apply(&mut headers);
        convert::add_headers(response, &headers);
    }
}

/// What a guard fails with. A redirect is none that Rocket would call an error.
fn status_of(instead: &Instead) -> Status {
    let status = instead.status();
    Status::new(if status.is_redirection() { StatusCode::UNAUTHORIZED } else { status }.as_u16())
}
