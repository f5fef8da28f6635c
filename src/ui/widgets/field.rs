//! Text fields with their accessible names.

use egui::{Margin, Response, TextEdit, Ui};

use super::name::accessible_name;

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
