//! One picture in the list: what it shows, the text it has, what is wrong with that, and what it took.

use egui::text::{LayoutJob, TextFormat};
use egui::{
    Align, CornerRadius, Image, Label, Layout, Margin, Response, ScrollArea, Sense, Stroke,
    TextEdit, TextStyle, Ui, UiBuilder, WidgetInfo, vec2,
};

use super::job::OpenJob;
use super::thumbnails::{Shown, Thumbnails};
use crate::alt_text::{Alt, Item, Status, length};
use crate::chat::Failure;
use crate::ui::command::AltTextCommand;
use crate::ui::icons;
use crate::ui::numbers::{milliseconds, thousands};
use crate::ui::theme::{self, palette, size, space};
use crate::ui::widgets::{
    Tone, accessible_name, badge, ends_apart, icon_button, link_button, origin_badge, spinner,
};
use crate::ui::{Command, Commands};

/// Height of a row, in points.
const HEIGHT: f32 = 130.0;

/// A line of text more, in points: where the window is narrow, texts take more of them.
const LINE_MORE: f32 = 19.0;

/// What a row is high beside its text, in points.
const BESIDE_TEXT: f32 = 84.0;

/// How high every row is, in points.
pub fn height(ui: &Ui) -> f32 {
    HEIGHT + if theme::is_wide(ui) { 0.0 } else { LINE_MORE }
}
/// Longest side of the picture.
const PICTURE: f32 = 96.0;

/// What a person does with a row.
#[derive(Default)]
pub struct Touched {
    /// The picture shall be looked at closely.
    pub is_chosen: bool,
    /// Its text is being written.
    pub has_caret: bool,
}

/// Draws a row, looked at or not; its text may be given the caret.
pub fn ui(
    ui: &mut Ui,
    job: &mut OpenJob,
    place: usize,
    thumbnails: &mut Thumbnails,
    (selected, takes_caret): (bool, bool),
    commands: &mut Commands,
) -> Touched {
    let mut touched = Touched::default();
    let Some(item) = job.list.item(place).cloned() else {
        return touched;
    };
    let palette = palette(ui);
    let width = ui.available_width() - space::M;
    let (rect, row) = ui.allocate_exact_size(vec2(width, height(ui) - space::XXS), Sense::click());
    let stroke = if selected {
        Stroke::new(2.0, palette.accent)
    } else {
        Stroke::new(1.0, palette.divider)
    };
    ui.painter().rect(
        rect,
        CornerRadius::same(size::RADIUS),
        palette.surface,
        stroke,
        egui::StrokeKind::Inside,
    );
    row.widget_info(|| {
        let name = format!("Look at {}", item.name());
        WidgetInfo::selected(egui::Role::Button, true, selected, name)
    });
    touched.is_chosen = row.clicked();
    let inner = rect.shrink2(vec2(10.0, 8.0));
    // A child of its own, so that a row is as high as every other whatever is in it.
    let mut inside = ui.new_child(UiBuilder::new().max_rect(inner).id_salt(place));
    inside.horizontal_top(|ui| {
        touched.is_chosen |= picture(ui, place, item.name(), thumbnails).clicked();
        ui.vertical(|ui| {
            ui.spacing_mut().item_spacing.y = 3.0;
            head(ui, job, place, &item, commands);
            let there = item.texts_there(thumbnails.texts(place)).alt_text;
            if let Some(field) = text(ui, job, place, &item, there.as_deref(), commands) {
                if takes_caret {
                    field.request_focus();
                }
                touched.is_chosen |= field.gained_focus();
                touched.has_caret = field.has_focus();
            }
            let is_failed = item.has_failed();
            if let Some(Shown::Problem(reason)) = thumbnails.look(place)
                && !is_failed
                && item.review.alt.is_none()
            {
                unreadable(ui, reason);
            } else if !is_failed || item.review.alt.is_some() {
                foot(ui, job, place, &item);
            }
        });
    });
    touched
}

