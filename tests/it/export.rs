//! Conversations out and in: what is written is read back, and nothing said in one does anything to
//! who opens it.

mod page;

use bedrock_playground::chat::{
    CacheDetail, CacheTtl, ContentBlock, Failure, Invocation, InvocationId, InvocationStatus,
    Latency, Message, Metrics, Request, Retry, ServiceTier, StopReason, SystemBlock, ToolUse, Turn,
    Usage,
};
use bedrock_playground::export::{Export, Import, ImportError, import};
use serde_json::{Value, json};

use crate::support::requests::{self, hello};

const DATE: &str = "2026-11-21T08:00:00Z";

fn invocation(id: u64) -> Invocation {
    let mut invocation = Invocation::new(
        InvocationId(id),
        "us.amazon.nova-lite-v1:0".into(),
        "us-east-1",
    );
    invocation.status = InvocationStatus::Complete;
    invocation
}

/// Everything that may be known of a call.
fn well_known(id: u64) -> Invocation {
    let mut invocation = invocation(id);
    invocation.request_id = Some("a-b-c".into());
    invocation.simulated = true;
    invocation.stop_reason = Some(StopReason::MaxTokens);
    invocation.usage = Some(Usage {
        input_tokens: 11,
        output_tokens: 22,
        total_tokens: 77,
        cache_read_input_tokens: 33,
        cache_write_input_tokens: 11,
        cache_details: vec![CacheDetail {
            ttl: CacheTtl::OneHour,
            input_tokens: 11,
        }],
    });
    invocation.metrics = Metrics {
        latency_ms: Some(1234),
        time_to_first_token_ms: Some(456),
    };
    invocation.service_tier = Some(ServiceTier::Flex);
    invocation.latency = Some(Latency::Optimized);
    invocation.additional_model_response_fields = Some(json!({"stop_sequence": "END"}));
    invocation.trace = Some(json!({"guardrail": {"actionReason": "none"}}));
    invocation.unknown_events = vec!["surprise".into()];
    invocation.retry = Some(Retry {
        attempt: 2,
        because: "Too many requests".into(),
    });
    invocation
}

fn failed(id: u64) -> Invocation {
    let mut invocation = invocation(id);
    invocation.status = InvocationStatus::Failed(Failure {
        code: "ThrottlingException".into(),
        status: Some(429),
        message: "Too many <b>requests</b>".into(),
        advice: "Wait".into(),
        request_id: Some("d-e-f".into()),
        use_instead: Some("eu.amazon.nova-lite-v1:0".into()),
    });
    invocation
}

fn said(message: Message) -> Turn {
    Turn::written(message)
}

fn answered(text: &str) -> Turn {
    Turn {
        message: Message::assistant(vec![ContentBlock::Text(text.into())]),
        invocation: Some(invocation(1)),
    }
}

fn conversation() -> Vec<Turn> {
    let mut stopped = invocation(3);
    stopped.status = InvocationStatus::Stopped;
    let messages = requests::content().messages;
    vec![
        said(messages[0].clone()),
        Turn {
            message: messages[1].clone(),
            invocation: Some(well_known(1)),
        },
        said(messages[2].clone()),
        Turn {
            message: Message::assistant(Vec::new()),
            invocation: Some(failed(2)),
        },
        Turn {
            message: Message::assistant(vec![
                ContentBlock::Text("So far".into()),
                ContentBlock::Unknown("hologram".into()),
            ]),
            invocation: Some(stopped),
        },
    ]
}

/// An export, its turns held for as long as it is used.
struct Held<'a> {
    head: &'a Request,
    turns: Vec<&'a Turn>,
}

impl Held<'_> {
    fn export(&self) -> Export<'_> {
        Export {
            title: "A title",
            date: DATE,
            head: self.head,
            turns: &self.turns,
        }
    }

    fn to_json(&self) -> String {
        self.export().to_json()
    }

    fn to_markdown(&self) -> String {
        self.export().to_markdown()
    }

    fn to_html(&self) -> String {
        self.export().to_html()
    }
}

