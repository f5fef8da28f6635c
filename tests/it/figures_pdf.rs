//! Figures of tagged PDFs: found by their tags with what stands around them, seen as the page shows them, and texts
//! appended so that all that was there stays.

use std::io::Cursor;

use bedrock_playground::figures::{
    self, AltText, Change, Document, FiguresError, ImageSource, Images, Kind,
};
use bedrock_playground::media;
use image::{ImageFormat, Rgb, RgbImage};
use proptest::prelude::*;

use super::support::figures::{changes, text};
use super::support::pdf::{Pdf, Table, sample};

const BOTH: [Table; 2] = [Table::Plain, Table::Stream];

/// The left half is orange, the right half blue.
fn photograph() -> Vec<u8> {
    let picture = RgbImage::from_fn(80, 40, |x, _| {
        if x < 40 {
            Rgb([230, 120, 20])
        } else {
            Rgb([20, 60, 200])
        }
    });
    let mut bytes = Cursor::new(Vec::new());
    picture.write_to(&mut bytes, ImageFormat::Jpeg).unwrap();
    bytes.into_inner()
}

fn document(table: Table) -> Vec<u8> {
    sample(&photograph()).bytes(table, "/Info 9 0 R/ID[<01><02>]")
}

fn read(bytes: &[u8]) -> Document {
    figures::read(Kind::Pdf, bytes).unwrap()
}

fn alts(bytes: &[u8]) -> Vec<AltText> {
    read(bytes)
        .figures
        .into_iter()
        .map(|figure| figure.alt)
        .collect()
}

fn change(bytes: &[u8], figure: usize, alt: AltText) -> Change {
    changes(Kind::Pdf, bytes, &[(figure, alt)]).remove(0)
}

fn image(bytes: &[u8], figure: usize) -> Vec<u8> {
    let ImageSource::Part(part) = &read(bytes).figures[figure].image else {
        panic!("a figure of a PDF is a part of it");
    };
    let mut images = Images::open(Kind::Pdf, bytes.to_vec()).unwrap();
    images.image(part).unwrap()
}

fn reason(bytes: &[u8]) -> String {
    figures::read(Kind::Pdf, bytes).unwrap_err().to_string()
}

#[test]
fn figures_come_in_the_order_of_the_tags_with_what_stands_around_them() {
    for table in BOTH {
        let found = read(&document(table));
        assert_eq!(found.title.as_deref(), Some("À la mer"));
        assert_eq!(found.language.as_deref(), Some("en-GB"));
        let [photograph, chart, cut] = found.figures.as_slice() else {
            panic!("three figures, not {:?}", found.figures);
        };
        assert_eq!(photograph.alt, AltText::Missing);
        assert_eq!(chart.alt, text("A bar (red) and a line"));
        assert_eq!(cut.alt, AltText::Missing, "a blank text says nothing");
        let around = &photograph.surroundings;
        assert_eq!(around.division.as_deref(), Some("Page 1"));
        assert_eq!(around.heading.as_deref(), Some("Harbours"));
        assert_eq!(around.caption.as_deref(), Some("At five"));
        assert_eq!(around.before.as_deref(), Some("Boats come home"));
        assert_eq!(
            around.after.as_deref(),
            Some("and leave at dawn. Nobody swims.")
        );
        let around = &cut.surroundings;
        assert_eq!(around.division.as_deref(), Some("Page 2"));
        assert_eq!(around.heading.as_deref(), Some("Harbours"));
        assert_eq!(around.caption, None);
        assert_eq!(around.after.as_deref(), Some("Nobody swims."));
    }
}

#[test]
fn a_figure_that_is_one_photograph_is_that_photograph() {
    assert_eq!(image(&document(Table::Plain), 0), photograph());
}

#[test]
fn a_photograph_beside_the_page_is_not_the_one_that_is_seen() {
    let bytes = sample(&photograph())
        .stream(
            30,
            "/Subtype/Image/Width 1/Height 1/BitsPerComponent 8/ColorSpace/DeviceGray",
            &[7],
        )
        .stream(
            5,
            "",
            b"/Figure <</MCID 2>> BDC q 9 0 0 9 300 300 cm /Q Do Q q 40 0 0 20 10 40 cm /P Do Q EMC",
        )
        .object(
            3,
            "<</Type/Page/Parent 2 0 R/MediaBox[0 0 200 100]/Contents 5 0 R\
             /Resources<</XObject<</P 8 0 R/Q 30 0 R>>>>>>",
        )
        .bytes(Table::Plain, "");
    assert_eq!(image(&bytes, 0), photograph());
}

