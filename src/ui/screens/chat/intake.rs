//! Files on their way into the composer: read and fitted in the background, shown when ready, and
//! named with a reason when they cannot be used.

use std::path::{Path, PathBuf};

use egui::{ColorImage, Context, Ui};

use super::pictures;
use crate::chat::ContentBlock;
use crate::media::{self, Attachment, Content, ImageAttachment, Limits, MediaError, S3Error};
use crate::tasks::{Job, Tasks};
use crate::ui::icons;
use crate::ui::numbers::{bytes, thousands};
use crate::ui::pixels::to_rgba;
use crate::ui::screens::close_up::Subject;
use crate::ui::theme::space;
use crate::ui::widgets::{Alert, AlertKind, Preview};

/// A file that is ready to be sent.
pub struct Ready {
    pub preview: Preview,
    block: ContentBlock,
    place: Place,
    /// Where it can be read again, should it be sent otherwise.
    path: Option<PathBuf>,
}

impl Ready {
    /// Its picture, where it is one.
    pub fn picture(&self) -> Option<Subject> {
        Subject::of(&self.block, &self.preview)
    }
}

/// A file that could not be taken in.
struct Problem {
    title: String,
    advice: String,
}

/// Where a file stands among the others, whichever is read first: prompts speak of the first picture.
type Place = u64;

/// What is being taken in, what is ready, and what went wrong.
#[derive(Default)]
pub struct Intake {
    opening: Vec<Opening>,
    /// In the order of their places.
    ready: Vec<Ready>,
    next_place: Place,
    problems: Vec<Problem>,
    /// Folders: a conversation takes files alone.
    folders: Vec<PathBuf>,
    limits: Limits,
    revision: u64,
}

struct Opening {
    name: String,
    place: Place,
    path: Option<PathBuf>,
    job: Job<Result<Attachment, MediaError>>,
}

impl Intake {
    /// Starts reading files.
    pub fn open(&mut self, tasks: &Tasks, paths: Vec<PathBuf>) {
        self.problems.clear();
        for path in paths {
            let place = self.place();
            self.read(tasks, path, place);
        }
    }

    fn read(&mut self, tasks: &Tasks, path: PathBuf, place: Place) {
        let limits = self.limits.clone();
        let name = file_name(&path);
        let job = tasks.spawn_blocking({
            let path = path.clone();
            move || media::open(&path, &limits)
        });
        self.opening.push(Opening {
            name,
            place,
            path: Some(path),
            job,
        });
    }

    /// The place behind all others.
    fn place(&mut self) -> Place {
        self.next_place += 1;
        self.next_place
    }

    /// Puts what is ready where it belongs.
    fn put(&mut self, ready: Ready) {
        let at = self
            .ready
            .partition_point(|other| other.place < ready.place);
        self.ready.insert(at, ready);
        self.revision += 1;
    }

    /// Starts taking a pasted picture in.
    pub fn paste(&mut self, tasks: &Tasks, image: &ColorImage) {
        self.problems.clear();
        let limits = self.limits.clone();
        let (width, height, pixels) = to_rgba(image);
        let name = "Pasted image".to_owned();
        let job = tasks.spawn_blocking({
            let name = name.clone();
            move || media::open_rgba(&name, width, height, pixels, &limits)
        });
        let place = self.place();
        self.opening.push(Opening {
            name,
            place,
            path: None,
            job,
        });
    }

    /// Attaches an object in S3, which the service reads itself.
    ///
    /// # Errors
    /// When the address is none, or its name tells no kind that models take.
    pub fn attach_s3(&mut self, uri: &str, bucket_owner: &str) -> Result<(), S3Error> {
        let block = media::s3_block(uri, bucket_owner)?;
        let name = uri.trim().rsplit('/').next().unwrap_or_default();
        let preview = Preview {
            name: name.to_owned(),
            caption: "In S3; the service reads it".to_owned(),
            changes: vec![uri.trim().to_owned()],
            texture: None,
            icon: icon(&block),
        };
        let place = self.place();
        self.put(Ready {
            preview,
            block,
            place,
            path: None,
        });
        Ok(())
    }

    /// Attaches a text that is sent as it is.
    pub fn attach_text(&mut self, text: String) {
        let first = text.lines().next().unwrap_or_default();
        let preview = Preview {
            name: "Pasted text".to_owned(),
            caption: format!("{} characters", thousands(text.chars().count() as u64)),
            changes: vec![first.chars().take(60).collect()],
            texture: None,
            icon: icons::DOCUMENT,
        };
        let place = self.place();
        self.put(Ready {
            preview,
            block: ContentBlock::Text(text),
            place,
            path: None,
        });
    }

    /// Whether one of the ready files is a text, which can be sent by itself.
    pub fn has_text(&self) -> bool {
        self.ready
            .iter()
            .any(|ready| matches!(ready.block, ContentBlock::Text(_)))
    }

    /// How pictures are fitted.
    pub fn limits(&self) -> &Limits {
        &self.limits
    }

    /// Fits pictures otherwise from now on; those from files are read again.
    pub fn set_limits(&mut self, tasks: &Tasks, limits: Limits) {
        self.limits = limits;
        self.revision += 1;
        self.problems.clear();
        for ready in std::mem::take(&mut self.ready) {
            match ready {
                Ready {
                    block: ContentBlock::Image(_),
                    path: Some(path),
                    place,
                    ..
                } => self.read(tasks, path, place),
                other => self.ready.push(other),
            }
        }
    }

