//! What an answer took: tokens, time, and the price line by line.

use egui::{Grid, Label, RichText, Ui};

use crate::chat::{Invocation, StopReason};
use crate::pricing::{self, CostBreakdown, Meter, PriceQuery, Tier, Usd};
use crate::store::{ConversationId, Screen, SpendRow, UnixMs};
use crate::ui::icons;
use crate::ui::theme::{self, palette, size, space};
use crate::ui::widgets::icon_button;

/// The price of an answer, worked out once.
pub struct AnswerCost {
    breakdown: CostBreakdown,
}

impl AnswerCost {
    /// What it comes to; `None` when a price is not known.
    pub fn total(&self) -> Option<Usd> {
        self.breakdown.total()
    }

    /// Where the prices come from, in words.
    pub fn source(&self) -> Option<String> {
        let price = self
            .breakdown
            .lines
            .iter()
            .find_map(|line| line.unit_price)?;
        Some(price.source.to_string())
    }

    /// What reading from the cache saved against reading the same tokens anew.
    fn cache_saving(&self) -> Option<Usd> {
        let line = |meter: Meter| self.breakdown.lines.iter().find(|line| line.meter == meter);
        let read = line(Meter::CacheRead).filter(|line| line.quantity > 0)?;
        let anew = line(Meter::Input)?.unit_price?;
        let full = anew.amount.times(read.quantity, anew.per)?;
        full.minus(read.amount?)
    }

    /// Works out what a finished call costs, by what really served it.
    pub fn of(invocation: &Invocation) -> Self {
        let query = PriceQuery {
            tier: Tier::served_by(invocation.service_tier, invocation.latency),
            ..PriceQuery::on_demand(&invocation.model_id, &invocation.region)
        };
        let usage = invocation.usage.clone().unwrap_or_default();
        Self {
            breakdown: pricing::breakdown(&usage, &query),
        }
    }
}

/// What a finished call is in the ledger; none when the service said nothing of tokens.
pub fn spend_row(
    invocation: &Invocation,
    screen: Screen,
    conversation: ConversationId,
) -> Option<SpendRow> {
    let cost = AnswerCost::of(invocation);
    Some(SpendRow {
        at: UnixMs::now(),
        model: invocation.model_id.clone(),
        region: invocation.region.clone(),
        tier: Tier::served_by(invocation.service_tier, invocation.latency),
        usage: invocation.usage.clone()?,
        cost: cost.total(),
        price_source: cost.source(),
        simulated: invocation.simulated,
        screen,
        conversation: Some(conversation),
    })
}

/// Draws the lines under an answer.
pub fn ui(ui: &mut Ui, invocation: &Invocation, cost: &AnswerCost) {
    ui.add_space(space::XXS);
    ui.separator();
    ui.horizontal_wrapped(|ui| {
        ui.spacing_mut().item_spacing.x = space::L;
        for (name, value) in figures(invocation) {
            figure(ui, name, &value);
        }
        figure(ui, "Cost", &total(invocation, &cost.breakdown));
        if let Some(saving) = cost.cache_saving() {
            figure(ui, "Saved by the cache", &saving.to_string());
        }
    });
    breakdown_ui(ui, invocation, &cost.breakdown);
    if let Some(id) = &invocation.request_id {
        let color = palette(ui).text_secondary;
        ui.horizontal(|ui| {
            ui.label(theme::small(format!("Request id {id}")).color(color));
            if icon_button(ui, icons::COPY, "Copy request id").clicked() {
                ui.ctx().copy_text(id.clone());
            }
        });
    }
}

/// What a call took, in a line for places too narrow for more.
pub fn line(invocation: &Invocation, cost: &AnswerCost) -> String {
    let mut parts: Vec<String> = figures(invocation)
        .into_iter()
        // How nearly every answer ends.
        .filter(|(_, value)| value != StopReason::EndTurn.as_str())
        .map(|(name, value)| format!("{name} {value}"))
        .collect();
    parts.push(format!("Cost {}", total(invocation, &cost.breakdown)));
    if let Some(saving) = cost.cache_saving() {
        parts.push(format!("Saved by the cache {saving}"));
    }
    // A line breaks between figures, not inside of one.
    let parts: Vec<String> = parts
        .iter()
        .map(|part| part.replace(' ', "\u{a0}"))
        .collect();
    parts.join(" · ")
}

