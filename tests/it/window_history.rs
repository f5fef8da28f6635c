//! What is said is kept, found again and opened where it was left.

use std::path::Path;

use bedrock_playground::chat::Transcript;
use bedrock_playground::emulator::Pace;
use bedrock_playground::store::{DataFolder, HistoryQuery, Shelf, Store, UnixMs};
use bedrock_playground::ui::{App, AppOptions, Zone};
use egui_kittest::Harness;
use egui_kittest::kittest::{NodeT as _, Queryable as _};

use crate::store::{draft, text};
use crate::support::session::embedded;
use crate::support::window::{
    app_options, app_window, ask, ask_and_wait, click, connected, drop_files, go_to,
    keeping_window, painted, quit, scroll_to_top, shows, wait_for, wait_until, write,
};

fn store(folder: &Path) -> Store {
    let folder = DataFolder::find(Some(folder)).expect("a folder");
    Store::open(&folder).expect("the history").store
}

fn texts(folder: &Path) -> String {
    let store = store(folder);
    let page = store.history(&HistoryQuery::default()).expect("a page");
    let mut texts = String::new();
    for row in page.rows {
        let stored = store.load_conversation(row.id).expect("a conversation");
        for (_, turn) in stored.transcript.turns() {
            texts += &turn.message.text();
            texts += "\n";
        }
    }
    texts
}

/// The history of a window that was closed after one answer.
fn history_of_one(folder: &Path) -> Harness<'static, App> {
    {
        let mut harness = keeping_window(folder, Pace::Instant);
        ask_and_wait(&mut harness, "Name a river");
        quit(harness);
    }
    let mut harness = keeping_window(folder, Pace::Instant);
    go_to(&mut harness, "History");
    harness
}

fn menu(harness: &mut Harness<'static, App>, of: &str, item: &str) {
    click(harness, of);
    wait_for(harness, item);
    click(harness, item);
}

#[test]
fn the_list_follows_what_comes_to_the_disk_while_it_is_looked_at() {
    let folder = tempfile::tempdir().expect("a folder");
    let mut harness = keeping_window(folder.path(), Pace::Times(0.5));
    ask(&mut harness, "Name a river");
    go_to(&mut harness, "History");
    wait_for(&mut harness, "Open conversation Name a river");
    wait_until(&mut harness, "what the answer took", |harness| {
        shows(harness, "2 turns") && !shows(harness, " 0 tokens")
    });
}

#[test]
fn a_click_on_the_words_of_a_row_opens_it() {
    let folder = tempfile::tempdir().expect("a folder");
    let mut harness = history_of_one(folder.path());
    wait_until(&mut harness, "what the answer took", |harness| {
        shows(harness, "2 turns") && shows(harness, " tokens")
    });
    // With the pointer, where the letters are.
    harness.get_by_label_contains("2 turns").click();
    wait_for(&mut harness, "Regenerate");
}

#[test]
fn a_row_says_its_title_before_its_menu() {
    let folder = tempfile::tempdir().expect("a folder");
    let mut harness = history_of_one(folder.path());
    wait_for(&mut harness, "Actions for Name a river");
    let said: Vec<String> = harness
        .query_all_by(|node| {
            matches!(
                node.role(),
                egui::accesskit::Role::Label | egui::accesskit::Role::Button
            )
        })
        .filter_map(|node| {
            let node = node.accesskit_node();
            node.label().or_else(|| node.value())
        })
        .collect();
    let place = |text: &str| said.iter().position(|said| said == text);
    let (title, menu) = (place("Name a river"), place("Actions for Name a river"));
    assert!(title.is_some() && title < menu, "{said:#?}");
}

