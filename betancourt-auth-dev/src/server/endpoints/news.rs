//! The page on which a developer lets a face tell the app something, and the post that does.

use http::header::ORIGIN;
use http::{Method, StatusCode};
use http_body_util::{BodyExt, Full, Limited};
use hyper_util::client::legacy::Client;
use hyper_util::rt::TokioExecutor;

use url::Url;

use crate::answer::Answer;
use crate::loopback::is_loopback;
use crate::message::{self, Message};
use crate::news::News;
use crate::page::{self, Told};
use crate::request::Request;
use crate::server::authorization_server::AuthorizationServer;

/// More than this of the app's answer is not shown.
const LONGEST_ANSWER: usize = 16 * 1024;

/// `GET` shows what can be told of whom, `POST` tells it and shows what the app says.
pub(crate) async fn news(server: &AuthorizationServer, request: &Request) -> Answer {
    if request.method == Method::GET {
        return page::news(server.face(), server.people(), server.client.base(), None);
    }
    if !is_own_page(server, request) {
        return Answer::text(StatusCode::FORBIDDEN, "This form was sent from another site.\n");
    }
    let person = server
        .people()
        .iter()
        .find(|person| request.form_value("person") == Some(person.subject.as_str()));
    let news = News::told_by(server.face())
        .iter()
        .find(|news| request.form_value("news") == Some(news.id()));
    let (Some(person), Some(news)) = (person, news) else {
        return Answer::text(StatusCode::BAD_REQUEST, "Nobody is told that of anybody.\n");
    };
    let answered = match message::make(server, person, *news, |_| ()).await {
        Ok(message) => tell(&message).await,
        Err(error) => Err(error.to_string()),
    };
    let told = Told { title: news.title(), name: person.name(), answered };
    page::news(server.face(), server.people(), server.client.base(), Some(told))
}

/// Another site must not make the face tell anything: a browser says where a form stood.
fn is_own_page(server: &AuthorizationServer, request: &Request) -> bool {
    let Some(origin) = request.headers.get(ORIGIN) else { return true };
    let origin = origin.to_str().ok().and_then(|origin| Url::parse(origin).ok());
    let ours = Url::parse(server.client.base()).ok();
    let is_here = |url: &Url| url.host().is_some_and(|host| is_loopback(&host));
    origin.is_some_and(|origin| {
        is_here(&origin) && ours.is_some_and(|ours| ours.port() == origin.port())
    })
}

/// Posts a message, and says what the app answered, or why it did not.
async fn tell(message: &Message) -> Result<String, String> {
    if message.url.scheme() != "http" {
        return Err(format!(
            "{} is not reached over http: look-alikes speak nothing else",
            message.url
        ));
    }
    let request = message.request().map_err(|error| error.to_string())?;
    let client = Client::builder(TokioExecutor::new()).build_http();
    let answer = client.request(request.map(Full::new)).await.map_err(|error| error.to_string())?;
    let status = answer.status();
    let body = Limited::new(answer.into_body(), LONGEST_ANSWER).collect().await;
    let body = body.map_err(|error| error.to_string())?.to_bytes();
    Ok(format!("{status} {}", String::from_utf8_lossy(&body)))
}
