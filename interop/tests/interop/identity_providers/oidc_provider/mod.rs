//! `oidc-provider`, which is certified: every way to be registered there, and what goes wrong on the way.

mod in_chromium;
mod provider;
mod proving;
mod refusals;
mod signing_in;
mod signing_out;
mod stage;
mod standing;
mod tokens;
