#![doc = include_str!("../README.md")]

mod actions;
mod guard;
mod layer;
mod require;

pub use actions::routes;
pub use guard::{MaybeSignedIn, Refusal, Role, SignedIn};
pub use layer::{AuthLayer, AuthService, layer};
pub use require::{require_role, require_sign_in};
