#![doc = include_str!("../README.md")]

pub mod api;
pub mod assets;
pub mod catalogue;
pub mod cookies;
pub mod database;
pub mod departures;
pub mod export;
pub mod failures;
pub mod front;
pub mod headers;
pub mod health;
pub mod host;
pub mod looks;
pub mod messages;
pub mod numbers;
pub mod pages;
mod post;
pub mod preferences;
pub mod routes;
pub mod secret_file;
pub mod session_shape;
pub mod settings;
pub mod site;
pub mod start;
pub mod tables;
pub mod texts;
