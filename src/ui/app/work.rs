//! Work under way, as far as the whole window cares: quitting asks once while there is any, and
//! whoever looks elsewhere is told when a long job ends.

use egui::accesskit::{Live, Role};
use egui::{Context, Id, Ui, ViewportCommand};

use super::App;
use crate::ui::NAME;
use crate::ui::icons;
use crate::ui::theme::space;
use crate::ui::widgets::{at_the_end, dialog, primary_button, secondary_button};

const WIDTH: f32 = 460.0;

/// Something that goes on without a person.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Work {
    Answer,
    AltText,
    Comparison,
    Images,
    Videos,
    Prompts,
    Embeddings,
    /// Pictures on their way to the service's files, and the job made of them.
    Batch,
    Guardrail,
    /// Many files at one wish.
    Files,
}

impl Work {
    const ALL: [Self; 10] = [
        Self::Answer,
        Self::AltText,
        Self::Comparison,
        Self::Images,
        Self::Videos,
        Self::Prompts,
        Self::Embeddings,
        Self::Batch,
        Self::Guardrail,
        Self::Files,
    ];

    /// What quitting would end; a video goes on without this program, and so does a batch job that
    /// is submitted.
    fn ends_with_window(self) -> Option<&'static str> {
        match self {
            Self::Answer => Some("an answer that is coming in"),
            Self::AltText => Some("alt text being written"),
            Self::Comparison => Some("a comparison"),
            Self::Images => Some("images being made"),
            Self::Prompts => Some("prompts being tried"),
            Self::Embeddings => Some("texts being embedded"),
            Self::Batch => Some("a batch job being submitted"),
            Self::Guardrail => Some("a guardrail being tried or changed"),
            Self::Files => Some("files being written"),
            Self::Videos => None,
        }
    }

    /// What is said when it begins.
    fn began(self) -> &'static str {
        match self {
            Self::Answer => "The answer is coming",
            Self::AltText => "Alt text is being written",
            Self::Comparison => "The models are being compared",
            Self::Images => "Images are being made",
            Self::Videos => "Videos are being made",
            Self::Prompts => "The prompts are being tried",
            Self::Embeddings => "The texts are being embedded",
            Self::Batch => "The batch job is being sent off",
            Self::Guardrail => "The guardrail is at work",
            Self::Files => "Files are being written",
        }
    }

    /// What is said when it ends.
    fn ended(self) -> &'static str {
        match self {
            Self::Answer => "The answer has ended",
            Self::AltText => "The alt text is written",
            Self::Comparison => "The comparison is done",
            Self::Images => "The images are made",
            Self::Videos => "The videos are done",
            Self::Prompts => "The prompts were tried",
            Self::Embeddings => "The texts are embedded",
            Self::Batch => "The batch job was sent off",
            Self::Guardrail => "The guardrail is done",
            Self::Files => "The files are written",
        }
    }

    /// Whether whoever looks elsewhere is told of its end; what takes seconds is waited for.
    fn may_take_long(self) -> bool {
        !matches!(self, Self::Answer | Self::Guardrail)
    }
}

/// What is known of work, from frame to frame.
#[derive(Default)]
pub struct WorkWatch {
    /// What was under way at the last look.
    before: Vec<Work>,
    /// What began or ended last, for whoever listens.
    spoken: &'static str,
    asking_to_quit: bool,
    /// Whether a person has said that it may end.
    may_quit: bool,
}

impl WorkWatch {
    /// Takes in what is under way now; what was and is not any more is given back.
    fn look(&mut self, now: &[Work]) -> Vec<Work> {
        self.look_at_begun(now);
        let ended: Vec<_> = self
            .before
            .extract_if(.., |work| !now.contains(work))
            .collect();
        if let Some(work) = ended.last() {
            self.spoken = work.ended();
        }
        ended
    }

    /// Takes in what is under way now besides what already was.
    fn look_at_begun(&mut self, now: &[Work]) {
        for work in now {
            if !self.before.contains(work) {
                self.spoken = work.began();
                self.before.push(*work);
            }
        }
    }
}

