//! Every way in which the service says no, and what it is taken for.

use bedrock_playground::bedrock::{Denial, Error, ErrorKind};
use bedrock_playground::chat::{ContentBlock, Failure, Message, Request, StreamEvent};

use crate::support::outcome::steps;
use crate::support::recording::Recording;
use crate::support::replay::{ReplayServer, Reply};

async fn fails(reply: Reply) -> Error {
    fails_with("us.amazon.nova-lite-v1:0", reply).await
}

async fn fails_with(model_id: &str, reply: Reply) -> Error {
    let server = ReplayServer::start([reply]).await;
    let request = Request {
        stream: false,
        ..Request::new(
            model_id.into(),
            vec![Message::user(vec![ContentBlock::Text("Hello".into())])],
        )
    };
    let (events, error) = steps(server.connect().await.invoke(request)).await;
    assert!(
        events
            .iter()
            .all(|event| matches!(event, StreamEvent::Retrying(_))),
        "{events:?}"
    );
    error.expect("a failure")
}

fn iam(action: &str, resource: &str) -> ErrorKind {
    ErrorKind::AccessDenied(Denial::Iam {
        action: Some(action.into()),
        resource: Some(resource.into()),
    })
}

/// A recording, what it is, and a word of the advice.
type Case = (&'static str, ErrorKind, &'static str);

#[rustfmt::skip]
fn cases() -> Vec<Case> {
    vec![
        ("Converse__claude-3-5-sonnet__error-404-ResourceNotFoundException-model-end-of-life.json",
            ErrorKind::ModelEndOfLife, "newer model"),
        ("Converse__claude-3-sonnet__error-403-ExpiredTokenException-expired-token.json",
            ErrorKind::ExpiredToken, "aws sso login"),
        ("Converse__error-403-bearer-api-key-invalid.json",
            ErrorKind::AccessDenied(Denial::ApiKey), "API key"),
        ("InvokeModel__error-403-bearer-api-key-bad-format.json",
            ErrorKind::AccessDenied(Denial::ApiKey), "API key"),
        ("Converse__error-403-marketplace-subscription-denied.json",
            ErrorKind::AccessDenied(Denial::Marketplace), "aws-marketplace:Subscribe"),
        ("Converse__error-404-ResourceNotFoundException-use-case-form.json",
            ErrorKind::AccessDenied(Denial::UseCaseForm), "form"),
        ("Converse__error-429-ThrottlingException-too-many-requests.json",
            ErrorKind::Throttled, "Wait"),
        ("Converse__us.claude-haiku-4-5__error-403-AccessDeniedException-iam-capital-Message.json",
            iam(
                "bedrock:InvokeModel",
                "arn:aws:bedrock:us-east-1:123456789012:inference-profile/us.anthropic.claude-haiku-4-5-20251001-v1:0",
            ), "bedrock:InvokeModel on arn:aws:bedrock:us-east-1:123456789012:inference-profile"),
        ("ConverseStream__global.claude-sonnet-4__error-403-explicit-deny-capital-Message.json",
            iam(
                "bedrock:InvokeModelWithResponseStream",
                "arn:aws:bedrock:::foundation-model/anthropic.claude-sonnet-4-20250514-v1:0",
            ), "bedrock:InvokeModelWithResponseStream"),
        // 17:20:19 there, 17:14:19 here: 360 s.
        ("Converse__us.claude-opus-4-1__error-403-InvalidSignatureException-clock-skew-signature-expired.json",
            ErrorKind::ClockSkew { behind_seconds: Some(360) }, "6 minutes behind"),
        ("Converse__us.claude-sonnet-4-5__error-400-input-too-long.json",
            ErrorKind::ContextTooLong, "Shorten"),
        ("Converse__us.nova-2-lite__error-400-ValidationException-context-window-exceeded.json",
            ErrorKind::ContextTooLong, "Shorten"),
        ("InvokeModel__claude-3-5-haiku__error-400-ValidationException-too-many-text-bytes.json",
            ErrorKind::ContextTooLong, "Shorten"),
        ("Converse__us.claude-sonnet-4-5__error-400-video-unsupported.json",
            ErrorKind::ContentUnsupported, "takes it"),
        ("Converse__us.claude-sonnet-4-5__error-500-unexpected-error-500.json",
            ErrorKind::Internal, "request id"),
        ("Converse__us.llama3-2-3b__error-400-ValidationException-tools-unsupported.json",
            ErrorKind::ToolsUnsupported, "Turn tools off"),
        ("Converse__us.nova-2-lite__error-403-UnrecognizedClientException-invalid-token.json",
            ErrorKind::InvalidCredentials, "access key"),
        ("ConverseStream__invalid-streaming-model-id__error-400-ValidationException-invalid-model-id.json",
            ErrorKind::ModelNotFound, "model id"),
        ("InvokeModel__claude-v2.0.100k__error-400-ValidationException-modelId-regex.json",
            ErrorKind::ModelNotFound, "model id"),
        ("InvokeModel__error-403-AccessDeniedException-account-not-authorized.json",
            ErrorKind::AccessDenied(Denial::Account), "AWS support"),
        ("InvokeModel__us.pixtral-large-2502__error-403-AccessDeniedException-no-model-access.json",
            ErrorKind::AccessDenied(Denial::ModelAccess), "Model access"),
        ("InvokeModel__us.claude-opus-4__error-503-ServiceUnavailableException-model-getting-throttled-503.json",
            ErrorKind::ServiceUnavailable, "Wait"),
        ("Converse__us.nova-pro__error-400-document-needs-text-block.json",
            ErrorKind::Validation, "Add some text"),
        ("Converse__http200-UnknownOperationException-body.json",
            ErrorKind::UnknownOperation, "us-east-1"),
    ]
}

