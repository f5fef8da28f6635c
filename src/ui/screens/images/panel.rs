//! The panel on the right: what is done, with which model, to which picture, and how.

use egui::{DragValue, ScrollArea, Slider, Ui};

use super::inputs::{Inputs, Role};
use super::pixels::{TILE, Textures};
use super::{ImagesCommand, image_models};
use crate::catalog::{Catalog, Lifecycle};
use crate::images::{Choice, Draft, Knob, Offer, Picture, SizeRule, Task, offers};
use crate::ui::icons;
use crate::ui::screens::close_up::Subject;
use crate::ui::shared::Shared;
use crate::ui::theme::{self, palette, size, space};
use crate::ui::widgets::{
    Preview, TileWish, accessible_name, caption, checkbox, combo_box, icon_button, link_button,
    model_combo, model_id_line, panel_title, preview_tile, secondary_button, section_title,
    spinner, text_field,
};
use crate::ui::{Command, Commands};

/// Usual sizes where any within a rule can be made.
const SIZES: [(u32, u32, &str); 5] = [
    (1024, 1024, "square"),
    (1280, 720, "landscape 16:9"),
    (720, 1280, "portrait 9:16"),
    (1152, 768, "landscape 3:2"),
    (2048, 1024, "wide 2:1"),
];

/// What a person wishes of the screen.
pub enum Wish {
    /// The mask shall be painted.
    PaintMask,
}

/// Draws it.
pub fn ui(
    ui: &mut Ui,
    draft: &mut Draft,
    inputs: &Inputs,
    textures: &mut Textures,
    shared: &Shared,
    commands: &mut Commands,
) -> Option<Wish> {
    let mut wish = None;
    ScrollArea::vertical().auto_shrink(false).show(ui, |ui| {
        ui.set_max_width(ui.available_width() - space::M);
        panel_title(ui, "Configuration");
        if let Some(catalog) = shared.catalog.ready() {
            task(ui, draft, catalog, shared.region());
            model(ui, draft, catalog, shared.region());
        } else {
            ui.label("The list of models is not here yet");
        }
        let Some(offer) = draft.offer() else { return };
        if offer.picture.is_some() {
            wish = pictures(ui, draft, offer, inputs, textures, commands);
        }
        details(ui, draft, offer);
        amounts(ui, draft, offer);
    });
    wish
}

fn task(ui: &mut Ui, draft: &mut Draft, catalog: &Catalog, region: &str) {
    let models = image_models(catalog);
    let mut chosen = None;
    caption(ui, "Task");
    let combo = combo_box("task")
        .selected_text(draft.task.label())
        .width(ui.available_width())
        .height(420.0)
        .show_ui(ui, |ui| {
            for task in Task::ALL {
                let offering = models
                    .iter()
                    .find(|model| offers(&model.id).iter().any(|offer| offer.task == task));
                if let Some(model) = offering
                    && ui
                        .selectable_label(draft.task == task, task.label())
                        .clicked()
                {
                    chosen = Some((task, *model));
                }
            }
        });
    accessible_name(&combo.response, "Task");
    if let Some((task, model)) = chosen {
        draft.task = task;
        if draft.offer().is_none() {
            draft.use_model(catalog.invocation_id(model, region));
        }
    }
}

fn model(ui: &mut Ui, draft: &mut Draft, catalog: &Catalog, region: &str) {
    caption(ui, "Model");
    let current = draft.model.as_ref().and_then(|id| catalog.model(id));
    let models = image_models(catalog);
    if let Some(model) = model_combo(ui, "Image model", models, current) {
        draft.use_model(catalog.invocation_id(model, region));
    }
    model_id_line(ui, draft.model.as_ref());
    if let Some(current) = current.filter(|model| model.lifecycle != Lifecycle::Active) {
        let words = format!("{}: AWS may no longer serve it", current.lifecycle.label());
        ui.label(theme::small(words).color(palette(ui).warning));
    }
}

