//! Counting tokens by the providers' published rules, or near them.

use super::picture::Picture;

/// Tokens of a text: about four characters of English each, one for each CJK character, two for
/// three characters of other scripts.
pub fn of_text(text: &str) -> u64 {
    let (mut latin, mut ideographs, mut others) = (0_u64, 0_u64, 0_u64);
    for c in text.chars() {
        match c {
            '\0'..='\u{7f}' => latin += 1,
            '\u{2e80}'..='\u{9fff}' | '\u{ac00}'..='\u{d7af}' | '\u{f900}'..='\u{faff}' => {
                ideographs += 1;
            }
            _ => others += 1,
        }
    }
    latin.div_ceil(4) + ideographs + (others * 2).div_ceil(3)
}

/// Tokens of a picture, by the rule of the model's provider.
pub fn of_picture(model_id: &str, picture: &Picture) -> u64 {
    if model_id.starts_with("anthropic.") {
        claude(picture.width, picture.height)
    } else if model_id.starts_with("amazon.nova") {
        nova(picture.width, picture.height)
    } else {
        // No rule is published; the older rule of Claude serves.
        (u64::from(picture.width) * u64::from(picture.height) / 750).clamp(1, 1_600)
    }
}

/// One for each 28 × 28 patch, after scaling to at most 1,568 pixels a side and 1,568 patches.
fn claude(width: u32, height: u32) -> u64 {
    const SIDE: f64 = 1_568.0;
    const MOST: u64 = 1_568;
    let scale = (SIDE / f64::from(width.max(height))).min(1.0);
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "between 1 and 56"
    )]
    let patches = |side: u32| (f64::from(side) * scale / 28.0).ceil().max(1.0) as u64;
    (patches(width) * patches(height)).min(MOST)
}

/// The user guide's table, by area: pixels and tokens.
fn nova(width: u32, height: u32) -> u64 {
    const TABLE: [(u64, u64); 5] = [
        (405_000, 800),
        (810_000, 1_300),
        (1_260_000, 1_800),
        (1_620_000, 2_400),
        (1_690_000, 2_600),
    ];
    let area = u64::from(width) * u64::from(height);
    TABLE
        .iter()
        .find(|(pixels, _)| area <= *pixels)
        .map_or(2_600, |(_, tokens)| *tokens)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_is_counted_by_script() {
        assert_eq!(of_text("four"), 1);
        assert_eq!(of_text("fives"), 2);
        assert_eq!(of_text("日本語"), 3);
        assert_eq!(of_text(""), 0);
    }

    #[test]
    fn pictures_are_counted_by_provider() {
        // 1000 × 1000: ceil(1000 / 28)² = 36² = 1,296
        assert_eq!(claude(1_000, 1_000), 1_296);
        assert_eq!(claude(200, 200), 64);
        assert_eq!(nova(900, 450), 800);
        assert_eq!(nova(900, 900), 1_300);
    }
}
