//! Documents and pages of the web in the alt-text list, in the window.

use std::fs;
use std::path::{Path, PathBuf};
use std::time::{Duration, SystemTime};

use axum::Router;
use axum::extract::{Request, State};
use axum::http::StatusCode;
use axum::response::{Html, IntoResponse as _, Response};
use bedrock_playground::ui::App;
use egui::{Event, Key, Modifiers};
use egui_kittest::Harness;
use egui_kittest::kittest::Queryable as _;
use tempfile::TempDir;
use tokio::runtime::Runtime;

use crate::alt_text_documents::site;
use crate::support::session::embedded;
use crate::support::window::{
    self, ChosenFiles, click, quit, shows, wait_for, wait_until, write_anew,
};
use crate::window_alt_text::{alt_text_window, drop_files};

#[test]
fn a_dropped_page_is_offered_described_and_written() {
    let folder = tempfile::tempdir().unwrap();
    let page = site(folder.path());
    let before = fs::read_to_string(&page).unwrap();
    let data = tempfile::tempdir().unwrap();
    let mut harness = alt_text_window(data.path(), ChosenFiles::default());
    drop_files(&mut harness, std::slice::from_ref(&page));
    wait_for(&mut harness, "5 images were found");
    wait_for(&mut harness, "5 images, 3 without alt text");
    wait_for(&mut harness, "Without alt text: 3");
    click(&mut harness, "With another alt text: 1");
    click(&mut harness, "Add 4 images");
    // One of them is not there.
    wait_for(&mut harness, "harbour.html: img/gone.png is not there");
    wait_for(&mut harness, "Write alt text for 3 images");
    click(&mut harness, "Look at boat.png");
    wait_for(&mut harness, "harbour.html, 2 times");
    wait_for(&mut harness, "No alt text");
    assert!(
        window::on_screen(&harness).contains("At the harbour"),
        "{}",
        window::on_screen(&harness)
    );
    click(&mut harness, "Look at pier.png");
    wait_for(&mut harness, "Take the text of the document");
    click(&mut harness, "Back to the settings of the job");
    wait_for(&mut harness, "What is asked");
    for (field, words) in [("boat", "A red boat"), ("pier", "Men on a pier")] {
        window::write(&mut harness, &format!("Alt text of {field}.png"), words);
        wait_for(&mut harness, "Back to the settings of the job");
        click(&mut harness, "Back to the settings of the job");
        wait_for(&mut harness, "What is asked");
    }
    click(&mut harness, "Approve boat.png");
    click(&mut harness, "Publish the texts");
    wait_for(&mut harness, "Into copies of the documents");
    click(&mut harness, "Into copies of the documents");
    wait_for(&mut harness, "Approved texts alone: 1 text in 1 document");
    wait_for(&mut harness, "All texts: 2 texts in 1 document");
    click(&mut harness, "Write 1 text in 1 document");
    wait_for(&mut harness, "1 text was written");
    let copy = fs::read_to_string(page.with_file_name("harbour-alt.html")).unwrap();
    assert_eq!(copy.matches("alt=\"A red boat\"").count(), 2, "{copy}");
    assert!(copy.contains("alt=\"The pier\""), "{copy}");
    assert_eq!(fs::read_to_string(&page).unwrap(), before);
}

/// Writes the alt text of the pier in the list.
fn write_of_the_pier(harness: &mut Harness<'static, App>, words: &str) {
    window::write(harness, "Alt text of pier.png", "");
    harness.key_press_modifiers(Modifiers::COMMAND, Key::A);
    harness.step();
    harness.event(Event::Text(words.to_owned()));
    wait_for(harness, words);
    click(harness, "Back to the settings of the job");
    wait_for(harness, "What is asked");
}

/// Publishes the one text that the page has not, in the page, which says this then.
fn write_into_the_page(harness: &mut Harness<'static, App>, page: &Path, now: &str) {
    click(harness, "Publish the texts");
    wait_for(harness, "Into the documents themselves");
    click(harness, "Into the documents themselves");
    wait_for(harness, "All texts: 1 text in 1 document");
    click(harness, "Write 1 text in 1 document");
    wait_until(harness, "the page to change", |_| {
        fs::read_to_string(page).is_ok_and(|written| written == now)
    });
    // What the list knows of the document comes with the end of the writing.
    wait_until(harness, "the end of the writing", |harness| {
        !shows(harness, "Writing texts into documents")
    });
}

#[test]
fn what_was_written_into_a_page_can_be_written_back() {
    let folder = tempfile::tempdir().unwrap();
    let page = site(folder.path());
    let before = fs::read_to_string(&page).unwrap();
    let data = tempfile::tempdir().unwrap();
    let mut harness = alt_text_window(data.path(), ChosenFiles::default());
    drop_files(&mut harness, std::slice::from_ref(&page));
    wait_for(&mut harness, "With another alt text: 1");
    click(&mut harness, "With another alt text: 1");
    click(&mut harness, "Without alt text: 3");
    click(&mut harness, "Add 1 image");
    wait_for(&mut harness, "Look at pier.png");
    write_of_the_pier(&mut harness, "Men on a pier");
    let now = before.replace("The pier", "Men on a pier");
    write_into_the_page(&mut harness, &page, &now);
    write_of_the_pier(&mut harness, "The pier");
    write_into_the_page(&mut harness, &page, &before);
}

