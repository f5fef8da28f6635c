//! Where the images of a list stand in their document as it is by now: it may have been edited since they came from it.

use std::collections::HashMap;
use std::path::Path;

use super::take::Source;
use super::{Origin, name_of};
use crate::figures::{Document, Kind};

/// A document as it is now, to find images in.
pub(super) struct Places<'a> {
    now: &'a Document,
    source: Source,
    /// The places of each image, by its name.
    named: HashMap<String, Vec<usize>>,
    /// What was looked at already.
    digests: HashMap<String, Option<String>>,
}

/// Two images of a list that are the same image of the document.
pub(super) struct SameImage;

impl<'a> Places<'a> {
    pub fn new(document: &Path, kind: Kind, now: &'a Document) -> Result<Self, String> {
        let mut named: HashMap<String, Vec<usize>> = HashMap::new();
        for (at, figure) in now.figures.iter().enumerate() {
            named.entry(name_of(&figure.image)).or_default().push(at);
        }
        Ok(Self {
            now,
            source: Source::of_file(document, kind)?,
            named,
            digests: HashMap::new(),
        })
    }

    /// The places of each of these images; none for one that is not there any more.
    ///
    /// An image is known by its bytes, where they are known, and has another name where the program that edited the
    /// document has given it one.
    pub fn of(&mut self, origins: &[&Origin]) -> Result<Vec<Vec<usize>>, SameImage> {
        let mut found: Vec<Option<String>> = origins
            .iter()
            .map(|origin| self.is_still(origin).then(|| origin.image.clone()))
            .collect();
        for (at, origin) in origins.iter().enumerate() {
            if found[at].is_none() {
                found[at] = self.renamed(origin, &found);
            }
        }
        let mut names: Vec<&String> = found.iter().flatten().collect();
        names.sort_unstable();
        if names.windows(2).any(|pair| pair[0] == pair[1]) {
            return Err(SameImage);
        }
        let places = |name: Option<String>| name.and_then(|name| self.named.get(&name).cloned());
        Ok(found
            .into_iter()
            .map(|name| places(name).unwrap_or_default())
            .collect())
    }

    /// Whether the image of this name is the one that was described.
    fn is_still(&mut self, origin: &Origin) -> bool {
        if !self.named.contains_key(&origin.image) {
            return false;
        }
        let Some(digest) = &origin.digest else {
            return true;
        };
        let now = self.digest(&origin.image);
        now.is_none_or(|now| now == *digest)
    }

    /// The name that the image has now.
    fn renamed(&mut self, origin: &Origin, taken: &[Option<String>]) -> Option<String> {
        let digest = origin.digest.as_ref()?;
        let mut names: Vec<String> = self.named.keys().cloned().collect();
        names.sort_unstable();
        names
            .into_iter()
            .filter(|name| !taken.contains(&Some(name.clone())))
            .find(|name| self.digest(name).as_ref() == Some(digest))
    }

    fn digest(&mut self, name: &str) -> Option<String> {
        if let Some(known) = self.digests.get(name) {
            return known.clone();
        }
        let place = *self.named.get(name)?.first()?;
        let digest = self.source.digest_of(&self.now.figures.get(place)?.image);
        self.digests.insert(name.to_owned(), digest.clone());
        digest
    }
}
