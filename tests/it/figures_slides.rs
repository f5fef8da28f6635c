//! Pictures of presentations: found slide by slide, and texts written so that nothing else changes.

use bedrock_playground::figures::{self, AltText, ImageSource, Kind};

use super::support::figures::{changes, some, text};
use super::support::packages::{Part, mark, packed, part, relations, root};

/// A presentation: slides, each with what it refers to, in the order of the file.
fn presentation(
    slides: &[(&str, String, Vec<u8>)],
    order: &[&str],
    others: &[Part<'_>],
) -> Vec<u8> {
    let ids: Vec<String> = order
        .iter()
        .map(|id| format!("<p:sldId id=\"256\" r:id=\"{id}\"/>"))
        .collect();
    let refers: Vec<(String, String)> = slides
        .iter()
        .map(|(name, ..)| (format!("r{name}"), format!("slides/{name}.xml")))
        .collect();
    let refers: Vec<_> = refers
        .iter()
        .map(|(id, target)| (id.as_str(), "slide", target.as_str()))
        .collect();
    let names: Vec<(String, String)> = slides
        .iter()
        .map(|(name, ..)| {
            (
                format!("ppt/slides/{name}.xml"),
                format!("ppt/slides/_rels/{name}.xml.rels"),
            )
        })
        .collect();
    let language =
        "<p:defaultTextStyle><a:defPPr><a:defRPr lang=\"pt-BR\"/></a:defPPr></p:defaultTextStyle>";
    let mut parts: Vec<Part<'_>> = vec![
        (
            "_rels/.rels",
            relations(&[("rId1", "officeDocument", "ppt/presentation.xml")]),
        ),
        (
            "ppt/presentation.xml",
            root(
                "p:presentation",
                &format!("<p:sldIdLst>{}</p:sldIdLst>{language}", ids.concat()),
            ),
        ),
        ("ppt/_rels/presentation.xml.rels", relations(&refers)),
    ];
    for ((_, inner, refers), (slide, own)) in slides.iter().zip(&names) {
        let tree = format!("<p:cSld><p:spTree>{inner}</p:spTree></p:cSld>");
        parts.push((slide, root("p:sld", &tree)));
        parts.push((own, refers.clone()));
    }
    parts.extend_from_slice(others);
    packed(&parts)
}

fn shape(placeholder: &str, text: &str) -> String {
    format!(
        "<p:sp><p:nvSpPr><p:cNvPr id=\"2\" name=\"a\"/><p:cNvSpPr/><p:nvPr>{placeholder}</p:nvPr></p:nvSpPr>\
         <p:txBody><a:p><a:r><a:t>{text}</a:t></a:r></a:p></p:txBody></p:sp>"
    )
}

fn slide_picture(properties: &str, placeholder: &str) -> String {
    format!(
        "<p:pic><p:nvPicPr>{properties}<p:cNvPicPr/><p:nvPr>{placeholder}</p:nvPr></p:nvPicPr>\
         <p:blipFill><a:blip r:embed=\"rId1\"/></p:blipFill></p:pic>"
    )
}

