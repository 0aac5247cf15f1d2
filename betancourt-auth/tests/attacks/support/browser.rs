//! A browser: a jar, the habits of browsers, and a person who clicks.

use std::sync::Arc;

use betancourt_auth_dev::{Callback, Face, ResponseMode};
use url::form_urlencoded::Serializer;

use super::answer::Answer;
use super::jar::Jar;
use super::request::{From, Request, exchange};
use super::secrets::CANARY;
use super::world::Net;

/// One browser of one person. A clone is a thief's copy of all its cookies.
#[derive(Clone, Debug)]
pub(crate) struct Browser {
    net: Arc<Net>,
    /// Which of the servers it speaks to.
    pub(crate) door: usize,
    pub(crate) jar: Jar,
}

impl Browser {
    pub(crate) fn new(net: Arc<Net>) -> Self {
        let jar = Jar::new(net.origin.starts_with("https:"));
        Self { net, door: 0, jar }
    }

    /// Sends a request with the cookies and headers that belong to it, and keeps the cookies of the answer.
    pub(crate) async fn send(&mut self, request: Request) -> Answer {
        let answer = exchange(self.net.doors[self.door], &self.dress(request).bytes()).await;
        assert!(!format!("{answer:?}").contains(CANARY), "a configured secret is out: {answer:?}");
        for cookie in answer.all("set-cookie") {
            self.jar.keep(cookie);
            let (_, value) = cookie.split_once('=').unwrap();
            self.net.secrets.add(value.split(';').next().unwrap());
        }
        answer
    }

    /// A request with the cookies and headers that belong to it, as it goes over the wire.
    pub(crate) fn dressed(&self, request: Request) -> Vec<u8> {
        self.dress(request).bytes()
    }

    /// A request with the cookies and headers that belong to it.
    pub(crate) fn dress(&self, mut request: Request) -> Request {
        if !request.has("host") {
            request = request.header("host", &self.net.host);
        }
        if request.method == "POST" && !request.has("origin") {
            let from_us = request.from == From::Us;
            let origin = if from_us { &self.net.origin } else { "https://elsewhere.example" };
            request = request.header("origin", origin);
        }
        match self.jar.header(&request) {
            Some(cookies) if !request.has("cookie") => request.header("cookie", cookies),
            _ => request,
        }
    }

    pub(crate) async fn get(&mut self, target: &str) -> Answer {
        self.send(Request::get(target)).await
    }

    /// What a script on one of our pages is answered.
    pub(crate) async fn fetch(&mut self, target: &str) -> Answer {
        self.send(Request::get(target).by_script()).await
    }

    /// Sends a form of one of our pages, with the page's token in it.
    pub(crate) async fn submit(&mut self, target: &str, form: &[(&str, &str)]) -> Answer {
        let form = self.form(form).await;
        let form: Vec<_> = form.iter().map(|(name, value)| (&**name, &**value)).collect();
        self.send(Request::post(target, &form)).await
    }

    /// The fields of a form with a genuine token.
    pub(crate) async fn form(&mut self, fields: &[(&str, &str)]) -> Vec<(String, String)> {
        let token = self.fetch("/auth/csrf").await.json()["csrfToken"].as_str().unwrap().to_owned();
        self.net.secrets.add(&token);
        let fields = fields.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned()));
        fields.chain([("csrfToken".to_owned(), token)]).collect()
    }

    /// Presses the button of a provider, and says where that leads.
    pub(crate) async fn begin(&mut self, face: Face) -> String {
        let form = [("callbackUrl", "/dashboard")];
        let answer = self.submit(&format!("/auth/signin/{}", face.id()), &form).await;
        assert_eq!(answer.status, 303, "{answer:?}");
        let authorize = answer.location().to_string();
        assert!(authorize.starts_with(self.net.lookalikes.url().as_str()), "{authorize}");
        authorize
    }

    /// Presses the button of a provider and picks a person there.
    pub(crate) async fn begin_as(&mut self, face: Face, person: &str) -> Callback {
        let authorize = self.begin(face).await;
        self.net.approve(&authorize, person).await
    }

    /// Follows the provider's way back, by the method that the provider chose.
    pub(crate) async fn follow(&mut self, callback: &Callback) -> Answer {
        self.send(callback_request(callback)).await
    }

    /// Signs in from the first button to the last redirect.
    pub(crate) async fn sign_in(&mut self, face: Face, person: &str) -> Answer {
        let callback = self.begin_as(face, person).await;
        let answer = self.follow(&callback).await;
        answer.assert_welcome();
        answer
    }

    /// The name that `GET /session` shows.
    pub(crate) async fn who(&mut self) -> Option<String> {
        let answer = self.fetch("/auth/session").await;
        assert_eq!(answer.status, 200, "{answer:?}");
        answer.json()["user"]["name"].as_str().map(str::to_owned)
    }

    /// The status of a page for people who are signed in, asked for by a script.
    pub(crate) async fn knock(&mut self) -> u16 {
        self.fetch("/dashboard").await.status
    }

    pub(crate) fn session(&self) -> Option<String> {
        self.jar.find("authjs.session-token").map(|(_, value)| value)
    }

    pub(crate) fn handshake(&self) -> Option<(String, String)> {
        self.jar.find("authjs.handshake.")
    }
}

/// The provider's way back as a browser takes it: a redirect, or a form that another site posts.
pub(crate) fn callback_request(callback: &Callback) -> Request {
    let path = callback.redirect_uri.path();
    let request = match callback.response_mode {
        ResponseMode::FormPost => {
            let pairs = callback.parameters.iter();
            let pairs: Vec<_> = pairs.map(|(name, value)| (&**name, &**value)).collect();
            Request::post(path, &pairs)
        }
        _ => {
            let query = Serializer::new(String::new()).extend_pairs(&callback.parameters).finish();
            Request::get(&format!("{path}?{query}"))
        }
    };
    request.from(From::AnotherSite)
}
