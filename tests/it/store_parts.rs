//! What is in the history and is no conversation: kept part by part, found by its words.

use std::path::{Path, PathBuf};

use bedrock_playground::store::{
    ConversationId, ConversationTotals, HistoryQuery, Part, PartFile, PartsDraft, Screen, Store,
    StoreError,
};

use crate::store::{Place, options, place};

pub fn part(place: usize, text: &str) -> Part {
    Part {
        place,
        record: format!("{{\"said\":\"{text}\"}}"),
        text: text.into(),
        files: Vec::new(),
    }
}

/// A part whose record names a file.
pub fn part_with_file(place: usize, text: &str, bytes: &[u8]) -> Part {
    let file = PartFile::new(bytes.into(), "image/png");
    Part {
        record: format!("{{\"file\":\"{}\"}}", file.name()),
        files: vec![file],
        ..part(place, text)
    }
}

/// The files of attachments, wherever in their folder.
fn kept_files(place: &Place) -> Vec<PathBuf> {
    fn below(folder: &Path, found: &mut Vec<PathBuf>) {
        for entry in std::fs::read_dir(folder).into_iter().flatten().flatten() {
            let path = entry.path();
            if path.is_dir() {
                below(&path, found);
            } else {
                found.push(path);
            }
        }
    }
    let mut found = Vec::new();
    below(&place.folder.file("attachments"), &mut found);
    found
}

pub fn draft(title: &str) -> PartsDraft {
    PartsDraft {
        id: ConversationId::new(),
        title: title.into(),
        screen: Screen::alt_text(),
        model: Some("amazon.nova-lite-v1:0".into()),
        region: "us-east-1".into(),
        connection: "work".into(),
        settings: "{\"atOnce\":4}".into(),
        count: 2,
        totals: ConversationTotals::default(),
    }
}

fn search(store: &Store, text: &str) -> Vec<(String, Option<String>)> {
    let query = HistoryQuery {
        text: text.into(),
        ..HistoryQuery::default()
    };
    let page = store.history(&query).unwrap();
    page.rows
        .into_iter()
        .map(|row| (row.title, row.snippet.map(|snippet| snippet.text)))
        .collect()
}

#[test]
fn parts_are_saved_one_by_one_and_come_back_in_order() {
    let Place { store, .. } = &place();
    let draft = draft("Summer");
    store
        .save_parts(&draft, &[part(5, "a lake"), part(0, "a boat")])
        .unwrap();
    store.save_parts(&draft, &[part(5, "a pond")]).unwrap();
    let stored = store.load_parts(draft.id).unwrap();
    assert_eq!(stored.title, "Summer");
    assert_eq!(stored.settings, draft.settings);
    assert_eq!(stored.screen, Screen::alt_text());
    assert_eq!(stored.parts, [part(0, "a boat"), part(5, "a pond")]);
    let error = store.load_parts(ConversationId::new()).unwrap_err();
    assert!(matches!(error, StoreError::NotThere(_)), "{error}");
}

#[test]
fn the_history_lists_them_and_finds_them_by_what_they_say_now() {
    let Place { store, .. } = &place();
    let summer = draft("Summer");
    store
        .save_parts(&summer, &[part(0, "a lake"), part(1, "湖畔")])
        .unwrap();
    store.save_parts(&summer, &[part(0, "a pond")]).unwrap();
    let found = |text: &str, snippet: &str| {
        assert_eq!(
            search(store, text),
            [("Summer".to_owned(), Some(snippet.to_owned()))],
            "{text}"
        );
    };
    found("pond", "a pond");
    found("湖", "湖畔");
    assert!(search(store, "lake").is_empty(), "that was before");
    assert_eq!(search(store, "summ"), [("Summer".to_owned(), None)]);
    let copy = store.duplicate(summer.id).unwrap();
    assert_eq!(store.load_parts(copy).unwrap().parts.len(), 2);
    assert_eq!(search(store, "pond").len(), 2);
    store.delete(summer.id).unwrap();
    store.purge(0).unwrap();
    assert_eq!(search(store, "pond").len(), 1);
}

