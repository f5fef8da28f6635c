//! What was set in a configuration and is kept neither with what was said nor in the settings of the program.

use super::ConfigurationPanel;
use crate::store::OpenConfiguration;

/// What was kept last, and what has changed since.
#[derive(Clone, Default)]
pub(super) struct Unkept {
    kept: OpenConfiguration,
    seen: OpenConfiguration,
    changes: u64,
}

impl ConfigurationPanel {
    /// What is set now is kept elsewhere.
    pub fn now_kept(&mut self) {
        self.unkept.kept = self.now();
    }

    /// What is set now, when it is kept nowhere else.
    pub fn unkept(&self) -> Option<OpenConfiguration> {
        self.is_unkept().then(|| self.now())
    }

    /// Whether it is set so nowhere else.
    pub fn is_unkept(&self) -> bool {
        !self.is(&self.unkept.kept)
    }

    /// Takes over what was kept for it alone.
    pub fn set_unkept(&mut self, open: OpenConfiguration) {
        self.settings = open.configuration;
        if let Some(model) = open.model {
            self.use_model(model);
        }
    }

    /// Counts the changes of what is set, as far as it was asked for.
    pub fn revision(&mut self) -> u64 {
        if !self.is(&self.unkept.seen) {
            self.unkept.seen = self.now();
            self.unkept.changes += 1;
        }
        self.unkept.changes
    }

    fn is(&self, other: &OpenConfiguration) -> bool {
        self.model() == other.model.as_ref() && self.settings == other.configuration
    }

    fn now(&self) -> OpenConfiguration {
        OpenConfiguration {
            model: self.model().cloned(),
            configuration: self.settings.clone(),
        }
    }
}
