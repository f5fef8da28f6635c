//! Images of web pages: what is found, and that writing a text changes nothing else.

use bedrock_playground::figures::{
    AltText, Change, Document, Figure, FiguresError, ImageSource, Kind, read, write,
};
use proptest::prelude::{ProptestConfig, any, prop, prop_oneof, proptest};
use proptest::strategy::{Just, Strategy};

use super::support::figures::text;

fn page(html: &str) -> Document {
    read(Kind::Html, html.as_bytes()).unwrap()
}

fn addresses(html: &str) -> Vec<String> {
    let address = |figure: Figure| match figure.image {
        ImageSource::Address(address) => address,
        ImageSource::Part(part) => panic!("{part} is no address"),
    };
    page(html).figures.into_iter().map(address).collect()
}

fn only(html: &str) -> Figure {
    let mut figures = page(html).figures;
    assert_eq!(figures.len(), 1, "{html}");
    figures.remove(0)
}

/// The page with these texts, by figure.
fn said(html: &[u8], texts: &[(usize, AltText)]) -> Result<Vec<u8>, FiguresError> {
    let there = read(Kind::Html, html)?.figures;
    let changes: Vec<Change> = texts
        .iter()
        .map(|(figure, alt)| Change {
            figure: *figure,
            image: there[*figure].image.clone(),
            alt: alt.clone(),
        })
        .collect();
    write(Kind::Html, html, &changes)
}

fn said_of_the_first(html: &str, alt: AltText) -> String {
    String::from_utf8(said(html.as_bytes(), &[(0, alt)]).unwrap()).unwrap()
}

#[test]
fn an_address_is_where_the_picture_is_that_is_seen() {
    for (html, expected) in [
        ("<img src=a.png>", vec!["a.png"]),
        ("<IMG SRC='a b.png' alt>", vec!["a b.png"]),
        ("<img src=\"a.png?x=1&amp;y=2\">", vec!["a.png?x=1&y=2"]),
        (
            "<input type=IMAGE src=go.png><input type=text src=x.png>",
            vec!["go.png"],
        ),
        (
            "<img src='data:image/gif;base64,R0lGOD' data-src=a.png>",
            vec!["a.png"],
        ),
        ("<img data-original=a.png>", vec!["a.png"]),
        (
            "<img srcset='data:image/gif;base64,R0 1x' data-srcset='a.png 1x'>",
            vec!["a.png"],
        ),
        ("<img srcset='s.png 300w, l.png 900w'>", vec!["l.png"]),
        (
            "<picture><source srcset='s.webp, l.webp 2x'><img></picture>",
            vec!["l.webp"],
        ),
        (
            "<picture><source srcset=a.webp><img src=a.png></picture>",
            vec!["a.png"],
        ),
        ("<picture><source srcset=a.webp></picture><img>", vec![]),
        (
            "<img src=dot.gif width=1 height=1><img src=b.png width=1 height=40>",
            vec!["b.png"],
        ),
        ("<img><img src=''>", vec![]),
        // What stands where no image is.
        (
            "<script>'<img src=x>'</script><style><img src=x></style>",
            vec![],
        ),
        (
            "<textarea><img src=x></textarea><title><img src=x></title>",
            vec![],
        ),
        (
            "<!-- <img src=x> --><template><img src=x></template>",
            vec![],
        ),
        // For readers without scripts: once more, or instead.
        (
            "<img data-src=a.png><noscript><img src=a.png></noscript>",
            vec!["a.png"],
        ),
        (
            "<noscript><img src=a.png></noscript><img src=b.png>",
            vec!["a.png", "b.png"],
        ),
    ] {
        assert_eq!(addresses(html), expected, "{html}");
    }
}

#[test]
fn an_alt_text_is_missing_empty_or_a_text() {
    for (attributes, expected) in [
        ("", AltText::Missing),
        ("alt", AltText::Decorative),
        ("alt=''", AltText::Decorative),
        ("alt='  '", AltText::Decorative),
        ("alt=' A &amp; B '", text("A & B")),
        ("ALT=boat", text("boat")),
        ("alt=one alt=two", text("one")),
        ("alt=boat role=presentation", AltText::Decorative),
        ("role=none", AltText::Decorative),
        ("alt=boat aria-hidden=true", AltText::Decorative),
        ("alt=boat aria-hidden=false", text("boat")),
        ("aria-label='A boat'", text("A boat")),
    ] {
        let html = format!("<img src=a.png {attributes}>");
        assert_eq!(only(&html).alt, expected, "{html}");
    }
}

