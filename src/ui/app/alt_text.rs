//! What the alt-text screen wants of files, requests and the disk: all of it in the background.

mod documents;
mod in_files;

use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::mpsc::Receiver;
use std::time::Duration;

use egui::{ColorImage, Context};

use self::documents::{TakingImages, documents_among, read_documents};
use self::in_files::ReadingTexts;
use super::App;
use super::many_files::FilesSoFar;
use crate::alt_text::{
    Addition, ContextTable, Format, FoundDocument, MetadataPlace, Paid, PaidAnswers, Row,
    WrittenDocument, is_copy, write, write_metadata,
};
use crate::catalog::ModelId;
use crate::chat::MediaSource;
use crate::files;
use crate::media::{self, Collected, Limits};
use crate::store::{ConversationId, DataFolder, Screen as MadeIn, Store, StoreError, StoredParts};
use crate::tasks::{Job, finished};
use crate::ui::command::{AltTextCommand, Command, Screen, WriteInto};
use crate::ui::numbers::thousands;
use crate::ui::pixels::to_rgba;
use crate::ui::screens::alt_text::{Asked, Offer, OpenJob, Writable};
use crate::ui::screens::model_picker::ModelPicker;

/// The folder, in the data folder, of pictures that were pasted and have no file of their own.
const PASTED: &str = "pasted";

/// How often the count of a search is shown anew.
const COUNT_EVERY: Duration = Duration::from_millis(150);

/// A search through folders and documents.
struct Search {
    so_far: Arc<SoFar>,
    job: Job<SearchResult>,
}

struct SearchResult {
    collected: Collected,
    documents: Vec<FoundDocument>,
    /// Of documents that cannot be used, why.
    remarks: Vec<String>,
    /// Whether there were folders: images that were named are not asked about.
    asks: bool,
}

#[derive(Default)]
struct SoFar {
    found: AtomicUsize,
    stopped: AtomicBool,
}

/// What shall be asked about.
struct Wanted {
    places: Vec<usize>,
    /// Another model than the list's.
    model: Option<ModelId>,
    long_descriptions: bool,
}

impl Wanted {
    fn alt_text(places: Vec<usize>) -> Self {
        Self {
            places,
            model: None,
            long_descriptions: false,
        }
    }
}

/// Work under way for the screen.
#[derive(Default)]
pub struct AltTextWork {
    search: Option<Search>,
    pasting: Option<Job<Result<PathBuf, String>>>,
    picking: Option<Job<Option<PathBuf>>>,
    saving: Option<Job<Result<Option<PathBuf>, String>>>,
    context: Option<Job<Result<Option<ContextTable>, String>>>,
    reading: Option<ReadingTexts>,
    page: Option<Job<Result<FoundDocument, String>>>,
    taking: Option<TakingImages>,
    /// What documents say now that are being written into.
    changed_documents: Vec<Receiver<WrittenDocument>>,
    clearing: Option<Job<()>>,
    loading: Option<Job<Result<StoredParts, String>>>,
    unfinished: Option<Job<Result<Option<StoredParts>, String>>>,
}

impl App {
    /// What a command of every screen means here; gives it back when it means what it always does.
    pub(super) fn on_alt_text(&mut self, command: Command) -> Option<Command> {
        match command {
            Command::ChooseModel => {
                self.alt_text.will_ask_with(None);
                self.choose_alt_text_model();
            }
            Command::UseModel(id) => self.use_alt_text_model(id),
            Command::PickFiles => {
                if self.picking.is_none() {
                    self.picking = Some(self.tasks.spawn(self.file_picker.pick_images()));
                }
            }
            Command::Attach(paths) if paths.is_empty() => {}
            Command::Attach(paths) if is_table(&paths) => {
                self.read_context(std::future::ready(paths.into_iter().next()));
            }
            Command::Attach(paths) => self.take_images(paths),
            Command::Send if self.alt_text.may_begin(&self.shared) => {
                let begin = Command::AltText(AltTextCommand::Start);
                self.commands.push(begin);
            }
            Command::Send => self.alt_text.approve_and_go_on(),
            command => return Some(command),
        }
        None
    }

