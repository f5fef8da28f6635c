//! Alt text for many images, in the window, through the embedded endpoint.

use std::fs;
use std::path::{Path, PathBuf};

use bedrock_playground::emulator::Pace;
use bedrock_playground::media::xmp::{self, Descriptions};
use bedrock_playground::ui::App;
use egui::{Key, Modifiers};
use egui_kittest::Harness;
use egui_kittest::kittest::{NodeT as _, Queryable as _};
use image::{Rgb, RgbImage};
use tempfile::TempDir;

use crate::support::session::embedded;
use crate::support::window::{
    self, ChosenFiles, click, keeping_window, keeping_window_with, quit, wait_for, wait_until,
};

/// Pictures that differ, and a file that is none.
pub fn pictures(count: u8) -> (TempDir, Vec<PathBuf>) {
    let folder = tempfile::tempdir().expect("a folder");
    let mut files = Vec::new();
    for n in 0..count {
        let path = folder.path().join(format!("picture{n}.png"));
        RgbImage::from_pixel(64, 48, Rgb([n * 20, 90, 200 - n]))
            .save(&path)
            .expect("a saved picture");
        files.push(path);
    }
    fs::write(folder.path().join("notes.txt"), "no picture").expect("a saved file");
    (folder, files)
}

pub fn alt_text_window(data: &Path, chosen: ChosenFiles) -> Harness<'static, App> {
    let mut harness = keeping_window_with(embedded(), data, chosen);
    click(&mut harness, "Alt text");
    wait_for(&mut harness, "Drop images, folders or documents here");
    harness
}

pub fn drop_files(harness: &mut Harness<'static, App>, files: &[PathBuf]) {
    let files: Vec<&Path> = files.iter().map(PathBuf::as_path).collect();
    window::drop_files(harness, &files);
}

/// What the field of a picture says.
fn text_of(harness: &Harness<'static, App>, name: &str) -> Option<String> {
    let label = format!("Alt text of {name}");
    harness
        .query_all_by_label(&label)
        .next()
        .and_then(|node| node.accesskit_node().value())
}

fn all_have_texts(harness: &mut Harness<'static, App>, files: &[PathBuf]) {
    let names: Vec<String> = files
        .iter()
        .map(|file| file.file_name().expect("a name").to_string_lossy().into())
        .collect();
    wait_until(harness, "every picture has a text", |harness| {
        names
            .iter()
            .all(|name| text_of(harness, name).is_some_and(|text| !text.is_empty()))
    });
}

#[test]
fn a_dropped_folder_is_counted_and_asked_about_before_it_is_added() {
    let (folder, _) = pictures(3);
    let data = tempfile::tempdir().unwrap();
    let mut harness = alt_text_window(data.path(), ChosenFiles::default());
    drop_files(&mut harness, &[folder.path().to_owned()]);
    wait_for(&mut harness, "3 images were found");
    wait_for(&mut harness, "1 other files are left out");
    click(&mut harness, "Add them");
    wait_for(&mut harness, "Write alt text for 3 images");
}

#[test]
fn every_picture_gets_a_text_that_can_be_changed_approved_and_taken_back() {
    let (_folder, files) = pictures(3);
    let data = tempfile::tempdir().unwrap();
    let mut harness = alt_text_window(data.path(), ChosenFiles::default());
    drop_files(&mut harness, &files);
    wait_for(&mut harness, "Write alt text for 3 images");
    click(&mut harness, "Write alt text for 3 images");
    all_have_texts(&mut harness, &files);
    wait_for(&mut harness, "0 of 3 approved");
    let first = text_of(&harness, "picture0.png").unwrap();
    assert!(first.to_lowercase().contains("simulated"), "{first}");

    click(&mut harness, "Approve picture0.png");
    wait_for(&mut harness, "1 of 3 approved");
    wait_for(&mut harness, "Take back the approval of picture0.png");
    click(&mut harness, "Undo");
    wait_for(&mut harness, "0 of 3 approved");
    click(&mut harness, "Redo");
    wait_for(&mut harness, "1 of 3 approved");

    click(&mut harness, "Remove picture1.png");
    wait_for(&mut harness, "1 of 2 approved");
    click(&mut harness, "Undo");
    wait_for(&mut harness, "1 of 3 approved");
}

