//! Signing in with a code in the browser, against a server that answers as IAM Identity Center does.

use bedrock_playground::bedrock::{
    Connection, ConnectionOptions, Environment, Error, ErrorKind, SignIn, SignInPrompt,
    begin_sign_in,
};
use serde_json::json;

use crate::support::replay::{Asked, ReplayServer, Reply};
use crate::support::sign_in::{
    begun, environment, home, pending, refused, registered, role_credentials, token,
};

/// A home with these profiles, and every service at one server.
struct Place {
    home: tempfile::TempDir,
    server: ReplayServer,
}

impl Place {
    async fn with(replies: impl IntoIterator<Item = Reply>) -> Self {
        Self {
            home: home(),
            server: ReplayServer::start(replies).await,
        }
    }

    fn environment(&self) -> Environment {
        environment(&self.home, &self.server.url())
    }

    async fn sign_in(&self, profile: &str) -> Result<(SignInPrompt, SignIn), Error> {
        let (prompt, pending) = begin_sign_in(&options(profile, None), &self.environment()).await?;
        Ok((prompt, pending.confirmed().await?))
    }

    async fn open(&self, profile: &str, sign_in: SignIn) -> Result<Connection, Error> {
        Connection::open_in(options(profile, Some(sign_in)), &self.environment()).await
    }

    fn asked(&self, path: &str) -> Vec<Asked> {
        let asked = self.server.asked().into_iter();
        asked.filter(|asked| asked.path.starts_with(path)).collect()
    }
}

fn options(profile: &str, sign_in: Option<SignIn>) -> ConnectionOptions {
    ConnectionOptions {
        profile: Some(profile.into()),
        sign_in,
        ..ConnectionOptions::default()
    }
}