#[test]
fn a_photograph_that_is_packed_otherwise_keeps_its_pixels_on_paper() {
    // 2 × 1 pixels, of which the right one is half transparent.
    let bytes = sample(&photograph())
        .stream(
            30,
            "/Subtype/Image/Width 2/Height 1/BitsPerComponent 8/ColorSpace/DeviceRGB/SMask 31 0 R",
            &[250, 10, 20, 30, 40, 240],
        )
        .stream(
            31,
            "/Subtype/Image/Width 2/Height 1/BitsPerComponent 8/ColorSpace/DeviceGray",
            &[255, 128],
        )
        .object(
            3,
            "<</Type/Page/Parent 2 0 R/MediaBox[0 0 200 100]/Contents 5 0 R\
             /Resources<</Font<</F 7 0 R>>/XObject<</P 30 0 R>>>>>>",
        )
        .bytes(Table::Plain, "");
    let picture = image::load_from_memory(&image(&bytes, 0))
        .unwrap()
        .into_rgb8();
    // Half of the right pixel's light is that of the paper.
    assert_eq!(picture.into_raw(), [250, 10, 20, 142, 147, 247]);
}

#[test]
fn other_figures_are_the_part_of_the_page_they_take() {
    let bytes = document(Table::Plain);
    // The chart: a bar from (20, 20) of 60 × 30 points, and a line up to (80, 60); pages are 100 points high.
    let chart = String::from_utf8(image(&bytes, 1)).unwrap();
    assert!(
        chart.starts_with("<svg viewBox=\"20 40 60 40\" width=\"120\" height=\"80\" "),
        "{}",
        &chart[..120]
    );
    // The photograph, of which the left half is shown: 80 pixels on 40 points.
    let cut = String::from_utf8(image(&bytes, 2)).unwrap();
    assert!(
        cut.starts_with("<svg viewBox=\"100 60 20 20\" width=\"40\" height=\"40\" "),
        "{}",
        &cut[..120]
    );
    let limits = media::Limits::default();
    let drawn = media::open_thumbnail_bytes("cut.svg", cut.as_bytes(), &limits).unwrap();
    assert_eq!(drawn.width, drawn.height);
    let middle = (drawn.height / 2 * drawn.width) as usize;
    for at in [drawn.width / 8, drawn.width / 2, drawn.width * 7 / 8] {
        let pixel = 4 * (middle + at as usize);
        let [red, _, blue, _] = drawn.rgba[pixel..pixel + 4] else {
            panic!("four channels");
        };
        assert!(red > 200 && blue < 60, "only the orange half is seen");
    }
}

#[test]
fn a_photograph_that_is_turned_is_seen_as_the_page_shows_it() {
    // A quarter to the left, about its lower right corner.
    let turned = "/Figure <</MCID 2>> BDC q 0 40 -20 0 50 40 cm /P Do Q EMC";
    let bytes = sample(&photograph())
        .stream(5, "", turned.as_bytes())
        .bytes(Table::Plain, "");
    let seen = String::from_utf8(image(&bytes, 0)).unwrap();
    assert!(
        seen.starts_with("<svg viewBox=\"30 20 20 40\" "),
        "{}",
        &seen[..90]
    );
}