fn picture(ui: &mut Ui, place: usize, name: &str, thumbnails: &mut Thumbnails) -> Response {
    let (rect, response) = ui.allocate_exact_size(vec2(PICTURE + 8.0, PICTURE), Sense::click());
    response.widget_info(|| WidgetInfo::labeled(egui::Role::Image, true, name));
    paint(ui, rect, thumbnails.look(place));
    response
}

/// Paints a small picture into a place, as large as it goes.
pub fn paint(ui: &mut Ui, rect: egui::Rect, shown: Option<&Shown>) {
    let palette = palette(ui);
    let corner = CornerRadius::same(size::RADIUS_BADGE);
    match shown {
        Some(Shown::Picture(texture)) => {
            let pixels = texture.size_vec2();
            let scale = (rect.width() / pixels.x)
                .min(rect.height() / pixels.y)
                .min(1.0);
            let place = egui::Rect::from_center_size(rect.center(), pixels * scale);
            Image::new((texture.id(), pixels * scale))
                .corner_radius(corner)
                .paint_at(ui, place);
        }
        Some(Shown::Problem(reason)) => {
            ui.painter().rect_filled(rect, corner, palette.error_soft);
            paint_icon(ui, rect, icons::BROKEN_IMAGE, palette.error);
            ui.interact(rect, ui.scope_id().with("broken"), Sense::hover())
                .on_hover_text(reason);
        }
        None => {
            ui.painter().rect_filled(rect, corner, palette.input);
            paint_icon(ui, rect, icons::IMAGE, palette.text_disabled);
        }
    }
}

fn paint_icon(ui: &Ui, rect: egui::Rect, icon: icons::Icon, color: egui::Color32) {
    ui.painter().text(
        rect.center(),
        egui::Align2::CENTER_CENTER,
        icon.codepoint,
        egui::FontId::new(size::ICON_LARGE * 0.7, icon.font_family()),
        color,
    );
}

fn head(ui: &mut Ui, job: &mut OpenJob, place: usize, item: &Item, commands: &mut Commands) {
    let name = Label::new(theme::strong(item.name()))
        .truncate()
        .selectable(false);
    let origin = item.chosen().filter(|_| !item.review.by_hand);
    let kind = (
        item.review.by_hand,
        origin.map(|chosen| (chosen.simulated, chosen.model_id.is_local())),
        item.review.alt.is_some(),
        item.is_under_way(),
    );
    let size = vec2(ui.available_width(), size::CONTROL);
    ui.allocate_ui_with_layout(size, Layout::left_to_right(Align::Center), |ui| {
        ui.spacing_mut().item_spacing.x = space::XXS;
        ends_apart(
            ui,
            ("head of a picture", kind),
            |ui| drop(ui.add(name)),
            |ui| {
                if item.review.by_hand {
                    badge(ui, "By hand", Tone::Accent);
                } else if let Some(chosen) = origin {
                    origin_badge(ui, chosen.simulated, &chosen.model_id);
                }
                approve(ui, job, place, item);
                let again = format!("Ask again about {}", item.name());
                if !item.is_under_way() && icon_button(ui, icons::RETRY, &again).clicked() {
                    commands.push(Command::AltText(AltTextCommand::Ask(vec![place])));
                }
                let remove = format!("Remove {}", item.name());
                if icon_button(ui, icons::CLOSE, &remove).clicked() {
                    job.list.review(&[place], |review| review.removed = true);
                    job.list.end_step();
                }
            },
        );
    });
}

fn approve(ui: &mut Ui, job: &mut OpenJob, place: usize, item: &Item) {
    if item.is_without_text() && !item.review.approved {
        return;
    }
    if item.review.approved {
        let success = palette(ui).success;
        ui.scope(|ui| {
            ui.visuals_mut().widgets.inactive.fg_stroke.color = success;
            let name = format!("Take back the approval of {}", item.name());
            if icon_button(ui, icons::SUCCESS, &name).clicked() {
                job.list.review(&[place], |review| review.approved = false);
                job.list.end_step();
            }
        });
    } else if icon_button(ui, icons::APPROVE, &format!("Approve {}", item.name())).clicked() {
        job.approve(&[place]);
    }
}

