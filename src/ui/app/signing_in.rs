//! Signing in from the window: a code is asked for, the browser opened, and the connection opened once it is
//! confirmed.

use egui::{Context, OpenUrl, Ui};

use super::App;
use crate::bedrock::{self, ConnectionOptions, CredentialsSource, SignIn};
use crate::chat::Failure;
use crate::tasks::{Demo, SessionOptions};
use crate::ui::load::Load;
use crate::ui::screens::sign_in::{Progress, SignInDialog};

impl App {
    /// Begins to sign in for a connection; for the one in use when none is named.
    pub(super) fn sign_in(&mut self, options: Option<Box<SessionOptions>>) {
        let options = options.map_or_else(|| self.session_options.clone(), |options| *options);
        let connection = ConnectionOptions {
            proxy: self.proxy(),
            ..options.connection.clone()
        };
        let environment = self.environment();
        let begun = self.tasks.spawn(async move {
            let begun = bedrock::begin_sign_in(&connection, &environment).await;
            begun.map_err(Failure::from)
        });
        self.connection_dialog = None;
        self.sign_in_dialog = Some(SignInDialog::open(options, Load::Loading(begun)));
    }

    /// Takes in how far it is.
    pub(super) fn collect_sign_in(&mut self, ctx: &Context) {
        let Some(dialog) = &mut self.sign_in_dialog else {
            return;
        };
        match dialog.collect() {
            Some(Progress::Code(prompt, pending)) => {
                ctx.open_url(OpenUrl::new_tab(&prompt.address));
                let confirmed = self
                    .tasks
                    .spawn(async move { pending.confirmed().await.map_err(Failure::from) });
                dialog.wait(prompt, Load::Loading(confirmed));
            }
            Some(Progress::SignedIn(sign_in, options)) => {
                self.sign_in_dialog = None;
                self.connect_signed_in(sign_in, *options);
            }
            None => {}
        }
    }

    fn connect_signed_in(&mut self, sign_in: SignIn, options: SessionOptions) {
        self.notices
            .done("Signed in; it lasts until the program ends or AWS ends it");
        let options = SessionOptions {
            demo: Demo::Never,
            connection: ConnectionOptions {
                credentials: CredentialsSource::DefaultChain,
                sign_in: Some(sign_in),
                ..options.connection
            },
            ..options
        };
        self.connect_with(options, false);
    }

    pub(super) fn sign_in_ui(&mut self, ui: &mut Ui) {
        if let Some(dialog) = &mut self.sign_in_dialog
            && dialog.ui(ui, &mut self.commands)
        {
            self.sign_in_dialog = None;
        }
    }
}
