//! Speaks to a provider: pairs of pure `…_request` and `…_response`, and the only place that sends them.

mod authorization;
mod client_proof;
mod discovery;
mod document;
mod dpop;
mod id_token;
mod inbox;
mod jwks;
mod jws;
mod late;
mod logout_request;
mod logout_token;
mod profile;
mod pushed;
mod refresh;
mod revocation;
mod signing_key;
mod stored_tokens;
mod template;
mod token;
mod user_info;

use bytes::Bytes;
use http::Response;
use serde_json::{Map, Value};

use crate::config::{Setup, is_safe};
use crate::documents::Demand;
use crate::error::{Claim, Error, ErrorKind};
use crate::model::AccountKey;
use crate::provider::{Email, Profile, Protocol, Provider, Quirk, Registration, Text};
use crate::secret::Secret;
use crate::store::{OriginKey, SessionOrigin};
use crate::witness::{Checked, Identity, Means, Proof, Vouched};

pub(crate) use authorization::{Question, authorization_origin};
pub(crate) use client_proof::check as check_credential;
pub(crate) use discovery::{Endpoints, has_issuer, is_issuer, issuer_origin, origin};
pub(crate) use dpop::{Target, proof};
#[cfg(feature = "_parts")]
pub(crate) use id_token::judge as judge_id_token;
pub(crate) use inbox::{Door, Message, read_message};
pub(crate) use late::{late_registration, probe, reach, registration};
pub(crate) use logout_request::{Farewell, logout_request};
pub(crate) use logout_token::LogoutToken;
pub(crate) use profile::{claims_of, told};
pub(crate) use refresh::refresh;
pub(crate) use revocation::hand_back;
pub(crate) use stored_tokens::open as open_token;

/// Where a provider's endpoints are: configured, or as its discovery document says.
///
/// # Errors
/// [`ErrorKind::ProviderUnreachable`], [`ErrorKind::ProviderMalformed`], [`ErrorKind::DiscoveryMismatch`].
pub(crate) async fn endpoints(
    setup: &Setup,
    registration: &Registration,
) -> Result<Endpoints, Error> {
    match &registration.provider.protocol {
        Protocol::OAuth2 { authorization, token, .. } => {
            Ok(Endpoints::configured(authorization, token))
        }
        Protocol::OpenIdConnect { issuer, .. } => {
            let url = discovery::discovery_url(issuer, &registration.provider.quirks);
            let (http, documents) = setup.line_to(registration)?;
            let document = documents.read(&url, Demand::Fresh, setup.now(), http).await?;
            let read = discovery::discovery_response(
                &document,
                &registration.provider,
                setup.environment_of(registration),
            );
            if read.is_err() {
                documents.reject(&url, setup.now()).await;
            }
            read
        }
    }
}

/// Where the browser goes to prove who its person is. Where the provider wants it so, it is told beforehand what it is
/// asked for.
///
/// # Errors
/// [`ErrorKind::ProviderUnreachable`], [`ErrorKind::ProviderMalformed`], [`ErrorKind::PushRefused`],
/// [`ErrorKind::Randomness`].
pub(crate) async fn authorization_address(
    setup: &Setup,
    registration: &Registration,
    endpoints: &Endpoints,
    question: &Question<'_>,
) -> Result<String, Error> {
    let Some(address) = pushed::endpoint(&registration.provider, endpoints)? else {
        return authorization::authorization_request(registration, endpoints, question);
    };
    let parameters = authorization::parameters(registration, question);
    let proof = client_proof(setup, registration, endpoints)?;
    let request = pushed::pushed_request(address, registration, &parameters, &proof)?;
    let name = pushed::pushed_response(&send_once(setup, registration, request).await?)?;
    pushed::authorization_address(&endpoints.authorization, &registration.client_id, &name)
}

/// From a checked callback to who the person is: the steps in order.
///
/// # Errors
/// Every kind of the group *Provider*.
pub(crate) async fn identify(
    setup: &Setup,
    registration: &Registration,
    checked: Checked,
) -> Result<Identity, Error> {
    let endpoints = endpoints(setup, registration).await?;
    let code = authorization::authorization_response(&checked.attempt().answer, &endpoints)?;
    let redirect_uri = setup.action_url(&format!("/callback/{}", registration.provider.id));
    let exchange = token::Exchange::Code {
        code,
        code_verifier: &checked.attempt().code_verifier,
        redirect_uri: &redirect_uri,
    };
    let answer = exchanged(setup, registration, &endpoints, &exchange).await?;
    let granted = token::token_response(&answer, registration, setup.now())?;
    let documents = documents(setup, registration, &checked, &endpoints, &granted).await?;
    let mut profile =
        (registration.provider.profile)(&documents).ok_or(ErrorKind::ProviderMalformed)?;
    if registration.provider.quirks.contains(&Quirk::NameInForm) {
        profile.name = profile.name.or_else(|| profile::name_in_form(&checked.attempt().answer));
    }
    if registration.is_of_a_stranger() {
        profile.email = profile.email.map(Email::unproven);
    }
    let profile = profile::tidy(profile, setup.environment_of(registration))?;
    let document = documents.into_iter().next().unwrap_or_default();
    prove(setup, registration, checked, granted, Person { profile, document })
}

