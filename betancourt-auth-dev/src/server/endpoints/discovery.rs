//! The metadata of the OpenID faces (OpenID Connect Discovery §4.2).

use http::StatusCode;

use crate::answer::Answer;
use crate::face::Face;
use crate::request::Request;
use crate::server::authorization_server::AuthorizationServer;
use crate::server::rules::{apple, google, microsoft};

/// No path of Facebook leads here.
pub(crate) fn discovery(server: &AuthorizationServer, request: &Request) -> Answer {
    if let Err(refusal) = server.admitted(&request.detail) {
        return refusal.answer(server.face());
    }
    let client = &server.client;
    let metadata = match server.face() {
        Face::Google | Face::Facebook => google::metadata(client),
        Face::Apple => apple::metadata(client),
        Face::Microsoft => microsoft::metadata(client, &request.detail),
    };
    Answer::json(StatusCode::OK, metadata).cacheable()
}

/// Who tells of Google's people, and with which keys (the RISC configuration document).
pub(crate) fn event_configuration(server: &AuthorizationServer) -> Answer {
    Answer::json(StatusCode::OK, google::event_configuration(&server.client)).cacheable()
}
