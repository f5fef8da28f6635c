//! Inference profiles that an account makes: they run as what they were made from, and cost what that costs.

use aws_sdk_bedrock::error::ProvideErrorMetadata as _;
use aws_sdk_bedrock::types::{InferenceProfileModelSource, InferenceProfileType};
use aws_sdk_bedrockruntime::types::{ContentBlock, ConversationRole, Message};
use serde_json::Value;

use crate::cli::{Cli, lines, stderr};
use crate::support::endpoint::Endpoint;
use crate::support::sdk;
use crate::support::window::{
    ChosenFiles, ask_and_wait, choose_model, click, drop_files, go_to, keeping_window_with, quit,
    shows, wait_for, window, write,
};

const LITE: &str = "arn:aws:bedrock:us-east-1::foundation-model/amazon.nova-lite-v1:0";
const US_LITE: &str =
    "arn:aws:bedrock:us-east-1:123456789012:inference-profile/us.amazon.nova-lite-v1:0";

/// Makes one; gives its ARN.
async fn made_from(control: &aws_sdk_bedrock::Client, name: &str, source: &str) -> String {
    let source = InferenceProfileModelSource::CopyFrom(source.to_owned());
    let made = control
        .create_inference_profile()
        .inference_profile_name(name)
        .description("Costs of one team")
        .model_source(source)
        .send()
        .await
        .expect("a profile");
    made.inference_profile_arn().to_owned()
}

#[test]
fn the_endpoint_keeps_them_and_answers_through_them() {
    let endpoint = Endpoint::start();
    let (control, runtime) = (
        sdk::control_plane(&endpoint.url()),
        sdk::runtime(&endpoint.url()),
    );
    endpoint.runtime.block_on(async {
        let arn = made_from(&control, "Team A", US_LITE).await;
        assert!(arn.contains(":application-inference-profile/"), "{arn}");
        let listed = |kind| {
            let list = control.list_inference_profiles().type_equals(kind);
            async {
                list.send()
                    .await
                    .expect("a list")
                    .inference_profile_summaries
                    .unwrap()
            }
        };
        let own = listed(InferenceProfileType::Application).await;
        let [own] = &own[..] else {
            panic!("one is listed: {own:?}");
        };
        assert_eq!(own.inference_profile_name(), "Team A");
        let system = listed(InferenceProfileType::SystemDefined).await;
        let source = system
            .iter()
            .find(|profile| profile.inference_profile_arn() == US_LITE)
            .expect("what it was made from");
        assert_eq!(own.models(), source.models(), "it routes to the same");
        for id in [arn.as_str(), own.inference_profile_id()] {
            let one = control
                .get_inference_profile()
                .inference_profile_identifier(id);
            assert_eq!(
                one.send().await.expect("it is there").description(),
                Some("Costs of one team")
            );
            let prompt = Message::builder()
                .role(ConversationRole::User)
                .content(ContentBlock::Text("Name a river".into()))
                .build()
                .unwrap();
            let answer = runtime
                .converse()
                .model_id(id)
                .messages(prompt)
                .send()
                .await;
            assert!(answer.expect("an answer").usage().is_some());
        }
        let unknown = InferenceProfileModelSource::CopyFrom(LITE.replace("lite", "liter"));
        let refused = control
            .create_inference_profile()
            .inference_profile_name("Team B")
            .model_source(unknown)
            .send()
            .await;
        assert_eq!(refused.unwrap_err().code(), Some("ValidationException"));
        let delete = || {
            control
                .delete_inference_profile()
                .inference_profile_identifier(&arn)
        };
        delete().send().await.expect("it is deleted");
        // As recorded.
        let gone = delete().send().await.unwrap_err();
        assert_eq!(gone.code(), Some("ResourceNotFoundException"));
    });
}

#[test]
fn one_is_chosen_by_its_name_and_costs_what_its_model_costs() {
    let endpoint = Endpoint::start();
    let control = sdk::control_plane(&endpoint.url());
    let arn = endpoint
        .runtime
        .block_on(made_from(&control, "Team A", LITE));
    let mut harness = window(endpoint.session());
    wait_for(&mut harness, "Model: Nova Lite");
    click(&mut harness, "Model: Nova Lite");
    wait_for(&mut harness, "Team A: application profile");
    click(&mut harness, "Team A: application profile");
    click(&mut harness, "Apply");
    wait_for(&mut harness, &arn);
    // The card of Nova Lite.
    wait_for(&mut harness, "$0.06 in, $0.24 out for 1M tokens");
    wait_for(&mut harness, "Reads images");
    wait_for(&mut harness, "model default (0.7)");
    ask_and_wait(&mut harness, "Name a river");
    assert!(!shows(&harness, "no known price"));
    // One that is typed is recognised too.
    click(&mut harness, "New conversation");
    click(&mut harness, "Model: Nova Lite");
    write(&mut harness, "Model id or ARN", &arn);
    click(&mut harness, "Apply");
    wait_for(&mut harness, "$0.06 in, $0.24 out for 1M tokens");
}

#[test]
fn a_command_knows_what_a_call_through_one_costs() {
    let endpoint = Endpoint::start();
    let control = sdk::control_plane(&endpoint.url());
    let arn = endpoint
        .runtime
        .block_on(made_from(&control, "Team A", LITE));
    let cli = Cli::new();
    let cost = |model: &str| -> Value {
        let url = endpoint.url();
        let output = cli
            .command(&[
                "--endpoint-url",
                &url,
                "ask",
                model,
                "Name a river",
                "--json",
            ])
            .env("AWS_ACCESS_KEY_ID", "AKIDEXAMPLE")
            .env("AWS_SECRET_ACCESS_KEY", "example")
            .output()
            .expect("the program runs");
        assert!(output.status.success(), "{}", stderr(&output));
        lines(&output)[0]["cost"].clone()
    };
    let own = cost("amazon.nova-lite-v1:0");
    assert!(own["lines"][0]["amount"].is_string(), "{own}");
    assert_eq!(cost(&arn), own);
}

#[test]
fn after_a_restart_it_is_known_what_a_list_and_an_answer_cost() {
    let endpoint = Endpoint::start();
    let control = sdk::control_plane(&endpoint.url());
    let arn = endpoint
        .runtime
        .block_on(made_from(&control, "Team A", LITE));
    let folder = tempfile::tempdir().expect("a folder");
    let open = || {
        let session = endpoint.session();
        let mut harness = keeping_window_with(session, folder.path(), ChosenFiles::default());
        wait_for(&mut harness, "Model: Nova Lite");
        harness
    };
    let picture = folder.path().join("red.png");
    image::RgbImage::from_pixel(60, 20, image::Rgb([200, 30, 30]))
        .save(&picture)
        .expect("saved");
    let mut harness = open();
    choose_model(&mut harness, &arn);
    ask_and_wait(&mut harness, "Name a river");
    click(&mut harness, "Alt text");
    drop_files(&mut harness, &[&picture]);
    wait_for(&mut harness, "Write alt text for 1 image");
    choose_model(&mut harness, &arn);
    wait_for(&mut harness, "About $");
    quit(harness);

    let mut harness = open();
    click(&mut harness, "Alt text");
    wait_for(&mut harness, &arn);
    wait_for(&mut harness, "About $");
    go_to(&mut harness, "History");
    wait_for(&mut harness, "Open conversation Name a river");
    click(&mut harness, "Open conversation Name a river");
    wait_for(&mut harness, "Regenerate");
    wait_for(&mut harness, "$0.06 in, $0.24 out for 1M tokens");
    assert!(!shows(&harness, "no known price"));
}
