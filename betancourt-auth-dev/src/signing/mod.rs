//! Keys, and what is signed with them.

pub(crate) mod apple_key;
pub(crate) mod id_token;
pub(crate) mod key_ring;
mod pem;
pub(crate) mod signing_key;
