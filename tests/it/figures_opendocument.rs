//! Pictures of `OpenDocument` texts and presentations: found in reading order with what stands around them, and texts
//! written so that nothing else changes.

use bedrock_playground::figures::{
    self, AltText, Change, Document, Figure, FiguresError, ImageSource, Kind, Package,
};

use super::support::packages::{Part, packed, part, raw};

const TEXT: Kind = Kind::OpenDocumentText;
const SLIDES: Kind = Kind::OpenDocumentSlides;

/// Namespaces as `LibreOffice` declares them, but for its own.
const SPACES: &str = "xmlns:office=\"urn:oasis:names:tc:opendocument:xmlns:office:1.0\" \
     xmlns:style=\"urn:oasis:names:tc:opendocument:xmlns:style:1.0\" \
     xmlns:text=\"urn:oasis:names:tc:opendocument:xmlns:text:1.0\" \
     xmlns:table=\"urn:oasis:names:tc:opendocument:xmlns:table:1.0\" \
     xmlns:draw=\"urn:oasis:names:tc:opendocument:xmlns:drawing:1.0\" \
     xmlns:presentation=\"urn:oasis:names:tc:opendocument:xmlns:presentation:1.0\" \
     xmlns:fo=\"urn:oasis:names:tc:opendocument:xmlns:xsl-fo-compatible:1.0\" \
     xmlns:xlink=\"http://www.w3.org/1999/xlink\" \
     xmlns:dc=\"http://purl.org/dc/elements/1.1/\" \
     xmlns:svg=\"urn:oasis:names:tc:opendocument:xmlns:svg-compatible:1.0\"";
const LIBRE_OFFICE: &str =
    "xmlns:loext=\"urn:org:documentfoundation:names:experimental:office:xmlns:loext:1.0\"";

fn text(text: &str) -> AltText {
    AltText::Text(text.to_owned())
}

fn image(name: &str) -> ImageSource {
    ImageSource::Part(format!("Pictures/{name}"))
}

#[expect(clippy::unnecessary_wraps, reason = "it stands beside what is none")]
fn some(text: &str) -> Option<String> {
    Some(text.to_owned())
}

/// A part.
pub fn root(name: &str, declared: &str, inner: &str) -> Vec<u8> {
    format!(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<office:{name} {SPACES}{declared} office:version=\"1.3\">{inner}</office:{name}>"
    )
    .into_bytes()
}

fn body(kind: Kind, inner: &str) -> String {
    let name = if kind == SLIDES {
        "presentation"
    } else {
        "text"
    };
    format!("<office:body><office:{name}>{inner}</office:{name}></office:body>")
}

/// A document: what is in its content, and other parts.
fn parts<'a>(kind: Kind, content: &str, others: &[Part<'a>]) -> Vec<Part<'a>> {
    let kind = if kind == SLIDES {
        "presentation"
    } else {
        "text"
    };
    let mime = format!("application/vnd.oasis.opendocument.{kind}");
    let manifest = format!(
        "<manifest:manifest xmlns:manifest=\"urn:oasis:names:tc:opendocument:xmlns:manifest:1.0\">\
         <manifest:file-entry manifest:full-path=\"/\" manifest:media-type=\"{mime}\"/></manifest:manifest>"
    );
    let mut parts = vec![
        ("mimetype", mime.into_bytes()),
        ("Pictures/1.png", vec![7; 900]),
        ("Pictures/a b.png", vec![8; 900]),
        ("content.xml", root("document-content", "", content)),
    ];
    parts.extend_from_slice(others);
    parts.push(("META-INF/manifest.xml", manifest.into_bytes()));
    parts
}

/// A text with a picture and a deck with one, which others break.
pub fn sample(kind: Kind) -> Vec<Part<'static>> {
    let picture = frame(
        "draw:style-name=\"fr1\"",
        &(image_of("1.png") + "<svg:desc>a</svg:desc>"),
    );
    let inner = match kind {
        SLIDES => format!("<draw:page draw:name=\"page1\">{picture}</draw:page>"),
        _ => format!("<text:h>Balls</text:h><text:p text:style-name=\"P1\">one {picture}</text:p>"),
    };
    let own = "<office:automatic-styles><style:style style:name=\"fr1\" style:family=\"graphic\" \
         style:parent-style-name=\"Graphics\"><style:graphic-properties fo:clip=\"auto\"/></style:style>\
         </office:automatic-styles>";
    parts(
        kind,
        &(own.to_owned() + &body(kind, &inner)),
        &[("styles.xml", root("document-styles", "", COMMON))],
    )
}

