//! The whole application in a headless window, on the real embedded endpoint.

use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use bedrock_playground::emulator::Pace;
use bedrock_playground::keyring::Keyring;
use bedrock_playground::store::DataFolder;
use bedrock_playground::tasks::SessionOptions;
use bedrock_playground::ui::{App, AppOptions, FileManager, FilePicker, Notifier, Zone};
use egui::accesskit::Role;
use egui::{Key, Modifiers};
use egui_kittest::Harness;
use egui_kittest::kittest::{NodeT as _, Queryable as _};

use super::keyring::TestKeyring;
use super::painted;
use super::session::{embedded, embedded_at};

/// How long anything may take on a busy machine before it counts as not happening.
const DEADLINE: Duration = Duration::from_secs(60);

/// A window on the embedded endpoint, which answers at once.
pub fn demo_window() -> Harness<'static, App> {
    window(embedded())
}

/// A window on any connection.
pub fn window(session: SessionOptions) -> Harness<'static, App> {
    window_with(session, ChosenFiles::default())
}

/// A window whose file dialog "chooses" these files.
pub fn window_with(session: SessionOptions, files: ChosenFiles) -> Harness<'static, App> {
    open(session, files, None)
}

/// A window on the embedded endpoint that keeps everything in a folder.
pub fn keeping_window(folder: &Path, pace: Pace) -> Harness<'static, App> {
    keeping_window_with(embedded_at(pace), folder, ChosenFiles::default())
}

/// A window that keeps everything in a folder, and whose file dialog "chooses" these files.
pub fn keeping_window_with(
    session: SessionOptions,
    folder: &Path,
    files: ChosenFiles,
) -> Harness<'static, App> {
    let folder = DataFolder::find(Some(folder)).expect("a folder");
    let mut harness = open(session, files, Some(folder));
    wait_for(&mut harness, "Model: Nova Lite");
    harness
}

/// A window with everything given.
pub fn open(
    session: SessionOptions,
    files: ChosenFiles,
    data_folder: Option<DataFolder>,
) -> Harness<'static, App> {
    open_with_keyring(
        session,
        files,
        data_folder,
        Arc::new(TestKeyring::default()),
    )
}

/// The same, with a keyring.
pub fn open_with_keyring(
    session: SessionOptions,
    files: ChosenFiles,
    data_folder: Option<DataFolder>,
    keyring: Arc<dyn Keyring>,
) -> Harness<'static, App> {
    app_window(AppOptions {
        file_picker: Box::new(files),
        data_folder,
        keyring,
        ..bare_options(session)
    })
}

/// What a window is opened with that keeps everything in a folder.
pub fn app_options(session: SessionOptions, folder: &Path) -> AppOptions {
    AppOptions {
        data_folder: Some(DataFolder::find(Some(folder)).expect("a folder")),
        ..bare_options(session)
    }
}

fn bare_options(session: SessionOptions) -> AppOptions {
    AppOptions {
        session,
        files: Vec::new(),
        file_picker: Box::new(ChosenFiles::default()),
        notifier: Box::new(Nobody),
        file_manager: Arc::new(NoFileManager),
        menu_bar: None,
        data_folder: None,
        instance: None,
        is_second: false,
        welcome: false,
        system_emoji: false,
        keyring: Arc::new(TestKeyring::default()),
        zone: Some(Zone::utc()),
        environment: None,
    }
}

/// Closes a window as a person does: what is not on the disk yet goes there first.
pub fn quit(mut harness: Harness<'static, App>) {
    eframe::App::on_exit(harness.state_mut(), None);
}

/// A window with what only the program itself gives.
pub fn app_window(options: AppOptions) -> Harness<'static, App> {
    Harness::builder()
        .renderer(painted::renderer())
        .with_size([1280.0, 800.0])
        .with_step_dt(1.0 / 60.0)
        // Not every machine has a font for every script.
        .allow_missing_glyphs()
        .build_eframe(move |creation| {
            App::new(&creation.egui_ctx, options).expect("the background threads start")
        })
}

