//! Input tokens of an image before it is sent, by the rule its model's provider publishes.

use super::PixelSize;
use super::estimate::TokenRange;
use crate::catalog::{Family, ModelId, facts};

/// Side of the patch that Claude counts as one token, in pixels.
const CLAUDE_PATCH: u32 = 28;

/// What Claude scales an image down to before counting.
#[derive(Clone, Copy)]
struct ClaudeLimit {
    long_edge: u32,
    tokens: u64,
}

const CLAUDE_STANDARD: ClaudeLimit = ClaudeLimit {
    long_edge: 1_568,
    tokens: 1_568,
};

/// From Claude 4.7 on.
const CLAUDE_HIGH_RESOLUTION: ClaudeLimit = ClaudeLimit {
    long_edge: 2_576,
    tokens: 4_784,
};

/// Nova's table in its user guide: pixels, tokens.
const NOVA: [(u64, u64); 5] = [
    (405_000, 800),
    (810_000, 1_300),
    (1_260_000, 1_800),
    (1_620_000, 2_400),
    (1_690_000, 2_600),
];

/// Nova enlarges an image until one side has this many pixels.
const NOVA_SIDE: u64 = 896;

/// How far Nova's count may be from its table, which says "about": a share of a hundred.
const NOVA_SPREAD_PERCENT: u64 = 15;

/// Fewest pixels Nova counts as one token, for images beyond its table.
const NOVA_PIXELS_PER_TOKEN: u64 = 500;

/// The tokens of an image; `None` when no rule is published for the model, or it takes no images.
#[must_use]
pub fn image_tokens(model_id: &ModelId, size: PixelSize) -> Option<TokenRange> {
    let sees = facts(model_id).and_then(|facts| facts.supports.vision);
    if sees == Some(false) || size.width == 0 || size.height == 0 {
        return None;
    }
    match Family::of(model_id) {
        Family::Claude | Family::ClaudeExclusive => Some(claude(model_id, size)),
        Family::Nova => Some(nova(size)),
        _ => None,
    }
}

fn claude(model_id: &ModelId, size: PixelSize) -> TokenRange {
    let standard = || claude_patches(size, CLAUDE_STANDARD);
    let high = || claude_patches(size, CLAUDE_HIGH_RESOLUTION);
    match claude_version(model_id.foundation_model_id()) {
        Some(version) if version >= (4, 7) => TokenRange::exactly(high()),
        Some(_) => TokenRange::exactly(standard()),
        // A name that gives no version: either.
        None => TokenRange {
            low: standard(),
            high: high(),
        },
    }
}

/// The version in an id: `claude-3-5-haiku-…` is 3.5, `claude-opus-5` is 5.0.
fn claude_version(id: &str) -> Option<(u32, u32)> {
    let name = id.strip_prefix("anthropic.claude-")?;
    let mut numbers = name
        .split('-')
        .map(|part| part.parse::<u32>().ok().filter(|number| *number < 100))
        .skip_while(Option::is_none);
    let major = numbers.next()??;
    Some((major, numbers.next().flatten().unwrap_or(0)))
}

/// Patches at the largest scale that keeps both limits.
fn claude_patches(size: PixelSize, limit: ClaudeLimit) -> u64 {
    let (long, short) = (size.width.max(size.height), size.width.min(size.height));
    let patches = |edge: u32| {
        let scaled = (u64::from(short) * u64::from(edge) + u64::from(long) / 2) / u64::from(long);
        let rows = scaled.max(1).div_ceil(u64::from(CLAUDE_PATCH));
        u64::from(edge.div_ceil(CLAUDE_PATCH)) * rows
    };
    (1..=long.min(limit.long_edge))
        .rev()
        .map(patches)
        .find(|patches| *patches <= limit.tokens)
        .unwrap_or(1)
}

