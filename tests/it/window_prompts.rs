//! The prompt library in the window: written, kept, run over a table, numbered, taken to the chat.

use std::path::Path;

use bedrock_playground::emulator::Pace;
use bedrock_playground::store::{DataFolder, Store, StoredPrompt, UnixMs};
use bedrock_playground::ui::App;
use egui::accesskit::Role;
use egui::{Key, Modifiers};
use egui_kittest::Harness;
use egui_kittest::kittest::Queryable as _;

use crate::support::session::embedded;
use crate::support::window::{
    ChosenFiles, click, connected, drop_files, go_to, keeping_window, keeping_window_with, painted,
    shows, wait_for, wait_until, write,
};

fn go_to_prompts(harness: &mut Harness<'static, App>) {
    go_to(harness, "Prompts");
    wait_for(harness, "Prompts to use again");
}

fn kept(folder: &Path) -> Vec<StoredPrompt> {
    let folder = DataFolder::find(Some(folder)).expect("a folder");
    let store = Store::open(&folder).expect("the history").store;
    store.prompts().expect("the library").0
}

fn versions(folder: &Path) -> usize {
    kept(folder)
        .iter()
        .map(|stored| stored.prompt.versions.len())
        .sum()
}

fn texts(folder: &Path) -> Vec<String> {
    kept(folder)
        .into_iter()
        .map(|stored| stored.prompt.draft.text)
        .collect()
}

#[test]
fn what_is_written_is_kept_and_a_version_can_be_gone_back_to() {
    let folder = tempfile::tempdir().expect("a folder");
    {
        let mut harness = keeping_window(folder.path(), Pace::Instant);
        go_to_prompts(&mut harness);
        click(&mut harness, "New prompt");
        wait_for(&mut harness, "No variables yet");
        write(&mut harness, "Prompt text", "Name a river in {{land}}");
        wait_for(&mut harness, "land");
        wait_until(&mut harness, "saving", |_| {
            texts(folder.path()) == ["Name a river in {{land}}"]
        });
        click(&mut harness, "Versions");
        click(&mut harness, "Save as version 1");
        wait_for(&mut harness, "Versions (1)");
        click(&mut harness, "Write");
        write(&mut harness, "Prompt text", " and {{sea}}");
        click(&mut harness, "Versions (1)");
        wait_for(&mut harness, "− Name a river in {{land}}");
        wait_for(&mut harness, "Changes from");
        click(&mut harness, "Go back to version 1");
        wait_for(&mut harness, "Nothing differs");
        // What was written until then is a version too.
        wait_until(&mut harness, "saving the versions", |_| {
            versions(folder.path()) == 2 && texts(folder.path()) == ["Name a river in {{land}}"]
        });
    }
    let mut harness = keeping_window(folder.path(), Pace::Instant);
    go_to_prompts(&mut harness);
    wait_for(&mut harness, "Open prompt New prompt");
    click(&mut harness, "Open prompt New prompt");
    wait_for(&mut harness, "Versions (2)");
    assert_eq!(texts(folder.path()), ["Name a river in {{land}}"]);
}

#[test]
fn a_change_far_below_is_seen_and_what_did_not_change_opens() {
    let folder = tempfile::tempdir().expect("a folder");
    let mut harness = keeping_window(folder.path(), Pace::Instant);
    go_to_prompts(&mut harness);
    click(&mut harness, "New prompt");
    wait_for(&mut harness, "No variables yet");
    let rules: Vec<String> = (1..=60).map(|rule| format!("Rule {rule}")).collect();
    write(&mut harness, "Prompt text", &rules.join("\n"));
    click(&mut harness, "Versions");
    click(&mut harness, "Save as version 1");
    wait_for(&mut harness, "Versions (1)");
    click(&mut harness, "Write");
    write(&mut harness, "Prompt text", " holds");
    click(&mut harness, "Versions (1)");
    wait_for(&mut harness, "+ Rule 60 holds");
    // The heading and the first 56: three are shown before the change.
    wait_for(&mut harness, "… 57 lines unchanged");
    assert!(!shows(&harness, "  Rule 2"));
    click(&mut harness, "… 57 lines unchanged");
    wait_for(&mut harness, "  Rule 2");
    assert!(!shows(&harness, "lines unchanged"));
}

