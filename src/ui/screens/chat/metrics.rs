//! What an answer took: tokens, time, and the price line by line.

use egui::{Grid, RichText, Ui};

use crate::chat::{Invocation, StopReason};
use crate::pricing::{CostBreakdown, CostLine, Meter, Prices, Usd};
use crate::store::Expected;
use crate::ui::command::PricesCommand;
use crate::ui::icons;
use crate::ui::numbers::{milliseconds, thousands};
use crate::ui::theme::{self, palette, size, space};
use crate::ui::widgets::{self, icon_button, link_button};
use crate::ui::{Command, Commands};

/// Below this width the lines of the price stand closer, in points.
const NARROW: f32 = 460.0;

/// The price of an answer, worked out once.
pub struct AnswerCost {
    breakdown: CostBreakdown,
}

impl AnswerCost {
    /// What it comes to; `None` when a price is not known.
    pub fn total(&self) -> Option<Usd> {
        self.breakdown.total()
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
    pub fn of(invocation: &Invocation, prices: &Prices) -> Self {
        Self {
            breakdown: prices.of_invocation(invocation).unwrap_or_default(),
        }
    }
}

/// Draws the lines under an answer.
pub fn ui(
    ui: &mut Ui,
    invocation: &Invocation,
    cost: &AnswerCost,
    expected: Option<&Expected>,
    commands: &mut Commands,
) {
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
    if let Some(expected) = expected {
        ui.label(
            theme::small(compared(expected, invocation, cost)).color(palette(ui).text_secondary),
        );
    }
    breakdown_ui(ui, invocation, &cost.breakdown, commands);
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
        figures.push(("Tokens in", thousands(usage.input_tokens)));
        figures.push(("Tokens out", thousands(usage.output_tokens)));
        if usage.cache_read_input_tokens > 0 {
            figures.push(("Cache read", thousands(usage.cache_read_input_tokens)));
        }
        if usage.cache_write_input_tokens > 0 {
            figures.push(("Cache write", thousands(usage.cache_write_input_tokens)));
        }
    }
    if let Some(latency) = invocation.metrics.latency_ms {
        figures.push(("Latency", milliseconds(latency)));
    }
    if let (Some(latency), Some(usage)) = (invocation.metrics.latency_ms, &invocation.usage)
        && latency > 0
        && usage.output_tokens > 0
    {
        let speed = usage.output_tokens * 1_000 / latency;
        figures.push(("Tokens a second", thousands(speed)));
    }
    if let Some(first) = invocation.metrics.time_to_first_token_ms {
        figures.push(("First token", milliseconds(first)));
    }
    if let Some(reason) = &invocation.stop_reason {
        figures.push(("Stop reason", reason.as_str().to_owned()));
    }
    figures
}

fn figure(ui: &mut Ui, name: &str, value: &str) {
    widgets::figure(ui, name, theme::strong(value));
}

fn total(invocation: &Invocation, breakdown: &CostBreakdown) -> String {
    if invocation.model_id.is_local() {
        return "none: a local model".to_owned();
    }
    match (breakdown.total(), invocation.simulated) {
        (None, _) => "unknown".to_owned(),
        (Some(total), false) => total.to_string(),
        (Some(total), true) => format!("{total} on AWS, not charged"),
    }
}

/// What was expected before the call, beside what came.
fn compared(expected: &Expected, invocation: &Invocation, cost: &AnswerCost) -> String {
    let usage = invocation.usage.clone().unwrap_or_default();
    let input = usage.input_tokens + usage.cache_read_input_tokens + usage.cache_write_input_tokens;
    let tokens = if expected.counted {
        format!(
            "{} tokens in, counted before",
            thousands(expected.input_low)
        )
    } else {
        format!(
            "{} to {} tokens in",
            thousands(expected.input_low),
            thousands(expected.input_high)
        )
    };
    let verdict = match cost.total() {
        None => "",
        Some(total) if (expected.low..=expected.high).contains(&total) => "; the cost is within",
        Some(total) if total < expected.low => "; the cost is below",
        Some(_) => "; the cost is above",
    };
    format!(
        "Estimated {} to {}, {tokens}; {} came{verdict}",
        expected.low,
        expected.high,
        thousands(input)
    )
}

fn breakdown_ui(
    ui: &mut Ui,
    invocation: &Invocation,
    breakdown: &CostBreakdown,
    commands: &mut Commands,
) {
    let secondary = palette(ui).text_secondary;
    egui::CollapsingHeader::new(theme::small("Cost breakdown"))
        .id_salt("cost breakdown")
        .default_open(true)
        .show(ui, |ui| {
            ui.spacing_mut().interact_size.y = size::LINE;
            let is_narrow = ui.available_width() < NARROW;
            let gap = if is_narrow { space::S } else { space::L };
            Grid::new("cost lines")
                .num_columns(5)
                .spacing([gap, 2.0])
                .show(ui, |ui| {
                    for line in &breakdown.lines {
                        line_ui(ui, line);
                        ui.end_row();
                    }
                });
            let unknown = breakdown.lines.iter().any(|line| line.unit_price.is_none());
            if unknown && link_button(ui, "Enter the price you know…").clicked() {
                let id = invocation.model_id.clone();
                commands.push(Command::Prices(PricesCommand::ShowOwn(id)));
            }
            let place = format!("{}, {}", invocation.model_id, invocation.region);
            ui.label(theme::small(place).color(secondary));
        });
}

fn line_ui(ui: &mut Ui, line: &CostLine) {
    let secondary = palette(ui).text_secondary;
    ui.label(theme::small(line.meter.label()));
    right(ui, theme::small(thousands(line.quantity)));
    let Some(price) = &line.unit_price else {
        right(ui, theme::small("no known price"));
        right(ui, theme::small("unknown"));
        ui.label("");
        return;
    };
    let unit = format!("× {} / {}", price.amount, per(price.per));
    right(ui, theme::small(unit));
    right(ui, theme::small(amount(line.amount)));
    ui.label(theme::small(price.source.to_string()).color(secondary))
        .on_hover_text(price.source.detail());
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
