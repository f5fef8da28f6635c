//! The prompt library on the disk and on the command line.

use bedrock_playground::prompts::{SavedPrompt, starters};
use bedrock_playground::store::{ConversationId, DataFolder, HistoryQuery, Store, StoreError};

use crate::cli::{Cli, lines, stderr, stdout, text};

fn store(folder: &std::path::Path) -> Store {
    let folder = DataFolder::find(Some(folder)).expect("a folder");
    Store::open(&folder).expect("the history").store
}

fn prompt(name: &str, words: &str) -> SavedPrompt {
    let mut prompt = SavedPrompt {
        name: name.to_owned(),
        ..SavedPrompt::default()
    };
    words.clone_into(&mut prompt.draft.text);
    prompt
}

#[test]
fn prompts_are_kept_with_their_versions_and_not_among_conversations() {
    let folder = tempfile::tempdir().expect("a folder");
    let store = store(folder.path());
    let id = ConversationId::new();
    let mut wanted = prompt("Rivers", "Name a river in {{land}}");
    wanted.set_tags("geography");
    wanted.add_version(7, "first".to_owned());
    store.save_prompt(id, &wanted).expect("kept");
    wanted.draft.text += ", please";
    wanted.add_version(8, String::new());
    store.save_prompt(id, &wanted).expect("kept again");
    let (kept, unreadable) = store.prompts().expect("the library");
    assert_eq!(unreadable, 0);
    assert_eq!(kept[0].id, id);
    assert_eq!(kept[0].prompt, wanted);
    let page = store.history(&HistoryQuery::default()).expect("a page");
    assert!(page.rows.is_empty());

    store.delete(id).expect("deleted");
    assert_eq!(store.prompts().expect("the library").0, []);
    store.restore(id).expect("back");
    assert_eq!(store.prompts().expect("the library").0.len(), 1);
}

#[test]
fn what_another_window_saved_is_not_overwritten() {
    let folder = tempfile::tempdir().expect("a folder");
    let (here, there) = (store(folder.path()), store(folder.path()));
    let id = ConversationId::new();
    here.save_prompt(id, &prompt("Rivers", "one"))
        .expect("kept");
    there.prompts().expect("the library");
    there
        .save_prompt(id, &prompt("Rivers", "two"))
        .expect("kept there");
    let refused = here.save_prompt(id, &prompt("Rivers", "three"));
    assert!(matches!(refused, Err(StoreError::ChangedElsewhere(_))));
}

/// `CreatePrompt`'s body in the form of its public documentation.
const PLAYLIST: &str = r#"{
    "name": "Playlist", "defaultVariant": "one",
    "variants": [{
        "name": "one", "templateType": "TEXT", "modelId": "amazon.nova-micro-v1:0",
        "templateConfiguration": { "text": {
            "text": "A {{genre}} playlist of {{number}} songs",
            "inputVariables": [{ "name": "genre" }, { "name": "number" }] } },
        "inferenceConfiguration": { "text": { "temperature": 0.8, "maxTokens": 500 } }
    }]
}"#;

