//! Batch jobs: JSON Lines read from the embedded S3, each record answered, and the answers written
//! beside a manifest, in the shape that the documentation of batch inference shows.

use std::collections::{BTreeMap, HashMap};
use std::io;
use std::sync::{Arc, LazyLock, Mutex, PoisonError};
use std::time::SystemTime;

use axum::extract::{Path, Query, State};
use axum::{Extension, Json};
use bytes::Bytes;
use regex::Regex;
use serde_json::{Value, json};
use tokio::io::{AsyncBufReadExt as _, BufReader};

use super::account::ACCOUNT;
use super::api_error::ApiError;
use super::converse;
use super::pace::Pace;
use super::router::{Endpoint, Region};
use super::s3::Object;
use super::timestamp::timestamp;
use crate::catalog::ModelFacts;

/// Fewest records of a job ("Quotas for Amazon Bedrock").
const FEWEST_RECORDS: u64 = 100;
/// Tokens' worth of time between two states; at the believable pace a second.
const STATE_TOKENS: u64 = 80;

static ROLE: LazyLock<Option<Regex>> =
    LazyLock::new(|| Regex::new("^arn:aws(-[^:]+)?:iam::([0-9]{12})?:role/.+$").ok());
static NAME: LazyLock<Option<Regex>> =
    LazyLock::new(|| Regex::new(r"^[a-zA-Z0-9]{1,63}(-*[a-zA-Z0-9+\-.]){0,63}$").ok());

/// The jobs of this endpoint, by id. Held only while one is read or written.
#[derive(Clone, Debug, Default)]
pub struct Jobs(Arc<Mutex<BTreeMap<String, Job>>>);

#[derive(Clone, Debug)]
struct Job {
    request: Value,
    arn: String,
    status: &'static str,
    message: Option<String>,
    submitted: SystemTime,
    changed: SystemTime,
    counts: Counts,
}

#[derive(Clone, Copy, Debug, Default)]
struct Counts {
    total: u64,
    succeeded: u64,
    failed: u64,
    input_tokens: u64,
    output_tokens: u64,
}

impl Job {
    fn is_over(&self) -> bool {
        matches!(
            self.status,
            "Completed" | "PartiallyCompleted" | "Failed" | "Stopped"
        )
    }

    fn describe(&self) -> Value {
        let mut answer = json!({
            "jobArn": self.arn,
            "status": self.status,
            "submitTime": timestamp(self.submitted),
            "lastModifiedTime": timestamp(self.changed),
            "totalRecordCount": self.counts.total,
            "processedRecordCount": self.counts.succeeded + self.counts.failed,
            "successRecordCount": self.counts.succeeded,
            "errorRecordCount": self.counts.failed,
        });
        for member in [
            "jobName",
            "modelId",
            "roleArn",
            "clientRequestToken",
            "inputDataConfig",
            "outputDataConfig",
            "timeoutDurationInHours",
            "modelInvocationType",
        ] {
            if let Some(value) = self.request.get(member) {
                answer[member] = value.clone();
            }
        }
        if let Some(message) = &self.message {
            answer["message"] = json!(message);
        }
        if self.is_over() {
            answer["endTime"] = json!(timestamp(self.changed));
        }
        answer
    }
}

/// `POST /model-invocation-job`
pub async fn create(
    State(endpoint): State<Endpoint>,
    Extension(Region(region)): Extension<Region>,
    body: Bytes,
) -> Result<Json<Value>, ApiError> {
    let request: Value = serde_json::from_slice(&body)
        .map_err(|_| ApiError::serialization("The request body could not be read as JSON"))?;
    let model = check(&endpoint, &request, &region)?;
    let now = SystemTime::now();
    let (id, arn) = endpoint.jobs.with(|jobs| {
        let id = format!("sim{:09}", jobs.len() + 1);
        let arn = format!("arn:aws:bedrock:{region}:{ACCOUNT}:model-invocation-job/{id}");
        let job = Job {
            request,
            arn: arn.clone(),
            status: "Submitted",
            message: None,
            submitted: now,
            changed: now,
            counts: Counts::default(),
        };
        jobs.insert(id.clone(), job);
        (id, arn)
    });
    tokio::spawn(run(endpoint, id, model));
    Ok(Json(json!({ "jobArn": arn })))
}

fn check(
    endpoint: &Endpoint,
    request: &Value,
    region: &str,
) -> Result<&'static ModelFacts, ApiError> {
    let text = |pointer: &str| {
        request
            .pointer(pointer)
            .and_then(Value::as_str)
            .unwrap_or_default()
    };
    let refused = |value: &str, member: &str| {
        ApiError::validation(format!(
            "1 validation error detected: Value '{value}' at '{member}' failed to satisfy constraint"
        ))
    };
    for (member, pattern) in [("roleArn", &ROLE), ("jobName", &NAME)] {
        let value = text(&format!("/{member}"));
        if !LazyLock::force(pattern)
            .as_ref()
            .is_some_and(|pattern| pattern.is_match(value))
        {
            return Err(refused(value, member));
        }
    }
    for pointer in [INPUT, OUTPUT] {
        let uri = text(pointer);
        if place(uri).is_none() {
            return Err(refused(uri, pointer.trim_start_matches('/')));
        }
    }
    if text("/modelInvocationType") != "Converse" {
        return Err(ApiError::validation(
            "The embedded endpoint plays batch jobs of the modelInvocationType Converse only.",
        ));
    }
    endpoint.invoked(text("/modelId"), region)
}

