//! `alt-text` over many images: the real program against the embedded endpoint.

use std::path::PathBuf;
use std::process::Output;

use bedrock_playground::media::xmp;
use serde_json::Value;

use super::cli::{Cli, Endpoint, lines, stderr, stdout, text};

/// A prompt of 14 characters: 4 tokens, as the endpoint counts.
const PROMPT: &str = "Write alt text";

/// What the endpoint counts for an image of 320 × 200, by the first row of Nova's table.
const IMAGE_TOKENS: u64 = 800;

fn picture(cli: &Cli, name: &str, colour: [u8; 3]) -> PathBuf {
    let path = cli.home.path().join(name);
    if let Some(folder) = path.parent() {
        std::fs::create_dir_all(folder).expect("a folder");
    }
    image::RgbImage::from_pixel(320, 200, image::Rgb(colour))
        .save(&path)
        .expect("saved");
    path
}

fn alt_text(cli: &Cli, arguments: &[&str]) -> Output {
    let command = ["--demo", "--speed", "0", "alt-text", "--prompt", PROMPT];
    cli.run(&[&command, arguments].concat())
}

fn three(cli: &Cli) {
    picture(cli, "p/img2.png", [200, 30, 30]);
    picture(cli, "p/img10.png", [30, 200, 30]);
    picture(cli, "p/more/z.png", [30, 30, 200]);
}

#[test]
fn a_folder_comes_in_natural_order_and_the_same_bytes_are_asked_for_once() {
    let cli = Cli::new();
    three(&cli);
    std::fs::copy(
        cli.home.path().join("p/img2.png"),
        cli.home.path().join("p/more/again.png"),
    )
    .expect("copied");
    cli.file("p/notes.txt", b"no image");
    let output = alt_text(&cli, &["p", "--json", "--jobs", "3"]);
    assert_eq!(output.status.code(), Some(0), "{}", stderr(&output));
    let results = lines(&output);
    let files: Vec<_> = results.iter().map(|result| &result["file"]).collect();
    assert_eq!(files, ["img2.png", "img10.png", "again.png", "z.png"]);
    for (result, colour) in results.iter().zip(["red", "green", "red", "blue"]) {
        let words = result["text"].as_str().expect("text");
        assert!(words.contains(colour), "{words}");
        assert_eq!(result["simulated"], true);
    }
    assert_eq!(results[0]["usage"]["inputTokens"], IMAGE_TOKENS + 4);
    assert_eq!(results[2]["sameAs"], 0);
    assert!(results[2].get("usage").is_none(), "{}", results[2]);
    assert!(stderr(&output).contains("1 files in folders are no images"));
}

#[test]
fn a_broken_image_does_not_stop_the_others() {
    let cli = Cli::new();
    let good = picture(&cli, "a.png", [9, 9, 200]);
    let whole = std::fs::read(&good).expect("read");
    let broken = cli.file("b.png", &whole[..whole.len() / 2]);
    let other = picture(&cli, "c.png", [200, 9, 9]);
    let output = alt_text(&cli, &[text(&good), text(&broken), text(&other), "--json"]);
    assert_eq!(output.status.code(), Some(1));
    let results = lines(&output);
    assert!(results[0]["text"].is_string() && results[2]["text"].is_string());
    assert!(results[1]["error"]["advice"].is_string(), "{}", results[1]);
}

