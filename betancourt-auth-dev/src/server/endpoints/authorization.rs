//! The authorization endpoint: is this request one to show a person?

use std::sync::Arc;

use url::Url;

use crate::callback::{Callback, ResponseMode};
use crate::face::Face;
use crate::page::ChoicePage;
use crate::person::Person;
use crate::request::Request;
use crate::server::authorization_server::AuthorizationServer;
use crate::server::callback;
use crate::server::grant::Authorization;
use crate::server::parameters::Parameters;
use crate::server::refusal::Refusal;
use crate::server::reply::Reply;

/// A request that is not shown to anybody.
enum Problem {
    /// Client or redirect address are wrong: nobody is sent anywhere (RFC 6749 §4.1.2.1).
    Shown(&'static str),
    /// Anything else is told to the app.
    Returned(Callback),
}

pub(crate) fn authorize(server: &AuthorizationServer, request: &Request) -> Reply {
    match checked(server, request) {
        Ok(authorization) => Reply::Choice(open_page(server, authorization)),
        Err(Problem::Shown(sentence)) => Reply::refused(server.face(), sentence),
        Err(Problem::Returned(callback)) => Reply::Callback(callback),
    }
}

fn open_page(server: &AuthorizationServer, authorization: Authorization) -> ChoicePage {
    let people = authorization.people.clone();
    if server.face() != Face::Facebook {
        server.warm_keys(&people);
    }
    let app = authorization.redirect_uri.origin().ascii_serialization();
    let ticket = server.memory().open_ticket(authorization, server.clock.now());
    ChoicePage::new(&server.client, app, ticket, people)
}

fn checked(server: &AuthorizationServer, request: &Request) -> Result<Authorization, Problem> {
    let parameters = Parameters::once(request.query.iter().chain(&request.form))
        .map_err(|_| Problem::Shown("A parameter of the authorization request is there twice."))?;
    if parameters.value("client_id") != Some(server.client.id()) {
        return Err(Problem::Shown(
            "The client id of the authorization request is not registered.",
        ));
    }
    let asked = parameters.value("redirect_uri");
    let mut registered = server.client.redirect_uris();
    let Some(redirect_uri) = registered.find(|registered| asked == Some(registered.as_str()))
    else {
        return Err(Problem::Shown(
            "The redirect address of the authorization request is not the registered one, letter \
             for letter.",
        ));
    };
    let people = server
        .admitted(&request.detail)
        .map_err(|_| Problem::Shown("The tenant in the address is unknown here."))?;
    let mut authorization = read(server.face(), people, redirect_uri, &parameters);
    let refused =
        |refusal: Refusal| Problem::Returned(callback::refused(server, &authorization, &refusal));
    check_mode(server.face(), &authorization, &parameters).map_err(refused)?;
    check_kind(&parameters).map_err(refused)?;
    check_scope(server.face(), &authorization).map_err(refused)?;
    let challenge = challenge(server, &parameters).map_err(refused)?;
    authorization.code_challenge = challenge;
    Ok(authorization)
}

/// What the request says, before it is judged.
fn read(
    face: Face,
    people: Vec<Arc<Person>>,
    redirect_uri: &Url,
    parameters: &Parameters<'_>,
) -> Authorization {
    let owned = |name| parameters.value(name).map(str::to_owned);
    let scope: Vec<String> = parameters
        .value("scope")
        .unwrap_or_default()
        .split(|letter: char| letter == ' ' || (letter == ',' && face == Face::Facebook))
        .filter(|scope| !scope.is_empty())
        .map(str::to_owned)
        .collect();
    let offline = match face {
        Face::Google => parameters.value("access_type") == Some("offline"),
        Face::Facebook => false,
        Face::Apple => true,
        Face::Microsoft => scope.iter().any(|scope| scope == "offline_access"),
    };
    Authorization {
        people,
        redirect_uri: redirect_uri.clone(),
        response_mode: parameters
            .value("response_mode")
            .and_then(ResponseMode::with_name)
            .unwrap_or(ResponseMode::Query),
        state: owned("state"),
        nonce: owned("nonce"),
        code_challenge: None,
        scope,
        offline,
    }
}

/// Apple gives name and e-mail by `form_post` only; Facebook knows nothing but the query.
fn check_mode(
    face: Face,
    authorization: &Authorization,
    parameters: &Parameters<'_>,
) -> Result<(), Refusal> {
    let asked = parameters.value("response_mode");
    if asked.is_some_and(|name| ResponseMode::with_name(name).is_none()) {
        return Err(Refusal::ResponseMode);
    }
    match (face, authorization.response_mode) {
        (Face::Facebook, ResponseMode::FormPost) => Err(Refusal::ResponseMode),
        (Face::Apple, ResponseMode::Query)
            if authorization.has_scope("name") || authorization.has_scope("email") =>
        {
            Err(Refusal::FormPostRequired)
        }
        _ => Ok(()),
    }
}

fn check_kind(parameters: &Parameters<'_>) -> Result<(), Refusal> {
    match parameters.value("response_type") {
        Some("code") => {}
        Some(_) => return Err(Refusal::ResponseType),
        None => return Err(Refusal::Missing("response_type")),
    }
    if parameters.value("request").is_some() {
        return Err(Refusal::RequestObject);
    }
    if parameters.value("request_uri").is_some() {
        return Err(Refusal::RequestUri);
    }
    if parameters.value("prompt") == Some("none") {
        return Err(Refusal::LoginRequired);
    }
    Ok(())
}

fn check_scope(face: Face, authorization: &Authorization) -> Result<(), Refusal> {
    let needed = matches!(face, Face::Google | Face::Microsoft);
    if needed && authorization.scope.is_empty() { Err(Refusal::Scope) } else { Ok(()) }
}

/// The S256 challenge; `plain` and none at all are refused (RFC 9700 §2.1.1).
fn challenge(
    server: &AuthorizationServer,
    parameters: &Parameters<'_>,
) -> Result<Option<String>, Refusal> {
    if !server.asks_for_pkce() {
        return Ok(None);
    }
    let challenge = parameters.value("code_challenge").ok_or(Refusal::Challenge)?;
    let hashed = challenge.len() == 43
        && challenge.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-' || b == b'_');
    if hashed && parameters.value("code_challenge_method") == Some("S256") {
        Ok(Some(challenge.to_owned()))
    } else {
        Err(Refusal::Challenge)
    }
}
