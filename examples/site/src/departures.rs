//! Whoever asked to be deleted goes when their time has come.

use betancourt_auth::{DeletionRequest, Ending, Error, ErrorKind};

use crate::database::NotAnswered;
use crate::site::Site;
use crate::{messages, projects};

/// Why somebody is still here. It is tried again the next time.
#[derive(Debug, thiserror::Error)]
#[error("a request to delete was not carried out")]
pub enum NotDeleted {
    /// The store does not answer.
    Store(#[from] Error),
    /// The database behind it does not.
    Database(#[from] NotAnswered),
}

/// Carries out the requests to delete that are due, and says how many.
///
/// # Errors
/// [`NotDeleted`].
pub async fn carry_out(site: &Site) -> Result<u64, NotDeleted> {
    let (mut done, mut after) = (0, None);
    loop {
        let requests = site.auth.deletion_requests(after.as_ref()).await?;
        if requests.is_empty() {
            return Ok(done);
        }
        for request in &requests {
            let ending = ending(site, request).await?;
            if ending == Ending::DeleteUser {
                forget_messages(site, request).await?;
            }
            match site.auth.finish_deletion(&request.code, ending).await {
                Ok(is_done) => done += u64::from(is_done),
                Err(error) if error.kind() == ErrorKind::LastAdministrator => {
                    tracing::warn!(
                        "the last administrator asked to be deleted, and stays until there is another"
                    );
                    continue;
                }
                Err(error) => return Err(error.into()),
            }
            if let (Ending::DeleteUser, Some(user)) = (ending, &request.user_id) {
                projects::end_all(&site.store, user).await?;
            }
        }
        after = requests.into_iter().next_back();
    }
}

/// Whoever asks a provider of theirs to have us forget them stays, if they come here by another one, too.
async fn ending(site: &Site, request: &DeletionRequest) -> Result<Ending, Error> {
    let Some(user) = request.user_id.as_ref() else { return Ok(Ending::DeleteUser) };
    let accounts = site.auth.store().accounts(user).await?;
    let by_provider = request.provider != DeletionRequest::BY_THEMSELVES;
    let has_another = accounts.iter().any(|account| account.key.provider != request.provider);
    Ok(if by_provider && has_another { Ending::KeepUser } else { Ending::DeleteUser })
}

/// What they wrote to the studio goes first: afterwards nobody knows their address.
async fn forget_messages(site: &Site, request: &DeletionRequest) -> Result<(), NotDeleted> {
    let Some(id) = request.user_id.as_ref() else { return Ok(()) };
    let user = site.auth.store().user(id).await.map_err(Error::from)?;
    let proven = user.filter(|user| user.email_verified.is_some()).and_then(|user| user.email);
    if let Some(address) = proven {
        messages::forget_of(&site.store, &address).await?;
    }
    Ok(())
}
