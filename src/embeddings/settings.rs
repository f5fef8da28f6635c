//! What holds for all texts of a list: model, length of the vectors, purpose.

use serde::{Deserialize, Serialize};

use super::Offer;
use super::offer::Purpose;
use crate::catalog::ModelId;

/// What holds for all texts of a list.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct Settings {
    /// The model.
    pub model_id: Option<ModelId>,
    /// Length of the vectors; the model's usual one when `None`.
    pub dimensions: Option<u32>,
    /// Whether vectors are brought to length one, where that is a choice.
    pub normalize: bool,
    /// What the vectors shall be good for.
    pub purpose: Purpose,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            model_id: None,
            dimensions: None,
            normalize: true,
            purpose: Purpose::default(),
        }
    }
}

impl Settings {
    /// The usual settings of a model.
    #[must_use]
    pub fn of(model_id: ModelId) -> Self {
        Self {
            model_id: Some(model_id),
            ..Self::default()
        }
    }

    /// What the model offers.
    #[must_use]
    pub fn offer(&self) -> Option<Offer> {
        Offer::of(self.model_id.as_ref()?)
    }

    /// The length vectors will have.
    #[must_use]
    pub fn length(&self) -> Option<u32> {
        self.dimensions
            .or_else(|| self.offer()?.dimensions().first().copied())
    }

    /// Takes a model; a length that it does not offer is its usual one.
    pub fn use_model(&mut self, id: ModelId) {
        self.model_id = Some(id);
        let offered = self.offer().map_or(&[][..], Offer::dimensions);
        self.dimensions = self.dimensions.filter(|length| offered.contains(length));
    }

    /// Whether vectors made with either can be compared.
    #[must_use]
    pub fn makes_the_same(&self, other: &Self) -> bool {
        self.model_id == other.model_id
            && self.length() == other.length()
            && (self.normalize == other.normalize
                || !self.offer().is_some_and(Offer::may_leave_length))
            && (self.purpose == other.purpose || !self.offer().is_some_and(Offer::has_purposes))
    }

    /// What is wrong with them, in words; nothing when they can be sent.
    #[must_use]
    pub fn problem(&self) -> Option<String> {
        let Some(model_id) = &self.model_id else {
            return Some("Choose a model that makes embeddings".to_owned());
        };
        let Some(offer) = self.offer() else {
            return Some(format!(
                "{model_id} makes no embeddings that this program can ask for"
            ));
        };
        let wanted = self.dimensions?;
        (!offer.dimensions().contains(&wanted)).then(|| {
            let offered: Vec<_> = offer.dimensions().iter().map(u32::to_string).collect();
            format!(
                "{model_id} makes vectors of {} numbers, not {wanted}",
                offered.join(", ")
            )
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_length_the_model_does_not_offer_is_said() {
        let mut settings = Settings::of("amazon.titan-embed-text-v2:0".into());
        assert_eq!(settings.problem(), None);
        settings.dimensions = Some(300);
        assert_eq!(
            settings.problem().as_deref(),
            Some("amazon.titan-embed-text-v2:0 makes vectors of 1024, 512, 256 numbers, not 300")
        );
        settings.dimensions = Some(512);
        settings.use_model("amazon.nova-2-multimodal-embeddings-v1:0".into());
        assert_eq!(
            (settings.dimensions, settings.length()),
            (None, Some(3_072))
        );
        assert!(
            Settings::of("amazon.nova-lite-v1:0".into())
                .problem()
                .is_some()
        );
    }

    #[test]
    fn what_a_model_ignores_makes_no_difference() {
        let titan = Settings::of("amazon.titan-embed-text-v2:0".into());
        let other = |change: fn(&mut Settings)| {
            let mut other = titan.clone();
            change(&mut other);
            titan.makes_the_same(&other)
        };
        assert!(other(|settings| settings.purpose = Purpose::Query));
        assert!(other(|settings| settings.dimensions = Some(1_024)));
        assert!(!other(|settings| settings.normalize = false));
        assert!(!other(|settings| settings.dimensions = Some(256)));
    }
}
