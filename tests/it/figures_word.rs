//! Pictures of Word documents: found in reading order with what stands around them, and texts written so that nothing
//! else changes.

use bedrock_playground::figures::{
    self, AltText, Document, Figure, FiguresError, ImageSource, Kind, Package,
};

use super::support::figures::{changes, some, text};
use super::support::packages::{
    Part, core, drawing, mark, packed, paragraph, part, pic, raw, relations, root, run, styled,
    word,
};

fn image(name: &str) -> ImageSource {
    ImageSource::Part(format!("word/media/{name}"))
}

/// Relationships to a few images and a page.
const REFERS: &[(&str, &str, &str)] = &[
    ("rId1", "image", "media/1.png"),
    ("rId2", "image", "media/2.png"),
    ("rId3", "image", "media/3.png"),
    ("rId8", "image", "https://example.com/8.png"),
    ("rId9", "hyperlink", "https://example.com/page"),
    ("rId10", "styles", "styles.xml"),
];

fn document(body: &str) -> Vec<u8> {
    packed(&word(body, REFERS, &[]))
}

fn read(body: &str) -> Vec<Figure> {
    figures::read(Kind::Word, &document(body)).unwrap().figures
}

/// The body again, with texts in it.
fn rewritten(body: &str, alts: &[(usize, AltText)]) -> String {
    let bytes = document(body);
    let written = figures::write(Kind::Word, &bytes, &changes(Kind::Word, &bytes, alts)).unwrap();
    let xml = part(&written, "word/document.xml");
    let around = part(&document("|"), "word/document.xml");
    let (before, after) = around.split_once('|').unwrap();
    let inner = xml.strip_prefix(before).unwrap();
    inner.strip_suffix(after).unwrap().to_owned()
}

fn decorative(inner: &str) -> String {
    format!("<wp:docPr id=\"1\" name=\"a\" descr=\"\"><a:extLst>{inner}</a:extLst></wp:docPr>")
}

#[test]
fn what_is_said_of_a_picture_is_read() {
    for (properties, expected) in [
        (
            "<wp:docPr id=\"1\" name=\"a\" descr=\"A red &amp; a blue \n ball\"/>".to_owned(),
            text("A red & a blue   ball"),
        ),
        (
            "<wp:docPr id='1' name='a' descr='It says \"Stop\"'></wp:docPr>".to_owned(),
            text("It says \"Stop\""),
        ),
        (
            "<wp:docPr id=\"1\" name=\"a\"/>".to_owned(),
            AltText::Missing,
        ),
        (
            "<wp:docPr id=\"1\" name=\"a\" descr=\"  \"/>".to_owned(),
            AltText::Missing,
        ),
        (decorative(&mark("1")), AltText::Decorative),
        (decorative(&mark("true")), AltText::Decorative),
        (decorative(&mark("0")), AltText::Missing),
        (
            decorative("<a:ext uri=\"{28A0092B-C50C-407E-A947-70E740481C1C}\"/>"),
            AltText::Missing,
        ),
    ] {
        let found = read(&paragraph(&drawing(&properties, &pic("rId1"))));
        assert_eq!(found.len(), 1, "{properties}");
        assert_eq!(found[0].alt, expected, "{properties}");
        assert_eq!(found[0].image, image("1.png"));
    }
}

