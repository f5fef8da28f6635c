//! Which path is which operation, and what every request and answer has in common.

use axum::Router;
use axum::extract::{DefaultBodyLimit, Request, State};
use axum::http::{HeaderName, HeaderValue, Method, StatusCode, header};
use axum::middleware::{self, Next};
use axum::response::{IntoResponse as _, Response};
use axum::routing::{get, post};
use uuid::Uuid;

use super::api_error::ApiError;
use super::application_profiles::ApplicationProfiles;
use super::faults::FaultSource;
use super::pace::Pace;
use super::prompt_cache::PromptCache;
use super::upstream::Upstream;
use super::{
    LOCAL_HEADER, SIMULATED_HEADER, application_profiles, async_invoke, auth, batch, control_plane,
    converse, guardrails, invoke, model_ref, s3, upstream,
};
use crate::catalog::ModelFacts;

/// The largest body that is read, in bytes: what Bedrock takes inline.
const BODY_LIMIT: usize = 25 * 1024 * 1024;

/// What every operation may look at.
#[derive(Clone, Debug)]
pub struct Endpoint {
    pub pace: Pace,
    pub seed: u64,
    pub faults: FaultSource,
    pub guardrails: guardrails::Store,
    pub application_profiles: ApplicationProfiles,
    pub prompt_cache: PromptCache,
    pub invocations: async_invoke::Invocations,
    pub jobs: batch::Jobs,
    pub objects: s3::Objects,
    pub deltas: Option<usize>,
}

impl Endpoint {
    /// The model that answers for an id, a profile's id or an ARN.
    pub fn invoked(&self, id: &str, region: &str) -> Result<&'static ModelFacts, ApiError> {
        let source = self.application_profiles.source(id);
        model_ref::invoked(source.as_deref().unwrap_or(id), region)
    }
}

/// The region a request is for.
#[derive(Clone, Debug)]
pub struct Region(pub String);

/// All operations.
pub fn router(endpoint: Endpoint, default_region: String, upstream: Option<&Upstream>) -> Router {
    let objects = endpoint.objects.clone();
    let faults = endpoint.faults.clone();
    let models = match upstream {
        Some(upstream) => upstream::routes(upstream, endpoint.faults.clone()),
        None => simulated_models(),
    };
    Router::new()
        .merge(models)
        .route(
            "/guardrails",
            get(guardrails::list).post(guardrails::create),
        )
        .route(
            "/guardrails/{id}",
            get(guardrails::get)
                .put(guardrails::update)
                .post(guardrails::create_version)
                .delete(guardrails::delete),
        )
        .route(
            "/guardrail/{id}/version/{version}/apply",
            post(guardrails::apply),
        )
        .route(
            "/async-invoke",
            get(async_invoke::list).post(async_invoke::start),
        )
        .route("/async-invoke/{arn}", get(async_invoke::get))
        .route("/model-invocation-job", post(batch::create))
        .route("/model-invocation-job/{id}", get(batch::get))
        .route("/model-invocation-job/{id}/stop", post(batch::stop))
        .route("/model-invocation-jobs", get(batch::list))
        .fallback(unknown_operation)
        .method_not_allowed_fallback(unknown_operation)
        .layer(middleware::from_fn_with_state(faults, admit_list))
        .layer(middleware::from_fn_with_state(default_region, authorize))
        .layer(middleware::from_fn(common))
        .layer(DefaultBodyLimit::max(BODY_LIMIT))
        .layer(middleware::from_fn_with_state(objects, s3::divert))
        .with_state(endpoint)
}

/// Models and invocations, worked out here.
fn simulated_models() -> Router<Endpoint> {
    Router::new()
        .route(
            "/foundation-models",
            get(control_plane::list_foundation_models),
        )
        .route(
            "/foundation-models/{id}",
            get(control_plane::get_foundation_model),
        )
        .route(
            "/foundation-model-availability/{id}",
            get(control_plane::get_foundation_model_availability),
        )
        .route(
            "/inference-profiles",
            get(control_plane::list_inference_profiles).post(application_profiles::create),
        )
        .route(
            "/inference-profiles/{id}",
            get(control_plane::get_inference_profile).delete(application_profiles::delete),
        )
        .route("/model/{id}/converse", post(converse::converse))
        .route(
            "/model/{id}/converse-stream",
            post(converse::converse_stream),
        )
        .route("/model/{id}/invoke", post(invoke::invoke))
        .route(
            "/model/{id}/invoke-with-response-stream",
            post(invoke::invoke_with_response_stream),
        )
        .route("/model/{id}/count-tokens", post(invoke::count_tokens))
}

/// What gives a list, by its path.
const LISTS: [&str; 5] = [
    "/foundation-models",
    "/inference-profiles",
    "/guardrails",
    "/async-invoke",
    "/model-invocation-jobs",
];

/// Lists meet the faults that are for them; invocations do where they are carried out.
async fn admit_list(
    State(faults): State<FaultSource>,
    request: Request,
    next: Next,
) -> Result<Response, ApiError> {
    if request.method() == Method::GET && LISTS.contains(&request.uri().path()) {
        faults.admit_list().await?;
    }
    Ok(next.run(request).await)
}

/// Seen from a region without Bedrock: XML, whatever was asked for.
async fn unknown_operation() -> Response {
    let mut response = ApiError::unknown_operation().into_response();
    response.headers_mut().insert(
        header::CONTENT_TYPE,
        HeaderValue::from_static("application/xml"),
    );
    *response.body_mut() = "<UnknownOperationException/>".into();
    response
}

async fn authorize(
    State(default_region): State<String>,
    mut request: Request,
    next: Next,
) -> Result<Response, ApiError> {
    let caller = auth::caller(request.headers(), request.uri())?;
    media_type(&request)?;
    request
        .extensions_mut()
        .insert(Region(caller.region.unwrap_or(default_region)));
    Ok(next.run(request).await)
}

/// Only native bodies may be of another type than JSON; no type at all is taken for JSON.
fn media_type(request: &Request) -> Result<(), ApiError> {
    let path = request.uri().path();
    let native = path.ends_with("/invoke") || path.ends_with("/invoke-with-response-stream");
    let json = request
        .headers()
        .get(header::CONTENT_TYPE)
        .is_none_or(|kind| {
            kind.to_str()
                .is_ok_and(|kind| kind.starts_with("application/json"))
        });
    if native || json || request.method() != Method::POST {
        return Ok(());
    }
    Err(ApiError::new(
        StatusCode::UNSUPPORTED_MEDIA_TYPE,
        "UnsupportedMediaTypeException",
        "The content type of this operation is application/json",
    ))
}

/// Gives each answer its id and says when it is simulated; puts the extractors' own refusals into
/// the service's form.
async fn common(request: Request, next: Next) -> Response {
    let mut response = next.run(request).await;
    if !response.headers().contains_key("x-amzn-errortype") {
        let status = response.status();
        if status == StatusCode::PAYLOAD_TOO_LARGE {
            response = ApiError::validation(format!(
                "The request body is larger than {BODY_LIMIT} bytes"
            ))
            .into_response();
        } else if status.is_client_error() {
            response = ApiError::serialization("The request could not be read").into_response();
        }
    }
    let id = Uuid::new_v4().to_string();
    let headers = response.headers_mut();
    if let Ok(id) = HeaderValue::from_str(&id) {
        headers.insert(HeaderName::from_static("x-amzn-requestid"), id);
    }
    if !headers.contains_key(LOCAL_HEADER) {
        headers.insert(
            HeaderName::from_static(SIMULATED_HEADER),
            HeaderValue::from_static("true"),
        );
    }
    response
}