#[test]
fn a_prompt_runs_over_a_table_and_its_answers_are_a_file() {
    let folder = tempfile::tempdir().expect("a folder");
    let files = ChosenFiles::default();
    let mut harness = keeping_window_with(embedded(), &folder.path().join("data"), files.clone());
    go_to_prompts(&mut harness);
    click(&mut harness, "Open prompt Translate");
    wait_for(&mut harness, "To begin with: changes make a copy");
    click(&mut harness, "Run");
    wait_for(&mut harness, "Run 1 row");
    let table = folder.path().join("words.csv");
    let rows = "language,audience,glossary,text\nGerman,children,,Hello\nFrench,pilots,,Goodbye\n";
    std::fs::write(&table, rows).expect("written");
    files.choose(&table);
    click(&mut harness, "Table of values");
    click(&mut harness, "Open a CSV or JSON Lines file…");
    wait_for(&mut harness, "Run 2 rows");
    wait_for(&mut harness, "Expected: ");
    click(&mut harness, "Run 2 rows");
    wait_for(&mut harness, "2 of 2 answered, simulated, not charged");
    click(&mut harness, "Show row 2");
    wait_for(&mut harness, "tokens in");
    let saved = folder.path().join("answers.csv");
    files.choose(&saved);
    click(&mut harness, "Export the answers");
    click(&mut harness, "As CSV…");
    wait_for(&mut harness, "Saved to");
    let written = std::fs::read_to_string(&saved).expect("a file");
    assert!(written.matches("imulated").count() >= 2, "{written}");
    assert!(written.contains("French,pilots,,Goodbye,"), "{written}");
}

/// The one to begin with that has a single value, asked for one message.
fn classify(harness: &mut Harness<'static, App>, message: &str) {
    go_to_prompts(harness);
    click(harness, "Open prompt Classify a message");
    wait_for(harness, "Variables");
    click(harness, "Run");
    write(harness, "message, row 1", message);
}

#[test]
fn a_table_and_its_answers_are_there_again_when_its_prompt_is() {
    let mut harness = connected();
    classify(&mut harness, "Where is my parcel?");
    click(&mut harness, "Run 1 row");
    wait_for(&mut harness, "1 of 1 answered");
    click(&mut harness, "New prompt");
    wait_for(&mut harness, "No variables yet");
    click(&mut harness, "Open prompt Classify a message");
    wait_for(&mut harness, "1 of 1 answered");
    wait_for(&mut harness, "Where is my parcel?");
}

#[test]
fn a_run_goes_on_while_another_prompt_is_shown_and_is_in_the_ledger() {
    let folder = tempfile::tempdir().expect("a folder");
    let mut harness = keeping_window(folder.path(), Pace::Believable);
    classify(&mut harness, "Where is my parcel?");
    click(&mut harness, "Run 1 row");
    wait_for(&mut harness, "Open prompt Classify a message, running");
    click(&mut harness, "New prompt");
    wait_for(&mut harness, "No variables yet");
    wait_until(&mut harness, "the end of the run", |harness| {
        !shows(harness, "a message, running")
    });
    wait_until(&mut harness, "the ledger", |_| {
        let folder = DataFolder::find(Some(folder.path())).expect("a folder");
        let store = Store::open(&folder).expect("the history").store;
        let all = UnixMs(0)..UnixMs(i64::MAX);
        store.ledger(all).expect("the ledger").len() == 1
    });
    click(&mut harness, "Open prompt Classify a message");
    wait_for(&mut harness, "1 of 1 answered");
}

#[test]
fn an_answer_that_is_there_is_not_bought_again_by_a_key() {
    let mut harness = connected();
    classify(&mut harness, "Where is my parcel?");
    harness.key_press_modifiers(Modifiers::COMMAND, Key::Enter);
    wait_for(&mut harness, "1 of 1 answered");
    assert!(!shows(&harness, "Run what is missing"));
    harness.key_press_modifiers(Modifiers::COMMAND, Key::Enter);
    wait_for(&mut harness, "Every row has its answer");
    // Another value is another question.
    write(&mut harness, "message, row 1", " Again");
    wait_for(&mut harness, "1 is from before a change");
    harness.key_press_modifiers(Modifiers::COMMAND, Key::Enter);
    wait_until(&mut harness, "an answer to what is written", |harness| {
        shows(harness, "1 of 1 answered") && !shows(harness, "before a change")
    });
    // And so is another prompt.
    click(&mut harness, "Write");
    write(&mut harness, "Prompt text", " In one word");
    click(&mut harness, "Run");
    wait_for(&mut harness, "1 is from before a change");
}

