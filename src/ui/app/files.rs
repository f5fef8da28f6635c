//! Conversations saved to files and opened from them, presets kept and found again: all of it in
//! the background.

use std::path::{Path, PathBuf};
use std::pin::Pin;
use std::sync::Arc;
use std::time::Duration;

use time::OffsetDateTime;
use time::format_description::well_known::Rfc3339;

use super::App;
use super::changes::Changes;
use crate::catalog::ModelId;
use crate::chat::InvocationId;
use crate::export::{Export, Import, import};
use crate::files::replace_own;
use crate::store::{self, DataFolder, Preset};
use crate::tasks::{Job, Tasks, all_finished, finished};
use crate::ui::command::ExportFormat;
use crate::ui::screens::chat::{Exportable, PresetCommand};

/// The largest file that is opened as a conversation, in bytes.
const IMPORT_LIMIT: u64 = 256 * 1024 * 1024;

/// Files on their way in or out.
#[derive(Default)]
pub struct FileWork {
    saving: Vec<Job<Result<Option<PathBuf>, String>>>,
    opening: Option<Job<Result<Option<Import>, String>>>,
    loading_presets: Option<Job<Result<Vec<Preset>, String>>>,
    changing_presets: Changes,
    showing: Vec<Job<Result<(), String>>>,
}

/// How long a file manager may take to start.
const FILE_MANAGER_STARTS_WITHIN: Duration = Duration::from_secs(30);

type Chosen = Pin<Box<dyn Future<Output = Option<PathBuf>> + Send>>;

impl FileWork {
    /// Reads the presets that were saved before.
    pub fn load_presets(&mut self, tasks: &Tasks, folder: Option<DataFolder>) {
        self.loading_presets = folder.map(|folder| {
            tasks.spawn_blocking(move || {
                store::load_presets(&folder).map_err(|error| error.to_string())
            })
        });
    }

    fn change_presets(&mut self, tasks: &Tasks, folder: DataFolder, command: PresetCommand) {
        // What is on the disk is changed, not replaced by what is shown: that may be less, when the file
        // could not be read.
        self.changing_presets.push(tasks, move || {
            store::change_presets(&folder, |presets| command.carry_out(presets))
        });
    }

    /// Finishes what is under way before the program ends. Waits for the disk.
    pub fn finish_at_once(&mut self) {
        self.changing_presets.finish_at_once();
    }

    /// Writes what is made where it keeps nobody waiting into the file that is chosen.
    pub fn write(
        &mut self,
        tasks: &Tasks,
        chosen: Chosen,
        make: impl FnOnce() -> Result<Vec<u8>, String> + Send + 'static,
    ) {
        self.saving.push(tasks.spawn(async move {
            let Some(path) = chosen.await else {
                return Ok(None);
            };
            tokio::task::spawn_blocking(move || {
                let bytes = make()?;
                replace_own(&path, &bytes)
                    .map(|()| Some(path.clone()))
                    .map_err(|error| format!("{}: {error}", path.display()))
            })
            .await
            .unwrap_or_else(|died| Err(died.to_string()))
        }));
    }

    fn import(&mut self, tasks: &Tasks, chosen: Chosen, model: ModelId) {
        self.opening = Some(tasks.spawn(async move {
            let Some(path) = chosen.await else {
                return Ok(None);
            };
            tokio::task::spawn_blocking(move || read(&path, &model).map(Some))
                .await
                .unwrap_or_else(|died| Err(died.to_string()))
        }));
    }
}

impl App {
    /// Saves when frames were painted and what they took.
    pub(super) fn save_trace(&mut self) {
        let trace = self.frames.to_trace();
        let chosen = self
            .file_picker
            .save_as("bedrock-playground-frames.json", "json");
        self.files.write(&self.tasks, chosen, move || {
            serde_json::to_vec(&trace).map_err(|error| error.to_string())
        });
    }

    pub(super) fn export(&mut self, format: ExportFormat) {
        let Some(conversation) = self.chat.to_export() else {
            self.notices
                .failed("There is no conversation to export yet");
            return;
        };
        let name = file_name(&conversation.title, format);
        let chosen = self.file_picker.save_as(&name, format.file_extension());
        self.files.write(&self.tasks, chosen, move || {
            Ok(written(&conversation, format).into_bytes())
        });
    }

    pub(super) fn import(&mut self) {
        let chosen = self.file_picker.pick_conversation();
        let model = self.chat.model().cloned();
        let model = model.unwrap_or_else(|| ModelId::from("amazon.nova-lite-v1:0"));
        self.files.import(&self.tasks, chosen, model);
    }

