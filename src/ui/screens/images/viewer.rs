//! A picture looked at closely, or two side by side: zoomed and moved together, with what made them.

use egui::{Key, Label, Ui};

use super::ImagesCommand;
use super::gallery::{OpenGallery, Shown};
use super::pixels::{CLOSE, Textures};
use super::tiles::{checkers, price};
use crate::images::Draft;
use crate::ui::icons;
use crate::ui::numbers::milliseconds;
use crate::ui::theme::{self, palette, space};
use crate::ui::widgets::{Zoom, dialog, icon_button, secondary_button};
use crate::ui::{Command, Commands};

const WIDTH: f32 = 1_600.0;
/// Space of the window that the frame of the dialog and its words take, in points.
const AROUND: f32 = 270.0;

/// What a person wishes of the screen.
pub enum Wish {
    /// No more of it.
    Close,
    /// To work on it.
    Use(usize),
    /// To have everything set as it was for it.
    Restore(usize),
}

/// The open dialog.
pub struct Viewer {
    places: Vec<usize>,
    zoom: Zoom,
}

impl Viewer {
    /// One picture.
    pub fn of_one(place: usize) -> Self {
        Self::of(vec![place])
    }

    /// Two side by side.
    pub fn of_two(first: usize, second: usize) -> Self {
        Self::of(vec![first, second])
    }

    fn of(places: Vec<usize>) -> Self {
        Self {
            places,
            zoom: Zoom::default(),
        }
    }

    /// Draws it.
    pub fn ui(
        &mut self,
        ui: &mut Ui,
        gallery: &OpenGallery,
        textures: &mut Textures,
        commands: &mut Commands,
    ) -> Option<Wish> {
        let title = match self.places.len() {
            1 => "Image",
            _ => "Two images",
        };
        let mut wish = None;
        self.keys(ui, gallery);
        let height = (ui.ctx().content_rect().height() - AROUND).max(160.0);
        let closed = dialog(ui, title, WIDTH, |ui| {
            self.tools(ui, gallery);
            let places = self.places.clone();
            let columns = places.len().max(1);
            ui.columns(columns, |columns| {
                for (ui, place) in columns.iter_mut().zip(&places) {
                    ui.push_id(*place, |ui| {
                        if let Some(shown) = gallery.at(*place) {
                            self.picture(ui, shown, *place, height, textures);
                            wish = facts(ui, shown, *place, commands).or(wish.take());
                        }
                    });
                }
            });
        });
        let gone = self.places.iter().any(|place| gallery.at(*place).is_none());
        if closed || gone {
            return Some(Wish::Close);
        }
        wish
    }

    fn tools(&mut self, ui: &mut Ui, gallery: &OpenGallery) {
        ui.horizontal(|ui| {
            if self.places.len() == 1 {
                if icon_button(ui, icons::PREVIOUS, "Newer image").clicked() {
                    self.go(gallery, -1);
                }
                if icon_button(ui, icons::NEXT, "Older image").clicked() {
                    self.go(gallery, 1);
                }
            }
            if secondary_button(ui, icons::ADD, "Zoom in").clicked() {
                self.zoom.closer();
            }
            if secondary_button(ui, icons::RESET, "Fit").clicked() {
                self.zoom.fit();
            }
            ui.label(theme::small(self.zoom.in_words()).color(palette(ui).text_secondary));
        });
    }

    /// The picture, moved by dragging and zoomed by the wheel; both when there are two.
    fn picture(
        &mut self,
        ui: &mut Ui,
        shown: &Shown,
        place: usize,
        height: f32,
        textures: &mut Textures,
    ) {
        let name = format!("Image {}", place + 1);
        let texture = textures.look(&shown.picture, CLOSE);
        self.zoom.picture(ui, &name, height, texture, checkers);
    }

    fn keys(&mut self, ui: &Ui, gallery: &OpenGallery) {
        let pressed = |key| ui.input(|input| input.modifiers.is_none() && input.key_pressed(key));
        if pressed(Key::ArrowLeft) {
            self.go(gallery, -1);
        }
        if pressed(Key::ArrowRight) {
            self.go(gallery, 1);
        }
        self.zoom.keys(ui);
    }

    /// Goes so many pictures on in the order of the tiles.
    fn go(&mut self, gallery: &OpenGallery, steps: isize) {
        let [place] = self.places[..] else { return };
        let places: Vec<usize> = gallery.shown().map(|(place, _)| place).collect();
        let at = places.iter().position(|other| *other == place);
        let next = at.and_then(|at| at.checked_add_signed(steps));
        if let Some(next) = next.and_then(|next| places.get(next)) {
            self.places = vec![*next];
            self.zoom.fit();
        }
    }
}

/// What made a picture, and what can be done with it.
fn facts(ui: &mut Ui, shown: &Shown, place: usize, commands: &mut Commands) -> Option<Wish> {
    let secondary = palette(ui).text_secondary;
    let draft = &shown.parameters.draft;
    ui.add_space(space::XXS);
    ui.add(Label::new(draft.prompt.trim()).truncate());
    let words = details(draft, shown);
    ui.add(Label::new(theme::small(words).color(secondary)).truncate());
    let mut wish = None;
    let mut push = |command| commands.push(Command::Images(command));
    ui.horizontal_wrapped(|ui| {
        if secondary_button(ui, icons::SAVE, "Save…").clicked() {
            push(ImagesCommand::Save(place));
        }
        if secondary_button(ui, icons::COPY, "Copy").clicked() {
            push(ImagesCommand::Copy(place));
        }
        if secondary_button(ui, icons::EDIT, "Use as input").clicked() {
            wish = Some(Wish::Use(place));
        }
        if secondary_button(ui, icons::RESET, "Restore parameters").clicked() {
            wish = Some(Wish::Restore(place));
        }
        if secondary_button(ui, icons::CODE, "View request").clicked() {
            push(ImagesCommand::ViewRequest(Some(place)));
            wish = Some(Wish::Close);
        }
        if secondary_button(ui, icons::ALT_TEXT, "Describe it").clicked() {
            push(ImagesCommand::Describe(place));
            wish = Some(Wish::Close);
        }
    });
    wish
}

fn details(draft: &Draft, shown: &Shown) -> String {
    let mut parts = vec![draft.task.label().to_owned()];
    parts.extend(draft.model.as_ref().map(ToString::to_string));
    let picture = &shown.picture;
    parts.push(format!("{} × {}", picture.width, picture.height));
    parts.extend(draft.seed.map(|seed| format!("seed {seed}")));
    if !draft.negative.trim().is_empty() {
        parts.push(format!("without {}", draft.negative.trim()));
    }
    parts.extend(draft.cfg_scale.map(|scale| format!("cfg scale {scale}")));
    parts.extend(draft.choices.values().cloned());
    parts.extend(
        draft
            .knobs
            .iter()
            .map(|(name, value)| format!("{name} {value}")),
    );
    parts.extend(shown.latency_ms.map(milliseconds));
    parts.push(price(shown.cost, shown.parameters.simulated));
    if shown.parameters.simulated {
        parts.push("simulated".to_owned());
    }
    parts.join(", ")
}
