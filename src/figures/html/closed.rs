//! Elements that XML closes at once and HTML would read on in: `<script/>`, `<title/>`.

/// Elements whose content HTML reads as text.
const RAW: [&[u8]; 9] = [
    b"iframe",
    b"noembed",
    b"noframes",
    b"noscript",
    b"script",
    b"style",
    b"textarea",
    b"title",
    b"xmp",
];

/// The text with other names, as long, for such elements where they are closed at once: every place stays.
pub fn masked(text: &[u8]) -> Vec<u8> {
    let mut masked = text.to_vec();
    for bracket in memchr::memchr_iter(b'<', text) {
        let behind = &text[bracket + 1..];
        let Some(name) = RAW.iter().find(|name| begins_with(behind, name)) else {
            continue;
        };
        if is_closed(&behind[name.len()..]) {
            masked[bracket + 1..][..name.len()].fill(b'x');
        }
    }
    masked
}

fn begins_with(text: &[u8], name: &[u8]) -> bool {
    let next = text.get(name.len());
    text.get(..name.len())
        .is_some_and(|begin| begin.eq_ignore_ascii_case(name))
        && next.is_some_and(|byte| byte.is_ascii_whitespace() || matches!(byte, b'/' | b'>'))
}

/// Whether a tag ends in a stroke, from behind its name on.
fn is_closed(attributes: &[u8]) -> bool {
    let mut quote = None;
    let mut before = b' ';
    for byte in attributes {
        match (quote, byte) {
            (None, b'>') => return before == b'/',
            // No tag: XML has none of these between attributes.
            (None, b'<') => return false,
            (None, b'"' | b'\'') => quote = Some(*byte),
            (Some(open), byte) if open == *byte => quote = None,
            _ => {}
        }
        before = *byte;
    }
    false
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_is_closed_at_once_is_masked() {
        for (text, expected) in [
            ("<script src='a/>'/>x", "<xxxxxx src='a/>'/>x"),
            ("<title/><style />", "<xxxxx/><xxxxx />"),
            ("<script src='a'>/</script>", "<script src='a'>/</script>"),
            ("<scripts/><p/>", "<scripts/><p/>"),
            ("<title", "<title"),
            ("<title <p/>", "<title <p/>"),
        ] {
            assert_eq!(masked(text.as_bytes()), expected.as_bytes(), "{text}");
        }
    }
}
