//! Batch jobs from pictures to texts: the real program, the embedded S3 and the embedded service.

use std::process::{Command, Output};
use std::time::{Duration, Instant};

use bedrock_playground::alt_text::{
    self, Batch, BatchFolder, BatchLimits, ImageResult, JobOptions, Source, Submission, import,
};
use bedrock_playground::bedrock::{
    Connection, ConnectionOptions, CredentialsSource, S3Place, Secret,
};
use bedrock_playground::emulator::{Pace, Server, Settings};
use bedrock_playground::pricing::Prices;
use serde_json::{Value, json};

use super::cli::{Cli, Endpoint, lines, stderr, stdout};
use super::clients::installed;

const ROLE: &str = "arn:aws:iam::123456789012:role/BatchInference";
/// Far longer than it takes.
const DEADLINE: Duration = Duration::from_secs(60);

/// So many pictures that differ.
fn pictures(cli: &Cli, folder: &str, count: u8) {
    let folder = cli.home.path().join(folder);
    std::fs::create_dir_all(&folder).expect("a folder");
    for number in 0..count {
        image::RgbImage::from_pixel(8, 8, image::Rgb([number, 255 - number, 90]))
            .save(folder.join(format!("{number}.png")))
            .expect("saved");
    }
}

fn run(cli: &Cli, endpoint: &Endpoint, arguments: &[&str]) -> Output {
    let mut command: Command =
        cli.command(&[&["--endpoint-url", &endpoint.url, "alt-text"], arguments].concat());
    command
        .env("AWS_ACCESS_KEY_ID", "any")
        .env("AWS_SECRET_ACCESS_KEY", "any")
        .output()
        .expect("the program runs")
}

fn submit(cli: &Cli, endpoint: &Endpoint, more: &[&str]) -> Output {
    let submit = [
        "batch",
        "submit",
        "--role",
        ROLE,
        "--bucket",
        "s3://pictures/alt",
    ];
    run(cli, endpoint, &[&submit, more].concat())
}

/// Asks how far a job is until it is over; each time another process, as after a restart.
fn ended(cli: &Cli, endpoint: &Endpoint, id: &str) -> Value {
    let began = Instant::now();
    loop {
        let status = run(cli, endpoint, &["batch", "status", id, "--json"]);
        assert_eq!(status.status.code(), Some(0), "{}", stderr(&status));
        let job = lines(&status).remove(0);
        match job["status"].as_str() {
            Some("Submitted" | "Validating" | "Scheduled" | "InProgress" | "Stopping") => {}
            _ => return job,
        }
        assert!(began.elapsed() < DEADLINE, "{job}");
    }
}

#[test]
fn pictures_come_back_as_texts_and_what_failed_is_asked_for_without_batch() {
    let cli = Cli::new();
    pictures(&cli, "p", 120);
    std::fs::copy(
        cli.home.path().join("p/7.png"),
        cli.home.path().join("p/same.png"),
    )
    .expect("copied");
    // Of the records the third is refused.
    let endpoint = Endpoint::start(&cli, &["--fail-nth", "3", "--fail-with", "model-error"]);
    let submitted = submit(&cli, &endpoint, &["p", "--about", "A shop for paint"]);
    assert_eq!(submitted.status.code(), Some(0), "{}", stderr(&submitted));
    // Nova Lite takes half for a batch job, and says so before anything is uploaded.
    assert!(
        stderr(&submitted).contains("120 images, between $"),
        "{}",
        stderr(&submitted)
    );
    let id = stdout(&submitted).trim().to_owned();
    let job = ended(&cli, &endpoint, &id);
    assert_eq!(job["status"], "PartiallyCompleted", "{job}");
    assert_eq!(
        (&job["succeeded"], &job["failed"]),
        (&119.into(), &1.into())
    );
    assert_eq!(job["simulated"], true);

    let imported = run(&cli, &endpoint, &["batch", "import", &id]);
    assert_eq!(imported.status.code(), Some(1), "{}", stderr(&imported));
    let results = lines(&imported);
    assert_eq!(
        results.len(),
        121,
        "each picture, and the one that is the same"
    );
    let failed: Vec<_> = results
        .iter()
        .filter(|one| one["error"].is_object())
        .collect();
    assert_eq!(failed.len(), 1);
    assert_eq!(failed[0]["error"]["status"], 424, "{}", failed[0]);
    let same = results
        .iter()
        .find(|one| one["file"] == "same.png")
        .expect("the copy");
    let first = results
        .iter()
        .find(|one| one["file"] == "7.png")
        .expect("the first");
    assert_eq!(same["text"], first["text"]);
    assert!(same["usage"].is_null() && first["usage"].is_object());
    assert!(
        first["text"].as_str().expect("a text").contains("8 × 8"),
        "{first}"
    );
    // By the dataset: half of $0.06 for a million tokens in.
    assert_eq!(first["cost"]["lines"][0]["unitPrice"], "0.03", "{first}");

    // The others were paid for: only the one that failed is asked for.
    let rest = run(
        &cli,
        &endpoint,
        &["p", "--resume", "--json", "--about", "A shop for paint"],
    );
    assert_eq!(rest.status.code(), Some(0), "{}", stderr(&rest));
    let asked = lines(&rest)
        .into_iter()
        .filter(|one| one["usage"].is_object());
    let asked: Vec<_> = asked.map(|one| one["file"].clone()).collect();
    assert_eq!(asked, [failed[0]["file"].clone()]);
}

