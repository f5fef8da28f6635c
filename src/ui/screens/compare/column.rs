//! One column: its head, its conversation, and what can be done with it.

use egui::{Button, CornerRadius, Frame, Label, Margin, Sense, Stroke, Ui, vec2};

use super::cell::{CellView, Place};
use super::strip::{self, Strip};
use super::{CompareCommand, Wish};
use crate::compare::{Column, ColumnId};
use crate::ui::icons;
use crate::ui::theme::{self, palette, size, space};
use crate::ui::widgets::{
    ends_apart, icon_button, icon_menu_item, icon_menu_item_unless, sized_spinner, small_menu,
};
use crate::ui::{Command, Commands};

const MENU_WIDTH: f32 = 220.0;

/// What a column's head says.
pub struct Head<'a> {
    pub size: egui::Vec2,
    pub name: &'a str,
    /// Its place among the columns shown, and how many there are.
    pub place: usize,
    pub of: usize,
    pub lacking: &'a [String],
    pub strip: Strip<'a>,
    pub is_running: bool,
    pub is_winner: bool,
    pub is_selected: bool,
}

/// Draws a column.
pub fn ui(
    ui: &mut Ui,
    column: &Column,
    head: &Head<'_>,
    view: &mut CellView,
    place: &Place<'_>,
    wishes: &mut Vec<Wish>,
    commands: &mut Commands,
) {
    let (palette, size) = (palette(ui), head.size);
    let line = if head.is_winner {
        Stroke::new(2.0, palette.success)
    } else if head.is_selected {
        Stroke::new(1.0, palette.accent)
    } else {
        Stroke::new(1.0, palette.divider)
    };
    let frame = Frame::new()
        .fill(palette.background)
        .stroke(line)
        .corner_radius(CornerRadius::same(size::RADIUS))
        .inner_margin(Margin::same(8));
    let down = egui::Layout::top_down(egui::Align::Min);
    let drawn = ui.allocate_ui_with_layout(size, down, |ui| {
        frame
            .show(ui, |ui| {
                ui.set_min_size(size - vec2(18.0, 18.0));
                ui.set_max_width(size.x - 18.0);
                head_ui(ui, column, head, place, wishes, commands);
                strip::ui(ui, head.strip);
                for sentence in head.lacking {
                    let text = theme::small(sentence).color(palette.warning);
                    ui.add(Label::new(text).wrap());
                }
                ui.separator();
                if let Some(cell) = place.cell.filter(|cell| cell.total() > 0) {
                    view.ui(ui, cell, place, wishes);
                } else {
                    let text = theme::small("Not asked yet").color(palette.text_secondary);
                    ui.label(text);
                }
            })
            .response
    });
    let target = ui.interact(
        drawn.response.rect,
        ui.scope_id().with(("drop", column.id.to_string())),
        Sense::hover(),
    );
    if target
        .dnd_hover_payload::<ColumnId>()
        .is_some_and(|id| *id != column.id)
    {
        ui.painter().rect_stroke(
            drawn.response.rect,
            f32::from(size::RADIUS),
            Stroke::new(2.0, palette.accent),
            egui::StrokeKind::Inside,
        );
    }
    if let Some(moved) = target.dnd_release_payload::<ColumnId>() {
        wishes.push(Wish::Move(*moved, head.place));
    }
}

fn head_ui(
    ui: &mut Ui,
    column: &Column,
    head: &Head<'_>,
    place: &Place<'_>,
    wishes: &mut Vec<Wish>,
    commands: &mut Commands,
) {
    let palette = palette(ui);
    ui.horizontal(|ui| {
        ui.spacing_mut().item_spacing.x = space::XXS;
        let handle = ui.add(
            Button::new(icons::sized_atom(icons::DRAG, size::ICON))
                .frame(false)
                .min_size(vec2(size::TARGET, size::TARGET))
                .sense(Sense::drag()),
        );
        handle.widget_info(|| {
            let name = format!("Drag {} to another place", head.name);
            egui::WidgetInfo::labeled(egui::Role::Button, true, name)
        });
        handle.dnd_set_drag_payload(column.id);
        let handle = handle.on_hover_cursor(egui::CursorIcon::Grab);
        if handle.dragged() {
            ui.set_cursor_icon(egui::CursorIcon::Grabbing);
        }
        ends_apart(
            ui,
            ("head of a column", column.id),
            |ui| {
                let title = theme::strong(head.name).color(palette.heading);
                let title = ui.add(Label::new(title).truncate());
                if !place.is_hidden {
                    title.on_hover_text(column.model_id.as_str());
                }
                if !column.is_linked() && !place.is_hidden {
                    icons::paint(ui, icons::UNLINKED, size::ICON, palette.text_secondary);
                }
            },
            |ui| {
                if head.is_running {
                    sized_spinner(ui, size::LINE);
                    if icon_button(ui, icons::STOP, &format!("Stop {}", head.name)).clicked() {
                        wishes.push(Wish::Stop(column.id));
                    }
                } else if icon_button(ui, icons::RETRY, &format!("Ask {} again", head.name))
                    .clicked()
                {
                    wishes.push(Wish::Retry(column.id));
                }
                menu(ui, column, head, place, wishes, commands);
            },
        );
    });
}

fn menu(
    ui: &mut Ui,
    column: &Column,
    head: &Head<'_>,
    place: &Place<'_>,
    wishes: &mut Vec<Wish>,
    commands: &mut Commands,
) {
    let id = column.id;
    let name = format!("More for {}", head.name);
    small_menu(ui, &name, MENU_WIDTH, |ui| {
        let hidden = place
            .is_hidden
            .then_some("Hidden until a best answer is picked");
        if icon_menu_item_unless(ui, hidden, icons::PARAMETERS, "Parameters and prompt…") {
            wishes.push(Wish::Parameters(id));
        }
        let (icon, label) = if column.is_linked() {
            (icons::UNLINKED, "Unlink from the shared parameters")
        } else {
            (icons::LINKED, "Link to the shared parameters")
        };
        if icon_menu_item(ui, icon, label) {
            wishes.push(Wish::Link(id, !column.is_linked()));
        }
        if icon_menu_item_unless(ui, hidden, icons::MODEL, "Another model here…") {
            commands.push(Command::Compare(CompareCommand::ChangeModel(id)));
        }
        if icon_menu_item(ui, icons::COPY, "Same model again beside it") {
            wishes.push(Wish::Duplicate(id));
        }
        ui.separator();
        let first = (head.place == 0).then_some("It is the first");
        if icon_menu_item_unless(ui, first, icons::PREVIOUS, "Move to the left") {
            wishes.push(Wish::Move(id, head.place.saturating_sub(1)));
        }
        let last = (head.place + 1 == head.of).then_some("It is the last");
        if icon_menu_item_unless(ui, last, icons::NEXT, "Move to the right") {
            wishes.push(Wish::Move(id, head.place + 1));
        }
        ui.separator();
        if icon_menu_item_unless(ui, hidden, icons::CHAT, "Use this model in chat") {
            commands.push(Command::Compare(CompareCommand::UseInChat(id)));
        }
        if icon_menu_item(ui, icons::DELETE, "Remove this column") {
            wishes.push(Wish::Remove(id));
        }
    });
}
