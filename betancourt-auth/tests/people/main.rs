//! What people do with what is theirs, through `Auth::handle`: credentials, accounts, sessions.
#![cfg(test)]

mod accounts;
mod administration;
mod advisories;
mod cache;
mod credentials;
mod sessions;
mod support;
