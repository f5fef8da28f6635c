//! What must be known of a TIFF before its decoder sees it. TIFF 6.0, sections 2 and 15.

const PLANAR_CONFIGURATION: u16 = 284;
const TILE_WIDTH: u16 = 322;
/// More tags than any picture has.
const MOST_TAGS: usize = 512;

/// Whether the first picture stores its colours apart and in tiles, which the decoder panics on.
pub fn has_tiled_planes(bytes: &[u8]) -> bool {
    let (mut planes, mut tiles) = (false, false);
    for (tag, value) in tags(bytes).unwrap_or_default() {
        planes |= tag == PLANAR_CONFIGURATION && value == 2;
        tiles |= tag == TILE_WIDTH;
    }
    planes && tiles
}

/// The tags of the first directory, each with the first 16 bits of its value.
fn tags(bytes: &[u8]) -> Option<Vec<(u16, u16)>> {
    let little = bytes.starts_with(b"II");
    let number = |at: usize, length: usize| -> Option<usize> {
        let digits = bytes.get(at..at.checked_add(length)?)?;
        let join = |number: usize, digit: &u8| number << 8 | usize::from(*digit);
        Some(if little {
            digits.iter().rev().fold(0, join)
        } else {
            digits.iter().fold(0, join)
        })
    };
    // Version 43 has everything twice as wide.
    let (start, count_length, entry, value_at) = match number(2, 2)? {
        42 => (number(4, 4)?, 2, 12, 8),
        43 => (number(8, 8)?, 8, 20, 12),
        _ => return None,
    };
    let count = number(start, count_length)?.min(MOST_TAGS);
    let first = start.checked_add(count_length)?;
    (0..count)
        .map(|index| {
            let at = first.checked_add(index * entry)?;
            let tag = u16::try_from(number(at, 2)?).ok()?;
            let value = u16::try_from(number(at + value_at, 2)?).ok()?;
            Some((tag, value))
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn tiff(tags: &[(u16, u16)]) -> Vec<u8> {
        let mut bytes = b"MM\0\x2a\0\0\0\x08".to_vec();
        bytes.extend(u16::try_from(tags.len()).unwrap().to_be_bytes());
        for (tag, value) in tags {
            bytes.extend(tag.to_be_bytes());
            // One value of 16 bits.
            bytes.extend([0, 3, 0, 0, 0, 1]);
            bytes.extend(value.to_be_bytes());
            bytes.extend([0, 0]);
        }
        bytes
    }

    #[test]
    fn only_colours_apart_in_tiles_are_meant() {
        for (tags, expected) in [
            (&[(284, 2), (322, 64)][..], true),
            (&[(284, 1), (322, 64)], false),
            (&[(284, 2), (278, 64)], false),
            (&[], false),
        ] {
            assert_eq!(has_tiled_planes(&tiff(tags)), expected, "{tags:?}");
        }
        assert!(!has_tiled_planes(b"II\x2a\0\xff\xff\xff\xff"));
        assert!(!has_tiled_planes(b""));
    }
}
