//! Broken and hostile documents: each ends in figures or in a reason, soon.

use std::io::{Cursor, Write as _};

use bedrock_playground::figures::{self, AltText, Change, FiguresError, Kind, Package};
use proptest::prelude::*;
use zip::write::SimpleFileOptions;
use zip::{CompressionMethod, ZipWriter};

use super::figures_book;
use super::figures_opendocument;
use super::support::packages::{
    self, Part, drawing, packed, paragraph, pic, relations, root, run, styled, word,
};

const REFERS: &[(&str, &str, &str)] = &[
    ("rId1", "image", "media/1.png"),
    ("rId2", "styles", "styles.xml"),
];

const KINDS: [Kind; 5] = [
    Kind::Word,
    Kind::Slides,
    Kind::Book,
    Kind::OpenDocumentText,
    Kind::OpenDocumentSlides,
];

fn body() -> String {
    styled("Heading1", &run("Balls"))
        + &paragraph(&(run("one") + &drawing("<wp:docPr id=\"1\"/>", &pic("rId1"))))
}

fn reason(kind: Kind, bytes: &[u8]) -> String {
    figures::read(kind, bytes).unwrap_err().to_string()
}

fn utf16(text: &str) -> Vec<u8> {
    text.encode_utf16().flat_map(u16::to_le_bytes).collect()
}

#[test]
fn what_is_no_package_says_what_it_is() {
    let compound = |stream: &str| {
        let mut bytes = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1".to_vec();
        bytes.extend(utf16(stream));
        bytes
    };
    let encrypted = figures::read(Kind::Word, &compound("EncryptedPackage"));
    assert!(
        matches!(encrypted, Err(FiguresError::Encrypted)),
        "{encrypted:?}"
    );
    for old in ["WordDocument", "PowerPoint Document"] {
        let old = figures::read(Kind::Word, &compound(old));
        assert!(matches!(old, Err(FiguresError::OldFormat)));
    }
    for (kind, bytes, expected) in [
        (
            Kind::Word,
            compound("?"),
            "it is no Word document: it is in the format of Office before 2007, or protected by a password",
        ),
        (
            Kind::Slides,
            b"hello".to_vec(),
            "it is no presentation: it is not a ZIP package",
        ),
        (
            Kind::Book,
            Vec::new(),
            "it is no book: it is not a ZIP package",
        ),
        (
            Kind::Word,
            packed(&[]),
            "it is no Word document: it does not say where its text is",
        ),
        (
            Kind::Word,
            packed(&[("a", vec![1])]),
            "it is no Word document: it does not say where its text is",
        ),
        (
            Kind::Book,
            packed(&[("a", vec![1])]),
            "it is no book: it does not say where its contents are",
        ),
        (
            Kind::Slides,
            packed(&word(&body(), REFERS, &[])),
            "it is no presentation: it begins with w:document",
        ),
    ] {
        assert_eq!(reason(kind, &bytes), expected);
    }
}

/// A document whose text's part is this.
fn with_text(xml: Vec<u8>) -> Vec<u8> {
    let mut parts = word("", REFERS, &[]);
    parts[2].1 = xml;
    packed(&parts)
}

#[test]
fn a_part_that_is_not_well_formed_is_named() {
    let deep = |depth: usize| {
        let inner = "<w:p>".repeat(depth) + &"</w:p>".repeat(depth);
        root("w:document", &inner)
    };
    assert!(figures::read(Kind::Word, &with_text(deep(500))).is_ok());
    let mut wide = "\u{feff}"
        .encode_utf16()
        .flat_map(u16::to_le_bytes)
        .collect::<Vec<u8>>();
    wide.extend(utf16("<?xml version=\"1.0\"?><document/>"));
    let many: Vec<String> = (0..300).map(|n| format!(" xmlns:a{n}=\"a\"")).collect();
    let many = many.concat();
    for (xml, expected) in [
        (Vec::new(), "it has no element"),
        (b"<a><b></b>".to_vec(), "it ends early"),
        (deep(600), "its elements are nested too deeply"),
        (wide, "it is not in UTF-8"),
        (
            format!("<a{many}/>").into_bytes(),
            "it has too many namespaces",
        ),
    ] {
        assert_eq!(
            reason(Kind::Word, &with_text(xml)),
            format!("word/document.xml in it is damaged: {expected}")
        );
    }
    let crossed = reason(Kind::Word, &with_text(b"<a><b></a></b>".to_vec()));
    assert!(
        crossed.starts_with("word/document.xml in it is damaged: "),
        "{crossed}"
    );
}

