//! What a frame costs: the whole window run and tessellated, without a GPU.
//!
//! `cargo bench --bench frames` prints processor time for each screen. What means something is the ratio
//! of a long history to a short one, and how far the slowest frames are from the usual ones. The window is
//! brought where it is measured through the embedded endpoint, as the tests do it.

#![expect(
    clippy::expect_used,
    clippy::print_stdout,
    dead_code,
    reason = "a measurement that cannot go on has none to give; of the tests' support not all is used"
)]

#[path = "support/headless.rs"]
mod headless;
#[path = "../tests/it/support/keyring.rs"]
mod keyring;
#[path = "../tests/it/support/painted.rs"]
mod painted;
#[path = "../tests/it/support/session.rs"]
mod session;
#[path = "../tests/it/support/window.rs"]
mod window;

use std::fmt::Write as _;
use std::fs;
use std::path::Path;
use std::time::{Duration, Instant};

use bedrock_playground::emulator::Pace;
use bedrock_playground::tasks::{Demo, SessionOptions};
use serde_json::json;

use headless::{Frames, Motion, median, quantile};
use window::{ChosenFiles, click, drop_files, open, shows, wait_for, wait_until, write};

const FRAMES: usize = 600;
const IMAGES: usize = 10_000;
/// Models beside those that a comparison begins with.
const MORE_MODELS: [&str; 4] = [
    "amazon.nova-pro-v1:0",
    "amazon.nova-micro-v1:0",
    "meta.llama3-8b-instruct-v1:0",
    "mistral.mistral-7b-instruct-v0:2",
];

/// Milliseconds of each frame of a screen.
type Measure = fn() -> Vec<f64>;

/// What is measured, by name; arguments choose those whose name has one of them.
const SCREENS: [(&str, Measure); 6] = [
    ("chat, 10 turns", || chat(10)),
    ("chat, 1,000 turns, 1 MB of Markdown", || chat(1_000)),
    ("catalog", catalog),
    ("compare, 8 columns streaming", compare),
    ("alt text, 100 rows", || alt_text(100)),
    ("alt text, 10,000 rows", || alt_text(IMAGES)),
];

fn main() {
    // As the program does.
    bedrock_playground_heap::give_back_what_is_freed();
    let wanted: Vec<String> = std::env::args()
        .skip(1)
        .filter(|argument| !argument.starts_with("--"))
        .collect();
    println!(
        "{:<44} {:>10} {:>10} {:>10}",
        "frame, processor time", "median ms", "p99 ms", "most ms"
    );
    let mut chats = Vec::new();
    for (name, measure) in SCREENS {
        if wanted.is_empty() || wanted.iter().any(|wanted| name.contains(wanted.as_str())) {
            let times = measure();
            print(name, &times);
            if name.starts_with("chat") {
                chats.push(median(&times));
            }
        }
    }
    if let [short, long] = chats[..] {
        println!("\n1,000 turns to 10 turns: {:.3}", long / short);
    }
}

fn print(what: &str, times: &[f64]) {
    println!(
        "{what:<44} {:>10.3} {:>10.3} {:>10.3}",
        median(times),
        quantile(times, 99),
        quantile(times, 100)
    );
}

fn session(pace: Pace) -> SessionOptions {
    SessionOptions {
        demo: Demo::Always,
        pace,
        ..SessionOptions::default()
    }
}

/// A conversation of so many turns, a kilobyte of Markdown each, scrolled to and fro.
fn chat(turns: usize) -> Vec<f64> {
    let folder = tempfile::tempdir().expect("a folder");
    let file = folder.path().join("conversation.json");
    fs::write(&file, conversation(turns)).expect("written");
    let files = ChosenFiles::default();
    files.choose(&file);
    let mut harness = open(session(Pace::Instant), files, None);
    wait_for(&mut harness, "Model: Nova Lite");
    click(&mut harness, "Export or import");
    wait_for(&mut harness, "Import a conversation…");
    click(&mut harness, "Import a conversation…");
    let last = format!("Part {}", turns - 1);
    wait_until(&mut harness, "the conversation", |harness| {
        shows(harness, &last)
    });
    Frames::of(harness).measure(FRAMES, Motion::Scrolling)
}