fn pictures(
    ui: &mut Ui,
    draft: &mut Draft,
    offer: &Offer,
    inputs: &Inputs,
    textures: &mut Textures,
    commands: &mut Commands,
) -> Option<Wish> {
    let most = *offer.pictures.end();
    section_title(ui, if most > 1 { "Images" } else { "Image" });
    let (mut removed, room) = (None, ui.available_width());
    for (index, picture) in draft.pictures.iter().take(most).enumerate() {
        ui.push_id(index, |ui| {
            if is_to_go(ui, picture, textures, room, commands) {
                removed = Some(index);
            }
        });
    }
    if let Some(index) = removed {
        draft.pictures.remove(index);
        draft.mask = None;
    }
    for problem in &inputs.problems {
        ui.label(theme::small(problem).color(palette(ui).error));
    }
    ui.horizontal_wrapped(|ui| {
        let words = match draft.pictures.len() {
            0 => "Add an image…",
            given if given < most => "Add another…",
            _ => "Replace the image…",
        };
        if secondary_button(ui, icons::IMAGE, words).clicked() {
            commands.push(Command::Images(ImagesCommand::Pick(Role::Picture)));
        }
        if inputs.is_busy() {
            spinner(ui);
        }
    });
    if offer.style_picture.is_some() {
        style_picture(ui, draft, textures, commands);
    }
    mask(ui, draft, offer, textures, commands)
}

fn style_picture(ui: &mut Ui, draft: &mut Draft, textures: &mut Textures, commands: &mut Commands) {
    section_title(ui, "Style image");
    let (mut removed, room) = (false, ui.available_width());
    if let Some(picture) = &draft.style_picture {
        ui.push_id("style", |ui| {
            removed = is_to_go(ui, picture, textures, room, commands);
        });
    }
    if removed {
        draft.style_picture = None;
    }
    if secondary_button(ui, icons::IMAGE, "Choose the style image…").clicked() {
        commands.push(Command::Images(ImagesCommand::Pick(Role::Style)));
    }
}

fn mask(
    ui: &mut Ui,
    draft: &mut Draft,
    offer: &Offer,
    textures: &mut Textures,
    commands: &mut Commands,
) -> Option<Wish> {
    let mask = offer.mask?;
    section_title(ui, "Mask");
    let (mut removed, room) = (false, ui.available_width());
    if let Some(picture) = &draft.mask {
        ui.push_id("mask", |ui| {
            removed = is_to_go(ui, picture, textures, room, commands);
        });
    }
    if removed {
        draft.mask = None;
    }
    let has_picture = !draft.pictures.is_empty();
    let words = if draft.mask.is_some() {
        "Change the mask…"
    } else {
        "Paint the mask…"
    };
    let button = ui
        .add_enabled_ui(has_picture, |ui| secondary_button(ui, icons::EDIT, words))
        .inner;
    let wish = button
        .on_disabled_hover_text("Add the image first")
        .clicked()
        .then_some(Wish::PaintMask);
    if mask.prompt.is_some() && draft.mask.is_none() {
        caption(ui, "Or say what it covers");
        text_field(ui, "Mask prompt", "the sky", &mut draft.mask_prompt);
    }
    wish
}

fn details(ui: &mut Ui, draft: &mut Draft, offer: &'static Offer) {
    if offer.search.is_some() {
        caption(ui, "What to look for in the image");
        text_field(ui, "Look for", "the red car", &mut draft.search);
    }
    if let Some(colors) = offer.colors {
        section_title(ui, "Colors");
        color_list(ui, draft, colors.most);
    }
    if offer.size != SizeRule::ByModel {
        section_title(ui, "Size");
        sizes(ui, draft, &offer.size);
    }
    let has_more = !offer.choices.is_empty() || !offer.knobs.is_empty();
    if has_more {
        ui.add_space(space::S);
    }
    for choice in offer.choices {
        choice_ui(ui, draft, choice);
    }
    for knob in offer.knobs {
        knob_ui(ui, draft, knob);
    }
}

