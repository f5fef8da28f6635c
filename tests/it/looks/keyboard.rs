//! The chat without a mouse: Tab comes by everything that can be used.

use std::collections::BTreeSet;

use egui::accesskit::Role;
use egui_kittest::kittest::{NodeT as _, Queryable as _};

use crate::support::window::connected;

/// More than the screen has controls.
const TABS: usize = 120;

#[test]
fn tab_comes_by_every_control_of_the_chat() {
    let mut harness = connected();
    harness.run_steps(3);
    let controls: BTreeSet<String> = harness
        .query_all_by(|node| {
            matches!(
                node.role(),
                Role::Button
                    | Role::CheckBox
                    | Role::ComboBox
                    | Role::DisclosureTriangle
                    | Role::MultilineTextInput
                    | Role::Slider
                    | Role::TextInput
            ) && !node.is_disabled()
        })
        .filter_map(|node| node.accesskit_node().label())
        .collect();
    let mut reached = BTreeSet::new();
    for _ in 0..TABS {
        harness.key_press(egui::Key::Tab);
        harness.run_steps(2);
        let focused = harness
            .query_all_by(|node| node.label().is_some() && node.is_focused())
            .filter_map(|node| node.accesskit_node().label());
        reached.extend(focused);
    }
    let missed: Vec<_> = controls.difference(&reached).collect();
    assert!(missed.is_empty(), "{missed:#?} of {controls:#?}");
}
