//! A message in its place: what happened, and what to do.

use egui::{CornerRadius, Frame, Label, Margin, RichText, ScrollArea, Stroke, Ui};

use super::button::icon_button;
use super::name::announced;
use crate::ui::icons;
use crate::ui::theme::{self, palette, size, space};

/// How much a message matters.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum AlertKind {
    /// Wants attention.
    Warning,
    /// Went wrong.
    Error,
}

/// A message with an icon, a title and lines below it.
pub struct Alert<'a> {
    kind: AlertKind,
    title: &'a str,
    lines: Vec<&'a str>,
    dismissible: bool,
}

impl<'a> Alert<'a> {
    /// A message of one line.
    pub fn new(kind: AlertKind, title: &'a str) -> Self {
        Self {
            kind,
            title,
            lines: Vec::new(),
            dismissible: false,
        }
    }

    /// Adds a line below the title.
    #[must_use]
    pub fn line(mut self, line: &'a str) -> Self {
        if !line.is_empty() {
            self.lines.push(line);
        }
        self
    }

    /// Lets the person put the message away.
    #[must_use]
    pub fn dismissible(mut self) -> Self {
        self.dismissible = true;
        self
    }

    /// Draws it, with room for buttons below; true when it was put away.
    pub fn show(self, ui: &mut Ui, actions: impl FnOnce(&mut Ui)) -> bool {
        let palette = palette(ui);
        let (icon, color, fill) = match self.kind {
            AlertKind::Warning => (icons::WARNING, palette.warning, palette.warning_soft),
            AlertKind::Error => (icons::ERROR, palette.error, palette.error_soft),
        };
        let mut dismissed = false;
        Frame::new()
            .fill(fill)
            .stroke(Stroke::new(1.0, color))
            .corner_radius(CornerRadius::same(size::RADIUS))
            .inner_margin(Margin::symmetric(12, 8))
            .show(ui, |ui| {
                ui.horizontal_top(|ui| {
                    icons::paint(ui, icon, size::ICON, color);
                    let close_width = if self.dismissible {
                        size::CONTROL - 4.0 + space::S
                    } else {
                        0.0
                    };
                    ui.vertical(|ui| {
                        ui.set_width(ui.available_width() - close_width);
                        ui.spacing_mut().item_spacing.y = 2.0;
                        let title = theme::strong(self.title).color(palette.heading);
                        let lines = self.lines.iter();
                        let lines = lines.map(|line| RichText::new(*line).color(palette.text));
                        for words in std::iter::once(title).chain(lines) {
                            let words = ui.add(Label::new(words).wrap());
                            announced(&words, self.kind == AlertKind::Error);
                        }
                        actions(ui);
                    });
                    if self.dismissible {
                        dismissed = icon_button(ui, icons::CLOSE, "Dismiss").clicked();
                    }
                });
            });
        dismissed
    }
}

/// Room for messages above what they are about: they take no more than this share of the height, and scroll
/// where the window is low or its text large.
pub fn alerts_area(ui: &mut Ui, share: f32, content: impl FnOnce(&mut Ui)) {
    ScrollArea::vertical()
        .id_salt("alerts")
        .auto_shrink([false, true])
        .max_height(ui.available_height() * share)
        .show(ui, content);
}
