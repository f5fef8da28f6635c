//! No text leaves its place, in any form.

use super::*;

fn row(path: &str, alt: Alt) -> Row {
    Row {
        result: ImageResult {
            index: 0,
            path: path.into(),
            content_hash: None,
            same_as: None,
            outcome: Ok(Described {
                alt,
                model_id: "m".into(),
                stop_reason: None,
                usage: None,
                metrics: Metrics::default(),
                cost: None,
                request_id: None,
                simulated: true,
            }),
        },
        problems: Vec::new(),
        written: None,
        kept_cost: None,
        long_description: None,
        approved: None,
        context: None,
        origin: None,
    }
}

fn written(format: Format, row: Row) -> String {
    let mut bytes = Vec::new();
    write(&mut bytes, format, &[row]).unwrap();
    String::from_utf8(bytes).unwrap()
}

fn hostile() -> Row {
    row(
        "a b/\"x\".jpg",
        Alt::Text("\"Fish\" & <b>chips</b>, [to] go\\!".into()),
    )
}

#[test]
fn a_table_says_what_was_approved_and_is_read_again_as_contexts() {
    let said = ["=the mayor", "of \"Łódź\",\n1968", ""];
    let names = ["p/-1.jpg", "p/b.jpg", "p/c.jpg"];
    let rows: Vec<Row> = names
        .into_iter()
        .zip(said)
        .enumerate()
        .map(|(at, (path, context))| Row {
            approved: Some(at == 1),
            context: (!context.is_empty()).then(|| context.to_owned()),
            ..row(path, Alt::Text("x".into()))
        })
        .collect();
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("alt-texts.csv");
    let mut bytes = Vec::new();
    write(&mut bytes, Format::Csv, &rows).unwrap();
    std::fs::write(&file, &bytes).unwrap();
    let mut table = csv::Reader::from_path(&file).unwrap();
    let place = table
        .headers()
        .unwrap()
        .iter()
        .position(|it| it == "approved");
    let records: Vec<_> = table.records().collect::<Result<_, _>>().unwrap();
    let approved = records
        .iter()
        .map(|record| record.get(place.unwrap()).unwrap());
    assert_eq!(approved.collect::<Vec<_>>(), ["false", "true", "false"]);
    let mut told = Vec::new();
    let left = crate::alt_text::ContextTable::read(&file)
        .unwrap()
        .give(names.map(Path::new), |at, context| {
            told.push((at, context.to_owned()));
        })
        .len();
    assert_eq!(told, [(0, said[0].to_owned()), (1, said[1].to_owned())]);
    assert_eq!(left, 0);
    let json = serde_json::to_value(record(&rows[1])).unwrap();
    assert_eq!(json["approved"], true);
    assert_eq!(json["context"], said[1]);
    assert_eq!(json.get("decorative"), None);
    // Nobody was asked on the command line.
    let json = serde_json::to_value(record(&row("a", Alt::Text("x".into())))).unwrap();
    assert_eq!(json.get("approved"), None);
}

#[test]
fn no_text_leaves_its_place() {
    assert_eq!(
        written(Format::Html, hostile()),
        "<img src=\"a%20b/%22x%22.jpg\" alt=\"&quot;Fish&quot; &amp; &lt;b&gt;chips&lt;/b&gt;, [to] go\\!\" \
         data-simulated=\"true\">\n"
    );
    assert_eq!(
        written(Format::Markdown, hostile()),
        "![\"Fish\" \\& &lt;b&gt;chips&lt;/b&gt;, \\[to\\] go\\\\\\!](a%20b/%22x%22.jpg) <!-- simulated -->\n"
    );
    assert_eq!(
        written(Format::Csv, hostile()).lines().nth(1),
        Some(
            "\"\"\"x\"\".jpg\",\"a b/\"\"x\"\".jpg\",\"\"\"Fish\"\" & <b>chips</b>, [to] go\\!\",false,,,true,m,,,,,,,,,,"
        )
    );
}

