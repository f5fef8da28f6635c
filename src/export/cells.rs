//! Cells of spreadsheets.

/// Words that a spreadsheet would take for a formula get an apostrophe in front: answers come from
/// models, and a formula can send cells away.
pub fn guarded_cell(text: &str) -> String {
    if text.starts_with(['=', '+', '-', '@', '\t', '\r', '\n', '＝', '＋', '－', '＠']) {
        format!("'{text}")
    } else {
        text.to_owned()
    }
}
