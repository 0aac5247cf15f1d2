//! What people do with what is theirs, through `Auth::handle`: credentials, accounts, sessions.
#![cfg(test)]

mod credentials;
mod support;
