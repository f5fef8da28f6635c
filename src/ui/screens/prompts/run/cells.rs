//! The cells beside the values: the answer, and what it took.

use egui::text::LayoutJob;
use egui::{Button, Label, Response, TextBuffer, TextEdit, TextStyle, Ui, vec2};

use crate::chat::{InvocationStatus, Message};
use crate::pricing::Prices;
use crate::prompts::RowResult;
use crate::ui::numbers::{milliseconds, thousands};
use crate::ui::theme::{self, palette, size};
use crate::ui::widgets::{Tone, badge, plain_text};

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

/// The beginning of an answer, or what became of it; true when all of it shall be shown.
pub fn answer_cell(ui: &mut Ui, result: Option<&RowResult>, running: bool) -> bool {
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
        theme::small(beginning(&result.message))
    };
    let button = Button::new(words)
        .frame(false)
        .truncate()
        .min_size(vec2(0.0, size::TARGET));
    ui.add(button)
        .on_hover_text("Show the whole answer")
        .clicked()
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
