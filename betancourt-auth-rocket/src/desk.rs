//! Where the guards of one request are answered: who is behind it, looked up once, and what to send instead.

use std::sync::{Mutex, PoisonError};

use betancourt_auth::{Asked, Instead, Visitor};
use http::request::Parts;
use rocket::http::Status;
use rocket::request::Outcome;
use rocket::{Request, Response};

use crate::convert;
use crate::fairing::AuthFairing;
use crate::guard::Refusal;

/// What describes a body, a place or a person: it goes with the answer that it came with. What else fairings have put
/// on an answer stays.
const OF_ONE_ANSWER: &str = "content-type content-length content-encoding transfer-encoding \
                             etag last-modified location set-cookie";

/// See the module. One for each request in which a guard asked; `None`: the fairing is missing.
pub(crate) struct Desk {
    visitor: Visitor,
    parts: Parts,
    instead: Mutex<Option<Instead>>,
}

/// Asks the visitor who is behind a request. What to send instead is kept until the fairing sends it.
pub(crate) async fn ask<'r, T, F: Future<Output = Result<T, Instead>>>(
    request: &'r Request<'_>,
    question: impl FnOnce(&'r Visitor, Asked<'r>) -> F,
) -> Outcome<T, Refusal> {
    let mut status = Status::InternalServerError;
    if let Some(desk) = request.local_cache(|| Desk::open(request)) {
        let Parts { method, uri, headers, .. } = &desk.parts;
        match question(&desk.visitor, Asked { method, uri, headers }).await {
            Ok(let_in) => return Outcome::Success(let_in),
            Err(instead) => status = desk.keep(instead),
        }
    }
    Outcome::Error((status, Refusal(status)))
}

impl Desk {
    fn open(request: &Request<'_>) -> Option<Self> {
        let AuthFairing(auth) = request.rocket().state()?;
        let mut parts = convert::parts(request);
        parts.uri = auth.asked_for(&parts.uri).into_owned();
        Some(Self { visitor: Visitor::new(auth), parts, instead: Mutex::default() })
    }

    /// What to send instead, for the fairing. That the store could not tell is not forgotten for anything else.
    fn keep(&self, instead: Instead) -> Status {
        let status = status_of(&instead);
        let mut kept = self.instead.lock().unwrap_or_else(PoisonError::into_inner);
        kept.take_if(|kept| !kept.status().is_server_error());
        kept.get_or_insert(instead);
        status
    }

    /// Makes an answer what it is to be: another one, where a guard refused and that is what came of it, or where the
    /// store could not tell, whatever came of that; with what follows from the visit.
    pub(crate) fn settle(&self, response: &mut Response<'_>) {
        let mut headers = convert::headers(response.headers());
        let mut kept = self.instead.lock().unwrap_or_else(PoisonError::into_inner);
        let counts = |instead: &mut Instead| {
            instead.status().is_server_error() || status_of(instead) == response.status()
        };
        if let Some(instead) = kept.take_if(counts) {
            OF_ONE_ANSWER.split(' ').for_each(|name| drop(headers.remove(name)));
            headers.extend(instead.headers().clone());
            *response = convert::response(*instead);
        }
        self.visitor.apply(&mut headers);
        convert::set_headers(response, &headers);
    }
}

/// What a guard fails with. A redirect is none that Rocket would call an error.
fn status_of(instead: &Instead) -> Status {
    let status = instead.status();
    Status::new(if status.is_redirection() { 401 } else { status.as_u16() })
}