const COMMON: &str = "<office:styles>\
     <style:default-style style:family=\"graphic\"/>\
     <style:default-style style:family=\"paragraph\"><style:text-properties fo:language=\"de\" fo:country=\"AT\"/></style:default-style>\
     <style:style style:name=\"Caption\" style:family=\"paragraph\"/>\
     <style:style style:name=\"Illustration\" style:family=\"paragraph\" style:parent-style-name=\"Caption\"/>\
     <style:style style:name=\"A\" style:family=\"paragraph\" style:parent-style-name=\"B\"/>\
     <style:style style:name=\"B\" style:family=\"paragraph\" style:parent-style-name=\"A\"/>\
     <style:style style:name=\"Graphics\" style:family=\"graphic\"/>\
     <style:style style:name=\"Ornament\" style:family=\"graphic\"><style:graphic-properties draw:decorative=\"true\"/></style:style>\
     </office:styles>";

fn frame(attributes: &str, inner: &str) -> String {
    format!("<draw:frame {attributes} draw:name=\"a\">{inner}</draw:frame>")
}

fn image_of(name: &str) -> String {
    format!("<draw:image xlink:href=\"Pictures/{name}\" xlink:type=\"simple\"/>")
}

fn paragraph(inner: &str) -> String {
    format!("<text:p text:style-name=\"Standard\">{inner}</text:p>")
}

/// A picture that says something.
fn picture(alt: &str) -> String {
    frame(
        "",
        &format!("{}<svg:title>{alt}</svg:title>", image_of("1.png")),
    )
}

fn document(content: &str) -> Vec<u8> {
    let common = root("document-styles", "", COMMON);
    packed(&parts(TEXT, content, &[("styles.xml", common)]))
}

fn read(inner: &str) -> Vec<Figure> {
    figures::read(TEXT, &document(&body(TEXT, inner)))
        .unwrap()
        .figures
}

fn changes(bytes: &[u8], kind: Kind, alts: &[(usize, AltText)]) -> Vec<Change> {
    let found = figures::read(kind, bytes).unwrap().figures;
    alts.iter()
        .map(|(figure, alt)| Change {
            figure: *figure,
            image: found[*figure].image.clone(),
            alt: alt.clone(),
        })
        .collect()
}

/// What is in the content after texts were written.
fn rewritten(content: &str, alts: &[(usize, AltText)]) -> String {
    let bytes = document(content);
    let written = figures::write(TEXT, &bytes, &changes(&bytes, TEXT, alts)).unwrap();
    let xml = part(&written, "content.xml");
    let around = part(&document("|"), "content.xml");
    let (before, after) = around.split_once('|').unwrap();
    let inner = xml.strip_prefix(before).unwrap();
    inner.strip_suffix(after).unwrap().to_owned()
}

#[test]
fn the_title_of_a_picture_is_its_alt_text_and_else_its_description() {
    for (said, expected, beside) in [
        ("<svg:title>A cat</svg:title>", text("A cat"), None),
        (
            "<svg:desc>A cat &amp; a\n dog</svg:desc>",
            text("A cat & a\n dog"),
            None,
        ),
        (
            "<svg:title>A cat</svg:title><svg:desc>It\n sleeps.</svg:desc>",
            text("A cat"),
            some("It sleeps."),
        ),
        (
            "<svg:title> </svg:title><svg:desc>It sleeps.</svg:desc>",
            text("It sleeps."),
            None,
        ),
        ("<svg:title/><svg:desc/>", AltText::Missing, None),
        ("", AltText::Missing, None),
    ] {
        let found = read(&paragraph(&frame("", &(image_of("1.png") + said))));
        assert_eq!(found.len(), 1, "{said}");
        assert_eq!(found[0].alt, expected, "{said}");
        assert_eq!(found[0].surroundings.caption, beside, "{said}");
        assert_eq!(found[0].image, image("1.png"));
    }
}

