//! A picture looked at closely.
//!
//! Must not know where it stands.

use std::fmt;
use std::sync::Arc;

use egui::{Context, TextureHandle, Ui};

use super::chat::texture;
use crate::chat::{ContentBlock, MediaSource};
use crate::media::{self, Limits, MediaError, Thumbnail};
use crate::tasks::{Job, Tasks};
use crate::ui::icons;
use crate::ui::theme::{self, palette};
use crate::ui::widgets::{Preview, Zoom, dialog, secondary_button};

const WIDTH: f32 = 1_600.0;
/// Space of the window that the frame of the dialog and its words take, in points.
const AROUND: f32 = 190.0;
/// Longest side of what is shown, in pixels; every renderer takes as much.
const SIDE: u32 = 4_096;

/// The picture.
#[derive(Clone, PartialEq)]
pub struct Subject {
    /// What people call it.
    pub name: String,
    /// Size and form, in words.
    pub caption: String,
    /// As it is encoded.
    pub bytes: Arc<[u8]>,
}

impl fmt::Debug for Subject {
    /// Names the size instead of printing megabytes.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Subject({:?}, {} bytes)", self.name, self.bytes.len())
    }
}

impl Subject {
    /// A picture that is held here; `None` of anything else.
    pub fn of(block: &ContentBlock, preview: &Preview) -> Option<Self> {
        let ContentBlock::Image(image) = block else {
            return None;
        };
        let MediaSource::Bytes(bytes) = &image.source else {
            return None;
        };
        Some(Self {
            name: preview.name.clone(),
            caption: preview.caption.clone(),
            bytes: Arc::clone(bytes),
        })
    }
}

/// The open dialog.
pub struct CloseUp {
    subject: Subject,
    opening: Option<Job<Result<Thumbnail, MediaError>>>,
    shown: Option<Result<TextureHandle, String>>,
    zoom: Zoom,
}

impl CloseUp {
    /// Opens on a picture.
    pub fn open(subject: Subject) -> Self {
        Self {
            subject,
            opening: None,
            shown: None,
            zoom: Zoom::default(),
        }
    }

    /// Opens the picture in the background, and takes it in.
    pub fn update(&mut self, ctx: &Context, tasks: &Tasks) {
        if self.shown.is_some() {
            return;
        }
        let opening = self.opening.get_or_insert_with(|| {
            let Subject { name, bytes, .. } = self.subject.clone();
            let limits = Limits {
                thumbnail_side: SIDE,
                ..Limits::converse()
            };
            tasks.spawn_blocking(move || media::open_thumbnail_bytes(&name, &bytes, &limits))
        });
        self.shown = opening.take().map(|opened| match opened {
            Ok(Ok(pixels)) => Ok(texture(ctx, &self.subject.name, &pixels)),
            Ok(Err(error)) => Err(error.to_string()),
            Err(died) => Err(died.to_string()),
        });
    }

    /// Draws it; true when it is closed.
    pub fn ui(&mut self, ui: &mut Ui) -> bool {
        self.zoom.keys(ui);
        let height = (ui.ctx().content_rect().height() - AROUND).max(160.0);
        dialog(ui, &self.subject.name, WIDTH, |ui| {
            let secondary = palette(ui).text_secondary;
            ui.horizontal(|ui| {
                if secondary_button(ui, icons::ADD, "Zoom in").clicked() {
                    self.zoom.closer();
                }
                if secondary_button(ui, icons::RESET, "Fit").clicked() {
                    self.zoom.fit();
                }
                let words = format!("{} · {}", self.zoom.in_words(), self.subject.caption);
                ui.label(theme::small(words).color(secondary));
            });
            let name = format!("Large view of {}", self.subject.name);
            match &self.shown {
                Some(Err(problem)) => drop(ui.label(problem)),
                Some(Ok(shown)) => {
                    self.zoom.picture(ui, &name, height, Some(shown), |_, _| {});
                }
                None => {
                    self.zoom.picture(ui, &name, height, None, |_, _| {});
                }
            }
        })
    }
}