#[tokio::test]
async fn recorded_failures_are_taken_for_what_they_are() {
    for (name, kind, advice) in cases() {
        let Some(recording) = Recording::named(name) else {
            return;
        };
        let error = fails(recording.reply()).await;
        assert_eq!(error.kind(), &kind, "{name}: {error:?}");
        assert_eq!(error.status(), Some(recording.status), "{name}");
        assert!(
            error.advice().contains(advice),
            "{name}: {}",
            error.advice()
        );
    }
}

/// The service puts its code into a header that proxies drop; its words are in the body all the same.
#[tokio::test]
async fn words_are_kept_when_the_header_is_lost() {
    let error = fails(Reply::json(400, r#"{"message":"The model isn’t here"}"#)).await;
    assert_eq!(error.message(), "The model isn’t here");
    assert_eq!(error.code(), "HTTP 400");
    assert_eq!(error.kind(), &ErrorKind::Validation);
    let error = fails(Reply::json(
        403,
        r#"{"Message":"User: x is not authorized to perform: bedrock:InvokeModel on resource: r"}"#,
    ))
    .await;
    assert_eq!(error.kind(), &iam("bedrock:InvokeModel", "r"));
    for (message, kind) in [
        (
            "The security token included in the request is expired",
            ErrorKind::ExpiredToken,
        ),
        (
            "The security token included in the request is invalid.",
            ErrorKind::InvalidCredentials,
        ),
        (
            "Signature expired: 20251102T171419Z is now earlier than 20251102T171519Z \
             (20251102T172019Z - 5 min.)",
            ErrorKind::ClockSkew {
                behind_seconds: Some(360),
            },
        ),
    ] {
        let body = serde_json::json!({"message": message}).to_string();
        assert_eq!(fails(Reply::json(403, body)).await.kind(), &kind);
    }
}

#[tokio::test]
async fn a_code_in_the_body_is_as_good_as_one_in_the_header() {
    let error = fails(Reply::json(
        400,
        r#"{"__type":"com.amazon.coral.service#ExpiredTokenException","message":"old"}"#,
    ))
    .await;
    assert_eq!(error.code(), "ExpiredTokenException");
    assert_eq!(error.kind(), &ErrorKind::ExpiredToken);
}

#[tokio::test]
async fn a_proxy_that_answers_in_html_is_quoted() {
    let mut reply = Reply::json(502, "<html><body>Bad gateway at example</body></html>");
    reply.headers[0].1 = "text/html".into();
    let error = fails(reply).await;
    assert_eq!(error.kind(), &ErrorKind::ServiceUnavailable);
    assert!(error.message().contains("Bad gateway at example"));
}

#[tokio::test]
async fn a_model_that_needs_a_profile_says_which_kind_to_choose() {
    let Some(recording) = Recording::named(
        "Converse__deepseek.r1__error-400-ValidationException-on-demand-unsupported.json",
    ) else {
        return;
    };
    let error = fails_with("deepseek.r1-v1:0", recording.reply()).await;
    // The only profile of this model that the model card names for us-east-1.
    let profile = Some("us.deepseek.r1-v1:0".into());
    assert_eq!(error.kind(), &ErrorKind::OnDemandUnsupported { profile });
    assert!(error.message().contains("isn’t supported"));
    assert!(error.advice().contains("us.deepseek.r1-v1:0"));
}

#[tokio::test]
async fn a_failure_carries_everything_across() {
    let reply = Reply::json(429, r#"{"message":"Too many tokens per day"}"#)
        .header("x-amzn-errortype", "ThrottlingException")
        .header("x-amzn-requestid", "r-9");
    let failure = Failure::from(fails(reply).await);
    assert_eq!(failure.code, "ThrottlingException");
    assert_eq!(failure.status, Some(429));
    assert_eq!(failure.message, "Too many tokens per day");
    assert_eq!(failure.request_id.as_deref(), Some("r-9"));
    assert!(!failure.advice.is_empty());
}

/// Bedrock is not everywhere: the control plane of another region answers in XML.
#[tokio::test]
async fn a_region_without_bedrock_says_so() {
    let Some(recording) =
        Recording::named("ListFoundationModels__error-404-UnknownOperationException-xml.json")
    else {
        return;
    };
    let server = ReplayServer::start([recording.reply()]).await;
    let error = server.connect().await.catalog().await.unwrap_err();
    assert_eq!(error.kind(), &ErrorKind::UnknownOperation);
    assert_eq!(error.code(), "UnknownOperationException");
    assert_eq!(error.operation(), "ListFoundationModels");
    assert!(error.advice().contains("us-east-1"));
}
