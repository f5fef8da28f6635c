//! The video playground's part of the app: which commands mean it, and what it asks for.

use std::path::PathBuf;

use egui::Context;

use super::App;
use crate::chat::Failure;
use crate::images::Picture;
use crate::media::{self, Limits};
use crate::pricing::CostBreakdown;
use crate::snippets::NativeRequest;
use crate::store::Screen as MadeIn;
use crate::tasks::start_video;
use crate::ui::command::{Command, Screen};
use crate::ui::screens::exchange::ExchangeDialog;
use crate::ui::screens::videos::VideosCommand;

impl App {
    /// What a command of every screen means here; gives it back when it means what it always does.
    pub(super) fn on_videos(&mut self, ctx: &Context, command: Command) -> Option<Command> {
        match command {
            Command::Send => self.videos(ctx, VideosCommand::Start),
            Command::PickFiles => self.videos(ctx, VideosCommand::PickImage),
            Command::Attach(paths) => self.open_first_image(paths),
            other => return Some(other),
        }
        None
    }

    pub(super) fn videos(&mut self, ctx: &Context, command: VideosCommand) {
        match command {
            VideosCommand::Start => self.begin_video(),
            VideosCommand::List => {
                let Some(session) = self.shared.session.ready() else {
                    return;
                };
                let connection = session.connection().clone();
                let job = self.tasks.spawn(async move {
                    let found = connection.async_invocations().await;
                    found.map_err(Failure::from)
                });
                self.videos.list(job, ctx.input(|input| input.time));
            }
            VideosCommand::ViewRequest => self.view_video_request(),
            VideosCommand::PickImage => {
                let chosen = self.file_picker.pick_files();
                let job = self.tasks.spawn(async move {
                    let path = chosen.await.into_iter().next();
                    let path = path.ok_or("No image was chosen")?;
                    tokio::task::spawn_blocking(move || open(&path))
                        .await
                        .unwrap_or_else(|died| Err(died.to_string()))
                });
                self.videos.open_image(job);
            }
        }
    }

    fn open_first_image(&mut self, paths: Vec<PathBuf>) {
        if let Some(path) = paths.into_iter().next() {
            let job = self.tasks.spawn_blocking(move || open(&path));
            self.videos.open_image(job);
        }
    }

    /// Shows what would be sent, whether or not it would be refused.
    fn view_video_request(&mut self) {
        let draft = self.videos.draft.clone();
        let Some(model_id) = draft.model.clone() else {
            self.notices.failed("Choose a video model first");
            return;
        };
        let make = move || {
            let body = draft.body().ok_or("This model makes no videos")?;
            Ok(NativeRequest {
                model_id,
                body,
                output_folder: Some(draft.folder.trim().to_owned()),
            })
        };
        let note =
            "What would be sent now. The code takes its credentials from where the AWS tools look.";
        let target = self.target(self.shared.region().to_owned());
        let dialog = ExchangeDialog::open_native(&self.tasks, note, make, target);
        self.exchange_dialog = Some(dialog);
    }

    fn begin_video(&mut self) {
        let draft = self.videos.draft.clone();
        if !draft.problems().is_empty() || self.videos.is_starting() {
            return;
        }
        let bill = draft.bill(&self.shared.prices, self.shared.region());
        let expected = bill.as_ref().and_then(CostBreakdown::total);
        if !self.may_spend_so_much(expected) {
            return;
        }
        if let Some(session) = self.shared.session.ready() {
            let connection = session.connection().clone();
            let label = session.label();
            let prices = self.shared.prices.clone();
            let starting = async move {
                let mut started = start_video(connection, draft, prices, MadeIn::videos()).await?;
                started.spend.connection = label;
                Ok(started)
            };
            self.videos.start(self.tasks.spawn(starting));
        }
    }

    /// Takes in what came for the screen, and asks after what is being made while it is shown.
    pub(super) fn collect_videos(&mut self, ctx: &Context) {
        self.videos.collect(ctx);
        let now = ctx.input(|input| input.time);
        let connected = self.shared.session.ready().is_some();
        if self.screen == Screen::Videos && connected && self.videos.wants_list(now) {
            self.videos(ctx, VideosCommand::List);
        }
    }
}

fn open(path: &std::path::Path) -> Result<Picture, String> {
    let (name, bytes) =
        media::read_file(path, &Limits::converse()).map_err(|error| error.to_string())?;
    Picture::open(&name, &bytes)
}