#[test]
fn a_file_that_is_no_picture_says_so_in_its_row_and_the_others_go_on() {
    let (folder, mut files) = pictures(2);
    let broken = folder.path().join("broken.jpg");
    fs::write(&broken, b"\xff\xd8\xff\xe0 and nothing else").unwrap();
    files.push(broken.clone());
    let data = tempfile::tempdir().unwrap();
    let mut harness = alt_text_window(data.path(), ChosenFiles::default());
    drop_files(&mut harness, &files);
    wait_for(&mut harness, "Write alt text for 3 images");
    click(&mut harness, "Write alt text for 3 images");
    all_have_texts(&mut harness, &files[..2]);
    wait_for(&mut harness, "Retry 1 failed");
    wait_for(&mut harness, "Failed 1");
    RgbImage::from_pixel(8, 8, Rgb([1, 2, 3]))
        .save(broken.with_extension("png"))
        .unwrap();
    fs::rename(broken.with_extension("png"), &broken).unwrap();
    click(&mut harness, "Retry 1 failed");
    all_have_texts(&mut harness, &files);
}

#[test]
fn the_list_stands_still_whatever_picture_is_looked_at() {
    let (folder, mut files) = pictures(2);
    let tall = folder.path().join("tall.png");
    RgbImage::from_pixel(40, 900, Rgb([9, 90, 9]))
        .save(&tall)
        .expect("a saved picture");
    files.push(tall);
    let data = tempfile::tempdir().unwrap();
    let mut harness = alt_text_window(data.path(), ChosenFiles::default());
    drop_files(&mut harness, &files);
    wait_for(&mut harness, "Look at tall.png");
    let end_of = |harness: &Harness<'static, App>| {
        let publish = harness.get_by_label("Publish the texts");
        publish.rect().right()
    };
    harness.run_steps(3);
    let before = end_of(&harness);
    let look_at_both = |harness: &mut Harness<'static, App>| {
        for name in ["picture0.png", "tall.png"] {
            click(harness, &format!("Look at {name}"));
            wait_for(harness, &format!("Large view of {name}"));
            harness.run_steps(3);
            assert!((end_of(harness) - before).abs() < 0.1, "{name}");
        }
    };
    look_at_both(&mut harness);
    click(&mut harness, "Write alt text for 3 images");
    all_have_texts(&mut harness, &files);
    // Texts bring what was said, and the ids of requests.
    look_at_both(&mut harness);
    wait_for(&mut harness, "Copy request id");
}

#[test]
fn a_list_goes_from_drop_to_approval_by_keyboard() {
    let (_folder, files) = pictures(2);
    let data = tempfile::tempdir().unwrap();
    let mut harness = alt_text_window(data.path(), ChosenFiles::default());
    drop_files(&mut harness, &files);
    wait_for(&mut harness, "Write alt text for 2 images");
    harness.key_press_modifiers(Modifiers::COMMAND, Key::Enter);
    all_have_texts(&mut harness, &files);
    harness.key_press(Key::ArrowDown);
    wait_for(&mut harness, "Large view of picture0.png");
    for _ in &files {
        harness.key_press_modifiers(Modifiers::COMMAND, Key::Enter);
        harness.step();
    }
    wait_for(&mut harness, "2 of 2 approved");
}

