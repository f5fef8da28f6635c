//! What a person set once: read at the start, written when it changes.

use egui::{Context, ThemePreference};

use super::App;
use crate::store::{self, DataFolder, Settings, Theme};
use crate::tasks::{Job, Tasks};

/// The settings, and the work under way on their file.
#[derive(Default)]
pub struct Preferences {
    loading: Option<Job<Result<Settings, String>>>,
    saving: Option<Job<Result<(), String>>>,
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

    fn save(&mut self, tasks: &Tasks, folder: Option<DataFolder>) {
        let (Some(folder), Some(settings)) = (folder, self.settings.clone()) else {
            return;
        };
        self.saving = Some(tasks.spawn_blocking(move || {
            store::save_settings(&folder, &settings).map_err(|error| error.to_string())
        }));
    }
}

impl App {
    pub(super) fn collect_preferences(&mut self, ctx: &Context) {
        let preferences = &mut self.preferences;
        if let Some(result) = preferences.loading.as_mut().and_then(Job::take) {
            preferences.loading = None;
            match result.unwrap_or_else(|died| Err(died.to_string())) {
                Ok(settings) => {
                    ctx.set_theme(preference(settings.theme));
                    ctx.set_zoom_factor(settings.scale);
                    preferences.settings = Some(settings);
                }
                Err(error) => self
                    .notices
                    .failed(format!("The settings are not used. {error}")),
            }
        }
        if let Some(result) = preferences.saving.as_mut().and_then(Job::take) {
            preferences.saving = None;
            if let Err(error) = result.unwrap_or_else(|died| Err(died.to_string())) {
                self.notices
                    .failed(format!("The settings are not saved. {error}"));
            }
        }
        // Zooming is egui's own (Ctrl and + or -); it is kept like what is set here.
        let scale = ctx.zoom_factor();
        if let Some(settings) = &mut self.preferences.settings
            && (settings.scale - scale).abs() > 0.01
        {
            settings.scale = scale;
            self.preferences.save(&self.tasks, self.data_folder.clone());
        }
    }

    pub(super) fn set_theme(&mut self, ctx: &Context, theme: ThemePreference) {
        ctx.set_theme(theme);
        if let Some(settings) = &mut self.preferences.settings {
            settings.theme = match theme {
                ThemePreference::Dark => Theme::Dark,
                ThemePreference::Light => Theme::Light,
                ThemePreference::System => Theme::System,
            };
            self.preferences.save(&self.tasks, self.data_folder.clone());
        }
    }
}

fn preference(theme: Theme) -> ThemePreference {
    match theme {
        Theme::System => ThemePreference::System,
        Theme::Light => ThemePreference::Light,
        Theme::Dark => ThemePreference::Dark,
    }
}
