//! Images taken out of their documents: those of packages and pages become files, those that are files stay where
//! they are.

use std::collections::HashMap;
use std::io;
use std::path::{Path, PathBuf};

use base64::Engine as _;
use percent_encoding::percent_decode_str;

use super::{DocumentPlace, FoundDocument, FoundImage, Origin, bytes_of, digest};
use crate::figures::{ImageSource, Images, Kind};
use crate::files;
use crate::media;

/// Longest name of a file that is made, in characters.
const LONGEST_NAME: usize = 80;

/// A picture for a list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Addition {
    /// The file.
    pub path: PathBuf,
    /// What is true of it.
    pub context: Option<String>,
    /// Where it stands in a document.
    pub origin: Option<Origin>,
}

/// What the images of some documents come to, each with its place among all.
#[derive(Default)]
pub(super) struct Taken {
    /// Those that are files now.
    pub at_hand: Vec<(usize, Addition)>,
    /// Those that are to be fetched.
    pub to_fetch: Vec<(usize, Fetch)>,
    /// Those that are not there, in words.
    pub remarks: Vec<String>,
    count: usize,
}

/// An image that is on the web.
pub(super) struct Fetch {
    /// Its address.
    pub address: String,
    /// The page that it is on; a file's images are asked for by nobody's page.
    pub page: Option<String>,
    image: FoundImage,
}

/// What became of the images of some documents.
#[derive(Clone, Debug, Default)]
pub struct TakenOut {
    /// Those that are files now.
    pub additions: Vec<Addition>,
    /// Those that are not there, in words.
    pub remarks: Vec<String>,
}

impl From<PathBuf> for Addition {
    fn from(path: PathBuf) -> Self {
        Self {
            path,
            context: None,
            origin: None,
        }
    }
}

impl Fetch {
    /// The image as a file of a folder, with the bytes that came. Blocks: for a worker thread.
    pub fn came(self, bytes: &[u8], folder: &Path) -> Result<Addition, String> {
        let path = keep(bytes, &self.address, folder)?;
        Ok(self.image.at(path))
    }
}

impl FoundImage {
    fn at(self, path: PathBuf) -> Addition {
        Addition {
            path,
            context: self.context,
            origin: Some(self.origin),
        }
    }
}

impl FoundDocument {
    /// Where on the web an image is; `None` for one that is not there.
    pub(super) fn web_address(&self, image: &FoundImage) -> Option<String> {
        let ImageSource::Address(address) = &image.source else {
            return None;
        };
        let base = self.base.as_deref();
        match &self.place {
            DocumentPlace::Page(page) => {
                let base = base.and_then(|base| crate::bedrock::resolve(page, base));
                crate::bedrock::resolve(base.as_deref().unwrap_or(page), address)
            }
            DocumentPlace::File(_) => {
                let address = match address.strip_prefix("//") {
                    Some(rest) => format!("https://{rest}"),
                    None => address.clone(),
                };
                let base = base.unwrap_or("https://localhost/");
                let resolved = crate::bedrock::resolve(base, &address)?;
                (self.base.is_some() || is_absolute(&address)).then_some(resolved)
            }
        }
    }
}

fn is_absolute(address: &str) -> bool {
    let begins = |with: &str| {
        address
            .get(..with.len())
            .is_some_and(|begin| begin.eq_ignore_ascii_case(with))
    };
    begins("https://") || begins("http://")
}

/// Takes the images of a document that are at hand, and says which are to be fetched. Blocks: for a worker thread.
pub(super) fn take(
    document: &FoundDocument,
    folder: &Path,
    goes_on: &dyn Fn() -> bool,
    taken: &mut Taken,
) -> Result<(), String> {
    let mut source = Source::open(document)?;
    let mut missing = Vec::new();
    for image in &document.images {
        taken.count += 1;
        let place = taken.count;
        if let Some(address) = document.web_address(image) {
            let page = match &document.place {
                DocumentPlace::Page(page) => Some(page.clone()),
                DocumentPlace::File(_) => None,
            };
            let fetch = Fetch {
                address,
                page,
                image: image.clone(),
            };
            taken.to_fetch.push((place, fetch));
            continue;
        }
        match source.file_of(&image.source, folder) {
            Ok(path) => {
                let mut image = image.clone();
                if matches!(image.source, ImageSource::Part(_)) {
                    image.origin.digest = digest_in(&path);
                }
                taken.at_hand.push((place, image.at(path)));
            }
            Err(reason) => missing.push(reason),
        }
        if !goes_on() {
            break;
        }
    }
    if let Some(first) = missing.first() {
        let name = document.place.name();
        taken.remarks.push(match missing.len() {
            1 => format!("{name}: {first}"),
            count => format!("{name}: {count} images were left out; {first}"),
        });
    }
    Ok(())
}

