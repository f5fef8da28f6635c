//! What the same usage would have cost on any other model.

use egui::{Grid, Label, Ui};
use rust_decimal::Decimal;

use crate::pricing::Usd;
use crate::spending::{Half, Report};
use crate::ui::theme::{self, palette, space};
use crate::ui::widgets::{fold, link_button};

/// Models that are shown at first.
const FIRST: usize = 12;

/// Draws the list, folded; the cheapest ones unless all are wanted.
pub fn ui(ui: &mut Ui, report: &Report, half: &Half, all: &mut bool) {
    if report.other_models.is_empty() {
        return;
    }
    ui.add_space(space::S);
    let summary = format!("{} models", report.other_models.len());
    fold(
        ui,
        "The same usage on other models",
        &summary,
        false,
        |ui| {
            let color = palette(ui).text_secondary;
            let text = "At today's prices, on demand, with the same number of tokens. Models count tokens \
                    differently, and one without a cache reads everything anew.";
            ui.add(Label::new(theme::small(text).color(color)).wrap());
            let spent = (half.total.unknown == 0).then_some(half.total.cost);
            let shown = if *all { usize::MAX } else { FIRST };
            Grid::new("other models")
                .num_columns(4)
                .striped(true)
                .spacing([space::L, 3.0])
                .show(ui, |ui| {
                    for model in report.other_models.iter().take(shown) {
                        ui.label(theme::small(model.name));
                        ui.label(theme::small(model.id.as_str()).color(color));
                        ui.label(theme::strong(model.cost.to_string()).size(theme::font::SMALL));
                        let beside = spent.and_then(|spent| compared(model.cost, spent));
                        ui.label(theme::small(beside.unwrap_or_default()).color(color));
                        ui.end_row();
                    }
                });
            let more = report.other_models.len().saturating_sub(FIRST);
            if more > 0 && !*all && link_button(ui, &format!("Show {more} dearer ones")).clicked() {
                *all = true;
            }
        },
    );
}

/// How much of what was spent that is.
fn compared(cost: Usd, spent: Usd) -> Option<String> {
    let share = cost.amount().checked_div(spent.amount())? * Decimal::ONE_HUNDRED;
    Some(format!("{} % of it", share.round_dp(0).normalize()))
}
