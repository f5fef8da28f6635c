//! Text at 200 %: a window of 1280 × 800 pixels has room for 640 × 400 points, and what a screen is for can
//! still be reached.

use egui_kittest::kittest::Queryable as _;

use super::scenes::{Stage, scenes};
use crate::support::window::{go_to, wait_for};
use bedrock_playground::store::Theme;
use bedrock_playground::ui::App;
use egui_kittest::Harness;

/// What is left of a window of 1280 × 800 pixels, in points.
const ROOM: egui::Vec2 = egui::vec2(640.0, 400.0);

/// What leads out of a state, or tells of it.
const WAYS_OUT: &[(&str, &str)] = &[
    ("chat_busy", "Stop"),
    ("chat_error", "Try again"),
    ("chat_unreachable", "Connect again"),
    ("catalog_refused", "Try again"),
    ("alt_text_unreachable", "Connect again"),
    ("compare_unreachable", "Connect again"),
    ("embeddings_unreachable", "Connect again"),
    ("images_unreachable", "Connect again"),
    ("videos_unreachable", "Connect again"),
    ("prompts_unreachable", "Connect again"),
    ("history_busy", "Opening the history…"),
    ("history_error", "Try again"),
    ("usage_busy", "Adding up…"),
    ("usage_error", "Try again"),
    ("catalog_busy", "Listing foundation models…"),
    ("catalog_error", "Try again"),
    ("catalog_nothing_found", "Clear filters"),
    ("catalog_side_by_side", "Close"),
    ("alt_text_busy", "Cancel"),
    ("alt_text_error", "Retry 2 failed"),
    ("alt_text_offer", "Cancel"),
    ("alt_text_page_error", "Find images"),
    ("batch_job", "Close"),
    ("compare_busy", "Stop"),
    ("embeddings_busy", "Cancel"),
    ("embeddings_error", "Retry 1 failed"),
    ("images_busy", "Stop all"),
    ("images_error", "AccessDeniedException (HTTP 403)"),
    ("videos_busy", "Refresh"),
    ("videos_error", "Try again"),
    ("prompts_busy", "Stop the run"),
    ("prompts_error", "Run what is missing"),
    ("guardrails_error", "ConflictException (HTTP 400)"),
    ("guardrails_unreachable", "Fetch again"),
    ("history_nothing_found", "Show everything"),
    ("usage_empty", "No usage yet"),
    ("welcome", "Stay in the demo"),
    ("faults", "Close"),
    ("quit", "Quit anyway"),
    ("quit", "Keep running"),
];

/// Doubles the text in a window of 1280 × 800 pixels.
fn double(harness: &mut Harness<'static, App>) {
    harness.set_pixels_per_point(2.0);
    // The first frame at another scale takes the old size.
    harness.run_steps(2);
    harness.set_size(ROOM);
    harness.run_steps(8);
}

/// Whether one of these is whole in the window.
fn is_in_view(harness: &Harness<'static, App>, name: &str) -> bool {
    let window = egui::Rect::from_min_size(egui::Pos2::ZERO, ROOM).expand(1.0);
    let is_it = |node: &egui_kittest::kittest::AccessKitNode<'_>| {
        [node.label(), node.value()]
            .iter()
            .flatten()
            .any(|text| text == name)
    };
    harness
        .query_all_by(is_it)
        .any(|node| window.contains_rect(node.rect()))
}

/// Keeps a picture to look at, where a folder is named.
fn keep_picture(harness: &mut Harness<'static, App>, name: &str) {
    if let Some(folder) = std::env::var_os("LOOK_LARGE") {
        let picture = harness.render().expect("a picture");
        let file = std::path::Path::new(&folder).join(format!("{name}.png"));
        picture.save(file).expect("saved");
    }
}

/// What leads out of a scene and is not in view once the text is doubled.
pub fn out_of_view(harness: &mut Harness<'static, App>, scene: &str) -> Vec<&'static str> {
    let mut ways: Vec<&str> = WAYS_OUT
        .iter()
        .filter(|(name, _)| *name == scene)
        .map(|(_, control)| *control)
        .collect();
    if !ways.is_empty() {
        double(harness);
        keep_picture(harness, scene);
    }
    ways.retain(|control| !is_in_view(harness, control));
    ways
}

#[test]
fn every_way_out_is_of_a_scene() {
    for (name, _) in WAYS_OUT {
        assert!(scenes().any(|scene| scene.0 == *name), "{name}");
    }
}

#[test]
fn what_a_screen_is_for_is_in_view_at_twice_the_size() {
    let mut stage = Stage::new(Theme::Light);
    stage.connect();
    let harness = &mut stage.harness;
    double(harness);
    let mut out_of_view = Vec::new();
    for (screen, control) in [
        ("Chat playground", "Run"),
        ("Chat playground", "Prompt"),
        ("Chat playground", "Model: Nova Lite"),
        ("Image playground", "Generate"),
        ("Video playground", "Make the video"),
        ("Alt text", "Add a folder…"),
        ("Compare models", "Run"),
        ("Compare models", "Add model"),
        ("Embeddings", "New texts, one a line"),
        ("Embeddings", "Add"),
        ("Prompts", "New prompt"),
        ("Guardrails", "New guardrail"),
        ("History", "Search the history"),
        ("Usage", "Refresh prices…"),
        ("Settings", "Scale"),
        ("Model catalog", "Find models"),
    ] {
        go_to(harness, screen);
        wait_for(harness, control);
        if !is_in_view(harness, control) {
            out_of_view.push((screen, control));
        }
        keep_picture(harness, screen);
    }
    assert!(out_of_view.is_empty(), "{out_of_view:#?}");
}
