//! Somebody who signs in without a browser: at the server, at the look-alike, and back.

use betancourt_auth::http_client::{BundledClient, HttpClient as _};
use betancourt_auth_dev::LookAlikes;
use bytes::Bytes;
use http::header::{CONTENT_TYPE, COOKIE, LOCATION, SET_COOKIE};
use http::{HeaderValue, Request, Response, StatusCode};
use serde_json::Value;

use crate::Failure;

/// Whoever comes to a server.
#[derive(Clone, Debug)]
pub struct Visitor {
    client: BundledClient,
    origin: String,
}

/// Somebody whom the provider has sent back, and who has not arrived yet.
#[derive(Debug)]
pub struct Returning {
    address: String,
    cookies: String,
}

impl Visitor {
    /// A visitor of the server at that origin.
    ///
    /// # Errors
    /// When there is no client to visit with.
    pub fn new(origin: String) -> Result<Self, Failure> {
        Ok(Self { client: BundledClient::new()?, origin })
    }

    /// Begins to sign in, and becomes `person` at the look-alike.
    ///
    /// # Errors
    /// When the server or the look-alike refuses.
    pub async fn depart(
        &self,
        lookalikes: &LookAlikes,
        person: &str,
    ) -> Result<Returning, Failure> {
        let csrf =
            self.send(Request::get(format!("{}/auth/csrf", self.origin)), Bytes::new()).await?;
        let token: Value = serde_json::from_slice(csrf.body())?;
        let token = token.get("csrfToken").and_then(Value::as_str);
        let token = token.ok_or("the server gives no token for a form")?;
        let begun = Request::post(format!("{}/auth/signin/google", self.origin))
            .header(CONTENT_TYPE, "application/x-www-form-urlencoded")
            .header(COOKIE, cookies(&csrf));
        let begun = self.send(begun, format!("csrfToken={token}").into()).await?;
        let callback = lookalikes.approve(location(&begun)?, person).await?;
        Ok(Returning { address: callback.location().into(), cookies: cookies(&begun) })
    }

    /// Opens the callback address: the server does all that makes a session of it.
    ///
    /// # Errors
    /// When it makes none.
    pub async fn arrive(self, returning: Returning) -> Result<(), Failure> {
        let callback = Request::get(returning.address).header(COOKIE, returning.cookies);
        let arrived = self.send(callback, Bytes::new()).await?;
        let signed_in = arrived.status() == StatusCode::FOUND
            && cookies(&arrived).contains("authjs.session-token=");
        if signed_in { Ok(()) } else { Err(location(&arrived)?.into()) }
    }

    /// Makes the server ask the provider for two documents.
    ///
    /// # Errors
    /// When it cannot.
    pub async fn ask(self) -> Result<(), Failure> {
        let asked = self.send(Request::get(format!("{}/ask", self.origin)), Bytes::new()).await?;
        (asked.status() == StatusCode::OK)
            .then_some(())
            .ok_or("the provider does not answer".into())
    }

    async fn send(
        &self,
        request: http::request::Builder,
        body: Bytes,
    ) -> Result<Response<Bytes>, Failure> {
        Ok(self.client.send(request.body(body)?).await?)
    }
}

fn location(answer: &Response<Bytes>) -> Result<&str, Failure> {
    let location = answer.headers().get(LOCATION).ok_or("the server sends nobody anywhere")?;
    Ok(location.to_str()?)
}

/// The cookies that an answer sets, as the next request brings them.
fn cookies(answer: &Response<Bytes>) -> String {
    let set =
        answer.headers().get_all(SET_COOKIE).iter().filter_map(|set| HeaderValue::to_str(set).ok());
    let pairs: Vec<_> = set.filter_map(|set| set.split(';').next()).collect();
    pairs.join("; ")
}
