//! Other people's software, at work with ours.
#![cfg(test)]

mod adapter;
mod adapters;
mod app;
mod authjs;
mod behind_nginx;
mod beside;
mod browser;
mod browser_client;
mod built_in_pages;
mod by_mail;
mod certificates;
mod customer;
mod examples;
mod form;
mod identity_providers;
mod instances;
mod mail_over_tls;
mod members;
mod nginx;
mod nicknames;
mod openid_client;
mod post_office;
mod postgres;
mod program;
mod redis;
mod script;
mod site;
mod tools;
mod user_agent;
mod visitor;