fn export<'a>(head: &'a Request, turns: &'a [Turn]) -> Held<'a> {
    Held {
        head,
        turns: turns.iter().collect(),
    }
}

fn read(text: &str) -> Result<Import, ImportError> {
    let mut ids = 0..;
    import(text, &"amazon.nova-micro-v1:0".into(), || {
        InvocationId(ids.next().expect("endless") + 1)
    })
}

#[test]
fn what_is_written_is_read_back() {
    let turns = conversation();
    let head = requests::parameters();
    let text = export(&head, &turns).to_json();
    let got = read(&text).expect("readable");
    assert_eq!(got.turns, turns);
    let mut expected = Request {
        messages: Vec::new(),
        ..head
    };
    if let Some(guardrail) = &mut expected.guardrail {
        // Only streams have it, and this request does not stream.
        guardrail.asynchronous = false;
    }
    assert_eq!(got.head, expected);
    assert_eq!(got.title.as_deref(), Some("A title"));
    assert_eq!(got.date.as_deref(), Some(DATE));
    assert_eq!(got.left_out, [""; 0]);
}

#[test]
fn messages_are_written_as_converse_has_them() {
    let turns = conversation();
    let text = export(&hello(), &turns).to_json();
    let whole: Value = serde_json::from_str(&text).expect("JSON");
    assert_eq!(whole["format"], "bedrock-playground/conversation");
    assert_eq!(whole["version"], 1);
    assert_eq!(whole["request"]["modelId"], "amazon.nova-lite-v1:0");
    let answer = &whole["turns"][1];
    assert_eq!(
        answer["message"]["content"][0],
        json!({"reasoningContent": {"reasoningText": {"text": "hm", "signature": "sig"}}})
    );
    assert_eq!(
        answer["invocation"],
        json!({"modelId": "us.amazon.nova-lite-v1:0", "region": "us-east-1", "status": "complete",
            "simulated": true, "requestId": "a-b-c", "stopReason": "max_tokens",
            "usage": {"inputTokens": 11, "outputTokens": 22, "totalTokens": 77,
                "cacheReadInputTokens": 33, "cacheWriteInputTokens": 11,
                "cacheDetails": [{"ttl": "1h", "inputTokens": 11}]},
            "metrics": {"latencyMs": 1234, "timeToFirstTokenMs": 456},
            "serviceTier": "flex", "latency": "optimized",
            "additionalModelResponseFields": {"stop_sequence": "END"},
            "trace": {"guardrail": {"actionReason": "none"}}, "unknownEvents": ["surprise"],
            "attempts": 2, "retriedBecause": "Too many requests"})
    );
    assert_eq!(
        whole["turns"][3]["invocation"]["failure"]["code"],
        "ThrottlingException"
    );
    assert_eq!(whole["turns"][4]["invocation"]["status"], "stopped");
}

#[test]
fn an_answer_that_was_coming_in_counts_as_stopped() {
    let mut running = invocation(1);
    running.status = InvocationStatus::Streaming;
    let turns = [Turn {
        message: Message::assistant(vec![ContentBlock::Text("So".into())]),
        invocation: Some(running),
    }];
    let got = read(&export(&hello(), &turns).to_json()).expect("readable");
    let status = got.turns[0].invocation.as_ref().map(|it| it.status.clone());
    assert_eq!(status, Some(InvocationStatus::Stopped));
}

