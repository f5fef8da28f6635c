//! The image playground in the window, through the embedded endpoint.

use std::path::{Path, PathBuf};

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use bedrock_playground::emulator::Pace;
use bedrock_playground::images::parameters;
use bedrock_playground::store::{self, DataFolder, HistoryQuery, Screen, Store};
use bedrock_playground::ui::App;
use egui_kittest::Harness;
use egui_kittest::kittest::{NodeT as _, Queryable as _};
use rusqlite::{Connection, OpenFlags};
use tempfile::TempDir;

use crate::support::session::embedded;
use crate::support::window::{
    ChosenFiles, ask_and_wait, click, drop_files, go_to, keeping_window, keeping_window_with, quit,
    shows, wait_for, wait_until, write,
};

/// The playground in a folder of its own, with a file dialog that answers.
fn playground(data: &Path, chosen: ChosenFiles) -> Harness<'static, App> {
    let mut harness = keeping_window_with(embedded(), data, chosen);
    click(&mut harness, "Image playground");
    wait_for(&mut harness, "Say what the image shall show");
    harness
}

fn choose(harness: &mut Harness<'static, App>, combo: &str, option: &str) {
    harness
        .get_by(|node| {
            node.role() == egui::accesskit::Role::ComboBox && node.label().as_deref() == Some(combo)
        })
        .click_accesskit();
    wait_for(harness, option);
    harness.get_by_label(option).click_accesskit();
    harness.step();
    harness.step();
}

fn photograph(folder: &TempDir, name: &str) -> PathBuf {
    let path = folder.path().join(name);
    image::RgbImage::from_fn(512, 384, |x, y| {
        image::Rgb([
            u8::try_from(x / 2).expect("small"),
            u8::try_from(y / 2).expect("small"),
            90,
        ])
    })
    .save(&path)
    .expect("saved");
    path
}

fn generate(harness: &mut Harness<'static, App>, prompt: &str) {
    write(harness, "Prompt", prompt);
    harness.key_press_modifiers(egui::Modifiers::COMMAND, egui::Key::Enter);
    harness.step();
}

#[test]
fn words_become_pictures_that_can_be_looked_at_saved_and_found_again() {
    let data = tempfile::tempdir().unwrap();
    let chosen = ChosenFiles::default();
    let mut harness = playground(data.path(), chosen.clone());
    // Stable Diffusion 3.5 Large, by the table.
    wait_for(&mut harness, "1 image, simulated ($0.08 on AWS)");
    generate(&mut harness, "A red fox in snow");
    wait_for(&mut harness, "Look at image 1: A red fox in snow");
    assert!(shows(&harness, "Simulated"));

    click(&mut harness, "Look at image 1: A red fox in snow");
    wait_for(&mut harness, "Text to image, stability");
    let file = data.path().join("fox.png");
    chosen.choose(&file);
    click(&mut harness, "Save…");
    wait_for(&mut harness, "Saved to");
    let written = parameters::read(&std::fs::read(&file).unwrap()).expect("parameters");
    assert_eq!(written.draft.prompt, "A red fox in snow");
    assert!(written.simulated && written.draft.seed.is_some());
    click(&mut harness, "Close");
    quit(harness);

    // In the history, and as it was.
    let folder = DataFolder::find(Some(data.path())).unwrap();
    let store = Store::open(&folder).unwrap().store;
    let query = HistoryQuery {
        screen: Some(Screen::images()),
        text: "fox".to_owned(),
        ..HistoryQuery::default()
    };
    assert_eq!(store.history(&query).unwrap().rows.len(), 1);
    drop(store);
    let mut harness = keeping_window(data.path(), Pace::Instant);
    click(&mut harness, "History");
    wait_for(&mut harness, "Images: A red fox in snow");
    harness
        .get_all_by_label_contains("Images: A red fox in snow")
        .next()
        .expect("a row")
        .click_accesskit();
    harness.step();
    wait_for(&mut harness, "Look at image 1: A red fox in snow");
}

