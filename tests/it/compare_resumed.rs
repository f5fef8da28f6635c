//! `compare` that is ended early, and resumed: what was paid for is not asked for again.

use std::path::Path;
use std::process::{Command, Output, Stdio};
use std::time::{Duration, Instant};

use serde_json::Value;

use super::cli::{Cli, Endpoint, lines, stderr, text};

const LITE: &str = "amazon.nova-lite-v1:0";
const MICRO: &str = "amazon.nova-micro-v1:0";
const JUDGE: &str = "amazon.nova-pro-v1:0";
const TABLE: &[u8] = b"city\nOslo\nRome\nParis\n";
const DEADLINE: Duration = Duration::from_secs(60);

/// Two models asked where three towns are.
fn compare(cli: &Cli, endpoint: &Endpoint, arguments: &[&str]) -> Command {
    let table = cli.file("towns.csv", TABLE);
    let asked = ["Where is {{city}}?", "--prompts", text(&table)];
    let models = ["--model", LITE, "--model", MICRO];
    let url = ["--endpoint-url", &endpoint.url, "compare"];
    with_keys(cli.command(&[&url[..], &models, &asked, arguments].concat()))
}

fn with_keys(mut command: Command) -> Command {
    command
        .env("AWS_ACCESS_KEY_ID", "any")
        .env("AWS_SECRET_ACCESS_KEY", "any");
    command
}

fn run(command: &mut Command) -> Output {
    command.output().expect("the program runs")
}

/// An endpoint that takes so many calls and refuses the next one.
fn that_takes(cli: &Cli, calls: u64) -> Endpoint {
    let next = (calls + 1).to_string();
    Endpoint::start(cli, &["--fail-nth", &next, "--fail-with", "access-denied"])
}

/// That neither more nor fewer calls were made than it takes: the next one is the one that it refuses.
fn assert_that_took_all(cli: &Cli, endpoint: &Endpoint) {
    let ask = ["--endpoint-url", &endpoint.url, "ask", LITE, "Why?"];
    let output = run(&mut with_keys(cli.command(&ask)));
    let remarks = stderr(&output);
    assert!(remarks.contains("AccessDeniedException"), "{remarks}");
}

fn lines_of(path: &Path) -> Vec<Value> {
    let written = std::fs::read_to_string(path).unwrap_or_default();
    let whole = written
        .split_inclusive('\n')
        .filter(|line| line.ends_with('\n'));
    whole
        .map(|line| serde_json::from_str(line).expect("a line of JSON"))
        .collect()
}

/// Row, column and text of each answer, in order.
fn answers(lines: &[Value]) -> Vec<(u64, String, String)> {
    let mut answers: Vec<_> = lines
        .iter()
        .map(|line| {
            let word = |name: &str| line[name].as_str().unwrap_or_default().to_owned();
            (line["row"].as_u64().unwrap(), word("column"), word("text"))
        })
        .collect();
    answers.sort();
    answers
}

#[test]
fn what_came_before_a_kill_is_there_and_only_the_rest_is_asked() {
    let cli = Cli::new();
    let out = cli.home.path().join("out.jsonl");
    let jsonl = ["--format", "jsonl", "--out", text(&out)];
    // One model answers all three rows, the other begins the first one and never ends.
    let endpoint = Endpoint::start(&cli, &["--fault-model", MICRO, "--stall-after", "3"]);
    let mut child = compare(&cli, &endpoint, &jsonl)
        .stderr(Stdio::null())
        .spawn()
        .expect("the program runs");
    let began = Instant::now();
    while lines_of(&out).len() < 3 {
        assert!(began.elapsed() < DEADLINE, "{:?}", lines_of(&out));
        std::thread::yield_now();
    }
    child.kill().expect("killed");
    child.wait().expect("it ends");
    let before = lines_of(&out);
    assert!(before.iter().all(|line| line["column"] == LITE));

    let endpoint = that_takes(&cli, 3);
    let resumed = run(&mut compare(
        &cli,
        &endpoint,
        &[&jsonl[..], &["--resume"]].concat(),
    ));
    let remarks = stderr(&resumed);
    assert_eq!(resumed.status.code(), Some(0), "{remarks}");
    assert!(
        remarks.contains("3 of them were paid for before, and were not asked for again"),
        "{remarks}"
    );
    assert_that_took_all(&cli, &endpoint);
    let after = lines_of(&out);
    assert_eq!(after.len(), 6);
    // What came before is said again as it was, with what it took.
    for line in &before {
        assert!(after.contains(line), "{line}");
    }
    // Each call was booked once, when it was made.
    let booked = lines(&run(
        &mut cli.command(&["usage", "--by", "screen", "--json"])
    ));
    let screen = &booked[0]["simulated"]["groups"][0];
    assert_eq!(screen["name"], "Compare models");
    assert_eq!(screen["calls"], 6);
}