    /// Takes in what has been read.
    pub fn collect(&mut self, ctx: &Context) {
        let mut still_opening = Vec::new();
        for mut opening in std::mem::take(&mut self.opening) {
            match opening.job.take() {
                None => still_opening.push(opening),
                Some(Ok(Ok(attachment))) => {
                    self.put(ready(ctx, &attachment, opening.place, opening.path));
                }
                Some(Ok(Err(MediaError::Folder { .. }))) if opening.path.is_some() => {
                    self.folders.extend(opening.path);
                }
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

    /// Takes folders that came alone. One among files is named as what cannot be attached.
    pub fn take_folders(&mut self) -> Vec<PathBuf> {
        if self.folders.is_empty() || self.is_opening() {
            return Vec::new();
        }
        let folders = std::mem::take(&mut self.folders);
        if self.ready.is_empty() && self.problems.is_empty() {
            return folders;
        }
        self.problems.extend(folders.iter().map(|folder| {
            let error = MediaError::Folder {
                name: file_name(folder),
            };
            Problem {
                title: error.to_string(),
                advice: error.advice().to_string(),
            }
        }));
        Vec::new()
    }

    /// Counts the changes.
    pub fn revision(&self) -> u64 {
        self.revision
    }

    /// What would be sent now.
    pub fn content(&self) -> impl Iterator<Item = ContentBlock> {
        self.ready.iter().map(|ready| ready.block.clone())
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
            .any(|ready| matches!(ready.block, ContentBlock::Image(_)))
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
        self.revision += 1;
    }

    /// Takes everything that is ready, to be sent.
    pub fn take(&mut self) -> (Vec<ContentBlock>, Vec<Preview>) {
        self.problems.clear();
        self.revision += 1;
        self.ready
            .drain(..)
            .map(|ready| (ready.block, ready.preview))
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

fn icon(block: &ContentBlock) -> icons::Icon {
    match block {
        ContentBlock::Image(_) => icons::IMAGE,
        ContentBlock::Video(_) => icons::VIDEO,
        _ => icons::DOCUMENT,
    }
}

fn ready(ctx: &Context, attachment: &Attachment, place: Place, path: Option<PathBuf>) -> Ready {
    let size = bytes(attachment.sent_size() as u64);
    let block = attachment.content_block();
    let mut preview = Preview {
        name: attachment.name.clone(),
        caption: String::new(),
        changes: Vec::new(),
        texture: None,
        icon: icon(&block),
    };
    match &attachment.content {
        Content::Image(image) => {
            preview.caption = format!("{}, {size}", pixels(image));
            preview.changes = image.changes.iter().map(ToString::to_string).collect();
            preview.texture = Some(pictures::texture(ctx, &attachment.name, &image.thumbnail));
        }
        Content::Document(document) => {
            let document = &document.prepared;
            preview.caption = format!("{}, {size}", document.format.as_str().to_uppercase());
            preview.changes = vec![format!("The model reads it as “{}”", document.name)];
        }
        Content::Video(video) => {
            preview.caption = format!("{} video, {size}", video.prepared.format.to_uppercase());
        }
    }
    Ready {
        preview,
        block,
        place,
        path,
    }
}

fn pixels(image: &ImageAttachment) -> String {
    format!("{} × {}", image.width, image.height)
}

#[cfg(test)]
mod tests {
    use std::time::{Duration, Instant};

    use super::*;
    use crate::tasks::Waker;

    fn picture(folder: &Path, name: &str, side: u32) -> PathBuf {
        let path = folder.join(name);
        image::RgbImage::from_fn(side, side, |x, y| {
            image::Rgb([x, y, x ^ y].map(|it| it.to_le_bytes()[0]))
        })
        .save(&path)
        .expect("saved");
        path
    }

    /// Collects until everything is read.
    fn names(intake: &mut Intake) -> Vec<String> {
        let deadline = Instant::now() + Duration::from_secs(60);
        while intake.is_opening() {
            assert!(Instant::now() < deadline, "nothing more is read");
            intake.collect(&Context::default());
            std::thread::yield_now();
        }
        let ready = intake.ready().iter();
        ready.map(|ready| ready.preview.name.clone()).collect()
    }

    #[test]
    fn files_stand_as_they_were_dropped_whichever_is_read_first() {
        let folder = tempfile::tempdir().expect("a folder");
        let tasks = Tasks::new(Waker::new(|| {})).expect("threads");
        let mut intake = Intake::default();
        let large = picture(folder.path(), "large.png", 3_000);
        let small = picture(folder.path(), "small.png", 8);
        intake.open(&tasks, vec![large, small]);
        assert_eq!(names(&mut intake), ["large.png", "small.png"]);
    }

    #[test]
    fn what_is_fitted_otherwise_keeps_its_place() {
        let folder = tempfile::tempdir().expect("a folder");
        let tasks = Tasks::new(Waker::new(|| {})).expect("threads");
        let mut intake = Intake::default();
        let path = picture(folder.path(), "first.png", 64);
        intake.open(&tasks, vec![path]);
        names(&mut intake);
        intake.attach_text("and this".to_owned());
        let limits = Limits {
            max_edge: Some(32),
            ..Limits::converse()
        };
        intake.set_limits(&tasks, limits);
        assert_eq!(names(&mut intake), ["first.png", "Pasted text"]);
    }
}
