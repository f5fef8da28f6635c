//! Habits of a desktop: files handed over, quitting with work running, notifications, the welcome, help.

use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex};

use bedrock_playground::emulator::Pace;
use bedrock_playground::store::{DataFolder, Settings, WindowSize, load_settings, save_settings};
use bedrock_playground::tasks::{Instance, hand_over};
use bedrock_playground::ui::{App, AppOptions, FileManager, Notifier};
use egui::{Key, Modifiers, ViewportCommand, ViewportEvent, ViewportId};
use egui_kittest::Harness;
use egui_kittest::kittest::Queryable as _;

use crate::cli::{Cli, stderr, text};
use crate::support::session::{embedded, embedded_at};
use crate::support::window::{
    ChosenFiles, app_options, app_window, ask, ask_and_wait, click, connected, drop_files,
    on_screen, shows, wait_for, wait_until,
};

/// What the last frame asked of the window.
fn asked_of_window(harness: &Harness<'static, App>) -> Vec<ViewportCommand> {
    let output = harness.output();
    let root = output.viewport_output.get(&ViewportId::ROOT);
    root.map(|window| window.commands.clone())
        .unwrap_or_default()
}

/// A person closes the window; what that asked of the window.
pub fn close(harness: &mut Harness<'static, App>) -> Vec<ViewportCommand> {
    let window = harness
        .input_mut()
        .viewports
        .entry(ViewportId::ROOT)
        .or_default();
    window.events.push(ViewportEvent::Close);
    harness.step();
    asked_of_window(harness)
}

#[test]
fn a_window_that_filled_the_screen_fills_it_again() {
    let folder = tempfile::tempdir().expect("a folder");
    let data_folder = DataFolder::find(Some(folder.path())).expect("a folder");
    let mut settings = Settings::default();
    settings.window = Some(WindowSize {
        width: 1200.0,
        height: 700.0,
        x: Some(10.0),
        y: Some(20.0),
        maximized: true,
    });
    save_settings(&data_folder, &settings).expect("saved");
    let mut harness = app_window(app_options(embedded(), folder.path()));
    wait_for(&mut harness, "Model: Nova Lite");
    // As a window manager has it that only heeds a window which is shown.
    let viewports = &mut harness.input_mut().viewports;
    viewports.entry(ViewportId::ROOT).or_default().maximized = Some(false);
    harness.step();
    let asked = [ViewportCommand::Maximized(true)];
    assert_eq!(asked_of_window(&harness), asked);
    harness.step();
    assert!(asked_of_window(&harness).is_empty(), "once is enough");
}

#[test]
fn quitting_asks_once_while_an_answer_comes_in() {
    let folder = tempfile::tempdir().expect("a folder");
    let mut harness = app_window(app_options(embedded_at(Pace::Times(0.05)), folder.path()));
    wait_for(&mut harness, "Model: Nova Lite");
    assert!(
        !close(&mut harness).contains(&ViewportCommand::CancelClose),
        "nothing is under way"
    );
    ask(&mut harness, "Rivers");
    assert!(close(&mut harness).contains(&ViewportCommand::CancelClose));
    wait_for(&mut harness, "Quitting ends an answer that is coming in.");
    click(&mut harness, "Keep running");
    wait_until(&mut harness, "going on", |harness| {
        !shows(harness, "Quit anyway")
    });
    close(&mut harness);
    wait_for(&mut harness, "Quit anyway");
    harness.get_by_label("Quit anyway").click_accesskit();
    wait_until(&mut harness, "closing", |harness| {
        asked_of_window(harness).contains(&ViewportCommand::Close)
    });
    assert!(
        !close(&mut harness).contains(&ViewportCommand::CancelClose),
        "it was asked before"
    );
}

