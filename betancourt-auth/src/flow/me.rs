//! What people do with what is theirs, as JSON: `me/accounts` and `me/sessions`.

use std::sync::Arc;

use serde_json::{Value, json};

use crate::answer::Answer;
use crate::check::csrf;
use crate::config::Setup;
use crate::error::{Error, ErrorKind};
use crate::flow::session::iso_8601;
use crate::own::{OwnAccount, OwnSession, Owner, accounts, sessions};
use crate::presented;
use crate::request::{Once, Request};
use crate::session::{self, Visit};

/// The field that says which account, or which session.
const ID: &str = "id";

/// `GET /me/accounts`: what somebody signs in with.
///
/// # Errors
/// [`ErrorKind::SignedOut`], [`ErrorKind::Store`].
pub(crate) async fn show_accounts(setup: &Setup, request: &Request) -> Result<Answer, Error> {
    let visit = session::visit(setup, &request.cookies).await?;
    let owner = Owner::of(setup, &visit, None).await?;
    let shown = all_accounts(setup, &owner).await?;
    Ok(Answer::json(shown).with_cookies(visit.into_cookies()))
}

/// `POST /me/accounts/unlink`: parts with one of them, and says which are left.
///
/// # Errors
/// Those of the actions here, and of [`accounts::unlink`].
pub(crate) async fn unlink(setup: &Arc<Setup>, request: &Request) -> Result<Answer, Error> {
    let visit = admit(setup, request, &[ID]).await?;
    let owner = Owner::of(setup, &visit, request.network()).await?;
    accounts::unlink(setup, &owner, field(request, ID)?).await?;
    let shown = all_accounts(setup, &owner).await?;
    Ok(Answer::json(shown).with_cookies(visit.into_cookies()))
}

/// `GET /me/sessions`: where somebody is signed in.
///
/// # Errors
/// [`ErrorKind::SignedOut`], [`ErrorKind::Store`].
pub(crate) async fn show_sessions(setup: &Setup, request: &Request) -> Result<Answer, Error> {
    let visit = session::visit(setup, &request.cookies).await?;
    let owner = Owner::of(setup, &visit, None).await?;
    let sessions: Vec<_> = sessions::list(setup, &owner).await?.iter().map(session).collect();
    Ok(Answer::json(json!({ "sessions": sessions })).with_cookies(visit.into_cookies()))
}

/// `POST /me/sessions/revoke`: ends one of them. Who ends the one they are in has signed out.
///
/// # Errors
/// Those of the actions here, and of [`sessions::revoke`].
pub(crate) async fn revoke(setup: &Setup, request: &Request) -> Result<Answer, Error> {
    let visit = admit(setup, request, &[ID]).await?;
    let owner = Owner::of(setup, &visit, request.network()).await?;
    let answer = Answer::json(json!({ "ended": 1 }));
    if !sessions::revoke(setup, &owner, field(request, ID)?).await? {
        return Ok(answer.with_cookies(visit.into_cookies()));
    }
    let token = csrf::renewed(setup)?;
    Ok(answer
        .with_cookies(presented::forget(setup, &request.cookies))
        .with_cookie(token.set_cookie().cloned()))
}

/// `POST /me/sessions/revoke-others`: ends all of them but the one that asks.
///
/// # Errors
/// Those of the actions here, and [`ErrorKind::Store`].
pub(crate) async fn revoke_others(setup: &Setup, request: &Request) -> Result<Answer, Error> {
    let visit = admit(setup, request, &[]).await?;
    let owner = Owner::of(setup, &visit, request.network()).await?;
    let ended = sessions::revoke_others(setup, &owner).await?;
    Ok(Answer::json(json!({ "ended": ended })).with_cookies(visit.into_cookies()))
}

/// Lets a post of our own page pass that has the fields of its action and no other.
///
/// # Errors
/// [`ErrorKind::UnreadableBody`], [`ErrorKind::CsrfMismatch`], [`ErrorKind::MalformedBody`], [`ErrorKind::Store`].
async fn admit(setup: &Setup, request: &Request, fields: &[&str]) -> Result<Visit, Error> {
    if !request.is_readable {
        return Err(ErrorKind::UnreadableBody.into());
    }
    csrf::verify(setup, request)?;
    let is_known = |name: &str| name == csrf::PARAMETER || fields.contains(&name);
    if !request.form.is_texts() || !request.form.pairs().iter().all(|(name, _)| is_known(name)) {
        return Err(ErrorKind::MalformedBody.into());
    }
    session::visit(setup, &request.cookies).await
}

fn field<'a>(request: &'a Request, name: &str) -> Result<&'a str, Error> {
    match request.form.once(name) {
        Once::One(value) => Ok(value),
        Once::Missing | Once::Repeated => Err(ErrorKind::MalformedBody.into()),
    }
}

async fn all_accounts(setup: &Setup, owner: &Owner<'_>) -> Result<Value, Error> {
    let accounts = accounts::list(setup, owner.user()).await?;
    Ok(json!({ "accounts": accounts.iter().map(account).collect::<Vec<_>>() }))
}

fn account(own: &OwnAccount) -> Value {
    json!({
        "id": own.id,
        "provider": own.key.provider,
        "name": own.provider_name,
        "email": own.email,
        "type": own.kind,
        "linkedAt": own.linked_at.map(iso_8601),
        "canUnlink": own.can_unlink,
    })
}

fn session(own: &OwnSession) -> Value {
    json!({
        "id": own.id,
        "current": own.is_current,
        "method": own.method,
        "methodName": own.method_name,
        "browser": own.device.browser,
        "system": own.device.system,
        "createdAt": own.created_at.map(iso_8601),
        "lastSeenAt": own.last_seen_at.map(iso_8601),
        "expires": iso_8601(own.expires),
    })
}
