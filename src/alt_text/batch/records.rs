//! Pictures to records: one line each for the service, and one for us, written as they are opened.

use std::collections::HashMap;
use std::fs::{File, OpenOptions};
use std::io::{self, BufWriter, Write};
use std::path::Path;

use serde::{Deserialize, Serialize};
use serde_json::json;

use super::folder::BatchFolder;
use super::{Batch, BatchLimits};
use crate::alt_text::job::{JobOptions, Prepared, Source, prepare_bytes, request};
use crate::chat::Failure;
use crate::media;
use crate::pricing::{self, PriceQuery, Prompt, Tier, Usd};

/// What came of writing the records of one job.
#[derive(Debug, Default)]
pub(super) struct Written {
    /// How many records there are.
    pub records: u64,
    /// Bytes of the records.
    pub bytes: u64,
    /// The places of pictures that have a record, or are the same as one that has.
    pub places: Vec<usize>,
    /// Pictures that could not be opened, by their place, and why.
    pub failed: Vec<(usize, Failure)>,
    /// The least and the most it can cost in a batch job; `None` when that is not known.
    pub cost: Option<(Usd, Usd)>,
}

/// What we know of a record, in the order of records.
#[derive(Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Known {
    /// Places and files of the picture: the first was asked for, the others are the same.
    pub index: usize,
    pub path: String,
    pub content_hash: [u8; 32],
    pub context: Option<String>,
    /// The place of the picture that stands for this one.
    #[serde(default)]
    pub same_as: Option<usize>,
}

/// The name of a record: letters and digits, eleven of them.
pub(super) fn record_id(number: u64) -> String {
    format!("img{number:08}")
}

/// The number of a record by its name.
pub(super) fn record_number(id: &str) -> Option<u64> {
    id.strip_prefix("img")?.parse().ok()
}

/// A picture as it was seen: its bytes, and what is said of it.
type Seen = ([u8; 32], Option<String>);

/// Writes the records of one job after the other. Nothing of the pictures stays in memory but a few
/// bytes each.
pub(super) struct Recorder {
    sources: Vec<(usize, Source)>,
    options: JobOptions,
    region: String,
    folder: BatchFolder,
    limits: BatchLimits,
    /// The job and the place of every picture that has a record.
    seen: HashMap<Seen, (String, usize)>,
    next: usize,
}

impl Recorder {
    pub(super) fn new(
        sources: Vec<(usize, Source)>,
        options: JobOptions,
        region: String,
        folder: BatchFolder,
        limits: BatchLimits,
    ) -> Self {
        Self {
            sources,
            options,
            region,
            folder,
            limits,
            seen: HashMap::new(),
            next: 0,
        }
    }

    /// How many pictures were looked at.
    pub(super) fn done(&self) -> usize {
        self.next
    }

    /// The places of pictures that were not looked at.
    pub(super) fn rest(&self) -> Vec<usize> {
        let rest = self.sources.get(self.next..).unwrap_or_default();
        rest.iter().map(|(place, _)| *place).collect()
    }

