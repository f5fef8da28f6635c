//! The objects: files in a temporary folder, and what is known of each.

use std::collections::{BTreeMap, HashMap};
use std::fmt::Write as _;
use std::io::{self, SeekFrom};
use std::ops::Bound;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::SystemTime;

use aws_smithy_types::DateTime;
use aws_smithy_types::date_time::Format;
use bytes::Bytes;
use futures_util::stream::{self, Stream};
use sha2::{Digest as _, Sha256};
use tempfile::{TempDir, TempPath};
use tokio::fs::File;
use tokio::io::{AsyncReadExt as _, AsyncSeekExt as _, AsyncWriteExt as _, BufWriter};
use uuid::Uuid;

/// How much of a file is sent at once.
const PIECE: usize = 64 * 1024;

/// All objects of an endpoint. Held only while one is looked up or put in.
#[derive(Clone, Debug, Default)]
pub struct Objects(Arc<Mutex<Inside>>);

#[derive(Debug, Default)]
struct Inside {
    objects: BTreeMap<(String, String), Object>,
    uploads: HashMap<String, Upload>,
    /// Behind the objects: their files go first.
    folder: Option<Arc<TempDir>>,
}

#[derive(Debug)]
struct Upload {
    bucket: String,
    key: String,
    parts: BTreeMap<u32, Object>,
}

/// An object.
#[derive(Clone, Debug)]
pub struct Object {
    path: Arc<TempPath>,
    /// Its size, in bytes.
    pub size: u64,
    /// Its entity tag, in quotation marks.
    pub tag: String,
    /// When it was written, as XML has it.
    pub modified: String,
    /// When it was written, as HTTP has it.
    pub modified_http: String,
}

impl Object {
    /// Opens its file.
    pub async fn open(&self) -> io::Result<File> {
        File::open(&**self.path).await
    }

    /// Reads from one byte up to another, piece by piece.
    pub async fn read(
        &self,
        start: u64,
        end: u64,
    ) -> io::Result<impl Stream<Item = io::Result<Bytes>> + use<>> {
        let mut file = self.open().await?;
        file.seek(SeekFrom::Start(start)).await?;
        // The file goes when nobody reads it any more.
        let path = Arc::clone(&self.path);
        let state = (file.take(end - start), path);
        Ok(stream::try_unfold(state, async |(mut file, path)| {
            let mut piece = vec![0; PIECE];
            let length = file.read(&mut piece).await?;
            piece.truncate(length);
            Ok((length > 0).then(|| (Bytes::from(piece), (file, path))))
        }))
    }
}

/// An object being written.
#[derive(Debug)]
pub struct Writer {
    file: BufWriter<File>,
    path: TempPath,
    size: u64,
    hash: Sha256,
}

impl Writer {
    /// Writes some more of it.
    pub async fn write(&mut self, bytes: &[u8]) -> io::Result<()> {
        self.size += bytes.len() as u64;
        self.hash.update(bytes);
        self.file.write_all(bytes).await
    }

    /// Ends it.
    pub async fn finish(mut self) -> io::Result<Object> {
        self.file.flush().await?;
        let mut tag = String::from("\"");
        for byte in &self.hash.finalize()[..16] {
            // Writing to a string cannot fail.
            write!(tag, "{byte:02x}").ok();
        }
        tag.push('"');
        let now = DateTime::from(SystemTime::now());
        Ok(Object {
            path: Arc::new(self.path),
            size: self.size,
            tag,
            modified: now.fmt(Format::DateTime).unwrap_or_default(),
            modified_http: now.fmt(Format::HttpDate).unwrap_or_default(),
        })
    }
}

impl Objects {
    /// Begins an object that is nowhere yet.
    pub fn writer(&self) -> io::Result<Writer> {
        let folder = self.with(|inside| {
            if let Some(folder) = &inside.folder {
                return Ok(Arc::clone(folder));
            }
            let folder = Arc::new(tempfile::tempdir()?);
            inside.folder = Some(Arc::clone(&folder));
            io::Result::Ok(folder)
        })?;
        let (file, path) = tempfile::NamedTempFile::new_in(folder.path())?.into_parts();
        Ok(Writer {
            file: BufWriter::with_capacity(PIECE, File::from_std(file)),
            path,
            size: 0,
            hash: Sha256::new(),
        })
    }

    /// An object.
    pub fn get(&self, bucket: &str, key: &str) -> Option<Object> {
        let place = (bucket.to_owned(), key.to_owned());
        self.with(|inside| inside.objects.get(&place).cloned())
    }

    /// Puts an object into its place.
    pub fn put(&self, bucket: &str, key: &str, object: Object) {
        let place = (bucket.to_owned(), key.to_owned());
        self.with(|inside| inside.objects.insert(place, object));
    }

    /// Removes an object, if it is there.
    pub fn delete(&self, bucket: &str, key: &str) {
        let place = (bucket.to_owned(), key.to_owned());
        self.with(|inside| inside.objects.remove(&place));
    }

    /// Objects by key: those that begin so and come after this one.
    pub fn list(
        &self,
        bucket: &str,
        prefix: &str,
        after: &str,
        most: usize,
    ) -> Vec<(String, Object)> {
        let from = (bucket.to_owned(), after.max(prefix).to_owned());
        let is_wanted = |key: &str| key.starts_with(prefix) && (after.is_empty() || key > after);
        self.with(|inside| {
            inside
                .objects
                .range((Bound::Included(from), Bound::Unbounded))
                .take_while(|((of, key), _)| {
                    of == bucket && (key.starts_with(prefix) || key.as_str() <= after)
                })
                .filter(|((_, key), _)| is_wanted(key))
                .take(most)
                .map(|((_, key), object)| (key.clone(), object.clone()))
                .collect()
        })
    }

    /// Begins an upload in parts.
    pub fn begin(&self, bucket: &str, key: &str) -> String {
        let id = Uuid::new_v4().simple().to_string();
        let upload = Upload {
            bucket: bucket.to_owned(),
            key: key.to_owned(),
            parts: BTreeMap::new(),
        };
        self.with(|inside| inside.uploads.insert(id.clone(), upload));
        id
    }

    /// Puts a part into its place; `None` when there is no such upload.
    pub fn put_part(&self, upload: &str, number: u32, part: Object) -> Option<()> {
        self.with(|inside| {
            inside.uploads.get_mut(upload)?.parts.insert(number, part);
            Some(())
        })
    }

    /// Makes an object of the parts; `None` when there is no such upload.
    pub async fn complete(&self, upload: &str) -> io::Result<Option<String>> {
        let Some(upload) = self.with(|inside| inside.uploads.remove(upload)) else {
            return Ok(None);
        };
        let mut writer = self.writer()?;
        let mut piece = vec![0; PIECE];
        for part in upload.parts.values() {
            let mut file = part.open().await?;
            loop {
                let length = file.read(&mut piece).await?;
                if length == 0 {
                    break;
                }
                writer.write(&piece[..length]).await?;
            }
        }
        let object = writer.finish().await?;
        let tag = object.tag.clone();
        self.put(&upload.bucket, &upload.key, object);
        Ok(Some(tag))
    }

    /// Forgets an upload.
    pub fn abort(&self, upload: &str) {
        self.with(|inside| inside.uploads.remove(upload));
    }

    fn with<T>(&self, act: impl FnOnce(&mut Inside) -> T) -> T {
        // Whoever panicked while holding it left whole values behind: each is put in at once.
        act(&mut self.0.lock().unwrap_or_else(PoisonError::into_inner))
    }
}
