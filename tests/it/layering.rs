//! Who may know whom, held by reading the sources.

use std::fs;
use std::path::{Path, PathBuf};

/// Of a module: what it must not name. `aws_sdk` stands for every crate that begins so.
const RULES: &[(&str, &[&str])] = &[
    ("catalog", PLAIN),
    ("chat", PLAIN),
    ("pricing", PLAIN),
    ("media", PLAIN),
    ("snippets", PLAIN),
    ("export", PLAIN),
    ("figures", PLAIN),
    ("files", PLAIN),
    (
        "keyring",
        &[
            "egui",
            "eframe",
            "aws_",
            "tokio",
            "rusqlite",
            "crate::emulator",
            "crate::store",
            "crate::tasks",
            "crate::ui",
            "crate::cli",
        ],
    ),
    ("compare", PLAIN),
    ("display", PLAIN),
    ("embeddings", PLAIN),
    ("images", PLAIN),
    ("videos", PLAIN),
    ("guardrails", PLAIN),
    ("prompts", PLAIN),
    (
        "bedrock",
        &[
            "egui",
            "eframe",
            "rusqlite",
            "crate::ui",
            "crate::store",
            "crate::emulator",
            "crate::tasks",
            "crate::cli",
        ],
    ),
    (
        "emulator",
        &[
            "egui",
            "eframe",
            "aws_sdk",
            "aws_config",
            "rusqlite",
            "crate::bedrock",
            "crate::chat",
            "crate::images",
            "crate::videos",
            "crate::media",
            "crate::pricing",
            "crate::tasks",
            "crate::ui",
            "crate::store",
            "crate::cli",
        ],
    ),
    (
        "tasks",
        &[
            "egui",
            "eframe",
            "aws_",
            "rusqlite",
            "crate::ui",
            "crate::cli",
        ],
    ),
    (
        "alt_text",
        &[
            "egui",
            "eframe",
            "aws_",
            "rusqlite",
            "crate::emulator",
            "crate::store",
            "crate::ui",
            "crate::cli",
        ],
    ),
    (
        "store",
        &[
            "egui",
            "eframe",
            "aws_",
            "tokio",
            "crate::bedrock",
            "crate::emulator",
            "crate::tasks",
            "crate::ui",
            "crate::cli",
        ],
    ),
    (
        "spending",
        &[
            "egui",
            "eframe",
            "aws_",
            "tokio",
            "rusqlite",
            "crate::bedrock",
            "crate::emulator",
            "crate::tasks",
            "crate::ui",
            "crate::cli",
        ],
    ),
    ("cli", &["egui", "eframe", "aws_", "rusqlite", "crate::ui"]),
    ("ui", &["aws_", "rusqlite"]),
];

/// Plain data knows no framework, no cloud, no runtime and no disk layout.
const PLAIN: &[&str] = &[
    "egui",
    "eframe",
    "aws_",
    "tokio",
    "rusqlite",
    "crate::bedrock",
    "crate::emulator",
    "crate::tasks",
    "crate::store",
    "crate::ui",
    "crate::cli",
];

/// Longest file, in lines.
const LONGEST: usize = 600;

fn source_files(folder: &Path) -> Vec<PathBuf> {
    let mut files = Vec::new();
    for entry in fs::read_dir(folder).expect("a readable folder") {
        let path = entry.expect("a readable entry").path();
        if path.is_dir() {
            files.extend(source_files(&path));
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            files.push(path);
        }
    }
    files
}

/// The top module a file belongs to: `src/ui/app.rs` and `src/ui.rs` are of `ui`.
fn module_of(file: &Path, src: &Path) -> String {
    let inside = file.strip_prefix(src).expect("a file of src");
    let first = inside.iter().next().map(Path::new).expect("a name");
    first.with_extension("").display().to_string()
}

/// The code of a file without comments and strings, where names mean nothing.
fn code(source: &str) -> String {
    let mut code = String::new();
    for line in source.lines() {
        let mut in_string = false;
        let mut previous = ' ';
        let mut rest = line.chars().peekable();
        while let Some(c) = rest.next() {
            if c == '"' && previous != '\\' {
                in_string = !in_string;
            } else if c == '/' && rest.peek() == Some(&'/') && !in_string {
                break;
            }
            if !in_string {
                code.push(c);
            }
            previous = c;
        }
        code.push('\n');
    }
    code
}