#[test]
fn a_conversation_is_found_by_its_words_and_opened_where_it_was_left() {
    let folder = tempfile::tempdir().expect("a folder");
    {
        let mut harness = keeping_window(folder.path(), Pace::Instant);
        ask_and_wait(&mut harness, "Name a river in Ἑλλάς");
        wait_until(&mut harness, "saving", |_| {
            texts(folder.path()).contains("simulated")
        });
    }
    let mut harness = keeping_window(folder.path(), Pace::Instant);
    go_to(&mut harness, "History");
    wait_for(&mut harness, "Open conversation Name a river");
    write(&mut harness, "Search the history", "ἑλλάς");
    wait_for(&mut harness, "Open conversation Name a river");
    click(&mut harness, "Filters…");
    write(&mut harness, "Model id", "amazon.nova-pro-v1:0");
    wait_for(&mut harness, "Nothing found");
    click(&mut harness, "Clear the filters");
    wait_for(&mut harness, "Open conversation Name a river");
    write(&mut harness, "From day", "yesterday");
    wait_for(&mut harness, "is no day");
    click(&mut harness, "Clear the filters");
    write(&mut harness, "Search the history", " nowhere");
    wait_for(&mut harness, "Nothing found");
    harness.get_by_label("Search the history").focus();
    harness.step();
    harness.key_press_modifiers(egui::Modifiers::COMMAND, egui::Key::A);
    harness.key_press(egui::Key::Backspace);
    wait_for(&mut harness, "Open conversation Name a river");
    click(&mut harness, "Open conversation Name a river in Ἑλλάς");
    wait_for(&mut harness, "Regenerate");
    scroll_to_top(&mut harness);
    wait_for(&mut harness, "Name a river in Ἑλλάς");
}

/// Sixty turns of many lines each, of which one speaks of a heron, in small letters and large ones.
fn with_a_heron(folder: &Path) {
    let mut long = Transcript::default();
    for turn in 0..60 {
        let line = format!("Line of turn {turn}, which says nothing of note.\n\n");
        let heron = if turn == 20 {
            "A heron stood by the weir. HERON!"
        } else {
            ""
        };
        let said = [line.repeat(15), heron.to_owned(), line.repeat(15)].concat();
        long.push_user(text(&said));
    }
    store(folder)
        .save_conversation(&draft("Birds", long))
        .expect("saved");
}

#[test]
fn a_conversation_opens_where_the_words_stand_that_it_was_found_by() {
    let folder = tempfile::tempdir().expect("a folder");
    with_a_heron(folder.path());
    let mut harness = keeping_window(folder.path(), Pace::Instant);
    go_to(&mut harness, "History");
    wait_for(&mut harness, "Open conversation Birds");
    write(&mut harness, "Search the history", "heron");
    wait_for(&mut harness, "A heron stood by the weir");
    click(&mut harness, "Open conversation Birds");
    wait_for(&mut harness, "2 of 2");
    wait_until(&mut harness, "the heron in view", |harness| {
        !painted(harness, "A heron stood by the weir").is_empty()
    });
    // It stays there when the turns before it have got their heights.
    harness.run_steps(60);
    assert!(!painted(&harness, "A heron stood by the weir").is_empty());
    assert!(painted(&harness, "Line of turn 59").is_empty());
}

#[test]
fn words_are_found_in_the_conversation_that_is_shown() {
    let folder = tempfile::tempdir().expect("a folder");
    with_a_heron(folder.path());
    let mut harness = keeping_window(folder.path(), Pace::Instant);
    go_to(&mut harness, "History");
    click(&mut harness, "Open conversation Birds");
    wait_until(&mut harness, "the end", |harness| {
        !painted(harness, "Line of turn 59").is_empty()
    });
    harness.key_press_modifiers(egui::Modifiers::COMMAND, egui::Key::F);
    harness.step();
    write(&mut harness, "Find in the conversation", "of turn 4,");
    wait_for(&mut harness, "30 of 30");
    wait_until(&mut harness, "the fourth turn", |harness| {
        !painted(harness, "Line of turn 4,").is_empty()
    });
    harness.key_press(egui::Key::Enter);
    wait_for(&mut harness, "1 of 30");
    harness.key_press_modifiers(egui::Modifiers::SHIFT, egui::Key::Enter);
    wait_for(&mut harness, "30 of 30");
    write(&mut harness, "Find in the conversation", "x");
    wait_for(&mut harness, "Not found");
    harness.key_press(egui::Key::Escape);
    wait_until(&mut harness, "the search closed", |harness| {
        !shows(harness, "Not found")
    });
    assert!(shows(&harness, "Prompt"), "the conversation is still there");
}

