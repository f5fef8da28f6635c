//! The image playground's part of the app: which commands mean it, and what it wants of files, the
//! clipboard and the disk, all of it in the background.

use std::fs::File;
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use egui::{ColorImage, Context};

use super::App;
use super::many_files::{FilesSoFar, Told};
use crate::files;
use crate::images::{Call, Draft, Picture};
use crate::pricing::CostBreakdown;
use crate::snippets::NativeRequest;
use crate::store::{ConversationId, DataFolder};
use crate::tasks::{Job, finished};
use crate::ui::PickedOne;
use crate::ui::command::{Command, Screen};
use crate::ui::numbers::thousands;
use crate::ui::screens::exchange::ExchangeDialog;
use crate::ui::screens::images::{ImagesCommand, OpenGallery, Role, decode};

/// The folder, in the data folder, of pictures that are handed to another screen.
const HANDED_OVER: &str = "pasted";
/// Most files that have the same name but for a number.
const MOST_OF_ONE_NAME: u32 = 10_000;

/// What is said of a request that is looked at.
const NOT_SENT: &str =
    "What would be sent now. Where no seed is locked, each request draws another.";
const AS_SENT: &str = "What was sent for this image.";
const MADE_AGAIN: &str = "Made again from the parameters of this image, for it alone: images that \
    came in with the request are not kept.";

/// Which screen gets a picture.
#[derive(Clone, Copy)]
enum To {
    AltText,
    Chat,
}

/// Work under way for the screen.
#[derive(Default)]
pub struct ImagesWork {
    picking: Option<(Role, Job<Vec<PathBuf>>)>,
    copying: Option<Job<Result<ColorImage, String>>>,
    handing_over: Option<Job<Result<(PathBuf, To), String>>>,
    loading: Option<Job<Result<(OpenGallery, usize), String>>>,
}

impl App {
    /// What a command of every screen means here; gives it back when it means what it always does.
    pub(super) fn on_images(&mut self, ctx: &Context, command: Command) -> Option<Command> {
        match command {
            Command::Send => self.images(ctx, ImagesCommand::Generate),
            Command::Stop => self.images.gallery_mut().cancel(None),
            Command::Attach(paths) if paths.is_empty() => {}
            Command::Attach(paths) => self.images.attach(&self.tasks, paths, Role::Picture),
            Command::PickFiles => self.images(ctx, ImagesCommand::Pick(Role::Picture)),
            Command::NewConversation => self.images(ctx, ImagesCommand::New),
            Command::FocusComposer => self.images.focus_prompt(),
            other => return Some(other),
        }
        None
    }

    pub(super) fn images(&mut self, ctx: &Context, command: ImagesCommand) {
        match command {
            ImagesCommand::Generate => self.generate(ctx),
            ImagesCommand::TryAgain(index) => {
                let is_ready = self.shared.session.ready().is_some();
                if is_ready && self.may_spend() {
                    let call = self.images.gallery_mut().take_refused(index);
                    self.send(ctx, call.into_iter().collect());
                }
            }
            ImagesCommand::Pick(role) => {
                let chosen = self.file_picker.pick_files();
                self.images_work.picking = Some((role, self.tasks.spawn(chosen)));
            }
            ImagesCommand::Save(place) => {
                let Some(picture) = self.made(place) else {
                    return;
                };
                let chosen = self.file_picker.save_as(&picture.name, "png");
                self.files
                    .write(&self.tasks, chosen, move || Ok(picture.bytes.to_vec()));
            }
            ImagesCommand::SaveAll => {
                let chosen = self
                    .file_picker
                    .pick_folder("Save all images into a folder");
                let pictures = self.images.gallery().pictures();
                let so_far = Arc::new(FilesSoFar::default());
                let saving = save_all(chosen, pictures, Arc::clone(&so_far));
                let job = self.tasks.spawn(saving);
                self.many_files.begin("Saving images", so_far, job);
            }
            ImagesCommand::ViewRequest(place) => self.view_image_request(place),
            ImagesCommand::Copy(place) => {
                let Some(picture) = self.made(place) else {
                    return;
                };
                self.images_work.copying = Some(self.tasks.spawn_blocking(move || {
                    decode(&picture.bytes, u32::MAX).ok_or("The image cannot be read".to_owned())
                }));
            }
            ImagesCommand::Describe(place) => self.hand_over(place, To::AltText),
            ImagesCommand::AskAbout(place) => self.hand_over(place, To::Chat),
            ImagesCommand::New => {
                if self.images.gallery().is_running() {
                    self.notices
                        .failed("Images are being made: stop that first, or wait");
                } else {
                    self.keep_gallery();
                    self.images.begin_anew();
                }
            }
            ImagesCommand::UseModel(id) => {
                self.images.gallery_mut().use_model(id);
                self.screen = Screen::Images;
            }
        }
    }

