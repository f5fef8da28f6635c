//! A batch as a grid: a row a prompt, a column a model, drawn only where it is in view.

use egui::{Label, ScrollArea, Sense, Ui, vec2};

use super::Wish;
use super::figures::Figures;
use crate::chat::{InvocationStatus, Transcript};
use crate::compare::{ColumnId, Comparison};
use crate::ui::icons;
use crate::ui::theme::{self, palette, size, space};

/// Height of a row: three lines.
const ROW: f32 = 3.0 * size::LINE;
/// Width of the prompts, and the least of an answer.
const PROMPT: f32 = 220.0;
const LEAST: f32 = 170.0;
/// Characters of a text that can be in view in a cell.
const SHOWN: usize = 160;

/// Draws it.
pub fn ui(
    ui: &mut Ui,
    comparison: &Comparison,
    shown: &[ColumnId],
    figures: &Figures,
    wishes: &mut Vec<Wish>,
) {
    let count = shown.len().max(1);
    #[expect(clippy::cast_precision_loss, reason = "a handful of columns")]
    let columns = count as f32;
    let room = ui.available_width() - PROMPT - space::XXL;
    let width = (room / columns - space::S).max(LEAST);
    ScrollArea::horizontal()
        .id_salt("grid across")
        .auto_shrink(false)
        .show(ui, |ui| {
            let secondary = palette(ui).text_secondary;
            ui.horizontal(|ui| {
                head(ui, "Prompt", PROMPT, secondary);
                for column in shown {
                    head(ui, figures.name(*column), width, secondary);
                }
            });
            ui.separator();
            ScrollArea::vertical()
                .id_salt("grid")
                .auto_shrink(false)
                .show_rows(ui, ROW, comparison.rows().len(), |ui, rows| {
                    for row in rows {
                        ui.push_id(row, |ui| row_ui(ui, comparison, shown, row, width, wishes));
                    }
                });
        });
}

fn head(ui: &mut Ui, text: &str, width: f32, color: egui::Color32) {
    ui.allocate_ui_with_layout(
        vec2(width, size::LINE),
        egui::Layout::left_to_right(egui::Align::Center),
        |ui| {
            ui.set_min_width(width);
            ui.add(Label::new(theme::small(text).color(color)).truncate());
        },
    );
}

fn row_ui(
    ui: &mut Ui,
    comparison: &Comparison,
    shown: &[ColumnId],
    row: usize,
    width: f32,
    wishes: &mut Vec<Wish>,
) {
    let palette = palette(ui);
    let prompt = comparison.rows().get(row).and_then(|row| row.rounds.last());
    let words = prompt
        .and_then(|prompt| prompt.words().ok())
        .unwrap_or_default();
    ui.horizontal_top(|ui| {
        let response = cell(ui, PROMPT, |ui| {
            ui.add(Label::new(theme::small(beginning(&words)).color(palette.heading)).wrap());
        });
        response.widget_info(|| {
            let name = format!("Row {}: {words}", row + 1);
            egui::WidgetInfo::labeled(egui::Role::Button, true, name)
        });
        if response.clicked() {
            wishes.push(Wish::ShowRow(row));
        }
        for column in shown {
            let text = comparison.cell(row, *column).map(state).unwrap_or_default();
            let winner = comparison.verdicts().winner(row, 0) == Some(*column);
            let response = cell(ui, width, |ui| {
                if winner {
                    icons::paint(ui, icons::SUCCESS, size::LINE, palette.success);
                }
                ui.add(Label::new(theme::small(&text)).wrap());
            });
            if response.clicked() {
                wishes.push(Wish::ShowRow(row));
            }
        }
    });
}

fn cell(ui: &mut Ui, width: f32, content: impl FnOnce(&mut Ui)) -> egui::Response {
    let (rect, response) = ui.allocate_exact_size(
        vec2(width, ROW - ui.spacing().item_spacing.y),
        Sense::click(),
    );
    if response.hovered() {
        ui.painter()
            .rect_filled(rect, f32::from(size::RADIUS_BADGE), palette(ui).hover);
    }
    let builder = egui::UiBuilder::new().max_rect(rect.shrink(2.0));
    ui.scope_builder(builder, |ui| {
        ui.set_clip_rect(rect.intersect(ui.clip_rect()));
        ui.style_mut().interaction.selectable_labels = false;
        ui.horizontal_top(content);
    });
    response
}

/// What there is of an answer.
fn state(cell: &Transcript) -> String {
    let Some((_, turn)) = cell.last() else {
        return String::new();
    };
    let Some(invocation) = &turn.invocation else {
        return "Waiting".to_owned();
    };
    match &invocation.status {
        InvocationStatus::Failed(failure) => format!("Failed: {}", failure.message),
        status if status.is_running() && turn.message.is_wordless() => "Waiting…".to_owned(),
        _ => beginning_of(turn.message.texts()),
    }
}

fn beginning(text: &str) -> String {
    beginning_of(std::iter::once(text))
}

fn beginning_of<'a>(texts: impl Iterator<Item = &'a str>) -> String {
    let characters = texts.flat_map(str::chars).take(SHOWN);
    characters
        .map(|c| if c.is_whitespace() { ' ' } else { c })
        .collect()
}