#[test]
fn nothing_is_sent_that_could_pass_the_cap() {
    // At most, as estimated: the prompt's 14 characters are 5 tokens at three each, the frame 16. Nova
    // enlarges 320 × 200 to 896 × 560 = 501,760 pixels: 800 + 96,760 × 500 ÷ 405,000 = 919 tokens, and
    // 15 % more 1,056. 1,077 × 0.06 ÷ 1M + 1,000 × 0.24 ÷ 1M = 0.00030462 dollars.
    // In fact the input alone costs 804 × 0.06 ÷ 1M = 0.00004824, so that after one image a second
    // could come to 0.00035286 or more.
    for (cap, expected) in [("0.00030461", 0), ("0.00030462", 1), ("0.00035", 1)] {
        for jobs in ["1", "4"] {
            let cli = Cli::new();
            three(&cli);
            let output = alt_text(&cli, &["p", "--json", "--jobs", jobs, "--max-cost", cap]);
            assert_eq!(output.status.code(), Some(3), "{}", stderr(&output));
            assert_eq!(lines(&output).len(), expected, "{cap} with {jobs} jobs");
            assert!(stderr(&output).contains("To go on"), "{}", stderr(&output));
        }
    }
    let cli = Cli::new();
    three(&cli);
    // Room for three at the most each can cost.
    let output = alt_text(&cli, &["p", "--json", "--max-cost", "0.00091386"]);
    assert_eq!(output.status.code(), Some(0), "{}", stderr(&output));
}

#[test]
fn a_cap_needs_a_price() {
    let cli = Cli::new();
    three(&cli);
    let output = alt_text(
        &cli,
        &["p", "--model", "example.model-v1:0", "--max-cost", "1"],
    );
    assert_eq!(output.status.code(), Some(2));
    assert_eq!(stdout(&output), "");
    assert!(
        stderr(&output).contains("A cost cap cannot be kept"),
        "{}",
        stderr(&output)
    );
    let output = alt_text(&cli, &["p", "--max-cost", "-1"]);
    assert_eq!(output.status.code(), Some(2));
}

#[test]
fn throttling_halves_what_goes_at_once_and_loses_nothing() {
    let cli = Cli::new();
    three(&cli);
    let endpoint = Endpoint::start(&cli, &["--fail-nth", "1"]);
    let output = cli
        .command(&[
            "--endpoint-url",
            &endpoint.url,
            "alt-text",
            "p",
            "--json",
            "--jobs",
            "4",
        ])
        .env("AWS_ACCESS_KEY_ID", "any")
        .env("AWS_SECRET_ACCESS_KEY", "any")
        .output()
        .expect("the program runs");
    assert_eq!(output.status.code(), Some(0), "{}", stderr(&output));
    assert_eq!(lines(&output).len(), 3);
    assert!(
        stderr(&output).contains("Bedrock throttles: 2 at once from now on"),
        "{}",
        stderr(&output)
    );
}

#[test]
fn what_the_csv_says_of_an_image_is_in_its_prompt() {
    let cli = Cli::new();
    three(&cli);
    // "\n\nAbout this image: Boots" makes 39 characters of 14: 10 tokens instead of 4.
    let context = cli.file(
        "context.csv",
        b"file,context\nimg10.png,Boots\n10.png,Nothing\n",
    );
    let output = alt_text(&cli, &["p", "--json", "--context", text(&context)]);
    assert_eq!(output.status.code(), Some(0), "{}", stderr(&output));
    let tokens: Vec<_> = lines(&output)
        .iter()
        .map(|result| result["usage"]["inputTokens"].as_u64().expect("a number"))
        .collect();
    assert_eq!(tokens, [804, 810, 804]);
    assert!(stderr(&output).contains("The context of 10.png suits no image"));
    let wrong = cli.file("wrong.csv", b"name,text\na,b\n");
    let output = alt_text(&cli, &["p", "--context", text(&wrong)]);
    assert_eq!(output.status.code(), Some(2), "{}", stderr(&output));
}