#[test]
fn pictures_are_found_where_they_are_and_nothing_else_is_one() {
    let named = |alt: &str| format!("<wp:docPr id=\"1\" name=\"a\" descr=\"{alt}\"/>");
    let vml = |image: &str, alt: &str| {
        format!(
            "<w:r><w:pict><v:shape id=\"s\" alt=\"{alt}\"><v:imagedata r:id=\"{image}\"/></v:shape></w:pict></w:r>"
        )
    };
    let in_cell = format!(
        "<w:tbl><w:tr><w:tc>{}</w:tc></w:tr></w:tbl>",
        paragraph(&drawing(&named("in a table"), &pic("rId2")))
    );
    let box_of = |picture: &str| {
        format!("<wps:wsp><wps:txbx><w:txbxContent>{picture}</w:txbxContent></wps:txbx></wps:wsp>")
    };
    let in_box = paragraph(&drawing(&named("in a box"), &pic("rId3")));
    let box_twice = format!(
        "<w:r><mc:AlternateContent><mc:Choice Requires=\"wps\">{}</mc:Choice><mc:Fallback><w:pict><v:shape>\
         <v:textbox><w:txbxContent>{in_box}</w:txbxContent></v:textbox></v:shape></w:pict></mc:Fallback>\
         </mc:AlternateContent></w:r>",
        drawing(&named("the box"), &box_of(&in_box))
    );
    let of_group = |image: &str, alt: &str| {
        pic(image).replace("name=\"a\"", &format!("name=\"a\" descr=\"{alt}\""))
    };
    let group = format!(
        "<wpg:wgp>{}{}</wpg:wgp>",
        of_group("rId1", "left"),
        of_group("rId2", "right")
    );
    let vector = pic("rId1").replace(
        "<a:blip r:embed=\"rId1\"/>",
        "<a:blip r:embed=\"rId1\"><a:extLst><a:ext uri=\"{96DAC541-7B7A-43D3-8B79-37D633B846F1}\"><asvg:svgBlip \
         xmlns:asvg=\"http://schemas.microsoft.com/office/drawing/2016/SVG/main\" r:embed=\"rId2\"/></a:ext></a:extLst></a:blip>",
    );
    let body = [
        paragraph(&drawing(&named("in the text"), &pic("rId1"))),
        in_cell,
        paragraph(&box_twice),
        paragraph(&format!(
            "<w:del>{}</w:del>",
            drawing(&named("deleted"), &pic("rId1"))
        )),
        paragraph(&format!(
            "<w:ins>{}</w:ins>",
            drawing(&named("inserted"), &pic("rId1"))
        )),
        paragraph(&vml("rId3", "of old")),
        paragraph(
            "<w:object><v:shape alt=\"a sheet\"><v:imagedata r:id=\"rId1\"/></v:shape></w:object>",
        ),
        paragraph(&drawing(&named("a group"), &group)),
        paragraph(&drawing(
            &named("a chart"),
            "<c:chart xmlns:c=\"c\" r:id=\"rId1\"/>",
        )),
        paragraph(&drawing(
            &named("linked"),
            &pic("rId8").replace("r:embed", "r:link"),
        )),
        paragraph(&drawing(&named("a vector"), &vector)),
        paragraph(&drawing(&named("lost"), &pic("rId77"))),
    ]
    .concat();
    let found: Vec<(AltText, ImageSource)> = read(&body)
        .into_iter()
        .map(|figure| (figure.alt, figure.image))
        .collect();
    assert_eq!(
        found,
        [
            (text("in the text"), image("1.png")),
            (text("in a table"), image("2.png")),
            (text("in a box"), image("3.png")),
            (text("inserted"), image("1.png")),
            (text("of old"), image("3.png")),
            (text("left"), image("1.png")),
            (text("right"), image("2.png")),
            (
                text("linked"),
                ImageSource::Address("https://example.com/8.png".to_owned())
            ),
            (text("a vector"), image("1.png")),
        ]
    );
}

const STYLES: &str = "<w:docDefaults><w:rPrDefault><w:rPr><w:lang w:val=\"de-AT\" w:eastAsia=\"ja-JP\"/></w:rPr>\
     </w:rPrDefault></w:docDefaults>\
     <w:style w:type=\"paragraph\" w:styleId=\"berschrift1\"><w:name w:val=\"heading 1\"/></w:style>\
     <w:style w:type=\"paragraph\" w:styleId=\"Mine\"><w:name w:val=\"Mine\"/><w:basedOn w:val=\"berschrift1\"/></w:style>\
     <w:style w:type=\"paragraph\" w:styleId=\"Level\"><w:name w:val=\"Level\"/><w:pPr><w:outlineLvl w:val=\"2\"/></w:pPr></w:style>\
     <w:style w:type=\"paragraph\" w:styleId=\"Beschriftung\"><w:name w:val=\"caption\"/></w:style>\
     <w:style w:type=\"paragraph\" w:styleId=\"A\"><w:name w:val=\"A\"/><w:basedOn w:val=\"B\"/></w:style>\
     <w:style w:type=\"paragraph\" w:styleId=\"B\"><w:name w:val=\"B\"/><w:basedOn w:val=\"A\"/></w:style>";

