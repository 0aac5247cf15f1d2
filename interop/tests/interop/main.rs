//! Other people's software, at work with ours.
#![cfg(test)]

mod adapter;
mod adapters;
mod app;
mod authjs;
mod beside;
mod browser;
mod browser_client;
mod built_in_pages;
mod by_mail;
mod mail_over_tls;
mod members;
mod nicknames;
mod openid_client;
mod post_office;
mod postgres;
mod script;
mod site;
mod tools;
mod visitor;
