//! One attempt to sign in: state, nonce and code verifier, sealed together in a cookie of its own, bound to a
//! provider, and spent once.

use http::{HeaderValue, Method};
use serde::{Deserialize, Serialize};
use time::{Duration, OffsetDateTime};

use super::csrf;
use crate::clock::{from_milliseconds, milliseconds};
use crate::config::Setup;
use crate::cookie::{self, Cookies, Found};
use crate::error::{Error, ErrorKind};
use crate::model::{Session, StoredToken, UserId};
use crate::presented::{self, Presented, SessionKey};
use crate::provider::{Assurance, Protocol, Quirk, Registration, Text};
use crate::request::{Once, Parameters, Request};
use crate::seal::Purpose;
use crate::secret;
use crate::witness::{Attempt, Checked, Intention, Visitor};

/// How long somebody may take at the provider.
const LIFETIME: Duration = Duration::minutes(10); // as `Config::cookies` tells
/// How many attempts one browser may have under way.
const IN_FLIGHT: usize = 5;
/// How many characters of the state's hash name the cookie.
const ID_LENGTH: usize = 16;

/// What the cookie holds.
#[derive(Debug, Deserialize, Serialize)]
struct Handshake {
    provider: String,
    state: String,
    nonce: String,
    code_verifier: String,
    return_to: String,
    issued_at: i64,
    /// What was demanded, in seconds and in names: sealed, so that nobody on the way can lift it.
    #[serde(default)]
    max_age: Option<i64>,
    #[serde(default)]
    acr_values: Vec<Text>,
    /// The session it began in: to link an account to its user, or to sign in again.
    began_in: Option<BeganIn>,
}

#[derive(Debug, Deserialize, Serialize)]
struct BeganIn {
    user_id: String,
    session: String,
    /// When the session began, in milliseconds since 1970.
    began_at: i64,
    fresh: bool,
}

/// An attempt that has just begun: what the provider is told, and what the browser keeps.
#[derive(Debug)]
pub(crate) struct Begun {
    pub(crate) state: String,
    pub(crate) nonce: String,
    /// PKCE (RFC 7636 §4.2): the SHA-256 of the verifier.
    pub(crate) code_challenge: String,
    /// What the provider is asked for beyond who the person is.
    pub(crate) assurance: Assurance,
    pub(crate) cookies: Vec<HeaderValue>,
}

/// Begins an attempt. Whoever is signed in begins it in their session.
///
/// # Errors
/// [`ErrorKind::Randomness`].
pub(crate) fn begin(
    setup: &Setup,
    request: &Request,
    registration: &Registration,
    return_to: String,
    current: Option<(&SessionKey, &Session)>,
) -> Result<Begun, Error> {
    let draw = || secret::random_token(&*setup.config.random).map_err(no_randomness);
    let now = setup.now();
    let began_in = current.map(|(key, session)| BeganIn {
        user_id: session.user.id.to_string(),
        session: key.token.as_str().to_owned(),
        began_at: milliseconds(key.began_at),
        fresh: session.is_fresh(now, setup.config.session.fresh_for)
            && csrf::came_with(setup, &request.cookies, &key.token),
    });
    let assurance = assurance(request, registration);
    let handshake = Handshake {
        provider: registration.provider.id.to_string(),
        state: draw()?,
        nonce: draw()?,
        code_verifier: draw()?,
        return_to,
        issued_at: now.unix_timestamp(),
        max_age: assurance.max_age.map(Duration::whole_seconds),
        acr_values: assurance.acr_values.clone(),
        began_in,
    };
    let mut cookies = forget_oldest(setup, &request.cookies);
    cookies.extend(handshake.cookie(setup, answers_by_post(registration))?);
    let code_challenge = secret::sha256_base64url(&handshake.code_verifier);
    let Handshake { state, nonce, .. } = handshake;
    Ok(Begun { state, nonce, code_challenge, assurance, cookies })
}

