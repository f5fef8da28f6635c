//! The one place where commands are carried out.

use egui::Context;

use super::App;
use crate::catalog::ModelId;
use crate::chat::TurnId;
use crate::emulator::Faults;
use crate::images;
use crate::snippets::Target;
use crate::tasks::Session;
use crate::ui::command::{Command, Screen, TurnCommand};
use crate::ui::screens::chat::ChatScreen;
use crate::ui::screens::close_up::CloseUp;
use crate::ui::screens::exchange::ExchangeDialog;
use crate::ui::screens::faults::FaultsDialog;
use crate::ui::screens::help::HelpDialog;
use crate::ui::screens::images::ImagesCommand;
use crate::ui::screens::model_picker::ModelPicker;
use crate::ui::screens::palette::CommandPalette;
use crate::ui::widgets::go_to_pane;
use crate::videos;

impl App {
    pub(super) fn execute(&mut self, ctx: &Context) {
        let commands = self.commands.take();
        if commands.is_empty() {
            return;
        }
        for command in commands {
            let command = self.recognised(command);
            // What many screens have, each has in its own way.
            let left = match self.screen {
                Screen::AltText => self.on_alt_text(command),
                Screen::Compare => self.on_compare(ctx, command),
                Screen::Embeddings => self.on_embeddings(command),
                Screen::Prompts => self.on_prompts(command),
                Screen::Guardrails => self.on_guardrails(command),
                Screen::Images => self.on_images(ctx, command),
                Screen::Videos => self.on_videos(ctx, command),
                _ => Some(command),
            };
            if let Some(command) = left {
                self.execute_one(ctx, command);
            }
        }
        self.watch_begun_work();
        // What a command changed is shown at once, not at the next event.
        ctx.request_repaint();
    }

    /// The same command; where it names an application profile that is listed, its model is known with it.
    fn recognised(&self, mut command: Command) -> Command {
        if let (Command::UseModel(id), Some(catalog)) = (&mut command, self.shared.catalog.ready())
        {
            catalog.recognise(id);
        }
        command
    }

