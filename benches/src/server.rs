//! The servers that are compared: one page of axum that says who is there, with and without sign-in in front of it.

use axum::Router;
use axum::routing::get;
use betancourt_auth::store::{Keeping, MemoryStore, NewSession, Store as _};
use betancourt_auth::{Auth, Config, SessionDetails, StoredToken, Strategy, User, UserId};
use betancourt_auth_axum::SignedIn;
use time::OffsetDateTime;

use crate::Failure;
use crate::child::listen;
use crate::token::{SECRET, USER};

/// Who the page is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Audience {
    /// Everybody: bare axum.
    Everybody,
    /// Who is signed in, with the `Jwt` strategy.
    SignedIn,
}

impl Audience {
    /// The argument by which a process is told.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Everybody => "everybody",
            Self::SignedIn => "signed-in",
        }
    }

    /// The audience of that name.
    #[must_use]
    pub fn parse(name: &str) -> Option<Self> {
        [Self::Everybody, Self::SignedIn].into_iter().find(|known| known.name() == name)
    }
}

/// Serves the page on a free port of loopback until the process ends. The first line of the output is the address.
///
/// # Errors
/// When there is no port, or the configuration is refused.
pub async fn serve(audience: Audience) -> Result<(), Failure> {
    let listener = listen(0).await?;
    let page = match audience {
        Audience::Everybody => {
            let user = ada();
            Router::new().route("/", get(move || std::future::ready(describe(&user))))
        }
        Audience::SignedIn => {
            let layer = betancourt_auth_axum::layer(&auth().await?);
            Router::new().route("/", get(async |user: SignedIn| describe(user.user()))).layer(layer)
        }
    };
    Ok(axum::serve(listener, page).await?)
}

pub(crate) fn describe(user: &User) -> String {
    format!("{} ({}) is {}", user.display_name(), user.id, user.role)
}

pub(crate) fn ada() -> User {
    let mut user = User::new(UserId::new(USER));
    user.name = Some("Ada Lovelace".to_owned());
    user.email = Some("ada.lovelace@example.com".to_owned());
    user
}

/// Sign-in with one user in memory, whose sessions are sealed.
///
/// # Errors
/// When the configuration is refused.
pub async fn auth() -> Result<Auth, Failure> {
    let (user, store) = (ada(), MemoryStore::default());
    let began_at = OffsetDateTime::UNIX_EPOCH;
    let session = NewSession {
        token: StoredToken::hashed("another session of hers"),
        keeping: Keeping::Stored,
        user_id: user.id.clone(),
        expires: began_at,
        details: SessionDetails::new(began_at, "google"),
        origin: None,
        replaces: Vec::new(),
        keep: 1,
    };
    store.sign_up(&user, None, &session, &[]).await?;
    let mut config = Config::new("http://localhost", SECRET)?;
    config.session.strategy = Strategy::Jwt;
    Ok(Auth::new(config, store)?)
}
