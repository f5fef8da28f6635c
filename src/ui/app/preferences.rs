//! What a person set once: read at the start, written when it changes.

use egui::{Context, FontData, ThemePreference, Ui, ViewportCommand};

use super::App;
use crate::bedrock::Proxy;
use crate::store::{
    self, BatchJobs, DataFolder, FolderSizes, PriceUpdates, SCALES, Settings, Theme, WindowSize,
};
use crate::tasks::{Job, Tasks, finished};
use crate::ui::command::{Command, Screen, SettingsCommand};
use crate::ui::load::Load;
use crate::ui::screens::settings::{self, SettingsScreen};
use crate::ui::typefaces::Typeface;
use crate::ui::{fonts, motion, theme, typefaces};

/// The settings, and the work under way on their file.
#[derive(Default)]
pub struct Preferences {
    loading: Option<Job<Result<Settings, String>>>,
    saving: Option<Job<Result<(), String>>>,
    /// Whether something has changed since the last save began.
    changed: bool,
    adding_up: Option<Job<FolderSizes>>,
    /// How large the data folder is.
    sizes: Option<FolderSizes>,
    listing: Option<Job<Vec<String>>>,
    /// The families of the system, once they were looked for.
    families: Option<Vec<String>>,
    setting_type: Option<Job<Option<Typeface>>>,
    /// What words are set in; Open Sans when missing.
    typeface: Option<Typeface>,
    finding_emoji: Option<Job<Option<FontData>>>,
    /// The system's emoji, where they are wanted and it has them.
    emoji: Option<FontData>,
    asking_for_motion: Option<Job<bool>>,
    /// Whether the system asks for little motion.
    system_reduces_motion: bool,
    /// Whether the window is still to fill the screen, as it did when it was closed.
    to_maximize: bool,
    /// The family that words are set in, or will be.
    family: Option<String>,
    screen: SettingsScreen,
    /// `None` until they are read, and when they cannot be: then they are not written either.
    settings: Option<Settings>,
    /// Why they cannot be read.
    unreadable: Option<String>,
}

impl Preferences {
    /// Reads the settings.
    pub fn load(&mut self, tasks: &Tasks, folder: Option<DataFolder>) {
        self.asking_for_motion = Some(tasks.spawn_blocking(motion::system_reduces));
        self.loading = folder.map(|folder| {
            tasks.spawn_blocking(move || {
                store::load_settings(&folder).map_err(|error| error.to_string())
            })
        });
    }

    /// Looks for the system's emoji.
    pub fn find_emoji(&mut self, tasks: &Tasks) {
        self.finding_emoji = Some(tasks.spawn_blocking(typefaces::emoji));
    }

    fn set_type(&self, ctx: &Context) {
        fonts::install(ctx, self.typeface.as_ref(), self.emoji.as_ref());
    }

    /// Whether the settings are still being read.
    pub fn is_loading(&self) -> bool {
        self.loading.is_some()
    }

    /// Why nobody knows what the settings ask for, where they cannot be read.
    pub fn unreadable(&self) -> Option<&str> {
        self.unreadable.as_deref()
    }

    /// The settings, where there are any to keep.
    pub fn settings(&self) -> Option<&Settings> {
        self.settings.as_ref()
    }

    /// Keeps where batch jobs were submitted.
    pub fn remember_batch_jobs(&mut self, batch_jobs: BatchJobs) {
        if let Some(settings) = &mut self.settings {
            settings.batch_jobs = Some(batch_jobs);
            self.changed = true;
        }
    }

    /// Lets things move unless the person or the system wants less of it.
    fn set_motion(&self, ctx: &Context) {
        let asked = self.settings.as_ref().is_some_and(|it| it.reduce_motion);
        theme::set_motion(ctx, !asked && !self.system_reduces_motion);
    }

    /// Fills the screen again where the window does not. A window manager heeds it only of a window that is shown,
    /// which it is after its first frame: that it was made so is forgotten by then.
    fn maximize_again(&mut self, ctx: &Context) {
        let is_shown = ctx.cumulative_frame_nr() > 0;
        let maximized = ctx.input(|input| input.viewport().maximized);
        if let Some(maximized) = maximized.filter(|_| self.to_maximize && is_shown) {
            self.to_maximize = false;
            if !maximized {
                ctx.send_viewport_cmd(ViewportCommand::Maximized(true));
            }
        }
    }