#[test]
fn no_cell_is_a_formula() {
    let text = "=HYPERLINK(\"http://example.com\",\"x\")";
    let line = written(Format::Csv, row("+1.jpg", Alt::Text(text.into())));
    assert_eq!(
        line.lines().nth(1),
        Some(
            "'+1.jpg,'+1.jpg,\"'=HYPERLINK(\"\"http://example.com\"\",\"\"x\"\")\",false,,,true,m,,,,,,,,,,"
        )
    );
}

#[test]
fn a_decorative_image_has_an_empty_alt_and_its_reason() {
    let border = || {
        let reason = "A border.".to_owned();
        row("b.png", Alt::Decorative { reason })
    };
    assert_eq!(
        written(Format::Html, border()),
        "<img src=\"b.png\" alt=\"\" data-simulated=\"true\">\n"
    );
    assert_eq!(
        written(Format::Table, border()),
        "b.png  (decorative) A border.  [simulated]\n"
    );
    let json: serde_json::Value =
        serde_json::from_str(&written(Format::JsonLines, border())).unwrap();
    assert_eq!(json["text"], "");
    assert_eq!(json["decorative"], "A border.");
    assert_eq!(json["simulated"], true);
}

#[test]
fn a_long_description_stands_behind_its_picture_and_is_pointed_to() {
    let mut chart = row("c.png", Alt::Text("Sales by year".into()));
    chart.long_description = Some("Bars rise from 3 to 7 < 8.".into());
    assert_eq!(
        written(Format::Html, chart.clone()),
        "<img src=\"c.png\" alt=\"Sales by year\" aria-describedby=\"description-1\" \
         data-simulated=\"true\">\n<p id=\"description-1\">Bars rise from 3 to 7 &lt; 8.</p>\n"
    );
    assert_eq!(
        written(Format::Markdown, chart.clone()),
        "![Sales by year](c.png) <!-- simulated -->\n\nBars rise from 3 to 7 &lt; 8.\n\n"
    );
    let json: serde_json::Value = serde_json::from_str(&written(Format::JsonLines, chart)).unwrap();
    assert_eq!(json["longDescription"], "Bars rise from 3 to 7 < 8.");
}

#[test]
fn an_empty_text_does_not_say_that_a_picture_decorates() {
    for format in [Format::Html, Format::Markdown] {
        let blank = written(format, row("b.png", Alt::Text(" ".into())));
        assert_eq!(blank, "<!-- b.png: no text -->\n");
    }
}

#[test]
fn an_address_stays_one_address_in_markdown() {
    use pulldown_cmark::{Event, Parser, Tag};

    for address in [
        "plain.png",
        "my pic.png",
        "https://example.org/a_(1.png",
        "https://example.org/a)b<c>d.png?x=1&copy;=2",
        r"a\\b\).png",
    ] {
        let mut row = row("kept.png", Alt::Text("A boat".into()));
        row.origin = Some(Box::new(Origin {
            document: DocumentPlace::File("page.html".into()),
            image: address.into(),
            figures: vec![0],
            alt: AltText::Missing,
            is_missing: true,
            division: None,
            digest: None,
        }));
        let written = written(Format::Markdown, row);
        let images: Vec<String> = Parser::new(&written)
            .filter_map(|event| match event {
                Event::Start(Tag::Image { dest_url, .. }) => Some(dest_url.into_string()),
                _ => None,
            })
            .collect();
        assert_eq!(images, [address], "{written}");
    }
}

#[test]
fn a_failure_is_a_comment_that_cannot_be_left() {
    let mut failed = row("--><script>.png", Alt::Text(String::new()));
    failed.result.outcome = Err(Box::new(Failure::local("X", "is bad-->-", "")));
    assert_eq!(
        written(Format::Html, failed),
        "<!-- - -&gt;<script&gt;.png: is bad- -&gt; -->\n"
    );
}
