//! The texts, a row each; only those in view are drawn.

use egui::{Align, Label, Layout, RichText, ScrollArea, Sense, Ui, WidgetInfo, vec2};

use super::heat_map::name;
use super::open::OpenCollection;
use super::outlook::Outlook;
use crate::embeddings::Outcome;
use crate::ui::icons;
use crate::ui::numbers::thousands;
use crate::ui::theme::{self, palette, size, space};
use crate::ui::widgets::{failure_name, icon_button};

/// Height of a row, in points.
const ROW: f32 = size::CONTROL;

/// Most letters of a text in its row.
const LETTERS: usize = 300;

/// Draws it; gives the place of a text that was clicked.
pub fn ui(
    ui: &mut Ui,
    open: &mut OpenCollection,
    selected: Option<usize>,
    outlook: &Outlook,
) -> Option<usize> {
    let mut clicked = None;
    let mut remove = None;
    let count = open.list.items().len();
    let idle = !open.is_running();
    ScrollArea::vertical()
        .id_salt("texts")
        .auto_shrink(false)
        .show_rows(ui, ROW, count, |ui, rows| {
            for place in rows {
                let (was_clicked, removes) = row(ui, open, place, selected, outlook, idle);
                if was_clicked {
                    clicked = Some(place);
                }
                if removes {
                    remove = Some(place);
                }
            }
        });
    if let Some(place) = remove {
        open.list.remove(place);
    }
    clicked
}

fn row(
    ui: &mut Ui,
    open: &OpenCollection,
    place: usize,
    selected: Option<usize>,
    outlook: &Outlook,
    idle: bool,
) -> (bool, bool) {
    let palette = palette(ui);
    let Some(item) = open.list.items().get(place) else {
        return (false, false);
    };
    let whole = vec2(ui.available_width(), ROW);
    let (rect, response) = ui.allocate_exact_size(whole, Sense::click());
    let is_selected = selected == Some(place);
    let text = name(&open.list, place, LETTERS);
    response.widget_info(|| {
        let label = format!("Text {}: {text}", place + 1);
        WidgetInfo::selected(egui::Role::Button, true, is_selected, label)
    });
    if is_selected || response.hovered() || response.has_focus() {
        let fill = if is_selected {
            palette.accent_soft
        } else {
            palette.hover
        };
        ui.painter()
            .rect_filled(rect, f32::from(size::RADIUS_BADGE), fill);
    }
    let mut remove = false;
    let inner = rect.shrink2(vec2(space::XS, 0.0));
    ui.scope_builder(egui::UiBuilder::new().max_rect(inner), |ui| {
        ui.with_layout(Layout::right_to_left(Align::Center), |ui| {
            if idle {
                remove =
                    icon_button(ui, icons::CLOSE, &format!("Remove text {}", place + 1)).clicked();
            }
            state(ui, item.outcome.clone(), outlook, place);
            ui.with_layout(Layout::left_to_right(Align::Center), |ui| {
                let number = theme::small(format!("{}", place + 1)).color(palette.text_secondary);
                let (at, _) = ui.allocate_exact_size(vec2(36.0, ROW), Sense::empty());
                ui.put(at, Label::new(number).selectable(false));
                if item.source.text().is_none() {
                    icons::paint(ui, icons::IMAGE, size::ICON, palette.text_secondary);
                }
                let words = RichText::new(text).color(palette.text);
                ui.add(Label::new(words).selectable(false).truncate());
            });
        });
    });
    (response.clicked(), remove)
}

fn state(ui: &mut Ui, outcome: Outcome, outlook: &Outlook, place: usize) {
    let palette = palette(ui);
    let small = |ui: &mut Ui, words: String, color| {
        ui.add(Label::new(theme::small(words).color(color)).selectable(false))
    };
    match outcome {
        Outcome::Waiting => {
            let unfit = &outlook.shown().unfit;
            if let Ok(at) = unfit.binary_search_by_key(&place, |(place, _)| *place) {
                small(ui, "Cannot be sent".to_owned(), palette.warning)
                    .on_hover_text(unfit[at].1.to_string());
            }
        }
        Outcome::Running => {
            small(ui, "Sent".to_owned(), palette.text_secondary);
        }
        Outcome::Done(vector) => {
            let words = match vector.tokens {
                Some(1) => "1 token".to_owned(),
                Some(tokens) => format!("{} tokens", thousands(tokens)),
                None => format!("{} numbers", thousands(vector.numbers.len() as u64)),
            };
            small(ui, words, palette.text_secondary);
        }
        Outcome::Failed(failure) => {
            let words = format!("{}\n{}", failure.message, failure.advice);
            small(ui, failure_name(&failure), palette.error).on_hover_text(words);
        }
    }
}
