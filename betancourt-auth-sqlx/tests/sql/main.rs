//! What the store does in each database and in each layout of its tables.
#![cfg(test)]

mod adoption;
mod database;
mod file;
mod layouts;
mod migrations;
mod mysql;
mod newswire;
mod numbered;
mod outage;
mod pooler;
mod postgres;
mod replica;
mod store;
mod sweeping;
