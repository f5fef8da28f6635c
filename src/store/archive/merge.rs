//! Taking in what an archive holds, beside what is here.

use std::path::Path;

use rusqlite::{OptionalExtension as _, Transaction, params};
use sha2::{Digest as _, Sha256};

use super::read::Archive;
use super::{
    ArchiveError, ArchiveProgress, DATABASE, Fate, ImportOptions, ImportReport, PRESETS, PRICES,
    SETTINGS, Tally,
};
use crate::store::attachments::Hash;
use crate::store::save::turn_id;
use crate::store::tables::{self, Table};
use crate::store::{
    ConversationId, DataFolder, OpenError, OpenOptions, Preset, Store, StoreError, load_presets,
    load_settings, prices, save_presets, save_settings, settings,
};

/// Conversations of one transaction: few enough that a save in between does not wait long.
const AT_ONCE: usize = 50;

/// Turns that cannot have been written by this program.
const BAD_TURNS: &str = "SELECT EXISTS (SELECT 1 FROM other.turns WHERE conversation = ?1 AND \
    (role NOT IN ('user', 'assistant') OR NOT json_valid(content) \
    OR (invocation IS NOT NULL AND NOT json_valid(invocation)))) \
    OR EXISTS (SELECT 1 FROM other.parts WHERE conversation = ?1 AND NOT json_valid(record))";

/// Whether two conversations say the same.
const SAME: &str = "SELECT \
    NOT EXISTS (SELECT place, digest FROM main.turns WHERE conversation = ?1 \
        EXCEPT SELECT place, digest FROM other.turns WHERE conversation = ?2) \
    AND NOT EXISTS (SELECT place, digest FROM other.turns WHERE conversation = ?2 \
        EXCEPT SELECT place, digest FROM main.turns WHERE conversation = ?1) \
    AND NOT EXISTS (SELECT place, record FROM main.parts WHERE conversation = ?1 \
        EXCEPT SELECT place, record FROM other.parts WHERE conversation = ?2) \
    AND NOT EXISTS (SELECT place, record FROM other.parts WHERE conversation = ?2 \
        EXCEPT SELECT place, record FROM main.parts WHERE conversation = ?1) \
    AND (SELECT record FROM main.sheets WHERE conversation = ?1) \
        IS (SELECT record FROM other.sheets WHERE conversation = ?2)";

impl Store {
    /// Takes in an archive: what is not here comes in, what is here the same is left, and what is here
    /// otherwise comes in as a copy. All of the archive is looked through first, so that a bad one
    /// changes nothing; stopped or interrupted later, the same import goes on where it ended. Blocks.
    ///
    /// # Errors
    /// When the archive is damaged, of a newer version or larger than it can be, or the disk refuses.
    pub fn import_archive(
        &self,
        from: &Path,
        options: ImportOptions,
        progress: &ArchiveProgress,
    ) -> Result<ImportReport, ArchiveError> {
        let mut report = ImportReport::default();
        let work = tempfile::Builder::new()
            .prefix("import-")
            .tempdir_in(self.folder().path())
            .map_err(|source| ArchiveError::File {
                path: self.folder().path().to_owned(),
                source,
            })?;
        let database = work.path().join(DATABASE);
        let mut archive = Archive::open(from, &database, &mut report, progress)?;
        let theirs = check_database(work.path(), &archive)?;
        let other = self.attach(&database)?;
        self.check_tables(&archive)?;
        let mut merge = Merge {
            store: self,
            theirs: &theirs,
            archive: &mut archive,
            report: &mut report,
            progress,
        };
        let went_on = merge.conversations()?;
        if went_on {
            merge.ledger()?;
            merge.paid_answers()?;
            merge.presets()?;
            merge.texts(options)?;
        }
        drop(other);
        report.stopped = !went_on;
        Ok(report)
    }

    /// Looks whether the archive's tables are this version's own and nothing else is among them.
    fn check_tables(&self, archive: &Archive) -> Result<(), ArchiveError> {
        let differ: bool = self.write(|transaction| {
            let sql = |schema: &str| {
                format!(
                    "SELECT type, name, tbl_name, sql FROM {schema}.sqlite_master \
                     WHERE name NOT LIKE 'sqlite\\_%' ESCAPE '\\'"
                )
            };
            let (here, there) = (sql("main"), sql("other"));
            let sql =
                format!("SELECT EXISTS ({here} EXCEPT {there}) OR EXISTS ({there} EXCEPT {here})");
            Ok(transaction.query_row(&sql, [], |row| row.get(0))?)
        })?;
        if differ {
            return Err(archive.damaged("its tables are not those of this program"));
        }
        Ok(())
    }
}

