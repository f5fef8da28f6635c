//! One row's answer, whole: as chat shows it, or as the model wrote it.

use egui::{Label, ScrollArea, Ui};
use egui_commonmark::CommonMarkCache;

use super::cells::in_figures;
use crate::chat::{InvocationId, InvocationStatus};
use crate::pricing::Prices;
use crate::prompts::RowResult;
use crate::ui::icons;
use crate::ui::screens::chat::turn::{TurnView, content};
use crate::ui::theme::{self, palette, space};
use crate::ui::widgets::{ends_apart, failure_alert, icon_button};

/// What is remembered of the answer on show.
#[derive(Default)]
pub struct Detail {
    of: Option<(usize, InvocationId)>,
    view: TurnView,
    cache: CommonMarkCache,
    as_written: bool,
    /// The answer on show as the model wrote it, joined once.
    written: Option<String>,
}

impl Detail {
    /// Draws it; true when it is to be put away.
    pub fn ui(
        &mut self,
        ui: &mut Ui,
        row: usize,
        result: Option<&RowResult>,
        prices: &Prices,
    ) -> bool {
        ui.separator();
        let mut closed = false;
        ui.horizontal(|ui| {
            ends_apart(
                ui,
                "head of an answer",
                |ui| {
                    ui.label(theme::h3(format!("Row {}", row + 1)).color(palette(ui).heading));
                    if let Some(result) = result {
                        self.head(ui, result, prices);
                    }
                },
                |ui| closed = icon_button(ui, icons::CLOSE, "Close this answer").clicked(),
            );
        });
        let secondary = palette(ui).text_secondary;
        ScrollArea::vertical()
            .id_salt(("answer of the row", row))
            .auto_shrink(false)
            .show(ui, |ui| {
                ui.set_max_width(ui.available_width() - space::S);
                match result {
                    None => {
                        ui.label(theme::small("This row has no answer yet").color(secondary));
                    }
                    Some(result) => self.answer(ui, row, result),
                }
            });
        closed
    }

    fn head(&mut self, ui: &mut Ui, result: &RowResult, prices: &Prices) {
        if result.message.texts().any(|part| !part.is_empty()) {
            if icon_button(ui, icons::COPY, "Copy this answer").clicked() {
                ui.ctx().copy_text(result.message.text());
            }
            ui.toggle_value(&mut self.as_written, "As written")
                .on_hover_text("The answer with its Markdown signs");
        }
        let figures = theme::small(in_figures(result, prices)).color(palette(ui).text_secondary);
        ui.add(Label::new(figures).truncate());
    }

    fn answer(&mut self, ui: &mut Ui, row: usize, result: &RowResult) {
        if let InvocationStatus::Failed(failure) = &result.invocation.status {
            failure_alert(ui, failure, |_| {});
        } else if let Some(words) = result.failure() {
            ui.label(theme::small(words).color(palette(ui).error));
        }
        let of = Some((row, result.invocation.id));
        if self.of != of {
            self.of = of;
            self.view = TurnView::default();
            self.written = None;
        }
        if self.as_written {
            let written = self.written.get_or_insert_with(|| result.message.text());
            ui.add(Label::new(written.as_str()).wrap().selectable(true));
            return;
        }
        content(ui, &mut self.view, &result.message, &mut self.cache);
    }
}
