//! The README's pictures: the real window on the embedded endpoint, drawn without a display. Made by
//! `script/screenshots`; without its variable nothing is drawn.

use std::path::{Path, PathBuf};

use bedrock_playground::ui::App;
use egui_kittest::Harness;
use image::imageops::FilterType;

use crate::support::session::embedded;
use crate::support::window::{
    app_options, app_window, ask_and_wait, click, drop_files, wait_for, wait_until,
};

/// As wide as a README shows them; smaller files than the window's own pixels.
const WIDTH: u32 = 1_024;

fn demo_window(folder: &Path) -> Harness<'static, App> {
    let mut harness = app_window(app_options(embedded(), folder));
    wait_for(&mut harness, "Model: Nova Lite");
    harness
}

fn save(harness: &mut Harness<'static, App>, into: &Path, name: &str) {
    harness.run_steps(5);
    let picture = harness.render().expect("a picture");
    let height = picture.height() * WIDTH / picture.width();
    let small = image::imageops::resize(&picture, WIDTH, height, FilterType::Lanczos3);
    image::DynamicImage::ImageRgba8(small)
        .into_rgb8()
        .save(into.join(name))
        .expect("saved");
}

fn samples() -> Vec<PathBuf> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("assets/samples");
    ["cat.jpg", "coffee.jpg", "rocket.jpg"]
        .map(|name| folder.join(name))
        .to_vec()
}

#[test]
fn pictures_of_the_screens_are_made_when_asked_for() {
    let Some(into) = std::env::var_os("BEDROCK_SCREENSHOTS").map(PathBuf::from) else {
        eprintln!("skipped: script/screenshots makes the pictures");
        return;
    };
    let folder = tempfile::tempdir().expect("a folder");
    let mut harness = demo_window(folder.path());
    let samples = samples();
    drop_files(&mut harness, &[&samples[1]]);
    wait_for(&mut harness, "coffee.jpg");
    // Its size is known once it can be sent.
    wait_for(&mut harness, " × ");
    ask_and_wait(&mut harness, "What is in this picture?");
    save(&mut harness, &into, "chat.png");
    click(&mut harness, "Alt text");
    let paths: Vec<&Path> = samples.iter().map(PathBuf::as_path).collect();
    drop_files(&mut harness, &paths);
    wait_for(&mut harness, "Write alt text for 3 images");
    click(&mut harness, "Write alt text for 3 images");
    wait_for(&mut harness, "Approve rocket.jpg");
    save(&mut harness, &into, "alt-text.png");
    click(&mut harness, "Model catalog");
    wait_until(&mut harness, "the table", |harness| {
        crate::support::window::shows(harness, "Nova 2 Lite")
    });
    save(&mut harness, &into, "catalog.png");
}
