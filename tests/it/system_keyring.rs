//! The keyring of the system: a real Secret Service, in a session of its own with a home of its own.

use std::process::Command;

use bedrock_playground::bedrock::Secret;
use bedrock_playground::keyring::{Keyring as _, SystemKeyring};

/// Unlocks a new keyring with an empty password, then becomes the program that is given.
const UNLOCKED: &str =
    "printf '\\n' | gnome-keyring-daemon --unlock --components=secrets >/dev/null && exec \"$@\"";

fn is_installed(program: &str) -> bool {
    Command::new(program)
        .arg("--version")
        .output()
        .is_ok_and(|output| output.status.success())
}

fn in_a_session_of_its_own(begin: &[&str], test: &str) {
    for program in ["dbus-run-session", "gnome-keyring-daemon"] {
        if !is_installed(program) {
            eprintln!("skipped: {program} is not installed; script/test installs it");
            return;
        }
    }
    let home = tempfile::tempdir().expect("a folder");
    let output = Command::new("dbus-run-session")
        .arg("--")
        .args(begin)
        .arg(std::env::current_exe().expect("this program"))
        .args(["--ignored", "--exact", "--nocapture", test])
        .env("HOME", home.path())
        .env("XDG_RUNTIME_DIR", home.path())
        .env_remove("XDG_DATA_HOME")
        .env_remove("DISPLAY")
        .output()
        .expect("a session");
    let said = String::from_utf8_lossy(&output.stdout);
    assert!(
        output.status.success() && said.contains("1 passed"),
        "{said}\n{}",
        String::from_utf8_lossy(&output.stderr)
    );
}

#[test]
fn a_secret_service_keeps_gives_and_forgets() {
    in_a_session_of_its_own(
        &["sh", "-c", UNLOCKED, "sh"],
        "system_keyring::inside_a_session_with_a_keyring",
    );
}

#[test]
fn a_keyring_that_nobody_can_unlock_refuses_without_telling_the_secret() {
    in_a_session_of_its_own(
        &[],
        "system_keyring::inside_a_session_with_a_locked_keyring",
    );
}

#[test]
#[ignore = "runs inside a session that another test starts"]
fn inside_a_session_with_a_keyring() {
    let keyring = SystemKeyring;
    assert!(keyring.read("planted").expect("it answers").is_none());
    keyring.forget("planted").expect("nothing to forget");
    for text in ["first", "second, with ünïcode\nand a line"] {
        let secret = Secret::new(text);
        keyring.keep("planted", &secret).expect("it keeps");
        let read = keyring.read("planted").expect("it answers");
        assert_eq!(read.expect("there").expose(), text);
    }
    assert!(keyring.read("another").expect("it answers").is_none());
    keyring.forget("planted").expect("it forgets");
    assert!(keyring.read("planted").expect("it answers").is_none());
}

#[test]
#[ignore = "runs inside a session that another test starts"]
fn inside_a_session_with_a_locked_keyring() {
    let keyring = SystemKeyring;
    let refused = keyring
        .keep("planted", &Secret::new("PLANTED"))
        .expect_err("it cannot ask for a password");
    assert!(!format!("{refused} {refused:?}").contains("PLANTED"));
}
