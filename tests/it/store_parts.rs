//! What is in the history and is no conversation: kept part by part, found by its words.

use bedrock_playground::store::{
    ConversationId, ConversationTotals, HistoryQuery, Part, PartsDraft, Screen, Store, StoreError,
};

use crate::store::{Place, options, place};

pub fn part(place: usize, text: &str) -> Part {
    Part {
        place,
        record: format!("{{\"said\":\"{text}\"}}"),
        text: text.into(),
    }
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
