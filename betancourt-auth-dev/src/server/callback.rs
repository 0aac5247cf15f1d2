//! Builds the authorization response: a code for the app, or the reason why there is none.

use crate::callback::Callback;
use crate::face::Face;
use crate::person::Person;
use crate::server::authorization_server::AuthorizationServer;
use crate::server::grant::Authorization;
use crate::server::refusal::Refusal;
use crate::server::rules::apple;

/// The person said yes.
pub(crate) fn granted(
    server: &AuthorizationServer,
    authorization: &Authorization,
    person: &Person,
    code: &str,
) -> Callback {
    let mut callback = empty(authorization);
    callback.set("code", code);
    if server.face() == Face::Apple
        && server.memory().consent(person)
        && let Some(user) = apple::user(authorization, person)
    {
        callback.set("user", &user.to_string());
    }
    announce_issuer(server, Some(person), &mut callback);
    callback
}

/// The person, or the face itself, said no.
pub(crate) fn refused(
    server: &AuthorizationServer,
    authorization: &Authorization,
    refusal: &Refusal,
) -> Callback {
    let mut callback = empty(authorization);
    match (server.face(), refusal) {
        (Face::Apple, Refusal::Cancelled) => callback.set("error", "user_cancelled_authorize"),
        _ => {
            callback.set("error", refusal.code());
            callback.set("error_description", &refusal.to_string());
        }
    }
    if let (Face::Facebook, Refusal::Cancelled) = (server.face(), refusal) {
        callback.set("error_reason", "user_denied");
        callback.set("error_code", "200");
    }
    announce_issuer(server, authorization.people.first().map(AsRef::as_ref), &mut callback);
    callback
}

fn empty(authorization: &Authorization) -> Callback {
    let mut callback = Callback {
        redirect_uri: authorization.redirect_uri.clone(),
        response_mode: authorization.response_mode,
        parameters: Vec::new(),
    };
    if let Some(state) = &authorization.state {
        callback.set("state", state);
    }
    callback
}

/// RFC 9207: Google and Microsoft say who answers.
fn announce_issuer(server: &AuthorizationServer, person: Option<&Person>, callback: &mut Callback) {
    if let (Face::Google | Face::Microsoft, Some(person)) = (server.face(), person) {
        callback.set("iss", &server.issuer_for(person));
    }
}
