//! Embeddings: texts and pictures as vectors, how similar they are, and where they lie.

mod analysis;
mod bar;
mod heat_map;
mod list;
mod map;
mod open;
mod outlook;
mod panel;

pub use open::{CollectionToSave, OpenCollection};

use egui::{Button, CentralPanel, Context, Frame, Margin, Panel, TextEdit, Ui, vec2};

use self::analysis::Analyses;
use self::outlook::Outlook;
use crate::catalog::{Catalog, ModelId};
use crate::embeddings::{Format, Offer, Source};
use crate::store::ConversationId;
use crate::tasks::Tasks;
use crate::ui::command::EmbeddingsCommand;
use crate::ui::icons;
use crate::ui::numbers::thousands;
use crate::ui::screens::out_of_reach;
use crate::ui::shared::Shared;
use crate::ui::theme::{self, palette, size, space};
use crate::ui::widgets::{
    Alert, AlertKind, accessible_name, empty_state, icon_button, in_pane, loading_state,
    menu_button, menu_item, menu_item_unless, modal, primary_button, secondary_button, spinner,
    title_row,
};
use crate::ui::{Command, Commands};

/// Room for title and buttons side by side, in points.
const ROOM_FOR_HEAD: f32 = 400.0;

/// Asked first where an account offers it.
const USUAL_MODEL: &str = "amazon.titan-embed-text-v2:0";

/// From so many requests on, a person is asked before they are sent.
const MANY_REQUESTS: usize = 1_000;

/// Width of the menu of files, in points.
const EXPORT_MENU: f32 = 240.0;

/// What the middle of the screen shows.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
enum View {
    #[default]
    Texts,
    Similarity,
    Map,
}

impl View {
    const ALL: [(Self, &'static str); 3] = [
        (Self::Texts, "Texts"),
        (Self::Similarity, "Similarity"),
        (Self::Map, "Map"),
    ];
}

/// The screen's own state.
#[derive(Default)]
pub struct EmbeddingsScreen {
    open: OpenCollection,
    view: View,
    typed: String,
    /// How wide the button beside them is, in points, once it was drawn.
    add_width: f32,
    selected: Option<usize>,
    analyses: Analyses,
    outlook: Outlook,
    /// Many requests wait for a yes; whether failed ones are meant too.
    asking: bool,
}

impl EmbeddingsScreen {
    /// The list that is shown.
    pub fn open(&self) -> &OpenCollection {
        &self.open
    }

    /// The same, to be changed.
    pub fn open_mut(&mut self) -> &mut OpenCollection {
        &mut self.open
    }

    /// Shows another list.
    pub fn show(&mut self, open: OpenCollection) {
        *self = Self {
            open,
            ..Self::default()
        };
    }

    /// The list goes on as another one.
    pub fn now_a_copy(&mut self, from: ConversationId, to: ConversationId) {
        if self.open.id() == from {
            self.open.now_a_copy(to);
        }
    }

    /// Takes the usual model of an account when none was chosen.
    pub fn offer_models(&mut self, catalog: &Catalog, region: &str) {
        if let Some(id) = &mut self.open.settings.model_id {
            if catalog.recognise(id) {
                // The same id, and other prices.
                self.outlook = Outlook::default();
            }
            return;
        }
        let usual = catalog.model(&ModelId::from(USUAL_MODEL)).or_else(|| {
            catalog
                .models
                .iter()
                .find(|model| Offer::of(&model.id).is_some())
        });
        if let Some(model) = usual {
            let id = catalog.invocation_id(model, region);
            self.open.settings.use_model(id);
        }
    }

    /// Takes in what background work brought, and begins what is due.
    pub fn collect(&mut self, ctx: &Context, tasks: &Tasks, shared: &Shared) {
        self.open.collect();
        let running = self.open.is_running();
        self.analyses
            .update(ctx, tasks, &self.open.list, self.selected, running);
        self.outlook.update(tasks, shared, &self.open);
    }

    /// Whether so much would be sent that a person should say yes first.
    pub fn asks_first(&mut self) -> bool {
        let asks = self.outlook.shown().forecast.requests >= MANY_REQUESTS;
        self.asking = asks;
        asks
    }