fn with_styles(body: &str) -> Document {
    let others: [Part<'_>; 2] = [
        ("word/styles.xml", root("w:styles", STYLES)),
        ("docProps/core.xml", core("A year &amp; a day", "fr")),
    ];
    figures::read(Kind::Word, &packed(&word(body, REFERS, &others))).unwrap()
}

#[test]
fn what_stands_around_a_picture_is_its_section_heading_and_caption() {
    let shown = drawing(
        "<wp:docPr id=\"1\" name=\"a\" title=\"A title\"/>",
        &pic("rId1"),
    );
    let either = |text: &str| {
        format!(
            "<mc:AlternateContent><mc:Choice Requires=\"wps\">{text}</mc:Choice>\
             <mc:Fallback>{text}</mc:Fallback></mc:AlternateContent>"
        )
    };
    let body = [
        paragraph(&run("Of another section.")),
        styled("Mine", &(run("Bal") + &run("ls"))),
        paragraph(
            &(run("One<w:tab/>") + "<w:r><w:br/></w:r>" + &run("two ") + &shown + &run(" three")),
        ),
        styled("Beschriftung", &run("Figure 1: balls")),
        paragraph(&format!(
            "<w:del><w:r><w:delText>gone</w:delText></w:r></w:del>{}",
            either(&run("Four."))
        )),
        styled("A", &run("Five &#x263A; &lt;six&gt;")),
        styled("Level", &run("Cubes")),
        paragraph(&run("Of the next section.")),
        paragraph(&shown),
        "<w:p><w:pPr><w:outlineLvl w:val=\"0\"/></w:pPr><w:r><w:t>Last</w:t></w:r></w:p>"
            .to_owned(),
        paragraph(&format!("<w:hyperlink r:id=\"rId9\">{shown}</w:hyperlink>")),
    ]
    .concat();
    let read = with_styles(&body);
    assert_eq!(read.title, some("A year & a day"));
    assert_eq!(read.language, some("de-AT"));
    let around: Vec<_> = read
        .figures
        .iter()
        .map(|figure| &figure.surroundings)
        .collect();
    assert_eq!(around.len(), 3);
    assert_eq!(around[0].heading, some("Balls"));
    assert_eq!(around[0].caption, some("Figure 1: balls"));
    assert_eq!(around[0].before, some("One two"));
    assert_eq!(around[0].after, some("three Four. Five \u{263a} <six>"));
    assert_eq!(around[0].link, None);
    assert_eq!(around[1].heading, some("Cubes"));
    assert_eq!(around[1].caption, some("A title"));
    assert_eq!(around[1].before, some("Of the next section."));
    assert_eq!(around[1].after, None);
    assert_eq!(around[2].heading, some("Last"));
    assert_eq!(around[2].link, some("https://example.com/page"));
}

#[test]
fn text_around_a_picture_is_no_longer_than_a_model_needs() {
    let long = "sphinx of quartz ".repeat(90);
    let shown = drawing("<wp:docPr id=\"1\" name=\"a\"/>", &pic("rId1"));
    let body = paragraph(&run(&long)) + &paragraph(&shown) + &paragraph(&run(&long));
    let around = read(&body).remove(0).surroundings;
    // Three words and their blanks are 17 characters: eleven times that and "sphinx of".
    assert_eq!(
        around.after,
        Some("sphinx of quartz ".repeat(11) + "sphinx of")
    );
    assert_eq!(
        around.before,
        Some("of quartz ".to_owned() + "sphinx of quartz ".repeat(11).trim())
    );
}