#[test]
fn a_comparison_that_is_whole_is_asked_nothing_in_any_form() {
    let cli = Cli::new();
    let first = that_takes(&cli, 12);
    let twice = ["--repeat", "2", "--format", "jsonl"];
    let whole = run(&mut compare(&cli, &first, &twice));
    assert_eq!(whole.status.code(), Some(0), "{}", stderr(&whole));
    let none = that_takes(&cli, 0);
    let resumed = [&twice[..], &["--resume"]].concat();
    let resumed = run(&mut compare(&cli, &none, &resumed));
    assert_eq!(resumed.status.code(), Some(0), "{}", stderr(&resumed));
    assert_eq!(answers(&lines(&resumed)), answers(&lines(&whole)));
    let table = run(&mut compare(
        &cli,
        &none,
        &["--repeat", "2", "--format", "table", "--resume"],
    ));
    assert_eq!(table.status.code(), Some(0), "{}", stderr(&table));
    assert_that_took_all(&cli, &none);
    // A third run is another answer, and without the word all are asked anew.
    let three = that_takes(&cli, 6);
    let more = ["--repeat", "3", "--json", "--resume"];
    let more = run(&mut compare(&cli, &three, &more));
    assert_eq!(more.status.code(), Some(0), "{}", stderr(&more));
    assert_that_took_all(&cli, &three);
    let anew = that_takes(&cli, 12);
    let again = run(&mut compare(&cli, &anew, &twice));
    assert_eq!(again.status.code(), Some(0), "{}", stderr(&again));
    assert_that_took_all(&cli, &anew);
}

#[test]
fn what_failed_is_asked_again_and_no_score_is_given_twice() {
    let cli = Cli::new();
    let judged = ["--judge", JUDGE, "--format", "jsonl"];
    // Six answers, and six verdicts of which the second to be asked for is refused.
    let endpoint = Endpoint::start(&cli, &["--fail-nth", "8", "--fail-with", "access-denied"]);
    let first = run(&mut compare(&cli, &endpoint, &judged));
    assert_eq!(first.status.code(), Some(1), "{}", stderr(&first));
    let before = lines(&first);
    let scored = |line: &&Value| line["judge"]["score"].is_u64();
    assert_eq!(before.iter().filter(scored).count(), 5, "{before:?}");

    let one = that_takes(&cli, 1);
    let resumed = [&judged[..], &["--resume"]].concat();
    let resumed = run(&mut compare(&cli, &one, &resumed));
    let remarks = stderr(&resumed);
    assert_eq!(resumed.status.code(), Some(0), "{remarks}");
    for said in [
        "6 of them were paid for before",
        "5 of them were paid for before",
    ] {
        assert!(remarks.contains(said), "{remarks}");
    }
    assert_that_took_all(&cli, &one);
    let after = lines(&resumed);
    assert_eq!(after.len(), 6);
    assert!(after.iter().all(|line| scored(&line)), "{after:?}");
    for line in before.iter().filter(scored) {
        assert!(after.contains(line), "{line}");
    }
    // Another rubric is another question to the judge, and none to the models.
    let rubric = cli.file("rubric.txt", b"Short answers are good.");
    let six = that_takes(&cli, 6);
    let other = [&judged[..], &["--rubric", text(&rubric), "--resume"]].concat();
    let other = run(&mut compare(&cli, &six, &other));
    assert_eq!(other.status.code(), Some(0), "{}", stderr(&other));
    assert_that_took_all(&cli, &six);
}

#[cfg(unix)]
#[test]
fn an_interrupted_comparison_says_how_to_go_on_and_writes_its_lines() {
    use std::io::{BufRead as _, BufReader, Read as _};

    use super::cli::interrupt;

    let cli = Cli::new();
    let endpoint = Endpoint::start(&cli, &["--fault-model", MICRO, "--stall-after", "3"]);
    // Out of the models' range, so that a remark comes when it listens.
    let arguments = ["--format", "jsonl", "--temperature", "5"];
    let mut child = compare(&cli, &endpoint, &arguments)
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("the program runs");
    let mut result = BufReader::new(child.stdout.take().expect("a pipe"));
    let mut came = String::new();
    for _ in 0..3 {
        result.read_line(&mut came).expect("a line as it comes");
    }
    interrupt(&child);
    let mut remarks = String::new();
    for line in BufReader::new(child.stderr.take().expect("a pipe")).lines() {
        let line = line.expect("a line");
        if line.starts_with("Stopping") {
            interrupt(&child);
        }
        remarks.push_str(&line);
    }
    result.read_to_string(&mut came).expect("text");
    assert_eq!(child.wait().expect("it ends").code(), Some(130));
    assert!(remarks.contains("with --resume"), "{remarks}");
    let statuses: Vec<String> = came
        .lines()
        .map(|line| serde_json::from_str::<Value>(line).expect("JSON"))
        .map(|line| line["status"].as_str().unwrap_or_default().to_owned())
        .collect();
    assert_eq!(statuses, ["complete", "complete", "complete", "stopped"]);
}

#[cfg(target_os = "linux")]
#[test]
fn a_disk_that_is_full_stops_the_asking_and_loses_no_answer() {
    let cli = Cli::new();
    let endpoint = Endpoint::start(&cli, &[]);
    let full = ["--format", "jsonl", "--out", "/dev/full"];
    let output = run(&mut compare(&cli, &endpoint, &full));
    let remarks = stderr(&output);
    assert_eq!(output.status.code(), Some(1), "{remarks}");
    assert!(
        remarks.contains("The result could not be written"),
        "{remarks}"
    );
    assert!(remarks.contains("with --resume"), "{remarks}");
    // Each model had one call under way when the first line failed, and no third one was begun.
    assert!(remarks.contains("2 answers"), "{remarks}");
    let rest = that_takes(&cli, 4);
    let resumed = run(&mut compare(
        &cli,
        &rest,
        &["--format", "jsonl", "--resume"],
    ));
    assert_eq!(resumed.status.code(), Some(0), "{}", stderr(&resumed));
    assert_eq!(lines(&resumed).len(), 6);
    assert_that_took_all(&cli, &rest);
}
