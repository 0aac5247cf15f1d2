//! Signs a person in without a browser: opens the page and presses a button on it.

use std::sync::Arc;

use http::{HeaderMap, Method};
use url::Url;

use crate::answer::Answer;
use crate::callback::Callback;
use crate::endpoint::{Endpoint, Place, locate};
use crate::failure::Failure;
use crate::look_alikes::LookAlikes;
use crate::person::Person;
use crate::request::Request;
use crate::server::reply::Reply;

/// Why a person without a browser did not get through.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum ApproveError {
    /// The address is not an authorization endpoint of these look-alikes.
    #[error("`{0}` is not an authorization endpoint of these look-alikes")]
    OtherAddress(String),
    /// The page says that this cannot go on; its words are in the answer's body.
    #[error("the authorization request was refused on a page")]
    Refused(Box<Answer>),
    /// No such person may sign in at this address.
    #[error("`{0}` is nobody who may sign in there")]
    Unknown(String),
}

impl LookAlikes {
    /// Signs in a person without a browser: opens the authorization address, presses the button
    /// with this `data-person`, and returns what the browser would carry back to the app.
    ///
    /// # Errors
    ///
    /// [`ApproveError`] when the address is another server's, the page refuses, or nobody there
    /// has that key. A refusal that the face tells the app is a [`Callback`] with `error`.
    pub async fn approve(&self, authorize: &str, person: &str) -> Result<Callback, ApproveError> {
        self.answer(authorize, |people| {
            let chosen = people.iter().find(|candidate| candidate.key() == person)?;
            Some(("person", chosen.subject.clone()))
        })
        .await?
        .ok_or_else(|| ApproveError::Unknown(person.to_owned()))
    }

    /// Like [`approve`](Self::approve), but presses the button with this `data-failure`.
    ///
    /// # Errors
    ///
    /// As [`approve`](Self::approve).
    pub async fn fail(&self, authorize: &str, failure: Failure) -> Result<Callback, ApproveError> {
        self.answer(authorize, |_| Some(("failure", failure.id().to_owned())))
            .await?
            .ok_or_else(|| ApproveError::Unknown(failure.id().to_owned()))
    }

    /// Opens the page and posts what is chosen on it; `None` when the choice finds nobody.
    async fn answer(
        &self,
        authorize: &str,
        choose: impl FnOnce(&[Arc<Person>]) -> Option<(&'static str, String)>,
    ) -> Result<Option<Callback>, ApproveError> {
        let (place, query) = self.authorization_endpoint(authorize)?;
        let face = place.face;
        let opened = self.server.reply(browsed(place, Method::GET, query, Vec::new())).await;
        let page = match opened {
            Reply::Choice(page) => page,
            Reply::Callback(callback) => return Ok(Some(callback)),
            Reply::Answer(answer) => return Err(ApproveError::Refused(Box::new(answer))),
        };
        let Some((name, value)) = choose(&page.people) else {
            return Ok(None);
        };
        let form = vec![("ticket".to_owned(), page.ticket), (name.to_owned(), value)];
        let place = Place { face, endpoint: Endpoint::Choice, detail: String::new() };
        match self.server.reply(browsed(place, Method::POST, Vec::new(), form)).await {
            Reply::Callback(callback) => Ok(Some(callback)),
            Reply::Choice(_) | Reply::Answer(_) => Ok(None),
        }
    }

    fn authorization_endpoint(
        &self,
        authorize: &str,
    ) -> Result<(Place, Vec<(String, String)>), ApproveError> {
        let other = || ApproveError::OtherAddress(authorize.to_owned());
        let address = Url::parse(authorize).map_err(|_| other())?;
        let place = locate(address.path())
            .filter(|place| place.endpoint == Endpoint::Authorization)
            .filter(|_| address.origin() == self.url.origin())
            .ok_or_else(other)?;
        Ok((place, address.query_pairs().into_owned().collect()))
    }
}

/// A request as a browser would have sent it.
fn browsed(
    place: Place,
    method: Method,
    query: Vec<(String, String)>,
    form: Vec<(String, String)>,
) -> Request {
    let Place { face, endpoint, detail } = place;
    Request { face, endpoint, method, headers: HeaderMap::new(), query, form, detail }
}
