//! The history in other orders than the newest first, and what is done to many conversations at once.

use std::fs;

use bedrock_playground::store::{
    ConversationId, ConversationTotals, DataFolder, HistoryOrder, HistoryQuery, Screen, Shelf,
    Store, StoreError,
};
use rusqlite::Connection;

use crate::store::{Place, draft, exchange, options, place, usd};

fn save(store: &Store, title: &str, totals: ConversationTotals) -> ConversationId {
    let mut draft = draft(title, exchange("Which river?", "The Danube"));
    draft.totals = totals;
    store.save_conversation(&draft).unwrap();
    draft.id
}

fn costing(cost: Option<&str>, tokens_in: u64, tokens_out: u64) -> ConversationTotals {
    ConversationTotals {
        cost: cost.map(usd),
        tokens_in,
        tokens_out,
        simulated: false,
    }
}

fn by(order: HistoryOrder) -> HistoryQuery {
    HistoryQuery {
        order,
        ..HistoryQuery::default()
    }
}

fn titles(store: &Store, query: &HistoryQuery) -> Vec<String> {
    let page = store.history(query).unwrap();
    page.rows.into_iter().map(|row| row.title).collect()
}

#[test]
fn each_order_has_what_is_pinned_first_and_the_newest_among_equals() {
    let Place { store, .. } = &place();
    save(store, "zebra", costing(Some("0.5"), 10, 1));
    save(store, "Äpfel", costing(None, 10, 1));
    save(store, "banana", costing(Some("12"), 1, 9));
    save(store, "apple", costing(Some("0.5"), 5, 6));
    let pinned = save(store, "pinned", costing(Some("0.1"), 2, 2));
    // What it would have cost is no cost.
    save(
        store,
        "made up",
        ConversationTotals {
            simulated: true,
            ..costing(Some("99"), 0, 3)
        },
    );
    store.set_pinned(pinned, true).unwrap();
    for (order, expected) in [
        (
            HistoryOrder::Newest,
            ["pinned", "made up", "apple", "banana", "Äpfel", "zebra"],
        ),
        (
            HistoryOrder::Oldest,
            ["pinned", "zebra", "Äpfel", "banana", "apple", "made up"],
        ),
        (
            HistoryOrder::Title,
            ["pinned", "Äpfel", "apple", "banana", "made up", "zebra"],
        ),
        (
            HistoryOrder::Cost,
            ["pinned", "banana", "apple", "zebra", "made up", "Äpfel"],
        ),
        (
            HistoryOrder::Tokens,
            ["pinned", "apple", "Äpfel", "zebra", "banana", "made up"],
        ),
    ] {
        assert_eq!(titles(store, &by(order)), expected, "{order:?}");
        // The same among what words are found in, and page by page.
        let mut found = HistoryQuery {
            text: "danube".into(),
            limit: 4,
            ..by(order)
        };
        assert_eq!(titles(store, &found), expected[..4], "{order:?}");
        found.offset = 4;
        assert_eq!(titles(store, &found), expected[4..], "{order:?}");
        assert!(!found.narrows() || !found.text.is_empty());
        assert!(!by(order).narrows(), "an order leaves nothing out");
    }
}

#[test]
fn a_title_keeps_its_place_when_it_is_given_copied_or_changed() {
    let Place { store, .. } = &place();
    let mut open = draft("Über", exchange("a", "b"));
    store.save_conversation(&open).unwrap();
    let given = save(store, "anything", ConversationTotals::default());
    store.rename(given, "ÉLAN").unwrap();
    store.duplicate(given).unwrap();
    save(store, "edge", ConversationTotals::default());
    save(store, "fable", ConversationTotals::default());
    open.title = "éclair".into();
    store.save_conversation(&open).unwrap();
    assert_eq!(
        titles(store, &by(HistoryOrder::Title)),
        ["éclair", "edge", "ÉLAN", "ÉLAN (copy)", "fable"]
    );
}