    pub(super) fn alt_text(&mut self, ctx: &Context, command: AltTextCommand) {
        // What was paid for before is in the history: nothing is asked until it is open.
        if self.keeping.is_opening() && command.asks() {
            self.commands.push(Command::AltText(command));
            return;
        }
        match command {
            AltTextCommand::PickFolder => {
                let chosen = self.file_picker.pick_folder("Add a folder of images");
                self.alt_text_work.picking = Some(self.tasks.spawn(chosen));
            }
            AltTextCommand::Add(files) => {
                self.add_images(files.into_iter().map(Addition::from).collect());
            }
            AltTextCommand::TakeOut(documents) => self.take_out(documents),
            AltTextCommand::StopTakingOut => self.stop_taking_out(),
            AltTextCommand::AskForPage => {
                self.screen = Screen::AltText;
                self.alt_text.page_dialog_mut().open(String::new());
            }
            AltTextCommand::ReadPage(address) => self.read_page(address),
            AltTextCommand::StopReadingPage => self.stop_reading_page(),
            AltTextCommand::StopSearching => {
                if let Some(search) = &self.alt_text_work.search {
                    search.so_far.stopped.store(true, Ordering::Relaxed);
                }
            }
            AltTextCommand::Start => {
                let waiting = self.alt_text.job().waiting();
                self.ask_about(Wanted::alt_text(waiting), Paid::reused);
            }
            AltTextCommand::RetryFailed => {
                let failed = self.alt_text.job().failed();
                self.ask_about(Wanted::alt_text(failed), Paid::reused);
            }
            AltTextCommand::Ask(places) => {
                self.ask_about(Wanted::alt_text(places), Paid::kept_only);
            }
            AltTextCommand::Describe(place) => {
                let wanted = Wanted {
                    long_descriptions: true,
                    ..Wanted::alt_text(vec![place])
                };
                self.ask_about(wanted, Paid::kept_only);
            }
            AltTextCommand::PickContext => {
                let kinds = ["csv"];
                let chosen = self
                    .file_picker
                    .pick_file("Context of images", "CSV", &kinds);
                self.read_context(chosen);
            }
            AltTextCommand::TakeFromFiles => self.read_texts_of_files(),
            AltTextCommand::StopReadingFiles => self.stop_reading_files(),
            AltTextCommand::AskAnother(place) => {
                self.alt_text.will_ask_with(Some(place));
                self.choose_alt_text_model();
            }
            AltTextCommand::Pause => self.alt_text.job_mut().pause(),
            AltTextCommand::Cancel => self.alt_text.job_mut().cancel(),
            AltTextCommand::New => {
                if self.may_close_job() {
                    self.alt_text.open(self.alt_text.fresh_job());
                    self.list_batches();
                    self.offer_models_to_alt_text();
                }
            }
            AltTextCommand::Save(format) => self.save_texts(format),
            AltTextCommand::Copy(format) => match written(format, &self.alt_text.job().rows()) {
                Ok(bytes) => {
                    ctx.copy_text(String::from_utf8_lossy(&bytes).into_owned());
                    let open = self.alt_text.job().not_approved_in_words();
                    self.notices
                        .done(format!("The texts are in the clipboard{open}"));
                }
                Err(error) => self.notices.failed(error),
            },
            AltTextCommand::AskToWrite(into) => self.alt_text.ask_to_write(into),
            AltTextCommand::WriteTexts {
                into,
                only_approved,
            } => self.write_texts(into, only_approved),
            AltTextCommand::Batch(command) => self.batch(command),
        }
    }

    /// Reads what is true of single pictures.
    fn read_context(&mut self, file: impl Future<Output = Option<PathBuf>> + Send + 'static) {
        self.alt_text_work.context = Some(self.tasks.spawn(async move {
            let Some(file) = file.await else {
                return Ok(None);
            };
            tokio::task::spawn_blocking(move || ContextTable::read(&file).map(Some))
                .await
                .unwrap_or_else(|died| Err(died.to_string()))
        }));
    }

