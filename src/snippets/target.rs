//! Where a request goes.

use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};

use crate::catalog::ModelId;

/// A model's id is one segment of the path, whatever is in it.
const SEGMENT: &AsciiSet = &NON_ALPHANUMERIC
    .remove(b'-')
    .remove(b'_')
    .remove(b'.')
    .remove(b'~');

/// Where the request goes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Target {
    /// For instance `eu-central-1`.
    pub region: String,
    /// Where models are invoked, when it is not AWS's own address.
    pub endpoint_url: Option<String>,
}

impl Target {
    /// The address of one operation on a model, for instance `converse`.
    pub(super) fn address(&self, model: &ModelId, operation: &str) -> String {
        let model = utf8_percent_encode(model.as_str(), SEGMENT);
        format!("{}/model/{model}/{operation}", self.base())
    }

    /// Where work is begun that ends later.
    pub(super) fn asynchronous(&self) -> String {
        format!("{}/async-invoke", self.base())
    }

    fn base(&self) -> String {
        let base = self.endpoint_url.clone().unwrap_or_else(|| {
            let domain = if self.region.starts_with("eusc-") {
                "amazonaws.eu"
            } else if self.region.starts_with("cn-") {
                "amazonaws.com.cn"
            } else {
                "amazonaws.com"
            };
            format!("https://bedrock-runtime.{}.{domain}", self.region)
        });
        base.trim_end_matches('/').to_owned()
    }
}
