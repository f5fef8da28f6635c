//! Conversations out and in: what is written is read back, and nothing said in one does anything to
//! who opens it.

use bedrock_playground::chat::{
    CacheDetail, CacheTtl, Citation, CitationLocation, Citations, ContentBlock, Failure, Image,
    ImageFormat, Invocation, InvocationId, InvocationStatus, Latency, Message, Metrics, Reasoning,
    Request, Retry, ServiceTier, StopReason, SystemBlock, ToolUse, Turn, Usage,
};
use bedrock_playground::export::{Export, Import, ImportError, import};
use proptest::prelude::*;
use serde_json::{Value, json};

use crate::support::requests::{self, TRICKY, bytes, hello};

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

/// The tags of a page: name and attributes. Fails on what no browser would read as we do.
fn tags(page: &str) -> Vec<(String, Vec<(String, String)>)> {
    let mut tags = Vec::new();
    let mut rest = page;
    while let Some(at) = rest.find('<') {
        rest = &rest[at + 1..];
        let mut attributes = Vec::new();
        let end = rest
            .find(|c: char| c.is_whitespace() || c == '>')
            .expect("a tag ends");
        let name = rest[..end].to_owned();
        rest = rest[end..].trim_start();
        while !rest.starts_with('>') {
            let end = rest
                .find(|c: char| matches!(c, '=' | '>') || c.is_whitespace())
                .expect("an attribute ends");
            let attribute = rest[..end].to_owned();
            rest = &rest[end..];
            let mut value = String::new();
            if let Some(after) = rest.strip_prefix("=\"") {
                let end = after.find('"').expect("a value ends");
                after[..end].clone_into(&mut value);
                rest = &after[end + 1..];
            }
            rest = rest.trim_start();
            attributes.push((attribute, value));
        }
        if name == "style" {
            rest = &rest[rest.find("</style>").expect("the style ends")..];
        }
        tags.push((name, attributes));
    }
    tags
}

/// That a page holds nothing but what this program puts there.
fn assert_tame(page: &str) {
    const TAGS: &[&str] = &[
        "!doctype",
        "html",
        "head",
        "meta",
        "title",
        "style",
        "body",
        "main",
        "article",
        "h1",
        "h2",
        "h3",
        "h4",
        "h5",
        "h6",
        "p",
        "div",
        "details",
        "summary",
        "table",
        "thead",
        "tbody",
        "tr",
        "th",
        "td",
        "ol",
        "ul",
        "li",
        "pre",
        "code",
        "em",
        "strong",
        "del",
        "blockquote",
        "hr",
        "br",
        "br/",
        "a",
        "img",
        "figure",
        "figcaption",
        "input",
    ];
    const ATTRIBUTES: &[&str] = &[
        "html",
        "lang",
        "dir",
        "class",
        "charset",
        "http-equiv",
        "content",
        "name",
        "scope",
        "rel",
        "alt",
        "src",
        "href",
        "start",
        "style",
        "type",
        "disabled",
        "checked",
        "/",
    ];
    for (name, attributes) in tags(page) {
        let bare = name.trim_start_matches('/');
        assert!(TAGS.contains(&bare), "<{name}> in\n{page}");
        for (attribute, value) in attributes {
            assert!(
                ATTRIBUTES.contains(&attribute.as_str()),
                "{attribute} in\n{page}"
            );
            match attribute.as_str() {
                "href" => assert!(
                    ["http://", "https://", "mailto:"]
                        .iter()
                        .any(|scheme| value.to_ascii_lowercase().starts_with(scheme)),
                    "{value}"
                ),
                "src" => assert!(value.starts_with("data:image/"), "{value}"),
                "type" => assert_eq!(value, "checkbox"),
                "style" => assert!(value.starts_with("text-align: "), "{value}"),
                _ => {}
            }
        }
    }
}

const ATTACKS: &str = r#"<script>alert(1)</script> and <img src=x onerror=alert(1)>

<div onclick="x()">

