//! What a policy does with prompts and with answers: one choice each.

use egui::Ui;

use crate::guardrails::{Action, OnSide, Sides};
use crate::ui::theme::{self, palette};
use crate::ui::widgets::{accessible_name, combo_box};

/// Which actions a policy has.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Actions {
    /// It blocks, or only tells.
    BlockOnly,
    /// It can mask, too.
    Mask,
}

impl Actions {
    fn all(self) -> &'static [Action] {
        match self {
            Self::BlockOnly => &[Action::Block, Action::Detect],
            Self::Mask => &[Action::Block, Action::Anonymize, Action::Detect],
        }
    }
}

/// Draws both choices in a row; `of` names what they are for.
pub fn ui(ui: &mut Ui, of: &str, actions: Actions, sides: &mut Sides) {
    ui.horizontal_wrapped(|ui| {
        side(ui, "Prompts", of, actions, &mut sides.input);
        side(ui, "Answers", of, actions, &mut sides.output);
    });
}

/// Draws one choice.
pub fn side(ui: &mut Ui, name: &str, of: &str, actions: Actions, side: &mut OnSide) {
    let secondary = palette(ui).text_secondary;
    ui.label(theme::small(name).color(secondary));
    choice(ui, name, of, actions, side);
}

/// Draws one choice without its name, where a head says it.
pub fn choice(ui: &mut Ui, name: &str, of: &str, actions: Actions, side: &mut OnSide) {
    let shown = if side.enabled {
        side.action.label()
    } else {
        "Off"
    };
    let combo = combo_box(("side", name, of))
        .width(84.0)
        .selected_text(shown)
        .show_ui(ui, |ui| {
            for action in actions.all() {
                let wanted = OnSide {
                    enabled: true,
                    action: *action,
                };
                ui.selectable_value(side, wanted, action.label());
            }
            if ui.selectable_label(!side.enabled, "Off").clicked() {
                side.enabled = false;
            }
        });
    accessible_name(&combo.response, &format!("{name}, {of}"));
}
