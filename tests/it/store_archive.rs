//! All that is kept as one file: it comes back whole elsewhere, and a bad file changes nothing.

use std::collections::BTreeMap;
use std::fs::File;
use std::io::{Read as _, Write as _};
use std::path::{Path, PathBuf};

use bedrock_playground::chat::Configuration;
use bedrock_playground::store::{
    self, ArchiveError, ArchiveProgress, ConversationId, Fate, HistoryQuery, ImportOptions,
    ImportReport, Preset, Screen, Settings, Shelf, Store, Tally, Theme,
};
use rusqlite::Connection;
use rusqlite::types::Value;
use zip::write::SimpleFileOptions;
use zip::{ZipArchive, ZipWriter};

use crate::store::{Place, draft, everything, exchange, owned, place};
use crate::store_parts::{draft as parts_draft, part, part_with_file};
use crate::store_spend::row;

fn export(place: &Place, to: &Path) {
    let report = place
        .store
        .export_archive(to, &ArchiveProgress::default())
        .unwrap();
    assert_eq!(report.bytes, std::fs::metadata(to).unwrap().len());
}

fn import(place: &Place, from: &Path) -> Result<ImportReport, ArchiveError> {
    place
        .store
        .import_archive(from, ImportOptions::default(), &ArchiveProgress::default())
}

/// Something of everything that can be kept.
fn filled() -> Place {
    let place = place();
    let store = &place.store;
    let mut with_sheet = draft("Branches and pictures", everything());
    with_sheet.sheet = Some("{\"columns\":[]}".into());
    store.save_conversation(&with_sheet).unwrap();
    store.add_tag(with_sheet.id, "rivers").unwrap();
    store.set_pinned(with_sheet.id, true).unwrap();
    let gone = draft("In the trash", exchange("Old", "Older"));
    store.save_conversation(&gone).unwrap();
    store.delete(gone.id).unwrap();
    store
        .save_parts(
            &parts_draft("Pictures"),
            &[part(0, "a pier"), part_with_file(3, "a boat", b"the boat")],
        )
        .unwrap();
    store.record_spend(&row(1, Some("0.01"))).unwrap();
    store.record_spend(&row(2, None)).unwrap();
    store
        .keep_paid_answers([([7; 32], "{\"text\":\"paid\"}")])
        .unwrap();
    let presets = [Preset {
        name: "Terse".into(),
        model: None,
        configuration: Configuration {
            temperature: Some(0.2),
            ..Configuration::default()
        },
    }];
    store::save_presets(&place.folder, &presets).unwrap();
    let mut settings = Settings::default();
    settings.theme = Theme::Dark;
    settings.remembered_connection = true;
    store::save_settings(&place.folder, &settings).unwrap();
    place
}

/// Every row of every table but those of the index, without the numbers that rows get on arrival.
fn rows(place: &Place) -> BTreeMap<String, Vec<String>> {
    let connection = Connection::open(place.folder.file("playground.db")).unwrap();
    let names: Vec<String> = connection
        .prepare(
            "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite%' \
             AND name NOT LIKE 'search%' ORDER BY name",
        )
        .unwrap()
        .query_map([], |row| row.get(0))
        .unwrap()
        .collect::<Result<_, _>>()
        .unwrap();
    let mut tables = BTreeMap::new();
    for name in names {
        let mut statement = connection
            .prepare(&format!("SELECT * FROM {name}"))
            .unwrap();
        let columns: Vec<String> = statement.column_names().map(str::to_owned).collect();
        let numbers = ["number", "conversation", "turn", "part", "version"];
        let mut rows: Vec<String> = statement
            .query_map([], |row| {
                let cells = columns.iter().enumerate().filter(|(_, column)| {
                    !numbers.contains(&column.as_str())
                        && (*column != "id" || name == "conversations")
                });
                cells
                    .map(|(at, column)| Ok(format!("{column}={:?}", row.get::<_, Value>(at)?)))
                    .collect::<Result<Vec<_>, _>>()
                    .map(|cells| cells.join(" "))
            })
            .unwrap()
            .collect::<Result<_, _>>()
            .unwrap();
        rows.sort();
        tables.insert(name, rows);
    }
    tables
}

fn files_below(folder: &Path, found: &mut Vec<PathBuf>) {
    for entry in std::fs::read_dir(folder).into_iter().flatten() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            files_below(&path, found);
        } else {
            found.push(path);
        }
    }
}

/// An archive in a folder of its own.
fn archive_of(place: &Place) -> (tempfile::TempDir, PathBuf) {
    let elsewhere = tempfile::tempdir().unwrap();
    let path = elsewhere.path().join("all.zip");
    export(place, &path);
    (elsewhere, path)
}

