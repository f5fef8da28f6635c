//! Select model: provider, then model, then how it is invoked, as in the console.

use egui::{Button, Key, Modifiers, RichText, ScrollArea, TextEdit, Ui, vec2};

use crate::catalog::{
    Catalog, FoundationModel, InferenceType, Lifecycle, ModelId, Namesakes, ProfileKind,
};
use crate::pricing::Meter;
use crate::ui::icons;
use crate::ui::screens::catalog::price;
use crate::ui::shared::Shared;
use crate::ui::theme::{self, palette, size, space};
use crate::ui::widgets::{
    Tone, accessible_name, at_the_end, badge, dialog, primary_button, word_button,
};
use crate::ui::{Command, Commands};

const HEIGHT: f32 = 400.0;
const COLUMNS: [f32; 3] = [150.0, 350.0, 320.0];
const WIDTH: f32 = COLUMNS[0] + COLUMNS[1] + COLUMNS[2] + 2.0 * space::L;

/// Stands among the providers for what the account has of its own.
const OWN: &str = "Your account";

/// The open dialog's state.
pub struct ModelPicker {
    search: String,
    provider: Option<String>,
    model: Option<ModelId>,
    chosen: Option<ModelId>,
    fresh: bool,
    /// Whether the chosen model shall be brought into view: a key may lead out of it.
    follows: bool,
    typed: String,
}

/// What was done in the search.
#[derive(Default)]
struct Searched {
    is_changed: bool,
    down: bool,
    up: bool,
}

impl ModelPicker {
    /// Opens on the model in use.
    #[must_use]
    pub fn open(current: Option<&ModelId>, catalog: &Catalog) -> Self {
        let model = current.and_then(|id| catalog.model(id));
        Self {
            search: String::new(),
            provider: model.map(|model| model.provider.clone()),
            model: model.map(|model| model.id.clone()),
            chosen: current.cloned(),
            fresh: true,
            follows: true,
            typed: String::new(),
        }
    }

    /// Draws the dialog; true when it is done with.
    pub fn ui(
        &mut self,
        ui: &mut Ui,
        catalog: &Catalog,
        shared: &Shared,
        commands: &mut Commands,
    ) -> bool {
        let mut done = false;
        let closed = dialog(ui, "Select model", WIDTH, |ui| {
            let mut applies = false;
            let searched = self.search_ui(ui, &mut applies);
            ui.add_space(space::S);
            let models = self.matching(catalog);
            self.follow_search(&searched, &models, catalog, shared);
            ui.horizontal_top(|ui| {
                column(ui, 0, "Provider", |ui| {
                    self.providers_ui(ui, &models, shared);
                });
                column(ui, 1, "Model", |ui| {
                    applies |= self.models_ui(ui, &models, catalog, shared);
                });
                column(ui, 2, "Inference", |ui| {
                    self.inference_ui(ui, catalog, shared);
                });
            });
            ui.add_space(space::S);
            ui.separator();
            applies |= self.typed_ui(ui);
            ui.horizontal(|ui| {
                at_the_end(ui, "model or not", |ui| {
                    done |= word_button(ui, "Cancel").clicked();
                    let apply = primary_button(ui, self.chosen.is_some(), icons::SUCCESS, "Apply")
                        .on_disabled_hover_text("Choose a model and how it is invoked");
                    if (applies || apply.clicked())
                        && let Some(id) = self.chosen.clone()
                    {
                        commands.push(Command::UseModel(id));
                        done = true;
                    }
                });
            });
        });
        done || closed
    }

    /// Anything else that can be invoked: provisioned throughput, an imported or custom model, a router.
    /// True when Enter takes it.
    fn typed_ui(&mut self, ui: &mut Ui) -> bool {
        let response = ui.add(
            TextEdit::singleline(&mut self.typed)
                .id_salt("typed id")
                .hint_text("Or paste an id or ARN: provisioned throughput, application profile, imported model, prompt router")
                .desired_width(f32::INFINITY)
                .margin(egui::Margin::symmetric(10, 7)),
        );
        accessible_name(&response, "Model id or ARN");
        let typed = self.typed.trim();
        if response.changed() && !typed.is_empty() {
            self.model = None;
            self.chosen = Some(typed.into());
        }
        !typed.is_empty() && enters(ui, &response)
    }

