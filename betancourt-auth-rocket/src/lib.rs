#![doc = include_str!("../README.md")]

mod actions;
mod convert;
mod desk;
mod fairing;
mod guard;
mod mount;

pub use fairing::{AuthFairing, fairing};
pub use guard::{MaybeSignedIn, Refusal, Role, SignedIn};
pub use mount::{require_role, require_sign_in};
