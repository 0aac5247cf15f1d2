//! Other people's software, at work with ours.
#![cfg(test)]

mod app;
mod authjs;
mod browser;
mod browser_client;
mod nicknames;
mod openid_client;
mod script;
mod site;
mod tools;
