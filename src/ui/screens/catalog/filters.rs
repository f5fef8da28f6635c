//! What narrows the list of models.

use egui::{TextEdit, Ui};

use super::facts::{abilities, known_abilities};
use super::rows::Rows;
use crate::catalog::{FoundationModel, InferenceType, Lifecycle, Modality, Support};
use crate::ui::icons;
use crate::ui::theme::{size, space};
use crate::ui::widgets::{DrawnWidth, accessible_name, combo_box, icon_button};

/// The least width of the search field, and the most it takes of what the choices leave.
const SEARCH_LEAST: f32 = 150.0;
const SEARCH_MOST: f32 = 320.0;

/// The filters; `None` lets everything through.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Filters {
    search: String,
    provider: Option<String>,
    modality: Option<Modality>,
    ability: Option<&'static str>,
    inference_type: Option<InferenceType>,
    lifecycle: Option<Lifecycle>,
}

impl Filters {
    /// Whether a model passes.
    pub fn matches(&self, model: &FoundationModel) -> bool {
        let words = self.search.to_lowercase();
        let text = format!("{} {} {}", model.name, model.id, model.provider).to_lowercase();
        words.split_whitespace().all(|word| text.contains(word))
            && self
                .provider
                .as_ref()
                .is_none_or(|provider| *provider == model.provider)
            && self
                .lifecycle
                .is_none_or(|lifecycle| lifecycle == model.lifecycle)
            && self.modality.as_ref().is_none_or(|modality| {
                model.input_modalities.contains(modality)
                    || model.output_modalities.contains(modality)
            })
            && self
                .ability
                .is_none_or(|ability| known_abilities(model).contains(&ability))
            && self
                .inference_type
                .as_ref()
                .is_none_or(|kind| model.inference_types.contains(kind))
    }

    /// Draws search field and choices on one line, of which the field takes what the choices leave.
    pub fn ui(&mut self, ui: &mut Ui, rows: &Rows) {
        let width = DrawnWidth::of(ui, ui.scope_id().with("width of the choices"));
        ui.horizontal_wrapped(|ui| {
            let room = ui.available_width() - width.points();
            let search = ui.add(
                TextEdit::singleline(&mut self.search)
                    .id_salt("catalog search")
                    .hint_text("Find by name, id or provider")
                    .desired_width(room.clamp(SEARCH_LEAST, SEARCH_MOST))
                    .margin(egui::Margin::symmetric(10, 7)),
            );
            accessible_name(&search, "Find models");
            let drawn = self.choices(ui, rows);
            width.set(ui, drawn);
            let is_narrowed = *self != Self::default();
            if is_narrowed && icon_button(ui, icons::CLEAR, "Clear filters").clicked() {
                *self = Self::default();
            }
        });
        ui.add_space(space::XXS);
    }

    /// Draws the choices; how much of the line they take, with the room for the button that clears them.
    fn choices(&mut self, ui: &mut Ui, rows: &Rows) -> f32 {
        let providers = rows.providers().iter();
        let providers = providers.map(|name| (name.clone(), name.clone()));
        let modalities = rows.modalities().iter();
        let modalities = modalities.map(|modality| (modality.label().to_owned(), modality.clone()));
        let names = abilities(Support::default()).map(|(name, _)| (name.to_owned(), name));
        let kinds = [
            InferenceType::OnDemand,
            InferenceType::InferenceProfile,
            InferenceType::Provisioned,
        ]
        .map(|kind| (kind.label().to_owned(), kind));
        let stages =
            [Lifecycle::Active, Lifecycle::Legacy].map(|stage| (stage.label().to_owned(), stage));
        let widths = [
            choice(ui, "Provider", &mut self.provider, providers),
            choice(ui, "Modality", &mut self.modality, modalities),
            choice(ui, "Ability", &mut self.ability, names),
            choice(ui, "Inference", &mut self.inference_type, kinds),
            choice(ui, "Lifecycle", &mut self.lifecycle, stages),
        ];
        let gap = ui.spacing().item_spacing.x;
        widths.iter().map(|width| width + gap).sum::<f32>() + gap + size::CONTROL
    }
}

/// Draws a choice, as wide as its word; how wide that is.
fn choice<T: Clone + PartialEq>(
    ui: &mut Ui,
    name: &str,
    value: &mut Option<T>,
    options: impl IntoIterator<Item = (String, T)>,
) -> f32 {
    let options: Vec<_> = options.into_iter().collect();
    let any = format!("{name}: any");
    let shown = options
        .iter()
        .find(|(_, option)| value.as_ref() == Some(option))
        .map_or(name, |(label, _)| label);
    let combo = combo_box(name)
        .width(0.0)
        .selected_text(shown)
        .show_ui(ui, |ui| {
            ui.selectable_value(value, None, any.as_str());
            for (label, option) in &options {
                ui.selectable_value(value, Some(option.clone()), label);
            }
        });
    accessible_name(&combo.response, name);
    combo.response.rect.width()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn model(id: &str, name: &str, provider: &str) -> FoundationModel {
        FoundationModel {
            id: id.into(),
            arn: String::new(),
            name: name.into(),
            provider: provider.into(),
            input_modalities: vec![Modality::Text, Modality::Image],
            output_modalities: vec![Modality::Text],
            inference_types: vec![InferenceType::OnDemand],
            response_streaming: Some(true),
            lifecycle: Lifecycle::Active,
        }
    }

    #[test]
    fn every_word_of_the_search_must_be_found_somewhere() {
        let nova = model("amazon.nova-lite-v1:0", "Nova Lite", "Amazon");
        let with = |search: &str| Filters {
            search: search.into(),
            ..Filters::default()
        };
        assert!(with("lite AMAZON").matches(&nova));
        assert!(!with("lite anthropic").matches(&nova));
    }

    #[test]
    fn filters_add_up() {
        let nova = model("amazon.nova-lite-v1:0", "Nova Lite", "Amazon");
        let mut filters = Filters {
            modality: Some(Modality::Image),
            ..Filters::default()
        };
        assert!(filters.matches(&nova));
        filters.lifecycle = Some(Lifecycle::Legacy);
        assert!(!filters.matches(&nova));
    }
}
