//! The order of controls: on a line they follow each other as they are read, for Tab and for those who hear
//! them.

use bedrock_playground::ui::App;
use egui::Rect;
use egui::accesskit::Role;
use egui_kittest::Harness;
use egui_kittest::kittest::{NodeT as _, Queryable as _};

/// More than this between two controls, in points, and they belong to different parts of the window.
const BESIDE: f32 = 32.0;

/// Neighbours on a line of which the right one comes first.
pub fn backwards(harness: &Harness<'static, App>) -> Vec<String> {
    let controls: Vec<(String, Rect)> = harness
        .query_all_by(|node| {
            matches!(
                node.role(),
                Role::Button | Role::CheckBox | Role::ComboBox | Role::TextInput
            )
        })
        .map(|node| {
            let name = node.accesskit_node().label().unwrap_or_default();
            (name, node.rect())
        })
        .collect();
    let pairs = controls.windows(2).filter_map(|pair| {
        let [(first, a), (second, b)] = pair else {
            return None;
        };
        let on_a_line = a.y_range().contains(b.center().y) && b.y_range().contains(a.center().y);
        let is_left_of = b.right() <= a.left() + 1.0 && a.left() - b.right() < BESIDE;
        (on_a_line && is_left_of).then(|| format!("{first:?} before {second:?}"))
    });
    pairs.collect()
}