    /// Files and folders were dropped, chosen or pasted.
    pub(super) fn take_images(&mut self, paths: Vec<PathBuf>) {
        let so_far = Arc::new(SoFar::default());
        let counting = Arc::clone(&so_far);
        let job = self.tasks.spawn_blocking(move || {
            let (documents, paths) = documents_among(paths);
            let mut found = media::pictures(&paths, &mut |found| {
                counting.found.store(found, Ordering::Relaxed);
                !counting.stopped.load(Ordering::Relaxed)
            });
            let before = found.files.len();
            found.files.retain(|file| !is_copy(file));
            found.others += before - found.files.len();
            let (documents, remarks) = read_documents(&documents);
            SearchResult {
                asks: !documents.is_empty() || paths.iter().any(|path| path.is_dir()),
                collected: found,
                documents,
                remarks,
            }
        });
        self.alt_text_work.search = Some(Search { so_far, job });
        self.screen = Screen::AltText;
    }

    fn add_images(&mut self, images: Vec<Addition>) {
        let again = self.alt_text.add(images);
        if again > 0 {
            self.notices.done(format!(
                "{} images were in the list already",
                thousands(again as u64)
            ));
        }
    }

    /// Takes a picture from the clipboard in; it gets a file, since a job reads files.
    pub(super) fn paste_into_alt_text(&mut self, image: &ColorImage) {
        let Some(folder) = self.data_folder.clone() else {
            self.notices
                .failed("A pasted image needs a data folder, and there is none");
            return;
        };
        let image = image.clone();
        self.alt_text_work.pasting = Some(
            self.tasks
                .spawn_blocking(move || save_pasted(&folder, &image)),
        );
    }

    fn ask_about(&mut self, wanted: Wanted, paid: fn(Arc<dyn PaidAnswers>) -> Paid) {
        if !self.may_spend() {
            return;
        }
        let budget_left = self.budget_left();
        let paid = self.keeping.store().map(|store| paid(Arc::new(store)));
        if let Some(session) = self.shared.session.ready() {
            let job = self.alt_text.job_mut();
            let asked = Asked {
                places: wanted.places,
                model: wanted.model,
                paid,
                budget_left,
                long_descriptions: wanted.long_descriptions,
            };
            job.start(&self.tasks, session, &self.shared.prices, asked);
        }
    }

    /// The model that was chosen while this screen was shown.
    pub(super) fn use_alt_text_model(&mut self, id: ModelId) {
        if let Some((place, id)) = self.alt_text.use_model(id) {
            let wanted = Wanted {
                model: Some(id),
                ..Wanted::alt_text(vec![place])
            };
            self.ask_about(wanted, Paid::reused);
        }
    }

    fn offer_models_to_alt_text(&mut self) {
        if let Some(catalog) = self.shared.catalog.ready() {
            self.alt_text.offer_models(catalog);
        }
    }

    fn choose_alt_text_model(&mut self) {
        if let Some(catalog) = self.shared.catalog.ready() {
            let current = self.alt_text.job().settings.model_id.as_ref();
            self.picker = Some(ModelPicker::open(current, catalog));
        }
    }

    /// Takes in what came for the screen.
    pub(super) fn collect_alt_text(&mut self, ctx: &Context) {
        self.collect_search(ctx);
        match finished(&mut self.alt_text_work.pasting) {
            Some(Ok(path)) => self.add_images(vec![path.into()]),
            Some(Err(error)) => self.notices.failed(error),
            None => {}
        }
        if let Some(picked) = self.alt_text_work.picking.as_mut().and_then(Job::take) {
            self.alt_text_work.picking = None;
            if let Ok(Some(folder)) = picked {
                self.take_images(vec![folder]);
            }
        }
        match finished(&mut self.alt_text_work.saving) {
            Some(Ok(Some(path))) => self.notices.saved(path),
            Some(Err(error)) => self.notices.failed(format!("Not saved. {error}")),
            Some(Ok(None)) | None => {}
        }
        match finished(&mut self.alt_text_work.context) {
            Some(Ok(Some(table))) => self.give_context(&table),
            Some(Err(error)) => self.notices.failed(error),
            Some(Ok(None)) | None => {}
        }
        self.collect_texts_of_files(ctx);
        self.collect_page();
        self.collect_taken(ctx);
        self.collect_changed_documents();
        self.collect_unfinished();
        match finished(&mut self.alt_text_work.loading) {
            Some(Ok(stored)) => self.open_job(stored),
            Some(Err(error)) => self.notices.failed(error),
            None => {}
        }
        self.alt_text.collect(ctx, &self.tasks, &self.shared);
        // A budget may be used up in the middle of a long job.
        let goes_on = self
            .alt_text
            .job()
            .progress()
            .is_some_and(|progress| !progress.stopping);
        if goes_on && !self.may_spend() {
            self.alt_text.job_mut().pause();
        }
    }