fn figures(invocation: &Invocation) -> Vec<(&'static str, String)> {
    let mut figures = Vec::new();
    if let Some(usage) = &invocation.usage {
        figures.push(("Tokens in", usage.input_tokens.to_string()));
        figures.push(("Tokens out", usage.output_tokens.to_string()));
        if usage.cache_read_input_tokens > 0 {
            figures.push(("Cache read", usage.cache_read_input_tokens.to_string()));
        }
        if usage.cache_write_input_tokens > 0 {
            figures.push(("Cache write", usage.cache_write_input_tokens.to_string()));
        }
    }
    if let Some(latency) = invocation.metrics.latency_ms {
        figures.push(("Latency", format!("{latency} ms")));
    }
    if let (Some(latency), Some(usage)) = (invocation.metrics.latency_ms, &invocation.usage)
        && latency > 0
        && usage.output_tokens > 0
    {
        let speed = usage.output_tokens * 1_000 / latency;
        figures.push(("Tokens a second", speed.to_string()));
    }
    if let Some(first) = invocation.metrics.time_to_first_token_ms {
        figures.push(("First token", format!("{first} ms")));
    }
    if let Some(reason) = &invocation.stop_reason {
        figures.push(("Stop reason", reason.as_str().to_owned()));
    }
    figures
}

fn figure(ui: &mut Ui, name: &str, value: &str) {
    let palette = palette(ui);
    ui.vertical(|ui| {
        ui.spacing_mut().item_spacing.y = 0.0;
        ui.label(theme::small(name).color(palette.text_secondary));
        ui.add(Label::new(theme::strong(value).color(palette.heading)).extend());
    });
}

fn total(invocation: &Invocation, breakdown: &CostBreakdown) -> String {
    match (breakdown.total(), invocation.simulated) {
        (None, _) => "unknown".to_owned(),
        (Some(total), false) => total.to_string(),
        (Some(total), true) => format!("{total} on AWS, not charged"),
    }
}

fn breakdown_ui(ui: &mut Ui, invocation: &Invocation, breakdown: &CostBreakdown) {
    let secondary = palette(ui).text_secondary;
    egui::CollapsingHeader::new(theme::small("Cost breakdown"))
        .id_salt("cost breakdown")
        .default_open(true)
        .show(ui, |ui| {
            ui.spacing_mut().interact_size.y = size::LINE;
            Grid::new("cost lines")
                .num_columns(5)
                .spacing([space::L, 2.0])
                .show(ui, |ui| {
                    for line in &breakdown.lines {
                        ui.label(theme::small(line.meter.label()));
                        right(ui, theme::small(line.quantity.to_string()));
                        if let Some(price) = &line.unit_price {
                            right(
                                ui,
                                theme::small(format!("× {} / {}", price.amount, per(price.per))),
                            );
                            right(ui, theme::small(amount(line.amount)));
                            ui.label(theme::small(price.source.to_string()).color(secondary));
                        } else {
                            right(ui, theme::small("no known price"));
                            right(ui, theme::small("unknown"));
                            ui.label("");
                        }
                        ui.end_row();
                    }
                });
            let place = format!("{}, {}", invocation.model_id, invocation.region);
            ui.label(theme::small(place).color(secondary));
        });
}

fn amount(amount: Option<Usd>) -> String {
    amount.map_or_else(|| "unknown".to_owned(), |amount| amount.to_string())
}

fn per(count: u64) -> String {
    match count {
        1_000_000 => "1M".to_owned(),
        1_000 => "1K".to_owned(),
        _ => count.to_string(),
    }
}

fn right(ui: &mut Ui, text: RichText) {
    ui.with_layout(egui::Layout::right_to_left(egui::Align::Center), |ui| {
        ui.label(text)
    });
}
