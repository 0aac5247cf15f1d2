//! The whole site over real sockets: its pages, its names, its binary.
#![cfg(test)]

mod binary;
mod conformance;
mod hosts;
mod news;
mod pages;
#[path = "../../../../betancourt-auth-sqlx/tests/sql/database/postgres.rs"]
mod postgres;
mod support;