    fn give_context(&mut self, table: &ContextTable) {
        let (named, left) = self.alt_text.job_mut().give_context(table);
        let images = if named == 1 {
            "image has"
        } else {
            "images have"
        };
        let named = thousands(named as u64);
        let words = format!("{named} {images} a context from the table");
        match left.first() {
            None => self.notices.done(words),
            Some(first) => self.notices.failed(format!(
                "{words}; {} of its rows suit no image, the first: {}",
                thousands(left.len() as u64),
                first.display()
            )),
        }
    }

    fn collect_search(&mut self, ctx: &Context) {
        let Some(search) = &mut self.alt_text_work.search else {
            return;
        };
        let Some(result) = search.job.take() else {
            let found = search.so_far.found.load(Ordering::Relaxed);
            self.alt_text.searching(found);
            ctx.request_repaint_after(COUNT_EVERY);
            return;
        };
        self.alt_text_work.search = None;
        let Ok(SearchResult {
            collected,
            documents,
            mut remarks,
            asks,
        }) = result
        else {
            self.alt_text.add(Vec::new());
            return;
        };
        let skipped = collected.skipped.iter();
        remarks.extend(skipped.map(|(path, reason)| format!("{} {reason}", path.display())));
        if asks || !remarks.is_empty() {
            let Collected { files, others, .. } = collected;
            self.alt_text
                .offer(Offer::new(files, documents, others, remarks));
        } else {
            self.add_images(collected.files.into_iter().map(Addition::from).collect());
        }
    }

    /// Shows a job of the history.
    pub(super) fn load_job(&mut self, id: ConversationId) {
        if self.alt_text.job().id() == id {
            self.screen = Screen::AltText;
            return;
        }
        if let Some(store) = self.keeping.store() {
            self.alt_text_work.loading =
                Some(self.tasks.spawn_blocking(move || {
                    store.load_parts(id).map_err(|error| error.to_string())
                }));
        }
    }

    /// Goes on where the program was closed: with the last list, unless all of it is approved.
    pub(super) fn load_unfinished_job(&mut self) {
        if let Some(store) = self.keeping.store() {
            let found = self
                .tasks
                .spawn_blocking(move || last_job(&store).map_err(|error| error.to_string()));
            self.alt_text_work.unfinished = Some(found);
        }
    }

    /// Whether the list may be closed; it goes to the disk then.
    fn may_close_job(&mut self) -> bool {
        if self.alt_text.job().is_running() {
            self.notices
                .failed("Images are being described: pause or cancel that first");
            return false;
        }
        if self.batch_work.is_submitting() {
            self.notices
                .failed("A batch job is being submitted: wait for it or cancel it first");
            return false;
        }
        self.keep_job();
        true
    }

    fn collect_unfinished(&mut self) {
        if let Some(Ok(Some(stored))) = finished(&mut self.alt_text_work.unfinished)
            && self.alt_text.job().list.places() == 0
            && let Ok(job) = OpenJob::of_stored(stored)
            && job.list.shown().any(|(_, item)| !item.review.approved)
        {
            self.alt_text.open(job);
            self.list_batches();
            self.offer_models_to_alt_text();
        }
    }

    fn open_job(&mut self, stored: StoredParts) {
        match OpenJob::of_stored(stored) {
            Ok(job) => {
                if self.may_close_job() {
                    self.alt_text.open(job);
                    self.list_batches();
                    self.offer_models_to_alt_text();
                    self.screen = Screen::AltText;
                }
            }
            Err(error) => self
                .notices
                .failed(format!("This job cannot be read: {error}")),
        }
    }

