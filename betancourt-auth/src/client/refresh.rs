//! Trades a refresh token for new tokens (RFC 6749 §6), of the same person or of nobody (OpenID Connect Core §12.2).

use serde_json::Value;

use super::{endpoints, exchanged, id_token, stored_tokens, token, verify};
use crate::config::Setup;
use crate::error::{Claim, Error, ErrorKind};
use crate::model::{Account, Tokens};
use crate::provider::{Protocol, Registration};
use crate::secret::Secret;

/// New tokens for an account, in the form in which the store has them. What the provider does not give anew stays, the
/// refresh token first of all.
///
/// # Errors
/// [`ErrorKind::RefreshRevoked`], [`ErrorKind::IdentityChanged`], and others of the group *Provider*;
/// [`ErrorKind::Randomness`].
pub(crate) async fn refresh(
    setup: &Setup,
    registration: &Registration,
    account: &Account,
    refresh_token: &Secret,
) -> Result<Tokens, Error> {
    let began_at = setup.now();
    let endpoints = endpoints(setup, registration).await?;
    let exchange = token::Exchange::RefreshToken(refresh_token.expose());
    let answer = exchanged(setup, registration, &endpoints, &exchange).await?;
    if token::is_invalid_grant(&answer) {
        return Err(ErrorKind::RefreshRevoked.into());
    }
    let granted = token::token_response(&answer, registration, setup.now())?;
    if let Protocol::OpenIdConnect { .. } = registration.provider.protocol
        && let Some(token) = &granted.id_token
    {
        let occasion = id_token::Occasion::Refresh(began_at);
        let expected =
            id_token::Expected::new(registration, &endpoints, occasion, &granted, setup.now());
        let claims = verify(setup, &endpoints, token, &expected, id_token::verify)
            .await
            .map_err(of_somebody_else)?;
        check_person(setup, registration, account, &claims)?;
    }
    let (fresh, before) = (stored_tokens::seal(setup, &account.key, granted)?, &account.tokens);
    Ok(Tokens {
        refresh_token: fresh.refresh_token.or_else(|| before.refresh_token.clone()),
        id_token: fresh.id_token.or_else(|| before.id_token.clone()),
        scope: fresh.scope.or_else(|| before.scope.clone()),
        session_state: fresh.session_state.or_else(|| before.session_state.clone()),
        ..fresh
    })
}

/// A token of another issuer, or for another client, is not about the person whose tokens these are.
fn of_somebody_else(error: Error) -> Error {
    if let ErrorKind::IdToken(Claim::Audience | Claim::Issuer | Claim::Subject) = error.kind() {
        return Error::because(ErrorKind::IdentityChanged, error);
    }
    error
}

/// The person is that of the account, and `iss` and `aud` are those of the token before, if it is still there.
fn check_person(
    setup: &Setup,
    registration: &Registration,
    account: &Account,
    claims: &Value,
) -> Result<(), Error> {
    let profile = (registration.provider.profile)(std::slice::from_ref(claims));
    let is_same = profile.is_some_and(|profile| profile.subject == account.key.subject);
    let stored = account.tokens.id_token.as_ref();
    let before = stored.and_then(|token| stored_tokens::open(setup, &account.key, token));
    let before = before.and_then(|token| id_token::claims(token.expose()));
    let is_kept =
        |name: &str| before.as_ref().is_none_or(|before| before.get(name) == claims.get(name));
    if is_same && ["iss", "aud"].into_iter().all(is_kept) {
        Ok(())
    } else {
        Err(ErrorKind::IdentityChanged.into())
    }
}
