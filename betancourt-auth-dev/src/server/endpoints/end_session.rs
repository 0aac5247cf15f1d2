//! The end-session endpoint (OpenID Connect RP-Initiated Logout 1.0): back to the app, if it is registered.
//!
//! Nobody stays signed in at a look-alike: its page asks each time who is there. So there is nothing to end.

use http::StatusCode;

use crate::answer::Answer;
use crate::callback::{Callback, ResponseMode};
use crate::request::Request;
use crate::server::authorization_server::AuthorizationServer;
use crate::server::parameters::Parameters;
use crate::server::refusal::Refusal;
use crate::server::reply::Reply;

pub(crate) fn end_session(server: &AuthorizationServer, request: &Request) -> Reply {
    let leave = || -> Result<Reply, Refusal> {
        server.admitted(&request.detail)?;
        let parameters = Parameters::once(request.query.iter().chain(&request.form))?;
        let wanted = parameters.value("post_logout_redirect_uri");
        let mut registered = server.client.signed_out_uris();
        let Some(redirect_uri) = registered.find(|known| Some(known.as_str()) == wanted) else {
            return Ok(Answer::text(StatusCode::OK, "You are signed out.\n").private().into());
        };
        let mut callback =
            Callback { redirect_uri, response_mode: ResponseMode::Query, parameters: Vec::new() };
        if let Some(state) = parameters.value("state") {
            callback.set("state", state);
        }
        Ok(Reply::Callback(callback))
    };
    leave().unwrap_or_else(|refusal| refusal.answer(server.face()).into())
}