    fn save_texts(&mut self, format: Format) {
        let rows = self.alt_text.job().rows();
        let extension = extension(format);
        let chosen = self
            .file_picker
            .save_as(&format!("alt-texts.{extension}"), extension);
        self.alt_text_work.saving = Some(self.tasks.spawn(async move {
            let Some(path) = chosen.await else {
                return Ok(None);
            };
            tokio::task::spawn_blocking(move || {
                let bytes = written(format, &rows)?;
                files::replace_own(&path, &bytes)
                    .map(|()| Some(path.clone()))
                    .map_err(|error| format!("{}: {error}", path.display()))
            })
            .await
            .unwrap_or_else(|died| Err(died.to_string()))
        }));
    }

    fn write_texts(&mut self, into: WriteInto, only_approved: bool) {
        // Two at once could write into the same file.
        if self.many_files.is_writing() {
            self.notices
                .failed("Files are being written already: wait for that or stop it first");
            return;
        }
        match into {
            WriteInto::Images(place) => self.write_into_images(place, only_approved),
            WriteInto::Documents(place) => self.write_into_documents(place, only_approved),
        }
    }

    fn write_into_images(&mut self, place: MetadataPlace, only_approved: bool) {
        let job = self.alt_text.job();
        let Writable {
            texts, simulated, ..
        } = job.writable(only_approved);
        let language = job.settings.instructions.language.clone();
        let so_far = Arc::new(FilesSoFar::default());
        let counting = Arc::clone(&so_far);
        let job = self.tasks.spawn_blocking(move || {
            let tally = counting.write_each(texts, |(path, texts)| {
                write_metadata(&path, place, language.as_deref(), &texts).map(|_| ())
            });
            let words = in_words(tally.written, simulated);
            Some((tally.report(words), None))
        });
        self.many_files
            .begin("Writing texts into images", so_far, job);
    }
}

/// The list that was changed last.
fn last_job(store: &Store) -> Result<Option<StoredParts>, StoreError> {
    let last = store.changed_last(&MadeIn::alt_text())?;
    last.map(|id| store.load_parts(id)).transpose()
}

/// What was written into pictures, in words.
fn in_words(written: usize, simulated: usize) -> String {
    let words = match written {
        1 => "1 text was written".to_owned(),
        count => format!("{} texts were written", thousands(count as u64)),
    };
    match simulated {
        0 => words,
        simulated => format!(
            "{words}; {} simulated ones were not",
            thousands(simulated as u64)
        ),
    }
}

fn written(format: Format, rows: &[Row]) -> Result<Vec<u8>, String> {
    let mut bytes = Vec::new();
    write(&mut bytes, format, rows).map_err(|error| error.to_string())?;
    Ok(bytes)
}

fn extension(format: Format) -> &'static str {
    match format {
        Format::Table => "txt",
        Format::Csv => "csv",
        Format::Json => "json",
        Format::JsonLines => "jsonl",
        Format::Html => "html",
        Format::Markdown => "md",
    }
}

/// Gives a pasted picture a file, named by what is in it, so that pasting it twice is one file.
pub(super) fn save_pasted(folder: &DataFolder, image: &ColorImage) -> Result<PathBuf, String> {
    let (width, height, pixels) = to_rgba(image);
    let pasted = media::open_rgba("pasted", width, height, pixels, &Limits::converse())
        .map_err(|error| error.to_string())?;
    let Some((image, MediaSource::Bytes(bytes))) =
        pasted.image().map(|image| (image, &image.prepared.source))
    else {
        return Err("The clipboard holds no image".to_owned());
    };
    let place = folder.path().join(PASTED);
    let failed = |error: std::io::Error| format!("{}: {error}", place.display());
    std::fs::create_dir_all(&place).map_err(failed)?;
    let [a, b, c, d, ..] = image.content_hash;
    let extension = image.prepared.format.as_str();
    let name = format!("pasted-{a:02x}{b:02x}{c:02x}{d:02x}.{extension}");
    let path = place.join(name);
    files::replace(&path, bytes, None).map_err(failed)?;
    Ok(path)
}

/// Whether this is one table, which says what is true of pictures, and none of them.
pub(super) fn is_table(files: &[PathBuf]) -> bool {
    let [file] = files else { return false };
    file.extension()
        .is_some_and(|ending| ending.eq_ignore_ascii_case("csv"))
}
