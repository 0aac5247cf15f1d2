//! The whole session in an encrypted cookie; the store is asked now and then whether it has ended.

use time::{Duration, OffsetDateTime};

use super::issue::{Drawn, new_session};
use super::{Occasion, Visit};
use crate::config::{SessionRules, Setup};
use crate::cookie::{Cookies, every_name};
use crate::error::{Error, ErrorKind};
use crate::hook::{Sealing, Trigger};
use crate::jwe::{Claims, LONGEST, TOLERANCE};
use crate::model::{Session, User};
use crate::presented::{self, SessionKey};
use crate::sealed::{SealedSession, of_the_application};
use crate::secret;
use crate::store::Keeping;
use crate::witness::{Linked, Tie};

/// Asks how things stand with a session, and seals it anew when that is due. What a session is due with, the store
/// has said just now; what it is not due with, within the last `recheck_after`.
pub(super) async fn visit(
    setup: &Setup,
    cookies: &Cookies,
    mut sealed: SealedSession,
    is_outdated: bool,
    occasion: Occasion<'_>,
) -> Result<Visit, Error> {
    let (rules, now) = (&setup.config.session, setup.now());
    let end = latest_end(rules, &sealed, now);
    if end <= now {
        return Ok(Visit::nobody(setup, cookies));
    }
    let is_due = match occasion {
        Occasion::Visit | Occasion::Action => {
            is_outdated || sealed.issued_at + rules.update_age <= now
        }
        Occasion::Bearer => false,
        Occasion::Update(_) => true,
    };
    let window = if is_due { Duration::ZERO } else { rules.recheck_after };
    let key = SessionKey { token: sealed.token(), began_at: sealed.began_at() };
    let asked = (&sealed.user_id, &key.token);
    let standing = setup.standings.read(asked, now, window, &*setup.store).await;
    let standing = standing?;
    let Some(standing) = standing.filter(|standing| standing.admits(key.began_at)) else {
        return Ok(Visit::nobody(setup, cookies));
    };
    let user = standing.user.clone();
    if !is_due {
        let claims = std::mem::take(&mut sealed.claims);
        return Ok(Visit::of(session(user, &sealed, claims), key, Vec::new()));
    }
    let sealed = sealed.renewed(now, end);
    setup.store.touch_sealed(&key.token, now, end).await?;
    let sealing = match occasion {
        Occasion::Visit | Occasion::Action | Occasion::Bearer => Sealing::renewal(&user),
        Occasion::Update(data) => Sealing::update(&user, data),
    };
    let Some((token, claims)) = seal(setup, &sealed, &sealing).await? else {
        return Ok(Visit::nobody(setup, cookies));
    };
    let names = presented::names(setup, cookies);
    let renewed = setup.cookies.keep(setup.cookies.session(), &token, end, names);
    Ok(Visit::of(session(user, &sealed, claims), key, renewed))
}

/// When a session that is renewed at `now` ends: never beyond its absolute end.
fn latest_end(rules: &SessionRules, sealed: &SealedSession, now: OffsetDateTime) -> OffsetDateTime {
    let end = now + rules.max_age;
    sealed.created_at().map_or(end, |created_at| end.min(created_at + rules.absolute_age))
}

fn session(user: User, sealed: &SealedSession, claims: Claims) -> Session {
    let mut session = Session::new(user, sealed.expires, sealed.details());
    session.claims = claims;
    session
}

/// Seals a new session.
pub(super) async fn draw(setup: &Setup, linked: &Linked) -> Result<Drawn, Error> {
    let id = secret::random_token(&*setup.config.random).map_err(no_randomness)?;
    let keeping = Keeping::Sealed { remember_until: remembered(setup) };
    let session = new_session(setup, linked, SealedSession::token_of(&id), keeping);
    let sealed =
        SealedSession::begin(session.user_id.clone(), id, &session.details, session.expires);
    let trigger = if linked.tie() == Tie::New { Trigger::SignUp } else { Trigger::SignIn };
    let sealing =
        Sealing::sign_in(linked.user(), linked.account(), &linked.proof().document, trigger);
    let names = &setup.cookies;
    // A provider that posts its answer leaves the browser's cookies at home: whatever may lie there goes.
    let mut before = every_name(names.session());
    if setup.keyring_of_v4.is_some() {
        before.extend(every_name(names.session_of_v4()));
    }
    let before = before.iter().map(String::as_str);
    let cookies = match seal(setup, &sealed, &sealing).await? {
        Some((token, _)) => names.keep(names.session(), &token, sealed.expires, before),
        None => names.forget(before),
    };
    Ok(Drawn { session, cookies })
}

/// Until when it is remembered that a sealed session has ended: longer than any of them lives.
pub(crate) fn remembered(setup: &Setup) -> OffsetDateTime {
    let rules = &setup.config.session;
    setup.now() + rules.absolute_age.max(rules.max_age) + TOLERANCE
}

/// Asks the application what to put in, seals it, and says what of it is the application's. `None`: the application
/// wants nobody signed in.
async fn seal(
    setup: &Setup,
    sealed: &SealedSession,
    sealing: &Sealing<'_>,
) -> Result<Option<(String, Claims)>, Error> {
    let offered = sealed.offered(sealing.user);
    let Some(token) = setup.config.callbacks.jwt(offered, sealing).await else { return Ok(None) };
    let random = &*setup.config.random;
    let id = secret::random_token(random).map_err(no_randomness)?;
    let claims = sealed.stamped(token, id);
    let encryption = setup.config.session.encryption;
    let token = setup.keyring.seal(encryption, &claims, random).map_err(no_randomness)?;
    if token.len() > LONGEST {
        return Err(ErrorKind::SessionTooLong.into());
    }
    Ok(Some((token, of_the_application(claims))))
}

fn no_randomness(source: secret::NoRandomness) -> Error {
    Error::because(ErrorKind::Randomness, source)
}
