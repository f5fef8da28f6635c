//! What leaves is whole, escaped, and says what is simulated.

use super::*;
use crate::chat::{
    BlockDelta, Configuration, Failure, Invocation, InvocationId, Metadata, StreamEvent, Usage,
};
use crate::compare::Prompt;

const HOSTILE: &str = "=HYPERLINK(\"http://x\",\"y\") <script>alert(1)</script> | a";

/// Two columns: one answered by the embedded endpoint, one refused.
fn comparison() -> Comparison {
    let models = ["amazon.nova-lite-v1:0", "amazon.nova-lite-v1:0"];
    let models = models.map(crate::catalog::ModelId::from);
    let mut comparison = Comparison::new(Configuration::default(), models);
    let row = comparison.add_row();
    comparison.ask(row, Prompt::typed("Why <b>?", Vec::new()));
    let columns: Vec<_> = comparison
        .columns()
        .iter()
        .map(|column| column.id)
        .collect();
    for column in &columns {
        comparison.prepare(row, *column).unwrap();
    }
    let id = InvocationId(1);
    let model = "amazon.nova-lite-v1:0".into();
    comparison.begin(row, columns[0], Invocation::new(id, model, "us-east-1"));
    let usage = Usage {
        input_tokens: 1_000,
        output_tokens: 500,
        total_tokens: 1_500,
        ..Usage::default()
    };
    for event in [
        StreamEvent::Accepted {
            request_id: None,
            simulated: true,
        },
        StreamEvent::BlockDelta {
            index: 0,
            delta: BlockDelta::Text(HOSTILE.into()),
        },
        StreamEvent::Metadata(Box::new(Metadata {
            usage: Some(usage),
            ..Metadata::default()
        })),
    ] {
        comparison.apply(id, event);
    }
    comparison.complete(id);
    comparison.refuse(
        row,
        columns[1],
        Failure::local("AccessDenied", "no <access>", "ask"),
    );
    comparison.verdicts_mut().pick(0, 0, Some(columns[0]));
    comparison
}

fn written(format: OutcomeFormat) -> String {
    Outcome {
        title: "Two <models>",
        date: "2026-11-21T10:00:00Z",
        comparison: &comparison(),
        prices: &Prices::default(),
    }
    .write(format)
}

#[test]
fn a_spreadsheet_gets_no_formula() {
    let text = written(OutcomeFormat::Csv);
    let mut reader = ::csv::Reader::from_reader(text.as_bytes());
    let head = reader.headers().unwrap().clone();
    let rows: Vec<_> = reader.records().map(Result::unwrap).collect();
    let cell = |row: usize, name: &str| {
        let at = head.iter().position(|column| column == name).unwrap();
        rows[row][at].to_owned()
    };
    assert_eq!(rows.len(), 2);
    assert_eq!(cell(0, "answer"), format!("'{HOSTILE}"));
    assert_eq!(cell(0, "column"), "amazon.nova-lite-v1:0 (1)");
    // 1,000 × 0.06 / 1M + 500 × 0.24 / 1M
    assert_eq!(cell(0, "cost_usd"), "0.00018000");
    assert_eq!(cell(0, "simulated"), "true");
    assert_eq!(
        (cell(0, "winner"), cell(1, "winner")),
        ("true".into(), "false".into())
    );
    assert_eq!(cell(1, "status"), "failed");
    assert_eq!(cell(1, "error"), "AccessDenied: no <access>");
    assert_eq!(cell(1, "cost_usd"), "", "not known, which is not 0");
}

#[test]
fn json_has_figures_and_answers() {
    let whole: serde_json::Value = serde_json::from_str(&written(OutcomeFormat::Json)).unwrap();
    assert_eq!(whole["format"], "bedrock-playground/comparison");
    assert_eq!(whole["simulated"], true);
    assert_eq!(
        whole["columns"][0]["summary"]["costPerThousandCalls"],
        "0.18000000"
    );
    assert_eq!(whole["columns"][1]["summary"]["failed"], 1);
    assert_eq!(whole["runs"][0]["text"], HOSTILE);
    assert_eq!(whole["runs"][0]["winner"], true);
    assert_eq!(whole["runs"][1]["failure"]["code"], "AccessDenied");
    let lines = written(OutcomeFormat::JsonLines);
    assert_eq!(lines.lines().count(), 2);
}

#[test]
fn a_page_holds_no_markup_of_theirs() {
    let page = written(OutcomeFormat::Html);
    assert!(!page.contains("<script"), "{page}");
    assert!(!page.contains("<b>"), "{page}");
    assert!(page.contains("&lt;script&gt;"), "{page}");
    assert!(page.contains("no &lt;access&gt;"), "{page}");
    assert!(page.contains("Simulated"), "{page}");
    assert!(page.contains("Two &lt;models&gt;"), "{page}");
}

#[test]
fn markdown_and_terminal_show_everything() {
    for format in [OutcomeFormat::Markdown, OutcomeFormat::Table] {
        let text = written(format);
        for part in [
            "HYPERLINK",
            "amazon.nova-lite-v1:0 (2)",
            "(winner)",
            "$0.18",
            "imulated",
        ] {
            assert!(text.contains(part), "{part} in {text}");
        }
    }
}

#[test]
fn nothing_is_written_of_nothing() {
    let outcome = Outcome {
        title: "",
        date: "",
        comparison: &Comparison::default(),
        prices: &Prices::default(),
    };
    for format in [
        OutcomeFormat::Table,
        OutcomeFormat::Csv,
        OutcomeFormat::Json,
        OutcomeFormat::JsonLines,
        OutcomeFormat::Markdown,
        OutcomeFormat::Html,
    ] {
        let _ = outcome.write(format);
    }
}
