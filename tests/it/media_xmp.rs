//! Alt text written into pictures: pixels and other metadata as they were, text as it was meant.

#![expect(
    clippy::cast_possible_truncation,
    reason = "colours of test pictures, whatever they come to"
)]

use std::io::Cursor;

use bedrock_playground::media::xmp::{self, Descriptions, Languages, XmpError};
use image::{DynamicImage, ImageFormat, Rgba, RgbaImage};

const FORMATS: [ImageFormat; 3] = [ImageFormat::Jpeg, ImageFormat::Png, ImageFormat::WebP];

fn picture(format: ImageFormat) -> Vec<u8> {
    let image = RgbaImage::from_fn(37, 23, |x, y| {
        Rgba([(x * 6) as u8, (y * 9) as u8, 120, (x * 5) as u8])
    });
    let image: DynamicImage = match format {
        ImageFormat::Jpeg => DynamicImage::ImageRgba8(image).into_rgb8().into(),
        _ => image.into(),
    };
    let mut bytes = Cursor::new(Vec::new());
    image.write_to(&mut bytes, format).unwrap();
    bytes.into_inner()
}

#[expect(clippy::unnecessary_wraps, reason = "the shape its field has")]
fn texts(pairs: &[(&str, &str)]) -> Option<Languages> {
    let owned = |(language, text): &(&str, &str)| ((*language).to_owned(), (*text).to_owned());
    Some(pairs.iter().map(owned).collect())
}

fn alt(text: &str) -> Descriptions {
    Descriptions {
        alt_text: texts(&[("x-default", text)]),
        extended: None,
    }
}

#[test]
fn what_is_written_is_read_and_no_pixel_changes() {
    let written = Descriptions {
        alt_text: texts(&[
            ("x-default", "Fish & <chips> \"to go\", it's 3 €\u{1f41f}"),
            ("de", "Fisch & Pommes"),
        ]),
        extended: texts(&[("x-default", "Two lines:\nand this")]),
    };
    for format in FORMATS {
        let before = picture(format);
        let after = xmp::embed(&before, &written).unwrap();
        assert_eq!(xmp::extract(&after).unwrap(), written, "{format:?}");
        assert_eq!(
            image::load_from_memory(&before).unwrap(),
            image::load_from_memory(&after).unwrap(),
            "{format:?}"
        );
    }
}

#[test]
fn writing_twice_leaves_one() {
    for format in FORMATS {
        let once = xmp::embed(&picture(format), &alt("First")).unwrap();
        let twice = xmp::embed(&once, &alt("Other")).unwrap();
        assert_eq!(xmp::extract(&twice).unwrap(), alt("Other"), "{format:?}");
        // Both are five letters long, so nothing else was added or left behind.
        assert_eq!(once.len(), twice.len(), "{format:?}");
    }
}

#[test]
fn one_can_be_changed_without_the_other_and_removed() {
    let both = Descriptions {
        alt_text: texts(&[("x-default", "Short")]),
        extended: texts(&[("x-default", "Long")]),
    };
    let bytes = xmp::embed(&picture(ImageFormat::Png), &both).unwrap();
    let bytes = xmp::embed(&bytes, &alt("Other")).unwrap();
    let found = xmp::extract(&bytes).unwrap();
    assert_eq!(found.alt_text, texts(&[("x-default", "Other")]));
    assert_eq!(found.extended, both.extended);
    let none = Descriptions {
        alt_text: Some(Vec::new()),
        extended: None,
    };
    let found = xmp::extract(&xmp::embed(&bytes, &none).unwrap()).unwrap();
    assert_eq!(found.alt_text, None);
    assert_eq!(found.extended, both.extended);
}

#[test]
fn texts_in_other_languages_stay() {
    let before = Descriptions {
        alt_text: texts(&[
            ("x-default", "A cup"),
            ("en", "A cup"),
            ("de", "Eine Tasse"),
        ]),
        extended: texts(&[("x-default", "Long"), ("fr", "Longue")]),
    };
    for format in FORMATS {
        let picture = xmp::embed(&picture(format), &before).unwrap();
        let with = |pairs: &[(&str, &str)]| {
            let new = Descriptions {
                alt_text: texts(pairs),
                extended: None,
            };
            let written = xmp::embed(&picture, &new).unwrap();
            let found = xmp::extract(&written).unwrap();
            assert_eq!(found.extended, before.extended);
            found.alt_text
        };
        assert_eq!(
            with(&[("x-default", "Une tasse"), ("FR", "Une tasse")]),
            texts(&[
                ("x-default", "Une tasse"),
                ("FR", "Une tasse"),
                ("en", "A cup"),
                ("de", "Eine Tasse")
            ])
        );
        assert_eq!(
            with(&[("x-default", "A mug"), ("EN", "A mug")]),
            texts(&[
                ("x-default", "A mug"),
                ("EN", "A mug"),
                ("de", "Eine Tasse")
            ])
        );
        // In which language nobody said: what stood there for everyone is gone wherever it stood.
        assert_eq!(
            with(&[("x-default", "A mug")]),
            texts(&[("x-default", "A mug"), ("de", "Eine Tasse")])
        );
        assert_eq!(with(&[]), None);
    }
}