/// Brings the archive's database to this version, and looks whether it is whole.
fn check_database(place: &Path, archive: &Archive) -> Result<Store, ArchiveError> {
    let folder = DataFolder::at(place);
    let options = OpenOptions {
        check_up_to: u64::MAX,
        ..OpenOptions::default()
    };
    match Store::open_with(&folder, options) {
        Ok(opened) if opened.set_aside.is_some() => {
            Err(archive.damaged("the history in it is damaged"))
        }
        Ok(opened) => Ok(opened.store),
        Err(OpenError::Newer { .. }) => Err(archive.newer()),
        Err(OpenError::NotOurs { .. }) => {
            Err(archive.damaged("what it holds is no history of this program"))
        }
        Err(error) => Err(ArchiveError::History(error)),
    }
}

/// An import under way.
struct Merge<'a> {
    store: &'a Store,
    /// The archive's history, to look whether it can be read as this one will be.
    theirs: &'a Store,
    archive: &'a mut Archive,
    report: &'a mut ImportReport,
    progress: &'a ArchiveProgress,
}

/// Where a conversation of the archive goes.
enum Place {
    /// It is here already.
    Here,
    /// It was here and in the trash.
    OutOfTrash(i64),
    /// It is not here.
    New(ConversationId),
    /// Another version of it is here.
    Copy(ConversationId),
}