/// The record of the first picture of the only gallery, once it is on the disk.
fn record(data: &Path) -> Option<String> {
    let folder = DataFolder::find(Some(data)).ok()?;
    let database = folder.file("playground.db");
    let database = Connection::open_with_flags(database, OpenFlags::SQLITE_OPEN_READ_ONLY).ok()?;
    let query = "SELECT record FROM parts WHERE place = 1";
    database.query_row(query, [], |row| row.get(0)).ok()
}

#[test]
fn pictures_are_files_beside_the_history_and_the_first_form_still_opens() {
    let data = tempfile::tempdir().unwrap();
    let mut harness = playground(data.path(), ChosenFiles::default());
    generate(&mut harness, "A red fox in snow");
    wait_for(&mut harness, "Look at image 1: A red fox in snow");
    quit(harness);

    let folder = DataFolder::find(Some(data.path())).unwrap();
    let database = Connection::open(folder.file("playground.db")).unwrap();
    let kept = record(data.path()).expect("a record");
    assert!(
        kept.len() < 4_000,
        "the record only names the picture: {kept}"
    );
    let store = Store::open(&folder).unwrap().store;
    let rows = store.history(&HistoryQuery::default()).unwrap().rows;
    let part = store.load_parts(rows[0].id).unwrap().parts.pop().unwrap();
    let picture = part.files[0].bytes().clone();
    assert!(
        parameters::read(&picture).is_some(),
        "the file is the whole picture"
    );

    // As it was kept at first: in the record.
    let mut first_form: serde_json::Value = serde_json::from_str(&kept).unwrap();
    let head = first_form["picture"].as_object_mut().unwrap();
    head.remove("file").expect("a file's name");
    head.insert("bytes".to_owned(), STANDARD.encode(&picture).into());
    database
        .execute_batch("DELETE FROM part_attachments; DELETE FROM attachments")
        .unwrap();
    let changed = database
        .execute(
            "UPDATE parts SET record = ?1 WHERE place = 1",
            [first_form.to_string()],
        )
        .unwrap();
    assert_eq!(changed, 1);
    store.collect_attachments().unwrap();
    drop((store, picture, part));

    let mut harness = keeping_window(data.path(), Pace::Instant);
    click(&mut harness, "History");
    wait_for(&mut harness, "Images: A red fox in snow");
    harness
        .get_all_by_label_contains("Images: A red fox in snow")
        .next()
        .expect("a row")
        .click_accesskit();
    wait_for(&mut harness, "Look at image 1: A red fox in snow");
    let looked_at = record(data.path()).expect("a record");
    assert!(looked_at.len() > 4_000, "looking changes nothing");
    // What is saved next takes it along into its file.
    generate(&mut harness, "A red fox in rain");
    wait_for(&mut harness, "Look at image 2");
    wait_until(&mut harness, "the record of a file", |_| {
        record(data.path()).as_ref() == Some(&kept)
    });
}

#[test]
fn all_are_saved_at_once_and_nothing_is_written_over() {
    let data = tempfile::tempdir().unwrap();
    let chosen = ChosenFiles::default();
    let mut harness = playground(data.path(), chosen.clone());
    generate(&mut harness, "one");
    wait_for(&mut harness, "Look at image 1");
    generate(&mut harness, " more");
    wait_for(&mut harness, "Look at image 2");
    let folder = tempfile::tempdir().unwrap();
    chosen.choose(folder.path());
    for expected in [2, 4] {
        click(&mut harness, "Save all…");
        wait_until(&mut harness, "the files", |_| {
            std::fs::read_dir(folder.path()).unwrap().count() == expected
        });
        wait_for(&mut harness, "Saved 2 images to");
    }
    for entry in std::fs::read_dir(folder.path()).unwrap() {
        let bytes = std::fs::read(entry.unwrap().path()).unwrap();
        let prompt = parameters::read(&bytes).expect("parameters").draft.prompt;
        assert!(["one", "one more"].contains(&prompt.as_str()), "{prompt}");
    }
}

