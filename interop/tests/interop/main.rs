//! Other people's software, at work with ours.
#![cfg(test)]

mod browser;
mod openid_client;
mod script;
mod site;
mod tools;
