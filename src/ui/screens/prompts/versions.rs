//! A prompt's versions: made, compared, taken back.

use std::collections::HashSet;

use egui::text::{LayoutJob, TextFormat};
use egui::{FontId, Frame, Label, Margin, RichText, ScrollArea, Stroke, Ui};

use crate::prompts::{Content, DiffLine, LineSide, Passage, SavedPrompt, difference, passages};
use crate::store::UnixMs;
use crate::ui::clock::Clock;
use crate::ui::icons;
use crate::ui::theme::{self, font, palette, size, space};
use crate::ui::widgets::{
    Tone, accessible_name, badge, combo_box, link_button, moment, primary_button, secondary_button,
    text_field,
};

/// What is being compared.
#[derive(Default)]
pub struct Versions {
    note: String,
    from: Option<u32>,
    /// `None` is what is being written.
    to: Option<u32>,
    shown: Option<Shown>,
}

/// The difference of two states.
struct Shown {
    before: Content,
    after: Content,
    lines: Vec<DiffLine>,
    passages: Vec<Passage>,
    /// The lines of passages that somebody opened.
    opened: HashSet<String>,
}

impl Shown {
    fn new(before: &Content, after: &Content) -> Self {
        let lines = difference(before, after);
        let passages = passages(&lines);
        Self {
            before: before.clone(),
            after: after.clone(),
            lines,
            passages,
            opened: HashSet::new(),
        }
    }

    /// What was opened in an earlier difference stays open, as far as its lines are still unchanged.
    fn open_like(mut self, earlier: Self) -> Self {
        self.opened = earlier.opened;
        for passage in &mut self.passages {
            let mut lines = self.lines[passage.lines.clone()].iter();
            passage.is_folded &= !lines.all(|line| self.opened.contains(&line.text));
        }
        self
    }

    fn open(&mut self, passage: usize) {
        if let Some(passage) = self.passages.get_mut(passage) {
            passage.is_folded = false;
            let lines = self.lines[passage.lines.clone()].iter();
            self.opened.extend(lines.map(|line| line.text.clone()));
        }
    }

    /// The passages; a folded one opens by a click.
    fn ui(&mut self, ui: &mut Ui) {
        let mut opened = None;
        for (at, passage) in self.passages.iter().enumerate() {
            if passage.is_folded {
                let words = format!("… {} lines unchanged", passage.lines.len());
                let button = ui.push_id(at, |ui| link_button(ui, &words)).inner;
                opened = button.clicked().then_some(at).or(opened);
            } else {
                for line in &self.lines[passage.lines.clone()] {
                    line_ui(ui, line);
                }
            }
        }
        if let Some(passage) = opened {
            self.open(passage);
        }
    }
}

impl Versions {
    /// Draws them; true when the prompt was changed.
    pub fn ui(&mut self, ui: &mut Ui, prompt: &mut SavedPrompt, clock: &Clock) -> bool {
        let mut changed = self.save_ui(ui, prompt, clock.now().0);
        if prompt.versions.is_empty() {
            ui.add_space(space::M);
            let text = "A version keeps the prompt as it is now, so that you can compare with it and go \
                        back to it. What you write is saved all the time anyway.";
            let color = palette(ui).text_secondary;
            ui.add(Label::new(RichText::new(text).color(color)).wrap());
            return changed;
        }
        ui.add_space(space::S);
        ScrollArea::vertical()
            .id_salt("versions")
            .max_height(150.0)
            .auto_shrink([false, true])
            .show(ui, |ui| {
                for at in (0..prompt.versions.len()).rev() {
                    changed |= Self::version_ui(ui, prompt, at, clock);
                }
            });
        ui.separator();
        self.choice(ui, prompt);
        self.difference_ui(ui, prompt);
        changed
    }

    fn save_ui(&mut self, ui: &mut Ui, prompt: &mut SavedPrompt, now: i64) -> bool {
        let differs = prompt.differs_from_last_version();
        text_field(
            ui,
            "What changed",
            "What changed (may stay empty)",
            &mut self.note,
        );
        ui.add_space(space::XXS);
        ui.horizontal(|ui| {
            let next = prompt.versions.last().map_or(1, |last| last.number + 1);
            let label = format!("Save as version {next}");
            let made = primary_button(ui, differs, icons::SAVE, &label).clicked();
            if !differs {
                let secondary = palette(ui).text_secondary;
                ui.label(
                    theme::small("Nothing has changed since the last version").color(secondary),
                );
            }
            made && prompt
                .add_version(now, std::mem::take(&mut self.note).trim().to_owned())
                .is_some()
        })
        .inner
    }

    fn version_ui(ui: &mut Ui, prompt: &mut SavedPrompt, at: usize, clock: &Clock) -> bool {
        let Some(version) = prompt.versions.get(at) else {
            return false;
        };
        let (number, same) = (version.number, version.content == prompt.draft);
        let (made, note) = (UnixMs(version.at), version.note.clone());
        ui.horizontal(|ui| {
            ui.set_min_height(size::CONTROL);
            ui.label(theme::strong(format!("Version {number}")));
            moment(ui, clock, made);
            if same {
                badge(ui, "As written now", Tone::Accent);
            }
            ui.add(Label::new(theme::small(note)).truncate());
            ui.with_layout(egui::Layout::right_to_left(egui::Align::Center), |ui| {
                let restore = if same {
                    false
                } else {
                    let button = secondary_button(ui, icons::UNDO, "Go back to this");
                    accessible_name(&button, &format!("Go back to version {number}"));
                    button
                        .on_hover_text(
                            "Puts it in the place of what is written, which is kept as a version",
                        )
                        .clicked()
                };
                if restore {
                    prompt.go_back_to(number, clock.now().0);
                }
                restore
            })
            .inner
        })
        .inner
    }

