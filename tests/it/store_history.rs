//! The list of conversations: its order, its filters, and what the search finds.

use bedrock_playground::chat::{Message, Transcript, Turn};
use bedrock_playground::store::{
    ConversationDraft, ConversationId, ConversationTotals, HistoryQuery, Shelf, Store, UnixMs,
};
use rusqlite::Connection;

use crate::store::{Place, draft, exchange, owned, place, text, usd};

fn save(store: &Store, title: &str, prompt: &str, answer: &str) -> ConversationId {
    let draft = draft(title, exchange(prompt, answer));
    store.save_conversation(&draft).unwrap();
    draft.id
}

fn titles(store: &Store, query: &HistoryQuery) -> Vec<String> {
    let page = store.history(query).unwrap();
    page.rows.into_iter().map(|row| row.title).collect()
}

fn search(store: &Store, text: &str) -> Vec<String> {
    let query = HistoryQuery {
        text: text.into(),
        ..HistoryQuery::default()
    };
    titles(store, &query)
}

fn on(shelf: Shelf) -> HistoryQuery {
    HistoryQuery {
        shelf,
        ..HistoryQuery::default()
    }
}

#[test]
fn pinned_ones_come_first_then_the_newest_page_by_page() {
    let Place { store, .. } = &place();
    let one = save(store, "one", "a", "b");
    save(store, "two", "a", "b");
    save(store, "three", "a", "b");
    store.set_pinned(one, true).unwrap();
    assert_eq!(
        titles(store, &HistoryQuery::default()),
        ["one", "three", "two"]
    );
    let mut query = HistoryQuery {
        limit: 2,
        ..HistoryQuery::default()
    };
    let page = store.history(&query).unwrap();
    assert!(page.more);
    assert_eq!(page.rows.len(), 2);
    assert!(page.rows[0].pinned && !page.rows[1].pinned);
    assert_eq!(page.rows[0].turns, 2);
    query.offset = 2;
    let page = store.history(&query).unwrap();
    assert!(!page.more);
    assert_eq!(page.rows[0].title, "two");
    store.set_pinned(one, false).unwrap();
    assert_eq!(
        titles(store, &HistoryQuery::default()),
        ["three", "two", "one"]
    );
}

#[test]
fn every_filter_keeps_what_fits() {
    let Place { store, .. } = &place();
    let with = |change: &dyn Fn(&mut ConversationDraft)| {
        let mut draft = draft("plain", exchange("a", "b"));
        change(&mut draft);
        store.save_conversation(&draft).unwrap();
        draft.id
    };
    let plain = with(&|_| {});
    with(&|draft| {
        draft.title = "model".into();
        draft.model = Some("meta.llama3-8b-instruct-v1:0".into());
    });
    with(&|draft| {
        draft.title = "connection".into();
        draft.connection = "home".into();
    });
    with(&|draft| {
        draft.title = "screen".into();
        draft.screen = "compare".into();
    });
    let cheap = with(&|draft| {
        draft.title = "cheap".into();
        draft.totals = ConversationTotals {
            cost: Some(usd("0.000000000001")),
            ..ConversationTotals::default()
        };
    });
    with(&|draft| {
        draft.title = "dear".into();
        draft.totals = ConversationTotals {
            cost: Some(usd("12.5")),
            ..ConversationTotals::default()
        };
    });
    store.add_tag(plain, "Work").unwrap();
    store.add_tag(plain, "work").unwrap();
    store.add_tag(cheap, "home").unwrap();
    assert_eq!(
        store.tags().unwrap(),
        [("home".to_owned(), 1), ("Work".to_owned(), 1)]
    );

    let check = |change: &dyn Fn(&mut HistoryQuery), expected: &[&str]| {
        let mut query = HistoryQuery::default();
        change(&mut query);
        assert_eq!(titles(store, &query), expected, "{query:?}");
    };
    let llama = "meta.llama3-8b-instruct-v1:0";
    check(&|query| query.model = Some(llama.into()), &["model"]);
    check(
        &|query| query.connection = Some("home".into()),
        &["connection"],
    );
    check(&|query| query.screen = Some("compare".into()), &["screen"]);
    check(&|query| query.tag = Some("WORK".into()), &["plain"]);
    let least = Some(usd("0.000000000001"));
    check(&|query| query.least_cost = least, &["dear", "cheap"]);
    let range = |query: &mut HistoryQuery| {
        query.least_cost = Some(usd("0.01"));
        query.most_cost = Some(usd("12.5"));
    };
    check(&range, &["dear"]);
    check(&|query| query.most_cost = Some(usd("12.49")), &["cheap"]);
    let moment = |title: &str| {
        let rows = store.history(&HistoryQuery::default()).unwrap().rows;
        rows.iter().find(|row| row.title == title).unwrap().updated
    };
    let between = |query: &mut HistoryQuery| {
        query.from = Some(moment("connection"));
        query.before = Some(moment("cheap"));
    };
    check(&between, &["screen", "connection"]);
    check(&|query| query.before = Some(UnixMs(0)), &[]);
    store.remove_tag(plain, "WORK").unwrap();
    check(&|query| query.tag = Some("work".into()), &[]);
}