#[test]
fn a_picture_in_a_caption_or_a_heading_has_the_rest_of_its_section_around_it() {
    let shown = drawing("<wp:docPr id=\"1\" name=\"a\"/>", &pic("rId1"));
    let body = [
        paragraph(&run("One.")),
        styled("Heading1", &(run("Two ") + &shown)),
        paragraph(&run("Three.")),
        styled("Caption", &(shown + &run(" four"))),
        paragraph(&run("Five.")),
    ]
    .concat();
    let found = read(&body);
    let around: Vec<_> = found.iter().map(|figure| &figure.surroundings).collect();
    for around in &around {
        assert_eq!(around.heading, some("Two"));
    }
    assert_eq!(around[0].before, None);
    assert_eq!(around[0].after, some("Three. four Five."));
    assert_eq!(around[1].caption, some("four"));
    assert_eq!(around[1].before, some("Three."));
    assert_eq!(around[1].after, some("Five."));
}

#[test]
fn headers_footers_and_notes_come_behind_the_text() {
    let shown = |alt: &str| {
        paragraph(&drawing(
            &format!("<wp:docPr id=\"1\" name=\"a\" descr=\"{alt}\"/>"),
            &pic("rId1"),
        ))
    };
    let refers = [
        REFERS,
        &[
            ("rId20", "endnotes", "endnotes.xml"),
            ("rId21", "footer", "footer1.xml"),
            ("rId22", "header", "/word/header2.xml"),
            ("rId23", "header", "header2.xml"),
            ("rId24", "footnotes", "missing.xml"),
        ],
    ]
    .concat();
    let own = relations(&[("rId1", "image", "media/3.png")]);
    let others: [Part<'_>; 4] = [
        (
            "word/endnotes.xml",
            root(
                "w:endnotes",
                &format!("<w:endnote>{}</w:endnote>", shown("note")),
            ),
        ),
        ("word/footer1.xml", root("w:ftr", &shown("below"))),
        ("word/header2.xml", root("w:hdr", &shown("above"))),
        ("word/_rels/header2.xml.rels", own.clone()),
    ];
    let mut parts = word(&shown("text"), &refers, &others);
    parts.push(("word/_rels/footer1.xml.rels", own.clone()));
    parts.push(("word/_rels/endnotes.xml.rels", own));
    let bytes = packed(&parts);
    let read = figures::read(Kind::Word, &bytes).unwrap();
    let found: Vec<_> = read
        .figures
        .iter()
        .map(|figure| {
            (
                figure.alt.clone(),
                figure.surroundings.division.as_deref(),
                figure.image.clone(),
            )
        })
        .collect();
    assert_eq!(
        found,
        [
            (text("text"), None, image("1.png")),
            (text("above"), Some("Header"), image("3.png")),
            (text("below"), Some("Footer"), image("3.png")),
            (text("note"), Some("Endnotes"), image("3.png")),
        ]
    );
    let alts = [(1, text("a crest")), (3, AltText::Decorative)];
    let written = figures::write(Kind::Word, &bytes, &changes(Kind::Word, &bytes, &alts)).unwrap();
    let after = figures::read(Kind::Word, &written).unwrap().figures;
    let after: Vec<AltText> = after.into_iter().map(|figure| figure.alt).collect();
    assert_eq!(
        after,
        [
            text("text"),
            text("a crest"),
            text("below"),
            AltText::Decorative
        ]
    );
}

