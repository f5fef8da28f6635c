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
mod panel;
mod row;
mod sizes;
mod thumbnails;
mod writing;

use std::path::PathBuf;

use egui::{Button, CentralPanel, Frame, Margin, Panel, Ui, vec2};

use self::batch::Batches;
pub use self::batch::ShownBatch;
use self::estimate::Forecast;
pub use self::job::{Asked, JobToSave, OpenJob};
use self::list::ListView;
use self::sizes::Sizes;
use self::thumbnails::Thumbnails;
pub use self::writing::Writable;
use self::writing::WritingDialog;
use crate::alt_text::{Format, JobSettings, MetadataPlace};
use crate::catalog::{Catalog, ModelId};
use crate::store::ConversationId;
use crate::tasks::Tasks;
use crate::ui::command::AltTextCommand;
use crate::ui::icons;
use crate::ui::numbers::thousands;
use crate::ui::screens::out_of_reach;
use crate::ui::shared::Shared;
use crate::ui::theme::{self, palette, size, space};
use crate::ui::widgets::{
    empty_state, icon_button, in_pane, menu_button, menu_item, menu_item_unless, modal,
    primary_button, secondary_button, spinner, title_row,
};
use crate::ui::{Command, Commands};

/// Room for title and buttons side by side, in points.
const ROOM_FOR_HEAD: f32 = 470.0;

/// Room that undo and redo take, in points.
const ROOM_FOR_STEPS: f32 = 80.0;

/// The model that is asked where the account has it: it reads images and costs little.
const USUAL_MODEL: &str = "amazon.nova-lite-v1:0";

const EXPORT_MENU_WIDTH: f32 = 250.0;

/// What was found in folders and waits for a word of the person.
#[derive(Debug)]
pub struct Found {
    /// The pictures.
    pub files: Vec<PathBuf>,
    /// Files that are none.
    pub others: usize,
    /// What could not be looked at, in words.
    pub remarks: Vec<String>,
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
    found: Option<Found>,
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
    pub fn add(&mut self, files: Vec<PathBuf>) -> usize {
        self.found = None;
        self.searching = None;
        self.job.add(files)
    }

    /// Asks whether what was found shall be added.
    pub fn offer(&mut self, found: Found) {
        self.searching = None;
        self.found = Some(found);
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
    pub fn ask_to_write(&mut self, place: MetadataPlace) {
        self.writing = Some(WritingDialog::new(&self.job, place));
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
            if secondary_button(ui, icons::FOLDER, "Add a folder…").clicked() {
                commands.push(Command::AltText(AltTextCommand::PickFolder));
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
            ui.separator();
            ui.label(theme::small("Write into the images").color(palette(ui).text_secondary));
            for (place, name) in WRITTEN {
                if menu_item_unless(ui, nothing, name) {
                    let command = AltTextCommand::AskToWrite(place);
                    commands.push(Command::AltText(command));
                }
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
                "Drop images or folders here",
                "Each gets a phrase for those who cannot see it. You read, change and approve the \
                 phrases, and publish them as a table, as HTML, or inside the images. Earlier lists \
                 are in the history.",
                |ui| {
                    ui.horizontal(|ui| {
                        let width = 290.0;
                        ui.add_space(((ui.available_width() - width) / 2.0).max(0.0));
                        if primary_button(ui, true, icons::ADD, "Add images…").clicked() {
                            commands.push(Command::PickFiles);
                        }
                        if secondary_button(ui, icons::FOLDER, "Add a folder…").clicked() {
                            commands.push(Command::AltText(AltTextCommand::PickFolder));
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
        let mut answer = None;
        if let Some(found) = &self.found {
            let closed = modal(ui, "add found images", 460.0, 20, |ui| {
                answer = offer(ui, found);
            });
            if closed {
                answer = Some(false);
            }
        } else if let Some(count) = self.searching {
            modal(ui, "searching folders", 380.0, 20, |ui| {
                ui.horizontal(|ui| {
                    spinner(ui);
                    ui.label(format!(
                        "Looking for images… {} so far",
                        thousands(count as u64)
                    ));
                });
                ui.add_space(space::S);
                if secondary_button(ui, icons::STOP, "Stop looking").clicked() {
                    commands.push(Command::AltText(AltTextCommand::StopSearching));
                }
            });
        }
        match answer {
            Some(true) => {
                if let Some(found) = self.found.take() {
                    let command = AltTextCommand::Add(found.files);
                    commands.push(Command::AltText(command));
                }
            }
            Some(false) => self.found = None,
            None => {}
        }
    }
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

/// Asks whether what was found shall be added.
fn offer(ui: &mut Ui, found: &Found) -> Option<bool> {
    let palette = palette(ui);
    let count = match found.files.len() {
        1 => "1 image was found".to_owned(),
        count => format!("{} images were found", thousands(count as u64)),
    };
    ui.label(theme::h2(count).color(palette.heading));
    if found.others > 0 {
        let others = format!(
            "{} other files are left out",
            thousands(found.others as u64)
        );
        ui.label(theme::small(others).color(palette.text_secondary));
    }
    for remark in found.remarks.iter().take(5) {
        ui.label(theme::small(remark).color(palette.warning));
    }
    if found.remarks.len() > 5 {
        let more = thousands(found.remarks.len() as u64 - 5);
        let more = format!("and {more} more of that kind");
        ui.label(theme::small(more).color(palette.warning));
    }
    ui.add_space(space::M);
    let mut answer = None;
    ui.horizontal(|ui| {
        if primary_button(ui, !found.files.is_empty(), icons::ADD, "Add them").clicked() {
            answer = Some(true);
        }
        if secondary_button(ui, icons::CLOSE, "Cancel").clicked() {
            answer = Some(false);
        }
    });
    answer
}
