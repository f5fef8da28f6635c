//! What a guardrail is called and says, and what of it is not edited here.

use egui::{Label, Ui};

use crate::guardrails::{Definition, Place, Problem};
use crate::ui::theme::{self, palette, space};
use crate::ui::widgets::{fold, text_area, text_field};

/// Draws description and messages.
pub fn ui(ui: &mut Ui, definition: &mut Definition, problems: &[Problem]) {
    text_field(
        ui,
        "Description",
        "What it is for",
        &mut definition.description,
    );
    told(ui, problems, Place::General);
    fold(ui, "Messages", "what is shown instead", true, |ui| {
        let secondary = palette(ui).text_secondary;
        ui.label(theme::small("When a prompt is blocked").color(secondary));
        text_area(
            ui,
            "Message for blocked prompts",
            "",
            2,
            &mut definition.blocked_input_messaging,
        );
        ui.label(theme::small("When an answer is blocked").color(secondary));
        text_area(
            ui,
            "Message for blocked answers",
            "",
            2,
            &mut definition.blocked_outputs_messaging,
        );
        told(ui, problems, Place::Messages);
    });
}

/// Says what is wrong in one place.
pub fn told(ui: &mut Ui, problems: &[Problem], place: Place) {
    let color = palette(ui).error;
    for problem in problems.iter().filter(|problem| problem.place == place) {
        ui.add(Label::new(theme::small(&problem.sentence).color(color)).wrap());
    }
}

/// What is kept as it is.
pub fn kept(ui: &mut Ui, definition: &Definition) {
    let kept = &definition.kept;
    let mut lines = Vec::new();
    let tiers = [
        ("Content filters", &kept.content_tier),
        ("Denied topics", &kept.topic_tier),
        ("Contextual grounding", &kept.grounding_tier),
    ];
    for (what, tier) in tiers {
        lines.extend(tier.as_ref().map(|tier| format!("{what}: {tier} tier")));
    }
    for policy in &kept.automated_reasoning {
        lines.push(format!("Automated reasoning: {policy}"));
    }
    let profile = kept.cross_region_profile.as_ref();
    lines.extend(profile.map(|profile| format!("Works across Regions by {profile}")));
    lines.extend(
        kept.kms_key
            .as_ref()
            .map(|key| format!("Encrypted with {key}")),
    );
    if lines.is_empty() {
        return;
    }
    fold(ui, "Kept as it is", "not edited here", false, |ui| {
        let secondary = palette(ui).text_secondary;
        for line in lines {
            ui.add(Label::new(theme::small(line).color(secondary)).wrap());
        }
        ui.add_space(space::XXS);
    });
}
