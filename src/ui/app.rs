//! The application: owns all state, collects results, draws, carries out commands.

mod alt_text;
mod archives;
mod batches;
mod changes;
mod comparing;
mod connecting;
mod drop_target;
mod embeddings;
mod execute;
mod files;
mod frame;
mod guardrails;
mod images;
mod in_parts;
mod keeping;
mod many_files;
mod menu;
mod notices;
mod open_conversations;
mod paste;
mod preferences;
mod prices;
mod prompts;
mod secrets;
mod signing_in;
mod usage;
mod videos;
mod welcome;
mod work;

use std::io;
use std::path::PathBuf;
use std::sync::Arc;

use egui::{Context, Event, Frame, Margin, Panel, RichText, Ui};

use self::alt_text::AltTextWork;
use self::archives::ArchiveWork;
use self::batches::BatchWork;
use self::embeddings::EmbeddingsWork;
use self::files::FileWork;
use self::guardrails::GuardrailWork;
use self::images::ImagesWork;
use self::keeping::Keeping;
use self::many_files::ManyFiles;
use self::notices::Notices;
use self::open_conversations::OpenConversationsWork;
use self::preferences::Preferences;
use self::prices::PriceWork;
use self::prompts::PromptWork;
use self::secrets::Secrets;
use self::usage::UsageWork;
use self::welcome::WelcomeWork;
use self::work::WorkWatch;
use super::clock::{Clock, Zone};
use super::command::{Command, Commands, Screen};
use super::file_manager::FileManager;
use super::file_picker::FilePicker;
use super::frames::FrameLog;
use super::load::Load;
use super::menu_bar::MenuBar;
use super::notifier::Notifier;
use super::screens::alt_text::AltTextScreen;
use super::screens::catalog::CatalogScreen;
use super::screens::chat::ChatScreen;
use super::screens::close_up::CloseUp;
use super::screens::compare::CompareScreen;
use super::screens::connection::ConnectionDialog;
use super::screens::embeddings::EmbeddingsScreen;
use super::screens::exchange::ExchangeDialog;
use super::screens::faults::FaultsDialog;
use super::screens::frame_times;
use super::screens::guardrails::GuardrailsScreen;
use super::screens::help::HelpDialog;
use super::screens::history::HistoryScreen;
use super::screens::images::ImagesScreen;
use super::screens::model_picker::ModelPicker;
use super::screens::navigation;
use super::screens::palette::CommandPalette;
use super::screens::prompts::PromptsScreen;
use super::screens::sign_in::SignInDialog;
use super::screens::usage::UsageScreen;
use super::screens::videos::VideosScreen;
use super::screens::welcome::WelcomeDialog;
use super::shared::Shared;
use super::theme::{palette, size};
use super::widgets::{follow_visit, link_button};
use super::{fonts, icons, theme};
use crate::bedrock::Environment;
use crate::emulator::Upstream;
use crate::keyring::Keyring;
use crate::pricing::Prices;
use crate::store::{DataFolder, SendKey, UnixMs};
use crate::tasks::{HandedOver, Instance, Job, Session, SessionOptions, Tasks, Waker};

/// What an [`App`] is made of.
pub struct AppOptions {
    /// The connection to open.
    pub session: SessionOptions,
    /// Files to attach at once.
    pub files: Vec<PathBuf>,
    /// How a person chooses files.
    pub file_picker: Box<dyn FilePicker>,
    /// How a person who looks elsewhere is told that something is done.
    pub notifier: Box<dyn Notifier>,
    /// What shows a person where a file is.
    pub file_manager: Arc<dyn FileManager>,
    /// The system's menu bar, where it has one.
    pub menu_bar: Option<Box<dyn MenuBar>>,
    /// Where everything is kept; `None` keeps nothing.
    pub data_folder: Option<DataFolder>,
    /// The place of the first window, to which others hand files.
    pub instance: Option<Instance>,
    /// Whether another window has this folder: it keeps which conversations are open there.
    pub is_second: bool,
    /// Whether a person who is new here is welcomed.
    pub welcome: bool,
    /// Where secrets are kept when a person asks for it.
    pub keyring: Arc<dyn Keyring>,
    /// Whether emoji are the system's; otherwise they look alike everywhere.
    pub system_emoji: bool,
    /// The zone times are told in; the system's when missing.
    pub zone: Option<Zone>,
    /// The variables that connections are made with; the process's when missing.
    pub environment: Option<Environment>,
}

