//! What was made, as tiles: the requests under way first, then the newest.

use egui::{
    Align2, Button, CornerRadius, FontId, Frame, Image, Margin, Rect, ScrollArea, Sense, Stroke,
    Ui, Vec2, WidgetInfo, pos2, vec2,
};

use super::ImagesCommand;
use super::gallery::{OpenGallery, Run, Shown};
use super::pixels::{TILE, Textures};
use crate::pricing::Usd;
use crate::ui::icons;
use crate::ui::theme::{self, font, palette, size, space};
use crate::ui::widgets::{
    Tone, accessible_name, at_the_end, badge, checkbox, icon_button, icon_menu_item, small_menu,
    spinner,
};
use crate::ui::{Command, Commands};

/// The sides of a tile's picture, in points.
const SIDE: f32 = 214.0;
/// Height of what stands below it.
const FOOT: f32 = 58.0;
const MENU_WIDTH: f32 = 220.0;
/// Most pictures that are compared.
const COMPARED: usize = 2;

/// What a person wishes of the screen.
pub enum Wish {
    /// To look closely.
    Look(usize),
    /// To work on it.
    Use(usize),
    /// To have everything set as it was for it.
    Restore(usize),
}

/// Draws the tiles.
pub fn ui(
    ui: &mut Ui,
    gallery: &mut OpenGallery,
    textures: &mut Textures,
    compared: &mut Vec<usize>,
    commands: &mut Commands,
) -> Option<Wish> {
    let mut wish = None;
    let mut cancelled = None;
    let mut removed = None;
    ScrollArea::vertical().auto_shrink(false).show(ui, |ui| {
        ui.horizontal_wrapped(|ui| {
            ui.spacing_mut().item_spacing = Vec2::splat(space::M);
            for (index, run) in gallery.runs.iter().enumerate() {
                for image in 0..run.call.images {
                    ui.push_id(("run", index, image), |ui| {
                        if busy(ui, run, image == 0) {
                            cancelled = Some(index);
                        }
                    });
                }
            }
            for (place, shown) in gallery.shown() {
                let area = vec2(SIDE + 2.0 * space::XS, SIDE + FOOT);
                // Tiles out of view cost their place and nothing more.
                let (rect, _) = ui.allocate_exact_size(area, Sense::empty());
                if !ui.is_rect_visible(rect) {
                    continue;
                }
                let mut inside = ui.new_child(
                    egui::UiBuilder::new()
                        .id_salt(("tile", place))
                        .max_rect(rect)
                        .layout(egui::Layout::top_down(egui::Align::Min)),
                );
                let tile = Tile { place, shown };
                match tile.ui(&mut inside, textures, compared, commands) {
                    Some(Did::Wish(wished)) => wish = Some(wished),
                    Some(Did::Remove) => removed = Some(place),
                    None => {}
                }
            }
        });
        ui.add_space(space::M);
    });
    if cancelled.is_some() {
        gallery.cancel(cancelled);
    }
    if let Some(place) = removed {
        gallery.set_removed(place, true);
    }
    wish
}

/// A request under way; true when it shall be given up.
fn busy(ui: &mut Ui, run: &Run, is_first: bool) -> bool {
    let palette = palette(ui);
    let mut cancel = false;
    Frame::new()
        .fill(palette.surface)
        .stroke(Stroke::new(1.0, palette.divider))
        .corner_radius(CornerRadius::same(size::RADIUS))
        .inner_margin(Margin::same(6))
        .show(ui, |ui| {
            ui.set_min_size(vec2(SIDE, SIDE + FOOT - 12.0));
            ui.set_max_width(SIDE);
            ui.vertical_centered(|ui| {
                ui.add_space(SIDE * 0.35);
                spinner(ui);
                let seconds = (ui.input(|input| input.time) - run.began).max(0.0);
                let words = format!("Generating… {seconds:.0} s");
                ui.label(theme::small(words).color(palette.text_secondary));
                if is_first {
                    let cancelling = Button::new((icons::atom(icons::STOP), "Cancel"));
                    cancel = ui.add(cancelling).clicked();
                }
            });
        });
    cancel
}

struct Tile<'a> {
    place: usize,
    shown: &'a Shown,
}

enum Did {
    Wish(Wish),
    Remove,
}

