//! The wire of Auth.js through `Auth::handle`: every action, every parameter, every cookie; what its clients send and
//! read; what its packages were seen doing. What we decide otherwise stands in a table with the reason.
#![cfg(test)]
#![expect(clippy::print_stdout, reason = "the run says how many vectors it used")]

mod actions;
mod advisories;
mod bearer;
mod callback_url;
mod client;
mod cookies;
mod environment;
mod known_problems;
mod pages;
mod support;
mod update;
mod v4;
