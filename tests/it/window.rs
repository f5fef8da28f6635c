//! What a person does in the window, end to end through the embedded endpoint.

use std::io::Cursor;
use std::path::{Path, PathBuf};

use bedrock_playground::emulator::Pace;
use bedrock_playground::ui::App;
use egui::{Key, Modifiers};
use egui_kittest::Harness;
use egui_kittest::kittest::{NodeT as _, Queryable as _};

use crate::support::session::{embedded, embedded_at, service_at};
use crate::support::window::{
    ChosenFiles, click, connected, drop_files, on_screen, shows, wait_for, wait_until, window,
    window_with,
};

/// A gradient with something in it, as a camera would write it.
fn photograph(folder: &Path, name: &str) -> PathBuf {
    let image = image::RgbImage::from_fn(640, 400, |x, y| {
        let blue = if y < 160 { 220 } else { 60 };
        image::Rgb([if x > 320 { 30 } else { 50 }, 90, blue])
    });
    let path = folder.join(name);
    image.save(&path).expect("the photograph can be written");
    path
}

fn type_prompt(harness: &mut Harness<'static, App>, text: &str) {
    let field = harness.get_by_label("Prompt");
    field.focus();
    harness.step();
    harness.get_by_label("Prompt").type_text(text);
    harness.step();
}

#[test]
fn every_screen_says_that_answers_are_simulated() {
    let mut harness = connected();
    for screen in ["Chat playground", "Model catalog"] {
        harness
            .get_by_role_and_label(egui::accesskit::Role::Button, screen)
            .click();
        harness.step();
        harness.step();
        assert!(
            shows(&harness, "Demo: simulated answers"),
            "{}",
            on_screen(&harness)
        );
    }
}

#[test]
fn the_catalog_lists_every_model_and_finds_one() {
    let mut harness = connected();
    click(&mut harness, "Model catalog");
    wait_for(&mut harness, "183 models");
    harness.get_by_label("Find models").focus();
    harness.step();
    harness
        .get_by_label("Find models")
        .type_text("nova lite amazon");
    wait_for(&mut harness, "of 183 models");
    harness
        .get_by_label_contains("amazon.nova-lite-v1:0")
        .click();
    wait_for(&mut harness, "Open in chat playground");
    assert!(
        shows(&harness, "$0.06"),
        "the input price is shown: {}",
        on_screen(&harness)
    );
    click(&mut harness, "Open in chat playground");
    wait_for(&mut harness, "Model: Nova Lite");
}

#[test]
fn an_answer_streams_in_with_tokens_time_and_cost() {
    let mut harness = connected();
    type_prompt(&mut harness, "Explain inference profiles");
    harness.key_press_modifiers(Modifiers::COMMAND, Key::Enter);
    wait_for(&mut harness, "Regenerate");
    for text in [
        "Tokens in",
        "Tokens out",
        "Latency",
        "First token",
        "Stop reason",
        "end_turn",
        "not charged",
        "Request id",
        "bundled 2026-11-21",
        "Simulated",
    ] {
        wait_for(&mut harness, text);
    }
}

#[test]
fn a_dropped_photograph_becomes_alt_text_with_its_price() {
    let folder = tempfile::tempdir().expect("a folder");
    let photograph = photograph(folder.path(), "lake.jpg");
    let mut harness = connected();
    drop_files(&mut harness, &[&photograph]);
    wait_for(&mut harness, "lake.jpg");
    wait_for(&mut harness, "640 × 400");
    wait_for(&mut harness, "Write alt text");
    click(&mut harness, "Write alt text");
    wait_for(&mut harness, "Regenerate");
    assert!(
        shows(&harness, "640"),
        "the answer speaks of the picture: {}",
        on_screen(&harness)
    );
    assert!(shows(&harness, "not charged"), "{}", on_screen(&harness));
}

#[test]
fn the_file_dialog_attaches_too() {
    let folder = tempfile::tempdir().expect("a folder");
    let files = ChosenFiles::default();
    files
        .0
        .lock()
        .expect("not poisoned")
        .push(photograph(folder.path(), "chosen.png"));
    let mut harness = window_with(embedded(), files);
    wait_for(&mut harness, "Model: Nova Lite");
    harness.key_press_modifiers(Modifiers::COMMAND, Key::O);
    wait_for(&mut harness, "chosen.png");
}