#[test]
fn archive_and_trash_are_apart_and_both_lead_back() {
    let Place { store, .. } = &place();
    let archived = save(store, "archived", "needle", "b");
    let deleted = save(store, "deleted", "needle", "b");
    save(store, "current", "needle", "b");
    store.set_archived(archived, true).unwrap();
    store.delete(deleted).unwrap();
    assert_eq!(titles(store, &on(Shelf::Current)), ["current"]);
    assert_eq!(titles(store, &on(Shelf::Archive)), ["archived"]);
    assert_eq!(titles(store, &on(Shelf::All)), ["current", "archived"]);
    assert_eq!(titles(store, &on(Shelf::Trash)), ["deleted"]);
    assert_eq!(search(store, "needle"), ["current"]);
    store.restore(deleted).unwrap();
    store.set_archived(archived, false).unwrap();
    assert_eq!(search(store, "needle"), ["current", "deleted", "archived"]);
    assert!(titles(store, &on(Shelf::Trash)).is_empty());
}

#[test]
fn a_deleted_conversation_that_goes_on_comes_back() {
    let Place { store, .. } = &place();
    let mut draft = draft("open", exchange("a", "b"));
    store.save_conversation(&draft).unwrap();
    store.delete(draft.id).unwrap();
    store.save_conversation(&draft).unwrap();
    assert!(
        titles(store, &on(Shelf::Current)).is_empty(),
        "nothing was said"
    );
    draft.transcript.push_user(text("still here"));
    store.save_conversation(&draft).unwrap();
    assert_eq!(titles(store, &on(Shelf::Current)), ["open"]);
    // Also after it was purged.
    store.delete(draft.id).unwrap();
    assert_eq!(store.purge(0).unwrap(), 1);
    store.save_conversation(&draft).unwrap();
    let loaded = store.load_conversation(draft.id).unwrap();
    assert_eq!(owned(&loaded.transcript), owned(&draft.transcript));
}

#[test]
fn a_title_that_was_given_stays() {
    let Place { store, .. } = &place();
    let mut draft = draft("First words", exchange("a", "b"));
    store.save_conversation(&draft).unwrap();
    draft.title = "Other words".into();
    store.save_conversation(&draft).unwrap();
    assert_eq!(titles(store, &HistoryQuery::default()), ["Other words"]);
    store.rename(draft.id, "My title").unwrap();
    draft.title = "Later words".into();
    draft.transcript.push_user(text("c"));
    store.save_conversation(&draft).unwrap();
    assert_eq!(search(store, "my TITLE"), ["My title"]);
    assert!(search(store, "words").is_empty());
}

#[test]
fn a_copy_has_all_branches_and_lives_on_its_own() {
    let Place { store, .. } = &place();
    let mut draft = draft("Rivers", exchange("Which?", "The Rhine"));
    let (answer, _) = draft.transcript.last().unwrap();
    draft.transcript.rewind_before(answer);
    draft
        .transcript
        .push(Turn::written(Message::assistant(text("The Danube"))));
    store.save_conversation(&draft).unwrap();
    store.add_tag(draft.id, "water").unwrap();
    let copy = store.duplicate(draft.id).unwrap();
    store.delete(draft.id).unwrap();
    store.purge(0).unwrap();
    let loaded = store.load_conversation(copy).unwrap();
    assert_eq!(owned(&loaded.transcript), owned(&draft.transcript));
    assert_eq!(loaded.title, "Rivers (copy)");
    assert_eq!(loaded.tags, ["water"]);
    assert_eq!(search(store, "Rhine"), ["Rivers (copy)"]);
}

