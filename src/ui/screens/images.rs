//! Image playground: pictures from words, and pictures changed, by what each model offers.
//!
//! The screen owns the gallery that is open and its requests. [`ImagesScreen::collect`] takes in what
//! has come, [`ImagesScreen::ui`] draws; files, the disk and the connection are reached by commands.

mod composer;
mod editor;
mod gallery;
mod inputs;
mod kept;
mod panel;
mod pixels;
mod refused;
mod tiles;
mod viewer;

use egui::{CentralPanel, ColorImage, Context, Frame, Margin, Panel, Ui};

use self::editor::MaskEditor;
pub use self::gallery::{GalleryToSave, OpenGallery};
use self::inputs::Inputs;
pub use self::inputs::Role;
use self::pixels::Textures;
pub use self::pixels::decode;
use self::viewer::Viewer;
use crate::catalog::{Catalog, FoundationModel, Lifecycle, Modality, ModelId};
use crate::images::{Call, Parameters, Picture, offers};
use crate::store::ConversationId;
use crate::tasks::Tasks;
use crate::ui::icons;
use crate::ui::screens::out_of_reach;
use crate::ui::shared::Shared;
use crate::ui::theme::{self, palette, space};
use crate::ui::widgets::{
    Alert, AlertKind, alerts_area, empty_state, icon_button, in_pane, secondary_button, title_row,
};
use crate::ui::{Command, Commands};

/// What can be done in the image playground.
#[derive(Clone, Debug, PartialEq)]
pub enum ImagesCommand {
    /// Sends what is set.
    Generate,
    /// Sends again what gave nothing.
    TryAgain(usize),
    /// Opens the dialog for a picture of this kind.
    Pick(Role),
    /// Saves a picture, by its place.
    Save(usize),
    /// Saves every picture of the gallery into a folder.
    SaveAll,
    /// Shows the request that made a picture, or without one the request that would be sent.
    ViewRequest(Option<usize>),
    /// Puts a picture into the clipboard.
    Copy(usize),
    /// Hands a picture to alt text.
    Describe(usize),
    /// Attaches a picture to the chat.
    AskAbout(usize),
    /// Begins another gallery.
    New,
    /// Asks this model from now on, and shows the screen.
    UseModel(ModelId),
}

/// The screen's state.
#[derive(Default)]
pub struct ImagesScreen {
    gallery: OpenGallery,
    inputs: Inputs,
    textures: Textures,
    editor: Option<MaskEditor>,
    viewer: Option<Viewer>,
    /// The two that are compared, by their places.
    compared: Vec<usize>,
    /// Parameters that a picture which came in knows.
    found: Option<(String, Box<Parameters>)>,
    wants_focus: bool,
    /// What is not sent because of this.
    problem: Option<String>,
}

/// Room for title and buttons side by side, in points.
const ROOM_FOR_HEAD: f32 = 330.0;

/// Room that saving all takes, in points.
const ROOM_FOR_SAVE: f32 = 112.0;

/// Room that the button for two images takes, in points.
const ROOM_FOR_PAIR: f32 = 170.0;

impl ImagesScreen {
    /// The gallery that is shown.
    pub fn gallery(&self) -> &OpenGallery {
        &self.gallery
    }

    /// The same, to be changed.
    pub fn gallery_mut(&mut self) -> &mut OpenGallery {
        &mut self.gallery
    }

    /// The gallery goes on as another one.
    pub fn now_a_copy(&mut self, from: ConversationId, to: ConversationId) {
        if self.gallery.id() == from {
            self.gallery.now_a_copy(to);
        }
    }

    /// Shows another gallery.
    pub fn open(&mut self, gallery: OpenGallery) {
        *self = Self {
            gallery,
            ..Self::default()
        };
    }

    /// Begins another one with what is set.
    pub fn begin_anew(&mut self) {
        let draft = self.gallery.draft.clone();
        self.open(OpenGallery::default());
        self.gallery.draft = draft;
    }

