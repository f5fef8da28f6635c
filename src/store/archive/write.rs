//! Writing an archive.

use std::fs::{self, File};
use std::io::{self, BufWriter, Read, Seek, Write};
use std::path::Path;

use rusqlite::{Connection, OpenFlags};
use zip::write::SimpleFileOptions;
use zip::{CompressionMethod, ZipWriter};

use super::{
    ATTACHMENTS, ArchiveError, ArchiveProgress, DATABASE, ExportReport, FORMAT, MANIFEST, Manifest,
    PRESETS, PRICES, SETTINGS, VERSION,
};
use crate::store::attachments::Hash;
use crate::store::{Store, StoreError, load_settings, settings};

impl Store {
    /// Writes all that is kept into one file: the history of this moment with its attachments, the
    /// ledger, settings, presets and prices. The file is there whole or not at all. Blocks.
    ///
    /// # Errors
    /// When something cannot be read or written, or it was stopped.
    pub fn export_archive(
        &self,
        to: &Path,
        progress: &ArchiveProgress,
    ) -> Result<ExportReport, ArchiveError> {
        let failed = |source| ArchiveError::File {
            path: to.to_owned(),
            source,
        };
        let place = match to.parent() {
            Some(place) if !place.as_os_str().is_empty() => place,
            _ => Path::new("."),
        };
        // Beside the archive, since there is room for it.
        let work = tempfile::Builder::new()
            .prefix(".bedrock-playground-")
            .tempdir_in(place)
            .map_err(failed)?;
        let copy = work.path().join(DATABASE);
        self.snapshot(&copy)?;
        progress.go_on()?;
        let unfinished = tempfile::NamedTempFile::new_in(place).map_err(failed)?;
        let written = self.write_all(&copy, unfinished.as_file(), to, progress);
        // What stops the copying looks like a disk that refuses.
        progress.go_on()?;
        let mut report = written?;
        unfinished.as_file().sync_all().map_err(failed)?;
        report.bytes = unfinished.as_file().metadata().map_err(failed)?.len();
        unfinished
            .persist(to)
            .map_err(|error| failed(error.error))?;
        Ok(report)
    }

    /// A copy of the database without what was deleted for good.
    fn snapshot(&self, copy: &Path) -> Result<(), StoreError> {
        // Not one of the readers: a transaction is in the way of it.
        let flags = OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_NO_MUTEX;
        let connection = Connection::open_with_flags(self.path(), flags)?;
        connection.execute("VACUUM INTO ?1", [copy.to_string_lossy()])?;
        Ok(())
    }

    fn write_all(
        &self,
        database: &Path,
        file: &File,
        to: &Path,
        progress: &ArchiveProgress,
    ) -> Result<ExportReport, ArchiveError> {
        let failed = |source: io::Error| ArchiveError::File {
            path: to.to_owned(),
            source,
        };
        let (mut report, attachments) = contents(database)?;
        let size = fs::metadata(database).map_err(failed)?.len();
        let bytes: u64 = attachments.iter().map(|(_, size)| size).sum();
        progress.begin(size + bytes);
        let mut zip = Zip {
            writer: ZipWriter::new(BufWriter::new(file)),
            progress,
        };
        let manifest = Manifest {
            format: FORMAT.to_owned(),
            version: VERSION,
            program: env!("CARGO_PKG_VERSION").to_owned(),
            created: self.now().0,
        };
        let manifest = serde_json::to_vec_pretty(&manifest).unwrap_or_default();
        zip.put(MANIFEST, &mut manifest.as_slice())
            .map_err(failed)?;
        let mut source = File::open(database).map_err(failed)?;
        zip.put(DATABASE, &mut source).map_err(failed)?;
        for (name, text) in self.texts()? {
            zip.put(name, &mut text.as_bytes()).map_err(failed)?;
        }
        for (name, _) in attachments {
            progress.go_on()?;
            let Some(hash) = Hash::from_hex(&name) else {
                continue;
            };
            match File::open(self.attachments().path(hash)) {
                Ok(mut source) => {
                    zip.put_as_it_is(&format!("{ATTACHMENTS}{name}"), &mut source)
                        .map_err(failed)?;
                    report.attachments += 1;
                }
                Err(error) if error.kind() == io::ErrorKind::NotFound => {
                    report.missing_attachments += 1;
                }
                Err(error) => return Err(failed(error)),
            }
        }
        progress.go_on()?;
        let mut rest = zip.writer.finish().map_err(|error| failed(error.into()))?;
        rest.flush().map_err(failed)?;
        Ok(report)
    }

    /// Settings, presets and prices as text. Of the settings only what this version knows: what else
    /// stands in the file may be anything.
    fn texts(&self) -> Result<Vec<(&'static str, String)>, StoreError> {
        let folder = self.folder();
        let mut texts = Vec::new();
        if folder.file(SETTINGS).exists() {
            texts.push((SETTINGS, settings::portable(&load_settings(folder)?)?));
        }
        for name in [PRESETS].into_iter().chain(PRICES) {
            if let Some(text) = folder.read(name)? {
                texts.push((name, text));
            }
        }
        Ok(texts)
    }
}

/// What a copy of the database counts, and its attachments with their sizes.
fn contents(database: &Path) -> Result<(ExportReport, Vec<(String, u64)>), StoreError> {
    let connection = Connection::open_with_flags(database, OpenFlags::SQLITE_OPEN_READ_ONLY)?;
    let conversations =
        connection.query_row("SELECT count(*) FROM conversations", [], |row| row.get(0))?;
    let mut statement = connection.prepare("SELECT sha256, size FROM attachments ORDER BY 1")?;
    let attachments = statement
        .query_map([], |row| Ok((row.get(0)?, row.get(1)?)))?
        .collect::<Result<_, _>>()?;
    let report = ExportReport {
        conversations,
        ..ExportReport::default()
    };
    Ok((report, attachments))
}

struct Zip<'a, W: Write + Seek> {
    writer: ZipWriter<W>,
    progress: &'a ArchiveProgress,
}

impl<W: Write + Seek> Zip<'_, W> {
    fn put(&mut self, name: &str, source: &mut impl Read) -> io::Result<()> {
        self.add(name, source, CompressionMethod::Deflated)
    }

    /// For pictures and documents, which are packed already.
    fn put_as_it_is(&mut self, name: &str, source: &mut impl Read) -> io::Result<()> {
        self.add(name, source, CompressionMethod::Stored)
    }

    fn add(
        &mut self,
        name: &str,
        source: &mut impl Read,
        method: CompressionMethod,
    ) -> io::Result<()> {
        let options = SimpleFileOptions::default()
            .compression_method(method)
            .large_file(true);
        self.writer.start_file(name, options)?;
        let mut piece = vec![0; 64 << 10];
        loop {
            let read = source.read(&mut piece)?;
            if read == 0 {
                return Ok(());
            }
            if self.progress.is_stopped() {
                return Err(io::ErrorKind::Interrupted.into());
            }
            self.writer.write_all(&piece[..read])?;
            self.progress.did(read as u64);
        }
    }
}
