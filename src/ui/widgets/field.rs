//! Text fields with their accessible names.

use egui::{Frame, Margin, Response, ScrollArea, TextEdit, Ui};

use super::composer::writing_box;
use super::name::accessible_name;
use crate::ui::theme::size;

/// A field of one line.
pub fn text_field(ui: &mut Ui, name: &str, hint: &str, text: &mut String) -> Response {
    let response = ui.add(
        TextEdit::singleline(text)
            .id_salt(name)
            .hint_text(hint)
            .desired_width(f32::INFINITY)
            .margin(Margin::symmetric(8, 6)),
    );
    accessible_name(&response, name);
    response
}

/// A field of several lines.
pub fn text_area(ui: &mut Ui, name: &str, hint: &str, rows: usize, text: &mut String) -> Response {
    area(ui, name, hint, rows, text, false)
}

/// A field of several lines that grows to a height of its own, in points, and scrolls from then on.
pub fn tall_text_area(
    ui: &mut Ui,
    name: &str,
    hint: &str,
    rows: usize,
    tallest: f32,
    text: &mut String,
) -> Response {
    writing_box(ui, size::RADIUS, 8, |ui| {
        ScrollArea::vertical()
            .id_salt(name)
            .max_height(tallest)
            .show(ui, |ui| {
                let edit = TextEdit::multiline(text)
                    .id_salt(name)
                    .hint_text(hint)
                    .frame(Frame::NONE)
                    .desired_rows(rows)
                    .desired_width(f32::INFINITY);
                let response = ui.add(edit);
                accessible_name(&response, name);
                response
            })
            .inner
    })
}

/// A field of several lines for JSON.
pub fn code_area(ui: &mut Ui, name: &str, hint: &str, rows: usize, text: &mut String) -> Response {
    area(ui, name, hint, rows, text, true)
}

fn area(
    ui: &mut Ui,
    name: &str,
    hint: &str,
    rows: usize,
    text: &mut String,
    is_code: bool,
) -> Response {
    let mut edit = TextEdit::multiline(text)
        .id_salt(name)
        .hint_text(hint)
        .desired_rows(rows)
        .margin(Margin::same(8));
    if is_code {
        edit = edit.code_editor();
    }
    let response = ui.add(edit.desired_width(f32::INFINITY));
    accessible_name(&response, name);
    response
}