#[test]
fn a_bare_request_is_read() {
    let body = json!({
        "modelId": "us.amazon.nova-pro-v1:0",
        "system": [{"text": "Be brief"}],
        "messages": [
            {"role": "user", "content": [{"text": "Hello"}]},
            {"role": "assistant", "content": [{"text": "Hi"}]}
        ],
        "promptVariables": {}
    });
    let got = read(&format!("\u{feff}{body}")).expect("readable");
    assert_eq!(got.title, None);
    assert_eq!(got.head.model_id.as_str(), "us.amazon.nova-pro-v1:0");
    assert_eq!(got.head.system, [SystemBlock::Text("Be brief".into())]);
    assert!(got.head.messages.is_empty());
    assert_eq!(
        got.turns[1],
        said(Message::assistant(vec![ContentBlock::Text("Hi".into())]))
    );
    assert_eq!(got.left_out, ["promptVariables"]);
    let nameless = read(r#"{"messages": []}"#).expect("readable");
    assert_eq!(nameless.head.model_id.as_str(), "amazon.nova-micro-v1:0");
}

#[test]
fn what_is_no_conversation_is_refused_with_the_reason() {
    let complaint = |text: &str| read(text).unwrap_err().to_string();
    assert!(complaint("# Notes").starts_with("The file is not JSON: "));
    for text in ["[]", "{}", "3", r#"{"format": "other", "messages": []}"#] {
        assert!(complaint(text).contains("neither a conversation"), "{text}");
    }
    let newer = json!({"format": "bedrock-playground/conversation", "version": 2, "turns": []});
    assert_eq!(
        complaint(&newer.to_string()),
        "The file is a conversation of format version 2; this version of Bedrock Playground reads \
         up to 1. Update to open it"
    );
    let ours = |turns: Value| {
        json!({"format": "bedrock-playground/conversation", "version": 1, "turns": turns})
            .to_string()
    };
    assert_eq!(
        complaint(&ours(
            json!([{"message": {"role": "user", "content": [{"text": 3}]}}])
        )),
        "The file cannot be read: turns[0].message.content[0].text: expected a text, found a number"
    );
    assert!(
        complaint(&ours(
            json!([{"message": {"role": "assistant", "content": []},
            "invocation": {"modelId": "m"}}])
        ))
        .starts_with("The file cannot be read: turns[0].invocation: missing field")
    );
    let message = json!({"role": "user", "content": []});
    let odd = ours(json!([{"message": message, "mood": 1, "invocation":
        {"modelId": "m", "region": "r", "status": "complete", "price": 3}}]));
    assert_eq!(
        read(&odd).expect("readable").left_out,
        ["turns[0].invocation.price", "turns[0].mood"]
    );
}

#[test]
fn markdown_reads_well() {
    let turns = conversation();
    let head = Request {
        system: vec![SystemBlock::Text("Be brief".into())],
        ..hello()
    };
    let page = export(&head, &turns).to_markdown();
    for line in [
        "# A title",
        "| Date | 2026-11-21T08:00:00Z |",
        "## System",
        "## User",
        "## Assistant (simulated)",
        "> **Simulated: the embedded endpoint made this answer up. No model was asked.**",
        "> **ThrottlingException**: Too many <b>requests</b>",
        "| Output tokens | 22 |",
        "| Stop reason | max\\_tokens |",
        "| Status | Failed: ThrottlingException |",
        // "\xff\xd8\xff not a picture" has 17 bytes.
        "*[Image 1: jpeg, 17 bytes]*",
        "*[Image 2: png, s3://bucket/a.png]*",
        "*[Document “Report”: pdf, 8 bytes]*",
        "**Asks for the tool weather**",
        "> **Reasoning**",
        "2. T — <https://a.example/x>",
    ] {
        assert!(
            page.lines().any(|it| it == line),
            "{line} is not in\n{page}"
        );
    }
    assert!(!page.contains("base64"), "pictures are named, not embedded");
}

#[test]
fn a_fence_left_open_is_closed_and_others_are_left_alone() {
    let page = |text: &str| export(&hello(), &[answered(text), answered("Next")]).to_markdown();
    let open = "Look:\n\n~~~~rust\nfn main() {}\n~~~";
    assert!(
        page(open).contains("fn main() {}\n~~~\n~~~~\n"),
        "{}",
        page(open)
    );
    let closed = "```\n~~~\n````\nDone `x`";
    assert!(
        page(closed).contains(&format!("\n{closed}\n\n|")),
        "{}",
        page(closed)
    );
    let code = Turn {
        message: Message::assistant(vec![ContentBlock::ToolUse(ToolUse {
            id: "t".into(),
            name: "write".into(),
            input: json!({"text": "````"}),
            kind: None,
        })]),
        invocation: None,
    };
    let page = export(&hello(), &[code]).to_markdown();
    assert!(page.contains("`````json\n"), "{page}");
}
