//! Settings, what they change at once, and all that is kept as one file.

use bedrock_playground::emulator::Pace;
use bedrock_playground::store::{
    DataFolder, HistoryQuery, PriceUpdates, Settings, Store, load_settings, save_settings,
};
use bedrock_playground::ui::App;
use egui_kittest::Harness;

use crate::store::{draft, exchange};
use crate::support::session::embedded;
use crate::support::window::{
    ChosenFiles, choose_model, click, go_to, keeping_window, keeping_window_with, on_screen, shows,
    wait_for, wait_until,
};

fn folder_of(place: &tempfile::TempDir) -> DataFolder {
    DataFolder::find(Some(place.path())).expect("a folder")
}

fn go_to_settings(harness: &mut Harness<'static, App>) {
    go_to(harness, "Settings");
    wait_for(harness, "Appearance");
}

/// A window whose file dialog can be told what to choose.
fn with_files(place: &tempfile::TempDir) -> (Harness<'static, App>, ChosenFiles) {
    let files = ChosenFiles::default();
    let mut harness = keeping_window_with(embedded(), place.path(), files.clone());
    // Until the history is open, there is nothing to export or to import into.
    go_to(&mut harness, "History");
    wait_until(&mut harness, "opening the history", |harness| {
        !shows(harness, "Opening the history…")
    });
    (harness, files)
}

#[test]
fn changing_a_setting_leaves_an_unused_conversation_as_it_was_set() {
    let place = tempfile::tempdir().expect("a folder");
    let mut settings = Settings::default();
    settings.default_model = Some("amazon.nova-lite-v1:0".into());
    save_settings(&folder_of(&place), &settings).expect("saved");
    let mut harness = keeping_window(place.path(), Pace::Instant);
    // The model is known before the list of models is there.
    click(&mut harness, "Model catalog");
    wait_for(&mut harness, "Nova Pro");
    click(&mut harness, "Chat playground");
    choose_model(&mut harness, "amazon.nova-pro-v1:0");
    wait_for(&mut harness, "Model: Nova Pro");
    go_to_settings(&mut harness);
    click(&mut harness, "Remind me once a week");
    wait_until(&mut harness, "saving", |_| {
        load_settings(&folder_of(&place))
            .is_ok_and(|settings| settings.price_updates == PriceUpdates::Ask)
    });
    click(&mut harness, "Chat playground");
    harness.run_steps(2);
    assert!(
        shows(&harness, "Model: Nova Pro"),
        "{}",
        on_screen(&harness)
    );
}

#[test]
fn lists_and_comparisons_begin_as_they_were_saved() {
    let place = tempfile::tempdir().expect("a folder");
    {
        let mut harness = keeping_window(place.path(), Pace::Instant);
        go_to_settings(&mut harness);
        click(&mut harness, "Begin like the current list");
        click(&mut harness, "Begin like the current comparison");
        wait_for(&mut harness, "Begin comparisons with the usual models");
        wait_until(&mut harness, "saving", |_| {
            load_settings(&folder_of(&place)).is_ok_and(|settings| settings.beginnings.len() == 2)
        });
    }
    // As a person might: another model for lists, two models to compare.
    let folder = folder_of(&place);
    let mut settings = load_settings(&folder).expect("settings");
    let model = "amazon.nova-pro-v1:0";
    settings.beginnings["altText"]["modelId"] = model.into();
    settings.beginnings["compare"]["models"] = vec![model, "amazon.nova-micro-v1:0"].into();
    save_settings(&folder, &settings).expect("saved");
    let mut harness = keeping_window(place.path(), Pace::Instant);
    click(&mut harness, "Alt text");
    wait_for(&mut harness, "Nova Pro");
    click(&mut harness, "Compare models");
    wait_for(&mut harness, "Nova Micro");
    assert!(!shows(&harness, "Claude"), "{}", on_screen(&harness));
    go_to_settings(&mut harness);
    click(&mut harness, "Begin comparisons with the usual models");
    wait_until(&mut harness, "forgetting", |_| {
        load_settings(&folder_of(&place))
            .is_ok_and(|settings| settings.beginnings["compare"].is_null())
    });
}

#[test]
fn words_can_be_set_in_a_family_of_the_system_and_a_missing_one_is_said() {
    let place = tempfile::tempdir().expect("a folder");
    let mut settings = Settings::default();
    settings.font = Some("No Such Family".into());
    save_settings(&folder_of(&place), &settings).expect("saved");
    let mut harness = keeping_window(place.path(), Pace::Instant);
    wait_for(&mut harness, "no font family \"No Such Family\"");
    go_to_settings(&mut harness);
    click(&mut harness, "Font: No Such Family");
    wait_for(&mut harness, "Open Sans, the program's own");
    click(&mut harness, "Open Sans, the program's own");
    wait_until(&mut harness, "saving", |_| {
        load_settings(&folder_of(&place)).is_ok_and(|settings| settings.font.is_none())
    });
}

