//! What narrows the list of models.

use egui::containers::menu::{MenuButton, MenuConfig};
use egui::{Button, PopupCloseBehavior, Role, TextEdit, TextStyle, Ui, WidgetInfo, vec2};

use super::facts::{abilities, known_abilities};
use super::rows::Rows;
use crate::catalog::{FoundationModel, InferenceType, Lifecycle, Modality, Support};
use crate::ui::icons;
use crate::ui::theme::{size, space};
use crate::ui::widgets::{accessible_name, caption, combo_box, icon_button};

/// The least width of the search field, and the most it takes of what the choices leave.
const SEARCH_LEAST: f32 = 150.0;
const SEARCH_MOST: f32 = 320.0;

/// How many choices stay on the line where it cannot hold them all.
const FIRST: usize = 1;

/// Width of the menu that holds the others.
const MENU_WIDTH: f32 = 340.0;

const KINDS: [InferenceType; 3] = [
    InferenceType::OnDemand,
    InferenceType::InferenceProfile,
    InferenceType::Provisioned,
];
const STAGES: [Lifecycle; 2] = [Lifecycle::Active, Lifecycle::Legacy];

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

    /// Draws search field and choices on one line, of which the field takes what the choices leave. Where they
    /// leave too little, most of them are in a menu.
    pub fn ui(&mut self, ui: &mut Ui, rows: &Rows) {
        let mut choices = self.choices(rows);
        let before = choices.each_ref().map(|choice| choice.chosen);
        ui.horizontal(|ui| {
            let gap = ui.spacing().item_spacing.x;
            // With the button that clears them.
            let room = ui.available_width() - gap - size::CONTROL;
            let wide = |choices: &[Choice]| -> f32 {
                let widths = choices
                    .iter()
                    .map(|choice| button_width(ui, choice.shown()) + gap);
                widths.sum()
            };
            let all = wide(&choices);
            let (taken, on_the_line) = if room - all < SEARCH_LEAST {
                let (first, others) = choices.split_at(FIRST);
                let menu = button_width(ui, &more(others)) + gap;
                (wide(first) + menu, FIRST)
            } else {
                (all, choices.len())
            };
            let search = ui.add(
                TextEdit::singleline(&mut self.search)
                    .id_salt("catalog search")
                    .hint_text("Find by name, id or provider")
                    .desired_width((room - taken).clamp(SEARCH_LEAST, SEARCH_MOST))
                    .margin(egui::Margin::symmetric(10, 7)),
            );
            accessible_name(&search, "Find models");
            let (first, others) = choices.split_at_mut(on_the_line);
            for choice in first {
                choice.combo(ui);
            }
            if !others.is_empty() {
                menu(ui, others);
            }
            if choices.each_ref().map(|choice| choice.chosen) != before {
                self.take(rows, &choices);
            }
            let is_narrowed = *self != Self::default();
            if is_narrowed && icon_button(ui, icons::CLEAR, "Clear filters").clicked() {
                *self = Self::default();
            }
        });
        ui.add_space(space::XXS);
    }

    fn choices(&self, rows: &Rows) -> [Choice; 5] {
        let names = names();
        [
            Choice::new(
                "Provider",
                rows.providers(),
                self.provider.as_ref(),
                String::as_str,
            ),
            Choice::new(
                "Modality",
                rows.modalities(),
                self.modality.as_ref(),
                Modality::label,
            ),
            Choice::new("Ability", &names, self.ability.as_ref(), |name| name),
            Choice::new(
                "Inference",
                &KINDS,
                self.inference_type.as_ref(),
                InferenceType::label,
            ),
            Choice::new("Lifecycle", &STAGES, self.lifecycle.as_ref(), |stage| {
                stage.label()
            }),
        ]
    }

    fn take(&mut self, rows: &Rows, [provider, modality, ability, kind, stage]: &[Choice; 5]) {
        self.provider = provider.of(rows.providers());
        self.modality = modality.of(rows.modalities());
        self.ability = ability.of(&names());
        self.inference_type = kind.of(&KINDS);
        self.lifecycle = stage.of(&STAGES);
    }
}

fn names() -> [&'static str; 7] {
    abilities(Support::default()).map(|(name, _)| name)
}

/// One of several things, or any.
struct Choice {
    name: &'static str,
    labels: Vec<String>,
    chosen: Option<usize>,
}

impl Choice {
    fn new<T: PartialEq>(
        name: &'static str,
        options: &[T],
        chosen: Option<&T>,
        label: impl Fn(&T) -> &str,
    ) -> Self {
        Self {
            name,
            labels: options
                .iter()
                .map(|option| label(option).to_owned())
                .collect(),
            chosen: options.iter().position(|option| Some(option) == chosen),
        }
    }

    /// What is chosen, of what the labels were made of.
    fn of<T: Clone>(&self, options: &[T]) -> Option<T> {
        options.get(self.chosen?).cloned()
    }

    fn shown(&self) -> &str {
        let label = self.chosen.and_then(|place| self.labels.get(place));
        label.map_or(self.name, String::as_str)
    }

    /// Draws it as wide as its word.
    fn combo(&mut self, ui: &mut Ui) {
        let shown = self.shown().to_owned();
        let combo = combo_box(self.name)
            .width(0.0)
            .selected_text(shown)
            .show_ui(ui, |ui| {
                let any = format!("{}: any", self.name);
                ui.selectable_value(&mut self.chosen, None, any);
                for (place, label) in self.labels.iter().enumerate() {
                    ui.selectable_value(&mut self.chosen, Some(place), label);
                }
            });
        accessible_name(&combo.response, self.name);
    }

    /// Draws all there is to choose; what is chosen already is given up by another click.
    fn open(&mut self, ui: &mut Ui) {
        caption(ui, self.name);
        ui.horizontal_wrapped(|ui| {
            for (place, label) in self.labels.iter().enumerate() {
                let is_chosen = self.chosen == Some(place);
                if ui.selectable_label(is_chosen, label).clicked() {
                    self.chosen = (!is_chosen).then_some(place);
                }
            }
        });
    }
}

/// What the menu is called: with how many choices were made in it.
fn more(choices: &[Choice]) -> String {
    match choices
        .iter()
        .filter(|choice| choice.chosen.is_some())
        .count()
    {
        0 => "More filters".to_owned(),
        made => format!("More filters ({made})"),
    }
}

fn menu(ui: &mut Ui, choices: &mut [Choice]) {
    let name = more(choices);
    let button = Button::new((name.as_str(), icons::atom(icons::EXPAND)));
    let stays = MenuConfig::new().close_behavior(PopupCloseBehavior::CloseOnClickOutside);
    let (response, _) = MenuButton::from_button(button.min_size(vec2(0.0, size::CONTROL)))
        .config(stays)
        .ui(ui, |ui| {
            ui.set_width(MENU_WIDTH);
            for choice in choices {
                choice.open(ui);
            }
        });
    response.widget_info(|| WidgetInfo::labeled(Role::Button, true, &name));
}

/// How wide a word is with its arrow in a button.
fn button_width(ui: &Ui, word: &str) -> f32 {
    let font = TextStyle::Button.resolve(ui.style());
    let color = ui.visuals().text_color();
    let word = ui.painter().layout_no_wrap(word.to_owned(), font, color);
    let spacing = ui.spacing();
    let arrow = spacing.icon_spacing + spacing.icon_width;
    word.size().x + arrow + 2.0 * spacing.button_padding.x
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
