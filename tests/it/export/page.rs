//! Pages: nothing said in a conversation does anything to who opens one.

use bedrock_playground::chat::{
    Citation, CitationLocation, Citations, ContentBlock, Image, ImageFormat, Message, Reasoning,
    Request, SystemBlock, ToolUse, Turn,
};
use bedrock_playground::export::Export;
use proptest::prelude::*;
use serde_json::json;

use super::{answered, conversation, export, failed, said, well_known};
use crate::support::requests::{TRICKY, bytes, hello};

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