#[test]
fn what_was_said_before_the_history_was_open_is_kept_when_the_window_closes() {
    let folder = tempfile::tempdir().expect("a folder");
    // Someone else holds the file that is about to become the history.
    let other = rusqlite::Connection::open(folder.path().join("playground.db")).expect("a file");
    other.execute_batch("BEGIN EXCLUSIVE").expect("held");
    let mut harness = keeping_window(folder.path(), Pace::Instant);
    ask_and_wait(&mut harness, "Name a river");
    other.execute_batch("COMMIT").expect("let go");
    quit(harness);
    assert!(texts(folder.path()).contains("Name a river"));
}

#[test]
fn what_is_asked_of_the_history_before_it_is_open_is_done_then() {
    let folder = tempfile::tempdir().expect("a folder");
    let other = rusqlite::Connection::open(folder.path().join("playground.db")).expect("a file");
    other.execute_batch("BEGIN EXCLUSIVE").expect("held");
    let mut harness = keeping_window(folder.path(), Pace::Instant);
    go_to(&mut harness, "Settings");
    click(&mut harness, "Check the history");
    other.execute_batch("COMMIT").expect("let go");
    wait_for(&mut harness, "The history is whole");
}

#[test]
fn an_answer_is_on_disk_while_it_still_streams() {
    let folder = tempfile::tempdir().expect("a folder");
    let mut harness = keeping_window(folder.path(), Pace::Times(0.3));
    ask(&mut harness, "Name a river");
    wait_until(&mut harness, "a part of the answer on disk", |harness| {
        shows(harness, "Stop") && texts(folder.path()).contains("imulated")
    });
    assert!(!shows(&harness, "Regenerate"), "it is still streaming");
}

#[test]
fn of_two_quick_changes_the_firsts_failure_is_told_and_the_second_is_made() {
    let folder = tempfile::tempdir().expect("a folder");
    let mut harness = keeping_window(folder.path(), Pace::Instant);
    ask_and_wait(&mut harness, "Name a river");
    click(&mut harness, "New conversation");
    ask_and_wait(&mut harness, "Name a lake");
    go_to(&mut harness, "History");
    for name in ["Name a river", "Name a lake"] {
        wait_for(&mut harness, &format!("Open conversation {name}"));
    }
    wait_until(&mut harness, "both answers on the disk", |harness| {
        !shows(harness, " 0 tokens")
    });
    // Someone else holds the history while both changes are asked for, and takes the first away.
    let database = rusqlite::Connection::open(folder.path().join("playground.db")).expect("opened");
    database
        .execute_batch("PRAGMA foreign_keys = ON; BEGIN IMMEDIATE")
        .expect("held");
    menu(&mut harness, "Actions for Name a river", "Pin");
    menu(&mut harness, "Actions for Name a lake", "Pin");
    database
        .execute_batch("DELETE FROM conversations WHERE title = 'Name a river'; COMMIT")
        .expect("let go");
    wait_for(&mut harness, "is not in the history");
    wait_until(&mut harness, "the second change", |_| {
        let page = store(folder.path()).history(&HistoryQuery::default());
        page.expect("a page").rows.iter().any(|row| row.pinned)
    });
}

