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
use crate::ui::widgets::{failure_alert, icon_button};

/// What is remembered of the answer on show.
#[derive(Default)]
pub struct Detail {
    of: Option<(usize, InvocationId)>,
    view: TurnView,
    cache: CommonMarkCache,
    as_written: bool,
}

impl Detail {
    /// Draws it.
    pub fn ui(&mut self, ui: &mut Ui, row: usize, result: Option<&RowResult>, prices: &Prices) {
        ui.separator();
        ui.horizontal(|ui| {
            ui.label(theme::h3(format!("Row {}", row + 1)).color(palette(ui).heading));
            if let Some(result) = result {
                self.head(ui, result, prices);
            }
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
        if self.as_written {
            ui.add(Label::new(result.message.text()).wrap().selectable(true));
            return;
        }
        let of = Some((row, result.invocation.id));
        if self.of != of {
            self.of = of;
            self.view = TurnView::default();
        }
        content(ui, &mut self.view, &result.message, &mut self.cache);
    }
}
