//! Files copied in a file manager arrive as a pasted list of addresses; they are meant as files.

use std::path::PathBuf;

use egui::Event;
use percent_encoding::percent_decode_str;

/// Bytes of a text, and of one of its lines, from which on it is not edited.
const LONG_TEXT: usize = 50_000;
const LONG_LINE: usize = 10_000;

/// Takes pasted files out of the events, so that no text field writes their addresses down.
pub fn take_files(events: &mut Vec<Event>) -> Vec<PathBuf> {
    let mut files = Vec::new();
    events.retain(|event| match event {
        Event::Paste(text) => match files_of(text) {
            Some(found) => {
                files.extend(found);
                false
            }
            None => true,
        },
        _ => true,
    });
    files
}

/// Takes pasted texts out that are too long to be edited in a field without a stutter: each is sent
/// as it is, beside the prompt.
pub fn take_long_texts(events: &mut Vec<Event>) -> Vec<String> {
    let mut texts = Vec::new();
    events.retain(|event| match event {
        Event::Paste(text) if is_long(text) => {
            texts.push(text.clone());
            false
        }
        _ => true,
    });
    texts
}

/// egui lays a line out anew when any of it changes, and keeps a hundred copies of a text to undo.
fn is_long(text: &str) -> bool {
    text.len() > LONG_TEXT || text.lines().any(|line| line.len() > LONG_LINE)
}

/// The files a text lists, when it is such a list and nothing else.
fn files_of(text: &str) -> Option<Vec<PathBuf>> {
    let mut lines = text.lines().map(str::trim).filter(|line| !line.is_empty());
    let first = lines.next()?;
    // Some file managers say first what is to be done.
    let first = if matches!(first, "copy" | "cut") {
        lines.next()?
    } else {
        first
    };
    std::iter::once(first).chain(lines).map(file).collect()
}

fn file(line: &str) -> Option<PathBuf> {
    let path = line.strip_prefix("file://")?;
    // The name of the computer may stand between the slashes.
    let path = &path[path.find('/')?..];
    let path = percent_decode_str(path).decode_utf8().ok()?;
    Some(PathBuf::from(path.into_owned()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lists_of_files_are_files_and_everything_else_is_text() {
        assert_eq!(
            files_of("file:///home/me/lake%20at%20dusk.jpg\r\nfile://here/b.png\n"),
            Some(vec![
                PathBuf::from("/home/me/lake at dusk.jpg"),
                PathBuf::from("/b.png")
            ])
        );
        assert_eq!(
            files_of("copy\nfile:///a.png"),
            Some(vec![PathBuf::from("/a.png")])
        );
        assert_eq!(
            files_of("file:///a.png and more words"),
            Some(vec![PathBuf::from("/a.png and more words")])
        );
        for text in [
            "",
            "copy",
            "Explain file:///a.png",
            "file:///a.png\nWhat is this?",
        ] {
            assert_eq!(files_of(text), None, "{text:?}");
        }
    }
}
