//! Content as it stands on the wire: from this program's blocks, and from raw frames put together by
//! hand, so that the two can be compared without the code under test on both sides.

use std::collections::BTreeMap;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD as BASE64;
use bedrock_playground::chat::{
    Citation, CitationLocation, ContentBlock, Image, MediaSource, Reasoning, ToolResultContent,
    ToolResultStatus,
};
use serde_json::{Map, Value, json};

/// A block of ours as the service would have written it. What this program did not know is
/// `{"unknown": name}`.
pub fn of_block(block: &ContentBlock) -> Value {
    match block {
        ContentBlock::Text(text) => json!({"text": text}),
        ContentBlock::Image(image) => json!({"image": of_image(image)}),
        ContentBlock::ToolUse(tool) => json!({"toolUse": without_nulls(json!({
            "toolUseId": tool.id, "name": tool.name, "input": tool.input, "type": tool.kind}))}),
        ContentBlock::ToolResult(result) => json!({"toolResult": without_nulls(json!({
            "toolUseId": result.tool_use_id,
            "content": result.content.iter().map(of_tool_result).collect::<Vec<_>>(),
            "status": result.status.map(|status| match status {
                ToolResultStatus::Success => "success",
                ToolResultStatus::Error => "error",
            }),
            "type": result.kind}))}),
        ContentBlock::Reasoning(Reasoning::Text { text, signature }) => {
            json!({"reasoningContent": {"reasoningText":
                without_nulls(json!({"text": text, "signature": signature}))}})
        }
        ContentBlock::Reasoning(Reasoning::Redacted(bytes)) => {
            json!({"reasoningContent": {"redactedContent": BASE64.encode(bytes)}})
        }
        ContentBlock::Citations(cited) => json!({"citationsContent": {
            "content": texts(&cited.content),
            "citations": cited.citations.iter().map(of_citation).collect::<Vec<_>>()}}),
        ContentBlock::Unknown(name) => json!({"unknown": name}),
        other => panic!("no recording has such a block in an answer: {other:?}"),
    }
}

fn of_image(image: &Image) -> Value {
    let MediaSource::Bytes(bytes) = &image.source else {
        return json!({"format": image.format.as_str()});
    };
    json!({"format": image.format.as_str(), "source": {"bytes": BASE64.encode(bytes)}})
}

fn of_tool_result(part: &ToolResultContent) -> Value {
    match part {
        ToolResultContent::Json(value) => json!({"json": value}),
        ToolResultContent::Text(text) => json!({"text": text}),
        ToolResultContent::Image(image) => json!({"image": of_image(image)}),
        ToolResultContent::Unknown(name) => json!({"unknown": name}),
        other => panic!("no recording has such a result in an answer: {other:?}"),
    }
}

fn of_citation(citation: &Citation) -> Value {
    let place = |name: &str, index: &str, (number, start, end): (_, _, _)| -> Value {
        let (number, start, end): (Option<u32>, Option<u32>, Option<u32>) = (number, start, end);
        json!({name: without_nulls(json!({index: number, "start": start, "end": end}))})
    };
    let location = citation.location.as_ref().map(|location| match location {
        CitationLocation::Web { url, domain } => {
            json!({"web": without_nulls(json!({"url": url, "domain": domain}))})
        }
        CitationLocation::DocumentChar {
            document,
            start,
            end,
        } => place("documentChar", "documentIndex", (*document, *start, *end)),
        CitationLocation::DocumentPage {
            document,
            start,
            end,
        } => place("documentPage", "documentIndex", (*document, *start, *end)),
        CitationLocation::DocumentChunk {
            document,
            start,
            end,
        } => place("documentChunk", "documentIndex", (*document, *start, *end)),
        CitationLocation::SearchResult {
            search_result,
            start,
            end,
        } => place(
            "searchResultLocation",
            "searchResultIndex",
            (*search_result, *start, *end),
        ),
        CitationLocation::Unknown => json!("unknown"),
    });
    let source_content =
        (!citation.source_content.is_empty()).then(|| texts(&citation.source_content));
    without_nulls(json!({"title": citation.title, "source": citation.source,
        "sourceContent": source_content, "location": location}))
}

fn texts(texts: &[String]) -> Vec<Value> {
    texts.iter().map(|text| json!({"text": text})).collect()
}

/// The same value without members that are `null`, outside of what models wrote freely.
pub fn without_nulls(value: Value) -> Value {
    match value {
        Value::Object(members) => members
            .into_iter()
            .filter(|(_, value)| !value.is_null())
            .map(|(name, value)| {
                let free = name == "input" || name == "json";
                let value = if free { value } else { without_nulls(value) };
                (name, value)
            })
            .collect(),
        Value::Array(items) => items.into_iter().map(without_nulls).collect(),
        other => other,
    }
}

