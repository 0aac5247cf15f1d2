//! Hands tokens back to the provider that gave them (RFC 7009), once nobody here needs them any more.

use std::sync::Arc;

use bytes::Bytes;
use http::{Request, Response};
use url::form_urlencoded::Serializer;

use super::client_proof::ClientProof;
use super::{client_proof, endpoints, registration, send_once, stored_tokens};
use crate::config::Setup;
use crate::error::{Error, ErrorKind};
use crate::model::Account;
use crate::secret::Secret;

/// Begins to hand back the tokens of accounts that are gone. Nobody waits for that: they are gone whatever the providers
/// say, and what those say stands in the log.
pub(crate) async fn hand_back(setup: &Arc<Setup>, mut accounts: Vec<Account>) {
    accounts.retain(|account| newest(setup, account).is_some());
    if accounts.is_empty() {
        return;
    }
    let errand = {
        let setup = Arc::clone(setup);
        async move {
            for account in &accounts {
                let provider = &account.key.provider;
                match revoke(&setup, account).await {
                    Ok(true) => {
                        tracing::info!(
                            reason = "tokens.handed_back",
                            provider,
                            "tokens were handed back"
                        );
                    }
                    Ok(false) => tracing::debug!(provider, "the provider takes no tokens back"),
                    Err(error) => tracing::warn!(
                        reason = "tokens.not_handed_back",
                        provider,
                        cause = error.reason(),
                        "tokens were not handed back"
                    ),
                }
            }
        }
    };
    if !setup.errands.begin(errand).await {
        tracing::warn!(
            reason = "tokens.not_handed_back",
            "tokens were not handed back: too much is under way"
        );
    }
}

/// The token that speaks for all of them: with a refresh token goes what was given for it (RFC 7009 §2.1).
fn newest(setup: &Setup, account: &Account) -> Option<(Secret, &'static str)> {
    let tokens = &account.tokens;
    let both = [(&tokens.refresh_token, "refresh_token"), (&tokens.access_token, "access_token")];
    both.into_iter().find_map(|(token, hint)| {
        Some((stored_tokens::open(setup, &account.key, token.as_ref()?)?, hint))
    })
}

/// Hands the tokens of an account back. `false`: the provider has no place for that.
async fn revoke(setup: &Setup, account: &Account) -> Result<bool, Error> {
    let Some((token, hint)) = newest(setup, account) else { return Ok(false) };
    let registration = registration(setup, &account.key.provider).await?;
    let endpoints = endpoints(setup, &registration).await?;
    let Some(endpoint) = &endpoints.revocation else { return Ok(false) };
    let proof = client_proof(setup, &registration, &endpoints)?;
    let request = revocation_request(endpoint, (&token, hint), &proof)?;
    revocation_response(&send_once(setup, &registration, request).await?)?;
    Ok(true)
}

/// The request (RFC 7009 §2.1), with the one client authentication that is configured.
fn revocation_request(
    endpoint: &str,
    (token, hint): (&Secret, &str),
    proof: &ClientProof<'_>,
) -> Result<Request<Bytes>, Error> {
    let mut form = Serializer::new(String::new());
    form.append_pair("token", token.expose()).append_pair("token_type_hint", hint);
    proof.post(endpoint, form)
}

/// A token that the provider does not know is as good as handed back, and answered so (RFC 7009 §2.2).
fn revocation_response(answer: &Response<Bytes>) -> Result<(), Error> {
    match answer.status() {
        status if status.is_success() => Ok(()),
        status if status.is_client_error() => Err(ErrorKind::TokenRefused.into()),
        _ => Err(ErrorKind::ProviderUnreachable.into()),
    }
}

#[cfg(test)]
mod tests {
    use http::StatusCode;

    use super::*;

    #[test]
    fn what_the_provider_says_is_told_apart() {
        let judged = |status| {
            let mut answer = Response::new(Bytes::new());
            *answer.status_mut() = status;
            revocation_response(&answer).map_err(|error| error.kind())
        };
        assert_eq!(judged(StatusCode::OK), Ok(()));
        assert_eq!(judged(StatusCode::BAD_REQUEST), Err(ErrorKind::TokenRefused));
        for status in [StatusCode::SERVICE_UNAVAILABLE, StatusCode::FOUND] {
            assert_eq!(judged(status), Err(ErrorKind::ProviderUnreachable));
        }
    }
}
