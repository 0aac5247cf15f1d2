#![doc = include_str!("../README.md")]

mod answer;
mod approve;
mod callback;
mod client;
mod clock;
mod endpoint;
mod face;
mod failure;
mod look_alikes;
mod loopback;
mod page;
mod people;
mod person;
mod random;
mod registrations;
mod request;
mod server;
mod setup;
mod signing;
mod start;
mod tamper;

pub use answer::{Answer, Body};
pub use approve::ApproveError;
pub use callback::{Callback, ResponseMode};
pub use client::{Client, Endpoints};
pub use endpoint::Endpoint;
pub use face::Face;
pub use failure::Failure;
pub use look_alikes::LookAlikes;
pub use person::{Email, Person};
pub use request::Request;
pub use setup::{Setup, StartError};
pub use signing::apple_key::AppleKey;
pub use signing::id_token::{IdToken, Signature};
pub use tamper::Tamper;
