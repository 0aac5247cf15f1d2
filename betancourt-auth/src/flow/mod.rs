//! One file per way of signing in; each ends in an `Identity`, and all share the tail.

pub(crate) mod credentials;
pub(crate) mod email;
pub(crate) mod inbox;
pub(crate) mod initiate;
pub(crate) mod logout;
pub(crate) mod me;
pub(crate) mod oauth;
pub(crate) mod session;
pub(crate) mod sign_out;

use std::sync::Arc;

use http::Method;

use crate::answer::{Answer, with_query};
use crate::check::{csrf, return_to};
use crate::client;
use crate::config::{Setup, WayIn};
use crate::error::{Error, ErrorKind};
use crate::hook::SignIn;
use crate::link::{self, Outcome};
use crate::model::{AuditEvent, AuditKind, UserId};
use crate::request::Request;
use crate::session::{Lost, issue};
use crate::witness::{Identity, Issued, Means, Tie};

/// Who loses a race looks again, once: the second look finds what the winner made.
const TRIES: usize = 2;

/// `POST /signin` and `POST /signin/:id`: begins to sign in, that way if it says which.
///
/// # Errors
/// The groups *Request*, *Provider* and *Ours*.
pub(crate) async fn begin(
    setup: &Arc<Setup>,
    request: &Request,
    id: Option<&str>,
) -> Result<Answer, Error> {
    csrf::verify(setup, request)?;
    let Some(id) = id else { return session::choose(setup, request).await };
    match setup.way_in(id) {
        Ok(WayIn::Provider(registration)) => oauth::begin(setup, request, registration).await,
        Ok(WayIn::Email(provider)) => email::begin(setup, request, provider).await,
        Ok(WayIn::Credentials(_)) => session::choose(setup, request).await,
        Err(_) => {
            let registration = client::late_registration(setup, id).await?;
            oauth::begin(setup, request, &registration).await
        }
    }
}

/// `GET` or `POST /callback/:id`: somebody comes with what that way asked them for.
///
/// # Errors
/// The groups *Request*, *Refused*, *Provider* and *Ours*.
pub(crate) async fn callback(setup: &Setup, request: &Request, id: &str) -> Result<Answer, Error> {
    match setup.way_in(id) {
        Ok(WayIn::Provider(registration)) => oauth::callback(setup, request, registration).await,
        Ok(WayIn::Email(provider)) => email::callback(setup, request, provider).await,
        Ok(WayIn::Credentials(provider)) if request.method == Method::POST => {
            credentials::callback(setup, request, provider).await
        }
        Ok(WayIn::Credentials(_)) => Err(ErrorKind::UnknownProvider.into()),
        Err(_) => {
            let registration = client::late_registration(setup, id).await?;
            oauth::callback(setup, request, &registration).await
        }
    }
}

/// From an identity to the answer: link, session, events, and on to where the person wanted to go.
///
/// # Errors
/// The groups *Refused* and *Ours*.
pub(crate) async fn finish(
    setup: &Setup,
    mut identity: Identity,
    return_to: &str,
) -> Result<Answer, Error> {
    for _ in 0..TRIES {
        let linked = match link::link(setup, identity).await? {
            Outcome::Linked(linked) => linked,
            Outcome::Elsewhere(to) => {
                return Ok(Answer::redirect(return_to::after_sign_in(setup, &to).await?));
            }
        };
        match issue(setup, linked).await {
            Ok(issued) => return welcome(setup, issued, return_to).await,
            Err(Lost::Race(linked)) => identity = linked.into_identity(),
            Err(Lost::Failed(error)) => return Err(error),
        }
    }
    Err(Error::because(ErrorKind::Store, LostTwice))
}

/// The race was lost twice: somebody keeps changing the same rows.
#[derive(Debug, thiserror::Error)]
#[error("another writer was first, twice")]
struct LostTwice;

/// Remembers that an attempt which was genuinely ours was refused. If even that fails, the log has it.
async fn record_refusal(setup: &Setup, request: &Request, provider: &str, error: &Error) {
    let mut event = AuditEvent::new(setup.now(), AuditKind::SignInRefused);
    event.provider = Some(provider.to_owned());
    event.reason = Some(error.reason().to_owned());
    event.user_id = error.whom().map(UserId::new);
    event.network = request.network();
    event.device = request.device();
    if let Err(error) = setup.store.record(&[event]).await {
        tracing::error!(%error, "the refusal could not be recorded");
    }
}

/// Tells the application, and lets the person in.
async fn welcome(setup: &Setup, issued: Issued, return_to: &str) -> Result<Answer, Error> {
    let linked = issued.linked();
    let (user, account, events) = (linked.user(), linked.account(), &setup.config.events);
    let is_new_user = linked.tie() == Tie::New;
    match linked.proof().means {
        _ if is_new_user => events.create_user(user).await,
        Means::Mailbox => events.update_user(user).await,
        Means::Provider(_) | Means::Credentials(_) => {}
    }
    if linked.tie() != Tie::Known && linked.stored_account().is_some() {
        events.link_account(user, account).await;
    }
    let visitor = &linked.proof().visitor;
    let signed_in = SignIn::new(user, account, is_new_user);
    events.sign_in(&signed_in.by(visitor.device.as_deref(), visitor.network.as_deref())).await;
    tracing::info!(user = %user.id, provider = %account.key.provider, is_new_user, "signed in");
    // Held to the rule once more at the moment of use.
    let mut to = return_to::after_sign_in(setup, return_to).await?;
    // As in Auth.js: an application that judges credentials knows its people already.
    let is_stranger = is_new_user && !matches!(linked.proof().means, Means::Credentials(_));
    if let Some(page) = setup.config.pages.new_user.as_ref().filter(|_| is_stranger) {
        to = with_query(page, &[("callbackUrl", &to)]);
    }
    let csrf = csrf::renewed_for(setup, issued.session())?;
    Ok(Answer::redirect(to)
        .with_cookies(issued.into_cookies())
        .with_cookie(csrf.set_cookie().cloned()))
}