#[test]
fn everything_that_is_kept_comes_back_elsewhere_and_only_once() {
    let from = filled();
    let before = rows(&from);
    for (table, rows) in &before {
        assert!(
            !rows.is_empty(),
            "nothing is in {table}: put something into it above, so that this test sees it arrive"
        );
    }
    let (elsewhere, archive) = archive_of(&from);
    let mut left = Vec::new();
    files_below(elsewhere.path(), &mut left);
    assert_eq!(
        left.as_slice(),
        std::slice::from_ref(&archive),
        "no working files are left"
    );
    let to = place();
    let report = import(&to, &archive).unwrap();
    assert_eq!(rows(&to), before);
    assert_eq!(report.conversations.came_in, 3);
    assert_eq!(report.ledger.came_in, 2);
    assert_eq!(report.paid_answers.came_in, 1);
    assert_eq!(report.presets.came_in, 1);
    assert_eq!(report.settings, Fate::Taken);
    assert_eq!(report.refused, []);
    let settings = store::load_settings(&to.folder).unwrap();
    assert_eq!(settings.theme, Theme::Dark);
    assert!(!settings.remembered_connection, "no key came along");
    assert!(to.store.check().unwrap().is_sound());
    // What came in is found by its words and shown as it was.
    let query = |text: &str| HistoryQuery {
        text: text.into(),
        ..HistoryQuery::default()
    };
    assert_eq!(to.store.history(&query("boat")).unwrap().rows.len(), 1);
    let found = to.store.history(&query("Branches")).unwrap();
    let id = found.rows[0].id;
    let [here, there] = [&to, &from].map(|place| place.store.load_conversation(id).unwrap());
    assert_eq!(here.missing_attachments, 0);
    assert_eq!(owned(&here.transcript), owned(&there.transcript));
    let found = to.store.history(&query("boat")).unwrap();
    let parts = to.store.load_parts(found.rows[0].id).unwrap();
    assert_eq!(&**parts.parts[1].files[0].bytes(), b"the boat");

    let again = import(&to, &archive).unwrap();
    assert_eq!(rows(&to), before);
    assert_eq!(again.conversations.already_there, 3);
    assert_eq!(again.ledger.already_there, 2);
    assert_eq!(again.presets.already_there, 1);
    assert_eq!(again.settings, Fate::AlreadyThere);
    assert_eq!((again.conversations.came_in, again.ledger.came_in), (0, 0));
    let mut files = Vec::new();
    files_below(to.folder.path(), &mut files);
    assert!(
        files
            .iter()
            .all(|file| !file.display().to_string().contains("import-")),
        "no working files are left: {files:?}"
    );
}

#[test]
fn what_differs_here_stays_and_the_archives_stands_beside_it_once() {
    let from = place();
    let mut one = draft("Rivers", exchange("Name one", "The Danube"));
    from.store.save_conversation(&one).unwrap();
    let (_elsewhere, archive) = archive_of(&from);
    let to = place();
    import(&to, &archive).unwrap();
    let mut here = to.store.load_conversation(one.id).unwrap();
    here.transcript.push_user(crate::store::text("And another"));
    one.transcript = here.transcript;
    to.store.save_conversation(&one).unwrap();

    for round in 0..2 {
        let report = import(&to, &archive).unwrap();
        let expected = if round == 0 {
            Tally {
                copies: 1,
                ..Tally::default()
            }
        } else {
            Tally {
                already_there: 1,
                ..Tally::default()
            }
        };
        assert_eq!(report.conversations, expected);
        let all = to.store.history(&HistoryQuery::default()).unwrap();
        let turns: Vec<_> = all
            .rows
            .iter()
            .map(|row| {
                to.store
                    .load_conversation(row.id)
                    .unwrap()
                    .transcript
                    .total()
            })
            .collect();
        assert_eq!(turns.len(), 2);
        assert!(turns.contains(&3) && turns.contains(&2), "{turns:?}");
    }
}

