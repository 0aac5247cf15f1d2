//! Every relying-party module of the OpenID Foundation's suite, as tables.

mod client;
mod discovery;
mod front_channel;
mod id_token;
mod refresh;
mod signatures;
mod user_info;

use crate::conformance::module::Module;

/// The modules in the order in which they are played: what changes the keys comes last.
pub(crate) const MODULES: &[&[Module]] = &[
    client::CLIENT,
    id_token::ID_TOKEN,
    signatures::SIGNATURES,
    user_info::USER_INFO,
    front_channel::FRONT_CHANNEL,
    refresh::REFRESH,
    discovery::DISCOVERY,
];