/// A window on the embedded endpoint that has its models.
pub fn connected() -> Harness<'static, App> {
    let mut harness = demo_window();
    wait_for(&mut harness, "Model: Nova Lite");
    harness
}

/// Writes into a field by its name.
pub fn write(harness: &mut Harness<'static, App>, field: &str, text: &str) {
    let is_field = |node: &egui_kittest::kittest::AccessKitNode<'_>| {
        matches!(node.role(), Role::TextInput | Role::MultilineTextInput)
            && node.label().as_deref() == Some(field)
    };
    harness.get_by(is_field).focus();
    harness.step();
    harness.get_by(is_field).type_text(text);
    harness.step();
}

/// Turns the wheel over the conversation until its beginning is in view.
pub fn scroll_to_top(harness: &mut Harness<'static, App>) {
    harness.event(egui::Event::PointerMoved(egui::pos2(550.0, 400.0)));
    harness.step();
    harness.event(egui::Event::MouseWheel {
        unit: egui::MouseWheelUnit::Point,
        delta: egui::vec2(0.0, 1e5),
        phase: egui::TouchPhase::Move,
        source: egui::MouseWheelSource::Unknown,
        modifiers: Modifiers::NONE,
    });
    for _ in 0..30 {
        harness.step();
    }
}

/// Sends a prompt.
pub fn ask(harness: &mut Harness<'static, App>, prompt: &str) {
    write(harness, "Prompt", prompt);
    harness.key_press_modifiers(Modifiers::COMMAND, Key::Enter);
    harness.step();
}

/// Sends a prompt and waits for the whole answer.
pub fn ask_and_wait(harness: &mut Harness<'static, App>, prompt: &str) {
    ask(harness, prompt);
    wait_for(harness, "Regenerate");
}

/// Talks to this model from now on.
pub fn choose_model(harness: &mut Harness<'static, App>, id: &str) {
    harness.get_by_label_contains("Model: ").click_accesskit();
    wait_for(harness, "Model id or ARN");
    write(harness, "Model id or ARN", id);
    click(harness, "Apply");
    // The dialog holds the focus until the frame after it is gone.
    harness.step();
    harness.step();
}

/// Opens a folded section by the beginning of its title.
pub fn unfold(harness: &mut Harness<'static, App>, title: &str) {
    let title = title.to_owned();
    harness
        .get_by(|node| {
            node.role() == Role::DisclosureTriangle
                && node.label().is_some_and(|label| label.starts_with(&title))
        })
        .click_accesskit();
    harness.step();
    harness.step();
}

