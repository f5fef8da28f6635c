//! Video playground: videos from words, made in the background by the service and put into S3; the
//! account's videos and how they go.

use egui::{
    CentralPanel, DragValue, Frame, Label, Margin, OpenUrl, Panel, ScrollArea, Stroke, TextEdit, Ui,
};

use crate::bedrock::AsyncInvocation;
use crate::catalog::{Catalog, FoundationModel, Lifecycle, Modality};
use crate::chat::Failure;
use crate::images::Picture;
use crate::pricing::CostBreakdown;
use crate::store::SpendRow;
use crate::tasks::{Job, JobDied, VideoStarted};
use crate::ui::icons;
use crate::ui::screens::out_of_reach;
use crate::ui::shared::Shared;
use crate::ui::theme::{self, palette, size, space};
use crate::ui::widgets::{
    Tone, accessible_name, at_the_end, badge, caption, checkbox, combo_box, composer_box,
    empty_state, failure_alert, icon_button, in_pane, loading_state, model_combo, model_id_line,
    panel_title, primary_button, secondary_button, spinner, text_field, title_row,
};
use crate::ui::{Command, Commands};
use crate::videos::{Problem, VideoDraft, video_offer};

/// Room for title and buttons side by side, in points.
const ROOM_FOR_HEAD: f32 = 310.0;

/// What is said instead of a price that no source has.
const UNKNOWN: &str = "price unknown";

/// What a folder looks like, for where it is only played.
const EXAMPLE_FOLDER: &str = "s3://demo-bucket/videos";

/// How often videos that are being made are asked after, in seconds.
const ASK_EVERY: f64 = 5.0;

/// What can be done in the video playground.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum VideosCommand {
    /// Begins what is set.
    Start,
    /// Fetches the account's videos.
    List,
    /// Opens the dialog for the first image.
    PickImage,
    /// Shows what would be sent, and as code.
    ViewRequest,
}

/// The screen's state.
#[derive(Default)]
pub struct VideosScreen {
    /// What is set.
    pub draft: VideoDraft,
    jobs: Vec<AsyncInvocation>,
    listing: Option<Job<Result<Vec<AsyncInvocation>, Failure>>>,
    starting: Option<Job<Result<VideoStarted, Failure>>>,
    opening: Option<Job<Result<Picture, String>>>,
    is_listed: bool,
    failure: Option<Failure>,
    problem: Option<String>,
    asked: f64,
    spend: Vec<SpendRow>,
}

impl VideosScreen {
    /// Takes the first model that makes videos when none was chosen.
    pub fn offer_models(&mut self, catalog: &Catalog, region: &str) {
        self.is_listed = false;
        self.jobs.clear();
        if self.draft.model.is_some() {
            return;
        }
        if let Some(model) = video_models(catalog).first() {
            self.draft.use_model(catalog.invocation_id(model, region));
        }
    }

    /// Whether a video is on its way to the service.
    pub fn is_starting(&self) -> bool {
        self.starting.is_some()
    }

    /// A video is being begun.
    pub fn start(&mut self, job: Job<Result<VideoStarted, Failure>>) {
        self.failure = None;
        self.starting = Some(job);
    }

    /// Fills in a folder where it is only played; one that was filled in is no good anywhere else.
    pub fn propose_folder(&mut self, simulated: bool) {
        let folder = &mut self.draft.folder;
        if simulated && folder.is_empty() {
            EXAMPLE_FOLDER.clone_into(folder);
        } else if !simulated && folder == EXAMPLE_FOLDER {
            folder.clear();
        }
    }

    /// The account's videos are being fetched.
    pub fn list(&mut self, job: Job<Result<Vec<AsyncInvocation>, Failure>>, now: f64) {
        self.asked = now;
        self.is_listed = true;
        self.listing = Some(job);
    }

    /// An image is being opened.
    pub fn open_image(&mut self, job: Job<Result<Picture, String>>) {
        self.problem = None;
        self.opening = Some(job);
    }

    /// What calls that have begun cost, each once.
    pub fn take_spend(&mut self) -> Vec<SpendRow> {
        std::mem::take(&mut self.spend)
    }