/// Styles of the content, as programs make them.
const OWN: &str = "<office:automatic-styles>\
     <style:style style:name=\"plain\" style:family=\"graphic\"><style:graphic-properties fo:clip=\"auto\"/></style:style>\
     <style:style style:name=\"line\" style:family=\"graphic\"><style:graphic-properties fo:clip=\"auto\" loext:decorative=\"true\"/></style:style>\
     <style:style style:name=\"of14\" style:family=\"graphic\"><style:graphic-properties draw:decorative=\"true\"/></style:style>\
     <style:style style:name=\"ornament\" style:family=\"graphic\" style:parent-style-name=\"Ornament\"/>\
     <style:style style:name=\"no\" style:family=\"graphic\" style:parent-style-name=\"Ornament\">\
     <style:graphic-properties loext:decorative=\"false\"/></style:style>\
     <style:style style:name=\"line\" style:family=\"paragraph\"/>\
     <style:style style:name=\"pr1\" style:family=\"presentation\"><style:graphic-properties loext:decorative=\"true\"/></style:style>\
     </office:automatic-styles>";

#[test]
fn what_only_decorates_is_told_by_its_style() {
    for (style, decorates) in [
        ("draw:style-name=\"plain\"", false),
        ("draw:style-name=\"line\"", true),
        ("draw:style-name=\"of14\"", true),
        ("draw:style-name=\"ornament\"", true),
        ("draw:style-name=\"Ornament\"", true),
        ("draw:style-name=\"no\"", false),
        ("draw:style-name=\"missing\"", false),
        ("presentation:style-name=\"pr1\"", true),
        ("presentation:style-name=\"line\"", false),
        ("", false),
    ] {
        let shown = frame(style, &(image_of("1.png") + "<svg:desc>a line</svg:desc>"));
        let content = OWN.to_owned() + &body(TEXT, &paragraph(&shown));
        let content = root("document-content", &format!(" {LIBRE_OFFICE}"), &content);
        let mut all = parts(
            TEXT,
            "",
            &[("styles.xml", root("document-styles", "", COMMON))],
        );
        all[3].1 = content;
        let found = figures::read(TEXT, &packed(&all)).unwrap().figures;
        let expected = if decorates {
            AltText::Decorative
        } else {
            text("a line")
        };
        assert_eq!(found[0].alt, expected, "{style}");
    }
}

#[test]
fn pictures_are_found_where_they_are_and_nothing_else_is_one() {
    let linked = |address: &str| frame("", &format!("<draw:image xlink:href=\"{address}\"/>"));
    let in_box = frame(
        "",
        &format!(
            "<draw:text-box>{}</draw:text-box>",
            paragraph(&picture("in a box"))
        ),
    );
    let object = "<draw:object xlink:href=\"./Object 1\"/><draw:image xlink:href=\"./ObjectReplacements/Object 1\"/>";
    let inner = [
        format!(
            "<text:tracked-changes><text:changed-region><text:deletion>{}</text:deletion></text:changed-region></text:tracked-changes>",
            paragraph(&picture("deleted"))
        ),
        picture("on a page"),
        paragraph(&picture("in the text")),
        format!(
            "<table:table><table:table-row><table:table-cell>{}</table:table-cell></table:table-row></table:table>",
            paragraph(&picture("in a table"))
        ),
        paragraph(&in_box),
        paragraph(&format!("<draw:g>{}</draw:g>", picture("in a group"))),
        paragraph(&frame("", object)),
        paragraph(&frame("", "<draw:image><office:binary-data>R0lGODlh</office:binary-data></draw:image>")),
        paragraph(&frame("", "<draw:image xlink:href=\"\"/>")),
        // The same in two formats: vectors that browsers show, and such as they do not.
        paragraph(&frame("", &(image_of("1.svg") + &image_of("1.png")))),
        paragraph(&frame("", &(image_of("1.EMF") + &image_of("1.png")))),
        paragraph(&frame("", &image_of("1.wmf"))),
        paragraph(&linked("./Pictures/a%20b.png")),
        paragraph(&linked("https://example.com/8.png")),
        paragraph(&linked("../../etc/passwd")),
    ]
    .concat();
    let found: Vec<(AltText, ImageSource)> = read(&inner)
        .into_iter()
        .map(|figure| (figure.alt, figure.image))
        .collect();
    let own = |alt: &str| (text(alt), image("1.png"));
    let silent = |image: ImageSource| (AltText::Missing, image);
    assert_eq!(
        found,
        [
            own("on a page"),
            own("in the text"),
            own("in a table"),
            own("in a box"),
            own("in a group"),
            silent(image("1.svg")),
            silent(image("1.png")),
            silent(image("1.wmf")),
            silent(image("a b.png")),
            silent(ImageSource::Address("https://example.com/8.png".to_owned())),
            silent(ImageSource::Part("../../etc/passwd".to_owned())),
        ]
    );
    let bytes = document("");
    let mut package = Package::open(TEXT, &bytes[..]).unwrap();
    assert_eq!(package.image("Pictures/a b.png").unwrap(), [8; 900]);
    let outside = package.image("../../etc/passwd");
    assert!(matches!(outside, Err(FiguresError::MissingPart { .. })));
}

