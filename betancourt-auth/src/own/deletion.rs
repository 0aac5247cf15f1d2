//! Somebody wants to be deleted, and has some days to change their mind.

use super::Owner;
use crate::config::Setup;
use crate::error::{Error, ErrorKind};
use crate::event::DeletionRequest;
use crate::model::{AuditKind, User, UserId};
use crate::secret;
use crate::store::UserFilter;

/// How long the code of a request is, as it is where a provider asks.
const CODE_LENGTH: usize = 32;
/// How many requests, or people, are read at once.
const PAGE: u32 = 100;

/// Writes down what the owner wants, who must have signed in just now. Whoever asked before is given that request.
///
/// # Errors
/// [`ErrorKind::ReauthRequired`], [`ErrorKind::LastAdministrator`], [`ErrorKind::Randomness`], [`ErrorKind::Store`].
pub(crate) async fn request(setup: &Setup, owner: &Owner<'_>) -> Result<DeletionRequest, Error> {
    owner.must_be_fresh(setup)?;
    if is_last(setup, &owner.user().id).await? {
        return Err(ErrorKind::LastAdministrator.into());
    }
    let user = &owner.user().id;
    let mut code = secret::random_hex(&*setup.config.random)
        .map_err(|error| Error::because(ErrorKind::Randomness, error))?;
    code.truncate(CODE_LENGTH);
    let now = setup.now();
    let mut request = DeletionRequest::new(code, DeletionRequest::BY_THEMSELVES, now);
    request.user_id = Some(user.clone());
    request.due_at = Some(now + setup.config.deletion_grace);
    let audit = [owner.event(setup, AuditKind::DeletionRequested)];
    if setup.store.request_deletion(&request, &audit).await? {
        return Ok(request);
    }
    setup.store.deletion_of(user).await?.ok_or_else(|| ErrorKind::SignedOut.into())
}

/// Whether somebody alone has the role that somebody must have; whoever is suspended does not count. It is asked once more
/// when they are deleted, in one step with that.
async fn is_last(setup: &Setup, user: &UserId) -> Result<bool, Error> {
    let Some(role) = setup.config.never_without.as_deref() else { return Ok(false) };
    let filter = UserFilter { role: Some(role.to_owned()), ..UserFilter::default() };
    let (mut has_it, mut after) = (false, None);
    loop {
        let page = setup.store.users(&filter, after.as_ref(), PAGE).await?;
        for User { id, .. } in &page {
            if id == user {
                has_it = true;
            } else if setup.store.suspension(id).await?.is_none() {
                return Ok(false);
            }
        }
        if page.len() < PAGE as usize {
            return Ok(has_it);
        }
        after = page.last().map(|last| last.id.clone());
    }
}

/// Those whose time has come, a page of them, behind a request.
///
/// # Errors
/// [`ErrorKind::Store`].
pub(crate) async fn due(
    setup: &Setup,
    after: Option<&DeletionRequest>,
) -> Result<Vec<DeletionRequest>, Error> {
    let (now, mut after) = (setup.now(), after.cloned());
    loop {
        let page = setup.store.deletions(after.as_ref(), PAGE).await?;
        let is_last = page.len() < PAGE as usize;
        after = page.last().cloned();
        let due: Vec<_> = page.into_iter().filter(|request| request.is_due(now)).collect();
        if is_last || !due.is_empty() {
            return Ok(due);
        }
    }
}

/// Takes it back. `false`: nothing is open.
///
/// # Errors
/// [`ErrorKind::Store`].
pub(crate) async fn withdraw(setup: &Setup, owner: &Owner<'_>) -> Result<bool, Error> {
    let audit = [owner.event(setup, AuditKind::DeletionWithdrawn)];
    let withdrawn = setup.store.withdraw_deletion(&owner.user().id, setup.now(), &audit).await?;
    Ok(withdrawn)
}