[a](javascript:alert(1)) [b](JaVaScRiPt:alert(1)) [c](data:text/html,<script>) [d](file:///etc/passwd)
[e](//evil.example/x) [f](/x) [g](java&#10;script:x) [h](vbscript:x) <javascript:alert(1)>
[i]: javascript:x
[i] ![j](https://evil.example/pixel.png?"onload="x) ![k](data:image/svg+xml,<svg/onload=x>)
[l](https://ok.example/?a=1&b="><script>) <me@ok.example> https://ok.example

```"><script>alert(1)</script>
</code></pre><script>alert(1)</script>
```

| <b>a</b> | [x](javascript:y) |
|:--|--:|
| `<script>` | z |

- [x] done <iframe src="https://evil.example">
1. <!-- -->
# <svg><style>@import 'x'</style>
&lt;script&gt; &#60;script&#62; \<script>
"#;

#[test]
fn a_page_does_nothing() {
    let hostile = |role_is_user: bool| {
        let content = vec![
            ContentBlock::Text(ATTACKS.into()),
            ContentBlock::Reasoning(Reasoning::Text {
                text: ATTACKS.into(),
                signature: None,
            }),
            ContentBlock::Citations(Citations {
                content: vec![ATTACKS.into()],
                citations: vec![Citation {
                    title: Some(ATTACKS.into()),
                    source: None,
                    source_content: Vec::new(),
                    location: Some(CitationLocation::Web {
                        url: Some("javascript:alert(1)".into()),
                        domain: None,
                    }),
                }],
            }),
            ContentBlock::ToolUse(ToolUse {
                id: ATTACKS.into(),
                name: ATTACKS.into(),
                input: json!({ATTACKS: ATTACKS}),
                kind: None,
            }),
            ContentBlock::Unknown(ATTACKS.into()),
        ];
        Turn {
            message: if role_is_user {
                Message::user(content)
            } else {
                Message::assistant(content)
            },
            invocation: (!role_is_user).then(|| {
                let mut invocation = failed(1);
                invocation.region = ATTACKS.into();
                invocation.request_id = Some(ATTACKS.into());
                invocation
            }),
        }
    };
    let mut turns = vec![hostile(true), hostile(false)];
    turns.extend(conversation());
    let head = Request {
        system: vec![SystemBlock::Text(ATTACKS.into())],
        ..hello()
    };
    let page = Export {
        title: "</title><script>alert(1)</script>",
        date: ATTACKS,
        head: &head,
        turns: &turns.iter().collect::<Vec<_>>(),
    }
    .to_html();
    assert_tame(&page);
    assert!(
        page.contains("href=\"https://ok.example/?a=1&amp;b=&quot;"),
        "{page}"
    );
    assert!(page.contains("href=\"mailto:me@ok.example\""), "{page}");
    assert!(page.contains("default-src 'none'"));
}

#[test]
fn a_page_shows_what_was_said() {
    let picture = ContentBlock::Image(Image {
        format: ImageFormat::Png,
        source: bytes(b"abc"),
    });
    let turns = [
        said(Message::user(vec![
            picture,
            ContentBlock::Text("שלום\n<b>".into()),
        ])),
        Turn {
            invocation: Some(well_known(1)),
            ..answered("# Title\n\nSome **bold** words\n\n```rust\nlet x = 1 < 2;\n```")
        },
    ];
    let page = export(&hello(), &turns).to_html();
    assert_tame(&page);
    for part in [
        "<html lang=\"en\">",
        "prefers-color-scheme: dark",
        // "abc" in base64 is YWJj.
        "<img alt=\"Image 1: png, 3 bytes\" src=\"data:image/png;base64,YWJj\">",
        "<p class=\"plain\" dir=\"auto\" lang=\"\">שלום\n&lt;b&gt;</p>",
        "<h3 dir=\"auto\">Title</h3>",
        "<p dir=\"auto\">Some <strong>bold</strong> words</p>",
        "<pre><code class=\"language-rust\">let x = 1 &lt; 2;\n</code></pre>",
        "<p class=\"simulated\">Simulated: the embedded endpoint made this answer up.",
        "<tr><th scope=\"row\">Output tokens</th><td dir=\"auto\">22</td></tr>",
    ] {
        assert!(page.contains(part), "{part} is not in\n{page}");
    }
    let tricky = export(&hello(), &[answered(TRICKY)]).to_html();
    assert_tame(&tricky);
    assert!(!tricky.contains("imulated:"), "{tricky}");
}

proptest! {
    #[test]
    fn whatever_an_answer_says_the_page_is_tame(
        words in proptest::collection::vec(
            prop_oneof![
                Just("<"), Just(">"), Just("script"), Just("](javascript:"), Just("["), Just("!["),
                Just(")"), Just("\""), Just("'"), Just("`"), Just("```"), Just("\n"), Just(" "),
                Just("<!--"), Just("|"), Just("&"), Just("onerror="), Just("https://a"), Just("\\"),
                Just("<a href="), Just("-"), Just("# "), Just("&#60;"), Just("]: "), Just("x"),
                Just("\u{0}"), Just("    "), Just("1. "), Just("> ")
            ],
            0..40,
        )
    ) {
        assert_tame(&export(&hello(), &[answered(&words.concat())]).to_html());
    }
}
