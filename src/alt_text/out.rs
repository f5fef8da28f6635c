//! Results as files for people, scripts and web pages. Simulated texts are marked in each.

use std::io::{self, Write};
use std::path::{Path, PathBuf};

use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};
use serde::Serialize;

use super::checks::Problem;
use super::job::{Described, ImageResult};
use super::prompt::{Alt, length};
use crate::chat::{Failure, Metrics, Usage};
use crate::export::escaped_html;
use crate::pricing::{CostBreakdown, Usd};

/// What a path keeps as it is inside a web address.
const PATH: &AsciiSet = &NON_ALPHANUMERIC
    .remove(b'/')
    .remove(b'-')
    .remove(b'_')
    .remove(b'.')
    .remove(b'~');

/// Widest column of file names, in characters.
const WIDEST_NAME: usize = 40;

/// A form of results.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Format {
    /// For reading.
    #[default]
    Table,
    /// Comma-separated values, with a head.
    Csv,
    /// One array.
    Json,
    /// One object a line.
    JsonLines,
    /// `<img alt>`, one a line.
    Html,
    /// `![alt](path)`, one a line.
    Markdown,
}

/// One result with all that is said about it.
#[derive(Clone, Debug)]
pub struct Row {
    /// The result.
    pub result: ImageResult,
    /// What is wrong with its text.
    pub problems: Vec<Problem>,
    /// The file its text was written into.
    pub written: Option<PathBuf>,
    /// What it cost, where only the sum was kept of the bill.
    pub kept_cost: Option<Usd>,
    /// What is said beyond the alt text.
    pub long_description: Option<String>,
    /// Whether a person approved it; none where nobody was asked to.
    pub approved: Option<bool>,
    /// What is true of the picture, as a person said.
    pub context: Option<String>,
}

impl Row {
    fn described(&self) -> Option<&Described> {
        self.result.outcome.as_ref().ok()
    }

    fn total_cost(&self) -> Option<Usd> {
        let bill = self
            .described()
            .and_then(|described| described.cost.as_ref());
        bill.and_then(CostBreakdown::total).or(self.kept_cost)
    }

    fn is_simulated(&self) -> bool {
        self.described()
            .is_some_and(|described| described.simulated)
    }
}

/// Writes results.
///
/// # Errors
/// When the writer fails.
pub fn write(to: &mut dyn Write, format: Format, rows: &[Row]) -> io::Result<()> {
    match format {
        Format::Table => table(to, rows),
        Format::Csv => csv(to, rows),
        Format::Json => {
            let records: Vec<_> = rows.iter().map(record).collect();
            serde_json::to_writer_pretty(&mut *to, &records).map_err(io::Error::other)?;
            writeln!(to)
        }
        Format::JsonLines => rows.iter().try_for_each(|row| {
            serde_json::to_writer(&mut *to, &record(row)).map_err(io::Error::other)?;
            writeln!(to)
        }),
        Format::Html => rows.iter().try_for_each(|row| html(to, row)),
        Format::Markdown => rows.iter().try_for_each(|row| markdown(to, row)),
    }
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Record<'a> {
    file: String,
    path: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    context: Option<&'a str>,
    #[serde(flatten)]
    answer: Option<AnswerMembers<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    error: Option<&'a Failure>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct AnswerMembers<'a> {
    model_id: &'a str,
    text: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    decorative: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    approved: Option<bool>,
    #[serde(skip_serializing_if = "Option::is_none")]
    long_description: Option<&'a str>,
    problems: Vec<ProblemMembers>,
    #[serde(skip_serializing_if = "Option::is_none")]
    stop_reason: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    usage: Option<&'a Usage>,
    metrics: Metrics,
    #[serde(skip_serializing_if = "Option::is_none")]
    cost: Option<CostMembers<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    request_id: Option<&'a str>,
    /// Place of the image with the same bytes, from 0.
    #[serde(skip_serializing_if = "Option::is_none")]
    same_as: Option<usize>,
    #[serde(skip_serializing_if = "Option::is_none")]
    written_to: Option<String>,
    simulated: bool,
}

#[derive(Serialize)]
#[serde(untagged)]
enum CostMembers<'a> {
    Bill(&'a CostBreakdown),
    Sum {
        currency: &'static str,
        total: String,
    },
}

impl<'a> CostMembers<'a> {
    fn of(row: &'a Row) -> Option<Self> {
        let bill = row.described()?.cost.as_ref();
        let kept = row.kept_cost.map(|total| Self::Sum {
            currency: "USD",
            total: total.to_decimal_string(),
        });
        bill.map(Self::Bill).or(kept)
    }
}

#[derive(Serialize)]
struct ProblemMembers {
    code: &'static str,
    message: String,
}

/// One result as a script reads it.
#[must_use]
pub fn record(row: &Row) -> impl Serialize + '_ {
    Record {
        file: row.result.name(),
        path: row.result.path.display().to_string(),
        context: row.context.as_deref(),
        answer: row.described().map(|described| AnswerMembers {
            model_id: described.model_id.as_str(),
            text: described.alt.text(),
            decorative: reason(&described.alt),
            approved: row.approved,
            long_description: row.long_description.as_deref(),
            problems: row
                .problems
                .iter()
                .map(|problem| ProblemMembers {
                    code: problem.code(),
                    message: problem.to_string(),
                })
                .collect(),
            stop_reason: described.stop_reason.as_deref(),
            usage: described.usage.as_ref(),
            metrics: described.metrics,
            cost: CostMembers::of(row),
            request_id: described.request_id.as_deref(),
            same_as: row.result.same_as,
            written_to: row.written.as_ref().map(|path| path.display().to_string()),
            simulated: described.simulated,
        }),
        error: row.result.outcome.as_ref().err().map(Box::as_ref),
    }
}

