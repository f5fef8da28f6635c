//! One sentence about what to do, for each kind of failure.

use super::{Call, Denial, ErrorKind, NetworkFailure, clock};

pub(super) fn advice(kind: &ErrorKind, call: &Call, message: &str) -> String {
    match kind {
        ErrorKind::NoCredentials => no_credentials(call),
        ErrorKind::CredentialsFailed => credentials_failed(call, message),
        ErrorKind::ExpiredToken => expired(call),
        ErrorKind::InvalidCredentials => "Check the access key id, secret access key and session \
             token: they must belong together and to an active key"
            .into(),
        ErrorKind::ClockSkew { behind_seconds } => clock_skew(*behind_seconds),
        ErrorKind::AccessDenied(denial) => denied(denial, call),
        ErrorKind::OnDemandUnsupported { profile } => match profile {
            Some(profile) => format!("Choose the inference profile {profile}"),
            None => "Choose an inference profile that contains this model".into(),
        },
        ErrorKind::InvalidEndpoint => invalid_endpoint(message).into(),
        ErrorKind::Validation => validation(message),
        // What the embedded endpoint says of a server behind it.
        ErrorKind::ServiceUnavailable if message.starts_with("The local server at") => {
            "Start the server (with Ollama: `ollama serve`) and fetch the models again, or change the \
             connection"
                .into()
        }
        ErrorKind::Network(failure) => network(*failure).into(),
        _ => plain(kind, call),
    }
}

/// Advice that needs no more than the kind and the region.
fn plain(kind: &ErrorKind, call: &Call) -> String {
    let region = &call.region;
    match kind {
        ErrorKind::ModelNotFound => format!(
            "Check the model id, and that {region} offers the model: the model catalog lists what it has"
        ),
        ErrorKind::ModelEndOfLife => "Choose a newer model of the same provider".into(),
        ErrorKind::NotFound => format!("Check the id, and that it exists in {region}"),
        ErrorKind::ContextTooLong => {
            "Shorten the prompt, start a new conversation, or choose a model with a larger context \
             window"
                .into()
        }
        ErrorKind::TooManyImages => "Take out some images, or send them in several requests".into(),
        ErrorKind::ToolsUnsupported => "Turn tools off, or choose a model that takes tools".into(),
        ErrorKind::ContentUnsupported => {
            "Take that content out, or choose a model that takes it".into()
        }
        ErrorKind::Throttled => {
            "Wait a minute and try again, or choose a cross-Region inference profile, which has \
             more capacity"
                .into()
        }
        ErrorKind::Quota => {
            "Wait until the limit resets, or ask for more under Service Quotas, Amazon Bedrock"
                .into()
        }
        ErrorKind::ModelNotReady => "Wait a few minutes and try again".into(),
        ErrorKind::ModelTimeout => {
            "Ask for less at once: a shorter prompt or a lower maximum of tokens".into()
        }
        ErrorKind::ModelError => "Try again; if it stays, change the prompt or the model".into(),
        ErrorKind::ServiceUnavailable => {
            "Wait a little and try again, or choose a cross-Region inference profile".into()
        }
        ErrorKind::Internal => "Try again; if it stays, tell AWS support the request id".into(),
        ErrorKind::UnknownOperation => format!(
            "Check that Amazon Bedrock is offered in {region}, and that the endpoint is a Bedrock one"
        ),
        ErrorKind::Conflict => {
            "Choose another name if this one is taken, or wait until a change under way is done; then try \
             again"
                .into()
        }
        ErrorKind::StreamCut => {
            "What came is kept; it may have been billed. Try again if you need the rest".into()
        }
        _ => "Check that the endpoint really is Amazon Bedrock".into(),
    }
}

fn no_credentials(call: &Call) -> String {
    match &call.profile {
        Some(profile) => format!(
            "Check the profile {profile} in ~/.aws/config and ~/.aws/credentials, or choose another"
        ),
        None => {
            "Sign in with `aws configure sso` or `aws configure`, or set AWS_BEARER_TOKEN_BEDROCK \
             to an Amazon Bedrock API key"
                .into()
        }
    }
}

fn credentials_failed(call: &Call, message: &str) -> String {
    let profile = call.profile.as_deref().unwrap_or("default");
    if message.contains("MFA device") {
        "Get a session with `aws sts get-session-token --serial-number DEVICE --token-code CODE`, and \
         use the keys it prints"
            .into()
    } else if message.contains("`aws login`") {
        format!(
            "Add a profile with `credential_process = aws configure export-credentials --profile \
             {profile} --format process`, and choose that one"
        )
    } else if message.contains("names no sign-in") {
        format!("Add one with `aws configure sso --profile {profile}`, or choose another profile")
    } else if message.contains("in the browser") || message.contains("not confirmed in time") {
        "Begin the sign-in again, and allow it in the browser".into()
    } else {
        no_credentials(call)
    }
}