#[test]
fn what_stands_around_a_picture_is_its_section_heading_and_caption() {
    // A picture with a caption is a text box with both in one paragraph.
    let shown = frame("", &image_of("1.png"));
    let captioned = frame(
        "text:anchor-type=\"paragraph\"",
        &format!(
            "<draw:text-box><text:p text:style-name=\"Illustration\">{shown}<text:line-break/>Figure \
             <text:sequence>1</text:sequence>: balls</text:p></draw:text-box>"
        ),
    );
    let inner = [
        paragraph("Of another section."),
        "<text:h text:outline-level=\"1\">Bal<text:span>ls</text:span></text:h>".to_owned(),
        paragraph("One<text:tab/>two<text:s text:c=\"3\"/>&#x263A;"),
        paragraph(&format!(
            "{captioned}Three<office:annotation><dc:creator>Me</dc:creator>{}</office:annotation><text:note \
             text:note-class=\"footnote\"><text:note-citation>1</text:note-citation><text:note-body>{}</text:note-body>\
             </text:note> <![CDATA[<four>]]>.",
            paragraph("remark"),
            paragraph("note")
        )),
        "<text:p text:style-name=\"A\">Five.</text:p>".to_owned(),
        "<text:h>Cubes</text:h>".to_owned(),
        paragraph(&format!(
            "Six <text:a xlink:href=\"https://example.com/six\">{shown}</text:a> and <text:a \
             xlink:href=\"https://example.com/seven\">seven {shown}</text:a>"
        )),
        format!(
            "<text:p text:style-name=\"P9\"><draw:a xlink:href=\"https://example.com/eight\">{shown}</draw:a></text:p>"
        ),
        "<text:p text:style-name=\"Caption\">Above</text:p>".to_owned(),
        paragraph(&format!(
            "<text:note text:note-class=\"endnote\"><text:note-citation>i</text:note-citation><text:note-body>{}</text:note-body></text:note>",
            paragraph(&shown)
        )),
    ]
    .concat();
    let read: Document = figures::read(TEXT, &document(&body(TEXT, &inner))).unwrap();
    assert_eq!(read.language, some("de-AT"));
    let around: Vec<_> = read
        .figures
        .iter()
        .map(|figure| &figure.surroundings)
        .collect();
    assert_eq!(around.len(), 5);
    assert_eq!(around[0].heading, some("Balls"));
    assert_eq!(around[0].caption, some("Figure 1: balls"));
    assert_eq!(around[0].before, some("One two \u{263a}"));
    assert_eq!(around[0].after, some("Three <four>. Five."));
    assert_eq!(around[0].link, None);
    assert_eq!(around[0].division, None);
    assert_eq!(around[1].heading, some("Cubes"));
    assert_eq!(around[1].link, some("https://example.com/six"));
    assert_eq!(around[1].before, some("Six"));
    assert_eq!(around[1].after, some("and seven Above"));
    assert_eq!(around[2].link, None);
    assert_eq!(around[3].link, some("https://example.com/eight"));
    assert_eq!(around[3].caption, some("Above"));
    assert_eq!(around[4].division, some("Endnotes"));
    assert_eq!(around[4].before, some("Six and seven Above"));
}

