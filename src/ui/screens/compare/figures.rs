//! What the columns took, as a table and as bars: worked out when something has changed.

use std::collections::BTreeSet;

use egui::{Grid, ScrollArea, Ui, vec2};
use egui_plot::{Bar, BarChart, Plot};
use rust_decimal::Decimal;
use rust_decimal::prelude::ToPrimitive as _;

use crate::catalog::{Namesakes, facts};
use crate::compare::{ColumnId, Comparison, Leaders, Statistics, Summary, lacking, leaders};
use crate::pricing::{Prices, Usd};
use crate::ui::numbers::{milliseconds, thousands};
use crate::ui::theme::{self, palette, size, space};
use crate::ui::widgets::{Tone, badge};

/// The share of the height that figures may take before they scroll, and the least they take.
const SHARE: f32 = 0.42;
const LEAST: f32 = 90.0;
/// From this width on the bars stand beside the table.
const BESIDE: f32 = 1_600.0;
/// The height of a row of the table, in which a badge fits: one that grew with its badge would push the columns
/// down.
const ROW: f32 = 21.0;
/// Between two rows.
const GAP: f32 = 1.0;
/// The height of one bar with its gap.
const BAR: f32 = 13.0;

/// Everything that is derived from a comparison.
#[derive(Default)]
pub struct Figures {
    of: Option<(u64, u64)>,
    statistics: Statistics,
    pub summaries: Vec<Summary>,
    leaders: Leaders,
    names: Vec<(ColumnId, String)>,
    lacking: Vec<(ColumnId, Vec<String>)>,
}

impl Figures {
    /// Works them out again if anything has changed.
    pub fn update(
        &mut self,
        comparison: &Comparison,
        media: &[crate::chat::ContentBlock],
        media_revision: u64,
        prices: &Prices,
    ) {
        let now = (comparison.revision(), media_revision);
        if self.of == Some(now) {
            return;
        }
        self.of = Some(now);
        self.statistics.update(comparison, prices);
        self.summaries = self.statistics.summaries(comparison);
        self.leaders = leaders(&self.summaries);
        let columns = comparison.columns().iter();
        let models: BTreeSet<_> = columns.clone().map(|column| &column.model_id).collect();
        let named = |id| Some((facts(id)?.name, id));
        let namesakes = Namesakes::of(models.into_iter().filter_map(named));
        self.names = columns
            .clone()
            .map(|column| (column.id, short_name(comparison, column.id, &namesakes)))
            .collect();
        self.lacking = columns
            .map(|column| {
                let configuration = column.configuration(&comparison.shared);
                (column.id, lacking(configuration, media, &column.model_id))
            })
            .collect();
    }

    /// Whether nothing has changed since.
    pub fn is_current(&self, comparison: &Comparison, media_revision: u64) -> bool {
        self.of == Some((comparison.revision(), media_revision))
    }

    /// What a column is called.
    pub fn name(&self, column: ColumnId) -> &str {
        let found = self.names.iter().find(|(id, _)| *id == column);
        found.map_or("", |(_, name)| name)
    }

    /// What a column's model does not take.
    pub fn lacking(&self, column: ColumnId) -> &[String] {
        let found = self.lacking.iter().find(|(id, _)| *id == column);
        found.map_or(&[], |(_, lacking)| lacking)
    }

    /// What a column took.
    pub fn summary(&self, column: ColumnId) -> Option<&Summary> {
        let mut summaries = self.summaries.iter();
        summaries.find(|summary| summary.column == column)
    }

    /// Whether a column is ahead in time, in cost and in length, in words.
    pub fn ahead_in(&self, column: ColumnId) -> [Option<&'static str>; 3] {
        [
            (&self.leaders.fastest, "Fastest"),
            (&self.leaders.cheapest, "Cheapest"),
            (&self.leaders.longest, "Longest"),
        ]
        .map(|(columns, word)| columns.contains(&column).then_some(word))
    }

    /// How many answers are whole.
    pub fn answers(&self) -> usize {
        self.summaries.iter().map(|summary| summary.complete).sum()
    }

