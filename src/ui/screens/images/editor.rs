//! The mask painted over the picture: what is marked is changed.

use egui::{
    Color32, ColorImage, Context, CursorIcon, Image, Key, Pos2, Rect, Sense, Slider, Stroke,
    TextureHandle, TextureOptions, Ui, WidgetInfo, pos2, vec2,
};

use super::ImagesCommand;
use super::inputs::Role;
use super::pixels::{CLOSE, decode};
use crate::images::{Mask, MaskOffer, Picture};
use crate::tasks::{Job, Tasks};
use crate::ui::icons;
use crate::ui::theme::{self, palette, space};
use crate::ui::widgets::{
    accessible_name, dialog, icon_button, primary_button, secondary_button, spinner,
};
use crate::ui::{Command, Commands};

const WIDTH: f32 = 1_400.0;
/// Space of the window that the frame of the dialog and its buttons take, in points.
const AROUND: f32 = 260.0;
/// Brushes, in pixels of the picture.
const BRUSH: std::ops::RangeInclusive<f32> = 2.0..=600.0;
/// How strongly what is changed is marked.
const MARK: [u8; 4] = [224, 60, 160, 140];
/// Longest side of the mark's texture, in pixels: it need not be sharper than the screen.
const MARK_SIDE: u32 = 1_024;

/// What a person wishes of the screen.
pub enum Wish {
    /// No mask from here.
    Close,
    /// This one.
    Take(Picture),
}

/// The open dialog.
pub struct MaskEditor {
    picture: Picture,
    offer: MaskOffer,
    mask: Mask,
    brush: f32,
    erases: bool,
    painting: bool,
    opened: Option<Job<Option<ColorImage>>>,
    texture: Option<TextureHandle>,
    mark: Option<(u64, TextureHandle)>,
    file: Option<Job<Result<Vec<bool>, String>>>,
    before: Option<Picture>,
    finishing: Option<Job<Result<Picture, String>>>,
    done: Option<Picture>,
    problem: Option<String>,
}

impl MaskEditor {
    /// Opens it on a picture, with the mask there was.
    pub fn open(picture: Picture, offer: MaskOffer, before: Option<Picture>) -> Self {
        let longest = picture.width.max(picture.height);
        #[expect(clippy::cast_precision_loss, reason = "the width of a brush")]
        let brush = (longest as f32 / 16.0).clamp(*BRUSH.start(), *BRUSH.end());
        Self {
            mask: Mask::new(picture.width, picture.height),
            picture,
            offer,
            brush,
            erases: false,
            painting: false,
            opened: None,
            texture: None,
            mark: None,
            file: None,
            before,
            finishing: None,
            done: None,
            problem: None,
        }
    }

    /// Reads a mask from a picture.
    pub fn take_file(&mut self, tasks: &Tasks, file: Picture) {
        let size = self.mask.size();
        let changes_white = self.offer.changes_white;
        self.problem = None;
        self.file = Some(tasks.spawn_blocking(move || Mask::of_file(&file, size, changes_white)));
    }

    /// Begins and ends work in the background.
    pub fn collect(&mut self, ctx: &Context, tasks: &Tasks) {
        if self.texture.is_none() && self.opened.is_none() {
            let bytes = self.picture.bytes.clone();
            self.opened = Some(tasks.spawn_blocking(move || decode(&bytes, CLOSE)));
        }
        if let Some(before) = self.before.take() {
            self.take_file(tasks, before);
        }
        if let Some(result) = self.opened.as_mut().and_then(Job::take) {
            match result.ok().flatten() {
                Some(pixels) => {
                    let texture = ctx.load_texture("mask picture", pixels, TextureOptions::LINEAR);
                    self.texture = Some(texture);
                }
                None => self.problem = Some("The image cannot be shown".to_owned()),
            }
        }
        if let Some(result) = self.file.as_mut().and_then(Job::take) {
            self.file = None;
            match result.unwrap_or_else(|died| Err(died.to_string())) {
                Ok(selected) => self.mask.replace(selected),
                Err(words) => self.problem = Some(words),
            }
        }
        if let Some(result) = self.finishing.as_mut().and_then(Job::take) {
            self.finishing = None;
            match result.unwrap_or_else(|died| Err(died.to_string())) {
                Ok(mask) => self.done = Some(mask),
                Err(words) => self.problem = Some(words),
            }
        }
    }

