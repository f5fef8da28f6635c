//! Signing in from the window, where a profile's sign-in ran out or was never made.

use bedrock_playground::bedrock::ConnectionOptions;
use bedrock_playground::tasks::{Demo, SessionOptions};
use bedrock_playground::ui::{App, AppOptions};
use egui::OutputCommand;
use egui_kittest::Harness;
use egui_kittest::kittest::Queryable as _;
use tempfile::TempDir;
use tokio::runtime::Runtime;

use crate::support::endpoint::Endpoint;
use crate::support::replay::{ReplayServer, Reply};
use crate::support::session::embedded;
use crate::support::sign_in::{
    begun, environment_with_bedrock, home, pending, refused, registered, role_credentials, token,
};
use crate::support::window::{app_options, app_window, click, shows, wait_for, wait_until};

/// A window on the profile `dev`, and what it talks to.
struct Place {
    harness: Harness<'static, App>,
    sign_in: ReplayServer,
    // What must live as long as the window.
    _bedrock: Endpoint,
    _runtime: Runtime,
    _home: TempDir,
}

impl Place {
    fn with(replies: impl IntoIterator<Item = Reply>) -> Self {
        let runtime = Runtime::new().expect("threads");
        let sign_in = runtime.block_on(ReplayServer::start(replies));
        let bedrock = Endpoint::start();
        let home = home();
        let environment = environment_with_bedrock(&home, &sign_in.url(), &bedrock.url());
        let session = SessionOptions {
            demo: Demo::Never,
            connection: ConnectionOptions {
                profile: Some("dev".into()),
                ..ConnectionOptions::default()
            },
            ..embedded()
        };
        let harness = app_window(AppOptions {
            environment: Some(environment),
            ..app_options(session, home.path())
        });
        Self {
            harness,
            sign_in,
            _bedrock: bedrock,
            _runtime: runtime,
            _home: home,
        }
    }

    fn asked_for(&self, path: &str) -> usize {
        let asked = self.sign_in.asked().into_iter();
        asked.filter(|asked| asked.path.starts_with(path)).count()
    }
}

/// Where the browser was sent in the last frame.
fn opened(harness: &Harness<'static, App>) -> Option<String> {
    let commands = &harness.output().platform_output.commands;
    commands.iter().find_map(|command| match command {
        OutputCommand::OpenUrl(open) => Some(open.url.clone()),
        _ => None,
    })
}

#[test]
fn a_profile_is_signed_in_with_the_browser() {
    let anything = Reply::json(200, "{}");
    let mut place = Place::with([
        registered(),
        begun(),
        pending(),
        token("the-token", 28_800),
        role_credentials(),
        anything,
    ]);
    let harness = &mut place.harness;
    wait_for(harness, "Sign in with the browser");
    harness
        .get_by_label("Sign in with the browser")
        .click_accesskit();
    let mut page = None;
    wait_until(harness, "the page in the browser", |harness| {
        page = opened(harness);
        page.is_some()
    });
    assert_eq!(
        page.as_deref(),
        Some("https://device.sso.eu-west-1.amazonaws.com/?user_code=ABCD-EFGH")
    );
    wait_for(harness, "ABCD-EFGH");
    assert!(shows(harness, "https://corp.awsapps.com/start"));
    assert!(shows(harness, "good for 10 minutes"));
    wait_for(harness, "Model: Nova Lite");
    assert!(!shows(harness, "ABCD-EFGH"), "the dialog is still open");
    click(harness, "Connection");
    wait_for(harness, "sign-in for profile dev");
    // Another profile that takes on a role with it needs no other sign-in.
    wait_for(harness, "Sign in with the browser");
    click(harness, "Connect");
    wait_for(harness, "Model: Nova Lite");
    assert_eq!(place.asked_for("/device_authorization"), 1);
}

#[test]
fn a_sign_in_that_was_refused_can_begin_again() {
    let no = refused("AccessDeniedException", "access_denied", "No");
    let mut place = Place::with([registered(), registered(), begun(), begun(), no, pending()]);
    let harness = &mut place.harness;
    click(harness, "Sign in with the browser");
    wait_for(harness, "The sign-in was refused in the browser");
    click(harness, "Begin again");
    wait_for(harness, "ABCD-EFGH");
    click(harness, "Cancel");
    wait_until(harness, "the dialog closed", |harness| {
        !shows(harness, "ABCD-EFGH")
    });
    assert!(harness.query_by_label("Sign in with the browser").is_some());
}

#[test]
fn only_profiles_that_rest_on_one_offer_a_sign_in() {
    let mut place = Place::with([Reply::json(200, "{}")]);
    let harness = &mut place.harness;
    wait_for(harness, "Sign in with the browser");
    let outside = harness
        .query_all_by_label("Sign in with the browser")
        .count();
    click(harness, "Connection");
    wait_until(harness, "one more, for the profile", |harness| {
        let all = harness.query_all_by_label("Sign in with the browser");
        all.count() == outside + 2
    });
    click(harness, "Profile to connect with");
    for (profile, more) in [("keys", 1), ("reader", 2)] {
        let row = format!("{profile}  (");
        wait_until(harness, "the list", |harness| shows(harness, &row));
        harness.get_by_label_contains(&row).click_accesskit();
        wait_until(harness, profile, |harness| {
            let all = harness.query_all_by_label("Sign in with the browser");
            all.count() == outside + more
        });
    }
}
