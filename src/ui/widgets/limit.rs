//! A limit in dollars that can be switched on.

use egui::{DragValue, Response, Ui};
use rust_decimal::Decimal;
use rust_decimal::prelude::ToPrimitive as _;

use super::checkbox::checkbox;
use super::name::accessible_name;
use crate::pricing::Usd;

/// What a limit is when it is switched on: a cent for a call.
const FIRST: Usd = Usd::new(Decimal::from_parts(1, 0, 0, false, 2));

/// How a limit is shown.
pub struct DollarLimit<'a> {
    /// What stands beside the box that is ticked.
    pub label: &'a str,
    /// What the amount is called to assistive technology.
    pub name: &'a str,
}

impl DollarLimit<'_> {
    /// Draws it; the response is that of the box.
    pub fn ui(&self, ui: &mut Ui, limit: &mut Option<Usd>) -> Response {
        ui.horizontal(|ui| {
            let mut on = limit.is_some();
            let response = checkbox(ui, &mut on, self.label);
            if response.changed() {
                *limit = on.then_some(FIRST);
            }
            if let Some(amount) = limit {
                amount_ui(ui, self.name, amount);
            }
            response
        })
        .inner
    }
}

fn amount_ui(ui: &mut Ui, name: &str, amount: &mut Usd) {
    let mut dollars = amount.amount().to_f64().unwrap_or_default();
    let edit = ui.add(
        DragValue::new(&mut dollars)
            .range(0.0001..=1_000_000.0)
            .speed(0.01)
            .min_decimals(2)
            .max_decimals(4)
            .prefix("$"),
    );
    accessible_name(&edit, name);
    if edit.changed()
        && let Some(changed) = Decimal::from_f64_retain(dollars)
    {
        *amount = Usd::new(changed.round_dp(4));
    }
}