#[test]
fn a_table_that_is_emptied_or_asked_anew_comes_back_with_its_answers() {
    let mut harness = connected();
    classify(&mut harness, "Where is my parcel?");
    click(&mut harness, "Run 1 row");
    wait_for(&mut harness, "1 of 1 answered");
    click(&mut harness, "Table of values");
    click(&mut harness, "Empty the table");
    wait_for(&mut harness, "Expected: ");
    assert!(!shows(&harness, "Where is my parcel?"));
    click(&mut harness, "Undo");
    wait_for(&mut harness, "1 of 1 answered");
    wait_for(&mut harness, "Where is my parcel?");
}

#[test]
fn a_prompt_of_the_chat_is_kept_and_goes_back_to_it() {
    let folder = tempfile::tempdir().expect("a folder");
    let mut harness = keeping_window(folder.path(), Pace::Instant);
    write(&mut harness, "System prompt", "Be brief");
    write(&mut harness, "Prompt", "Tell of {{river}}");
    click(&mut harness, "Attach");
    wait_for(&mut harness, "Save as prompt");
    click(&mut harness, "Save as prompt");
    wait_for(&mut harness, "Name of the prompt");
    wait_for(&mut harness, "Be brief");
    click(&mut harness, "Run");
    write(&mut harness, "river, row 1", "the Danube");
    click(&mut harness, "Use in chat");
    wait_for(&mut harness, "Tell of the Danube");
    assert!(shows(&harness, "Be brief"));
}

#[test]
fn a_deleted_prompt_comes_back() {
    let folder = tempfile::tempdir().expect("a folder");
    let mut harness = keeping_window(folder.path(), Pace::Instant);
    go_to_prompts(&mut harness);
    click(&mut harness, "New prompt");
    write(&mut harness, "Prompt text", "Keep me");
    wait_until(&mut harness, "saving", |_| {
        texts(folder.path()) == ["Keep me"]
    });
    click(&mut harness, "Prompt menu");
    wait_for(&mut harness, "Delete this prompt");
    click(&mut harness, "Delete this prompt");
    wait_for(&mut harness, "New prompt is deleted");
    wait_until(&mut harness, "deletion", |_| {
        texts(folder.path()).is_empty()
    });
    click(&mut harness, "Undo");
    wait_for(&mut harness, "Keep me");
    wait_until(&mut harness, "its return", |_| {
        texts(folder.path()) == ["Keep me"]
    });
}

#[test]
fn a_prompt_is_found_by_its_tag_and_goes_out_and_in_in_bedrocks_form() {
    let folder = tempfile::tempdir().expect("a folder");
    let files = ChosenFiles::default();
    let mut harness = keeping_window_with(embedded(), &folder.path().join("data"), files.clone());
    go_to_prompts(&mut harness);
    click(&mut harness, "New prompt");
    write(&mut harness, "Name of the prompt", " of rivers");
    write(&mut harness, "Tags", "geography, rivers");
    write(&mut harness, "Prompt text", "Name a river in {{land}}");
    write(&mut harness, "System prompt", "Be brief");
    // In the list by its words, and the others are not.
    write(&mut harness, "Search the prompts", "geography");
    wait_until(&mut harness, "only it is listed", |harness| {
        shows(harness, "Open prompt New prompt of rivers")
            && !shows(harness, "Open prompt Translate")
    });
    let file = folder.path().join("prompt.json");
    files.choose(&file);
    click(&mut harness, "Prompt menu");
    click(&mut harness, "Export it for Bedrock…");
    wait_for(&mut harness, "Saved to");
    let written: serde_json::Value =
        serde_json::from_slice(&std::fs::read(&file).expect("a file")).expect("JSON");
    let chat = &written["variants"][0]["templateConfiguration"]["chat"];
    assert_eq!(chat["system"][0]["text"], "Be brief", "{written:#}");
    assert_eq!(chat["inputVariables"][0]["name"], "land");
    click(&mut harness, "Library menu");
    click(&mut harness, "Import prompts…");
    // The name is taken, so the other one gets a number.
    wait_for(&mut harness, "Name a river in {{land}}");
    wait_until(&mut harness, "a second prompt", |_| {
        texts(&folder.path().join("data")) == ["Name a river in {{land}}"; 2]
    });
}

