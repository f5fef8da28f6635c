//! `compare`: the real program against the embedded endpoint.

use std::process::{Output, Stdio};

use serde_json::Value;

use super::cli::{Cli, Endpoint, lines, stderr, stdout, text};

const LITE: &str = "amazon.nova-lite-v1:0";
const MICRO: &str = "amazon.nova-micro-v1:0";

fn compare(cli: &Cli, arguments: &[&str]) -> Output {
    let command = [
        "--demo", "--speed", "0", "compare", "--model", LITE, "--model", MICRO,
    ];
    cli.run(&[&command, arguments].concat())
}

fn json(output: &Output) -> Value {
    serde_json::from_str(&stdout(output)).expect("one JSON object")
}

fn runs(outcome: &Value) -> &Vec<Value> {
    outcome["runs"].as_array().expect("runs")
}

#[test]
fn two_models_answer_side_by_side() {
    let cli = Cli::new();
    let output = compare(&cli, &["Why?"]);
    assert_eq!(output.status.code(), Some(0), "{}", stderr(&output));
    let words = stdout(&output);
    for part in [
        LITE,
        MICRO,
        "1,000 calls",
        "cheapest",
        "simulated, not charged",
        "medians",
    ] {
        assert!(words.contains(part), "{part} in {words}");
    }
    assert!(stderr(&output).contains("2 answers, simulated, not charged"));
}

#[test]
fn repeats_are_runs_of_one_prompt() {
    let output = compare(&Cli::new(), &["Why?", "--repeat", "3", "--json"]);
    assert_eq!(output.status.code(), Some(0), "{}", stderr(&output));
    let outcome = json(&output);
    assert_eq!(runs(&outcome).len(), 6);
    let lite = &outcome["columns"][0];
    assert_eq!(lite["modelId"], LITE);
    assert_eq!(lite["summary"]["complete"], 3);
    assert_eq!(outcome["simulated"], true);
    for run in runs(&outcome) {
        assert_eq!(run["prompt"], "Why?");
        assert_eq!(run["status"], "complete");
        assert_eq!(run["simulated"], true);
        assert!(run["cost"]["total"].is_string(), "{run}");
    }
}

#[test]
fn images_go_along_and_a_model_without_eyes_fails_alone() {
    let cli = Cli::new();
    let photograph = cli.photograph("sky.jpg");
    let output = compare(
        &cli,
        &["Describe it", "--image", text(&photograph), "--json"],
    );
    assert_eq!(output.status.code(), Some(1), "one failed");
    let outcome = json(&output);
    let answer = runs(&outcome)[0]["text"].as_str().expect("text");
    assert!(answer.contains("blue"), "{answer}");
    assert_eq!(runs(&outcome)[1]["status"], "failed");
    assert_eq!(runs(&outcome)[1]["failure"]["code"], "ValidationException");
    let remarks = stderr(&output);
    assert!(
        remarks.contains(&format!("{MICRO}: Takes no images")),
        "{remarks}"
    );
}

#[test]
fn a_fault_in_one_column_leaves_the_others_alone() {
    let cli = Cli::new();
    let endpoint = Endpoint::start(&cli, &["--fail-nth", "2", "--fail-with", "access-denied"]);
    let models = [LITE, MICRO, LITE, MICRO];
    let models = models.map(|model| ["--model", model]).concat();
    let output = cli
        .command(
            &[
                &["--endpoint-url", &endpoint.url, "compare", "Why?", "--json"],
                &models[..],
            ]
            .concat(),
        )
        .env("AWS_ACCESS_KEY_ID", "any")
        .env("AWS_SECRET_ACCESS_KEY", "any")
        .output()
        .expect("it runs");
    assert_eq!(output.status.code(), Some(1), "{}", stderr(&output));
    let outcome = json(&output);
    let statuses: Vec<_> = runs(&outcome).iter().map(|run| &run["status"]).collect();
    let failed = statuses
        .iter()
        .filter(|status| **status == "failed")
        .count();
    let complete = statuses
        .iter()
        .filter(|status| **status == "complete")
        .count();
    assert_eq!((failed, complete), (1, 3), "{statuses:?}");
    assert!(
        stderr(&output).contains("AccessDeniedException"),
        "{}",
        stderr(&output)
    );
}

