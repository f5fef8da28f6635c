//! What the welcome needs from the outside: profiles, local servers, what works, sample photographs.

use std::path::{Path, PathBuf};

use egui::Ui;

use super::App;
use crate::files;
use crate::tasks::{self, Job, finished, look_over};
use crate::ui::command::{AltTextCommand, Command, Screen};
use crate::ui::load::Load;
use crate::ui::screens::welcome::WelcomeDialog;

/// Free photographs; `assets/samples/README.md` says whose.
const SAMPLES: [(&str, &[u8]); 3] = [
    ("cat.jpg", include_bytes!("../../../assets/samples/cat.jpg")),
    (
        "coffee.jpg",
        include_bytes!("../../../assets/samples/coffee.jpg"),
    ),
    (
        "rocket.jpg",
        include_bytes!("../../../assets/samples/rocket.jpg"),
    ),
];

/// Work under way for the welcome.
#[derive(Default)]
pub struct WelcomeWork {
    samples: Option<Job<Result<Vec<PathBuf>, String>>>,
}

impl App {
    pub(super) fn show_welcome(&mut self) {
        let profiles = self.find_profiles();
        let servers = self.tasks.spawn(async { Ok(tasks::local_servers().await) });
        self.welcome = Some(WelcomeDialog::open(profiles, Load::Loading(servers)));
    }

    pub(super) fn welcome_ui(&mut self, ui: &mut Ui) {
        if let Some(dialog) = &mut self.welcome
            && dialog.ui(ui, &self.shared, &mut self.commands)
        {
            self.welcome = None;
        }
    }

    pub(super) fn collect_welcome(&mut self) {
        match finished(&mut self.welcome_work.samples) {
            Some(Ok(files)) => {
                self.screen = Screen::AltText;
                self.commands
                    .push(Command::AltText(AltTextCommand::Add(files)));
            }
            Some(Err(error)) => self.notices.failed(error),
            None => {}
        }
        let Some(dialog) = &mut self.welcome else {
            return;
        };
        dialog.collect();
        if dialog.wants_findings()
            && let Some(session) = self.shared.session.ready()
        {
            let session = session.clone();
            let findings = self
                .tasks
                .spawn(async move { Ok(look_over(&session).await) });
            dialog.look_over(Load::Loading(findings));
        }
    }

    /// Puts sample photographs into the list of images. They are written into the data folder, since
    /// pictures of the list are files.
    pub(super) fn try_samples(&mut self) {
        let folder = match &self.data_folder {
            Some(folder) => folder.file("samples"),
            None => std::env::temp_dir().join("bedrock-playground-samples"),
        };
        self.welcome_work.samples = Some(self.tasks.spawn_blocking(move || {
            write_samples(&folder)
                .map_err(|error| format!("The sample photographs could not be written: {error}"))
        }));
    }
}

fn write_samples(folder: &Path) -> std::io::Result<Vec<PathBuf>> {
    std::fs::create_dir_all(folder)?;
    SAMPLES
        .iter()
        .map(|(name, bytes)| {
            let path = folder.join(name);
            files::replace(&path, bytes, None)?;
            Ok(path)
        })
        .collect()
}