impl Merge<'_> {
    /// Takes conversations, some at a time; false when it was stopped.
    fn conversations(&mut self) -> Result<bool, ArchiveError> {
        let (all, tables) = self.store.write(|transaction| {
            let all: Vec<(i64, String)> = transaction
                .prepare("SELECT number, id FROM other.conversations ORDER BY number")?
                .query_map([], |row| Ok((row.get(0)?, row.get(1)?)))?
                .collect::<Result<_, _>>()?;
            Ok((all, tables::of_conversations(transaction)?))
        })?;
        self.progress.begin(all.len() as u64);
        for some in all.chunks(AT_ONCE) {
            if self.progress.is_stopped() {
                return Ok(false);
            }
            self.some(some, &tables)?;
            self.progress.did(some.len() as u64);
        }
        Ok(true)
    }

    fn some(&mut self, some: &[(i64, String)], tables: &[Table]) -> Result<(), ArchiveError> {
        // Counted only when it is on the disk.
        let mut tally = self.report.conversations;
        let mut files = self.report.attachments;
        let mut refused = Vec::new();
        let (store, theirs) = (self.store, self.theirs);
        let archive = &mut *self.archive;
        store.transact(|transaction| {
            for (number, id) in some {
                let Ok(id) = id.parse::<ConversationId>() else {
                    refused.push((id.clone(), "its id is none"));
                    continue;
                };
                let bad_turns: bool =
                    transaction.query_row(BAD_TURNS, [number], |row| row.get(0))?;
                if bad_turns || theirs.load_conversation(id).is_err() {
                    refused.push((title(transaction, *number)?, "some of it cannot be read"));
                    continue;
                }
                let new = match place(transaction, *number, id)? {
                    Place::Here => {
                        tally.already_there += 1;
                        continue;
                    }
                    Place::OutOfTrash(here) => {
                        transaction.execute(
                            "UPDATE conversations SET deleted_at = NULL WHERE number = ?1",
                            [here],
                        )?;
                        tally.came_in += 1;
                        continue;
                    }
                    Place::New(id) => {
                        tally.came_in += 1;
                        id
                    }
                    Place::Copy(id) => {
                        tally.copies += 1;
                        id
                    }
                };
                for name in tables::attachments_of(transaction, *number, tables)? {
                    take_attachment(store, transaction, archive, &name, &mut files)?;
                }
                take(transaction, *number, new, tables)?;
            }
            Ok::<_, ArchiveError>(())
        })?;
        self.report.conversations = tally;
        self.report.attachments = files;
        for (what, why) in refused {
            self.report
                .refuse(format!("the conversation {what:?}"), why);
        }
        Ok(())
    }

    /// Calls that are not in the ledger yet.
    fn ledger(&mut self) -> Result<(), ArchiveError> {
        let unreadable = self.theirs.unreadable_calls()?;
        if !unreadable.is_empty() {
            let what = match unreadable.len() {
                1 => "1 call of the ledger".to_owned(),
                calls => format!("{calls} calls of the ledger"),
            };
            self.report.refuse(what, "it cannot be read");
        }
        let left_out = serde_json::Value::from(unreadable.clone()).to_string();
        self.report.ledger = self.store.write(|transaction| {
            let mut columns = tables::columns(transaction, "spend")?;
            columns.retain(|column| column != "id");
            let same: Vec<_> = columns
                .iter()
                .map(|column| format!("s.{column} IS o.{column}"))
                .collect();
            let (names, same) = (columns.join(", "), same.join(" AND "));
            let came_in = transaction.execute(
                &format!(
                    "INSERT INTO main.spend ({names}) SELECT {names} FROM other.spend AS o \
                     WHERE o.id NOT IN (SELECT value FROM json_each(?1)) \
                     AND NOT EXISTS (SELECT 1 FROM main.spend AS s WHERE {same}) ORDER BY o.id"
                ),
                [left_out],
            )?;
            tally(transaction, "spend", came_in, unreadable.len())
        })?;
        Ok(())
    }

    fn paid_answers(&mut self) -> Result<(), ArchiveError> {
        self.report.paid_answers = self.store.write(|transaction| {
            let came_in = transaction.execute(
                "INSERT OR IGNORE INTO main.paid_answers SELECT * FROM other.paid_answers",
                [],
            )?;
            tally(transaction, "paid_answers", came_in, 0)
        })?;
        Ok(())
    }

    /// Presets whose names are free; what has another one's name gets a name of its own.
    fn presets(&mut self) -> Result<(), ArchiveError> {
        let Some(text) = self.archive.text(PRESETS)? else {
            return Ok(());
        };
        let theirs: Vec<Preset> = match serde_json::from_str(&text) {
            Ok(presets) => presets,
            Err(error) => {
                self.report.refuse("the presets", error.to_string());
                return Ok(());
            }
        };
        let folder = self.store.folder();
        let mut presets = load_presets(folder)?;
        let mut tally = Tally::default();
        for mut preset in theirs {
            if presets.contains(&preset) {
                tally.already_there += 1;
                continue;
            }
            if presets.iter().any(|other| other.name == preset.name) {
                preset.name = format!("{} (from an archive)", preset.name);
                if presets.iter().any(|other| other.name == preset.name) {
                    self.report
                        .refuse(format!("the preset {:?}", preset.name), "its name is taken");
                    continue;
                }
                tally.copies += 1;
            } else {
                tally.came_in += 1;
            }
            presets.push(preset);
        }
        if tally.came_in + tally.copies > 0 {
            presets.sort_by(|one, other| one.name.cmp(&other.name));
            save_presets(folder, &presets)?;
        }
        self.report.presets = tally;
        Ok(())
    }

    /// Settings and prices, where there are none here or the person wants the archive's.
    fn texts(&mut self, options: ImportOptions) -> Result<(), ArchiveError> {
        let check = settings::check as prices::Check;
        let folder = self.store.folder().clone();
        let here = load_settings(&folder);
        self.report.settings = self.text(SETTINGS, options, check)?;
        if let (Fate::Taken, Ok(here)) = (self.report.settings, here) {
            // What holds for this computer alone stays.
            let mut taken = load_settings(&folder)?;
            taken.window = here.window;
            taken.remembered_connection = here.remembered_connection;
            save_settings(&folder, &taken)?;
        }
        for (name, check) in PRICES.into_iter().zip(prices::CHECKS) {
            let fate = self.text(name, options, check)?;
            // Of two files the one that most was done with is told.
            if matches!(
                (self.report.prices, fate),
                (Fate::NotInArchive, _) | (_, Fate::Taken)
            ) {
                self.report.prices = fate;
            }
        }
        Ok(())
    }

    fn text(
        &mut self,
        name: &'static str,
        options: ImportOptions,
        check: prices::Check,
    ) -> Result<Fate, ArchiveError> {
        let Some(text) = self.archive.text(name)? else {
            return Ok(Fate::NotInArchive);
        };
        let text = match check(&text) {
            Ok(text) => text,
            Err(reason) => {
                self.report.refuse(name, reason);
                return Ok(Fate::Kept);
            }
        };
        let folder = self.store.folder();
        match folder.read(name)? {
            Some(here) if check(&here).is_ok_and(|here| here == text) => Ok(Fate::AlreadyThere),
            Some(_) if !options.replace_settings => Ok(Fate::Kept),
            _ => {
                folder.write(name, &text)?;
                Ok(Fate::Taken)
            }
        }
    }
}