#[test]
fn a_table_of_prompts_is_asked_row_by_row() {
    let cli = Cli::new();
    cli.photograph("sky.jpg");
    let table = cli.file(
        "prompts.csv",
        b"city,image\nOslo,\nRome,sky.jpg\nParis,gone.jpg\n",
    );
    let arguments = ["Where is {{city}}?", "--prompts", text(&table), "--json"];
    let output = compare(&cli, &arguments);
    assert_eq!(output.status.code(), Some(1), "a file is missing");
    let outcome = json(&output);
    let told: Vec<_> = runs(&outcome)
        .iter()
        .map(|run| {
            let code = run["failure"]["code"].as_str().unwrap_or("-").to_owned();
            (
                run["row"].as_u64().unwrap(),
                run["prompt"].as_str().unwrap().to_owned(),
                code,
            )
        })
        .collect();
    let run = |row, city: &str, code: &str| (row, format!("Where is {city}?"), code.to_owned());
    assert_eq!(
        told,
        [
            run(1, "Oslo", "-"),
            run(1, "Oslo", "-"),
            run(2, "Rome", "-"),
            run(2, "Rome", "ValidationException"),
            run(3, "Paris", "FileNotFound"),
            run(3, "Paris", "FileNotFound"),
        ]
    );
}

#[test]
fn each_row_is_asked_and_judged_with_its_own_picture() {
    let cli = Cli::new();
    let photographs = [("sky.png", [30, 80, 200]), ("rose.png", [220, 20, 30])];
    for (name, color) in photographs {
        image::RgbImage::from_pixel(320, 200, image::Rgb(color))
            .save(cli.home.path().join(name))
            .expect("saved");
    }
    let table = cli.file("pictures.csv", b"image\nsky.png\nrose.png\n");
    let prompts = ["Describe it", "--prompts", text(&table), "--repeat", "2"];
    let judged = ["--judge", "amazon.nova-pro-v1:0", "--json"];
    let output = compare(&cli, &[&prompts[..], &judged].concat());
    let outcome = json(&output);
    let seen = runs(&outcome).iter().filter(|run| run["column"] == LITE);
    let seen: Vec<_> = seen.collect();
    assert_eq!(seen.len(), 4, "{}", stderr(&output));
    for run in seen {
        let answer = run["text"].as_str().expect("text");
        let (color, other) = match run["row"].as_u64() {
            Some(1) => ("blue", "red"),
            _ => ("red", "blue"),
        };
        assert!(answer.contains(color), "{answer}");
        assert!(!answer.contains(other), "{answer}");
        assert!(run["judge"]["score"].is_u64(), "{run}");
    }
}

/// How much memory a program takes now, in bytes.
#[cfg(target_os = "linux")]
fn memory_of(process: u32) -> u64 {
    let status = std::fs::read_to_string(format!("/proc/{process}/status")).expect("it runs");
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:"));
    let number = line.and_then(|line| line.trim().strip_suffix(" kB"));
    number.and_then(|kb| kb.parse::<u64>().ok()).expect("kB") * 1024
}

/// What it holds when one model has been asked about so many documents, and another one has not answered at all.
#[cfg(target_os = "linux")]
fn held_after(documents: usize, size: usize) -> u64 {
    let cli = Cli::new();
    let mut table = "document\n".to_owned();
    for number in 0..documents {
        let name = format!("{number}.pdf");
        let mut bytes = format!("%PDF-1.4 {number}").into_bytes();
        bytes.resize(size, b' ');
        cli.file(&name, &bytes);
        table.push_str(&name);
        table.push('\n');
    }
    let table = cli.file("documents.csv", table.as_bytes());
    let stalls = "amazon.nova-pro-v1:0";
    let endpoint = Endpoint::start(&cli, &["--fault-model", stalls, "--stall-after", "3"]);
    let models = ["--model", LITE, "--model", stalls, "--format", "jsonl"];
    let asked = ["compare", "Sum it up", "--prompts", text(&table)];
    let url = ["--endpoint-url", &endpoint.url];
    let mut child = cli
        .command(&[&url[..], &asked, &models].concat())
        .env("AWS_ACCESS_KEY_ID", "any")
        .env("AWS_SECRET_ACCESS_KEY", "any")
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .expect("the program runs");
    let pipe = child.stdout.take().expect("a pipe");
    let came = std::io::BufRead::lines(std::io::BufReader::new(pipe)).take(documents);
    for line in came {
        let line: Value = serde_json::from_str(&line.expect("a line")).expect("JSON");
        assert_eq!(line["status"], "complete", "{line}");
    }
    let held = memory_of(child.id());
    child.kill().expect("killed");
    child.wait().expect("it ends");
    held
}

