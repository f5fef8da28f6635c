//! The panel on the right: which model, and with which parameters.

use egui::{Button, Label, RichText, ScrollArea, TextEdit, Ui, vec2};

use crate::catalog::{Catalog, ModelId, Parameters};
use crate::chat::{InferenceConfig, Message, Request, SystemBlock};
use crate::pricing::Meter;
use crate::ui::icons;
use crate::ui::load::Load;
use crate::ui::screens::catalog::price;
use crate::ui::shared::Shared;
use crate::ui::theme::{self, palette, size, space};
use crate::ui::widgets::{
    Tone, accessible_name, badge, integer_parameter, number_parameter, section_title,
};
use crate::ui::{Command, Commands};

/// What the window talks to when nothing is chosen: cheap, quick, and it reads images.
const FIRST_CHOICE: &str = "amazon.nova-lite-v1:0";

/// Model and parameters of the next call.
pub struct Configuration {
    pub model: Option<ModelId>,
    /// Whether the chosen model is known to read images.
    pub takes_images: bool,
    name: String,
    parameters: Option<Parameters>,
    system: String,
    inference: InferenceConfig,
    streams: bool,
}

impl Default for Configuration {
    fn default() -> Self {
        Self {
            model: None,
            takes_images: false,
            name: String::new(),
            parameters: None,
            system: String::new(),
            inference: InferenceConfig::default(),
            streams: true,
        }
    }
}

impl Configuration {
    /// Learns what there is: keeps the chosen model, or makes a first choice.
    pub fn offer_models(&mut self, catalog: &Catalog, region: &str) {
        if self.model.is_none() {
            let model = catalog
                .model(&FIRST_CHOICE.into())
                .or_else(|| catalog.models.iter().find(|model| model.describes_images()))
                .or_else(|| catalog.models.iter().find(|model| model.answers_in_text()));
            if let Some(model) = model {
                self.use_model(catalog.invocation_id(model, region));
            }
        }
        if let Some(model) = self.model.as_ref().and_then(|id| catalog.model(id)) {
            self.takes_images = model.describes_images();
            self.name.clone_from(&model.name);
        }
    }

    /// Talks to this model from now on. Parameters stay where the model takes them; what it does
    /// not take, or not that far, goes back to the default.
    pub fn use_model(&mut self, id: ModelId) {
        let parameters = Parameters::of(&id);
        let keep = |value: Option<f32>, range: Option<crate::catalog::ParameterRange>| {
            value.filter(|value| range.is_some_and(|range| (range.min..=range.max).contains(value)))
        };
        self.inference.temperature = keep(self.inference.temperature, parameters.temperature);
        self.inference.top_p = keep(self.inference.top_p, parameters.top_p);
        self.inference.max_tokens = self
            .inference
            .max_tokens
            .filter(|most| *most <= parameters.max_tokens);
        self.parameters = Some(parameters);
        self.name = id.to_string();
        self.model = Some(id);
    }

    /// The request that asks for the next message.
    pub fn request(&self, messages: Vec<Message>) -> Option<Request> {
        let mut request = Request::new(self.model.clone()?, messages);
        if !self.system.trim().is_empty() {
            request
                .system
                .push(SystemBlock::Text(self.system.trim().to_owned()));
        }
        request.inference = self.inference.clone();
        request.stream = self.streams;
        Some(request)
    }

    /// Draws the panel.
    pub fn ui(&mut self, ui: &mut Ui, shared: &Shared, commands: &mut Commands) {
        ScrollArea::vertical().id_salt("configuration").auto_shrink(false).show(ui, |ui| {
            ui.label(theme::h2("Configuration").color(palette(ui).heading));
            ui.add_space(space::XXS);
            self.model_ui(ui, shared, commands);
            section_title(ui, "System prompt");
            let system = ui.add(
TextEdit::multiline(&mut self.system)
                    .id_salt("system prompt")
                    .hint_text("Who the model is, and how it should answer")
                    .desired_rows(3)
                    .desired_width(f32::INFINITY)
                    .margin(egui::Margin::same(8)),
            );
 accessible_name(&system, "System prompt");
            self.parameters_ui(ui);
            section_title(ui, "Answer");
            ui.checkbox(&mut self.streams, "Stream the answer")
                .on_hover_text("ConverseStream shows the answer as it is written; Converse shows it when it is whole");
        });
    }

    fn model_ui(&self, ui: &mut Ui, shared: &Shared, commands: &mut Commands) {
        let palette = palette(ui);
        let known = matches!(shared.catalog, Load::Ready(_));
        let title = if self.model.is_some() {
            self.name.as_str()
        } else {
            "Choose a model…"
        };
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
        let Some(id) = &self.model else { return };
        ui.add(Label::new(theme::small(id.as_str()).color(palette.text_secondary)).truncate());
        ui.horizontal_wrapped(|ui| {
            if let Some(geography) = id.geography() {
                badge(ui, &format!("{} profile", geography.label()), Tone::Accent);
            } else {
                badge(ui, "On-demand", Tone::Neutral);
            }
            if self.takes_images {
                badge(ui, "Reads images", Tone::Neutral);
            }
        });
        let (input, output) = (
            price(id, shared.region(), Meter::Input),
            price(id, shared.region(), Meter::Output),
        );
        let text = format!("{input} in, {output} out for 1M tokens");
        ui.label(
            RichText::new(text)
                .size(theme::font::SMALL)
                .color(palette.text_secondary),
        );
    }

    fn parameters_ui(&mut self, ui: &mut Ui) {
        let Some(parameters) = self.parameters.clone() else {
            return;
        };
        section_title(ui, "Randomness and diversity");
        if let Some(range) = parameters.temperature {
            number_parameter(
                ui,
                "Temperature",
                "Higher values give more varied answers, lower ones more predictable ones",
                &mut self.inference.temperature,
                range.min..=range.max,
                range.default,
            );
        }
        if let Some(range) = parameters.top_p {
            number_parameter(
                ui,
                "Top P",
                "Only the likeliest words that together reach this probability are considered",
                &mut self.inference.top_p,
                range.min..=range.max,
                range.default,
            );
        }
        section_title(ui, "Length");
        integer_parameter(
            ui,
            "Maximum output tokens",
            "The answer stops here, finished or not; a token is about four characters of English",
            &mut self.inference.max_tokens,
            1..=parameters.max_tokens,
            None,
        );
    }
}
