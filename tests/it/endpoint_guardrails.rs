//! Guardrails of the embedded endpoint, made and used through the real SDK's two clients.

use aws_sdk_bedrock::error::ProvideErrorMetadata as _;
use aws_sdk_bedrock::types as control;
use aws_sdk_bedrockruntime::primitives::Blob;
use aws_sdk_bedrockruntime::types as runtime;
use bedrock_playground::emulator::{Pace, Server, Settings};
use serde_json::{Value, json};

use crate::support::sdk;

const MODEL: &str = "amazon.nova-lite-v1:0";
const REFUSAL: &str = "That cannot be asked.";

struct Endpoint {
    _server: Server,
    control: aws_sdk_bedrock::Client,
    runtime: aws_sdk_bedrockruntime::Client,
}

async fn endpoint() -> Endpoint {
    let settings = Settings {
        pace: Pace::Instant,
        ..Settings::default()
    };
    let server = Server::start(settings).await.expect("the endpoint starts");
    let url = server.url();
    Endpoint {
        _server: server,
        control: sdk::control_plane(&url),
        runtime: sdk::runtime(&url),
    }
}

impl Endpoint {
    /// Denies a word and masks mail addresses; its id.
    async fn guardrail(&self, name: &str) -> String {
        let word = control::GuardrailWordConfig::builder().text("heist");
        let words =
            control::GuardrailWordPolicyConfig::builder().words_config(word.build().unwrap());
        let mail = control::GuardrailPiiEntityConfig::builder()
            .r#type(control::GuardrailPiiEntityType::Email)
            .action(control::GuardrailSensitiveInformationAction::Anonymize);
        let data = control::GuardrailSensitiveInformationPolicyConfig::builder()
            .pii_entities_config(mail.build().unwrap());
        let created = self
            .control
            .create_guardrail()
            .name(name)
            .blocked_input_messaging(REFUSAL)
            .blocked_outputs_messaging("That cannot be told.")
            .word_policy_config(words.build())
            .sensitive_information_policy_config(data.build())
            .send()
            .await
            .expect("a guardrail");
        created.guardrail_id().to_owned()
    }

    async fn streamed_natively(&self, id: &str, prompt: &str) -> Vec<Value> {
        let body = json!({ "messages": [{ "role": "user", "content": [{ "text": prompt }] }] });
        let mut answer = self
            .runtime
            .invoke_model_with_response_stream()
            .model_id(MODEL)
            .guardrail_identifier(id)
            .guardrail_version("DRAFT")
            .body(Blob::new(body.to_string()))
            .send()
            .await
            .expect("a stream");
        let mut chunks = Vec::new();
        while let Some(event) = answer.body.recv().await.expect("an event") {
            if let runtime::ResponseStream::Chunk(part) = event {
                let bytes = part.bytes().expect("bytes").as_ref();
                chunks.push(serde_json::from_slice(bytes).expect("JSON"));
            }
        }
        chunks
    }
}

fn user(text: &str) -> runtime::Message {
    runtime::Message::builder()
        .role(runtime::ConversationRole::User)
        .content(runtime::ContentBlock::Text(text.to_owned()))
        .build()
        .unwrap()
}