#[test]
fn pictures_of_slides_come_in_the_order_of_the_slides() {
    let named = |alt: &str| format!("<p:cNvPr id=\"4\" name=\"a\" descr=\"{alt}\"/>");
    let refers = |image: &str| {
        relations(&[
            ("rId1", "image", image),
            ("rId2", "notesSlide", "../notesSlides/n.xml"),
            ("rId3", "hyperlink", "https://example.com/"),
        ])
    };
    let first = [
        shape("<p:ph type=\"ctrTitle\"/>", "Balls &amp; cubes"),
        shape("<p:ph idx=\"1\"/>", "Before."),
        slide_picture(&named("A picture containing text\n\nDescription automatically generated"), ""),
        format!(
            "<p:grpSp>{}{}</p:grpSp>",
            shape("", "Between."),
            slide_picture("<p:cNvPr id=\"4\" name=\"a\" title=\"T\"><a:hlinkClick r:id=\"rId3\"/></p:cNvPr>", "<p:ph type=\"pic\"/>")
        ),
        "<p:graphicFrame><a:graphic><a:graphicData><a:tbl><a:tr><a:tc><a:txBody><a:p><a:r><a:t>In a cell.</a:t></a:r></a:p>\
         </a:txBody></a:tc></a:tr></a:tbl></a:graphicData></a:graphic></p:graphicFrame>"
            .to_owned(),
        shape("<p:ph type=\"sldNum\"/>", "17"),
    ]
    .concat();
    let second = format!(
        "{}<p:graphicFrame><p:oleObj>{}</p:oleObj></p:graphicFrame>\
         <p:sp><p:spPr><a:blipFill><a:blip r:embed=\"rId1\"/></a:blipFill></p:spPr></p:sp>",
        slide_picture(
            &format!(
                "<p:cNvPr id=\"4\" name=\"a\"><a:extLst>{}</a:extLst></p:cNvPr>",
                mark("1")
            ),
            ""
        ),
        slide_picture(&named("a sheet"), "")
    );
    let notes = format!(
        "<p:cSld><p:spTree>{}{}</p:spTree></p:cSld>",
        shape("<p:ph type=\"sldImg\"/>", "no"),
        shape("<p:ph type=\"body\" idx=\"1\"/>", "Say hello.")
    );
    let bytes = presentation(
        &[
            ("s1", second, refers("../media/b.png")),
            ("s2", first, refers("../media/a.png")),
        ],
        &["rs2", "rs1", "rs1", "rs9"],
        &[("ppt/notesSlides/n.xml", root("p:notes", &notes))],
    );
    let read = figures::read(Kind::Slides, &bytes).unwrap();
    assert_eq!(read.language, some("pt-BR"));
    let found = &read.figures;
    assert_eq!(found.len(), 3);
    assert_eq!(
        found[0].image,
        ImageSource::Part("ppt/media/a.png".to_owned())
    );
    assert_eq!(
        found[0].alt,
        text("A picture containing text  Description automatically generated")
    );
    assert_eq!(found[1].alt, AltText::Missing);
    assert_eq!(
        found[2].image,
        ImageSource::Part("ppt/media/b.png".to_owned())
    );
    assert_eq!(found[2].alt, AltText::Decorative);
    let around: Vec<_> = found.iter().map(|figure| &figure.surroundings).collect();
    assert_eq!(around[0].division, some("Slide 1"));
    assert_eq!(around[0].heading, some("Balls & cubes"));
    assert_eq!(around[0].before, some("Before."));
    assert_eq!(around[0].after, some("Between. In a cell."));
    assert_eq!(around[1].before, some("Before. Between."));
    assert_eq!(around[1].after, some("In a cell."));
    assert_eq!(around[1].caption, some("T"));
    assert_eq!(around[1].link, some("https://example.com/"));
    assert_eq!(around[2].division, some("Slide 2"));
    assert_eq!(around[2].heading, None);
    assert_eq!(around[2].before, None);
    // With nothing on the slide, what the speaker is to say.
    assert_eq!(around[2].after, some("Say hello."));
}

#[test]
fn texts_are_written_on_slides() {
    let refers = relations(&[("rId1", "image", "../media/a.png")]);
    let slide = |first: &str, second: &str| slide_picture(first, "") + &slide_picture(second, "");
    let plain = "<p:cNvPr id=\"4\" name=\"a\"/>";
    let marked = format!(
        "<p:cNvPr id=\"5\" name=\"b\"><a:extLst>{}</a:extLst></p:cNvPr>",
        mark("1")
    );
    let before = [
        ("s1", slide(plain, &marked), refers.clone()),
        ("s2", slide(plain, plain), refers.clone()),
    ];
    let bytes = presentation(&before, &["rs1", "rs2"], &[]);
    let alts = [(0, text("ü")), (1, text("b")), (3, text("d"))];
    let written =
        figures::write(Kind::Slides, &bytes, &changes(Kind::Slides, &bytes, &alts)).unwrap();
    let after = [
        (
            "s1",
            slide(
                "<p:cNvPr id=\"4\" name=\"a\" descr=\"ü\"/>",
                "<p:cNvPr id=\"5\" name=\"b\" descr=\"b\"></p:cNvPr>",
            ),
            refers.clone(),
        ),
        (
            "s2",
            slide(plain, "<p:cNvPr id=\"4\" name=\"a\" descr=\"d\"/>"),
            refers,
        ),
    ];
    let expected = presentation(&after, &["rs1", "rs2"], &[]);
    for name in ["ppt/slides/s1.xml", "ppt/slides/s2.xml"] {
        assert_eq!(part(&written, name), part(&expected, name));
    }
}