/// Draws what a picture's text is, or why there is none; its field, where it is one.
fn text(
    ui: &mut Ui,
    job: &mut OpenJob,
    place: usize,
    item: &Item,
    in_file: Option<&str>,
    commands: &mut Commands,
) -> Option<Response> {
    match (&item.status, &item.review.alt) {
        (Status::Asked, None) => {
            ui.horizontal(|ui| {
                spinner(ui);
                ui.label("Being looked at…");
            });
        }
        (Status::InBatch(_), None) => {
            let color = palette(ui).text_secondary;
            ui.horizontal(|ui| {
                icons::paint(ui, icons::BATCH, size::ICON, color);
                ui.label("In a batch job");
            });
        }
        (Status::Failed(failure), None) => {
            failed(ui, failure);
            // The buttons are higher than their words.
            ui.add_space(-space::XXS);
            ui.horizontal(|ui| {
                ui.spacing_mut().interact_size.y = size::TARGET;
                if link_button(ui, "Try again").clicked() {
                    commands.push(Command::AltText(AltTextCommand::Ask(vec![place])));
                }
                if link_button(ui, "Write it yourself").clicked() {
                    job.list.write(place, &Alt::Text(String::new()));
                }
            });
        }
        (_, Some(Alt::Decorative { reason })) => {
            ui.horizontal(|ui| {
                badge(ui, "Decorative", Tone::Neutral);
                let reason = if reason.is_empty() {
                    "The alt text is empty"
                } else {
                    reason
                };
                ui.add(Label::new(reason).truncate());
            });
            if link_button(ui, "Write a text instead").clicked() {
                job.list.write(place, &Alt::Text(String::new()));
            }
        }
        _ => {
            let room = height(ui) - BESIDE_TEXT;
            let field = ScrollArea::vertical()
                .id_salt(("text of a row", place))
                .max_height(room)
                .min_scrolled_height(room)
                .show(ui, |ui| edit(ui, job, place, item, in_file, 2));
            return Some(field.inner);
        }
    }
    None
}

/// Says before anything is asked that a file cannot be.
fn unreadable(ui: &mut Ui, reason: &str) {
    ui.horizontal(|ui| {
        ui.style_mut().interaction.selectable_labels = false;
        remark(ui, reason);
    });
}

fn remark(ui: &mut Ui, words: &str) -> Response {
    let palette = palette(ui);
    icons::paint(ui, icons::WARNING, size::ICON - 4.0, palette.warning);
    ui.add(Label::new(theme::small(words).color(palette.text_secondary)).truncate())
}

/// What went wrong and what to do, as far as there are lines for it; the rest is told to whoever points there.
fn failed(ui: &mut Ui, failure: &Failure) {
    let palette = palette(ui);
    let text = |style: TextStyle, color| TextFormat::simple(style.resolve(ui.style()), color);
    let mut words = LayoutJob::default();
    let message = text(TextStyle::Body, palette.text);
    words.append(&failure.message, 0.0, message);
    if !failure.advice.is_empty() {
        let advice = text(TextStyle::Small, palette.text_secondary);
        words.append(&format!("\n{}", failure.advice), 0.0, advice);
    }
    words.wrap.max_rows = if theme::is_wide(ui) { 3 } else { 4 };
    ui.horizontal_top(|ui| {
        icons::paint(ui, icons::ERROR, size::ICON, palette.error);
        ui.vertical(|ui| ui.add(Label::new(words).wrap()))
            .inner
            .on_hover_text(format!("{}\n{}", failure.message, failure.advice));
    });
}

