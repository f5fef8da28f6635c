//! Randomness, length and reasoning: what decides how the model chooses its words.

use egui::{DragValue, Key, Ui};

use super::reason;
use crate::catalog::{Parameters, ReasoningControl};
use crate::chat::{Configuration, Effort};
use crate::ui::icons;
use crate::ui::theme::{palette, space};
use crate::ui::widgets::{
    accessible_name, checkbox, fold, icon_button, integer_parameter, number_parameter,
    section_title, text_field,
};

pub(super) fn ui(
    ui: &mut Ui,
    settings: &mut Configuration,
    parameters: &Parameters,
    new_stop_sequence: &mut String,
) {
    randomness(ui, settings, parameters);
    length(ui, settings, parameters, new_stop_sequence);
    reasoning(ui, settings, parameters);
}

fn randomness(ui: &mut Ui, settings: &mut Configuration, parameters: &Parameters) {
    section_title(ui, "Randomness and diversity");
    let unavailable = settings.unavailable(parameters);
    if let Some(range) = parameters.temperature {
        available(ui, unavailable.temperature, |ui| {
            number_parameter(
                ui,
                "Temperature",
                "Higher values give more varied answers, lower ones more predictable ones",
                &mut settings.temperature,
                range.min..=range.max,
                range.default,
            );
        });
    }
    if let Some(range) = parameters.top_p {
        available(ui, unavailable.top_p, |ui| {
            number_parameter(
                ui,
                "Top P",
                "Only the likeliest words that together reach this probability are considered",
                &mut settings.top_p,
                range.min..=range.max,
                range.default,
            );
        });
    }
    if let Some(top_k) = parameters.top_k {
        available(ui, unavailable.top_k, |ui| {
            #[expect(
                clippy::cast_possible_truncation,
                clippy::cast_sign_loss,
                reason = "ranges of top K are whole numbers up to 500"
            )]
            let whole = |value: f32| value as u32;
            integer_parameter(
                ui,
                "Top K",
                "Only so many of the likeliest words are considered",
                &mut settings.top_k,
                whole(top_k.range.min)..=whole(top_k.range.max),
                top_k.range.default.map(whole),
            );
        });
    }
}

fn length(
    ui: &mut Ui,
    settings: &mut Configuration,
    parameters: &Parameters,
    new_stop_sequence: &mut String,
) {
    section_title(ui, "Length");
    let unavailable = settings.unavailable(parameters).max_tokens;
    available(ui, unavailable, |ui| {
        integer_parameter(
            ui,
            "Maximum output tokens",
            "The answer stops here, finished or not; a token is about four characters of English",
            &mut settings.max_tokens,
            1..=parameters.max_tokens,
            None,
        );
    });
    let count = settings.stop_sequences.len();
    let summary = if count == 0 {
        "none".to_owned()
    } else {
        count.to_string()
    };
    fold(ui, "Stop sequences", &summary, false, |ui| {
        stop_sequences(ui, settings, parameters, new_stop_sequence);
    });
}

fn stop_sequences(
    ui: &mut Ui,
    settings: &mut Configuration,
    parameters: &Parameters,
    new_stop_sequence: &mut String,
) {
    reason(ui, "The answer ends before one of these would be written");
    let mut removed = None;
    for (index, sequence) in settings.stop_sequences.iter().enumerate() {
        ui.horizontal(|ui| {
            ui.monospace(sequence.escape_debug().to_string());
            if icon_button(
                ui,
                icons::CLOSE,
                &format!("Remove stop sequence {sequence}"),
            )
            .clicked()
            {
                removed = Some(index);
            }
        });
    }
    if let Some(index) = removed {
        settings.stop_sequences.remove(index);
    }
    let most = parameters.most_stop_sequences();
    if settings.stop_sequences.len() >= most {
        let more = settings.stop_sequences.len() - most;
        let unsent = if more > 0 {
            "; those behind are not sent"
        } else {
            ""
        };
        reason(ui, &format!("This model takes at most {most}{unsent}"));
        return;
    }
    let field = text_field(
        ui,
        "New stop sequence",
        "Write one and press Enter",
        new_stop_sequence,
    );
    if field.lost_focus()
        && ui.input(|input| input.key_pressed(Key::Enter))
        && !new_stop_sequence.is_empty()
    {
        let sequence = std::mem::take(new_stop_sequence);
        if !settings.stop_sequences.contains(&sequence) {
            settings.stop_sequences.push(sequence);
        }
        field.request_focus();
    }
}

fn reasoning(ui: &mut Ui, settings: &mut Configuration, parameters: &Parameters) {
    let Some(control) = parameters.reasoning else {
        return;
    };
    section_title(ui, "Model reasoning");
    if control == ReasoningControl::Always {
        reason(ui, "This model always reasons before it answers");
        return;
    }
    let setting = &mut settings.reasoning;
    checkbox(ui, &mut setting.on, "Reason before answering")
        .on_hover_text("Thinking is billed as output tokens and shown folded above the answer");
    if !setting.on {
        return;
    }
    if let ReasoningControl::Budget { min } = control {
        let most = settings
            .max_tokens
            .unwrap_or(parameters.max_tokens)
            .min(parameters.max_tokens)
            .saturating_sub(1)
            .max(min);
        setting.budget_tokens = setting.budget_tokens.clamp(min, most);
        ui.horizontal(|ui| {
            ui.label("Budget");
            let edit = ui.add(
                DragValue::new(&mut setting.budget_tokens)
                    .range(min..=most)
                    .speed(64)
                    .suffix(" tokens"),
            );
            accessible_name(&edit, "Reasoning budget");
        });
    } else {
        ui.horizontal(|ui| {
            ui.label("Effort");
            for effort in Effort::ALL {
                ui.selectable_value(&mut setting.effort, effort, effort.as_str());
            }
        });
    }
}

/// A control that is greyed out while the model would reject it, with the reason below it.
fn available(ui: &mut Ui, unavailable: Option<&str>, control: impl FnOnce(&mut Ui)) {
    ui.add_enabled_ui(unavailable.is_none(), control);
    if let Some(text) = unavailable {
        ui.scope(|ui| {
            ui.spacing_mut().item_spacing.y = 0.0;
            ui.add(
                egui::Label::new(crate::ui::theme::small(text).color(palette(ui).warning)).wrap(),
            );
            ui.add_space(space::XXS);
        });
    }
}