    /// Encodes the mask in the background, once it was asked for.
    fn finish(&mut self, tasks: &Tasks) {
        let (mask, offer) = (self.mask.clone(), self.offer);
        self.finishing = Some(tasks.spawn_blocking(move || mask.to_picture(offer)));
    }

    /// Draws it.
    pub fn ui(&mut self, ui: &mut Ui, tasks: &Tasks, commands: &mut Commands) -> Option<Wish> {
        if let Some(mask) = self.done.take() {
            return Some(Wish::Take(mask));
        }
        self.keys(ui);
        let height = (ui.ctx().content_rect().height() - AROUND).max(160.0);
        let mut wanted = false;
        let closed = dialog(ui, "Paint the mask", WIDTH, |ui| {
            let note = "What is marked is changed; the rest stays as it is";
            ui.label(theme::small(note).color(palette(ui).text_secondary));
            self.tools(ui, commands);
            if let Some(problem) = &self.problem {
                ui.label(theme::small(problem).color(palette(ui).error));
            }
            self.canvas(ui, height);
            ui.add_space(space::S);
            ui.horizontal(|ui| {
                let can = !self.mask.is_empty() && self.finishing.is_none();
                let done = primary_button(ui, can, icons::SUCCESS, "Use this mask");
                wanted = done
                    .on_disabled_hover_text("Nothing is marked yet")
                    .clicked();
                if self.finishing.is_some() {
                    spinner(ui);
                }
            });
        });
        if wanted {
            self.finish(tasks);
        }
        closed.then_some(Wish::Close)
    }

    fn tools(&mut self, ui: &mut Ui, commands: &mut Commands) {
        ui.horizontal_wrapped(|ui| {
            ui.label("Brush");
            let slider = Slider::new(&mut self.brush, BRUSH)
                .logarithmic(true)
                .fixed_decimals(0)
                .suffix(" px");
            let slider = ui.add(slider);
            accessible_name(&slider, "Brush size");
            ui.selectable_value(&mut self.erases, false, "Mark");
            ui.selectable_value(&mut self.erases, true, "Erase");
            ui.add_enabled_ui(self.mask.can_undo(), |ui| {
                if icon_button(ui, icons::UNDO, "Undo").clicked() {
                    self.mask.undo();
                }
            });
            ui.add_enabled_ui(self.mask.can_redo(), |ui| {
                if icon_button(ui, icons::REDO, "Redo").clicked() {
                    self.mask.redo();
                }
            });
            if secondary_button(ui, icons::DIFFERENCE, "Invert").clicked() {
                self.mask.invert();
            }
            if secondary_button(ui, icons::CLEAR, "Clear").clicked() {
                self.mask.clear();
            }
            if secondary_button(ui, icons::IMAGE, "From a file…").clicked() {
                commands.push(Command::Images(ImagesCommand::Pick(Role::Mask)));
            }
        });
    }

    fn keys(&mut self, ui: &Ui) {
        let (undo, redo) = ui.input(|input| {
            let command = input.modifiers.command;
            let z = command && input.key_pressed(Key::Z);
            (
                z && !input.modifiers.shift,
                (z && input.modifiers.shift) || (command && input.key_pressed(Key::Y)),
            )
        });
        if undo {
            self.mask.undo();
        }
        if redo {
            self.mask.redo();
        }
        let pressed = |key| ui.input(|input| input.modifiers.is_none() && input.key_pressed(key));
        if pressed(Key::OpenBracket) {
            self.brush = (self.brush / 1.25).max(*BRUSH.start());
        }
        if pressed(Key::CloseBracket) {
            self.brush = (self.brush * 1.25).min(*BRUSH.end());
        }
    }