#[test]
fn two_windows_do_not_overwrite_each_other() {
    let Place { store, folder, .. } = &place();
    let other = Store::open_with(folder, options()).unwrap().store;
    let draft = draft("Summer");
    store.save_parts(&draft, &[part(0, "a lake")]).unwrap();
    other.load_parts(draft.id).unwrap();
    other.save_parts(&draft, &[part(0, "a pond")]).unwrap();
    let error = store.save_parts(&draft, &[part(0, "a sea")]).unwrap_err();
    assert!(matches!(error, StoreError::ChangedElsewhere(_)), "{error}");
    assert_eq!(
        other.load_parts(draft.id).unwrap().parts,
        [part(0, "a pond")]
    );
}

#[test]
fn what_was_paid_for_is_found_again() {
    let Place { store, .. } = &place();
    assert_eq!(store.paid_answer([7; 32]).unwrap(), None);
    store.keep_paid_answers([([7; 32], "{}")]).unwrap();
    let anew = [([7; 32], "{\"a\":1}"), ([8; 32], "{}")];
    store.keep_paid_answers(anew).unwrap();
    assert_eq!(
        store.paid_answer([7; 32]).unwrap().as_deref(),
        Some("{\"a\":1}")
    );
}

#[test]
fn a_parts_file_stands_beside_the_database_once_until_nobody_has_it() {
    let place = place();
    let store = &place.store;
    let (summer, winter) = (draft("Summer"), draft("Winter"));
    let lake = part_with_file(1, "a lake", b"the lake");
    store
        .save_parts(&summer, &[lake.clone(), part(2, "none")])
        .unwrap();
    store
        .save_parts(&winter, &[part_with_file(0, "frozen", b"the lake")])
        .unwrap();
    // One file for both, named by its SHA-256, as sha256sum prints it.
    let name = "2b92bd5ed0b20772481ba3825479770f016487e3537d67a89b3496631a77f1c7";
    let (folder, file) = name.split_at(2);
    let path = place.folder.file("attachments").join(folder).join(file);
    assert_eq!(kept_files(&place), [path]);
    let stored = store.load_parts(summer.id).unwrap();
    assert_eq!(stored.parts, [lake, part(2, "none")]);
    assert_eq!(&**stored.parts[0].files[0].bytes(), b"the lake");

    // A copy has it too, and so it stays when the first and the other are gone.
    let copy = store.duplicate(summer.id).unwrap();
    for gone in [summer.id, winter.id] {
        store.delete(gone).unwrap();
    }
    store.purge(0).unwrap();
    assert_eq!(store.collect_attachments().unwrap().files, 0);
    let copied = store.load_parts(copy).unwrap();
    assert_eq!(&**copied.parts[0].files[0].bytes(), b"the lake");

    // A part that is saved without it no longer needs it.
    let anew = PartsDraft {
        id: copy,
        ..draft("Summer")
    };
    store.save_parts(&anew, &[part(1, "a lake")]).unwrap();
    assert_eq!(store.collect_attachments().unwrap().files, 1);
    assert!(kept_files(&place).is_empty());
}

#[test]
fn a_parts_file_that_is_gone_is_counted_and_the_rest_opens() {
    let place = place();
    let draft = draft("Summer");
    let parts = [
        part_with_file(0, "a lake", b"the lake"),
        part_with_file(1, "a boat", b"the boat"),
    ];
    place.store.save_parts(&draft, &parts).unwrap();
    assert!(place.store.check().unwrap().is_sound());
    let name = parts[0].files[0].name();
    let gone = kept_files(&place)
        .into_iter()
        .find(|path| name.ends_with(path.file_name().unwrap().to_str().unwrap()))
        .unwrap();
    std::fs::remove_file(gone).unwrap();
    drop(parts);
    let stored = place.store.load_parts(draft.id).unwrap();
    assert_eq!(stored.missing_files, 1);
    assert!(stored.parts[0].files.is_empty());
    assert_eq!(&**stored.parts[1].files[0].bytes(), b"the boat");
    assert_eq!(place.store.check().unwrap().missing, [name]);
}