impl App {
    fn work_under_way(&self) -> Vec<Work> {
        let is_under_way = |work: &Work| match work {
            Work::Answer => self.chat.has_running(),
            Work::AltText => self.alt_text.is_running(),
            Work::Comparison => self.compare.is_running(),
            Work::Images => self.images.gallery().is_running(),
            Work::Videos => self.videos.is_running(),
            Work::Prompts => self.prompts.is_running(),
            Work::Embeddings => self.embeddings.open().is_running(),
            Work::Batch => self.batch_work.is_submitting(),
            Work::Guardrail => self.guardrail_work.is_under_way(),
            Work::Files => self.many_files.is_writing(),
        };
        Work::ALL.into_iter().filter(is_under_way).collect()
    }

    /// Looks at what began and ended; also while the window is hidden. `stays` says that something else
    /// is asked about first.
    pub(super) fn watch_work(&mut self, ctx: &Context, stays: bool) {
        let now = self.work_under_way();
        let unseen = ctx.input(|input| {
            let window = input.viewport();
            !input.focused || window.minimized == Some(true)
        });
        for work in self.work.look(&now) {
            if unseen && work.may_take_long() {
                self.notifier.notify(NAME, work.ended());
            }
        }
        let wants_to_quit = !stays && ctx.input(|input| input.viewport().close_requested());
        if wants_to_quit && !self.work.may_quit && self.ending_with_window().next().is_some() {
            ctx.send_viewport_cmd(ViewportCommand::CancelClose);
            self.work.asking_to_quit = true;
        }
    }

    /// Looks at what commands have begun, before the background can have ended it: the next frame may
    /// find it done.
    pub(super) fn watch_begun_work(&mut self) {
        let now = self.work_under_way();
        self.work.look_at_begun(&now);
    }

    /// Says what began and what ended to whoever does not see it.
    pub(super) fn speak_of_work(&self, ctx: &Context) {
        ctx.accesskit_node_builder(Id::unique("what began and ended"), |node| {
            node.set_role(Role::Status);
            node.set_live(Live::Polite);
            node.set_label(self.work.spoken);
        });
    }

    fn ending_with_window(&self) -> impl Iterator<Item = &'static str> {
        let under_way = self.work.before.iter();
        under_way.filter_map(|work| work.ends_with_window())
    }

    /// The question whether work may end with the window.
    pub(super) fn quit_dialog(&mut self, ui: &mut Ui) {
        if !self.work.asking_to_quit {
            return;
        }
        let ending: Vec<_> = self.ending_with_window().collect();
        if ending.is_empty() {
            // What was in the way is over, and leaving was asked for.
            self.work.asking_to_quit = false;
            ui.send_viewport_cmd(ViewportCommand::Close);
            return;
        }
        let mut quit = false;
        let mut stay = false;
        let closed = dialog(ui, "Work is under way", WIDTH, |ui| {
            ui.label(format!("Quitting ends {}.", ending.join(" and ")));
            ui.label("What has come so far is kept. What was sent may be charged.");
            ui.add_space(space::M);
            ui.horizontal(|ui| {
                at_the_end(ui, "quit or stay", |ui| {
                    quit = secondary_button(ui, icons::CLOSE, "Quit anyway").clicked();
                    stay = primary_button(ui, true, icons::SUCCESS, "Keep running").clicked();
                });
            });
        });
        if quit {
            self.work.may_quit = true;
            ui.send_viewport_cmd(ViewportCommand::Close);
        }
        if quit || stay || closed {
            self.work.asking_to_quit = false;
        }
    }

    /// Takes in what other launches hand over, and comes to the front.
    pub(super) fn collect_handed_over(&mut self, ctx: &Context) {
        let Some(handed) = &mut self.handed_over else {
            return;
        };
        let mut came = false;
        while let Some(files) = handed.take() {
            came = true;
            self.commands.push(super::Command::Attach(files));
        }
        if came {
            ctx.send_viewport_cmd(ViewportCommand::Minimized(false));
            ctx.send_viewport_cmd(ViewportCommand::Focus);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_ends_before_the_next_frame_is_told_of() {
        let mut watch = WorkWatch::default();
        watch.look_at_begun(&[Work::AltText]);
        assert_eq!(watch.look(&[]), [Work::AltText]);
        assert_eq!(watch.spoken, "The alt text is written");
        assert!(watch.look(&[]).is_empty());
    }

    #[test]
    fn what_goes_on_has_not_ended() {
        let mut watch = WorkWatch::default();
        watch.look(&[Work::AltText, Work::Comparison]);
        assert_eq!(watch.look(&[Work::AltText]), [Work::Comparison]);
        assert!(watch.look(&[Work::AltText, Work::Answer]).is_empty());
        assert_eq!(watch.spoken, "The answer is coming");
    }
}
