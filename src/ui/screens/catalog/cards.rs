//! Models as cards; only those in view are drawn.

use egui::{
    Align, CornerRadius, Frame, Label, Layout, Margin, Role, ScrollArea, Sense, Stroke, Ui,
    UiBuilder, WidgetInfo, vec2,
};

use super::rows::Row;
use crate::catalog::ModelId;
use crate::ui::theme::{self, palette, size, space};
use crate::ui::widgets::{Tone, badge, checkbox};

/// Narrowest card, in points.
const WIDTH: f32 = 250.0;

/// Height of a card, in points.
const HEIGHT: f32 = 192.0;

/// Room that the longest badge takes, in points.
const BADGE: f32 = 80.0;

/// Most abilities a card names.
const ABILITIES: usize = 5;

/// What was done with a card.
pub enum Wish {
    /// Show its facts.
    Select(ModelId),
    /// Put it beside others, or take it away.
    Compare(ModelId),
}

/// Draws the cards of these rows.
pub fn ui(
    ui: &mut Ui,
    rows: &[Row],
    selected: Option<&ModelId>,
    compared: &[ModelId],
) -> Option<Wish> {
    let mut wish = None;
    let room = ui.available_width();
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "a handful of columns"
    )]
    let columns = ((room / (WIDTH + space::M)) as usize).max(1);
    #[expect(clippy::cast_precision_loss, reason = "a handful of columns")]
    let width = (room - space::M * columns as f32) / columns as f32;
    let lines = rows.len().div_ceil(columns);
    ScrollArea::vertical()
        .id_salt("model cards")
        .auto_shrink(false)
        .show_rows(ui, HEIGHT, lines, |ui, shown| {
            for line in shown {
                ui.horizontal(|ui| {
                    ui.spacing_mut().item_spacing.x = space::M;
                    for row in rows.iter().skip(line * columns).take(columns) {
                        let is_selected = selected == Some(&row.id);
                        let is_compared = compared.contains(&row.id);
                        if let Some(new) = card(ui, row, width, is_selected, is_compared) {
                            wish = Some(new);
                        }
                    }
                });
            }
        });
    wish
}

fn card(ui: &mut Ui, row: &Row, width: f32, selected: bool, compared: bool) -> Option<Wish> {
    let palette = palette(ui);
    let (rect, response) = ui.allocate_exact_size(vec2(width, HEIGHT), Sense::click());
    response.widget_info(|| {
        let name = format!("{} {}", row.name, row.id);
        WidgetInfo::selected(Role::Button, true, selected, name)
    });
    let line = if selected || response.has_focus() {
        palette.accent
    } else if response.hovered() {
        palette.outline
    } else {
        palette.divider
    };
    let mut wish = response.clicked().then(|| Wish::Select(row.id.clone()));
    // A child of its own takes no more room than the card has.
    let inside = UiBuilder::new()
        .id_salt(row.id.as_str())
        .max_rect(rect)
        .layout(Layout::top_down(Align::Min));
    Frame::new()
        .fill(palette.surface)
        .stroke(Stroke::new(if selected { 2.0 } else { 1.0 }, line))
        .corner_radius(CornerRadius::same(size::RADIUS_CONTAINER))
        .inner_margin(Margin::same(12))
        .show(&mut ui.new_child(inside), |ui| {
            ui.set_min_size(rect.size() - vec2(26.0, 26.0));
            ui.spacing_mut().item_spacing.y = space::XXS;
            if content(ui, row, compared) {
                wish = Some(Wish::Compare(row.id.clone()));
            }
        });
    wish
}

/// Draws what stands on a card; true when its box was ticked or cleared.
fn content(ui: &mut Ui, row: &Row, compared: bool) -> bool {
    let palette = palette(ui);
    let text = |words: egui::RichText| Label::new(words).selectable(false).truncate();
    ui.add(text(theme::strong(&row.name).color(palette.heading)));
    // Models of one name are told apart by their ids.
    let maker = format!("{} · {}", row.provider, row.id);
    ui.add(text(theme::small(maker).color(palette.text_secondary)));
    ui.add(text(theme::small(&row.modalities).color(palette.text)));
    let sizes = format!("Context {} · answer {}", row.context, row.longest_answer);
    ui.add(text(theme::small(sizes).color(palette.text_secondary)));
    let price = format!("In {} · out {} for 1M", row.input_price, row.output_price);
    ui.add(text(theme::small(price).color(palette.text_secondary)));
    ui.horizontal(|ui| {
        ui.spacing_mut().item_spacing.x = space::XXS;
        for ability in row.abilities.iter().take(ABILITIES) {
            if ui.available_width() < BADGE {
                break;
            }
            badge(ui, short(ability), Tone::Neutral);
        }
    });
    let mut ticked = compared;
    let mut changed = false;
    ui.with_layout(Layout::bottom_up(Align::Min), |ui| {
        ui.horizontal(|ui| {
            let tick = checkbox(ui, &mut ticked, theme::small("Compare"));
            tick.widget_info(|| WidgetInfo::selected(Role::CheckBox, true, compared, &row.compare));
            changed = tick.changed();
            if let Some(warning) = &row.warning {
                badge(ui, warning, Tone::Warning);
            }
        });
    });
    changed
}

fn short(ability: &str) -> &str {
    match ability {
        "System prompt" => "System",
        "Prompt caching" => "Caching",
        other => other,
    }
}