#[test]
fn each_form_marks_what_is_simulated() {
    let cli = Cli::new();
    picture(&cli, "a.png", [30, 30, 200]);
    let of = |format: &str| {
        let out = cli.home.path().join("out");
        let output = alt_text(&cli, &["a.png", "--format", format, "--out", text(&out)]);
        assert_eq!(output.status.code(), Some(0), "{}", stderr(&output));
        assert_eq!(stdout(&output), "");
        std::fs::read_to_string(out).expect("written")
    };
    assert!(of("table").trim_end().ends_with("[simulated]"));
    let html = of("html");
    assert!(html.starts_with("<img src=\"a.png\" alt=\""), "{html}");
    assert!(html.ends_with("\" data-simulated=\"true\">\n"), "{html}");
    let markdown = of("markdown");
    assert!(
        markdown.ends_with("](a.png) <!-- simulated -->\n"),
        "{markdown}"
    );
    let json: Value = serde_json::from_str(&of("json")).expect("JSON");
    assert_eq!(json[0]["simulated"], true);
    let csv = of("csv");
    let mut reader = csv::Reader::from_reader(csv.as_bytes());
    let row = reader.records().next().expect("a row").expect("CSV");
    assert_eq!(row.get(0), Some("a.png"));
    assert_eq!(row.get(2), json[0]["text"].as_str());
    assert_eq!(row.get(6), Some("true"));
    assert_eq!(row.get(8), Some("804"));
}

#[test]
fn metadata_gets_the_text_and_no_pixel_changes() {
    let cli = Cli::new();
    let path = picture(&cli, "a.jpg", [30, 30, 200]);
    let before = std::fs::read(&path).expect("read");
    let copy = cli.home.path().join("a-alt.jpg");
    let write = |arguments: &[&str]| {
        let output = alt_text(&cli, &[&["a.jpg", "--json"], arguments].concat());
        assert_eq!(output.status.code(), Some(0), "{}", stderr(&output));
        let words = lines(&output)[0]["text"].as_str().expect("text").to_owned();
        (
            vec![
                ("x-default".to_owned(), words.clone()),
                ("de".to_owned(), words),
            ],
            stderr(&output),
        )
    };
    let (_, said) = write(&["--write-metadata", "copy"]);
    assert!(said.contains("--simulated-too"), "{said}");
    assert!(!copy.exists(), "a simulated text is not kept unasked");

    let kept = ["--simulated-too", "--language", "de", "--write-metadata"];
    let (words, _) = write(&[&kept[..], &["copy"]].concat());
    let copied = std::fs::read(&copy).expect("read");
    assert_eq!(
        xmp::extract(&copied).expect("XMP").alt_text,
        Some(words.clone())
    );
    assert_eq!(
        image::load_from_memory(&copied).expect("a picture"),
        image::load_from_memory(&before).expect("a picture")
    );
    assert_eq!(std::fs::read(&path).expect("read"), before);

    write(&[&kept[..], &["sidecar"]].concat());
    let sidecar = std::fs::read_to_string(cli.home.path().join("a.jpg.xmp")).expect("read");
    assert_eq!(
        xmp::read_packet(&sidecar).expect("XMP").alt_text,
        Some(words.clone())
    );
    write(&[&kept[..], &["in-place"]].concat());
    assert_eq!(std::fs::read(&path).expect("read"), copied);

    // A long description stands beside the alt text, which stays.
    let (long, _) = write(&[&kept[..], &["in-place", "--long-descriptions"]].concat());
    let both = xmp::extract(&std::fs::read(&path).expect("read")).expect("XMP");
    assert_eq!(both.alt_text, Some(words.clone()));
    assert_eq!(both.extended, Some(long));

    // What is there is not overwritten, and a folder's copies are not described again.
    let again = [&["a.jpg"], &kept[..], &["copy"]].concat();
    let output = alt_text(&cli, &again);
    assert_eq!(output.status.code(), Some(1), "{}", stderr(&output));
    let folder = alt_text(&cli, &[".", "--json"]);
    assert_eq!(lines(&folder).len(), 1, "{}", stdout(&folder));
}