#[test]
fn headers_and_footers_come_behind_the_text() {
    let styles = format!(
        "{COMMON}<office:master-styles><draw:layer-set/><style:master-page style:name=\"Standard\"><style:header>{}</style:header>\
         <loext:header-first {LIBRE_OFFICE}>{}</loext:header-first><style:footer-left>{}</style:footer-left></style:master-page>\
         </office:master-styles>",
        paragraph(&picture("above")),
        paragraph(&picture("first above")),
        paragraph(&picture("below")),
    );
    let meta = "<office:meta><dc:title>A year &amp; a day</dc:title><dc:language>fr</dc:language></office:meta>";
    let others: [Part<'_>; 2] = [
        ("styles.xml", root("document-styles", "", &styles)),
        ("meta.xml", root("document-meta", "", meta)),
    ];
    let bytes = packed(&parts(
        TEXT,
        &body(TEXT, &paragraph(&picture("text"))),
        &others,
    ));
    let read = figures::read(TEXT, &bytes).unwrap();
    assert_eq!(read.title, some("A year & a day"));
    assert_eq!(read.language, some("fr"));
    let found: Vec<_> = read
        .figures
        .into_iter()
        .map(|figure| (figure.surroundings.division, figure.alt))
        .collect();
    assert_eq!(
        found,
        [
            (None, text("text")),
            (some("Header"), text("above")),
            (some("Header"), text("first above")),
            (some("Footer"), text("below")),
        ]
    );
    let alts = [(1, text("new")), (3, AltText::Decorative)];
    let written = figures::write(TEXT, &bytes, &changes(&bytes, TEXT, &alts)).unwrap();
    // The copy of a style stands in the part whose picture has it, before what is shown.
    let loext = LIBRE_OFFICE;
    let list = format!(
        "<office:automatic-styles><style:style style:name=\"picture_decorative\" style:family=\"graphic\">\
         <style:graphic-properties {loext} loext:decorative=\"true\"/></style:style></office:automatic-styles>\
         <office:master-styles>"
    );
    let plain = paragraph(&picture("below"));
    let marked = paragraph(&frame("", &image_of("1.png"))).replace(
        "draw:name=\"a\"",
        "draw:name=\"a\" draw:style-name=\"picture_decorative\"",
    );
    let expected = styles
        .replace("<svg:title>above<", "<svg:title>new<")
        .replace("<office:master-styles>", &list)
        .replace(&plain, &marked);
    let expected = String::from_utf8(root("document-styles", "", &expected)).unwrap();
    assert_eq!(part(&written, "styles.xml"), expected);
    assert_eq!(part(&written, "content.xml"), part(&bytes, "content.xml"));
}

#[test]
fn texts_are_written_into_the_title_and_nothing_else_changes() {
    let image = image_of("1.png");
    let outline = "<draw:contour-polygon svg:viewBox=\"0 0 9 9\"/>";
    for (before, alt, after) in [
        (
            "",
            "A \"cat\" & <a> dog",
            "<svg:title>A &quot;cat&quot; &amp; &lt;a&gt; dog</svg:title>",
        ),
        (
            "<svg:title>old</svg:title>",
            "new",
            "<svg:title>new</svg:title>",
        ),
        ("<svg:title/>", "new", "<svg:title>new</svg:title>"),
        // A description that was the alt text makes way; one beside it stays.
        (
            "<svg:desc>old</svg:desc>",
            "new",
            "<svg:title>new</svg:title>",
        ),
        (
            "<svg:title> </svg:title><svg:desc>old</svg:desc>",
            "new",
            "<svg:title>new</svg:title>",
        ),
        (
            "<svg:title>old</svg:title><svg:desc>long</svg:desc>",
            "new",
            "<svg:title>new</svg:title><svg:desc>long</svg:desc>",
        ),
        // What it says already is not moved.
        (
            "<svg:desc>same</svg:desc>",
            "same",
            "<svg:desc>same</svg:desc>",
        ),
    ] {
        for behind in ["", outline] {
            let content = |said: &str| {
                let shown = frame("draw:style-name='plain'", &format!("{image}{said}{behind}"));
                body(TEXT, &paragraph(&format!("one {shown} <!-- two -->")))
            };
            let written = rewritten(&content(before), &[(0, text(alt))]);
            assert_eq!(written, content(after), "{before}");
        }
    }
    // A document may have other prefixes, or none at hand.
    let foreign = "<d:frame xmlns:d=\"urn:oasis:names:tc:opendocument:xmlns:drawing:1.0\" xmlns:svg=\"mine\"><d:image xlink:href=\"Pictures/1.png\"/>|</d:frame>";
    let content = |said: &str| body(TEXT, &paragraph(&foreign.replace('|', said)));
    let said = "<svg_:title xmlns:svg_=\"urn:oasis:names:tc:opendocument:xmlns:svg-compatible:1.0\">new</svg_:title>";
    assert_eq!(rewritten(&content(""), &[(0, text("new"))]), content(said));
}

