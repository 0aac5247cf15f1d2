//! One refresh at a time across processes: who counts first in the store goes, and the others wait for what comes of it.

use time::{Duration, OffsetDateTime};
use tokio::time::sleep;

use crate::config::Setup;
use crate::error::Error;
use crate::model::Account;
use crate::secret;

/// How long a refresh may take. Whoever has not ended it by then is taken to be dead, and replaced.
const LEASE: Duration = Duration::seconds(30);
/// How long it is waited before it is looked again whether it has ended, and how often.
const PAUSE: std::time::Duration = std::time::Duration::from_millis(100);
const PAUSES: usize = 300;

/// Who refreshes the tokens that an account has now, until then at most.
pub(super) enum Lease {
    Ours(OffsetDateTime),
    Others(OffsetDateTime),
}

impl Lease {
    /// Takes the lease if it is free. It is that of the present tokens: what comes of a refresh has its own.
    pub(super) async fn take(setup: &Setup, account: &Account) -> Result<Self, Error> {
        let (now, name) = (setup.now(), format!("refresh:{}", generation(account)));
        let ends = now + LEASE;
        let is_first = setup.store.count(&name, now, ends).await? == 1;
        Ok(if is_first { Self::Ours(ends) } else { Self::Others(ends) })
    }
}

/// Waits until an account has other tokens, or is to be signed in with again, or the lease on it must have ended.
pub(super) async fn wait(
    setup: &Setup,
    account: &Account,
    ends: OffsetDateTime,
) -> Result<(), Error> {
    for _ in 0..PAUSES {
        if setup.now() >= ends {
            break;
        }
        sleep(PAUSE).await;
        let present = setup.store.account(&account.key).await?;
        if present.is_none_or(|present| generation(&present) != generation(account)) {
            break;
        }
    }
    Ok(())
}

/// What is different once a refresh, or another sign-in, has come to anything.
pub(super) fn generation(account: &Account) -> String {
    let tokens = [&account.tokens.access_token, &account.tokens.refresh_token];
    let [access_token, refresh_token] =
        tokens.map(|token| token.as_ref().map_or("", |token| token.expose()));
    secret::sha256_base64url(&format!(
        "{}\n{}\n{access_token}\n{refresh_token}\n{:?}",
        account.key.provider, account.key.subject, account.details.reauth_since
    ))
}
