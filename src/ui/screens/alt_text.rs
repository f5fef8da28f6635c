//! Alt text for many pictures: the list, the job that fills it, and the review of what came.
//!
//! It draws and decides; files, requests and the disk are reached by commands alone.

mod bar;
mod batch;
mod bulk;
mod detail;
mod estimate;
mod job;
mod keys;
mod list;
mod offer;
mod page_dialog;
mod panel;
mod published;
mod row;
mod sizes;
mod thumbnails;
mod writing;

use egui::{Button, CentralPanel, Frame, Margin, Panel, Ui, vec2};

use self::batch::Batches;
pub use self::batch::ShownBatch;
use self::estimate::Forecast;
pub use self::job::{Asked, JobToSave, OpenJob};
use self::list::ListView;
pub use self::offer::Offer;
use self::page_dialog::PageDialog;
use self::sizes::Sizes;
use self::thumbnails::Thumbnails;
use self::writing::WritingDialog;
pub use self::writing::{Writable, WritableInDocuments};
use crate::alt_text::{Addition, Format, JobSettings, MetadataPlace};
use crate::catalog::{Catalog, ModelId};
use crate::store::ConversationId;
use crate::tasks::Tasks;
use crate::ui::command::{AltTextCommand, WriteInto};
use crate::ui::icons;
use crate::ui::numbers::thousands;
use crate::ui::screens::out_of_reach;
use crate::ui::shared::Shared;
use crate::ui::theme::{self, palette, size, space};
use crate::ui::widgets::{
    centered_row, empty_state, icon_button, in_pane, menu_button, menu_item, menu_item_unless,
    modal, primary_button, secondary_button, spinner, title_row,
};
use crate::ui::{Command, Commands};

/// Room for title and buttons side by side, in points.
const ROOM_FOR_HEAD: f32 = 420.0;

/// Room that undo and redo take, in points.
const ROOM_FOR_STEPS: f32 = 80.0;

/// The model that is asked where the account has it: it reads images and costs little.
const USUAL_MODEL: &str = "amazon.nova-lite-v1:0";

const EXPORT_MENU_WIDTH: f32 = 250.0;

/// How far the taking of images out of documents is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TakingOut {
    /// Images that were taken.
    pub taken: usize,
    /// All that are wanted.
    pub all: usize,
}

/// How far the reading of the texts that files have is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ReadingFiles {
    /// Files that were read.
    pub read: usize,
    /// All that are to be read.
    pub all: usize,
}

/// The screen's state.
#[derive(Default)]
pub struct AltTextScreen {
    job: OpenJob,
    view: ListView,
    thumbnails: Thumbnails,
    sizes: Sizes,
    forecast: Forecast,
    selected: Option<usize>,
    /// Whether a field or a dialog has the keyboard.
    keys_are_taken: bool,
    offer: Option<Offer>,
    page_dialog: PageDialog,
    taking_out: Option<TakingOut>,
    searching: Option<usize>,
    reading_files: Option<ReadingFiles>,
    /// The picture that another model shall be asked about.
    ask_with: Option<usize>,
    batches: Batches,
    writing: Option<WritingDialog>,
    /// Whether a dialog is in front of the list.
    is_behind: bool,
    /// What new lists begin with, when a person has chosen it.
    beginning: Option<JobSettings>,
}

impl AltTextScreen {
    /// The job that is shown.
    pub fn job(&self) -> &OpenJob {
        &self.job
    }

    /// The same, to be changed.
    pub fn job_mut(&mut self) -> &mut OpenJob {
        &mut self.job
    }

    /// What the list that is shown would let others begin with.
    pub fn beginning(&self) -> Option<serde_json::Value> {
        serde_json::to_value(&self.job.settings).ok()
    }

    /// Lets new lists begin with this, and the one that is shown while nothing is in it.
    pub fn set_beginning(&mut self, beginning: Option<&serde_json::Value>) {
        // What this version cannot read is as good as none.
        self.beginning =
            beginning.and_then(|beginning| serde_json::from_value(beginning.clone()).ok());
        if self.beginning.is_some() && self.job.list.is_empty() {
            self.job = self.fresh_job();
        }
    }

    /// A list with nothing in it.
    pub fn fresh_job(&self) -> OpenJob {
        let mut job = OpenJob::default();
        if let Some(beginning) = &self.beginning {
            job.settings = beginning.clone();
            job.list.set_max_length(beginning.instructions.max_length);
        }
        job
    }

