//! How the screens look: each in a state that is always the same, in light and in dark. Every control has a
//! name, every word can be read, and the picture is the one that was looked at and kept
//! (`UPDATE_SNAPSHOTS=1` keeps new ones; look at them before you commit them).
//!
//! What differs from run to run (latencies, days, request ids) is covered or out of view. What leads out of a
//! state is still in view when the text is doubled.

mod contrast;
mod keyboard;
mod large_text;
mod reading;
mod scenes;
mod targets;

use bedrock_playground::store::Theme;
use bedrock_playground::ui::App;
use egui_kittest::kittest::{NodeT as _, Queryable as _};
use egui_kittest::{Harness, OsThreshold, SnapshotOptions, SnapshotResults};

use self::scenes::{Scene, Stage, scenes};
use crate::support::window::shows;

/// Pixels that may be drawn otherwise: many of the pictures that were kept were drawn by a driver, for which an edge
/// through the middle of a pixel may lie on its other side.
const OTHERWISE: usize = 40;

/// What is never the same twice, by a part of its name.
const CHANGING: [&str; 9] = [
    " ms",
    "Request id",
    "Today ",
    "Data folder",
    "127.0.0.1",
    "Generating…",
    "From 20",
    NOT_SAVED,
    "the clock is near enough",
];

/// What a notice says of a file that differs from run to run.
const NOT_SAVED: &str = "are not saved";

/// Room of the widest notice with its margins, in points.
const NOTICE: f32 = 560.0;

/// How wide lines with times are, in points.
const FIGURES: f32 = 480.0;

/// How wide request ids are, in points.
const ID_LEAST: f32 = 260.0;
const ID_MOST: f32 = 340.0;

/// Whose times are told by what was kept.
const TIMES_ARE_KEPT: [&str; 2] = ["compare_full", "compare_error"];

/// Whose pictures are made anew each time.
const NEVER_THE_SAME: [&str; 1] = ["chat_error_answer"];

/// What the welcome says where neither a profile nor a local server is found.
const NOTHING_ON_THIS_MACHINE: [&str; 2] = ["None was found.", "None listens"];

/// What the dates below a plot take, in points.
const DATES: f32 = 24.0;

fn look_at(name: &str) {
    let mut results = SnapshotResults::new();
    for (theme, suffix) in [(Theme::Light, "light"), (Theme::Dark, "dark")] {
        look_in(theme, name, suffix, &mut results);
    }
}

fn open(theme: Theme, name: &str) -> Stage {
    let Scene(_, open) = scenes()
        .find(|scene| scene.0 == name)
        .expect("a scene of this name");
    let mut stage = Stage::new(theme);
    open(&mut stage);
    stage
}

fn look_in(theme: Theme, name: &str, suffix: &str, results: &mut SnapshotResults) {
    let mut stage = open(theme, name);
    stage.settle();
    let harness = &mut stage.harness;
    let unnamed = harness.unnamed_widgets();
    assert!(unnamed.is_empty(), "{name}, {suffix}: {unnamed:#?}");
    let unreadable = contrast::unreadable(&harness.output().shapes);
    assert!(unreadable.is_empty(), "{name}, {suffix}: {unreadable:#?}");
    let backwards = reading::backwards(harness);
    assert!(backwards.is_empty(), "{name}, {suffix}: {backwards:#?}");
    let small = targets::small(harness);
    assert!(small.is_empty(), "{name}, {suffix}: {small:#?}");
    picture(harness, name, suffix, results);
    if theme == Theme::Light {
        let out_of_view = large_text::out_of_view(harness, name);
        assert!(out_of_view.is_empty(), "{name}: {out_of_view:#?}");
    }
}

/// Compares the window with the picture that was kept.
fn picture(
    harness: &mut Harness<'static, App>,
    name: &str,
    suffix: &str,
    results: &mut SnapshotResults,
) {
    // Other systems have other fonts beside those of the program; their pictures were not looked at.
    if NEVER_THE_SAME.contains(&name) || !cfg!(target_os = "linux") {
        return;
    }
    if name == "welcome" && !NOTHING_ON_THIS_MACHINE.iter().all(|it| shows(harness, it)) {
        eprintln!("skipped: this machine has profiles or a local server, which are shown");
        return;
    }
    let window = egui::Rect::from_min_size(egui::Pos2::ZERO, scenes::SIZE);
    for rect in changing(harness, name) {
        harness.mask(rect.intersect(window));
    }
    let options = SnapshotOptions::new().max_failed_pixels(OsThreshold::new(OTHERWISE));
    results.add(harness.try_snapshot_options(format!("{name}-{suffix}"), &options));
}

