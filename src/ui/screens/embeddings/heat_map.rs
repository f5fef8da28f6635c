//! How similar all are to all, as colours; with names and numbers where there is room for them.

use egui::{
    Align2, Color32, FontId, Label, Painter, Pos2, Rect, Role, Sense, Stroke, StrokeKind, Ui,
    WidgetInfo, pos2, vec2,
};

use super::analysis::{Analyses, Analysis, color};
use crate::embeddings::Collection;
use crate::ui::numbers::thousands;
use crate::ui::theme::{self, font, palette, space};

/// From this size on, in points, a cell has its number.
const NUMBERED: f32 = 34.0;

/// From this size on, in points, a row has its name.
const NAMED: f32 = 13.0;

/// Room for the names, in points.
const NAMES: f32 = 200.0;

/// Most letters of a name.
const LETTERS: usize = 26;

/// Largest cell, in points: three texts need no whole screen.
const LARGEST: f32 = 64.0;

/// Draws it; gives the place of a text that was clicked.
pub fn ui(
    ui: &mut Ui,
    list: &Collection,
    worked_out: &Analyses,
    selected: Option<usize>,
) -> Option<usize> {
    let analysis = worked_out.shown()?;
    let size = analysis.matrix.size();
    let texture = worked_out.texture()?;
    legend(ui, analysis);
    let room = ui.available_size() - vec2(0.0, space::S);
    let cells = cast(size);
    let named = cast(size) * NAMED <= room.y && room.x > 2.0 * NAMES;
    let left = if named { NAMES } else { 0.0 };
    let top = if named { font::BODY } else { 0.0 };
    let cell = ((room.x - left).min(room.y - top) / cells).clamp(0.0, LARGEST);
    let whole_side = cell * cells;
    let (area, response) =
        ui.allocate_exact_size(vec2(left + whole_side, top + whole_side), Sense::click());
    let square = Rect::from_min_size(area.min + vec2(left, top), vec2(whole_side, whole_side));
    let painter = ui.painter_at(area.expand(1.0));
    let whole = Rect::from_min_max(pos2(0.0, 0.0), pos2(1.0, 1.0));
    painter.image(texture.id(), square, whole, Color32::WHITE);
    if named {
        names(ui, &painter, list, analysis, square, cell);
    }
    if cell >= NUMBERED {
        numbers(ui, &painter, analysis, square, cell);
    }
    let accent = palette(ui).heading;
    if let Some(row) = selected.and_then(|place| index_of(analysis, place))
        && row < size
    {
        let stroke = Stroke::new(1.5, accent);
        for (x, y, w, h) in [(0.0, cast(row), cells, 1.0), (cast(row), 0.0, 1.0, cells)] {
            let min = square.min + vec2(x, y) * cell;
            let line = Rect::from_min_size(min, vec2(w, h) * cell);
            painter.rect_stroke(line, 0.0, stroke, StrokeKind::Outside);
        }
    }
    response.widget_info(|| {
        let (low, high) = analysis.range;
        let words = format!(
            "Similarity of {} texts, from {low:.2} to {high:.2}",
            thousands(size as u64)
        );
        WidgetInfo::labeled(Role::Image, true, words)
    });
    let hovered = response
        .hover_pos()
        .and_then(|at| cell_at(at, square, cell, size));
    let clicked = response.clicked();
    if let Some((row, column)) = hovered {
        response.on_hover_ui_at_pointer(|ui| pair(ui, list, analysis, row, column));
    }
    hovered
        .filter(|_| clicked)
        .and_then(|(row, _)| analysis.places.get(row).copied())
}

fn index_of(analysis: &Analysis, place: usize) -> Option<usize> {
    // Places are in order.
    analysis.places.binary_search(&place).ok()
}

#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "a place within a small square"
)]
fn cell_at(at: Pos2, square: Rect, cell: f32, size: usize) -> Option<(usize, usize)> {
    if !square.contains(at) || cell <= 0.0 {
        return None;
    }
    let from = (at - square.min) / cell;
    let (column, row) = (from.x.max(0.0) as usize, from.y.max(0.0) as usize);
    (row < size && column < size).then_some((row, column))
}