    /// Whether videos are being made.
    pub fn is_running(&self) -> bool {
        self.jobs.iter().any(AsyncInvocation::is_running)
    }

    /// Whether the list shall be fetched: at first, and while videos are being made.
    pub fn wants_list(&self, now: f64) -> bool {
        let due = self.is_running() && now - self.asked > ASK_EVERY;
        self.listing.is_none() && (!self.is_listed || due)
    }

    /// Takes in what came.
    pub fn collect(&mut self, ctx: &egui::Context) {
        if let Some(result) = self.starting.as_mut().and_then(Job::take) {
            self.starting = None;
            match result {
                Ok(Ok(started)) => {
                    self.spend.push(started.spend);
                    self.is_listed = false;
                }
                Ok(Err(failure)) => self.failure = Some(failure),
                Err(died) => self.failure = Some(lost(died)),
            }
        }
        if let Some(result) = self.listing.as_mut().and_then(Job::take) {
            self.listing = None;
            match result {
                Ok(Ok(jobs)) => self.jobs = jobs,
                Ok(Err(failure)) => self.failure = Some(failure),
                Err(died) => self.failure = Some(lost(died)),
            }
        }
        if let Some(result) = self.opening.as_mut().and_then(Job::take) {
            self.opening = None;
            match result.unwrap_or_else(|died| Err(died.to_string())) {
                Ok(picture) => self.draft.first_image = Some(picture),
                Err(words) => self.problem = Some(words),
            }
        }
        if self.jobs.iter().any(AsyncInvocation::is_running) {
            ctx.request_repaint_after_secs(1.0);
        }
    }

    /// Draws the screen.
    pub fn ui(&mut self, ui: &mut Ui, shared: &Shared, commands: &mut Commands) {
        let (background, surface) = (palette(ui).background, palette(ui).surface);
        let margin = |top: i8, bottom: i8| Margin {
            left: 20,
            right: 20,
            top,
            bottom,
        };
        Panel::right("video configuration")
            .exact_size(theme::side_panel(ui, 32.0))
            .resizable(false)
            .frame(Frame::new().fill(surface).inner_margin(16))
            .show(ui, in_pane(|ui| self.panel(ui, shared, commands)));
        Panel::top("video head")
            .resizable(false)
            .show_separator_line(false)
            .frame(Frame::new().fill(background).inner_margin(margin(16, 8)))
            .show(
                ui,
                in_pane(|ui| {
                    title_row(ui, "Video playground", ROOM_FOR_HEAD, |ui| {
                        if secondary_button(ui, icons::RETRY, "Refresh").clicked() {
                            commands.push(Command::Videos(VideosCommand::List));
                        }
                    });
                }),
            );
        if !nobody_makes_videos(shared) {
            Panel::bottom("video composer")
                .resizable(false)
                .show_separator_line(false)
                .frame(Frame::new().fill(background).inner_margin(margin(4, 16)))
                .show(ui, in_pane(|ui| self.composer(ui, shared, commands)));
        }
        CentralPanel::default()
            .frame(Frame::new().fill(background).inner_margin(Margin {
                right: 8,
                ..margin(0, 0)
            }))
            .show(
                ui,
                in_pane(|ui| {
                    ScrollArea::vertical().auto_shrink(false).show(ui, |ui| {
                        ui.set_max_width(ui.available_width() - space::M);
                        self.body(ui, shared, commands);
                    });
                }),
            );
    }

