//! The whole site over real sockets: its pages, its names, its binary.
#![cfg(test)]

mod binary;
mod hosts;
mod pages;
mod support;
