//! Other people's software, at work with ours.
#![cfg(test)]

mod app;
mod browser;
mod browser_client;
mod openid_client;
mod script;
mod site;
mod tools;
