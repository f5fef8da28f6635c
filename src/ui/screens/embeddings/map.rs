//! The texts as points: those of similar meaning lie near each other, as far as two dimensions tell.

use egui::{Label, Role, Ui, WidgetInfo};
use egui_plot::{MarkerShape, Plot, PlotPoint, PlotPoints, Points};

use super::analysis::Analyses;
use super::heat_map::name;
use crate::embeddings::Collection;
use crate::ui::numbers::thousands;
use crate::ui::theme::{self, palette, space};

/// Most points that are drawn.
const DRAWN: usize = 2_000;

/// How near the pointer must be to a point, in points of the screen.
const REACH: f32 = 14.0;

/// Most letters of a text beside its point; texts stand there while there are few.
const LETTERS: usize = 24;

/// Points with their texts beside them.
const NAMED: usize = 30;

/// Draws it; gives the place of a text that was clicked.
pub fn ui(
    ui: &mut Ui,
    list: &Collection,
    worked_out: &Analyses,
    selected: Option<usize>,
) -> Option<usize> {
    let analysis = worked_out.shown()?;
    let palette = palette(ui);
    let points = &analysis.projection.points;
    let step = points.len().div_ceil(DRAWN).max(1);
    let [across, up] = analysis.projection.shares.map(|share| share * 100.0);
    let mut words = format!(
        "Principal components: {across:.0} % of the variance across, {up:.0} % up; point at a dot for its text"
    );
    if step > 1 {
        words = format!("{words}; one of {} texts is drawn", thousands(step as u64));
    }
    ui.add(Label::new(theme::small(words).color(palette.text_secondary)).truncate());
    let drawn: Vec<(usize, [f64; 2])> = analysis
        .places
        .iter()
        .copied()
        .zip(points.iter().copied())
        .step_by(step)
        .collect();
    let all: Vec<[f64; 2]> = drawn.iter().map(|(_, point)| *point).collect();
    let chosen = selected.and_then(|place| drawn.iter().find(|(at, _)| *at == place));
    let height = ui.available_height() - space::S;
    let mut hovered = None;
    let response = Plot::new("map of the texts")
        .height(height)
        .data_aspect(1.0)
        .show_axes(false)
        .show_x(false)
        .show_y(false)
        .show_background(false)
        .grid_color(palette.divider)
        .allow_boxed_zoom(false)
        .show(ui, |plot| {
            plot.points(
                Points::new("Texts", PlotPoints::from(all))
                    .radius(4.0)
                    .shape(MarkerShape::Circle)
                    .color(palette.accent)
                    .allow_hover(false),
            );
            if let Some((_, point)) = chosen {
                plot.points(
                    Points::new("Chosen", PlotPoints::from(vec![*point]))
                        .radius(7.0)
                        .color(palette.warning)
                        .allow_hover(false),
                );
            }
            if drawn.len() <= NAMED {
                // Near the right edge, words stand on the left.
                let bounds = plot.plot_bounds();
                let turn = bounds.min()[0] + 0.7 * bounds.width();
                for (place, [x, y]) in &drawn {
                    // Beside the dot, not on it.
                    let words = name(list, *place, LETTERS);
                    let (words, anchor) = if *x > turn {
                        (format!("{words}   "), egui::Align2::RIGHT_CENTER)
                    } else {
                        (format!("   {words}"), egui::Align2::LEFT_CENTER)
                    };
                    let text = theme::small(words).color(palette.text);
                    let at = PlotPoint::new(*x, *y);
                    plot.text(
                        egui_plot::Text::new("", at, text)
                            .anchor(anchor)
                            .allow_hover(false),
                    );
                }
            }
            if let Some(pointer) = plot.pointer_coordinate() {
                let from = plot.screen_from_plot(pointer);
                hovered = drawn
                    .iter()
                    .map(|(place, [x, y])| {
                        let at = plot.screen_from_plot(PlotPoint::new(*x, *y));
                        (*place, at.distance(from))
                    })
                    .filter(|(_, far)| *far <= REACH)
                    .min_by(|a, b| a.1.total_cmp(&b.1))
                    .map(|(place, _)| place);
            }
        })
        .response;
    response.widget_info(|| {
        WidgetInfo::labeled(
            Role::Image,
            true,
            format!("Map of {} texts", thousands(points.len() as u64)),
        )
    });
    let clicked = response.clicked();
    if let Some(place) = hovered {
        response.on_hover_ui_at_pointer(|ui| {
            ui.set_max_width(380.0);
            ui.add(Label::new(format!("{}. {}", place + 1, name(list, place, 300))).wrap());
        });
    }
    hovered.filter(|_| clicked)
}