#[test]
fn what_stands_around_is_told_apart() {
    let html = "<html lang=pt-BR><head><title> Um\n passeio </title><base href='/b/'></head><h1>Walks</h1>\
        <p>Far away.</p><h2>The <em>old</em> harbour</h2><p>Boats come <b>home</b>.<script>no()</script></p>\
        <figure><a href='/boat'> <img src=a.png> </a><figcaption>A boat, <i>1908</i></figcaption></figure>\
        <p>At &eacute;vening.</p><h2>Hills</h2><p>Not here.</p>\
        <p><a href=/hill>See <img src=b.png title='A hill'></a></p>";
    let document = page(html);
    assert_eq!(document.title.as_deref(), Some("Um passeio"));
    assert_eq!(document.language.as_deref(), Some("pt-BR"));
    assert_eq!(document.base.as_deref(), Some("/b/"));
    let boat = &document.figures[0].surroundings;
    assert_eq!(boat.heading.as_deref(), Some("The old harbour"));
    assert_eq!(boat.caption.as_deref(), Some("A boat, 1908"));
    assert_eq!(boat.link.as_deref(), Some("/boat"));
    assert_eq!(boat.before.as_deref(), Some("Boats come home."));
    assert_eq!(boat.after.as_deref(), Some("At évening."));
    let hill = &document.figures[1].surroundings;
    assert_eq!(hill.heading.as_deref(), Some("Hills"));
    assert_eq!(hill.caption.as_deref(), Some("A hill"));
    // A link with words of its own says by itself where it leads.
    assert_eq!(hill.link, None);
    assert_eq!(hill.before.as_deref(), Some("Not here. See"));
}

#[test]
fn only_the_alt_text_changes() {
    let alt = || text("A \"red\" & <b>");
    let escaped = "A &quot;red&quot; &amp; &lt;b&gt;";
    for (before, after) in [
        ("<img src=a.png>", "<img alt=\"@\" src=a.png>"),
        (
            "<IMG\r\n SRC = a.png\r\n/>",
            "<IMG alt=\"@\"\r\n SRC = a.png\r\n/>",
        ),
        (
            "<img src=a.png ALT = 'old' id=x>",
            "<img src=a.png ALT=\"@\" id=x>",
        ),
        ("<img alt src=a.png>", "<img alt=\"@\" src=a.png>"),
        ("<img src=a.png alt=old>", "<img src=a.png alt=\"@\">"),
        ("<img src=a.png alt=old/>", "<img src=a.png alt=\"@\">"),
        ("<img src=a.png alt=\"\"/>", "<img src=a.png alt=\"@\"/>"),
        (
            "<img src=a.png alt=x alt=y>",
            "<img src=a.png alt=\"@\" alt=y>",
        ),
        (
            "<img title='alt=1' data-alt=2 src=a.png>",
            "<img alt=\"@\" title='alt=1' data-alt=2 src=a.png>",
        ),
        (
            "<img role=presentation src=a.png aria-hidden='true' alt=''>",
            "<img src=a.png alt=\"@\">",
        ),
        (
            "<img src=a.png role=\"none\"/>",
            "<img alt=\"@\" src=a.png />",
        ),
        (
            "<img role='none'src=a.png alt=''>",
            "<img src=a.png alt=\"@\">",
        ),
        (
            "<img role=button src=a.png alt=''>",
            "<img role=button src=a.png alt=\"@\">",
        ),
        (
            "<img aria-label='old' src=a.png>",
            "<img alt=\"@\" aria-label=\"@\" src=a.png>",
        ),
        (
            "\u{feff}<p>é\r\n<img src=a.png>\r\n",
            "\u{feff}<p>é\r\n<img alt=\"@\" src=a.png>\r\n",
        ),
    ] {
        assert_eq!(
            said_of_the_first(before, alt()),
            after.replace('@', escaped),
            "{before}"
        );
        assert_eq!(only(&after.replace('@', escaped)).alt, alt(), "{after}");
    }
    for (before, after) in [
        ("<img src=a.png alt=old>", "<img src=a.png alt=\"\">"),
        ("<img src=a.png aria-label=old>", "<img alt=\"\" src=a.png>"),
    ] {
        assert_eq!(said_of_the_first(before, AltText::Decorative), after);
    }
}