#[test]
fn a_pasted_picture_is_the_one_that_is_worked_on() {
    let data = tempfile::tempdir().unwrap();
    let mut harness = playground(data.path(), ChosenFiles::default());
    choose(&mut harness, "Task", "Remove background");
    let picture = egui::ColorImage::filled([400, 300], egui::Color32::RED);
    harness.event(egui::Event::PasteImage(picture.into()));
    wait_for(&mut harness, "Remove pasted image");
    click(&mut harness, "Generate");
    wait_for(&mut harness, "Look at image 1: Remove background");
}

#[test]
fn the_request_is_shown_before_and_after_it_is_sent() {
    let data = tempfile::tempdir().unwrap();
    let mut harness = playground(data.path(), ChosenFiles::default());
    choose(&mut harness, "Task", "Remove background");
    let file = photograph(&data, "photo.png");
    drop_files(&mut harness, &[&file]);
    wait_for(&mut harness, "Remove photo.png");
    click(&mut harness, "View request");
    wait_for(&mut harness, "\"output_format\": \"png\"");
    wait_for(&mut harness, "\"image\": \"<");
    click(&mut harness, "AWS CLI");
    wait_for(&mut harness, "aws bedrock-runtime invoke-model");
    wait_for(&mut harness, "$(base64 < image-1.png");
    click(&mut harness, "Close");
    click(&mut harness, "Generate");
    wait_for(&mut harness, "Look at image 1");
    click(&mut harness, "More for image 1");
    harness
        .get_all_by_label("View request")
        .last()
        .expect("in the menu")
        .click_accesskit();
    wait_for(&mut harness, "\"image\": \"<");
}

#[test]
fn a_picture_that_knows_its_parameters_gives_them_back() {
    let data = tempfile::tempdir().unwrap();
    let chosen = ChosenFiles::default();
    let mut harness = playground(data.path(), chosen.clone());
    choose(&mut harness, "Image model", "Nova Canvas (legacy)");
    click(&mut harness, "Premium");
    generate(&mut harness, "A lighthouse");
    wait_for(&mut harness, "Look at image 1: A lighthouse");
    let file = data.path().join("lighthouse.png");
    chosen.choose(&file);
    click(&mut harness, "Save image 1…");
    wait_for(&mut harness, "Saved to");
    quit(harness);

    let other = tempfile::tempdir().unwrap();
    let mut harness = playground(other.path(), ChosenFiles::default());
    drop_files(&mut harness, &[&file]);
    wait_for(&mut harness, "lighthouse.png knows what made it");
    click(&mut harness, "Restore parameters");
    wait_for(&mut harness, "amazon.nova-canvas-v1:0");
    assert!(shows(&harness, "A lighthouse"));
    assert!(shows(&harness, "Seed"), "the seed is locked");
}

#[test]
fn a_mask_is_painted_and_the_picture_is_changed_under_it() {
    let data = tempfile::tempdir().unwrap();
    let mut harness = playground(data.path(), ChosenFiles::default());
    choose(&mut harness, "Task", "Erase object");
    wait_for(&mut harness, "Add the image to work on");
    let file = photograph(&data, "photo.png");
    drop_files(&mut harness, &[&file]);
    wait_for(&mut harness, "Remove photo.png");
    wait_for(&mut harness, "Paint a mask, or open one from a file");
    click(&mut harness, "Paint the mask…");
    wait_for(&mut harness, "Image to mark");
    wait_until(&mut harness, "the image is decoded", |harness| {
        let canvas = harness.get_by_label("Image to mark");
        !canvas.accesskit_node().is_disabled()
    });
    let area = harness.get_by_label("Image to mark").rect();
    harness.drag_at(area.center());
    harness.step();
    harness.hover_at(area.center() + egui::vec2(60.0, 20.0));
    harness.step();
    harness.drop_at(area.center() + egui::vec2(60.0, 20.0));
    harness.step();
    click(&mut harness, "Use this mask");
    wait_for(&mut harness, "Change the mask…");
    // What was painted is there again, and can be taken back.
    click(&mut harness, "Change the mask…");
    wait_until(&mut harness, "the mask is read", |harness| {
        let undo = harness.get_by_label("Undo");
        !undo.accesskit_node().is_disabled()
    });
    click(&mut harness, "Undo");
    wait_until(&mut harness, "nothing is marked", |harness| {
        let done = harness.get_by_label("Use this mask");
        done.accesskit_node().is_disabled()
    });
    click(&mut harness, "Redo");
    click(&mut harness, "Use this mask");
    wait_for(&mut harness, "Change the mask…");
    click(&mut harness, "Generate");
    wait_for(&mut harness, "Look at image 1: Erase object");
    // It becomes the picture that is worked on.
    click(&mut harness, "Use image 1 as input");
    wait_for(&mut harness, "Remove image-");
}