#[test]
fn entities_are_not_made_larger() {
    let laughs = "<!DOCTYPE w [<!ENTITY a \"ha\"><!ENTITY b \"&a;&a;&a;&a;\"><!ENTITY c SYSTEM \"file:///etc/passwd\">]>";
    let text = paragraph(
        &(run("x&b;&c;y") + &drawing("<wp:docPr id=\"1\" descr=\"&b; ball\"/>", &pic("rId1"))),
    );
    let xml = String::from_utf8(root("w:document", &text)).unwrap();
    let xml = xml.replacen("\r\n", laughs, 1);
    let found = figures::read(Kind::Word, &with_text(xml.into_bytes()))
        .unwrap()
        .figures;
    assert_eq!(found[0].surroundings.before.as_deref(), Some("xy"));
    assert_eq!(found[0].alt, AltText::Text("&b; ball".to_owned()));
}

#[test]
fn styles_that_are_based_on_each_other_end() {
    let around: Vec<String> = (0..1_000)
        .map(|n| {
            let base = (n + 1) % 1_000;
            format!("<w:style w:styleId=\"s{n}\"><w:basedOn w:val=\"s{base}\"/></w:style>")
        })
        .collect();
    let text = styled("s0", &run("text")) + &body();
    let bytes = packed(&word(
        &text,
        REFERS,
        &[("word/styles.xml", root("w:styles", &around.concat()))],
    ));
    let found = figures::read(Kind::Word, &bytes).unwrap().figures;
    assert_eq!(found[0].surroundings.heading.as_deref(), Some("Balls"));
}

#[test]
fn a_part_that_unpacks_to_too_much_is_left() {
    // 65 MB of blanks pack to 64 KB.
    let mut bomb = root("w:document", "");
    bomb.resize(65 << 20, b' ');
    let bytes = with_text(bomb);
    assert!(bytes.len() < 1 << 20, "{}", bytes.len());
    assert_eq!(
        reason(Kind::Word, &bytes),
        "it is too large: word/document.xml of 65 MB, at most 64 MB are read"
    );
    // The same when its size is a lie, in the entry's own header and in the directory.
    let size = (65_u32 << 20).to_le_bytes();
    let mut lying = bytes;
    let places: Vec<usize> = memchr::memmem::find_iter(&lying, &size).collect();
    for place in places {
        lying[place..place + 4].copy_from_slice(&9_u32.to_le_bytes());
    }
    assert!(figures::read(Kind::Word, &lying).is_err());
}

#[test]
fn an_image_that_unpacks_to_too_much_is_left() {
    let mut writer = ZipWriter::new(Cursor::new(Vec::new()));
    let options = SimpleFileOptions::default().compression_method(CompressionMethod::Deflated);
    writer.start_file("1.png", options).unwrap();
    let piece = vec![0_u8; 1 << 20];
    for _ in 0..201 {
        writer.write_all(&piece).unwrap();
    }
    let bytes = writer.finish().unwrap().into_inner();
    let large = Package::open(Kind::Word, bytes)
        .unwrap()
        .image("1.png")
        .unwrap_err();
    assert_eq!(
        large.to_string(),
        "it is too large: 1.png of 201 MB, at most 200 MB are read"
    );
}

#[test]
fn more_entries_than_any_document_has_are_refused() {
    let entries = |number: usize| {
        let mut writer = ZipWriter::new(Cursor::new(Vec::new()));
        for n in 0..number {
            writer
                .start_file(n.to_string(), SimpleFileOptions::default())
                .unwrap();
        }
        writer.finish().unwrap().into_inner()
    };
    assert!(Package::open(Kind::Word, entries(20_000)).is_ok());
    let refused = Package::open(Kind::Word, entries(20_001)).unwrap_err();
    assert_eq!(
        refused.to_string(),
        "it is no Word document: it has more than 20000 parts"
    );
}

#[test]
fn nothing_outside_of_the_package_is_looked_for() {
    for target in [
        "../../../etc/passwd",
        "/../etc/passwd",
        "..\\..\\..\\secret",
        "%2e%2e/%2e%2e/%2e%2e/x",
    ] {
        let refers = [("rId1", "image", target)];
        let bytes = packed(&word(&body(), &refers, &[("../../etc/passwd", vec![1])]));
        assert!(
            figures::read(Kind::Word, &bytes)
                .unwrap()
                .figures
                .is_empty(),
            "{target}"
        );
    }
}