#[test]
fn a_list_that_was_left_goes_on_where_it_was() {
    let (_folder, files) = pictures(4);
    let data = tempfile::tempdir().unwrap();
    let mut harness = alt_text_window(data.path(), ChosenFiles::default());
    drop_files(&mut harness, &files[..2]);
    wait_for(&mut harness, "Write alt text for 2 images");
    click(&mut harness, "Write alt text for 2 images");
    all_have_texts(&mut harness, &files[..2]);
    click(&mut harness, "Approve picture1.png");
    wait_for(&mut harness, "1 of 2 approved");
    drop_files(&mut harness, &files[2..]);
    wait_for(&mut harness, "Go on: 2 left");
    let first = text_of(&harness, "picture0.png");
    quit(harness);

    let mut harness = keeping_window(data.path(), Pace::Instant);
    click(&mut harness, "Alt text");
    wait_for(&mut harness, "Go on: 2 left");
    assert_eq!(text_of(&harness, "picture0.png"), first);
    wait_for(&mut harness, "Take back the approval of picture1.png");
    click(&mut harness, "Go on: 2 left");
    all_have_texts(&mut harness, &files);
    quit(harness);

    // Nothing waits, and what nobody has approved is still to be read.
    let mut harness = keeping_window(data.path(), Pace::Instant);
    click(&mut harness, "Alt text");
    wait_for(&mut harness, "1 of 4 approved");
    click(&mut harness, "History");
    wait_for(
        &mut harness,
        "Open conversation Alt text: picture0.png and 3 more",
    );
}

#[test]
fn texts_are_published_as_a_table() {
    let (folder, files) = pictures(2);
    let data = tempfile::tempdir().unwrap();
    let chosen = ChosenFiles::default();
    let mut harness = alt_text_window(data.path(), chosen.clone());
    drop_files(&mut harness, &files);
    wait_for(&mut harness, "Write alt text for 2 images");
    click(&mut harness, "Write alt text for 2 images");
    all_have_texts(&mut harness, &files);
    let table = folder.path().join("texts.csv");
    chosen.choose(&table);
    click(&mut harness, "Publish the texts");
    wait_for(&mut harness, "Save as CSV…");
    click(&mut harness, "Save as CSV…");
    wait_until(&mut harness, "the table is there", |_| {
        fs::read_to_string(&table).is_ok_and(|text| text.lines().count() == 3)
    });
    let text = fs::read_to_string(&table).unwrap();
    assert!(
        text.lines()
            .next()
            .unwrap()
            .starts_with("file,path,alt_text")
    );
    assert!(text.contains("picture1.png"), "{text}");
}

#[test]
fn what_was_paid_for_is_not_asked_for_again_in_another_list() {
    let (_folder, files) = pictures(2);
    let data = tempfile::tempdir().unwrap();
    let mut harness = alt_text_window(data.path(), ChosenFiles::default());
    for round in 0..2 {
        drop_files(&mut harness, &files);
        wait_for(&mut harness, "Write alt text for 2 images");
        click(&mut harness, "Write alt text for 2 images");
        all_have_texts(&mut harness, &files);
        wait_for(&mut harness, "0 of 2 approved");
        let free = window::shows(&harness, "asked before: free");
        assert_eq!(free, round == 1);
        click(&mut harness, "Publish the texts");
        wait_for(&mut harness, "New list");
        click(&mut harness, "New list");
        wait_for(&mut harness, "Drop images, folders or documents here");
    }
    let kept = rusqlite::Connection::open(data.path().join("playground.db")).unwrap();
    wait_until(&mut harness, "both lists are on the disk", |_| {
        let lists = "SELECT count(*) FROM conversations WHERE screen = 'altText'";
        kept.query_row(lists, [], |row| row.get::<_, i64>(0))
            .is_ok_and(|count| count == 2)
    });
    let calls: i64 = kept
        .query_row("SELECT count(*) FROM spend", [], |row| row.get(0))
        .unwrap();
    assert_eq!(calls, 2, "the ledger has each call once");
}

#[test]
fn a_folder_dropped_on_the_chat_is_offered_to_alt_text() {
    let (folder, _) = pictures(2);
    let data = tempfile::tempdir().unwrap();
    let mut harness = keeping_window(data.path(), Pace::Instant);
    drop_files(&mut harness, &[folder.path().to_owned()]);
    wait_for(&mut harness, "2 images were found");
    click(&mut harness, "Add them");
    wait_for(&mut harness, "Write alt text for 2 images");
}

