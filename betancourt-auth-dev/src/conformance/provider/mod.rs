//! The hostile provider: one issuer a path, each acting as it is told.

mod endpoints;
mod issuer;
mod key_chest;
mod leaving;
mod server;
mod tokens;

pub(crate) use issuer::Issuer;
pub(crate) use key_chest::KeyChest;
pub(crate) use server::{Running, listen};