    /// Draws table and bars, in no more than their share of the height.
    pub fn ui(&self, ui: &mut Ui, height: f32) {
        let room = ui.available_width();
        let most = (height * SHARE).max(LEAST);
        let beside = room > BESIDE;
        // Bars say once more what the table does: they are not to be looked for by scrolling.
        let below = !beside && self.height() <= most;
        ScrollArea::both()
            .id_salt("figures")
            .max_height(most)
            .auto_shrink([false, true])
            .show(ui, |ui| {
                ui.horizontal_top(|ui| {
                    ui.vertical(|ui| {
                        self.table(ui);
                        let color = palette(ui).text_secondary;
                        ui.label(theme::small(self.note()).color(color));
                        if below {
                            self.bars(ui, room);
                        }
                    });
                    if beside {
                        ui.add_space(space::L);
                        let room = ui.available_width();
                        ui.vertical(|ui| self.bars(ui, room));
                    }
                });
            });
    }

    /// How high table, note and bars are below each other, in points.
    fn height(&self) -> f32 {
        #[expect(clippy::cast_precision_loss, reason = "a handful of rows")]
        let rows = self.summaries.len() as f32;
        let table = (rows + 1.0) * (ROW + GAP);
        let bars = size::LINE + rows * BAR + space::XXS;
        table + size::LINE + bars + 2.0 * space::S
    }

    /// How the figures are meant.
    pub fn note(&self) -> &'static str {
        let simulated = self.summaries.iter().any(|summary| summary.simulated);
        if self.answers() == 0 {
            "Medians of whole answers; latency is the service's own."
        } else if simulated {
            "Medians of whole answers; latency is the service's own. Simulated answers are not \
             charged: costs are what AWS would ask."
        } else {
            "Medians of whole answers; latency is the service's own. The cost of 1,000 calls is \
             the mean times 1,000."
        }
    }

    fn table(&self, ui: &mut Ui) {
        let secondary = palette(ui).text_secondary;
        let columns = figures(&self.summaries);
        ui.spacing_mut().interact_size.y = ROW;
        Grid::new("comparison figures")
            .num_columns(columns.len() + 2)
            .striped(true)
            .spacing([space::L, GAP])
            .min_row_height(ROW)
            .show(ui, |ui| {
                ui.label(theme::small("Model").color(secondary));
                for column in &columns {
                    ui.label(theme::small(column.head).color(secondary));
                }
                ui.label("");
                ui.end_row();
                for summary in &self.summaries {
                    ui.label(theme::small(self.name(summary.column)));
                    for column in &columns {
                        ui.label(theme::small((column.words)(summary)));
                    }
                    self.badges(ui, summary);
                    ui.end_row();
                }
            });
    }

    fn badges(&self, ui: &mut Ui, summary: &Summary) {
        ui.horizontal(|ui| {
            for word in self.ahead_in(summary.column).into_iter().flatten() {
                badge(ui, word, Tone::Success);
            }
            if let Some(cost) = summary.judge_cost {
                ui.label(theme::small(format!("judged for {cost}")));
            }
        });
    }

    /// The bars, beside each other in so much room.
    fn bars(&self, ui: &mut Ui, room: f32) {
        let width = ((room - 3.0 * space::L) / 3.0).clamp(120.0, 340.0);
        ui.horizontal_top(|ui| {
            ui.spacing_mut().item_spacing.x = space::L;
            ui.spacing_mut().item_spacing.y = 0.0;
            #[expect(clippy::cast_precision_loss, reason = "the length of a bar")]
            let length = |value: Option<u64>| value.map(|value| value as f64);
            let cost = |summary: &Summary| {
                let cost = summary.cost_per_thousand.map(Usd::amount);
                cost.and_then(|cost| cost.to_f64())
            };
            self.plot(ui, width, "Latency", &self.leaders.fastest, |summary| {
                length(summary.latency.p50)
            });
            self.plot(
                ui,
                width,
                "Cost of 1,000 calls",
                &self.leaders.cheapest,
                cost,
            );
            self.plot(
                ui,
                width,
                "Length of answers",
                &self.leaders.longest,
                |summary| length(summary.tokens_out),
            );
        });
    }

    fn plot(
        &self,
        ui: &mut Ui,
        width: f32,
        title: &str,
        ahead: &[ColumnId],
        value: impl Fn(&Summary) -> Option<f64>,
    ) {
        let palette = palette(ui);
        let bars: Vec<Bar> = self
            .summaries
            .iter()
            .enumerate()
            .filter_map(|(place, summary)| {
                let color = if ahead.contains(&summary.column) {
                    palette.success
                } else {
                    palette.accent
                };
                // The first row of the table is the uppermost bar.
                #[expect(clippy::cast_precision_loss, reason = "a handful of places")]
                let at = -(place as f64);
                let bar = Bar::new(at, value(summary)?).width(0.7).fill(color);
                Some(bar.name(self.name(summary.column)))
            })
            .collect();
        #[expect(clippy::cast_precision_loss, reason = "a handful of rows")]
        let rows = self.summaries.len() as f32;
        ui.allocate_ui(vec2(width, 0.0), |ui| {
            ui.vertical(|ui| {
                ui.label(theme::small(title).color(palette.text_secondary));
                let room = vec2(width, rows * BAR + space::XXS);
                if bars.is_empty() {
                    // As high as the bars will be.
                    let text = theme::small("Nothing measured yet").color(palette.text_secondary);
                    ui.allocate_ui(room, |ui| {
                        ui.set_min_height(room.y);
                        ui.label(text);
                    });
                    return;
                }
                Plot::new(title)
                    .width(room.x)
                    .height(room.y)
                    .show_axes(false)
                    .show_grid(false)
                    .show_background(false)
                    .allow_drag(false)
                    .allow_zoom(false)
                    .allow_scroll(false)
                    .allow_boxed_zoom(false)
                    .show_x(false)
                    .show_y(false)
                    .include_x(0.0)
                    .include_y(0.5)
                    .include_y(0.5 - f64::from(rows))
                    .set_margin_fraction(vec2(0.02, 0.0))
                    .show(ui, |plot| {
                        plot.bar_chart(BarChart::new(title, bars).horizontal());
                    });
            });
        });
    }
}

