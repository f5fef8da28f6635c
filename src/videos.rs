//! Videos made by models: what each model offers, what is checked before sending, the request in the
//! model's own JSON, and what it costs. Videos are made in the background by the service, which puts
//! them into S3.
//!
//! This module must not know egui, the AWS SDK, tokio, the disk or the embedded endpoint.

mod draft;
mod offer;

pub use draft::{Problem, VideoDraft};
pub use offer::{Maker, VideoOffer, video_offer};
