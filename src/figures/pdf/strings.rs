//! Text strings of a PDF (ISO 32000-1, 7.9.2.2 and annex D.2).

use std::fmt::Write as _;

/// What `PDFDocEncoding` has other letters for than Latin-1 (annex D.2).
const LOW: [char; 8] = [
    '\u{2d8}', '\u{2c7}', '\u{2c6}', '\u{2d9}', '\u{2dd}', '\u{2db}', '\u{2da}', '\u{2dc}',
];
const HIGH: [char; 33] = [
    '\u{2022}', '\u{2020}', '\u{2021}', '\u{2026}', '\u{2014}', '\u{2013}', '\u{192}', '\u{2044}',
    '\u{2039}', '\u{203a}', '\u{2212}', '\u{2030}', '\u{201e}', '\u{201c}', '\u{201d}', '\u{2018}',
    '\u{2019}', '\u{201a}', '\u{2122}', '\u{fb01}', '\u{fb02}', '\u{141}', '\u{152}', '\u{160}',
    '\u{178}', '\u{17d}', '\u{131}', '\u{142}', '\u{153}', '\u{161}', '\u{17e}', '\u{fffd}',
    '\u{20ac}',
];

/// The letters of a text string.
pub(super) fn decoded(bytes: &[u8]) -> String {
    let text = match bytes {
        [0xfe, 0xff, rest @ ..] => utf16(rest, u16::from_be_bytes),
        // Not in the standard, but written and read by many.
        [0xff, 0xfe, rest @ ..] => utf16(rest, u16::from_le_bytes),
        // ISO 32000-2, 7.9.2.2.
        [0xef, 0xbb, 0xbf, rest @ ..] => String::from_utf8_lossy(rest).into_owned(),
        bytes => bytes.iter().map(|byte| letter(*byte)).collect(),
    };
    without_languages(&text)
}

fn utf16(bytes: &[u8], unit: fn([u8; 2]) -> u16) -> String {
    let (pairs, _) = bytes.as_chunks::<2>();
    let units: Vec<u16> = pairs.iter().map(|pair| unit(*pair)).collect();
    String::from_utf16_lossy(&units)
}

fn letter(byte: u8) -> char {
    match byte {
        0x18..=0x1f => LOW[usize::from(byte - 0x18)],
        0x80..=0xa0 => HIGH[usize::from(byte - 0x80)],
        byte => char::from(byte),
    }
}

/// Languages may be told within a text, between two escapes (14.9.2.2).
fn without_languages(text: &str) -> String {
    let mut pieces = text.split('\u{1b}');
    let mut plain = pieces.next().unwrap_or_default().to_owned();
    while let (Some(_language), Some(piece)) = (pieces.next(), pieces.next()) {
        plain.push_str(piece);
    }
    plain
}

/// A text string as it stands in a file.
pub(super) fn written(text: &str) -> Vec<u8> {
    if text.bytes().all(|byte| matches!(byte, b' '..=b'~')) {
        let mut literal = vec![b'('];
        for byte in text.bytes() {
            if matches!(byte, b'(' | b')' | b'\\') {
                literal.push(b'\\');
            }
            literal.push(byte);
        }
        literal.push(b')');
        return literal;
    }
    let mut hex = String::from("<FEFF");
    for unit in text.encode_utf16() {
        // Writing to a string cannot fail.
        write!(hex, "{unit:04X}").ok();
    }
    hex.push('>');
    hex.into_bytes()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn letters_of_each_encoding_are_read() {
        assert_eq!(decoded(b"Caf\xe9 \x84 \x9b\xa0"), "Café — ł€");
        assert_eq!(decoded(b"\xfe\xff\x00C\x01\x42\xd8\x3d\xde\x00"), "Cł😀");
        assert_eq!(decoded(b"\xff\xfeC\x00"), "C");
        assert_eq!(decoded("\u{feff}Žába".as_bytes()), "Žába");
        assert_eq!(
            decoded(b"\xfe\xff\x00\x1b\x00d\x00e\x00\x1b\x00J\x00a"),
            "Ja"
        );
        assert_eq!(decoded(b"\xfe\xff\x00C\x00"), "C");
    }

    #[test]
    fn what_is_written_stands_in_brackets_or_in_hexadecimal_digits() {
        assert_eq!(written(r"A (red) \ cup"), br"(A \(red\) \\ cup)");
        assert_eq!(written("Café"), b"<FEFF00430061006600E9>");
        assert_eq!(written("😀"), b"<FEFFD83DDE00>");
        // A line break in a literal may be read as another one.
        assert_eq!(written("a\nb"), b"<FEFF0061000A0062>");
    }
}