const INPUT: &str = "/inputDataConfig/s3InputDataConfig/s3Uri";
const OUTPUT: &str = "/outputDataConfig/s3OutputDataConfig/s3Uri";

/// Bucket and key of an address.
fn place(uri: &str) -> Option<(&str, &str)> {
    let (bucket, key) = uri.strip_prefix("s3://")?.split_once('/')?;
    (!bucket.is_empty()).then_some((bucket, key))
}

/// `GET /model-invocation-job/{jobIdentifier}`
pub async fn get(
    State(endpoint): State<Endpoint>,
    Path(id): Path<String>,
) -> Result<Json<Value>, ApiError> {
    let job = endpoint.jobs.find(&id)?;
    Ok(Json(job.describe()))
}

/// `GET /model-invocation-jobs`
pub async fn list(
    State(endpoint): State<Endpoint>,
    Query(filters): Query<HashMap<String, String>>,
) -> Json<Value> {
    let status = filters.get("statusEquals");
    let name = filters.get("nameContains");
    let summaries: Vec<Value> = endpoint.jobs.with(|jobs| {
        jobs.values()
            .rev()
            .map(Job::describe)
            .filter(|job| status.is_none_or(|status| job["status"] == **status))
            .filter(|job| {
                let own = job["jobName"].as_str().unwrap_or_default();
                name.is_none_or(|name| own.contains(name.as_str()))
            })
            .collect()
    });
    Json(json!({ "invocationJobSummaries": summaries }))
}

/// `POST /model-invocation-job/{jobIdentifier}/stop`
pub async fn stop(
    State(endpoint): State<Endpoint>,
    Path(id): Path<String>,
) -> Result<Json<Value>, ApiError> {
    if endpoint.jobs.find(&id)?.is_over() {
        return Err(ApiError::new(
            axum::http::StatusCode::BAD_REQUEST,
            "ConflictException",
            "The job cannot be stopped in its current state.",
        ));
    }
    endpoint.jobs.set(bare(&id), "Stopping", None);
    Ok(Json(json!({})))
}

/// The id alone, of an id or an ARN.
fn bare(id: &str) -> &str {
    id.rsplit('/').next().unwrap_or(id)
}

/// Brings a job from one state to the next, to its end.
async fn run(endpoint: Endpoint, id: String, model: &'static ModelFacts) {
    for status in ["Validating", "Scheduled", "InProgress"] {
        tokio::time::sleep(endpoint.pace.tokens(STATE_TOKENS)).await;
        if endpoint.jobs.is_stopping(&id) {
            return endpoint.jobs.set(&id, "Stopped", None);
        }
        endpoint.jobs.set(&id, status, None);
        if status == "Validating"
            && let Err(message) = validate(&endpoint, &id).await
        {
            return endpoint.jobs.set(&id, "Failed", Some(message));
        }
    }
    let ended = match answer_all(&endpoint, &id, model).await {
        Ok(ended) => ended,
        Err(error) => return endpoint.jobs.set(&id, "Failed", Some(error.to_string())),
    };
    endpoint.jobs.set(&id, ended, None);
}

/// The input, and how many records it has.
async fn validate(endpoint: &Endpoint, id: &str) -> Result<(), String> {
    let input = input(endpoint, id).ok_or("The input could not be read from S3.")?;
    let file = input.open().await.map_err(|error| error.to_string())?;
    let mut lines = BufReader::new(file).lines();
    let mut total = 0;
    while let Some(line) = lines.next_line().await.map_err(|error| error.to_string())? {
        let record: Option<Value> = serde_json::from_str(&line).ok();
        if !record.is_some_and(|record| record["modelInput"].is_object()) {
            return Err(format!(
                "Record {} is no object with a modelInput.",
                total + 1
            ));
        }
        total += 1;
    }
    if total < FEWEST_RECORDS {
        return Err(format!(
            "Batch job {} contains less records ({total}) than the required minimum of: {FEWEST_RECORDS}",
            endpoint.jobs.arn(id)
        ));
    }
    endpoint.jobs.count(
        id,
        Counts {
            total,
            ..Counts::default()
        },
    );
    Ok(())
}

fn input(endpoint: &Endpoint, id: &str) -> Option<Object> {
    let uri = endpoint.jobs.text(id, INPUT)?;
    let (bucket, key) = place(&uri)?;
    endpoint.objects.get(bucket, key)
}

