//! Answering by hand the tools that an answer asks for.

use egui::{Margin, TextEdit, Ui};

use super::TurnContext;
use crate::chat::{
    ContentBlock, InvocationStatus, ToolResult, ToolResultContent, ToolResultStatus, ToolUse,
};
use crate::ui::command::TurnCommand;
use crate::ui::icons;
use crate::ui::theme::{self, palette, space};
use crate::ui::widgets::{accessible_name, checkbox, primary_button};
use crate::ui::{Command, Commands};

/// The answers being written, one for each tool asked for.
pub struct ToolAnswers(Vec<Draft>);

struct Draft {
    id: String,
    name: String,
    text: String,
    is_json: bool,
    failed: bool,
}

impl Draft {
    fn new(tool: &ToolUse) -> Self {
        Self {
            id: tool.id.clone(),
            name: tool.name.clone(),
            text: String::new(),
            is_json: false,
            failed: false,
        }
    }

    /// The result as it is sent; the reader's words when it should be JSON and is none.
    fn result(&self) -> Result<ToolResult, String> {
        let content = if self.is_json {
            serde_json::from_str(&self.text)
                .map(ToolResultContent::Json)
                .map_err(|error| error.to_string())?
        } else {
            ToolResultContent::Text(self.text.clone())
        };
        Ok(ToolResult {
            tool_use_id: self.id.clone(),
            content: vec![content],
            // Success goes without saying; some models take no status at all.
            status: self.failed.then_some(ToolResultStatus::Error),
            kind: None,
        })
    }
}

/// Draws the form below the last answer when it asks for tools of the caller's.
pub fn ui(
    ui: &mut Ui,
    answers: &mut Option<ToolAnswers>,
    context: &TurnContext<'_>,
    commands: &mut Commands,
) {
    let complete = context
        .turn
        .invocation
        .as_ref()
        .is_some_and(|invocation| invocation.status == InvocationStatus::Complete);
    if !context.is_last || !complete || context.busy {
        return;
    }
    let drafts = &mut answers
        .get_or_insert_with(|| ToolAnswers(drafts(&context.turn.message.content)))
        .0;
    if drafts.is_empty() {
        return;
    }
    for (index, draft) in drafts.iter_mut().enumerate() {
        ui.push_id(("tool answer", index), |ui| draft_ui(ui, draft));
    }
    let results: Result<Vec<_>, _> = drafts.iter().map(Draft::result).collect();
    ui.add_space(space::XXS);
    let send = primary_button(ui, results.is_ok(), icons::SEND, "Send tool results");
    match results {
        Ok(results) => {
            if send.clicked() {
                commands.push(Command::Turn(context.id, TurnCommand::AnswerTools(results)));
            }
        }
        Err(error) => {
            ui.label(
                theme::small(format!("A result is no JSON: {error}")).color(palette(ui).error),
            );
        }
    }
}

/// Tools that the service runs itself are answered by it.
fn drafts(content: &[ContentBlock]) -> Vec<Draft> {
    let answered = |id: &str| {
        content.iter().any(
            |block| matches!(block, ContentBlock::ToolResult(result) if result.tool_use_id == id),
        )
    };
    content
        .iter()
        .filter_map(|block| match block {
            ContentBlock::ToolUse(tool) if !tool.is_run_by_service() && !answered(&tool.id) => {
                Some(Draft::new(tool))
            }
            _ => None,
        })
        .collect()
}

fn draft_ui(ui: &mut Ui, draft: &mut Draft) {
    ui.add_space(space::S);
    ui.label(theme::strong(format!("Result of {}", draft.name)));
    let response = ui.add(
        TextEdit::multiline(&mut draft.text)
            .id_salt("result")
            .code_editor()
            .desired_rows(2)
            .desired_width(f32::INFINITY)
            .hint_text(if draft.is_json {
                "{\"temperature\": 21}"
            } else {
                "What the tool gave back"
            })
            .margin(Margin::same(8)),
    );
    accessible_name(&response, &format!("Result of {}", draft.name));
    ui.horizontal(|ui| {
        ui.radio_value(&mut draft.is_json, false, "Text");
        ui.radio_value(&mut draft.is_json, true, "JSON");
        ui.add_space(space::M);
        checkbox(ui, &mut draft.failed, "The tool failed");
    });
}
