//! What the embeddings screen wants of files, requests and the disk: all of it in the background.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use egui::{ColorImage, Context};

use super::App;
use super::alt_text::save_pasted;
use crate::catalog::ModelId;
use crate::embeddings::{
    Format, Matrix, Offer, Row, Source, TextsForm, read_texts, write, write_matrix,
};
use crate::files;
use crate::media;
use crate::store::{ConversationId, StoredParts};
use crate::tasks::{Job, finished};
use crate::ui::command::{Command, EmbeddingsCommand, Screen};
use crate::ui::screens::embeddings::{CollectionToSave, OpenCollection};
use crate::ui::screens::model_picker::ModelPicker;

/// Most bytes of a file of texts.
const MOST_BYTES: u64 = 64 * 1024 * 1024;
/// What is said to whoever adds to a list that is under way.
const WAIT: &str = "Texts are being embedded: wait for that before adding more";

/// Work under way for the screen.
#[derive(Default)]
pub struct EmbeddingsWork {
    reading: Option<Job<Result<Read, String>>>,
    pasting: Option<Job<Result<PathBuf, String>>>,
    saving: Option<Job<Result<Option<PathBuf>, String>>>,
    loading: Option<Job<Result<StoredParts, String>>>,
}

/// What was found in files.
struct Read {
    sources: Vec<Source>,
    remarks: Vec<String>,
}

impl App {
    /// What a command of every screen means here; gives it back when it means what it always does.
    pub(super) fn on_embeddings(&mut self, command: Command) -> Option<Command> {
        match command {
            Command::ChooseModel => {
                if let Some(catalog) = self.shared.catalog.ready() {
                    let current = self.embeddings.open().settings.model_id.as_ref();
                    self.picker = Some(ModelPicker::open(current, catalog));
                }
            }
            Command::UseModel(id) => self.use_embedding_model(id),
            Command::Attach(paths) if paths.is_empty() => {}
            Command::Attach(paths) => {
                self.embeddings_work.reading =
                    Some(self.tasks.spawn_blocking(move || read_files(&paths)));
            }
            Command::Send => self.start_embedding(false, false),
            Command::Stop => self.embeddings.open_mut().pause(),
            command => return Some(command),
        }
        None
    }

    /// A picture of the clipboard becomes one of the list; it gets a file, since lists name files.
    pub(super) fn paste_into_embeddings(&mut self, image: &ColorImage) {
        let open = self.embeddings.open();
        let takes_images = open.settings.offer().is_some_and(Offer::takes_images);
        if !takes_images {
            self.notices
                .failed("This model embeds texts only: choose a multimodal model for images");
        } else if open.is_running() {
            self.notices.failed(WAIT);
        } else if let Some(folder) = self.data_folder.clone() {
            let image = image.clone();
            let saving = move || save_pasted(&folder, &image);
            self.embeddings_work.pasting = Some(self.tasks.spawn_blocking(saving));
        } else {
            self.notices
                .failed("A pasted image needs a data folder, and there is none");
        }
    }

    pub(super) fn embeddings_command(&mut self, command: EmbeddingsCommand) {
        match command {
            EmbeddingsCommand::Start => self.start_embedding(false, false),
            EmbeddingsCommand::StartAnyway => self.start_embedding(false, true),
            EmbeddingsCommand::RetryFailed => self.start_embedding(true, true),
            EmbeddingsCommand::Pause => self.embeddings.open_mut().pause(),
            EmbeddingsCommand::Cancel => self.embeddings.open_mut().cancel(),
            EmbeddingsCommand::New => {
                if self.may_close_collection() {
                    self.show_collection(OpenCollection::default());
                }
            }
            EmbeddingsCommand::Save(format) => {
                let rows = self.embeddings.open().list.rows();
                self.save_embeddings("embeddings", format, move || vectors(format, &rows));
            }
            EmbeddingsCommand::SaveMatrix(format) => {
                let rows = self.embeddings.open().list.rows();
                self.save_embeddings("similarity", format, move || similarity(format, &rows));
            }
        }
    }

    /// Makes vectors with this model from now on.
    pub(super) fn use_embedding_model(&mut self, id: ModelId) {
        if !self.embeddings.open().is_running() {
            self.embeddings.open_mut().settings.use_model(id);
        }
        self.screen = Screen::Embeddings;
    }

    fn start_embedding(&mut self, retry: bool, said_yes: bool) {
        if !self.may_spend() || (!said_yes && self.embeddings.asks_first()) {
            return;
        }
        let budget_left = self.budget_left();
        if let Some(session) = self.shared.session.ready() {
            let open = self.embeddings.open_mut();
            open.start(
                &self.tasks,
                session,
                &self.shared.prices,
                budget_left,
                retry,
            );
        }
    }