#[cfg(target_os = "linux")]
#[test]
fn documents_of_rows_that_were_asked_are_not_held() {
    const SIZE: usize = 3_000_000;
    let (few, many) = (held_after(4, SIZE), held_after(40, SIZE));
    // Of 36 documents more, no more than 12 may have left a trace.
    let most = few + 12 * SIZE as u64;
    assert!(many < most, "{many} bytes after {few}");
}

#[test]
fn a_table_that_cannot_be_asked_is_refused_before_anything_is_sent() {
    let cli = Cli::new();
    let table = cli.file(
        "prompts.jsonl",
        b"{\"prompt\":\"fine\"}\n{\"prompt\":\"To {{land}}\"}\n",
    );
    let output = compare(&cli, &["--prompts", text(&table)]);
    assert_eq!(output.status.code(), Some(2));
    assert_eq!(stdout(&output), "");
    assert!(stderr(&output).contains("row 2: no value is given for {{land}}"));
}

#[test]
fn a_judge_scores_every_answer_and_has_its_own_cost() {
    let cli = Cli::new();
    let rubric = cli.file("rubric.txt", b"Short answers are good.");
    let arguments = [
        "Why?",
        "--judge",
        "amazon.nova-pro-v1:0",
        "--rubric",
        text(&rubric),
        "--json",
    ];
    let output = compare(&cli, &arguments);
    assert_eq!(output.status.code(), Some(0), "{}", stderr(&output));
    let outcome = json(&output);
    for run in runs(&outcome) {
        let score = run["judge"]["score"].as_u64().expect("a score");
        assert!((1..=10).contains(&score), "{run}");
        assert_eq!(run["judge"]["modelId"], "amazon.nova-pro-v1:0");
        assert!(run["judge"]["cost"].is_string(), "{run}");
        assert_eq!(run["judge"]["simulated"], true);
    }
    assert!(stderr(&output).contains("2 answers judged, simulated"));
}

#[test]
fn every_form_can_be_written_into_a_file() {
    let cli = Cli::new();
    for (format, begins) in [
        ("table", "== "),
        ("csv", "row,round,column,"),
        ("json", "{"),
        ("jsonl", "{"),
        ("markdown", "# Comparison"),
        ("html", "<!doctype html>"),
    ] {
        let out = cli.home.path().join(format);
        let output = compare(&cli, &["Why?", "--format", format, "--out", text(&out)]);
        assert_eq!(output.status.code(), Some(0), "{}", stderr(&output));
        assert_eq!(stdout(&output), "");
        let written = std::fs::read_to_string(&out).expect("written");
        assert!(written.starts_with(begins), "{format}: {written}");
    }
    let lines_of = compare(&cli, &["Why?", "--format", "jsonl"]);
    assert_eq!(lines(&lines_of).len(), 2);
}

#[cfg(unix)]
#[test]
fn an_interrupted_comparison_keeps_what_it_has() {
    use std::io::{BufRead as _, BufReader, Read as _};

    use super::cli::interrupt;

    let cli = Cli::new();
    // Answers begin and never end.
    let endpoint = Endpoint::start(&cli, &["--stall-after", "3"]);
    let url = ["--endpoint-url", &endpoint.url];
    let command = [
        "compare", "--model", LITE, "--model", MICRO, "Why?", "--json",
    ];
    let mut child = cli
        .command(&[&url[..], &command, &["--temperature", "5"]].concat())
        .env("AWS_ACCESS_KEY_ID", "any")
        .env("AWS_SECRET_ACCESS_KEY", "any")
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("the program runs");
    let mut interrupted = 0;
    for line in BufReader::new(child.stderr.take().expect("a pipe")).lines() {
        let line = line.expect("a line");
        // The first remark comes when it listens already.
        let first = line.starts_with(LITE) && interrupted == 0;
        if first || line.starts_with("Stopping") {
            interrupt(&child);
            interrupted += 1;
        }
    }
    assert_eq!(interrupted, 2);
    let mut result = String::new();
    let mut pipe = child.stdout.take().expect("a pipe");
    pipe.read_to_string(&mut result).expect("text");
    assert_eq!(child.wait().expect("it ends").code(), Some(130));
    let outcome: Value = serde_json::from_str(&result).expect("one JSON object");
    let statuses: Vec<_> = runs(&outcome).iter().map(|run| &run["status"]).collect();
    assert_eq!(statuses, ["stopped", "stopped"]);
}