    /// Remembers where the window is and how large. Kept when the program ends, or with anything else.
    fn remember_window(&mut self, ctx: &Context) {
        let Some(settings) = &mut self.settings else {
            return;
        };
        let zoom = ctx.zoom_factor();
        let (inner, outer, maximized, hidden) = ctx.input(|input| {
            let window = input.viewport();
            let hidden = window.minimized == Some(true) || window.fullscreen == Some(true);
            (
                window.inner_rect,
                window.outer_rect,
                window.maximized,
                hidden,
            )
        });
        let Some(inner) = inner.filter(|_| !hidden) else {
            return;
        };
        let maximized = maximized == Some(true);
        // Maximized, it keeps the place it goes back to.
        if let Some(window) = settings.window.as_mut().filter(|_| maximized) {
            window.maximized = true;
            return;
        }
        settings.window = Some(WindowSize {
            width: inner.width() * zoom,
            height: inner.height() * zoom,
            x: outer.map(|outer| outer.min.x * zoom),
            y: outer.map(|outer| outer.min.y * zoom),
            maximized,
        });
    }

    /// Whether the welcome is still to be shown; only once.
    fn takes_welcome(&mut self) -> bool {
        let Some(settings) = self.settings.as_mut().filter(|it| !it.welcomed) else {
            return false;
        };
        settings.welcomed = true;
        self.changed = true;
        true
    }

    /// Writes the settings before the program ends. Waits for the disk.
    fn save_at_once(&mut self, folder: Option<&DataFolder>) {
        if let Some(saving) = self.saving.take() {
            saving.wait().ok();
        }
        if let (Some(folder), Some(settings)) = (folder, &self.settings)
            && let Err(error) = store::save_settings(folder, settings)
        {
            tracing::error!("the settings are not saved: {error}");
        }
    }

    /// Writes the settings unless they are being written; then again afterwards.
    fn save_if_changed(&mut self, tasks: &Tasks, folder: Option<DataFolder>) {
        if !self.changed || self.saving.is_some() {
            return;
        }
        self.changed = false;
        let (Some(folder), Some(settings)) = (folder, self.settings.clone()) else {
            return;
        };
        self.saving = Some(tasks.spawn_blocking(move || {
            store::save_settings(&folder, &settings).map_err(|error| error.to_string())
        }));
    }
}

impl App {
    /// Writes the settings, and with them the window's place, before the program ends.
    pub(super) fn save_preferences_at_once(&mut self) {
        self.preferences.save_at_once(self.data_folder.as_ref());
    }

    pub(super) fn collect_preferences(&mut self, ctx: &Context) {
        let preferences = &mut self.preferences;
        if let Some(result) = finished(&mut preferences.loading) {
            match result {
                Ok(settings) => {
                    let before = self.preferences.settings.take();
                    self.preferences.to_maximize =
                        before.is_none() && settings.window.is_some_and(|window| window.maximized);
                    self.live_by(ctx, &settings, before.as_ref());
                    self.preferences.settings = Some(settings);
                    self.preferences.set_motion(ctx);
                    self.offer_models_to_chat();
                }
                Err(error) => {
                    self.notices
                        .failed(format!("The settings are not used. {error}"));
                    self.preferences.unreadable = Some(error);
                }
            }
            // They say which proxy, and whether a connection is remembered.
            if matches!(self.shared.session, Load::Idle) {
                self.begin();
            }
        }
        self.preferences.maximize_again(ctx);
        self.preferences.remember_window(ctx);
        if self.welcomes && self.preferences.takes_welcome() {
            self.show_welcome();
        }
        let preferences = &mut self.preferences;
        if let Some(Err(error)) = finished(&mut preferences.saving) {
            self.notices
                .failed(format!("The settings are not saved. {error}"));
        }
        if let Some(Ok(reduces)) = preferences.asking_for_motion.as_mut().and_then(Job::take) {
            preferences.asking_for_motion = None;
            preferences.system_reduces_motion = reduces;
            preferences.set_motion(ctx);
        }
        if let Some(result) = preferences.adding_up.as_mut().and_then(Job::take) {
            preferences.adding_up = None;
            preferences.sizes = result.ok();
        }
        if let Some(result) = preferences.listing.as_mut().and_then(Job::take) {
            preferences.listing = None;
            preferences.families = Some(result.unwrap_or_default());
        }
        if let Some(result) = preferences.setting_type.as_mut().and_then(Job::take) {
            preferences.setting_type = None;
            let found = result.ok().flatten();
            if found.is_none()
                && let Some(family) = &preferences.family
            {
                let problem =
                    format!("This system has no font family {family:?}; Open Sans is used");
                self.notices.failed(problem);
            }
            preferences.typeface = found;
            preferences.set_type(ctx);
        }
        if let Some(found) = preferences.finding_emoji.as_mut().and_then(Job::take) {
            preferences.finding_emoji = None;
            preferences.emoji = found.ok().flatten();
            if preferences.emoji.is_some() {
                preferences.set_type(ctx);
            }
        }
        let preferences = &mut self.preferences;
        // Zooming is egui's own (Ctrl and + or -); it is kept like what is set here, and goes no further.
        let zoomed = ctx.zoom_factor();
        let scale = zoomed.clamp(*SCALES.start(), *SCALES.end());
        if (zoomed - scale).abs() > f32::EPSILON {
            ctx.set_zoom_factor(scale);
        }
        if let Some(settings) = &mut preferences.settings
            && (settings.scale - scale).abs() > 0.01
        {
            settings.scale = scale;
            preferences.changed = true;
        }
        preferences.save_if_changed(&self.tasks, self.data_folder.clone());
    }

