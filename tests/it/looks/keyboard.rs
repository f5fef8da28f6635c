//! Without a mouse: Tab comes by everything in the chat that can be used, and a job of alt text is done from
//! its pictures to its approval.

use std::collections::BTreeSet;

use bedrock_playground::ui::App;
use egui::accesskit::Role;
use egui::{Key, Modifiers};
use egui_kittest::Harness;
use egui_kittest::kittest::{NodeT as _, Queryable as _};

use crate::support::session::embedded;
use crate::support::window::{ChosenFiles, connected, wait_for, window_with, write};

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
        harness.key_press(Key::Tab);
        harness.run_steps(2);
        let focused = harness
            .query_all_by(|node| node.label().is_some() && node.is_focused())
            .filter_map(|node| node.accesskit_node().label());
        reached.extend(focused);
    }
    let missed: Vec<_> = controls.difference(&reached).collect();
    assert!(missed.is_empty(), "{missed:#?} of {controls:#?}");
}

/// Goes on by Tab to what is called this, and says what was passed; fails when it is not come by.
fn tab_to(harness: &mut Harness<'static, App>, name: &str) -> Vec<String> {
    let is_focused = |harness: &Harness<'static, App>| {
        harness
            .query_all_by(|node| node.label().as_deref() == Some(name) && node.is_focused())
            .next()
            .is_some()
    };
    let mut passed = Vec::new();
    for _ in 0..TABS {
        harness.key_press(Key::Tab);
        harness.run_steps(2);
        if is_focused(harness) {
            return passed;
        }
        let focused = harness.query_all_by(|node| node.label().is_some() && node.is_focused());
        passed.extend(focused.filter_map(|node| node.accesskit_node().label()));
    }
    panic!("{name} is not come by; these are: {passed:#?}");
}

fn press(harness: &mut Harness<'static, App>, name: &str) {
    tab_to(harness, name);
    harness.key_press(Key::Enter);
    harness.run_steps(3);
}

#[test]
fn a_job_of_alt_text_needs_no_pointer() {
    let files = ChosenFiles::default();
    files.choose(&super::scenes::sample("cat.jpg"));
    let mut harness = window_with(embedded(), files);
    wait_for(&mut harness, "Model: Nova Lite");
    harness.key_press_modifiers(Modifiers::COMMAND, Key::K);
    wait_for(&mut harness, "Find an action");
    harness.step();
    write(&mut harness, "Find an action", "alt text");
    harness.key_press(Key::Enter);
    wait_for(&mut harness, "Drop images, folders or documents here");
    press(&mut harness, "Add images…");
    wait_for(&mut harness, "Write alt text for 1 image");
    press(&mut harness, "Write alt text for 1 image");
    wait_for(&mut harness, "Approve cat.jpg");
    let passed = tab_to(&mut harness, "Approve cat.jpg");
    assert!(
        !passed.iter().any(|name| name.starts_with("Remove")),
        "what removes comes last: {passed:#?}"
    );
    harness.key_press(Key::Enter);
    wait_for(&mut harness, "1 of 1 approved");
    tab_to(&mut harness, "Publish the texts");
}

/// Where the keyboard is.
fn focused(harness: &Harness<'static, App>) -> Option<String> {
    let mut focused = harness.query_all_by(|node| node.label().is_some() && node.is_focused());
    focused.next()?.accesskit_node().label()
}

#[test]
fn panes_are_gone_through_as_they_are_read() {
    let mut harness = connected();
    harness.run_steps(3);
    let mut go = |modifiers: Modifiers| {
        harness.key_press_modifiers(modifiers, Key::F6);
        harness.run_steps(4);
        focused(&harness).expect("something has the keyboard")
    };
    let (ahead, back) = (Modifiers::NONE, Modifiers::SHIFT);
    // The head of the chat, what it shows, where one writes, what stands beside it, the navigation.
    let panes: Vec<_> = [ahead; 6].map(&mut go).into();
    let [head, shown, prompt, beside, navigation, again] = &panes[..] else {
        panic!("{panes:?}")
    };
    assert_eq!(
        [shown, prompt, beside, navigation],
        ["Attach files…", "Prompt", "Presets", "Model catalog"]
    );
    assert_eq!(again, head);
    let panes: Vec<_> = [back; 2].map(go).into();
    assert_eq!(panes, ["Model catalog", "Presets"]);
}

#[test]
fn what_lies_above_the_panes_keeps_the_keyboard() {
    let mut harness = connected();
    harness.key_press_modifiers(Modifiers::COMMAND, Key::K);
    wait_for(&mut harness, "Find an action");
    harness.run_steps(3);
    assert_eq!(focused(&harness).as_deref(), Some("Find an action"));
    harness.key_press(Key::F6);
    harness.run_steps(4);
    assert_eq!(focused(&harness).as_deref(), Some("Find an action"));
}
