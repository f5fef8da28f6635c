//! How the screens look: each in a state that is always the same, in light and in dark. Every control has a
//! name, every word can be read, and the picture is the one that was looked at and kept
//! (`UPDATE_SNAPSHOTS=1` keeps new ones; look at them before you commit them).
//!
//! What differs from run to run (latencies, days, request ids) is covered or out of view.

mod contrast;
mod keyboard;
mod large_text;
mod scenes;

use bedrock_playground::store::Theme;
use egui_kittest::kittest::Queryable as _;
use egui_kittest::{OsThreshold, SnapshotOptions};

use self::scenes::{SCENES, Scene, Stage};

/// Pixels that another driver may draw otherwise.
const OTHERWISE: usize = 40;

/// What is never the same twice, by a part of its name.
const CHANGING: [&str; 4] = [" ms", "Request id", " UTC", "Data folder"];

/// Whose pictures are made anew each time.
const NEVER_THE_SAME: [&str; 2] = ["images_full", "chat_error_answer"];

fn look_at(name: &str) {
    let Scene(_, open) = SCENES
        .iter()
        .find(|scene| scene.0 == name)
        .expect("a scene of this name");
    let mut results = egui_kittest::SnapshotResults::new();
    for (theme, suffix) in [(Theme::Light, "light"), (Theme::Dark, "dark")] {
        let mut stage = Stage::new(theme);
        open(&mut stage);
        stage.settle();
        let harness = &mut stage.harness;
        let unnamed = harness.unnamed_widgets();
        assert!(unnamed.is_empty(), "{name}, {suffix}: {unnamed:#?}");
        let unreadable = contrast::unreadable(&harness.output().shapes);
        assert!(unreadable.is_empty(), "{name}, {suffix}: {unreadable:#?}");
        let changing: Vec<egui::Rect> = harness
            .query_all_by(|node| {
                let texts = [node.label(), node.value()];
                let mut texts = texts.iter().flatten();
                texts.any(|text| CHANGING.iter().any(|part| text.contains(part)))
            })
            .map(|node| node.rect())
            .collect();
        for rect in changing {
            harness.mask(rect.intersect(egui::Rect::from_min_size(egui::Pos2::ZERO, scenes::SIZE)));
        }
        if NEVER_THE_SAME.contains(&name) {
            continue;
        }
        if !cfg!(target_os = "linux") {
            // Other systems rasterise by other drivers; their pictures were not looked at.
            continue;
        }
        if let Err(problem) = harness.render() {
            eprintln!("skipped: nothing here can draw ({problem})");
            return;
        }
        let options = SnapshotOptions::new().max_failed_pixels(OsThreshold::new(OTHERWISE));
        results.add(harness.try_snapshot_options(format!("{name}-{suffix}"), &options));
    }
}

/// One test a scene, so that they run beside each other.
macro_rules! looks {
    ($($name:ident),* $(,)?) => {
        $(#[test]
        fn $name() {
            look_at(stringify!($name));
        })*

        #[test]
        fn every_scene_is_looked_at() {
            let looked_at = [$(stringify!($name)),*];
            let scenes: Vec<&str> = SCENES.iter().map(|scene| scene.0).collect();
            assert_eq!(scenes, looked_at);
        }
    };
}

looks! {
    chat_empty,
    chat_busy,
    chat_full,
    chat_error,
    chat_error_answer,
    catalog_table,
    catalog_cards,
    catalog_details,
    alt_text_empty,
    alt_text_full,
    compare_empty,
    embeddings_empty,
    embeddings_full,
    embeddings_similarity,
    embeddings_map,
    images_empty,
    images_full,
    videos_empty,
    prompts_empty,
    prompts_full,
    guardrails_empty,
    guardrails_full,
    history_empty,
    settings,
    connection,
    command_palette,
    model_picker,
    guide,
}