#[test]
fn what_cannot_work_is_said_before_anything_is_uploaded() {
    let cli = Cli::new();
    pictures(&cli, "few", 3);
    let endpoint = Endpoint::start(&cli, &[]);
    for (arguments, words) in [
        (&["few"][..], "at least 100 images"),
        (
            &["few", "--role", "BatchInference"],
            "no ARN of an IAM role",
        ),
        (
            &["few", "--bucket", "s3://missing-bucket/x"],
            "missing-bucket cannot be used",
        ),
        (
            &["few", "--bucket", "s3://forbidden-bucket/x"],
            "forbidden-bucket cannot be used",
        ),
        (&["few", "--bucket", "bucket"], "s3://bucket/folder"),
        (&["few", "--max-cost", "0.000001"], "could cost more"),
    ] {
        // The last of two is the one that counts.
        let base = ["alt-text", "batch", "submit"];
        let defaults: Vec<&str> = [("--role", ROLE), ("--bucket", "s3://pictures/alt")]
            .into_iter()
            .filter(|(name, _)| !arguments.contains(name))
            .flat_map(|(name, value)| [name, value])
            .collect();
        let all = [&base, arguments, defaults.as_slice()].concat();
        let output = run(&cli, &endpoint, &all[1..]);
        assert!(matches!(output.status.code(), Some(2 | 3)), "{words}");
        let said = stderr(&output);
        assert!(said.contains(words), "{words}: {said}");
    }
    let demo = cli.run(&[
        "--demo",
        "alt-text",
        "batch",
        "submit",
        "few",
        "--role",
        ROLE,
        "--bucket",
        "s3://pictures",
    ]);
    assert_eq!(demo.status.code(), Some(2), "{}", stderr(&demo));
}

async fn endpoint() -> Server {
    let settings = Settings {
        pace: Pace::Instant,
        ..Settings::default()
    };
    Server::start(settings).await.expect("the endpoint starts")
}

/// A connection to an endpoint of this test.
async fn connection(server: &Server) -> Connection {
    Connection::open(ConnectionOptions {
        region: Some("us-east-1".into()),
        endpoint_url: Some(server.url()),
        credentials: CredentialsSource::Keys {
            access_key_id: "any".into(),
            secret_access_key: Secret::new("any"),
            session_token: None,
        },
        ..ConnectionOptions::default()
    })
    .await
    .expect("a connection")
}

#[tokio::test(flavor = "multi_thread")]
async fn a_file_in_parts_comes_back_byte_for_byte() {
    let server = endpoint().await;
    let connection = connection(&server).await;
    let folder = tempfile::tempdir().expect("a folder");
    let (from, to) = (folder.path().join("from"), folder.path().join("to"));
    // Three parts, the last of them short.
    for size in [0, 1, 33 * 1024 * 1024 + 7] {
        let bytes: Vec<u8> = (0..size).map(|at: u32| at.to_le_bytes()[1]).collect();
        std::fs::write(&from, &bytes).expect("written");
        let place: S3Place = "s3://pictures/a folder/records.jsonl"
            .parse()
            .expect("a place");
        let (mut sent, mut there) = (0, 0);
        connection
            .upload(&from, &place, &mut |so_far| sent = so_far)
            .await
            .expect("uploaded");
        connection
            .download_object(&place, &to, &mut |so_far| there = so_far)
            .await
            .expect("downloaded");
        assert_eq!((sent, there), (u64::from(size), u64::from(size)));
        assert!(std::fs::read(&to).expect("read") == bytes, "{size} bytes");
        let folder: S3Place = "s3://pictures/a folder".parse().expect("a place");
        let listed = connection.list_objects(&folder).await.expect("listed");
        assert_eq!(listed, std::slice::from_ref(&place));
        connection.delete_object(&place).await.expect("deleted");
        assert!(
            connection
                .list_objects(&folder)
                .await
                .expect("listed")
                .is_empty()
        );
    }
    let gone: S3Place = "s3://pictures/gone".parse().expect("a place");
    let error = connection.download_object(&gone, &to, &mut |_| {}).await;
    assert_eq!(error.expect_err("no such object").code(), "NoSuchKey");
}

