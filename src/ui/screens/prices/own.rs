//! The person's own prices of one model, and what the account gets off all others.

use egui::{Align, Grid, Label, Layout, Ui};
use rust_decimal::Decimal;

use crate::catalog::ModelId;
use crate::pricing::{Meter, OverrideError, Overrides, Tier, Usd};
use crate::ui::command::PricesCommand;
use crate::ui::icons;
use crate::ui::shared::Shared;
use crate::ui::theme::{self, palette, space};
use crate::ui::widgets::{dialog, primary_button, text_field};
use crate::ui::{Command, Commands};

const WIDTH: f32 = 560.0;

/// What a price can be entered for, with the name of its field.
const METERS: [(Meter, &str); 5] = [
    (Meter::Input, "Input"),
    (Meter::Output, "Output"),
    (Meter::CacheRead, "Cache read"),
    (Meter::CacheWrite5m, "Cache write, 5 min"),
    (Meter::CacheWrite1h, "Cache write, 1 h"),
];

/// The open dialog's state.
pub struct OwnPricesDialog {
    model: ModelId,
    fields: [String; METERS.len()],
    /// As it was when the dialog was opened; a field that was not touched changes nothing.
    before: [String; METERS.len()],
    discount: String,
    discount_before: String,
    problem: Option<&'static str>,
}

impl OwnPricesDialog {
    /// Opens on what was entered before.
    #[must_use]
    pub fn open(model: ModelId, overrides: &Overrides) -> Self {
        let fields = METERS.map(|(meter, _)| own(overrides, &model, meter));
        let discount = overrides
            .discount_percent()
            .map_or_else(String::new, |percent| percent.normalize().to_string());
        Self {
            model,
            before: fields.clone(),
            fields,
            discount_before: discount.clone(),
            discount,
            problem: None,
        }
    }

    /// Draws the dialog; true when it is done with.
    pub fn ui(&mut self, ui: &mut Ui, shared: &Shared, commands: &mut Commands) -> bool {
        let mut saved = false;
        let closed = dialog(ui, "Your own prices", WIDTH, |ui| {
            let color = palette(ui).text_secondary;
            let text = format!(
                "Dollars for a million tokens of {}, on demand, in every region. An empty field has the \
                 price that AWS publishes.",
                self.model
            );
            ui.add(Label::new(theme::small(text).color(color)).wrap());
            ui.add_space(space::S);
            self.prices_ui(ui, shared);
            ui.add_space(space::S);
            ui.horizontal(|ui| {
                ui.label("Your account's discount on all other prices, in percent");
                ui.scope(|ui| {
                    ui.set_width(90.0);
                    text_field(ui, "Discount in percent", "none", &mut self.discount);
                });
            });
            if let Some(problem) = self.problem {
                ui.colored_label(palette(ui).error, problem);
            }
            ui.add_space(space::M);
            ui.with_layout(Layout::right_to_left(Align::Center), |ui| {
                if primary_button(ui, true, icons::SAVE, "Keep these prices").clicked() {
                    saved = self.save(commands);
                }
            });
        });
        saved || closed
    }

    fn prices_ui(&mut self, ui: &mut Ui, shared: &Shared) {
        Grid::new("own prices")
            .num_columns(3)
            .spacing([space::M, space::XS])
            .show(ui, |ui| {
                for ((meter, name), field) in METERS.iter().zip(&mut self.fields) {
                    let public = shared.unit_price(&self.model, *meter);
                    ui.label(*name);
                    ui.scope(|ui| {
                        ui.set_width(120.0);
                        let hint = public.map_or_else(
                            || "unknown".to_owned(),
                            |price| price.amount.amount().normalize().to_string(),
                        );
                        text_field(ui, &format!("{name} price"), &hint, field);
                    });
                    let source = public.map_or_else(
                        || "no source has it".to_owned(),
                        |price| price.source.to_string(),
                    );
                    ui.label(theme::small(source).color(palette(ui).text_secondary));
                    ui.end_row();
                }
            });
    }

    /// Pushes what was changed; false when something in a field is no price.
    fn save(&mut self, commands: &mut Commands) -> bool {
        let mut prices = Vec::new();
        for ((meter, _), (now, before)) in METERS.iter().zip(self.fields.iter().zip(&self.before)) {
            if now == before {
                continue;
            }
            let Ok(usd) = amount(now) else {
                self.problem = Some("A price is a number such as 0.06, or nothing");
                return false;
            };
            prices.push((*meter, usd.map(Usd::new)));
        }
        let Ok(discount) = amount(&self.discount) else {
            self.problem = Some("A discount is a number such as 12.5, or nothing");
            return false;
        };
        if let Err(error) = check(&prices, discount) {
            self.problem = Some(match error {
                OverrideError::Price => {
                    "A price is between 0 and 1,000,000 dollars, with at most 12 decimals"
                }
                OverrideError::Discount => {
                    "A discount is between 0 and 100 percent, with at most 4 decimals"
                }
            });
            return false;
        }
        if !prices.is_empty() {
            commands.push(Command::Prices(PricesCommand::SetOwn {
                model: self.model.clone(),
                prices,
            }));
        }
        if self.discount != self.discount_before {
            commands.push(Command::Prices(PricesCommand::SetDiscount(discount)));
        }
        true
    }
}

fn own(overrides: &Overrides, model: &ModelId, meter: Meter) -> String {
    let id = model.resource_id();
    let own = overrides.prices().iter().find(|price| {
        (price.model_id.as_str(), price.meter, price.tier) == (id, meter, Tier::Standard)
            && price.region.is_none()
            && price.above_input_tokens.is_none()
    });
    own.map_or_else(String::new, |price| price.usd.normalize().to_string())
}

/// A number, or nothing.
fn amount(text: &str) -> Result<Option<Decimal>, ()> {
    let text = text
        .trim()
        .trim_start_matches('$')
        .trim_end_matches('%')
        .trim();
    if text.is_empty() {
        return Ok(None);
    }
    text.parse().map(Some).map_err(|_| ())
}

/// Tries what was entered, so that what is refused is said while the dialog is open.
fn check(prices: &[(Meter, Option<Usd>)], discount: Option<Decimal>) -> Result<(), OverrideError> {
    let mut overrides = Overrides::default();
    overrides.set_discount(discount)?;
    for (meter, usd) in prices {
        overrides.enter("", *meter, *usd)?;
    }
    Ok(())
}