/// The application behind the window.
pub struct App {
    // Before `tasks`: jobs are dropped before the runtime they run on.
    shared: Shared,
    zone: Option<Job<Zone>>,
    catalog_screen: CatalogScreen,
    chat: ChatScreen,
    alt_text: AltTextScreen,
    alt_text_work: AltTextWork,
    batch_work: BatchWork,
    frames: FrameLog,
    shows_frame_times: bool,
    images: ImagesScreen,
    images_work: ImagesWork,
    videos: VideosScreen,
    compare: CompareScreen,
    work: WorkWatch,
    notifier: Box<dyn Notifier>,
    file_manager: Arc<dyn FileManager>,
    menu_bar: Option<Box<dyn MenuBar>>,
    handed_over: Option<HandedOver>,
    welcomes: bool,
    welcome: Option<WelcomeDialog>,
    welcome_work: WelcomeWork,
    help: Option<HelpDialog>,
    embeddings: EmbeddingsScreen,
    embeddings_work: EmbeddingsWork,
    guardrails: GuardrailsScreen,
    guardrail_work: GuardrailWork,
    prompts: PromptsScreen,
    prompt_work: PromptWork,
    open_work: OpenConversationsWork,
    picking: Option<Job<Vec<PathBuf>>>,
    picker: Option<ModelPicker>,
    connection_dialog: Option<ConnectionDialog>,
    sign_in_dialog: Option<SignInDialog>,
    faults_dialog: Option<FaultsDialog>,
    exchange_dialog: Option<ExchangeDialog>,
    close_up: Option<CloseUp>,
    palette: Option<CommandPalette>,
    files: FileWork,
    many_files: ManyFiles,
    history_screen: HistoryScreen,
    keeping: Keeping,
    preferences: Preferences,
    price_work: PriceWork,
    secrets: Secrets,
    archives: ArchiveWork,
    usage: UsageWork,
    usage_screen: UsageScreen,
    notices: Notices,
    data_folder: Option<DataFolder>,
    screen: Screen,
    commands: Commands,
    file_picker: Box<dyn FilePicker>,
    session_options: SessionOptions,
    environment: Option<Environment>,
    waker: Waker,
    tasks: Tasks,
}