#[test]
fn a_proxy_is_taken_when_it_is_one() {
    let place = tempfile::tempdir().expect("a folder");
    let mut harness = keeping_window(place.path(), Pace::Instant);
    go_to_settings(&mut harness);
    click(&mut harness, "This one");
    crate::support::window::write(&mut harness, "Proxy address", "http://me:word@proxy");
    wait_for(&mut harness, "password must not stand in the settings");
    harness.key_press(egui::Key::Enter);
    harness.run_steps(2);
    assert_eq!(
        load_settings(&folder_of(&place)).expect("settings").proxy,
        None
    );
    click(&mut harness, "None");
    wait_until(&mut harness, "saving", |_| {
        load_settings(&folder_of(&place))
            .is_ok_and(|settings| settings.proxy.as_deref() == Some("direct"))
    });
    click(&mut harness, "This one");
    crate::support::window::write(&mut harness, "Proxy address", "http://proxy.example:3128");
    harness.key_press(egui::Key::Enter);
    wait_until(&mut harness, "saving", |_| {
        load_settings(&folder_of(&place))
            .is_ok_and(|settings| settings.proxy.as_deref() == Some("http://proxy.example:3128"))
    });
}

#[test]
fn everything_goes_to_another_window_as_one_file() {
    let place = tempfile::tempdir().expect("a folder");
    {
        let opened = Store::open(&folder_of(&place)).expect("a history");
        let rivers = draft("Rivers of Europe", exchange("Name one", "The Danube"));
        opened.store.save_conversation(&rivers).expect("saved");
    }
    let archive = place.path().join("all.zip");
    {
        let (mut harness, files) = with_files(&place);
        go_to_settings(&mut harness);
        files.choose(&archive);
        click(&mut harness, "Export everything…");
        wait_for(&mut harness, "1 conversations and lists");
    }
    let other = tempfile::tempdir().expect("a folder");
    let (mut harness, files) = with_files(&other);
    go_to_settings(&mut harness);
    files.choose(&archive);
    click(&mut harness, "Import an archive…");
    wait_for(&mut harness, "Conversations and lists: 1 came in");
    click(&mut harness, "Close the report");
    go_to(&mut harness, "History");
    wait_for(&mut harness, "Open conversation Rivers of Europe");
    go_to_settings(&mut harness);
    let bad = place.path().join("bad.zip");
    std::fs::write(&bad, b"PK no archive").expect("written");
    files.choose(&bad);
    click(&mut harness, "Import an archive…");
    wait_for(&mut harness, "no whole archive of Bedrock Playground");
}

#[test]
fn the_trash_is_emptied_only_after_a_word() {
    let place = tempfile::tempdir().expect("a folder");
    let gone = draft("Gone", exchange("Name one", "The Danube"));
    {
        let store = Store::open(&folder_of(&place)).expect("a history").store;
        store.save_conversation(&gone).expect("saved");
        store.delete(gone.id).expect("deleted");
    }
    let (mut harness, _) = with_files(&place);
    go_to_settings(&mut harness);
    click(&mut harness, "Clean up");
    wait_for(&mut harness, "0 conversations and 0 files removed");
    click(&mut harness, "Empty the trash…");
    wait_for(&mut harness, "cannot be brought back");
    click(&mut harness, "Remove it for good");
    wait_for(&mut harness, "1 conversations and 0 files removed");
    let store = Store::open(&folder_of(&place)).expect("a history").store;
    let trash = HistoryQuery {
        shelf: bedrock_playground::store::Shelf::Trash,
        ..HistoryQuery::default()
    };
    assert!(store.history(&trash).expect("a page").rows.is_empty());
}

#[test]
fn where_motion_is_reduced_nothing_moves_by_itself() {
    let place = tempfile::tempdir().expect("a folder");
    let mut harness = keeping_window(place.path(), Pace::Times(1e-5));
    let blinks = |harness: &Harness<'static, App>| {
        let style = harness.ctx.global_style();
        (style.animation_time > 0.0, style.visuals.text_cursor.blink)
    };
    assert_eq!(blinks(&harness), (true, true));
    go_to_settings(&mut harness);
    click(&mut harness, "Reduce motion");
    harness.run_steps(2);
    assert_eq!(blinks(&harness), (false, false));
    wait_until(&mut harness, "saving", |_| {
        load_settings(&folder_of(&place)).is_ok_and(|settings| settings.reduce_motion)
    });
    // A call that never answers shows a sign that stands still: no frame is asked for because of it.
    go_to(&mut harness, "Chat playground");
    crate::support::window::ask(&mut harness, "Hello");
    wait_for(&mut harness, "Waiting for the first token");
    let shapes = |harness: &Harness<'static, App>| format!("{:?}", harness.output().shapes);
    harness.run_steps(20);
    let before = shapes(&harness);
    harness.run_steps(7);
    assert!(before == shapes(&harness), "something moved");
    drop(harness);
    let harness = keeping_window(place.path(), Pace::Instant);
    assert_eq!(blinks(&harness), (false, false));
}

#[test]
fn what_is_off_is_said_in_a_whole_sentence() {
    let folder = tempfile::tempdir().expect("a folder");
    let mut harness = keeping_window(folder.path(), Pace::Instant);
    click(&mut harness, "Settings");
    wait_for(
        &mut harness,
        "Move to the trash what was not used for a while",
    );
    click(
        &mut harness,
        "Move to the trash what was not used for a while",
    );
    wait_for(&mut harness, "(what is pinned stays)");
    assert!(!shows(&harness, "for a while"), "the days are told");
}
