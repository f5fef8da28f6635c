//! The form of the answer: streamed or whole, free or kept to a JSON schema.

use egui::Ui;

use super::{problem, reason};
use crate::catalog::Support;
use crate::chat::Configuration;
use crate::ui::widgets::{checkbox, code_area, fold, section_title};

pub(super) fn ui(ui: &mut Ui, settings: &mut Configuration, support: Support) {
    section_title(ui, "Answer");
    checkbox(ui, &mut settings.stream, "Stream the answer").on_hover_text(
        "ConverseStream shows the answer as it is written; Converse shows it when it is whole",
    );
    if support.streaming == Some(false) && settings.stream {
        reason(
            ui,
            "This model does not stream; its answer comes when it is whole",
        );
    }
    let summary = if settings.output_schema.trim().is_empty() {
        "off"
    } else {
        "on"
    };
    fold(ui, "Structured output", summary, false, |ui| {
        reason(
            ui,
            "The answer is JSON that keeps to this schema, where the model can; it is checked when it comes",
        );
        code_area(
            ui,
            "Output schema",
            "{\"type\": \"object\", …}",
            5,
            &mut settings.output_schema,
        );
        if let Err(error) = settings.check_output_schema() {
            problem(ui, &error.to_string());
        }
    });
}