/// Where a point is more than one pixel, and not a whole number of them.
#[test]
fn pixels_may_be_finer_than_points() {
    let mut results = SnapshotResults::new();
    for (name, percent) in [
        ("chat_full", 150_u8),
        ("catalog_details", 125),
        ("usage_full", 200),
    ] {
        let mut stage = open(Theme::Light, name);
        let scale = f32::from(percent) / 100.0;
        stage.harness.set_pixels_per_point(scale);
        stage.settle();
        picture(&mut stage.harness, name, &percent.to_string(), &mut results);
    }
}

/// Where something is that another run shows otherwise.
fn changing(harness: &Harness<'static, App>, name: &str) -> Vec<egui::Rect> {
    let changing: Vec<&str> = CHANGING
        .into_iter()
        .filter(|part| *part != " ms" || !TIMES_ARE_KEPT.contains(&name))
        .collect();
    let mut rects = Vec::new();
    for node in harness.query_all_by(|node| node.label().is_some() || node.value().is_some()) {
        let texts = [node.accesskit_node().label(), node.accesskit_node().value()];
        let has = |is: &dyn Fn(&str) -> bool| texts.iter().flatten().any(|text| is(text));
        if has(&|text| text.contains(" by day. ")) {
            let mut rect = node.rect();
            rect = rect.translate(egui::vec2(0.0, rect.height()));
            rect.max.y = rect.min.y + DATES;
            rects.push(rect);
        } else if has(&|text| is_seconds(text) || changing.iter().any(|part| text.contains(part))) {
            let is_notice = has(&|text| text.contains(NOT_SAVED));
            let is_figures = has(&|text| text.contains(" ms"));
            rects.push(covered(node.rect(), is_notice, is_figures));
        }
    }
    rects
}

/// As much as any other text of its kind takes: letters have widths of their own, and lines break elsewhere.
fn covered(text: egui::Rect, is_notice: bool, is_figures: bool) -> egui::Rect {
    let mut rect = text;
    if is_notice {
        // Its frame is as wide as its longest line, from the right.
        rect = rect.expand(16.0);
        rect.min.x = scenes::SIZE.x - NOTICE;
        rect.max.x = scenes::SIZE.x;
        return rect;
    }
    rect.max.x = match rect.width() {
        ..120.0 => rect.min.x + 128.0,
        width if is_figures && width > ID_MOST => rect.min.x + FIGURES.max(width),
        _ if is_figures => rect.max.x,
        ID_LEAST..ID_MOST => rect.min.x + ID_MOST,
        _ => rect.max.x,
    };
    rect
}

/// Whether a text says how many seconds something has taken so far.
fn is_seconds(text: &str) -> bool {
    text.strip_suffix(" s")
        .is_some_and(|seconds| seconds.parse::<u32>().is_ok())
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
            let scenes: Vec<&str> = scenes().map(|scene| scene.0).collect();
            assert_eq!(scenes, looked_at);
        }
    };
}

looks! {
    chat_empty,
    chat_busy,
    chat_full,
    chat_unreachable,
    chat_error,
    chat_error_answer,
    chat_refused,
    catalog_table,
    catalog_cards,
    catalog_details,
    catalog_nothing_found,
    catalog_side_by_side,
    catalog_busy,
    catalog_error,
    catalog_refused,
    model_picker,
    alt_text_empty,
    alt_text_busy,
    alt_text_full,
    alt_text_error,
    alt_text_unreachable,
    alt_text_offer,
    alt_text_document,
    alt_text_page_error,
    batch_job,
    batch_job_error,
    compare_empty,
    compare_busy,
    compare_full,
    compare_error,
    compare_unreachable,
    embeddings_empty,
    embeddings_busy,
    embeddings_full,
    embeddings_similarity,
    embeddings_map,
    embeddings_error,
    embeddings_unreachable,
    images_empty,
    images_busy,
    images_full,
    images_error,
    images_unreachable,
    images_rejected,
    videos_unreachable,
    videos_empty,
    videos_busy,
    videos_full,
    videos_error,
    prompts_empty,
    prompts_full,
    prompts_busy,
    prompts_answered,
    prompts_error,
    prompts_unreachable,
    guardrails_empty,
    guardrails_full,
    guardrails_tested,
    guardrails_error,
    guardrails_unreachable,
    history_empty,
    history_busy,
    history_error,
    history_full,
    history_selected,
    history_nothing_found,
    usage_empty,
    usage_busy,
    usage_error,
    usage_full,
    settings,
    settings_error,
    connection,
    sign_in,
    connection_error,
    welcome,
    welcome_tried,
    command_palette,
    guide,
    faults,
    quit,
    drop_on_chat,
    drop_on_alt_text,
}
