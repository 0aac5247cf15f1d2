#![doc = include_str!("../README.md")]

pub mod assets;
pub mod catalogue;
pub mod pages;
pub mod preferences;
pub mod texts;
