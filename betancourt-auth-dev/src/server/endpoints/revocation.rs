//! The revocation endpoint (RFC 7009): an app hands a token back, and all goes that came of the same sign-in.

use http::StatusCode;
use serde_json::json;

use crate::answer::Answer;
use crate::request::Request;
use crate::server::authorization_server::AuthorizationServer;
use crate::server::client_authentication::authenticate;
use crate::server::parameters::Parameters;
use crate::server::refusal::Refusal;

pub(crate) fn revoke(server: &AuthorizationServer, request: &Request) -> Answer {
    match hand_back(server, request) {
        // A token that nobody knows is as good as one that was handed back (RFC 7009 §2.2).
        Ok(()) => Answer::json(StatusCode::OK, json!({})).private(),
        Err(refusal) => refusal.answer(server.face()),
    }
}

fn hand_back(server: &AuthorizationServer, request: &Request) -> Result<(), Refusal> {
    let parameters = Parameters::once(request.form.iter())?;
    authenticate(&server.client, request, &parameters, server.clock.now())?;
    let token = parameters.value("token").ok_or(Refusal::Missing("token"))?;
    server.memory().hand_back(token);
    Ok(())
}