/// What the application demands of this sign-in. Where `prompt=login` is passed on, people are to sign in at the provider
/// anew (OpenID Connect Core §3.1.2.1), and `auth_time` tells whether they did.
fn assurance(request: &Request, registration: &Registration) -> Assurance {
    let mut assurance = registration.assurance.clone();
    let provider = &registration.provider;
    let configured = provider.quirks.iter().find_map(|quirk| match quirk {
        Quirk::Parameter(name, value) if name == "prompt" => Some(value.as_ref()),
        _ => None,
    });
    let prompt = configured.or_else(|| request.query.last("prompt")).unwrap_or_default();
    let speaks_openid = matches!(provider.protocol, Protocol::OpenIdConnect { .. });
    if speaks_openid && prompt.split(' ').any(|word| word == "login") {
        assurance.max_age = Some(Duration::ZERO);
    }
    assurance
}

/// What became of a callback: the attempt it ends or why not, and the cookie that is of no use any more.
#[derive(Debug)]
pub(crate) struct Taken {
    pub(crate) outcome: Result<Checked, Error>,
    pub(crate) clear: Option<HeaderValue>,
}

/// Takes the attempt that a callback belongs to, and spends it before anything else happens.
pub(crate) async fn take(setup: &Setup, request: &Request, registration: &Registration) -> Taken {
    let (id, handshake) = match find(setup, request, registration) {
        Ok(found) => found,
        Err(error) => return Taken { outcome: Err(error), clear: None },
    };
    let cookie = setup.cookies.clear(setup.cookies.handshake(&id));
    let cookie = if answers_by_post(registration) { cookie::cross_site(cookie) } else { cookie };
    let outcome = spend(setup, request, registration, &id, handshake).await;
    Taken { outcome, clear: cookie::header(&cookie) }
}

/// Finds the handshake of a callback by its `state`.
fn find(
    setup: &Setup,
    request: &Request,
    registration: &Registration,
) -> Result<(String, Handshake), Error> {
    let state = match answer(request, registration)?.once("state") {
        Once::One(state) if !state.is_empty() => state,
        Once::One(_) | Once::Missing => return Err(ErrorKind::StateMissing.into()),
        Once::Repeated => return Err(ErrorKind::ParameterRepeated.into()),
    };
    let id = id_of(state);
    let name = setup.cookies.handshake(&id);
    let sealed = match request.cookies.find(&name) {
        Found::One(sealed) => sealed,
        Found::Nothing => return Err(ErrorKind::HandshakeMissing.into()),
        Found::Several => return Err(ErrorKind::CookieDuplicate.into()),
    };
    let handshake =
        Handshake::open(setup, &id, sealed).filter(|handshake| secret::eq(&handshake.state, state));
    Ok((id, handshake.ok_or(ErrorKind::HandshakeMissing)?))
}

/// Where the provider's answer stands: in the form where it posts, else in the query. Never in both.
fn answer<'a>(request: &'a Request, registration: &Registration) -> Result<&'a Parameters, Error> {
    let posts = answers_by_post(registration);
    if posts != (request.method == Method::POST) {
        return Err(ErrorKind::MethodMismatch.into());
    }
    let (answer, other) =
        if posts { (&request.form, &request.query) } else { (&request.query, &request.form) };
    let split =
        ["state", "code", "error", "iss"].into_iter().any(|name| other.once(name) != Once::Missing);
    if split { Err(ErrorKind::ParameterRepeated.into()) } else { Ok(answer) }
}

async fn spend(
    setup: &Setup,
    request: &Request,
    registration: &Registration,
    id: &str,
    handshake: Handshake,
) -> Result<Checked, Error> {
    let began_at = handshake.issued_at();
    let ends = began_at + LIFETIME;
    let unspent = setup.store.spend(id, ends + LIFETIME).await?;
    if handshake.provider != registration.provider.id {
        return Err(ErrorKind::HandshakeOfAnotherProvider.into());
    }
    if setup.now() >= ends {
        return Err(ErrorKind::HandshakeExpired.into());
    }
    if !unspent {
        return Err(ErrorKind::HandshakeSpent.into());
    }
    let assurance = handshake.assurance();
    let (intention, sessions) = intention(setup, request, handshake.began_in).await?;
    Ok(Checked::assertion(Attempt {
        nonce: handshake.nonce,
        code_verifier: handshake.code_verifier,
        return_to: handshake.return_to,
        began_at,
        assurance,
        intention,
        sessions,
        answer: answer(request, registration)?.clone(),
        visitor: Visitor { device: request.device(), network: request.network() },
    }))
}

