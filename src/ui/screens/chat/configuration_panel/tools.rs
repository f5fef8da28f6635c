//! Tools the model may ask for.

use egui::Ui;

use super::{problem, reason};
use crate::catalog::Support;
use crate::chat::{Configuration, ToolChoice, ToolDraft};
use crate::ui::icons;
use crate::ui::theme::space;
use crate::ui::widgets::{
    accessible_name, checkbox, code_area, combo_box, ends_apart, fold, icon_button, link_button,
    text_area, text_field,
};

/// What a new tool begins with: a schema to write over.
const SCHEMA: &str = r#"{
  "type": "object",
  "properties": {
    "city": { "type": "string" }
  },
  "required": ["city"]
}"#;

pub(super) fn ui(ui: &mut Ui, settings: &mut Configuration, support: Support) {
    let on = settings.tools.iter().filter(|tool| tool.on).count();
    let summary = match on {
        0 => "none".to_owned(),
        1 => "1 tool".to_owned(),
        count => format!("{count} tools"),
    };
    fold(ui, "Tools", &summary, false, |ui| {
        if support.tools == Some(false) {
            reason(ui, "This model takes no tools; the service refuses them");
        }
        let mut removed = None;
        for (index, tool) in settings.tools.iter_mut().enumerate() {
            ui.push_id(index, |ui| {
                if tool_ui(ui, index, tool) {
                    removed = Some(index);
                }
            });
        }
        if let Some(index) = removed {
            settings.tools.remove(index);
        }
        if let Err(error) = settings.check_tools() {
            problem(ui, &error.to_string());
        }
        if link_button(ui, "Add a tool").clicked() {
            settings.tools.push(ToolDraft {
                name: format!("tool_{}", settings.tools.len() + 1),
                input_schema: SCHEMA.to_owned(),
                ..ToolDraft::default()
            });
        }
        if on > 0 {
            choice(ui, settings);
        }
    });
}

fn tool_ui(ui: &mut Ui, index: usize, tool: &mut ToolDraft) -> bool {
    let number = index + 1;
    let mut removed = false;
    ui.horizontal(|ui| {
        checkbox(ui, &mut tool.on, "Offer");
        let name = format!("Name of tool {number}");
        ends_apart(
            ui,
            "name and end of a tool",
            |ui| drop(text_field(ui, &name, "get_weather", &mut tool.name)),
            |ui| {
                let remove = format!("Remove tool {number}");
                removed = icon_button(ui, icons::DELETE, &remove).clicked();
            },
        );
    });
    text_area(
        ui,
        &format!("Description of tool {number}"),
        "What it is for, so that the model knows when to ask",
        2,
        &mut tool.description,
    );
    code_area(
        ui,
        &format!("Input schema of tool {number}"),
        "JSON schema of its arguments",
        4,
        &mut tool.input_schema,
    );
    ui.add_space(space::S);
    removed
}

fn choice(ui: &mut Ui, settings: &mut Configuration) {
    let shown = match &settings.tool_choice {
        None | Some(ToolChoice::Auto) => "The model decides".to_owned(),
        Some(ToolChoice::Any) => "Some tool must be used".to_owned(),
        Some(ToolChoice::Tool(name)) => format!("{name} must be used"),
    };
    let combo = combo_box("tool choice")
        .width(ui.available_width() - 12.0)
        .selected_text(shown)
        .show_ui(ui, |ui| {
            let choice = &mut settings.tool_choice;
            ui.selectable_value(choice, None, "The model decides");
            ui.selectable_value(choice, Some(ToolChoice::Any), "Some tool must be used");
            for tool in settings.tools.iter().filter(|tool| tool.on) {
                let value = Some(ToolChoice::Tool(tool.name.clone()));
                ui.selectable_value(choice, value, format!("{} must be used", tool.name));
            }
        });
    accessible_name(&combo.response, "Tool choice");
}
