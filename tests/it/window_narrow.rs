//! What stays in view where there is little room.

use std::path::Path;

use bedrock_playground::emulator::Pace;
use bedrock_playground::ui::App;
use egui::accesskit::Role;
use egui::{Key, Modifiers};
use egui_kittest::Harness;
use egui_kittest::kittest::Queryable as _;

use crate::support::window::{
    ask_and_wait, click, connected, drop_files, keeping_window, painted, scroll_to_top, wait_for,
    write,
};

#[test]
fn what_an_answer_cost_is_in_view_in_a_small_window() {
    let mut harness = connected();
    harness.set_size(egui::vec2(1024.0, 700.0));
    ask_and_wait(&mut harness, "Name a river");
    harness.run_steps(3);
    let room = harness.get_by_label("Prompt").rect().x_range();
    let cost = harness
        .get_by(|node| {
            let words = node.value().unwrap_or_default();
            node.role() == Role::Label
                && words.starts_with('$')
                && words.ends_with("on AWS, not charged")
        })
        .rect();
    assert!(
        room.contains(cost.min.x) && room.contains(cost.max.x),
        "the cost is at {cost:?}, the room is {room:?}"
    );
}

#[test]
fn an_estimate_is_never_cut_off_and_all_of_it_is_told_on_pointing_there() {
    let mut harness = connected();
    for (size, least) in [
        ((1280.0, 800.0), "tokens in"),
        // Beside the navigation and the parameters there is little room.
        ((1024.0, 700.0), "up to $"),
    ] {
        harness.set_size(size.into());
        write(
            &mut harness,
            "Prompt",
            &"A river of words runs on. ".repeat(4_000),
        );
        wait_for(&mut harness, "of the context window");
        harness.run_steps(3);
        let shown = painted(&harness, least);
        assert!(matches!(&shown[..], [(_, false)]), "{shown:?}");
    }
    harness.get_by_label_contains("Estimate: ").hover();
    wait_for(&mut harness, "The lower price is the input alone");
    let shown = painted(&harness, "of the context window");
    assert!(shown.iter().any(|(_, is_cut)| !is_cut), "{shown:?}");
}

#[test]
fn three_images_leave_the_buttons_and_the_conversation_in_view() {
    let folder = tempfile::tempdir().expect("a folder");
    let pictures: Vec<_> = ["red", "green", "blue"]
        .iter()
        .map(|name| {
            let path = folder
                .path()
                .join(format!("a long name of the {name} one.png"));
            image::RgbImage::from_pixel(640, 400, image::Rgb([30, 80, 200]))
                .save(&path)
                .expect("saved");
            path
        })
        .collect();
    for size in [(1280.0, 800.0), (1024.0, 700.0)] {
        let mut harness = connected();
        harness.set_size(size.into());
        harness.step();
        let paths: Vec<&Path> = pictures.iter().map(std::path::PathBuf::as_path).collect();
        drop_files(&mut harness, &paths);
        wait_for(&mut harness, "Remove a long name of the blue one.png");
        harness.run_steps(3);
        let panel = harness.get_by_label("Configuration").rect().left();
        let inside = |harness: &Harness<'static, App>, what: &str| {
            let found: Vec<_> = harness.query_all_by_label_contains(what).collect();
            assert!(!found.is_empty(), "{what}");
            for node in found {
                let rect = node.rect();
                assert!(rect.right() < panel, "{size:?}: {what} ends at {rect:?}");
            }
        };
        for what in ["Write alt text", "Remove a long name"] {
            inside(&harness, what);
        }
        write(&mut harness, "Prompt", "Which is blue?");
        harness.key_press_modifiers(Modifiers::COMMAND, Key::Enter);
        wait_for(&mut harness, "Regenerate");
        scroll_to_top(&mut harness);
        for what in ["a long name of the", "Copy"] {
            inside(&harness, what);
        }
    }
}

#[test]
fn what_narrows_the_catalog_stands_on_one_line() {
    let mut harness = connected();
    harness.set_size(egui::vec2(1024.0, 700.0));
    click(&mut harness, "Model catalog");
    wait_for(&mut harness, "Find models");
    write(&mut harness, "Find models", "nova");
    wait_for(&mut harness, "Clear filters");
    harness.run_steps(3);
    let line = harness.get_by_label("Find models").rect();
    assert!(line.width() > 140.0, "{line:?}");
    let mut before = line;
    let choices = ["Provider", "Modality", "Ability", "Inference", "Lifecycle"];
    for name in choices.into_iter().chain(["Clear filters"]) {
        let rect = harness
            .get_by(|node| {
                let role = node.role();
                let is_control = role == Role::ComboBox || role == Role::Button;
                is_control && node.label().as_deref() == Some(name)
            })
            .rect();
        assert!(rect.left() >= before.right(), "{name} is at {rect:?}");
        assert!(rect.right() <= 1004.5, "{name} ends at {rect:?}");
        assert!((rect.center().y - line.center().y).abs() < 2.0, "{name}");
        before = rect;
    }
}

#[test]
fn what_narrows_the_catalog_stands_on_one_line_beside_details_too() {
    let mut harness = connected();
    harness.set_size(egui::vec2(1024.0, 700.0));
    click(&mut harness, "Model catalog");
    wait_for(&mut harness, "Find models");
    click(&mut harness, "Nova Lite amazon.nova-lite-v1:0");
    wait_for(&mut harness, "Open in chat playground");
    click(&mut harness, "More filters");
    harness.run_steps(3);
    click(&mut harness, "Documents");
    wait_for(&mut harness, "More filters (1)");
    // The menu stays open for another choice, and takes this one back.
    click(&mut harness, "Documents");
    wait_for(&mut harness, "More filters");
    click(&mut harness, "Tools");
    harness.run_steps(3);
    let middle = |role, name| {
        let control = harness.get_by_role_and_label(role, name);
        control.rect().center().y
    };
    let line = middle(Role::TextInput, "Find models");
    let controls = [
        (Role::ComboBox, "Provider"),
        (Role::Button, "More filters (1)"),
        (Role::Button, "Clear filters"),
    ];
    for (role, name) in controls {
        assert!((middle(role, name) - line).abs() < 2.0, "{name}");
    }
}

#[test]
fn the_configuration_takes_no_more_room_once_something_is_set() {
    for width in [1024.0, 1280.0] {
        let mut harness = connected();
        harness.set_size(egui::vec2(width, 700.0));
        harness.run_steps(3);
        let ends = |harness: &Harness<'static, App>| {
            ["Presets", "Export or import"].map(|name| {
                let right = harness.get_by_label(name).rect().right();
                format!("{name} ends at {right:.0}")
            })
        };
        let before = ends(&harness);
        write(&mut harness, "System prompt", "Be brief");
        wait_for(&mut harness, "Reset everything to the defaults");
        harness.run_steps(3);
        assert_eq!(ends(&harness), before, "in a window {width} wide");
    }
}

#[test]
fn sums_of_the_usage_go_to_the_next_line_where_they_have_no_room() {
    let folder = tempfile::tempdir().expect("a folder");
    let mut harness = keeping_window(folder.path(), Pace::Instant);
    wait_for(&mut harness, "Model: Nova Lite");
    ask_and_wait(&mut harness, "Name a river");
    harness.set_size(egui::vec2(640.0, 533.0));
    click(&mut harness, "Usage");
    wait_for(&mut harness, "Written to the cache");
    harness.run_steps(3);
    let name = harness.get_by_label("Written to the cache").rect();
    assert!(name.height() < 24.0 && name.right() < 640.0, "{name:?}");
}