/// Where the images of a document come from.
pub(super) enum Source {
    /// The document itself.
    Within(Images),
    /// Files beside it. Folders that a search led to are remembered.
    Beside {
        document: PathBuf,
        roots: HashMap<String, PathBuf>,
    },
    /// The web alone.
    Page,
}

impl Source {
    fn open(document: &FoundDocument) -> Result<Self, String> {
        match &document.place {
            DocumentPlace::File(path) => Self::of_file(path, document.kind),
            DocumentPlace::Page(_) => Ok(Self::Page),
        }
    }

    /// Those of a document that is a file.
    pub fn of_file(path: &Path, kind: Kind) -> Result<Self, String> {
        if !kind.holds_its_images() {
            return Ok(Self::Beside {
                document: path.to_owned(),
                roots: HashMap::new(),
            });
        }
        let bytes = bytes_of(path).map_err(|error| format!("{} {error}", path.display()))?;
        Images::open(kind, bytes)
            .map(Self::Within)
            .map_err(|error| format!("{} cannot be used: {error}", path.display()))
    }

    /// The beginning of the digest of an image's bytes; none for one whose bytes are elsewhere, or its name.
    pub fn digest_of(&mut self, image: &ImageSource) -> Option<String> {
        let bytes = match (image, self) {
            (ImageSource::Part(part), Self::Within(images)) => images.image(part).ok()?,
            (ImageSource::Address(address), Self::Beside { document, roots }) => {
                bytes_of(&beside(document, address, roots)?).ok()?
            }
            _ => return None,
        };
        Some(digest(&media::content_hash(&bytes)))
    }

    /// The file of an image; it is made where there is none.
    fn file_of(&mut self, image: &ImageSource, folder: &Path) -> Result<PathBuf, String> {
        match (image, self) {
            (ImageSource::Address(address), _) if address.starts_with("data:") => {
                keep(&bytes_in(address)?, "image", folder)
            }
            (ImageSource::Part(part), Self::Within(images)) => {
                let bytes = images.image(part).map_err(|error| error.to_string())?;
                keep(&bytes, part, folder)
            }
            (ImageSource::Address(address), Self::Beside { document, roots }) => {
                beside(document, address, roots).ok_or_else(|| format!("{address} is not there"))
            }
            (ImageSource::Address(name) | ImageSource::Part(name), _) => {
                Err(format!("{name} is not in it"))
            }
        }
    }
}

/// A file beside a document, by an address in it; one that begins at the root of a site is looked for in the folders
/// above too.
fn beside(document: &Path, address: &str, roots: &mut HashMap<String, PathBuf>) -> Option<PathBuf> {
    let address = address.split(['?', '#']).next()?;
    let address = percent_decode_str(address).decode_utf8_lossy();
    if !is_below_a_folder(&address) {
        return None;
    }
    let folder = document.parent()?;
    let Some(from_root) = address.strip_prefix('/') else {
        let path = folder.join(address.as_ref());
        return path.is_file().then_some(path);
    };
    let first = from_root.split('/').next().unwrap_or_default();
    if let Some(root) = roots.get(first) {
        let path = root.join(from_root);
        return path.is_file().then_some(path);
    }
    let root = folder
        .ancestors()
        .find(|root| root.join(from_root).is_file())?;
    roots.insert(first.to_owned(), root.to_owned());
    Some(root.join(from_root))
}

