//! Many files written at once: seen while it lasts, stopped, and told of.

use std::fs::{self, OpenOptions};
use std::path::{Path, PathBuf};
use std::process::Command;

use bedrock_playground::ui::App;
use egui_kittest::Harness;

use crate::support::window::{ChosenFiles, click, shows, wait_for, wait_until, write};
use crate::window_alt_text::{alt_text_window, drop_files, pictures};
use crate::window_desktop::close;

/// A window that writes texts into copies of three pictures, the second of which gives nothing until somebody
/// else opens it.
fn writing(data: &Path, files: &[PathBuf]) -> Harness<'static, App> {
    let mut harness = alt_text_window(data, ChosenFiles::default());
    drop_files(&mut harness, files);
    wait_for(&mut harness, "Write alt text for 3 images");
    for (number, text) in ["A lake", "A river", "A sea"].into_iter().enumerate() {
        let field = format!("Alt text of picture{number}.png");
        write(&mut harness, &field, text);
    }
    fs::remove_file(&files[1]).expect("removed");
    let made = Command::new("mkfifo").arg(&files[1]).status();
    assert!(made.expect("mkfifo").success());
    click(&mut harness, "Publish the texts");
    wait_for(&mut harness, "Into copies beside them");
    click(&mut harness, "Into copies beside them");
    wait_for(&mut harness, "All texts: 3 files");
    click(&mut harness, "Write 3 files");
    wait_for(&mut harness, "Writing texts into images: 1 of 3");
    harness
}

#[test]
fn what_lasts_is_shown_and_stopped_and_what_was_not_written_is_told() {
    let (_folder, files) = pictures(3);
    let data = tempfile::tempdir().expect("a folder");
    let mut harness = writing(data.path(), &files);
    click(&mut harness, "Stop writing");
    // The one that it is at is read to its end, and is no picture.
    drop(
        OpenOptions::new()
            .write(true)
            .open(&files[1])
            .expect("opened"),
    );
    wait_for(
        &mut harness,
        "1 text was written; it was stopped before 1 more; 1 could not be",
    );
    wait_until(&mut harness, "nothing under way", |harness| {
        !shows(harness, "Writing texts into images")
    });
    let written = fs::read(files[0].with_file_name("picture0-alt.png")).expect("the copy");
    assert!(written.windows(6).any(|bytes| bytes == b"A lake"));
    assert!(!files[2].with_file_name("picture2-alt.png").exists());
}

#[test]
fn quitting_asks_while_files_are_written() {
    let (_folder, files) = pictures(3);
    let data = tempfile::tempdir().expect("a folder");
    let mut harness = writing(data.path(), &files);
    close(&mut harness);
    wait_for(&mut harness, "Quitting ends files being written.");
    click(&mut harness, "Keep running");
    drop(
        OpenOptions::new()
            .write(true)
            .open(&files[1])
            .expect("opened"),
    );
    wait_for(&mut harness, "2 texts were written; 1 could not be");
    assert!(files[2].with_file_name("picture2-alt.png").exists());
}
