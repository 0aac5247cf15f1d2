//! Glewlwyd, written in C: several issuers in one process, each with a kind of key of its own; an `iss` that it does not
//! announce; addresses of which it does not say whether they are proven; client credentials that it does not decode.

mod provider;
mod proving;
mod signing_in;
mod signing_out;
mod stage;
mod standing;
