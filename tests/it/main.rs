//! What crosses modules, in one binary.

mod support;
mod window;