    /// Takes the first model that makes pictures when none was chosen.
    pub fn offer_models(&mut self, catalog: &Catalog, region: &str) {
        if self.gallery.draft.model.is_some() {
            return;
        }
        if let Some(model) = image_models(catalog).first() {
            self.gallery.use_model(catalog.invocation_id(model, region));
        }
    }

    /// Files were dropped, chosen or pasted.
    pub fn attach(&mut self, tasks: &Tasks, paths: Vec<std::path::PathBuf>, role: Role) {
        self.inputs.open(tasks, paths, role);
    }

    /// A picture was pasted.
    pub fn paste(&mut self, tasks: &Tasks, image: &ColorImage) {
        self.inputs.paste(tasks, image);
    }

    /// Puts the caret into the prompt.
    pub fn focus_prompt(&mut self) {
        self.wants_focus = true;
    }

    /// The requests that what is set becomes; none when something is wrong with it, which is said.
    pub fn calls(&mut self) -> Vec<Call> {
        let problems = self.gallery.draft.problems();
        self.problem = problems.first().map(ToString::to_string);
        if problems.is_empty() {
            self.gallery.draft.calls(|most| fastrand::u32(0..=most))
        } else {
            Vec::new()
        }
    }

    /// Whether a dialog of the screen is open.
    pub fn has_dialog(&self) -> bool {
        self.editor.is_some() || self.viewer.is_some()
    }

    /// Takes in what background work brought.
    pub fn collect(&mut self, ctx: &Context, tasks: &Tasks, shared: &Shared) {
        self.gallery.collect(&shared.prices);
        for opened in self.inputs.collect() {
            if let Some(parameters) = opened.parameters {
                let name = opened.picture.name.clone();
                self.found = Some((name, Box::new(parameters)));
            }
            self.take_picture(opened.picture, opened.role, tasks);
        }
        if let Some(editor) = &mut self.editor {
            editor.collect(ctx, tasks);
        }
        self.textures.collect(ctx, tasks);
    }

    /// Puts a picture where it belongs.
    fn take_picture(&mut self, picture: Picture, role: Role, tasks: &Tasks) {
        let draft = &mut self.gallery.draft;
        let most = draft.offer().map_or(0, |offer| *offer.pictures.end());
        match role {
            Role::Picture if most == 0 => {
                // What only knows its parameters does not change the task.
                if self.found.is_none() {
                    self.work_on(picture);
                }
            }
            Role::Picture => {
                if draft.pictures.len() >= most {
                    draft.pictures.truncate(most.saturating_sub(1));
                    draft.mask = None;
                }
                draft.pictures.push(picture);
            }
            Role::Style => draft.style_picture = Some(picture),
            Role::Mask => {
                if let Some(editor) = &mut self.editor {
                    editor.take_file(tasks, picture);
                } else {
                    draft.mask = Some(picture);
                }
            }
        }
    }

    /// Works on a picture: with what the model does to one, or it waits for a task that takes it.
    fn work_on(&mut self, picture: Picture) {
        let draft = &mut self.gallery.draft;
        let offered = draft.model.as_ref().map_or(&[][..], offers);
        if draft.offer().is_none_or(|offer| offer.picture.is_none())
            && let Some(other) = offered.iter().find(|offer| *offer.pictures.start() > 0)
        {
            draft.task = other.task;
        }
        draft.pictures = vec![picture];
        draft.mask = None;
    }

    /// Takes what made a picture, beside the pictures themselves.
    fn restore(&mut self, parameters: Parameters) {
        let draft = &mut self.gallery.draft;
        let (pictures, mask) = (std::mem::take(&mut draft.pictures), draft.mask.take());
        let style_picture = draft.style_picture.take();
        *draft = crate::images::Draft {
            pictures,
            mask,
            style_picture,
            ..parameters.draft
        };
    }