/// The events in a stream's bytes: `:event-type` (or `:exception-type`) and what it carried. Reads
/// the framing by its layout, without the code the client uses.
pub fn frames(mut bytes: &[u8]) -> Vec<(String, Value)> {
    let number = |bytes: &[u8]| {
        bytes
            .iter()
            .fold(0, |sum, byte| sum << 8 | usize::from(*byte))
    };
    let mut events = Vec::new();
    while bytes.len() >= 16 {
        let (total, headers) = (number(&bytes[..4]), number(&bytes[4..8]));
        let Some(frame) = bytes.get(..total) else {
            break;
        };
        let mut rest = &frame[12..12 + headers];
        let mut name = String::new();
        while let [length, after @ ..] = rest {
            let (header, after) = after.split_at(usize::from(*length));
            // Every header of these streams is a string: type 7, two bytes of length.
            assert_eq!(after[0], 7);
            let length = number(&after[1..3]);
            let value = &after[3..3 + length];
            if header == b":event-type" || header == b":exception-type" {
                name = String::from_utf8(value.to_vec()).expect("a name");
            }
            rest = &after[3 + length..];
        }
        let payload = serde_json::from_slice(&frame[12 + headers..total - 4]).unwrap_or_default();
        events.push((name, payload));
        bytes = &bytes[total..];
    }
    events
}

/// The content blocks that a stream's events add up to, as a whole answer would have them.
pub fn assemble(events: &[(String, Value)]) -> Vec<Value> {
    let mut blocks: BTreeMap<u64, Block> = BTreeMap::new();
    for (name, payload) in events {
        let index = payload["contentBlockIndex"].as_u64().unwrap_or_default();
        match name.as_str() {
            "contentBlockStart" => {
                blocks.entry(index).or_default().start = payload["start"].clone();
            }
            "contentBlockDelta" => blocks.entry(index).or_default().add(&payload["delta"]),
            _ => {}
        }
    }
    blocks.into_values().flat_map(Block::whole).collect()
}

#[derive(Default)]
struct Block {
    start: Value,
    text: Option<String>,
    citations: Vec<Value>,
    tool_input: String,
    tool_results: Vec<Value>,
    thought: Option<String>,
    signature: Option<String>,
    redacted: Vec<Value>,
}

impl Block {
    fn add(&mut self, delta: &Value) {
        fn push(to: &mut Option<String>, piece: &Value) {
            if let Some(piece) = piece.as_str() {
                to.get_or_insert_default().push_str(piece);
            }
        }
        let thought = &delta["reasoningContent"];
        push(&mut self.text, &delta["text"]);
        push(&mut self.thought, &thought["text"]);
        push(&mut self.signature, &thought["signature"]);
        self.tool_input
            .push_str(delta["toolUse"]["input"].as_str().unwrap_or_default());
        self.tool_results.extend(
            delta["toolResult"]
                .as_array()
                .into_iter()
                .flatten()
                .cloned(),
        );
        for (list, piece) in [
            (&mut self.citations, &delta["citation"]),
            (&mut self.redacted, &thought["redactedContent"]),
        ] {
            if !piece.is_null() {
                list.push(without_nulls(piece.clone()));
            }
        }
    }

    fn whole(self) -> Vec<Value> {
        let mut whole = Vec::new();
        if let Value::Object(start) = &self.start {
            whole.extend(start.iter().map(|(kind, start)| self.started(kind, start)));
        }
        if self.thought.is_some() || self.signature.is_some() {
            let thought = self.thought.clone().unwrap_or_default();
            whole.push(json!({"reasoningContent": {"reasoningText":
                without_nulls(json!({"text": thought, "signature": self.signature}))}}));
        }
        for bytes in &self.redacted {
            whole.push(json!({"reasoningContent": {"redactedContent": bytes}}));
        }
        if !self.citations.is_empty() {
            let content = self
                .text
                .map_or_else(Vec::new, |text| vec![json!({"text": text})]);
            whole.push(json!({"citationsContent":
                {"content": content, "citations": self.citations}}));
        } else if let Some(text) = self.text {
            whole.push(json!({"text": text}));
        }
        whole
    }

    fn started(&self, kind: &str, start: &Value) -> Value {
        let mut block = match start {
            Value::Object(members) => members.clone(),
            _ => Map::new(),
        };
        match kind {
            "toolUse" => {
                let input = match self.tool_input.as_str() {
                    "" => json!({}),
                    input => serde_json::from_str(input).expect("a whole input"),
                };
                block.insert("input".into(), input);
            }
            "toolResult" => {
                block.insert("content".into(), self.tool_results.clone().into());
            }
            _ => {}
        }
        json!({kind: block})
    }
}
