//! Pages of the web and the images on them, fetched through the proxy that is set.

use std::path::Path;

use futures_util::{StreamExt as _, stream};

use super::take::{Fetch, Taken, take};
use super::{Addition, FoundDocument, TakenOut};
use crate::bedrock::{self, Proxy, WebRequest};
use crate::media;

/// Images that are fetched at once: what a browser asks of one server.
const AT_ONCE: usize = 6;

/// The largest page, in bytes.
const LARGEST_PAGE: usize = 32 * 1024 * 1024;

/// The largest image, in bytes.
const LARGEST_IMAGE: usize = 100 * 1024 * 1024;

/// Images that could not be fetched and are named; of more only the count is told.
const NAMED: usize = 3;

impl FoundDocument {
    /// Finds the images of a page of the web.
    ///
    /// # Errors
    /// In words: which page could not be fetched or used, and why.
    pub async fn fetch(address: &str, proxy: &Proxy) -> Result<Self, String> {
        let request = WebRequest {
            address,
            named_by: Some(address),
            accept: "text/html, application/xhtml+xml",
            limit: LARGEST_PAGE,
        };
        let page = bedrock::fetch(request, proxy)
            .await
            .map_err(|error| error.to_string())?;
        let kind = page.content_type.unwrap_or_default();
        if !is_page(&kind, &page.bytes) {
            return Err(format!(
                "{} is no page but {kind}; save it and drop the file here",
                page.address
            ));
        }
        let work = move || Self::of_page(page.address, &page.bytes);
        tokio::task::spawn_blocking(work)
            .await
            .unwrap_or_else(|died| Err(died.to_string()))
    }
}

/// Whether what came is a page: by its type, else by its first bytes.
fn is_page(content_type: &str, bytes: &[u8]) -> bool {
    let kind = content_type.split(';').next().unwrap_or_default().trim();
    match kind {
        "" => matches!(media::sniff(bytes), media::Kind::Other(_)),
        kind => kind.starts_with("text/") || kind.ends_with("xhtml+xml"),
    }
}

/// Takes the images out of documents: a file is made in the folder for each that is none, and what is on the web is
/// fetched. `goes_on` hears of each image, and ends it by `false`; what was taken by then is given.
///
/// # Errors
/// In words: which document cannot be read any more.
pub async fn take_out(
    documents: Vec<FoundDocument>,
    folder: &Path,
    proxy: &Proxy,
    goes_on: impl Fn() -> bool + Clone + Send + 'static,
) -> Result<TakenOut, String> {
    let (counting, into) = (goes_on.clone(), folder.to_owned());
    let at_hand = move || {
        let mut all = Taken::default();
        for document in &documents {
            take(document, &into, &counting, &mut all)?;
        }
        Ok::<_, String>(all)
    };
    let Taken {
        mut at_hand,
        to_fetch,
        mut remarks,
        ..
    } = tokio::task::spawn_blocking(at_hand)
        .await
        .map_err(|died| died.to_string())??;
    let mut failed = Vec::new();
    let one =
        |(place, image): (usize, Fetch)| async move { (place, image.fetched(folder, proxy).await) };
    let mut coming = stream::iter(to_fetch).map(one).buffered(AT_ONCE);
    while let Some((place, fetched)) = coming.next().await {
        match fetched {
            Ok(addition) => at_hand.push((place, addition)),
            Err(reason) => failed.push(reason),
        }
        if !goes_on() {
            break;
        }
    }
    if failed.len() > NAMED {
        let more = failed.len() - NAMED;
        failed.truncate(NAMED);
        failed.push(format!("and {more} more that could not be fetched"));
    }
    remarks.extend(failed);
    // As they are read, wherever they came from.
    at_hand.sort_by_key(|(place, _)| *place);
    Ok(TakenOut {
        additions: at_hand.into_iter().map(|(_, addition)| addition).collect(),
        remarks,
    })
}

impl Fetch {
    async fn fetched(self, folder: &Path, proxy: &Proxy) -> Result<Addition, String> {
        let request = WebRequest {
            address: &self.address,
            named_by: self.page.as_deref(),
            accept: "image/*",
            limit: LARGEST_IMAGE,
        };
        let fetched = bedrock::fetch(request, proxy)
            .await
            .map_err(|error| error.to_string())?;
        let folder = folder.to_owned();
        tokio::task::spawn_blocking(move || self.came(&fetched.bytes, &folder))
            .await
            .unwrap_or_else(|died| Err(died.to_string()))
    }
}
