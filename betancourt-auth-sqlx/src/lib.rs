#![doc = include_str!("../README.md")]
#![cfg_attr(
    not(all(feature = "_sqlite", feature = "mysql", feature = "postgres")),
    expect(dead_code, reason = "there are parts that serve one database alone")
)]

#[cfg(feature = "testing")]
mod crash;
mod database;
mod error;
mod fit;
mod layout;
mod migrations;
#[cfg(feature = "mysql")]
mod mysql;
mod own;
#[cfg(any(feature = "mysql", feature = "postgres"))]
mod pooled;
#[cfg(feature = "postgres")]
mod postgres;
mod room;
mod row;
mod row_id;
mod schema;
mod sql;
#[cfg(feature = "_sqlite")]
mod sqlite;
mod store;
mod value;

pub use error::{Misfit, OpenError};
pub use layout::{Accounts, Ids, Keys, Layout, Moments, Name, Sessions, Users};
pub use migrations::{Migration, MigrationState};
pub use own::{ColumnValue, OwnColumn};
pub use store::{SqlOptions, SqlStore};