#[test]
fn other_properties_stay_as_they_are() {
    // Prefixes of its own, a property of our namespace that is not ours, and an `about`.
    let packet = concat!(
        "<x:xmpmeta xmlns:x=\"adobe:ns:meta/\"><r:RDF xmlns:r=\"http://www.w3.org/1999/02/22-rdf-syntax-ns#\">",
        "<r:Description r:about=\"uuid:1\" xmlns:dc=\"http://purl.org/dc/elements/1.1/\" dc:format=\"image/jpeg\">",
        "<dc:rights>\u{a9} Somebody &amp; Co</dc:rights>",
        "<i:AltTextAccessibility xmlns:i=\"http://iptc.org/std/Iptc4xmpCore/1.0/xmlns/\"><r:Alt><r:li xml:lang=\"x-default\">old</r:li></r:Alt></i:AltTextAccessibility>",
        "<i:Location xmlns:i=\"http://iptc.org/std/Iptc4xmpCore/1.0/xmlns/\">Here</i:Location>",
        "</r:Description></r:RDF></x:xmpmeta>"
    );
    let updated = xmp::update_packet(Some(packet), &alt("new")).unwrap();
    assert_eq!(xmp::read_packet(&updated).unwrap(), alt("new"));
    assert!(updated.contains("<dc:rights>\u{a9} Somebody &amp; Co</dc:rights>"));
    assert!(updated.contains(">Here</i:Location>"));
    assert!(updated.contains("rdf:about=\"uuid:1\""), "{updated}");
    assert!(!updated.contains("old"));
}

#[test]
fn without_a_default_the_first_language_is_it() {
    let german = Descriptions {
        alt_text: texts(&[("de", "Katze")]),
        extended: None,
    };
    let packet = xmp::update_packet(None, &german).unwrap();
    assert_eq!(
        xmp::read_packet(&packet).unwrap().alt_text,
        texts(&[("x-default", "Katze"), ("de", "Katze")])
    );
}

#[test]
fn what_cannot_be_understood_is_left_alone() {
    for packet in ["", "no xml", "<a>", "<a></b>", "<rdf:RDF/>"] {
        let error = xmp::update_packet(Some(packet), &alt("x")).unwrap_err();
        assert!(matches!(error, XmpError::Packet(_)), "{packet}: {error}");
    }
    assert!(matches!(
        xmp::embed(b"GIF89a", &alt("x")),
        Err(XmpError::Format)
    ));
    for format in FORMATS {
        let whole = xmp::embed(&picture(format), &alt("A fish")).unwrap();
        for length in 0..whole.len() {
            // No panic; most are refused.
            xmp::embed(&whole[..length], &alt("x")).ok();
            xmp::extract(&whole[..length]).ok();
        }
    }
}

#[test]
fn more_than_a_segment_holds_is_refused() {
    let error = xmp::embed(&picture(ImageFormat::Jpeg), &alt(&"x".repeat(70_000))).unwrap_err();
    assert!(matches!(error, XmpError::TooLong { .. }), "{error}");
    assert!(xmp::embed(&picture(ImageFormat::Png), &alt(&"x".repeat(70_000))).is_ok());
}

#[test]
fn a_file_is_replaced_whole_or_not_at_all() {
    let folder = tempfile::tempdir().unwrap();
    let source = folder.path().join("a.jpg");
    let copy = folder.path().join("b.jpg");
    let original = picture(ImageFormat::Jpeg);
    std::fs::write(&source, &original).unwrap();
    xmp::write(&source, &copy, &alt("A copy")).unwrap();
    assert_eq!(std::fs::read(&source).unwrap(), original);
    assert_eq!(
        xmp::extract(&std::fs::read(&copy).unwrap()).unwrap(),
        alt("A copy")
    );
    std::fs::write(&source, b"GIF89a").unwrap();
    assert!(xmp::write(&source, &copy, &alt("Never")).is_err());
    assert_eq!(
        xmp::extract(&std::fs::read(&copy).unwrap()).unwrap(),
        alt("A copy")
    );
    let left = std::fs::read_dir(folder.path()).unwrap().count();
    assert_eq!(left, 2, "no temporary file stays");
}