impl App {
    /// Sets the look and begins to connect.
    ///
    /// # Errors
    /// When the system refuses the background threads.
    pub fn new(ctx: &Context, options: AppOptions) -> io::Result<Self> {
        fonts::install(ctx, None, None);
        theme::apply(ctx);
        // Ctrl+Q would end the program without a question, whatever runs.
        ctx.options_mut(|options| options.quit_shortcuts.clear());
        let waker = Waker::new({
            let ctx = ctx.clone();
            move || ctx.request_repaint()
        });
        let mut app = Self {
            shared: Shared {
                clock: Clock::new(Zone::utc(), UnixMs::now()),
                session: Load::Idle,
                identity: Load::Idle,
                catalog: Load::Idle,
                own_models: Load::Idle,
                access: None,
                guardrails: Load::Idle,
                guardrail_versions: None,
                prices: Prices::default(),
                send_key: SendKey::default(),
                catalog_revision: 0,
            },
            zone: None,
            catalog_screen: CatalogScreen::default(),
            chat: ChatScreen::default(),
            alt_text: AltTextScreen::default(),
            alt_text_work: AltTextWork::default(),
            batch_work: BatchWork::default(),
            frames: FrameLog::default(),
            shows_frame_times: false,
            images: ImagesScreen::default(),
            images_work: ImagesWork::default(),
            videos: VideosScreen::default(),
            compare: CompareScreen::default(),
            work: WorkWatch::default(),
            notifier: options.notifier,
            file_manager: options.file_manager,
            menu_bar: options.menu_bar,
            handed_over: None,
            welcomes: options.welcome,
            welcome: None,
            welcome_work: WelcomeWork::default(),
            help: None,
            embeddings: EmbeddingsScreen::default(),
            embeddings_work: EmbeddingsWork::default(),
            guardrails: GuardrailsScreen::default(),
            guardrail_work: GuardrailWork::default(),
            prompts: PromptsScreen::default(),
            prompt_work: PromptWork::default(),
            open_work: OpenConversationsWork::new(options.is_second),
            picking: None,
            picker: None,
            connection_dialog: None,
            sign_in_dialog: None,
            faults_dialog: None,
            exchange_dialog: None,
            close_up: None,
            palette: None,
            files: FileWork::default(),
            many_files: ManyFiles::default(),
            history_screen: HistoryScreen::default(),
            keeping: Keeping::default(),
            preferences: Preferences::default(),
            price_work: PriceWork::default(),
            secrets: Secrets::new(options.keyring),
            archives: ArchiveWork::default(),
            usage: UsageWork::default(),
            usage_screen: UsageScreen::default(),
            notices: Notices::default(),
            data_folder: options.data_folder,
            screen: Screen::default(),
            commands: Commands::default(),
            file_picker: options.file_picker,
            session_options: options.session,
            environment: options.environment,
            tasks: Tasks::new(waker.clone())?,
            waker,
        };
        app.handed_over = options.instance.map(|place| app.tasks.listen(place));
        match options.zone {
            Some(zone) => app.shared.clock.set_zone(zone),
            None => app.zone = Some(app.tasks.spawn_blocking(Zone::of_system)),
        }
        // Settings have a word in the connection; without a folder there are none to wait for.
        if app.data_folder.is_none() {
            app.begin();
        }
        app.files.load_presets(&app.tasks, app.data_folder.clone());
        app.keeping.open(&app.tasks, app.data_folder.clone());
        if options.system_emoji {
            app.preferences.find_emoji(&app.tasks);
        }
        app.preferences.load(&app.tasks, app.data_folder.clone());
        app.price_work.load(&app.tasks, app.data_folder.clone());
        if !options.files.is_empty() {
            app.commands.push(Command::Attach(options.files));
        }
        Ok(app)
    }