    /// Writes as many records as a job takes, and what is known of each. `so_far` hears of each
    /// picture, and ends it by `false`. Blocks.
    ///
    /// # Errors
    /// When a file cannot be written.
    pub(super) fn write(
        &mut self,
        batch: &Batch,
        most: u64,
        records: &Path,
        so_far: &mut dyn FnMut(usize) -> bool,
    ) -> io::Result<Written> {
        let mut records = BufWriter::new(File::create(records)?);
        let mut known = BufWriter::new(File::create(self.folder.known(&batch.id))?);
        let mut written = Written {
            cost: Some((Usd::ZERO, Usd::ZERO)),
            ..Written::default()
        };
        while let Some((place, source)) = self.sources.get(self.next) {
            if !so_far(self.next) {
                break;
            }
            let (place, context) = (*place, source.context.clone());
            let (prepared, path) = match open(source, &self.options) {
                Ok(opened) => opened,
                Err(failure) => {
                    written.failed.push((place, *failure));
                    self.next += 1;
                    continue;
                }
            };
            let picture = (prepared.content_hash, context.clone());
            let mut line = Known {
                index: place,
                path,
                content_hash: prepared.content_hash,
                context: context.clone(),
                same_as: None,
            };
            if let Some((job, first)) = self.seen.get(&picture) {
                line.same_as = Some(*first);
                if *job == batch.id {
                    write_line(&mut known, &line)?;
                } else {
                    // Jobs before this one are answered for it too.
                    let file = OpenOptions::new().append(true).open(self.folder.known(job));
                    write_line(&mut file?, &line)?;
                }
                written.places.push(place);
                self.next += 1;
                continue;
            }
            let text = self.options.instructions.text(context.as_deref());
            let size = prepared.size;
            let bytes = record(&self.options, written.records, prepared, &text)?;
            let length = bytes.len() as u64;
            if written.records >= most || written.bytes + length > self.limits.most_bytes {
                break;
            }
            records.write_all(&bytes)?;
            write_line(&mut known, &line)?;
            self.seen.insert(picture, (batch.id.clone(), place));
            written.places.push(place);
            written.records += 1;
            written.bytes += length;
            written.cost = add(written.cost, cost(&self.options, &self.region, &text, size));
            self.next += 1;
        }
        records.flush()?;
        known.flush()?;
        Ok(written)
    }
}

fn open(source: &Source, options: &JobOptions) -> Result<(Prepared, String), Box<Failure>> {
    if let Some(problem) = &source.problem {
        return Err(Box::new(problem.clone()));
    }
    let (name, bytes) = media::read_file(&source.path, &options.limits)
        .map_err(|error| Box::new(Failure::from(error)))?;
    let prepared = prepare_bytes(&name, &bytes, &options.limits)?;
    let Some(path) = source.path.to_str() else {
        let words = format!("{} has a name that is no text", source.path.display());
        return Err(Box::new(Failure::local(
            "FileNameUnusable",
            words,
            "Rename it",
        )));
    };
    Ok((prepared, path.to_owned()))
}

/// A record as a line of the job's file.
fn record(
    options: &JobOptions,
    number: u64,
    prepared: Prepared,
    text: &str,
) -> io::Result<Vec<u8>> {
    let record = json!({
        "recordId": record_id(number),
        "modelInput": request(options, prepared.block, text.to_owned()).to_converse_json(),
    });
    let mut bytes = serde_json::to_vec(&record).map_err(io::Error::other)?;
    bytes.push(b'\n');
    Ok(bytes)
}

fn write_line(to: &mut dyn Write, line: &Known) -> io::Result<()> {
    let mut bytes = serde_json::to_vec(line).map_err(io::Error::other)?;
    bytes.push(b'\n');
    to.write_all(&bytes)
}

/// What one record costs in a batch job: at least, and at most.
fn cost(
    options: &JobOptions,
    region: &str,
    text: &str,
    size: pricing::PixelSize,
) -> Option<(Usd, Usd)> {
    let prompt = Prompt {
        texts: &[text],
        images: &[size],
        max_tokens: options.max_tokens,
        ..Prompt::default()
    };
    let query = PriceQuery {
        tier: Some(Tier::Batch),
        ..PriceQuery::on_demand(&options.model_id, region)
    };
    let estimate = pricing::estimate(&options.prices, &prompt, &query).ok()?;
    Some((estimate.lower, estimate.upper))
}

fn add(sum: Option<(Usd, Usd)>, one: Option<(Usd, Usd)>) -> Option<(Usd, Usd)> {
    let ((low, high), (more_low, more_high)) = (sum?, one?);
    Some((low + more_low, high + more_high))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_record_is_named_by_eleven_letters_and_digits() {
        assert_eq!(record_id(7), "img00000007");
        assert_eq!(record_number("img00000007"), Some(7));
        assert_eq!(record_number("7"), None);
    }
}