fn expired(call: &Call) -> String {
    match &call.profile {
        Some(profile) => {
            format!("Sign in again: `aws sso login --profile {profile}`, or renew the keys")
        }
        None => "Get new temporary credentials: `aws sso login`, or a new session token".into(),
    }
}

fn clock_skew(behind_seconds: Option<i64>) -> String {
    match behind_seconds {
        Some(seconds) => format!(
            "This computer's clock is {} {}: set it, or let it be set automatically",
            clock::in_words(seconds.unsigned_abs()),
            if seconds < 0 { "ahead" } else { "behind" },
        ),
        None => "Set this computer's clock, or let it be set automatically".into(),
    }
}

fn denied(denial: &Denial, call: &Call) -> String {
    match denial {
        Denial::Iam { action, resource } => {
            let action = action.as_deref().or_else(|| iam_action(call.operation));
            match (action, resource) {
                (Some(action), Some(resource)) => {
                    format!("Ask for a policy that allows {action} on {resource}")
                }
                (Some(action), None) => format!("Ask for a policy that allows {action}"),
                (None, _) => "Ask for a policy that allows this".into(),
            }
        }
        Denial::ServiceControlPolicy { action } => format!(
            "Your organisation does not allow {} here: ask its administrator, or use another region or model",
            action.as_deref().unwrap_or("this")
        ),
        Denial::Marketplace => "Ask for aws-marketplace:Subscribe and aws-marketplace:ViewSubscriptions, \
             or have an administrator invoke the model once"
            .into(),
        Denial::ModelAccess => format!(
            "Ask for access to the model in the Bedrock console, {}, Model access",
            call.region
        ),
        Denial::UseCaseForm => {
            "Fill in the provider's use case form in the Bedrock console's model catalog, then wait \
             15 minutes"
                .into()
        }
        Denial::Account => "Ask AWS support to enable Amazon Bedrock for the account".into(),
        Denial::ApiKey => "Check the API key: it may have expired, or been copied in part".into(),
        Denial::Other => match iam_action(call.operation) {
            Some(action) => format!("Check that your policies allow {action}"),
            None => "Check what your policies allow".into(),
        },
    }
}

/// The IAM action an operation needs, where the service did not name it.
fn iam_action(operation: &str) -> Option<&'static str> {
    Some(match operation {
        "Converse" | "InvokeModel" => "bedrock:InvokeModel",
        "ConverseStream" | "InvokeModelWithResponseStream" => {
            "bedrock:InvokeModelWithResponseStream"
        }
        "CountTokens" => "bedrock:CountTokens",
        "ApplyGuardrail" => "bedrock:ApplyGuardrail",
        "ListFoundationModels" => "bedrock:ListFoundationModels",
        "ListInferenceProfiles" => "bedrock:ListInferenceProfiles",
        "GetInferenceProfile" => "bedrock:GetInferenceProfile",
        "ListGuardrails" => "bedrock:ListGuardrails",
        "GetGuardrail" => "bedrock:GetGuardrail",
        "GetFoundationModelAvailability" => "bedrock:GetFoundationModelAvailability",
        "GetCallerIdentity" => "sts:GetCallerIdentity",
        _ => return None,
    })
}

fn invalid_endpoint(message: &str) -> &'static str {
    if message.contains("FIPS") || message.contains("Dualstack") {
        "Turn FIPS and dual stack off, or take the endpoint out"
    } else if message.contains("http") {
        "Use an https address; plain http is for this computer's own addresses only"
    } else {
        "Check the region's name, for instance us-east-1"
    }
}

fn validation(message: &str) -> String {
    if message.contains("document") && message.contains("text block") {
        "Add some text beside the documents".into()
    } else if message.contains("S3Location") || message.contains("s3Uri") {
        "Send the file itself instead of its place in S3".into()
    } else {
        "Change what the message names, then send again".into()
    }
}

fn network(failure: NetworkFailure) -> &'static str {
    match failure {
        NetworkFailure::ConnectionRefused => {
            "Check the endpoint's address and port, and that something listens there"
        }
        NetworkFailure::Dns => "Check the network connection, the region and the endpoint's name",
        NetworkFailure::Tls => {
            "Check the endpoint's certificate; behind a proxy that opens connections, add its \
             certificate to the system's"
        }
        NetworkFailure::ConnectTimedOut => "Check the network connection, VPN and proxy",
        NetworkFailure::TimedOut => {
            "The call may have been billed. Check the network connection, then try again"
        }
        NetworkFailure::ConnectionReset | NetworkFailure::Other => {
            "Check the network connection, VPN and proxy, then try again"
        }
    }
}