#[test]
fn parts_that_together_unpack_to_too_much_are_left() {
    // Nine headers of 60 MB each, none too large by itself: 540 MB and some small parts.
    let names: Vec<(String, String)> = (0..9)
        .map(|n| (format!("rId{n}"), format!("header{n}.xml")))
        .collect();
    let refers: Vec<_> = names
        .iter()
        .map(|(id, name)| (id.as_str(), "header", name.as_str()))
        .collect();
    let names: Vec<String> = names
        .iter()
        .map(|(_, name)| format!("word/{name}"))
        .collect();
    let mut header = root("w:hdr", "");
    header.resize(60 << 20, b' ');
    let others: Vec<Part<'_>> = names
        .iter()
        .map(|name| (name.as_str(), header.clone()))
        .collect();
    let bytes = packed(&word("", &refers, &others));
    assert_eq!(
        reason(Kind::Word, &bytes),
        "it is too large: its text of 541 MB, at most 512 MB are read"
    );
}

/// A document and two more parts; the entry of the last in the directory is changed at a place.
fn with_entry_changed(at: usize, to: &[u8]) -> Vec<u8> {
    let mut parts = word(&body(), REFERS, &[]);
    parts.push(("word/a.bin", vec![0; 9]));
    parts.push(("word/b.bin", vec![0; 9]));
    let mut bytes = packed(&parts);
    let entry = memchr::memmem::rfind(&bytes, b"PK\x01\x02").unwrap();
    bytes[entry + at..entry + at + to.len()].copy_from_slice(to);
    bytes
}

fn written(bytes: &[u8]) -> Result<Vec<u8>, FiguresError> {
    let image = figures::read(Kind::Word, bytes)?.figures.remove(0).image;
    let change = Change {
        figure: 0,
        image,
        alt: AltText::Decorative,
    };
    figures::write(Kind::Word, bytes, &[change])
}

// Offsets of a header in the directory: APPNOTE 4.3.12.
#[test]
fn packages_that_are_not_what_they_say_are_not_written() {
    assert!(written(&with_entry_changed(0, b"P")).is_ok());
    let encrypted = written(&with_entry_changed(8, &[1]));
    assert!(
        matches!(encrypted, Err(FiguresError::Encrypted)),
        "{encrypted:?}"
    );
    for (at, to, expected) in [
        (20, &1_000_000_u32.to_le_bytes()[..], "its parts overlap"),
        (46, b"word/a.bin", "two of its parts have the same name"),
    ] {
        let refused = written(&with_entry_changed(at, to))
            .unwrap_err()
            .to_string();
        assert!(refused.ends_with(expected), "{refused}");
    }
}

/// A presentation with a list of slides.
fn deck(list: &str) -> Vec<Part<'static>> {
    let picture = "<p:pic><p:nvPicPr><p:cNvPr id=\"1\" name=\"a\"/></p:nvPicPr><p:blipFill><a:blip r:embed=\"rId1\"/>\
         </p:blipFill></p:pic>";
    vec![
        (
            "_rels/.rels",
            relations(&[("rId1", "officeDocument", "p.xml")]),
        ),
        (
            "p.xml",
            root(
                "p:presentation",
                &format!("<p:sldIdLst>{list}</p:sldIdLst>"),
            ),
        ),
        ("_rels/p.xml.rels", relations(&[("rId1", "slide", "s.xml")])),
        ("s.xml", root("p:sld", picture)),
        ("_rels/s.xml.rels", relations(&[("rId1", "image", "1.png")])),
    ]
}

const SLIDE: &str = "<p:sldId r:id=\"rId1\"/>";

#[test]
fn a_slide_that_is_shown_a_hundred_thousand_times_is_read_once() {
    let read = figures::read(Kind::Slides, &packed(&deck(&SLIDE.repeat(100_000)))).unwrap();
    assert_eq!(read.figures.len(), 1);
}