/// A field for the text of a picture; while it is empty, the text that its file has is seen in it.
pub fn edit(
    ui: &mut Ui,
    job: &mut OpenJob,
    place: usize,
    item: &Item,
    in_file: Option<&str>,
    rows: usize,
) -> Response {
    let hint = match in_file {
        Some(text) if item.origin.is_some() => format!("In the document: {text}"),
        Some(text) => format!("In the file: {text}"),
        None => "No text yet; write one, or let a model".to_owned(),
    };
    let mut text = item.text().to_owned();
    let response = ui.add(
        TextEdit::multiline(&mut text)
            .id_salt(("alt text", place, rows))
            .hint_text(hint)
            .desired_rows(rows)
            .desired_width(f32::INFINITY)
            .margin(Margin::symmetric(8, 4)),
    );
    accessible_name(&response, &format!("Alt text of {}", item.name()));
    if response.changed() {
        // A line break has no meaning in the attribute.
        let text = text.replace(['\n', '\r'], " ");
        job.list.write(place, &Alt::Text(text));
    }
    if response.lost_focus() {
        job.list.end_step();
    }
    response
}

fn foot(ui: &mut Ui, job: &OpenJob, place: usize, item: &Item) {
    let palette = palette(ui);
    ui.horizontal(|ui| {
        ui.spacing_mut().item_spacing.x = space::S;
        // Words that can be marked would keep a click on the row to themselves.
        ui.style_mut().interaction.selectable_labels = false;
        if let Some(Alt::Text(text)) = &item.review.alt {
            count(ui, text, job.settings.instructions.max_length);
        }
        let problems = job.list.problems(place);
        if let Some(first) = problems.first() {
            let more = match problems.len() {
                1 => String::new(),
                count => format!(" (and {} more)", count - 1),
            };
            let all: Vec<_> = problems.iter().map(ToString::to_string).collect();
            remark(ui, &format!("{first}{more}")).on_hover_text(all.join("\n"));
            return;
        }
        let facts = facts(item);
        if !facts.is_empty() {
            let facts = theme::small(facts).color(palette.text_secondary);
            ui.add(Label::new(facts).truncate());
        }
    });
}

/// How long a text is, and how long it may be.
pub fn count(ui: &mut Ui, text: &str, most: Option<usize>) {
    let palette = palette(ui);
    let length = length(text);
    let of = |most: usize| format!("{} of {}", thousands(length as u64), thousands(most as u64));
    let (words, color) = match most {
        Some(most) if length > most => (of(most), palette.error),
        Some(most) => (of(most), palette.text_secondary),
        None => (
            format!("{} characters", thousands(length as u64)),
            palette.text_secondary,
        ),
    };
    ui.label(theme::small(words).color(color));
}

/// Pixels, cost, tokens, time and model, as far as they are known.
pub fn facts(item: &Item) -> String {
    let mut parts = Vec::new();
    if let Some(origin) = &item.origin {
        parts.push(origin.in_words());
    }
    if let Some((width, height)) = item.pixel_size {
        parts.push(format!("{width} × {height}"));
    }
    if let Some(from) = item.chosen().or(item.latest()) {
        // Where not all of it fits, what is first is seen.
        if let Some(cost) = from.cost {
            parts.push(if from.model_id.is_local() {
                "local model, not charged".to_owned()
            } else if from.simulated {
                format!("{cost} on AWS, not charged")
            } else {
                cost.to_string()
            });
        }
        match &from.usage {
            Some(usage) => parts.push(format!(
                "{} tokens in, {} out",
                thousands(usage.input_tokens),
                thousands(usage.output_tokens)
            )),
            None => parts.push("same image as another, or asked before: free".to_owned()),
        }
        if let Some(latency) = from.metrics.latency_ms {
            parts.push(milliseconds(latency));
        }
        parts.push(from.model_id.to_string());
    }
    parts.join(" · ")
}