#[test]
fn a_picture_that_decorates_gets_a_style_of_its_own() {
    let lists = |more: &str| {
        format!(
            "<office:automatic-styles {LIBRE_OFFICE}><style:style style:name=\"fr1\" style:family=\"graphic\">\
             <style:graphic-properties fo:clip=\"auto\"/><style:text-properties/></style:style>{more}</office:automatic-styles>"
        )
    };
    let shown = |style: &str, said: &str| frame(style, &(image_of("1.png") + said));
    let content =
        |more: &str, pictures: &[String]| lists(more) + &body(TEXT, &paragraph(&pictures.concat()));
    let title = "<svg:title>a</svg:title><svg:desc>b</svg:desc>";
    let before = content(
        "",
        &[
            shown("draw:style-name=\"fr1\"", title),
            shown("draw:style-name=\"fr1\"", ""),
            shown("draw:style-name=\"fr1\"", title),
            shown("draw:style-name=\"Graphics\"", ""),
            shown("presentation:style-name='pr1'", ""),
        ],
    );
    let alts: Vec<_> = [0, 1, 3, 4]
        .map(|figure| (figure, AltText::Decorative))
        .into();
    let written = rewritten(&before, &alts);
    let copy = "<style:style style:name=\"fr1_decorative\" style:family=\"graphic\">\
         <style:graphic-properties fo:clip=\"auto\" loext:decorative=\"true\"/><style:text-properties/></style:style>";
    let based = |name: &str, family: &str, parent: &str| {
        format!(
            "<style:style style:name=\"{name}\" style:family=\"{family}\" style:parent-style-name=\"{parent}\">\
             <style:graphic-properties loext:decorative=\"true\"/></style:style>"
        )
    };
    let more = [
        copy.to_owned(),
        based("Graphics_decorative", "graphic", "Graphics"),
        based("pr1_decorative", "presentation", "pr1"),
    ]
    .concat();
    let expected = content(
        &more,
        &[
            shown("draw:style-name=\"fr1_decorative\"", ""),
            shown("draw:style-name=\"fr1_decorative\"", ""),
            shown("draw:style-name=\"fr1\"", title),
            shown("draw:style-name=\"Graphics_decorative\"", ""),
            shown("presentation:style-name='pr1_decorative'", ""),
        ],
    );
    assert_eq!(written, expected);
    let read: Vec<_> = figures::read(TEXT, &document(&written))
        .unwrap()
        .figures
        .into_iter()
        .map(|figure| figure.alt)
        .collect();
    let decorative = AltText::Decorative;
    assert_eq!(
        read,
        [
            &decorative,
            &decorative,
            &text("a"),
            &decorative,
            &decorative
        ]
        .map(Clone::clone)
    );
    // One of those that share the mark is described after all.
    let again = rewritten(&written, &[(1, text("new"))]);
    let described = "<style:style style:name=\"fr1_described\" style:family=\"graphic\">\
         <style:graphic-properties fo:clip=\"auto\" loext:decorative=\"false\"/><style:text-properties/></style:style>";
    let marked = shown("draw:style-name=\"fr1_decorative\"", "");
    let said = shown(
        "draw:style-name=\"fr1_described\"",
        "<svg:title>new</svg:title>",
    );
    let expected = expected
        .replacen(&format!("{marked}{marked}"), &format!("{marked}{said}"), 1)
        .replace(
            "</office:automatic-styles>",
            &format!("{described}</office:automatic-styles>"),
        );
    assert_eq!(again, expected);
}