#[test]
fn shelves_have_their_orders_too() {
    let Place { store, .. } = &place();
    let ids: Vec<_> = ["b", "c", "a"]
        .map(|title| save(store, title, ConversationTotals::default()))
        .into();
    let on = |shelf, order| HistoryQuery { shelf, ..by(order) };
    store.set_archived(ids[0], true).unwrap();
    let all = on(Shelf::All, HistoryOrder::Title);
    assert_eq!(titles(store, &all), ["a", "b", "c"]);
    store.set_archived(ids[2], true).unwrap();
    let archive = on(Shelf::Archive, HistoryOrder::Title);
    assert_eq!(titles(store, &archive), ["a", "b"]);
    // By when they were deleted.
    for at in [1, 2, 0] {
        store.delete(ids[at]).unwrap();
    }
    let trash = |order| titles(store, &on(Shelf::Trash, order));
    assert_eq!(trash(HistoryOrder::Newest), ["b", "a", "c"]);
    assert_eq!(trash(HistoryOrder::Oldest), ["c", "a", "b"]);
    assert_eq!(trash(HistoryOrder::Title), ["a", "b", "c"]);
}

#[test]
fn a_history_of_before_is_put_in_order_too() {
    let place = tempfile::tempdir().unwrap();
    let folder = DataFolder::find(Some(place.path())).unwrap();
    fs::create_dir_all(folder.path()).unwrap();
    let raw = Connection::open(folder.path().join("playground.db")).unwrap();
    raw.execute_batch(include_str!("store_v1.sql")).unwrap();
    for (at, title) in ["Zürich", "Ávila", "bern"].iter().enumerate() {
        raw.execute(
            "INSERT INTO conversations (id, title, screen, region, connection, created, updated, \
             configuration, turns, tokens_in, tokens_out, simulated, version) VALUES \
             (?1, ?2, 'places', 'r', 'c', 1, 1, '{}', 0, 0, 0, 0, 1)",
            (format!("00000000-0000-4000-8000-00000000000{at}"), *title),
        )
        .unwrap();
    }
    drop(raw);
    let store = Store::open_with(&folder, options()).unwrap().store;
    let query = HistoryQuery {
        screen: Some("places".into()),
        ..by(HistoryOrder::Title)
    };
    assert_eq!(titles(&store, &query), ["Ávila", "bern", "Zürich"]);
}

/// Conversations of which every second is of a model that few have, or all are.
fn fill(folder: &DataFolder, count: usize) {
    let raw = Connection::open(folder.path().join("playground.db")).unwrap();
    raw.execute_batch(&format!(
        "BEGIN;
         WITH RECURSIVE n (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM n WHERE n < {count})
         INSERT INTO conversations (id, title, title_key, screen, model, region, connection, created,
             updated, configuration, turns, tokens_in, tokens_out, cost_pico, simulated, version)
         SELECT printf('00000000-0000-4000-8000-%012d', n), 'c' || n, printf('c%06d', n * 7 % {count}),
             'chat', iif(n <= 3, 'rare', 'usual'), 'r', 'c', n, n, '{{}}', 1, n, 0, n, 0, 1 FROM n;
         INSERT INTO turns (id, conversation, place, parent, deleted, role, content, text, digest)
         SELECT number * 1048576, number, 0, NULL, 0, 'user', '[]',
             'common' || iif(number % 2, ' odd', ''), x'' FROM conversations;
         COMMIT;"
    ))
    .unwrap();
}

/// Neither is a table walked through nor put in order: an index gives the page.
#[test]
fn a_page_in_every_order_is_read_from_an_index() {
    let Place { store, folder, .. } = &place();
    fill(folder, 5_000);
    for (order, index) in [
        (HistoryOrder::Newest, "INDEX history ("),
        (HistoryOrder::Oldest, "INDEX history_oldest ("),
        (HistoryOrder::Title, "INDEX history_by_title ("),
        (HistoryOrder::Cost, "INDEX history_by_cost ("),
        (HistoryOrder::Tokens, "INDEX history_by_tokens ("),
    ] {
        for shelf in [Shelf::Current, Shelf::Archive] {
            let mut query = HistoryQuery { shelf, ..by(order) };
            let steps = store.explain_history(&query).unwrap();
            assert!(steps[0].contains(index), "{order:?}: {steps:#?}");
            assert_eq!(steps.len(), 1, "{order:?}: {steps:#?}");
            // Of a model that many conversations have, too; the few of another are put in order.
            query.model = Some("usual".into());
            let steps = store.explain_history(&query).unwrap();
            assert_eq!(steps.len(), 1, "{order:?}: {steps:#?}");
            query.model = Some("rare".into());
            let steps = store.explain_history(&query).unwrap();
            assert!(steps[0].contains("INDEX history_of_model"), "{steps:#?}");
        }
    }
    let rare = HistoryQuery {
        model: Some("rare".into()),
        ..by(HistoryOrder::Cost)
    };
    assert_eq!(titles(store, &rare), ["c3", "c2", "c1"]);
}

