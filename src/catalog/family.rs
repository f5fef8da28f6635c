//! Families of models that take the same parameters in the same places.

use super::ModelId;

/// A family of models. What sets families apart is where and in which range they take parameters.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Family {
    /// A model this program knows nothing special about; Converse's own rules hold.
    Other,
}

impl Family {
    /// The family of a model, by its id.
    #[must_use]
    pub fn of(_id: &ModelId) -> Self {
        Self::Other
    }
}