fn reason(alt: &Alt) -> Option<&str> {
    match alt {
        Alt::Decorative { reason } => Some(reason),
        Alt::Text(_) => None,
    }
}

fn table(to: &mut dyn Write, rows: &[Row]) -> io::Result<()> {
    let names: Vec<String> = rows.iter().map(|row| row.result.name()).collect();
    let widest = names.iter().map(|name| length(name)).max().unwrap_or(0);
    let width = widest.min(WIDEST_NAME);
    for (row, name) in rows.iter().zip(&names) {
        let padding = " ".repeat(width.saturating_sub(length(name)));
        match &row.result.outcome {
            Ok(described) => {
                let text = match &described.alt {
                    Alt::Text(text) => text.clone(),
                    Alt::Decorative { reason } => format!("(decorative) {reason}"),
                };
                let mark = if described.simulated {
                    "  [simulated]"
                } else {
                    ""
                };
                writeln!(to, "{name}{padding}  {text}{mark}")?;
            }
            Err(failure) => writeln!(to, "{name}{padding}  FAILED: {}", failure.message)?,
        }
        for problem in &row.problems {
            writeln!(to, "{}  ! {problem}", " ".repeat(width))?;
        }
    }
    Ok(())
}

fn csv(to: &mut dyn Write, rows: &[Row]) -> io::Result<()> {
    let mut writer = csv::Writer::from_writer(to);
    writer.write_record([
        "file",
        "path",
        "alt_text",
        "decorative",
        "long_description",
        "problems",
        "simulated",
        "model",
        "input_tokens",
        "output_tokens",
        "cost_usd",
        "written_to",
        "error",
        "approved",
        "context",
    ])?;
    for row in rows {
        let described = row.described();
        let of = |member: fn(&Described) -> String| described.map(member).unwrap_or_default();
        let problems: Vec<_> = row.problems.iter().map(ToString::to_string).collect();
        let tokens = |usage: Option<&Usage>, count: fn(&Usage) -> u64| {
            usage.map_or_else(String::new, |usage| count(usage).to_string())
        };
        let usage = described.and_then(|described| described.usage.as_ref());
        let failure = row.result.outcome.as_ref().err();
        let cells = [
            row.result.name(),
            row.result.path.display().to_string(),
            of(|described| described.alt.text().to_owned()),
            of(|described| reason(&described.alt).is_some().to_string()),
            row.long_description.clone().unwrap_or_default(),
            problems.join(" "),
            of(|described| described.simulated.to_string()),
            of(|described| described.model_id.as_str().to_owned()),
            tokens(usage, |usage| usage.input_tokens),
            tokens(usage, |usage| usage.output_tokens),
            row.total_cost()
                .map(Usd::to_decimal_string)
                .unwrap_or_default(),
            row.written
                .as_ref()
                .map(|path| path.display().to_string())
                .unwrap_or_default(),
            failure.map_or_else(String::new, |failure| {
                format!("{}: {}", failure.code, failure.message)
            }),
            row.approved.map(|it| it.to_string()).unwrap_or_default(),
            row.context.clone().unwrap_or_default(),
        ];
        writer.write_record(cells.map(harmless))?;
    }
    writer.flush()
}

