//! Which model is talked to, how it is invoked, and what it costs.

use egui::{Button, Label, RichText, Ui, vec2};

use super::Chosen;
use crate::pricing::Meter;
use crate::ui::icons;
use crate::ui::load::Load;
use crate::ui::screens::catalog::price;
use crate::ui::shared::Shared;
use crate::ui::theme::{self, palette, size};
use crate::ui::widgets::{Tone, badge};
use crate::ui::{Command, Commands};

pub(super) fn ui(ui: &mut Ui, chosen: Option<&Chosen>, shared: &Shared, commands: &mut Commands) {
    let palette = palette(ui);
    let known = matches!(shared.catalog, Load::Ready(_));
    let title = chosen.map_or("Choose a model…", |chosen| chosen.name.as_str());
    let button = ui.add_enabled(
        known,
        Button::new((
            icons::atom(icons::MODEL),
            theme::strong(title),
            egui::Atom::grow(),
            icons::atom(icons::EXPAND),
        ))
        .truncate()
        .min_size(vec2(ui.available_width(), size::CONTROL + 6.0)),
    );
    button.widget_info(|| {
        egui::WidgetInfo::labeled(egui::Role::Button, known, format!("Model: {title}"))
    });
    if button
        .on_disabled_hover_text("The list of models is not here yet")
        .clicked()
    {
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
    ui.label(
        RichText::new(text)
            .size(theme::font::SMALL)
            .color(palette.text_secondary),
    );
}
