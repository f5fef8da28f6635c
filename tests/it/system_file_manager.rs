//! Showing a file: a real bus with a file manager on it, and a desktop that only opens folders.

use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::sync::mpsc::{Sender, channel};

use bedrock_playground::ui::{FileManager as _, SystemFileManager};

use super::support::bus::run_with_a_bus;

/// Runs a test of this program in a session where these are all programs there are.
fn in_a_session(programs: &Path, test: &str) {
    let path = format!("PATH={}", programs.display());
    run_with_a_bus(&[], &["env".as_ref(), path.as_ref()], test);
}

/// A folder with a program that opens folders: it writes down which beside itself, and ends like this.
fn opens_folders(status: u8) -> tempfile::TempDir {
    let programs = tempfile::tempdir().expect("a folder");
    let program = programs.path().join("xdg-open");
    let script = format!("#!/bin/sh\nprintf %s \"$1\" > \"$0.opened\"\nexit {status}\n");
    std::fs::write(&program, script).expect("written");
    std::fs::set_permissions(&program, PermissionsExt::from_mode(0o755)).expect("made a program");
    programs
}

/// A file whose name has to be written otherwise in an address.
fn file() -> (tempfile::TempDir, PathBuf) {
    let folder = tempfile::tempdir().expect("a folder");
    let file = folder.path().join("50% of a rivér #1.json");
    std::fs::write(&file, "{}").expect("written");
    (folder, file)
}

/// A file manager on the bus, which tells what it is asked for.
struct Listening(Sender<(&'static str, Vec<String>, String)>);

#[zbus::interface(name = "org.freedesktop.FileManager1")]
impl Listening {
    fn show_items(&self, addresses: Vec<String>, startup_id: String) {
        self.0
            .send(("items", addresses, startup_id))
            .expect("heard");
    }

    fn show_folders(&self, addresses: Vec<String>, startup_id: String) {
        self.0
            .send(("folders", addresses, startup_id))
            .expect("heard");
    }
}

#[test]
fn a_file_manager_on_the_bus_is_asked() {
    let programs = tempfile::tempdir().expect("a folder");
    in_a_session(
        programs.path(),
        "system_file_manager::inside_a_session_with_a_file_manager",
    );
}

#[test]
fn where_none_is_the_folder_is_opened() {
    let programs = opens_folders(0);
    in_a_session(
        programs.path(),
        "system_file_manager::inside_a_session_that_opens_folders",
    );
    let opened = std::fs::read_to_string(programs.path().join("xdg-open.opened"));
    assert!(opened.expect("asked").starts_with('/'));
}

#[test]
fn where_nothing_opens_folders_that_is_said() {
    let programs = opens_folders(3);
    in_a_session(
        programs.path(),
        "system_file_manager::inside_a_session_without_anything",
    );
    let none = tempfile::tempdir().expect("a folder");
    in_a_session(
        none.path(),
        "system_file_manager::inside_a_session_without_anything",
    );
}

#[test]
#[ignore = "runs inside a session that another test starts"]
fn inside_a_session_with_a_file_manager() {
    let (sender, asked) = channel();
    let _serving = zbus::blocking::connection::Builder::session()
        .and_then(|builder| builder.name("org.freedesktop.FileManager1"))
        .and_then(|builder| builder.serve_at("/org/freedesktop/FileManager1", Listening(sender)))
        .and_then(zbus::blocking::connection::Builder::build)
        .expect("on the bus");
    let (folder, file) = file();
    SystemFileManager.show(&file).expect("shown");
    let place = folder.path().canonicalize().expect("a place");
    let address = format!("file://{}", place.display());
    let (what, addresses, startup_id) = asked.recv().expect("asked");
    assert_eq!((what, startup_id.as_str()), ("items", ""));
    // In UTF-8, é is the bytes C3 A9.
    let name = "50%25%20of%20a%20riv%C3%A9r%20%231.json";
    assert_eq!(addresses, [format!("{address}/{name}")]);
    SystemFileManager.show(folder.path()).expect("shown");
    let (what, addresses, _) = asked.recv().expect("asked");
    assert_eq!((what, addresses), ("folders", vec![address]));
    let gone = SystemFileManager.show(&folder.path().join("gone"));
    assert!(gone.expect_err("there is none").contains("No such file"));
}

#[test]
#[ignore = "runs inside a session that another test starts"]
fn inside_a_session_that_opens_folders() {
    let (_folder, file) = file();
    SystemFileManager.show(&file).expect("shown");
}

#[test]
#[ignore = "runs inside a session that another test starts"]
fn inside_a_session_without_anything() {
    let (_folder, file) = file();
    assert!(SystemFileManager.show(&file).is_err());
}