#[test]
fn words_are_found_in_any_script_and_inside_others() {
    let Place { store, .. } = &place();
    save(
        store,
        "english",
        "The Quick brown fox",
        "jumps over it's \"lazy\" dog",
    );
    save(store, "japanese", "東京都の天気は？", "晴れです");
    save(store, "greek", "ΟΔΥΣΣΕΎΣ", "ος");
    save(store, "arabic", "ما هي عاصمة مصر؟", "القاهرة");
    save(store, "hebrew", "מה בירת ישראל", "ירושלים");
    save(store, "emoji", "🦀 crab", "50% _off_");
    for (text, expected) in [
        ("quick", &["english"][..]),
        ("UIC", &["english"]),
        ("fox lazy", &["english"]),
        ("\"brown fox\"", &["english"]),
        ("\"fox brown\"", &[]),
        ("fox 東京都", &[]),
        ("english fox", &["english"]),
        ("it's", &["english"]),
        ("天気は", &["japanese"]),
        ("東京", &["japanese"]),
        ("です", &["japanese"]),
        ("晴", &["japanese"]),
        ("す", &["japanese"]),
        ("οδυσσεύς", &["greek"]),
        ("ος", &["greek"]),
        ("ΟΣ", &["greek"]),
        ("ς", &["greek"]),
        ("عاصمة", &["arabic"]),
        ("مص", &["arabic"]),
        ("ירוש", &["hebrew"]),
        ("🦀", &["emoji"]),
        ("0%", &["emoji"]),
        ("_o", &["emoji"]),
        ("f_x", &[]),
        ("og", &["english"]),
        ("zq", &[]),
        ("AND", &[]),
        ("fox OR crab", &[]),
        ("lazy*", &[]),
        (
            "\"",
            &["emoji", "hebrew", "arabic", "greek", "japanese", "english"],
        ),
    ] {
        assert_eq!(search(store, text), expected, "{text}");
    }
}

#[test]
fn what_is_rare_among_much_and_what_is_common_are_both_found() {
    let Place { store, .. } = &place();
    // More trigrams begin with "q" than are looked up one by one.
    let many: String = ('a'..='z')
        .flat_map(|b| ('a'..='z').map(move |c| format!("q{b}{c} ")))
        .collect();
    save(store, "many", &many, "Ä");
    save(store, "few", "x", "y");
    assert_eq!(search(store, "q"), ["many"]);
    assert_eq!(search(store, "Q"), ["many"]);
    assert_eq!(search(store, "qz"), ["many"]);
    assert_eq!(search(store, "ä"), ["many"]);
}

#[test]
fn the_search_follows_the_turns() {
    let Place { store, .. } = &place();
    let mut draft = draft("t", exchange("first prompt", "first answer"));
    store.save_conversation(&draft).unwrap();
    let (answer, _) = draft.transcript.last().unwrap();
    draft.transcript.rewind_before(answer);
    draft
        .transcript
        .push(Turn::written(Message::assistant(text("second answer"))));
    store.save_conversation(&draft).unwrap();
    assert_eq!(
        search(store, "\"first answer\""),
        ["t"],
        "other branches are found too"
    );
    draft.transcript.delete(answer);
    store.save_conversation(&draft).unwrap();
    assert!(search(store, "\"first answer\"").is_empty());
    draft.transcript.restore(answer);
    store.save_conversation(&draft).unwrap();
    assert_eq!(search(store, "\"first answer\""), ["t"]);
    store.delete(draft.id).unwrap();
    store.purge(0).unwrap();
    let other = save(store, "other", "x", "y");
    assert!(search(store, "prompt").is_empty());
    store.delete(other).unwrap();
}

#[test]
fn the_piece_that_was_found_is_shown() {
    let Place { store, .. } = &place();
    save(store, "Weather", "How is it?", "It is\nsunny in München");
    let query = |text: &str| HistoryQuery {
        text: text.into(),
        ..HistoryQuery::default()
    };
    let row = store.history(&query("MÜNCHEN it")).unwrap().rows.remove(0);
    let snippet = row.snippet.unwrap();
    assert_eq!(snippet.turn, 1);
    assert_eq!(snippet.text, "It is sunny in München");
    let marked: Vec<_> = snippet
        .highlights
        .iter()
        .map(|range| &snippet.text[range.clone()])
        .collect();
    assert_eq!(marked, ["It", "München"]);
    let row = store.history(&query("weat")).unwrap().rows.remove(0);
    assert_eq!(row.snippet, None);
    assert_eq!(row.title_highlights[0], 0..4);
}

/// Not one table is walked through but by an index, however large the history is.
#[test]
fn every_page_is_found_by_an_index() {
    let Place { store, .. } = &place();
    save(store, "one", "a long prompt", "b");
    let words = HistoryQuery {
        text: "long prompt".into(),
        ..HistoryQuery::default()
    };
    for (query, index) in [
        (HistoryQuery::default(), "INDEX history ("),
        (on(Shelf::Archive), "INDEX history ("),
        (on(Shelf::All), "INDEX history_with_archive"),
        (on(Shelf::Trash), "INDEX trash"),
        (
            HistoryQuery {
                model: Some("m".into()),
                tag: Some("t".into()),
                ..HistoryQuery::default()
            },
            "INDEX history_of_model (",
        ),
        // A rare word leaves few to put in order.
        (words, "INTEGER PRIMARY KEY"),
    ] {
        let steps = store.explain_history(&query).unwrap();
        assert!(steps[0].contains(index), "{query:?}: {steps:#?}");
        for step in &steps {
            assert!(
                (!step.contains("TEMP B-TREE") || !query.text.is_empty())
                    && (!step.starts_with("SCAN ")
                        || step.contains("USING INDEX")
                        || step.contains("VIRTUAL TABLE")),
                "{query:?}: {steps:#?}"
            );
        }
    }
}