    /// Its batch jobs.
    pub fn batches_mut(&mut self) -> &mut Batches {
        &mut self.batches
    }

    /// The job goes on as another one.
    pub fn now_a_copy(&mut self, from: ConversationId, to: ConversationId) {
        if self.job.id() == from {
            self.job.now_a_copy(to);
        }
    }

    /// Shows another job.
    pub fn open(&mut self, job: OpenJob) {
        *self = Self {
            job,
            beginning: self.beginning.take(),
            ..Self::default()
        };
    }

    /// Adds pictures; says how many were in the list before.
    pub fn add(&mut self, pictures: Vec<Addition>) -> usize {
        self.searching = None;
        self.job.add(pictures)
    }

    /// Asks whether what was found shall be added.
    pub fn offer(&mut self, offer: Offer) {
        self.searching = None;
        self.offer = Some(offer);
    }

    /// The dialog for the address of a page.
    pub fn page_dialog_mut(&mut self) -> &mut PageDialog {
        &mut self.page_dialog
    }

    /// Images are being taken out of documents, or are no more.
    pub fn taking_out(&mut self, taking: Option<TakingOut>) {
        self.taking_out = taking;
    }

    /// Folders are being looked through; so many pictures were found so far.
    pub fn searching(&mut self, found: usize) {
        self.searching = Some(found);
    }

    /// Files are being read for the texts they have, or are no more.
    pub fn reading_files(&mut self, reading: Option<ReadingFiles>) {
        self.reading_files = reading;
    }

    /// The model that a person chose, for the job or for one picture; gives the picture.
    pub fn use_model(&mut self, id: ModelId) -> Option<(usize, ModelId)> {
        if let Some(place) = self.ask_with.take() {
            return Some((place, id));
        }
        self.job.use_model(id);
        None
    }

    /// Another model shall be chosen for one picture.
    pub fn will_ask_with(&mut self, place: Option<usize>) {
        self.ask_with = place;
    }

    /// Takes the usual model of an account when none was chosen.
    pub fn offer_models(&mut self, catalog: &Catalog) {
        if let Some(id) = &mut self.job.settings.model_id
            && catalog.may_have(id)
        {
            if catalog.recognise(id) {
                // The same id, and other prices.
                self.forecast = Forecast::default();
            }
            return;
        }
        let usual = catalog
            .model(&ModelId::from(USUAL_MODEL))
            .filter(|model| model.describes_images())
            .or_else(|| catalog.models.iter().find(|model| model.describes_images()));
        if let Some(model) = usual {
            self.job.use_model(model.id.clone());
        }
    }

    /// Whether a model is being asked.
    pub fn is_running(&self) -> bool {
        self.job.is_running()
    }

    /// Takes in what background work brought, and begins what is due.
    pub fn collect(&mut self, ctx: &egui::Context, tasks: &Tasks, shared: &Shared) {
        self.job.collect(ctx.input(|input| input.time));
        self.sizes.update(tasks, &mut self.job.list);
        self.thumbnails.collect(ctx);
        let language = self.job.settings.instructions.language.as_deref();
        self.thumbnails.load(tasks, &self.job.list, language);
        self.forecast.update(tasks, shared, &self.job);
    }

    /// Asks which texts shall be written.
    pub fn ask_to_write(&mut self, into: WriteInto) {
        self.writing = Some(WritingDialog::new(&self.job, into));
    }

    /// Draws the screen.
    pub fn ui(&mut self, ui: &mut Ui, shared: &Shared, commands: &mut Commands) {
        self.keys(ui);
        let background = palette(ui).background;
        self.side(ui, shared, commands);
        let margin = |top: i8, bottom: i8| Margin {
            left: 20,
            right: 20,
            top,
            bottom,
        };
        Panel::top("alt text head")
            .resizable(false)
            .show_separator_line(false)
            .frame(Frame::new().fill(background).inner_margin(margin(16, 4)))
            .show(
                ui,
                in_pane(|ui| {
                    self.head(ui, commands);
                    if !self.job.list.is_empty() {
                        self.view.tools(ui, &mut self.job, shared, commands);
                    }
                }),
            );
        if !self.job.list.is_empty() {
            Panel::bottom("alt text bar")
                .resizable(false)
                .frame(Frame::new().fill(background).inner_margin(margin(8, 12)))
                .show(
                    ui,
                    in_pane(|ui| {
                        self.batches.jobs_ui(ui, commands);
                        let counts = self.view.counts();
                        bar::ui(ui, &self.job, &counts, &self.forecast, shared, commands);
                    }),
                );
        }
        let margin = Margin {
            right: 8,
            ..margin(0, 0)
        };
        CentralPanel::default()
            .frame(Frame::new().fill(background).inner_margin(margin))
            .show(ui, in_pane(|ui| self.body(ui, shared, commands)));
        self.offer_ui(ui, commands);
        self.batches.dialog_ui(ui, &self.forecast, commands);
    }

