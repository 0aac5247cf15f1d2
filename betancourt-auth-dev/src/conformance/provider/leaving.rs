//! Signing out at the provider: because the app sends somebody, or because they do so by themselves. Either way the app is
//! told: its server by a logout token, its pages in a frame.

use betancourt_auth::http_client::{BundledClient, HttpClient as _};
use http::header::CONTENT_TYPE;
use http::{Request, StatusCode};
use url::{Url, form_urlencoded};

use crate::answer::Answer;
use crate::callback::{Callback, ResponseMode};
use crate::conformance::act::{Frame, StateAfterwards};
use crate::conformance::address::below;
use crate::conformance::provider::{Issuer, tokens};
use crate::conformance::scene::ELSEWHERE;
use crate::conformance::seen::Visit;
use crate::page;
use crate::random;
use crate::server::parameters::Parameters;
use crate::server::refusal::Refusal;
use crate::server::reply;

impl Issuer {
    /// The end-session endpoint (OpenID Connect RP-Initiated Logout §2).
    pub(crate) async fn end_session(&self, visit: &Visit) -> Result<Answer, Refusal> {
        let parameters = Parameters::once(visit.query.iter().chain(&visit.form))?;
        let to = parameters.value("post_logout_redirect_uri").and_then(|to| Url::parse(to).ok());
        let is_ours =
            |to: &Url| to.origin() == self.app.origin() && to.path().starts_with(self.app.path());
        let redirect_uri = to.filter(is_ours).ok_or(Refusal::RedirectUri)?;
        self.tell_the_server().await?;
        let mut callback =
            Callback { redirect_uri, response_mode: ResponseMode::Query, parameters: Vec::new() };
        match (self.act().state_afterwards, parameters.value("state")) {
            (StateAfterwards::TheSame, Some(state)) => callback.set("state", state),
            (StateAfterwards::Another, _) => callback.set("state", &random::token("state-")),
            (StateAfterwards::TheSame, None) | (StateAfterwards::None, _) => {}
        }
        if self.act().frame.is_some() {
            return Ok(self.sign_out_page(Some(&callback.location())));
        }
        Ok(reply::redirect(&callback))
    }

    /// Sends a logout token to the app's server, if the act has one.
    pub(crate) async fn tell_the_server(&self) -> Result<(), Refusal> {
        let (Some(change), Some(grant)) = (self.act().logout_token, self.latest().grant) else {
            return Ok(());
        };
        let token = tokens::logout_token(self, &grant, change).await?;
        let form = form_urlencoded::Serializer::new(String::new())
            .append_pair("logout_token", &token)
            .finish();
        let url = below(&self.app, &format!("backchannel-logout/{}", self.provider));
        let request = Request::post(url.as_str())
            .header(CONTENT_TYPE, "application/x-www-form-urlencoded")
            .body(form.into())
            .map_err(|_| Refusal::RedirectUri)?;
        let answer = match BundledClient::new() {
            Ok(client) => client.send(request).await,
            Err(error) => Err(error),
        };
        // An app that does not answer has not been told, and that is what is noted.
        let status = answer.map_or(StatusCode::BAD_GATEWAY, |answer| answer.status());
        self.note_given(|latest| latest.logout_answer = Some(status));
        Ok(())
    }

    /// Where somebody signs out at the provider by themselves.
    pub(crate) fn sign_out_address(&self) -> String {
        format!("{}/sign-out", self.base)
    }

    /// A page that tells the app in a frame, if the act does, and leads back to it.
    pub(crate) fn sign_out_page(&self, back: Option<&Url>) -> Answer {
        let mut frame = below(&self.app, &format!("frontchannel-logout/{}", self.provider));
        let issuer = match self.act().frame {
            Some(Frame::OfAnother) => ELSEWHERE,
            Some(Frame::Ours) | None => &self.base,
        };
        if let Some(grant) = self.latest().grant {
            frame
                .query_pairs_mut()
                .append_pair("iss", issuer)
                .append_pair("sid", &tokens::sid(&grant));
        }
        page::signed_out(&frame, back)
    }
}
