//! IAM Identity Center as a person meets it who signs in: a home with profiles of one, and what it answers.
//!
//! How a code that is not confirmed yet is answered (status, header, body) is as recorded of the service in
//! aws-cli's issue 5878 and boto3's issue 3891; the members are those of the API reference.

use bedrock_playground::bedrock::Environment;
use serde_json::json;
use tempfile::TempDir;

use super::replay::Reply;

const CONFIG: &str = "\
[profile dev]
region = eu-central-1
sso_session = corp
sso_account_id = 123456789012
sso_role_name = Developer
[profile reader]
role_arn = arn:aws:iam::210987654321:role/Reader
source_profile = dev
external_id = outside
[profile elsewhere]
sso_start_url = https://other.awsapps.com/start
sso_region = us-east-1
sso_account_id = 123456789012
sso_role_name = Developer
[profile keys]
aws_access_key_id = AKIDKEYS
aws_secret_access_key = hush
[sso-session corp]
sso_region = eu-west-1
sso_start_url = https://corp.awsapps.com/start
sso_registration_scopes = sso:account:access
";

/// A home with these profiles.
pub fn home() -> TempDir {
    let home = tempfile::tempdir().expect("a folder");
    std::fs::create_dir_all(home.path().join(".aws")).expect("made");
    std::fs::write(home.path().join(".aws/config"), CONFIG).expect("written");
    home
}

/// The variables of that home, with every service at one address.
pub fn environment(home: &TempDir, url: &str) -> Environment {
    environment_with_bedrock(home, url, url)
}

/// The same with Bedrock at another one.
pub fn environment_with_bedrock(home: &TempDir, url: &str, bedrock: &str) -> Environment {
    Environment::from_iter([
        ("HOME", home.path().display().to_string()),
        ("AWS_EC2_METADATA_DISABLED", "true".to_owned()),
        ("AWS_ENDPOINT_URL", url.to_owned()),
        ("AWS_ENDPOINT_URL_BEDROCK", bedrock.to_owned()),
        ("AWS_ENDPOINT_URL_BEDROCK_RUNTIME", bedrock.to_owned()),
    ])
}

pub fn registered() -> Reply {
    let client = json!({"clientId": "the-client", "clientSecret": "the-client-secret"});
    Reply::json(200, client.to_string()).at("/client/register")
}

pub fn begun() -> Reply {
    let begun = json!({
        "deviceCode": "the-device-code",
        "expiresIn": 600,
        "interval": 1,
        "userCode": "ABCD-EFGH",
        "verificationUri": "https://device.sso.eu-west-1.amazonaws.com/",
        "verificationUriComplete":
            "https://device.sso.eu-west-1.amazonaws.com/?user_code=ABCD-EFGH",
    });
    Reply::json(200, begun.to_string()).at("/device_authorization")
}

pub fn refused(code: &str, error: &str, description: &str) -> Reply {
    let body = json!({"error": error, "error_description": description});
    let kind = format!("{code}:http://internal.amazon.com/coral/com.amazonaws.sso.oidc/");
    Reply::json(400, body.to_string())
        .header("x-amzn-ErrorType", &kind)
        .at("/token")
}

pub fn pending() -> Reply {
    refused(
        "AuthorizationPendingException",
        "authorization_pending",
        "Authorization is still pending",
    )
}

pub fn token(words: &str, seconds: u32) -> Reply {
    let token = json!({
        "accessToken": words,
        "expiresIn": seconds,
        "refreshToken": "the-refresh-token",
        "tokenType": "Bearer",
    });
    Reply::json(200, token.to_string()).at("/token")
}

pub fn role_credentials() -> Reply {
    let credentials = json!({"roleCredentials": {
        "accessKeyId": "ASIAROLE",
        "secretAccessKey": "role-secret",
        "sessionToken": "role-session",
        // 2100
        "expiration": 4_102_444_800_000_i64,
    }});
    Reply::json(200, credentials.to_string()).at("/federation/credentials")
}
