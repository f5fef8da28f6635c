//! The AWS boundary: connect, list, converse, invoke, guard. The only place that names AWS's crates.
//!
//! What goes in and comes out are this program's own plain types ([`crate::catalog`],
//! [`crate::chat`]) and [`Error`]; no SDK type gets out. One operation is one file. What the service
//! sends and this program does not know is passed on as *unknown*, with its name, never dropped.
//!
//! A call is a value: dropping it cancels it. Retrying is the SDK's work, held back by one rule of
//! ours: what may have been billed is not repeated.
//!
//! This module must not know egui, the UI, the store or the embedded endpoint, which it reaches by
//! its address like any other.

mod async_invoke;
mod availability;
mod batch;
mod connection;
mod converse;
mod converse_stream;
mod convert;
mod count_tokens;
mod credentials;
mod download;
mod endpoint;
mod environment;
mod error;
mod event_stream;
mod exchange;
mod frame;
mod guardrails;
mod http;
mod identity;
mod invoke_model;
mod listing;
mod objects;
mod observe;
mod own_models;
mod patience;
mod profiles;
mod proxy;
mod receive;
mod retry;
mod secret;
mod settings;
mod sign_in;
mod web;

pub use async_invoke::{AsyncInvocation, StartedInvocation};
pub use availability::ModelAvailability;
pub use batch::{BatchJob, BatchRequest, CreatedBatch};
pub use connection::{Connection, ConnectionOptions, CredentialsSource};
pub use download::{Download, Fetched, clock_ahead, download};
pub use environment::{Environment, VariableOrigin};
pub use error::{Denial, Error, ErrorKind, NetworkFailure};
pub use event_stream::EventStream;
pub use guardrails::{
    Guardrail, GuardrailContent, GuardrailSource, GuardrailSummary, GuardrailVerdict,
};
pub use identity::Identity;
pub use invoke_model::{InvokeModelAnswer, InvokeModelEvent, InvokeModelRequest, Measures};
pub use listing::Listing;
pub use objects::{NoS3Place, S3Place};
pub use own_models::{OwnModel, OwnModelKind, OwnModels};
pub use patience::Patience;
pub use profiles::{ProfileCredentials, ProfileSummary, profiles};
pub use proxy::Proxy;
pub use secret::Secret;
pub use sign_in::{PendingSignIn, SignIn, SignInPrompt, begin_sign_in};
pub use web::{WebError, WebFile, WebRequest, fetch, resolve};

use aws_smithy_runtime_api::client::behavior_version::BehaviorVersion;

/// The SDK's behaviour this program was written for and tested with; a new SDK changes nothing by
/// itself.
fn behavior_version() -> BehaviorVersion {
    BehaviorVersion::v2026_01_12()
}

/// The version of the SDK that calls are made with.
#[must_use]
pub fn sdk_version() -> &'static str {
    aws_sdk_bedrockruntime::meta::PKG_VERSION
}
