//! What every attack needs: a world with a server in it, browsers, and eyes on everything that happens.

mod answer;
mod axum_application;
mod browser;
mod canary;
mod clock;
mod door;
mod durable;
pub(crate) mod forger;
mod ground;
pub(crate) mod herald;
mod hostile;
mod inbox;
mod jar;
mod jwe;
mod keeper;
mod log;
mod mail;
mod peer;
mod place;
mod process;
mod random;
mod request;
mod rocket_application;
mod rounds;
mod secrets;
mod store;
mod timing;
mod town;
mod wire;
mod world;

pub(crate) use answer::Answer;
pub(crate) use browser::{Browser, callback_request};
pub(crate) use canary::CanaryHost;
pub(crate) use door::Adapter;
pub(crate) use durable::Durable;
pub(crate) use forger::{Claims, Forger};
pub(crate) use ground::Ground;
pub(crate) use hostile::{ask_for_more, at_google, claim, signed_with};
pub(crate) use inbox::NEWS;
pub(crate) use jwe::JweMaker;
pub(crate) use keeper::{Keeper, Redis};
pub(crate) use mail::{ASK, OPEN};
pub(crate) use peer::{House, Peer, json_answer, metadata, read_request};
pub(crate) use place::Place;
pub(crate) use process::{Order, order, serve};
pub(crate) use request::{From, Request, exchange, try_exchange};
pub(crate) use rounds::{at_once, in_full, rounds};
pub(crate) use secrets::SECRET;
pub(crate) use store::LAST_WORDS;
pub(crate) use timing::are_alike;
pub(crate) use town::{Fate, Town, singer};
pub(crate) use wire::{Wire, upgrading, upgrading_bytes};
pub(crate) use world::{Stage, World};

/// Google's first person.
pub(crate) const ANA: &str = "ana-restrepo@gmail.com";
/// Google's second person, of a workspace.
pub(crate) const JULIAN: &str = "julian@casa-ortega.example";
/// Facebook's first person.
pub(crate) const CAMILA: &str = "camila@rojas.example";
/// Apple's first person.
pub(crate) const SANTIAGO: &str = "santiago@velez.example";
/// Microsoft's first person.
pub(crate) const VALENTINA: &str = "valentina@gomez-films.example";
