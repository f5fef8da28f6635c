//! What the window says when the service refuses: its words, its code, and what to do.

use axum::Router;
use axum::http::StatusCode;
use axum::response::{IntoResponse as _, Response};
use axum::routing::{get, post};
use bedrock_playground::tasks::SessionOptions;
use egui::{Key, Modifiers};
use egui_kittest::kittest::Queryable as _;

use crate::support::session::service_at;
use crate::support::window::{click, shows, wait_for, window};

/// One model and no profiles, in the service's form.
const MODELS: &str = r#"{"modelSummaries":[{"modelArn":"arn:aws:bedrock:us-east-1::foundation-model/amazon.nova-lite-v1:0",
    "modelId":"amazon.nova-lite-v1:0","modelName":"Nova Lite","providerName":"Amazon","inputModalities":["TEXT","IMAGE"],
    "outputModalities":["TEXT"],"responseStreamingSupported":true,"inferenceTypesSupported":["ON_DEMAND"],
    "modelLifecycle":{"status":"ACTIVE"}}]}"#;

/// A service that lists a model and refuses to run it. Dropping the runtime ends it.
struct Refusing {
    url: String,
    _runtime: tokio::runtime::Runtime,
}

impl Refusing {
    fn with(status: StatusCode, kind: &'static str, body: &'static str) -> Self {
        let json = [("content-type", "application/json")];
        let refusal = move || async move {
            let headers = [
                ("content-type", "application/json"),
                ("x-amzn-errortype", kind),
                ("x-amzn-requestid", "r-1"),
            ];
            Response::into_response((status, headers, body).into_response())
        };
        let router = Router::new()
            .route(
                "/foundation-models",
                get(move || async move { (json, MODELS) }),
            )
            .route(
                "/inference-profiles",
                get(move || async move { (json, r#"{"inferenceProfileSummaries":[]}"#) }),
            )
            .route("/model/{id}/{operation}", post(refusal));
        Self::serve(router)
    }

    fn serve(router: Router) -> Self {
        let runtime = tokio::runtime::Runtime::new().expect("threads");
        let listener = runtime
            .block_on(tokio::net::TcpListener::bind("127.0.0.1:0"))
            .expect("a free port");
        let url = format!("http://{}", listener.local_addr().expect("an address"));
        runtime.spawn(async move { axum::serve(listener, router).await });
        Self {
            url,
            _runtime: runtime,
        }
    }

    fn session(&self) -> SessionOptions {
        service_at(&self.url)
    }
}

fn asked(service: &Refusing) -> egui_kittest::Harness<'static, bedrock_playground::ui::App> {
    let mut harness = window(service.session());
    wait_for(&mut harness, "Model: Nova Lite");
    harness.get_by_label("Prompt").focus();
    harness.step();
    harness.get_by_label("Prompt").type_text("Why?");
    harness.step();
    harness.key_press_modifiers(Modifiers::COMMAND, Key::Enter);
    harness
}

/// Words as recorded for a user without the permission.
#[test]
fn access_denied_names_the_action_and_the_way_out() {
    let service = Refusing::with(
        StatusCode::FORBIDDEN,
        "AccessDeniedException",
        r#"{"Message":"User: arn:aws:iam::123456789012:user/example is not authorized to perform: bedrock:InvokeModel on resource: arn:aws:bedrock:us-east-1::foundation-model/amazon.nova-lite-v1:0 because no identity-based policy allows the bedrock:InvokeModel action"}"#,
    );
    let mut harness = asked(&service);
    wait_for(&mut harness, "AccessDeniedException (HTTP 403)");
    assert!(
        shows(
            &harness,
            "is not authorized to perform: bedrock:InvokeModel"
        ),
        "the service's own words"
    );
    assert!(shows(&harness, "Request id r-1"));
    assert!(
        !shows(&harness, "Demo: simulated answers"),
        "this is no demo"
    );
    click(&mut harness, "Choose another model…");
    wait_for(&mut harness, "Select model");
}

#[test]
fn throttling_is_named_and_can_be_tried_again() {
    let service = Refusing::with(
        StatusCode::TOO_MANY_REQUESTS,
        "ThrottlingException",
        r#"{"message":"Too many requests, please wait before trying again."}"#,
    );
    let mut harness = asked(&service);
    wait_for(&mut harness, "ThrottlingException (HTTP 429)");
    assert!(shows(&harness, "Too many requests, please wait"));
    wait_for(&mut harness, "Ask again");
}

/// Words as recorded for a model that only runs through a profile.
#[test]
fn a_model_that_needs_a_profile_is_asked_through_it_with_one_click() {
    let service = Refusing::with(
        StatusCode::BAD_REQUEST,
        "ValidationException",
        "{\"message\":\"Invocation of model ID amazon.nova-lite-v1:0 with on-demand throughput isn\u{2019}t supported. Retry your request with the ID or ARN of an inference profile that contains this model.\"}",
    );
    let mut harness = asked(&service);
    wait_for(&mut harness, "ValidationException (HTTP 400)");
    click(&mut harness, "Ask us.amazon.nova-lite-v1:0");
    wait_for(&mut harness, "US profile");
}

#[test]
fn what_the_account_has_of_its_own_can_be_chosen() {
    let json = [("content-type", "application/json")];
    let provisioned = r#"{"provisionedModelSummaries":[{"provisionedModelName":"nightly","provisionedModelArn":"arn:aws:bedrock:us-east-1:123456789012:provisioned-model/abc123","modelArn":"arn:aws:bedrock:us-east-1::foundation-model/amazon.nova-lite-v1:0","desiredModelArn":"arn:aws:bedrock:us-east-1::foundation-model/amazon.nova-lite-v1:0","foundationModelArn":"arn:aws:bedrock:us-east-1::foundation-model/amazon.nova-lite-v1:0","modelUnits":1,"desiredModelUnits":1,"status":"InService","creationTime":"2026-03-02T09:29:53Z","lastModifiedTime":"2026-03-02T09:29:53Z"}]}"#;
    let router = Router::new()
        .route(
            "/foundation-models",
            get(move || async move { (json, MODELS) }),
        )
        .route(
            "/inference-profiles",
            get(move || async move { (json, r#"{"inferenceProfileSummaries":[]}"#) }),
        )
        .route(
            "/provisioned-model-throughputs",
            get(move || async move { (json, provisioned) }),
        );
    let service = Refusing::serve(router);
    let mut harness = window(service.session());
    wait_for(&mut harness, "Model: Nova Lite");
    click(&mut harness, "Model: Nova Lite");
    wait_for(&mut harness, "Your account");
    click(&mut harness, "Your account");
    click(&mut harness, "nightly Provisioned throughput");
    click(&mut harness, "Apply");
    wait_for(&mut harness, "provisioned-model/abc123");
}
