//! The candidates of an image, of which a browser takes what suits its screen.

/// The address of the largest candidate (`srcset` of the HTML standard).
pub fn largest(srcset: &str) -> Option<String> {
    let mut rest = srcset;
    let mut best: Option<(f64, &str)> = None;
    loop {
        rest = rest.trim_start_matches(|c: char| c.is_ascii_whitespace() || c == ',');
        if rest.is_empty() {
            break;
        }
        let end = rest.find(|c: char| c.is_ascii_whitespace());
        let (address, behind) = rest.split_at(end.unwrap_or(rest.len()));
        let bare = address.trim_end_matches(',');
        let descriptor;
        (descriptor, rest) = if bare.len() < address.len() {
            ("", behind)
        } else {
            behind.split_once(',').unwrap_or((behind, ""))
        };
        // A height may stand behind the width.
        let size = descriptor
            .split_ascii_whitespace()
            .next()
            .unwrap_or_default();
        let size = size.trim_end_matches(['w', 'x', 'h']);
        let size = size.parse().unwrap_or(1.0);
        if best.is_none_or(|(largest, _)| size > largest) && !bare.is_empty() {
            best = Some((size, bare));
        }
    }
    best.map(|(_, address)| address.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_largest_is_taken_by_width_or_by_density() {
        for (srcset, expected) in [
            ("a.jpg 320w, b.jpg 1280w, c.jpg 640w", Some("b.jpg")),
            ("a.jpg, b.jpg 2x", Some("b.jpg")),
            ("a.jpg", Some("a.jpg")),
            ("a.jpg 900w 600h, b.jpg 300w 200h", Some("a.jpg")),
            ("a.jpg 300w 200h, b.jpg 900w 600h", Some("b.jpg")),
            ("data:image/png;base64,AA== 1x,b.jpg 1.5x", Some("b.jpg")),
            ("a,b.jpg 2x , c.jpg", Some("a,b.jpg")),
            (" , ", None),
            ("", None),
        ] {
            assert_eq!(largest(srcset).as_deref(), expected, "{srcset}");
        }
    }
}