#[test]
fn a_page_in_another_charset_stays_in_it() {
    let before = b"<p>caf\xe9</p><img src=a.png alt=\xe9><p>\x80</p>";
    let after = said(before, &[(0, text("Café – 5 €"))]).unwrap();
    let expected: &[u8] =
        b"<p>caf\xe9</p><img src=a.png alt=\"Caf&#233; &#8211; 5 &#8364;\"><p>\x80</p>";
    assert_eq!(after, expected);
}

#[test]
fn xhtml_closes_what_html_leaves_open() {
    let html = "<?xml version=\"1.0\"?><html xmlns=\"http://www.w3.org/1999/xhtml\" xml:lang=\"de\"><head><title/>\
        <script src=\"a.js\"/></head><body><h1>Eins</h1><img src=\"a.png\" alt=\"\"/></body></html>";
    let document = page(html);
    assert_eq!(document.language.as_deref(), Some("de"));
    assert_eq!(document.figures.len(), 1);
    assert_eq!(
        document.figures[0].surroundings.heading.as_deref(),
        Some("Eins")
    );
    let after = said_of_the_first(html, text("Zwei"));
    assert_eq!(after, html.replace("alt=\"\"", "alt=\"Zwei\""));
}

#[test]
fn captions_and_headings_have_all_their_words() {
    let document = page(
        "<h3><button>Boats</button></h3><figure><img src=a.png><figcaption><p>A boat</p><svg><title>x</title></svg>\
         <p>By me</p></figcaption></figure>",
    );
    let around = &document.figures[0].surroundings;
    assert_eq!(around.heading.as_deref(), Some("Boats"));
    assert_eq!(around.caption.as_deref(), Some("A boat By me"));
}

#[test]
fn a_preview_is_not_the_image() {
    let preview = format!("data:image/jpeg;base64,{}", "A".repeat(2_000));
    assert_eq!(
        addresses(&format!("<img src='{preview}' data-src=a.png>")),
        ["a.png"]
    );
    assert_eq!(addresses(&format!("<img src='{preview}'>")), [preview]);
}

#[test]
fn a_script_of_xhtml_is_left_alone() {
    let html = "<?xml version=\"1.0\"?><html xmlns=\"http://www.w3.org/1999/xhtml\"><script>//<![CDATA[\nif (1 > 0 && a<b) \
        { x = '<img src=\"x\"/>' }\n//]]></script><style/><noscript><img src=\"a.png\"/></noscript><p>Here</p><img src=\"b.png\"/></html>";
    assert_eq!(addresses(html), ["a.png", "b.png"]);
    let last = &page(html).figures[1];
    assert_eq!(last.surroundings.before.as_deref(), Some("Here"));
}

#[test]
fn letters_are_written_as_the_page_has_them() {
    for (page, expected) in [
        ("<meta charset=utf-8><img src=a>", "é"),
        ("<p>ü</p><img src=a>", "é"),
        ("<?xml version='1.0'?><img src='a'/>", "é"),
        ("<img src=a>", "&#233;"),
        ("<meta charset=iso-8859-1><img src=a>", "&#233;"),
        (
            "<?xml version='1.0' encoding='iso-8859-1'?><img src='a'/>",
            "&#233;",
        ),
    ] {
        let written = said_of_the_first(page, text("é"));
        assert_eq!(written.replace(&format!(" alt=\"{expected}\""), ""), page);
    }
}

#[test]
fn a_page_that_only_calls_itself_xhtml_is_read_as_browsers_do() {
    let document = page(
        "<!DOCTYPE html><html xmlns=\"http://www.w3.org/1999/xhtml\"><script>if (a<b && c) { '<img src=x>' }</script>\
         <p>Here</p><img src=a.png>",
    );
    assert_eq!(document.figures.len(), 1);
    assert_eq!(
        document.figures[0].surroundings.before.as_deref(),
        Some("Here")
    );
}

