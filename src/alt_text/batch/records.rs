//! Pictures to records: one line each for the service, and one for us, written as they are opened.

use std::collections::HashMap;
use std::io::{self, Write};

use serde::{Deserialize, Serialize};
use serde_json::json;

use super::{MOST_BYTES, MOST_RECORDS};
use crate::alt_text::job::{JobOptions, Prepared, Source, prepare_bytes, request};
use crate::chat::Failure;
use crate::media;
use crate::pricing::{self, PriceQuery, Prompt, Tier, Usd};

/// What came of writing.
#[derive(Debug, Default)]
pub struct Written {
    /// How many records there are.
    pub records: u64,
    /// Bytes of the records.
    pub bytes: u64,
    /// Pictures that are the same as one before, with the same said of them.
    pub same: usize,
    /// Pictures that could not be opened, by their place, and why.
    pub failed: Vec<(usize, Failure)>,
    /// Pictures that one job does not take any more, from this place on.
    pub rest_from: Option<usize>,
    /// The least and the most it can cost in a batch job; `None` when that is not known.
    pub cost: Option<(Usd, Usd)>,
    /// Whether somebody ended it early.
    pub stopped: bool,
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

/// Writes a record for each picture, and beside it what is known of it. `so_far` hears of each picture,
/// and ends it by `false`. Blocks.
///
/// # Errors
/// When a writer fails.
pub fn write_records(
    sources: &[Source],
    options: &JobOptions,
    region: &str,
    records: &mut dyn Write,
    known: &mut dyn Write,
    so_far: &mut dyn FnMut(usize) -> bool,
) -> io::Result<Written> {
    let mut written = Written {
        cost: Some((Usd::ZERO, Usd::ZERO)),
        ..Written::default()
    };
    let mut seen: HashMap<([u8; 32], Option<&str>), usize> = HashMap::new();
    for (index, source) in sources.iter().enumerate() {
        if !so_far(index) {
            written.stopped = true;
            break;
        }
        let prepared = match open(source, options) {
            Ok(prepared) => prepared,
            Err(failure) => {
                written.failed.push((index, *failure));
                continue;
            }
        };
        let Some(path) = source.path.to_str() else {
            let words = format!("{} has a name that is no text", source.path.display());
            let failure = Failure::local("FileNameUnusable", words, "Rename it");
            written.failed.push((index, failure));
            continue;
        };
        let same_as = seen
            .get(&(prepared.content_hash, source.context.as_deref()))
            .copied();
        let line = Known {
            index,
            path: path.to_owned(),
            content_hash: prepared.content_hash,
            context: source.context.clone(),
            same_as,
        };
        if same_as.is_some() {
            written.same += 1;
            write_line(known, &line)?;
            continue;
        }
        let text = options.instructions.text(source.context.as_deref());
        let record = json!({
            "recordId": record_id(written.records),
            "modelInput": request(options, prepared.block, text.clone()).to_converse_json(),
        });
        let mut bytes = serde_json::to_vec(&record).map_err(io::Error::other)?;
        bytes.push(b'\n');
        let length = bytes.len() as u64;
        if written.records >= MOST_RECORDS || written.bytes + length > MOST_BYTES {
            written.rest_from = Some(index);
            break;
        }
        records.write_all(&bytes)?;
        write_line(known, &line)?;
        seen.insert((prepared.content_hash, source.context.as_deref()), index);
        written.records += 1;
        written.bytes += length;
        written.cost = add(written.cost, cost(options, region, &text, prepared.size));
    }
    records.flush()?;
    known.flush()?;
    Ok(written)
}

fn open(source: &Source, options: &JobOptions) -> Result<Prepared, Box<Failure>> {
    if let Some(problem) = &source.problem {
        return Err(Box::new(problem.clone()));
    }
    let (name, bytes) = media::read_file(&source.path, &options.limits)
        .map_err(|error| Box::new(Failure::from(error)))?;
    prepare_bytes(&name, &bytes, &options.limits)
}

fn write_line(to: &mut dyn Write, line: &Known) -> io::Result<()> {
    serde_json::to_writer(&mut *to, line).map_err(io::Error::other)?;
    to.write_all(b"\n")
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
