//! One server, four faces and a mailbox: guard, find the place, log, answer, tamper, send.

pub(crate) mod authorization_server;
mod callback;
pub(crate) mod client_authentication;
mod endpoints;
pub(crate) mod grant;
pub(crate) mod guard;
pub(crate) mod id_token;
pub(crate) mod memory;
pub(crate) mod parameters;
pub(crate) mod pkce;
pub(crate) mod read;
pub(crate) mod refusal;
pub(crate) mod reply;
pub(crate) mod rules;

use std::sync::{Mutex, MutexGuard, PoisonError};

use crate::face::Face;
use crate::mailbox::Mailbox;
use crate::page;
use crate::request::Request;
use crate::server::authorization_server::AuthorizationServer;
use crate::server::reply::Reply;

/// The four faces, the mailbox, and what the faces have seen.
#[derive(Debug)]
pub(crate) struct Server {
    pub(crate) google: AuthorizationServer,
    pub(crate) facebook: AuthorizationServer,
    pub(crate) apple: AuthorizationServer,
    pub(crate) microsoft: AuthorizationServer,
    pub(crate) mailbox: Mailbox,
    pub(crate) log: Mutex<Vec<Request>>,
}

impl Server {
    pub(crate) fn face(&self, face: Face) -> &AuthorizationServer {
        match face {
            Face::Google => &self.google,
            Face::Facebook => &self.facebook,
            Face::Apple => &self.apple,
            Face::Microsoft => &self.microsoft,
        }
    }

    pub(crate) fn log(&self) -> MutexGuard<'_, Vec<Request>> {
        self.log.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Answers whatever arrives on the socket.
    pub(crate) async fn respond(
        &self,
        request: axum::extract::Request,
    ) -> axum::response::Response {
        if let Some(refused) = guard::refuse(request.uri(), request.headers()) {
            return refused.into_response();
        }
        if request.uri().path() == "/" {
            let issuers = Face::ALL.map(|face| (face, self.face(face).client.issuer()));
            return page::home(issuers.to_vec()).into_response();
        }
        if let Some(answer) = page::mail(&self.mailbox, request.method(), request.uri().path()) {
            return answer.into_response();
        }
        let request = match read::read(request).await {
            Ok(request) => request,
            Err(refused) => return refused.into_response(),
        };
        let (face, endpoint) = (request.face, request.endpoint);
        let answer = self.reply(request).await.into_answer(face);
        self.face(face).tampered_answer(endpoint, answer).into_response()
    }

    /// Answers a request that has found its place; a person without a browser comes in here.
    pub(crate) async fn reply(&self, request: Request) -> Reply {
        self.log().push(request.clone());
        let server = self.face(request.face);
        match endpoints::reply(server, &request).await {
            Reply::Callback(callback) => Reply::Callback(server.tampered_callback(callback)),
            other @ (Reply::Answer(_) | Reply::Choice(_)) => other,
        }
    }
}