    /// Draws the screen.
    pub fn ui(&mut self, ui: &mut Ui, shared: &Shared, commands: &mut Commands) {
        let (background, surface) = (palette(ui).background, palette(ui).surface);
        Panel::right("embeddings side")
            .exact_size(theme::side_panel(ui, 20.0))
            .resizable(false)
            .frame(Frame::new().fill(surface).inner_margin(Margin {
                left: 16,
                right: 8,
                top: 16,
                bottom: 8,
            }))
            .show(
                ui,
                in_pane(|ui| {
                    panel::ui(
                        ui,
                        &mut self.open,
                        &self.analyses,
                        &mut self.selected,
                        shared,
                    );
                }),
            );
        let margin = |top: i8, bottom: i8| Margin {
            left: 20,
            right: 20,
            top,
            bottom,
        };
        Panel::top("embeddings head")
            .resizable(false)
            .show_separator_line(false)
            .frame(Frame::new().fill(background).inner_margin(margin(16, 4)))
            .show(ui, in_pane(|ui| self.head(ui, commands)));
        if !self.open.list.items().is_empty() {
            Panel::bottom("embeddings bar")
                .resizable(false)
                .frame(Frame::new().fill(background).inner_margin(margin(8, 12)))
                .show(
                    ui,
                    in_pane(|ui| {
                        bar::ui(ui, &self.open, self.outlook.shown(), shared, commands);
                    }),
                );
        }
        CentralPanel::default()
            .frame(Frame::new().fill(background).inner_margin(margin(0, 0)))
            .show(ui, in_pane(|ui| self.body(ui, shared, commands)));
        self.many_ui(ui, commands);
    }

    fn head(&mut self, ui: &mut Ui, commands: &mut Commands) {
        title_row(ui, "Embeddings", ROOM_FOR_HEAD, |ui| {
            let idle = !self.open.is_running();
            if idle
                && self.open.list.can_restore()
                && icon_button(ui, icons::UNDO, "Bring back what was removed").clicked()
            {
                self.open.list.restore();
            }
            if secondary_button(ui, icons::ATTACH, "Add files…").clicked() {
                commands.push(Command::PickFiles);
            }
            self.export_menu(ui, commands);
        });
        self.composer(ui);
        if !self.open.list.items().is_empty() {
            ui.horizontal(|ui| {
                for (view, name) in View::ALL {
                    ui.selectable_value(&mut self.view, view, name);
                }
                if self.analyses.is_working() {
                    spinner(ui);
                    let words = theme::small("Working out similarity and map…");
                    ui.label(words.color(palette(ui).text_secondary));
                }
            });
        }
    }

    fn composer(&mut self, ui: &mut Ui) {
        let rows = if self.open.list.items().is_empty() {
            4
        } else {
            2
        };
        ui.horizontal_top(|ui| {
            let beside = self.add_width + ui.spacing().item_spacing.x;
            let width = (ui.available_width() - beside).max(80.0);
            let edit = egui::ScrollArea::vertical()
                .id_salt("new texts")
                .max_height(110.0)
                .min_scrolled_height(110.0)
                .max_width(width)
                .show(ui, |ui| {
                    ui.add(
                        TextEdit::multiline(&mut self.typed)
                            .id_salt("new texts")
                            .hint_text("Write or paste texts, one a line")
                            .desired_rows(rows)
                            .desired_width(width)
                            .margin(Margin::same(8)),
                    )
                })
                .inner;
            accessible_name(&edit, "New texts, one a line");
            let lines = || self.typed.lines().filter(|line| !line.trim().is_empty());
            let count = lines().take(100_000).count();
            let label = match count {
                0 | 1 => "Add".to_owned(),
                count => format!("Add {}", thousands(count as u64)),
            };
            let running = self.open.is_running();
            let add = primary_button(ui, count > 0 && !running, icons::ADD, &label)
                .on_disabled_hover_text("Write a text first");
            self.add_width = add.rect.width();
            if add.clicked() {
                let texts: Vec<Source> = lines()
                    .map(|line| Source::Text(line.trim().to_owned()))
                    .collect();
                self.typed.clear();
                self.open.add(texts);
            }
        });
    }

    fn export_menu(&mut self, ui: &mut Ui, commands: &mut Commands) {
        let nothing = self
            .analyses
            .shown()
            .is_none_or(|made| made.places.is_empty())
            .then_some("There is no vector yet");
        let button =
            Button::new((icons::atom(icons::EXPORT), "Export")).min_size(vec2(0.0, size::CONTROL));
        menu_button(ui, button, "Export vectors", EXPORT_MENU, |ui| {
            for format in Format::ALL {
                let label = format!("Vectors as {}…", format.label());
                if menu_item_unless(ui, nothing, &label) {
                    commands.push(Command::Embeddings(EmbeddingsCommand::Save(format)));
                }
            }
            ui.separator();
            for format in Format::ALL {
                let label = format!("Similarity as {}…", format.label());
                if menu_item_unless(ui, nothing, &label) {
                    commands.push(Command::Embeddings(EmbeddingsCommand::SaveMatrix(format)));
                }
            }
            ui.separator();
            if menu_item(ui, "New list") {
                commands.push(Command::Embeddings(EmbeddingsCommand::New));
            }
        });
    }