    fn choice(&mut self, ui: &mut Ui, prompt: &SavedPrompt) {
        let last = prompt.versions.last().map(|last| last.number);
        let from = *self.from.get_or_insert(last.unwrap_or(1));
        ui.horizontal(|ui| {
            ui.label("Changes from");
            let combo = combo_box("from version")
                .selected_text(format!("Version {from}"))
                .show_ui(ui, |ui| {
                    for version in &prompt.versions {
                        let label = format!("Version {}", version.number);
                        ui.selectable_value(&mut self.from, Some(version.number), label);
                    }
                });
            accessible_name(&combo.response, "Changes from");
            ui.label("to");
            let name = |to: Option<u32>| match to {
                Some(number) => format!("Version {number}"),
                None => "What is written now".to_owned(),
            };
            let combo = combo_box("to version")
                .width(170.0)
                .selected_text(name(self.to))
                .show_ui(ui, |ui| {
                    ui.selectable_value(&mut self.to, None, name(None));
                    for version in &prompt.versions {
                        let to = Some(version.number);
                        ui.selectable_value(&mut self.to, to, name(to));
                    }
                });
            accessible_name(&combo.response, "Changes to");
        });
    }

    fn difference_ui(&mut self, ui: &mut Ui, prompt: &SavedPrompt) {
        let content = |number: Option<u32>| match number {
            Some(number) => prompt.version(number).map(|version| &version.content),
            None => Some(&prompt.draft),
        };
        let (Some(from), Some(to)) = (
            self.from.and_then(|from| content(Some(from))),
            content(self.to),
        ) else {
            self.from = None;
            self.to = None;
            return;
        };
        let current = self
            .shown
            .as_ref()
            .is_some_and(|shown| shown.before == *from && shown.after == *to);
        if !current {
            let shown = Shown::new(from, to);
            self.shown = Some(match self.shown.take() {
                Some(earlier) => shown.open_like(earlier),
                None => shown,
            });
        }
        let Some(shown) = &mut self.shown else {
            return;
        };
        if shown.lines.iter().all(|line| line.side == LineSide::Both) {
            let secondary = palette(ui).text_secondary;
            ui.label(theme::small("Nothing differs").color(secondary));
        }
        ScrollArea::vertical()
            .id_salt("difference")
            .auto_shrink(false)
            .show(ui, |ui| {
                ui.spacing_mut().item_spacing.y = 1.0;
                shown.ui(ui);
            });
    }
}

fn line_ui(ui: &mut Ui, line: &DiffLine) {
    let palette = palette(ui);
    let (sign, fill, color) = match line.side {
        LineSide::Both => (" ", egui::Color32::TRANSPARENT, palette.text_secondary),
        LineSide::Before => ("−", palette.error_soft, palette.text),
        LineSide::After => ("+", palette.success_soft, palette.text),
    };
    let plain = TextFormat::simple(FontId::monospace(font::SMALL), color);
    // Not by colour alone, as in the comparison of answers.
    let mut marked = plain.clone();
    match line.side {
        LineSide::Both => {}
        LineSide::Before => marked.strikethrough = Stroke::new(1.0, palette.error),
        LineSide::After => marked.underline = Stroke::new(1.0, palette.success),
    }
    let mut job = LayoutJob::default();
    job.append(&format!("{sign} "), 0.0, plain.clone());
    let mut done = 0;
    for changed in &line.changed {
        job.append(&line.text[done..changed.start], 0.0, plain.clone());
        job.append(&line.text[changed.clone()], 0.0, marked.clone());
        done = changed.end;
    }
    job.append(&line.text[done..], 0.0, plain);
    Frame::new()
        .fill(fill)
        .inner_margin(Margin::symmetric(6, 1))
        .show(ui, |ui| {
            ui.set_width(ui.available_width());
            ui.add(Label::new(job).wrap());
        });
}

#[cfg(test)]
mod tests {
    use super::*;

    fn content(first: &str, middle: &str) -> Content {
        let mut lines: Vec<String> = (0..60).map(|line| format!("line {line}")).collect();
        lines[0] = first.to_owned();
        lines[30] = middle.to_owned();
        Content {
            text: lines.join("\n"),
            ..Content::default()
        }
    }

    fn folded(shown: &Shown) -> usize {
        let folded = shown.passages.iter().filter(|passage| passage.is_folded);
        folded.count()
    }

    #[test]
    fn what_was_opened_stays_open_while_the_prompt_is_written() {
        let before = content("a", "b");
        let later = |earlier: Shown, middle| {
            Shown::new(&before, &content("changed", middle)).open_like(earlier)
        };
        // Where nothing differs nothing is folded; but nobody opened it.
        let shown = later(Shown::new(&before, &before), "b");
        assert_eq!(folded(&shown), 1);
        let mut shown = later(shown, "b");
        assert_eq!(folded(&shown), 1);
        for passage in 0..shown.passages.len() {
            shown.open(passage);
        }
        let shown = later(shown, "b");
        assert_eq!(folded(&shown), 0);
        assert_eq!(folded(&later(shown, "in two")), 0);
    }
}