#[test]
fn strict_documents_are_read_and_stay_strict() {
    let body = paragraph(&drawing("<wp:docPr id=\"1\" name=\"a\"/>", &pic("rId1")));
    let mut parts = word(&body, REFERS, &[]);
    for (_, bytes) in &mut parts {
        let strict = String::from_utf8(bytes.clone())
            .unwrap()
            .replace(
                "http://schemas.openxmlformats.org/wordprocessingml/2006/main",
                "http://purl.oclc.org/ooxml/wordprocessingml/main",
            )
            .replace(
                "http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing",
                "http://purl.oclc.org/ooxml/drawingml/wordprocessingDrawing",
            )
            .replace(
                "http://schemas.openxmlformats.org/drawingml/2006/",
                "http://purl.oclc.org/ooxml/drawingml/",
            )
            .replace(
                "http://schemas.openxmlformats.org/officeDocument/2006/relationships",
                "http://purl.oclc.org/ooxml/officeDocument/relationships",
            );
        *bytes = strict.into_bytes();
    }
    let bytes = packed(&parts);
    let alts = [(0, AltText::Decorative)];
    let written = figures::write(Kind::Word, &bytes, &changes(Kind::Word, &bytes, &alts)).unwrap();
    let xml = part(&written, "word/document.xml");
    assert!(
        xml.contains("<a:extLst xmlns:a=\"http://purl.oclc.org/ooxml/drawingml/main\">"),
        "{xml}"
    );
    assert!(
        !xml.contains("schemas.openxmlformats.org/drawingml"),
        "{xml}"
    );
    let found = figures::read(Kind::Word, &written).unwrap().figures;
    assert_eq!(found[0].alt, AltText::Decorative);
}

// The ways in which properties can stand there, and what becomes of them; all around them is the same.
#[test]
fn texts_and_marks_are_written_where_they_belong() {
    let a = "xmlns:a=\"http://schemas.openxmlformats.org/drawingml/2006/main\"";
    let own_mark = mark("1").replace("<a:ext ", &format!("<a:ext {a} "));
    let other = "<a:ext uri=\"{28A0092B-C50C-407E-A947-70E740481C1C}\"/>";
    for (before, alt, after) in [
        (
            "<wp:docPr id=\"1\" name=\"a\"/>".to_owned(),
            text("A ball"),
            "<wp:docPr id=\"1\" name=\"a\" descr=\"A ball\"/>".to_owned(),
        ),
        (
            "<wp:docPr  id='1'\n descr='old'  name='a' />".to_owned(),
            text("new"),
            "<wp:docPr  id='1'\n descr='new'  name='a' />".to_owned(),
        ),
        (
            "<wp:docPr id=\"1\"></wp:docPr>".to_owned(),
            text("a"),
            "<wp:docPr id=\"1\" descr=\"a\"></wp:docPr>".to_owned(),
        ),
        (
            "<wp:docPr id='1' descr='old'/>".to_owned(),
            text("<\"it's\" & that>\nline\u{1}"),
            "<wp:docPr id='1' descr='&lt;&quot;it&apos;s&quot; &amp; that&gt;&#10;line'/>"
                .to_owned(),
        ),
        (
            "<wp:docPr id=\"1\" name=\"a\"/>".to_owned(),
            AltText::Decorative,
            format!(
                "<wp:docPr id=\"1\" name=\"a\" descr=\"\"><a:extLst {a}>{own_mark}</a:extLst></wp:docPr>"
            ),
        ),
        (
            "<wp:docPr id=\"1\" descr=\"old\"><a:hlinkClick r:id=\"rId9\"/></wp:docPr>".to_owned(),
            AltText::Decorative,
            format!(
                "<wp:docPr id=\"1\" descr=\"\"><a:hlinkClick r:id=\"rId9\"/><a:extLst {a}>{own_mark}</a:extLst></wp:docPr>"
            ),
        ),
        (
            format!("<wp:docPr id=\"1\" descr=\"\"><a:extLst>{other}</a:extLst></wp:docPr>"),
            AltText::Decorative,
            format!(
                "<wp:docPr id=\"1\" descr=\"\"><a:extLst>{other}{own_mark}</a:extLst></wp:docPr>"
            ),
        ),
        (
            format!(
                "<wp:docPr id=\"1\" descr=\"\"><a:extLst>{}{other}</a:extLst></wp:docPr>",
                mark("0")
            ),
            AltText::Decorative,
            format!(
                "<wp:docPr id=\"1\" descr=\"\"><a:extLst>{own_mark}{other}</a:extLst></wp:docPr>"
            ),
        ),
        (
            "<wp:docPr id=\"1\"><a:extLst/></wp:docPr>".to_owned(),
            AltText::Decorative,
            format!("<wp:docPr id=\"1\" descr=\"\"><a:extLst>{own_mark}</a:extLst></wp:docPr>"),
        ),
        (
            format!(
                "<wp:docPr id=\"1\" descr=\"\"><a:extLst >{}{other}</a:extLst ></wp:docPr>",
                mark("1")
            ),
            text("a"),
            format!("<wp:docPr id=\"1\" descr=\"a\"><a:extLst >{other}</a:extLst ></wp:docPr>"),
        ),
        (
            decorative(&mark("1")),
            text("a"),
            "<wp:docPr id=\"1\" name=\"a\" descr=\"a\"></wp:docPr>".to_owned(),
        ),
        (
            decorative(&mark("1")),
            AltText::Decorative,
            decorative(&mark("1")),
        ),
    ] {
        let body = |properties: &str| paragraph(&(run("x") + &drawing(properties, &pic("rId1"))));
        assert_eq!(
            rewritten(&body(&before), &[(0, alt.clone())]),
            body(&after),
            "{before}"
        );
        // What Word then reads is what was meant, but for what XML cannot hold.
        let found = read(&body(&after)).remove(0).alt;
        match alt {
            AltText::Text(meant) => assert_eq!(found, text(&meant.replace('\u{1}', ""))),
            meant => assert_eq!(found, meant),
        }
    }
}