#[test]
fn common_words_are_found_in_every_order() {
    let Place { store, folder, .. } = &place();
    fill(folder, 5_000);
    for (order, first, last) in [
        (HistoryOrder::Newest, ["c4999", "c4997"], "c1"),
        (HistoryOrder::Oldest, ["c1", "c3"], "c4999"),
        // Keys are 7n mod 5,000: 7 · 2,143 = 15,001, 7 · 1,429 = 10,003 and 7 · 2,857 = 19,999, while 2 is that of
        // an even number.
        (HistoryOrder::Title, ["c2143", "c1429"], "c2857"),
        (HistoryOrder::Cost, ["c4999", "c4997"], "c1"),
        (HistoryOrder::Tokens, ["c4999", "c4997"], "c1"),
    ] {
        let mut query = HistoryQuery {
            text: "odd".into(),
            limit: 2,
            ..by(order)
        };
        assert_eq!(titles(store, &query), first, "{order:?}");
        query.offset = 2_498;
        assert_eq!(titles(store, &query)[1], last, "{order:?}");
        let all = store.history_ids(&query).unwrap();
        assert_eq!(all.len(), 2_500, "{order:?}");
        query.offset = 0;
        assert_eq!(store.history(&query).unwrap().rows[0].id, all[0]);
    }
}

#[test]
fn many_are_moved_at_once_and_those_that_are_gone_passed_over() {
    let Place { store, .. } = &place();
    let ids: Vec<_> = ["one", "two", "three", "four"]
        .map(|title| save(store, title, ConversationTotals::default()))
        .into();
    let gone = ConversationId::new();
    let some = [ids[0], gone, ids[2]];
    assert_eq!(store.delete_all(&some).unwrap(), 2);
    assert_eq!(titles(store, &by(HistoryOrder::Newest)), ["four", "two"]);
    assert_eq!(store.restore_all(&some).unwrap(), 2);
    assert_eq!(
        titles(store, &by(HistoryOrder::Newest)),
        ["four", "three", "two", "one"]
    );
    assert_eq!(store.set_all_archived(&some, true).unwrap(), 2);
    assert_eq!(titles(store, &by(HistoryOrder::Newest)), ["four", "two"]);
    assert_eq!(store.set_all_archived(&some, false).unwrap(), 2);
    assert_eq!(store.delete_all(&[]).unwrap(), 0);
    assert_eq!(
        store.history_ids(&by(HistoryOrder::Newest)).unwrap(),
        [ids[3], ids[2], ids[1], ids[0]]
    );
    let alone = store.delete(gone);
    assert!(matches!(alone, Err(StoreError::NotThere(id)) if id == gone));
}

#[test]
fn every_order_of_an_empty_history_is_empty() {
    let Place { store, .. } = &place();
    for order in HistoryOrder::ALL {
        assert!(titles(store, &by(order)).is_empty());
        assert!(store.history_ids(&by(order)).unwrap().is_empty());
    }
}

#[test]
fn what_was_changed_last_is_so_whatever_is_pinned() {
    let Place { store, .. } = &place();
    let chat = Screen::chat();
    assert_eq!(store.changed_last(&chat).unwrap(), None);
    let pinned = save(store, "pinned", ConversationTotals::default());
    store.set_pinned(pinned, true).unwrap();
    let newest = save(store, "newest", ConversationTotals::default());
    assert_eq!(store.changed_last(&chat).unwrap(), Some(newest));
    assert_eq!(store.changed_last(&Screen::alt_text()).unwrap(), None);
    store.delete(newest).unwrap();
    assert_eq!(store.changed_last(&chat).unwrap(), Some(pinned));
}