/// Steps until a condition holds; fails with what was on screen when it never does.
pub fn wait_until(
    harness: &mut Harness<'static, App>,
    what: &str,
    mut holds: impl FnMut(&Harness<'static, App>) -> bool,
) {
    let deadline = Instant::now() + DEADLINE;
    loop {
        harness.step();
        if holds(harness) {
            return;
        }
        assert!(
            Instant::now() < deadline,
            "{what} did not happen; on screen:\n{}",
            on_screen(harness)
        );
        std::thread::yield_now();
    }
}

/// Steps until some text is there.
pub fn wait_for(harness: &mut Harness<'static, App>, text: &str) {
    wait_until(harness, &format!("showing {text:?}"), |harness| {
        shows(harness, text)
    });
}

/// Whether some text is on screen.
pub fn shows(harness: &Harness<'static, App>, text: &str) -> bool {
    harness
        .query_all_by(|node| {
            node.label().is_some_and(|label| label.contains(text))
                || node.value().is_some_and(|value| value.contains(text))
        })
        .next()
        .is_some()
}

/// Waits for what is called this, clicks it, and lets the click arrive.
pub fn click(harness: &mut Harness<'static, App>, name: &str) {
    wait_until(harness, &format!("{name:?} to click on"), |harness| {
        harness.query_all_by_label(name).next().is_some()
    });
    harness.get_by_label(name).click_accesskit();
    harness.step();
    harness.step();
}

/// Writes into a field in the place of what it says.
pub fn write_anew(harness: &mut Harness<'static, App>, field: &str, text: &str) {
    write(harness, field, "");
    harness.key_press_modifiers(Modifiers::COMMAND, Key::A);
    harness.step();
    write(harness, field, text);
}

/// Goes to a screen by its button in the navigation, whose name is also the title of what it shows.
pub fn go_to(harness: &mut Harness<'static, App>, screen: &str) {
    harness
        .get_by_role_and_label(Role::Button, screen)
        .click_accesskit();
    harness.run_steps(2);
}

/// Drops files on the window, as a file manager does.
pub fn drop_files(harness: &mut Harness<'static, App>, paths: &[&Path]) {
    for path in paths {
        harness
            .input_mut()
            .dropped_files
            .push(Arc::new(OnDisk(path.to_path_buf())));
    }
    harness.step();
}

/// The texts on screen that have this in them, and whether they were cut off.
pub fn painted(harness: &Harness<'static, App>, part: &str) -> Vec<(String, bool)> {
    let shapes = harness.output().shapes.iter();
    let texts = shapes.filter_map(|clipped| match &clipped.shape {
        egui::Shape::Text(text) => Some(&text.galley),
        _ => None,
    });
    texts
        .filter(|galley| galley.text().contains(part))
        .map(|galley| (galley.text().to_owned(), galley.elided))
        .collect()
}

/// Every label and value, for messages.
pub fn on_screen(harness: &Harness<'static, App>) -> String {
    let mut lines: Vec<String> = harness
        .query_all_by(|node| node.label().is_some() || node.value().is_some())
        .map(|node| {
            let node = node.accesskit_node();
            format!("  {:?} {:?} {:?}", node.role(), node.label(), node.value())
        })
        .collect();
    lines.dedup();
    lines.join("\n")
}

/// A file as the desktop hands it over.
#[derive(Debug)]
struct OnDisk(PathBuf);

impl egui::DroppedFile for OnDisk {
    fn path(&self) -> &Path {
        &self.0
    }

    fn bytes(&self) -> Result<Vec<u8>, String> {
        std::fs::read(&self.0).map_err(|error| error.to_string())
    }
}

/// Where nobody is told anything.
pub struct Nobody;

impl Notifier for Nobody {
    fn notify(&self, _title: &str, _text: &str) {}
}

/// Where there is no file manager.
pub struct NoFileManager;

impl FileManager for NoFileManager {
    fn show(&self, _path: &Path) -> Result<(), String> {
        Err("there is none".to_owned())
    }
}

/// A file dialog that answers at once.
#[derive(Clone, Default)]
pub struct ChosenFiles(pub Arc<Mutex<Vec<PathBuf>>>);

impl ChosenFiles {
    /// Chooses this file from now on.
    pub fn choose(&self, path: &Path) {
        *self.0.lock().expect("not poisoned") = vec![path.to_owned()];
    }

    fn first(&self) -> bedrock_playground::ui::PickedOne {
        let first = self.0.lock().ok().and_then(|files| files.first().cloned());
        Box::pin(async move { first })
    }
}

impl FilePicker for ChosenFiles {
    fn pick_files(&self) -> bedrock_playground::ui::Picked {
        let files = self.0.lock().map(|files| files.clone()).unwrap_or_default();
        Box::pin(async move { files })
    }

    fn pick_images(&self) -> bedrock_playground::ui::Picked {
        self.pick_files()
    }

    fn pick_folder(&self, _: &str) -> bedrock_playground::ui::PickedOne {
        self.first()
    }

    fn pick_file(&self, _: &str, _: &str, _: &[&str]) -> bedrock_playground::ui::PickedOne {
        self.first()
    }

    fn pick_conversation(&self) -> bedrock_playground::ui::PickedOne {
        self.first()
    }

    fn save_as(&self, _name: &str, _extension: &str) -> bedrock_playground::ui::PickedOne {
        self.first()
    }
}
