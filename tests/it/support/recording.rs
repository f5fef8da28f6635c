//! Recorded exchanges with the real service: one JSON file each, described in the folder's INDEX.md.

use std::path::{Path, PathBuf};

use axum::body::Bytes;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD as BASE64;
use serde_json::Value;

use super::replay::Reply;

/// One exchange.
pub struct Recording {
    pub name: String,
    pub operation: String,
    pub model_id: String,
    /// The request's body, where it is JSON.
    pub sent: Value,
    pub status: u16,
    /// The answer's headers, with those the recorder dropped.
    pub headers: Vec<(String, String)>,
    pub body: Bytes,
    chunk_sizes: Vec<usize>,
}

impl Recording {
    /// Every recording of some operations; `None`, said aloud, when the folder is not there.
    pub fn of(operations: &[&str]) -> Option<Vec<Self>> {
        let folder = folder()?;
        let mut files: Vec<_> = std::fs::read_dir(folder)
            .expect("a folder")
            .map(|entry| entry.expect("an entry").path())
            .filter(|path| {
                path.extension()
                    .is_some_and(|extension| extension == "json")
            })
            .collect();
        files.sort();
        let recordings: Vec<_> = files
            .iter()
            .map(|path| Self::read(path))
            .filter(|recording| operations.contains(&recording.operation.as_str()))
            .collect();
        assert!(!recordings.is_empty(), "no recording of {operations:?}");
        Some(recordings)
    }

    /// One recording by its file's name.
    pub fn named(name: &str) -> Option<Self> {
        let path = folder()?.join(name);
        Some(Self::read(&path))
    }

    fn read(path: &Path) -> Self {
        let text = std::fs::read_to_string(path)
            .unwrap_or_else(|error| panic!("{}: {error}", path.display()));
        let json: Value = serde_json::from_str(&text)
            .unwrap_or_else(|error| panic!("{}: {error}", path.display()));
        let text = |pointer: &str| {
            json.pointer(pointer)
                .and_then(Value::as_str)
                .unwrap_or_default()
                .to_owned()
        };
        let response = &json["response"];
        let body = match (&response["body_utf8"], &response["body_base64"]) {
            (Value::String(text), _) => Bytes::from(text.clone()),
            (_, Value::String(coded)) => Bytes::from(BASE64.decode(coded).expect("base64")),
            _ => Bytes::new(),
        };
        let provenance = &json["provenance"];
        let chunk_sizes = provenance["chunk_sizes"]
            .as_array()
            .into_iter()
            .flatten()
            .filter_map(|size| usize::try_from(size.as_u64()?).ok())
            .collect();
        Self {
            name: path
                .file_name()
                .map_or_else(String::new, |name| name.to_string_lossy().into_owned()),
            operation: text("/operation"),
            model_id: match text("/model_id") {
                id if id.is_empty() => "example.model-v1:0".into(),
                id => id,
            },
            sent: json["request"]["body"].clone(),
            status: u16::try_from(response["status"].as_u64().unwrap_or(200)).expect("a status"),
            headers: headers(&response["headers"], &provenance["replay_hint_headers"]),
            body,
            chunk_sizes,
        }
    }

    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers
            .iter()
            .find(|(header, _)| header == name)
            .map(|(_, value)| value.as_str())
    }

    pub fn is_error(&self) -> bool {
        self.status >= 400
    }

    /// The answer, in the pieces in which it came where that is known.
    pub fn reply(&self) -> Reply {
        let mut rest = self.body.clone();
        let mut chunks = Vec::new();
        for size in &self.chunk_sizes {
            chunks.push(rest.split_to((*size).min(rest.len())));
        }
        chunks.push(rest);
        chunks.retain(|chunk| !chunk.is_empty());
        Reply {
            status: self.status,
            headers: self.headers.clone(),
            chunks,
            ending: super::replay::Ending::Complete,
            at: String::new(),
        }
    }
}

/// Headers as AWS sends them. The date is left to the server: with the recorded one the SDK would
/// find its clock years off and sign again.
fn headers(recorded: &Value, hints: &Value) -> Vec<(String, String)> {
    let mut headers: Vec<(String, String)> = Vec::new();
    for source in [recorded, hints] {
        for (name, value) in source.as_object().into_iter().flatten() {
            let known = headers.iter().any(|(header, _)| header == name);
            let ours = ["date", "content-length", "transfer-encoding"].contains(&name.as_str());
            if !known && !ours {
                headers.push((name.clone(), value.as_str().unwrap_or_default().to_owned()));
            }
        }
    }
    headers
}

/// The folder of recordings: where `BEDROCK_TRAFFIC` says, else beside the repository.
fn folder() -> Option<PathBuf> {
    let folder = std::env::var_os("BEDROCK_TRAFFIC").map_or_else(
        || Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared/traffic"),
        PathBuf::from,
    );
    if folder.is_dir() {
        return Some(folder);
    }
    eprintln!("skipped: no recordings at {}", folder.display());
    None
}