#[test]
fn what_was_deleted_comes_back_and_settings_here_are_only_replaced_when_asked_for() {
    let from = filled();
    let (_elsewhere, archive) = archive_of(&from);
    let to = place();
    let mut own = Settings::default();
    own.theme = Theme::Light;
    own.remembered_connection = true;
    store::save_settings(&to.folder, &own).unwrap();
    assert_eq!(import(&to, &archive).unwrap().settings, Fate::Kept);
    let page = to.store.history(&HistoryQuery::default()).unwrap();
    to.store.delete(page.rows[0].id).unwrap();
    let report = to
        .store
        .import_archive(
            &archive,
            ImportOptions {
                replace_settings: true,
            },
            &ArchiveProgress::default(),
        )
        .unwrap();
    assert_eq!(report.conversations.came_in, 1);
    assert_eq!(report.settings, Fate::Taken);
    let settings = store::load_settings(&to.folder).unwrap();
    assert_eq!(settings.theme, Theme::Dark);
    assert!(
        settings.remembered_connection,
        "this computer's keyring stays"
    );
    let trash = HistoryQuery {
        shelf: Shelf::Trash,
        ..HistoryQuery::default()
    };
    let titles: Vec<_> = to.store.history(&trash).unwrap().rows;
    assert_eq!(titles.len(), 1, "what was in the trash there is in it here");
}

#[test]
fn presets_of_one_name_stand_beside_each_other() {
    let from = filled();
    let (_elsewhere, archive) = archive_of(&from);
    let to = place();
    let other = Preset {
        name: "Terse".into(),
        model: Some("another".into()),
        configuration: Configuration::default(),
    };
    store::save_presets(&to.folder, std::slice::from_ref(&other)).unwrap();
    assert_eq!(import(&to, &archive).unwrap().presets.copies, 1);
    let presets = store::load_presets(&to.folder).unwrap();
    assert_eq!(presets.len(), 2);
    assert_eq!(presets[0], other);
    assert_eq!(presets[1].name, "Terse (from an archive)");
    // Its name is taken the next time, which is said.
    let again = import(&to, &archive).unwrap();
    assert!(again.refused[0].what.contains("Terse"), "{again:?}");
}

/// The archive with some entries changed.
fn rewritten(archive: &Path, change: impl Fn(&str, Vec<u8>) -> Option<Vec<u8>>) -> PathBuf {
    let mut old = ZipArchive::new(File::open(archive).unwrap()).unwrap();
    let path = archive.with_extension("changed.zip");
    let mut new = ZipWriter::new(File::create(&path).unwrap());
    for index in 0..old.len() {
        let mut entry = old.by_index(index).unwrap();
        let name = entry.name().unwrap().into_owned();
        let mut bytes = Vec::new();
        entry.read_to_end(&mut bytes).unwrap();
        if let Some(bytes) = change(&name, bytes) {
            new.start_file(&*name, SimpleFileOptions::default())
                .unwrap();
            new.write_all(&bytes).unwrap();
        }
    }
    new.finish().unwrap();
    path
}

/// The archive with its database changed.
fn with_database(archive: &Path, sql: &str) -> PathBuf {
    let work = tempfile::tempdir().unwrap();
    rewritten(archive, |name, bytes| {
        if name != "playground.db" {
            return Some(bytes);
        }
        let path = work.path().join("changed.db");
        std::fs::write(&path, bytes).unwrap();
        let connection = Connection::open(&path).unwrap();
        connection.execute_batch(sql).unwrap();
        connection.close().unwrap();
        Some(std::fs::read(&path).unwrap())
    })
}

#[test]
fn a_bad_archive_is_refused_and_nothing_changes() {
    let from = filled();
    let (_elsewhere, archive) = archive_of(&from);
    let to = place();
    let own = draft("Mine", exchange("Here", "Yes"));
    to.store.save_conversation(&own).unwrap();
    let before = rows(&to);
    let refused = |path: &Path, words: &str| {
        let error = import(&to, path).unwrap_err().to_string();
        assert!(error.contains(words), "{words:?} in {error:?}");
        assert!(error.contains("Nothing was changed"), "{error}");
        assert_eq!(rows(&to), before);
    };
    let whole = std::fs::read(&archive).unwrap();
    let cut = archive.with_extension("cut.zip");
    for keep in [0, 1, 100, whole.len() / 2, whole.len() - 1] {
        std::fs::write(&cut, &whole[..keep]).unwrap();
        refused(&cut, "no whole archive");
    }
    let mut flipped = whole.clone();
    // Within the packed database, which is most of it.
    flipped[whole.len() / 2] ^= 0xff;
    std::fs::write(&cut, &flipped).unwrap();
    refused(&cut, "no whole archive");
    let manifest = |text: &'static str| {
        rewritten(&archive, move |name, bytes| {
            Some(if name == "manifest.json" {
                text.into()
            } else {
                bytes
            })
        })
    };
    refused(
        &manifest("{\"format\":\"bedrock-playground-archive\",\"version\":99}"),
        "newer version",
    );
    refused(
        &manifest("{\"format\":\"photos\",\"version\":1}"),
        "something else",
    );
    refused(&manifest("{"), "no whole archive");
    let without = |gone: &'static str| {
        rewritten(&archive, move |name, bytes| (name != gone).then_some(bytes))
    };
    refused(&without("manifest.json"), "does not say");
    refused(&without("playground.db"), "no history");
    let other_bytes = rewritten(&archive, |name, bytes| {
        let is_attachment = name.starts_with("attachments/");
        Some(if is_attachment {
            b"other".to_vec()
        } else {
            bytes
        })
    });
    refused(&other_bytes, "attachment");
    refused(
        &with_database(&archive, "PRAGMA user_version = 99"),
        "newer version",
    );
    refused(
        &with_database(
            &archive,
            "CREATE TRIGGER sly AFTER INSERT ON conversations BEGIN DELETE FROM tags; END",
        ),
        "tables",
    );
    let text = rewritten(&archive, |name, bytes| {
        Some(if name == "playground.db" {
            vec![b'x'; 9000]
        } else {
            bytes
        })
    });
    refused(&text, "damaged");
}

