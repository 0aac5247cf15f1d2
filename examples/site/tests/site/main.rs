//! The whole site over real sockets: its pages, its names, its binary.
#![cfg(test)]

mod account;
mod administration;
mod alarm;
mod api;
mod binary;
mod broken;
mod browser;
mod conformance;
mod contact;
mod cookies;
mod flaws;
mod hosts;
#[path = "../../../../betancourt-auth-sqlx/tests/sql/database/mysql.rs"]
mod mysql;
mod news;
mod on_mysql;
mod pages;
#[path = "../../../../betancourt-auth-sqlx/tests/sql/database/postgres.rs"]
mod postgres;
#[path = "../../../../betancourt-auth-redis/tests/redis/server.rs"]
mod redis;
mod replica;
#[path = "../../../../betancourt-auth-sqlx/tests/sql/database/replicated.rs"]
#[expect(dead_code, reason = "what becomes of people without it is tried elsewhere")]
mod replicated;
mod slow;
mod support;