    fn panel(&mut self, ui: &mut Ui, shared: &Shared, commands: &mut Commands) {
        ScrollArea::vertical().auto_shrink(false).show(ui, |ui| {
            panel_title(ui, "Configuration");
            if nobody_makes_videos(shared) {
                let words = "Nothing can be set: no model of this connection makes videos";
                ui.add(Label::new(theme::small(words).color(palette(ui).text_secondary)).wrap());
                return;
            }
            if shared.catalog.ready().is_none() {
                let words = "What can be set is known once the models are listed";
                ui.add(Label::new(theme::small(words).color(palette(ui).text_secondary)).wrap());
            }
            if let Some(catalog) = shared.catalog.ready() {
                model(ui, &mut self.draft, catalog, shared.region());
            }
            caption(ui, "Folder in S3 for the video");
            text_field(
                ui,
                "Folder in S3",
                "s3://my-bucket/videos",
                &mut self.draft.folder,
            );
            let Some(offer) = self.draft.offer() else {
                return;
            };
            let draft = &mut self.draft;
            let lengths: Vec<String> = offer.seconds.iter().map(ToString::to_string).collect();
            let mut seconds = draft.seconds.to_string();
            let lengths: Vec<&str> = lengths.iter().map(String::as_str).collect();
            chosen(ui, "Seconds", &mut seconds, &lengths);
            draft.seconds = seconds.parse().unwrap_or(draft.seconds);
            chosen(ui, "Aspect ratio", &mut draft.ratio, offer.ratios);
            chosen(ui, "Resolution", &mut draft.resolution, offer.resolutions);
            ui.add_space(space::S);
            if offer.can_loop {
                checkbox(ui, &mut draft.loops, "Let the end run into the beginning");
            }
            if let Some(most) = offer.most_seed {
                seed(ui, &mut draft.seed, most);
            }
            if let Some(needed) = offer.first_image {
                caption(ui, &format!("First image, {needed} pixels"));
                self.first_image(ui, commands);
            }
        });
    }

    fn first_image(&mut self, ui: &mut Ui, commands: &mut Commands) {
        let mut removed = false;
        if let Some(image) = &self.draft.first_image {
            ui.horizontal(|ui| {
                let words = format!("{}, {} × {}", image.name, image.width, image.height);
                ui.add(Label::new(words).truncate());
                removed = icon_button(ui, icons::CLOSE, "Remove the first image").clicked();
            });
        }
        if removed {
            self.draft.first_image = None;
        }
        if let Some(problem) = &self.problem {
            ui.label(theme::small(problem).color(palette(ui).error));
        }
        if secondary_button(ui, icons::IMAGE, "Choose an image…").clicked() {
            commands.push(Command::Videos(VideosCommand::PickImage));
        }
    }

    fn composer(&mut self, ui: &mut Ui, shared: &Shared, commands: &mut Commands) {
        composer_box(ui, |ui| {
            let edit = TextEdit::multiline(&mut self.draft.prompt)
                .id_salt("video prompt")
                .frame(Frame::NONE)
                .desired_rows(3)
                .desired_width(f32::INFINITY)
                .hint_text("Say what the video shall show");
            accessible_name(&ui.add(edit), "Prompt");
            ui.add_space(space::XXS);
            self.buttons(ui, shared, commands);
        });
    }

    fn buttons(&self, ui: &mut Ui, shared: &Shared, commands: &mut Commands) {
        let problems = self.draft.problems();
        let is_news = |problem: &&Problem| **problem != Problem::NoPrompt;
        if let Some(problem) = problems.iter().find(is_news)
            && self.draft.model.is_some()
        {
            ui.label(theme::small(problem.to_string()).color(palette(ui).warning));
        }
        ui.horizontal(|ui| {
            if self.draft.model.is_some() {
                let words = cost(&self.draft, shared);
                let told = ui.label(theme::small(&words).color(palette(ui).text_secondary));
                if words.ends_with(UNKNOWN) {
                    told.on_hover_text(
                        "No source of this program has a price of this model: look it up on AWS's \
                         pricing page, or enter it in the model catalog",
                    );
                }
            }
            at_the_end(ui, ("videos", self.starting.is_some()), |ui| {
                let ready = shared.session.ready().is_some() && self.starting.is_none();
                let can = problems.is_empty() && ready;
                if self.starting.is_some() {
                    spinner(ui);
                }
                if icon_button(ui, icons::CODE, "View request").clicked() {
                    commands.push(Command::Videos(VideosCommand::ViewRequest));
                }
                let run = primary_button(ui, can, icons::SEND, "Make the video");
                let reason = problems.first().map(ToString::to_string);
                let reason = reason.unwrap_or_else(|| "Not connected yet".to_owned());
                if run.on_disabled_hover_text(&reason).clicked() {
                    commands.push(Command::Videos(VideosCommand::Start));
                }
            });
        });
    }