fn amounts(ui: &mut Ui, draft: &mut Draft, offer: &Offer) {
    ui.add_space(space::S);
    if offer.has_quality {
        caption(ui, "Quality");
        ui.horizontal(|ui| {
            ui.radio_value(&mut draft.premium, false, "Standard");
            ui.radio_value(&mut draft.premium, true, "Premium");
        });
    }
    ui.horizontal(|ui| {
        ui.label("Images");
        let most = if offer.makes_one() {
            5
        } else {
            offer.most_images
        };
        let edit = ui.add(DragValue::new(&mut draft.count).range(1..=most));
        accessible_name(&edit, "Number of images");
    });
    if let Some((from, to, default)) = offer.cfg_scale {
        optional_slider(
            ui,
            "Prompt strength (cfg scale)",
            "How closely the prompt is followed",
            &mut draft.cfg_scale,
            (from, to, default),
        );
    }
    if let Some(most) = offer.most_seed {
        seed(ui, &mut draft.seed, most);
    }
}

fn seed(ui: &mut Ui, seed: &mut Option<u32>, most: u32) {
    ui.horizontal(|ui| {
        let mut locked = seed.is_some();
        if checkbox(ui, &mut locked, "Lock the seed").changed() {
            *seed = locked.then(|| fastrand::u32(0..=858_993_459));
        }
        if let Some(seed) = seed {
            let edit = ui.add(DragValue::new(seed).range(0..=most));
            accessible_name(&edit, "Seed");
            if icon_button(ui, icons::REPEAT, "Draw another seed").clicked() {
                *seed = fastrand::u32(0..=858_993_459);
            }
        }
    });
}

fn sizes(ui: &mut Ui, draft: &mut Draft, rule: &SizeRule) {
    let usual: Vec<(u32, u32, String)> = match rule {
        SizeRule::Listed(sizes) => sizes
            .iter()
            .map(|(width, height)| (*width, *height, format!("{width} × {height}")))
            .collect(),
        _ => SIZES
            .iter()
            .map(|(width, height, words)| {
                (*width, *height, format!("{width} × {height} ({words})"))
            })
            .collect(),
    };
    let combo = combo_box("size")
        .selected_text(format!("{} × {}", draft.width, draft.height))
        .width(ui.available_width())
        .show_ui(ui, |ui| {
            for (width, height, words) in usual {
                let selected = (draft.width, draft.height) == (width, height);
                if ui.selectable_label(selected, words).clicked() {
                    (draft.width, draft.height) = (width, height);
                }
            }
        });
    accessible_name(&combo.response, "Usual sizes");
    if let SizeRule::Pixels(rule) = rule {
        ui.horizontal(|ui| {
            for (side, name) in [(&mut draft.width, "Width"), (&mut draft.height, "Height")] {
                ui.label(name);
                let edit = ui.add(DragValue::new(side).range(1..=9_999).speed(rule.step));
                accessible_name(&edit, name);
            }
        });
    }
}

fn color_list(ui: &mut Ui, draft: &mut Draft, most: usize) {
    let mut removed = None;
    ui.horizontal_wrapped(|ui| {
        for (index, color) in draft.colors.iter_mut().enumerate() {
            let mut rgb = rgb(color);
            ui.push_id(index, |ui| {
                let edit = ui.color_edit_button_srgb(&mut rgb);
                accessible_name(&edit, &format!("Color {}", index + 1));
                if edit.changed() {
                    let [r, g, b] = rgb;
                    *color = format!("#{r:02X}{g:02X}{b:02X}");
                }
                if icon_button(ui, icons::CLOSE, &format!("Remove color {}", index + 1)).clicked() {
                    removed = Some(index);
                }
            });
        }
        if draft.colors.len() < most && link_button(ui, "Add a color").clicked() {
            draft.colors.push("#0972D3".to_owned());
        }
    });
    if let Some(index) = removed {
        draft.colors.remove(index);
    }
}

fn rgb(color: &str) -> [u8; 3] {
    let digits = color.strip_prefix('#').unwrap_or_default();
    let [_, r, g, b] = u32::from_str_radix(digits, 16).unwrap_or(0).to_be_bytes();
    [r, g, b]
}