/// Where a conversation goes.
fn place(
    transaction: &Transaction<'_>,
    number: i64,
    id: ConversationId,
) -> Result<Place, StoreError> {
    let here = |id: ConversationId| {
        transaction
            .prepare_cached(
                "SELECT number, deleted_at IS NOT NULL FROM main.conversations WHERE id = ?1",
            )?
            .query_row([id.to_string()], |row| Ok((row.get(0)?, row.get(1)?)))
            .optional()
    };
    let Some((found, in_trash)): Option<(i64, bool)> = here(id)? else {
        return Ok(Place::New(id));
    };
    if transaction
        .prepare_cached(SAME)?
        .query_row([found, number], |row| row.get(0))?
    {
        let kept_there: bool = transaction.query_row(
            "SELECT deleted_at IS NULL FROM other.conversations WHERE number = ?1",
            [number],
            |row| row.get(0),
        )?;
        return Ok(if in_trash && kept_there {
            Place::OutOfTrash(found)
        } else {
            Place::Here
        });
    }
    // The same each time, so that importing twice does not copy twice.
    let copy = ConversationId::of_digest(fingerprint(transaction, number, id)?);
    Ok(match here(copy)? {
        Some(_) => Place::Here,
        None => Place::Copy(copy),
    })
}

/// Tells versions of a conversation apart.
fn fingerprint(
    transaction: &Transaction<'_>,
    number: i64,
    id: ConversationId,
) -> rusqlite::Result<[u8; 32]> {
    let mut hasher = Sha256::new();
    hasher.update(id.to_string());
    let mut statement = transaction.prepare_cached(
        "SELECT place, digest FROM other.turns WHERE conversation = ?1 \
         UNION ALL SELECT place, CAST(record AS BLOB) FROM other.parts WHERE conversation = ?1 \
         UNION ALL SELECT -1, CAST(record AS BLOB) FROM other.sheets WHERE conversation = ?1",
    )?;
    let mut rows = statement.query([number])?;
    while let Some(row) = rows.next()? {
        hasher.update(row.get::<_, i64>(0)?.to_le_bytes());
        hasher.update(row.get_ref(1)?.as_blob().unwrap_or_default());
    }
    Ok(hasher.finalize().into())
}

fn title(transaction: &Transaction<'_>, number: i64) -> rusqlite::Result<String> {
    transaction.query_row(
        "SELECT title FROM other.conversations WHERE number = ?1",
        [number],
        |row| row.get(0),
    )
}

/// Writes a file unless it is here, and the row that names it.
fn take_attachment(
    store: &Store,
    transaction: &Transaction<'_>,
    archive: &mut Archive,
    name: &str,
    tally: &mut Tally,
) -> Result<(), ArchiveError> {
    let Some(hash) = Hash::from_hex(name) else {
        return Ok(());
    };
    transaction.execute(
        "INSERT INTO main.attachments SELECT * FROM other.attachments WHERE sha256 = ?1 \
         ON CONFLICT DO NOTHING",
        [name],
    )?;
    if store.attachments().path(hash).exists() {
        tally.already_there += 1;
    } else if let Some(bytes) = archive.attachment(hash)? {
        store.attachments().put(hash, &bytes)?;
        tally.came_in += 1;
    }
    Ok(())
}

/// Copies a conversation's rows.
fn take(
    transaction: &Transaction<'_>,
    from: i64,
    id: ConversationId,
    tables: &[Table],
) -> rusqlite::Result<()> {
    let mut columns = tables::columns(transaction, "conversations")?;
    columns.retain(|column| column != "number");
    let values: Vec<_> = columns
        .iter()
        .map(|column| match column.as_str() {
            "id" => "?1",
            "version" => "1",
            other => other,
        })
        .collect();
    transaction
        .prepare_cached(&format!(
            "INSERT INTO main.conversations ({}) SELECT {} FROM other.conversations \
             WHERE number = ?2",
            columns.join(", "),
            values.join(", ")
        ))?
        .execute(params![id.to_string(), from])?;
    let to = transaction.last_insert_rowid();
    for table in tables {
        table.copy(transaction, from, to, turn_id(to, 0) - turn_id(from, 0))?;
    }
    Ok(())
}

/// How many rows of a table came in; the others were here.
fn tally(
    transaction: &Transaction<'_>,
    table: &str,
    came_in: usize,
    refused: usize,
) -> Result<Tally, StoreError> {
    let all: u64 =
        transaction.query_row(&format!("SELECT count(*) FROM other.{table}"), [], |row| {
            row.get(0)
        })?;
    let (came_in, refused) = (came_in as u64, refused as u64);
    Ok(Tally {
        came_in,
        already_there: all.saturating_sub(came_in + refused),
        copies: 0,
    })
}
