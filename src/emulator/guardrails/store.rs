//! The guardrails of this endpoint: each with its draft and its numbered versions.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::SystemTime;

use axum::http::StatusCode;
use serde_json::{Value, json};

use super::limits::{check, example};
use crate::emulator::account::ACCOUNT;
use crate::emulator::api_error::ApiError;
use crate::emulator::timestamp::timestamp;

const DRAFT: &str = "DRAFT";

/// Guardrails by id, and their versions by name. Held only while one is read or written.
#[derive(Clone, Debug, Default)]
pub struct Store(Arc<Mutex<BTreeMap<String, BTreeMap<String, Value>>>>);

impl Store {
    /// With an example to look at.
    pub fn with_example(region: &str) -> Self {
        let store = Self::default();
        // The example is one that can be made; a test holds that.
        store.create(&example(), region).ok();
        store
    }

    pub fn create(&self, body: &Value, region: &str) -> Result<Value, ApiError> {
        check(body)?;
        let name = body["name"].as_str().unwrap_or_default();
        self.with(|guardrails| {
            if guardrails.values().any(|versions| versions[DRAFT]["name"] == name) {
                return Err(taken(name));
            }
            // Counted from the last one: after a deletion their number is in use.
            let last = guardrails
                .last_key_value()
                .and_then(|(id, _)| id.strip_prefix("sim")?.parse::<u64>().ok());
            let id = format!("sim{:09}", last.unwrap_or(0) + 1);
            let arn = format!("arn:aws:bedrock:{region}:{ACCOUNT}:guardrail/{id}");
            let now = timestamp(SystemTime::now());
            let mut draft = described(body);
            draft["guardrailId"] = json!(id);
            draft["guardrailArn"] = json!(arn);
            draft["version"] = json!(DRAFT);
            draft["createdAt"] = json!(now);
            draft["updatedAt"] = json!(now);
            guardrails.insert(id.clone(), BTreeMap::from([(DRAFT.to_owned(), draft)]));
            Ok(json!({ "guardrailId": id, "guardrailArn": arn, "version": DRAFT, "createdAt": now }))
        })
    }

    pub fn update(&self, id: &str, body: &Value) -> Result<Value, ApiError> {
        check(body)?;
        let name = body["name"].as_str().unwrap_or_default();
        let own = plain(id).to_owned();
        self.with(|guardrails| {
            let others = guardrails.iter().filter(|(id, _)| **id != own);
            let mut names = others.map(|(_, versions)| &versions[DRAFT]["name"]);
            if names.any(|other| other == name) {
                return Err(taken(name));
            }
            Ok(())
        })?;
        self.with_versions(id, |versions| {
            let mut draft = described(body);
            let before = &versions[DRAFT];
            for kept in ["guardrailId", "guardrailArn", "version", "createdAt"] {
                draft[kept] = before[kept].clone();
            }
            draft["updatedAt"] = json!(timestamp(SystemTime::now()));
            let answer = json!({
                "guardrailId": draft["guardrailId"], "guardrailArn": draft["guardrailArn"],
                "version": DRAFT, "updatedAt": draft["updatedAt"],
            });
            versions.insert(DRAFT.to_owned(), draft);
            Ok(answer)
        })
    }

    pub fn create_version(&self, id: &str, description: Option<&str>) -> Result<Value, ApiError> {
        self.with_versions(id, |versions| {
            let last = versions
                .keys()
                .filter_map(|version| version.parse::<u32>().ok())
                .max()
                .unwrap_or(0);
            let version = (last + 1).to_string();
            let mut numbered = versions[DRAFT].clone();
            numbered["version"] = json!(version);
            if let Some(description) = description {
                numbered["description"] = json!(description);
            }
            let answer = json!({ "guardrailId": numbered["guardrailId"], "version": version });
            versions.insert(version, numbered);
            Ok(answer)
        })
    }

    pub fn delete(&self, id: &str, version: Option<&str>) -> Result<(), ApiError> {
        let id = plain(id).to_owned();
        match version {
            None => self.with(|guardrails| {
                guardrails
                    .remove(&id)
                    .map(|_| ())
                    .ok_or_else(|| missing(&id))
            }),
            // Everything else is made from the draft, so it goes with the whole only.
            Some(DRAFT) => Err(ApiError::validation(
                "The DRAFT version of a guardrail can't be deleted on its own. Delete the guardrail.",
            )),
            Some(version) => self.with_versions(&id, |versions| {
                versions
                    .remove(version)
                    .map(|_| ())
                    .ok_or_else(|| missing(&id))
            }),
        }
    }

    pub fn version(&self, id: &str, version: &str) -> Result<Value, ApiError> {
        self.with_versions(id, |versions| {
            versions.get(version).cloned().ok_or_else(|| missing(id))
        })
    }

    /// The drafts of all, or every version of one.
    pub fn summaries(&self, of: Option<&str>) -> Result<Vec<Value>, ApiError> {
        if let Some(id) = of {
            return self.with_versions(id, |versions| Ok(versions.values().map(summary).collect()));
        }
        self.with(|guardrails| {
            Ok(guardrails
                .values()
                .map(|versions| summary(&versions[DRAFT]))
                .collect())
        })
    }

