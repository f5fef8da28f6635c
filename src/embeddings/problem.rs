//! What is wrong with a text before it is sent.

use std::fmt;

use super::offer::Offer;
use crate::pricing::text_tokens;

/// Why a text or a picture cannot be sent.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Problem {
    /// There is nothing in it.
    Empty,
    /// It has more characters than the model takes.
    TooManyCharacters {
        /// How many it has.
        has: usize,
        /// How many the model takes.
        most: usize,
    },
    /// Counted as favourably as can be, it has more tokens than the model takes.
    TooManyTokens {
        /// At least how many it has.
        least: u64,
        /// How many the model takes.
        most: u64,
    },
    /// The model takes texts only.
    NoImages,
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Empty => f.write_str("There is no text; leave the line out"),
            Self::TooManyCharacters { has, most } => write!(
                f,
                "The text has {has} characters and the model takes {most}; split it"
            ),
            Self::TooManyTokens { least, most } => write!(
                f,
                "The text has at least {least} tokens and the model takes {most}; split it"
            ),
            Self::NoImages => {
                f.write_str("The model takes texts only; choose a multimodal one for images")
            }
        }
    }
}

/// What is wrong with a text for a model; `None` when nothing is known to be. `text` is `None` for a
/// picture.
#[must_use]
pub fn problem(offer: Offer, text: Option<&str>) -> Option<Problem> {
    let Some(text) = text else {
        return (!offer.takes_images()).then_some(Problem::NoImages);
    };
    if text.trim().is_empty() {
        return Some(Problem::Empty);
    }
    if let Some(most) = offer.most_characters() {
        let has = text.chars().count();
        if has > most {
            return Some(Problem::TooManyCharacters { has, most });
        }
    }
    let least = text_tokens(text).low;
    let most = offer.most_tokens();
    (least > most && !offer.cuts_long_texts()).then_some(Problem::TooManyTokens { least, most })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(id: &str, text: Option<&str>) -> Option<Problem> {
        problem(Offer::of(&id.into()).unwrap(), text)
    }

    #[test]
    fn what_a_model_would_refuse_is_known_beforehand() {
        let titan = "amazon.titan-embed-text-v2:0";
        assert_eq!(of(titan, Some("fine")), None);
        assert_eq!(of(titan, Some(" \n")), Some(Problem::Empty));
        assert_eq!(of(titan, None), Some(Problem::NoImages));
        assert_eq!(of("amazon.titan-embed-image-v1", None), None);
        let long = "a".repeat(50_001);
        let (has, most) = (50_001, 50_000);
        assert_eq!(
            of(titan, Some(&long)),
            Some(Problem::TooManyCharacters { has, most })
        );
        // Five characters for a token, at the most: 45,000 of them are at least 9,000.
        let (least, most) = (9_000, 8_192);
        assert_eq!(
            of(titan, Some(&"a".repeat(45_000))),
            Some(Problem::TooManyTokens { least, most })
        );
        // 2,048 characters are the limit of Cohere's third generation.
        assert_eq!(
            of("cohere.embed-english-v3", Some(&"ä".repeat(2_048))),
            None
        );
        assert!(of("cohere.embed-english-v3", Some(&"ä".repeat(2_049))).is_some());
    }
}
