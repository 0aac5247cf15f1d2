//! The wire of Auth.js through `Auth::handle`: every action, every parameter, every cookie; what its clients send and
//! read; what its packages were seen doing. What we decide otherwise stands in a table with the reason.
#![cfg(test)]

mod actions;
mod callback_url;
mod pages;
mod support;
mod update;