#[test]
fn what_nothing_is_marked_as_is_taken_from_the_area_that_is_said() {
    let nothing = "q 40 0 0 20 10 40 cm /P Do Q";
    let with = |attributes: &str| {
        sample(&photograph())
            .stream(5, "", nothing.as_bytes())
            .object(
                14,
                &format!("<</S/Figure/P 11 0 R/Pg 3 0 R/K 2{attributes}>>"),
            )
            .bytes(Table::Plain, "")
    };
    for area in [
        "/A<</O/Layout/BBox[10 40 50 60]>>",
        "/A[<</O/Table>> 0 <</O/Layout/BBox[10 40 50 60]>> 0]",
    ] {
        let seen = String::from_utf8(image(&with(area), 0)).unwrap();
        assert!(
            seen.starts_with("<svg viewBox=\"10 40 40 20\" "),
            "{}",
            &seen[..90]
        );
    }
    let bytes = with("");
    let ImageSource::Part(part) = read(&bytes).figures[0].image.clone() else {
        panic!("a part");
    };
    let mut images = Images::open(Kind::Pdf, bytes).unwrap();
    assert_eq!(
        images.image(&part).unwrap_err().to_string(),
        "page 1 figure 1 in it cannot be shown: nothing that could be seen is marked as its own"
    );
}

#[test]
fn texts_are_appended_and_nothing_that_was_there_changes() {
    let bytes = document(Table::Plain);
    let changes = [
        change(&bytes, 1, text("A bar, red")),
        change(&bytes, 2, text("Café – “five” (5) \\o/ 😀")),
    ];
    let written = figures::write(Kind::Pdf, &bytes, &changes).unwrap();
    let update = written.strip_prefix(bytes.as_slice()).unwrap();
    let before = String::from_utf8_lossy(&bytes);
    let (_, before) = before.rsplit_once("startxref\n").unwrap();
    let (before, _) = before.split_once('\n').unwrap();
    let first = "17 0 obj\n<</Type/StructElem /S/Figure/P 11 0 R/Pg 4 0 R/Alt  (A bar, red)/K 0>>\nendobj\n";
    let second = "18 0 obj\n<</Type/StructElem /S/Figure/P 11 0 R/Pg 3 0 R/K<</Type/MCR/Pg 4 0 R/MCID 1>>/Alt  \
        <FEFF00430061006600E9002020130020201C0066006900760065201D0020002800350029\
        0020005C006F002F0020D83DDE00>>>\nendobj\n";
    let at = [
        bytes.len(),
        bytes.len() + first.len(),
        bytes.len() + first.len() + second.len(),
    ];
    let end = format!(
        "xref\n17 1\n{:010} 00000 n \n18 1\n{:010} 00000 n \n\
         trailer\n<</Size 20 /Root 1 0 R /Info 9 0 R /ID [<01><02>] /Prev {before}>>\n\
         startxref\n{}\n%%EOF\n",
        at[0], at[1], at[2]
    );
    assert_eq!(
        String::from_utf8_lossy(update),
        [first, second, &end].concat()
    );
    assert_eq!(
        alts(&written),
        [
            AltText::Missing,
            text("A bar, red"),
            text("Café – “five” (5) \\o/ 😀")
        ]
    );
}

#[test]
fn an_update_of_an_update_says_the_newest() {
    for table in BOTH {
        let bytes = document(table);
        let once = [
            change(&bytes, 0, text("First")),
            change(&bytes, 1, text("Other")),
        ];
        let once = figures::write(Kind::Pdf, &bytes, &once).unwrap();
        let twice = [change(&once, 0, text("Second"))];
        let twice = figures::write(Kind::Pdf, &once, &twice).unwrap();
        assert!(twice.starts_with(&once) && once.starts_with(&bytes));
        assert_eq!(
            alts(&twice),
            [text("Second"), text("Other"), AltText::Missing]
        );
        assert_eq!(image(&twice, 0), photograph());
    }
}

#[test]
fn what_changes_nothing_leaves_the_file_as_it_is() {
    let bytes = document(Table::Stream);
    let changes = [
        change(&bytes, 1, text("A bar (red) and a line")),
        change(&bytes, 0, AltText::Missing),
    ];
    assert_eq!(figures::write(Kind::Pdf, &bytes, &changes).unwrap(), bytes);
    assert_eq!(figures::write(Kind::Pdf, &bytes, &[]).unwrap(), bytes);
}

