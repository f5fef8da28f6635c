//! What crosses modules, in one binary.

mod bedrock_errors;
mod bedrock_lists;
mod bedrock_native;
mod bedrock_requests;
mod bedrock_streams;
mod connections;
mod recordings;
mod support;
mod window;