#[test]
fn quitting_asks_while_texts_are_embedded_and_their_end_is_told() {
    let folder = tempfile::tempdir().expect("a folder");
    let told = Recorder::default();
    let mut harness = app_window(AppOptions {
        notifier: Box::new(told.clone()),
        ..app_options(embedded_at(Pace::Times(0.2)), folder.path())
    });
    wait_for(&mut harness, "Model: Nova Lite");
    click(&mut harness, "Embeddings");
    click(&mut harness, "Try it with examples");
    click(&mut harness, "Embed 9 texts");
    assert!(close(&mut harness).contains(&ViewportCommand::CancelClose));
    wait_for(&mut harness, "Quitting ends texts being embedded.");
    click(&mut harness, "Keep running");
    harness.input_mut().focused = false;
    wait_until(&mut harness, "a notification", |_| {
        !told.0.lock().expect("not poisoned").is_empty()
    });
    assert_eq!(
        *told.0.lock().expect("not poisoned"),
        ["The texts are embedded"]
    );
    assert!(
        !close(&mut harness).contains(&ViewportCommand::CancelClose),
        "nothing is under way any more"
    );
}

#[derive(Clone, Default)]
struct Recorder(Arc<Mutex<Vec<String>>>);

impl Notifier for Recorder {
    fn notify(&self, _title: &str, text: &str) {
        self.0.lock().expect("not poisoned").push(text.to_owned());
    }
}

impl FileManager for Recorder {
    fn show(&self, path: &Path) -> Result<(), String> {
        self.notify("", &path.display().to_string());
        Ok(())
    }
}

/// A window with a conversation that was saved to a file.
fn with_a_saved_file(folder: &Path, options: AppOptions) -> (Harness<'static, App>, PathBuf) {
    let file = folder.join("a river.json");
    let files = ChosenFiles::default();
    files.choose(&file);
    let mut harness = app_window(AppOptions {
        file_picker: Box::new(files),
        ..options
    });
    wait_for(&mut harness, "Model: Nova Lite");
    ask_and_wait(&mut harness, "Name a river");
    click(&mut harness, "Export or import");
    click(&mut harness, "As JSON…");
    wait_for(&mut harness, "Saved to");
    (harness, file)
}

#[test]
fn what_was_saved_is_shown_in_its_folder() {
    let folder = tempfile::tempdir().expect("a folder");
    let shown = Recorder::default();
    let options = AppOptions {
        file_manager: Arc::new(shown.clone()),
        ..app_options(embedded(), folder.path())
    };
    let (mut harness, file) = with_a_saved_file(folder.path(), options);
    click(&mut harness, "Show in folder");
    wait_until(&mut harness, "the file manager", |_| {
        *shown.0.lock().expect("not poisoned") == [file.display().to_string()]
    });
    wait_until(&mut harness, "the notice gone", |harness| {
        !shows(harness, "Saved to")
    });
}

#[test]
fn a_notice_stays_while_its_button_has_the_focus_and_is_closed_by_its_own() {
    let folder = tempfile::tempdir().expect("a folder");
    let options = app_options(embedded(), folder.path());
    let (mut harness, _) = with_a_saved_file(folder.path(), options);
    harness.get_by_label("Show in folder").focus();
    // A step is a sixtieth of a second, and notices that are answered stay twelve.
    harness.run_steps(60 * 15);
    assert!(shows(&harness, "Saved to"));
    click(&mut harness, "Show in folder");
    wait_for(
        &mut harness,
        "The file manager cannot be opened (there is none)",
    );
    wait_until(&mut harness, "the notice gone", |harness| {
        !shows(harness, "Saved to")
    });
}

#[test]
fn a_job_that_ends_unseen_is_told_of() {
    let folder = tempfile::tempdir().expect("a folder");
    let cli = Cli::new();
    let photo = cli.photograph("photo.png");
    let told = Recorder::default();
    let mut harness = app_window(AppOptions {
        notifier: Box::new(told.clone()),
        ..app_options(embedded(), folder.path())
    });
    wait_for(&mut harness, "Model: Nova Lite");
    click(&mut harness, "Alt text");
    drop_files(&mut harness, &[&photo]);
    wait_for(&mut harness, "Write alt text for 1 image");
    harness.input_mut().focused = false;
    click(&mut harness, "Write alt text for 1 image");
    wait_until(&mut harness, "a notification", |_| {
        !told.0.lock().expect("not poisoned").is_empty()
    });
    assert_eq!(
        *told.0.lock().expect("not poisoned"),
        ["The alt text is written"]
    );
}

