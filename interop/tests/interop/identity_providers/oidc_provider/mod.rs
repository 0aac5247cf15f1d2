//! `oidc-provider`, which is certified: every way to be registered there, and what goes wrong on the way.

mod provider;
mod refusals;
mod signing_in;
mod stage;
mod standing;
mod tokens;