    /// Enter takes what is chosen; up and down choose the model before and after.
    fn search_ui(&mut self, ui: &mut Ui, applies: &mut bool) -> Searched {
        let mut searched = Searched::default();
        let id = ui.make_persistent_id("model search");
        if ui.memory(|memory| memory.has_focus(id)) {
            ui.input_mut(|input| {
                searched.down = input.consume_key(Modifiers::NONE, Key::ArrowDown);
                searched.up = input.consume_key(Modifiers::NONE, Key::ArrowUp);
            });
        }
        let response = ui.add(
            TextEdit::singleline(&mut self.search)
                .id(id)
                .hint_text("Search models")
                .desired_width(f32::INFINITY)
                .margin(egui::Margin::symmetric(10, 7)),
        );
        accessible_name(&response, "Search models");
        if std::mem::take(&mut self.fresh) {
            response.request_focus();
        }
        if response.changed() {
            self.provider = None;
            searched.is_changed = true;
        }
        *applies = enters(ui, &response);
        if *applies && self.chosen.is_none() {
            response.request_focus();
        }
        searched
    }

    /// Chooses the first model that was found, or the one beside the chosen one.
    fn follow_search(
        &mut self,
        searched: &Searched,
        models: &[&FoundationModel],
        catalog: &Catalog,
        shared: &Shared,
    ) {
        let shown: Vec<_> = models
            .iter()
            .filter(|model| self.is_offered(model))
            .collect();
        let at = shown
            .iter()
            .position(|model| Some(&model.id) == self.model.as_ref());
        let found = if searched.is_changed && !self.search.trim().is_empty() {
            shown.first()
        } else if searched.down {
            shown.get(at.map_or(0, |at| at + 1))
        } else if searched.up {
            at.and_then(|at| shown.get(at.checked_sub(1)?))
        } else {
            return;
        };
        if let Some(model) = found {
            self.choose(model, catalog, shared);
        } else if searched.is_changed {
            self.model = None;
            self.chosen = None;
        }
        self.follows = true;
    }

    fn choose(&mut self, model: &FoundationModel, catalog: &Catalog, shared: &Shared) {
        self.model = Some(model.id.clone());
        self.chosen = Some(catalog.invocation_id(model, shared.region()));
    }

    /// Whether a model is of the chosen provider.
    fn is_offered(&self, model: &FoundationModel) -> bool {
        self.provider
            .as_ref()
            .is_none_or(|provider| *provider == model.provider)
    }

