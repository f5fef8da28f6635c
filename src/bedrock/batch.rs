//! Batch jobs: `CreateModelInvocationJob`, `GetModelInvocationJob`, `ListModelInvocationJobs` and
//! `StopModelInvocationJob`.

use std::time::SystemTime;

use aws_sdk_bedrock::types as sdk;

use super::Connection;
use super::error::{self, Error};
use super::guardrails::time;
use super::objects::S3Place;
use super::observe::Observer;
use crate::catalog::ModelId;

/// A batch job to be made: records of Converse requests in, answers out.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BatchRequest {
    /// Its name: letters, digits, hyphens, dots.
    pub name: String,
    /// The model.
    pub model_id: ModelId,
    /// The role that the service takes to read and write.
    pub role_arn: String,
    /// JSON Lines.
    pub input: S3Place,
    /// The folder that answers go into.
    pub output: S3Place,
    /// Makes the same request twice one job.
    pub token: String,
}

/// A batch job as the service describes it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BatchJob {
    /// Its ARN.
    pub arn: String,
    /// Its name.
    pub name: Option<String>,
    /// The model.
    pub model_id: ModelId,
    /// The service's word for its state.
    pub status: String,
    /// What the service says of it, when it failed.
    pub message: Option<String>,
    /// When it was submitted.
    pub submitted: Option<SystemTime>,
    /// Records in all, once they were counted.
    pub records: Option<u64>,
    /// Records that have an answer.
    pub succeeded: Option<u64>,
    /// Records that failed.
    pub failed: Option<u64>,
}

/// A job that was just made.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CreatedBatch {
    /// Its ARN.
    pub arn: String,
    /// Whether the embedded endpoint made it, and nothing of it is real.
    pub simulated: bool,
}

impl Connection {
    /// Makes a batch job.
    ///
    /// # Errors
    /// As for every call.
    pub async fn create_batch(&self, request: &BatchRequest) -> Result<CreatedBatch, Error> {
        let call = self.control_call("CreateModelInvocationJob", Some(&request.model_id));
        let observer = Observer::default();
        let input = sdk::ModelInvocationJobS3InputDataConfig::builder()
            .s3_input_format(sdk::S3InputFormat::Jsonl)
            .s3_uri(request.input.uri())
            .build()?;
        let output = sdk::ModelInvocationJobS3OutputDataConfig::builder()
            .s3_uri(request.output.uri())
            .build()?;
        let created = self
            .control()
            .create_model_invocation_job()
            .job_name(&request.name)
            .model_id(request.model_id.as_str())
            .role_arn(&request.role_arn)
            .client_request_token(&request.token)
            .input_data_config(sdk::ModelInvocationJobInputDataConfig::S3InputDataConfig(
                input,
            ))
            .output_data_config(sdk::ModelInvocationJobOutputDataConfig::S3OutputDataConfig(
                output,
            ))
            .model_invocation_type(sdk::ModelInvocationType::Converse)
            .customize()
            .interceptor(observer.clone())
            .send()
            .await
            .map_err(|error| error::from_sdk(&error, &call))?;
        Ok(CreatedBatch {
            arn: created.job_arn,
            simulated: observer.head().simulated,
        })
    }

    /// How far a batch job is.
    ///
    /// # Errors
    /// As for every call.
    pub async fn batch(&self, arn: &str) -> Result<BatchJob, Error> {
        let call = self.control_call("GetModelInvocationJob", None);
        let job = self
            .control()
            .get_model_invocation_job()
            .job_identifier(arn)
            .send()
            .await
            .map_err(|error| error::from_sdk(&error, &call))?;
        Ok(BatchJob {
            arn: job.job_arn,
            name: job.job_name,
            model_id: job.model_id.into(),
            status: word(job.status.as_ref()),
            message: job.message,
            submitted: time(job.submit_time),
            records: count(job.total_record_count),
            succeeded: count(job.success_record_count),
            failed: count(job.error_record_count),
        })
    }

    /// All batch jobs of the account in this region.
    ///
    /// # Errors
    /// As for every call.
    pub async fn batches(&self) -> Result<Vec<BatchJob>, Error> {
        let call = self.control_call("ListModelInvocationJobs", None);
        let mut pages = self
            .control()
            .list_model_invocation_jobs()
            .into_paginator()
            .send();
        let mut jobs = Vec::new();
        while let Some(page) = pages.next().await {
            let page = page.map_err(|error| error::from_sdk(&error, &call))?;
            let summaries = page.invocation_job_summaries.unwrap_or_default();
            jobs.extend(summaries.into_iter().map(|job| BatchJob {
                arn: job.job_arn,
                name: Some(job.job_name),
                model_id: job.model_id.into(),
                status: word(job.status.as_ref()),
                message: job.message,
                submitted: time(job.submit_time),
                records: count(job.total_record_count),
                succeeded: count(job.success_record_count),
                failed: count(job.error_record_count),
            }));
        }
        Ok(jobs)
    }

    /// Stops a batch job; what was answered by then is billed.
    ///
    /// # Errors
    /// As for every call.
    pub async fn stop_batch(&self, arn: &str) -> Result<(), Error> {
        let call = self.control_call("StopModelInvocationJob", None);
        self.control()
            .stop_model_invocation_job()
            .job_identifier(arn)
            .send()
            .await
            .map_err(|error| error::from_sdk(&error, &call))?;
        Ok(())
    }
}

fn word(status: Option<&sdk::ModelInvocationJobStatus>) -> String {
    status.map_or_else(
        || "Submitted".to_owned(),
        |status| status.as_str().to_owned(),
    )
}

fn count(number: Option<i64>) -> Option<u64> {
    number.and_then(|number| u64::try_from(number).ok())
}