    fn body(&mut self, ui: &mut Ui, shared: &Shared, commands: &mut Commands) {
        if out_of_reach::ui(ui, 0.0, shared, commands) && self.jobs.is_empty() {
            return;
        }
        let mut put_away = false;
        if let Some(failure) = &self.failure {
            failure_alert(ui, failure, |ui| {
                if secondary_button(ui, icons::RETRY, "Fetch the videos again").clicked() {
                    put_away = true;
                    commands.push(Command::Videos(VideosCommand::List));
                }
                put_away |= secondary_button(ui, icons::CLOSE, "Put away").clicked();
            });
            ui.add_space(space::S);
        }
        if put_away {
            self.failure = None;
        }
        if nobody_makes_videos(shared) && self.jobs.is_empty() {
            empty_state(
                ui,
                icons::VIDEO,
                "No model here makes videos",
                "The models of this connection are listed in the model catalog. Luma Ray is \
                 offered in us-west-2.",
                |ui| {
                    if secondary_button(ui, icons::REGION, "Change connection…").clicked() {
                        commands.push(Command::ShowConnection);
                    }
                },
            );
        } else if self.jobs.is_empty() && self.listing.is_some() {
            loading_state(ui, "Fetching the account's videos…");
        } else if self.jobs.is_empty() {
            empty_state(
                ui,
                icons::VIDEO,
                "Say what the video shall show",
                "It takes some minutes, and goes on when this window is closed. The service puts the \
                 video into a folder of yours in S3; the account's videos are listed here.",
                |_| {},
            );
        } else {
            let simulated = shared.is_embedded();
            for job in &self.jobs {
                ui.push_id(&job.arn, |ui| row(ui, job, simulated));
            }
        }
    }
}

fn lost(died: JobDied) -> Failure {
    let advice = "Try again; if it happens twice, please report it";
    Failure::local("Internal", died.to_string(), advice)
}

/// One of the account's videos.
fn row(ui: &mut Ui, job: &AsyncInvocation, simulated: bool) {
    let palette = palette(ui);
    Frame::new()
        .fill(palette.surface)
        .stroke(Stroke::new(1.0, palette.divider))
        .corner_radius(size::RADIUS)
        .inner_margin(Margin::same(12))
        .show(ui, |ui| {
            ui.set_width(ui.available_width());
            ui.horizontal(|ui| {
                let (words, tone) = match job.status.as_str() {
                    "InProgress" => ("In progress", Tone::Accent),
                    "Completed" => ("Completed", Tone::Success),
                    "Failed" => ("Failed", Tone::Error),
                    other => (other, Tone::Neutral),
                };
                badge(ui, words, tone);
                if simulated {
                    badge(ui, "Simulated: there is no video", Tone::Warning);
                }
                if job.is_running() {
                    spinner(ui);
                }
                ui.label(theme::strong(model_name(job)));
                ui.label(theme::small(took(job)).color(palette.text_secondary));
            });
            ui.add(Label::new(theme::small(&job.arn).color(palette.text_secondary)).truncate());
            if let Some(words) = &job.failure {
                ui.label(theme::small(words).color(palette.error));
            }
            if let Some(uri) = job.video_uri().filter(|_| job.status == "Completed") {
                ui.add(Label::new(theme::small(&uri)).truncate());
                ui.horizontal(|ui| {
                    if secondary_button(ui, icons::COPY, "Copy the S3 URI").clicked() {
                        ui.ctx().copy_text(uri.clone());
                    }
                    if let Some(address) = console(&uri)
                        && !simulated
                        && secondary_button(ui, icons::VIDEO, "Open in the S3 console").clicked()
                    {
                        ui.ctx().open_url(OpenUrl::new_tab(address));
                    }
                });
            }
        });
    ui.add_space(space::S);
}

/// The model's id, without what stands before it in its ARN.
fn model_name(job: &AsyncInvocation) -> &str {
    job.model_arn.rsplit('/').next().unwrap_or(&job.model_arn)
}

