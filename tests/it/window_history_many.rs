//! A history of many conversations: put in order, ticked, and moved at once.

use std::path::Path;

use bedrock_playground::emulator::Pace;
use bedrock_playground::store::{ConversationTotals, DataFolder, HistoryQuery, Shelf, Store};
use bedrock_playground::ui::App;
use egui::accesskit::Toggled;
use egui::{Key, Modifiers};
use egui_kittest::Harness;
use egui_kittest::kittest::{NodeT as _, Queryable as _};

use crate::store::{draft, exchange, usd};
use crate::support::window::{
    click, go_to, keeping_window, on_screen, shows, wait_for, wait_until, write,
};

fn store(folder: &Path) -> Store {
    let folder = DataFolder::find(Some(folder)).expect("a folder");
    Store::open(&folder).expect("the history").store
}

/// A window that shows the history of these titles, the last one saved last, each dearer than the one before.
fn history_of(folder: &Path, titles: &[&str]) -> Harness<'static, App> {
    {
        let store = store(folder);
        for (at, title) in titles.iter().enumerate() {
            let mut draft = draft(title, exchange("Which river?", "The Danube"));
            draft.totals = ConversationTotals {
                cost: Some(usd(&format!("0.{}", at + 1))),
                tokens_in: 10,
                ..ConversationTotals::default()
            };
            store.save_conversation(&draft).expect("saved");
        }
    }
    let mut harness = keeping_window(folder, Pace::Instant);
    go_to(&mut harness, "History");
    wait_for(&mut harness, &format!("Open conversation {}", titles[0]));
    harness
}

/// Titles in the list, from above.
fn listed(harness: &Harness<'static, App>) -> Vec<String> {
    let title = |label: &str| label.strip_prefix("Open conversation ").map(str::to_owned);
    let mut rows: Vec<_> = harness
        .query_all_by(|node| node.label().is_some_and(|label| title(&label).is_some()))
        .filter_map(|node| {
            let label = node.accesskit_node().label()?;
            Some((node.rect().top(), title(&label)?))
        })
        .collect();
    rows.sort_by(|one, other| one.0.total_cmp(&other.0));
    rows.into_iter().map(|(_, title)| title).collect()
}

fn wait_for_list(harness: &mut Harness<'static, App>, titles: &[&str]) {
    wait_until(harness, &format!("{titles:?}"), |harness| {
        listed(harness) == titles
    });
}

fn choose_order(harness: &mut Harness<'static, App>, order: &str) {
    click(harness, "Order");
    click(harness, order);
}

fn is_ticked(harness: &Harness<'static, App>, title: &str) -> bool {
    let name = format!("Select {title}");
    let tick = harness.get_by_label(&name);
    tick.accesskit_node().toggled() == Some(Toggled::True)
}

/// A click with the pointer where a row has its words, while keys are held.
fn click_row(harness: &mut Harness<'static, App>, title: &str, modifiers: Modifiers) {
    let name = format!("Open conversation {title}");
    harness.get_by_label(&name).click_modifiers(modifiers);
    harness.run_steps(2);
}

/// A key, while what is called this has the focus.
fn press_at(harness: &mut Harness<'static, App>, name: &str, modifiers: Modifiers, key: Key) {
    harness.get_by_label(name).focus();
    harness.step();
    harness.key_press_modifiers(modifiers, key);
    harness.run_steps(2);
}

#[test]
fn the_list_is_put_in_the_order_that_is_chosen_among_what_is_found_too() {
    let folder = tempfile::tempdir().expect("a folder");
    let mut harness = history_of(folder.path(), &["beech", "Ash", "cedar"]);
    wait_for_list(&mut harness, &["cedar", "Ash", "beech"]);
    choose_order(&mut harness, "By title");
    wait_for_list(&mut harness, &["Ash", "beech", "cedar"]);
    choose_order(&mut harness, "Oldest first");
    wait_for_list(&mut harness, &["beech", "Ash", "cedar"]);
    write(&mut harness, "Search the history", "danube");
    wait_for_list(&mut harness, &["beech", "Ash", "cedar"]);
    choose_order(&mut harness, "Highest cost first");
    wait_for_list(&mut harness, &["cedar", "Ash", "beech"]);
    // An order is none of the filters.
    write(&mut harness, "Search the history", " nowhere");
    wait_for(&mut harness, "Nothing found");
    choose_order(&mut harness, "By title");
    click(&mut harness, "Show everything");
    wait_for_list(&mut harness, &["Ash", "beech", "cedar"]);
}

#[test]
fn several_are_ticked_deleted_at_once_and_come_back_at_once() {
    let folder = tempfile::tempdir().expect("a folder");
    let mut harness = history_of(folder.path(), &["one", "two", "three", "four", "five"]);
    click(&mut harness, "Select four");
    wait_for(&mut harness, "1 selected");
    assert!(is_ticked(&harness, "four"));
    click_row(&mut harness, "two", Modifiers::SHIFT);
    wait_for(&mut harness, "3 selected");
    click_row(&mut harness, "three", Modifiers::COMMAND);
    wait_for(&mut harness, "2 selected");
    assert!(!is_ticked(&harness, "three"));
    click(&mut harness, "Delete");
    wait_for(&mut harness, "2 conversations deleted");
    wait_for_list(&mut harness, &["five", "three", "one"]);
    assert!(!shows(&harness, "selected"));
    click(&mut harness, "Undo");
    wait_for_list(&mut harness, &["five", "four", "three", "two", "one"]);
    assert!(!shows(&harness, "conversations deleted"));
    // Nothing was opened meanwhile.
    assert!(
        shows(&harness, "Search the history"),
        "{}",
        on_screen(&harness)
    );
}

