//! Opening connections: what wins, what is named as the source, and what is refused.

use std::io::Write as _;

use bedrock_playground::bedrock::{
    Connection, ConnectionOptions, CredentialsSource, Environment, Error, ErrorKind,
    ProfileCredentials, profiles,
};

use crate::support::replay::{ReplayServer, Reply};

const CONFIG: &str = "\
[default]
region = us-west-2
[profile signed-on]
sso_session = corp
sso_account_id = 123456789012
sso_role_name = Developer
[sso-session corp]
sso_region = us-east-1
sso_start_url = https://corp.awsapps.com/start
[profile old-sign-on]
sso_start_url = https://corp.awsapps.com/start
[profile role]
role_arn = arn:aws:iam::123456789012:role/Reader
source_profile = keys
mfa_serial = arn:aws:iam::123456789012:mfa/me
[profile token]
role_arn = arn:aws:iam::123456789012:role/Web
web_identity_token_file = /tmp/token
[profile program]
credential_process = /bin/false
[profile login]
login_session = arn:aws:iam::123456789012:user/me
";

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
    assert_eq!(connection.region_source(), "as given");
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
    assert_eq!(connection.credentials_source(), "access keys");
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

#[tokio::test]
async fn profiles_are_listed_with_what_they_rest_on() {
    let place = Place::new(&[]).file("config", CONFIG).file(
        "credentials",
        "[keys]\naws_access_key_id = A\naws_secret_access_key = hush\n",
    );
    let found = profiles(&place.variables.iter().cloned().collect()).await;
    let sso = |session: Option<&str>, account: Option<&str>, role: Option<&str>| {
        ProfileCredentials::Sso {
            session: session.map(str::to_owned),
            account: account.map(str::to_owned),
            role: role.map(str::to_owned),
        }
    };
    let expected = [
        ("default", ProfileCredentials::None),
        ("keys", ProfileCredentials::Keys),
        ("login", ProfileCredentials::Login),
        ("old-sign-on", sso(None, None, None)),
        ("program", ProfileCredentials::Process),
        (
            "role",
            ProfileCredentials::Role {
                arn: "arn:aws:iam::123456789012:role/Reader".into(),
                source: Some("keys".into()),
                mfa: true,
            },
        ),
        (
            "signed-on",
            sso(Some("corp"), Some("123456789012"), Some("Developer")),
        ),
        ("token", ProfileCredentials::WebIdentity),
    ];
    let held: Vec<_> = found
        .iter()
        .map(|profile| (profile.name.as_str(), profile.credentials.clone()))
        .collect();
    assert_eq!(held, expected);
    assert_eq!(found[0].region.as_deref(), Some("us-west-2"));
    assert_eq!(found[5].credentials.label(), "Role Reader");
}

#[tokio::test]
async fn a_home_without_profiles_lists_none() {
    let place = Place::new(&[]);
    assert_eq!(
        profiles(&place.variables.iter().cloned().collect()).await,
        []
    );
}

async fn open_profile(place: &Place, name: &str) -> Result<Connection, Error> {
    let options = ConnectionOptions {
        profile: Some(name.into()),
        ..ConnectionOptions::default()
    };
    place.open(options).await
}

#[tokio::test]
async fn a_profile_that_fails_says_so_and_is_not_taken_for_missing() {
    let place = Place::new(&[]).file("config", CONFIG);
    let error = open_profile(&place, "program").await.unwrap_err();
    assert_eq!(error.kind(), &ErrorKind::CredentialsFailed);
    assert!(error.message().contains("profile program"), "{error}");
    let error = open_profile(&place, "login").await.unwrap_err();
    assert_eq!(error.code(), "LoginUnsupported");
    assert!(
        error
            .advice()
            .contains("export-credentials --profile login")
    );
}

/// The role's own file holds no keys to take it on with, so that STS is not asked.
#[tokio::test]
async fn a_role_that_wants_a_code_names_the_device() {
    let place = Place::new(&[]).file(
        "config",
        "[profile role]\nrole_arn = arn:aws:iam::123456789012:role/R\nsource_profile = process\n\
         mfa_serial = arn:aws:iam::123456789012:mfa/me\n\
         [profile process]\ncredential_process = /bin/false\n",
    );
    let error = open_profile(&place, "role").await.unwrap_err();
    assert_eq!(error.code(), "MfaRequired");
    assert!(error.message().contains("arn:aws:iam::123456789012:mfa/me"));
    assert!(error.advice().contains("get-session-token"));
}

