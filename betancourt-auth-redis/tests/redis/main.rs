//! The keeper beside SQLite on a real Redis: its promises, its ways to be reached, and what happens when it dies.
#![cfg(test)]

mod cluster;
mod outage;
mod scene;
mod sentinel;
mod server;
mod store;
mod tls;