/// Answers record by record; gives the state it ends in.
async fn answer_all(
    endpoint: &Endpoint,
    id: &str,
    model: &'static ModelFacts,
) -> io::Result<&'static str> {
    let gone = || io::Error::new(io::ErrorKind::NotFound, "The input is gone.");
    let input_uri = endpoint.jobs.text(id, INPUT).ok_or_else(gone)?;
    let output_uri = endpoint.jobs.text(id, OUTPUT).ok_or_else(gone)?;
    let (bucket, prefix) = place(&output_uri).ok_or_else(gone)?;
    let name = input_uri.rsplit('/').next().unwrap_or_default();
    let folder = format!("{}/{id}", prefix.trim_end_matches('/'));
    let folder = folder.trim_start_matches('/');
    let input = input(endpoint, id).ok_or_else(gone)?;
    let mut lines = BufReader::new(input.open().await?).lines();
    let mut output = endpoint.objects.writer()?;
    let mut counts = endpoint.jobs.counts(id);
    let mut ended = None;
    while let Some(line) = lines.next_line().await? {
        if endpoint.jobs.is_stopping(id) {
            ended = Some("Stopped");
            break;
        }
        let record = answer(endpoint, model, line, &mut counts).await;
        let mut bytes = serde_json::to_vec(&record).map_err(io::Error::other)?;
        bytes.push(b'\n');
        output.write(&bytes).await?;
        endpoint.jobs.count(id, counts);
    }
    let output = output.finish().await?;
    endpoint
        .objects
        .put(bucket, &format!("{folder}/{name}.out"), output);
    let manifest = json!({
        "totalRecordCount": counts.total,
        "processedRecordCount": counts.succeeded + counts.failed,
        "successRecordCount": counts.succeeded,
        "errorRecordCount": counts.failed,
        "inputTokenCount": counts.input_tokens,
        "outputTokenCount": counts.output_tokens,
    });
    let mut writer = endpoint.objects.writer()?;
    writer.write(manifest.to_string().as_bytes()).await?;
    let manifest = writer.finish().await?;
    endpoint
        .objects
        .put(bucket, &format!("{folder}/manifest.json.out"), manifest);
    Ok(ended.unwrap_or(match counts {
        Counts { succeeded: 0, .. } => "Failed",
        Counts { failed: 0, .. } => "Completed",
        _ => "PartiallyCompleted",
    }))
}

/// One record with its answer, or why there is none.
async fn answer(
    endpoint: &Endpoint,
    model: &'static ModelFacts,
    line: String,
    counts: &mut Counts,
) -> Value {
    let mut record: Value = serde_json::from_str(&line).unwrap_or_default();
    let answered = if let Err(refused) = endpoint.faults.admit(Pace::Instant, model.id).await {
        Err(refused)
    } else {
        let (body, seed) = (record["modelInput"].clone(), endpoint.seed);
        let work = move || converse::answer_record(&body, model, seed);
        tokio::task::spawn_blocking(work)
            .await
            .unwrap_or_else(|_| Err(ApiError::internal()))
    };
    match answered {
        Ok(answer) => {
            let tokens = |member: &str| answer["usage"][member].as_u64().unwrap_or(0);
            counts.succeeded += 1;
            counts.input_tokens += tokens("inputTokens");
            counts.output_tokens += tokens("outputTokens");
            record["modelOutput"] = answer;
        }
        Err(refused) => {
            counts.failed += 1;
            record["error"] = json!({
                "errorCode": refused.status.as_u16(),
                "errorMessage": refused.message,
            });
        }
    }
    record
}

impl Jobs {
    fn find(&self, id: &str) -> Result<Job, ApiError> {
        self.with(|jobs| jobs.get(bare(id)).cloned())
            .ok_or_else(|| ApiError::not_found(format!("Could not find the job: {id}")))
    }

    fn set(&self, id: &str, status: &'static str, message: Option<String>) {
        self.with(|jobs| {
            if let Some(job) = jobs.get_mut(id) {
                job.status = status;
                job.message = message;
                job.changed = SystemTime::now();
            }
        });
    }

    fn count(&self, id: &str, counts: Counts) {
        self.with(|jobs| {
            if let Some(job) = jobs.get_mut(id) {
                job.counts = counts;
            }
        });
    }

    fn counts(&self, id: &str) -> Counts {
        self.with(|jobs| jobs.get(id).map(|job| job.counts).unwrap_or_default())
    }

    fn arn(&self, id: &str) -> String {
        self.with(|jobs| jobs.get(id).map(|job| job.arn.clone()).unwrap_or_default())
    }

    fn text(&self, id: &str, pointer: &str) -> Option<String> {
        self.with(|jobs| {
            let value = jobs.get(id)?.request.pointer(pointer)?;
            value.as_str().map(str::to_owned)
        })
    }

    fn is_stopping(&self, id: &str) -> bool {
        self.with(|jobs| jobs.get(id).is_some_and(|job| job.status == "Stopping"))
    }

    fn with<T>(&self, act: impl FnOnce(&mut BTreeMap<String, Job>) -> T) -> T {
        // Whoever panicked while holding it left whole values behind: each is put in at once.
        act(&mut self.0.lock().unwrap_or_else(PoisonError::into_inner))
    }
}
