//! Tests that need a bus of their own: they run once more, in a session that has one.

use std::ffi::OsStr;
use std::process::Command;

/// Runs an ignored test of this program in a session with a bus and a home of its own, begun by another program where
/// one is given; skips, and says so, where a program is not installed.
pub fn run_with_a_bus(needed: &[&str], begin: &[&OsStr], test: &str) {
    for program in ["dbus-run-session"].iter().chain(needed) {
        if Command::new(program).arg("--version").output().is_err() {
            eprintln!("skipped: {program} is not installed; script/test installs it");
            return;
        }
    }
    let home = tempfile::tempdir().expect("a folder");
    let mut session = Command::new("dbus-run-session");
    for own in ["HOME", "XDG_RUNTIME_DIR", "XDG_DATA_DIRS", "XDG_DATA_HOME"] {
        session.env(own, home.path());
    }
    let output = session
        .arg("--")
        .args(begin)
        .arg(std::env::current_exe().expect("this program"))
        .args(["--ignored", "--exact", "--nocapture", test])
        .env_remove("DISPLAY")
        .env_remove("WAYLAND_DISPLAY")
        .output()
        .expect("a session");
    let said = String::from_utf8_lossy(&output.stdout);
    assert!(
        output.status.success() && said.contains("1 passed"),
        "{said}\n{}",
        String::from_utf8_lossy(&output.stderr)
    );
}