#[test]
fn every_picture_has_a_style_of_its_own_and_each_is_copied_once() {
    const PICTURES: usize = 20_000;
    let style = |n: usize| format!("<style:style style:name=\"s{n}\" style:family=\"graphic\"/>");
    let picture = |n: usize| {
        format!(
            "<draw:frame draw:style-name=\"s{n}\"><draw:image xlink:href=\"1.png\"/></draw:frame>"
        )
    };
    let all = |one: &dyn Fn(usize) -> String| (0..PICTURES).map(one).collect::<String>();
    let content = format!(
        "<office:automatic-styles>{}</office:automatic-styles><office:body><office:text><text:p>{}</text:p>\
         </office:text></office:body>",
        all(&style),
        all(&picture)
    );
    let mut parts = figures_opendocument::sample(Kind::OpenDocumentText);
    let part = parts.iter_mut().find(|(name, _)| *name == "content.xml");
    part.unwrap().1 = figures_opendocument::root("document-content", "", &content);
    let bytes = packed(&parts);
    let found = figures::read(Kind::OpenDocumentText, &bytes)
        .unwrap()
        .figures;
    let changes: Vec<Change> = found
        .into_iter()
        .enumerate()
        .map(|(figure, found)| Change {
            figure,
            image: found.image,
            alt: AltText::Decorative,
        })
        .collect();
    assert_eq!(changes.len(), PICTURES);
    let written = figures::write(Kind::OpenDocumentText, &bytes, &changes).unwrap();
    let written = packages::part(&written, "content.xml");
    assert_eq!(written.matches(":decorative=\"true\"").count(), PICTURES);
}

fn parts_of(kind: Kind) -> Vec<Part<'static>> {
    let marked = drawing(
        "<wp:docPr id=\"1\" descr='a'><a:extLst/></wp:docPr>",
        &pic("rId1"),
    );
    match kind {
        Kind::Slides => deck(SLIDE),
        Kind::Book => figures_book::sample(),
        Kind::OpenDocumentText | Kind::OpenDocumentSlides => figures_opendocument::sample(kind),
        _ => word(
            &(body() + &paragraph(&marked)),
            REFERS,
            &[(
                "word/styles.xml",
                root("w:styles", "<w:style w:styleId=\"a\"/>"),
            )],
        ),
    }
}

/// Reads and writes whatever it is: no result is wrong, but there is one.
fn endures(bytes: &[u8]) {
    for kind in KINDS {
        let Ok(read) = figures::read(kind, bytes) else {
            continue;
        };
        let changes: Vec<Change> = read
            .figures
            .into_iter()
            .enumerate()
            .map(|(figure, found)| Change {
                figure,
                image: found.image,
                alt: if figure % 2 == 0 {
                    AltText::Decorative
                } else {
                    AltText::Text("a".to_owned())
                },
            })
            .collect();
        let _ = figures::write(kind, bytes, &changes);
    }
}

proptest! {
    #[test]
    fn bytes_of_any_kind_are_endured(bytes in prop::collection::vec(any::<u8>(), 0..600)) {
        endures(&bytes);
        let mut package = b"PK\x03\x04".to_vec();
        package.extend(&bytes);
        endures(&package);
    }

    #[test]
    fn packages_with_bytes_changed_are_endured(
        which in 0..KINDS.len(),
        changes in prop::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 1..20),
        cut in any::<prop::sample::Index>(),
        is_cut in any::<bool>(),
    ) {
        let mut bytes = packed(&parts_of(KINDS[which]));
        for (place, byte) in changes {
            let place = place.index(bytes.len());
            bytes[place] = byte;
        }
        if is_cut {
            bytes.truncate(cut.index(bytes.len()));
        }
        endures(&bytes);
    }

    // Pieces of a part's own XML, moved about: tags without ends, attributes without quotes.
    #[test]
    fn parts_with_pieces_moved_about_are_endured(
        which in 0..KINDS.len(),
        part in any::<prop::sample::Index>(),
        moves in prop::collection::vec(
            (any::<prop::sample::Index>(), any::<prop::sample::Index>(), 0..40_usize),
            1..6,
        ),
    ) {
        let mut parts = parts_of(KINDS[which]);
        let part = part.index(parts.len());
        let (_, text) = &mut parts[part];
        for (from, to, length) in moves {
            let from = from.index(text.len());
            let piece = text[from..(from + length).min(text.len())].to_vec();
            let to = to.index(text.len());
            let end = (to + length / 2).min(text.len());
            text.splice(to..end, piece);
        }
        endures(&packed(&parts));
    }
}
