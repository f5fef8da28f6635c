//! The model of a playground that has few to choose from.

use egui::{Atoms, Label, Response, Ui};

use super::accessible_name;
use super::combo::combo_box;
use crate::catalog::{FoundationModel, Lifecycle, ModelId, Namesakes};
use crate::ui::theme::{self, palette};

/// Most points that the list is high.
const HEIGHT: f32 = 420.0;

/// Draws the choice; gives the model that was chosen.
pub fn model_combo<'a>(
    ui: &mut Ui,
    name: &str,
    models: impl IntoIterator<Item = &'a FoundationModel>,
    current: Option<&FoundationModel>,
) -> Option<&'a FoundationModel> {
    let mut chosen = None;
    let combo = combo_box(name)
        .selected_text(current.map_or("Choose a model", |model| model.name.as_str()))
        .width(ui.available_width())
        .height(HEIGHT)
        .show_ui(ui, |ui| {
            let models: Vec<_> = models.into_iter().collect();
            let namesakes = Namesakes::of_models(&models);
            for model in models {
                let label = match model.lifecycle {
                    Lifecycle::Active => model.name.clone(),
                    other => format!("{} ({})", model.name, other.label().to_lowercase()),
                };
                let selected = current.is_some_and(|current| current.id == model.id);
                let apart = namesakes.apart(&model.name, &model.id);
                let option = ui
                    .push_id(model.id.as_str(), |ui| {
                        model_option(ui, selected, &label, apart.as_deref())
                    })
                    .inner;
                if option.on_hover_text(model.id.as_str()).clicked() {
                    chosen = Some(model);
                }
            }
        });
    accessible_name(&combo.response, name);
    chosen
}

/// A model in a list; in small print what tells it apart where another is called the same.
pub fn model_option(ui: &mut Ui, selected: bool, name: &str, apart: Option<&str>) -> Response {
    let mut atoms = Atoms::new(name);
    if let Some(apart) = apart {
        atoms.push_right(theme::small(apart).color(palette(ui).text_secondary));
    }
    ui.selectable_label(selected, atoms)
}

/// The id that requests are sent with, below the choice.
pub fn model_id_line(ui: &mut Ui, id: Option<&ModelId>) {
    if let Some(id) = id {
        let id = theme::small(id.as_str()).color(palette(ui).text_secondary);
        ui.add(Label::new(id).truncate());
    }
}
