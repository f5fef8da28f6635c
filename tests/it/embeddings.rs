//! Embeddings: recorded bodies, and `embed` as the real program against the embedded endpoint.

use std::fs;
use std::process::Output;

use bedrock_playground::embeddings::{Content, Offer, Purpose, Settings, body, cosine, read};
use serde_json::{Value, json};

use super::cli::{Cli, Endpoint, stderr, stdout, text};
use crate::support::recording::Recording;

/// The model, the recording, the texts, the length asked for, and that of the vectors in it.
type Recorded = (
    &'static str,
    &'static str,
    &'static [&'static str],
    Option<u32>,
    usize,
);

const RECORDED: [Recorded; 4] = [
    (
        "amazon.titan-embed-text-v1",
        "InvokeModel__titan-embed-text-v1__embedding.json",
        &["Hello World!"],
        None,
        1_536,
    ),
    (
        "cohere.embed-english-v3",
        "InvokeModel__embed-english-v3__embedding.json",
        &["Hello World!", "Goodbye cruel world!"],
        None,
        1_024,
    ),
    (
        "amazon.nova-2-multimodal-embeddings-v1:0",
        "InvokeModel__nova-2-multimodal-embeddings__embedding.json",
        &["Ruby is a programmer's best friend"],
        Some(256),
        256,
    ),
    (
        "us.cohere.embed-v4:0",
        "InvokeModel__us.embed-v4.0__embedding.json",
        &["Ruby", "Python", "JavaScript"],
        Some(512),
        512,
    ),
];

#[test]
fn what_was_recorded_is_asked_the_same_way_and_read_whole() {
    for (model, file, texts, dimensions, length) in RECORDED {
        let Some(recording) = Recording::named(file) else {
            return;
        };
        let settings = Settings {
            dimensions,
            ..Settings::of(model.into())
        };
        let offer = Offer::of(&model.into()).expect("an embedding model");
        let contents: Vec<Content<'_>> = texts.iter().copied().map(Content::Text).collect();
        let mut ours = body(offer, &settings, &contents);
        // How long texts are cut is this program's own choice.
        if let Some(ours) = ours.as_object_mut() {
            ours.remove("truncate");
        }
        assert_eq!(ours, recording.sent, "{file}");

        let answer = read(offer, &recording.body, texts.len()).expect("vectors");
        assert_eq!(answer.vectors.len(), texts.len(), "{file}");
        for vector in &answer.vectors {
            assert_eq!(vector.len(), length, "{file}");
        }
    }
}

#[test]
fn recorded_vectors_are_as_near_as_other_tools_reckon() {
    let file = "InvokeModel__us.embed-v4.0__embedding.json";
    let Some(recording) = Recording::named(file) else {
        return;
    };
    let offer = Offer::of(&"us.cohere.embed-v4:0".into()).expect("an offer");
    let vectors = read(offer, &recording.body, 3).expect("vectors").vectors;
    // Reckoned from the same file in double precision by a few lines of Python.
    for (a, b, expected) in [(0, 1, 0.5760), (0, 2, 0.4785), (1, 2, 0.7288)] {
        let found = cosine(&vectors[a], &vectors[b]);
        assert!((found - expected).abs() < 1e-4, "{a} and {b}: {found}");
    }
}

#[test]
fn purposes_have_each_models_own_names() {
    let of = |model: &str, pointer: &str| {
        let settings = Settings {
            purpose: Purpose::Query,
            ..Settings::of(model.into())
        };
        let offer = settings.offer().expect("an offer");
        body(offer, &settings, &[Content::Text("x")])
            .pointer(pointer)
            .cloned()
    };
    assert_eq!(
        of("cohere.embed-v4:0", "/input_type"),
        Some(json!("search_query"))
    );
    assert_eq!(
        of(
            "amazon.nova-2-multimodal-embeddings-v1:0",
            "/singleEmbeddingParams/embeddingPurpose"
        ),
        Some(json!("GENERIC_RETRIEVAL"))
    );
}

fn embed(cli: &Cli, arguments: &[&str]) -> Output {
    let command = ["--demo", "--speed", "0", "embed"];
    cli.run(&[&command, arguments].concat())
}

fn json_of(output: &Output) -> Value {
    serde_json::from_str(&stdout(output))
        .unwrap_or_else(|error| panic!("{error}: {}\n{}", stdout(output), stderr(output)))
}

const TEXTS: [&str; 3] = [
    "a red fox in the snow",
    "the red fox sleeps",
    "quarterly revenue grew",
];

#[test]
fn texts_become_vectors_with_their_tokens_and_price() {
    let output = embed(
        &Cli::new(),
        &[&TEXTS[..], &["--json", "--dimensions", "256"]].concat(),
    );
    assert_eq!(output.status.code(), Some(0), "{}", stderr(&output));
    let rows = json_of(&output);
    assert_eq!(rows.as_array().map(Vec::len), Some(3));
    assert_eq!(rows[1]["text"], TEXTS[1]);
    assert_eq!(rows[1]["embedding"].as_array().map(Vec::len), Some(256));
    assert!(rows[1]["tokens"].as_u64().is_some_and(|tokens| tokens > 0));
    let remarks = stderr(&output);
    for part in [
        "3 texts in 3 requests",
        "simulated, not charged",
        "0 failed",
    ] {
        assert!(remarks.contains(part), "{part} in {remarks}");
    }
}