#[tokio::test(flavor = "multi_thread")]
async fn what_one_job_does_not_take_becomes_several_that_are_all_large_enough() {
    let server = endpoint().await;
    let connection = connection(&server).await;
    let cli = Cli::new();
    pictures(&cli, "p", 205);
    let file = |number: usize| cli.home.path().join(format!("p/{number}.png"));
    // The last one is the first again.
    let sources = (0..205).chain([0]).enumerate().map(|(place, number)| {
        let source = Source {
            path: file(number),
            ..Source::default()
        };
        (place, source)
    });
    let folder = BatchFolder::new(cli.home.path().join("batches"));
    let submission = Submission {
        id: "job".into(),
        options: JobOptions::new("amazon.nova-lite-v1:0".into()),
        role_arn: ROLE.into(),
        place: "s3://pictures/alt".parse().expect("a place"),
        max_cost: None,
        limits: BatchLimits {
            most_records: 200,
            ..BatchLimits::default()
        },
        list: None,
    };
    let (steps, mut heard) = tokio::sync::mpsc::channel(16);
    let sources = sources.collect();
    let (submitted, ()) = tokio::join!(
        alt_text::submit(&connection, sources, submission, &folder, steps),
        async { while heard.recv().await.is_some() {} }
    );
    assert!(submitted.ended_by.is_none(), "{:?}", submitted.ended_by);
    // 206 pictures in two jobs are 103 each; the last picture needs no record.
    let records: Vec<_> = submitted
        .batches
        .iter()
        .map(|batch| batch.records)
        .collect();
    assert_eq!(records, [103, 102]);
    let mut results = Vec::new();
    for mut batch in submitted.batches {
        let began = Instant::now();
        while !batch.is_over() {
            assert!(began.elapsed() < DEADLINE);
            batch.refresh(&connection).await.expect("known");
        }
        let room = tempfile::tempdir().expect("a folder");
        let answers = batch.fetch(&connection, room.path(), &mut |_| {}).await;
        let answers = answers.expect("fetched").expect("there are some");
        let known = folder.known(&batch.id);
        let mut take = |result: ImageResult| {
            results.push(result);
            Ok(())
        };
        import(
            &batch,
            &answers,
            &known,
            &Prices::default(),
            None,
            &mut take,
        )
        .expect("read");
    }
    results.sort_by_key(|result| result.index);
    let places: Vec<_> = results.iter().map(|result| result.index).collect();
    assert_eq!(places, (0..206).collect::<Vec<_>>());
    assert!(results.iter().all(|result| result.outcome.is_ok()));
    assert_eq!(results[205].same_as, Some(0));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_job_whose_beginning_was_not_heard_is_found_by_its_name() {
    let server = endpoint().await;
    let connection = connection(&server).await;
    let options = JobOptions::new("amazon.nova-lite-v1:0".into());
    let place = "s3://pictures/alt".parse().expect("a place");
    let new = |id: &str| Batch::new(id.into(), &connection, &options, ROLE.into(), &place);
    let room = tempfile::tempdir().expect("a folder");
    let records = room.path().join("records.jsonl");
    let input = json!({
        "messages": [{ "role": "user", "content": [{ "text": "Name a river" }] }],
    });
    let record = |number| json!({ "recordId": format!("{number:011}"), "modelInput": input });
    let lines: Vec<String> = (0..100).map(|number| record(number).to_string()).collect();
    std::fs::write(&records, lines.join("\n")).expect("written");
    let mut sent = new("heard-of-later");
    sent.upload(&connection, &records, &mut |_| {})
        .await
        .expect("uploaded");
    sent.submit(&connection).await.expect("submitted");

    // The program ended before it heard so.
    let mut unheard = new("heard-of-later");
    unheard.refresh(&connection).await.expect("asked");
    assert!(unheard.arn.is_some());
    assert_eq!(unheard.arn, sent.arn);
    let mut never_made = new("never-made");
    never_made.refresh(&connection).await.expect("asked");
    assert!(never_made.is_over() && !never_made.has_answers());
}

#[test]
fn boto3_runs_a_batch_job_through_s3() {
    let Some(folder) = installed("boto3") else {
        return;
    };
    let cli = Cli::new();
    let endpoint = Endpoint::start(&cli, &[]);
    let output = Command::new(folder.join("bin/python"))
        .arg(std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/clients/boto3_batch.py"))
        .arg(&endpoint.url)
        .output()
        .expect("python runs");
    assert!(output.status.success(), "{}", stderr(&output));
    let got: Value = serde_json::from_slice(&output.stdout).expect("one object");
    assert_eq!(got["status"], "Completed", "{got}");
    assert_eq!(got["answers"], 100);
    assert_eq!(got["same"], true, "what was put in parts came back");
    assert_eq!(got["range"], "ell");
    assert_eq!(got["pages"], 3);
    assert_eq!(got["manifest"]["successRecordCount"], 100);
    assert_eq!(got["refused"], "NoSuchKey");
    assert!(
        got["text"]
            .as_str()
            .is_some_and(|text| text.contains("imulat")),
        "{got}"
    );
    assert_eq!(got["tooFew"], "Failed");
}
