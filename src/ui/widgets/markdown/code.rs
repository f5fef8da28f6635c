//! A fence of code: its language, its text in colours that can be read, and the way to copy it.

use egui::{CornerRadius, Frame, Label, Layout, Margin, Stroke, Ui};
use egui_extras::syntax_highlighting::{CodeTheme, highlight};

use crate::ui::icons;
use crate::ui::theme::{self, contrast, palette, size, space};
use crate::ui::widgets::icon_button;

/// A fence that stands alone.
pub struct Fence<'a> {
    language: &'a str,
    code: &'a str,
}

impl<'a> Fence<'a> {
    /// The fence that a block is, if it is one; one that is still open counts.
    pub fn of(block: &'a str) -> Option<Self> {
        let block = block.trim_matches('\n');
        let sign = block.chars().next().filter(|sign| "`~".contains(*sign))?;
        let length = block.chars().take_while(|c| *c == sign).count();
        if length < 3 {
            return None;
        }
        let (head, rest) = block[length..]
            .split_once('\n')
            .unwrap_or((&block[length..], ""));
        let language = head.split_whitespace().next().unwrap_or_default();
        // A word between marks on one line is no fence.
        if head.contains('`') {
            return None;
        }
        let is_end = |line: &str| {
            let line = line.trim();
            line.len() >= length && line.chars().all(|c| c == sign)
        };
        let mut code = rest;
        let mut at = 0;
        for line in rest.split_inclusive('\n') {
            if is_end(line) {
                let after = &rest[at + line.len()..];
                if !after.trim().is_empty() {
                    return None;
                }
                code = &rest[..at];
                break;
            }
            at += line.len();
        }
        Some(Self {
            language,
            code: code.trim_end_matches('\n'),
        })
    }

    /// Draws it.
    pub fn ui(&self, ui: &mut Ui) {
        let palette = palette(ui);
        Frame::new()
            .fill(palette.code)
            .stroke(Stroke::new(1.0, palette.divider))
            .corner_radius(CornerRadius::same(size::RADIUS))
            .inner_margin(Margin {
                left: 12,
                right: 6,
                top: 4,
                bottom: 10,
            })
            .show(ui, |ui| {
                ui.spacing_mut().item_spacing.y = 2.0;
                ui.horizontal(|ui| {
                    ui.label(theme::small(self.language).color(palette.text_secondary));
                    ui.with_layout(Layout::right_to_left(egui::Align::Center), |ui| {
                        if icon_button(ui, icons::COPY, "Copy code").clicked() {
                            ui.ctx().copy_text(self.code.to_owned());
                        }
                    });
                });
                let colors = CodeTheme::from_style(ui.style());
                let mut job = highlight(ui.ctx(), ui.style(), &colors, self.code, self.language);
                for section in &mut job.sections {
                    let color = &mut section.format.color;
                    *color = contrast::readable(*color, palette.code, palette.text);
                }
                ui.set_width(ui.available_width() - space::XS);
                ui.add(Label::new(job).wrap());
            });
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parts(block: &str) -> Option<(&str, &str)> {
        Fence::of(block).map(|fence| (fence.language, fence.code))
    }

    #[test]
    fn a_fence_has_a_language_and_code() {
        assert_eq!(
            parts("```rust ignore\nlet a = 1;\n\nb();\n```\n"),
            Some(("rust", "let a = 1;\n\nb();"))
        );
        assert_eq!(parts("~~~~\n~~~\n~~~~"), Some(("", "~~~")));
    }

    #[test]
    fn an_open_fence_is_all_that_came_so_far() {
        assert_eq!(parts("```js\nlet a"), Some(("js", "let a")));
        assert_eq!(parts("```"), Some(("", "")));
    }

    #[test]
    fn other_blocks_are_none() {
        for block in ["text", "`word`", "``` `a` ```", "", "```\na\n```\nafter"] {
            assert_eq!(parts(block), None, "{block}");
        }
    }
}