    fn body(&mut self, ui: &mut Ui, shared: &Shared, commands: &mut Commands) {
        out_of_reach::ui(ui, 0.0, shared, commands);
        if let Some(problem) = &self.open.problem {
            let alert = Alert::new(AlertKind::Error, "Nothing was sent").line(problem);
            if alert.dismissible().show(ui, |_| {}) {
                self.open.problem = None;
            }
        }
        if self.open.list.items().is_empty() {
            self.empty(ui);
            return;
        }
        self.unfit_ui(ui);
        let ready = self
            .analyses
            .shown()
            .is_some_and(|made| made.places.len() > 1);
        let clicked = match self.view {
            View::Texts => list::ui(ui, &mut self.open, self.selected, &self.outlook),
            View::Similarity | View::Map if !ready => {
                if self.analyses.is_working() {
                    loading_state(ui, "Working out similarity and map…");
                } else {
                    let words = "Two texts with vectors are needed: embed them first.";
                    empty_state(
                        ui,
                        icons::EMBEDDINGS,
                        "Nothing to compare yet",
                        words,
                        |_| {},
                    );
                }
                None
            }
            View::Similarity => heat_map::ui(ui, &self.open.list, &self.analyses, self.selected),
            View::Map => map::ui(ui, &self.open.list, &self.analyses, self.selected),
        };
        if clicked.is_some() {
            self.selected = clicked;
        }
    }

    fn empty(&mut self, ui: &mut Ui) {
        empty_state(
            ui,
            icons::EMBEDDINGS,
            "Texts become vectors",
            "Write texts above, one a line, or drop files here: txt, CSV, JSON Lines, and images for \
             multimodal models. You see how similar they are, who is nearest to whom, and a map.",
            |ui| {
                if secondary_button(ui, icons::DEMO, "Try it with examples").clicked() {
                    let examples = EXAMPLES.map(|text| Source::Text(text.to_owned()));
                    self.open.add(examples.to_vec());
                }
            },
        );
    }

    /// Says what the model would refuse, before it is sent.
    fn unfit_ui(&mut self, ui: &mut Ui) {
        let outlook = self.outlook.shown();
        let Some((place, problem)) = outlook.unfit.first() else {
            return;
        };
        let title = match outlook.unfit.len() {
            1 => "1 text cannot be sent".to_owned(),
            count => format!("{} texts cannot be sent", thousands(count as u64)),
        };
        let words = format!("Text {}: {problem}", place + 1);
        let mut leave_out = false;
        Alert::new(AlertKind::Warning, &title)
            .line(&words)
            .show(ui, |ui| {
                let idle = !self.open.is_running();
                leave_out = idle && secondary_button(ui, icons::DELETE, "Leave them out").clicked();
            });
        if leave_out {
            let places: Vec<usize> = outlook.unfit.iter().map(|(place, _)| *place).collect();
            for place in places.into_iter().rev() {
                self.open.list.remove(place);
            }
        }
        ui.add_space(space::S);
    }

    fn many_ui(&mut self, ui: &mut Ui, commands: &mut Commands) {
        if !self.asking {
            return;
        }
        let forecast = self.outlook.shown().forecast;
        let mut answer = None;
        let closed = modal(ui, "many requests", 420.0, 20, |ui| {
            let title = format!("Send {} requests?", thousands(forecast.requests as u64));
            ui.label(theme::h2(title).color(palette(ui).heading));
            ui.label(bar::words(&forecast));
            ui.add_space(space::M);
            ui.horizontal(|ui| {
                if primary_button(ui, true, icons::SEND, "Send them").clicked() {
                    answer = Some(true);
                }
                if secondary_button(ui, icons::CLOSE, "Do not send").clicked() {
                    answer = Some(false);
                }
            });
        });
        if answer == Some(true) {
            commands.push(Command::Embeddings(EmbeddingsCommand::StartAnyway));
        }
        if closed || answer.is_some() {
            self.asking = false;
        }
    }
}

/// Three groups of meaning, for a first look.
const EXAMPLES: [&str; 9] = [
    "The cat sleeps on the warm window sill",
    "A kitten naps in the sun by the window",
    "My cat likes to sleep all day",
    "The invoice is due at the end of the month",
    "Please pay the invoice within thirty days",
    "When is the payment of this invoice due?",
    "Rain is expected in the north tomorrow",
    "Tomorrow it will rain in the northern hills",
    "The forecast for tomorrow is rain and wind",
];
