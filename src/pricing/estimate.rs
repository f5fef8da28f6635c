//! What a request may cost, before it is sent: a range, and never more certain than its rules.

use super::{CostBreakdown, Meter, PixelSize, PriceQuery, Prices, Usd, image_tokens};
use crate::chat::{CacheDetail, CacheTtl, Usage};

/// Tokens a request has beside its texts, for roles and turns: at most about so many.
const FRAME_TOKENS: u64 = 16;

/// From this many to that many tokens.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct TokenRange {
    /// At least.
    pub low: u64,
    /// At most.
    pub high: u64,
}

impl TokenRange {
    /// A count that is known.
    #[must_use]
    pub fn exactly(tokens: u64) -> Self {
        Self {
            low: tokens,
            high: tokens,
        }
    }

    fn plus(self, other: Self) -> Self {
        Self {
            low: self.low.saturating_add(other.low),
            high: self.high.saturating_add(other.high),
        }
    }
}

/// What is going to be sent.
#[derive(Clone, Copy, Debug, Default)]
pub struct Prompt<'a> {
    /// Every text: the turns so far, the system prompt, the tools' specifications.
    pub texts: &'a [&'a str],
    /// Every image, in the size it is sent in.
    pub images: &'a [PixelSize],
    /// Documents and videos, whose tokens no published rule gives.
    pub uncountable: usize,
    /// What `CountTokens` counted for the whole request, if it was asked.
    pub counted: Option<u64>,
    /// How long the input may be kept in the cache, where the request asks for that: writing it there can cost
    /// more than sending it.
    pub cached: Option<CacheTtl>,
    /// Most tokens of the answer.
    pub max_tokens: u32,
}

/// Why there is no estimate.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Unknown {
    /// No rule is published for the model's images.
    #[error("No rule is published for the tokens of an image: they are counted after the call")]
    Image,
    /// A document or video is attached.
    #[error("The tokens of a document or a video are counted after the call")]
    Document,
    /// No source has the price.
    #[error("The price is not known")]
    Price,
}

/// A range of tokens, and one of money.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Estimate {
    /// Input tokens.
    pub input: TokenRange,
    /// Most output tokens.
    pub max_output: u64,
    /// The input alone, counted low; nothing of it read from a cache.
    pub lower: Usd,
    /// The input, counted high, and the longest answer.
    pub upper: Usd,
    /// Whether the service counted the input: then only the answer's length is open.
    pub is_counted: bool,
    /// Whether a price may differ from the one billed.
    pub price_is_approximate: bool,
}

/// Estimates what a request costs.
///
/// # Errors
///
/// When a part of it cannot be counted, or no source has the price: an estimate that left a part
/// out would be too low.
pub fn estimate(
    prices: &Prices,
    prompt: &Prompt<'_>,
    query: &PriceQuery<'_>,
) -> Result<Estimate, Unknown> {
    let input = match prompt.counted {
        Some(tokens) => TokenRange::exactly(tokens),
        None => input_tokens(prompt, query)?,
    };
    let max_output = u64::from(prompt.max_tokens);
    let bill = |input, output| {
        let query = PriceQuery {
            context_tokens: input,
            ..*query
        };
        prices.bill([(Meter::Input, input), (Meter::Output, output)], &query)
    };
    let (least, most) = (bill(input.low, 0), bill(input.high, max_output));
    let mut upper = most.total().ok_or(Unknown::Price)?;
    if let Some(ttl) = prompt.cached {
        let detail = CacheDetail {
            ttl,
            input_tokens: input.high,
        };
        let written = Usage {
            output_tokens: max_output,
            cache_write_input_tokens: input.high,
            cache_details: vec![detail],
            ..Usage::default()
        };
        let written = CostBreakdown::of_usage(prices, &written, query);
        upper = upper.max(written.total().ok_or(Unknown::Price)?);
    }
    Ok(Estimate {
        input,
        max_output,
        lower: least.total().ok_or(Unknown::Price)?,
        upper,
        is_counted: prompt.counted.is_some(),
        price_is_approximate: least.is_approximate() || most.is_approximate(),
    })
}

fn input_tokens(prompt: &Prompt<'_>, query: &PriceQuery<'_>) -> Result<TokenRange, Unknown> {
    if prompt.uncountable > 0 {
        return Err(Unknown::Document);
    }
    let mut sum = TokenRange {
        low: 0,
        high: FRAME_TOKENS,
    };
    for text in prompt.texts {
        sum = sum.plus(text_tokens(text));
    }
    for size in prompt.images {
        sum = sum.plus(image_tokens(query.model_id, *size).ok_or(Unknown::Image)?);
    }
    Ok(sum)
}

