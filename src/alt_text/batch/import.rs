//! Answers of a batch job back to pictures, line by line.

use std::fs::File;
use std::io::{self, BufRead, BufReader, Seek as _, SeekFrom};
use std::path::{Path, PathBuf};

use serde::Deserialize;
use serde_json::Value;

use super::Batch;
use super::records::{Known, record_number};
use crate::alt_text::job::{Described, ImageResult, JobOptions};
use crate::alt_text::paid::{self, Paid, PaidAnswer};
use crate::chat::{Failure, Metrics, Usage};
use crate::pricing::{PriceQuery, Prices, Tier};

/// Answers that are kept as paid for at once: each time the disk is waited for.
const KEPT_TOGETHER: usize = 500;

/// What came back.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Imported {
    /// Pictures with a text.
    pub done: usize,
    /// Pictures that failed, or of which nothing came back.
    pub failed: usize,
    /// Tokens of all answers.
    pub usage: Usage,
}

/// A line of answers, as the documentation of batch inference shows it.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Line {
    record_id: String,
    #[serde(default)]
    model_output: Option<Value>,
    #[serde(default)]
    error: Option<LineError>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct LineError {
    #[serde(default)]
    error_code: Option<u16>,
    #[serde(default)]
    error_message: String,
}

/// Reads answers and gives each picture its result, in whatever order they come; pictures of which
/// nothing came back have failed. What was answered is kept as paid for, so that a job without batch
/// asks only for the rest. Blocks.
///
/// # Errors
/// When a file cannot be read, or the one who takes results says so.
pub fn import(
    batch: &Batch,
    answers: &Path,
    known: &Path,
    prices: &Prices,
    paid: Option<&Paid>,
    take: &mut dyn FnMut(ImageResult) -> io::Result<()>,
) -> io::Result<Imported> {
    let mut pictures = Pictures::open(known)?;
    let mut answered = vec![false; pictures.records.len()];
    let mut imported = Imported::default();
    let mut to_keep = Vec::new();
    for line in BufReader::new(File::open(answers)?).lines() {
        let Ok(line) = serde_json::from_str::<Line>(&line?) else {
            continue;
        };
        let number = record_number(&line.record_id).and_then(|number| usize::try_from(number).ok());
        let Some(number) = number.filter(|number| answered.get(*number) == Some(&false)) else {
            continue;
        };
        answered[number] = true;
        let picture = pictures.of_record(number)?;
        let outcome = outcome(batch, prices, line);
        if let (Some(paid), Ok(described)) = (paid, &outcome) {
            to_keep.extend(answer_to(batch, &picture, described));
            if to_keep.len() == KEPT_TOGETHER {
                keep(paid, &mut to_keep);
            }
        }
        give(&picture, &outcome, &mut pictures, &mut imported, take)?;
    }
    if let Some(paid) = paid {
        keep(paid, &mut to_keep);
    }
    for number in (0..answered.len()).filter(|number| !answered[*number]) {
        let picture = pictures.of_record(number)?;
        let failure = Failure::local(
            "NoAnswer",
            format!("The batch job gave no answer for {}", picture.path),
            "Ask for it again without a batch job",
        );
        give(
            &picture,
            &Err(Box::new(failure)),
            &mut pictures,
            &mut imported,
            take,
        )?;
    }
    Ok(imported)
}

/// Gives a picture its result, and those that are the same.
fn give(
    picture: &Known,
    outcome: &Result<Described, Box<Failure>>,
    pictures: &mut Pictures,
    imported: &mut Imported,
    take: &mut dyn FnMut(ImageResult) -> io::Result<()>,
) -> io::Result<()> {
    let same = pictures.same_as(picture.index)?;
    for (at, one) in std::iter::once(picture).chain(&same).enumerate() {
        let outcome = match outcome.clone() {
            // Nothing was asked for those that are the same.
            Ok(described) if at > 0 => Ok(Described {
                usage: None,
                cost: None,
                ..described
            }),
            outcome => outcome,
        };
        match &outcome {
            Ok(described) => {
                imported.done += 1;
                if let Some(usage) = &described.usage {
                    add(&mut imported.usage, usage);
                }
            }
            Err(_) => imported.failed += 1,
        }
        take(ImageResult {
            index: one.index,
            path: PathBuf::from(&one.path),
            content_hash: Some(one.content_hash),
            same_as: one.same_as,
            outcome,
        })?;
    }
    Ok(())
}