/// What says who the person is: the claims of the verified ID token, or the documents of a plain OAuth 2 provider.
async fn documents(
    setup: &Setup,
    registration: &Registration,
    checked: &Checked,
    endpoints: &Endpoints,
    granted: &token::Granted,
) -> Result<Vec<Value>, Error> {
    match &registration.provider.protocol {
        Protocol::OpenIdConnect { .. } => {
            let token = granted.id_token.as_deref().ok_or(ErrorKind::IdToken(Claim::Malformed))?;
            let attempt = id_token::Occasion::SignIn(checked.attempt());
            let expected =
                id_token::Expected::new(registration, endpoints, attempt, granted, setup.now());
            let claims = verify(setup, endpoints, token, &expected, id_token::verify).await?;
            match &endpoints.user_info {
                Some(address) if registration.provider.quirks.contains(&Quirk::UserInfo) => {
                    let answer = document(setup, registration, address, granted).await?;
                    let more = match user_info::signed(&answer) {
                        Some(token) => {
                            let verifier = id_token::verify_user_info;
                            verify(setup, endpoints, token, &expected, verifier).await?
                        }
                        None if registration.signed_user_info && answer.status().is_success() => {
                            return Err(ErrorKind::UserInfoUnsigned.into());
                        }
                        None => document::document_response(&answer)?,
                    };
                    Ok(vec![user_info::complete(claims, more)?])
                }
                Some(_) | None => Ok(vec![claims]),
            }
        }
        Protocol::OAuth2 { documents, .. } => {
            oauth2_documents(setup, registration, documents, granted).await
        }
    }
}

/// The documents of a plain OAuth 2 provider, in their order.
async fn oauth2_documents(
    setup: &Setup,
    registration: &Registration,
    addresses: &[Text],
    granted: &token::Granted,
) -> Result<Vec<Value>, Error> {
    let mut read = Vec::with_capacity(addresses.len() + 1);
    for address in addresses {
        let answer = document(setup, registration, address, granted).await?;
        let document = document::document_response(&answer);
        read.push(match document {
            Err(error) if error.kind() == ErrorKind::TokenRefused && !read.is_empty() => {
                Value::Null
            }
            document => document?,
        });
    }
    if registration.provider.quirks.contains(&Quirk::TokenAnswer) {
        read.push(granted.without_tokens());
    }
    Ok(read)
}

/// What a verified logout token says.
///
/// # Errors
/// [`ErrorKind::LogoutToken`]; [`ErrorKind::ProviderUnreachable`] and others of its group, where keys cannot be had.
pub(crate) async fn logout_token(
    setup: &Setup,
    registration: &Registration,
    token: &str,
) -> Result<LogoutToken, Error> {
    let endpoints = endpoints(setup, registration).await?;
    let expected = id_token::Expected::at_any_time(registration, &endpoints, setup.now());
    let verified = verify(setup, &endpoints, token, &expected, logout_token::verify).await;
    verified.map_err(|error| match error.kind() {
        ErrorKind::IdToken(_) => Error::because(ErrorKind::LogoutToken, error),
        _ => error,
    })
}

/// Where at the provider the session began for which an ID token was given that was verified then.
pub(crate) fn origin_of_id_token(
    registration: &Registration,
    key: &AccountKey,
    token: &Secret,
) -> Option<SessionOrigin> {
    let claims = Value::Object(id_token::claims(token.expose())?);
    Some(began_at(&registration.provider, key, &claims))
}

/// Verifies a token with the provider's keys.
async fn verify<'a, T>(
    setup: &Setup,
    endpoints: &Endpoints,
    token: &str,
    expected: &id_token::Expected<'a>,
    verifier: id_token::Verifier<'a, T>,
) -> Result<T, Error> {
    let verified = with_keys(setup, expected.registration(), &endpoints.jwks, |keys| {
        verifier(token, expected, keys)
    })
    .await?;
    verified.map_err(|rejected| match rejected {
        id_token::Rejected::UnknownKey => ErrorKind::IdToken(Claim::Signature).into(),
        id_token::Rejected::Error(error) => error,
    })
}