/// The tokens of a text, by rules of thumb that hold across tokenizers: three to five characters
/// of Latin script for one, about one for a CJK character, up to two for a character of any other.
#[must_use]
pub fn text_tokens(text: &str) -> TokenRange {
    let (mut latin, mut ideographs, mut others) = (0_u64, 0_u64, 0_u64);
    for c in text.chars() {
        match c {
            '\0'..='\u{24f}' => latin += 1,
            '\u{2e80}'..='\u{9fff}' | '\u{ac00}'..='\u{d7af}' | '\u{f900}'..='\u{faff}' => {
                ideographs += 1;
            }
            _ => others += 1,
        }
    }
    TokenRange {
        low: latin.div_ceil(5) + ideographs.div_ceil(2) + others.div_ceil(4),
        high: latin.div_ceil(3) + (ideographs * 3).div_ceil(2) + others * 2,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::catalog::ModelId;

    fn of(id: &str, prompt: &Prompt<'_>) -> Result<Estimate, Unknown> {
        let id = ModelId::from(id);
        estimate(
            &Prices::default(),
            prompt,
            &PriceQuery::on_demand(&id, "us-east-1"),
        )
    }

    #[test]
    fn a_counted_request_leaves_only_the_answer_open() {
        let prompt = Prompt {
            counted: Some(2_000),
            max_tokens: 1_000,
            ..Prompt::default()
        };
        let estimate = of("amazon.nova-lite-v1:0", &prompt).unwrap();
        // 2 × 0.00006; that and 1 × 0.00024
        assert_eq!(estimate.lower.to_string(), "$0.000120");
        assert_eq!(estimate.upper.to_string(), "$0.000360");
        assert!(estimate.is_counted);
    }

    #[test]
    fn texts_and_images_add_up_to_a_range() {
        let prompt = Prompt {
            texts: &["Describe this picture", ""],
            images: &[PixelSize {
                width: 1_000,
                height: 1_000,
            }],
            max_tokens: 100,
            ..Prompt::default()
        };
        let estimate = of("anthropic.claude-sonnet-4-5-20250929-v1:0", &prompt).unwrap();
        // 1,296 patches; 21 characters are 5 to 7 tokens; up to 16 for the frame
        assert_eq!((estimate.input.low, estimate.input.high), (1_301, 1_319));
        // 1,301 × 3.30 ÷ 1M; 1,319 × 3.30 ÷ 1M + 100 × 16.50 ÷ 1M
        assert_eq!(estimate.lower.to_decimal_string(), "0.00429330");
        assert_eq!(estimate.upper.to_decimal_string(), "0.00600270");
        assert!(!estimate.is_counted);
    }

    #[test]
    fn the_upper_end_knows_the_long_context_rate() {
        let prompt = Prompt {
            counted: Some(300_000),
            ..Prompt::default()
        };
        let estimate = of("anthropic.claude-sonnet-4-20250514-v1:0", &prompt).unwrap();
        // 0.3 × 6
        assert_eq!(estimate.lower.to_string(), "$1.80");
    }

    #[test]
    fn what_cannot_be_counted_or_priced_is_said() {
        let image = [PixelSize {
            width: 100,
            height: 100,
        }];
        let with_image = Prompt {
            images: &image,
            ..Prompt::default()
        };
        let with_document = Prompt {
            uncountable: 1,
            ..Prompt::default()
        };
        assert_eq!(
            of("amazon.nova-2-lite-v1:0", &with_image),
            Err(Unknown::Image)
        );
        assert_eq!(
            of("amazon.nova-lite-v1:0", &with_document),
            Err(Unknown::Document)
        );
        assert_eq!(of("example.model", &Prompt::default()), Err(Unknown::Price));
    }

    #[test]
    fn scripts_differ_in_tokens_for_a_character() {
        let range = |low, high| TokenRange { low, high };
        assert_eq!(text_tokens(""), range(0, 0));
        assert_eq!(text_tokens("abcdefghijklmno"), range(3, 5));
        assert_eq!(text_tokens("写真を説明"), range(3, 8));
        assert_eq!(text_tokens("фото"), range(1, 8));
    }
}