#[test]
fn the_texts_that_files_have_are_taken_for_all_that_have_none() {
    let (_folder, files) = pictures(4);
    let say = |file: &PathBuf, text: &str| {
        let said = Descriptions {
            alt_text: Some(vec![("x-default".into(), text.into())]),
            extended: None,
        };
        xmp::write(file, file, &said).unwrap();
    };
    for (file, text) in [(1, "A lighthouse"), (2, "A harbour"), (3, "A pier")] {
        say(&files[file], text);
    }
    let data = tempfile::tempdir().unwrap();
    let mut harness = alt_text_window(data.path(), ChosenFiles::default());
    drop_files(&mut harness, &files);
    wait_for(&mut harness, "Write alt text for 4 images");
    window::write(&mut harness, "Alt text of picture3.png", "My own words");
    wait_for(&mut harness, "Write alt text for 3 images");
    click(&mut harness, "Back to the settings of the job");
    click(&mut harness, "Take the texts that files have");
    wait_for(&mut harness, "2 images have taken the texts of their files");
    wait_for(&mut harness, "Write alt text for 1 image");
    for said in ["A lighthouse", "A harbour", "My own words"] {
        assert!(window::shows(&harness, said), "{said}");
    }
    assert!(!window::shows(&harness, "A pier"));
    click(&mut harness, "Undo");
    wait_for(&mut harness, "Write alt text for 3 images");
    assert!(window::shows(&harness, "My own words"));
}

#[test]
fn a_text_that_is_in_a_file_is_seen_and_can_be_taken() {
    let (_folder, files) = pictures(2);
    let said = Descriptions {
        alt_text: Some(vec![("x-default".into(), "A lighthouse at dusk".into())]),
        extended: None,
    };
    xmp::write(&files[1], &files[1], &said).unwrap();
    let data = tempfile::tempdir().unwrap();
    let mut harness = alt_text_window(data.path(), ChosenFiles::default());
    drop_files(&mut harness, &files);
    wait_for(&mut harness, "Write alt text for 2 images");
    click(&mut harness, "Look at picture1.png");
    wait_for(&mut harness, "In the file");
    wait_for(&mut harness, "A lighthouse at dusk");
    click(&mut harness, "Take the text of the file");
    wait_until(&mut harness, "the text", |harness| {
        text_of(harness, "picture1.png").as_deref() == Some("A lighthouse at dusk")
    });
    wait_for(&mut harness, "Taken");
    click(&mut harness, "Undo");
    wait_until(&mut harness, "no text", |harness| {
        text_of(harness, "picture1.png").as_deref() == Some("")
    });
}

#[test]
fn a_table_that_is_dropped_says_what_is_true_of_single_pictures() {
    let (folder, files) = pictures(2);
    let data = tempfile::tempdir().unwrap();
    let mut harness = alt_text_window(data.path(), ChosenFiles::default());
    drop_files(&mut harness, &files);
    wait_for(&mut harness, "Write alt text for 2 images");
    let table = folder.path().join("context.csv");
    fs::write(&table, "file,context\npicture1.png,The harbour of Genoa\n").unwrap();
    drop_files(&mut harness, &[table]);
    wait_for(&mut harness, "1 image has a context from the table");
    wait_for(&mut harness, "Write alt text for 2 images");
}

