//! What tests need: the promises every store and every adapter keeps, a clock that tests move, a mailbox in memory, and a
//! store that fails on demand.
//!
//! # For the author of a store
//!
//! One line in `tests/store.rs` turns every promise of [`store`](crate::store) into a test of its own. It takes an
//! expression that gives an empty store; the expression is evaluated anew for each test and may `.await`:
//!
//! ```
//! # mod tests {
//! use betancourt_auth::store::MemoryStore;
//!
//! betancourt_auth::store_conformance!(MemoryStore::default());
//! # }
//! ```
//!
//! What a store does when its database goes away half-way, the suite cannot find out from outside. Let the store ask
//! [`CrashPoints`] before each of its statements, in whatever way suits it, and hand such a store over, too:
//!
//! ```
//! # mod tests {
//! use betancourt_auth::store::MemoryStore;
//! use betancourt_auth::testing::BreakingStore;
//!
//! betancourt_auth::store_conformance!(
//!     MemoryStore::default();
//!     |crash| BreakingStore::new(MemoryStore::default(), &crash)
//! );
//! # }
//! ```
//!
//! The tests run on tokio, so `tokio` with the features `macros` and `rt` has to be among the crate's own
//! `[dev-dependencies]`. A single promise can be called by hand, too:
//!
//! ```
//! # tokio::runtime::Builder::new_current_thread().build().unwrap().block_on(async {
//! use betancourt_auth::store::MemoryStore;
//! use betancourt_auth::testing::store::a_handshake_is_spent_once;
//!
//! a_handshake_is_spent_once(&MemoryStore::default()).await;
//! # });
//! ```
//!
//! # For the author of an adapter
//!
//! [`site`] has every promise of an adapter, and says what the application has to serve that they are told with. One line
//! turns them into tests: [`site_conformance!`](crate::site_conformance).
//!
//! # For the author of an application
//!
//! [`ManualClock`] stands still until the test moves it, so that a test of what expires never sleeps. [`Outbox`] keeps
//! the mail instead of sending it. [`WatchedStore`] counts what it is asked, and breaks down when the test says so.

mod clock;
mod crash;
mod outbox;
pub mod site;
pub mod store;
mod watched;

pub use clock::ManualClock;
pub use crash::{BreakingStore, CrashPoint, CrashPoints};
pub use outbox::Outbox;
pub use watched::{Call, WatchedStore, Watcher};