    /// Draws the screen.
    pub fn ui(&mut self, ui: &mut Ui, tasks: &Tasks, shared: &Shared, commands: &mut Commands) {
        let background = palette(ui).background;
        let surface = palette(ui).surface;
        let margin = |top: i8, bottom: i8| Margin {
            left: 20,
            right: 20,
            top,
            bottom,
        };
        Panel::right("image configuration")
            .exact_size(theme::side_panel(ui, 32.0))
            .resizable(false)
            .frame(Frame::new().fill(surface).inner_margin(Margin {
                left: 16,
                right: 8,
                top: 16,
                bottom: 8,
            }))
            .show(ui, in_pane(|ui| self.panel(ui, shared, commands)));
        Panel::top("image head")
            .resizable(false)
            .show_separator_line(false)
            .frame(Frame::new().fill(background).inner_margin(margin(16, 8)))
            .show(ui, in_pane(|ui| self.head(ui, commands)));
        Panel::bottom("image composer")
            .resizable(false)
            .show_separator_line(false)
            .frame(Frame::new().fill(background).inner_margin(margin(4, 16)))
            .show(
                ui,
                in_pane(|ui| {
                    let focus = std::mem::take(&mut self.wants_focus);
                    composer::ui(ui, &mut self.gallery, shared, focus, commands);
                }),
            );
        let margin = Margin {
            right: 8,
            ..margin(0, 0)
        };
        CentralPanel::default()
            .frame(Frame::new().fill(background).inner_margin(margin))
            .show(ui, in_pane(|ui| self.body(ui, shared, commands)));
        self.dialogs(ui, tasks, commands);
    }

    fn head(&mut self, ui: &mut Ui, commands: &mut Commands) {
        let is_pair = self.compared.len() == 2;
        let has_images = self.gallery.shown().next().is_some();
        let mut room = ROOM_FOR_HEAD;
        if has_images {
            room += ROOM_FOR_SAVE;
        }
        if is_pair {
            room += ROOM_FOR_PAIR;
        }
        title_row(ui, "Image playground", room, |ui| {
            if let Some(place) = self.gallery.last_removed()
                && icon_button(ui, icons::UNDO, "Bring the last removed image back").clicked()
            {
                self.gallery.set_removed(place, false);
            }
            self.compared
                .retain(|place| self.gallery.at(*place).is_some());
            if let [first, second] = self.compared[..]
                && secondary_button(ui, icons::COMPARE, "Compare the two").clicked()
            {
                self.viewer = Some(Viewer::of_two(first, second));
            }
            if has_images && secondary_button(ui, icons::SAVE, "Save all…").clicked() {
                commands.push(Command::Images(ImagesCommand::SaveAll));
            }
            if secondary_button(ui, icons::ADD, "New gallery").clicked() {
                commands.push(Command::Images(ImagesCommand::New));
            }
        });
    }

    fn panel(&mut self, ui: &mut Ui, shared: &Shared, commands: &mut Commands) {
        let wish = panel::ui(
            ui,
            &mut self.gallery.draft,
            &self.inputs,
            &mut self.textures,
            shared,
            commands,
        );
        if let Some(panel::Wish::PaintMask) = wish {
            let draft = &self.gallery.draft;
            let offer = draft.offer().and_then(|offer| offer.mask);
            if let (Some(picture), Some(offer)) = (draft.pictures.first(), offer) {
                self.editor = Some(MaskEditor::open(picture.clone(), offer, draft.mask.clone()));
            }
        }
    }