#[test]
fn a_pasted_picture_is_attached() {
    let mut harness = connected();
    let picture = egui::ColorImage::filled([40, 30], egui::Color32::RED);
    harness.event(egui::Event::PasteImage(std::sync::Arc::new(picture)));
    wait_for(&mut harness, "40 × 30");
}

#[test]
fn bad_files_are_named_with_their_reason_and_the_rest_goes_on() {
    let folder = tempfile::tempdir().expect("a folder");
    let at = |name: &str| folder.path().join(name);
    std::fs::write(at("notes.txt"), "not a picture").expect("written");
    std::fs::write(at("empty.png"), "").expect("written");
    std::fs::create_dir(at("holiday")).expect("made");
    let whole = {
        let mut bytes = Vec::new();
        image::RgbImage::new(300, 200)
            .write_to(&mut Cursor::new(&mut bytes), image::ImageFormat::Jpeg)
            .expect("encoded");
        bytes
    };
    std::fs::write(at("cut.jpg"), &whole[..whole.len() / 3]).expect("written");
    std::fs::write(at("bomb.png"), png_header(50_000, 50_000)).expect("written");
    let good = photograph(folder.path(), "good.jpg");
    let mut harness = connected();
    drop_files(
        &mut harness,
        &[
            &at("notes.txt"),
            &at("empty.png"),
            &at("holiday"),
            &at("cut.jpg"),
            &at("bomb.png"),
            &good,
        ],
    );
    for name in ["notes.txt", "empty.png", "holiday", "cut.jpg", "bomb.png"] {
        wait_for(&mut harness, name);
    }
    wait_for(&mut harness, "640 × 400");
    wait_for(&mut harness, "Write alt text");
}

/// A PNG that claims a size and has hardly a byte behind it: signature, IHDR with its CRC, IEND.
fn png_header(width: u32, height: u32) -> Vec<u8> {
    let mut bytes = Vec::new();
    image::RgbImage::new(1, 1)
        .write_to(&mut Cursor::new(&mut bytes), image::ImageFormat::Png)
        .expect("encoded");
    bytes[16..20].copy_from_slice(&width.to_be_bytes());
    bytes[20..24].copy_from_slice(&height.to_be_bytes());
    let crc = crc32(&bytes[12..29]);
    bytes[29..33].copy_from_slice(&crc.to_be_bytes());
    bytes
}

/// PNG specification, annex D.
fn crc32(data: &[u8]) -> u32 {
    !data.iter().fold(!0_u32, |crc, byte| {
        (0..8).fold(crc ^ u32::from(*byte), |crc, _| {
            (crc >> 1) ^ (0xedb8_8320 & 0_u32.wrapping_sub(crc & 1))
        })
    })
}

#[test]
fn buttons_that_do_nothing_say_why() {
    let mut harness = connected();
    assert!(
        shows(&harness, "Write a prompt or attach an image first"),
        "{}",
        on_screen(&harness)
    );
    harness.key_press_modifiers(Modifiers::COMMAND, Key::Enter);
    harness.run_steps(3);
    assert!(!shows(&harness, "Regenerate"), "nothing was sent");
}

#[test]
fn stopping_keeps_what_has_come() {
    let mut harness = window(embedded_at(Pace::Believable));
    wait_for(&mut harness, "Model: Nova Lite");
    type_prompt(&mut harness, "Write at length about rivers");
    harness.key_press_modifiers(Modifiers::COMMAND, Key::Enter);
    wait_for(&mut harness, "Copy answer");
    click(&mut harness, "Stop");
    wait_for(&mut harness, "Stopped; what came before is kept");
    assert!(
        shows(&harness, "Copy answer"),
        "the text is still there: {}",
        on_screen(&harness)
    );
}

