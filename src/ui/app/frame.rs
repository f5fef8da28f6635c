//! One frame of the application, for whatever runs it: the work that is to be done, then what is seen.

use std::time::Duration;

use egui::{CentralPanel, Color32, Context, Ui, Visuals, accesskit_root_id};

use super::{App, Screen, drop_target, follow_visit, frame_times, navigation};
use crate::ui::NAME;
use crate::ui::theme;

impl App {
    /// Takes in what the background has done and does what was asked for. It comes before each frame, and alone
    /// while the window cannot be seen. `last_frame` is the processor's time for the frame before.
    pub(in crate::ui) fn work(&mut self, ctx: &Context, last_frame: Option<Duration>) {
        self.frames.begin(self.screen.label(), last_frame);
        self.collect(ctx);
        self.keep(ctx);
        self.execute(ctx);
    }

    /// Draws everything, and does what people did to it.
    pub(in crate::ui) fn draw(&mut self, ui: &mut Ui) {
        // The desktop takes it from the title; a screen reader asks the tree.
        ui.ctx()
            .accesskit_node_builder(accesskit_root_id(), |window| {
                window.set_label(NAME);
            });
        self.shortcuts(ui);
        self.incoming(ui);
        navigation::ui(ui, &self.shared, self.screen, &mut self.commands);
        self.demo_banner(ui);
        self.budget_banner(ui);
        CentralPanel::no_frame().show(ui, |ui| match self.screen {
            Screen::ModelCatalog => self.catalog_screen.ui(ui, &self.shared, &mut self.commands),
            Screen::Chat => self.chat.ui(ui, &self.shared, &mut self.commands),
            Screen::Images => {
                self.images
                    .ui(ui, &self.tasks, &self.shared, &mut self.commands);
            }
            Screen::Videos => self.videos.ui(ui, &self.shared, &mut self.commands),
            Screen::AltText => self.alt_text.ui(ui, &self.shared, &mut self.commands),
            Screen::Compare => self.compare.ui(ui, &self.shared, &mut self.commands),
            Screen::Embeddings => self.embeddings.ui(ui, &self.shared, &mut self.commands),
            Screen::Prompts => self.prompts.ui(ui, &self.shared, &mut self.commands),
            Screen::Guardrails => self.guardrails.ui(ui, &self.shared, &mut self.commands),
            Screen::Settings => self.settings_ui(ui),
            Screen::Usage => self.usage_ui(ui),
            Screen::History => {
                let history = self.keeping.history();
                let clock = &self.shared.clock;
                self.history_screen
                    .ui(ui, history, clock, &mut self.commands);
            }
        });
        self.dialogs(ui);
        let now = ui.input(|input| input.time);
        let under_way = self.many_files.shown(now);
        self.notices.ui(ui, &under_way, &mut self.commands);
        self.speak_of_work(ui.ctx());
        drop_target::ui(ui, self.screen, &self.prompts);
        if self.shows_frame_times {
            frame_times::ui(ui, &self.frames, &mut self.commands);
        }
        follow_visit(ui.ctx());
        let ctx = ui.ctx().clone();
        self.execute(&ctx);
    }

    /// Keeps what is not yet kept. The window closes after it.
    pub(in crate::ui) fn close(&mut self) {
        self.save_at_once();
        self.save_preferences_at_once();
    }

    /// What shows where nothing is drawn.
    pub(in crate::ui) fn background(visuals: &Visuals) -> Color32 {
        theme::of_visuals(visuals).background
    }
}

impl eframe::App for App {
    fn logic(&mut self, ctx: &Context, frame: &mut eframe::Frame) {
        let seconds = frame.info().cpu_usage;
        let took = seconds.and_then(|seconds| Duration::try_from_secs_f32(seconds).ok());
        self.work(ctx, took);
    }

    fn ui(&mut self, ui: &mut Ui, _frame: &mut eframe::Frame) {
        self.draw(ui);
    }

    fn on_exit(&mut self, _gl: Option<&eframe::glow::Context>) {
        self.close();
    }

    fn clear_color(&self, visuals: &Visuals) -> [f32; 4] {
        Self::background(visuals).to_normalized_gamma_f32()
    }
}
