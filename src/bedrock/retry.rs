//! Which failed attempts may be made again without asking.

use aws_smithy_runtime_api::client::interceptors::context::InterceptorContext;
use aws_smithy_runtime_api::client::retries::classifiers::{
    ClassifyRetry, RetryAction, RetryClassifierPriority,
};

use super::error::never_sent;

/// Forbids to repeat a call that may already have been done and billed: one that was sent and not
/// answered, answered with a 5xx or a model's own failure, or whose answer could not be read.
///
/// It says nothing about throttling and about connections that were never made: the SDK's own
/// classifiers retry those. Without it the SDK would repeat every time-out, 500 and 503.
#[derive(Debug)]
pub(super) struct NeverBilledTwice;

impl ClassifyRetry for NeverBilledTwice {
    fn classify_retry(&self, context: &InterceptorContext) -> RetryAction {
        let Some(Err(error)) = context.output_or_error() else {
            return RetryAction::NoActionIndicated;
        };
        let may_be_billed = if let Some(connector) = error.as_connector_error() {
            !never_sent(connector)
        } else if error.is_timeout_error() || error.is_response_error() {
            true
        } else {
            context.response().is_some_and(|response| {
                let status = response.status().as_u16();
                matches!(status, 200..=299 | 408 | 424 | 500..)
            })
        };
        if may_be_billed {
            RetryAction::RetryForbidden
        } else {
            RetryAction::NoActionIndicated
        }
    }

    fn name(&self) -> &'static str {
        "Never billed twice"
    }

    fn priority(&self) -> RetryClassifierPriority {
        RetryClassifierPriority::run_after(RetryClassifierPriority::transient_error_classifier())
    }
}
