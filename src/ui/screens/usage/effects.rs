//! What caching saved, what an alt text costs, how good estimates were.

use egui::{Label, Ui};

use crate::spending::Report;
use crate::ui::numbers::thousands;
use crate::ui::theme::{self, palette};
use crate::ui::widgets::{labelled_value, section_title};

/// Draws what there is to tell; nothing where nothing was cached, described or estimated.
pub fn ui(ui: &mut Ui, report: &Report) {
    let savings = &report.savings;
    if savings.tokens_read + savings.tokens_written > 0 {
        section_title(ui, "Prompt caching");
        let net = savings.net();
        let text = format!(
            "{} saved by reading, {} more for writing: {net} in all",
            savings.saved, savings.extra
        );
        labelled_value(ui, "Against the same prompts without a cache", &text);
    }
    let alt_texts = &report.alt_texts;
    if let Some(average) = alt_texts.average() {
        section_title(ui, "Alt text");
        let kind = if alt_texts.simulated {
            ", simulated"
        } else {
            ""
        };
        let unknown = if alt_texts.unknown > 0 {
            format!("; {} more of unknown cost", thousands(alt_texts.unknown))
        } else {
            String::new()
        };
        let text = format!(
            "{average} over {} calls{kind}{unknown}",
            thousands(alt_texts.calls)
        );
        labelled_value(ui, "Average of one alt text", &text);
    }
    let estimates = &report.estimates;
    if estimates.calls > 0 {
        section_title(ui, "Estimates before sending");
        let error = estimates
            .input_error_percent
            .map_or_else(String::new, |percent| {
                format!("; input tokens were {percent} % off the middle on the average")
            });
        let text = format!(
            "{} of {} costs and {} of {} input counts were within the range that was shown{error}",
            thousands(estimates.cost_within),
            thousands(estimates.calls),
            thousands(estimates.input_within),
            thousands(estimates.calls)
        );
        ui.add(Label::new(theme::small(text).color(palette(ui).text)).wrap());
    }
}