    fn with<T>(
        &self,
        act: impl FnOnce(&mut BTreeMap<String, BTreeMap<String, Value>>) -> Result<T, ApiError>,
    ) -> Result<T, ApiError> {
        // Whoever panicked while holding it left whole values behind: each is put in at once.
        act(&mut self.0.lock().unwrap_or_else(PoisonError::into_inner))
    }

    fn with_versions<T>(
        &self,
        id: &str,
        act: impl FnOnce(&mut BTreeMap<String, Value>) -> Result<T, ApiError>,
    ) -> Result<T, ApiError> {
        let id = plain(id);
        self.with(|guardrails| act(guardrails.get_mut(id).ok_or_else(|| missing(id))?))
    }
}

/// The id of an ARN, or the id itself.
fn plain(id: &str) -> &str {
    id.rsplit('/').next().unwrap_or(id)
}

fn missing(id: &str) -> ApiError {
    ApiError::not_found(format!(
        "The guardrail {id} or the version of it could not be found. Check the identifier and try again."
    ))
}

fn taken(name: &str) -> ApiError {
    ApiError::new(
        StatusCode::BAD_REQUEST,
        "ConflictException",
        format!(
            "Another guardrail in your account already has the name {name}. Choose a different name and try again."
        ),
    )
}

/// The name of a policy in a request and in an answer, and so for its lists.
type PolicyNames = (
    &'static str,
    &'static str,
    &'static [(&'static str, &'static str)],
);

/// A request's policies under the names an answer gives them.
fn described(body: &Value) -> Value {
    let mut guardrail = json!({
        "name": body["name"],
        "status": "READY",
        "blockedInputMessaging": body["blockedInputMessaging"],
        "blockedOutputsMessaging": body["blockedOutputsMessaging"],
        "statusReasons": [],
        "failureRecommendations": [],
    });
    if body["description"].is_string() {
        guardrail["description"] = body["description"].clone();
    }
    if let Some(profile) = body["crossRegionConfig"]["guardrailProfileIdentifier"].as_str() {
        let id = plain(profile);
        guardrail["crossRegionDetails"] = json!({
            "guardrailProfileId": id,
            "guardrailProfileArn": format!("arn:aws:bedrock:us-east-1:{ACCOUNT}:guardrail-profile/{id}"),
        });
    }
    if body["automatedReasoningPolicyConfig"].is_object() {
        guardrail["automatedReasoningPolicy"] = body["automatedReasoningPolicyConfig"].clone();
    }
    let lists: [PolicyNames; 5] = [
        (
            "topicPolicyConfig",
            "topicPolicy",
            &[("topicsConfig", "topics")],
        ),
        (
            "contentPolicyConfig",
            "contentPolicy",
            &[("filtersConfig", "filters")],
        ),
        (
            "wordPolicyConfig",
            "wordPolicy",
            &[
                ("wordsConfig", "words"),
                ("managedWordListsConfig", "managedWordLists"),
            ],
        ),
        (
            "sensitiveInformationPolicyConfig",
            "sensitiveInformationPolicy",
            &[
                ("piiEntitiesConfig", "piiEntities"),
                ("regexesConfig", "regexes"),
            ],
        ),
        (
            "contextualGroundingPolicyConfig",
            "contextualGroundingPolicy",
            &[("filtersConfig", "filters")],
        ),
    ];
    for (from, to, members) in lists {
        if body[from].is_object() {
            for (list, name) in members {
                guardrail[to][*name] = body[from].get(*list).cloned().unwrap_or_else(|| json!([]));
            }
            if body[from]["tierConfig"].is_object() {
                guardrail[to]["tier"] = body[from]["tierConfig"].clone();
            }
        }
    }
    guardrail
}

fn summary(guardrail: &Value) -> Value {
    let mut summary = json!({
        "id": guardrail["guardrailId"],
        "arn": guardrail["guardrailArn"],
        "status": guardrail["status"],
        "name": guardrail["name"],
        "version": guardrail["version"],
        "createdAt": guardrail["createdAt"],
        "updatedAt": guardrail["updatedAt"],
    });
    if guardrail["description"].is_string() {
        summary["description"] = guardrail["description"].clone();
    }
    summary
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_example_can_be_made() {
        let store = Store::with_example("us-east-1");
        let all = store.summaries(None).expect("a list");
        assert_eq!(all[0]["name"], "example-guardrail");
    }

    #[test]
    fn a_name_is_taken_by_others_only() {
        let store = Store::with_example("us-east-1");
        let id = store.summaries(None).expect("a list")[0]["id"].clone();
        let id = id.as_str().expect("an id");
        let mut body = example();
        assert!(store.update(id, &body).is_ok());
        assert_eq!(
            store.create(&body, "us-east-1").expect_err("taken").kind,
            "ConflictException"
        );
        body["name"] = json!("another");
        store.create(&body, "us-east-1").expect("made");
        assert_eq!(
            store.update(id, &body).expect_err("taken").kind,
            "ConflictException"
        );
    }

    #[test]
    fn what_is_too_long_is_refused_in_the_services_form() {
        let mut body = example();
        body["wordPolicyConfig"]["wordsConfig"][0]["text"] = json!("x".repeat(101));
        let refused = check(&body).expect_err("refused");
        assert_eq!(
            refused.message,
            "1 validation error detected: Value at 'wordPolicyConfig.wordsConfig.1.member.text' failed to satisfy \
             constraint: Member must have length less than or equal to 100"
        );
    }
}
