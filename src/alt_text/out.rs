//! Results as files for people, scripts and web pages. Simulated texts are marked in each.

use std::borrow::Cow;
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use percent_encoding::{AsciiSet, CONTROLS, NON_ALPHANUMERIC, utf8_percent_encode};
use serde::Serialize;

use super::checks::Problem;
use super::documents::{DocumentPlace, Origin};
use super::job::{Described, ImageResult};
use super::prompt::{Alt, length};
use crate::chat::{Failure, Metrics, Usage};
use crate::export::escaped_html;
use crate::figures::{AltText, escaped_markdown};
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

/// What stands where there is no text.
const NO_TEXT: &str = "no text";

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
    /// Where it stands in a document.
    pub origin: Option<Box<Origin>>,
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

    fn document(&self) -> Option<String> {
        let origin = self.origin.as_ref()?;
        Some(match &origin.document {
            DocumentPlace::File(path) => path.display().to_string(),
            DocumentPlace::Page(address) => address.clone(),
        })
    }

    fn image(&self) -> Option<&str> {
        Some(self.origin.as_ref()?.image.as_str())
    }

    fn alt_before(&self) -> Option<&str> {
        match &self.origin.as_ref()?.alt {
            AltText::Missing => None,
            AltText::Decorative => Some(""),
            AltText::Text(text) => Some(text),
        }
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
    /// The document that the image stands in.
    #[serde(skip_serializing_if = "Option::is_none")]
    document: Option<String>,
    /// What the document calls it.
    #[serde(skip_serializing_if = "Option::is_none")]
    image: Option<&'a str>,
    /// What the document says of it: empty for one that only decorates.
    #[serde(skip_serializing_if = "Option::is_none")]
    alt_before: Option<&'a str>,
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
        document: row.document(),
        image: row.image(),
        alt_before: row.alt_before(),
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
        "document",
        "image",
        "alt_before",
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
            row.document().unwrap_or_default(),
            row.image().unwrap_or_default().to_owned(),
            row.alt_before().unwrap_or_default().to_owned(),
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

/// What an empty alt text must not be read as: that the picture only decorates.
fn is_blank(described: &Described) -> bool {
    matches!(&described.alt, Alt::Text(text) if text.trim().is_empty())
}

fn html(to: &mut dyn Write, row: &Row) -> io::Result<()> {
    match &row.result.outcome {
        Ok(described) if is_blank(described) => comment(to, &row.result.name(), NO_TEXT),
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
                escaped_html(&address(row)),
                escaped_html(described.alt.text())
            )
        }
        Err(failure) => comment(to, &row.result.name(), &failure.message),
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
        Ok(described) if is_blank(described) => comment(to, &row.result.name(), NO_TEXT),
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
                destination(&address(row))
            )?;
            match &row.long_description {
                Some(text) => writeln!(to, "\n{}\n", escaped_markdown(text)),
                None => Ok(()),
            }
        }
        Err(failure) => comment(to, &row.result.name(), &failure.message),
    }
}

/// An address as Markdown takes it (CommonMark 0.31, 6.3): one of somebody's page may hold anything.
fn destination(address: &str) -> Cow<'_, str> {
    let is_plain = |c: char| !c.is_whitespace() && !c.is_control() && !"()<>\\&".contains(c);
    if !address.is_empty() && address.chars().all(is_plain) {
        return Cow::Borrowed(address);
    }
    let mut destination = String::from("<");
    for letter in address.chars() {
        match letter {
            '<' | '>' | '\\' | '&' => destination.extend(['\\', letter]),
            // No line may end in it.
            _ if letter.is_control() => {
                destination.extend(utf8_percent_encode(&letter.to_string(), CONTROLS));
            }
            _ => destination.push(letter),
        }
    }
    destination.push('>');
    Cow::Owned(destination)
}

/// A picture without a text, where a reader of the source sees it and a reader of the page does not.
fn comment(to: &mut dyn Write, name: &str, why: &str) -> io::Result<()> {
    let words = format!("{name}: {why}");
    // Two hyphens or a pointed bracket could end a comment.
    let words = words.replace("--", "- -").replace('>', "&gt;");
    writeln!(to, "<!-- {} -->", words.trim_end_matches('-'))
}

/// What leads to the picture: in a page what the page itself has, else the file.
fn address(row: &Row) -> String {
    match row.origin.as_deref() {
        Some(origin) if origin.is_at_an_address() => origin.image.clone(),
        _ => address_of_file(&row.result.path),
    }
}

fn address_of_file(path: &Path) -> String {
    let path = path.to_string_lossy();
    let path = if std::path::MAIN_SEPARATOR == '\\' {
        path.replace('\\', "/")
    } else {
        path.into_owned()
    };
    utf8_percent_encode(&path, PATH).to_string()
}

#[cfg(test)]
mod tests;
