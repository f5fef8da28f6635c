//! Whether the system asks programs to move little. Asked once, by the system's own programs, off the UI
//! thread; a system that does not say asks for nothing.

use std::process::{Command, Stdio};

/// One of the system's programs that know, and the last word of its answer when motion is to be reduced.
struct Question {
    program: &'static str,
    arguments: &'static [&'static str],
    reduced: &'static str,
}

const MAC: &[Question] = &[Question {
    program: "defaults",
    arguments: &["read", "com.apple.universalaccess", "reduceMotion"],
    reduced: "1",
}];

const WINDOWS: &[Question] = &[Question {
    program: "reg",
    arguments: &[
        "query",
        "HKCU\\Control Panel\\Desktop\\WindowMetrics",
        "/v",
        "MinAnimate",
    ],
    reduced: "0",
}];

/// Newer desktops say it through the portal, older ones only in their own settings.
const LINUX: &[Question] = &[
    Question {
        program: "gdbus",
        arguments: &[
            "call",
            "--session",
            "--timeout=2",
            "--dest=org.freedesktop.portal.Desktop",
            "--object-path=/org/freedesktop/portal/desktop",
            "--method=org.freedesktop.portal.Settings.ReadOne",
            "org.freedesktop.appearance",
            "reduced-motion",
        ],
        reduced: "1>,)",
    },
    Question {
        program: "gsettings",
        arguments: &["get", "org.gnome.desktop.interface", "enable-animations"],
        reduced: "false",
    },
    plasma("kreadconfig6"),
    plasma("kreadconfig5"),
];

const fn plasma(program: &'static str) -> Question {
    Question {
        program,
        arguments: &["--group", "KDE", "--key", "AnimationDurationFactor"],
        reduced: "0",
    }
}

/// Whether the person has asked the system for less motion. Waits for programs.
#[must_use]
pub fn system_reduces() -> bool {
    let questions = if cfg!(target_os = "macos") {
        MAC
    } else if cfg!(target_os = "windows") {
        WINDOWS
    } else {
        LINUX
    };
    questions.iter().any(Question::is_affirmed)
}

impl Question {
    fn is_affirmed(&self) -> bool {
        let answer = Command::new(self.program)
            .args(self.arguments)
            .stdin(Stdio::null())
            .stderr(Stdio::null())
            .output();
        answer.is_ok_and(|answer| {
            answer.status.success() && says(&String::from_utf8_lossy(&answer.stdout), self.reduced)
        })
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
        // What `gdbus` prints of the portal's answer.
        assert!(says("(<uint32 1>,)\n", "1>,)"));
        assert!(!says("(<uint32 0>,)\n", "1>,)"));
        assert!(!says("", "0"));
    }
}