#[test]
fn names_of_styles_that_are_taken_are_left_to_their_owners() {
    let own = "<office:automatic-styles><style:style style:name=\"a_decorative\" style:family=\"graphic\"/>\
         <style:style style:name=\"a\" style:family=\"graphic\"/></office:automatic-styles>";
    let shown = |style: &str| paragraph(&frame(style, &image_of("1.png")));
    let content = |own: &str, style: &str| own.to_owned() + &body(TEXT, &shown(style));
    let written = rewritten(
        &content(own, "draw:style-name=\"a\""),
        &[(0, AltText::Decorative)],
    );
    let properties =
        format!("<style:graphic-properties {LIBRE_OFFICE} loext:decorative=\"true\"/>");
    let copy = format!(
        "<style:style style:name=\"a_2\" style:family=\"graphic\">{properties}</style:style></office:automatic-styles>"
    );
    let list = own.replace("</office:automatic-styles>", &copy);
    assert_eq!(written, content(&list, "draw:style-name=\"a_2\""));
    // A list that is there and empty.
    let written = rewritten(
        &content("<office:automatic-styles/>", "draw:style-name=\"a\""),
        &[(0, AltText::Decorative)],
    );
    let list = format!(
        "<office:automatic-styles><style:style style:name=\"a_decorative\" style:family=\"graphic\" \
         style:parent-style-name=\"a\">{properties}</style:style></office:automatic-styles>"
    );
    assert_eq!(written, content(&list, "draw:style-name=\"a_decorative\""));
}

#[test]
fn all_other_entries_are_copied_as_they_lie_there() {
    let mut all = sample(TEXT);
    all.insert(1, ("Configurations2/menubar/", Vec::new()));
    let bytes = packed(&all);
    let alts = [(0, text("A ball"))];
    let written = figures::write(TEXT, &bytes, &changes(&bytes, TEXT, &alts)).unwrap();
    let (before, after) = (raw(&bytes), raw(&written));
    assert_eq!(before.len(), after.len());
    for (before, after) in before.iter().zip(&after) {
        assert_eq!(before == after, before.0 != "content.xml", "{}", before.0);
    }
    // The kind is told by the first bytes: the name and the content of an entry that is not packed (part 2, 3.3).
    assert_eq!(
        &written[30..77],
        b"mimetypeapplication/vnd.oasis.opendocument.text"
    );
    assert_eq!(figures::write(TEXT, &bytes, &[]).unwrap(), bytes);
    let same = changes(&bytes, TEXT, &[(0, text("a"))]);
    assert_eq!(figures::write(TEXT, &bytes, &same).unwrap(), bytes);
}

#[test]
fn another_document_is_not_written_to() {
    let bytes = packed(&sample(TEXT));
    let mut change = changes(&bytes, TEXT, &[(0, text("a"))]);
    change[0].image = image("other.png");
    let refused = figures::write(TEXT, &bytes, &change);
    assert!(
        matches!(refused, Err(FiguresError::Changed { figure: 1 })),
        "{refused:?}"
    );
    change[0].figure = 1;
    let refused = figures::write(TEXT, &bytes, &change);
    assert!(
        matches!(refused, Err(FiguresError::Changed { figure: 2 })),
        "{refused:?}"
    );
}

#[test]
fn what_is_encrypted_or_another_kind_is_not_read() {
    let mut encrypted = sample(TEXT);
    let manifest = encrypted.last_mut().unwrap();
    manifest.1 = "<m:manifest xmlns:m=\"urn:oasis:names:tc:opendocument:xmlns:manifest:1.0\"><m:file-entry \
        m:full-path=\"content.xml\"><m:encryption-data><m:algorithm/></m:encryption-data></m:file-entry></m:manifest>"
        .into();
    let refused = figures::read(TEXT, &packed(&encrypted));
    assert!(
        matches!(refused, Err(FiguresError::Encrypted)),
        "{refused:?}"
    );
    for (kind, bytes, expected) in [
        (
            SLIDES,
            packed(&sample(TEXT)),
            "it is no OpenDocument presentation: it begins with office:text",
        ),
        (
            TEXT,
            packed(&sample(SLIDES)),
            "it is no OpenDocument text: it begins with office:presentation",
        ),
        (
            TEXT,
            document("<office:scripts/>"),
            "it is no OpenDocument text: it begins with office:document-content",
        ),
        (
            TEXT,
            packed(&[("mimetype", b"application/epub+zip".to_vec())]),
            "it is no OpenDocument text: it has no content.xml",
        ),
    ] {
        let refused = figures::read(kind, &bytes).unwrap_err();
        assert_eq!(refused.to_string(), expected);
    }
    let mut signed = sample(TEXT);
    assert!(!Package::open(TEXT, packed(&signed)).unwrap().is_signed());
    signed.push(("META-INF/documentsignatures.xml", Vec::new()));
    assert!(Package::open(TEXT, packed(&signed)).unwrap().is_signed());
}