    fn generate(&mut self, ctx: &Context) {
        let calls = self.images.calls();
        if calls.is_empty() {
            return;
        }
        let draft = &self.images.gallery().draft;
        let bill = draft.bill(&self.shared.prices, self.shared.region(), draft.count);
        let expected = bill.as_ref().and_then(CostBreakdown::total);
        if !self.may_spend_so_much(expected) {
            return;
        }
        self.send(ctx, calls);
    }

    fn send(&mut self, ctx: &Context, calls: Vec<Call>) {
        if let Some(session) = self.shared.session.ready() {
            let now = ctx.input(|input| input.time);
            let gallery = self.images.gallery_mut();
            gallery.start(&self.tasks, session, calls, now);
        }
    }

    /// Shows the request that made a picture, or that what is set becomes.
    fn view_image_request(&mut self, place: Option<usize>) {
        let gallery = self.images.gallery();
        let shown = place.and_then(|place| gallery.at(place));
        let kept = shown.and_then(|shown| shown.call.clone());
        let (call, note) = match (kept, shown) {
            (Some(call), _) => (Some(call), AS_SENT),
            (None, Some(shown)) => {
                let draft = &shown.parameters.draft;
                let draft = Draft {
                    count: 1,
                    ..draft.clone()
                };
                (draft.calls(|_| 0).into_iter().next(), MADE_AGAIN)
            }
            (None, None) => {
                let calls = gallery.draft.calls(|most| fastrand::u32(0..=most));
                (calls.into_iter().next(), NOT_SENT)
            }
        };
        let Some(call) = call else {
            self.notices
                .failed("Choose a model that makes images first");
            return;
        };
        let make = move || {
            let body = call.body().map_err(|problem| problem.to_string())?;
            Ok(NativeRequest {
                model_id: call.model,
                body,
                output_folder: None,
            })
        };
        let target = self.target(self.shared.region().to_owned());
        let dialog = ExchangeDialog::open_native(&self.tasks, note, make, target);
        self.exchange_dialog = Some(dialog);
    }

    fn made(&self, place: usize) -> Option<Picture> {
        let shown = self.images.gallery().at(place)?;
        Some(shown.picture.clone())
    }

    /// Other screens read files, so the picture gets one.
    fn hand_over(&mut self, place: usize, to: To) {
        let Some(folder) = self.data_folder.clone() else {
            self.notices
                .failed("An image needs a data folder to be handed over, and there is none");
            return;
        };
        let Some(picture) = self.made(place) else {
            return;
        };
        let id = self.images.gallery().id();
        self.images_work.handing_over = Some(self.tasks.spawn_blocking(move || {
            let path = save(&folder, id, place, &picture)?;
            Ok((path, to))
        }));
    }