impl Tile<'_> {
    fn ui(
        &self,
        ui: &mut Ui,
        textures: &mut Textures,
        compared: &mut Vec<usize>,
        commands: &mut Commands,
    ) -> Option<Did> {
        let mut did = None;
        if self.picture(ui, textures) {
            did = Some(Did::Wish(Wish::Look(self.place)));
        }
        ui.spacing_mut().item_spacing = vec2(space::XXS, 2.0);
        ui.add(egui::Label::new(theme::small(self.caption())).truncate());
        ui.set_max_width(SIDE);
        ui.horizontal(|ui| {
            let mut is_compared = compared.contains(&self.place);
            let name = format!("Compare image {}", self.place + 1);
            let tick = checkbox(ui, &mut is_compared, "");
            accessible_name(&tick, &name);
            if tick.on_hover_text("Tick two to compare them").changed() {
                compared.retain(|place| *place != self.place);
                if is_compared {
                    compared.push(self.place);
                    let older = compared.len().saturating_sub(COMPARED);
                    compared.drain(..older);
                }
            }
            if self.shown.parameters.simulated {
                badge(ui, "Simulated", Tone::Warning);
            } else {
                let words = price(self.shown.cost, false);
                ui.label(theme::small(words).color(palette(ui).text_secondary));
            }
            at_the_end(ui, "actions of an image", |ui| {
                let name = format!("Save image {}…", self.place + 1);
                if icon_button(ui, icons::SAVE, &name).clicked() {
                    commands.push(Command::Images(ImagesCommand::Save(self.place)));
                }
                let name = format!("Use image {} as input", self.place + 1);
                if icon_button(ui, icons::EDIT, &name).clicked() {
                    did = Some(Did::Wish(Wish::Use(self.place)));
                }
                let name = format!("More for image {}", self.place + 1);
                small_menu(ui, &name, MENU_WIDTH, |ui| {
                    did = self.menu(ui, commands).or(did.take());
                });
            });
        });
        did
    }

    /// The picture in its square; true when it was clicked.
    fn picture(&self, ui: &mut Ui, textures: &mut Textures) -> bool {
        let palette = palette(ui);
        let (rect, response) = ui.allocate_exact_size(Vec2::splat(SIDE), Sense::click());
        let name = format!("Look at image {}: {}", self.place + 1, self.words());
        response.widget_info(|| WidgetInfo::labeled(egui::Role::Button, true, &name));
        let stroke = if response.hovered() || response.has_focus() {
            Stroke::new(2.0, palette.accent)
        } else {
            Stroke::new(1.0, palette.divider)
        };
        let radius = CornerRadius::same(size::RADIUS);
        ui.painter().rect(
            rect,
            radius,
            palette.surface,
            stroke,
            egui::StrokeKind::Inside,
        );
        if let Some(texture) = textures.look(&self.shown.picture, TILE) {
            let sides = texture.size_vec2();
            let scale = (SIDE - 4.0) / sides.max_elem();
            let place = Rect::from_center_size(rect.center(), sides * scale);
            checkers(ui, place);
            Image::new((texture.id(), place.size()))
                .corner_radius(radius)
                .paint_at(ui, place);
        } else {
            let (words, points) = if self.shown.picture.bytes.is_empty() {
                ("Its file is gone", font::SMALL)
            } else {
                ("…", font::H1)
            };
            ui.painter().text(
                rect.center(),
                Align2::CENTER_CENTER,
                words,
                FontId::proportional(points),
                palette.text_disabled,
            );
        }
        response.on_hover_text(self.words()).clicked()
    }

    fn menu(&self, ui: &mut Ui, commands: &mut Commands) -> Option<Did> {
        let mut did = None;
        if icon_menu_item(ui, icons::COPY, "Copy the image") {
            commands.push(Command::Images(ImagesCommand::Copy(self.place)));
        }
        if icon_menu_item(ui, icons::RESET, "Restore its parameters") {
            did = Some(Did::Wish(Wish::Restore(self.place)));
        }
        if icon_menu_item(ui, icons::CODE, "View request") {
            commands.push(Command::Images(ImagesCommand::ViewRequest(Some(
                self.place,
            ))));
        }
        if icon_menu_item(ui, icons::ALT_TEXT, "Describe it") {
            commands.push(Command::Images(ImagesCommand::Describe(self.place)));
        }
        if icon_menu_item(ui, icons::CHAT, "Ask about it in the chat") {
            commands.push(Command::Images(ImagesCommand::AskAbout(self.place)));
        }
        if icon_menu_item(ui, icons::DELETE, "Remove") {
            did = Some(Did::Remove);
        }
        did
    }

    fn words(&self) -> String {
        let draft = &self.shown.parameters.draft;
        if draft.prompt.trim().is_empty() {
            draft.task.label().to_owned()
        } else {
            draft.prompt.trim().to_owned()
        }
    }

    fn caption(&self) -> String {
        let shown = self.shown;
        let size = format!("{} × {}", shown.picture.width, shown.picture.height);
        let seed = shown.parameters.draft.seed;
        let seed = seed.map_or_else(String::new, |seed| format!(", seed {seed}"));
        format!("{size}{seed}")
    }
}

/// What a picture cost, in words.
pub fn price(cost: Option<Usd>, simulated: bool) -> String {
    match cost {
        _ if simulated => "not charged".to_owned(),
        Some(cost) => cost.to_string(),
        None => "cost unknown".to_owned(),
    }
}

/// What is clear shows squares.
pub fn checkers(ui: &Ui, area: Rect) {
    const SQUARE: f32 = 8.0;
    let palette = palette(ui);
    let painter = ui.painter().with_clip_rect(area.intersect(ui.clip_rect()));
    painter.rect_filled(area, 0.0, palette.background);
    let mut y = area.top();
    let mut odd_row = false;
    while y < area.bottom() {
        let mut x = area.left() + if odd_row { SQUARE } else { 0.0 };
        while x < area.right() {
            let square = Rect::from_min_size(pos2(x, y), Vec2::splat(SQUARE));
            painter.rect_filled(square, 0.0, palette.divider);
            x += 2.0 * SQUARE;
        }
        y += SQUARE;
        odd_row = !odd_row;
    }
}
