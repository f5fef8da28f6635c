//! Foundation models and inference profiles: what exists, what it can do, and by which id it runs.
//!
//! Two kinds of knowledge meet here. *Listed* models ([`FoundationModel`], [`InferenceProfile`]) are
//! what an endpoint says it has, so a model that appeared yesterday shows up without an update of
//! this program. *Facts* ([`facts`]) are what no list tells (context window, output limit, which
//! content a model takes) and come from `assets/models.json`, compiled in by `build.rs`.
//!
//! This module is plain data: it must not know egui, the AWS SDK, tokio or the disk.

mod facts;
mod family;
mod geography;
mod model;
mod model_id;
mod namesakes;
mod parameters;
mod profile;

pub use facts::{ModelFacts, ProfileFacts, Support, all_facts, facts, profile_facts};
pub use family::Family;
pub use geography::{Geography, REGIONS};
pub use model::{Catalog, FoundationModel, InferenceType, Lifecycle, Modality};
pub use model_id::ModelId;
pub use namesakes::Namesakes;
pub use parameters::{ParameterRange, Parameters, ReasoningControl, TopK};
pub use profile::{InferenceProfile, ProfileKind};
