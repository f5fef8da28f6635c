//! The states in which screens are looked at.

use std::path::{Path, PathBuf};

use bedrock_playground::emulator::Pace;
use bedrock_playground::store::{DataFolder, Settings, Theme, save_settings};
use bedrock_playground::tasks::SessionOptions;
use bedrock_playground::ui::App;
use egui_kittest::Harness;
use egui_kittest::kittest::Queryable as _;

use crate::support::session::{embedded, embedded_at, service_at};
use crate::support::window::{
    app_options, app_window, ask, ask_and_wait, click, drop_files, scroll_to_top, shows, wait_for,
    wait_until, write,
};

/// The smallest window that everything must fit.
pub const SIZE: egui::Vec2 = egui::vec2(1024.0, 700.0);

/// So slow that no test sees the first word.
const NEVER: Pace = Pace::Times(1e-5);

/// A window whose settings are in a folder of its own.
pub struct Stage {
    pub harness: Harness<'static, App>,
    // After the window, which writes there until it is gone.
    folder: tempfile::TempDir,
}

impl Stage {
    /// A window on the embedded endpoint, in this theme, where nothing moves by itself.
    pub fn new(theme: Theme) -> Self {
        let folder = tempfile::tempdir().expect("a folder");
        let mut settings = Settings::default();
        settings.theme = theme;
        settings.reduce_motion = true;
        let place = DataFolder::find(Some(folder.path())).expect("a folder");
        save_settings(&place, &settings).expect("saved");
        let harness = open(embedded(), folder.path());
        Self { harness, folder }
    }

    /// Waits for the models.
    pub fn connect(&mut self) {
        wait_for(&mut self.harness, "Model: Nova Lite");
    }

    /// The same window, on another connection.
    fn on(&mut self, session: SessionOptions) {
        self.harness = open(session, self.folder.path());
    }

    /// Lets what was clicked come to rest, with the pointer elsewhere.
    pub fn settle(&mut self) {
        self.harness.remove_cursor();
        self.harness.run_steps(12);
    }

    fn go(&mut self, screen: &str) {
        self.connect();
        go_to(&mut self.harness, screen);
    }

    /// Goes to a screen and waits for what it shows.
    fn go_and_see(&mut self, screen: &str, text: &str) {
        self.go(screen);
        wait_for(&mut self.harness, text);
    }
}

/// Goes to a screen by the navigation: its name is also the title of what it shows.
pub fn go_to(harness: &mut Harness<'static, App>, screen: &str) {
    harness
        .get_by_role_and_label(egui::accesskit::Role::Button, screen)
        .click_accesskit();
    harness.run_steps(5);
}

fn open(session: SessionOptions, folder: &Path) -> Harness<'static, App> {
    let mut harness = app_window(app_options(session, folder));
    harness.set_size(SIZE);
    harness
}