#[test]
fn a_deleted_conversation_comes_back_and_a_renamed_one_keeps_its_name() {
    let folder = tempfile::tempdir().expect("a folder");
    let mut harness = keeping_window(folder.path(), Pace::Instant);
    ask_and_wait(&mut harness, "Name a river");
    wait_until(&mut harness, "saving", |_| {
        texts(folder.path()).contains("simulated")
    });
    go_to(&mut harness, "History");
    wait_for(&mut harness, "Open conversation Name a river");
    menu(&mut harness, "Actions for Name a river", "Rename");
    write(&mut harness, "New title", "s of the world");
    harness.key_press(egui::Key::Enter);
    wait_for(&mut harness, "Open conversation Name a rivers of the world");
    menu(
        &mut harness,
        "Actions for Name a rivers of the world",
        "Delete",
    );
    wait_for(&mut harness, "Conversation deleted");
    wait_for(&mut harness, "Nothing here yet");
    let deleted = HistoryQuery {
        shelf: Shelf::Trash,
        ..HistoryQuery::default()
    };
    assert_eq!(
        store(folder.path()).history(&deleted).expect("a page").rows[0].title,
        "Name a rivers of the world"
    );
    click(&mut harness, "Undo");
    wait_for(&mut harness, "Open conversation Name a rivers of the world");
}