fn choice_ui(ui: &mut Ui, draft: &mut Draft, choice: &Choice) {
    caption(ui, choice.label);
    let none = choice.default.unwrap_or("none");
    let current = draft.choices.get(choice.name).cloned();
    let mut chosen = None;
    let combo = combo_box(choice.name)
        .selected_text(readable(current.as_deref().unwrap_or(none)))
        .width(ui.available_width())
        .show_ui(ui, |ui| {
            if choice.default.is_none() && ui.selectable_label(current.is_none(), "none").clicked()
            {
                chosen = Some(None);
            }
            for option in choice.options {
                let selected = current.as_deref().unwrap_or(none) == *option;
                if ui.selectable_label(selected, readable(option)).clicked() {
                    chosen = Some(Some(*option));
                }
            }
        });
    accessible_name(&combo.response, choice.label);
    match chosen {
        Some(Some(option)) => {
            let (name, option) = (choice.name.to_owned(), option.to_owned());
            draft.choices.insert(name, option);
        }
        Some(None) => {
            draft.choices.remove(choice.name);
        }
        None => {}
    }
}

/// `SOFT_DIGITAL_PAINTING` as people write it.
fn readable(option: &str) -> String {
    if option.contains('_') || option.chars().all(|c| c.is_ascii_uppercase()) {
        option.replace('_', " ").to_lowercase()
    } else {
        option.replace('-', " ")
    }
}

fn knob_ui(ui: &mut Ui, draft: &mut Draft, knob: &Knob) {
    let mut value = draft.knob(knob.name);
    if knob.whole {
        ui.horizontal(|ui| {
            ui.label(knob.label).on_hover_text(knob.help);
            let mut shown = value.unwrap_or(knob.default);
            let edit = ui.add(
                DragValue::new(&mut shown)
                    .range(knob.range.clone())
                    .fixed_decimals(0)
                    .suffix(" px"),
            );
            accessible_name(&edit, knob.label);
            if edit.changed() {
                value = Some(shown.round());
            }
        });
    } else {
        let limits = (*knob.range.start(), *knob.range.end(), knob.default);
        optional_slider(ui, knob.label, knob.help, &mut value, limits);
    }
    match value {
        Some(value) => {
            draft.knobs.insert(knob.name.to_owned(), value);
        }
        None => {
            draft.knobs.remove(knob.name);
        }
    }
}

/// A number that is the model's own default until it is touched.
fn optional_slider(
    ui: &mut Ui,
    name: &str,
    help: &str,
    value: &mut Option<f64>,
    (from, to, default): (f64, f64, f64),
) {
    let secondary = palette(ui).text_secondary;
    ui.horizontal(|ui| {
        ui.label(name).on_hover_text(help);
        if value.is_some() {
            let reset = format!("Use the model's default for {}", name.to_lowercase());
            if icon_button(ui, icons::RESET, &reset).clicked() {
                *value = None;
            }
        } else {
            ui.label(theme::small("model default").color(secondary));
        }
    });
    ui.scope(|ui| {
        ui.spacing_mut().interact_size.y = size::SLIDER;
        ui.visuals_mut().selection.bg_fill = palette(ui).accent;
        ui.spacing_mut().slider_width = (ui.available_width() - size::SLIDER_VALUE).max(80.0);
        let before = value.unwrap_or(default);
        let mut shown = before;
        let slider = ui.add(Slider::new(&mut shown, from..=to).fixed_decimals(2));
        accessible_name(&slider, name);
        if slider.changed() && (shown - before).abs() > 0.004 {
            *value = Some((shown * 100.0).round() / 100.0);
        }
    });
}

/// A picture as a tile; true when it shall be taken away.
fn is_to_go(
    ui: &mut Ui,
    picture: &Picture,
    textures: &mut Textures,
    room: f32,
    commands: &mut Commands,
) -> bool {
    let preview = preview(picture, textures);
    let wish = preview_tile(ui, &preview, room);
    if wish == Some(TileWish::LookAt) {
        commands.push(Command::LookAt(Subject {
            name: preview.name,
            caption: preview.caption,
            bytes: picture.bytes.clone(),
        }));
    }
    wish == Some(TileWish::Remove)
}

fn preview(picture: &Picture, textures: &mut Textures) -> Preview {
    Preview {
        name: picture.name.clone(),
        caption: format!("{} × {}", picture.width, picture.height),
        changes: Vec::new(),
        texture: textures.look(picture, TILE).cloned(),
        icon: icons::IMAGE,
    }
}
