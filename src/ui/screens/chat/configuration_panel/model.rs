//! Which model is talked to, how it is invoked, and what it costs.

use egui::{Label, RichText, Ui};

use super::Chosen;
use crate::pricing::Meter;
use crate::ui::command::PricesCommand;
use crate::ui::load::Load;
use crate::ui::screens::catalog::price;
use crate::ui::shared::Shared;
use crate::ui::theme::{self, palette};
use crate::ui::widgets::{Tone, badge, link_button, model_button};
use crate::ui::{Command, Commands};

pub(super) fn ui(ui: &mut Ui, chosen: Option<&Chosen>, shared: &Shared, commands: &mut Commands) {
    let palette = palette(ui);
    let known = matches!(shared.catalog, Load::Ready(_));
    let title = chosen.map_or("Choose a model…", |chosen| chosen.name.as_str());
    if model_button(ui, title, known) {
        commands.push(Command::ChooseModel);
    }
    let Some(chosen) = chosen else { return };
    let id = &chosen.id;
    ui.add(Label::new(theme::small(id.as_str()).color(palette.text_secondary)).truncate());
    ui.horizontal_wrapped(|ui| {
        if let Some(geography) = id.geography() {
            badge(ui, &format!("{} profile", geography.label()), Tone::Accent);
        } else {
            badge(ui, "On-demand", Tone::Neutral);
        }
        if chosen.takes_images {
            badge(ui, "Reads images", Tone::Neutral);
        }
        if chosen.support.reasoning == Some(true) {
            badge(ui, "Reasons", Tone::Neutral);
        }
    });
    let (input, output) = (
        price(shared, id, Meter::Input),
        price(shared, id, Meter::Output),
    );
    let text = format!("{input} in, {output} out for 1M tokens");
    let source = shared.unit_price(id, Meter::Input);
    ui.label(
        RichText::new(text)
            .size(theme::font::SMALL)
            .color(palette.text_secondary),
    )
    .on_hover_text(source.map_or_else(
        || "No source has the price of this model here".to_owned(),
        |price| price.source.detail(),
    ));
    if source.is_none() && link_button(ui, "Enter its price…").clicked() {
        commands.push(Command::Prices(PricesCommand::ShowOwn(id.clone())));
    }
}
