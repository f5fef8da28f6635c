//! What a column took, in two lines below its name: each figure over what it is, or over what the column is
//! ahead in. All columns have theirs at the same places from the question on, so that figures stand beside each
//! other and no answer moves when they come.

use egui::{Grid, Label, Layout, RichText, Sense, Ui, UiBuilder, vec2};

use super::figures::{Figures, figures, mean, number, price, time};
use crate::compare::Summary;
use crate::ui::theme::{self, palette, size, space};

/// Its height: two lines.
const HEIGHT: f32 = 2.0 * size::LINE;
/// How wide all figures of a column are at the pointer.
const WIDTH_OF_ALL: f32 = 280.0;
/// How its parts share its width: as their longest words do.
const SHARES: [f32; 4] = [0.245, 0.215, 0.295, 0.245];

/// What is shown at a column's head.
#[derive(Clone, Copy)]
pub enum Strip<'a> {
    /// Nothing was asked yet.
    Unasked,
    /// Its figures would tell whose the answer is.
    Hidden,
    /// What the column took, among all of them.
    Of(&'a Summary, &'a Figures),
}

/// A figure, what is said of it, and whether the column is ahead in it.
struct Part {
    figure: String,
    word: String,
    is_ahead: bool,
}

/// Draws a column's figures.
pub fn ui(ui: &mut Ui, strip: Strip<'_>) {
    if matches!(strip, Strip::Unasked) {
        return;
    }
    let room = vec2(ui.available_width(), HEIGHT);
    let (rect, _) = ui.allocate_exact_size(room, Sense::hover());
    let mut inside = ui.new_child(UiBuilder::new().max_rect(rect));
    inside.spacing_mut().item_spacing.y = 0.0;
    // Words that can be marked would keep the pointer to themselves.
    inside.style_mut().interaction.selectable_labels = false;
    let secondary = palette(ui).text_secondary;
    let Strip::Of(summary, figures) = strip else {
        let text = theme::small("Figures are shown when the best answer is picked");
        inside.add(Label::new(text.color(secondary)).wrap());
        return;
    };
    if summary.complete == 0 {
        let text = theme::small("No whole answer yet").color(secondary);
        inside.add(Label::new(text).truncate());
        return;
    }
    let parts = parts(summary, figures);
    inside.horizontal_top(|ui| {
        ui.spacing_mut().item_spacing.x = space::XS;
        for (part, share) in parts.iter().zip(SHARES) {
            let width = ((room.x + space::XS) * share - space::XS).max(0.0);
            let down = Layout::top_down(egui::Align::Min);
            ui.allocate_ui_with_layout(vec2(width, HEIGHT), down, |ui| {
                ui.set_width(width);
                part.ui(ui);
            });
        }
    });
    // Above its words, which else would take the pointer.
    ui.interact(rect, ui.scope_id().with("figures"), Sense::hover())
        .on_hover_ui(|ui| all(ui, summary, figures));
}

impl Part {
    fn ui(&self, ui: &mut Ui) {
        let palette = palette(ui);
        let color = if self.is_ahead {
            palette.success
        } else {
            palette.text_secondary
        };
        let line = |ui: &mut Ui, text: RichText| drop(ui.add(Label::new(text).truncate()));
        line(ui, theme::small(&self.figure).color(palette.text));
        line(ui, theme::small(&self.word).color(color));
    }
}

/// Time, length, cost, and what people and judges say, at the same places in every column.
fn parts(summary: &Summary, figures: &Figures) -> [Part; 4] {
    let part = |figure, word: &str, ahead: Option<&str>| Part {
        figure,
        word: ahead.unwrap_or(word).to_owned(),
        is_ahead: ahead.is_some(),
    };
    let [fastest, cheapest, longest] = figures.ahead_in(summary.column);
    let mut marks = marks(summary).into_iter();
    [
        part(time(summary.latency.p50), "latency", fastest),
        part(number(summary.tokens_out), "tokens", longest),
        part(price(summary), "1,000 calls", cheapest),
        part(
            marks.next().unwrap_or_default(),
            &marks.next().unwrap_or_default(),
            None,
        ),
    ]
}

/// What was said of the answers.
fn marks(summary: &Summary) -> Vec<String> {
    let wins = match summary.wins {
        0 => None,
        1 => Some("1 win".to_owned()),
        wins => Some(format!("{wins} wins")),
    };
    let rating = summary
        .rating
        .map(|rating| format!("{} of 5", mean(Some(rating))));
    let score = summary
        .score
        .map(|score| format!("Judge {}", mean(Some(score))));
    [score, rating, wins].into_iter().flatten().collect()
}

/// All figures of a column, for whoever points there.
fn all(ui: &mut Ui, summary: &Summary, of: &Figures) {
    let secondary = palette(ui).text_secondary;
    ui.set_max_width(WIDTH_OF_ALL);
    ui.spacing_mut().interact_size.y = size::LINE;
    ui.label(theme::strong(of.name(summary.column)));
    Grid::new("all figures of a column")
        .num_columns(2)
        .spacing([space::L, 2.0])
        .show(ui, |ui| {
            for figure in figures(std::slice::from_ref(summary)) {
                ui.label(theme::small(figure.head).color(secondary));
                ui.label(theme::small((figure.words)(summary)));
                ui.end_row();
            }
            if let Some(cost) = summary.judge_cost {
                ui.label(theme::small("Judged for").color(secondary));
                ui.label(theme::small(cost.to_string()));
                ui.end_row();
            }
        });
    ui.label(theme::small(of.note()).color(secondary));
}
