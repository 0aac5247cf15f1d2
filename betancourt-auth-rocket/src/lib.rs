#![doc = include_str!("../README.md")]

mod actions;
mod convert;
mod desk;
mod fairing;
mod guard;
mod require;

pub use fairing::{AuthFairing, fairing};
pub use guard::{MaybeSignedIn, Refusal, Role, SignedIn};
pub use require::{require_role, require_sign_in};
