//! What the example with axum does, this one does as well.
#![cfg(test)]

#[path = "../../axum/tests/starts.rs"]
mod starts;
