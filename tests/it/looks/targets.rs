//! What is clicked, by its size: a hand that trembles hits it too.

use bedrock_playground::ui::App;
use egui::accesskit::{Action, Role};
use egui_kittest::Harness;
use egui_kittest::kittest::{NodeT as _, Queryable as _};

/// WCAG 2.2, 2.5.8, in points.
const LEAST: f32 = 24.0;

/// What is too small to be clicked, in words. A link is as high as the line of words it stands in, words that
/// can be marked are no target, and neither scroll bars nor edges are the only way to what they do.
pub fn small(harness: &Harness<'static, App>) -> Vec<String> {
    let targets = harness.query_all_by(|node| {
        node.data().supports_action(Action::Click)
            && !matches!(
                node.role(),
                Role::Label | Role::Link | Role::ScrollBar | Role::Unknown
            )
    });
    targets
        .filter_map(|target| {
            let size = target.rect().size();
            let node = target.accesskit_node();
            let name = node.label().unwrap_or_default();
            // Sums of what is not a whole number are a little less than they are.
            let is_small = size.min_elem() < LEAST - 0.01;
            is_small.then(|| format!("{:?} {name:?} takes {size:?}", node.role()))
        })
        .collect()
}