#[test]
fn a_prompt_of_bedrock_is_taken_in_run_over_a_table_and_given_back() {
    let cli = Cli::new();
    let data = cli.home.path().join("data").display().to_string();
    let file = cli.file("playlist.json", PLAYLIST.as_bytes());
    let taken = cli.run(&["prompts", "import", text(&file), "--data-dir", &data]);
    assert!(taken.status.success(), "{}", stderr(&taken));
    assert_eq!(stdout(&taken), "Playlist\n");

    let table = cli.file("songs.csv", b"genre,note\nJazz,a\nFolk,b\n");
    let run = cli.run(&[
        "prompts",
        "run",
        "playlist",
        "--var",
        "number=3",
        "--table",
        text(&table),
        "--format",
        "json",
        "--demo",
        "--data-dir",
        &data,
    ]);
    assert!(run.status.success(), "{}", stderr(&run));
    let rows: serde_json::Value = serde_json::from_str(&stdout(&run)).expect("JSON");
    assert_eq!(rows.as_array().map(Vec::len), Some(2));
    for (row, genre) in [(0, "Jazz"), (1, "Folk")] {
        assert_eq!(rows[row]["values"]["genre"], genre);
        assert_eq!(rows[row]["values"]["number"], "3");
        assert_eq!(rows[row]["modelId"], "amazon.nova-micro-v1:0");
        assert_eq!(rows[row]["simulated"], true);
        let answer = rows[row]["answer"].as_str().expect("an answer");
        assert!(answer.contains("imulated"), "{answer}");
    }
    assert!(stderr(&run).contains("2 of 2 answered, simulated, not charged"));
    let used = cli.run(&["usage", "--json", "--by", "screen", "--data-dir", &data]);
    assert!(
        stdout(&used).contains("Prompts") || stdout(&used).contains("prompts"),
        "{}",
        stdout(&used)
    );

    let back = cli.run(&[
        "prompts",
        "export",
        "Playlist",
        "--form",
        "bedrock",
        "--data-dir",
        &data,
    ]);
    let body: serde_json::Value = serde_json::from_str(&stdout(&back)).expect("JSON");
    let given: serde_json::Value = serde_json::from_str(PLAYLIST).expect("JSON");
    let part = |body: &serde_json::Value, path: &str| body.pointer(path).cloned();
    for path in [
        "/name",
        "/variants/0/templateType",
        "/variants/0/templateConfiguration",
        "/variants/0/modelId",
        "/variants/0/inferenceConfiguration",
    ] {
        assert_eq!(part(&body, path), part(&given, path), "{path}");
    }
}

#[test]
fn what_is_missing_is_said_before_anything_is_sent() {
    let cli = Cli::new();
    let data = cli.home.path().join("data").display().to_string();
    let run = |arguments: &[&str]| {
        let mut all = vec!["prompts"];
        all.extend(arguments);
        all.extend(["--data-dir", &data]);
        cli.run(&all)
    };
    let listed = run(&["list", "--json"]);
    let names = lines(&listed)[0].as_array().map(Vec::len);
    assert_eq!(names, Some(starters().len()));

    let unknown = run(&["run", "Nothing", "--demo"]);
    assert_eq!(unknown.status.code(), Some(2));
    let missing = run(&["run", "Answer from a source", "--var", "source=x", "--demo"]);
    assert_eq!(missing.status.code(), Some(2));
    assert!(stderr(&missing).contains("No value is given for question"));
    let no_version = run(&["show", "Translate", "--version", "3"]);
    assert!(stderr(&no_version).contains("has no version 3"));
    let file = cli.file("other.json", b"{\"messages\": []}");
    let other = run(&["import", text(&file)]);
    assert_eq!(other.status.code(), Some(2));
    assert!(stderr(&other).contains("neither a file of prompts"));
}

#[test]
fn a_row_whose_image_is_missing_fails_alone() {
    let cli = Cli::new();
    let data = cli.home.path().join("data").display().to_string();
    cli.photograph("boat.png");
    let table = cli.file(
        "pictures.csv",
        b"image,page,language\nboat.png,Harbours,English\nnone.png,Harbours,English\n",
    );
    let run = cli.run(&[
        "prompts",
        "run",
        "Alt text for an image",
        "--table",
        text(&table),
        "--format",
        "csv",
        "--demo",
        "--data-dir",
        &data,
    ]);
    assert_eq!(run.status.code(), Some(1));
    let csv = stdout(&run);
    let rows: Vec<&str> = csv.lines().collect();
    assert_eq!(rows.len(), 3, "{csv}");
    assert!(rows[2].starts_with("none.png,Harbours,English,,"), "{csv}");
    assert!(stderr(&run).contains("1 of 2 answered"), "{}", stderr(&run));
}