fn boxed(class: &str, inner: &str) -> String {
    frame(
        &format!("presentation:class=\"{class}\""),
        &format!("<draw:text-box>{inner}</draw:text-box>"),
    )
}

#[test]
fn pictures_of_slides_come_in_the_order_of_the_slides() {
    let notes = format!(
        "<presentation:notes><draw:page-thumbnail presentation:class=\"page\"/>{}{}</presentation:notes>",
        boxed(
            "notes",
            &paragraph("Tell of the <text:span>bowl</text:span>.")
        ),
        picture("in the notes"),
    );
    let page = |name: &str, inner: &str| {
        format!("<draw:page draw:name=\"{name}\"><office:forms/>{inner}</draw:page>")
    };
    let linked = format!(
        "<draw:g><draw:a xlink:href=\"https://example.com\">{}</draw:a></draw:g>",
        picture("two")
    );
    let deck = [
        "<presentation:settings/>".to_owned(),
        page(
            "page1",
            &[
                boxed("title", &(paragraph("A good") + &paragraph("neighbour"))),
                boxed(
                    "outline",
                    &format!(
                        "<text:list><text:list-item>{}</text:list-item></text:list>",
                        paragraph("Cats sleep.")
                    ),
                ),
                picture("one"),
                format!(
                    "<draw:custom-shape>{}</draw:custom-shape>",
                    paragraph("They dream.")
                ),
                boxed("date-time", &paragraph("Monday")),
                boxed("footer", &paragraph(&picture("logo"))),
                notes.clone(),
            ]
            .concat(),
        ),
        page("page2", &boxed("title", "")),
        page("A map", &linked),
        page("page4", &(picture("three") + &notes)),
    ]
    .concat();
    let bytes = packed(&parts(SLIDES, &body(SLIDES, &deck), &[]));
    let found = figures::read(SLIDES, &bytes).unwrap().figures;
    let around: Vec<_> = found
        .iter()
        .map(|figure| (figure.alt.clone(), figure.surroundings.clone()))
        .collect();
    let expected = [
        (
            text("one"),
            figures::Surroundings {
                division: some("Slide 1"),
                heading: some("A good neighbour"),
                before: some("Cats sleep."),
                after: some("They dream."),
                ..figures::Surroundings::default()
            },
        ),
        (
            text("logo"),
            figures::Surroundings {
                division: some("Slide 1"),
                heading: some("A good neighbour"),
                before: some("Cats sleep. They dream."),
                after: some("Tell of the bowl."),
                ..figures::Surroundings::default()
            },
        ),
        (
            text("two"),
            figures::Surroundings {
                division: some("Slide 3"),
                heading: some("A map"),
                link: some("https://example.com"),
                ..figures::Surroundings::default()
            },
        ),
        (
            text("three"),
            figures::Surroundings {
                division: some("Slide 4"),
                after: some("Tell of the bowl."),
                ..figures::Surroundings::default()
            },
        ),
    ];
    assert_eq!(around, expected);
    let alts = [(2, text("new")), (3, text("newer"))];
    let written = figures::write(SLIDES, &bytes, &changes(&bytes, SLIDES, &alts)).unwrap();
    let after = deck.replace(">two<", ">new<").replace(">three<", ">newer<");
    let after = String::from_utf8(root("document-content", "", &body(SLIDES, &after))).unwrap();
    assert_eq!(part(&written, "content.xml"), after);
}