fn conversation(turns: usize) -> String {
    let messages: Vec<_> = (0..turns)
        .map(|turn| {
            let role = if turn % 2 == 0 { "user" } else { "assistant" };
            json!({ "role": role, "content": [{ "text": markdown(turn) }] })
        })
        .collect();
    json!({ "modelId": "amazon.nova-lite-v1:0", "messages": messages }).to_string()
}

/// A kilobyte with a heading, a list, a table and code.
fn markdown(turn: usize) -> String {
    let mut text = format!("## Part {turn}\n\n");
    for item in 0..4 {
        writeln!(
            text,
            "- **item {item}** of part {turn}, with `code` and *emphasis*"
        )
        .expect("text");
    }
    text.push_str("\n| a | b | c |\n|---|---|---|\n");
    for row in 0..4 {
        writeln!(text, "| {row} | {} | {turn} |", row * 7).expect("text");
    }
    text.push_str("\n```rust\nfn main() {\n    println!(\"{}\", 6 * 7);\n}\n```\n\n");
    while text.len() < 1_000 {
        text.push_str("A sentence that says little and goes on for a while. ");
    }
    text
}

fn catalog() -> Vec<f64> {
    let mut harness = open(session(Pace::Instant), ChosenFiles::default(), None);
    wait_for(&mut harness, "Model: Nova Lite");
    click(&mut harness, "Model catalog");
    wait_for(&mut harness, "Nova Lite");
    Frames::of(harness).measure(FRAMES, Motion::Scrolling)
}

fn compare() -> Vec<f64> {
    let mut harness = open(session(Pace::Believable), ChosenFiles::default(), None);
    wait_for(&mut harness, "Model: Nova Lite");
    click(&mut harness, "Compare models");
    // Four models are there at first.
    wait_for(&mut harness, "Ask Nova Lite again");
    for id in MORE_MODELS {
        click(&mut harness, "Add model");
        wait_for(&mut harness, "Model id or ARN");
        write(&mut harness, "Model id or ARN", id);
        click(&mut harness, "Apply");
        harness.step();
        harness.step();
    }
    write(
        &mut harness,
        "Prompt",
        "Write a long report about rivers, with tables and lists.",
    );
    harness.key_press_modifiers(egui::Modifiers::COMMAND, egui::Key::Enter);
    harness.step();
    wait_for(&mut harness, "Stop");
    // As fast as a screen shows them, for as long as they stream.
    Frames::of(harness).measure_for(Duration::from_secs(6), Duration::from_millis(16))
}

fn alt_text(count: usize) -> Vec<f64> {
    let folder = tempfile::tempdir().expect("a folder");
    for number in 0..count {
        picture(
            &folder.path().join(format!("picture{number:05}.png")),
            number,
        );
    }
    let mut harness = open(session(Pace::Instant), ChosenFiles::default(), None);
    wait_for(&mut harness, "Model: Nova Lite");
    click(&mut harness, "Alt text");
    wait_for(&mut harness, "Drop images or folders here");
    drop_files(&mut harness, &[folder.path()]);
    wait_for(&mut harness, "images were found");
    click(&mut harness, "Add them");
    let images = match count {
        IMAGES => "10,000".to_owned(),
        few => few.to_string(),
    };
    let write = format!("Write alt text for {images} images");
    wait_for(&mut harness, &write);
    click(&mut harness, &write);
    let deadline = Instant::now() + Duration::from_secs(600);
    let done = format!("0 of {images} approved");
    while !shows(&harness, &done) {
        assert!(Instant::now() < deadline, "the texts did not come");
        for _ in 0..20 {
            harness.step();
        }
    }
    Frames::of(harness).measure(FRAMES, Motion::Scrolling)
}

fn picture(path: &Path, number: usize) {
    let byte = |shift: usize| u8::try_from((number >> shift) & 0xff).unwrap_or_default();
    image::RgbImage::from_pixel(16, 12, image::Rgb([byte(0), byte(8), 120]))
        .save(path)
        .expect("saved");
}
