//! Embeddings in the window, through the embedded endpoint.

use std::fs;
use std::path::Path;

use bedrock_playground::ui::App;
use egui_kittest::Harness;
use egui_kittest::kittest::Queryable as _;

use crate::support::session::embedded;
use crate::support::window::{
    ChosenFiles, click, drop_files, keeping_window_with, quit, shows, wait_for, wait_until, write,
};

const FIELD: &str = "New texts, one a line";

fn embeddings_window(data: &Path, chosen: ChosenFiles) -> Harness<'static, App> {
    let mut harness = keeping_window_with(embedded(), data, chosen);
    click(&mut harness, "Embeddings");
    wait_for(&mut harness, "Texts become vectors");
    harness
}

fn add(harness: &mut Harness<'static, App>, texts: &str, button: &str) {
    write(harness, FIELD, texts);
    click(harness, button);
}

/// Three texts, two of which share words.
fn three_with_vectors(data: &Path, chosen: ChosenFiles) -> Harness<'static, App> {
    let mut harness = embeddings_window(data, chosen);
    add(
        &mut harness,
        "a red fox in the snow\nthe red fox sleeps\nquarterly revenue grew",
        "Add 3",
    );
    wait_for(&mut harness, "tokens in 3 requests");
    click(&mut harness, "Embed 3 texts");
    wait_for(&mut harness, "tokens in 3 requests, simulated, not charged");
    harness
}

#[test]
fn texts_get_vectors_and_the_nearest_are_told() {
    let data = tempfile::tempdir().unwrap();
    let mut harness = three_with_vectors(data.path(), ChosenFiles::default());
    click(&mut harness, "Text 1: a red fox in the snow");
    wait_for(&mut harness, "1,024 numbers");
    wait_until(&mut harness, "the nearest stands first", |harness| {
        // The rows of the list begin with "Text", those of the nearest with a number.
        let near = |text: &str| {
            let is_near = |label: &str| label.ends_with(text) && !label.starts_with("Text");
            harness
                .query_all_by(|node| node.label().is_some_and(|label| is_near(&label)))
                .map(|node| node.rect().top())
                .next()
        };
        let (fox, revenue) = (
            near("  the red fox sleeps"),
            near("  quarterly revenue grew"),
        );
        fox.zip(revenue).is_some_and(|(fox, revenue)| fox < revenue)
    });
    click(&mut harness, "Similarity");
    wait_for(&mut harness, "Similarity of 3 texts, from");
    click(&mut harness, "Map");
    wait_for(&mut harness, "Map of 3 texts");
}

#[test]
fn what_cannot_be_sent_is_said_and_left_out() {
    let data = tempfile::tempdir().unwrap();
    let mut harness = embeddings_window(data.path(), ChosenFiles::default());
    let long = "a".repeat(50_001);
    let file = data.path().join("long.txt");
    fs::write(&file, format!("short\n{long}\n")).unwrap();
    drop_files(&mut harness, &[&file]);
    wait_for(&mut harness, "1 text cannot be sent");
    wait_for(&mut harness, "Text 2: The text has 50001 characters");
    click(&mut harness, "Leave them out");
    wait_for(&mut harness, "Embed 1 text");
    assert!(!shows(&harness, "cannot be sent"));
    click(&mut harness, "Bring back what was removed");
    wait_for(&mut harness, "1 text cannot be sent");
}

#[test]
fn ten_thousand_texts_are_asked_about_with_their_price() {
    let data = tempfile::tempdir().unwrap();
    let mut harness = embeddings_window(data.path(), ChosenFiles::default());
    let file = data.path().join("many.csv");
    let rows: Vec<String> = (0..10_000).map(|n| format!("text number {n}")).collect();
    fs::write(&file, format!("text\n{}\n", rows.join("\n"))).unwrap();
    drop_files(&mut harness, &[&file]);
    wait_for(&mut harness, "tokens in 10,000 requests");
    click(&mut harness, "Embed 10,000 texts");
    wait_for(&mut harness, "Send 10,000 requests?");
    click(&mut harness, "Do not send");
    wait_for(&mut harness, "Embed 10,000 texts");
    assert!(!shows(&harness, "Send 10,000 requests?"));
}

#[test]
fn other_dimensions_make_all_vectors_anew() {
    let data = tempfile::tempdir().unwrap();
    let mut harness = three_with_vectors(data.path(), ChosenFiles::default());
    choose_dimensions(&mut harness, "256");
    wait_for(&mut harness, "made with other settings");
    click(&mut harness, "Embed 3 texts anew");
    wait_for(&mut harness, "tokens in 6 requests");
    click(&mut harness, "Text 2: the red fox sleeps");
    wait_for(&mut harness, "256 numbers");
}