    fn execute_one(&mut self, ctx: &Context, command: Command) {
        match command {
            Command::Show(screen) => self.show(screen),
            Command::ChooseModel => self.choose_chat_model(),
            Command::UseModel(id) => self.use_model(ctx, id),
            Command::TryModel(screen, id) => self.try_model(ctx, screen, id),
            Command::CheckAccess(id) => self.check_access(id),
            Command::PickFiles => {
                if self.picking.is_none() {
                    self.picking = Some(self.tasks.spawn(self.file_picker.pick_files()));
                }
            }
            Command::Attach(paths) => {
                if !paths.is_empty() {
                    self.chat.attach(&self.tasks, paths);
                    self.screen = Screen::Chat;
                }
            }
            Command::AltText(command) => self.alt_text(ctx, command),
            Command::Embeddings(command) => self.embeddings_command(command),
            Command::Send => self.with_session(ChatScreen::send),
            Command::WriteAltText => self.write_alt_text_in_chat(),
            Command::Regenerate => self.with_session(ChatScreen::regenerate),
            Command::Stop => self.chat.stop(),
            Command::Turn(id, TurnCommand::LookAt(place)) => {
                self.close_up = self.chat.picture(id, place).map(CloseUp::open);
            }
            Command::Turn(id, command) => {
                if !self.chat.turn(id, &command) {
                    self.with_session(|chat, tasks, session| {
                        chat.ask_about(tasks, session, id, command);
                    });
                }
            }
            Command::EditLastPrompt => self.chat.edit_last_prompt(),
            command @ (Command::NewConversation
            | Command::ShowConversation(_)
            | Command::CloseConversation(_)
            | Command::CloseShownConversation
            | Command::NextConversation
            | Command::PreviousConversation
            | Command::Find) => self.conversations(&command),
            Command::LoadGuardrails => self.load_guardrails(),
            Command::LoadGuardrailVersions(id) => self.load_guardrail_versions(id),
            Command::SendAnyway => self.with_session(ChatScreen::send_anyway),
            Command::DoNotSend => self.chat.do_not_send(),
            Command::FitImages {
                max_edge,
                keep_metadata,
            } => self.chat.fit_images(&self.tasks, max_edge, keep_metadata),
            Command::ShowS3 => {
                self.screen = Screen::Chat;
                self.chat.show_s3();
            }
            Command::Paste => {
                self.screen = Screen::Chat;
                self.chat.focus_composer();
                ctx.send_viewport_cmd(egui::ViewportCommand::RequestPaste);
            }
            Command::Preset(command) => self.preset(command),
            Command::LookAt(subject) => self.close_up = Some(CloseUp::open(subject)),
            Command::ViewRequest => self.view_request(),
            Command::ViewExchange(turn) => self.view_exchange(Some(turn)),
            Command::ViewLastExchange => self.view_exchange(None),
            Command::Export(format) => self.export(format),
            Command::Import => self.import(),
            Command::Images(command) => self.images(ctx, command),
            Command::Videos(command) => self.videos(ctx, command),
            Command::Compare(command) => self.compare(command),
            Command::Prompts(command) => self.prompts(command),
            Command::Guardrails(command) => self.guardrails(ctx, command),
            Command::StopWritingFiles(place) => self.many_files.stop(place),
            Command::ShowInFolder(path) => self.show_in_folder(path),
            Command::History(command) => self.history(command),
            Command::ReopenHistory => self.reopen_history(),
            Command::Prices(command) => self.prices(command),
            Command::Usage(command) => self.usage(command),
            Command::Settings(command) => self.settings(ctx, command),
            Command::ShowPalette => self.palette = Some(CommandPalette::default()),
            Command::ShowWelcome => self.show_welcome(),
            Command::ShowHelp => self.help = Some(HelpDialog::open(self.screen)),
            Command::GoToPane(step) => go_to_pane(ctx, step),
            Command::TrySamples => self.try_samples(),
            Command::ToggleFrameTimes => self.shows_frame_times = !self.shows_frame_times,
            Command::SaveTrace => self.save_trace(),
            Command::FocusComposer => {
                self.screen = Screen::Chat;
                self.chat.focus_composer();
            }
            Command::ReloadCatalog => self.load_catalog(),
            Command::Reconnect => self.connect(),
            Command::ShowFaults => self.show_faults(),
            Command::SetFaults(faults) => self.set_faults(faults),
            Command::ShowConnection => self.open_connection_dialog(),
            Command::Connect { options, remember } => self.connect_with(*options, remember),
            Command::SignIn(options) => self.sign_in(options),
            Command::ForgetConnection => self.forget_connection(),
            Command::SetTheme(theme) => self.set_theme(ctx, theme),
        }
    }

    /// Asks for alt text of what is attached in the chat, or says there why not.
    fn write_alt_text_in_chat(&mut self) {
        self.screen = Screen::Chat;
        match self.chat.alt_text_unready_reason() {
            Some(reason) => self.notices.failed(reason),
            None => self.with_session(ChatScreen::write_alt_text),
        }
    }

    fn choose_chat_model(&mut self) {
        if let Some(catalog) = self.shared.catalog.ready() {
            self.picker = Some(ModelPicker::open(self.chat.model(), catalog));
        }
    }

    /// Opens a model in the playground that suits it.
    fn try_model(&mut self, ctx: &Context, screen: Screen, id: ModelId) {
        match screen {
            Screen::Embeddings => self.use_embedding_model(id),
            Screen::Images => self.images(ctx, ImagesCommand::UseModel(id)),
            Screen::Videos => {
                self.videos.draft.use_model(id);
                self.screen = Screen::Videos;
            }
            _ => self.use_model(ctx, id),
        }
    }