#[test]
fn all_are_ticked_by_the_keyboard_however_many_there_are() {
    let folder = tempfile::tempdir().expect("a folder");
    let titles: Vec<String> = (0..130).map(|n| format!("conversation {n}")).collect();
    let titles: Vec<&str> = titles.iter().map(String::as_str).collect();
    {
        let store = store(folder.path());
        for title in &titles {
            let draft = draft(title, exchange("a", "b"));
            store.save_conversation(&draft).expect("saved");
        }
    }
    let mut harness = keeping_window(folder.path(), Pace::Instant);
    go_to(&mut harness, "History");
    wait_for(&mut harness, "Open conversation conversation 129");
    harness.key_press_modifiers(Modifiers::COMMAND, Key::A);
    wait_for(&mut harness, "130 selected");
    harness.key_press(Key::Escape);
    wait_until(&mut harness, "nothing ticked", |harness| {
        !shows(harness, "selected")
    });
    // From one to another by keys alone.
    press_at(
        &mut harness,
        "Select conversation 128",
        Modifiers::NONE,
        Key::Space,
    );
    wait_for(&mut harness, "1 selected");
    press_at(
        &mut harness,
        "Open conversation conversation 126",
        Modifiers::SHIFT,
        Key::Space,
    );
    wait_for(&mut harness, "3 selected");
    harness.key_press_modifiers(Modifiers::COMMAND, Key::A);
    wait_for(&mut harness, "130 selected");
    harness.key_press(Key::Delete);
    wait_for(&mut harness, "130 conversations deleted");
    wait_for(&mut harness, "Nothing here yet");
    let in_trash = |folder: &Path| {
        let query = HistoryQuery {
            shelf: Shelf::Trash,
            ..HistoryQuery::default()
        };
        store(folder).history_ids(&query).expect("ids").len()
    };
    assert_eq!(in_trash(folder.path()), 130);
    harness.key_press_modifiers(Modifiers::COMMAND, Key::Z);
    wait_for(&mut harness, "Open conversation conversation 129");
    assert_eq!(in_trash(folder.path()), 0);
}

#[test]
fn what_may_not_be_listed_any_more_is_not_ticked_any_more() {
    let folder = tempfile::tempdir().expect("a folder");
    let mut harness = history_of(folder.path(), &["one", "two", "three"]);
    click(&mut harness, "Select three");
    wait_for(&mut harness, "1 selected");
    write(&mut harness, "Search the history", "one");
    wait_until(&mut harness, "nothing ticked", |harness| {
        !shows(harness, "selected")
    });
    // What is written in has its own meaning of the keys.
    harness.key_press_modifiers(Modifiers::COMMAND, Key::A);
    harness.key_press(Key::Backspace);
    wait_for_list(&mut harness, &["three", "two", "one"]);
    // What a row's menu moves is not ticked any more either, and the others stay so.
    click(&mut harness, "Select two");
    click(&mut harness, "Select one");
    wait_for(&mut harness, "2 selected");
    click(&mut harness, "Actions for two");
    wait_for(&mut harness, "Add a tag");
    click(&mut harness, "Pin");
    wait_for_list(&mut harness, &["two", "three", "one"]);
    assert!(shows(&harness, "2 selected"));
}

#[test]
fn many_go_to_the_archive_and_come_out_of_it_and_of_the_deleted_together() {
    let folder = tempfile::tempdir().expect("a folder");
    let mut harness = history_of(folder.path(), &["one", "two", "three"]);
    click(&mut harness, "Select three");
    click(&mut harness, "Select one");
    click(&mut harness, "Move to the archive");
    wait_for_list(&mut harness, &["two"]);
    wait_for(&mut harness, "2 conversations archived");
    click(&mut harness, "Archive");
    wait_for_list(&mut harness, &["three", "one"]);
    click(&mut harness, "Select three");
    click(&mut harness, "Select all");
    wait_for(&mut harness, "2 selected");
    click(&mut harness, "Take out of the archive");
    wait_for(&mut harness, "2 conversations taken out of the archive");
    click(&mut harness, "Current");
    wait_for_list(&mut harness, &["three", "two", "one"]);
    harness.key_press_modifiers(Modifiers::COMMAND, Key::A);
    wait_for(&mut harness, "3 selected");
    click(&mut harness, "Select none");
    click(&mut harness, "Select two");
    harness.key_press(Key::Delete);
    wait_for(&mut harness, "Conversation deleted");
    click(&mut harness, "Deleted");
    wait_for_list(&mut harness, &["two"]);
    click(&mut harness, "Select two");
    click(&mut harness, "Restore");
    wait_for(&mut harness, "Nothing here yet");
}
