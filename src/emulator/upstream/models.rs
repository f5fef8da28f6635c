//! The models a local server has, as `ListFoundationModels` describes them.

use axum::http::Method;
use futures_util::future::join_all;
use serde_json::{Value, json};

use super::client::LocalServer;
use crate::catalog::ModelId;
use crate::emulator::api_error::ApiError;

/// As many as a person would have; of more it is not asked what they can do.
const MOST_ASKED_ABOUT: usize = 64;

/// What a model can do, as far as its server tells.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Abilities {
    talks: bool,
    sees: bool,
}

/// Every model that talks.
pub async fn list(server: &LocalServer, region: &str) -> Result<Vec<Value>, ApiError> {
    let listed = server.look_up(Method::GET, "/v1/models", None).await?;
    let entries = listed["data"].as_array().ok_or_else(|| server.nonsense())?;
    let studio = server.look_up(Method::GET, "/api/v0/models", None).await;
    let studio = studio.unwrap_or_default();
    let abilities = entries.iter().enumerate().map(|(place, entry)| {
        let name = entry["id"].as_str().unwrap_or_default();
        let told = of_list(&entry["capabilities"])
            .or_else(|| of_list(&named(&listed["models"], name)?["capabilities"]))
            .or_else(|| of_kind(&named(&studio["data"], name)?["type"]));
        async move {
            if told.is_some() || place >= MOST_ASKED_ABOUT {
                return told;
            }
            let question = json!({ "model": name });
            let shown = server.look_up(Method::POST, "/api/show", Some(&question));
            of_list(&shown.await.ok()?["capabilities"])
        }
    });
    let abilities = join_all(abilities).await;
    let named = entries.iter().filter_map(|entry| entry["id"].as_str());
    Ok(named
        .zip(abilities)
        .filter(|(_, abilities)| abilities.is_none_or(|abilities| abilities.talks))
        .map(|(name, abilities)| summary(name, abilities, region))
        .collect())
}

/// A model as the service lists it. Where nothing tells whether it sees, it may be shown images: the
/// server says so if it does not.
pub fn summary_of_unknown(name: &str, region: &str) -> Value {
    summary(name, None, region)
}

fn summary(name: &str, abilities: Option<Abilities>, region: &str) -> Value {
    let id = ModelId::local(name);
    let sees = abilities.is_none_or(|abilities| abilities.sees);
    json!({
        "modelArn": format!("arn:aws:bedrock:{region}::foundation-model/{id}"),
        "modelId": id,
        "modelName": name,
        "providerName": "Local",
        "inputModalities": if sees { json!(["TEXT", "IMAGE"]) } else { json!(["TEXT"]) },
        "outputModalities": ["TEXT"],
        "responseStreamingSupported": true,
        "customizationsSupported": [],
        "inferenceTypesSupported": ["ON_DEMAND"],
        "modelLifecycle": { "status": "ACTIVE" },
    })
}

/// The entry of a list by its name; servers differ in what they call it.
fn named<'a>(list: &'a Value, name: &str) -> Option<&'a Value> {
    let mut entries = list.as_array().into_iter().flatten();
    entries.find(|entry| {
        ["id", "name", "model"]
            .iter()
            .any(|member| entry[*member] == name)
    })
}

/// `["completion", "vision"]` with Ollama, `["completion", "multimodal"]` with llama.cpp.
fn of_list(capabilities: &Value) -> Option<Abilities> {
    let capabilities = capabilities.as_array()?;
    let has = |wanted: &str| capabilities.iter().any(|ability| ability == wanted);
    Some(Abilities {
        talks: has("completion") || has("chat"),
        sees: has("vision") || has("multimodal"),
    })
}

/// `llm`, `vlm` or `embeddings` with LM Studio.
fn of_kind(kind: &Value) -> Option<Abilities> {
    let kind = kind.as_str()?;
    Some(Abilities {
        talks: kind != "embeddings",
        sees: kind == "vlm",
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn abilities_are_read_as_each_server_tells_them() {
        let both = Some(Abilities {
            talks: true,
            sees: true,
        });
        assert_eq!(of_list(&json!(["completion", "vision"])), both);
        assert_eq!(of_list(&json!(["completion", "multimodal"])), both);
        assert_eq!(of_kind(&json!("vlm")), both);
        let neither = Some(Abilities {
            talks: false,
            sees: false,
        });
        assert_eq!(of_list(&json!(["embedding"])), neither);
        assert_eq!(of_kind(&json!("embeddings")), neither);
        assert_eq!(of_list(&Value::Null), None);
    }
}
