//! Every relying-party module of the OpenID Foundation's suite, as tables.

mod client;
mod discovery;
mod front_channel;
mod id_token;
mod logout;
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
    logout::LOGOUT,
    discovery::DISCOVERY,
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn where_one_provider_plays_every_module_still_shows_something() {
        for module in MODULES.iter().copied().flatten().filter(|module| !module.scenes.is_empty()) {
            let known = module.scenes_known_by_others().count();
            assert!(known < module.scenes.len(), "{}", module.name);
        }
    }
}
