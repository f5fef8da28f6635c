//! `CountTokens`: what a request would be billed for, before it is sent. It costs nothing.

use aws_sdk_bedrockruntime::types as sdk;

use super::Connection;
use super::convert::request::Parts;
use super::error::Error;
use crate::chat::Request;

impl Connection {
    /// Counts the input tokens of a request. Only some models can; the others answer with a
    /// [`Validation`](super::ErrorKind::Validation) error. Profiles cannot be asked: the foundation
    /// model behind the request's id is.
    ///
    /// # Errors
    /// When the model does not count, or as for every call.
    pub async fn count_tokens(&self, request: &Request) -> Result<u64, Error> {
        let call = self.call("CountTokens", Some(&request.model_id));
        let parts = Parts::of(request)?;
        let input = sdk::ConverseTokensRequest::builder()
            .set_messages(Some(parts.messages))
            .set_system(parts.system)
            .set_tool_config(parts.tools)
            .set_additional_model_request_fields(parts.additional_fields)
            .build();
        let sending = self
            .runtime()
            .count_tokens()
            .model_id(request.model_id.foundation_model_id())
            .input(sdk::CountTokensInput::Converse(input))
            .send();
        let answer = self.patience().short(&call, sending).await?;
        Ok(u64::try_from(answer.input_tokens).unwrap_or_default())
    }
}
