//! Text at 200 %: a window of 1280 × 800 pixels has room for 640 × 400 points, and what a screen is for can
//! still be reached.

use egui_kittest::kittest::Queryable as _;

use super::scenes::{Stage, go_to};
use crate::support::window::wait_for;
use bedrock_playground::store::Theme;

#[test]
fn what_a_screen_is_for_is_in_view_at_twice_the_size() {
    let mut stage = Stage::new(Theme::Light);
    stage.connect();
    let harness = &mut stage.harness;
    let room = egui::vec2(640.0, 400.0);
    harness.set_pixels_per_point(2.0);
    // The first frame at another scale takes the old size.
    harness.run_steps(2);
    harness.set_size(room);
    harness.run_steps(5);
    let window = egui::Rect::from_min_size(egui::Pos2::ZERO, room).expand(1.0);
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
        let place = harness
            .query_all_by_label(control)
            .map(|node| node.rect())
            .find(|rect| window.contains_rect(*rect));
        if place.is_none() {
            out_of_view.push((screen, control));
        }
        if let Some(folder) = std::env::var_os("LOOK_LARGE") {
            let picture = harness.render().expect("a picture");
            let file = std::path::Path::new(&folder).join(format!("{screen}.png"));
            picture.save(file).expect("saved");
        }
    }
    assert!(out_of_view.is_empty(), "{out_of_view:#?}");
}
