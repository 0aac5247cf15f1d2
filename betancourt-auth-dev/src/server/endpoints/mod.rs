//! The endpoints, a handler each.

pub(crate) mod authorization;
pub(crate) mod choice;
pub(crate) mod graph;
pub(crate) mod metadata;
pub(crate) mod token;
pub(crate) mod user_info;
