//! The embedded endpoint: Bedrock's public protocol, served on loopback.
//!
//! Real HTTP (HTTP/1.1, and HTTP/2 in clear text with prior knowledge, on one port), so that the
//! program talks to it with the same AWS SDK clients as to AWS, and anyone's tests can use it too.
//! Answers are worked out from the request, are the same for the same request and seed, and always
//! say that they are simulated: in their text and in the header [`SIMULATED_HEADER`]. With a local
//! server behind it ([`Upstream`]) its models answer instead, and [`LOCAL_HEADER`] says so.
//!
//! It has its own idea of the wire format. It must not know `bedrock` or `chat`, nor the AWS SDK's
//! clients: client and endpoint would share one mistake. Of the program it uses the catalog's facts.

mod account;
mod answer;
mod api_error;
mod application_profiles;
mod async_invoke;
mod auth;
mod batch;
mod control_plane;
mod converse;
mod embed;
mod event_stream;
mod faults;
mod guardrails;
mod invoke;
mod model_ref;
mod native;
mod pace;
mod paint;
mod picture;
mod prompt_cache;
mod request;
mod router;
mod s3;
mod server;
mod stream;
mod timestamp;
mod tokens;
mod upstream;
mod validate;

pub use faults::{FaultKind, FaultReach, Faults};
pub use pace::Pace;
pub use server::{Server, Settings, StartError};
pub use upstream::{LOCAL_HEADER, Upstream, UpstreamError};

/// On every answer that was made up here.
pub const SIMULATED_HEADER: &str = "x-bedrock-playground-simulated";
