//! The AWS SDK as an independent client of the embedded endpoint.

use aws_credential_types::Credentials;
use aws_sdk_bedrockruntime::config::retry::RetryConfig;
use aws_sdk_bedrockruntime::config::{BehaviorVersion, Region};
use aws_smithy_runtime_api::client::http::SharedHttpClient;
use aws_types::SdkConfig;
use aws_types::sdk_config::SharedCredentialsProvider;

/// Asks this computer's own addresses.
pub fn http_client() -> SharedHttpClient {
    aws_smithy_http_client::Builder::new().build_http()
}

pub fn control_plane(url: &str) -> aws_sdk_bedrock::Client {
    aws_sdk_bedrock::Client::new(&config(url))
}

pub fn runtime(url: &str) -> aws_sdk_bedrockruntime::Client {
    aws_sdk_bedrockruntime::Client::new(&config(url))
}

/// One that does not ask again.
pub fn runtime_without_retries(url: &str) -> aws_sdk_bedrockruntime::Client {
    let config = aws_sdk_bedrockruntime::config::Builder::from(&config(url));
    let config = config.retry_config(RetryConfig::disabled()).build();
    aws_sdk_bedrockruntime::Client::from_conf(config)
}

fn config(url: &str) -> SdkConfig {
    let keys = Credentials::new("AKID", "secret", None, None, "test");
    SdkConfig::builder()
        .behavior_version(BehaviorVersion::v2026_01_12())
        .region(Region::new("us-east-1"))
        .credentials_provider(SharedCredentialsProvider::new(keys))
        .endpoint_url(url)
        .http_client(http_client())
        .build()
}
