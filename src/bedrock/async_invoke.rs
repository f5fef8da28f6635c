//! `StartAsyncInvoke`, `GetAsyncInvoke` and `ListAsyncInvokes`: work that takes minutes, such as videos;
//! the service puts its result into S3.

use std::time::SystemTime;

use aws_sdk_bedrockruntime::types as sdk;
use serde_json::Value;

use super::Connection;
use super::convert::document::to_document;
use super::error::Error;
use super::guardrails::time;
use super::observe::Observer;
use crate::catalog::ModelId;

/// Most invocations that are listed.
const LISTED: i32 = 50;

/// An asynchronous invocation as the service describes it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AsyncInvocation {
    /// Its ARN.
    pub arn: String,
    /// The ARN of its model.
    pub model_arn: String,
    /// The service's word for its state: `InProgress`, `Completed`, `Failed`.
    pub status: String,
    /// What the service says of it, when it failed.
    pub failure: Option<String>,
    /// The folder in S3 that its result is put into.
    pub output: Option<String>,
    /// When it was submitted.
    pub submitted: Option<SystemTime>,
    /// When it ended.
    pub ended: Option<SystemTime>,
}

impl AsyncInvocation {
    /// Whether it is not over yet.
    #[must_use]
    pub fn is_running(&self) -> bool {
        self.status == "InProgress"
    }

    /// Its id: the end of its ARN.
    #[must_use]
    pub fn id(&self) -> &str {
        self.arn.rsplit('/').next().unwrap_or(&self.arn)
    }

    /// Where the video is: the service makes a folder for each invocation.
    #[must_use]
    pub fn video_uri(&self) -> Option<String> {
        let folder = self.output.as_deref()?.trim_end_matches('/');
        if folder.ends_with(self.id()) {
            return Some(format!("{folder}/output.mp4"));
        }
        Some(format!("{folder}/{}/output.mp4", self.id()))
    }
}

/// An invocation that was just begun.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StartedInvocation {
    /// Its ARN.
    pub arn: String,
    /// Whether the embedded endpoint began it, and nothing of it is real.
    pub simulated: bool,
}

impl Connection {
    /// Begins an invocation whose result goes to a folder in S3.
    ///
    /// # Errors
    /// As for every call.
    pub async fn start_async_invoke(
        &self,
        model: &ModelId,
        input: &Value,
        folder: &str,
        token: &str,
    ) -> Result<StartedInvocation, Error> {
        let call = self.call("StartAsyncInvoke", Some(model));
        let observer = Observer::default();
        let place = sdk::AsyncInvokeS3OutputDataConfig::builder()
            .s3_uri(folder)
            .build()?;
        let sending = self
            .runtime()
            .start_async_invoke()
            .model_id(model.as_str())
            .model_input(to_document(input))
            .client_request_token(token)
            .output_data_config(sdk::AsyncInvokeOutputDataConfig::S3OutputDataConfig(place))
            .customize()
            .interceptor(observer.clone())
            .send();
        let started = self.patience().short(&call, sending).await?;
        Ok(StartedInvocation {
            arn: started.invocation_arn,
            simulated: observer.head().simulated,
        })
    }

    /// How an invocation goes.
    ///
    /// # Errors
    /// As for every call.
    pub async fn async_invocation(&self, arn: &str) -> Result<AsyncInvocation, Error> {
        let call = self.call("GetAsyncInvoke", None);
        let sending = self.runtime().get_async_invoke().invocation_arn(arn).send();
        let found = self.patience().short(&call, sending).await?;
        Ok(AsyncInvocation {
            arn: found.invocation_arn,
            model_arn: found.model_arn,
            status: found.status.as_str().to_owned(),
            failure: found.failure_message,
            output: folder(found.output_data_config.as_ref()),
            submitted: time(found.submit_time),
            ended: found.end_time.and_then(time),
        })
    }

    /// The account's invocations, the newest first.
    ///
    /// # Errors
    /// As for every call.
    pub async fn async_invocations(&self) -> Result<Vec<AsyncInvocation>, Error> {
        let call = self.call("ListAsyncInvokes", None);
        let sending = self
            .runtime()
            .list_async_invokes()
            .sort_by(sdk::SortAsyncInvocationBy::SubmissionTime)
            .sort_order(sdk::SortOrder::Descending)
            .max_results(LISTED)
            .send();
        let found = self.patience().short(&call, sending).await?;
        let summaries = found.async_invoke_summaries.unwrap_or_default();
        let mut listed: Vec<_> = summaries
            .into_iter()
            .map(|found| AsyncInvocation {
                arn: found.invocation_arn,
                model_arn: found.model_arn,
                status: found
                    .status
                    .map_or_else(String::new, |status| status.as_str().to_owned()),
                failure: found.failure_message,
                output: folder(found.output_data_config.as_ref()),
                submitted: time(found.submit_time),
                ended: found.end_time.and_then(time),
            })
            .collect();
        listed.sort_by(|a, b| b.submitted.cmp(&a.submitted).then(b.arn.cmp(&a.arn)));
        Ok(listed)
    }
}

fn folder(config: Option<&sdk::AsyncInvokeOutputDataConfig>) -> Option<String> {
    match config? {
        sdk::AsyncInvokeOutputDataConfig::S3OutputDataConfig(place) => Some(place.s3_uri.clone()),
        _ => None,
    }
}
