//! Usage: what calls took and cost, by day, model, connection, screen and tag; budgets; other prices.
//!
//! What AWS bills and what the embedded endpoint made up are looked at one or the other, never
//! together.

mod budgets;
mod effects;
mod other_models;
mod plots;
mod table;

use egui::{ScrollArea, Ui};

use crate::pricing::{Day, Spent};
use crate::spending::{By, Half, Report};
use crate::store::{PriceUpdates, Settings};
use crate::ui::command::{PricesCommand, UsageCommand};
use crate::ui::icons;
use crate::ui::numbers::thousands;
use crate::ui::screens::not_kept;
use crate::ui::shared::{History, Shared};
use crate::ui::theme::{self, palette, space};
use crate::ui::widgets::{
    at_the_end, checkbox, empty_state, figure, labelled_value, loading_state, page,
    secondary_button, section_title,
};
use crate::ui::{Command, Commands, Screen};

/// The time that is looked at.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
enum Period {
    Week,
    #[default]
    Days30,
    Month,
    Year,
}

impl Period {
    const ALL: [Self; 4] = [Self::Week, Self::Days30, Self::Month, Self::Year];

    fn label(self) -> &'static str {
        match self {
            Self::Week => "7 days",
            Self::Days30 => "30 days",
            Self::Month => "This month",
            Self::Year => "12 months",
        }
    }

    /// The first and the last day.
    fn days(self, today: Day) -> (Day, Day) {
        let from = match self {
            Self::Week => today.plus_days(-6),
            Self::Days30 => today.plus_days(-29),
            Self::Month => today.first_of_month(),
            Self::Year => today.plus_days(-364),
        };
        (from, today)
    }
}

/// What the report on show was made of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Wanted {
    /// The first day.
    pub from: Day,
    /// The last day.
    pub to: Day,
    /// What calls are added up by.
    pub by: By,
    /// Counts the changes of ledger and prices.
    pub revision: u64,
}

/// What the screen shows beside its report.
pub struct Around<'a> {
    /// Whether there is a ledger: it is part of the history.
    pub history: History<'a>,
    /// What budgets are kept in; `None` without a settings file.
    pub settings: Option<&'a Settings>,
    /// What was spent of them.
    pub spent: &'a Spent,
    /// What a person calls the connection; empty until there is one that costs money.
    pub connection: &'a str,
    /// Counts the changes of ledger and prices.
    pub revision: u64,
}

/// The usage screen's own state.
#[derive(Default)]
pub struct UsageScreen {
    period: Period,
    by: By,
    /// Whether what was made up is shown; where nothing was charged it is anyway.
    simulated: bool,
    /// Whether every other model is listed.
    all_models: bool,
    asked: Option<Wanted>,
    shown: Option<(Wanted, Report)>,
    problem: Option<String>,
}

impl UsageScreen {
    /// What was asked for is here.
    pub fn show(&mut self, wanted: Wanted, report: Report) {
        self.problem = None;
        self.shown = Some((wanted, report));
    }

    /// The ledger cannot be read, and why.
    pub fn unavailable(&mut self, problem: String) {
        // What is still on show was made of other days.
        self.shown = None;
        self.problem = Some(problem);
    }

    /// Draws the screen.
    pub fn ui(
        &mut self,
        ui: &mut Ui,
        shared: &Shared,
        around: &Around<'_>,
        commands: &mut Commands,
    ) {
        let (from, to) = self.period.days(Day::today());
        let wanted = Wanted {
            from,
            to,
            by: self.by,
            revision: around.revision,
        };
        let is_open = around.history == History::Open;
        if is_open && self.asked != Some(wanted) {
            self.asked = Some(wanted);
            commands.push(Command::Usage(UsageCommand::Load(wanted)));
        }
        let (mut period, mut wishes) = (self.period, Commands::default());
        let is_wide = !theme::is_narrow(ui);
        page(
            ui,
            "Usage",
            |ui| {
                ui.add_space(space::M);
                for choice in Period::ALL {
                    ui.selectable_value(&mut period, choice, choice.label());
                }
                if is_wide {
                    at_the_end(ui, "actions on usage", |ui| {
                        actions(ui, wanted, is_open, &mut wishes);
                        ui.add_space(space::M);
                    });
                }
            },
            |ui| {
                ScrollArea::vertical().auto_shrink(false).show(ui, |ui| {
                    if !is_wide {
                        ui.horizontal_wrapped(|ui| {
                            actions(ui, wanted, is_open, commands);
                        });
                    }
                    self.body(ui, shared, around, commands);
                });
            },
        );
        self.period = period;
        for command in wishes.take() {
            commands.push(command);
        }
    }

    fn body(&mut self, ui: &mut Ui, shared: &Shared, around: &Around<'_>, commands: &mut Commands) {
        ui.set_max_width(ui.available_width() - space::M);
        self.obstacle(ui, around.history, commands);
        match self.shown.take() {
            Some((wanted, report)) => {
                self.report(ui, wanted, &report, commands);
                self.shown = Some((wanted, report));
            }
            None if self.is_loading(around.history) => {
                loading_state(ui, "Adding up…");
            }
            None => {}
        }
        if let Some(settings) = around.settings {
            budgets::ui(ui, settings, around, commands);
        }
        sources(ui, shared, around.settings, commands);
        ui.add_space(space::L);
    }