/// A column of the table.
pub struct Figure {
    pub head: &'static str,
    pub words: fn(&Summary) -> String,
    /// Whether it says anything of a model; a figure that says nothing of any is left out.
    says: fn(&Summary) -> bool,
}

/// The figures that say something.
pub fn figures(summaries: &[Summary]) -> Vec<Figure> {
    let figure = |head, words, says| Figure { head, words, says };
    let all = [
        figure("Answers", Summary::answers, |_| true),
        figure("First token", |it| time(it.first_token.p50), |_| true),
        figure("Latency", |it| time(it.latency.p50), |_| true),
        // Of one answer it is the latency once more.
        figure("p95", |it| time(it.latency.p95), |it| it.complete > 1),
        figure("Tokens/s", |it| number(it.tokens_per_second), |_| true),
        figure("In", |it| number(it.tokens_in), |_| true),
        figure("Out", |it| number(it.tokens_out), |_| true),
        figure("1,000 calls", price, |_| true),
        figure("Wins", |it| it.wins.to_string(), |it| it.wins > 0),
        figure("Rating", |it| mean(it.rating), |it| it.rating.is_some()),
        figure("Score", |it| mean(it.score), |it| it.score.is_some()),
    ];
    all.into_iter()
        .filter(|figure| summaries.iter().any(figure.says))
        .collect()
}

/// A number, or that there is none.
pub fn number(value: Option<u64>) -> String {
    value.map_or_else(none, thousands)
}

/// A time, or that there is none.
pub fn time(value: Option<u64>) -> String {
    value.map_or_else(none, milliseconds)
}

/// A mean, or that there is none.
pub fn mean(value: Option<Decimal>) -> String {
    value.map_or_else(none, |mean| mean.to_string())
}

/// What 1,000 calls cost.
pub fn price(summary: &Summary) -> String {
    match summary.cost_per_thousand {
        Some(cost) => cost.to_string(),
        None if summary.complete == 0 => none(),
        None => "unknown".to_owned(),
    }
}

fn none() -> String {
    "–".to_owned()
}

/// The model's name, with what tells it from another of that name, and with its place where it stands in several
/// columns.
fn short_name(comparison: &Comparison, column: ColumnId, namesakes: &Namesakes<'_>) -> String {
    let label = comparison.label(column);
    let Some(model) = comparison.column(column).map(|column| &column.model_id) else {
        return label;
    };
    match facts(model) {
        Some(facts) => match namesakes.apart(facts.name, model) {
            Some(apart) => label.replacen(model.as_str(), &format!("{} {apart}", facts.name), 1),
            None => label.replacen(model.as_str(), facts.name, 1),
        },
        None => label,
    }
}
