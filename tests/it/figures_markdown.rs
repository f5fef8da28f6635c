//! Images of Markdown files: what is found, and that writing a text changes nothing else.

use bedrock_playground::figures::{AltText, Change, Document, ImageSource, Kind, read, write};
use proptest::prelude::{ProptestConfig, any, prop, prop_oneof, proptest};
use proptest::strategy::{Just, Strategy};

use super::support::figures::text;

fn file(markdown: &str) -> Document {
    read(Kind::Markdown, markdown.as_bytes()).unwrap()
}

fn said(markdown: &str, alt: &AltText) -> String {
    let figures = file(markdown).figures.into_iter().enumerate();
    let changes: Vec<Change> = figures
        .map(|(figure, there)| Change {
            figure,
            image: there.image,
            alt: alt.clone(),
        })
        .collect();
    String::from_utf8(write(Kind::Markdown, markdown.as_bytes(), &changes).unwrap()).unwrap()
}

#[test]
fn images_are_found_with_what_they_say() {
    let missing = || AltText::Missing;
    for (markdown, expected) in [
        (
            "![A *red* boat](a.png)",
            vec![("a.png", text("A red boat"))],
        ),
        ("![](a.png)", vec![("a.png", missing())]),
        ("![ ](<a b.png> 'Title')", vec![("a b.png", missing())]),
        (
            "![a\\]b `c` &amp;](a.png)",
            vec![("a.png", text("a]b c &"))],
        ),
        (
            "![boat][1] ![1][] ![1]\n\n[1]: a.png",
            vec![
                ("a.png", text("boat")),
                ("a.png", text("1")),
                ("a.png", text("1")),
            ],
        ),
        ("[![go](a.png)](b.html)", vec![("a.png", text("go"))]),
        (
            "`![x](x.png)`\n\n```\n![x](x.png)\n```\n\n    ![x](x.png)\n",
            vec![],
        ),
        (
            "---\ntitle: ![x](x.png)\n---\n\n![y](y.png)",
            vec![("y.png", text("y"))],
        ),
        (
            "<p align=center>\n<img src=a.png>\n<img\n alt='' src=b.png></p>\n\nx <img src=c.png alt=C> y",
            vec![
                ("a.png", missing()),
                ("b.png", AltText::Decorative),
                ("c.png", text("C")),
            ],
        ),
        (
            "| a | b |\n|---|---|\n| ![in a cell](a.png) | x |",
            vec![("a.png", text("in a cell"))],
        ),
    ] {
        let found: Vec<_> = file(markdown)
            .figures
            .into_iter()
            .map(|figure| (figure.image, figure.alt))
            .collect();
        let expected: Vec<_> = expected
            .into_iter()
            .map(|(address, alt)| (ImageSource::Address(address.to_owned()), alt))
            .collect();
        assert_eq!(found, expected, "{markdown}");
    }
}

#[test]
fn what_stands_around_is_told_apart() {
    let document = file(
        "---\ntitle: \"A walk\"\nauthor: me\n---\n# Walks\n\nFar.\n\n## The *old* harbour\n\nBoats come\n**home** \
         ![](a.png \"A boat\") at five.\n\n- Not late.\n\n## Hills\n\n[![](b.png)](/hill) [see ![](c.png)](/c)\n",
    );
    assert_eq!(document.title.as_deref(), Some("A walk"));
    let [boat, hill, seen] = document.figures.as_slice() else {
        panic!("three images");
    };
    let around = &boat.surroundings;
    assert_eq!(around.heading.as_deref(), Some("The old harbour"));
    assert_eq!(around.caption.as_deref(), Some("A boat"));
    assert_eq!(around.before.as_deref(), Some("Boats come home"));
    assert_eq!(around.after.as_deref(), Some("at five. Not late."));
    assert_eq!(hill.surroundings.heading.as_deref(), Some("Hills"));
    assert_eq!(hill.surroundings.link.as_deref(), Some("/hill"));
    assert_eq!(seen.surroundings.link, None);
    assert_eq!(file("# Walks\n\n# More").title.as_deref(), Some("Walks"));
    let marked = file("\u{feff}---\ntitle: Far\n---\n# Walks\n\n![](a.png)");
    assert_eq!(marked.title.as_deref(), Some("Far"));
    assert_eq!(marked.figures.len(), 1);
}

