//! Opening connections: what wins, what is named as the source, and what is refused.

use std::io::Write as _;

use bedrock_playground::bedrock::{
    Connection, ConnectionOptions, CredentialsSource, Environment, Error, ErrorKind,
};

use crate::support::replay::{ReplayServer, Reply};

/// Variables for one test, over an empty home.
struct Place {
    home: tempfile::TempDir,
    variables: Vec<(String, String)>,
}

impl Place {
    fn new(variables: &[(&str, &str)]) -> Self {
        let home = tempfile::tempdir().unwrap();
        let mut all = vec![
            ("HOME".to_owned(), home.path().display().to_string()),
            ("AWS_EC2_METADATA_DISABLED".to_owned(), "true".to_owned()),
        ];
        all.extend(
            variables
                .iter()
                .map(|(name, value)| ((*name).to_owned(), (*value).to_owned())),
        );
        Self {
            home,
            variables: all,
        }
    }

    fn file(self, name: &str, text: &str) -> Self {
        let folder = self.home.path().join(".aws");
        std::fs::create_dir_all(&folder).unwrap();
        let mut file = std::fs::File::create(folder.join(name)).unwrap();
        file.write_all(text.as_bytes()).unwrap();
        self
    }

    async fn open(&self, options: ConnectionOptions) -> Result<Connection, Error> {
        Connection::open_in(options, &self.variables.iter().cloned().collect()).await
    }
}

const KEYS: [(&str, &str); 2] = [
    ("AWS_ACCESS_KEY_ID", "AKIDENV"),
    ("AWS_SECRET_ACCESS_KEY", "hushhush"),
];

#[tokio::test]
async fn without_any_credentials_the_error_lists_where_they_were_looked_for() {
    let error = Place::new(&[])
        .open(ConnectionOptions::default())
        .await
        .unwrap_err();
    assert_eq!(error.kind(), &ErrorKind::NoCredentials);
    assert_eq!(error.code(), "NoCredentials");
    for place in [
        "AWS_BEARER_TOKEN_BEDROCK",
        "AWS_ACCESS_KEY_ID",
        "profile default",
        "web identity",
        "container",
        "instance metadata",
    ] {
        assert!(error.message().contains(place), "{place}: {error}");
    }
    assert!(error.advice().contains("aws configure"));
}

#[tokio::test]
async fn a_profile_gives_region_and_keys_and_is_named() {
    let place = Place::new(&[])
        .file("config", "[profile dev]\nregion = eu-central-1\n")
        .file(
            "credentials",
            "[dev]\naws_access_key_id = AKIDDEV\naws_secret_access_key = hushhush\n",
        );
    let connection = place
        .open(ConnectionOptions {
            profile: Some("dev".into()),
            ..ConnectionOptions::default()
        })
        .await
        .unwrap();
    assert_eq!(connection.region(), "eu-central-1");
    assert_eq!(connection.region_source(), "profile dev");
    assert_eq!(connection.credentials_source(), "profile dev");
    assert_eq!(connection.profile(), Some("dev"));
    assert!(!format!("{connection:?}").contains("hush"));
}

#[tokio::test]
async fn explicit_wins_over_environment_and_environment_over_profile() {
    let mut variables = KEYS.to_vec();
    variables.push(("AWS_REGION", "us-west-2"));
    let place = Place::new(&variables)
        .file(
            "config",
            "[default]\nregion = eu-central-1\n[profile dev]\nregion = eu-west-3\n",
        )
        .file(
            "credentials",
            "[default]\naws_access_key_id = A\naws_secret_access_key = hushhush\n\
             [dev]\naws_access_key_id = B\naws_secret_access_key = hushhush\n",
        );
    let connection = place.open(ConnectionOptions::default()).await.unwrap();
    assert_eq!(connection.region(), "us-west-2");
    assert_eq!(connection.region_source(), "environment (AWS_REGION)");
    assert_eq!(connection.credentials_source(), "environment");
    let connection = place
        .open(ConnectionOptions {
            region: Some("ap-south-1".into()),
            profile: Some("dev".into()),
            ..ConnectionOptions::default()
        })
        .await
        .unwrap();
    assert_eq!(connection.region(), "ap-south-1");
    assert_eq!(connection.region_source(), "explicit");
    assert_eq!(connection.credentials_source(), "profile dev");
}

#[tokio::test]
async fn a_region_that_nothing_names_is_the_default_and_says_so() {
    let connection = Place::new(&KEYS)
        .open(ConnectionOptions::default())
        .await
        .unwrap();
    assert_eq!(connection.region(), "us-east-1");
    assert_eq!(connection.region_source(), "default");
    assert_eq!(connection.endpoint_url(), None);
}

#[tokio::test]
async fn a_profile_that_does_not_exist_is_not_replaced_by_another_source() {
    let error = Place::new(&KEYS)
        .open(ConnectionOptions {
            profile: Some("gone".into()),
            ..ConnectionOptions::default()
        })
        .await
        .unwrap_err();
    assert_eq!(error.kind(), &ErrorKind::NoCredentials);
    assert!(error.message().contains("profile gone"), "{error}");
    assert!(error.advice().contains("gone"), "{}", error.advice());
}

