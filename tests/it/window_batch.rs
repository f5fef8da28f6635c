//! Batch jobs of alt text in the window, through the embedded S3 and the embedded service.

use std::path::{Path, PathBuf};

use bedrock_playground::emulator::Pace;
use bedrock_playground::tasks::SessionOptions;
use bedrock_playground::ui::App;
use egui_kittest::Harness;
use egui_kittest::kittest::{NodeT as _, Queryable as _};
use image::{Rgb, RgbImage};
use tempfile::TempDir;

use crate::support::endpoint::Endpoint;
use crate::support::session::embedded;
use crate::support::window::{
    ChosenFiles, click, drop_files, keeping_window_with, on_screen, quit, shows, wait_for,
    wait_until, write, write_anew,
};
use crate::window_desktop::close;

/// As many pictures as a batch job needs at least, and one more.
const PICTURES: u8 = 101;

fn pictures(count: u8) -> (TempDir, Vec<PathBuf>) {
    let folder = tempfile::tempdir().expect("a folder");
    let files = (0..count)
        .map(|n| {
            let path = folder.path().join(format!("p{n:03}.png"));
            RgbImage::from_pixel(8, 8, Rgb([n, 255 - n, 90]))
                .save(&path)
                .expect("a saved picture");
            path
        })
        .collect();
    (folder, files)
}

fn on_alt_text(session: SessionOptions, data: &Path) -> Harness<'static, App> {
    let mut harness = keeping_window_with(session, data, ChosenFiles::default());
    click(&mut harness, "Alt text");
    harness
}

fn drop_pictures(harness: &mut Harness<'static, App>, files: &[PathBuf]) {
    let files: Vec<&Path> = files.iter().map(PathBuf::as_path).collect();
    drop_files(harness, &files);
    wait_for(
        harness,
        &format!("Write alt text for {} images", files.len()),
    );
}

#[test]
fn a_list_becomes_a_batch_job_and_its_answers_come_into_the_list() {
    let (_folder, files) = pictures(PICTURES);
    let data = tempfile::tempdir().unwrap();
    let mut harness = on_alt_text(embedded(), data.path());
    drop_pictures(&mut harness, &files);
    click(&mut harness, "As a batch job…");
    // Nova Lite takes half for a batch job.
    wait_until(&mut harness, "both prices", |harness| {
        on_screen(harness).contains("as a batch job, $")
    });
    wait_for(
        &mut harness,
        "Both are only played here: nothing leaves this machine, and nothing is charged.",
    );
    click(&mut harness, "Check and submit");
    // Quitting now would end it halfway.
    assert!(close(&mut harness).contains(&egui::ViewportCommand::CancelClose));
    wait_for(&mut harness, "Quitting ends a batch job being submitted.");
    wait_for(
        &mut harness,
        "Simulated batch job of 101 images: 101 texts came, 0 failed",
    );
    wait_for(&mut harness, "0 of 101 approved");
    assert!(!shows(&harness, "In a batch job 101"));
    click(&mut harness, "Delete its files in S3");
    wait_for(&mut harness, "Its files in S3 are deleted");
}

#[test]
fn too_few_pictures_are_said_before_anything_is_submitted() {
    let (_folder, files) = pictures(3);
    let data = tempfile::tempdir().unwrap();
    let mut harness = on_alt_text(embedded(), data.path());
    drop_pictures(&mut harness, &files);
    click(&mut harness, "As a batch job…");
    wait_for(
        &mut harness,
        "3 images wait, and a batch job takes at least 100",
    );
    let submit = harness.get_by_label("Check and submit");
    assert!(submit.accesskit_node().is_disabled());
    // Nothing is lost: the images wait as before.
    click(&mut harness, "Close");
    wait_for(&mut harness, "Write alt text for 3 images");
}

#[test]
fn a_wrong_role_is_said_and_can_be_mended() {
    let (_folder, files) = pictures(PICTURES);
    let data = tempfile::tempdir().unwrap();
    let mut harness = on_alt_text(embedded(), data.path());
    drop_pictures(&mut harness, &files);
    click(&mut harness, "As a batch job…");
    wait_for(&mut harness, "Check and submit");
    write_anew(&mut harness, "Role ARN", "no role");
    click(&mut harness, "Check and submit");
    wait_for(&mut harness, "Nothing was submitted");
    write_anew(
        &mut harness,
        "Role ARN",
        "arn:aws:iam::123456789012:role/Batch",
    );
    click(&mut harness, "Check and submit");
    wait_for(
        &mut harness,
        "Simulated batch job of 101 images: 101 texts came, 0 failed",
    );
}

#[test]
fn a_job_is_followed_after_a_restart() {
    // Slow enough to be under way when the window is closed.
    let endpoint = Endpoint::at(Pace::Believable);
    let (_folder, files) = pictures(PICTURES);
    let data = tempfile::tempdir().unwrap();
    let mut harness = on_alt_text(endpoint.session(), data.path());
    drop_pictures(&mut harness, &files);
    click(&mut harness, "As a batch job…");
    wait_for(&mut harness, "Check and submit");
    write(&mut harness, "Folder in S3", "s3://pictures/alt");
    let role = "arn:aws:iam::123456789012:role/Batch";
    write(&mut harness, "Role ARN", role);
    click(&mut harness, "Check and submit");
    wait_for(&mut harness, "In a batch job 101");
    quit(harness);

    let mut harness = on_alt_text(endpoint.session(), data.path());
    wait_for(
        &mut harness,
        "Simulated batch job of 101 images: 101 texts came, 0 failed",
    );
    wait_for(&mut harness, "0 of 101 approved");
    // What was typed is there the next time.
    let kept = std::fs::read_to_string(data.path().join("settings.json")).expect("settings");
    assert!(kept.contains("s3://pictures/alt"), "{kept}");
}