/// A program that signs a person in may open a browser: it is started once, not for every client.
#[cfg(unix)]
#[tokio::test]
async fn a_sign_in_program_is_started_once() {
    let server = ReplayServer::start([Reply::json(200, r#"{"modelSummaries":[]}"#)]).await;
    let url = server.url();
    let place = Place::new(&[("AWS_ENDPOINT_URL", url.as_str())]);
    let home = place.home.path().to_owned();
    let script = home.join("sign-in.sh");
    let text = format!(
        "echo started >> {}\necho '{{\"Version\": 1, \"AccessKeyId\": \"AKIDPROGRAM\", \
         \"SecretAccessKey\": \"hush\"}}'\n",
        home.join("log").display()
    );
    std::fs::write(&script, text).unwrap();
    let config = format!("[default]\ncredential_process = sh {}\n", script.display());
    let place = place.file("config", &config);
    let connection = place.open(ConnectionOptions::default()).await.unwrap();
    assert_eq!(connection.credentials_source(), "profile default");
    connection.catalog().await.unwrap();
    connection.clone().catalog().await.unwrap();
    let authorization = server.asked()[0]
        .header("authorization")
        .unwrap()
        .to_owned();
    assert!(authorization.contains("Credential=AKIDPROGRAM/"));
    let starts = std::fs::read_to_string(home.join("log")).unwrap();
    assert_eq!(starts.lines().count(), 1);
}

#[tokio::test]
async fn sts_tells_who_asks() {
    let server = ReplayServer::start([Reply {
        headers: vec![("content-type".into(), "text/xml".into())],
        ..Reply::json(
            200,
            "<GetCallerIdentityResponse><GetCallerIdentityResult>\
             <Arn>arn:aws:iam::123456789012:user/me</Arn><UserId>AIDA</UserId>\
             <Account>123456789012</Account></GetCallerIdentityResult></GetCallerIdentityResponse>",
        )
    }])
    .await;
    let url = server.url();
    let mut variables = KEYS.to_vec();
    variables.push(("AWS_ENDPOINT_URL_STS", url.as_str()));
    let place = Place::new(&variables);
    let connection = place.open(ConnectionOptions::default()).await.unwrap();
    let identity = connection.identity().await.unwrap().unwrap();
    assert_eq!(identity.account, "123456789012");
    assert_eq!(identity.arn, "arn:aws:iam::123456789012:user/me");
}

/// The embedded endpoint's keys are made up: AWS is not asked about them. An API key has no identity.
#[tokio::test]
async fn there_is_nobody_to_ask_about_made_up_keys_or_an_api_key() {
    let server = ReplayServer::start([Reply::json(200, "{}")]).await;
    let identity = server.connect().await.identity().await;
    assert_eq!(identity.unwrap(), None);
    let key = ConnectionOptions {
        credentials: CredentialsSource::ApiKey("ABSKhush".into()),
        ..ConnectionOptions::default()
    };
    let connection = Place::new(&[]).open(key).await.unwrap();
    assert_eq!(connection.identity().await.unwrap(), None);
    assert!(server.asked().is_empty());
}

#[tokio::test]
async fn fips_and_dual_stack_change_the_endpoint() {
    for (variables, url) in [
        (
            ("AWS_USE_FIPS_ENDPOINT", "true"),
            "https://bedrock-runtime-fips.us-east-1.amazonaws.com",
        ),
        (
            ("AWS_USE_DUALSTACK_ENDPOINT", "true"),
            "https://bedrock-runtime.us-east-1.api.aws",
        ),
        (
            ("AWS_USE_FIPS_ENDPOINT", "false"),
            "https://bedrock-runtime.us-east-1.amazonaws.com",
        ),
    ] {
        let place = Place::new(&[KEYS[0], KEYS[1], variables]);
        let connection = place.open(ConnectionOptions::default()).await.unwrap();
        assert_eq!(connection.runtime_url(), url);
    }
}

#[tokio::test]
async fn settings_that_exclude_each_other_are_found_at_once() {
    let options = ConnectionOptions {
        endpoint_url: Some("https://proxy.example".into()),
        fips: Some(true),
        ..ConnectionOptions::default()
    };
    let error = Place::new(&KEYS).open(options).await.unwrap_err();
    assert_eq!(error.kind(), &ErrorKind::InvalidEndpoint);
    assert!(error.message().contains("FIPS"), "{error}");
    assert!(error.advice().contains("FIPS"));
}

/// A region is part of the endpoint's name: one that is no label could lead a key elsewhere.
#[tokio::test]
async fn a_region_cannot_lead_elsewhere() {
    for region in [
        "x.stranger.example/",
        "a@stranger.example",
        "us east",
        "us-east-1#",
        "é",
    ] {
        let options = ConnectionOptions {
            region: Some(region.into()),
            ..ConnectionOptions::default()
        };
        let error = Place::new(&KEYS).open(options).await.unwrap_err();
        assert_eq!(error.kind(), &ErrorKind::InvalidEndpoint, "{region}");
        assert!(error.advice().contains("us-east-1"), "{error}");
    }
}