#[test]
fn places_are_right_behind_a_byte_order_mark_and_letters_of_many_bytes() {
    let body = |alt: &str| {
        let text = format!(
            "<!-- <wp:docPr> --><w:body>{}{}</w:body>",
            paragraph(&run("ü \u{1f600}<![CDATA[<w:p>]]>")),
            paragraph(&drawing(&format!("<wp:docPr id='ü'{alt}/>"), &pic("rId1"))),
        );
        let mut xml = "\u{feff}".as_bytes().to_vec();
        xml.extend(root("w:document", &text));
        xml
    };
    let mut parts = word("", REFERS, &[]);
    parts[2].1 = body("");
    let bytes = packed(&parts);
    let change = changes(Kind::Word, &bytes, &[(0, text("é"))]);
    let found = figures::read(Kind::Word, &bytes).unwrap().figures.remove(0);
    assert_eq!(found.surroundings.before, some("ü \u{1f600}<w:p>"));
    let written = figures::write(Kind::Word, &bytes, &change).unwrap();
    assert_eq!(
        part(&written, "word/document.xml").into_bytes(),
        body(" descr=\"é\"")
    );
}

#[test]
fn what_old_programs_show_in_a_pictures_place_says_the_same() {
    let both = |first: &str, second: &str, old: &str| {
        let shown = |alt: &str, image: &str| {
            drawing(
                &format!("<wp:docPr id=\"1\" descr=\"{alt}\"/>"),
                &pic(image),
            )
        };
        paragraph(&format!(
            "<mc:AlternateContent><mc:Choice Requires=\"wps\">{}{}</mc:Choice><mc:Fallback><w:r><w:pict>\
             <v:shape id=\"s\"{old}><v:imagedata r:id=\"rId1\"/></v:shape></w:pict></w:r>{}</mc:Fallback></mc:AlternateContent>",
            shown(first, "rId1"),
            shown(second, "rId2"),
            shown(second, "rId2"),
        ))
    };
    let before = both("one", "two", "");
    assert_eq!(read(&before).len(), 2);
    assert_eq!(
        rewritten(&before, &[(0, text("a")), (1, text("b"))]),
        both("a", "b", " alt=\"a\"")
    );
    // Nested: a box of today and of old, each with a picture of today and of old.
    let nested = |alt: &str| {
        let inner = format!(
            "<mc:AlternateContent><mc:Choice Requires=\"x\">{}</mc:Choice><mc:Fallback>\
             <w:pict><v:shape alt=\"{alt}\"><v:imagedata r:id=\"rId1\"/></v:shape></w:pict></mc:Fallback></mc:AlternateContent>",
            drawing(
                &format!("<wp:docPr id=\"1\" descr=\"{alt}\"/>"),
                &pic("rId1")
            )
        );
        paragraph(&format!(
            "<mc:AlternateContent><mc:Choice Requires=\"wps\">{inner}</mc:Choice><mc:Fallback>{inner}</mc:Fallback></mc:AlternateContent>"
        ))
    };
    assert_eq!(read(&nested("one")).len(), 1);
    assert_eq!(
        rewritten(&nested("one"), &[(0, text("all"))]),
        nested("all")
    );
}

