//! A provider's access token for the application: the one that is there while it is good, a new one when it is not;
//! refreshed once, however many ask, in however many processes.

mod lease;

use std::sync::Arc;

use time::{Duration, OffsetDateTime};
use tracing::Instrument as _;
use tracing::instrument::WithSubscriber as _;

use self::lease::Lease;
use crate::client;
use crate::config::Setup;
use crate::error::{Error, ErrorKind};
use crate::model::{Account, AccountKey, AuditEvent, AuditKind, Tokens, UserId};
use crate::secret::Secret;
use crate::turns::InVain;

/// How long before its end a token is refreshed: a call that begins with it should be able to end.
const EARLY: Duration = Duration::seconds(60);
/// How many leases are waited for before it is said that the provider does not answer.
const TRIES: usize = 3;

/// What opens a provider's API in somebody's name (RFC 6750): see [`Auth::access_token`](crate::Auth::access_token).
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct AccessToken {
    /// The token itself, for the header `Authorization: Bearer …`.
    pub token: Secret,
    /// When it ends, if the provider said so.
    pub expires: Option<OffsetDateTime>,
    /// What it is good for, if the provider said so.
    pub scope: Option<String>,
    /// Whether it counts only beside a proof, as `Authorization: DPoP …`: see
    /// [`Auth::dpop_proof`](crate::Auth::dpop_proof).
    pub needs_proof: bool,
    provider: String,
}

/// How things stand with an account's tokens.
enum Condition {
    Good(AccessToken),
    /// To be refreshed, with that token.
    Due(Secret),
    Gone,
}

/// The access token of a user at a provider, refreshed when it is due.
///
/// # Errors
/// [`ErrorKind::UnknownProvider`], [`ErrorKind::UnknownAccount`], [`ErrorKind::NoAccessToken`], [`ErrorKind::Store`],
/// and of the group *Provider* what a refresh can end with.
pub(crate) async fn access_token(
    setup: &Arc<Setup>,
    user: &UserId,
    provider: &str,
) -> Result<AccessToken, Error> {
    client::registration(setup, provider).await?;
    let accounts = setup.store.accounts(user).await?;
    let account = accounts.into_iter().rfind(|account| account.key.provider == provider);
    let account = account.ok_or(ErrorKind::UnknownAccount)?;
    match judge(setup, &account) {
        Condition::Good(token) => Ok(token),
        Condition::Gone => Err(ErrorKind::NoAccessToken.into()),
        Condition::Due(_) => refreshed(setup, account.key).await,
    }
}

/// A proof for one request with a token that needs it.
///
/// # Errors
/// [`ErrorKind::UnknownProvider`], [`ErrorKind::NoAccessToken`] where the registration has no key any more,
/// [`ErrorKind::ProviderMalformed`] for an address that is none, [`ErrorKind::Randomness`].
pub(crate) async fn proof<'a>(
    setup: &Setup,
    token: &'a AccessToken,
    mut target: client::Target<'a>,
) -> Result<Secret, Error> {
    let registration = client::registration(setup, &token.provider).await?;
    let key = registration.dpop_key.as_ref().ok_or(ErrorKind::NoAccessToken)?;
    target.access_token = Some(token.token.expose());
    client::proof(setup, key, &target).map(Secret::new)
}

/// Refreshes an account's tokens, or waits for whoever does. Where that has just failed with the same tokens, nobody
/// waits.
async fn refreshed(setup: &Arc<Setup>, key: AccountKey) -> Result<AccessToken, Error> {
    let name = format!("refresh\n{}\n{}", key.provider, key.subject);
    let mut turn = setup.turns.take(&name, setup.now()).await;
    for _ in 0..TRIES {
        let account = setup.store.account(&key).await?.ok_or(ErrorKind::UnknownAccount)?;
        let refresh_token = match judge(setup, &account) {
            Condition::Good(token) => return Ok(token),
            Condition::Gone => return Err(ErrorKind::NoAccessToken.into()),
            Condition::Due(refresh_token) => refresh_token,
        };
        let with = lease::generation(&account);
        if turn.as_ref().is_some_and(|in_vain| in_vain.with == with && setup.now() < in_vain.until)
        {
            break;
        }
        match Lease::take(setup, &account).await? {
            Lease::Ours(ends) => {
                let refreshed = see_through(setup, account, refresh_token).await;
                *turn = refreshed.is_err().then_some(InVain { with, until: ends });
                return refreshed;
            }
            Lease::Others(ends) => lease::wait(setup, &account, ends).await?,
        }
    }
    Err(ErrorKind::ProviderUnreachable.into())
}