    fn head(&mut self, ui: &mut Ui, commands: &mut Commands) {
        let can_go_back = self.job.list.can_undo() || self.job.list.can_redo();
        let room = ROOM_FOR_HEAD + if can_go_back { ROOM_FOR_STEPS } else { 0.0 };
        title_row(ui, "Alt text", room, |ui| {
            if self.job.list.can_undo() && icon_button(ui, icons::UNDO, "Undo").clicked() {
                self.selected = self.job.undo().or(self.selected);
            }
            if self.job.list.can_redo() && icon_button(ui, icons::REDO, "Redo").clicked() {
                self.selected = self.job.redo().or(self.selected);
            }
            if secondary_button(ui, icons::ADD, "Add images…").clicked() {
                commands.push(Command::PickFiles);
            }
            if icon_button(ui, icons::FOLDER, "Add a folder…").clicked() {
                commands.push(Command::AltText(AltTextCommand::PickFolder));
            }
            if icon_button(ui, icons::WEB, "Add a web page…").clicked() {
                commands.push(Command::AltText(AltTextCommand::AskForPage));
            }
            self.export_menu(ui, commands);
        });
    }

    fn export_menu(&mut self, ui: &mut Ui, commands: &mut Commands) {
        let nothing = (!self.job.has_texts()).then_some("There is no text yet");
        let button =
            Button::new((icons::atom(icons::EXPORT), "Publish")).min_size(vec2(0.0, size::CONTROL));
        menu_button(ui, button, "Publish the texts", EXPORT_MENU_WIDTH, |ui| {
            for (format, name) in SAVED {
                if menu_item_unless(ui, nothing, &format!("Save as {name}…")) {
                    commands.push(Command::AltText(AltTextCommand::Save(format)));
                }
            }
            if menu_item_unless(ui, nothing, "Copy as HTML") {
                commands.push(Command::AltText(AltTextCommand::Copy(Format::Html)));
            }
            if menu_item_unless(ui, nothing, "Copy as Markdown") {
                commands.push(Command::AltText(AltTextCommand::Copy(Format::Markdown)));
            }
            if self.job.has_documents() {
                let places = &WRITTEN_IN_DOCUMENTS;
                let title = "Write into the documents";
                written_in(ui, nothing, title, places, WriteInto::Documents, commands);
            }
            if self.job.list.is_empty() || self.job.has_own_files() {
                let title = "Write into the images";
                written_in(ui, nothing, title, &WRITTEN, WriteInto::Images, commands);
            }
            ui.separator();
            if menu_item(ui, "New list") {
                commands.push(Command::AltText(AltTextCommand::New));
            }
        });
    }

    fn side(&mut self, ui: &mut Ui, shared: &Shared, commands: &mut Commands) {
        let surface = palette(ui).surface;
        let is_wide = theme::is_wide(ui);
        Panel::right("alt text side")
            .exact_size(theme::side_panel(ui, if is_wide { 40.0 } else { 0.0 }))
            .resizable(false)
            .frame(Frame::new().fill(surface).inner_margin(Margin {
                left: 16,
                right: 8,
                top: 16,
                bottom: 8,
            }))
            .show(
                ui,
                in_pane(|ui| {
                    // As wide with a picture as with the job, so that nothing in the list moves.
                    ui.take_available_width();
                    if let Some(place) = self.selected {
                        let job = &mut self.job;
                        let thumbnails = &mut self.thumbnails;
                        let chosen = detail::ui(ui, job, place, thumbnails, commands);
                        match chosen {
                            Some(detail::Wish::Close) => self.selected = None,
                            Some(detail::Wish::ApproveAndGoOn) => self.approve_and_go_on(),
                            Some(detail::Wish::Go(steps)) => self.go(steps),
                            None => {}
                        }
                    } else {
                        panel::ui(ui, &mut self.job, self.reading_files, shared, commands);
                    }
                }),
            );
    }

