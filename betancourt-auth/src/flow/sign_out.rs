//! Signing out: here first, and then at the provider, where the application asks for that.

use std::time::Duration;

use http::StatusCode;
use http::header::{HeaderName, HeaderValue};

use crate::answer::Answer;
use crate::check::return_to::{self, ReturnTo};
use crate::check::{csrf, departure};
use crate::client::{self, Farewell};
use crate::config::{Setup, WayIn};
use crate::error::Error;
use crate::model::Session;
use crate::page::{self, Frame};
use crate::presented::SessionKey;
use crate::provider::Registration;
use crate::request::Request;
use crate::secret::Secret;
use crate::session::{self, Visit};

const CLEAR_SITE_DATA: HeaderName = HeaderName::from_static("clear-site-data");
/// So long somebody who signs out waits for a provider that does not answer.
const PATIENCE: Duration = Duration::from_secs(2);

/// `GET /signout`: the page to sign out, or the application's own.
pub(crate) async fn sign_out_page(setup: &Setup, request: &Request) -> Result<Answer, Error> {
    let return_to = ReturnTo::read(setup, request).await?;
    if let Some(own) = &setup.config.pages.sign_out {
        return Ok(Answer::redirect(own).with_cookie(return_to.cookie));
    }
    let token = csrf::token(setup, &request.cookies)?;
    let frame = Frame::new(setup, request.language());
    let template = page::SignOut {
        frame: &frame,
        action: &setup.action_url("/signout"),
        csrf_token: token.value(),
        callback_url: &return_to.address(setup),
    };
    let page = frame.page(StatusCode::OK, &template).leading_to(&destinations(setup).await);
    Ok(Answer::page(page).with_cookie(token.set_cookie().cloned()).with_cookie(return_to.cookie))
}

/// The origins to which the form of a sign-out page may lead.
async fn destinations(setup: &Setup) -> Vec<String> {
    let mut origins = Vec::new();
    let asking = setup.config.registrations.iter().filter(|known| known.sign_out_at_provider);
    for registration in asking {
        let endpoint = end_session_endpoint(setup, registration).await;
        origins.extend(endpoint.as_deref().and_then(client::origin));
    }
    origins
}

/// `POST /signout`: ends the session here, in the store, and in the browser's cache; then it sends the browser on to the
/// provider that the session began at, where its registration asks for that.
pub(crate) async fn sign_out(setup: &Setup, request: &Request) -> Result<Answer, Error> {
    csrf::verify(setup, request)?;
    let return_to = ReturnTo::read(setup, request).await?;
    let visit = session::visit(setup, &request.cookies).await?;
    let leaving = Leaving::of(setup, &visit).await;
    let cleared = session::end(setup, request, &visit).await?;
    let token = csrf::renewed(setup)?;
    // Here they have signed out, whatever comes of the rest.
    let home = return_to.address(setup);
    let by_way_of_the_provider = match leaving {
        Some(leaving) => leaving.begin(setup, &home).await,
        None => None,
    };
    let (to, departure) = by_way_of_the_provider.unwrap_or((home, None));
    Ok(Answer::redirect(to)
        .with_cookie(departure)
        .with_cookie(token.set_cookie().cloned())
        .with_cookie(return_to.cookie)
        .with_cookies(cleared)
        .with_header(CLEAR_SITE_DATA, HeaderValue::from_static("\"cache\"")))
}

/// Somebody who is about to sign out at their provider, too.
struct Leaving<'a> {
    registration: &'a Registration,
    id_token: Option<Secret>,
}

impl<'a> Leaving<'a> {
    /// Whoever has a session that began at a provider whose registration asks for it. All this rests on is read before
    /// the session ends; what cannot be read is left out.
    async fn of(setup: &'a Setup, visit: &Visit) -> Option<Self> {
        let (key, session) = visit.presented()?;
        let method = &session.details.as_ref()?.method;
        let Ok(WayIn::Provider(registration)) = setup.way_in(method) else { return None };
        if !registration.sign_out_at_provider {
            return None;
        }
        let id_token = id_token(setup, registration, key, session).await.unwrap_or_else(|error| {
            tracing::warn!(%error, "the ID token of a session could not be read");
            None
        });
        Some(Self { registration, id_token })
    }

    /// Where the browser goes, and what it keeps until it is back. `None`: the provider has no place for that, or does
    /// not say so in time.
    async fn begin(self, setup: &Setup, home: &str) -> Option<(String, Option<HeaderValue>)> {
        let endpoint = end_session_endpoint(setup, self.registration).await?;
        let begun = departure::begin(setup, home).ok()?;
        let farewell = Farewell {
            redirect_uri: &setup.action_url("/signed-out"),
            state: &begun.state,
            id_token: self.id_token.as_ref(),
        };
        let to = client::logout_request(self.registration, &endpoint, &farewell).ok()?;
        Some((to, begun.cookie))
    }
}

/// The ID token that the provider gave for this session, if it still stands with the account. One of another session
/// there would make the provider ask, or end the wrong one.
async fn id_token(
    setup: &Setup,
    registration: &Registration,
    key: &SessionKey,
    session: &Session,
) -> Result<Option<Secret>, Error> {
    let Some(origin) = setup.store.origin(&key.token).await? else { return Ok(None) };
    let accounts = setup.store.accounts(&session.user.id).await?;
    let ours = accounts.iter().filter(|account| account.key.provider == registration.provider.id);
    let tokens = ours.filter_map(|account| {
        let token = client::open_token(setup, &account.key, account.tokens.id_token.as_ref()?)?;
        let began_at = client::origin_of_id_token(registration, &account.key, &token)?;
        (began_at == origin).then_some(token)
    });
    Ok(tokens.last())
}

/// Where people sign out at a provider, if it says so in time.
async fn end_session_endpoint(setup: &Setup, registration: &Registration) -> Option<String> {
    let asked = tokio::time::timeout(PATIENCE, client::endpoints(setup, registration)).await;
    let endpoint = asked.ok().and_then(Result::ok).and_then(|endpoints| endpoints.end_session);
    if endpoint.is_none() {
        tracing::warn!(
            reason = "sign_out.not_at_provider", provider = %registration.provider.id,
            "the provider has no place to sign out at, or does not answer"
        );
    }
    endpoint
}

/// `GET /signed-out`: back from the provider. Whoever brings the `state` of their own departure goes on to where they
/// wanted to; to everybody else it only says that they have signed out, which the sign-out page can make true.
pub(crate) async fn signed_out(setup: &Setup, request: &Request) -> Result<Answer, Error> {
    if let Some(wanted) = departure::find(setup, request) {
        let to = return_to::after_sign_out(setup, &wanted).await?;
        return Ok(Answer::redirect(to).with_cookie(departure::forget(setup)));
    }
    let visit = session::visit(setup, &request.cookies).await?;
    if visit.session().is_some() {
        let to = setup.action_url("/signout");
        return Ok(Answer::redirect(to).with_cookies(visit.into_cookies()));
    }
    let frame = Frame::new(setup, request.language());
    let page = frame.page(StatusCode::OK, &page::SignedOut { frame: &frame });
    Ok(Answer::page(page).with_cookies(visit.into_cookies()))
}