/// The list of models, with those that have these words.
fn models_found(words: &str) -> Harness<'static, App> {
    let mut harness = connected();
    click(&mut harness, "Model: Nova Lite");
    wait_for(&mut harness, "Select model");
    harness.get_by_label("Search models").type_text(words);
    harness.run_steps(3);
    harness
}

#[test]
fn another_model_can_be_chosen() {
    let mut harness = models_found("nova pro");
    click(&mut harness, "Nova Pro reads images");
    click(&mut harness, "Apply");
    wait_for(&mut harness, "Model: Nova Pro");
}

#[test]
fn what_is_found_is_taken_by_enter() {
    let mut harness = models_found("nova mic");
    harness.key_press(Key::Enter);
    wait_for(&mut harness, "Model: Nova Micro");
    wait_until(&mut harness, "the caret in the prompt", |harness| {
        harness.get_by_label("Prompt").is_focused()
    });
}

#[test]
fn the_keys_go_through_what_is_found() {
    // By their names: Express, Lite, Premier.
    let mut harness = models_found("titan text");
    for key in [Key::ArrowDown, Key::ArrowDown, Key::ArrowDown, Key::ArrowUp] {
        harness.key_press(key);
        harness.step();
    }
    harness.key_press(Key::Enter);
    wait_for(&mut harness, "Model: Titan Text Lite");
}

#[test]
fn what_is_not_found_changes_no_model() {
    let mut harness = models_found("no such model");
    wait_for(&mut harness, "No model matches the search");
    harness.key_press(Key::Enter);
    harness.run_steps(3);
    assert!(shows(&harness, "Select model"), "still choosing");
    click(&mut harness, "Cancel");
    wait_for(&mut harness, "Model: Nova Lite");
}

#[test]
fn models_of_one_name_are_told_apart_in_the_list() {
    let mut harness = models_found("haiku 4.5");
    click(
        &mut harness,
        "Claude Haiku 4.5 claude-haiku-4-5 · reads images",
    );
    click(
        &mut harness,
        "Claude Haiku 4.5 …20251001-v1:0 · reads images",
    );
}

#[test]
fn the_profile_that_fits_the_region_stands_first() {
    let mut harness = models_found("haiku 4.5");
    click(
        &mut harness,
        "Claude Haiku 4.5 …20251001-v1:0 · reads images",
    );
    harness.run_steps(3);
    let mut profiles: Vec<_> = harness
        .query_all_by(|node| {
            node.label()
                .is_some_and(|label| label.ends_with("inference profile"))
        })
        .map(|node| (node.rect().top(), node.accesskit_node().label()))
        .collect();
    profiles.sort_by(|one, other| one.0.total_cmp(&other.0));
    assert!(profiles.len() > 2, "{profiles:?}");
    // The demo plays us-east-1.
    let first = profiles.first().and_then(|(_, label)| label.as_deref());
    assert_eq!(first, Some("US inference profile"));
}

#[test]
fn a_refused_connection_is_explained_and_can_be_tried_again() {
    // A port nothing listens on: it was ours a moment ago.
    let port = std::net::TcpListener::bind("127.0.0.1:0")
        .and_then(|listener| listener.local_addr())
        .expect("a port")
        .port();
    let mut harness = window(service_at(&format!("http://127.0.0.1:{port}")));
    wait_for(&mut harness, "Try again");
    wait_until(&mut harness, "naming the refusal", |harness| {
        shows(harness, "refused")
    });
}

#[test]
fn an_arn_can_be_typed() {
    let mut harness = connected();
    click(&mut harness, "Model: Nova Lite");
    wait_for(&mut harness, "Select model");
    let arn = "arn:aws:bedrock:us-east-1:123456789012:inference-profile/us.amazon.nova-pro-v1:0";
    harness.get_by_label("Model id or ARN").focus();
    harness.step();
    harness.get_by_label("Model id or ARN").type_text(arn);
    harness.run_steps(2);
    harness.key_press(Key::Enter);
    wait_for(&mut harness, "Model: Nova Pro");
    type_prompt(&mut harness, "Rivers");
    harness.key_press_modifiers(Modifiers::COMMAND, Key::Enter);
    wait_for(&mut harness, "end_turn");
}
