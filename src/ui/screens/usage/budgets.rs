//! Budgets: what may be spent, how much of it is, and whether it stops there.

use std::collections::BTreeSet;

use egui::{ProgressBar, Ui};
use rust_decimal::prelude::ToPrimitive as _;

use super::Around;
use crate::pricing::{Budget, BudgetState, Usd};
use crate::store::Settings;
use crate::ui::command::SettingsCommand;
use crate::ui::numbers::thousands;
use crate::ui::theme::{self, palette, space};
use crate::ui::widgets::{DollarLimit, checkbox, section_title};
use crate::ui::{Command, Commands};

/// Width of the bars, in points.
const BAR: f32 = 320.0;

/// Draws the budgets; what is changed is kept.
pub fn ui(ui: &mut Ui, settings: &Settings, around: &Around<'_>, commands: &mut Commands) {
    section_title(ui, "Budgets");
    let color = palette(ui).text_secondary;
    let text =
        "Days and months are those of UTC. You are warned at 80 %. Simulated calls cost nothing.";
    ui.label(theme::small(text).color(color));
    let mut changed = settings.clone();
    let budgets = &mut changed.budgets;
    budget(
        ui,
        ["A day", "Budget of a day"],
        &mut budgets.day,
        around.spent.day,
    );
    budget(
        ui,
        ["A month", "Budget of a month"],
        &mut budgets.month,
        around.spent.month,
    );
    for connection in connections(settings, around) {
        let spent = around.spent.connections.get(connection);
        let label = format!("A month through {connection}");
        let name = format!("Budget of {connection}");
        let mut of_connection = budgets.of_connection(connection);
        budget(
            ui,
            [&label, &name],
            &mut of_connection,
            spent.copied().unwrap_or_default(),
        );
        if of_connection != settings.budgets.of_connection(connection) {
            budgets.set_connection(connection, of_connection);
        }
    }
    if around.spent.unknown > 0 {
        let text = match around.spent.unknown {
            1 => "1 call of this month has no known cost and is in none of these sums".to_owned(),
            unknown => format!(
                "{} calls of this month have no known cost and are in none of these sums",
                thousands(unknown)
            ),
        };
        ui.label(theme::small(text).color(palette(ui).warning));
    }
    if changed.budgets != settings.budgets {
        save(changed, commands);
    }
}

/// Those that have a budget, were used this month, or are in use.
fn connections<'a>(settings: &'a Settings, around: &'a Around<'_>) -> BTreeSet<&'a str> {
    let budgeted = settings.budgets.connections.iter();
    budgeted
        .map(|of| of.connection.as_str())
        .chain(around.spent.connections.keys().map(String::as_str))
        .chain(std::iter::once(around.connection))
        .filter(|name| !name.is_empty())
        .collect()
}

/// Keeps settings.
pub fn save(settings: Settings, commands: &mut Commands) {
    let command = SettingsCommand::Save(Box::new(settings));
    commands.push(Command::Settings(command));
}

fn budget(ui: &mut Ui, [label, name]: [&str; 2], budget: &mut Option<Budget>, spent: Usd) {
    ui.push_id(name, |ui| {
        ui.horizontal(|ui| {
            let mut limit = budget.map(|budget| budget.usd);
            let mut stop = budget.is_some_and(|budget| budget.stop);
            DollarLimit { label, name }.ui(ui, &mut limit);
            if limit.is_some() {
                ui.add_space(space::S);
                let response = checkbox(ui, &mut stop, "Stop when it is spent");
                response.widget_info(|| {
                    let name = format!("{name}: stop when it is spent");
                    egui::WidgetInfo::selected(egui::Role::CheckBox, true, stop, name)
                });
            }
            *budget = limit.map(|usd| Budget { usd, stop });
        });
        if let Some(budget) = *budget {
            bar(ui, name, budget, spent);
        }
    });
}

fn bar(ui: &mut Ui, name: &str, budget: Budget, spent: Usd) {
    let state = BudgetState {
        name: name.to_owned(),
        budget,
        spent,
    };
    let palette = palette(ui);
    let color = if state.is_spent() {
        palette.error
    } else if state.is_low() {
        palette.warning
    } else {
        palette.accent
    };
    let share = spent.amount().checked_div(budget.usd.amount());
    let share = share.and_then(|share| share.to_f32()).unwrap_or(1.0);
    ui.add(
        ProgressBar::new(share.clamp(0.0, 1.0))
            .desired_width(BAR)
            .desired_height(6.0)
            .fill(color),
    )
    .widget_info(|| {
        egui::WidgetInfo::labeled(egui::Role::ProgressIndicator, true, state.to_string())
    });
    let text = format!("{spent} of {} is spent", budget.usd);
    ui.label(theme::small(text).color(palette.text_secondary));
}