#[tokio::test]
async fn a_prompt_that_a_guardrail_denies_is_not_answered_and_the_trace_says_why() {
    let endpoint = endpoint().await;
    let id = endpoint.guardrail("words").await;
    let config = runtime::GuardrailConfiguration::builder()
        .guardrail_identifier(&id)
        .guardrail_version("DRAFT")
        .trace(runtime::GuardrailTrace::Enabled);
    let answer = endpoint
        .runtime
        .converse()
        .model_id(MODEL)
        .messages(user("Plan a Heist"))
        .guardrail_config(config.build())
        .send()
        .await
        .expect("an answer");
    assert_eq!(
        answer.stop_reason(),
        &runtime::StopReason::GuardrailIntervened
    );
    let message = answer.output().unwrap().as_message().unwrap();
    assert_eq!(message.content()[0].as_text().unwrap(), REFUSAL);
    let trace = answer.trace().unwrap().guardrail().unwrap();
    let assessment = &trace.input_assessment().unwrap()[&id];
    let words = assessment.word_policy().unwrap().custom_words();
    assert_eq!(words[0].r#match(), "Heist");
}

#[tokio::test]
async fn a_guardrail_looks_at_the_whole_conversation_unless_a_part_is_marked() {
    let endpoint = endpoint().await;
    let id = endpoint.guardrail("scope").await;
    let marked = runtime::GuardrailConverseTextBlock::builder()
        .text("And for dessert?")
        .build()
        .unwrap();
    let only_marked = runtime::Message::builder()
        .role(runtime::ConversationRole::User)
        .content(runtime::ContentBlock::GuardContent(
            runtime::GuardrailConverseContentBlock::Text(marked),
        ))
        .build()
        .unwrap();
    let mut reasons = Vec::new();
    for last in [user("And for dessert?"), only_marked] {
        let said = runtime::Message::builder()
            .role(runtime::ConversationRole::Assistant)
            .content(runtime::ContentBlock::Text("Bring bread.".to_owned()))
            .build()
            .unwrap();
        let answer = endpoint
            .runtime
            .converse()
            .model_id(MODEL)
            .messages(user("Plan a heist"))
            .messages(said)
            .messages(last)
            .guardrail_config(
                runtime::GuardrailConfiguration::builder()
                    .guardrail_identifier(&id)
                    .guardrail_version("DRAFT")
                    .build(),
            )
            .send()
            .await
            .expect("an answer");
        reasons.push(answer.stop_reason().clone());
    }
    assert_eq!(
        reasons,
        [
            runtime::StopReason::GuardrailIntervened,
            runtime::StopReason::EndTurn
        ]
    );
}

#[tokio::test]
async fn a_guardrail_also_holds_for_native_streams() {
    let endpoint = endpoint().await;
    let id = endpoint.guardrail("streams").await;
    let denied = endpoint.streamed_natively(&id, "Plan a heist").await;
    let text: String = denied
        .iter()
        .filter_map(|chunk| chunk["contentBlockDelta"]["delta"]["text"].as_str())
        .collect();
    assert_eq!(text, REFUSAL);
    let action = "amazon-bedrock-guardrailAction";
    assert_eq!(denied.last().unwrap()[action], "INTERVENED");
    let allowed = endpoint.streamed_natively(&id, "Plan a picnic").await;
    assert_eq!(allowed.last().unwrap()[action], "NONE");
}

#[tokio::test]
async fn a_version_keeps_what_the_draft_said_when_it_was_made() {
    let endpoint = endpoint().await;
    let id = endpoint.guardrail("versions").await;
    let control = &endpoint.control;
    let version = control.create_guardrail_version().guardrail_identifier(&id);
    assert_eq!(version.send().await.expect("a version").version(), "1");
    let text = runtime::GuardrailTextBlock::builder().text("Ask abc@pqrt.com about it");
    let applied = endpoint
        .runtime
        .apply_guardrail()
        .guardrail_identifier(&id)
        .guardrail_version("1")
        .source(runtime::GuardrailContentSource::Input)
        .content(runtime::GuardrailContentBlock::Text(text.build().unwrap()))
        .send()
        .await
        .expect("a verdict");
    assert_eq!(
        applied.action(),
        &runtime::GuardrailAction::GuardrailIntervened
    );
    assert_eq!(applied.outputs()[0].text(), Some("Ask {EMAIL} about it"));
}

#[tokio::test]
async fn a_guardrail_without_its_draft_cannot_be() {
    let endpoint = endpoint().await;
    let id = endpoint.guardrail("drafts").await;
    let control = &endpoint.control;
    let delete = control.delete_guardrail().guardrail_identifier(&id);
    let refused = delete.guardrail_version("DRAFT").send().await;
    let refused = refused.expect_err("a refusal");
    assert_eq!(refused.code(), Some("ValidationException"));
    let all = control.list_guardrails().send().await.expect("a list");
    assert_eq!(all.guardrails().len(), 1);
}

#[tokio::test]
async fn a_new_guardrail_never_takes_the_place_of_another() {
    let endpoint = endpoint().await;
    let first = endpoint.guardrail("first").await;
    let second = endpoint.guardrail("second").await;
    let control = &endpoint.control;
    let delete = control.delete_guardrail().guardrail_identifier(&first);
    delete.send().await.expect("deleted");
    let third = endpoint.guardrail("third").await;
    assert_ne!(third, second);
    let kept = control.get_guardrail().guardrail_identifier(&second);
    assert_eq!(kept.send().await.expect("the second").name(), "second");
}