#[test]
fn a_matrix_says_who_is_near_whom() {
    let output = embed(&Cli::new(), &[&TEXTS[..], &["--matrix", "--json"]].concat());
    let matrix = json_of(&output);
    let near = |a: usize, b: usize| matrix["similarity"][a][b].as_f64().expect("a number");
    assert!((near(0, 0) - 1.0).abs() < 1e-5);
    assert!((near(0, 1) - near(1, 0)).abs() < 1e-6);
    assert!(near(0, 1) > near(0, 2) + 0.2, "{matrix}");
    let words = stdout(&embed(&Cli::new(), &[&TEXTS[..], &["--matrix"]].concat()));
    assert!(words.contains("1.00"), "{words}");

    let output = embed(
        &Cli::new(),
        &[&TEXTS[..], &["--nearest", "1", "--json"]].concat(),
    );
    assert_eq!(json_of(&output)[0]["nearest"][0]["text"], TEXTS[1]);
}

#[test]
fn a_file_of_many_texts_goes_in_requests_of_96_and_comes_out_for_numpy() {
    let cli = Cli::new();
    let rows: Vec<String> = (0..200).map(|n| format!("{n},text number {n}")).collect();
    let table = format!("id,text\n{}\n", rows.join("\n"));
    let file = cli.file("texts.csv", table.as_bytes());
    let out = file.with_extension("npy");
    let output = embed(
        &cli,
        &[
            "--file",
            text(&file),
            "--model",
            "cohere.embed-english-v3",
            "--format",
            "npy",
            "--out",
            text(&out),
        ],
    );
    assert_eq!(output.status.code(), Some(0), "{}", stderr(&output));
    // 200 = 96 + 96 + 8
    assert!(
        stderr(&output).contains("200 texts in 3 requests"),
        "{}",
        stderr(&output)
    );
    let bytes = fs::read(&out).expect("a file");
    assert_eq!(&bytes[..8], b"\x93NUMPY\x01\x00");
    let header = usize::from(u16::from_le_bytes([bytes[8], bytes[9]]));
    let words = String::from_utf8_lossy(&bytes[10..10 + header]);
    assert!(words.contains("'shape': (200, 1024)"), "{words}");
    // Four bytes a number.
    assert_eq!(bytes.len(), 10 + header + 200 * 1_024 * 4);
}

#[test]
fn images_lie_near_texts_that_say_what_is_seen() {
    let cli = Cli::new();
    let photograph = cli.photograph("sky.jpg");
    let arguments = [
        "a blue sky",
        "quarterly revenue grew",
        "--image",
        text(&photograph),
        "--matrix",
        "--json",
    ];
    for model in [
        "amazon.titan-embed-image-v1",
        "amazon.nova-2-multimodal-embeddings-v1:0",
        "us.cohere.embed-v4:0",
    ] {
        let output = embed(&cli, &[&arguments[..], &["--model", model]].concat());
        assert_eq!(output.status.code(), Some(0), "{}", stderr(&output));
        let matrix = json_of(&output);
        assert_eq!(matrix["texts"][2], "sky.jpg");
        let near = |a: usize| matrix["similarity"][a][2].as_f64().expect("a number");
        assert!(near(0) > near(1), "{model}: {matrix}");
    }
}

#[test]
fn what_cannot_be_sent_is_said_before_anything_is() {
    let cli = Cli::new();
    let long = "a".repeat(50_001);
    let photograph = cli.photograph("sky.jpg");
    for (arguments, words) in [
        (&["", "x"][..], "There is no text"),
        (
            &[long.as_str()],
            "50001 characters and the model takes 50000",
        ),
        (
            &["x", "--dimensions", "300"],
            "1024, 512, 256 numbers, not 300",
        ),
        (
            &["x", "--model", "amazon.nova-lite-v1:0"],
            "makes no embeddings",
        ),
        (&["--image", text(&photograph)], "takes texts only"),
        (&["--file", "nowhere.txt"], "cannot be read"),
    ] {
        let output = embed(&cli, arguments);
        assert_eq!(output.status.code(), Some(2), "{words}");
        assert!(stderr(&output).contains(words), "{}", stderr(&output));
    }
    let output = embed(&cli, &["x", "--dry-run"]);
    assert_eq!(
        (output.status.code(), stdout(&output).as_str()),
        (Some(0), "")
    );
    assert!(stderr(&output).contains("1 text in 1 request, about"));
}

#[test]
fn one_that_fails_leaves_the_others_alone_and_a_cap_stops_in_time() {
    let cli = Cli::new();
    let endpoint = Endpoint::start(&cli, &["--fail-nth", "2", "--fail-with", "access-denied"]);
    let output = cli
        .command(&[
            "--endpoint-url",
            &endpoint.url,
            "embed",
            "one",
            "two",
            "three",
            "--jobs",
            "1",
            "--json",
        ])
        .env("AWS_ACCESS_KEY_ID", "any")
        .env("AWS_SECRET_ACCESS_KEY", "any")
        .output()
        .expect("it runs");
    assert_eq!(output.status.code(), Some(1), "{}", stderr(&output));
    assert_eq!(json_of(&output).as_array().map(Vec::len), Some(2));
    assert!(stderr(&output).contains("1 failed. AccessDeniedException"));

    // The least a token of this model costs is 0.00000002.
    let output = embed(&cli, &["one", "two", "--max-cost", "0.00000001"]);
    assert_eq!(output.status.code(), Some(3), "{}", stderr(&output));
    assert!(stderr(&output).contains("cost cap"));
}
