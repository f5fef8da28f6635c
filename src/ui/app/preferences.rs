//! What a person set once: read at the start, written when it changes.

use std::path::Path;

use egui::{Context, ThemePreference, Ui};

use super::App;
use crate::store::{self, BatchJobs, DataFolder, Settings, Theme, WindowSize};
use crate::tasks::{Job, Tasks, finished};
use crate::ui::command::SettingsCommand;
use crate::ui::screens::settings;

/// The settings, and the work under way on their file.
#[derive(Default)]
pub struct Preferences {
    loading: Option<Job<Result<Settings, String>>>,
    saving: Option<Job<Result<(), String>>>,
    /// Whether something has changed since the last save began.
    changed: bool,
    adding_up: Option<Job<u64>>,
    /// Bytes of the data folder.
    folder_size: Option<u64>,
    /// `None` until they are read, and when they cannot be: then they are not written either.
    settings: Option<Settings>,
}

impl Preferences {
    /// Reads the settings.
    pub fn load(&mut self, tasks: &Tasks, folder: Option<DataFolder>) {
        self.loading = folder.map(|folder| {
            tasks.spawn_blocking(move || {
                store::load_settings(&folder).map_err(|error| error.to_string())
            })
        });
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
                    apply(ctx, &settings);
                    self.chat.set_defaults(&settings);
                    self.preferences.settings = Some(settings);
                    self.offer_models_to_chat();
                }
                Err(error) => self
                    .notices
                    .failed(format!("The settings are not used. {error}")),
            }
        }
        self.preferences.remember_window(ctx);
        if self.welcomes && self.preferences.takes_welcome() {
            self.show_welcome();
        }
        let preferences = &mut self.preferences;
        if let Some(Err(error)) = finished(&mut preferences.saving) {
            self.notices
                .failed(format!("The settings are not saved. {error}"));
        }
        if let Some(result) = preferences.adding_up.as_mut().and_then(Job::take) {
            preferences.adding_up = None;
            preferences.folder_size = result.ok();
        }
        // Zooming is egui's own (Ctrl and + or -); it is kept like what is set here.
        let scale = ctx.zoom_factor();
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
        match command {
            SettingsCommand::Save(settings) => self.use_settings(ctx, *settings),
            SettingsCommand::SaveAsDefault => self.save_as_default(ctx),
            SettingsCommand::BackUp => self.back_up(),
            SettingsCommand::CheckHistory => self.check_history(),
        }
    }

    /// Keeps these settings and lives by them.
    fn use_settings(&mut self, ctx: &Context, settings: Settings) {
        apply(ctx, &settings);
        self.chat.set_defaults(&settings);
        self.preferences.settings = Some(settings);
        self.preferences.changed = true;
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

    /// Whether AWS's prices may be looked at once a week.
    pub(super) fn refreshes_weekly(&self) -> bool {
        let settings = self.preferences.settings.as_ref();
        settings.is_some_and(|settings| settings.refresh_prices_weekly)
    }

    /// Where price files are fetched from, when not from AWS.
    pub(super) fn price_list_url(&self) -> Option<String> {
        self.preferences.settings.as_ref()?.price_list_url.clone()
    }

    /// Begins to add up what the data folder holds.
    pub(super) fn add_up_folder(&mut self) {
        self.preferences.folder_size = None;
        self.preferences.adding_up = self.data_folder.clone().map(|folder| {
            self.tasks
                .spawn_blocking(move || bytes_below(folder.path()))
        });
    }

    pub(super) fn settings_ui(&mut self, ui: &mut Ui) {
        #[expect(clippy::cast_precision_loss, reason = "rounded for display anyway")]
        let size = self
            .preferences
            .folder_size
            .map(|bytes| format!("{:.1} MB", bytes as f64 / 1e6));
        let about = settings::About {
            folder: self.data_folder.as_ref(),
            size: size.as_deref(),
        };
        settings::ui(
            ui,
            self.preferences.settings.as_ref(),
            &about,
            &mut self.commands,
        );
    }
}

fn apply(ctx: &Context, settings: &Settings) {
    ctx.set_theme(preference(settings.theme));
    ctx.set_zoom_factor(settings.scale);
}

/// The bytes of every file below a folder; links are not followed.
fn bytes_below(folder: &Path) -> u64 {
    let Ok(entries) = std::fs::read_dir(folder) else {
        return 0;
    };
    entries
        .flatten()
        .map(|entry| match entry.metadata() {
            Ok(metadata) if metadata.is_dir() => bytes_below(&entry.path()),
            Ok(metadata) => metadata.len(),
            Err(_) => 0,
        })
        .sum()
}

fn preference(theme: Theme) -> ThemePreference {
    match theme {
        Theme::System => ThemePreference::System,
        Theme::Light => ThemePreference::Light,
        Theme::Dark => ThemePreference::Dark,
    }
}