#[test]
fn a_table_says_what_is_true_of_single_pictures() {
    let (folder, files) = pictures(2);
    let data = tempfile::tempdir().unwrap();
    let chosen = ChosenFiles::default();
    let mut harness = alt_text_window(data.path(), chosen.clone());
    drop_files(&mut harness, &files);
    wait_for(&mut harness, "Write alt text for 2 images");
    let table = folder.path().join("context.csv");
    fs::write(
        &table,
        "file,context\npicture1.png,The harbour of Genoa\ngone.png,x\n",
    )
    .unwrap();
    chosen.choose(&table);
    click(&mut harness, "About single images, from a table…");
    wait_for(
        &mut harness,
        "1 image has a context from the table; 1 of its rows suit no image, the first: gone.png",
    );
    click(&mut harness, "Look at picture1.png");
    wait_until(&mut harness, "its context", |harness| {
        let mut fields = harness.query_all_by_label("About this image");
        fields.any(|node| node.accesskit_node().value().as_deref() == Some("The harbour of Genoa"))
    });
    fs::write(&table, "picture,words\na,b\n").unwrap();
    click(&mut harness, "Back to the settings of the job");
    click(&mut harness, "About single images, from a table…");
    wait_until(&mut harness, "what the table needs", |harness| {
        window::on_screen(harness).contains("It needs the columns file and context")
    });
}

#[test]
fn a_picture_gets_a_long_description_that_is_published_with_it() {
    let (folder, files) = pictures(1);
    let data = tempfile::tempdir().unwrap();
    let chosen = ChosenFiles::default();
    let mut harness = alt_text_window(data.path(), chosen.clone());
    drop_files(&mut harness, &files);
    wait_for(&mut harness, "Write alt text for 1 image");
    click(&mut harness, "Write alt text for 1 image");
    all_have_texts(&mut harness, &files);
    click(&mut harness, "Look at picture0.png");
    wait_for(&mut harness, "Let the model write it");
    click(&mut harness, "Let the model write it");
    let long = |harness: &Harness<'static, App>| {
        let node = harness.query_all_by_label("Long description").last();
        node.and_then(|node| node.accesskit_node().value())
    };
    wait_until(&mut harness, "a long description", |harness| {
        long(harness).is_some_and(|text| text.contains("imulated"))
    });
    // It is no other alt text.
    let alt = text_of(&harness, "picture0.png").unwrap();
    assert!(!alt.is_empty());
    let page = folder.path().join("texts.html");
    chosen.choose(&page);
    click(&mut harness, "Publish the texts");
    wait_for(&mut harness, "Save as HTML…");
    click(&mut harness, "Save as HTML…");
    wait_until(&mut harness, "the page is there", |_| {
        fs::read_to_string(&page).is_ok_and(|text| text.contains("</p>"))
    });
    let html = fs::read_to_string(&page).unwrap();
    assert!(
        html.contains("aria-describedby=\"description-1\""),
        "{html}"
    );
    click(&mut harness, "Undo");
    wait_until(&mut harness, "it was taken back", |harness| {
        long(harness).is_none_or(|text| !text.contains("imulated"))
    });
}

fn has_caret(harness: &Harness<'static, App>, name: &str) -> bool {
    let label = format!("Alt text of {name}");
    let mut fields = harness.query_all_by_label(&label);
    fields.any(|field| field.accesskit_node().is_focused())
}

#[test]
fn ctrl_enter_approves_the_text_that_is_being_written_and_goes_on_to_the_next() {
    let (_folder, files) = pictures(3);
    let data = tempfile::tempdir().unwrap();
    let mut harness = alt_text_window(data.path(), ChosenFiles::default());
    drop_files(&mut harness, &files);
    wait_for(&mut harness, "Write alt text for 3 images");
    click(&mut harness, "Write alt text for 3 images");
    all_have_texts(&mut harness, &files);
    // One is looked at, another is written in.
    click(&mut harness, "Look at picture2.png");
    window::write(&mut harness, "Alt text of picture0.png", " A lake.");
    harness.key_press_modifiers(Modifiers::COMMAND, Key::Enter);
    wait_for(&mut harness, "Take back the approval of picture0.png");
    wait_for(&mut harness, "1 of 3 approved");
    wait_until(&mut harness, "the caret in the next text", |harness| {
        has_caret(harness, "picture1.png")
    });
    harness.key_press_modifiers(Modifiers::COMMAND, Key::Enter);
    wait_for(&mut harness, "2 of 3 approved");
}

