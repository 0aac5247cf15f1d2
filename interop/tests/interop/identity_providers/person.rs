//! Somebody with a browser, who comes to an application of ours to sign in with a provider.

use serde_json::Value;
use url::Url;

use super::house::callback;
use crate::app::BASE_PATH;
use crate::user_agent::{Page, Step, UserAgent};

pub(super) struct Person {
    origin: String,
    pub(super) browser: UserAgent,
}

impl Person {
    pub(super) fn at(origin: &str) -> Self {
        Self { origin: origin.to_owned(), browser: UserAgent::new() }
    }

    /// The same person, whom the provider knows, in a browser that was never at our application.
    pub(super) fn elsewhere(&self) -> Self {
        Self { origin: self.origin.clone(), browser: self.browser.stranger_to("localhost") }
    }

    /// Presses the button of a provider, and is sent there: the address.
    pub(super) async fn begin(&mut self, provider: &str) -> Url {
        let step = self.post(&format!("/signin/{provider}")).await;
        let Step::Go(to) = step else { panic!("nobody is sent to {provider}") };
        to
    }

    /// Posts to an action, with the token that belongs in the form.
    pub(super) async fn post(&mut self, action: &str) -> Step {
        let csrf = self.json("/csrf").await;
        let fields = [("csrfToken", csrf["csrfToken"].as_str().unwrap())];
        let (home, to) = (Url::parse(&self.origin).unwrap(), self.address(action));
        self.browser.post(&home, &to, &fields).await
    }

    /// What an action says in JSON.
    pub(super) async fn json(&mut self, action: &str) -> Value {
        let url = self.address(action);
        serde_json::from_str(&self.browser.open(&url).await.body).unwrap()
    }

    /// Goes on until the provider would send the browser back, and says where to.
    pub(super) async fn until_sent_back(&mut self, step: Step, provider: &str) -> Url {
        self.browser.follow_until(step, &callback(&self.origin, provider)).await
    }

    /// The name and the address in the session. `None`: nobody is signed in.
    pub(super) async fn is_known_as(&mut self) -> Option<(String, String)> {
        let session = self.json("/session").await;
        let text = |member: &str| session["user"][member].as_str().unwrap_or_default().to_owned();
        session.is_object().then(|| (text("name"), text("email")))
    }

    fn address(&self, action: &str) -> Url {
        Url::parse(&format!("{}{BASE_PATH}{action}", self.origin)).unwrap()
    }
}

/// What our server says went wrong, in the address where it leaves people.
pub(super) fn problem(page: &Page) -> Option<String> {
    page.url.query_pairs().find(|(name, _)| name == "error").map(|(_, code)| code.into_owned())
}