fn nova(size: PixelSize) -> TokenRange {
    let (mut width, mut height) = (u64::from(size.width), u64::from(size.height));
    let long = width.max(height);
    if long < NOVA_SIDE {
        width = width * NOVA_SIDE / long;
        height = height * NOVA_SIDE / long;
    }
    let pixels = width * height;
    let last = NOVA[NOVA.len() - 1];
    let (low, high) = if pixels > last.0 {
        // The table ends here: no fewer than its last row, no more than its densest count.
        (last.1, last.1.max(pixels / NOVA_PIXELS_PER_TOKEN))
    } else {
        let tokens = nova_tokens(pixels);
        (tokens, tokens)
    };
    TokenRange {
        low: low * (100 - NOVA_SPREAD_PERCENT) / 100,
        high: high * (100 + NOVA_SPREAD_PERCENT) / 100,
    }
}

/// Straight between the rows of the table, and from nothing to its first.
fn nova_tokens(pixels: u64) -> u64 {
    let mut from = (0, 0);
    for to in NOVA {
        if pixels <= to.0 {
            return from.1 + (pixels - from.0) * (to.1 - from.1) / (to.0 - from.0);
        }
        from = to;
    }
    from.1
}

#[cfg(test)]
mod tests {
    use super::*;

    fn tokens(id: &str, width: u32, height: u32) -> Option<(u64, u64)> {
        let range = image_tokens(&id.into(), PixelSize { width, height })?;
        Some((range.low, range.high))
    }

    /// `pricing/NOTES`, section 5: patches of 28 pixels, counted there for both limits.
    #[test]
    fn claude_counts_patches_up_to_its_limits() {
        let standard = "anthropic.claude-sonnet-4-5-20250929-v1:0";
        let high = "anthropic.claude-opus-4-7";
        for (width, height, in_standard, in_high) in [
            (200, 200, 64, 64),           // 8 × 8
            (1_000, 1_000, 1_296, 1_296), // 36 × 36
            (1_920, 1_080, 1_560, 2_691), // 52 × 30; 69 × 39
            (3_840, 2_160, 1_560, 4_784), // 52 × 30; 92 × 52
            (1, 1, 1, 1),
        ] {
            for (width, height) in [(width, height), (height, width)] {
                assert_eq!(
                    tokens(standard, width, height),
                    Some((in_standard, in_standard))
                );
                assert_eq!(tokens(high, width, height), Some((in_high, in_high)));
            }
        }
    }

    #[test]
    fn the_version_of_claude_decides_the_limit() {
        for (id, version) in [
            ("anthropic.claude-3-5-haiku-20241022-v1:0", Some((3, 5))),
            ("anthropic.claude-3-haiku-20240307-v1:0", Some((3, 0))),
            ("anthropic.claude-opus-4-20250514-v1:0", Some((4, 0))),
            ("anthropic.claude-opus-4-6-v1", Some((4, 6))),
            ("anthropic.claude-opus-4-8", Some((4, 8))),
            ("anthropic.claude-fable-5", Some((5, 0))),
            ("anthropic.claude-mythos-preview", None),
        ] {
            assert_eq!(claude_version(id), version, "{id}");
        }
    }

    #[test]
    fn nova_counts_about_what_its_table_says() {
        let nova = "us.amazon.nova-lite-v1:0";
        // 1,300 for 900 × 900, give or take 15 %
        assert_eq!(tokens(nova, 900, 900), Some((1_105, 1_495)));
        // Enlarged to 896 × 448 = 401,408 pixels: 401,408 × 800 ÷ 405,000 = 792
        assert_eq!(tokens(nova, 200, 100), Some((673, 910)));
        // 4,000 × 3,000: beyond the table, 2,600 to 24,000, each give or take 15 %
        assert_eq!(tokens(nova, 4_000, 3_000), Some((2_210, 27_600)));
    }

    #[test]
    fn without_a_rule_it_is_unknown() {
        for id in [
            "amazon.nova-2-lite-v1:0",
            "meta.llama4-maverick-17b-instruct-v1:0",
            "amazon.nova-micro-v1:0",
            "example.model",
        ] {
            assert_eq!(tokens(id, 900, 900), None, "{id}");
        }
        assert_eq!(tokens("amazon.nova-lite-v1:0", 0, 900), None);
        assert!(tokens("anthropic.claude-opus-5", u32::MAX, u32::MAX).is_some());
    }
}