/// To link, the session it began in must be alive, and be the one presented if one is. A provider that posts gets no
/// session cookie to present: browsers keep a `Lax` one back.
async fn intention(
    setup: &Setup,
    request: &Request,
    began_in: Option<BeganIn>,
) -> Result<(Intention, Vec<StoredToken>), Error> {
    let presented = match Presented::read(setup, &request.cookies) {
        Presented::Several => return Err(ErrorKind::CookieDuplicate.into()),
        presented => presented.into_token(),
    };
    let Some(BeganIn { user_id, session, began_at, fresh }) = began_in else {
        return Ok((Intention::SignIn, presented.into_iter().collect()));
    };
    let began_at = from_milliseconds(began_at).ok_or(ErrorKind::SessionChanged)?;
    let key = SessionKey { token: StoredToken::from_stored(session), began_at };
    if presented.is_some_and(|presented| presented != key.token) {
        return Err(ErrorKind::SessionChanged.into());
    }
    let user = presented::alive(setup, &UserId::new(user_id), &key).await?;
    let user = Box::new(user.ok_or(ErrorKind::SessionChanged)?);
    Ok((Intention::Link { user, fresh }, vec![key.token]))
}

impl Handshake {
    fn issued_at(&self) -> OffsetDateTime {
        OffsetDateTime::from_unix_timestamp(self.issued_at).unwrap_or(OffsetDateTime::UNIX_EPOCH)
    }

    fn assurance(&self) -> Assurance {
        Assurance {
            max_age: self.max_age.map(Duration::seconds),
            acr_values: self.acr_values.clone(),
        }
    }

    /// The cookie that carries it: the only one of ours that a provider's POST brings along, and only where it must.
    fn cookie(&self, setup: &Setup, cross_site: bool) -> Result<Option<HeaderValue>, Error> {
        let id = id_of(&self.state);
        let plain = serde_json::to_vec(self).map_err(no_randomness)?;
        let sealed = setup
            .sealer
            .seal(Purpose::Handshake, &id, &plain, &*setup.config.random)
            .map_err(no_randomness)?;
        let cookie = setup.cookies.cookie(setup.cookies.handshake(&id), sealed);
        let cookie = cookie::until(cookie, self.issued_at() + LIFETIME);
        Ok(cookie::header(&if cross_site { cookie::cross_site(cookie) } else { cookie }))
    }

    fn open(setup: &Setup, id: &str, sealed: &str) -> Option<Self> {
        serde_json::from_slice(&setup.sealer.open(Purpose::Handshake, id, sealed)?).ok()
    }
}

/// The id of an attempt follows from its state, so that the callback leads to its cookie.
fn id_of(state: &str) -> String {
    let mut id = secret::sha256_base64url(state);
    id.truncate(ID_LENGTH);
    id
}

/// Clears what makes room for one more attempt: what cannot be opened first, then the oldest.
fn forget_oldest(setup: &Setup, cookies: &Cookies) -> Vec<HeaderValue> {
    let issued_at = |(id, sealed): (&str, &str)| {
        let handshake = Handshake::open(setup, id, sealed);
        (handshake.map_or(i64::MIN, |handshake| handshake.issued_at), id.to_owned())
    };
    let mut known: Vec<_> = cookies.beginning(setup.cookies.handshakes()).map(issued_at).collect();
    known.sort();
    let superfluous = (known.len() + 1).saturating_sub(IN_FLIGHT);
    let names = known.into_iter().take(superfluous).map(|(_, id)| setup.cookies.handshake(&id));
    names.filter_map(|name| cookie::header(&setup.cookies.clear(name))).collect()
}

fn answers_by_post(registration: &Registration) -> bool {
    registration.provider.quirks.contains(&Quirk::FormPost)
}

fn no_randomness(source: impl Into<Box<dyn std::error::Error + Send + Sync>>) -> Error {
    Error::because(ErrorKind::Randomness, source)
}
