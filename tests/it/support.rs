//! Helpers for the tests.

pub mod bus;
pub mod comparison;
pub mod endpoint;
pub mod figures;
pub mod frames;
pub mod keyring;
pub mod outcome;
pub mod packages;
pub mod painted;
pub mod pdf;
pub mod recording;
pub mod replay;
pub mod requests;
pub mod sdk;
pub mod session;
pub mod sign_in;
pub mod window;
pub mod wire;
