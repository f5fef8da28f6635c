//! Refreshing prices from the three files AWS publishes: each streams through the reader, which keeps
//! only rows that price calls, and nothing is taken before a person has seen what changes.

use std::io::{self, Read};

use bytes::Bytes;
use tokio::sync::mpsc;

use crate::bedrock::{self, Download, Fetched};
use crate::pricing::price_list::{self, PriceFile, ReadError, Reading, Review};
use crate::pricing::{Day, Offer, Prices};

/// Where AWS publishes its price files.
const AWS: &str = "https://pricing.us-east-1.amazonaws.com";

/// Pieces on their way from the network to the reader.
const PIECES_IN_FLIGHT: usize = 16;

/// The largest file that is read, in bytes; the real ones have a few million.
const MOST_BYTES: u64 = 512 << 20;

/// What to refresh.
#[derive(Clone, Debug)]
pub struct RefreshOptions {
    /// The region whose prices are wanted.
    pub region: String,
    /// Where the files are; at AWS when `None`.
    pub url: Option<String>,
    /// The proxy they are fetched through.
    pub proxy: bedrock::Proxy,
    /// The prices known so far.
    pub known: Prices,
    /// From when on prices may hold.
    pub today: Day,
}

/// What a refresh brought, before it is taken.
#[derive(Clone, Debug)]
pub struct Refresh {
    /// The region.
    pub region: String,
    /// What would change, and what is held back.
    pub review: Review,
    /// The files that were read.
    pub files: Vec<PriceFile>,
    /// Files that are what they were.
    pub unchanged: Vec<Offer>,
    /// Files that AWS does not have for this region.
    pub missing: Vec<Offer>,
}

/// Why there is no refresh.
#[derive(Debug, thiserror::Error)]
pub enum RefreshError {
    /// The files cannot be fetched.
    #[error("{0}. {advice}", advice = .0.advice())]
    Download(bedrock::Error),
    /// A file is not what it should be.
    #[error("{offer}: {error}. Try again later; the prices known so far stay", offer = .offer.code())]
    Read {
        /// Whose file.
        offer: Offer,
        /// What is wrong with it.
        error: ReadError,
    },
    /// A file is larger than any price file.
    #[error("{} is larger than any price file; the prices known so far stay", .0.code())]
    TooLarge(Offer),
    /// There are no files for the region.
    #[error("AWS publishes no price file for the region {0:?}; check its name")]
    NoFiles(String),
    /// The program is closing.
    #[error("The refresh ended before it was done")]
    Ended,
}

/// Fetches the price files of a region and compares them with what is known.
///
/// # Errors
/// When a file cannot be fetched or read. Nothing of the others should then be taken.
pub async fn refresh(options: RefreshOptions) -> Result<Refresh, RefreshError> {
    let mut refresh = Refresh {
        region: options.region.clone(),
        review: Review::default(),
        files: Vec::new(),
        unchanged: Vec::new(),
        missing: Vec::new(),
    };
    let mut readings = Vec::new();
    for offer in Offer::ALL {
        let known = options.known.price_list.file(offer, &options.region);
        let url = url(&options, offer);
        // A file that is what it was has other prices once the next of its terms hold.
        let still_holds = |file: &&PriceFile| file.next_terms.is_none_or(|day| day > options.today);
        let etag = known
            .filter(still_holds)
            .and_then(|file| file.etag.as_deref());
        match bedrock::download(&url, etag, &options.proxy).await {
            Ok(Fetched::NotModified) => refresh.unchanged.push(offer),
            Ok(Fetched::NotThere) => refresh.missing.push(offer),
            Ok(Fetched::Coming(download)) => {
                let etag = download.etag().map(str::to_owned);
                let reading = read(*download, offer, options.today).await?;
                refresh.files.push(PriceFile {
                    offer,
                    region: options.region.clone(),
                    published: reading.published,
                    version: reading.version.clone(),
                    fetched: options.today,
                    etag,
                    next_terms: reading.next_terms,
                });
                readings.push(reading);
            }
            Err(error) => return Err(RefreshError::Download(error)),
        }
    }
    if refresh.missing.len() == Offer::ALL.len() {
        return Err(RefreshError::NoFiles(options.region));
    }
    let known = options.known;
    refresh.review = tokio::task::spawn_blocking(move || price_list::review(readings, &known))
        .await
        .map_err(|_| RefreshError::Ended)?;
    Ok(refresh)
}

fn url(options: &RefreshOptions, offer: Offer) -> String {
    let base = options.url.as_deref().unwrap_or(AWS).trim_end_matches('/');
    // The region comes from a person; nothing of it may lead to another file.
    let region: String = options
        .region
        .chars()
        .filter(|c| c.is_ascii_alphanumeric() || *c == '-')
        .collect();
    format!(
        "{base}/offers/v1.0/aws/{}/current/{region}/index.json",
        offer.code()
    )
}

/// Lets a file stream through the reader, which blocks and so has a thread of its own.
async fn read(mut download: Download, offer: Offer, today: Day) -> Result<Reading, RefreshError> {
    let (sender, pieces) = mpsc::channel(PIECES_IN_FLIGHT);
    let reader = tokio::task::spawn_blocking(move || {
        let pieces = Pieces {
            pieces,
            rest: Bytes::new(),
        };
        price_list::read(pieces, offer, today)
    });
    let mut bytes = 0;
    let failure = loop {
        match download.next().await {
            Ok(Some(piece)) => {
                bytes += piece.len() as u64;
                if bytes > MOST_BYTES {
                    break Some(RefreshError::TooLarge(offer));
                }
                // A reader that has seen enough to refuse is not fed any more.
                if sender.send(piece).await.is_err() {
                    break None;
                }
            }
            Ok(None) => break None,
            Err(error) => break Some(RefreshError::Download(error)),
        }
    };
    drop(sender);
    let read = reader.await.map_err(|_| RefreshError::Ended)?;
    match failure {
        Some(failure) => Err(failure),
        None => read.map_err(|error| RefreshError::Read { offer, error }),
    }
}

/// Pieces that come over a channel, as something that can be read.
struct Pieces {
    pieces: mpsc::Receiver<Bytes>,
    rest: Bytes,
}

impl Read for Pieces {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        while self.rest.is_empty() {
            match self.pieces.blocking_recv() {
                Some(piece) => self.rest = piece,
                None => return Ok(0),
            }
        }
        let length = self.rest.len().min(buffer.len());
        buffer[..length].copy_from_slice(&self.rest.split_to(length));
        Ok(length)
    }
}
