//! What the store does in each database and in each layout of its tables.
#![cfg(test)]

mod adoption;
mod collations;
mod database;
mod file;
mod layouts;
mod migrations;
mod mysql;
mod newswire;
mod numbered;
mod outage;
mod own;
mod person;
mod pooler;
mod postgres;
mod replica;
mod roles;
mod store;
mod sweeping;
