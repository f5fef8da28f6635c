//! The states in which screens are looked at: every screen empty, busy, full and after something went wrong.

mod account;
mod alt_text;
mod build;
mod catalog;
mod chat;
mod compare;
mod embeddings;
mod pictures;
mod window;

use std::any::Any;
use std::fs::File;
use std::path::{Path, PathBuf};

use bedrock_playground::bedrock::ConnectionOptions;
use bedrock_playground::emulator::Pace;
use bedrock_playground::store::{DataFolder, Settings, Store, Theme, save_settings};
use bedrock_playground::tasks::{Demo, SessionOptions};
use bedrock_playground::ui::{App, AppOptions};
use egui::accesskit::Role;
use egui_kittest::Harness;
use egui_kittest::kittest::Queryable as _;

use crate::support::replay::{ReplayServer, Reply};
use crate::support::session::{embedded, embedded_at, service_at};
use crate::support::sign_in;
use crate::support::window::{app_options, app_window, click, go_to, wait_for, wait_until};

/// The smallest window that everything must fit.
pub const SIZE: egui::Vec2 = egui::vec2(1024.0, 700.0);

/// So slow that no test sees the first word.
const NEVER: Pace = Pace::Times(1e-5);

/// Where nothing listens.
const NOBODY: &str = "http://127.0.0.1:9";

/// A window whose settings are in a folder of its own.
pub struct Stage {
    /// Locks that stand in the way of the window; they go before it, or it would wait for them.
    held: Vec<File>,
    pub harness: Harness<'static, App>,
    /// What must live as long as the window.
    behind: Vec<Box<dyn Any>>,
    // After the window, which writes there until it is gone.
    folder: tempfile::TempDir,
}

/// A file of attachments that nothing uses; when it is gone, the history was copied and tidied.
const UNUSED: &str = "attachments/00/unused";

impl Stage {
    /// A window on the embedded endpoint, in this theme, where nothing moves by itself.
    pub fn new(theme: Theme) -> Self {
        let folder = tempfile::tempdir().expect("a folder");
        let mut settings = Settings::default();
        settings.theme = theme;
        settings.reduce_motion = true;
        let place = DataFolder::find(Some(folder.path())).expect("a folder");
        save_settings(&place, &settings).expect("saved");
        let unused = folder.path().join(UNUSED);
        std::fs::create_dir_all(unused.parent().expect("a folder")).expect("made");
        std::fs::write(unused, "").expect("written");
        let harness = open(app_options(embedded(), folder.path()));
        Self {
            held: Vec::new(),
            harness,
            behind: Vec::new(),
            folder,
        }
    }

    /// Waits for the models.
    pub fn connect(&mut self) {
        wait_for(&mut self.harness, "Model: Nova Lite");
    }

    /// The same window, on another connection.
    fn on(&mut self, session: SessionOptions) {
        self.harness = open(app_options(session, self.folder.path()));
    }

    /// The same window, where every answer takes for ever.
    fn on_a_slow_endpoint(&mut self) {
        self.on(embedded_at(NEVER));
    }

    /// The same window, where nobody answers, and that was found out: the navigation says it on every screen.
    fn on_no_endpoint(&mut self) {
        self.on(service_at(NOBODY));
        wait_for(&mut self.harness, "Try again");
    }

    /// The same window, on a service that gives these answers.
    fn on_a_service(&mut self, replies: impl IntoIterator<Item = Reply>) {
        let runtime = tokio::runtime::Runtime::new().expect("threads");
        let server = runtime.block_on(ReplayServer::start(replies));
        self.on(service_at(&server.url()));
        self.behind.push(Box::new((server, runtime)));
    }

    /// The same window, on a connection that cannot be opened.
    fn on_no_profile(&mut self) {
        self.on(SessionOptions {
            demo: Demo::Never,
            connection: ConnectionOptions {
                profile: Some("no-such-profile".into()),
                ..ConnectionOptions::default()
            },
            ..SessionOptions::default()
        });
    }