    /// Takes in what background work has brought; also runs while the window is hidden.
    fn collect(&mut self, ctx: &Context) {
        self.waker.collecting();
        self.shared.clock.set_now(UnixMs::now());
        if let Some(found) = self.zone.as_mut().and_then(Job::take) {
            self.zone = None;
            if let Ok(zone) = found {
                self.shared.clock.set_zone(zone);
            }
        }
        if self.shared.session.poll() {
            self.load_catalog();
            self.load_account();
        }
        self.shared.identity.poll();
        self.shared.own_models.poll();
        if let Some((_, access)) = &mut self.shared.access {
            access.poll();
        }
        self.shared.guardrails.poll();
        if let Some((_, versions)) = &mut self.shared.guardrail_versions {
            versions.poll();
        }
        if let Some(dialog) = &mut self.connection_dialog {
            dialog.collect();
        }
        if let Some(close_up) = &mut self.close_up {
            close_up.update(ctx, &self.tasks);
        }
        if self.shared.catalog.poll() {
            self.shared.catalog_revision += 1;
            if let Some(catalog) = self.shared.catalog.ready() {
                self.chat.offer_models(catalog, self.shared.region());
                self.alt_text.offer_models(catalog);
                self.images.offer_models(catalog, self.shared.region());
                self.videos.offer_models(catalog, self.shared.region());
                self.videos.propose_folder(self.shared.is_embedded());
                self.compare.offer_models(catalog, self.shared.region());
                self.embeddings.offer_models(catalog, self.shared.region());
            }
        }
        if let Some(result) = self.picking.as_mut().and_then(Job::take) {
            self.picking = None;
            self.commands
                .push(Command::Attach(result.unwrap_or_default()));
        }
        self.collect_files();
        self.collect_many_files(ctx);
        self.collect_alt_text(ctx);
        self.collect_embeddings(ctx);
        self.collect_batches(ctx);
        self.collect_images(ctx);
        self.collect_videos(ctx);
        self.collect_preferences(ctx);
        self.collect_secrets();
        self.collect_sign_in(ctx);
        self.collect_archives(ctx);
        self.collect_prices();
        self.collect_usage();
        self.collect_welcome();
        self.collect_handed_over(ctx);
        self.collect_menu(ctx);
        self.collect_prompts(ctx);
        self.collect_guardrails();
        if let Some(dialog) = &mut self.exchange_dialog {
            dialog.collect();
        }
        self.chat.collect(ctx, &self.tasks);
        let folders = self.chat.take_folders();
        if !folders.is_empty() {
            self.take_images(folders);
        }
        self.compare.collect(ctx);
        self.collect_spend();
        if self.compare.waits_to_ask() && !self.may_spend() {
            self.compare.ask_no_more();
        }
        if let Some(session) = self.shared.session.ready() {
            self.compare.advance(&mut self.tasks, session);
            self.chat.estimate(&self.tasks, session);
        }
        self.keep_open_conversations(ctx);
        let stays = self.look_at_closing(ctx);
        self.watch_work(ctx, stays);
    }

    fn shortcuts(&mut self, ui: &Ui) {
        for command in Command::WITH_SHORTCUT {
            let Some(shortcut) = command.shortcut() else {
                continue;
            };
            // Escape first closes what is open.
            let taken = command == Command::Stop
                && (self.picker.is_some()
                    || self.connection_dialog.is_some()
                    || self.sign_in_dialog.is_some()
                    || self.faults_dialog.is_some()
                    || self.exchange_dialog.is_some()
                    || self.close_up.is_some()
                    || self.palette.is_some()
                    || self.welcome.is_some()
                    || self.help.is_some()
                    || self.price_work.has_dialog()
                    || self.guardrails.has_dialog()
                    || self.images.has_dialog()
                    || (self.screen == Screen::Chat && self.chat.closes_something())
                    || (self.screen == Screen::History && self.history_screen.closes_something())
                    || !self.is_answering());
            if !taken && ui.input_mut(|input| input.consume_shortcut(&shortcut)) {
                self.commands.push(command);
            }
        }
    }

    /// Whether there is something to stop on the screen that is shown.
    fn is_answering(&self) -> bool {
        match self.screen {
            Screen::Compare => self.compare.is_running(),
            Screen::Embeddings => self.embeddings.open().is_running(),
            Screen::Prompts => self.prompts.is_open_running(),
            Screen::Images => self.images.gallery().is_running(),
            _ => self.chat.is_running(),
        }
    }

    fn incoming(&mut self, ui: &Ui) {
        let files = ui.input_mut(|input| paste::take_files(&mut input.events));
        if !files.is_empty() {
            self.commands.push(Command::Attach(files));
        }
        if self.screen == Screen::Chat && self.chat.composer_has_focus(ui.ctx()) {
            let texts = ui.input_mut(|input| paste::take_long_texts(&mut input.events));
            for text in texts {
                self.chat.attach_text(text);
            }
        }
        if self.screen == Screen::Compare && self.compare.composer_has_focus(ui.ctx()) {
            let texts = ui.input_mut(|input| paste::take_long_texts(&mut input.events));
            for text in texts {
                self.compare.attach_text(text);
            }
        }
        let (dropped, pasted) = ui.input(|input| {
            let dropped: Vec<PathBuf> = input
                .raw
                .dropped_files
                .iter()
                .map(|file| file.path().to_owned())
                .collect();
            let pasted: Vec<_> = input
                .events
                .iter()
                .filter_map(|event| match event {
                    Event::PasteImage(image) => Some(image.clone()),
                    _ => None,
                })
                .collect();
            (dropped, pasted)
        });
        if !dropped.is_empty() {
            self.commands.push(Command::Attach(dropped));
        }
        for image in pasted {
            match self.screen {
                Screen::AltText => self.paste_into_alt_text(&image),
                Screen::Compare => self.compare.paste_image(&self.tasks, &image),
                Screen::Images => self.images.paste(&self.tasks, &image),
                Screen::Embeddings => self.paste_into_embeddings(&image),
                _ => {
                    self.chat.paste_image(&self.tasks, &image);
                    self.screen = Screen::Chat;
                }
            }
        }
    }