    /// Takes in what came for the screen.
    pub(super) fn collect_embeddings(&mut self, ctx: &Context) {
        match finished(&mut self.embeddings_work.reading) {
            Some(Ok(read)) => {
                if let Some(first) = read.remarks.first() {
                    self.notices.failed(first.clone());
                }
                if self.embeddings.open().is_running() {
                    self.notices.failed(WAIT);
                } else if !read.sources.is_empty() {
                    self.embeddings.open_mut().add(read.sources);
                }
            }
            Some(Err(error)) => self.notices.failed(error),
            None => {}
        }
        match finished(&mut self.embeddings_work.pasting) {
            Some(Ok(path)) => {
                let sources = vec![Source::Image(path)];
                self.embeddings.open_mut().add(sources);
            }
            Some(Err(error)) => self.notices.failed(error),
            None => {}
        }
        match finished(&mut self.embeddings_work.saving) {
            Some(Ok(Some(path))) => self.notices.saved(path),
            Some(Err(error)) => self.notices.failed(format!("Not saved. {error}")),
            Some(Ok(None)) | None => {}
        }
        match finished(&mut self.embeddings_work.loading) {
            Some(Ok(stored)) => self.open_collection(&stored),
            Some(Err(error)) => self.notices.failed(error),
            None => {}
        }
        self.embeddings.collect(ctx, &self.tasks, &self.shared);
    }

    /// Shows a list of the history.
    pub(super) fn load_collection(&mut self, id: ConversationId) {
        if self.embeddings.open().id() == id {
            self.screen = Screen::Embeddings;
        } else if let Some(store) = self.keeping.store() {
            self.embeddings_work.loading =
                Some(self.tasks.spawn_blocking(move || {
                    store.load_parts(id).map_err(|error| error.to_string())
                }));
        }
    }

    fn open_collection(&mut self, stored: &StoredParts) {
        match OpenCollection::of_stored(stored) {
            Ok(open) => {
                if self.may_close_collection() {
                    self.show_collection(open);
                    self.screen = Screen::Embeddings;
                }
            }
            Err(error) => self
                .notices
                .failed(format!("This list cannot be read: {error}")),
        }
    }

    fn show_collection(&mut self, open: OpenCollection) {
        self.embeddings.show(open);
        if let Some(catalog) = self.shared.catalog.ready() {
            self.embeddings.offer_models(catalog, self.shared.region());
        }
    }

    /// Whether the list may be closed; it goes to the disk then.
    fn may_close_collection(&mut self) -> bool {
        if self.embeddings.open().is_running() {
            self.notices
                .failed("Texts are being embedded: pause or cancel that first");
            return false;
        }
        self.keep_collection();
        true
    }

    /// What of the open list is to be saved.
    pub(super) fn unsaved_collection(&mut self, connection: &str) -> Option<CollectionToSave> {
        let region = self.shared.region();
        let open = self.embeddings.open_mut();
        open.has_unsaved()
            .then(|| open.take_unsaved(region, connection))
            .flatten()
    }

    fn save_embeddings(
        &mut self,
        name: &str,
        format: Format,
        made: impl FnOnce() -> std::io::Result<Vec<u8>> + Send + 'static,
    ) {
        let extension = format.file_extension();
        let chosen = self
            .file_picker
            .save_as(&format!("{name}.{extension}"), extension);
        self.embeddings_work.saving = Some(self.tasks.spawn(async move {
            let Some(path) = chosen.await else {
                return Ok(None);
            };
            tokio::task::spawn_blocking(move || {
                made()
                    .and_then(|bytes| files::replace_own(&path, &bytes))
                    .map(|()| Some(path.clone()))
                    .map_err(|error| format!("{}: {error}", path.display()))
            })
            .await
            .unwrap_or_else(|died| Err(died.to_string()))
        }));
    }
}

fn vectors(format: Format, rows: &[Row]) -> std::io::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    write(&mut bytes, format, rows)?;
    Ok(bytes)
}

fn similarity(format: Format, rows: &[Row]) -> std::io::Result<Vec<u8>> {
    let names: Vec<String> = rows.iter().map(|row| row.name.clone()).collect();
    let vectors: Vec<Arc<[f32]>> = rows.iter().map(|row| Arc::clone(&row.vector)).collect();
    let mut bytes = Vec::new();
    write_matrix(&mut bytes, format, &names, &Matrix::of(&vectors))?;
    Ok(bytes)
}

/// Texts of files of texts; pictures as they are. Blocks.
fn read_files(paths: &[PathBuf]) -> Result<Read, String> {
    let mut read = Read {
        sources: Vec::new(),
        remarks: Vec::new(),
    };
    for path in paths {
        if path.is_dir() || media::pixel_size_of_file(path).is_some() {
            let found = media::pictures(std::slice::from_ref(path), &mut |_| true);
            read.sources
                .extend(found.files.into_iter().map(Source::Image));
            continue;
        }
        match texts(path) {
            Ok(texts) => read.sources.extend(texts.into_iter().map(Source::Text)),
            Err(reason) => read.remarks.push(format!("{}: {reason}", path.display())),
        }
    }
    match read.remarks.first() {
        Some(first) if read.sources.is_empty() => Err(first.clone()),
        None if read.sources.is_empty() => Err("There is no text in these files".to_owned()),
        _ => Ok(read),
    }
}

fn texts(path: &Path) -> Result<Vec<String>, String> {
    let size = std::fs::metadata(path)
        .map_err(|error| error.to_string())?
        .len();
    if size > MOST_BYTES {
        return Err("the file is larger than 64 MB; split it".to_owned());
    }
    let bytes = std::fs::read(path).map_err(|error| error.to_string())?;
    read_texts(&bytes, TextsForm::of(path)).map_err(|error| error.to_string())
}
