//! The compare screen's part of the app: which commands mean it, and what it asks for.

use super::App;
use crate::compare::{BatchForm, OutcomeFormat, Prompt, read_batch};
use crate::tasks::Job;
use crate::ui::command::{Command, Screen};
use crate::ui::screens::compare::CompareCommand;
use crate::ui::screens::model_picker::ModelPicker;

/// The largest table that is read, in bytes.
const LARGEST_TABLE: u64 = 64 * 1024 * 1024;

impl App {
    /// What a command of every screen means here; gives it back when it means what it always does.
    pub(super) fn on_compare(&mut self, ctx: &egui::Context, command: Command) -> Option<Command> {
        match command {
            // What is typed stays where it is when a budget is in the way.
            Command::Send if self.may_spend() => self.compare.send(self.shared.region()),
            Command::WriteAltText if self.may_spend() => {
                self.compare.write_alt_text(self.shared.region());
            }
            Command::Stop => self.compare.stop(),
            Command::UseModel(id) => self.compare.use_model(id),
            Command::Attach(paths) => {
                if !paths.is_empty() {
                    self.compare.attach(&self.tasks, paths);
                }
            }
            Command::NewConversation => self.compare.begin_anew(),
            Command::FocusComposer => self.compare.focus_composer(),
            Command::ShowS3 => self.compare.show_s3(),
            Command::FitImages {
                max_edge,
                keep_metadata,
            } => self
                .compare
                .fit_images(&self.tasks, max_edge, keep_metadata),
            Command::Paste => {
                self.compare.focus_composer();
                ctx.send_viewport_cmd(egui::ViewportCommand::RequestPaste);
            }
            Command::Send | Command::WriteAltText | Command::EditLastPrompt => {}
            other => return Some(other),
        }
        None
    }

    pub(super) fn compare(&mut self, command: CompareCommand) {
        match command {
            CompareCommand::New => self.compare.begin_anew(),
            CompareCommand::AddModel
            | CompareCommand::ChangeModel(_)
            | CompareCommand::ChooseJudge => {
                self.compare.choose(command);
                if let Some(catalog) = self.shared.catalog.ready() {
                    self.picker = Some(ModelPicker::open(self.compare.model(), catalog));
                }
            }
            CompareCommand::Judge => {
                if self.may_spend() {
                    self.compare.judge();
                }
            }
            CompareCommand::PickBatch => {
                let batch = self.pick_batch();
                self.compare.open_batch(batch);
            }
            CompareCommand::Export(format) => self.export_comparison(format),
            CompareCommand::UseInChat(column) => {
                if let Some((model, configuration, said)) = self.compare.conversation(column) {
                    self.chat.go_on_with(model, configuration, said);
                    self.offer_models_to_chat();
                    self.screen = Screen::Chat;
                }
            }
            CompareCommand::Bring => {
                let (intake, text) = self.chat.take_composer();
                self.compare.bring(intake, text);
                self.screen = Screen::Compare;
            }
        }
    }

    /// A table of prompts, once it is chosen and read.
    fn pick_batch(&self) -> Job<Result<Option<Vec<Prompt>>, String>> {
        let chosen = self.file_picker.pick_files();
        let template = self.compare.template();
        self.tasks.spawn(async move {
            let Some(path) = chosen.await.into_iter().next() else {
                return Ok(None);
            };
            let read = tokio::task::spawn_blocking(move || {
                let name = path.display();
                let size = std::fs::metadata(&path).map_err(|error| format!("{name}: {error}"))?;
                if size.len() > LARGEST_TABLE {
                    return Err(format!("{name} is too large for a table of prompts"));
                }
                let bytes = std::fs::read(&path).map_err(|error| format!("{name}: {error}"))?;
                let folder = path.parent().unwrap_or(&path);
                read_batch(&bytes, BatchForm::of(&path), folder, template.as_deref())
                    .map_err(|error| format!("{name}: {error}"))
            });
            let prompts = read.await.unwrap_or_else(|died| Err(died.to_string()));
            prompts.map(Some)
        })
    }

    fn export_comparison(&mut self, format: OutcomeFormat) {
        let Some(written) = self.compare.written() else {
            self.notices.failed("There is no comparison to export yet");
            return;
        };
        let name = super::files::stem(&written.title);
        let extension = format.extension();
        let chosen = self
            .file_picker
            .save_as(&format!("{name}.{extension}"), extension);
        self.files.write(&self.tasks, chosen, move || {
            Ok(written.text(format).into_bytes())
        });
    }
}