#[test]
fn another_image_in_its_place_is_left_alone() {
    let change = Change {
        figure: 0,
        image: ImageSource::Address("b.png".to_owned()),
        alt: text("x"),
    };
    let error = write(
        Kind::Html,
        b"<img src=a.png>",
        std::slice::from_ref(&change),
    )
    .unwrap_err();
    assert!(
        matches!(error, FiguresError::Changed { figure: 1 }),
        "{error}"
    );
    let error = write(Kind::Html, b"<p>", &[change]).unwrap_err();
    assert!(
        matches!(error, FiguresError::Changed { figure: 1 }),
        "{error}"
    );
}

#[test]
fn what_is_in_utf_16_says_so() {
    let error = read(Kind::Html, b"\xff\xfe<\0p\0>\0").unwrap_err();
    assert!(error.to_string().contains("UTF-8"), "{error}");
}

/// A piece of a page, and the tag of an image or other text that is not to change.
fn piece() -> impl Strategy<Value = String> {
    let attribute = prop_oneof![
        Just(" alt"),
        Just(" alt=''"),
        Just(" ALT = \"a &lt; b\""),
        Just(" alt=x"),
        Just("\r\n\ttitle='alt=\"no\"'"),
        Just(" role=presentation"),
        Just(" aria-label='y'"),
        Just(" width=3"),
        Just(" /"),
        Just(" =x"),
    ];
    let image = prop::collection::vec(attribute, 0..4)
        .prop_map(|attributes| format!("<img src=a.png{}>", attributes.concat()));
    prop_oneof![
        3 => image,
        2 => "[a-zé€ \r\n]{0,12}",
        1 => prop_oneof![
            Just("<p>"), Just("</p>"), Just("<h2>"), Just("</h2>"), Just("<!-- <img src=a.png> -->"),
            Just("<a href=x>"), Just("</a>"), Just("<figure>"), Just("</figure>"), Just("<figcaption>"),
            Just("</figcaption>"), Just("<script>'<img src=a.png>'</script>"), Just("&amp;"), Just("<"), Just("<noscript>"),
            Just("</noscript>"), Just("<svg>"), Just("</svg>"), Just("<title>"), Just("</title>"),
        ].prop_map(str::to_owned),
    ]
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn nothing_makes_it_panic(bytes in prop::collection::vec(any::<u8>(), 0..400)) {
        if let Ok(document) = read(Kind::Html, &bytes) {
            let all: Vec<_> = (0..document.figures.len()).map(|at| (at, text("x"))).collect();
            said(&bytes, &all).unwrap();
        }
    }

    #[test]
    fn texts_that_were_written_are_read_and_all_else_is_as_it_was(
        pieces in prop::collection::vec(piece(), 0..20),
        words in "[a-z\"'&<>é ]{1,12}",
    ) {
        let words = format!("x{}", words.trim_end());
        let html = pieces.concat();
        let before = page(&html);
        let all: Vec<_> = (0..before.figures.len()).map(|at| (at, text(&words))).collect();
        let written = String::from_utf8(said(html.as_bytes(), &all).unwrap()).unwrap();
        let after = page(&written);
        assert_eq!(after.figures.len(), before.figures.len());
        for (old, new) in before.figures.iter().zip(&after.figures) {
            assert_eq!(new.alt, text(&words), "{html:?} {written:?}");
            assert_eq!(&new.image, &old.image);
            assert_eq!(&new.surroundings, &old.surroundings);
        }
        assert_eq!(write(Kind::Html, html.as_bytes(), &[]).unwrap(), html.as_bytes());
        // Between the tags of images nothing has changed.
        let between = |html: &str| {
            let mut rest = html.to_owned();
            while let Some(at) = rest.find("<img src=a.png").or_else(|| rest.find("<img alt")) {
                let end = tag_end(&rest[at..]);
                rest.replace_range(at..at + end, "|");
            }
            rest
        };
        assert_eq!(between(&written), between(&html));
    }
}

/// Where a tag ends that has quotation marks in it.
fn tag_end(tag: &str) -> usize {
    let mut quote = None;
    for (at, c) in tag.char_indices() {
        match (c, quote) {
            ('>', None) => return at + 1,
            ('"' | '\'', None) => quote = Some(c),
            (c, Some(open)) if c == open => quote = None,
            _ => {}
        }
    }
    tag.len()
}