    fn is_loading(&self, history: History<'_>) -> bool {
        matches!(history, History::Opening | History::Open) && self.problem.is_none()
    }

    /// What stands in the way of the sums, and what can be done about it.
    fn obstacle(&mut self, ui: &mut Ui, history: History<'_>, commands: &mut Commands) {
        let history = history.asked(self.problem.as_deref());
        if !history.is_obstacle() {
            return;
        }
        if not_kept::ui(ui, history, "Usage cannot be added up", commands) {
            self.asked = None;
            self.problem = None;
        }
        ui.add_space(space::S);
    }

    fn report(&mut self, ui: &mut Ui, wanted: Wanted, report: &Report, commands: &mut Commands) {
        let has_charged = report.charged.total.calls > 0;
        let has_simulated = report.simulated.total.calls > 0;
        if !has_charged && !has_simulated {
            let text = format!(
                "From {} to {} no model was asked. What calls take and cost is added up here.",
                wanted.from, wanted.to
            );
            empty_state(ui, icons::USAGE, "No usage yet", &text, |ui| {
                if secondary_button(ui, icons::CHAT, "Go to the chat playground").clicked() {
                    commands.push(Command::Show(Screen::Chat));
                }
            });
            return;
        }
        if has_charged && has_simulated {
            ui.horizontal(|ui| {
                ui.selectable_value(&mut self.simulated, false, "Charged");
                ui.selectable_value(&mut self.simulated, true, "Simulated");
            });
        }
        let simulated = if has_charged {
            self.simulated && has_simulated
        } else {
            true
        };
        let half = if simulated {
            &report.simulated
        } else {
            &report.charged
        };
        if simulated {
            let text = "Simulated by the embedded endpoint: nobody paid. The amounts are what AWS would have asked.";
            ui.label(theme::small(text).color(palette(ui).warning));
        }
        figures(ui, half, simulated);
        ui.add_space(space::S);
        plots::ui(ui, wanted.from, wanted.to, half, simulated);
        section_title(ui, "Added up");
        ui.horizontal(|ui| {
            ui.label("By");
            for by in By::ALL {
                ui.selectable_value(&mut self.by, by, by.label());
            }
        });
        table::ui(ui, wanted.by, half);
        effects::ui(ui, report);
        other_models::ui(ui, report, half, &mut self.all_models);
    }
}

/// What can be done with all of it.
fn actions(ui: &mut Ui, wanted: Wanted, is_open: bool, commands: &mut Commands) {
    ui.add_enabled_ui(is_open, |ui| {
        if secondary_button(ui, icons::EXPORT, "Export CSV…").clicked() {
            commands.push(Command::Usage(UsageCommand::Export(wanted)));
        }
    });
    if secondary_button(ui, icons::RETRY, "Refresh prices…").clicked() {
        commands.push(Command::Prices(PricesCommand::Refresh));
    }
}

/// The sums at a glance.
fn figures(ui: &mut Ui, half: &Half, simulated: bool) {
    let total = &half.total;
    let cost = if simulated {
        "On AWS it would cost"
    } else {
        "Spent"
    };
    let figures = [
        (cost, total.cost_in_words()),
        ("Calls", thousands(total.calls)),
        ("Input tokens", thousands(total.input)),
        ("Output tokens", thousands(total.output)),
        ("Read from the cache", thousands(total.cache_read)),
        ("Written to the cache", thousands(total.cache_write)),
    ];
    ui.add_space(space::XS);
    ui.horizontal_wrapped(|ui| {
        ui.spacing_mut().item_spacing.x = space::XXL;
        for (index, (name, value)) in figures.iter().enumerate() {
            let size = if index == 0 {
                theme::font::H2
            } else {
                theme::font::H3
            };
            figure(ui, name, theme::strong(value).size(size));
        }
    });
}

/// Where prices come from, and whether they are looked at by themselves.
fn sources(ui: &mut Ui, shared: &Shared, settings: Option<&Settings>, commands: &mut Commands) {
    section_title(ui, "Prices");
    let list = &shared.prices.price_list;
    if list.files().is_empty() {
        ui.label("The table that comes with this program; no price file of AWS was read yet.");
    }
    for file in list.files() {
        let text = format!("Published {}, fetched {}", file.published, file.fetched);
        labelled_value(
            ui,
            &format!("{} for {}", file.offer.code(), file.region),
            &text,
        );
    }
    let own = shared.prices.overrides.prices().len();
    if own > 0 {
        labelled_value(ui, "Entered by yourself", &format!("{own} prices"));
    }
    if let Some(percent) = shared.prices.overrides.discount_percent() {
        let text = format!("{} % off every other price", percent.normalize());
        labelled_value(ui, "Your account's discount", &text);
    }
    let Some(settings) = settings else { return };
    let mut changed = settings.clone();
    let text =
        "Look at the price files of AWS once a week, and show what changed before it is taken";
    let mut weekly = changed.price_updates == PriceUpdates::Weekly;
    if checkbox(ui, &mut weekly, text).changed() {
        changed.price_updates = if weekly {
            PriceUpdates::Weekly
        } else {
            PriceUpdates::Never
        };
        budgets::save(changed, commands);
    }
}