/// A hundred thousand conversations: the first page reads no more than itself.
#[test]
fn a_page_of_a_large_history_is_read_alone() {
    let Place { store, folder, .. } = &place();
    let id = save(store, "first", "a", "b");
    let raw = Connection::open(folder.path().join("playground.db")).unwrap();
    raw.execute_batch(
        "DROP TRIGGER title_added;
         WITH RECURSIVE n (n) AS (SELECT 2 UNION ALL SELECT n + 1 FROM n WHERE n < 100000)
         INSERT INTO conversations (id, title, screen, region, connection, created, updated,
             configuration, turns, tokens_in, tokens_out, simulated, version)
         SELECT printf('00000000-0000-4000-8000-%012d', n), 'c' || n, 'chat', 'r', 'c', n, n, '{}',
             0, 0, 0, 0, 1 FROM n;",
    )
    .unwrap();
    let page = store.history(&HistoryQuery::default()).unwrap();
    assert!(page.more);
    assert_eq!(page.rows[0].id, id);
    assert_eq!(page.rows[1].title, "c100000");
    assert_eq!(page.rows[49].title, "c99952");
    let transcript = Transcript::default();
    store.save_conversation(&draft("new", transcript)).unwrap();
    assert_eq!(titles(store, &HistoryQuery::default())[0], "new");
}

/// Words in more texts than are collected, found among the newest, and where these do not have them.
#[test]
fn common_words_are_found_page_by_page() {
    let Place { store, folder, .. } = &place();
    let raw = Connection::open(folder.path().join("playground.db")).unwrap();
    raw.execute_batch(
        "BEGIN;
         WITH RECURSIVE n (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM n WHERE n < 4000)
         INSERT INTO conversations (id, title, screen, region, connection, created, updated,
             configuration, turns, tokens_in, tokens_out, simulated, version, pinned)
         SELECT printf('00000000-0000-4000-8000-%012d', n), 'c' || n, 'chat', 'r', 'c', n, n, '{}',
             1, 0, 0, 0, 1, n = 7 FROM n;
         INSERT INTO turns (id, conversation, place, parent, deleted, role, content, text, digest)
         SELECT number * 1048576, number, 0, NULL, 0, 'user', '[]',
             'common' || iif(number <= 2100, ' ancient', '') || iif(number = 3990, ' needle', ''),
             x'' FROM conversations;
         COMMIT;",
    )
    .unwrap();
    let found = |text: &str, offset: usize| {
        let query = HistoryQuery {
            text: text.into(),
            limit: 2,
            offset,
            ..HistoryQuery::default()
        };
        let page = store.history(&query).unwrap();
        let titles: Vec<_> = page.rows.iter().map(|row| row.title.clone()).collect();
        (titles.join(" "), page.more)
    };
    let page = |titles: &str, more: bool| (titles.to_owned(), more);
    assert_eq!(found("common", 0), page("c7 c4000", true));
    assert_eq!(found("common", 2), page("c3999 c3998", true));
    // Beyond the newest, to the end.
    assert_eq!(found("common", 1_500), page("c2501 c2500", true));
    assert_eq!(found("common", 3_998), page("c2 c1", false));
    assert_eq!(found("ancient", 0), page("c7 c2100", true));
    assert_eq!(found("ancient common", 2), page("c2099 c2098", true));
    assert_eq!(found("common needle", 0), page("c3990", false));
    assert_eq!(found("ancient needle", 0), page("", false));
    // Two letters that begin a common word.
    assert_eq!(found("co", 0), page("c7 c4000", true));
}

#[test]
fn accents_do_not_matter_and_the_letters_as_written_are_marked() {
    let Place { store, .. } = &place();
    save(
        store,
        "Café crème",
        "a Ångström",
        "naive: naïve, na\u{ef}ve",
    );
    save(store, "Йод", "и", "Ёлка");
    for text in [
        "cafe",
        "CAFÉ",
        "creme",
        "angstrom",
        "naïve",
        "naive",
        "cre\u{300}me",
    ] {
        assert_eq!(search(store, text), ["Café crème"], "{text}");
    }
    // In Cyrillic the sign makes another letter.
    assert_eq!(search(store, "Йод"), ["Йод"]);
    assert!(search(store, "Иод").is_empty());
    let query = HistoryQuery {
        text: "cafe".into(),
        ..HistoryQuery::default()
    };
    let page = store.history(&query).unwrap();
    let row = &page.rows[0];
    let marked = &row.title[row.title_highlights[0].clone()];
    assert_eq!(marked, "Café");
}