#[test]
fn a_bomb_is_not_unpacked() {
    let from = filled();
    let (_elsewhere, archive) = archive_of(&from);
    // 300 MB of nothing packs to 0.3.
    let bomb = rewritten(&archive, |name, bytes| {
        Some(if name == "settings.json" {
            vec![b' '; 300 << 20]
        } else {
            bytes
        })
    });
    assert!(std::fs::metadata(&bomb).unwrap().len() < 4 << 20);
    let to = place();
    let before = rows(&to);
    let error = import(&to, &bomb).unwrap_err();
    assert!(matches!(error, ArchiveError::TooLarge { .. }), "{error}");
    assert_eq!(rows(&to), before);
}

#[test]
fn names_in_an_archive_are_never_places() {
    let from = filled();
    let (elsewhere, archive) = archive_of(&from);
    let mut names = vec!["../outside.txt".to_owned(), "/tmp/outside.txt".to_owned()];
    names.extend((0..9).map(|at| format!("attachments/../../{at}.txt")));
    let mut old = ZipArchive::new(File::open(&archive).unwrap()).unwrap();
    let path = archive.with_extension("sly.zip");
    let mut new = ZipWriter::new(File::create(&path).unwrap());
    for index in 0..old.len() {
        new.raw_copy_file(old.by_index_raw(index).unwrap()).unwrap();
    }
    for name in &names {
        new.start_file(name, SimpleFileOptions::default()).unwrap();
        new.write_all(b"outside").unwrap();
    }
    new.finish().unwrap();
    let to = place();
    let report = import(&to, &path).unwrap();
    assert_eq!(report.conversations.came_in, 3);
    // Five are named, the rest is counted.
    assert_eq!(report.refused.len(), 6, "{:?}", report.refused);
    assert!(report.refused[0].what.contains("outside.txt"));
    let mut files = Vec::new();
    files_below(to.folder.path().parent().unwrap(), &mut files);
    files_below(elsewhere.path(), &mut files);
    assert!(
        files.iter().all(|file| {
            let name = file.file_name().unwrap().to_str().unwrap();
            name != "outside.txt" && name != "0.txt"
        }),
        "{files:?}"
    );
}

#[test]
fn a_conversation_that_cannot_be_read_is_refused_and_the_others_come_in() {
    let from = filled();
    let (_elsewhere, archive) = archive_of(&from);
    let bad = with_database(
        &archive,
        "UPDATE turns SET content = '{' WHERE conversation = \
         (SELECT number FROM conversations WHERE title = 'In the trash')",
    );
    let to = place();
    let report = import(&to, &bad).unwrap();
    assert_eq!(report.conversations.came_in, 2);
    assert_eq!(report.refused.len(), 1);
    assert!(
        report.refused[0].what.contains("In the trash"),
        "{report:?}"
    );
}

#[test]
fn what_would_not_be_read_here_stays_out_and_history_and_ledger_go_on() {
    let from = filled();
    let (_elsewhere, archive) = archive_of(&from);
    let bad = with_database(
        &archive,
        "UPDATE conversations SET cost = 'a lot' WHERE title = 'In the trash'; \
         UPDATE conversations SET configuration = '7' WHERE title = 'Pictures'; \
         UPDATE spend SET cost = 'a lot' WHERE cost IS NOT NULL",
    );
    let to = place();
    let report = import(&to, &bad).unwrap();
    assert_eq!(report.conversations.came_in, 1);
    let ledger = Tally {
        came_in: 1,
        ..Tally::default()
    };
    assert_eq!(report.ledger, ledger);
    let refused: Vec<_> = report.refused.iter().map(|one| one.what.as_str()).collect();
    assert!(
        refused[0].contains("In the trash") && refused[1].contains("Pictures"),
        "{refused:?}"
    );
    assert_eq!(refused[2], "1 call of the ledger");
    for shelf in [Shelf::All, Shelf::Trash] {
        let query = HistoryQuery {
            shelf,
            ..HistoryQuery::default()
        };
        to.store.history(&query).unwrap();
    }
    let all = store::UnixMs(0)..store::UnixMs(i64::MAX);
    assert_eq!(to.store.ledger(all).unwrap().len(), 1);
}

