//! Content filters, denied topics, words, contextual grounding.

use egui::{Grid, ScrollArea, Slider, Ui};

use super::general::told;
use super::sides::{self, Actions};
use crate::guardrails::{
    ContentFilter, ContentKind, Definition, GroundingFilter, GroundingKind, OnSide, Place, Problem,
    Sides, Strength, Topic, Word,
};
use crate::ui::icons;
use crate::ui::numbers::thousands;
use crate::ui::theme::{self, palette, space};
use crate::ui::widgets::{
    accessible_name, checkbox, combo_box, fold, icon_button, secondary_button, text_area,
    text_field,
};

/// The threshold a new filter of contextual grounding begins with: the console's.
const FIRST_THRESHOLD: f64 = 0.7;

/// Draws content filters.
pub fn content(ui: &mut Ui, definition: &mut Definition, problems: &[Problem]) {
    let summary = format!("{} of {}", definition.content.len(), ContentKind::ALL.len());
    fold(ui, "Content filters", &summary, true, |ui| {
        // In a narrow window the last columns are scrolled to.
        ScrollArea::horizontal()
            .id_salt("content filters")
            .show(ui, |ui| content_grid(ui, definition));
        told(ui, problems, Place::Content);
    });
}

fn content_grid(ui: &mut Ui, definition: &mut Definition) {
    Grid::new("content filters")
        .num_columns(6)
        .spacing([space::XXS, space::XXS])
        .show(ui, |ui| {
            ui.spacing_mut().button_padding.x = space::S;
            let secondary = palette(ui).text_secondary;
            for head in ["", "Prompts", "", "Answers", "", "Images"] {
                ui.label(theme::small(head).color(secondary));
            }
            ui.end_row();
            for kind in ContentKind::ALL {
                content_row(ui, definition, kind);
                ui.end_row();
            }
        });
}

fn content_row(ui: &mut Ui, definition: &mut Definition, kind: ContentKind) {
    let name = kind.label();
    let place = definition
        .content
        .iter()
        .position(|filter| filter.kind == kind);
    let mut on = place.is_some();
    if checkbox(ui, &mut on, name).changed() {
        match place {
            Some(place) => {
                definition.content.remove(place);
            }
            None => definition.content.push(ContentFilter::new(kind)),
        }
    }
    let Some(filter) = definition
        .content
        .iter_mut()
        .find(|filter| filter.kind == kind)
    else {
        return;
    };
    let (input, output) = (&mut filter.sides.input, &mut filter.sides.output);
    strength(ui, "Prompts", name, &mut filter.input_strength);
    sides::choice(ui, "Prompts", name, Actions::BlockOnly, input);
    if kind == ContentKind::PromptAttack {
        let secondary = palette(ui).text_secondary;
        ui.label(theme::small("never").color(secondary));
        return;
    }
    strength(ui, "Answers", name, &mut filter.output_strength);
    sides::choice(ui, "Answers", name, Actions::BlockOnly, output);
    let mut images = filter.input_images && filter.output_images;
    let checkbox = checkbox(ui, &mut images, "");
    accessible_name(&checkbox, &format!("Images, {name}"));
    if checkbox.on_hover_text("Looks at pictures, too").changed() {
        filter.input_images = images;
        filter.output_images = images;
    }
}

fn strength(ui: &mut Ui, side: &str, of: &str, strength: &mut Strength) {
    let combo = combo_box(("strength", side, of))
        // Of its widest word, so that columns stay columns.
        .width(92.0)
        .selected_text(strength.label())
        .show_ui(ui, |ui| {
            for one in Strength::ALL {
                ui.selectable_value(strength, one, one.label());
            }
        });
    let name = format!("Strength on {}, {of}", side.to_lowercase());
    accessible_name(&combo.response, &name);
}

/// Draws denied topics.
pub fn topics(ui: &mut Ui, definition: &mut Definition, problems: &[Problem]) {
    let summary = count(definition.topics.len());
    fold(ui, "Denied topics", &summary, false, |ui| {
        let mut removed = None;
        for (at, topic) in definition.topics.iter_mut().enumerate() {
            ui.push_id(("topic", at), |ui| {
                if topic_ui(ui, at, topic) {
                    removed = Some(at);
                }
                told(ui, problems, Place::Topic(at));
            });
            ui.separator();
        }
        if let Some(at) = removed {
            definition.topics.remove(at);
        }
        if secondary_button(ui, icons::ADD, "Add a topic").clicked() {
            definition.topics.push(Topic::default());
        }
    });
}