#[test]
fn a_second_launch_hands_its_files_to_the_window_that_is_there() {
    let cli = Cli::new();
    let photo = cli.photograph("Grüße aus Rom.png");
    let folder = cli.home.path().join("data");
    std::fs::create_dir_all(&folder).expect("a folder");
    let mut harness = app_window(AppOptions {
        instance: Instance::claim(&folder),
        ..app_options(embedded(), &folder)
    });
    wait_for(&mut harness, "Model: Nova Lite");
    // The door opens in the background.
    wait_until(&mut harness, "an open door", |_| hand_over(&folder, &[]));
    // By a name that only means something in the working folder of that launch.
    let mut launch = cli.command(&["--data-dir", text(&folder), "Grüße aus Rom.png"]);
    if let Some(runtime) = std::env::var_os("XDG_RUNTIME_DIR") {
        launch.env("XDG_RUNTIME_DIR", runtime);
    }
    let output = launch.output().expect("the program runs");
    assert!(output.status.success(), "{}", stderr(&output));
    wait_for(&mut harness, "Grüße aus Rom.png");
    assert!(photo.exists());
    let missing = cli.run(&["--data-dir", text(&folder), "nothing.png"]);
    assert_eq!(missing.status.code(), Some(2));
    assert!(
        stderr(&missing).contains("nothing.png"),
        "{}",
        stderr(&missing)
    );
}

#[test]
fn the_welcome_tries_a_connection_and_is_shown_once() {
    let folder = tempfile::tempdir().expect("a folder");
    let welcoming = || AppOptions {
        welcome: true,
        ..app_options(embedded(), folder.path())
    };
    let mut harness = app_window(welcoming());
    wait_for(&mut harness, "Welcome to Bedrock Playground");
    click(&mut harness, "Stay in the demo");
    wait_for(&mut harness, "models; the clock is near enough");
    assert!(shows(&harness, "What works"), "{}", on_screen(&harness));
    click(&mut harness, "Begin");
    let data = DataFolder::find(Some(folder.path())).expect("a folder");
    wait_until(&mut harness, "it is kept", |_| {
        load_settings(&data).is_ok_and(|settings| settings.welcomed)
    });
    drop(harness);
    let mut harness = app_window(welcoming());
    wait_for(&mut harness, "Model: Nova Lite");
    harness.run_steps(10);
    assert!(
        !shows(&harness, "Welcome to Bedrock Playground"),
        "{}",
        on_screen(&harness)
    );
}

#[test]
fn sample_photographs_come_into_the_list() {
    let folder = tempfile::tempdir().expect("a folder");
    let mut harness = app_window(AppOptions {
        welcome: true,
        ..app_options(embedded(), folder.path())
    });
    wait_for(&mut harness, "Try it with sample photographs");
    click(&mut harness, "Try it with sample photographs");
    wait_for(&mut harness, "Write alt text for 3 images");
    assert!(shows(&harness, "coffee.jpg"), "{}", on_screen(&harness));
}

#[test]
fn help_opens_at_the_page_of_the_screen() {
    let mut harness = connected();
    click(&mut harness, "Compare models");
    harness.key_press(Key::F1);
    wait_for(
        &mut harness,
        "Two to eight models answer the same prompt side by side.",
    );
    click(&mut harness, "Local models");
    wait_for(&mut harness, "Ollama");
    harness.key_press_modifiers(Modifiers::NONE, Key::Escape);
    wait_until(&mut harness, "closing the guide", |harness| {
        !shows(harness, "Guide")
    });
}