fn add(sum: &mut Usage, usage: &Usage) {
    sum.input_tokens += usage.input_tokens;
    sum.output_tokens += usage.output_tokens;
    sum.total_tokens += usage.total_tokens;
    sum.cache_read_input_tokens += usage.cache_read_input_tokens;
    sum.cache_write_input_tokens += usage.cache_write_input_tokens;
}

fn answer_to(batch: &Batch, picture: &Known, described: &Described) -> Option<PaidAnswer> {
    let mut options = JobOptions::new(batch.model_id.clone());
    options.max_tokens = batch.max_tokens;
    let text = batch.instructions.text(picture.context.as_deref());
    let key = paid::key(picture.content_hash, &text, &options, batch.simulated);
    PaidAnswer::new(key, described).ok()
}

/// The answers are taken in all the same: the worst that comes of it is that some are paid for again.
fn keep(paid: &Paid, answers: &mut Vec<PaidAnswer>) {
    if let Err(error) = paid.keep(answers) {
        tracing::warn!("answers that were paid for are not kept: {error}");
    }
    answers.clear();
}

fn outcome(batch: &Batch, prices: &Prices, line: Line) -> Result<Described, Box<Failure>> {
    if let Some(error) = line.error {
        return Err(Box::new(Failure {
            status: error.error_code,
            ..Failure::local(
                "BatchRecordFailed",
                error.error_message,
                "Ask for it again without a batch job",
            )
        }));
    }
    let answer = line.model_output.unwrap_or_default();
    let blocks = answer.pointer("/output/message/content");
    let texts: Vec<&str> = blocks
        .and_then(Value::as_array)
        .into_iter()
        .flatten()
        .filter_map(|block| block["text"].as_str())
        .collect();
    if texts.is_empty() {
        return Err(Box::new(Failure::local(
            "UnreadableAnswer",
            "The batch job's answer holds no text",
            "Ask for it again without a batch job, or choose another model",
        )));
    }
    let usage = Usage::deserialize(&answer["usage"]).ok();
    let query = PriceQuery {
        tier: Some(Tier::Batch),
        ..PriceQuery::on_demand(&batch.model_id, &batch.region)
    };
    Ok(Described {
        alt: batch.instructions.read(&texts.concat()),
        model_id: batch.model_id.clone(),
        stop_reason: answer["stopReason"].as_str().map(str::to_owned),
        cost: usage.as_ref().map(|usage| prices.breakdown(usage, &query)),
        usage,
        metrics: Metrics::default(),
        request_id: None,
        simulated: batch.simulated,
    })
}

/// What is known of the pictures: their lines stay in the file, only where each begins is in memory.
struct Pictures {
    file: BufReader<File>,
    /// Where the lines of records begin.
    records: Vec<u64>,
    /// The places of pictures that are the same as another, and where their lines begin.
    same: Vec<(usize, u64)>,
}

impl Pictures {
    fn open(path: &Path) -> io::Result<Self> {
        let mut file = BufReader::new(File::open(path)?);
        let (mut records, mut same) = (Vec::new(), Vec::new());
        let (mut start, mut line) = (0_u64, String::new());
        loop {
            line.clear();
            let length = file.read_line(&mut line)?;
            if length == 0 {
                break;
            }
            let known: Known = serde_json::from_str(&line).map_err(io::Error::other)?;
            match known.same_as {
                Some(of) => same.push((of, start)),
                None => records.push(start),
            }
            start += length as u64;
        }
        same.sort_unstable();
        Ok(Self {
            file,
            records,
            same,
        })
    }

    fn of_record(&mut self, number: usize) -> io::Result<Known> {
        self.line(self.records[number])
    }

    /// The pictures that are the same as this one.
    fn same_as(&mut self, index: usize) -> io::Result<Vec<Known>> {
        let from = self.same.partition_point(|(of, _)| *of < index);
        let lines: Vec<u64> = self.same[from..]
            .iter()
            .take_while(|(of, _)| *of == index)
            .map(|(_, start)| *start)
            .collect();
        lines.into_iter().map(|start| self.line(start)).collect()
    }

    fn line(&mut self, start: u64) -> io::Result<Known> {
        self.file.seek(SeekFrom::Start(start))?;
        let mut line = String::new();
        self.file.read_line(&mut line)?;
        serde_json::from_str(&line).map_err(io::Error::other)
    }
}