/// Whether code names something as a path: `egui::Ui`, `use egui;`, `aws_sdk_bedrock::…`.
fn names(code: &str, forbidden: &str) -> bool {
    code.match_indices(forbidden).any(|(at, _)| {
        let word = |c: char| c.is_alphanumeric() || c == '_';
        let before = code[..at].chars().next_back();
        let after = &code[at + forbidden.len()..];
        let begins = before.is_none_or(|c| !word(c));
        let ends = forbidden.ends_with('_')
            || forbidden == "aws_sdk"
            || after.starts_with("::")
            || after.starts_with(';')
            || after.starts_with(" as ");
        begins && ends
    })
}

/// The paths inside groups, written out: `use crate::{chat, ui::App}` names `crate::ui::App`.
fn grouped_paths(code: &str) -> String {
    let mut written_out = String::new();
    // What stands before each open brace, when it begins a group.
    let mut prefixes: Vec<Option<String>> = Vec::new();
    let mut path = String::new();
    for c in code.chars() {
        if c.is_alphanumeric() || c == '_' || c == ':' {
            path.push(c);
            continue;
        }
        let prefix = prefixes.last().cloned().flatten();
        if c == '{' {
            let group = path.ends_with("::");
            prefixes.push(group.then(|| prefix.unwrap_or_default() + &path));
        } else {
            if let Some(prefix) = prefix.filter(|_| !path.is_empty()) {
                written_out.extend([prefix.as_str(), path.as_str(), ";\n"]);
            }
            if c == '}' {
                prefixes.pop();
            }
        }
        path.clear();
    }
    written_out
}

fn offences(module: &str, source: &str) -> Vec<&'static str> {
    let code = code(source);
    let code = grouped_paths(&code) + &code;
    RULES
        .iter()
        .filter(|(of, _)| *of == module)
        .flat_map(|(_, forbidden)| forbidden.iter().copied())
        .filter(|forbidden| names(&code, forbidden))
        .collect()
}

#[test]
fn modules_know_only_whom_they_may() {
    let src = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let mut found = Vec::new();
    for file in source_files(&src) {
        let source = fs::read_to_string(&file).expect("a readable file");
        for name in offences(&module_of(&file, &src), &source) {
            found.push(format!("{} names {name}", file.display()));
        }
    }
    assert!(found.is_empty(), "{}", found.join("\n"));
}

#[test]
fn every_module_has_a_rule() {
    let src = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    for file in source_files(&src) {
        let module = module_of(&file, &src);
        assert!(
            ["lib", "main"].contains(&module.as_str()) || RULES.iter().any(|(of, _)| *of == module),
            "nothing says whom {module} may know ({})",
            file.display()
        );
    }
}

#[test]
fn every_file_says_what_it_is_for_and_is_short() {
    let src = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let mut found = Vec::new();
    for file in source_files(&src) {
        let source = fs::read_to_string(&file).expect("a readable file");
        if !source.starts_with("//!") {
            found.push(format!(
                "{} does not begin with what it is for",
                file.display()
            ));
        }
        let lines = source.lines().count();
        if lines > LONGEST {
            found.push(format!("{} has {lines} lines", file.display()));
        }
    }
    assert!(found.is_empty(), "{}", found.join("\n"));
}

#[test]
fn the_reader_of_rules_sees_offences() {
    assert_eq!(offences("catalog", "use egui::Ui;"), ["egui"]);
    assert_eq!(
        offences("catalog", "fn f(x: tokio::time::Instant) {}"),
        ["tokio"]
    );
    assert_eq!(
        offences("ui", "let c = aws_sdk_bedrock::Client::new();"),
        ["aws_"]
    );
    assert_eq!(
        offences("emulator", "use crate::chat::Message;"),
        ["crate::chat"]
    );
    assert_eq!(offences("bedrock", "use crate::ui;"), ["crate::ui"]);
    assert_eq!(offences("chat", "use egui as e;"), ["egui"]);
    assert_eq!(
        offences(
            "cli",
            "use crate::{\n    chat::{Message, Turn},\n    ui,\n};"
        ),
        ["crate::ui"]
    );
    assert_eq!(
        offences("cli", "use crate::{ui::{App, theme}};"),
        ["crate::ui"]
    );
}

#[test]
fn the_reader_of_rules_overlooks_words() {
    assert!(offences("catalog", "//! knows no egui::Ui\nlet s = \"tokio::x\";").is_empty());
    assert!(offences("catalog", "use not_egui::Ui;").is_empty());
    assert!(offences("cli", "use crate::{chat::ui, tasks};").is_empty());
    assert!(offences("emulator", "use aws_smithy_types::Blob;").is_empty());
}