/// Whether an address in a document leads from folder to folder on this computer alone. What Windows takes for a drive
/// or for a share of another computer (which it would sign in to) replaces a folder that it is joined to.
fn is_below_a_folder(address: &str) -> bool {
    let relative = address.strip_prefix('/').unwrap_or(address);
    let has_drive = relative.as_bytes().get(1) == Some(&b':');
    !relative.starts_with('/') && !relative.contains('\\') && !has_drive
}

/// The bytes in a `data:` address (RFC 2397).
fn bytes_in(address: &str) -> Result<Vec<u8>, String> {
    let broken = || "an image within the document is broken".to_owned();
    let (head, data) = address.split_once(',').ok_or_else(broken)?;
    let data: Vec<u8> = percent_decode_str(data).collect();
    if !head.trim_end().to_ascii_lowercase().ends_with(";base64") {
        return Ok(data);
    }
    let data: Vec<u8> = data
        .into_iter()
        .filter(|byte| !byte.is_ascii_whitespace() && *byte != b'=')
        .collect();
    base64::engine::general_purpose::STANDARD_NO_PAD
        .decode(data)
        .map_err(|_| broken())
}

/// Gives bytes a file, in a folder of their own, so that the same image is one file and each has its name.
fn keep(bytes: &[u8], name: &str, folder: &Path) -> Result<PathBuf, String> {
    let folder = folder.join(digest(&media::content_hash(bytes)));
    let path = folder.join(file_name(name, bytes));
    if path.is_file() {
        return Ok(path);
    }
    let failed = |error: io::Error| format!("{}: {error}", path.display());
    std::fs::create_dir_all(&folder).map_err(failed)?;
    files::replace(&path, bytes, None).map_err(failed)?;
    Ok(path)
}

/// The digest that [`keep`] has put into a path.
fn digest_in(path: &Path) -> Option<String> {
    let folder = path.parent()?.file_name()?.to_str()?;
    Some(folder.to_owned())
}

/// A name that every system takes, by the last part of an address.
fn file_name(address: &str, bytes: &[u8]) -> String {
    let path = address.split(['?', '#']).next().unwrap_or_default();
    let last = path.rsplit('/').next().unwrap_or_default();
    let last = percent_decode_str(last).decode_utf8_lossy();
    let (stem, extension) = last.rsplit_once('.').unwrap_or((&last, ""));
    let harmless = |text: &str, most: usize| {
        let harmless = |c: char| {
            if c.is_alphanumeric() || matches!(c, '-' | '_' | ' ' | '.') {
                c
            } else {
                '_'
            }
        };
        let text: String = text.chars().map(harmless).take(most).collect();
        text.trim_matches([' ', '.']).to_owned()
    };
    let mut stem = harmless(stem, LONGEST_NAME);
    if stem.is_empty() {
        "image".clone_into(&mut stem);
    }
    let extension = harmless(extension, 8);
    if extension.is_empty() {
        return match media::sniff(bytes) {
            media::Kind::Image(format) => {
                format!("{stem}.{}", format.name().to_ascii_lowercase())
            }
            _ => stem,
        };
    }
    format!("{stem}.{extension}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_leads_to_no_other_computer_and_no_drive() {
        let folder = tempfile::tempdir().unwrap();
        let page = folder.path().join("page.html");
        let picture = folder.path().join("a b.png");
        std::fs::write(&picture, "").unwrap();
        let roots = &mut HashMap::new();
        for there in ["a b.png", "a%20b.png?1", "./a b.png", "/a%20b.png#x"] {
            assert!(beside(&page, there, roots).is_some(), "{there}");
        }
        let absolute = format!("/{}", picture.display());
        let encoded = absolute.replacen('/', "%2F", 2);
        for elsewhere in [
            r"\\host\share\a.png",
            "%5c%5chost%5cshare%5ca.png",
            "/%5C%5Chost%5Cshare",
            r"C:\a.png",
            "C:/a.png",
            "/c:/a.png",
            &absolute,
            &encoded,
        ] {
            assert_eq!(beside(&page, elsewhere, roots), None, "{elsewhere}");
            let decoded = percent_decode_str(elsewhere).decode_utf8_lossy();
            assert!(!is_below_a_folder(&decoded), "{elsewhere}");
        }
    }
}