    fn body(&mut self, ui: &mut Ui, shared: &Shared, commands: &mut Commands) {
        let is_out_of_reach = out_of_reach::ui(ui, space::M, shared, commands);
        let has_alerts =
            self.problem.is_some() || self.found.is_some() || !self.gallery.refused.is_empty();
        if has_alerts {
            let share = if self.gallery.is_empty() { 1.0 } else { 0.6 };
            alerts_area(ui, share, |ui| {
                ui.set_max_width(ui.available_width() - space::M);
                self.alerts(ui, commands);
            });
        }
        if let Some(catalog) = shared.catalog.ready()
            && image_models(catalog).is_empty()
        {
            empty_state(
                ui,
                icons::IMAGE,
                "No model here makes images",
                "The models of this connection are listed in the model catalog. Other regions may \
                 have models that make images.",
                |_| {},
            );
            return;
        }
        if self.gallery.is_empty() && is_out_of_reach {
            return;
        }
        if self.gallery.is_empty() {
            empty_state(
                ui,
                icons::IMAGE,
                "Say what the image shall show",
                "Or drop an image here to work on it: inpaint, outpaint, upscale, remove the \
                 background… by what the chosen model offers.",
                |_| {},
            );
            return;
        }
        let textures = &mut self.textures;
        let wish = tiles::ui(
            ui,
            &mut self.gallery,
            textures,
            &mut self.compared,
            commands,
        );
        match wish {
            Some(tiles::Wish::Look(place)) => self.viewer = Some(Viewer::of_one(place)),
            Some(tiles::Wish::Use(place)) => self.use_as_input(place),
            Some(tiles::Wish::Restore(place)) => self.restore_from(place),
            None => {}
        }
    }

    /// What went wrong, and what a picture that came in knows of itself.
    fn alerts(&mut self, ui: &mut Ui, commands: &mut Commands) {
        if let Some(problem) = self.problem.clone()
            && Alert::new(AlertKind::Warning, &problem)
                .dismissible()
                .show(ui, |_| {})
        {
            self.problem = None;
        }
        let mut restored = false;
        if let Some((name, parameters)) = &self.found {
            let title = format!("{name} knows what made it");
            let draft = &parameters.draft;
            let words = format!("{}: {}", draft.task.label(), draft.prompt.trim());
            let closed = Alert::new(AlertKind::Warning, &title)
                .line(&words)
                .dismissible()
                .show(ui, |ui| {
                    restored = secondary_button(ui, icons::RESET, "Restore parameters").clicked();
                });
            if restored {
                let parameters = (**parameters).clone();
                self.restore(parameters);
            }
            if closed || restored {
                self.found = None;
            }
        }
        refused::ui(ui, &mut self.gallery, commands);
    }

    fn use_as_input(&mut self, place: usize) {
        if let Some(shown) = self.gallery.at(place) {
            let picture = shown.picture.clone();
            self.work_on(picture);
        }
    }

    fn restore_from(&mut self, place: usize) {
        if let Some(shown) = self.gallery.at(place) {
            let parameters = shown.parameters.clone();
            self.restore(parameters);
        }
    }

    fn dialogs(&mut self, ui: &mut Ui, tasks: &Tasks, commands: &mut Commands) {
        if let Some(editor) = &mut self.editor {
            match editor.ui(ui, tasks, commands) {
                Some(editor::Wish::Close) => self.editor = None,
                Some(editor::Wish::Take(mask)) => {
                    self.gallery.draft.mask = Some(mask);
                    self.gallery.draft.mask_prompt.clear();
                    self.editor = None;
                }
                None => {}
            }
        }
        if let Some(viewer) = &mut self.viewer {
            match viewer.ui(ui, &self.gallery, &mut self.textures, commands) {
                Some(viewer::Wish::Close) => self.viewer = None,
                Some(viewer::Wish::Use(place)) => {
                    self.use_as_input(place);
                    self.viewer = None;
                }
                Some(viewer::Wish::Restore(place)) => {
                    self.restore_from(place);
                    self.viewer = None;
                }
                None => {}
            }
        }
    }
}

/// The models that make pictures and that this program knows how to ask, those in use first.
fn image_models(catalog: &Catalog) -> Vec<&FoundationModel> {
    let mut models: Vec<&FoundationModel> = catalog
        .models
        .iter()
        .filter(|model| model.output_modalities.contains(&Modality::Image))
        .filter(|model| !offers(&model.id).is_empty())
        .collect();
    models.sort_by_key(|model| {
        // What generates comes before what only edits.
        let first = offers(&model.id).first().map(|offer| offer.task);
        (
            model.lifecycle != Lifecycle::Active,
            first,
            model.name.clone(),
        )
    });
    models
}