#[test]
fn an_attachment_that_is_damaged_stops_an_import_and_says_nothing_of_the_history_here() {
    let from = filled();
    let (_elsewhere, archive) = archive_of(&from);
    let bad = rewritten(&archive, |name, bytes| {
        Some(if name.starts_with("attachments/") {
            b"another".to_vec()
        } else {
            bytes
        })
    });
    let to = place();
    import(&to, &bad).unwrap_err();
    assert!(!to.folder.file("playground.suspect").exists());
}

#[test]
fn work_that_is_stopped_leaves_nothing_behind() {
    let from = filled();
    let elsewhere = tempfile::tempdir().unwrap();
    let path = elsewhere.path().join("all.zip");
    let stopped = ArchiveProgress::default();
    stopped.stop();
    let error = from.store.export_archive(&path, &stopped).unwrap_err();
    assert!(matches!(error, ArchiveError::Stopped), "{error}");
    let mut left = Vec::new();
    files_below(elsewhere.path(), &mut left);
    assert!(left.is_empty(), "{left:?}");
    export(&from, &path);
    let to = place();
    let before = rows(&to);
    let error = to
        .store
        .import_archive(&path, ImportOptions::default(), &stopped)
        .unwrap_err();
    assert!(matches!(error, ArchiveError::Stopped), "{error}");
    assert_eq!(rows(&to), before);
}

#[test]
fn an_attachment_that_is_gone_is_said_and_does_not_hold_up_the_rest() {
    let from = filled();
    let mut files = Vec::new();
    files_below(&from.folder.path().join("attachments"), &mut files);
    assert!(!files.is_empty());
    for file in &files {
        std::fs::remove_file(file).unwrap();
    }
    let elsewhere = tempfile::tempdir().unwrap();
    let path = elsewhere.path().join("all.zip");
    let report = from
        .store
        .export_archive(&path, &ArchiveProgress::default())
        .unwrap();
    assert_eq!(report.missing_attachments, files.len() as u64);
    let to = place();
    assert_eq!(import(&to, &path).unwrap().conversations.came_in, 3);
}

fn titles_in(store: &Store, shelf: Shelf) -> Vec<String> {
    let query = HistoryQuery {
        shelf,
        ..HistoryQuery::default()
    };
    let page = store.history(&query).unwrap();
    page.rows.into_iter().map(|row| row.title).collect()
}

#[test]
fn what_nobody_uses_goes_to_the_trash_and_room_is_given_back() {
    let place = place();
    let mut ids: Vec<ConversationId> = Vec::new();
    for title in ["Pinned", "Forgotten", "Deleted"] {
        let draft = draft(title, exchange(&"word ".repeat(20_000), "Yes"));
        place.store.save_conversation(&draft).unwrap();
        ids.push(draft.id);
    }
    place.store.set_pinned(ids[0], true).unwrap();
    place.store.delete(ids[2]).unwrap();
    let mut prompt = parts_draft("A prompt of the library");
    prompt.screen = Screen::prompts();
    place
        .store
        .save_parts(&prompt, &[part(0, "{{name}}")])
        .unwrap();
    // Nothing is a thousand days old.
    assert_eq!(place.store.retire(1_000).unwrap(), 0);
    let before = place.folder.sizes();
    assert!(before.database > 300_000, "{before:?}");
    // The clock goes on by a second with every look, and no day is as short as that.
    let tidied = place.store.tidy(Some(0), 0).unwrap();
    assert_eq!(tidied.retired, 1);
    assert_eq!(
        tidied.purged, 2,
        "what was deleted, and what was just retired"
    );
    assert!(tidied.bytes > 100_000, "{tidied:?}");
    assert_eq!(titles_in(&place.store, Shelf::Current), ["Pinned"]);
    assert!(titles_in(&place.store, Shelf::Trash).is_empty());
    assert!(
        place.store.load_parts(prompt.id).is_ok(),
        "prompts do not age"
    );
    assert!(place.store.check().unwrap().is_sound());
}
