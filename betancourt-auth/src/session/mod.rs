//! Issues, finds, extends and ends sessions.

mod stored;

pub use stored::Visit;
pub(crate) use stored::{Lost, end, issue, visit};
