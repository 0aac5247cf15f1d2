//! What the benches measure with.

pub mod arrivals;
pub mod child;
pub mod jose;
pub mod load;
pub mod measured;
pub mod median;
pub mod postgres;
pub mod processor;
pub mod rocket_server;
pub mod server;
pub mod token;
pub mod visitor;

/// What goes wrong while measuring: it is told, and the measuring ends.
pub type Failure = Box<dyn std::error::Error + Send + Sync>;