/// How long it took, or takes.
fn took(job: &AsyncInvocation) -> String {
    let Some(from) = job.submitted else {
        return String::new();
    };
    let to = job.ended.unwrap_or_else(std::time::SystemTime::now);
    let seconds = to.duration_since(from).map_or(0, |took| took.as_secs());
    match (seconds / 60, seconds % 60) {
        (0, seconds) => format!("{seconds} s"),
        (minutes, seconds) => format!("{minutes} min {seconds} s"),
    }
}

/// The page of AWS's console for an object.
fn console(uri: &str) -> Option<String> {
    let (bucket, key) = uri.strip_prefix("s3://")?.split_once('/')?;
    Some(format!(
        "https://s3.console.aws.amazon.com/s3/object/{bucket}?prefix={key}"
    ))
}

fn cost(draft: &VideoDraft, shared: &Shared) -> String {
    let bill = draft.bill(&shared.prices, shared.region());
    let total = bill.as_ref().and_then(CostBreakdown::total);
    let seconds = draft.seconds;
    match total {
        Some(total) if shared.is_embedded() => {
            format!("{seconds} seconds, simulated ({total} on AWS)")
        }
        Some(total) => format!("{seconds} seconds, {total}"),
        None => format!("{seconds} seconds, {UNKNOWN}"),
    }
}

/// Whether the list of models is here, and none of them makes videos.
fn nobody_makes_videos(shared: &Shared) -> bool {
    let catalog = shared.catalog.ready();
    catalog.is_some_and(|catalog| video_models(catalog).is_empty())
}

/// The models that make videos and that this program knows how to ask, those in use first.
fn video_models(catalog: &Catalog) -> Vec<&FoundationModel> {
    let mut models: Vec<&FoundationModel> = catalog
        .models
        .iter()
        .filter(|model| model.output_modalities.contains(&Modality::Video))
        .filter(|model| video_offer(&model.id).is_some())
        .collect();
    models.sort_by_key(|model| (model.lifecycle != Lifecycle::Active, model.name.clone()));
    models
}

fn model(ui: &mut Ui, draft: &mut VideoDraft, catalog: &Catalog, region: &str) {
    caption(ui, "Model");
    let current = draft.model.as_ref().and_then(|id| catalog.model(id));
    let models = video_models(catalog);
    if let Some(model) = model_combo(ui, "Video model", models, current) {
        draft.use_model(catalog.invocation_id(model, region));
    }
    model_id_line(ui, draft.model.as_ref());
}

/// A word out of a list; nothing to choose from one.
fn chosen(ui: &mut Ui, name: &str, value: &mut String, options: &[&str]) {
    if options.len() < 2 {
        return;
    }
    caption(ui, name);
    let combo = combo_box(name)
        .selected_text(value.as_str())
        .width(ui.available_width())
        .show_ui(ui, |ui| {
            for option in options {
                if ui.selectable_label(value == option, *option).clicked() {
                    (*option).clone_into(value);
                }
            }
        });
    accessible_name(&combo.response, name);
}

fn seed(ui: &mut Ui, seed: &mut Option<u32>, most: u32) {
    ui.horizontal(|ui| {
        let mut locked = seed.is_some();
        if checkbox(ui, &mut locked, "Lock the seed").changed() {
            *seed = locked.then(|| fastrand::u32(0..=most));
        }
        if let Some(seed) = seed {
            let edit = ui.add(DragValue::new(seed).range(0..=most));
            accessible_name(&edit, "Seed");
        }
    });
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_demos_folder_is_taken_away_where_it_is_no_good() {
        let mut screen = VideosScreen::default();
        screen.propose_folder(false);
        assert_eq!(screen.draft.folder, "", "on AWS nothing is proposed");
        screen.propose_folder(true);
        assert_eq!(screen.draft.folder, EXAMPLE_FOLDER);
        screen.propose_folder(false);
        assert_eq!(screen.draft.folder, "");
        "s3://mine/films".clone_into(&mut screen.draft.folder);
        for simulated in [true, false] {
            screen.propose_folder(simulated);
            assert_eq!(screen.draft.folder, "s3://mine/films");
        }
    }
}
