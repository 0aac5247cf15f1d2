//! Facebook's Graph: the profile, and for whom an access token was made.

use http::StatusCode;
use serde_json::{Value, json};

use crate::answer::Answer;
use crate::request::Request;
use crate::server::authorization_server::AuthorizationServer;
use crate::server::parameters::Parameters;
use crate::server::refusal::Refusal;
use crate::server::rules::facebook;

/// `GET /me?fields=…`: only what was asked for and granted, and only with the app's proof.
pub(crate) fn me(server: &AuthorizationServer, request: &Request) -> Answer {
    answered(server, profile(server, request))
}

/// `GET /debug_token`: the app asks, as itself, whose token it was handed.
pub(crate) fn debug_token(server: &AuthorizationServer, request: &Request) -> Answer {
    answered(server, inspection(server, request))
}

fn answered(server: &AuthorizationServer, result: Result<Value, Refusal>) -> Answer {
    match result {
        Ok(value) => Answer::json(StatusCode::OK, value).private(),
        Err(refusal) => refusal.answer(server.face()),
    }
}

fn profile(server: &AuthorizationServer, request: &Request) -> Result<Value, Refusal> {
    let parameters = Parameters::once(request.query.iter().chain(&request.form))?;
    let token = parameters
        .value("access_token")
        .or_else(|| request.authorization("Bearer"))
        .ok_or(Refusal::NoAccessToken)?;
    let grant = server.memory().access(token, server.clock.now())?.grant.clone();
    let proof = parameters.value("appsecret_proof").ok_or(Refusal::Proof)?;
    facebook::check_proof(server.client.secret(), token, proof)?;
    let fields = parameters.value("fields").unwrap_or("id,name");
    facebook::profile(&server.client, &grant, fields).map(Value::Object)
}

fn inspection(server: &AuthorizationServer, request: &Request) -> Result<Value, Refusal> {
    let parameters = Parameters::once(&request.query)?;
    let token = parameters.value("input_token").ok_or(Refusal::Missing("input_token"))?;
    let asker = parameters
        .value("access_token")
        .or_else(|| request.authorization("Bearer"))
        .ok_or(Refusal::NoAccessToken)?;
    let client = &server.client;
    if asker != format!("{}|{}", client.id(), client.secret()) {
        return Err(Refusal::AccessToken);
    }
    let memory = server.memory();
    let Ok(access) = memory.access(token, server.clock.now()) else {
        return Ok(json!({ "data": { "is_valid": false, "scopes": [] } }));
    };
    Ok(json!({ "data": {
        "app_id": client.id(),
        "type": "USER",
        "is_valid": true,
        "user_id": access.grant.person.subject,
        "issued_at": access.grant.authenticated_at,
        "expires_at": access.expires_at,
        "scopes": access.grant.authorization.scope,
    }}))
}