#[test]
fn what_cannot_be_written_says_why() {
    let bytes = document(Table::Plain);
    let reason = |change: Change| {
        figures::write(Kind::Pdf, &bytes, &[change])
            .unwrap_err()
            .to_string()
    };
    assert_eq!(
        reason(change(&bytes, 1, AltText::Decorative)),
        "image 2 has no room for a text: what only decorates a PDF is marked in its pages, which are not rewritten"
    );
    let mut other = change(&bytes, 1, text("A bar"));
    other.figure = 2;
    assert_eq!(
        reason(other),
        "it was changed since its images were read: image 3 is another one now"
    );
    let direct = sample(&photograph())
        .object(11, "<</S/Document/K[<</S/Figure/Pg 3 0 R/K 2>>]>>")
        .bytes(Table::Plain, "");
    let refused = figures::write(Kind::Pdf, &direct, &[change(&direct, 0, text("Boats"))]);
    assert_eq!(
        refused.unwrap_err().to_string(),
        "image 1 has no room for a text: its tag is no object of its own"
    );
}

#[test]
fn files_that_cannot_be_used_say_why() {
    for bytes in [&b""[..], b"hello", b"%PDF-1.7\n", b"PK\x03\x04"] {
        assert_eq!(reason(bytes), "it is no PDF: its objects cannot be found");
    }
    // Locked with a password that is not known.
    let locked = sample(&photograph())
        .object(
            30,
            "<</Filter/Standard/V 1/R 2/Length 40/P -4/O<6B6B6B6B6B6B6B6B6B6B6B6B6B6B6B6B6B6B6B6B6B6B6B6B6B6B6B6B6B6B6B6B>\
             /U<6B6B6B6B6B6B6B6B6B6B6B6B6B6B6B6B6B6B6B6B6B6B6B6B6B6B6B6B6B6B6B6B>>>",
        )
        .bytes(Table::Plain, "/Encrypt 30 0 R/ID[<01><02>]");
    assert!(matches!(
        figures::read(Kind::Pdf, &locked),
        Err(FiguresError::Encrypted)
    ));
}

fn untagged() -> Pdf {
    sample(&photograph()).object(1, "<</Type/Catalog/Pages 2 0 R>>")
}

#[test]
fn where_there_are_no_tags_photographs_are_the_figures() {
    let bytes = untagged().bytes(Table::Plain, "");
    let found = read(&bytes);
    assert!(!found.takes_texts);
    assert!(read(&document(Table::Plain)).takes_texts);
    let [whole, cut] = found.figures.as_slice() else {
        panic!("two figures, not {:?}", found.figures);
    };
    assert_eq!(whole.alt, AltText::Missing);
    let around = &whole.surroundings;
    assert_eq!(around.division.as_deref(), Some("Page 1"));
    assert_eq!(around.before.as_deref(), Some("Harbours Boats come home"));
    assert_eq!(
        around.after.as_deref(),
        Some("At five and leave at dawn. 1 Nobody swims.")
    );
    assert_eq!(cut.surroundings.division.as_deref(), Some("Page 2"));
    assert_ne!(whole.image, cut.image, "half of it is another picture");
    assert_eq!(image(&bytes, 0), photograph());
    let seen = String::from_utf8(image(&bytes, 1)).unwrap();
    assert!(
        seen.starts_with("<svg viewBox=\"100 60 20 20\" "),
        "{}",
        &seen[..90]
    );
    let refused = figures::write(Kind::Pdf, &bytes, &[change(&bytes, 0, text("Boats"))]);
    assert_eq!(
        refused.unwrap_err().to_string(),
        "it has no tags, which alt texts belong to: export it anew as a tagged, accessible PDF"
    );
}

#[test]
fn a_photograph_that_comes_again_is_one_and_a_dot_is_none() {
    let again =
        "q 40 0 0 20 10 40 cm /P Do Q q 15 0 0 40 60 40 cm /P Do Q q 40 0 0 20 100 40 cm /P Do Q";
    let bytes = untagged()
        .stream(6, "", again.as_bytes())
        .bytes(Table::Stream, "");
    let found = read(&bytes);
    let images: Vec<_> = found.figures.iter().map(|figure| &figure.image).collect();
    assert_eq!(images.len(), 3, "one on the first page, two on the second");
    assert!(images.iter().all(|image| *image == images[0]), "{images:?}");
}

