#![doc = include_str!("../README.md")]

mod access;
mod action;
mod address;
mod administration;
mod answer;
mod auth;
mod check;
mod client;
pub mod clock;
mod code;
mod config;
mod cookie;
mod crowd;
mod device;
mod documents;
mod errands;
mod error;
mod event;
mod flow;
pub mod hook;
pub mod http_client;
mod jwe;
mod language;
mod link;
pub mod mailer;
mod model;
pub mod news;
mod nonces;
mod own;
mod page;
mod panics;
#[cfg(feature = "_parts")]
#[doc(hidden)]
pub mod parts;
mod presented;
pub mod provider;
mod refusal;
mod remembered;
mod request;
mod role;
mod seal;
mod sealed;
mod secret;
mod session;
mod standings;
pub mod store;
mod sweep;
#[cfg(feature = "testing")]
pub mod testing;
pub mod theme;
mod turns;
mod visitor;
mod witness;

pub use access::AccessToken;
pub use administration::Administration;
pub use auth::Auth;
pub use check::csrf::CsrfToken;
pub use config::{
    Config, CookiePurpose, Environment, KnownCookie, Pages, RateLimit, Retention, SessionRules,
    SetupError, Strategy,
};
pub use device::Device;
pub use error::{Claim, Code, Error, ErrorKind, Flaw};
pub use event::{DeletionRequest, Ending, Happening, ProviderEvent, Reaction};
pub use jwe::Encryption;
pub use language::Language;
pub use model::{
    Account, AccountDetails, AccountKey, AuditEvent, AuditKind, DEFAULT_ROLE, Session,
    SessionDetails, StoredToken, TokenStorage, Tokens, User, UserId, VerificationToken,
};
pub use own::{OwnAccount, OwnSession, ProfilePart};
pub use refusal::Denial;
pub use request::{LARGEST_BODY, Peer, TrustedProxies};
pub use role::Role;
pub use secret::{NoRandomness, OsRandom, Random, Secret};
pub use session::Visit;
pub use sweep::Swept;
pub use visitor::{Anybody, Asked, Instead, Somebody, Visitor};
