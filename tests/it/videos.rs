//! Videos: bodies as the public request forms have them, what is said before sending, and the
//! embedded endpoint by connection, command line and window.

use bedrock_playground::catalog::ModelId;
use bedrock_playground::pricing::{CostBreakdown, PixelSize, Prices, Usd};
use bedrock_playground::store::Screen;
use bedrock_playground::tasks::{Session, start_video};
use bedrock_playground::videos::VideoDraft;
use serde_json::json;

use crate::cli::{Cli, lines, stderr, stdout};
use crate::support::replay::{ReplayServer, Reply};
use crate::support::session::embedded;
use crate::support::session::service_at;
use crate::support::window::{click, connected, shows, wait_for, window, write};
use crate::window_recordings::models;

const REEL: &str = "amazon.nova-reel-v1:1";
const RAY: &str = "luma.ray-v2:0";

fn draft(model: &str) -> VideoDraft {
    let mut draft = VideoDraft {
        prompt: "A fox runs".to_owned(),
        folder: "s3://my-bucket/videos".to_owned(),
        ..VideoDraft::default()
    };
    draft.use_model(ModelId::from(model));
    draft
}

#[test]
fn requests_are_written_as_each_maker_has_them() {
    let mut luma = draft(RAY);
    assert_eq!(luma.problems(), []);
    luma.ratio = "9:16".to_owned();
    luma.seconds = 9;
    luma.loops = true;
    let expected = json!({
        "prompt": "A fox runs", "aspect_ratio": "9:16", "loop": true, "duration": "9s",
        "resolution": "720p",
    });
    assert_eq!(luma.body(), Some(expected));

    let mut reel = draft(REEL);
    reel.seed = Some(7);
    let expected = json!({
        "taskType": "TEXT_VIDEO",
        "textToVideoParams": { "text": "A fox runs" },
        "videoGenerationConfig": {
            "durationSeconds": 6, "fps": 24, "dimension": "1280x720", "seed": 7,
        },
    });
    assert_eq!(reel.body(), Some(expected));
    reel.seconds = 12;
    let body = reel.body().unwrap();
    assert_eq!(body["taskType"], "MULTI_SHOT_AUTOMATED");
    assert_eq!(body["multiShotAutomatedParams"]["text"], "A fox runs");
}

#[test]
fn what_cannot_be_made_is_said_before() {
    let says = |draft: &VideoDraft, words: &str| {
        let said: Vec<String> = draft.problems().iter().map(ToString::to_string).collect();
        assert!(said.iter().any(|said| said.contains(words)), "{said:?}");
    };
    says(
        &VideoDraft {
            prompt: String::new(),
            ..draft(RAY)
        },
        "Write what",
    );
    says(
        &VideoDraft {
            seconds: 7,
            ..draft(RAY)
        },
        "5, 9",
    );
    says(
        &VideoDraft {
            ratio: "2:1".to_owned(),
            ..draft(RAY)
        },
        "2:1 is not offered",
    );
    says(
        &VideoDraft {
            prompt: "x".repeat(513),
            ..draft(REEL)
        },
        "at most 512",
    );
    for folder in ["", "my-bucket", "s3://", "s3:///"] {
        says(
            &VideoDraft {
                folder: folder.to_owned(),
                ..draft(RAY)
            },
            "Say where in S3",
        );
    }
    says(
        &draft("amazon.nova-lite-v1:0"),
        "Choose a model that makes videos",
    );
}

/// 6 seconds at 0.08; of Ray no source has a price.
#[test]
fn what_it_costs_is_told_before() {
    let reel = draft(REEL);
    let size = PixelSize {
        width: 1_280,
        height: 720,
    };
    assert_eq!(reel.size(), Some(size));
    let bill = reel.bill(&Prices::default(), "us-east-1").unwrap();
    assert_eq!(
        bill.total(),
        Some(Usd::new(rust_decimal::Decimal::new(48, 2)))
    );
    let ray = draft(RAY).bill(&Prices::default(), "us-west-2");
    assert_eq!(ray.as_ref().and_then(CostBreakdown::total), None);
}