#[test]
fn an_answer_is_shown_as_chat_shows_it_and_as_it_was_written() {
    let mut harness = connected();
    go_to_prompts(&mut harness);
    click(&mut harness, "Open prompt Classify a message");
    wait_for(&mut harness, "Variables");
    click(&mut harness, "Run");
    click(&mut harness, "Run 1 row");
    wait_for(&mut harness, "1 of 1 answered");
    click(&mut harness, "Show row 1");
    // The embedded endpoint's answers have a heading and a word in bold.
    wait_for(&mut harness, "the embedded endpoint");
    assert!(!shows(&harness, "**simulates**"));
    assert!(!shows(&harness, "## "), "not in the table either");
    click(&mut harness, "As written");
    wait_for(&mut harness, "**simulates**");
    click(&mut harness, "Close this answer");
    harness.run_steps(3);
    assert!(!shows(&harness, "**simulates**"));
}

#[test]
fn a_run_with_two_variables_fits_a_small_window() {
    let mut harness = connected();
    harness.set_size(egui::vec2(1024.0, 700.0));
    go_to_prompts(&mut harness);
    click(&mut harness, "Open prompt Classify a message");
    wait_for(&mut harness, "Variables");
    click(&mut harness, "Run");
    wait_for(&mut harness, "Run 1 row");
    harness.run_steps(3);
    let cost = harness.get_by_label("Cost").rect();
    assert!(cost.max.x <= 1024.0, "the last column is at {cost:?}");
}

#[test]
fn a_long_prompt_scrolls_in_its_own_field() {
    let mut harness = connected();
    go_to_prompts(&mut harness);
    click(&mut harness, "New prompt");
    wait_for(&mut harness, "No variables yet");
    let lines: Vec<String> = (1..=200).map(|line| format!("Line {line}")).collect();
    write(&mut harness, "Prompt text", &lines.join("\n"));
    write(&mut harness, "Prompt text", " and {{sea}}");
    // What stands below the field is still in view, and so is its end, where the caret is.
    let field = |harness: &Harness<'static, App>| {
        let field = harness.get_by_role_and_label(Role::MultilineTextInput, "Prompt text");
        field.rect()
    };
    wait_until(&mut harness, "the caret in view", |harness| {
        let variables = harness.get_by_label("Variables").rect();
        assert!(variables.bottom() < 800.0, "{variables:?}");
        field(harness).bottom() <= variables.top()
    });
    assert!(field(&harness).top() < 0.0, "the beginning is not");
}

#[test]
fn a_table_dropped_on_a_prompt_is_what_it_runs_over() {
    let folder = tempfile::tempdir().expect("a folder");
    let table = folder.path().join("words.csv");
    std::fs::write(&table, "river\nRhine\nElbe\n").expect("written");
    let mut harness = connected();
    go_to_prompts(&mut harness);
    click(&mut harness, "New prompt");
    wait_for(&mut harness, "No variables yet");
    write(
        &mut harness,
        "Prompt text",
        "Where does the {{river}} rise?",
    );
    let hovered = egui::HoveredFile {
        path: Some(table.clone()),
        ..egui::HoveredFile::default()
    };
    harness.input_mut().hovered_files.push(hovered);
    harness.step();
    let target = "Drop the table to run the prompt over it";
    assert_eq!(
        painted(&harness, target).len(),
        1,
        "it says what will happen"
    );
    harness.input_mut().hovered_files.clear();
    drop_files(&mut harness, &[&table]);
    wait_for(&mut harness, "Run 2 rows");
    // Anything else goes to the chat, as everywhere.
    let notes = folder.path().join("notes.md");
    std::fs::write(&notes, "The Elbe rises in Bohemia.").expect("written");
    drop_files(&mut harness, &[&notes]);
    wait_for(&mut harness, "A document needs a prompt beside it");
}