#[test]
fn signatures_are_seen() {
    let with = |form: &str| {
        sample(&photograph())
            .object(
                1,
                &format!("<</Type/Catalog/Pages 2 0 R/StructTreeRoot 10 0 R{form}>>"),
            )
            .bytes(Table::Plain, "")
    };
    for (form, expected) in [
        ("", false),
        ("/AcroForm<</Fields[]>>", false),
        ("/AcroForm<</Fields[]/SigFlags 2>>", false),
        ("/AcroForm<</Fields[]/SigFlags 3>>", true),
        ("/AcroForm<</Fields[]/SigFlags 1>>", true),
    ] {
        assert_eq!(
            figures::is_signed(Kind::Pdf, &with(form)).unwrap(),
            expected,
            "{form}"
        );
    }
}

/// Replaces what the document is made of; objects from 30 on are more tags.
fn tagged(kids: &str, more: &[&str]) -> Document {
    let mut pdf =
        sample(&photograph()).object(11, &format!("<</S/Document/P 10 0 R/Pg 3 0 R/K[{kids}]>>"));
    for (number, tag) in (30..).zip(more) {
        pdf = pdf.object(number, &format!("<<{tag}>>"));
    }
    read(&pdf.bytes(Table::Plain, ""))
}

#[test]
fn an_image_within_a_figure_is_what_has_the_text() {
    let found = tagged(
        "12 0 R 30 0 R 16 0 R",
        &[
            "/S/Figure/K[31 0 R 33 0 R]",
            "/S/Div/K 32 0 R",
            "/S/Figure/Alt(Boats)/Pg 3 0 R/K 2",
            "/S/Caption/Pg 3 0 R/K 3",
        ],
    );
    let [figure] = found.figures.as_slice() else {
        panic!("one figure, not {:?}", found.figures);
    };
    assert_eq!(figure.alt, text("Boats"));
    assert_eq!(figure.surroundings.caption.as_deref(), Some("At five"));
    assert_eq!(
        figure.surroundings.after.as_deref(),
        Some("and leave at dawn.")
    );
}

#[test]
fn a_link_around_a_figure_alone_is_told() {
    let link = |kids: &str| {
        let found = tagged(
            "30 0 R",
            &[
                &format!("/S/Link/Pg 3 0 R/K[{kids}]"),
                "/Type/OBJR/Obj 32 0 R",
                "/Type/Annot/Subtype/Link/A<</S/URI/URI(https://example.com/boats)>>",
                "/S/Figure/Pg 3 0 R/K 2",
            ],
        );
        found.figures[0].surroundings.link.clone()
    };
    assert_eq!(
        link("31 0 R 33 0 R").as_deref(),
        Some("https://example.com/boats")
    );
    assert_eq!(link("33 0 R"), None);
    assert_eq!(
        link("33 0 R 1 31 0 R"),
        None,
        "its words say where it leads"
    );
}

#[test]
fn figures_that_show_nothing_are_none() {
    let found = tagged(
        "30 0 R 14 0 R",
        &["/S/Figure/K 31 0 R", "/S/Caption/Pg 3 0 R/K 3"],
    );
    assert_eq!(found.figures.len(), 1);
    assert_eq!(
        found.figures[0].surroundings.caption.as_deref(),
        Some("At five")
    );
}

#[test]
fn tags_that_go_in_circles_or_down_without_end_end() {
    let round = sample(&photograph())
        .object(11, "<</S/Document/Pg 3 0 R/K[30 0 R 11 0 R 30 0 R]>>")
        .object(30, "<</S/Sect/K[11 0 R 30 0 R 31 0 R]>>")
        .object(31, "<</S/Figure/Pg 3 0 R/K[2 31 0 R]>>")
        .bytes(Table::Plain, "");
    assert_eq!(read(&round).figures.len(), 1);
    let mut deep = sample(&photograph());
    for number in 30..400 {
        deep = deep.object(number, &format!("<</S/Sect/K {} 0 R>>", number + 1));
    }
    let deep = deep
        .object(11, "<</S/Document/K 30 0 R>>")
        .bytes(Table::Plain, "");
    assert_eq!(
        reason(&deep),
        "it is no PDF: it has too many tags, or tags in each other too deeply"
    );
    let names = sample(&photograph())
        .object(10, "<</K 14 0 R/RoleMap<</Picture/Image/Image/Picture>>>>")
        .bytes(Table::Plain, "");
    assert_eq!(read(&names).figures.len(), 0);
}