#[test]
fn the_theme_is_kept_and_what_others_wrote_stays() {
    let folder = tempfile::tempdir().expect("a folder");
    let file = folder.path().join("settings.json");
    std::fs::write(&file, r#"{"theme": "dark", "ofAnotherVersion": 7}"#).expect("written");
    let mut harness = keeping_window(folder.path(), Pace::Instant);
    wait_until(&mut harness, "the dark theme", |harness| {
        harness.ctx.options(|options| options.theme_preference) == egui::ThemePreference::Dark
    });
    harness.key_press_modifiers(egui::Modifiers::COMMAND, egui::Key::K);
    wait_for(&mut harness, "Find an action");
    write(&mut harness, "Find an action", "light theme");
    harness.key_press(egui::Key::Enter);
    wait_until(&mut harness, "the light theme on disk", |_| {
        let text = std::fs::read_to_string(&file).unwrap_or_default();
        text.contains("\"light\"") && text.contains("\"ofAnotherVersion\": 7")
    });
}

#[test]
fn new_conversations_begin_as_the_settings_say() {
    let folder = tempfile::tempdir().expect("a folder");
    {
        let mut harness = keeping_window(folder.path(), Pace::Instant);
        write(&mut harness, "System prompt", "Answer like a pirate");
        go_to(&mut harness, "Settings");
        wait_for(&mut harness, "None, ever");
        wait_for(&mut harness, "Begin like the current conversation");
        click(&mut harness, "Begin like the current conversation");
        wait_for(&mut harness, "New conversations begin like this one");
        click(&mut harness, "Check the history");
        wait_for(&mut harness, "The history is whole");
        click(&mut harness, "Back up the history now");
        wait_for(&mut harness, "The history is copied to");
        let file = folder.path().join("settings.json");
        wait_until(&mut harness, "the settings on disk", |_| {
            std::fs::read_to_string(&file).is_ok_and(|text| text.contains("like a pirate"))
        });
    }
    let mut harness = keeping_window(folder.path(), Pace::Instant);
    wait_for(&mut harness, "Answer like a pirate");
}

#[test]
fn what_two_windows_change_becomes_one_copy() {
    let folder = tempfile::tempdir().expect("a folder");
    let mut first = keeping_window(folder.path(), Pace::Times(0.5));
    ask_and_wait(&mut first, "Name a river");
    wait_until(&mut first, "saving", |_| {
        texts(folder.path()).contains("simulated")
    });
    let mut second = keeping_window(folder.path(), Pace::Instant);
    go_to(&mut second, "History");
    wait_for(&mut second, "Open conversation Name a river");
    click(&mut second, "Open conversation Name a river");
    wait_for(&mut second, "Regenerate");
    ask(&mut second, "And a lake");
    wait_until(&mut second, "the other window's words on disk", |_| {
        texts(folder.path()).contains("And a lake")
    });
    // It streams long enough to be saved several times.
    ask(&mut first, "And a sea");
    wait_for(&mut first, "goes on as a copy");
    wait_for(&mut first, "Regenerate");
    wait_until(&mut first, "the copy, whole", |_| {
        texts(folder.path()).contains("And a sea")
    });
    let page = store(folder.path())
        .history(&HistoryQuery::default())
        .expect("a page");
    assert_eq!(page.rows.len(), 2, "the conversation and one copy");
}

#[test]
fn simulated_calls_are_in_the_ledger_and_cost_nothing() {
    let folder = tempfile::tempdir().expect("a folder");
    let mut harness = keeping_window(folder.path(), Pace::Instant);
    ask_and_wait(&mut harness, "Name a river");
    wait_until(&mut harness, "the ledger", |_| {
        let ledger = store(folder.path())
            .ledger(UnixMs(0)..UnixMs(i64::MAX))
            .expect("a ledger");
        matches!(&ledger[..], [call] if call.spend.simulated
            && call.spend.connection == "Embedded endpoint"
            && !call.spend.lines.is_empty())
    });
}

#[test]
fn a_history_that_cannot_be_opened_says_so_and_can_be_tried_again() {
    let folder = tempfile::tempdir().expect("a folder");
    // What no database can be read from.
    let in_the_way = folder.path().join("playground.db");
    std::fs::create_dir_all(in_the_way.join("something")).expect("a folder");
    let mut harness = keeping_window(folder.path(), Pace::Instant);
    go_to(&mut harness, "Usage");
    wait_for(&mut harness, "Usage cannot be added up");
    go_to(&mut harness, "History");
    wait_for(&mut harness, "The history cannot be shown");
    click(&mut harness, "Try again");
    wait_for(&mut harness, "The history cannot be shown");
    std::fs::remove_dir_all(&in_the_way).expect("removed");
    click(&mut harness, "Try again");
    wait_for(&mut harness, "Nothing here yet");
}

#[test]
fn without_a_data_folder_there_is_no_history_to_wait_for() {
    let mut harness = connected();
    go_to(&mut harness, "History");
    wait_for(&mut harness, "Nothing is kept");
    assert!(!shows(&harness, "Opening the history"));
}

#[test]
fn a_conversation_is_listed_by_a_line_of_what_was_asked() {
    let folder = tempfile::tempdir().expect("a folder");
    let mut harness = keeping_window(folder.path(), Pace::Instant);
    let asked = "Say in one sentence what a rule of the house is for";
    ask_and_wait(&mut harness, asked);
    go_to(&mut harness, "History");
    wait_for(&mut harness, &format!("Open conversation {asked}"));
}

#[test]
fn a_row_says_when_it_was_where_the_person_is() {
    let folder = tempfile::tempdir().expect("a folder");
    {
        let mut harness = keeping_window(folder.path(), Pace::Instant);
        ask_and_wait(&mut harness, "Name a river");
        wait_until(&mut harness, "saving", |_| {
            texts(folder.path()).contains("imulated")
        });
    }
    // 2024-12-31 at 23:30 UTC; 19,723 days from 1970 to 2024, which has 366.
    let database = rusqlite::Connection::open(folder.path().join("playground.db")).expect("opened");
    let at: i64 = ((19_723 + 366) * 24 * 60 - 30) * 60_000;
    database
        .execute("UPDATE conversations SET updated = ?", [at])
        .expect("set back");
    // As in Kathmandu, five hours and three quarters ahead.
    let mut harness = app_window(AppOptions {
        zone: Zone::by_rule("NPT-5:45"),
        ..app_options(embedded(), folder.path())
    });
    wait_for(&mut harness, "Model: Nova Lite");
    go_to(&mut harness, "History");
    wait_for(&mut harness, "2025-01-01 05:15");
    harness.get_by_label("2025-01-01 05:15").hover();
    wait_for(
        &mut harness,
        "Wednesday 1 January 2025, 05:15:00 (UTC+05:45)",
    );
    harness.remove_cursor();
    // Days are those of the zone, too.
    click(&mut harness, "Filters…");
    write(&mut harness, "To day", "2024-12-31");
    wait_for(&mut harness, "Nothing found");
    click(&mut harness, "Clear the filters");
    write(&mut harness, "From day", "2025-01-01");
    wait_for(&mut harness, "Open conversation Name a river");
}

#[test]
fn closing_a_conversation_keeps_what_came_and_what_it_took() {
    let folder = tempfile::tempdir().expect("a folder");
    let mut harness = keeping_window(folder.path(), Pace::Times(20.0));
    ask(&mut harness, "Name a river");
    wait_for(&mut harness, "Stop");
    wait_until(&mut harness, "the beginning of the answer", |_| {
        texts(folder.path()).contains("simulated")
    });
    click(&mut harness, "New conversation");
    click(&mut harness, "Close conversation 1");
    let ledger = |folder: &Path| store(folder).ledger(UnixMs(0)..UnixMs(i64::MAX));
    wait_until(&mut harness, "its row in the ledger", |_| {
        ledger(folder.path()).expect("a ledger").len() == 1
    });
}

#[test]
fn a_picture_is_seen_again_when_its_conversation_is_opened() {
    let folder = tempfile::tempdir().expect("a folder");
    let picture = folder.path().join("wide.png");
    image::RgbImage::from_pixel(60, 20, image::Rgb([200, 30, 30]))
        .save(&picture)
        .expect("saved");
    {
        let mut harness = keeping_window(folder.path(), Pace::Instant);
        drop_files(&mut harness, &[&picture]);
        wait_for(&mut harness, "Remove wide.png");
        ask_and_wait(&mut harness, "What is it?");
        quit(harness);
    }
    let mut harness = keeping_window(folder.path(), Pace::Instant);
    go_to(&mut harness, "History");
    wait_for(&mut harness, "Open conversation What is it?");
    click(&mut harness, "Open conversation What is it?");
    wait_for(&mut harness, "Regenerate");
    scroll_to_top(&mut harness);
    wait_until(&mut harness, "the picture with its size", |harness| {
        harness.query_by_label("Look at Image").is_some() && shows(harness, "60 × 20")
    });
    // It is looked at closely, and put away by Escape.
    click(&mut harness, "Look at Image");
    wait_for(&mut harness, "Large view of Image");
    click(&mut harness, "Zoom in");
    wait_for(&mut harness, "150 %");
    harness.key_press(egui::Key::Escape);
    wait_until(&mut harness, "the conversation again", |harness| {
        !shows(harness, "Large view of Image")
    });
}

#[test]
fn what_a_launch_brings_stays_in_front_of_what_was_being_written() {
    let folder = tempfile::tempdir().expect("a folder");
    let file = folder.path().join("brought.txt");
    std::fs::write(&file, "A letter").expect("written");
    {
        let mut harness = keeping_window(folder.path(), Pace::Instant);
        write(&mut harness, "Prompt", "Something else");
        let open = folder.path().join("open.json");
        wait_until(&mut harness, "it on the disk", |_| {
            std::fs::read_to_string(&open).is_ok_and(|text| text.contains("Something else"))
        });
        std::mem::forget(harness);
    }
    let mut harness = app_window(AppOptions {
        files: vec![file],
        ..app_options(embedded(), folder.path())
    });
    wait_for(&mut harness, "Conversation 2: New conversation");
    wait_for(&mut harness, "Remove brought.txt");
    assert!(!shows(&harness, "Something else"));
    click(&mut harness, "Conversation 2: New conversation");
    wait_for(&mut harness, "Something else");
}

#[test]
fn what_was_open_is_open_again_with_the_same_in_front() {
    let folder = tempfile::tempdir().expect("a folder");
    {
        let mut harness = keeping_window(folder.path(), Pace::Instant);
        for asked in ["Name a river", "Name a lake", "Name a sea"] {
            if asked != "Name a river" {
                click(&mut harness, "New conversation");
            }
            ask_and_wait(&mut harness, asked);
        }
        click(&mut harness, "Close conversation 3");
        click(&mut harness, "Conversation 1: Name a river");
        quit(harness);
    }
    {
        let mut harness = keeping_window(folder.path(), Pace::Instant);
        wait_for(&mut harness, "Conversation 2: Name a lake");
        wait_for(&mut harness, "Regenerate");
        assert!(shows(&harness, "Name a river"));
        assert!(!shows(&harness, "Name a sea"), "it was closed");
        go_to(&mut harness, "Settings");
        click(&mut harness, "At the start: Conversations that were open");
        click(&mut harness, "An empty conversation");
        wait_for(&mut harness, "At the start: An empty conversation");
        quit(harness);
    }
    let mut harness = keeping_window(folder.path(), Pace::Instant);
    go_to(&mut harness, "History");
    // By now the file of what was open has long been read.
    wait_for(&mut harness, "Open conversation Name a river");
    go_to(&mut harness, "Chat playground");
    wait_for(&mut harness, "Start a conversation");
    assert!(!shows(&harness, "Conversation 2"));
}

#[test]
fn a_system_prompt_that_was_never_sent_is_there_again() {
    let folder = tempfile::tempdir().expect("a folder");
    {
        let mut harness = keeping_window(folder.path(), Pace::Instant);
        ask_and_wait(&mut harness, "Name a river");
        click(&mut harness, "New conversation");
        write(&mut harness, "System prompt", "Before any question");
        click(&mut harness, "Conversation 1: Name a river");
        write(&mut harness, "System prompt", "After the answer");
        let open = folder.path().join("open.json");
        wait_until(&mut harness, "both on the disk", |_| {
            std::fs::read_to_string(&open).is_ok_and(|text| {
                text.contains("After the answer") && text.contains("Before any question")
            })
        });
        // As when the system goes down: nobody closes anything.
        std::mem::forget(harness);
    }
    let mut harness = keeping_window(folder.path(), Pace::Instant);
    wait_for(&mut harness, "After the answer");
    click(&mut harness, "Conversation 2: New conversation");
    wait_for(&mut harness, "Before any question");
    click(&mut harness, "Conversation 1: Name a river");
    wait_for(&mut harness, "After the answer");
    // What is sent is kept with what is said.
    ask(&mut harness, "And how long");
    let open = folder.path().join("open.json");
    wait_until(&mut harness, "one on the disk", |_| {
        std::fs::read_to_string(&open).is_ok_and(|text| {
            !text.contains("After the answer") && text.contains("Before any question")
        })
    });
}

#[test]
fn what_was_being_written_is_there_again_and_in_its_conversation() {
    let folder = tempfile::tempdir().expect("a folder");
    {
        let mut harness = keeping_window(folder.path(), Pace::Instant);
        ask_and_wait(&mut harness, "Name a river");
        write(&mut harness, "Prompt", "And how long");
        click(&mut harness, "New conversation");
        write(&mut harness, "Prompt", "Something else");
        let open = folder.path().join("open.json");
        wait_until(&mut harness, "both on the disk", |_| {
            std::fs::read_to_string(&open)
                .is_ok_and(|text| text.contains("And how long") && text.contains("Something else"))
        });
        // As when the system goes down: nobody closes anything.
        std::mem::forget(harness);
    }
    let mut harness = keeping_window(folder.path(), Pace::Instant);
    wait_for(&mut harness, "Something else");
    click(&mut harness, "Conversation 1: Name a river");
    wait_for(&mut harness, "And how long");
    wait_for(&mut harness, "Regenerate");
    // What is sent is no draft any more.
    harness.key_press_modifiers(egui::Modifiers::COMMAND, egui::Key::Enter);
    let open = folder.path().join("open.json");
    wait_until(&mut harness, "one on the disk", |_| {
        std::fs::read_to_string(&open)
            .is_ok_and(|text| !text.contains("And how long") && text.contains("Something else"))
    });
}