/// The folder of a site, and the data folder of a window that was closed with the images of its page in a list.
fn kept_list_of_a_page() -> (TempDir, TempDir) {
    let folder = tempfile::tempdir().expect("a folder");
    let page = site(folder.path());
    let data = tempfile::tempdir().expect("a folder");
    let mut harness = alt_text_window(data.path(), ChosenFiles::default());
    drop_files(&mut harness, &[page]);
    wait_for(&mut harness, "Add 3 images");
    click(&mut harness, "Add 3 images");
    wait_for(&mut harness, "Write alt text for 2 images");
    quit(harness);
    (folder, data)
}

#[test]
fn what_is_known_of_a_document_is_kept_with_the_list() {
    let (_folder, data) = kept_list_of_a_page();
    let mut harness = window::keeping_window_with(embedded(), data.path(), ChosenFiles::default());
    click(&mut harness, "Alt text");
    wait_for(&mut harness, "Write alt text for 2 images");
    click(&mut harness, "Look at boat.png");
    wait_for(&mut harness, "harbour.html, 2 times");
    wait_for(&mut harness, "No alt text");
}

#[test]
fn images_that_no_list_has_any_more_are_removed() {
    let (_folder, data) = kept_list_of_a_page();
    let taken_out = data.path().join("from documents");
    let kept: Vec<PathBuf> = fs::read_dir(&taken_out)
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .collect();
    assert_eq!(kept.len(), 1, "the image that is in the page itself");
    let left = taken_out.join("0123456789abcdef");
    fs::create_dir(&left).unwrap();
    fs::write(left.join("a.png"), "x").unwrap();
    let two_days_ago = SystemTime::now() - Duration::from_secs(2 * 24 * 60 * 60);
    for old in [&left, &kept[0]] {
        let file = fs::File::open(old).unwrap();
        file.set_modified(two_days_ago).unwrap();
    }
    let mut harness = window::keeping_window_with(embedded(), data.path(), ChosenFiles::default());
    wait_until(&mut harness, "the rest to go", |_| !left.exists());
    assert!(kept[0].exists());
}

#[test]
fn a_document_without_images_says_so_and_adds_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let page = folder.path().join("bare.html");
    fs::write(&page, "<p>Words alone").unwrap();
    let data = tempfile::tempdir().unwrap();
    let mut harness = alt_text_window(data.path(), ChosenFiles::default());
    drop_files(&mut harness, &[page]);
    wait_for(&mut harness, "No images were found");
    wait_for(&mut harness, "bare.html has no images");
    click(&mut harness, "Cancel");
    wait_until(&mut harness, "no dialog", |harness| {
        !shows(harness, "No images were found")
    });
}

/// A server of the files in a folder.
fn serve(folder: &Path) -> (Runtime, String) {
    let runtime = Runtime::new().expect("threads");
    let listener = runtime
        .block_on(tokio::net::TcpListener::bind("127.0.0.1:0"))
        .expect("a port");
    let address = listener.local_addr().expect("an address");
    let files = Router::new().fallback(file).with_state(folder.to_owned());
    runtime.spawn(async move { axum::serve(listener, files).await });
    (runtime, format!("http://{address}"))
}

async fn file(State(folder): State<PathBuf>, request: Request) -> Response {
    assert!(
        request.headers().get("authorization").is_none(),
        "no credentials go along"
    );
    let path = folder.join(request.uri().path().trim_start_matches('/'));
    match fs::read(&path) {
        Ok(bytes) if path.extension().is_some_and(|it| it == "html") => Html(bytes).into_response(),
        Ok(bytes) => bytes.into_response(),
        Err(_) => StatusCode::NOT_FOUND.into_response(),
    }
}

#[test]
fn the_images_of_a_page_of_the_web_come_by_its_address() {
    let folder = tempfile::tempdir().unwrap();
    site(folder.path());
    let (_runtime, root) = serve(folder.path());
    let data = tempfile::tempdir().unwrap();
    let mut harness = alt_text_window(data.path(), ChosenFiles::default());
    let button = harness.get_all_by_label("Add a web page…").next();
    button.expect("a button").click_accesskit();
    wait_for(&mut harness, "Images of a web page");
    window::write(&mut harness, "Address", &format!("{root}/walks/gone.html"));
    click(&mut harness, "Find images");
    wait_until(&mut harness, "what is wrong with the address", |harness| {
        harness.query_by_label_contains("404").is_some()
    });
    let page = format!("{root}/walks/harbour.html");
    write_anew(&mut harness, "Address", &page);
    click(&mut harness, "Find images");
    wait_for(&mut harness, "5 images were found");
    click(&mut harness, "With another alt text: 1");
    click(&mut harness, "Add 4 images");
    wait_for(&mut harness, "Write alt text for 3 images");
    click(&mut harness, "Look at pier.png");
    wait_for(&mut harness, &page);
    wait_for(&mut harness, "Take the text of the document");
    // There is nothing to write into.
    click(&mut harness, "Publish the texts");
    wait_for(&mut harness, "Save as CSV…");
    assert!(!shows(&harness, "Into copies of the documents"));
}

#[test]
fn a_pasted_address_asks_for_its_page() {
    let data = tempfile::tempdir().unwrap();
    let mut harness = alt_text_window(data.path(), ChosenFiles::default());
    harness.event(Event::Paste("https://a.example/walks".to_owned()));
    wait_for(&mut harness, "Images of a web page");
    wait_until(&mut harness, "the address", |harness| {
        harness
            .query_all_by_value("https://a.example/walks")
            .next()
            .is_some()
    });
}