    fn body(&mut self, ui: &mut Ui, shared: &Shared, commands: &mut Commands) {
        out_of_reach::ui(ui, space::M, shared, commands);
        if let Some(problem) = &self.job.problem {
            let alert = crate::ui::widgets::Alert::new(
                crate::ui::widgets::AlertKind::Error,
                "Not all went well",
            );
            if alert.line(problem).dismissible().show(ui, |_| {}) {
                self.job.problem = None;
            }
        }
        if self.job.list.is_empty() {
            empty_state(
                ui,
                icons::ALT_TEXT,
                "Drop images, folders or documents here",
                "Each image gets a phrase for those who cannot see it, also those of web pages, Word files, \
                 presentations, books and PDFs. You read, change and approve the phrases, and publish them \
                 as a table, or inside the images and documents. Earlier lists are in the history.",
                |ui| {
                    centered_row(ui, |ui| {
                        if primary_button(ui, true, icons::ADD, "Add images…").clicked() {
                            commands.push(Command::PickFiles);
                        }
                        if secondary_button(ui, icons::FOLDER, "Add a folder…").clicked() {
                            commands.push(Command::AltText(AltTextCommand::PickFolder));
                        }
                        if secondary_button(ui, icons::WEB, "Add a web page…").clicked() {
                            commands.push(Command::AltText(AltTextCommand::AskForPage));
                        }
                    });
                },
            );
            return;
        }
        let selected = self.selected;
        if let Some(place) =
            self.view
                .ui(ui, &mut self.job, &mut self.thumbnails, selected, commands)
        {
            self.selected = Some(place);
        }
    }

    fn offer_ui(&mut self, ui: &mut Ui, commands: &mut Commands) {
        if let Some(dialog) = &mut self.writing
            && dialog.ui(ui, commands)
        {
            self.writing = None;
        }
        self.page_dialog.ui(ui, commands);
        if let Some(offer) = &mut self.offer {
            if offer.ui(ui, commands) {
                self.offer = None;
            }
        } else if let Some(count) = self.searching {
            let words = format!("Looking for images… {} so far", thousands(count as u64));
            if waiting(ui, "searching folders", &words, "Stop looking") {
                commands.push(Command::AltText(AltTextCommand::StopSearching));
            }
        } else if let Some(TakingOut { taken, all }) = self.taking_out {
            let (taken, all) = (thousands(taken as u64), thousands(all as u64));
            let words = format!("Taking images out of documents… {taken} of {all}");
            if waiting(ui, "taking images out", &words, "Stop") {
                commands.push(Command::AltText(AltTextCommand::StopTakingOut));
            }
        }
    }
}

/// A part of the menu: the places that texts can be written to.
fn written_in(
    ui: &mut Ui,
    nothing: Option<&str>,
    title: &str,
    places: &[(MetadataPlace, &str)],
    into: fn(MetadataPlace) -> WriteInto,
    commands: &mut Commands,
) {
    ui.separator();
    ui.label(theme::small(title).color(palette(ui).text_secondary));
    for (place, name) in places {
        if menu_item_unless(ui, nothing, name) {
            let command = AltTextCommand::AskToWrite(into(*place));
            commands.push(Command::AltText(command));
        }
    }
}

/// Says what is waited for; true when that is to end.
fn waiting(ui: &mut Ui, id: &str, words: &str, stop: &str) -> bool {
    let mut stops = false;
    modal(ui, id, 400.0, 20, |ui| {
        ui.horizontal(|ui| {
            spinner(ui);
            ui.label(words);
        });
        ui.add_space(space::S);
        stops = secondary_button(ui, icons::STOP, stop).clicked();
    });
    stops
}

/// The forms a list is saved in.
const SAVED: [(Format, &str); 5] = [
    (Format::Csv, "CSV"),
    (Format::Json, "JSON"),
    (Format::JsonLines, "JSON Lines"),
    (Format::Html, "HTML"),
    (Format::Markdown, "Markdown"),
];

/// Where texts are written.
const WRITTEN: [(MetadataPlace, &str); 3] = [
    (MetadataPlace::Copy, "Into copies beside them"),
    (MetadataPlace::InPlace, "Into the files themselves"),
    (MetadataPlace::Sidecar, "Into .xmp files beside them"),
];

/// Where texts are written in documents.
const WRITTEN_IN_DOCUMENTS: [(MetadataPlace, &str); 2] = [
    (MetadataPlace::Copy, "Into copies of the documents"),
    (MetadataPlace::InPlace, "Into the documents themselves"),
];