#[test]
fn vectors_are_saved_and_the_list_comes_back_from_the_history() {
    let data = tempfile::tempdir().unwrap();
    let out = data.path().join("vectors.npy");
    let chosen = ChosenFiles::default();
    chosen.choose(&out);
    let mut harness = three_with_vectors(data.path(), chosen);
    wait_until(&mut harness, "there is something to export", |harness| {
        !shows(harness, "Working out")
    });
    click(&mut harness, "Export vectors");
    click(&mut harness, "Vectors as NumPy…");
    wait_for(&mut harness, "Saved to");
    let bytes = fs::read(&out).unwrap();
    // 128 bytes of head, and 3 × 1,024 numbers of four bytes.
    assert_eq!(bytes.len(), 128 + 3 * 1_024 * 4);

    quit(harness);
    let mut harness = embeddings_window(data.path(), ChosenFiles::default());
    click(&mut harness, "History");
    wait_for(&mut harness, "Embeddings: a red fox in the snow and 2 more");
    click(
        &mut harness,
        "Open conversation Embeddings: a red fox in the snow and 2 more",
    );
    wait_for(&mut harness, "Text 3: quarterly revenue grew");
    wait_for(&mut harness, "tokens in 3 requests, simulated");
    click(&mut harness, "Similarity");
    wait_for(&mut harness, "Similarity of 3 texts, from");
}

fn choose_dimensions(harness: &mut Harness<'static, App>, dimensions: &str) {
    harness
        .get_by_role_and_label(egui::accesskit::Role::ComboBox, "Dimensions")
        .click_accesskit();
    harness.step();
    harness.step();
    click(harness, dimensions);
}

/// How much there is to paint in a frame.
fn painted(harness: &mut Harness<'static, App>) -> usize {
    wait_until(harness, "nothing is being worked out", |harness| {
        !shows(harness, "Working out")
    });
    for _ in 0..3 {
        harness.step();
    }
    harness.output().shapes.len()
}

#[test]
fn a_pasted_picture_joins_the_list_where_the_model_takes_pictures() {
    let data = tempfile::tempdir().unwrap();
    let mut harness = embeddings_window(data.path(), ChosenFiles::default());
    let paste = |harness: &mut Harness<'static, App>| {
        let picture = egui::ColorImage::filled([40, 30], egui::Color32::RED);
        harness.event(egui::Event::PasteImage(picture.into()));
        harness.step();
    };
    paste(&mut harness);
    wait_for(&mut harness, "This model embeds texts only");
    assert!(shows(&harness, "Texts become vectors"), "still here");
    click(&mut harness, "Embedding model");
    click(&mut harness, "Titan Multimodal Embeddings G1");
    paste(&mut harness);
    wait_for(&mut harness, "Text 1: pasted-");
    click(&mut harness, "Embed 1 text");
    wait_for(&mut harness, "in 1 request, simulated");
}

/// What is worked out of the vectors takes the time of their numbers, and unoptimised much of it: these
/// are short. What a frame costs does not depend on their length.
#[test]
fn a_frame_does_not_grow_with_the_number_of_texts() {
    let mut counts = Vec::new();
    for count in [60, 600] {
        let data = tempfile::tempdir().unwrap();
        let mut harness = embeddings_window(data.path(), ChosenFiles::default());
        let file = data.path().join("many.txt");
        let rows: Vec<String> = (0..count).map(|n| format!("text number {n}")).collect();
        fs::write(&file, rows.join("\n")).unwrap();
        drop_files(&mut harness, &[&file]);
        click(&mut harness, "Embedding model");
        click(&mut harness, "Embed v4");
        choose_dimensions(&mut harness, "256");
        click(&mut harness, &format!("Embed {count} texts"));
        // 96 at once.
        let requests = match usize::div_ceil(count, 96) {
            1 => "tokens in 1 request, simulated".to_owned(),
            requests => format!("tokens in {requests} requests, simulated"),
        };
        wait_for(&mut harness, &requests);
        // Rows can be removed once the last answer is taken in and the work has ended.
        wait_for(&mut harness, "Remove text 1");
        let texts = painted(&mut harness);
        click(&mut harness, "Similarity");
        wait_for(&mut harness, &format!("Similarity of {count} texts"));
        let similarity = painted(&mut harness);
        click(&mut harness, "Map");
        wait_for(&mut harness, &format!("Map of {count} texts"));
        let map = painted(&mut harness);
        // Neighbours are sought in the background, and a dozen of them are shown.
        click(&mut harness, "Texts");
        click(&mut harness, "Text 1: text number 0");
        wait_for(&mut harness, "256 numbers");
        wait_for(&mut harness, "  text number");
        counts.push((texts, similarity, painted(&mut harness), map));
    }
    let (few, many) = (counts[0], counts[1]);
    // As many rows fit into the window; the scroll bar may be there or not.
    assert!(many.0 <= few.0 + 8, "{few:?} against {many:?}");
    assert!(many.1 <= few.1 + 8, "{few:?} against {many:?}");
    assert!(many.2 <= few.2 + 8, "{few:?} against {many:?}");
    // A dot a text, and nothing else more.
    assert!(many.3 <= few.3 + 540 + 8, "{few:?} against {many:?}");
}
