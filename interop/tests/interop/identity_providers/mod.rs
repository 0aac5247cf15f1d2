//! Identity providers of others, and whole sign-ins at them through an axum application of ours.

mod folder;
mod house;
mod oidc_provider;
mod person;
