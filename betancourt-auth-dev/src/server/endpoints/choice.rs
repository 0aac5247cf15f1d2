//! What the person chose on the page becomes an answer to the app.

use std::sync::Arc;

use crate::callback::Callback;
use crate::failure::Failure;
use crate::person::Person;
use crate::request::Request;
use crate::server::authorization_server::AuthorizationServer;
use crate::server::callback;
use crate::server::grant::Authorization;
use crate::server::refusal::Refusal;
use crate::server::reply::Reply;

pub(crate) fn choose(server: &AuthorizationServer, request: &Request) -> Reply {
    let ticket = request.form_value("ticket").unwrap_or_default();
    let Some(authorization) = server.memory().take_ticket(ticket, server.clock.now()) else {
        return Reply::refused(
            server.face(),
            "This page was answered before, or is older than ten minutes. Go back to the app and \
             begin again.",
        );
    };
    match answered(server, request, &authorization) {
        Some(callback) => Reply::Callback(callback),
        None => Reply::refused(server.face(), "Nobody here can do what was chosen."),
    }
}

fn answered(
    server: &AuthorizationServer,
    request: &Request,
    authorization: &Authorization,
) -> Option<Callback> {
    let failure = request.form_value("failure").map(Failure::with_id);
    let (person, failure) = match (request.form_value("person"), failure) {
        (Some(subject), None) => (with_subject(authorization, subject)?, None),
        (None, Some(Some(Failure::Cancelled))) => {
            return Some(callback::refused(server, authorization, &Refusal::Cancelled));
        }
        (None, Some(Some(failure))) => who_fails(authorization, failure)?,
        (Some(_), Some(_)) | (None, None | Some(None)) => return None,
    };
    let code = server.memory().issue_code(
        Arc::clone(&person),
        authorization.clone(),
        failure,
        server.clock.now(),
    );
    Some(callback::granted(server, authorization, &person, &code))
}

fn with_subject(authorization: &Authorization, subject: &str) -> Option<Arc<Person>> {
    authorization.people.iter().find(|person| person.subject == subject).cloned()
}

/// The person who embodies the failure, or else the first one, to whom it happens.
fn who_fails(
    authorization: &Authorization,
    failure: Failure,
) -> Option<(Arc<Person>, Option<Failure>)> {
    if failure.is_of_a_person() {
        let embodies = |person: &&Arc<Person>| person.failure() == Some(failure);
        return Some((authorization.people.iter().find(embodies).cloned()?, None));
    }
    Some((authorization.people.first().cloned()?, Some(failure)))
}
