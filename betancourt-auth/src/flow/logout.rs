//! What a provider says when somebody signs out there: by a token of its own, or by a frame in their browser.

use http::header::{CACHE_CONTROL, HeaderValue};
use serde_json::json;

use crate::answer::Answer;
use crate::check::rate;
use crate::client::{self, LogoutToken};
use crate::config::Setup;
use crate::error::{Error, ErrorKind};
use crate::hook::ProviderSignOut;
use crate::model::{AccountKey, AuditEvent, AuditKind};
use crate::page::Page;
use crate::presented;
use crate::provider::Registration;
use crate::request::{Once, Request};
use crate::secret;
use crate::session;
use crate::store::{Meant, OriginKey};

const NO_STORE: HeaderValue = HeaderValue::from_static("no-store");
/// A `sid` that is shorter could be guessed, and counts only together with the browser's own session.
const SHORTEST_SID: usize = 16;

/// `POST /backchannel-logout/:provider`: a logout token ends the sessions that it means (OpenID Connect Back-Channel
/// Logout §2.5 – §2.8).
pub(crate) async fn back_channel(setup: &Setup, request: &Request, id: &str) -> Answer {
    let answer = act_on_token(setup, request, id).await.unwrap_or_else(Answer::failure);
    answer.with_header(CACHE_CONTROL, NO_STORE)
}

async fn act_on_token(setup: &Setup, request: &Request, id: &str) -> Result<Answer, Error> {
    rate::admit_logout(setup, request).await?;
    let registration = registration(setup, id)?;
    let Once::One(token) = request.form.once("logout_token") else {
        return Err(ErrorKind::MalformedBody.into());
    };
    let token = client::logout_token(setup, registration, token).await?;
    let once = secret::sha256_base64url(&format!("{id}\n{}", token.jti));
    if !setup.store.spend(&format!("logout:{once}"), token.forgotten_at).await? {
        return Err(ErrorKind::LogoutTokenReplayed.into());
    }
    let (account, meant) = meant(id, token);
    let ended = session::end_from(setup, &meant, event(setup, request, id)).await?;
    tracing::info!(provider = id, ended, "a provider ended sessions");
    let account = account.as_ref();
    setup.config.events.provider_sign_out(&ProviderSignOut::new(id, account, ended)).await;
    Ok(Answer::json(json!({})))
}

/// The person whom a token names, if it does, and the sessions that it means.
fn meant(provider: &str, token: LogoutToken) -> (Option<AccountKey>, Meant) {
    let account = token.subject.map(|subject| AccountKey::new(provider, subject));
    let subject = account.as_ref().map(OriginKey::of_subject);
    let session = OriginKey::of_session(provider, token.sid.as_deref().unwrap_or_default());
    let meant = match (subject, &token.sid) {
        (Some(subject), Some(_)) => Meant::SessionOf { subject, session },
        (Some(subject), None) => Meant::Subject(subject),
        (None, _) => Meant::Session(session),
    };
    (account, meant)
}

/// `GET /frontchannel-logout/:provider`: a page that the provider shows in a frame while somebody signs out there, which
/// ends the session that it names by `iss` and `sid` (OpenID Connect Front-Channel Logout §2 – §3). It looks the same
/// whatever comes of it, so that it tells nobody whether there is such a session.
///
/// # Errors
/// The groups *Request* and *Ours*.
pub(crate) async fn front_channel(
    setup: &Setup,
    request: &Request,
    id: &str,
) -> Result<Answer, Error> {
    rate::admit_logout(setup, request).await?;
    let registration = registration(setup, id)?;
    let (iss, sid) = (request.query.once("iss"), request.query.once("sid"));
    let cookies = match (iss, sid) {
        (Once::One(iss), Once::One(sid))
            if client::is_issuer(&registration.provider, iss) && is_in_a_frame(request) =>
        {
            leave(setup, request, id, sid).await?
        }
        _ => Vec::new(),
    };
    let page = Page::empty().framed_by(client::issuer_origin(&registration.provider));
    Ok(Answer::page(page).with_cookies(cookies))
}

/// Browsers say what a request is for. An image or a script of a stranger's page is not what a provider shows.
fn is_in_a_frame(request: &Request) -> bool {
    request.header("sec-fetch-dest").is_none_or(|purpose| matches!(purpose, "iframe" | "frame"))
}

/// Ends the sessions that began in that session of the provider. A browser that presents a session ends that one only if
/// it is one of them. In the frame of another site browsers present none: there, whoever knows the `sid` ends them, as
/// long as it cannot be guessed.
async fn leave(
    setup: &Setup,
    request: &Request,
    provider: &str,
    sid: &str,
) -> Result<Vec<HeaderValue>, Error> {
    let session = OriginKey::of_session(provider, sid);
    let visit = session::visit(setup, &request.cookies).await?;
    let cookies = match visit.presented() {
        Some((presented, _)) => {
            let origin = setup.store.origin(&presented.token).await?;
            if origin.and_then(|origin| origin.session).as_ref() != Some(&session) {
                return Ok(visit.into_cookies());
            }
            presented::forget(setup, &request.cookies)
        }
        None if sid.len() < SHORTEST_SID => return Ok(visit.into_cookies()),
        None => visit.into_cookies(),
    };
    let meant = Meant::Session(session);
    let ended = session::end_from(setup, &meant, event(setup, request, provider)).await?;
    if ended > 0 {
        tracing::info!(provider, ended, "a provider ended sessions, in a frame");
        setup.config.events.provider_sign_out(&ProviderSignOut::new(provider, None, ended)).await;
    }
    Ok(cookies)
}

fn event(setup: &Setup, request: &Request, provider: &str) -> AuditEvent {
    let mut event = AuditEvent::new(setup.now(), AuditKind::SignedOutByProvider);
    event.provider = Some(provider.to_owned());
    event.network = request.network();
    event
}

/// The registration at a provider that can say something about signing out.
fn registration<'a>(setup: &'a Setup, id: &str) -> Result<&'a Registration, Error> {
    let of_it =
        |known: &&Registration| known.provider.id == id && client::has_issuer(&known.provider);
    setup.config.registrations.iter().find(of_it).ok_or_else(|| ErrorKind::UnknownAction.into())
}
