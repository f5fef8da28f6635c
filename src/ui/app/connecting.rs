//! The connection's part of the app: opening one, and what is fetched through it.

use super::App;
use crate::bedrock::{self, Environment, ProfileSummary};
use crate::catalog::ModelId;
use crate::chat::Failure;
use crate::tasks::Session;
use crate::ui::load::Load;
use crate::ui::screens::connection::ConnectionDialog;

impl App {
    pub(super) fn connect(&mut self) {
        let mut options = self.session_options.clone();
        options.connection.proxy = self.proxy();
        self.shared.catalog = Load::Idle;
        self.shared.identity = Load::Idle;
        self.shared.own_models = Load::Idle;
        self.shared.access = None;
        self.shared.guardrails = Load::Idle;
        self.shared.guardrail_versions = None;
        self.guardrails.connection_changed();
        self.guardrail_work.connection_changed();
        // What was begun elsewhere is not paid for by another account.
        if self.compare.waits_to_ask() {
            self.compare.ask_no_more();
            self.notices.failed(
                "The comparison goes no further: the connection has changed. What was not asked can be asked again",
            );
        }
        let environment = self.environment();
        self.shared.session = Load::Loading(self.tasks.spawn(async move {
            let session = Session::open_in(options, &environment).await;
            session.map_err(Failure::from)
        }));
    }

    pub(super) fn load_catalog(&mut self) {
        let Some(session) = self.shared.session.ready() else {
            return;
        };
        let connection = session.connection().clone();
        self.shared.catalog = Load::Loading(
            self.tasks
                .spawn(async move { connection.catalog().await.map_err(Failure::from) }),
        );
    }

    /// Asks who this is, and what the account has of its own; the embedded endpoint has no account.
    pub(super) fn load_account(&mut self) {
        let Some(session) = self
            .shared
            .session
            .ready()
            .filter(|session| !session.is_embedded())
        else {
            return;
        };
        let connection = session.connection().clone();
        self.shared.identity = Load::Loading(
            self.tasks
                .spawn(async move { connection.identity().await.map_err(Failure::from) }),
        );
        let connection = session.connection().clone();
        self.shared.own_models = Load::Loading(self.tasks.spawn(async move {
            // Kinds that may not be listed are left out: few accounts may list all.
            Ok(connection.own_models().await.models)
        }));
    }

    pub(super) fn check_access(&mut self, id: ModelId) {
        let Some(session) = self.shared.session.ready() else {
            return;
        };
        let connection = session.connection().clone();
        let of = id.clone();
        let asked = self.tasks.spawn(async move {
            connection
                .foundation_model_availability(&of)
                .await
                .map_err(Failure::from)
        });
        self.shared.access = Some((id, Load::Loading(asked)));
    }

    pub(super) fn load_guardrails(&mut self) {
        let Some(session) = self.shared.session.ready() else {
            return;
        };
        let connection = session.connection().clone();
        self.shared.guardrails = Load::Loading(
            self.tasks
                .spawn(async move { connection.guardrails(None).await.map_err(Failure::from) }),
        );
    }

    pub(super) fn load_guardrail_versions(&mut self, id: String) {
        let Some(session) = self.shared.session.ready() else {
            return;
        };
        let connection = session.connection().clone();
        let of = id.clone();
        let versions = self.tasks.spawn(async move {
            connection
                .guardrails(Some(&of))
                .await
                .map_err(Failure::from)
        });
        self.shared.guardrail_versions = Some((id, Load::Loading(versions)));
    }

    /// The variables that connections are made with.
    pub(super) fn environment(&self) -> Environment {
        let given = self.environment.clone();
        given.unwrap_or_else(Environment::of_program)
    }

    pub(super) fn find_profiles(&self) -> Load<Vec<ProfileSummary>> {
        let environment = self.environment();
        Load::Loading(
            self.tasks
                .spawn(async move { Ok(bedrock::profiles(&environment).await) }),
        )
    }

    pub(super) fn open_connection_dialog(&mut self) {
        let profiles = self.find_profiles();
        let embedded = self.shared.is_embedded();
        self.connection_dialog = Some(ConnectionDialog::open(
            &self.session_options,
            embedded,
            profiles,
        ));
    }
}