/// A state by its name.
pub struct Scene(pub &'static str, pub fn(&mut Stage));

/// All of them.
pub const SCENES: &[Scene] = &[
    Scene("chat_empty", |stage| stage.go("Chat playground")),
    Scene("chat_busy", |stage| {
        stage.on(embedded_at(NEVER));
        stage.connect();
        ask(&mut stage.harness, "What is a guardrail?");
        wait_for(&mut stage.harness, "Waiting for the first token");
    }),
    Scene("chat_full", |stage| {
        stage.connect();
        ask_and_wait(&mut stage.harness, &long_prompt());
        scroll_to_top(&mut stage.harness);
    }),
    Scene("chat_error", |stage| {
        stage.on(service_at("http://127.0.0.1:9"));
        wait_for(&mut stage.harness, "Try again");
    }),
    Scene("chat_error_answer", |stage| {
        stage.connect();
        click(&mut stage.harness, "Faults on request…");
        click(&mut stage.harness, "Cut streams after events");
        stage.harness.run_steps(3);
        click(&mut stage.harness, "Apply");
        stage.harness.run_steps(3);
        ask(&mut stage.harness, "What is a guardrail?");
        wait_for(&mut stage.harness, "Try again");
    }),
    Scene("catalog_table", |stage| {
        stage.go_and_see("Model catalog", "Nova 2 Lite");
    }),
    Scene("catalog_cards", |stage| {
        stage.go_and_see("Model catalog", "Nova 2 Lite");
        click(&mut stage.harness, "Cards");
    }),
    Scene("catalog_details", |stage| {
        stage.go_and_see("Model catalog", "Nova 2 Lite");
        click(&mut stage.harness, "Nova Lite amazon.nova-lite-v1:0");
        wait_for(&mut stage.harness, "Close details");
    }),
    Scene("alt_text_empty", |stage| stage.go("Alt text")),
    Scene("alt_text_full", |stage| {
        stage.go("Alt text");
        let samples = samples();
        let paths: Vec<&Path> = samples.iter().map(PathBuf::as_path).collect();
        drop_files(&mut stage.harness, &paths);
        click(&mut stage.harness, "Write alt text for 3 images");
        for name in ["cat.jpg", "coffee.jpg", "rocket.jpg"] {
            wait_for(&mut stage.harness, &format!("Approve {name}"));
        }
        wait_for_pictures(&mut stage.harness, 3);
    }),
    Scene("compare_empty", |stage| {
        stage.go_and_see("Compare models", "Not asked yet");
    }),
    Scene("embeddings_empty", |stage| stage.go("Embeddings")),
    Scene("embeddings_full", embedded_texts),
    Scene("embeddings_similarity", |stage| {
        embedded_texts(stage);
        click(&mut stage.harness, "Similarity");
        wait_for(&mut stage.harness, "Cosine similarity");
        wait_until_worked_out(&mut stage.harness);
    }),
    Scene("embeddings_map", |stage| {
        embedded_texts(stage);
        click(&mut stage.harness, "Map");
        wait_for(&mut stage.harness, "Principal components");
        wait_until_worked_out(&mut stage.harness);
    }),
    Scene("images_empty", |stage| {
        stage.go_and_see("Image playground", "Generate");
    }),
    Scene("images_full", |stage| {
        stage.go_and_see("Image playground", "Generate");
        write(&mut stage.harness, "Prompt", "A lighthouse at dusk");
        click(&mut stage.harness, "Generate");
        wait_for(&mut stage.harness, "Save image 1");
    }),
    Scene("videos_empty", |stage| {
        stage.go_and_see("Video playground", "Make the video");
    }),
    Scene("prompts_empty", |stage| {
        stage.go_and_see("Prompts", "Classify a message");
    }),
    Scene("prompts_full", |stage| {
        stage.go("Prompts");
        click(&mut stage.harness, "Open prompt Classify a message");
        wait_for(&mut stage.harness, "Variables");
    }),
    Scene("guardrails_empty", |stage| {
        stage.go_and_see("Guardrails", "example-guardrail");
    }),
    Scene("guardrails_full", |stage| {
        stage.go("Guardrails");
        click(&mut stage.harness, "Open guardrail example-guardrail");
        wait_for(&mut stage.harness, "Content filters");
    }),
    Scene("history_empty", |stage| {
        stage.go_and_see("History", "Nothing here yet");
    }),
    Scene("settings", |stage| {
        stage.go_and_see("Settings", "Appearance");
    }),
    Scene("connection", |stage| {
        stage.connect();
        click(&mut stage.harness, "Connection");
        wait_for(&mut stage.harness, "Change it");
    }),
    Scene("command_palette", |stage| {
        stage.connect();
        let command = egui::Modifiers::COMMAND;
        stage.harness.key_press_modifiers(command, egui::Key::K);
        wait_for(&mut stage.harness, "Next conversation");
    }),
    Scene("model_picker", |stage| {
        stage.connect();
        click(&mut stage.harness, "Model: Nova Lite");
        wait_for(&mut stage.harness, "Model id or ARN");
    }),
    Scene("guide", |stage| {
        stage.connect();
        stage.harness.key_press(egui::Key::F1);
        wait_for(&mut stage.harness, "Getting started");
    }),
];

/// Waits until so many pictures are painted.
fn wait_for_pictures(harness: &mut Harness<'static, App>, count: usize) {
    fn painted(shape: &egui::Shape) -> usize {
        match shape {
            egui::Shape::Vec(shapes) => shapes.iter().map(painted).sum(),
            egui::Shape::Mesh(mesh) => usize::from(mesh.texture_id != egui::TextureId::default()),
            egui::Shape::Rect(rect) => usize::from(rect.brush.is_some()),
            _ => 0,
        }
    }
    wait_until(harness, "painting the pictures", |harness| {
        let shapes = &harness.output().shapes;
        shapes
            .iter()
            .map(|clipped| painted(&clipped.shape))
            .sum::<usize>()
            >= count
    });
}

fn embedded_texts(stage: &mut Stage) {
    stage.go("Embeddings");
    click(&mut stage.harness, "Try it with examples");
    click(&mut stage.harness, "Embed 9 texts");
    wait_for(&mut stage.harness, "92 tokens in 9 requests");
    wait_until_worked_out(&mut stage.harness);
}

fn wait_until_worked_out(harness: &mut Harness<'static, App>) {
    wait_until(harness, "working everything out", |harness| {
        !shows(harness, "Working out")
    });
}

/// So long that what the answer took is out of view.
fn long_prompt() -> String {
    let lines: Vec<String> = (1..=12)
        .map(|line| format!("{line}. Say in one sentence what this rule of the house is for."))
        .collect();
    lines.join("\n")
}

fn samples() -> Vec<PathBuf> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("assets/samples");
    ["cat.jpg", "coffee.jpg", "rocket.jpg"]
        .map(|name| folder.join(name))
        .to_vec()
}
