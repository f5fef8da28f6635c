//! The cells beside the values: the answer, and what it took.

use egui::text::LayoutJob;
use egui::{Button, Label, Response, TextBuffer, TextEdit, TextStyle, Ui, vec2};

use crate::chat::{InvocationStatus, Message};
use crate::pricing::Prices;
use crate::prompts::RowResult;
use crate::ui::numbers::{milliseconds, thousands};
use crate::ui::theme::{self, palette, size, space};
use crate::ui::widgets::{Tone, badge, plain_text};

/// The width of a column of values where there is room for all, and the least it keeps; of the answers, the
/// least; and of the columns beside them.
const VALUE_WIDTH: f32 = 150.0;
pub const LEAST_VALUE: f32 = 80.0;
pub const LEAST_ANSWER: f32 = 140.0;
pub const NUMBER_WIDTH: f32 = 74.0;
pub const COST_WIDTH: f32 = 92.0;

/// Characters of an answer that are looked at for its line in the table.
const BEGINNING: usize = 240;

/// What an answer took, in a line.
pub fn in_figures(result: &RowResult, prices: &Prices) -> String {
    let call = &result.invocation;
    let mut parts = Vec::new();
    if let Some(usage) = &call.usage {
        parts.push(format!(
            "{} tokens in, {} out",
            thousands(usage.input_tokens),
            thousands(usage.output_tokens)
        ));
    }
    if let Some(latency) = call.metrics.latency_ms {
        parts.push(milliseconds(latency));
    }
    if result.failure().is_none() || call.usage.is_some() {
        parts.push(match result.cost(prices) {
            Some(cost) if call.simulated => format!("simulated, not charged ({cost} on AWS)"),
            Some(cost) => cost.to_string(),
            None => "cost unknown".to_owned(),
        });
    }
    parts.join(", ")
}

/// The name of a column.
pub fn head(ui: &mut Ui, text: &str) {
    let color = palette(ui).text_secondary;
    ui.add(Label::new(theme::small(text).color(color)).truncate());
}

/// A value on one line, whatever lines it has.
pub fn value_field(
    ui: &mut Ui,
    enabled: bool,
    salt: (usize, usize),
    value: &mut String,
) -> Response {
    let has_lines = value.contains(['\n', '\r']);
    let mut on_one_line = |ui: &Ui, value: &dyn TextBuffer, _room: f32| {
        // As many characters as before, or the cursor would stand elsewhere.
        let shown = value.as_str().replace(['\n', '\r'], "¶");
        let font = TextStyle::Body.resolve(ui.style());
        let color = ui.visuals().widgets.inactive.text_color();
        let job = LayoutJob::simple_singleline(shown, font, color);
        ui.fonts_mut(|fonts| fonts.layout_job(job))
    };
    let mut edit = TextEdit::singleline(value)
        .id_salt(("cell", salt))
        .desired_width(f32::INFINITY);
    if has_lines {
        edit = edit.layouter(&mut on_one_line);
    }
    ui.add_enabled(enabled, edit)
}

/// The beginning of an answer, or what became of it; true when all of it shall be shown. One that is
/// outdated answers other values or another prompt than those that are written.
pub fn answer_cell(ui: &mut Ui, result: Option<&RowResult>, running: bool, outdated: bool) -> bool {
    let secondary = palette(ui).text_secondary;
    let Some(result) = result else {
        if running {
            ui.label(theme::small("Waiting…").color(secondary));
        }
        return false;
    };
    let words = if let InvocationStatus::Failed(failure) = &result.invocation.status {
        badge(ui, "Failed", Tone::Error);
        theme::small(&failure.message).color(secondary)
    } else {
        let words = theme::small(beginning(&result.message));
        if outdated {
            words.color(secondary).italics()
        } else {
            words
        }
    };
    let button = Button::new(words)
        .frame(false)
        .truncate()
        .min_size(vec2(0.0, size::TARGET));
    let hint = if outdated {
        "From before a change of the prompt or of this row. Show the whole answer"
    } else {
        "Show the whole answer"
    };
    ui.add(button).on_hover_text(hint).clicked()
}

/// How an answer begins, in a line. The rest of it is not looked at.
fn beginning(answer: &Message) -> String {
    let characters = answer.texts().flat_map(str::chars);
    let written: String = characters.take(BEGINNING).collect();
    let words = plain_text(&written);
    words.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// What an answer costs.
pub fn cost_cell(ui: &mut Ui, result: Option<&RowResult>, prices: &Prices) {
    let Some(result) = result.filter(|result| result.invocation.usage.is_some()) else {
        return;
    };
    let secondary = palette(ui).text_secondary;
    let text = match result.cost(prices) {
        Some(_) if result.invocation.simulated => "simulated".to_owned(),
        Some(cost) => cost.to_string(),
        None => "unknown".to_owned(),
    };
    ui.label(theme::small(text).color(secondary));
}

/// How wide each of so many columns of values is, so that the answers stand beside them in this room where
/// that is possible.
pub fn value_width(room: f32, columns: usize) -> f32 {
    #[expect(clippy::cast_precision_loss, reason = "a handful of columns")]
    let columns = columns.max(1) as f32;
    // Beside the values: the number, the answer and the cost.
    let beside = NUMBER_WIDTH + LEAST_ANSWER + COST_WIDTH + (columns + 2.0) * space::XS;
    ((room - beside) / columns).clamp(LEAST_VALUE, VALUE_WIDTH)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::chat::ContentBlock;

    #[test]
    fn the_beginning_of_a_long_answer_costs_what_one_of_a_short_one_does() {
        let blocks = ["# Rivers\n\nThe **Rhine**", " and\nthe Elbe. "];
        let mut content: Vec<_> = blocks
            .iter()
            .map(|text| ContentBlock::Text((*text).to_owned()))
            .collect();
        content.push(ContentBlock::Text("Danube ".repeat(200_000)));
        let answer = Message::assistant(content);
        let mut line = String::new();
        let info = allocation_counter::measure(|| line = beginning(&answer));
        let begun = "Rivers The Rhine and the Elbe. Danube Danube";
        assert!(line.starts_with(begun), "{line}");
        // 1.4 million letters are not copied for 240 of them.
        assert!(info.bytes_total < 100_000, "{info:?}");
    }
}