    /// Talks to a model, or has it make what it makes.
    fn use_model(&mut self, ctx: &Context, id: ModelId) {
        if !images::offers(&id).is_empty() {
            self.images(ctx, ImagesCommand::UseModel(id));
            return;
        }
        if videos::video_offer(&id).is_some() {
            self.videos.draft.use_model(id);
            self.screen = Screen::Videos;
            return;
        }
        // A model chosen for one answer is asked at once.
        let may_ask = !self.chat.awaits_model() || self.may_spend();
        let session = self.shared.session.ready().filter(|_| may_ask);
        self.chat.use_model(&mut self.tasks, session, id);
        self.offer_models_to_chat();
        self.screen = Screen::Chat;
        self.chat.focus_composer();
    }

    fn show_faults(&mut self) {
        let faults = self.shared.session.ready().and_then(Session::faults);
        self.faults_dialog = faults.map(FaultsDialog::open);
    }

    fn set_faults(&self, faults: Faults) {
        if let Some(session) = self.shared.session.ready() {
            session.set_faults(faults);
        }
    }

    pub(super) fn offer_models_to_chat(&mut self) {
        if let Some(catalog) = self.shared.catalog.ready() {
            self.chat.offer_models(catalog, self.shared.region());
        }
    }

    fn show(&mut self, screen: Screen) {
        match screen {
            Screen::History => self.history_screen.refresh(),
            Screen::Settings => self.add_up_folder(),
            Screen::ModelCatalog
            | Screen::Chat
            | Screen::Images
            | Screen::Videos
            | Screen::AltText
            | Screen::Compare
            | Screen::Embeddings
            | Screen::Prompts
            | Screen::Guardrails
            | Screen::Usage => {}
        }
        self.screen = screen;
    }

    /// Shows what the chat would send now.
    fn view_request(&mut self) {
        match self.chat.next_request() {
            None => self.notices.failed("Choose a model first"),
            Some(Err(error)) => self.notices.failed(error.to_string()),
            Some(Ok(request)) => {
                let target = self.target(self.shared.region().to_owned());
                let dialog = ExchangeDialog::open_request(&self.tasks, request, target);
                self.exchange_dialog = Some(dialog);
            }
        }
    }

    fn view_exchange(&mut self, turn: Option<TurnId>) {
        let Some((model, region, exchange)) = self.chat.exchange(turn) else {
            self.notices
                .failed("There is no request to look at: only the last 20 are kept");
            return;
        };
        let target = self.target(region);
        let dialog = ExchangeDialog::open(&self.tasks, exchange, model, target);
        self.exchange_dialog = Some(dialog);
    }

    /// Where code sends a request.
    pub(super) fn target(&self, region: String) -> Target {
        let session = self.shared.session.ready();
        // Code against the embedded endpoint would run nowhere else.
        let endpoint_url = session
            .filter(|session| !session.is_embedded())
            .and_then(|session| session.connection().endpoint_url())
            .map(str::to_owned);
        Target {
            region,
            endpoint_url,
        }
    }

    /// What is done with the open conversations.
    fn conversations(&mut self, command: &Command) {
        match *command {
            Command::NewConversation => {
                self.chat.new_conversation();
                self.screen = Screen::Chat;
            }
            Command::ShowConversation(index) => {
                self.chat.show(index);
                self.screen = Screen::Chat;
            }
            Command::CloseConversation(index) => self.chat.close(index),
            Command::CloseShownConversation if self.screen == Screen::Chat => {
                self.chat.close_shown();
            }
            Command::NextConversation => self.step_through_conversations(ChatScreen::show_next),
            Command::PreviousConversation => {
                self.step_through_conversations(ChatScreen::show_previous);
            }
            Command::Find if self.screen == Screen::Chat => self.chat.find(None),
            _ => {}
        }
    }

    fn step_through_conversations(&mut self, step: impl FnOnce(&mut ChatScreen)) {
        // From another screen the first step is to the one that is open.
        if self.screen == Screen::Chat {
            step(&mut self.chat);
        }
        self.screen = Screen::Chat;
    }

    fn with_session(
        &mut self,
        act: impl FnOnce(&mut ChatScreen, &mut crate::tasks::Tasks, &Session),
    ) {
        if !self.may_spend() {
            return;
        }
        if let Some(session) = self.shared.session.ready() {
            act(&mut self.chat, &mut self.tasks, session);
        }
    }
}
