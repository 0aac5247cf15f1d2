//! The UserInfo endpoint of the OpenID faces (OpenID Connect Core §5.3).

use http::StatusCode;
use serde_json::Value;

use crate::answer::Answer;
use crate::face::Face;
use crate::request::Request;
use crate::server::authorization_server::AuthorizationServer;
use crate::server::refusal::Refusal;
use crate::server::rules::{google, microsoft};

pub(crate) fn user_info(server: &AuthorizationServer, request: &Request) -> Answer {
    match person(server, request) {
        Ok(person) => Answer::json(StatusCode::OK, person).private(),
        Err(refusal) => refusal.answer(server.face()),
    }
}

fn person(server: &AuthorizationServer, request: &Request) -> Result<Value, Refusal> {
    let token = request.authorization("Bearer").ok_or(Refusal::NoAccessToken)?;
    let grant = server.memory().access(token, server.clock.now())?.grant.clone();
    let mut person = match server.face() {
        Face::Microsoft => microsoft::profile(&server.client, &grant),
        Face::Google | Face::Facebook | Face::Apple => google::profile(&server.client, &grant),
    };
    person.insert("sub".to_owned(), server.subject_of(&grant.person).into());
    Ok(Value::Object(person))
}
