#![doc = include_str!("../README.md")]

mod database;
mod error;
#[cfg(feature = "_sqlite")]
mod row_id;
#[cfg(feature = "_sqlite")]
mod sql;
#[cfg(feature = "_sqlite")]
mod sqlite;
mod store;

pub use error::{Misfit, OpenError};
pub use store::SqlStore;
