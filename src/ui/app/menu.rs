//! What is chosen in the system's menu bar.

use egui::{Context, ViewportCommand};

use super::App;
use crate::ui::menu_bar::Choice;

impl App {
    /// Takes in what was chosen. Before anything is drawn, so that a field has it in the same frame.
    pub(super) fn collect_menu(&mut self, ctx: &Context) {
        let Some(bar) = &mut self.menu_bar else {
            return;
        };
        bar.follow(ctx.input(|input| input.focused));
        while let Some(choice) = bar.chosen() {
            match choice {
                Choice::Do(command) => self.commands.push(command),
                Choice::Edit(edit) => edit.apply(ctx),
                Choice::Zoom(zoom) => zoom.apply(ctx),
                Choice::Quit => ctx.send_viewport_cmd(ViewportCommand::Close),
            }
        }
    }
}