#[test]
fn what_the_policy_rejects_and_the_service_refuses_is_said() {
    let data = tempfile::tempdir().unwrap();
    let mut harness = playground(data.path(), ChosenFiles::default());
    generate(&mut harness, "gore");
    wait_for(&mut harness, "Rejected by the content policy");
    wait_for(&mut harness, "Filter reason: prompt");
}

#[test]
fn several_are_made_at_once_compared_and_taken_out() {
    let data = tempfile::tempdir().unwrap();
    let mut harness = playground(data.path(), ChosenFiles::default());
    generate(&mut harness, "one");
    generate(&mut harness, " and two");
    wait_until(&mut harness, "two pictures", |harness| {
        shows(harness, "Look at image 1:") && shows(harness, "Look at image 2:")
    });
    click(&mut harness, "Compare image 1");
    click(&mut harness, "Compare image 2");
    click(&mut harness, "Compare the two");
    wait_for(&mut harness, "Two images");
    click(&mut harness, "Close");
    harness.step();
    click(&mut harness, "More for image 2");
    wait_for(&mut harness, "Ask about it in the chat");
    click(&mut harness, "Remove");
    wait_until(&mut harness, "one picture", |harness| {
        !shows(harness, "Look at image 2:")
    });
    click(&mut harness, "Bring the last removed image back");
    wait_for(&mut harness, "Look at image 2:");
    click(&mut harness, "More for image 1");
    wait_for(&mut harness, "Describe it");
    click(&mut harness, "Describe it");
    wait_for(&mut harness, "Write alt text for 1 image");
}

#[test]
fn what_cannot_be_saved_keeps_nothing_else_and_is_saved_when_it_can_be() {
    let data = tempfile::tempdir().unwrap();
    // Where pictures go stands a file of that name.
    let in_the_way = data.path().join("attachments");
    std::fs::write(&in_the_way, "mine").unwrap();
    let mut harness = playground(data.path(), ChosenFiles::default());
    generate(&mut harness, "A red fox in snow");
    wait_for(&mut harness, "Look at image 1: A red fox in snow");
    wait_for(&mut harness, "Not saved. ");
    click(&mut harness, "New gallery");
    wait_for(&mut harness, "Say what the image shall show");
    go_to(&mut harness, "Chat playground");
    ask_and_wait(&mut harness, "Name a river");
    let titles = || {
        let folder = DataFolder::find(Some(data.path())).unwrap();
        let store = Store::open(&folder).unwrap().store;
        let page = store.history(&HistoryQuery::default()).unwrap();
        let mut titles: Vec<_> = page.rows.into_iter().map(|row| row.title).collect();
        titles.sort();
        let all = store::UnixMs(0)..store::UnixMs(i64::MAX);
        (titles, store.ledger(all).unwrap().len())
    };
    wait_until(&mut harness, "the chat on the disk", |_| {
        titles() == (vec!["Name a river".to_owned()], 2)
    });
    std::fs::remove_file(&in_the_way).unwrap();
    wait_until(&mut harness, "the gallery on the disk", |_| {
        let both = ["Images: A red fox in snow", "Name a river"];
        titles() == (both.map(str::to_owned).to_vec(), 2)
    });
}