    pub(super) fn set_theme(&mut self, ctx: &Context, theme: ThemePreference) {
        ctx.set_theme(theme);
        if let Some(settings) = &mut self.preferences.settings {
            settings.theme = match theme {
                ThemePreference::Dark => Theme::Dark,
                ThemePreference::Light => Theme::Light,
                ThemePreference::System => Theme::System,
            };
            self.preferences.changed = true;
        }
    }

    pub(super) fn settings(&mut self, ctx: &Context, command: SettingsCommand) {
        if self.keeping.is_opening() && command.is_of_history() {
            self.commands.push(Command::Settings(command));
            return;
        }
        match command {
            SettingsCommand::Save(settings) => self.use_settings(ctx, *settings),
            SettingsCommand::SaveAsDefault => self.save_as_default(ctx),
            SettingsCommand::KeepBeginning(screen) => self.keep_beginning(ctx, screen),
            SettingsCommand::Tidy => self.tidy_up(self.retention_days()),
            SettingsCommand::EmptyTrash => self.tidy_up(0),
            SettingsCommand::ExportAll => self.export_all(),
            SettingsCommand::ImportAll { replace_settings } => self.import_all(replace_settings),
            SettingsCommand::StopArchive => self.archives.stop(),
            SettingsCommand::CloseReport => self.archives.close_report(),
            SettingsCommand::BackUp => self.back_up(),
            SettingsCommand::CheckHistory => self.check_history(),
        }
    }

    /// Changes what settings change.
    fn live_by(&mut self, ctx: &Context, settings: &Settings, before: Option<&Settings>) {
        ctx.set_theme(preference(settings.theme));
        ctx.set_zoom_factor(settings.scale);
        self.shared.send_key = settings.send_key;
        self.chat.set_defaults(settings, before);
        self.compare.set_ask_above(settings.ask_above);
        self.prompts.set_ask_above(settings.ask_above);
        if before.map(|before| &before.beginnings) != Some(&settings.beginnings) {
            let beginning = |screen: Screen| settings.beginnings.get(name_of(screen));
            self.alt_text.set_beginning(beginning(Screen::AltText));
            self.compare.set_beginning(beginning(Screen::Compare));
        }
        self.set_in(ctx, settings.font.clone());
    }

    /// Sets words in another family of the system.
    fn set_in(&mut self, ctx: &Context, family: Option<String>) {
        if self.preferences.family == family {
            return;
        }
        self.preferences.family.clone_from(&family);
        self.preferences.setting_type = None;
        if let Some(family) = family {
            let load = move || typefaces::load(&family);
            self.preferences.setting_type = Some(self.tasks.spawn_blocking(load));
        } else {
            self.preferences.typeface = None;
            self.preferences.set_type(ctx);
        }
    }

