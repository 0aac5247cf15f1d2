//! The OpenID Foundation's relying-party tests, played against your app by a hostile provider.
//!
//! The [conformance suite of the OpenID Foundation](https://openid.net/certification/about-conformance-suite/) knows 57
//! modules for relying parties: sign-ins with a good provider, and with one that gets a single thing wrong. [`Suite`] plays
//! them here, offline and in seconds, against a running server, and judges it by what provider and browser saw: which
//! requests came, whether somebody is signed in, and whether people were told. Its [`Report`] names each module and its
//! [`Verdict`].
//!
//! A module that shows something hostile plays the same thing without the hostile part first: who refuses everything
//! fails. It is no certification; for that, the foundation's own suite has to run.

mod act;
mod address;
mod browser;
mod judge;
mod members;
mod module;
mod modules;
mod plan;
mod play;
mod provider;
mod report;
mod scene;
mod seen;
mod stage;
mod suite;

pub use plan::Plan;
pub use report::{Report, Row, Verdict};
pub use suite::Suite;
