//! A person's picture: their initials.

use std::sync::Arc;

use http::StatusCode;
use http::header::CONTENT_TYPE;

use crate::answer::Answer;
use crate::page;
use crate::person::Person;
use crate::request::Request;
use crate::server::authorization_server::AuthorizationServer;

pub(crate) fn picture(server: &AuthorizationServer, request: &Request) -> Answer {
    let shown = |person: &&Arc<Person>| person.segment() == request.detail;
    match server.people().iter().find(shown) {
        Some(person) => Answer::text(StatusCode::OK, &page::picture(person))
            .with(CONTENT_TYPE, "image/svg+xml")
            .cacheable(),
        None => Answer::text(StatusCode::NOT_FOUND, "Nobody here looks like that."),
    }
}