    fn demo_banner(&mut self, ui: &mut Ui) {
        if !self.shared.is_embedded() {
            return;
        }
        let session = self.shared.session.ready();
        let upstream = session.and_then(Session::upstream).map(Upstream::url);
        let (title, says, more) = match upstream {
            Some(url) => (
                "Local models",
                format!("Prompts and images go to {url}; nothing is charged"),
                "A local server answers instead of AWS, and nothing goes to AWS",
            ),
            None => (
                "Demo: simulated answers",
                "No AWS account is used and nothing is charged".to_owned(),
                "The embedded endpoint answers instead of AWS. With credentials (a profile, \
                 environment variables or an API key) this program talks to Amazon Bedrock",
            ),
        };
        let palette = palette(ui);
        Panel::top("demo banner")
            .resizable(false)
            .frame(
                Frame::new()
                    .fill(palette.warning_soft)
                    .inner_margin(Margin::symmetric(20, 7)),
            )
            .show(ui, |ui| {
                ui.horizontal_wrapped(|ui| {
                    ui.spacing_mut().interact_size.y = size::LINE;
                    icons::paint(ui, icons::DEMO, size::ICON, palette.warning);
                    let heading = ui.label(theme::strong(title).color(palette.heading));
                    // One line where there is little room: what it says is told when it is pointed at.
                    if upstream.is_some() || !theme::is_narrow(ui) {
                        ui.label(RichText::new(says).color(palette.text_secondary))
                            .on_hover_text(more);
                    } else {
                        heading.on_hover_text(format!("{says}. {more}"));
                    }
                    if link_button(ui, "Faults on request…").clicked() {
                        self.commands.push(Command::ShowFaults);
                    }
                });
            });
    }

    fn dialogs(&mut self, ui: &mut Ui) {
        self.price_dialogs(ui);
        self.guardrail_dialogs(ui);
        let remembering = self.remembering();
        if let Some(dialog) = &mut self.faults_dialog
            && dialog.ui(ui, &mut self.commands)
        {
            self.faults_dialog = None;
        }
        if let Some(dialog) = &mut self.connection_dialog
            && dialog.ui(ui, &self.shared, remembering, &mut self.commands)
        {
            self.connection_dialog = None;
        }
        if let Some(dialog) = &mut self.exchange_dialog
            && dialog.ui(ui)
        {
            self.exchange_dialog = None;
        }
        if let Some(close_up) = &mut self.close_up
            && close_up.ui(ui)
        {
            self.close_up = None;
        }
        if let Some(palette) = &mut self.palette
            && palette.ui(ui, &self.shared, &mut self.commands)
        {
            self.palette = None;
        }
        self.welcome_ui(ui);
        self.sign_in_ui(ui);
        if let Some(help) = &mut self.help
            && help.ui(ui)
        {
            self.help = None;
        }
        self.quit_dialog(ui);
        let (Some(picker), Some(catalog)) = (&mut self.picker, self.shared.catalog.ready()) else {
            return;
        };
        if picker.ui(ui, catalog, &self.shared, &mut self.commands) {
            self.picker = None;
            if !self.commands.has_model_choice() {
                self.chat.forget_answer_with();
            }
        }
    }
}
