//! Files on their way into the composer: read and fitted in the background, shown when ready, and
//! named with a reason when they cannot be used.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use egui::{ColorImage, Context, TextureOptions, Ui};

use crate::chat::ContentBlock;
use crate::media::{self, Attachment, Content, ImageAttachment, Limits, MediaError};
use crate::tasks::{Job, Tasks};
use crate::ui::icons;
use crate::ui::theme::space;
use crate::ui::widgets::{Alert, AlertKind, Preview};

/// A file that is ready to be sent.
pub struct Ready {
    pub attachment: Attachment,
    pub preview: Preview,
}

/// A file that could not be taken in.
struct Problem {
    title: String,
    advice: String,
}

/// What is being taken in, what is ready, and what went wrong.
#[derive(Default)]
pub struct Intake {
    opening: Vec<Opening>,
    ready: Vec<Ready>,
    problems: Vec<Problem>,
}

struct Opening {
    name: String,
    job: Job<Result<Attachment, MediaError>>,
}

impl Intake {
    /// Starts reading files.
    pub fn open(&mut self, tasks: &Tasks, paths: Vec<PathBuf>) {
        self.problems.clear();
        for path in paths {
            let limits = Limits::converse();
            let name = file_name(&path);
            let job = tasks.spawn_blocking(move || media::open(&path, &limits));
            self.opening.push(Opening { name, job });
        }
    }

    /// Starts taking a pasted picture in.
    pub fn paste(&mut self, tasks: &Tasks, image: &ColorImage) {
        self.problems.clear();
        let limits = Limits::converse();
        let [width, height] = image
            .size
            .map(|side| u32::try_from(side).unwrap_or(u32::MAX));
        let pixels: Vec<u8> = image
            .pixels
            .iter()
            .flat_map(egui::Color32::to_srgba_unmultiplied)
            .collect();
        let name = "Pasted image".to_owned();
        let job = tasks.spawn_blocking({
            let name = name.clone();
            move || media::open_rgba(&name, width, height, pixels, &limits)
        });
        self.opening.push(Opening { name, job });
    }

    /// Takes in what has been read.
    pub fn collect(&mut self, ctx: &Context) {
        let mut still_opening = Vec::new();
        for mut opening in self.opening.drain(..) {
            match opening.job.take() {
                None => still_opening.push(opening),
                Some(Ok(Ok(attachment))) => self.ready.push(ready(ctx, attachment)),
                Some(Ok(Err(error))) => self.problems.push(Problem {
                    title: error.to_string(),
                    advice: error.advice().to_string(),
                }),
                Some(Err(died)) => self.problems.push(Problem {
                    title: format!("{} could not be read", opening.name),
                    advice: died.to_string(),
                }),
            }
        }
        self.opening = still_opening;
    }

    /// Whether files are still being read.
    pub fn is_opening(&self) -> bool {
        !self.opening.is_empty()
    }

    /// Names of files that are still being read.
    pub fn opening(&self) -> impl Iterator<Item = &str> {
        self.opening.iter().map(|opening| opening.name.as_str())
    }

    /// Whether one of the ready files is a picture.
    pub fn has_image(&self) -> bool {
        self.ready
            .iter()
            .any(|ready| ready.attachment.image().is_some())
    }

    /// Whether nothing is ready.
    pub fn is_empty(&self) -> bool {
        self.ready.is_empty()
    }

    /// The files that are ready.
    pub fn ready(&self) -> &[Ready] {
        &self.ready
    }

    /// Takes one file away.
    pub fn remove(&mut self, index: usize) {
        self.ready.remove(index);
    }

    /// Takes everything that is ready, to be sent.
    pub fn take(&mut self) -> (Vec<ContentBlock>, Vec<Preview>) {
        self.problems.clear();
        self.ready
            .drain(..)
            .map(|ready| (ready.attachment.content_block(), ready.preview))
            .unzip()
    }

    /// Draws what went wrong.
    pub fn problems_ui(&mut self, ui: &mut Ui) {
        if self.problems.is_empty() {
            return;
        }
        let mut index = 0;
        egui::ScrollArea::vertical()
            .id_salt("problems")
            .max_height(180.0)
            .show(ui, |ui| {
                self.problems.retain(|problem| {
                    index += 1;
                    ui.push_id(index, |ui| {
                        !Alert::new(AlertKind::Error, &problem.title)
                            .line(&problem.advice)
                            .dismissible()
                            .show(ui, |_| {})
                    })
                    .inner
                });
            });
        ui.add_space(space::XXS);
    }
}

fn file_name(path: &Path) -> String {
    path.file_name()
        .unwrap_or(path.as_os_str())
        .to_string_lossy()
        .into_owned()
}

fn ready(ctx: &Context, attachment: Attachment) -> Ready {
    let size = attachment.sent_size();
    let preview = match &attachment.content {
        Content::Image(image) => {
            let thumbnail = &image.thumbnail;
            let sides = [thumbnail.width, thumbnail.height].map(|side| side as usize);
            let pixels = ColorImage::from_rgba_unmultiplied(sides, &thumbnail.rgba);
            let texture =
                ctx.load_texture(&attachment.name, Arc::new(pixels), TextureOptions::LINEAR);
            Preview {
                name: attachment.name.clone(),
                caption: caption(image, size),
                changes: image.changes.iter().map(ToString::to_string).collect(),
                texture: Some(texture),
                icon: icons::IMAGE,
            }
        }
        Content::Document(document) => Preview {
            name: attachment.name.clone(),
            caption: format!(
                "{}, {}",
                document.prepared.format.as_str().to_uppercase(),
                bytes(size)
            ),
            changes: vec![format!(
                "Sent as \u{201c}{}\u{201d}",
                document.prepared.name
            )],
            texture: None,
            icon: icons::DOCUMENT,
        },
    };
    Ready {
        attachment,
        preview,
    }
}

fn caption(image: &ImageAttachment, size: usize) -> String {
    format!("{} × {}, {}", image.width, image.height, bytes(size))
}

/// A size in bytes as people write it.
fn bytes(count: usize) -> String {
    #[expect(clippy::cast_precision_loss, reason = "rounded for display anyway")]
    let value = count as f64;
    match count {
        1_000_000.. => format!("{:.1} MB", value / 1e6),
        1_000.. => format!("{:.0} KB", value / 1e3),
        _ => format!("{count} bytes"),
    }
}
