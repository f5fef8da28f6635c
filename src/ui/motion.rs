//! Whether the system asks programs to move little. Asked once, by the system's own programs, off the UI
//! thread; a system that does not say asks for nothing.

use std::process::{Command, Stdio};

/// Whether the person has asked the system for less motion. Waits for a program.
#[must_use]
pub fn system_reduces() -> bool {
    let (program, arguments, reduced) = question();
    let answer = Command::new(program)
        .args(arguments)
        .stdin(Stdio::null())
        .stderr(Stdio::null())
        .output();
    answer.is_ok_and(|answer| {
        answer.status.success() && says(&String::from_utf8_lossy(&answer.stdout), reduced)
    })
}

/// Whom to ask, and the last word of the answer when motion is to be reduced.
const fn question() -> (&'static str, &'static [&'static str], &'static str) {
    const MAC: &[&str] = &["read", "com.apple.universalaccess", "reduceMotion"];
    const WINDOWS: &[&str] = &[
        "query",
        "HKCU\\Control Panel\\Desktop\\WindowMetrics",
        "/v",
        "MinAnimate",
    ];
    const GNOME: &[&str] = &["get", "org.gnome.desktop.interface", "enable-animations"];
    if cfg!(target_os = "macos") {
        ("defaults", MAC, "1")
    } else if cfg!(target_os = "windows") {
        ("reg", WINDOWS, "0")
    } else {
        ("gsettings", GNOME, "false")
    }
}

fn says(answer: &str, word: &str) -> bool {
    answer.split_whitespace().last() == Some(word)
}

#[cfg(test)]
mod tests {
    use super::says;

    #[test]
    fn the_last_word_decides() {
        assert!(says("false\n", "false"));
        assert!(!says("true\n", "false"));
        let windows = "\r\nHKEY_CURRENT_USER\\Control Panel\\Desktop\\WindowMetrics\r\n    MinAnimate    REG_SZ    0\r\n\r\n";
        assert!(says(windows, "0"));
        assert!(!says("", "0"));
    }
}
