//! Opening the history: old ones, newer ones, damaged ones, locked ones, several at once.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Duration;

use bedrock_playground::chat::{
    ContentBlock, Image, ImageFormat, InvocationStatus, MediaSource, Reasoning, StopReason,
};
use bedrock_playground::store::{
    DataFolder, HistoryQuery, OpenError, OpenOptions, Opened, Shelf, Store, StoreError, UnixMs,
};
use rusqlite::Connection;
use tempfile::TempDir;

use crate::store::{Place, draft, exchange, options, owned, place, usd};

const V1: &str = include_str!("store_v1.sql");

fn folder() -> (TempDir, DataFolder) {
    let place = tempfile::tempdir().unwrap();
    let folder = DataFolder::find(Some(place.path())).unwrap();
    (place, folder)
}

fn database(folder: &DataFolder) -> PathBuf {
    folder.path().join("playground.db")
}

fn open(folder: &DataFolder) -> Opened {
    Store::open_with(folder, options()).unwrap()
}

fn at_once() -> OpenOptions {
    OpenOptions {
        busy_timeout: Duration::ZERO,
        ..options()
    }
}

fn titles(store: &Store) -> Vec<String> {
    let page = store.history(&HistoryQuery::default()).unwrap();
    page.rows.into_iter().map(|row| row.title).collect()
}

/// Files in the folder and its backups, by name.
fn files(folder: &DataFolder) -> Vec<String> {
    let list = |path: &Path| {
        let entries = fs::read_dir(path).into_iter().flatten();
        let mut names: Vec<_> = entries
            .map(|entry| entry.unwrap().file_name().into_string().unwrap())
            .collect();
        names.sort();
        names
    };
    let mut all = list(folder.path());
    all.extend(list(&folder.path().join("backups")));
    all
}

fn user_version(path: &Path) -> i64 {
    Connection::open(path)
        .unwrap()
        .query_row("PRAGMA user_version", [], |row| row.get(0))
        .unwrap()
}

