//! One server, four faces: guard, find the place, log, answer, tamper, send.

mod authorization_server;
mod callback;
mod client_authentication;
mod endpoints;
mod guard;
mod id_token;
mod memory;
mod parameters;
mod read;
mod refusal;
mod rules;

use std::sync::{Mutex, MutexGuard, PoisonError};

use http::{Method, StatusCode, header};

use crate::page::{self, ChoicePage};
use crate::{Answer, Callback, Endpoint, Face, Request, ResponseMode};

use endpoints::{authorization, choice, graph, metadata, token, user_info};

pub(crate) use authorization_server::AuthorizationServer;

/// The four faces and what they have seen.
#[derive(Debug)]
pub(crate) struct Server {
    pub(crate) google: AuthorizationServer,
    pub(crate) facebook: AuthorizationServer,
    pub(crate) apple: AuthorizationServer,
    pub(crate) microsoft: AuthorizationServer,
    pub(crate) log: Mutex<Vec<Request>>,
}

/// What a face has to say, before it is put into HTTP.
#[derive(Debug)]
pub(crate) enum Reply {
    /// An answer for the app.
    Answer(Answer),
    /// A page on which a person chooses.
    Choice(ChoicePage),
    /// The way back to the app.
    Callback(Callback),
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
            return Answer::html(StatusCode::OK, page::home(self)).into_response();
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
        if !request.endpoint.methods(request.face).contains(&request.method) {
            return Reply::Answer(method_not_allowed(request.endpoint.methods(request.face)));
        }
        match request.endpoint {
            Endpoint::Discovery => Reply::Answer(metadata::discovery(server, &request)),
            Endpoint::Keys => Reply::Answer(metadata::key_set(server, &request).await),
            Endpoint::Authorization => authorization::authorize(server, &request).tampered(server),
            Endpoint::Choice => choice::choose(server, &request).tampered(server),
            Endpoint::Token => Reply::Answer(token::token(server, &request).await),
            Endpoint::UserInfo if request.face == Face::Facebook => {
                Reply::Answer(graph::me(server, &request))
            }
            Endpoint::UserInfo => Reply::Answer(user_info::user_info(server, &request)),
            Endpoint::TokenInspection => Reply::Answer(graph::debug_token(server, &request)),
            Endpoint::Picture => Reply::Answer(metadata::draw(server, &request)),
        }
    }
}

impl Reply {
    /// A page that says why nobody is sent anywhere.
    fn refused(face: Face, sentence: &'static str) -> Self {
        Self::Answer(Answer::html(StatusCode::BAD_REQUEST, page::refused(face, sentence)))
    }

    fn tampered(self, server: &AuthorizationServer) -> Self {
        match self {
            Self::Callback(callback) => Self::Callback(server.tampered_callback(callback)),
            Self::Answer(_) | Self::Choice(_) => self,
        }
    }

    fn into_answer(self, face: Face) -> Answer {
        match self {
            Self::Answer(answer) => answer,
            Self::Choice(choice) => Answer::html(StatusCode::OK, choice.html()),
            Self::Callback(callback) => match callback.response_mode {
                ResponseMode::Query => redirect(&callback),
                ResponseMode::FormPost => {
                    Answer::html(StatusCode::OK, page::form_post(face, &callback))
                }
            },
        }
    }
}

/// 303, so that the browser never posts the choice to the app (RFC 9700 §4.12).
fn redirect(callback: &Callback) -> Answer {
    let mut answer = Answer::text(StatusCode::SEE_OTHER, "").private();
    if let Ok(location) = callback.location().as_str().parse() {
        answer.headers.insert(header::LOCATION, location);
    }
    answer
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