/// What the pointer is on.
fn pair(ui: &mut Ui, list: &Collection, analysis: &Analysis, row: usize, column: usize) {
    ui.set_max_width(380.0);
    let near = analysis.matrix.get(row, column).unwrap_or_default();
    ui.label(theme::strong(format!("{near:.4}")));
    for index in [row, column] {
        if let Some(place) = analysis.places.get(index) {
            ui.add(Label::new(format!("{}. {}", place + 1, name(list, *place, 160))).wrap());
        }
    }
}

/// The scale, with its ends.
fn legend(ui: &mut Ui, analysis: &Analysis) {
    let (low, high) = analysis.range;
    let colors = theme::heat_scale(ui.visuals());
    ui.horizontal(|ui| {
        let secondary = palette(ui).text_secondary;
        ui.label(theme::small(format!("{low:.2}")).color(secondary));
        let (rect, _) = ui.allocate_exact_size(vec2(120.0, 10.0), Sense::empty());
        let step = rect.width() / cast(colors.len());
        for (at, color) in colors.iter().enumerate() {
            let min = rect.min + vec2(cast(at) * step, 0.0);
            let part = Rect::from_min_size(min, vec2(step + 0.5, rect.height()));
            ui.painter().rect_filled(part, 0.0, *color);
        }
        ui.label(theme::small(format!("{high:.2}")).color(secondary));
        let words = "Cosine similarity; point at a cell for both texts, click to choose one";
        ui.add(Label::new(theme::small(words).color(secondary)).truncate());
    });
    let (shown, all) = (analysis.matrix.size(), analysis.places.len());
    if shown < all {
        let words = format!(
            "The first {} of {} texts",
            thousands(shown as u64),
            thousands(all as u64)
        );
        ui.label(theme::small(words).color(palette(ui).warning));
    }
}

fn names(
    ui: &Ui,
    painter: &Painter,
    list: &Collection,
    analysis: &Analysis,
    square: Rect,
    cell: f32,
) {
    let palette = palette(ui);
    let font = FontId::proportional(font::SMALL);
    for (row, place) in analysis
        .places
        .iter()
        .enumerate()
        .take(analysis.matrix.size())
    {
        let along = (cast(row) + 0.5) * cell;
        painter.text(
            pos2(square.left() - space::XS, square.top() + along),
            Align2::RIGHT_CENTER,
            format!("{}  {}", name(list, *place, LETTERS), place + 1),
            font.clone(),
            palette.text,
        );
        painter.text(
            pos2(square.left() + along, square.top() - 1.0),
            Align2::CENTER_BOTTOM,
            place + 1,
            font.clone(),
            palette.text_secondary,
        );
    }
}

fn numbers(ui: &Ui, painter: &Painter, analysis: &Analysis, square: Rect, cell: f32) {
    let colors = theme::heat_scale(ui.visuals());
    let size = analysis.matrix.size();
    for row in 0..size {
        for (column, near) in analysis.matrix.row(row).iter().enumerate() {
            let middle = vec2(cast(column) + 0.5, cast(row) + 0.5) * cell;
            let behind = color(*near, analysis.range, &colors);
            painter.text(
                square.min + middle,
                Align2::CENTER_CENTER,
                format!("{near:.2}"),
                FontId::proportional(font::SMALL),
                theme::text_on(behind),
            );
        }
    }
}

/// A text on one line, cut where it is long.
pub fn name(list: &Collection, place: usize, letters: usize) -> String {
    let Some(item) = list.items().get(place) else {
        return String::new();
    };
    let name = item.source.name();
    let mut rest = name.chars();
    let mut line: String = rest
        .by_ref()
        .take(letters)
        .map(|c| if c.is_whitespace() { ' ' } else { c })
        .collect();
    if rest.next().is_some() {
        line.push('…');
    }
    line
}

#[expect(clippy::cast_precision_loss, reason = "a few thousand at the most")]
fn cast(count: usize) -> f32 {
    count as f32
}
