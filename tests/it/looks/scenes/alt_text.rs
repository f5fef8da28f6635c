//! Alt text for many pictures, and batch jobs of them.

use std::path::{Path, PathBuf};

use egui_kittest::kittest::Queryable as _;

use super::{Scene, Stage, samples, wait_for_pictures};
use crate::support::window::{click, drop_files, wait_for, write, write_anew};

pub const SCENES: &[Scene] = &[
    Scene("alt_text_empty", |stage| stage.go("Alt text")),
    Scene("alt_text_busy", |stage| {
        stage.on_a_slow_endpoint();
        drop_samples(stage);
        click(&mut stage.harness, "Write alt text for 3 images");
        wait_for(&mut stage.harness, "Being looked at…");
        wait_for_pictures(&mut stage.harness, 3);
    }),
    Scene("alt_text_full", |stage| {
        drop_samples(stage);
        click(&mut stage.harness, "Write alt text for 3 images");
        for name in ["cat.jpg", "coffee.jpg", "rocket.jpg"] {
            wait_for(&mut stage.harness, &format!("Approve {name}"));
        }
        wait_for_pictures(&mut stage.harness, 3);
    }),
    Scene("alt_text_error", |stage| {
        stage.go("Alt text");
        stage.refuse_the_next();
        let broken = stage.folder.path().join("broken.jpg");
        std::fs::write(&broken, "no picture").expect("written");
        let samples = samples();
        drop_files(&mut stage.harness, &[&broken, &samples[0]]);
        click(&mut stage.harness, "Write alt text for 2 images");
        wait_for(&mut stage.harness, "Retry 2 failed");
        wait_for_pictures(&mut stage.harness, 1);
    }),
    Scene("alt_text_unreachable", |stage| {
        stage.on_no_profile();
        stage.go_without_models("Alt text", "Connect again");
    }),
    Scene("alt_text_offer", |stage| {
        stage.go("Alt text");
        let page = page_with_samples(stage);
        drop_files(&mut stage.harness, &[&page]);
        wait_for(&mut stage.harness, "4 images were found");
    }),
    Scene("alt_text_document", |stage| {
        stage.go("Alt text");
        let page = page_with_samples(stage);
        drop_files(&mut stage.harness, &[&page]);
        wait_for(&mut stage.harness, "Add 3 images");
        click(&mut stage.harness, "Add 3 images");
        wait_for(&mut stage.harness, "Write alt text for 3 images");
        click(&mut stage.harness, "Look at coffee.jpg");
        wait_for(&mut stage.harness, "In the document");
        // Three small ones, and a large one of them.
        wait_for_pictures(&mut stage.harness, 4);
    }),
    Scene("alt_text_page_error", |stage| {
        stage.go("Alt text");
        let add = stage.harness.get_all_by_label("Add a web page…").next();
        add.expect("a button").click_accesskit();
        wait_for(&mut stage.harness, "Images of a web page");
        write(&mut stage.harness, "Address", "ftp://example.com/walks");
        click(&mut stage.harness, "Find images");
        wait_for(
            &mut stage.harness,
            "ftp://example.com/walks is no address of a page, such as https://example.com/page",
        );
    }),
    Scene("batch_job", |stage| {
        drop_samples(stage);
        wait_for_pictures(&mut stage.harness, 3);
        click(&mut stage.harness, "As a batch job…");
        wait_for(&mut stage.harness, "as a batch job, $");
    }),
    Scene("batch_job_error", |stage| {
        drop_enough_for_a_batch_job(stage);
        click(&mut stage.harness, "As a batch job…");
        wait_for(&mut stage.harness, "as a batch job, $");
        write_anew(&mut stage.harness, "Role ARN", "BatchInference");
        click(&mut stage.harness, "Check and submit");
        wait_for(&mut stage.harness, "Nothing was submitted");
        // The field keeps the keyboard unless a frame says how far submitting is.
        stage.harness.ctx.memory_mut(|memory| {
            if let Some(field) = memory.focused() {
                memory.surrender_focus(field);
            }
        });
    }),
];

/// A page that says something of some of the samples.
fn page_with_samples(stage: &Stage) -> PathBuf {
    for sample in samples() {
        let name = sample.file_name().expect("a name");
        std::fs::copy(&sample, stage.folder.path().join(name)).expect("a copy");
    }
    let page = stage.folder.path().join("ordinary-things.html");
    let html = "<title>Ordinary things</title><h1>At home</h1><p>The cat looks up.</p><img src=cat.jpg>\
        <p>We drink three cups before noon.</p><img src=coffee.jpg alt='Image of coffee'>\
        <h1>Away</h1><img src=rocket.jpg><p>It left at night.</p>\
        <img alt='' src='data:image/gif;base64,R0lGODlhAQABAAAAACH5BAEKAAEALAAAAAABAAEAAAICTAEAOw=='>";
    std::fs::write(&page, html).expect("a page");
    page
}

fn drop_samples(stage: &mut Stage) {
    stage.go("Alt text");
    let samples = samples();
    let paths: Vec<&Path> = samples.iter().map(PathBuf::as_path).collect();
    drop_files(&mut stage.harness, &paths);
    wait_for(&mut stage.harness, "Write alt text for 3 images");
}

/// As many small pictures as a batch job needs at least.
fn drop_enough_for_a_batch_job(stage: &mut Stage) {
    stage.go("Alt text");
    let paths: Vec<PathBuf> = (0..100)
        .map(|n| {
            let path = stage.folder.path().join(format!("p{n:03}.png"));
            let color = image::Rgb([n, 255 - n, 90]);
            let picture = image::RgbImage::from_pixel(8, 8, color);
            picture.save(&path).expect("a saved picture");
            path
        })
        .collect();
    let paths: Vec<&Path> = paths.iter().map(PathBuf::as_path).collect();
    drop_files(&mut stage.harness, &paths);
    wait_for(&mut stage.harness, "Write alt text for 100 images");
    wait_for_pictures(&mut stage.harness, 3);
}