/// Judges by the keys of a set, and once more by newer ones where the set itself may be what is wrong.
///
/// # Errors
/// [`ErrorKind::ProviderUnreachable`], if the set cannot be read.
async fn with_keys<T, E: Stale>(
    setup: &Setup,
    registration: &Registration,
    jwks: &str,
    judge: impl Fn(&Value) -> Result<T, E>,
) -> Result<Result<T, E>, Error> {
    let (http, documents) = setup.line_to(registration)?;
    let keys = async |demand| documents.read(jwks, demand, setup.now(), http).await;
    match judge(&*keys(Demand::Fresh).await?) {
        Err(error) if error.is_stale() => Ok(judge(&*keys(Demand::Newer).await?)),
        judged => Ok(judged),
    }
}

/// A verdict that newer keys might change.
trait Stale {
    /// Whether they might: the set had none that could have signed.
    fn is_stale(&self) -> bool;
}

impl Stale for id_token::Rejected {
    fn is_stale(&self) -> bool {
        matches!(self, Self::UnknownKey)
    }
}

/// Who the person is, as far as the provider's documents go.
struct Person {
    profile: Profile,
    document: Value,
}

fn prove(
    setup: &Setup,
    registration: &Registration,
    checked: Checked,
    granted: token::Granted,
    person: Person,
) -> Result<Identity, Error> {
    let provider = &registration.provider;
    let attempt = checked.into_attempt();
    let key = AccountKey::new(provider.id.clone(), person.profile.subject.clone());
    let tokens = stored_tokens::seal(setup, &key, granted)?;
    let vouched = Vouched {
        kind: provider.kind(),
        tokens,
        kept_claims: kept_claims(&provider.quirks, &person.document),
        email_links: registration.danger_email_account_linking,
        origin: began_at(provider, &key, &person.document),
    };
    Ok(Identity::assertion(Proof {
        key,
        means: Means::Provider(Box::new(vouched)),
        profile: person.profile,
        document: person.document,
        intention: attempt.intention,
        sessions: attempt.sessions,
        visitor: attempt.visitor,
    }))
}

/// Where at the provider somebody signed in: by the names that its logout tokens have for it.
fn began_at(provider: &Provider, key: &AccountKey, document: &Value) -> SessionOrigin {
    let claim = |name: &str| document.get(name).and_then(Value::as_str);
    let (subject, sid) = match provider.protocol {
        Protocol::OpenIdConnect { .. } => (claim("sub"), claim("sid")),
        Protocol::OAuth2 { .. } => (None, None),
    };
    let named = subject.map(|subject| AccountKey::new(provider.id.clone(), subject));
    SessionOrigin {
        subject: OriginKey::of_subject(named.as_ref().unwrap_or(key)),
        session: sid.map(|sid| OriginKey::of_session(&provider.id, sid)),
    }
}

fn kept_claims(quirks: &[Quirk], document: &Value) -> Map<String, Value> {
    let names = quirks
        .iter()
        .filter_map(|quirk| if let Quirk::KeepClaims(names) = quirk { Some(*names) } else { None });
    let kept =
        names.flatten().filter_map(|name| Some(((*name).to_owned(), document.get(name)?.clone())));
    kept.collect()
}

/// What the token endpoint answers.
async fn exchanged(
    setup: &Setup,
    registration: &Registration,
    endpoints: &Endpoints,
    exchange: &token::Exchange<'_>,
) -> Result<Response<Bytes>, Error> {
    let request = || {
        let proof = client_proof(setup, registration, endpoints)?;
        token::token_request(registration, endpoints, exchange, &proof)
    };
    dpop::send(setup, registration, None, request).await
}

/// What is answered where the access token opens a document.
async fn document(
    setup: &Setup,
    registration: &Registration,
    address: &str,
    granted: &token::Granted,
) -> Result<Response<Bytes>, Error> {
    let request = || document::document_request(address, registration, granted);
    dpop::send(setup, registration, Some(&granted.access_token), request).await
}

fn client_proof<'a>(
    setup: &Setup,
    registration: &'a Registration,
    endpoints: &Endpoints,
) -> Result<client_proof::ClientProof<'a>, Error> {
    let random = &*setup.config.random;
    client_proof::ClientProof::new(registration, endpoints, setup.now(), random)
}

async fn send_once(
    setup: &Setup,
    registration: &Registration,
    request: http::Request<Bytes>,
) -> Result<Response<Bytes>, Error> {
    let (http, _) = setup.line_to(registration)?;
    Ok(http.send(request).await?)
}
