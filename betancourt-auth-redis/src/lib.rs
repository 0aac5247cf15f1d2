#![doc = include_str!("../README.md")]

mod address;
mod caution;
mod connection;
mod error;
mod fields;
mod keeper;
mod options;
mod script;
mod store;
mod tokens;

pub use caution::Caution;
pub use error::OpenError;
pub use options::RedisOptions;
pub use store::RedisStore;
