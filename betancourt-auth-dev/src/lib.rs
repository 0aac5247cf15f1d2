#![doc = include_str!("../README.md")]

mod answer;
mod apple_key;
mod callback;
mod client;
mod clock;
mod endpoint;
mod face;
mod failure;
mod id_token;
mod key_ring;
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
mod signing_key;
mod tamper;

pub use answer::{Answer, Body};
pub use apple_key::AppleKey;
pub use callback::{Callback, ResponseMode};
pub use client::{Client, Endpoints};
pub use endpoint::Endpoint;
pub use face::Face;
pub use failure::Failure;
pub use id_token::{IdToken, Signature};
pub use look_alikes::{ApproveError, LookAlikes};
pub use person::{Email, Person};
pub use request::Request;
pub use setup::{Setup, StartError};
pub use tamper::Tamper;
