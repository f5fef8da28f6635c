//! What each embedding model offers: sizes of vectors, what it takes, how much of it at once.
//!
//! The limits are those of the models' pages in the user guides of Amazon Bedrock and Amazon Nova.

use serde::{Deserialize, Serialize};

use crate::catalog::{ModelId, facts};
use crate::chat::ImageFormat;
use crate::media::Limits;

/// What vectors shall be good for. Models that make no difference ignore it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum Purpose {
    /// To be found.
    #[default]
    Document,
    /// To find with.
    Query,
    /// To be sorted into classes.
    Classification,
    /// To be grouped.
    Clustering,
}

impl Purpose {
    /// Every purpose.
    pub const ALL: [Self; 4] = [
        Self::Document,
        Self::Query,
        Self::Classification,
        Self::Clustering,
    ];

    /// What a person calls it.
    #[must_use]
    pub fn label(self) -> &'static str {
        match self {
            Self::Document => "Document to be found",
            Self::Query => "Query to find with",
            Self::Classification => "Classification",
            Self::Clustering => "Clustering",
        }
    }
}

/// Models that speak the same language.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Form {
    /// Titan Text Embeddings, first generation.
    Titan,
    /// Titan Text Embeddings V2.
    Titan2,
    /// Titan Multimodal Embeddings.
    TitanImage,
    /// Amazon Nova Multimodal Embeddings.
    Nova,
    /// Cohere Embed, third generation.
    Cohere3,
    /// Cohere Embed v4.
    Cohere4,
}

/// Ids by how they begin; the first that fits counts.
const FORMS: &[(&str, Form)] = &[
    ("amazon.titan-embed-text-v2", Form::Titan2),
    ("amazon.titan-embed-text", Form::Titan),
    ("amazon.titan-embed-g1-text", Form::Titan),
    ("amazon.titan-embed-image", Form::TitanImage),
    ("amazon.nova-2-multimodal-embeddings", Form::Nova),
    ("cohere.embed-v4", Form::Cohere4),
    ("cohere.embed-", Form::Cohere3),
];

/// What one embedding model offers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Offer {
    pub(super) form: Form,
    dimensions: &'static [u32],
}

impl Offer {
    /// The offer of a model, by its id, its profile's id or an ARN; `None` for models that do not
    /// embed, or that do it in a way this program does not speak.
    #[must_use]
    pub fn of(id: &ModelId) -> Option<Self> {
        let own_id = id.foundation_model_id();
        let (_, form) = FORMS.iter().find(|(start, _)| own_id.starts_with(start))?;
        let known = facts(id).map_or(&[][..], |facts| facts.embedding_dimensions);
        Some(Self {
            form: *form,
            dimensions: if known.is_empty() {
                usual_dimensions(*form)
            } else {
                known
            },
        })
    }

    /// How long its vectors can be, the usual length first.
    #[must_use]
    pub fn dimensions(self) -> &'static [u32] {
        self.dimensions
    }

    /// Whether vectors may be left at the length the model gives them.
    #[must_use]
    pub fn may_leave_length(self) -> bool {
        self.form == Form::Titan2
    }

    /// Whether it makes a difference what vectors are for.
    #[must_use]
    pub fn has_purposes(self) -> bool {
        matches!(self.form, Form::Nova | Form::Cohere3 | Form::Cohere4)
    }

    /// Whether it takes pictures.
    #[must_use]
    pub fn takes_images(self) -> bool {
        !matches!(self.form, Form::Titan | Form::Titan2)
    }

    /// Whether it takes pictures of this format.
    #[must_use]
    pub fn takes_format(self, format: ImageFormat) -> bool {
        match self.form {
            Form::Titan | Form::Titan2 => false,
            Form::TitanImage | Form::Cohere3 => {
                matches!(format, ImageFormat::Png | ImageFormat::Jpeg)
            }
            Form::Nova | Form::Cohere4 => true,
        }
    }

    /// How many texts one request takes.
    #[must_use]
    pub fn texts_at_once(self) -> usize {
        match self.form {
            Form::Cohere3 | Form::Cohere4 => 96,
            _ => 1,
        }
    }

    /// Most characters of a text; `None` where only tokens are counted.
    #[must_use]
    pub fn most_characters(self) -> Option<usize> {
        match self.form {
            Form::Titan | Form::Titan2 => Some(50_000),
            Form::Cohere3 => Some(2_048),
            Form::Nova => Some(8_192),
            Form::TitanImage | Form::Cohere4 => None,
        }
    }

    /// Most tokens of a text.
    #[must_use]
    pub fn most_tokens(self) -> u64 {
        match self.form {
            Form::Titan | Form::Titan2 | Form::Nova => 8_192,
            Form::TitanImage => 256,
            Form::Cohere3 => 512,
            Form::Cohere4 => 128_000,
        }
    }

    /// Whether a text that is too long is cut instead of refused.
    #[must_use]
    pub fn cuts_long_texts(self) -> bool {
        matches!(self.form, Form::Cohere3 | Form::Cohere4 | Form::Nova)
    }

    /// How pictures are fitted to what the model takes.
    #[must_use]
    pub fn image_limits(self) -> Limits {
        let (image_bytes, image_side) = match self.form {
            Form::TitanImage => (18_750_000, 2_048),
            // A request takes 25 MB, and base64 makes four bytes of three.
            Form::Nova => (18_750_000, 8_000),
            _ => (5_000_000, 8_000),
        };
        Limits {
            image_bytes,
            image_side,
            ..Limits::converse()
        }
    }
}

fn usual_dimensions(form: Form) -> &'static [u32] {
    match form {
        Form::Titan => &[1_536],
        Form::Titan2 => &[1_024, 512, 256],
        Form::TitanImage => &[1_024, 384, 256],
        Form::Nova => &[3_072, 1_024, 384, 256],
        Form::Cohere3 => &[1_024],
        Form::Cohere4 => &[1_536, 1_024, 512, 256],
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_embedding_model_of_the_facts_is_spoken_to_but_marengo() {
        for model in crate::catalog::all_facts() {
            let offer = Offer::of(&model.id.into());
            let spoken_to =
                !model.embedding_dimensions.is_empty() && !model.id.starts_with("twelvelabs.");
            assert_eq!(offer.is_some(), spoken_to, "{}", model.id);
            if let Some(offer) = offer {
                assert_eq!(offer.dimensions(), model.embedding_dimensions);
                assert_eq!(
                    offer.dimensions(),
                    usual_dimensions(offer.form),
                    "{}",
                    model.id
                );
            }
        }
    }

    #[test]
    fn a_profile_is_its_model() {
        let profile = Offer::of(&"us.cohere.embed-v4:0".into()).unwrap();
        assert_eq!(profile.form, Form::Cohere4);
        assert_eq!(profile.texts_at_once(), 96);
        assert!(Offer::of(&"amazon.nova-lite-v1:0".into()).is_none());
    }
}