#[test]
fn only_the_alt_text_changes() {
    for (before, after) in [
        (
            "# a\r\n\r\n![old](a.png  'T')\r\n",
            "# a\r\n\r\n![@](a.png  'T')\r\n",
        ),
        ("![](a.png)", "![@](a.png)"),
        ("*![a *b*  ](a.png)*", "*![@](a.png)*"),
        ("![b][1]\n\n[1]: a.png", "![@][1]\n\n[1]: a.png"),
        ("![Boat][]\n\n[boat]: a.png", "![@][Boat]\n\n[boat]: a.png"),
        (
            "![Boat] x\n\n[boat]: a.png",
            "![@][Boat] x\n\n[boat]: a.png",
        ),
        (
            "x <img src=a.png alt=old> y",
            "x <img src=a.png alt=\"@\"> y",
        ),
        (
            "<p>\n<img\nsrc=a.png>\n</p>\n",
            "<p>\n<img alt=\"@\"\nsrc=a.png>\n</p>\n",
        ),
        ("[![](a.png)](b)", "[![@](a.png)](b)"),
        (
            "\u{feff}---\ntitle: ![x](x.png)\n---\n![](a.png)",
            "\u{feff}---\ntitle: ![x](x.png)\n---\n![@](a.png)",
        ),
    ] {
        assert_eq!(
            said(before, &text("A boat")),
            after.replace('@', "A boat"),
            "{before}"
        );
    }
    assert_eq!(
        said("![a](b)", &text("[x] *y* `z` <b>")),
        "![\\[x\\] \\*y\\* &#96;z&#96; &lt;b&gt;](b)"
    );
    assert_eq!(said("![a](b)", &AltText::Decorative), "![](b)");
}

fn piece() -> impl Strategy<Value = String> {
    prop_oneof![
        4 => prop_oneof![
            Just("![](a.png)"), Just("![old *x*](a.png 't')"), Just("![r]"), Just("![R][]"), Just("![o][r]"),
            Just("<img src=a.png>"), Just("[![ ](b)](c)"), Just("\n\n<p>\n<img alt='' src=b>\n</p>\n\n"),
        ].prop_map(str::to_owned),
        2 => "[a-z ]{1,9}",
        2 => prop_oneof![
            Just("\n"), Just("\n\n"), Just("# "), Just("\n- "), Just("\n> "), Just("*"), Just("`"), Just("[x](y)"),
            Just("\n```\n"), Just("\n\n    "), Just("| "), Just("\n|-|-|\n"), Just("\\"), Just("&amp;"), Just("<!--"),
        ].prop_map(str::to_owned),
    ]
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn nothing_makes_it_panic(bytes in prop::collection::vec(any::<u8>(), 0..300), words in "[!\\[\\](){}<>*_`a-z\n |#>-]{0,120}") {
        read(Kind::Markdown, &bytes).ok();
        said(&words, &text("x"));
    }

    #[test]
    fn texts_that_were_written_are_read_and_all_else_is_as_it_was(
        pieces in prop::collection::vec(piece(), 0..14),
        words in "[A-Za-z\\[\\]*_`<>&!|~:@.é ]{1,12}",
    ) {
        let words = format!("x{}x", words.trim_end());
        let markdown = format!("{}\n\n[r]: r.png\n", pieces.concat());
        let before = file(&markdown);
        let written = said(&markdown, &text(&words));
        let after = file(&written);
        let images = |document: &Document| -> Vec<_> {
            document.figures.iter().map(|figure| figure.image.clone()).collect()
        };
        assert_eq!(images(&after), images(&before), "{markdown:?} {written:?}");
        for figure in &after.figures {
            let AltText::Text(read) = &figure.alt else { panic!("{written:?}") };
            let blanks = |text: &str| text.split_whitespace().collect::<Vec<_>>().join(" ");
            assert_eq!(blanks(read), blanks(&words), "{written:?}");
        }
        assert_eq!(write(Kind::Markdown, markdown.as_bytes(), &[]).unwrap(), markdown.as_bytes());
    }
}