#[test]
fn a_photograph_that_is_too_large_is_not_unpacked() {
    let bytes = sample(&photograph())
        .stream(
            8,
            "/Subtype/Image/Width 60000/Height 60000/BitsPerComponent 8/ColorSpace/DeviceRGB/Filter/FlateDecode",
            b"",
        )
        .bytes(Table::Plain, "");
    let ImageSource::Part(part) = read(&bytes).figures[0].image.clone() else {
        panic!("a part");
    };
    let refused = Images::open(Kind::Pdf, bytes).unwrap().image(&part);
    assert_eq!(
        refused.unwrap_err().to_string(),
        "page 1 figure 1 in it cannot be shown: the photographs on its page are too large"
    );
}

#[test]
fn forms_within_forms_end() {
    // Each of twelve draws the next ten times.
    let mut pdf = sample(&photograph()).object(
        3,
        "<</Type/Page/Parent 2 0 R/MediaBox[0 0 200 100]/Contents 5 0 R/Resources<</Font<</F 7 0 R>>/XObject<</P 30 0 R>>>>>>",
    );
    for number in 30..42 {
        let form = format!(
            "/Type/XObject/Subtype/Form/BBox[0 0 200 100]/Resources<</XObject<</P {} 0 R>>>>",
            number + 1
        );
        pdf = pdf.stream(number, &form, "/P Do ".repeat(10).as_bytes());
    }
    let bytes = pdf.stream(
        42,
        "/Type/XObject/Subtype/Form/BBox[0 0 1 1]",
        b"0 0 1 1 re f",
    );
    let bytes = bytes.bytes(Table::Plain, "");
    let ImageSource::Part(part) = read(&bytes).figures[0].image.clone() else {
        panic!("a part");
    };
    let refused = Images::open(Kind::Pdf, bytes).unwrap().image(&part);
    assert_eq!(
        refused.unwrap_err().to_string(),
        "page 1 figure 1 in it cannot be shown: its page draws too much, or cannot be understood"
    );
}

proptest! {
    /// Whatever is broken, there is an answer, and what is written begins with what was there.
    #[test]
    fn broken_files_are_figures_or_a_reason(
        is_stream in any::<bool>(),
        is_tagged in any::<bool>(),
        edits in prop::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 1..12),
        end in any::<prop::sample::Index>(),
        is_cut in any::<bool>(),
    ) {
        let table = if is_stream { Table::Stream } else { Table::Plain };
        let mut bytes = if is_tagged { document(table) } else { untagged().bytes(table, "") };
        for (at, byte) in edits {
            let at = at.index(bytes.len());
            bytes[at] = byte;
        }
        if is_cut {
            bytes.truncate(end.index(bytes.len()));
        }
        if let Ok(found) = figures::read(Kind::Pdf, &bytes) {
            let changes: Vec<Change> = found
                .figures
                .iter()
                .enumerate()
                .map(|(figure, found)| Change {
                    figure,
                    image: found.image.clone(),
                    alt: text("Boats"),
                })
                .collect();
            let mut images = Images::open(Kind::Pdf, bytes.clone()).unwrap();
            for figure in &found.figures {
                let ImageSource::Part(part) = &figure.image else {
                    panic!("a part");
                };
                images.image(part).ok();
            }
            if let Ok(written) = figures::write(Kind::Pdf, &bytes, &changes) {
                prop_assert!(written.starts_with(&bytes));
                prop_assert!(alts(&written).iter().all(|alt| *alt == text("Boats")));
            }
        }
    }

    #[test]
    fn any_text_is_read_as_it_was_written(
        words in "[^\\s\u{0}\u{1b}]([^\u{0}\u{1b}]{0,38}[^\\s\u{0}\u{1b}])?",
        is_stream in any::<bool>(),
    ) {
        let bytes = document(if is_stream { Table::Stream } else { Table::Plain });
        let written = figures::write(Kind::Pdf, &bytes, &[change(&bytes, 0, text(&words))]).unwrap();
        prop_assert_eq!(&alts(&written)[0], &text(&words));
    }
}
