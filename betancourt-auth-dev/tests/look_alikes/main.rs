//! The look-alikes over a socket: every sign-in, and every refusal with its positive twin.

#![cfg(test)]

mod authorization;
mod doors;
mod failures;
mod hostile;
mod mailbox;
mod news;
mod sign_in;
mod sign_out;
mod support;
mod token;