    /// Lets new lists or comparisons begin like the one that is shown.
    fn keep_beginning(&mut self, ctx: &Context, screen: Screen) {
        let beginning = match screen {
            Screen::AltText => self.alt_text.beginning(),
            Screen::Compare => self.compare.beginning(),
            _ => None,
        };
        if let (Some(mut settings), Some(beginning)) =
            (self.preferences.settings.clone(), beginning)
        {
            let name = name_of(screen).to_owned();
            settings.beginnings.insert(name, beginning);
            self.use_settings(ctx, settings);
            self.notices.done("New ones begin like this one");
        }
    }

    /// Keeps these settings and lives by them.
    fn use_settings(&mut self, ctx: &Context, settings: Settings) {
        let before = self.preferences.settings.take();
        self.live_by(ctx, &settings, before.as_ref());
        let has_other_proxy = before.is_some_and(|before| before.proxy != settings.proxy);
        self.preferences.settings = Some(settings);
        self.preferences.set_motion(ctx);
        self.preferences.changed = true;
        if has_other_proxy && !self.shared.is_embedded() {
            self.connect();
        }
    }

    /// Lets new conversations begin like the one that is shown.
    fn save_as_default(&mut self, ctx: &Context) {
        if let Some(mut settings) = self.preferences.settings.clone() {
            settings.default_model = self.chat.model().cloned();
            settings.default_configuration = Some(self.chat.configuration().clone());
            self.use_settings(ctx, settings);
            self.notices.done("New conversations begin like this one");
        }
    }

    /// How long deleted conversations can be brought back.
    pub(super) fn retention_days(&self) -> u32 {
        let settings = self.preferences.settings.as_ref();
        settings.map_or_else(
            || Settings::default().retention_days,
            |settings| settings.retention_days,
        )
    }

    /// How long what nobody uses is kept; for ever when `None`.
    pub(super) fn keep_days(&self) -> Option<u32> {
        self.preferences.settings.as_ref()?.keep_days
    }

    /// When AWS's prices are looked at without being asked to.
    pub(super) fn price_updates(&self) -> PriceUpdates {
        let settings = self.preferences.settings.as_ref();
        settings.map_or(PriceUpdates::Never, |settings| settings.price_updates)
    }

    /// The proxy calls go through.
    pub(super) fn proxy(&self) -> Proxy {
        let settings = self.preferences.settings.as_ref();
        Proxy::from_setting(settings.and_then(|settings| settings.proxy.as_deref()))
    }

    /// Whether the next start uses what the keyring holds.
    pub(super) fn remembers_connection(&self) -> bool {
        let settings = self.preferences.settings.as_ref();
        settings.is_some_and(|settings| settings.remembered_connection)
    }

    /// Notes whether it does.
    pub(super) fn set_remembers_connection(&mut self, remembers: bool) {
        if let Some(settings) = &mut self.preferences.settings {
            settings.remembered_connection = remembers;
            self.preferences.changed = true;
        }
    }

    /// Where price files are fetched from, when not from AWS.
    pub(super) fn price_list_url(&self) -> Option<String> {
        self.preferences.settings.as_ref()?.price_list_url.clone()
    }

    /// Begins to add up what the data folder holds.
    pub(super) fn add_up_folder(&mut self) {
        let folder = self.data_folder.clone();
        self.preferences.adding_up =
            folder.map(|folder| self.tasks.spawn_blocking(move || folder.sizes()));
        if self.preferences.families.is_none() && self.preferences.listing.is_none() {
            self.preferences.listing = Some(self.tasks.spawn_blocking(typefaces::families));
        }
    }

    pub(super) fn settings_ui(&mut self, ui: &mut Ui) {
        let preferences = &mut self.preferences;
        let about = settings::About {
            folder: self.data_folder.as_ref(),
            sizes: preferences.sizes.as_ref(),
            families: preferences.families.as_deref(),
            archive: self.archives.view(),
        };
        preferences.screen.ui(
            ui,
            preferences.settings.as_ref(),
            &about,
            &mut self.commands,
        );
    }
}

/// What a screen's beginning is called in the settings.
fn name_of(screen: Screen) -> &'static str {
    match screen {
        Screen::AltText => "altText",
        Screen::Compare => "compare",
        _ => "",
    }
}

fn preference(theme: Theme) -> ThemePreference {
    match theme {
        Theme::System => ThemePreference::System,
        Theme::Light => ThemePreference::Light,
        Theme::Dark => ThemePreference::Dark,
    }
}