#[test]
fn pictures_are_gone_through_by_keyboard() {
    let (_folder, files) = pictures(3);
    let data = tempfile::tempdir().unwrap();
    let mut harness = alt_text_window(data.path(), ChosenFiles::default());
    drop_files(&mut harness, &files);
    wait_for(&mut harness, "Write alt text for 3 images");
    let selected = |harness: &Harness<'static, App>, name: &str| {
        let label = format!("Look at {name}");
        let row = harness.get_by_label(&label);
        row.accesskit_node().toggled() == Some(egui::accesskit::Toggled::True)
    };
    for (key, name) in [
        (Key::ArrowDown, "picture0.png"),
        (Key::End, "picture2.png"),
        (Key::Home, "picture0.png"),
        (Key::PageDown, "picture2.png"),
        (Key::PageUp, "picture0.png"),
    ] {
        harness.key_press(key);
        wait_until(&mut harness, "the picture is looked at", |harness| {
            selected(harness, name)
        });
    }
    harness.key_press(Key::F2);
    wait_until(&mut harness, "the caret in its text", |harness| {
        has_caret(harness, "picture0.png")
    });
}

#[test]
fn originals_are_written_after_a_question_and_only_what_is_approved() {
    let (_folder, files) = pictures(2);
    let data = tempfile::tempdir().unwrap();
    let mut harness = alt_text_window(data.path(), ChosenFiles::default());
    drop_files(&mut harness, &files);
    wait_for(&mut harness, "Write alt text for 2 images");
    window::write(&mut harness, "Alt text of picture0.png", "A lake");
    window::write(&mut harness, "Alt text of picture1.png", "A river");
    click(&mut harness, "Approve picture0.png");
    let before = fs::read(&files[1]).unwrap();
    click(&mut harness, "Publish the texts");
    wait_for(&mut harness, "Into the files themselves");
    click(&mut harness, "Into the files themselves");
    wait_for(&mut harness, "Approved texts alone: 1 file");
    wait_for(&mut harness, "All texts: 2 files");
    let untouched = fs::read(&files[0]).unwrap();
    assert!(!untouched.windows(6).any(|bytes| bytes == b"A lake"));
    click(&mut harness, "Write 1 file");
    wait_for(&mut harness, "1 text was written");
    let written = fs::read(&files[0]).unwrap();
    assert!(written.windows(6).any(|bytes| bytes == b"A lake"));
    assert_eq!(fs::read(&files[1]).unwrap(), before);
}

#[test]
fn with_all_that_are_looked_at_something_is_done_at_once() {
    let (_folder, files) = pictures(3);
    let data = tempfile::tempdir().unwrap();
    let mut harness = alt_text_window(data.path(), ChosenFiles::default());
    drop_files(&mut harness, &files);
    click(&mut harness, "Write alt text for 3 images");
    all_have_texts(&mut harness, &files);
    click(&mut harness, "Approve picture0.png");
    window::write(&mut harness, "Alt text of picture1.png", "Mine. ");
    wait_for(&mut harness, "By hand");
    let mine = text_of(&harness, "picture1.png");
    // What a person approved or wrote is not asked for again.
    click(&mut harness, "More for these images");
    let again = "Ask again about these 1 (about ";
    wait_for(&mut harness, again);
    harness.get_by_label_contains(again).click_accesskit();
    click(&mut harness, "Look at picture2.png");
    // Both answers are the same, so the text is either's.
    wait_until(&mut harness, "two answers", |harness| {
        harness.query_all_by_label("Taken").count() == 2
    });
    assert_eq!(text_of(&harness, "picture1.png"), mine);
    click(&mut harness, "More for these images");
    click(&mut harness, "Take back the approval of these 1");
    wait_for(&mut harness, "0 of 3 approved");
    click(&mut harness, "More for these images");
    click(&mut harness, "Remove these 3 from the list");
    wait_for(&mut harness, "Drop images, folders or documents here");
    harness.key_press_modifiers(Modifiers::COMMAND, Key::Z);
    wait_for(&mut harness, "Remove picture2.png");
}