/// What spreadsheets take for the beginning of a formula.
const FORMULAS: [char; 10] = ['=', '+', '-', '@', '\t', '\r', '＝', '＋', '－', '＠'];

/// A cell that no spreadsheet takes for a formula: models and file names are not to be trusted.
fn harmless(cell: String) -> String {
    if cell.starts_with(FORMULAS) {
        format!("'{cell}")
    } else {
        cell
    }
}

/// What such a cell was before.
pub(super) fn as_written(cell: &str) -> &str {
    match cell.strip_prefix('\'') {
        Some(rest) if rest.starts_with(FORMULAS) => rest,
        _ => cell,
    }
}

fn html(to: &mut dyn Write, row: &Row) -> io::Result<()> {
    match &row.result.outcome {
        Ok(described) => {
            let mark = if described.simulated {
                " data-simulated=\"true\""
            } else {
                ""
            };
            let (id, long) = long_html(row);
            writeln!(
                to,
                "<img src=\"{}\" alt=\"{}\"{id}{mark}>{long}",
                address(&row.result.path),
                escaped_html(described.alt.text())
            )
        }
        Err(failure) => comment(to, &row.result.name(), failure),
    }
}

/// The attribute that leads from a picture to its long description, and the description.
fn long_html(row: &Row) -> (String, String) {
    let Some(text) = &row.long_description else {
        return Default::default();
    };
    let id = format!("description-{}", row.result.index + 1);
    let paragraph = format!("\n<p id=\"{id}\">{}</p>", escaped_html(text));
    (format!(" aria-describedby=\"{id}\""), paragraph)
}

fn markdown(to: &mut dyn Write, row: &Row) -> io::Result<()> {
    match &row.result.outcome {
        Ok(described) => {
            let mark = if row.is_simulated() {
                " <!-- simulated -->"
            } else {
                ""
            };
            writeln!(
                to,
                "![{}]({}){mark}",
                escaped_markdown(described.alt.text()),
                address(&row.result.path)
            )?;
            match &row.long_description {
                Some(text) => writeln!(to, "\n{}\n", escaped_markdown(text)),
                None => Ok(()),
            }
        }
        Err(failure) => comment(to, &row.result.name(), failure),
    }
}

/// A picture without a text, where a reader of the source sees it and a reader of the page does not.
fn comment(to: &mut dyn Write, name: &str, failure: &Failure) -> io::Result<()> {
    let words = format!("{name}: {}", failure.message);
    // Two hyphens or a pointed bracket could end a comment.
    let words = words.replace("--", "- -").replace('>', "&gt;");
    writeln!(to, "<!-- {} -->", words.trim_end_matches('-'))
}

fn address(path: &Path) -> String {
    let path = path.to_string_lossy();
    let path = if std::path::MAIN_SEPARATOR == '\\' {
        path.replace('\\', "/")
    } else {
        path.into_owned()
    };
    utf8_percent_encode(&path, PATH).to_string()
}

fn escaped_markdown(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for c in text.chars() {
        if "\\`*_[]<>&~|!$:@".contains(c) {
            escaped.push('\\');
        }
        escaped.push(c);
    }
    escaped
}

#[cfg(test)]
mod tests {
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
            "![\"Fish\" \\& \\<b\\>chips\\</b\\>, \\[to\\] go\\\\\\!](a%20b/%22x%22.jpg) <!-- simulated -->\n"
        );
        assert_eq!(
            written(Format::Csv, hostile()).lines().nth(1),
            Some(
                "\"\"\"x\"\".jpg\",\"a b/\"\"x\"\".jpg\",\"\"\"Fish\"\" & <b>chips</b>, [to] go\\!\",false,,,true,m,,,,,,,"
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
                "'+1.jpg,'+1.jpg,\"'=HYPERLINK(\"\"http://example.com\"\",\"\"x\"\")\",false,,,true,m,,,,,,,"
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
            "![Sales by year](c.png) <!-- simulated -->\n\nBars rise from 3 to 7 \\< 8.\n\n"
        );
        let json: serde_json::Value =
            serde_json::from_str(&written(Format::JsonLines, chart)).unwrap();
        assert_eq!(json["longDescription"], "Bars rise from 3 to 7 < 8.");
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
}