    /// The same window, on a profile whose sign-in was never made, and where it can be made with these answers.
    fn on_a_sign_in(&mut self, replies: impl IntoIterator<Item = Reply>) {
        let runtime = tokio::runtime::Runtime::new().expect("threads");
        let server = runtime.block_on(ReplayServer::start(replies));
        let home = sign_in::home();
        let session = SessionOptions {
            demo: Demo::Never,
            connection: ConnectionOptions {
                profile: Some("dev".into()),
                ..ConnectionOptions::default()
            },
            ..SessionOptions::default()
        };
        self.harness = open(AppOptions {
            environment: Some(sign_in::environment(&home, &server.url())),
            ..app_options(session, self.folder.path())
        });
        self.behind.push(Box::new((server, runtime, home)));
    }

    /// The same window, while another program opens what it keeps.
    fn on_a_history_that_is_being_opened(&mut self) {
        let lock = self.folder.path().join("playground.lock");
        wait_until(&mut self.harness, "the lock of the history", |_| {
            lock.exists()
        });
        let lock = File::options().write(true).open(lock).expect("a lock");
        lock.lock().expect("it is free");
        self.held.push(lock);
        self.on(embedded());
    }

    /// Takes a table of what is kept away, once nothing but the screens reads it.
    fn lose_table(&mut self, name: &str) {
        let unused = self.folder.path().join(UNUSED);
        wait_until(&mut self.harness, "what is done after the start", |_| {
            !unused.exists()
        });
        self.settle();
        let database = self.folder.path().join("playground.db");
        let database = rusqlite::Connection::open(database).expect("the database");
        let drop = format!("DROP TABLE {name}");
        database.execute_batch(&drop).expect("dropped");
    }

    /// The same window, opened for the first time.
    fn on_first_run(&mut self) {
        self.harness = open(AppOptions {
            welcome: true,
            ..app_options(embedded(), self.folder.path())
        });
    }

    /// What was kept, to put something in before a window is opened anew.
    fn store(&self) -> Store {
        let folder = DataFolder::find(Some(self.folder.path())).expect("a folder");
        Store::open(&folder).expect("the history").store
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

    /// The same where there are no models to wait for.
    fn go_without_models(&mut self, screen: &str, text: &str) {
        wait_for(&mut self.harness, screen);
        go_to(&mut self.harness, screen);
        wait_for(&mut self.harness, text);
    }

    /// Has the embedded endpoint deny access to the next invocation.
    fn refuse_the_next(&mut self) {
        let harness = &mut self.harness;
        click(harness, "Faults on request…");
        click(harness, "Fail the n-th");
        harness.run_steps(3);
        harness
            .get_by(|node| {
                node.role() == Role::ComboBox
                    && node.value().is_some_and(|value| value.contains("(429)"))
            })
            .click_accesskit();
        harness.run_steps(2);
        click(harness, "AccessDeniedException (403)");
        click(harness, "Apply");
        wait_until(harness, "closing the dialog", |harness| {
            !crate::support::window::shows(harness, "Damage the event")
        });
        harness.run_steps(3);
    }
}

fn open(options: AppOptions) -> Harness<'static, App> {
    let mut harness = app_window(options);
    harness.set_size(SIZE);
    harness
}

/// A state by its name.
pub struct Scene(pub &'static str, pub fn(&mut Stage));

/// All of them, by what they are of.
const SCENES: &[&[Scene]] = &[
    chat::SCENES,
    catalog::SCENES,
    alt_text::SCENES,
    compare::SCENES,
    embeddings::SCENES,
    pictures::SCENES,
    build::SCENES,
    account::SCENES,
    window::SCENES,
];

/// All of them.
pub fn scenes() -> impl Iterator<Item = &'static Scene> {
    SCENES.iter().flat_map(|scenes| scenes.iter())
}

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

fn samples() -> Vec<PathBuf> {
    ["cat.jpg", "coffee.jpg", "rocket.jpg"].map(sample).to_vec()
}

/// One of the sample photographs.
pub fn sample(name: &str) -> PathBuf {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("assets/samples");
    folder.join(name)
}