    fn matching<'a>(&self, catalog: &'a Catalog) -> Vec<&'a FoundationModel> {
        let words = self.search.to_lowercase();
        let mut models: Vec<_> = catalog
            .models
            .iter()
            .filter(|model| model.answers_in_text())
            .filter(|model| {
                let text = format!("{} {} {}", model.name, model.id, model.provider).to_lowercase();
                words.split_whitespace().all(|word| text.contains(word))
            })
            .collect();
        models.sort_by(|a, b| {
            (a.lifecycle, &a.provider, &a.name).cmp(&(b.lifecycle, &b.provider, &b.name))
        });
        models
    }

    fn providers_ui(&mut self, ui: &mut Ui, models: &[&FoundationModel], shared: &Shared) {
        let mut providers: Vec<&str> = models.iter().map(|model| model.provider.as_str()).collect();
        providers.sort_unstable();
        providers.dedup();
        if option(ui, self.provider.is_none(), "All providers", "").clicked() {
            self.provider = None;
        }
        let has_own = shared.own_models.ready().is_some_and(|own| !own.is_empty());
        if has_own && option(ui, self.provider.as_deref() == Some(OWN), OWN, "").clicked() {
            self.provider = Some(OWN.to_owned());
        }
        for provider in providers {
            if option(ui, self.provider.as_deref() == Some(provider), provider, "").clicked() {
                self.provider = Some(provider.to_owned());
            }
        }
    }

    /// True when a double click takes one.
    fn models_ui(
        &mut self,
        ui: &mut Ui,
        models: &[&FoundationModel],
        catalog: &Catalog,
        shared: &Shared,
    ) -> bool {
        if self.provider.as_deref() == Some(OWN) {
            self.own_models_ui(ui, shared);
            return false;
        }
        let (mut any, mut applies) = (false, false);
        let namesakes = Namesakes::of_models(models);
        for model in models {
            if !self.is_offered(model) {
                continue;
            }
            any = true;
            let apart = namesakes.apart(&model.name, &model.id);
            let old = (model.lifecycle != Lifecycle::Active)
                .then(|| model.lifecycle.label().to_lowercase());
            let eyes = model.describes_images().then(|| "reads images".to_owned());
            let remark: Vec<String> = [apart, old, eyes].into_iter().flatten().collect();
            let selected = self.model.as_ref() == Some(&model.id);
            let response = ui
                .push_id(model.id.as_str(), |ui| {
                    option(ui, selected, &model.name, &remark.join(" · "))
                })
                .inner;
            if selected && std::mem::take(&mut self.follows) {
                response.scroll_to_me(None);
            }
            let response = response.on_hover_text(model.id.as_str());
            if response.clicked() {
                self.choose(model, catalog, shared);
            }
            applies |= response.double_clicked();
        }
        if !any {
            ui.label(
                RichText::new("No model matches the search").color(palette(ui).text_secondary),
            );
        }
        applies
    }

    fn own_models_ui(&mut self, ui: &mut Ui, shared: &Shared) {
        let all = || shared.own_models.ready().into_iter().flatten();
        let namesakes = Namesakes::of(all().map(|own| (own.name.as_str(), &own.id)));
        for own in all() {
            let selected = self.chosen.as_ref() == Some(&own.id);
            let kind = own.kind.label();
            let remark = match namesakes.apart(&own.name, &own.id) {
                Some(apart) => format!("{apart} · {kind}"),
                None => kind.to_owned(),
            };
            let response = ui
                .push_id(own.id.as_str(), |ui| {
                    option(ui, selected, &own.name, &remark)
                })
                .inner;
            if response.on_hover_text(own.id.as_str()).clicked() {
                self.model = None;
                self.chosen = Some(own.id.clone());
            }
        }
    }

    fn inference_ui(&mut self, ui: &mut Ui, catalog: &Catalog, shared: &Shared) {
        let Some(model) = self.model.as_ref().and_then(|id| catalog.model(id)) else {
            ui.label(RichText::new("Choose a model").color(palette(ui).text_secondary));
            return;
        };
        let mut ids = Vec::new();
        let profiles: Vec<_> = catalog.profiles_of(&model.id).collect();
        if profiles.is_empty() || model.inference_types.contains(&InferenceType::OnDemand) {
            ids.push((&model.id, "On-demand".to_owned()));
        }
        for profile in profiles {
            let name = match (profile.kind, profile.id.geography()) {
                (ProfileKind::Application, _) => format!("{}: application profile", profile.name),
                (_, Some(geography)) => format!("{} inference profile", geography.label()),
                (_, None) => "Inference profile".to_owned(),
            };
            ids.push((&profile.id, name));
        }
        let proposed = catalog.invocation_id(model, shared.region());
        // What fits is seen without scrolling.
        ids.sort_by_key(|(id, _)| **id != proposed);
        for (id, name) in ids {
            let selected = self.chosen.as_ref() == Some(id);
            ui.push_id(id.as_str(), |ui| {
                if option(ui, selected, &name, "")
                    .on_hover_text(id.as_str())
                    .clicked()
                {
                    self.chosen = Some(id.clone());
                }
                let palette = palette(ui);
                ui.indent("details", |ui| {
                    ui.spacing_mut().item_spacing.y = 1.0;
                    ui.add(
                        egui::Label::new(theme::small(id.as_str()).color(palette.text_secondary))
                            .truncate(),
                    );
                    let region = shared.region();
                    let text = format!(
                        "{} in, {} out for 1M tokens",
                        price(shared, id, Meter::Input),
                        price(shared, id, Meter::Output)
                    );
                    ui.label(theme::small(text).color(palette.text_secondary));
                    if *id == proposed {
                        badge(ui, &format!("Fits {region}"), Tone::Accent);
                    }
                });
            });
        }
    }
}

/// Whether Enter was pressed in a field.
fn enters(ui: &Ui, field: &egui::Response) -> bool {
    field.lost_focus() && ui.input(|input| input.key_pressed(Key::Enter))
}

fn column(ui: &mut Ui, index: usize, title: &str, contents: impl FnOnce(&mut Ui)) {
    ui.allocate_ui_with_layout(
        vec2(COLUMNS[index], HEIGHT),
        egui::Layout::top_down(egui::Align::Min),
        |ui| {
            ui.label(
                theme::strong(title)
                    .size(theme::font::SMALL)
                    .color(palette(ui).text_secondary),
            );
            ScrollArea::vertical()
                .id_salt(title)
                .auto_shrink(false)
                .show(ui, |ui| {
                    ui.spacing_mut().item_spacing.y = 2.0;
                    contents(ui);
                });
        },
    );
}

fn option(ui: &mut Ui, selected: bool, label: &str, remark: &str) -> egui::Response {
    let mut atoms = egui::Atoms::new(RichText::new(label));
    atoms.push_right(egui::Atom::grow());
    if !remark.is_empty() {
        atoms.push_right(theme::small(remark).color(palette(ui).text_secondary));
    }
    let button = Button::selectable(selected, atoms)
        .truncate()
        .min_size(vec2(ui.available_width() - space::S, size::CONTROL - 2.0));
    ui.add(button)
}
