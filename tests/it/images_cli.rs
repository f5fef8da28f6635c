//! `image` on the command line: the real program on the embedded endpoint.

use image::GenericImageView as _;

use crate::cli::{Cli, lines, stderr, stdout, text};

const DEMO: [&str; 4] = ["--demo", "--speed", "0", "image"];
const CANVAS: &str = "amazon.nova-canvas-v1:0";

fn image(cli: &Cli, arguments: &[&str]) -> std::process::Output {
    cli.run(&[&DEMO[..], arguments].concat())
}

#[test]
fn pictures_become_files_that_know_their_parameters() {
    let cli = Cli::new();
    let made = image(
        &cli,
        &[
            "A red fox",
            "--model",
            CANVAS,
            "--size",
            "640x320",
            "--count",
            "2",
            "--seed",
            "5",
            "--json",
            // A new folder is made.
            "--out",
            "foxes",
        ],
    );
    assert!(made.status.success(), "{}", stderr(&made));
    let records = lines(&made);
    assert_eq!(records.len(), 2);
    for (record, seed) in records.iter().zip([5, 6]) {
        assert_eq!(record["seed"], seed);
        assert!(
            record["file"]
                .as_str()
                .is_some_and(|file| file.starts_with("foxes")),
            "{record}"
        );
        assert_eq!(record["simulated"], true);
        // 640 × 320 fits into 1,024 × 1,024 at 0.04.
        assert_eq!(record["cost"]["total"], "0.04000000");
        let file = cli
            .home
            .path()
            .join(record["file"].as_str().expect("a file"));
        assert_eq!(
            image::open(file).expect("a picture").dimensions(),
            (640, 320)
        );
    }
    // From what the second one says of itself the same one is made again.
    let second = records[1]["file"].as_str().expect("a file");
    let again = image(&cli, &["--from", second, "--out", "again.png"]);
    assert!(again.status.success(), "{}", stderr(&again));
    let pixels = |name: &str| image::open(cli.home.path().join(name)).expect("a picture");
    assert!(pixels(second) == pixels("again.png"));
    assert!(
        stderr(&again).contains("simulated, not charged"),
        "{}",
        stderr(&again)
    );
}

#[test]
fn a_picture_is_worked_on() {
    let cli = Cli::new();
    let photograph = cli.photograph("photo.jpg");
    let upscaled = image(
        &cli,
        &[
            "--model",
            "us.stability.stable-fast-upscale-v1:0",
            "--input",
            text(&photograph),
            "--out",
            "large.png",
        ],
    );
    assert!(upscaled.status.success(), "{}", stderr(&upscaled));
    assert_eq!(stdout(&upscaled).trim(), "large.png");
    let large = image::open(cli.home.path().join("large.png")).expect("a picture");
    // Four times 320 × 200.
    assert_eq!(large.dimensions(), (1_280, 800));
}

#[test]
fn what_cannot_be_sent_is_said_and_nothing_is_begun() {
    let cli = Cli::new();
    let photograph = cli.photograph("photo.png");
    let photograph = text(&photograph);
    let other = cli.home.path().join("mask.png");
    image::GrayImage::new(10, 10).save(&other).expect("saved");
    // 1,400 × 1,400 are 1,960,000 pixels.
    let large = cli.home.path().join("large.png");
    image::RgbImage::new(1_400, 1_400)
        .save(&large)
        .expect("saved");
    let inpaint = "us.stability.stable-image-inpaint-v1:0";
    let upscale = "us.stability.stable-fast-upscale-v1:0";
    for (arguments, words) in [
        (
            &["x", "--model", CANVAS, "--size", "1000x1000"][..],
            "a multiple of 16",
        ),
        (&["x", "--size", "wide"], "width and height"),
        (&["x", "--task", "paint"], "is no task"),
        (
            &["x", "--model", CANVAS, "--task", "upscale"],
            "does not offer",
        ),
        (
            &["x", "--model", "amazon.nova-lite-v1:0"],
            "makes no images",
        ),
        (&["x", "--set", "strength=1"], "takes no strength"),
        (&["x", "--count", "2", "--out", "one.png"], "name a folder"),
        (&["x", "--out", "nowhere/at/all"], "is no folder"),
        (&["--from", photograph], "holds no parameters"),
        (&["x", "--input", "missing.png"], "does not exist"),
        (&[], "Write what the image shall show"),
        (
            &[
                "x", "--model", inpaint, "--input", photograph, "--mask", "mask.png",
            ],
            "The mask is 10 × 10, the image 320 × 200",
        ),
        (&["x", "--model", upscale], "Add the image"),
        (
            &["--model", upscale, "--input", "large.png"],
            "large.png (1400 × 1400) is not taken: it would have 1960000 pixels, and 1048576",
        ),
    ] {
        let output = image(&cli, arguments);
        assert_eq!(output.status.code(), Some(2), "{arguments:?}");
        assert!(
            stderr(&output).contains(words),
            "{arguments:?}: {}",
            stderr(&output)
        );
        assert!(stdout(&output).is_empty());
    }
}

#[test]
fn a_rejection_is_no_success() {
    let cli = Cli::new();
    for model in [CANVAS, "stability.stable-image-core-v1:1"] {
        let output = image(&cli, &["so much gore", "--model", model, "--json"]);
        assert_eq!(output.status.code(), Some(1));
        assert_eq!(
            lines(&output)[0]["error"]["code"],
            "RejectedByContentPolicy"
        );
    }
}

#[test]
fn an_estimate_sends_nothing() {
    let cli = Cli::new();
    // Without credentials and without the demo.
    let output = cli.run(&[
        "image",
        "x",
        "--model",
        CANVAS,
        "--count",
        "5",
        "--estimate",
    ]);
    assert!(output.status.success(), "{}", stderr(&output));
    // 5 × 0.04
    assert!(
        stdout(&output).contains("5 images: $0.20"),
        "{}",
        stdout(&output)
    );
    let output = cli.run(&["--region", "eu-west-1", "image", "x", "--estimate"]);
    assert_eq!(output.status.code(), Some(1));
    assert!(stdout(&output).contains("unknown"), "{}", stdout(&output));
}