    /// Takes in what came for the screen.
    pub(super) fn collect_images(&mut self, ctx: &Context) {
        if let Some((role, job)) = &mut self.images_work.picking
            && let Some(picked) = job.take()
        {
            let role = *role;
            self.images_work.picking = None;
            self.images
                .attach(&self.tasks, picked.unwrap_or_default(), role);
        }
        match finished(&mut self.images_work.copying) {
            Some(Ok(pixels)) => {
                ctx.copy_image(pixels);
                self.notices.done("The image is in the clipboard");
            }
            Some(Err(words)) => self.notices.failed(words),
            None => {}
        }
        match finished(&mut self.images_work.handing_over) {
            Some(Ok((path, To::AltText))) => self.take_images(vec![path]),
            Some(Ok((path, To::Chat))) => {
                self.chat.attach(&self.tasks, vec![path]);
                self.screen = Screen::Chat;
            }
            Some(Err(words)) => self.notices.failed(words),
            None => {}
        }
        match finished(&mut self.images_work.loading) {
            Some(Ok((gallery, missing))) => {
                if missing > 0 {
                    self.notices.failed(format!(
                        "{} images of this gallery are gone from the data folder",
                        thousands(missing as u64)
                    ));
                }
                self.keep_gallery();
                self.images.open(gallery);
                self.screen = Screen::Images;
            }
            Some(Err(words)) => self
                .notices
                .failed(format!("This gallery cannot be read: {words}")),
            None => {}
        }
        self.images.collect(ctx, &self.tasks, &self.shared);
    }

    /// Shows a gallery of the history.
    pub(super) fn load_gallery(&mut self, id: ConversationId) {
        if self.images.gallery().id() == id {
            self.screen = Screen::Images;
        } else if self.images.gallery().is_running() {
            self.notices
                .failed("Images are being made: stop that first, or wait");
        } else if let Some(store) = self.keeping.store() {
            self.images_work.loading = Some(self.tasks.spawn_blocking(move || {
                let stored = store.load_parts(id).map_err(|error| error.to_string())?;
                let gallery = OpenGallery::of_stored(&stored).map_err(|error| error.to_string())?;
                Ok((gallery, stored.missing_files))
            }));
        }
    }
}

/// Saves pictures into the folder that is chosen; nothing there is written over.
async fn save_all(
    chosen: PickedOne,
    pictures: Vec<Picture>,
    so_far: Arc<FilesSoFar>,
) -> Option<Told> {
    let folder = chosen.await?;
    let saving = tokio::task::spawn_blocking(move || {
        let tally = so_far.write_each(pictures, |picture| {
            // The name may come from an archive, and must not lead out of the folder.
            let name = Path::new(&picture.name).file_name();
            let path = folder.join(name.unwrap_or("image.png".as_ref()));
            save_beside(&path, &picture.bytes)
                .map_err(|error| format!("{}: {error}", path.display()))
        });
        let images = if tally.written == 1 {
            "image"
        } else {
            "images"
        };
        let count = thousands(tally.written as u64);
        let words = format!("Saved {count} {images} to {}", folder.display());
        (tally.report(words), Some(folder))
    });
    let told = saving.await;
    Some(told.unwrap_or_else(|died| (Err(died.to_string()), None)))
}

/// Writes a new file: with a number behind its name when the name is taken.
fn save_beside(path: &Path, bytes: &[u8]) -> io::Result<()> {
    let stem = path.file_stem().unwrap_or_default().to_string_lossy();
    for number in 1..MOST_OF_ONE_NAME {
        let path = match number {
            1 => path.to_owned(),
            number => path.with_file_name(format!("{stem} ({number}).png")),
        };
        match File::create_new(path) {
            Ok(mut file) => return file.write_all(bytes),
            Err(error) if error.kind() == io::ErrorKind::AlreadyExists => {}
            Err(error) => return Err(error),
        }
    }
    Err(io::ErrorKind::AlreadyExists.into())
}

fn save(
    folder: &DataFolder,
    id: ConversationId,
    place: usize,
    picture: &Picture,
) -> Result<PathBuf, String> {
    let folder = folder.path().join(HANDED_OVER);
    let failed = |error: io::Error| format!("{}: {error}", folder.display());
    std::fs::create_dir_all(&folder).map_err(failed)?;
    let id = id.to_string();
    let short = id.split('-').next().unwrap_or_default();
    let path = folder.join(format!("made-{short}-{}.png", place + 1));
    files::replace(&path, &picture.bytes, None).map_err(failed)?;
    Ok(path)
}