#[test]
fn a_later_run_leaves_out_what_is_done() {
    let cli = Cli::new();
    three(&cli);
    let run = |cap: &str| {
        let to = ["p", "--format", "jsonl", "--out", "r.jsonl", "--jobs", "1"];
        let more: &[&str] = match cap {
            "" => &["--skip", "./p/../r.jsonl"],
            _ => &["--max-cost", cap],
        };
        alt_text(&cli, &[&to, more].concat()).status.code()
    };
    assert_eq!(run("0.00035"), Some(3));
    // As when the program is killed while it writes.
    let place = cli.home.path().join("r.jsonl");
    let cut_off = std::fs::read_to_string(&place).expect("read") + "{\"file\": \"z.p";
    std::fs::write(&place, cut_off).expect("written");
    assert_eq!(run(""), Some(0));
    let results = std::fs::read_to_string(place).expect("read");
    let results = results.replacen("{\"file\": \"z.p\n", "", 1);
    let files: Vec<Value> = results
        .lines()
        .map(|line| serde_json::from_str::<Value>(line).expect("JSON")["file"].clone())
        .collect();
    assert_eq!(files, ["img2.png", "img10.png", "z.png"]);
}

#[cfg(unix)]
#[test]
fn an_interrupted_job_keeps_what_it_has_and_says_how_to_go_on() {
    use std::io::{BufRead as _, BufReader};
    use std::process::Stdio;

    let cli = Cli::new();
    cli.file("a.txt", b"no image");
    picture(&cli, "b.png", [30, 30, 200]);
    // Of its answer nothing more would ever come.
    let endpoint = Endpoint::start(&cli, &["--stall-after", "3"]);
    let mut child = cli
        .command(&[
            "--endpoint-url",
            &endpoint.url,
            "alt-text",
            "a.txt",
            "b.png",
            "--json",
        ])
        .env("AWS_ACCESS_KEY_ID", "any")
        .env("AWS_SECRET_ACCESS_KEY", "any")
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("the program runs");
    let mut first = String::new();
    BufReader::new(child.stdout.take().expect("a pipe"))
        .read_line(&mut first)
        .expect("a line");
    assert!(first.contains("NotAnImage"), "{first}");
    super::cli::interrupt(&child);
    let mut said = String::new();
    for line in BufReader::new(child.stderr.take().expect("a pipe")).lines() {
        let line = line.expect("a line");
        if line.starts_with("Stopping") {
            super::cli::interrupt(&child);
        }
        said.push_str(&line);
    }
    assert_eq!(child.wait().expect("it ends").code(), Some(130), "{said}");
    assert!(said.contains("To go on"), "{said}");
}

#[test]
fn what_was_paid_for_is_not_asked_for_again() {
    let cli = Cli::new();
    three(&cli);
    // Two images fit under the cap, and the third is left.
    let stopped = alt_text(
        &cli,
        &["p", "--json", "--jobs", "1", "--max-cost", "0.00035"],
    );
    assert_eq!(stopped.status.code(), Some(3), "{}", stderr(&stopped));
    assert!(
        stderr(&stopped).contains("--resume"),
        "{}",
        stderr(&stopped)
    );
    let paid = lines(&stopped);
    assert!((1..3).contains(&paid.len()), "{paid:?}");
    let resumed = alt_text(&cli, &["p", "--json", "--resume"]);
    assert_eq!(resumed.status.code(), Some(0), "{}", stderr(&resumed));
    let results = lines(&resumed);
    assert_eq!(results.len(), 3);
    for (at, result) in results.iter().enumerate() {
        // What was paid for comes without a bill and says the same.
        assert_eq!(result["usage"].is_null(), at < paid.len(), "{result}");
        if let Some(before) = paid.get(at) {
            assert_eq!(result["text"], before["text"]);
        }
    }
    // Another question is another question.
    let other = alt_text(
        &cli,
        &["p", "--json", "--resume", "--about", "A shop for boots"],
    );
    assert!(
        lines(&other)
            .iter()
            .all(|result| result["usage"].is_object())
    );
    // And without the word, all of them are asked for anew.
    let anew = alt_text(&cli, &["p", "--json"]);
    assert!(
        lines(&anew)
            .iter()
            .all(|result| result["usage"].is_object())
    );
}