fn topic_ui(ui: &mut Ui, at: usize, topic: &mut Topic) -> bool {
    let number = at + 1;
    let mut removed = false;
    ui.horizontal(|ui| {
        ui.scope(|ui| {
            ui.set_width(ui.available_width() - 44.0);
            let name = format!("Name of topic {number}");
            text_field(
                ui,
                &name,
                "Name, for instance Investment advice",
                &mut topic.name,
            );
        });
        removed = icon_button(ui, icons::DELETE, &format!("Remove topic {number}")).clicked();
    });
    let hint = "What belongs to it, in a sentence or two; do not write what to do with it";
    let name = format!("Definition of topic {number}");
    text_area(ui, &name, hint, 2, &mut topic.definition);
    let mut examples = topic.examples.join("\n");
    let name = format!("Examples of topic {number}");
    let hint = "Up to five sentences that belong to it, one a line";
    if text_area(ui, &name, hint, 2, &mut examples).changed() {
        // An empty line stays while it is being written.
        topic.examples = if examples.is_empty() {
            Vec::new()
        } else {
            examples.split('\n').map(str::to_owned).collect()
        };
    }
    sides::ui(
        ui,
        &format!("topic {number}"),
        Actions::BlockOnly,
        &mut topic.sides,
    );
    removed
}

/// The words of a definition, one a line.
pub fn words_as_lines(definition: &Definition) -> String {
    let words: Vec<&str> = definition
        .words
        .iter()
        .map(|word| word.text.as_str())
        .collect();
    words.join("\n")
}

/// Draws words; `lines` is the field they are written in.
pub fn words(ui: &mut Ui, definition: &mut Definition, lines: &mut String, problems: &[Problem]) {
    let summary = match (definition.words.len(), definition.profanity) {
        (0, None) => "none".to_owned(),
        (0, Some(_)) => "profanity".to_owned(),
        (words, None) => thousands(words as u64),
        (words, Some(_)) => format!("{}, and profanity", thousands(words as u64)),
    };
    fold(ui, "Words", &summary, false, |ui| {
        let mut managed = definition.profanity.is_some();
        ui.horizontal_wrapped(|ui| {
            if ui
                .checkbox(&mut managed, "Profanity, as the service lists it")
                .changed()
            {
                definition.profanity = managed.then(Sides::default);
            }
            if let Some(sides) = &mut definition.profanity {
                sides::ui(ui, "profanity", Actions::BlockOnly, sides);
            }
        });
        ScrollArea::vertical()
            .id_salt("words")
            .max_height(180.0)
            .show(ui, |ui| {
                let hint = "Words and phrases of your own, one a line";
                if text_area(ui, "Words", hint, 4, lines).changed() {
                    take_words(definition, lines);
                }
            });
        for (at, _) in definition.words.iter().enumerate() {
            told(ui, problems, Place::Word(at));
        }
        told(ui, problems, Place::Word(10_000));
    });
}

/// Takes the lines as words; those that were there keep what they do.
fn take_words(definition: &mut Definition, lines: &str) {
    let before = std::mem::take(&mut definition.words);
    let written = lines.lines().map(str::trim).filter(|line| !line.is_empty());
    definition.words = written
        .map(|text| {
            let known = before.iter().find(|word| word.text == text);
            known.cloned().unwrap_or_else(|| Word {
                text: text.to_owned(),
                sides: Sides::default(),
            })
        })
        .collect();
}

/// Draws contextual grounding.
pub fn grounding(ui: &mut Ui, definition: &mut Definition, problems: &[Problem]) {
    let summary = if definition.grounding.is_empty() {
        "off"
    } else {
        "on"
    };
    fold(ui, "Contextual grounding", summary, false, |ui| {
        for kind in GroundingKind::ALL {
            grounding_row(ui, definition, kind);
        }
        told(ui, problems, Place::Grounding);
    });
}

fn grounding_row(ui: &mut Ui, definition: &mut Definition, kind: GroundingKind) {
    let (name, help) = match kind {
        GroundingKind::Grounding => ("Grounding", "Whether the source bears the answer out"),
        GroundingKind::Relevance => ("Relevance", "Whether the answer fits the question"),
    };
    ui.horizontal_wrapped(|ui| {
        let place = definition
            .grounding
            .iter()
            .position(|filter| filter.kind == kind);
        let mut on = place.is_some();
        if checkbox(ui, &mut on, name).on_hover_text(help).changed() {
            match place {
                Some(place) => {
                    definition.grounding.remove(place);
                }
                None => definition.grounding.push(GroundingFilter {
                    kind,
                    threshold: FIRST_THRESHOLD,
                    on: OnSide::default(),
                }),
            }
        }
        let Some(filter) = definition
            .grounding
            .iter_mut()
            .find(|filter| filter.kind == kind)
        else {
            return;
        };
        let slider = ui.add(
            Slider::new(&mut filter.threshold, 0.0..=0.99)
                .fixed_decimals(2)
                .step_by(0.01),
        );
        accessible_name(&slider, &format!("Threshold, {name}"));
        sides::side(ui, "Answers", name, Actions::BlockOnly, &mut filter.on);
    });
}

pub fn count(count: usize) -> String {
    match count {
        0 => "none".to_owned(),
        count => thousands(count as u64),
    }
}