#[tokio::test]
async fn a_sign_in_that_ran_out_names_the_command_that_renews_it() {
    let place = Place::new(&[]).file(
        "config",
        "[sso-session corp]\nsso_region = us-east-1\nsso_start_url = https://corp.awsapps.com/start\n\
         [profile dev]\nsso_session = corp\nsso_account_id = 123456789012\nsso_role_name = dev\n",
    );
    let error = place
        .open(ConnectionOptions {
            profile: Some("dev".into()),
            ..ConnectionOptions::default()
        })
        .await
        .unwrap_err();
    assert!(error.message().contains("profile dev"), "{error}");
    assert!(
        error.advice().contains("aws sso login --profile dev"),
        "{error}: {}",
        error.advice()
    );
}

#[tokio::test]
async fn secrets_are_not_sent_in_the_clear_to_another_computer() {
    for credentials in [
        CredentialsSource::ApiKey("ABSKhush".into()),
        CredentialsSource::Keys {
            access_key_id: "A".into(),
            secret_access_key: "hush".into(),
            session_token: None,
        },
    ] {
        let error = Place::new(&[])
            .open(ConnectionOptions {
                endpoint_url: Some("http://bedrock.example:8080".into()),
                credentials,
                ..ConnectionOptions::default()
            })
            .await
            .unwrap_err();
        assert_eq!(error.code(), "InsecureEndpoint");
        assert!(!format!("{error:?}").contains("hush"));
    }
}

#[tokio::test]
async fn endpoints_of_the_environment_are_used_unless_one_is_given() {
    let mut variables = KEYS.to_vec();
    variables.extend([
        ("AWS_ENDPOINT_URL_BEDROCK_RUNTIME", "http://127.0.0.1:1"),
        ("AWS_ENDPOINT_URL", "http://127.0.0.1:2"),
    ]);
    let place = Place::new(&variables);
    let connection = place.open(ConnectionOptions::default()).await.unwrap();
    assert_eq!(connection.endpoint_url(), Some("http://127.0.0.1:1"));
    let connection = place
        .open(ConnectionOptions {
            endpoint_url: Some("http://localhost:3".into()),
            ..ConnectionOptions::default()
        })
        .await
        .unwrap();
    assert_eq!(connection.endpoint_url(), Some("http://localhost:3"));
}

#[tokio::test]
async fn the_control_plane_has_an_endpoint_of_its_own() {
    let server = ReplayServer::start([Reply::json(200, r#"{"modelSummaries":[]}"#)]).await;
    let url = server.url();
    let mut variables = KEYS.to_vec();
    variables.extend([
        ("AWS_ENDPOINT_URL_BEDROCK", url.as_str()),
        ("AWS_ENDPOINT_URL", "http://127.0.0.1:1"),
    ]);
    let connection = Place::new(&variables)
        .open(ConnectionOptions::default())
        .await
        .unwrap();
    connection.catalog().await.unwrap();
    let asked = server.asked();
    assert!(asked.iter().any(|asked| asked.path == "/foundation-models"));
    let authorization = asked[0].header("authorization").unwrap();
    assert!(authorization.starts_with("AWS4-HMAC-SHA256 Credential=AKIDENV/"));
    assert!(authorization.contains("/us-east-1/bedrock/aws4_request"));
}

#[tokio::test]
async fn an_api_key_goes_out_as_a_bearer_token() {
    let server = ReplayServer::start([Reply::json(200, r#"{"modelSummaries":[]}"#)]).await;
    let url = server.url();
    let variables = [
        ("AWS_BEARER_TOKEN_BEDROCK", "ABSKhush"),
        ("AWS_ENDPOINT_URL", url.as_str()),
        KEYS[0],
        KEYS[1],
    ];
    let connection = Place::new(&variables)
        .open(ConnectionOptions::default())
        .await
        .unwrap();
    assert_eq!(
        connection.credentials_source(),
        "environment (AWS_BEARER_TOKEN_BEDROCK)"
    );
    connection.catalog().await.unwrap();
    assert_eq!(
        server.asked()[0].header("authorization"),
        Some("Bearer ABSKhush")
    );
}

#[tokio::test]
async fn a_session_token_goes_out_beside_its_keys() {
    let server = ReplayServer::start([Reply::json(200, r#"{"modelSummaries":[]}"#)]).await;
    let connection = Place::new(&[])
        .open(ConnectionOptions {
            endpoint_url: Some(server.url()),
            credentials: CredentialsSource::Keys {
                access_key_id: "ASIAEXAMPLE".into(),
                secret_access_key: "hush".into(),
                session_token: Some("temporary".into()),
            },
            ..ConnectionOptions::default()
        })
        .await
        .unwrap();
    assert_eq!(connection.credentials_source(), "explicit");
    connection.catalog().await.unwrap();
    assert_eq!(
        server.asked()[0].header("x-amz-security-token"),
        Some("temporary")
    );
}

#[tokio::test]
async fn an_empty_environment_is_no_panic() {
    let error = Connection::open_in(
        ConnectionOptions::default(),
        &Environment::from_iter([("AWS_EC2_METADATA_DISABLED", "true")]),
    )
    .await
    .unwrap_err();
    assert_eq!(error.kind(), &ErrorKind::NoCredentials);
}
