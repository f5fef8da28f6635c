//! `history` and `doctor`: what is kept, told without a window.

use bedrock_playground::store::{DataFolder, Store};

use crate::cli::{Cli, lines, stderr, stdout};
use crate::store::{draft, exchange};

/// Two conversations in a folder; gives the folder's name.
fn kept(cli: &Cli) -> String {
    let path = cli.home.path().join("data");
    let folder = DataFolder::find(Some(&path)).unwrap();
    let store = Store::open(&folder).unwrap().store;
    for (title, answer) in [("Rivers", "The Danube"), ("Lakes", "The Bodensee")] {
        let draft = draft(title, exchange("Name one", answer));
        store.save_conversation(&draft).unwrap();
    }
    path.display().to_string()
}

#[test]
fn the_history_is_listed_and_searched() {
    let cli = Cli::new();
    let folder = kept(&cli);
    let all = cli.run(&["history", "--data-dir", &folder]);
    assert!(all.status.success(), "{}", stderr(&all));
    let text = stdout(&all);
    assert!(text.contains("Rivers") && text.contains("Lakes"), "{text}");
    assert!(text.contains("amazon.nova-lite-v1:0"), "{text}");

    for (order, titles) in [
        ("newest", ["Lakes", "Rivers"]),
        ("oldest", ["Rivers", "Lakes"]),
        ("title", ["Lakes", "Rivers"]),
    ] {
        let args = ["history", "--json", "--sort", order, "--data-dir", &folder];
        let entries = lines(&cli.run(&args))[0]["entries"].clone();
        assert_eq!(entries[0]["title"], titles[0], "{order}");
        assert_eq!(entries[1]["title"], titles[1], "{order}");
    }

    let found = cli.run(&[
        "history",
        "search",
        "danube",
        "--json",
        "--data-dir",
        &folder,
    ]);
    let record = &lines(&found)[0];
    assert_eq!(record["entries"].as_array().map(Vec::len), Some(1));
    let entry = &record["entries"][0];
    assert_eq!(entry["title"], "Rivers");
    assert_eq!(entry["found"], "The Danube");
    assert_eq!(entry["screen"], "chat");
    assert_eq!(record["more"], false);

    let nothing = cli.run(&["history", "search", "Nile", "--data-dir", &folder]);
    assert!(nothing.status.success());
    assert_eq!(stdout(&nothing), "");
}

#[test]
fn the_doctor_finds_nothing_wrong_with_the_demo() {
    let cli = Cli::new();
    let folder = kept(&cli);
    let run = cli.run(&["doctor", "--demo", "--data-dir", &folder]);
    let text = stdout(&run);
    assert!(run.status.success(), "{text}");
    for expected in [
        "Version",
        &folder,
        "History      whole",
        "Region",
        "Bedrock",
        "models",
        "Renderer",
        "Clock        as the service's",
        "SQLite",
    ] {
        assert!(text.contains(expected), "{expected} is not in:\n{text}");
    }
}

#[test]
fn the_doctor_names_what_is_wrong_and_no_secret() {
    let cli = Cli::new();
    let folder = kept(&cli);
    std::fs::write(
        cli.home.path().join("data/settings.json"),
        "{\"scale\": 99}",
    )
    .unwrap();
    let run = cli
        .command(&["doctor", "--json", "--data-dir", &folder])
        .env("AWS_ACCESS_KEY_ID", "AKIAPLANTED")
        .env("AWS_SECRET_ACCESS_KEY", "planted/secret")
        .env("AWS_SESSION_TOKEN", "planted-token")
        .args([
            "--endpoint-url",
            "http://127.0.0.1:9",
            "--region",
            "eu-central-1",
        ])
        .output()
        .unwrap();
    assert_eq!(run.status.code(), Some(1), "{}", stderr(&run));
    let findings = &lines(&run)[0];
    let of = |what: &str| {
        let findings = findings.as_array().unwrap();
        findings
            .iter()
            .find(|finding| finding["what"] == what)
            .unwrap_or_else(|| panic!("nothing is said of {what}"))
            .clone()
    };
    assert_eq!(of("Settings")["wrong"], true);
    assert!(of("Settings")["is"].as_str().unwrap().contains("scale"));
    assert_eq!(of("Bedrock")["wrong"], true);
    assert_eq!(of("History")["wrong"], false);
    assert!(
        of("Region")["is"]
            .as_str()
            .unwrap()
            .contains("eu-central-1")
    );
    let all = stdout(&run) + &stderr(&run);
    for secret in ["planted/secret", "planted-token"] {
        assert!(!all.contains(secret), "{all}");
    }
}

#[test]
fn everything_goes_elsewhere_as_one_file_and_a_bad_one_changes_nothing() {
    let cli = Cli::new();
    let folder = kept(&cli);
    let other = cli.home.path().join("other").display().to_string();
    let archive = cli.home.path().join("all.zip").display().to_string();
    let run = cli.run(&["history", "export", &archive, "--data-dir", &folder]);
    assert!(run.status.success(), "{}", stderr(&run));
    let again = cli.run(&["history", "export", &archive, "--data-dir", &folder]);
    assert_eq!(again.status.code(), Some(2));
    assert!(stderr(&again).contains("--force"), "{}", stderr(&again));
    let run = cli.run(&[
        "history",
        "import",
        &archive,
        "--json",
        "--data-dir",
        &other,
    ]);
    assert!(run.status.success(), "{}", stderr(&run));
    assert_eq!(lines(&run)[0]["conversations"]["cameIn"], 2);
    let all = stdout(&cli.run(&["history", "--data-dir", &other]));
    assert!(all.contains("Rivers") && all.contains("Lakes"), "{all}");
    let bad = cli.file("bad.zip", b"PK\x03\x04 and nothing behind it");
    let run = cli.run(&[
        "history",
        "import",
        &bad.display().to_string(),
        "--data-dir",
        &other,
    ]);
    assert_eq!(run.status.code(), Some(2));
    assert!(
        stderr(&run).contains("Nothing was changed"),
        "{}",
        stderr(&run)
    );
}

#[test]
fn conversations_of_other_programs_come_into_the_history() {
    let cli = Cli::new();
    let folder = cli.home.path().join("data").display().to_string();
    let file = cli.file(
        "console.json",
        br#"{"modelId": "amazon.nova-pro-v1:0", "request": {"messages": [
            {"role": "user", "content": "Name a lake"},
            {"role": "assistant", "content": [{"text": "The Bodensee"}]}]}}"#,
    );
    let file = file.display().to_string();
    let run = cli.run(&["history", "import", &file, "--data-dir", &folder]);
    assert!(run.status.success(), "{}", stderr(&run));
    let all = stdout(&cli.run(&["history", "search", "bodensee", "--data-dir", &folder]));
    assert!(
        all.contains("Name a lake") && all.contains("amazon.nova-pro-v1:0"),
        "{all}"
    );
    let none = cli.file("none.json", b"[1, 2]").display().to_string();
    let run = cli.run(&["history", "import", &none, "--data-dir", &folder]);
    assert_eq!(run.status.code(), Some(2));
    assert!(
        stderr(&run).contains("neither a conversation"),
        "{}",
        stderr(&run)
    );
}
