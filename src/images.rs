//! Pictures made and changed by models: what each model offers, what it is asked and how it answers.
//!
//! A [`Draft`] is what a person has set; [`Offer`] says what the chosen model takes of it, and
//! [`Draft::problems`] what it would refuse, before anything is sent. A [`Call`] is one request in the
//! model's own JSON, [`Answer`] what came back. What made a picture is written into it
//! ([`parameters`]) and can be taken out again.
//!
//! This module must not know egui, the AWS SDK, tokio, the disk or the embedded endpoint.

mod answer;
mod body;
mod check;
mod draft;
mod mask;
mod offer;
pub mod parameters;
mod picture;
mod price;
mod task;

pub use answer::{Answer, Made, Unreadable};
pub use check::Problem;
pub use draft::{Call, Draft};
pub use mask::Mask;
pub use offer::{Choice, Colors, Form, Knob, MaskOffer, Need, Offer, PixelRule, SizeRule, offers};
pub use parameters::Parameters;
pub use picture::Picture;
pub use task::Task;