fn guardrails() -> Reply {
    Reply::json(200, r#"{"guardrails":[]}"#).at("/guardrails")
}

#[tokio::test]
async fn a_confirmed_code_gives_the_profile_its_role() {
    let place = Place::with([
        registered(),
        begun(),
        pending(),
        token("the-token", 28_800),
        role_credentials(),
        guardrails(),
    ])
    .await;
    let (prompt, sign_in) = place.sign_in("dev").await.unwrap();
    assert_eq!(prompt.profile, "dev");
    assert_eq!(prompt.start_url, "https://corp.awsapps.com/start");
    assert_eq!(prompt.user_code, "ABCD-EFGH");
    assert_eq!(
        prompt.address,
        "https://device.sso.eu-west-1.amazonaws.com/?user_code=ABCD-EFGH"
    );
    assert_eq!(prompt.valid_for.as_secs(), 600);
    assert_eq!(
        place.asked("/client/register")[0].json(),
        json!({
            "clientName": "Bedrock Playground",
            "clientType": "public",
            "scopes": ["sso:account:access"],
        })
    );
    assert_eq!(
        place.asked("/device_authorization")[0].json(),
        json!({
            "clientId": "the-client",
            "clientSecret": "the-client-secret",
            "startUrl": "https://corp.awsapps.com/start",
        })
    );
    let asked = place.asked("/token");
    assert_eq!(asked.len(), 2, "once in vain");
    assert_eq!(
        asked[1].json(),
        json!({
            "clientId": "the-client",
            "clientSecret": "the-client-secret",
            "grantType": "urn:ietf:params:oauth:grant-type:device_code",
            "deviceCode": "the-device-code",
        })
    );
    let connection = place.open("dev", sign_in).await.unwrap();
    assert_eq!(connection.region(), "eu-central-1");
    assert_eq!(connection.credentials_source(), "sign-in for profile dev");
    connection.guardrails(None).await.unwrap();
    let role = &place.asked("/federation/credentials")[0];
    assert_eq!(role.header("x-amz-sso_bearer_token"), Some("the-token"));
    for part in ["account_id=123456789012", "role_name=Developer"] {
        assert!(role.path.contains(part), "{}", role.path);
    }
    let listed = &place.asked("/guardrails")[0];
    let signature = listed.header("authorization").unwrap();
    assert!(signature.contains("Credential=ASIAROLE/"), "{signature}");
    assert_eq!(listed.header("x-amz-security-token"), Some("role-session"));
}

#[tokio::test]
async fn a_role_is_taken_on_with_what_the_sign_in_gives() {
    let place = Place::with([
        registered(),
        begun(),
        token("the-token", 28_800),
        role_credentials(),
        guardrails(),
        Reply {
            headers: vec![("content-type".into(), "text/xml".into())],
            ..Reply::json(
                200,
                "<AssumeRoleResponse><AssumeRoleResult><Credentials>\
                 <AccessKeyId>ASIAREADER</AccessKeyId><SecretAccessKey>s</SecretAccessKey>\
                 <SessionToken>reader-session</SessionToken>\
                 <Expiration>2100-01-01T00:00:00Z</Expiration></Credentials>\
                 </AssumeRoleResult></AssumeRoleResponse>",
            )
        },
    ])
    .await;
    let (_, sign_in) = place.sign_in("reader").await.unwrap();
    let connection = place.open("reader", sign_in).await.unwrap();
    connection.guardrails(None).await.unwrap();
    let all = place.server.asked();
    let assumed = all.iter().find(|asked| asked.path == "/").unwrap();
    let body = String::from_utf8_lossy(&assumed.body);
    for part in ["Action=AssumeRole", "role%2FReader", "ExternalId=outside"] {
        assert!(body.contains(part), "{body}");
    }
    let signature = assumed.header("authorization").unwrap();
    assert!(signature.contains("Credential=ASIAROLE/"), "{signature}");
    let listed = &place.asked("/guardrails")[0];
    let signature = listed.header("authorization").unwrap();
    assert!(signature.contains("Credential=ASIAREADER/"), "{signature}");
}

#[tokio::test]
async fn a_token_that_is_about_to_end_is_renewed() {
    let place = Place::with([
        registered(),
        begun(),
        token("the-first", 60),
        token("the-second", 28_800),
        role_credentials(),
    ])
    .await;
    let (_, sign_in) = place.sign_in("dev").await.unwrap();
    place.open("dev", sign_in).await.unwrap();
    assert_eq!(
        place.asked("/token")[1].json(),
        json!({
            "clientId": "the-client",
            "clientSecret": "the-client-secret",
            "grantType": "refresh_token",
            "refreshToken": "the-refresh-token",
        })
    );
    let role = &place.asked("/federation/credentials")[0];
    assert_eq!(role.header("x-amz-sso_bearer_token"), Some("the-second"));
}

#[tokio::test]
async fn a_sign_in_that_has_ended_wants_another() {
    let invalid = refused("InvalidGrantException", "invalid_grant", "Invalid grant");
    let place = Place::with([registered(), begun(), token("the-token", 0), invalid]).await;
    let (_, sign_in) = place.sign_in("dev").await.unwrap();
    let error = place.open("dev", sign_in).await.unwrap_err();
    assert_eq!(error.kind(), &ErrorKind::ExpiredToken);
    assert_eq!(error.code(), "SignInRequired");
    assert!(error.message().contains("profile dev"), "{error}");
}

#[tokio::test]
async fn what_ends_a_sign_in_is_told() {
    for (code, error, expected, words) in [
        (
            "AccessDeniedException",
            "access_denied",
            "SignInRefused",
            "refused in the browser",
        ),
        (
            "ExpiredTokenException",
            "expired_token",
            "SignInCodeExpired",
            "not confirmed in time",
        ),
    ] {
        let place = Place::with([registered(), begun(), refused(code, error, "No")]).await;
        let failed = place.sign_in("dev").await.unwrap_err();
        assert_eq!(failed.code(), expected);
        assert!(failed.message().contains(words), "{failed}");
        assert!(
            failed.advice().contains("Begin the sign-in again"),
            "{}",
            failed.advice()
        );
    }
    // What the service says for itself stays as it is.
    let place = Place::with([
        registered(),
        begun(),
        refused("InvalidClientException", "invalid_client", "Client is gone"),
    ])
    .await;
    let failed = place.sign_in("dev").await.unwrap_err();
    assert_eq!(failed.code(), "InvalidClientException");
    assert_eq!(failed.message(), "Client is gone");
}

#[tokio::test]
async fn a_page_in_the_clear_on_another_computer_is_not_opened() {
    let elsewhere = json!({
        "deviceCode": "d", "expiresIn": 600, "interval": 1, "userCode": "ABCD-EFGH",
        "verificationUri": "http://192.0.2.1/",
    });
    let elsewhere = Reply::json(200, elsewhere.to_string()).at("/device_authorization");
    let place = Place::with([registered(), elsewhere]).await;
    let error = place.sign_in("dev").await.unwrap_err();
    assert_eq!(error.code(), "NoSignInPage");
}

#[tokio::test]
async fn a_profile_without_a_sign_in_says_so() {
    let place = Place::with([]).await;
    let error = place.sign_in("keys").await.unwrap_err();
    assert_eq!(error.code(), "NoSignIn");
    assert!(error.message().contains("profile keys"), "{error}");
    assert!(place.server.asked().is_empty());
}

#[tokio::test]
async fn a_sign_in_is_for_its_own_start_page_alone() {
    let place = Place::with([registered(), begun(), token("the-token", 28_800)]).await;
    let (_, sign_in) = place.sign_in("dev").await.unwrap();
    let error = place.open("elsewhere", sign_in).await.unwrap_err();
    assert_eq!(error.code(), "SignInRequired");
    assert!(place.asked("/federation").is_empty());
}

#[tokio::test]
async fn nothing_of_a_sign_in_prints() {
    let place = Place::with([registered(), begun(), token("the-token", 28_800)]).await;
    let (_, sign_in) = place.sign_in("dev").await.unwrap();
    let printed = format!("{:?}", options("dev", Some(sign_in)));
    for secret in ["the-token", "the-refresh-token", "the-client-secret"] {
        assert!(!printed.contains(secret), "{printed}");
    }
}
