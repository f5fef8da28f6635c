//! Narrowing the history down, by model, connection, day and cost; and its order.

use egui::{Ui, vec2};
use rust_decimal::Decimal;

use crate::pricing::Usd;
use crate::store::{HistoryOrder, HistoryQuery, Screen, UnixMs};
use crate::ui::clock::Clock;
use crate::ui::theme::{palette, size};
use crate::ui::widgets::{accessible_name, combo_box, link_button, text_field};

/// What comes first, by name.
const ORDERS: [(HistoryOrder, &str); 5] = [
    (HistoryOrder::Newest, "Newest first"),
    (HistoryOrder::Oldest, "Oldest first"),
    (HistoryOrder::Title, "By title"),
    (HistoryOrder::Cost, "Highest cost first"),
    (HistoryOrder::Tokens, "Most tokens first"),
];

/// Lets a person choose what comes first; true when that was changed.
pub fn order_ui(ui: &mut Ui, order: &mut HistoryOrder) -> bool {
    let before = *order;
    let chosen = ORDERS.iter().find(|(each, _)| each == order);
    let response = combo_box("order")
        .width(170.0)
        .selected_text(chosen.map_or("", |(_, label)| label))
        .show_ui(ui, |ui| {
            for (each, label) in ORDERS {
                if ui.selectable_value(order, each, label).clicked() {
                    // A click by assistive technology does not close the list by itself.
                    ui.close();
                }
            }
        });
    accessible_name(&response.response, "Order");
    before != *order
}

/// The filters as typed.
#[derive(Default)]
pub struct Filters {
    open: bool,
    model: String,
    connection: String,
    from: String,
    until: String,
    least_cost: String,
    screen: Option<Screen>,
}

impl Filters {
    /// Draws what shows and hides them.
    pub fn toggle_ui(&mut self, ui: &mut Ui) {
        let label = if self.open {
            "Hide filters"
        } else if *self == Self::default() {
            "Filters…"
        } else {
            "Filters in use…"
        };
        if link_button(ui, label).clicked() {
            self.open = !self.open;
        }
    }

    /// Draws them where they are shown; changes the query where something was typed.
    pub fn fields_ui(&mut self, ui: &mut Ui, clock: &Clock, query: &mut HistoryQuery) {
        if !self.open {
            return;
        }
        let mut changed = false;
        ui.horizontal_wrapped(|ui| {
            for (name, hint, text, width) in [
                ("Model id", "Model id", &mut self.model, 260.0),
                ("Connection name", "Connection", &mut self.connection, 160.0),
                ("From day", "From 2026-01-31", &mut self.from, 130.0),
                ("To day", "To 2026-12-31", &mut self.until, 130.0),
                ("Least cost", "At least $", &mut self.least_cost, 100.0),
            ] {
                ui.allocate_ui(vec2(width, size::CONTROL), |ui| {
                    changed |= text_field(ui, name, hint, text).changed();
                });
            }
            changed |= self.screen_ui(ui);
            if *self != Self::shown() && link_button(ui, "Clear the filters").clicked() {
                *self = Self::shown();
                changed = true;
            }
        });
        match self.narrowed(clock, query) {
            Ok(narrowed) if changed => *query = narrowed,
            Ok(_) => {}
            Err(problem) => {
                ui.colored_label(palette(ui).error, problem);
            }
        }
    }

    /// Of which screen; whether that was changed.
    fn screen_ui(&mut self, ui: &mut Ui) -> bool {
        let before = self.screen.clone();
        let screens = [
            (None, "Every screen"),
            (Some(Screen::chat()), "Chat playground"),
            (Some(Screen::compare()), "Compare models"),
            (Some(Screen::images()), "Images"),
            (Some(Screen::alt_text()), "Alt text"),
            (Some(Screen::embeddings()), "Embeddings"),
        ];
        let chosen = screens.iter().find(|(screen, _)| *screen == self.screen);
        let combo = combo_box("screen").width(150.0);
        let text = chosen.map_or("Another screen", |(_, label)| label);
        let response = combo.selected_text(text).show_ui(ui, |ui| {
            for (screen, label) in &screens {
                ui.selectable_value(&mut self.screen, screen.clone(), *label);
            }
        });
        accessible_name(&response.response, "Screen");
        before != self.screen
    }

    /// Empty, and on screen.
    fn shown() -> Self {
        Self {
            open: true,
            ..Self::default()
        }
    }

    fn narrowed(&self, clock: &Clock, query: &HistoryQuery) -> Result<HistoryQuery, String> {
        let text = |text: &str| {
            let text = text.trim();
            (!text.is_empty()).then(|| text.to_owned())
        };
        let least_cost = match text(self.least_cost.trim().trim_start_matches('$')) {
            None => None,
            Some(amount) => Some(Usd::new(
                Decimal::from_str_exact(&amount)
                    .map_err(|_| format!("\u{201c}{amount}\u{201d} is no amount: write 0.05"))?,
            )),
        };
        Ok(HistoryQuery {
            model: text(&self.model).map(Into::into),
            connection: text(&self.connection),
            from: day(clock, &self.from)?.map(|(begin, _)| begin),
            before: day(clock, &self.until)?.map(|(_, end)| end),
            least_cost,
            screen: self.screen.clone(),
            ..query.clone()
        })
    }
}

impl PartialEq for Filters {
    /// Whether they narrow the same way; being on screen does not count.
    fn eq(&self, other: &Self) -> bool {
        let typed = |filters: &Self| {
            [
                filters.model.clone(),
                filters.connection.clone(),
                filters.from.clone(),
                filters.until.clone(),
                filters.least_cost.clone(),
            ]
        };
        typed(self) == typed(other) && self.screen == other.screen
    }
}

/// When a day begins and ends; nothing for nothing.
fn day(clock: &Clock, text: &str) -> Result<Option<(UnixMs, UnixMs)>, String> {
    let text = text.trim();
    if text.is_empty() {
        return Ok(None);
    }
    let day = clock.day(text);
    let day = day.ok_or_else(|| format!("\u{201c}{text}\u{201d} is no day: write 2026-11-21"))?;
    Ok(Some(day))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ui::clock::Zone;

    #[test]
    fn days_are_whole_and_bad_ones_are_named() {
        let filters = Filters {
            from: "2026-11-20".into(),
            until: "2026-11-20".into(),
            least_cost: "$0.05".into(),
            ..Filters::default()
        };
        let clock = Clock::new(Zone::utc(), UnixMs::now());
        let query = filters.narrowed(&clock, &HistoryQuery::default()).unwrap();
        // 2026-11-20 is 20,777 days after 1970-01-01.
        assert_eq!(query.from, Some(UnixMs(20_777 * 86_400_000)));
        assert_eq!(query.before, Some(UnixMs(20_778 * 86_400_000)));
        assert_eq!(query.least_cost.unwrap().to_string(), "$0.05");
        let wrong = Filters {
            from: "20.11.2026".into(),
            ..Filters::default()
        };
        assert!(
            wrong
                .narrowed(&clock, &HistoryQuery::default())
                .unwrap_err()
                .contains("20.11.2026")
        );
    }
}
