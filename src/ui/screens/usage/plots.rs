//! Spend and tokens by day, as bars. Amounts become floats here, to be drawn and for nothing else.

use egui::{Color32, Role, Ui, WidgetInfo};
use egui_plot::{AxisHints, Bar, BarChart, GridInput, GridMark, Plot};
use rust_decimal::prelude::ToPrimitive as _;

use crate::pricing::Day;
use crate::spending::{Half, Sum};
use crate::ui::numbers::thousands;
use crate::ui::theme::{self, palette, space};

/// Height of a plot, in points.
const HEIGHT: f32 = 170.0;

/// Most dates below a plot.
const DATES: usize = 5;

/// Most lines across a plot.
const LINES: f64 = 4.0;

/// Draws both plots beside each other.
pub fn ui(ui: &mut Ui, from: Day, to: Day, half: &Half, simulated: bool) {
    let palette = palette(ui);
    let spend = if simulated {
        "Price on AWS by day"
    } else {
        "Spend by day"
    };
    ui.columns(2, |columns| {
        let [left, right] = columns else { return };
        let dollars = Axis {
            name: spend,
            color: palette.accent,
            of: |sum| sum.cost.amount().to_f64().unwrap_or_default(),
            words: |sum| sum.cost_in_words(),
            mark: |value, step| format!("${value:.*}", decimals(step)),
        };
        plot(left, from, to, half, &dollars);
        #[expect(clippy::cast_precision_loss, reason = "drawn, and for nothing else")]
        let tokens = Axis {
            name: "Tokens by day",
            color: palette.success,
            of: |sum| sum.tokens() as f64,
            words: |sum| format!("{} tokens", thousands(sum.tokens())),
            mark: |value, _| short(value),
        };
        plot(right, from, to, half, &tokens);
    });
    ui.add_space(space::XS);
}

/// What the bars of a plot show.
struct Axis {
    name: &'static str,
    color: Color32,
    of: fn(&Sum) -> f64,
    words: fn(&Sum) -> String,
    /// A value beside the axis, and the distance to the next.
    mark: fn(f64, f64) -> String,
}

fn plot(ui: &mut Ui, from: Day, to: Day, half: &Half, axis: &Axis) {
    let palette = palette(ui);
    ui.label(theme::small(axis.name).color(palette.text_secondary));
    #[expect(clippy::cast_precision_loss, reason = "a year has few days")]
    let place = |day: Day| day.days_after(from) as f64;
    let last = place(to);
    let bars = half
        .days
        .iter()
        .map(|(day, sum)| {
            Bar::new(place(*day), (axis.of)(sum))
                .width(0.7)
                .fill(axis.color)
                .name(format!("{day}: {}", (axis.words)(sum)))
        })
        .collect();
    let chart = BarChart::new(axis.name, bars)
        .color(axis.color)
        .element_formatter(Box::new(|bar, _| bar.name.clone()));
    let mark = axis.mark;
    // All dates that are marked fit: none is to be pale because the next one is near.
    let days = AxisHints::new_x()
        .formatter(move |value, _| date(from, value.value))
        .label_spacing(1.0..=2.0);
    let drawn = Plot::new(axis.name)
        .height(HEIGHT)
        .allow_drag(false)
        .allow_zoom(false)
        .allow_scroll(false)
        .allow_boxed_zoom(false)
        .allow_double_click_reset(false)
        .show_x(false)
        .show_y(false)
        .show_background(false)
        .include_x(-0.6)
        .include_x(last + 0.6)
        .include_y(0.0)
        .show_grid([false, true])
        .grid_color(palette.divider)
        .x_grid_spacer(move |input| dates(&input, last))
        .y_grid_spacer(|input| heights(&input))
        .custom_x_axes(vec![days])
        .y_axis_formatter(move |value, _| mark(value.value, value.step_size))
        .show(ui, |plot| plot.bar_chart(chart));
    let days: Vec<String> = half
        .days
        .iter()
        .map(|(day, sum)| format!("{day}: {}", (axis.words)(sum)))
        .collect();
    drawn.response.widget_info(|| {
        let name = format!("{}. {}", axis.name, days.join("; "));
        WidgetInfo::labeled(Role::Image, true, name)
    });
}

/// A mark at a day every so often.
fn dates(input: &GridInput, last: f64) -> Vec<GridMark> {
    let mut marks = Vec::new();
    #[expect(clippy::cast_precision_loss, reason = "a handful")]
    let step = ((last + 1.0) / DATES as f64).ceil().max(1.0);
    let mut at = 0.0;
    while at <= last && at <= input.bounds.1 {
        marks.push(GridMark {
            value: at,
            step_size: step,
        });
        at += step;
    }
    marks
}

/// Marks at round amounts: 1, 2 or 5 of something.
fn heights(input: &GridInput) -> Vec<GridMark> {
    let step = round_step(input.bounds.1 / LINES);
    let mut marks = Vec::new();
    let mut at = 0.0;
    while step > 0.0 && at <= input.bounds.1 {
        marks.push(GridMark {
            value: at,
            step_size: step,
        });
        at += step;
    }
    marks
}

/// The next round number that is not below this one.
fn round_step(least: f64) -> f64 {
    if !least.is_finite() || least <= 0.0 {
        return 0.0;
    }
    let tens = 10_f64.powf(least.log10().floor());
    let factor = [1.0, 2.0, 5.0, 10.0]
        .into_iter()
        .find(|factor| factor * tens >= least);
    factor.unwrap_or(10.0) * tens
}

fn date(from: Day, place: f64) -> String {
    #[expect(clippy::cast_possible_truncation, reason = "marks are at whole days")]
    let day = from.plus_days(place.round() as i64).to_string();
    // Without the year.
    day.get(5..).unwrap_or_default().to_owned()
}

/// Decimals that tell two marks apart.
fn decimals(step: f64) -> usize {
    let mut decimals = 2;
    let mut step = step * 100.0;
    while step > 0.0 && step < 0.99 && decimals < 9 {
        step *= 10.0;
        decimals += 1;
    }
    decimals
}

fn short(value: f64) -> String {
    if value >= 1e6 {
        format!("{}M", value / 1e6)
    } else if value >= 1e3 {
        format!("{}K", value / 1e3)
    } else {
        format!("{value}")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn marks_are_told_apart() {
        for (step, shown) in [(1.0, 2), (0.1, 2), (0.01, 2), (0.001, 3), (0.000_002, 6)] {
            assert_eq!(decimals(step), shown, "{step}");
        }
        assert_eq!(short(1_500.0), "1.5K");
        assert_eq!(short(20.0), "20");
    }

    #[test]
    fn lines_are_at_round_amounts() {
        for (least, step) in [
            (0.03, 0.05),
            (1.0, 1.0),
            (1.1, 2.0),
            (700.0, 1_000.0),
            (0.0, 0.0),
        ] {
            let found = round_step(least);
            assert!((found - step).abs() < 1e-9, "{least}: {found}");
        }
    }

    #[test]
    fn dates_fit_below_a_plot() {
        let input = GridInput {
            bounds: (-0.6, 364.6),
            base_step_size: 1.0,
        };
        assert_eq!(dates(&input, 364.0).len(), 5);
        assert_eq!(dates(&input, 6.0).len(), 4, "every other day");
        let day = Day::parse("2026-11-21").unwrap();
        assert_eq!(date(day, 10.0), "12-01");
    }
}