#[tokio::test]
async fn a_video_is_begun_followed_and_listed() {
    let options = embedded();
    let session = Session::open(options).await.unwrap();
    let connection = session.connection().clone();
    let screen = Screen::videos();
    let prices = Prices::default();
    let started = start_video(connection.clone(), draft(REEL), prices, screen)
        .await
        .unwrap();
    assert!(started.invocation.simulated && started.spend.simulated);
    let found = connection
        .async_invocation(&started.invocation.arn)
        .await
        .unwrap();
    assert_eq!(found.status, "Completed");
    let video = found.video_uri().unwrap();
    assert!(video.starts_with("s3://my-bucket/videos/"), "{video}");
    assert!(
        video.ends_with(&format!("{}/output.mp4", found.id())),
        "{video}"
    );
    assert_eq!(connection.async_invocations().await.unwrap(), [found]);
    let failure = connection.async_invocation("arn:none").await.unwrap_err();
    assert!(failure.to_string().contains("invalid"), "{failure}");
}

#[test]
fn the_command_begins_and_waits() {
    let cli = Cli::new();
    let video = |arguments: &[&str]| {
        cli.run(&[&["--demo", "--speed", "0", "video"][..], arguments].concat())
    };
    let made = video(&[
        "start", "A fox", "--model", REEL, "--output", "s3://b/v", "--wait", "--json",
    ]);
    assert!(made.status.success(), "{}", stderr(&made));
    assert_eq!(lines(&made)[0]["status"], "Completed");
    assert!(stderr(&made).contains("Simulated"), "{}", stderr(&made));
    for (arguments, words) in [
        (
            &["start", "A fox", "--output", "nowhere"][..],
            "Say where in S3",
        ),
        (
            &["start", "A fox", "--output", "s3://b", "--duration", "7"],
            "5, 9",
        ),
        (
            &["start", "A fox", "--output", "s3://b", "--model", "x"],
            "Choose a model",
        ),
    ] {
        let output = video(arguments);
        assert_eq!(output.status.code(), Some(2));
        assert!(stderr(&output).contains(words), "{}", stderr(&output));
    }
    let costs = [
        "start",
        "A fox",
        "--model",
        REEL,
        "--output",
        "s3://b",
        "--estimate",
    ];
    assert!(stdout(&video(&costs)).contains("6 seconds: $0.48"));
}

#[test]
fn the_window_lists_what_is_made() {
    let mut harness = connected();
    click(&mut harness, "Video playground");
    // A folder that is only played is filled in.
    wait_for(&mut harness, "Make the video");
    assert!(!shows(&harness, "Say where in S3"));
    write(&mut harness, "Prompt", "A fox runs");
    click(&mut harness, "View request");
    wait_for(&mut harness, "\"s3Uri\": \"s3://");
    click(&mut harness, "AWS CLI");
    wait_for(&mut harness, "aws bedrock-runtime start-async-invoke");
    click(&mut harness, "Close");
    click(&mut harness, "Make the video");
    wait_for(&mut harness, "Completed");
    assert!(shows(&harness, "Simulated: there is no video"));
    assert!(shows(&harness, "Copy the S3 URI"));
}

#[test]
fn what_has_no_price_says_so_and_an_account_without_such_models_too() {
    let mut harness = connected();
    click(&mut harness, "Video playground");
    // Ray is the only one in use, and no source has its price.
    wait_for(&mut harness, "5 seconds, price unknown");
    drop(harness);

    let runtime = tokio::runtime::Runtime::new().unwrap();
    let server = runtime.block_on(ReplayServer::start([
        models().at("/foundation-models"),
        Reply::json(200, r#"{"inferenceProfileSummaries":[]}"#).at("/inference-profiles"),
        Reply::json(200, r#"{"asyncInvokeSummaries":[]}"#).at("/async-invoke"),
        Reply::json(404, "{}"),
    ]));
    let mut harness = window(service_at(&server.url()));
    wait_for(&mut harness, "Model: Nova Lite");
    click(&mut harness, "Video playground");
    wait_for(&mut harness, "No model here makes videos");
    assert!(!shows(&harness, "Make the video"));
    click(&mut harness, "Change connection…");
    wait_for(&mut harness, "Region");
}