    fn canvas(&mut self, ui: &mut Ui, height: f32) {
        let (width, picture_height) = self.mask.size();
        #[expect(clippy::cast_precision_loss, reason = "sides of a picture")]
        let sides = vec2(width as f32, picture_height as f32);
        let scale = (ui.available_width() / sides.x).min(height / sides.y);
        let area = vec2(ui.available_width(), sides.y * scale);
        let (area, _) = ui.allocate_exact_size(area, Sense::empty());
        let rect = Rect::from_center_size(area.center(), sides * scale);
        let id = ui.scope_id().with("canvas");
        let response = ui.interact(rect, id, Sense::click_and_drag());
        response.widget_info(|| {
            WidgetInfo::labeled(egui::Role::Canvas, self.texture.is_some(), "Image to mark")
        });
        let whole = Rect::from_min_max(pos2(0.0, 0.0), pos2(1.0, 1.0));
        let Some(texture) = &self.texture else {
            ui.put(rect, spinner);
            return;
        };
        Image::new((texture.id(), rect.size())).paint_at(ui, rect);
        let at = |point: Pos2| {
            let inside = (point - rect.min) / scale;
            (inside.x, inside.y)
        };
        let pressed = response.is_pointer_button_down_on();
        match (response.interact_pointer_pos(), pressed, self.painting) {
            (Some(point), true, false) => {
                self.mask.begin(at(point), self.brush / 2.0, self.erases);
                self.painting = true;
            }
            (Some(point), true, true) => self.mask.go_on(at(point)),
            (_, false, _) => self.painting = false,
            (None, true, _) => {}
        }
        self.mark(ui);
        if let Some((_, mark)) = &self.mark {
            ui.painter().image(mark.id(), rect, whole, Color32::WHITE);
        }
        if let Some(point) = response.hover_pos() {
            let accent = palette(ui).accent;
            let radius = self.brush / 2.0 * scale;
            let painter = ui.painter().with_clip_rect(rect);
            painter.circle_stroke(point, radius, Stroke::new(3.0, Color32::WHITE));
            painter.circle_stroke(point, radius, Stroke::new(1.5, accent));
            ui.set_cursor_icon(CursorIcon::Crosshair);
        }
    }

    /// What is changed as a texture, made anew only when it has changed.
    fn mark(&mut self, ui: &Ui) {
        let revision = self.mask.revision();
        if self.mark.as_ref().is_some_and(|(of, _)| *of == revision) {
            return;
        }
        let pixels = overlay(&self.mask);
        if let Some((of, texture)) = &mut self.mark {
            texture.set(pixels, TextureOptions::LINEAR);
            *of = revision;
        } else {
            let texture = ui.load_texture("mask", pixels, TextureOptions::LINEAR);
            self.mark = Some((revision, texture));
        }
    }
}

/// The mask as a picture of a size that a frame can afford.
fn overlay(mask: &Mask) -> ColorImage {
    let (width, height) = mask.size();
    let step = width.max(height).div_ceil(MARK_SIDE).max(1) as usize;
    let (width, height) = (width as usize, height as usize);
    let size = [width.div_ceil(step), height.div_ceil(step)];
    let [red, green, blue, alpha] = MARK;
    let tint = Color32::from_rgba_unmultiplied(red, green, blue, alpha);
    let selected = mask.selected();
    let pixel = |place: usize| {
        let (x, y) = (place % size[0] * step, place / size[0] * step);
        if selected
            .get(y * width + x)
            .is_some_and(|selected| *selected)
        {
            tint
        } else {
            Color32::TRANSPARENT
        }
    };
    ColorImage::new(size, (0..size[0] * size[1]).map(pixel).collect())
}
