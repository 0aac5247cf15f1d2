//! Questions a request must answer before anything happens.

mod bond;
pub(crate) mod csrf;
pub(crate) mod departure;
pub(crate) mod handshake;
pub(crate) mod mailbox;
pub(crate) mod rate;
pub(crate) mod return_to;
