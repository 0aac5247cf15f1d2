//! Identity providers of others, and whole sign-ins at them through an axum application of ours.

mod address;
mod django_oauth_toolkit;
mod folder;
mod glewlwyd;
mod house;
mod oidc_provider;
mod person;