    pub(super) fn preset(&mut self, command: PresetCommand) {
        self.chat.preset(command.clone());
        if let Some(folder) = self.data_folder.clone() {
            self.files.change_presets(&self.tasks, folder, command);
        }
    }

    /// Shows where a file is, in the system's file manager.
    pub(super) fn show_in_folder(&mut self, path: PathBuf) {
        let file_manager = Arc::clone(&self.file_manager);
        self.files.showing.push(self.tasks.spawn(async move {
            let name = path.display().to_string();
            let shown = tokio::task::spawn_blocking(move || file_manager.show(&path));
            let shown = match tokio::time::timeout(FILE_MANAGER_STARTS_WITHIN, shown).await {
                Ok(Ok(shown)) => shown,
                Ok(Err(died)) => Err(died.to_string()),
                Err(_) => Err("it does not answer".to_owned()),
            };
            shown.map_err(|error| {
                format!(
                    "The file manager cannot be opened ({error}); look for {name} there yourself"
                )
            })
        }));
    }

    /// Takes in what files brought, and says how it went.
    pub(super) fn collect_files(&mut self) {
        for result in all_finished(&mut self.files.showing) {
            if let Err(error) = result {
                self.notices.failed(error);
            }
        }
        for result in all_finished(&mut self.files.saving) {
            match result {
                Ok(Some(path)) => self.notices.saved(path),
                Ok(None) => {}
                Err(error) => self.notices.failed(format!("Not saved. {error}")),
            }
        }
        if let Some(result) = finished(&mut self.files.opening) {
            match result {
                Ok(Some(imported)) => self.open_import(imported),
                Ok(None) => {}
                Err(error) => self.notices.failed(error),
            }
        }
        if let Some(result) = finished(&mut self.files.loading_presets) {
            match result {
                Ok(presets) => self.chat.set_presets(presets),
                Err(error) => self.notices.failed(format!("No presets. {error}")),
            }
        }
        match self.files.changing_presets.collect(&self.tasks) {
            // Another window may have saved some, too.
            Some(Ok(())) => {
                let folder = self.data_folder.clone();
                self.files.load_presets(&self.tasks, folder);
            }
            Some(Err(error)) => self
                .notices
                .failed(format!("The presets on the disk are as they were. {error}")),
            None => {}
        }
    }

    fn open_import(&mut self, imported: Import) {
        if imported.left_out.is_empty() {
            self.notices.done("The conversation is open");
        } else {
            self.notices.done(format!(
                "The conversation is open; left out, as this version does not know it: {}",
                imported.left_out.join(", ")
            ));
        }
        self.chat.open_import(imported);
        self.screen = crate::ui::command::Screen::Chat;
    }
}

fn written(conversation: &Exportable, format: ExportFormat) -> String {
    let turns: Vec<_> = conversation.turns.iter().collect();
    let date = OffsetDateTime::now_utc()
        .format(&Rfc3339)
        .unwrap_or_default();
    let export = Export {
        title: &conversation.title,
        date: &date,
        head: &conversation.head,
        turns: &turns,
    };
    match format {
        ExportFormat::Json => export.to_json(),
        ExportFormat::Markdown => export.to_markdown(),
        ExportFormat::Html => export.to_html(),
    }
}

fn read(path: &Path, model: &ModelId) -> Result<Import, String> {
    let name = path.display();
    let size = std::fs::metadata(path)
        .map_err(|error| format!("{name}: {error}"))?
        .len();
    if size > IMPORT_LIMIT {
        return Err(format!(
            "{name} is too large for a conversation: at most {} MB are opened",
            IMPORT_LIMIT / 1024 / 1024
        ));
    }
    let text = std::fs::read_to_string(path).map_err(|error| format!("{name}: {error}"))?;
    // No event will ever come for answers that are over.
    import(&text, model, || InvocationId(0)).map_err(|error| format!("{name}. {error}"))
}

/// A file name of a title: what no file system minds.
fn file_name(title: &str, format: ExportFormat) -> String {
    format!("{}.{}", stem(title), format.file_extension())
}

/// The same without its ending.
pub(super) fn stem(title: &str) -> String {
    let plain: String = title
        .chars()
        .map(|c| if c.is_alphanumeric() { c } else { ' ' })
        .collect();
    let words: Vec<&str> = plain.split_whitespace().take(8).collect();
    if words.is_empty() {
        "conversation".to_owned()
    } else {
        words.join(" ")
    }
}