#[test]
fn pictures_of_old_have_no_room_for_a_mark() {
    let body = |alt: &str| {
        paragraph(&format!(
            "<w:r><w:pict><v:rect{alt}><v:imagedata r:id=\"rId1\" o:title=\"Ball\"/></v:rect></w:pict></w:r>"
        ))
    };
    assert_eq!(read(&body("")).remove(0).surroundings.caption, some("Ball"));
    assert_eq!(rewritten(&body(""), &[(0, text("a"))]), body(" alt=\"a\""));
    let bytes = document(&body(""));
    let change = changes(Kind::Word, &bytes, &[(0, AltText::Decorative)]);
    let refused = figures::write(Kind::Word, &bytes, &change);
    assert!(
        matches!(refused, Err(FiguresError::NoRoom { figure: 1, .. })),
        "{refused:?}"
    );
}

#[test]
fn all_other_entries_are_copied_as_they_lie_there() {
    let body = paragraph(&drawing("<wp:docPr id=\"1\"/>", &pic("rId1")));
    let others: [Part<'_>; 3] = [
        ("word/media/1.png", vec![7; 4_000]),
        ("word/styles.xml", root("w:styles", "")),
        ("customXml/ünïcode.bin", (0..=255).collect()),
    ];
    let bytes = packed(&word(&body, REFERS, &others));
    let none = changes(Kind::Word, &bytes, &[]);
    assert_eq!(figures::write(Kind::Word, &bytes, &none).unwrap(), bytes);
    let change = changes(Kind::Word, &bytes, &[(0, text("a"))]);
    let written = figures::write(Kind::Word, &bytes, &change).unwrap();
    let (before, after) = (raw(&bytes), raw(&written));
    assert_eq!(before.len(), after.len());
    for (before, after) in before.iter().zip(&after) {
        assert_eq!(before.0, after.0);
        assert_eq!(before.1, after.1, "{}", before.0);
        assert_eq!(
            before == after,
            before.0 != "word/document.xml",
            "{}",
            before.0
        );
    }
    // The same text again changes nothing.
    let again = changes(Kind::Word, &written, &[(0, text("a"))]);
    assert_eq!(
        figures::write(Kind::Word, &written, &again).unwrap(),
        written
    );
}

#[test]
fn another_document_is_not_written_to() {
    let of = |image: &str| document(&paragraph(&drawing("<wp:docPr id=\"1\"/>", &pic(image))));
    let change = changes(Kind::Word, &of("rId1"), &[(0, text("a"))]);
    for other in [of("rId2"), document("")] {
        let refused = figures::write(Kind::Word, &other, &change);
        assert!(
            matches!(refused, Err(FiguresError::Changed { figure: 1 })),
            "{refused:?}"
        );
    }
}

#[test]
fn images_are_given_from_one_look_at_the_package() {
    let others: [Part<'_>; 2] = [
        ("word/media/1.png", vec![7; 4_000]),
        ("word/media/a b.png", vec![8]),
    ];
    let body = paragraph(&drawing("<wp:docPr id=\"1\"/>", &pic("rId1")));
    let refers = [("rId1", "image", "Media/A%20b.png")];
    let bytes = packed(&word(&body, &refers, &others));
    let found = figures::read(Kind::Word, &bytes).unwrap().figures.remove(0);
    // By the name it has, whatever the case in which it is referred to.
    assert_eq!(found.image, image("a b.png"));
    let mut package = Package::open(Kind::Word, bytes).unwrap();
    assert_eq!(package.image("word/media/1.png").unwrap(), [7; 4_000]);
    assert_eq!(package.image("word/media/a b.png").unwrap(), [8]);
    let missing = package.image("word/media/9.png");
    assert!(
        matches!(missing, Err(FiguresError::MissingPart { part }) if part == "word/media/9.png")
    );
}
