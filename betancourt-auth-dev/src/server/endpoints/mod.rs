//! The endpoints of a face: one handler each, found in one match.

mod authorization;
mod choice;
mod discovery;
mod end_session;
mod graph;
mod keys;
mod news;
mod picture;
mod revocation;
mod token;
mod user_info;

use http::{Method, StatusCode, header};

use crate::answer::Answer;
use crate::endpoint::Endpoint;
use crate::face::Face;
use crate::request::Request;
use crate::server::authorization_server::AuthorizationServer;
use crate::server::reply::Reply;

/// What the endpoint that a request asked for has to say.
pub(crate) async fn reply(server: &AuthorizationServer, request: &Request) -> Reply {
    let methods = request.endpoint.methods(request.face);
    if !methods.contains(&request.method) {
        return method_not_allowed(methods).into();
    }
    match request.endpoint {
        Endpoint::Discovery => discovery::discovery(server, request).into(),
        Endpoint::EventConfiguration => discovery::event_configuration(server).into(),
        Endpoint::Keys => keys::keys(server, request).await.into(),
        Endpoint::Authorization => authorization::authorize(server, request),
        Endpoint::Choice => choice::choose(server, request),
        Endpoint::Token => token::token(server, request).await.into(),
        Endpoint::UserInfo if request.face == Face::Facebook => graph::me(server, request).into(),
        Endpoint::UserInfo => user_info::user_info(server, request).into(),
        Endpoint::TokenInspection => graph::debug_token(server, request).into(),
        Endpoint::News => news::news(server, request).await.into(),
        Endpoint::Revocation => revocation::revoke(server, request).into(),
        Endpoint::EndSession => end_session::end_session(server, request),
        Endpoint::Picture => picture::picture(server, request).into(),
    }
}

fn method_not_allowed(methods: &[Method]) -> Answer {
    let mut answer =
        Answer::text(StatusCode::METHOD_NOT_ALLOWED, "This endpoint knows no such method.\n");
    let names: Vec<&str> = methods.iter().map(Method::as_str).collect();
    if let Ok(names) = names.join(", ").parse() {
        answer.headers.insert(header::ALLOW, names);
    }
    answer
}
