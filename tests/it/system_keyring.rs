//! The keyring of the system: a real Secret Service, in a session of its own with a home of its own.

use bedrock_playground::bedrock::Secret;
use bedrock_playground::keyring::{Keyring as _, SystemKeyring};

use super::support::bus::run_with_a_bus;

/// Unlocks a new keyring with an empty password, then becomes the program that is given.
const UNLOCKED: &str =
    "printf '\\n' | gnome-keyring-daemon --unlock --components=secrets >/dev/null && exec \"$@\"";

fn in_a_session(begin: &[&str], test: &str) {
    let begin: Vec<_> = begin.iter().map(AsRef::as_ref).collect();
    run_with_a_bus(&["gnome-keyring-daemon"], &begin, test);
}

#[test]
fn a_secret_service_keeps_gives_and_forgets() {
    in_a_session(
        &["sh", "-c", UNLOCKED, "sh"],
        "system_keyring::inside_a_session_with_a_keyring",
    );
}

#[test]
fn a_keyring_that_nobody_can_unlock_refuses_without_telling_the_secret() {
    in_a_session(
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