/// Refreshes to the end, even if nobody waits for it any more: what the provider has given anew, it gives only once.
async fn see_through(
    setup: &Arc<Setup>,
    account: Account,
    refresh_token: Secret,
) -> Result<AccessToken, Error> {
    let setup = Arc::clone(setup);
    let refresh = async move { refresh(&setup, account, refresh_token).await };
    let refresh = tokio::spawn(refresh.in_current_span().with_current_subscriber());
    refresh.await.map_err(|error| Error::because(ErrorKind::ProviderUnreachable, error))?
}

async fn refresh(
    setup: &Setup,
    mut account: Account,
    refresh_token: Secret,
) -> Result<AccessToken, Error> {
    let registration = client::registration(setup, &account.key.provider).await?;
    match client::refresh(setup, &registration, &account, &refresh_token).await {
        Ok(tokens) => account.tokens = tokens,
        Err(error) => {
            give_up(setup, &account, &error).await?;
            return Err(error);
        }
    }
    if !setup.store.replace_tokens(&account.key, &account.tokens, None, &[]).await? {
        return Err(ErrorKind::UnknownAccount.into());
    }
    token_of(setup, &account).ok_or_else(|| ErrorKind::NoAccessToken.into())
}

/// Says in the log what went wrong. What the provider took back is dropped; whose tokens turned into somebody else's
/// keeps what is there. Either has to sign in with the provider again, unless they have done so in the meantime.
async fn give_up(setup: &Setup, account: &Account, error: &Error) -> Result<(), Error> {
    let Account { key, user_id, tokens, .. } = account;
    tracing::warn!(
        reason = error.reason(), provider = key.provider, user = %user_id, "tokens were not refreshed"
    );
    let now = setup.now();
    let mut event = AuditEvent::new(now, AuditKind::TokensRevoked).about(user_id);
    event.provider = Some(key.provider.clone());
    let (tokens, audit) = if error.kind() == ErrorKind::RefreshRevoked {
        (&Tokens::default(), vec![event])
    } else if error.kind() == ErrorKind::IdentityChanged {
        (tokens, Vec::new())
    } else {
        return Ok(());
    };
    let present = setup.store.account(key).await?;
    if present.is_some_and(|present| lease::generation(&present) == lease::generation(account)) {
        setup.store.replace_tokens(key, tokens, Some(now), &audit).await?;
    }
    Ok(())
}

fn judge(setup: &Setup, account: &Account) -> Condition {
    let now = setup.now();
    let stored = account.tokens.refresh_token.as_ref();
    let refresh_token = stored.and_then(|token| client::open_token(setup, &account.key, token));
    let refresh_token = refresh_token.filter(|_| account.details.reauth_since.is_none());
    let token = token_of(setup, account);
    let lasts = |until| {
        token.as_ref().is_some_and(|token| token.expires.is_none_or(|expires| expires > until))
    };
    match (refresh_token, token.as_ref()) {
        (Some(refresh_token), _) if !lasts(now + EARLY) => Condition::Due(refresh_token),
        (_, Some(token)) if lasts(now) => Condition::Good(token.clone()),
        _ => Condition::Gone,
    }
}

/// The access token of an account, good or not.
fn token_of(setup: &Setup, account: &Account) -> Option<AccessToken> {
    let Tokens { access_token, expires_at, scope, token_type, .. } = &account.tokens;
    let token = client::open_token(setup, &account.key, access_token.as_ref()?)?;
    let expires = expires_at.and_then(|end| OffsetDateTime::from_unix_timestamp(end).ok());
    let needs_proof = token_type.as_ref().is_some_and(|kind| kind.eq_ignore_ascii_case("dpop"));
    let provider = account.key.provider.clone();
    Some(AccessToken { token, expires, scope: scope.clone(), needs_proof, provider })
}