#[test]
fn a_history_of_the_first_version_opens_with_all_that_is_in_it() {
    let (_place, folder) = folder();
    Connection::open(database(&folder))
        .unwrap()
        .execute_batch(V1)
        .unwrap();
    let attachment = folder
        .path()
        .join("attachments/ba/7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
    fs::create_dir_all(attachment.parent().unwrap()).unwrap();
    fs::write(&attachment, "abc").unwrap();

    let store = open(&folder).store;
    let found = |text: &str| {
        let query = HistoryQuery {
            text: text.into(),
            ..HistoryQuery::default()
        };
        store.history(&query).unwrap().rows
    };
    let [row] = &found("danube")[..] else {
        panic!("what was said before the search existed is found")
    };
    assert_eq!(row.cost, Some(usd("0.0000024")));
    assert!(found("Rhine").is_empty(), "what was deleted is not");
    assert_eq!(found("rivers").len(), 1);

    let stored = store.load_conversation(row.id).unwrap();
    let parts = owned(&stored.transcript);
    assert_eq!((parts.nodes.len(), parts.end), (3, Some(1)));
    assert!(parts.nodes[2].deleted);
    assert_eq!(
        parts.nodes[0].turn.message.content,
        [
            ContentBlock::Image(Image {
                format: ImageFormat::Png,
                source: MediaSource::Bytes(b"abc".as_slice().into()),
            }),
            ContentBlock::Text("Which river?".into()),
            ContentBlock::Unknown("hologram".into()),
        ]
    );
    let answer = &parts.nodes[1].turn;
    assert_eq!(
        answer.message.content[0],
        ContentBlock::Reasoning(Reasoning::Text {
            text: "Hm".into(),
            signature: Some("sig".into()),
        })
    );
    let call = answer.invocation.as_ref().unwrap();
    assert_eq!(call.status, InvocationStatus::Complete);
    assert_eq!(call.stop_reason, Some(StopReason::EndTurn));
    assert_eq!(call.metrics.latency_ms, Some(7));
    assert_eq!(stored.configuration.temperature, Some(0.3));
    assert!(store.check().unwrap().is_sound());
    // Before anything was changed, a copy was made.
    let backups: Vec<_> = fs::read_dir(folder.path().join("backups"))
        .unwrap()
        .collect();
    assert_eq!(backups.len(), 1);
    assert_eq!(user_version(&backups[0].as_ref().unwrap().path()), 1);
}

#[test]
fn a_migration_that_fails_changes_nothing() {
    let (_place, folder) = folder();
    let raw = Connection::open(database(&folder)).unwrap();
    raw.execute_batch(V1).unwrap();
    // The second step meets a table of that name.
    raw.execute_batch("CREATE TABLE spend (mine TEXT); INSERT INTO spend VALUES ('kept');")
        .unwrap();
    drop(raw);
    let error = Store::open_with(&folder, options())
        .unwrap_err()
        .to_string();
    assert!(error.contains("spend"), "{error}");
    assert_eq!(user_version(&database(&folder)), 1);
    let raw = Connection::open(database(&folder)).unwrap();
    let kept: String = raw
        .query_row("SELECT mine FROM spend JOIN conversations", [], |row| {
            row.get(0)
        })
        .unwrap();
    assert_eq!(kept, "kept");
}

#[test]
fn a_newer_history_is_refused_and_not_touched() {
    let (_place, folder) = folder();
    drop(open(&folder));
    let raw = Connection::open(database(&folder)).unwrap();
    let own: usize = raw
        .pragma_query_value(None, "user_version", |row| row.get(0))
        .unwrap();
    raw.pragma_update(None, "user_version", 99).unwrap();
    drop(raw);
    let before = fs::read(database(&folder)).unwrap();
    let error = Store::open_with(&folder, options()).unwrap_err();
    assert!(
        matches!(error, OpenError::Newer { found: 99, known, .. } if known == own),
        "{error}"
    );
    assert!(error.to_string().contains("Update"), "{error}");
    assert_eq!(fs::read(database(&folder)).unwrap(), before);
    assert!(!folder.path().join("backups").exists());
}

#[test]
fn a_database_of_another_program_is_left_to_it() {
    let (_place, folder) = folder();
    let raw = Connection::open(database(&folder)).unwrap();
    raw.execute_batch("CREATE TABLE theirs (x)").unwrap();
    drop(raw);
    let before = fs::read(database(&folder)).unwrap();
    let error = Store::open_with(&folder, options()).unwrap_err();
    assert!(matches!(error, OpenError::NotOurs { .. }), "{error}");
    assert_eq!(fs::read(database(&folder)).unwrap(), before);
}

#[test]
fn an_empty_file_is_the_beginning_of_a_history() {
    let (_place, folder) = folder();
    fs::write(database(&folder), "").unwrap();
    let opened = open(&folder);
    assert_eq!(opened.set_aside, None);
    assert!(titles(&opened.store).is_empty());
}

/// A history of some pages, closed again.
fn written(folder: &DataFolder) -> Opened {
    let opened = open(folder);
    for n in 0..20 {
        let words = format!("{n} ").repeat(2_000);
        let draft = draft(&format!("c{n}"), exchange("Hello", &words));
        opened.store.save_conversation(&draft).unwrap();
    }
    opened
}

/// Damages what was said in one conversation, wherever its pages are; the list of all stays whole.
fn overwrite_pages(path: &Path) -> Vec<u8> {
    let mut bytes = fs::read(path).unwrap();
    let mut damaged = 0;
    for page in bytes.chunks_mut(4096) {
        // Of the conversation with the words "9 9 9 …".
        if page.windows(16).any(|words| words == b"9 9 9 9 9 9 9 9 ") {
            page.fill(0xa5);
            damaged += 1;
        }
    }
    assert!(damaged > 1, "{damaged} pages");
    fs::write(path, &bytes).unwrap();
    bytes
}

#[test]
fn a_damaged_history_is_set_aside_and_the_last_good_backup_takes_its_place() {
    let (_place, folder) = folder();
    let opened = written(&folder);
    let good = opened.store.backup().unwrap();
    opened
        .store
        .save_conversation(&draft("later", exchange("a", "b")))
        .unwrap();
    let bad = opened.store.backup().unwrap();
    drop(opened);
    let damaged = overwrite_pages(&database(&folder));
    overwrite_pages(&bad);

    let opened = open(&folder);
    let set_aside = opened.set_aside.clone().unwrap();
    assert_eq!(set_aside.restored_from, Some(good));
    assert_eq!(
        fs::read(&set_aside.path).unwrap(),
        damaged,
        "nothing is deleted"
    );
    assert_eq!(titles(&opened.store).len(), 20);
    assert!(opened.store.check().unwrap().is_sound());
    drop(opened);
    assert_eq!(open(&folder).set_aside, None, "the second time all is well");
}

#[test]
fn while_a_damaged_history_is_set_aside_no_picture_goes() {
    let (_place, folder) = folder();
    let opened = written(&folder);
    opened.store.backup().unwrap();
    // Since that backup only the history that is about to be damaged knows this picture.
    let mut shown = bedrock_playground::chat::Transcript::default();
    shown.push_user(vec![ContentBlock::Image(Image {
        format: ImageFormat::Png,
        source: MediaSource::Bytes(b"abc".as_slice().into()),
    })]);
    opened
        .store
        .save_conversation(&draft("later", shown))
        .unwrap();
    drop(opened);
    // SHA-256 of "abc", from FIPS 180-2.
    let picture = folder
        .path()
        .join("attachments/ba/7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
    assert!(picture.exists());
    overwrite_pages(&database(&folder));

    let opened = open(&folder);
    let aside = opened.set_aside.clone().unwrap().path;
    assert!(opened.store.collect_attachments().unwrap().held_back);
    assert!(opened.store.tidy(None, 30).unwrap().held_back);
    assert!(picture.exists());
    // Whoever removes the damaged file has done with it.
    fs::remove_file(aside).unwrap();
    assert_eq!(opened.store.collect_attachments().unwrap().files, 1);
    assert!(!picture.exists());
}

#[test]
fn damage_that_is_met_later_is_mended_at_the_next_start() {
    let (_place, folder) = folder();
    let opened = written(&folder);
    let good = opened.store.backup().unwrap();
    drop(opened);
    overwrite_pages(&database(&folder));
    // As with a history that is too large to be checked every time.
    let large = OpenOptions {
        check_up_to: 0,
        ..options()
    };
    let opened = Store::open_with(&folder, large.clone()).unwrap();
    assert_eq!(opened.set_aside, None);
    // Which table the pages were of is SQLite's affair: the list is hit, or some turns are.
    let store = &opened.store;
    let error = match store.history(&HistoryQuery::default()) {
        Err(error) => error,
        Ok(page) => page
            .rows
            .iter()
            .find_map(|row| store.load_conversation(row.id).err())
            .expect("some turns are gone"),
    };
    assert!(matches!(error, StoreError::Corrupt), "{error}");
    assert!(!opened.store.check().unwrap().problems.is_empty());
    drop(opened);
    let opened = Store::open_with(&folder, large.clone()).unwrap();
    assert_eq!(opened.set_aside.clone().unwrap().restored_from, Some(good));
    assert!(opened.store.check().unwrap().is_sound());
    drop(opened);
    assert!(!files(&folder).contains(&"playground.suspect".to_owned()));
}

#[test]
fn what_is_no_database_is_set_aside_too() {
    let (_place, folder) = folder();
    fs::write(database(&folder), "Dear diary, ".repeat(1000)).unwrap();
    let opened = open(&folder);
    let set_aside = opened.set_aside.unwrap();
    assert_eq!(set_aside.restored_from, None);
    assert!(
        fs::read_to_string(set_aside.path)
            .unwrap()
            .starts_with("Dear diary")
    );
    opened
        .store
        .save_conversation(&draft("new", exchange("a", "b")))
        .unwrap();
    assert_eq!(titles(&opened.store), ["new"]);
}

#[test]
fn three_backups_are_kept_and_each_is_whole() {
    let Place { store, folder, .. } = &place();
    assert_eq!(store.last_backup().unwrap(), None);
    let mut made = Vec::new();
    for n in 0..5 {
        let draft = draft(&format!("c{n}"), exchange("a", "b"));
        store.save_conversation(&draft).unwrap();
        made.push(store.backup().unwrap());
    }
    let last: UnixMs = store.last_backup().unwrap().unwrap();
    assert!(made[4].ends_with(format!("playground-{}.db", last.0)));
    let there: Vec<_> = made.iter().map(|path| path.exists()).collect();
    assert_eq!(there, [false, false, true, true, true]);
    for (path, conversations) in made[2..].iter().zip(3_i64..) {
        let raw = Connection::open(path).unwrap();
        let (count, said): (i64, String) = raw
            .query_row(
                "SELECT count(*), (SELECT * FROM pragma_integrity_check) FROM conversations",
                [],
                |row| Ok((row.get(0)?, row.get(1)?)),
            )
            .unwrap();
        assert_eq!((count, said.as_str()), (conversations, "ok"));
    }
    assert!(
        files(folder)
            .iter()
            .all(|name| !name.starts_with("unfinished")),
        "{:?}",
        files(folder)
    );
}

#[test]
fn a_history_that_another_program_holds_is_said_to_be_locked() {
    let (_place, folder) = folder();
    drop(open(&folder));
    let raw = Connection::open(database(&folder)).unwrap();
    raw.execute_batch("PRAGMA locking_mode = EXCLUSIVE; BEGIN EXCLUSIVE")
        .unwrap();
    let error = Store::open_with(&folder, at_once()).unwrap_err();
    assert!(
        matches!(
            error,
            OpenError::Refused {
                source: StoreError::Locked,
                ..
            }
        ),
        "{error}"
    );
    assert!(error.to_string().contains("Close the program"), "{error}");
}

#[test]
fn who_reads_does_not_wait_for_who_writes() {
    let (_place, folder) = folder();
    let store = Store::open_with(&folder, at_once()).unwrap().store;
    let draft = draft("before", exchange("needle", "b"));
    store.save_conversation(&draft).unwrap();
    let raw = Connection::open(database(&folder)).unwrap();
    raw.execute_batch("BEGIN IMMEDIATE; UPDATE conversations SET title = 'after'")
        .unwrap();
    assert_eq!(titles(&store), ["before"]);
    let refused = store.rename(draft.id, "mine").unwrap_err();
    assert!(matches!(refused, StoreError::Locked), "{refused}");
    raw.execute_batch("COMMIT").unwrap();
    assert_eq!(titles(&store), ["after"]);
    store.rename(draft.id, "mine").unwrap();
    assert_eq!(titles(&store), ["mine"]);
}

#[test]
fn several_open_and_write_at_once() {
    let (_place, folder) = folder();
    std::thread::scope(|scope| {
        for window in 0..4 {
            let folder = &folder;
            scope.spawn(move || {
                let store = open(folder).store;
                for n in 0..10 {
                    let draft = draft(&format!("{window}-{n}"), exchange("a", "b"));
                    store.save_conversation(&draft).unwrap();
                }
            });
        }
    });
    let store = open(&folder).store;
    let mut found = titles(&store);
    found.sort();
    let mut expected: Vec<_> = (0..4)
        .flat_map(|window| (0..10).map(move |n| format!("{window}-{n}")))
        .collect();
    expected.sort();
    assert_eq!(found, expected);
    assert!(store.check().unwrap().is_sound());
}

#[test]
fn a_full_disk_loses_nothing_that_was_saved() {
    let (_place, folder) = folder();
    let limited = OpenOptions {
        most_pages: Some(120),
        ..options()
    };
    let store = Store::open_with(&folder, limited).unwrap().store;
    let mut saved = 0;
    let refused = loop {
        let words = format!("{saved} words ").repeat(1_000);
        let draft = draft(&format!("c{saved}"), exchange("a", &words));
        match store.save_conversation(&draft) {
            Ok(_) => saved += 1,
            Err(error) => break (error, draft),
        }
        assert!(saved < 1_000, "the disk is not full");
    };
    let (error, unsaved) = refused;
    assert!(matches!(error, StoreError::Full), "{error}");
    assert!(saved > 1, "{saved}");
    assert_eq!(titles(&store).len(), saved);
    assert!(store.check().unwrap().is_sound());
    drop(store);
    // With room again, what could not be saved is saved.
    let store = open(&folder).store;
    store.save_conversation(&unsaved).unwrap();
    assert_eq!(titles(&store).len(), saved + 1);
}

#[test]
fn an_attachment_that_cannot_be_written_refuses_the_whole_save() {
    let Place { store, folder, .. } = &place();
    let mut draft = draft("before", exchange("a", "b"));
    store.save_conversation(&draft).unwrap();
    // A file where the folder should be: nothing can be put into it, not even by root.
    fs::write(folder.path().join("attachments"), "").unwrap();
    draft.title = "after".into();
    draft.transcript.push_user(vec![ContentBlock::Image(Image {
        format: ImageFormat::Png,
        source: MediaSource::Bytes(b"abc".as_slice().into()),
    })]);
    let error = store.save_conversation(&draft).unwrap_err().to_string();
    assert!(error.contains("attachments"), "{error}");
    assert_eq!(titles(store), ["before"]);
    assert_eq!(
        store
            .load_conversation(draft.id)
            .unwrap()
            .transcript
            .total(),
        2
    );
    fs::remove_file(folder.path().join("attachments")).unwrap();
    store.save_conversation(&draft).unwrap();
    let loaded = store.load_conversation(draft.id).unwrap();
    assert_eq!(owned(&loaded.transcript), owned(&draft.transcript));
}

#[test]
fn a_check_names_what_is_missing_and_what_is_damaged() {
    let Place { store, folder, .. } = &place();
    let mut transcript = exchange("a", "b");
    for bytes in [b"abc".as_slice(), b"def", b"ghi"] {
        transcript.push_user(vec![ContentBlock::Image(Image {
            format: ImageFormat::Png,
            source: MediaSource::Bytes(bytes.into()),
        })]);
    }
    store
        .save_conversation(&draft("pictures", transcript))
        .unwrap();
    assert!(store.check().unwrap().is_sound());
    // sha256sum of the three letters.
    let abc = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";
    let def = "cb8379ac2098aa165029e3938a51da0bcecfc008fd6795f401178647f96c5b34";
    let path = |name: &str| {
        folder
            .path()
            .join("attachments")
            .join(&name[..2])
            .join(&name[2..])
    };
    fs::remove_file(path(abc)).unwrap();
    fs::write(path(def), "DEF").unwrap();
    let checked = store.check().unwrap();
    assert_eq!(checked.problems, [""; 0]);
    assert_eq!(checked.missing, [abc]);
    assert_eq!(checked.damaged, [def]);
}

const READ_ONLY_CHILD: &str = "BEDROCK_PLAYGROUND_TEST_READ_ONLY";

/// Only does something in a process that the next test starts.
#[test]
fn child_that_opens_a_read_only_folder() {
    let Some(named) = std::env::var_os(READ_ONLY_CHILD) else {
        return;
    };
    let folder = DataFolder::find(Some(Path::new(&named))).unwrap();
    let error = Store::open_with(&folder, at_once()).unwrap_err();
    assert!(
        matches!(
            error,
            OpenError::Refused {
                source: StoreError::ReadOnly,
                ..
            }
        ),
        "{error}"
    );
    assert!(error.to_string().contains("--data-dir"), "{error}");
}

#[cfg(unix)]
#[test]
fn a_read_only_folder_is_refused_and_not_touched() {
    use std::os::unix::fs::{MetadataExt as _, PermissionsExt as _};
    use std::os::unix::process::CommandExt as _;

    let allow = |path: &Path, mode| {
        fs::set_permissions(path, fs::Permissions::from_mode(mode)).unwrap();
    };
    for is_new in [true, false] {
        let (place, folder) = folder();
        if !is_new {
            let store = open(&folder).store;
            store
                .save_conversation(&draft("kept", exchange("a", "b")))
                .unwrap();
        }
        let before = files(&folder);
        allow(place.path(), 0o555);
        let mut child = Command::new(std::env::current_exe().unwrap());
        child
            .args(["--exact", "store_open::child_that_opens_a_read_only_folder"])
            .env(READ_ONLY_CHILD, place.path());
        // Root may write everywhere, so somebody else has to try.
        if fs::metadata(place.path()).unwrap().uid() == 0 {
            child.uid(65_534).gid(65_534).current_dir("/");
        }
        let output = child.output().unwrap();
        allow(place.path(), 0o755);
        let said = String::from_utf8_lossy(&output.stdout);
        assert!(output.status.success(), "{said}");
        assert!(said.contains("1 passed"), "{said}");
        assert_eq!(files(&folder), before);
        if !is_new {
            assert_eq!(titles(&open(&folder).store), ["kept"]);
        }
    }
}

fn thirty_days_later() -> UnixMs {
    UnixMs(crate::store::ticking().0 + 30 * 24 * 60 * 60 * 1_000)
}

#[test]
fn the_trash_is_emptied_after_its_time() {
    let (_place, folder) = folder();
    let store = open(&folder).store;
    let draft = draft("old", exchange("a", "b"));
    store.save_conversation(&draft).unwrap();
    store.delete(draft.id).unwrap();
    assert_eq!(store.purge(30).unwrap(), 0);
    drop(store);
    let options = OpenOptions {
        clock: thirty_days_later,
        ..options()
    };
    let store = Store::open_with(&folder, options).unwrap().store;
    let trash = HistoryQuery {
        shelf: Shelf::Trash,
        ..HistoryQuery::default()
    };
    assert_eq!(store.history(&trash).unwrap().rows.len(), 1);
    assert_eq!(store.purge(31).unwrap(), 0);
    assert_eq!(store.purge(30).unwrap(), 1);
    assert!(store.history(&trash).unwrap().rows.is_empty());
}
