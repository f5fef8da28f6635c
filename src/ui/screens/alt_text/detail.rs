//! One picture looked at closely: large, with its text, what is wrong with it, and what each model said.

use egui::{Label, ScrollArea, Ui, vec2};

use super::job::OpenJob;
use super::row::{count, edit, facts, paint};
use super::thumbnails::Thumbnails;
use crate::alt_text::{Alt, Checker, Item, Status, Texts};
use crate::figures::AltText;
use crate::ui::command::AltTextCommand;
use crate::ui::icons;
use crate::ui::theme::{self, palette, size, space};
use crate::ui::widgets::{
    Tone, badge, ends_apart, icon_button, link_button, origin_badge, primary_button,
    secondary_button, section_title, spinner, text_area, text_field,
};
use crate::ui::{Command, Commands};

/// Height of the large picture, in points.
const PICTURE: f32 = 230.0;

/// What a person wants of the screen.
pub(super) enum Wish {
    Close,
    ApproveAndGoOn,
    Go(isize),
}

pub(super) fn ui(
    ui: &mut Ui,
    job: &mut OpenJob,
    place: usize,
    thumbnails: &mut Thumbnails,
    commands: &mut Commands,
) -> Option<Wish> {
    let Some(item) = job.list.item(place).cloned() else {
        return Some(Wish::Close);
    };
    let mut wish = None;
    ui.horizontal(|ui| {
        if icon_button(ui, icons::PREVIOUS, "Previous image").clicked() {
            wish = Some(Wish::Go(-1));
        }
        if icon_button(ui, icons::NEXT, "Next image").clicked() {
            wish = Some(Wish::Go(1));
        }
        ends_apart(
            ui,
            "head of a picture looked at",
            |ui| {
                ui.add(Label::new(theme::strong(item.name())).truncate())
                    .on_hover_text(item.path.display().to_string());
            },
            |ui| {
                if icon_button(ui, icons::CLOSE, "Back to the settings of the job").clicked() {
                    wish = Some(Wish::Close);
                }
            },
        );
    });
    ScrollArea::vertical().auto_shrink(false).show(ui, |ui| {
        let width = ui.available_width() - space::M;
        ui.set_max_width(width);
        let (rect, picture) = ui.allocate_exact_size(vec2(width, PICTURE), egui::Sense::hover());
        picture.widget_info(|| {
            let name = format!("Large view of {}", item.name());
            egui::WidgetInfo::labeled(egui::Role::Image, true, name)
        });
        paint(ui, rect, thumbnails.look(place));
        ui.add_space(space::S);
        ui.push_id(place, |ui| {
            let texts = item.texts_there(thumbnails.texts(place));
            text(ui, job, place, &item, &texts);
            if approve(ui, &item) {
                wish = Some(Wish::ApproveAndGoOn);
            }
            remarks(ui, job, place);
            there_already(ui, job, place, &item, &texts);
            suggestions(ui, job, place, &item);
            ask(ui, job, place, &item, commands);
            long_description(ui, job, place, &item, commands);
            about(ui, &item);
        });
    });
    wish
}

fn text(ui: &mut Ui, job: &mut OpenJob, place: usize, item: &Item, in_file: &Texts) {
    let mut decorative = matches!(item.review.alt, Some(Alt::Decorative { .. }));
    if !decorative {
        edit(ui, job, place, item, in_file.alt_text.as_deref(), 4);
    }
    ui.horizontal(|ui| {
        if ui
            .checkbox(&mut decorative, "Decorative")
            .on_hover_text("It tells a reader nothing: the alt text is published empty")
            .changed()
        {
            let alt = if decorative {
                Alt::Decorative {
                    reason: "Marked by you".to_owned(),
                }
            } else {
                Alt::Text(String::new())
            };
            job.list.write(place, &alt);
            job.list.end_step();
        }
        if let Some(Alt::Text(text)) = &item.review.alt {
            count(ui, text, job.settings.instructions.max_length);
        }
    });
    if let Some(Alt::Decorative { reason }) = &item.review.alt
        && !reason.is_empty()
    {
        ui.label(theme::small(reason).color(palette(ui).text_secondary));
    }
}

fn approve(ui: &mut Ui, item: &Item) -> bool {
    ui.add_space(space::XXS);
    let possible = item.review.alt.is_some();
    let label = if item.review.approved {
        "Approved: go on"
    } else {
        "Approve and go on"
    };
    primary_button(ui, possible, icons::APPROVE, label)
        .on_hover_text(Command::Send.keys(ui.ctx()))
        .on_disabled_hover_text("There is no text to approve yet")
        .clicked()
}

fn remarks(ui: &mut Ui, job: &OpenJob, place: usize) {
    for problem in job.list.problems(place) {
        remark(ui, &problem.to_string());
    }
}

fn remark(ui: &mut Ui, words: &str) {
    ui.horizontal_top(|ui| {
        let color = palette(ui).warning;
        icons::paint(ui, icons::WARNING, size::ICON - 2.0, color);
        ui.add(Label::new(theme::small(words)).wrap());
    });
}

/// What the document or the file says already, to be taken over.
fn there_already(ui: &mut Ui, job: &mut OpenJob, place: usize, item: &Item, texts: &Texts) {
    if let Some(origin) = &item.origin {
        section_title(ui, "In the document");
        let secondary = palette(ui).text_secondary;
        ui.add(Label::new(theme::small(origin.in_words()).color(secondary)).wrap());
        match &origin.alt {
            AltText::Missing => drop(ui.label("No alt text")),
            AltText::Decorative => drop(ui.label("Marked as decorative")),
            AltText::Text(_) => {}
        }
    } else if *texts == Texts::default() {
        return;
    } else {
        section_title(ui, "In the file");
    }
    if let Some(text) = &texts.alt_text {
        ui.add(Label::new(text).wrap());
        let hash = item.content_hash.unwrap_or_default();
        for problem in Checker::new(None).check(item.name(), hash, text) {
            remark(ui, &problem.to_string());
        }
        let take = if item.origin.is_some() {
            "Take the text of the document"
        } else {
            "Take the text of the file"
        };
        if item.review.alt.as_ref() == Some(&Alt::Text(text.clone())) {
            badge(ui, "Taken", Tone::Success);
        } else if link_button(ui, take).clicked() {
            job.list.write(place, &Alt::Text(text.clone()));
            job.list.end_step();
        }
        ui.add_space(space::S);
    }
    if let Some(text) = &texts.long_description {
        ui.add(Label::new(text).wrap());
        let own = item.review.long_description.as_ref();
        if own.is_some_and(|own| own.text == *text) {
            badge(ui, "Taken", Tone::Success);
        } else if link_button(ui, "Take the long description of the file").clicked() {
            job.list.write_long_description(place, text);
            job.list.end_step();
        }
        ui.add_space(space::S);
    }
}

/// What each model said, to compare and choose from.
fn suggestions(ui: &mut Ui, job: &mut OpenJob, place: usize, item: &Item) {
    if item.suggestions.is_empty() {
        return;
    }
    section_title(ui, "What models said");
    let secondary = palette(ui).text_secondary;
    for (index, suggestion) in item.suggestions.iter().enumerate().rev() {
        let is_taken = item.review.alt.as_ref() == Some(&suggestion.alt);
        ui.horizontal(|ui| {
            let model = &suggestion.model_id;
            let words = theme::small(model.to_string()).color(secondary);
            ends_apart(
                ui,
                ("origin of a text", suggestion.simulated, model.is_local()),
                |ui| drop(ui.add(Label::new(words).truncate())),
                |ui| origin_badge(ui, suggestion.simulated, model),
            );
        });
        match &suggestion.alt {
            Alt::Text(text) => {
                ui.add(Label::new(text).wrap());
            }
            Alt::Decorative { reason } => {
                ui.add(Label::new(format!("Decorative: {reason}")).wrap());
            }
        }
        ui.horizontal(|ui| {
            if is_taken {
                badge(ui, "Taken", Tone::Success);
            } else if link_button(ui, &format!("Take text {}", index + 1)).clicked() {
                job.list.choose(place, index);
                job.list.end_step();
            }
            let cost = suggestion.cost.map(|cost| cost.to_string());
            let cost = cost.unwrap_or_default();
            ui.label(theme::small(cost).color(secondary));
        });
        ui.add_space(space::S);
    }
}

fn ask(ui: &mut Ui, job: &mut OpenJob, place: usize, item: &Item, commands: &mut Commands) {
    section_title(ui, "Ask again");
    let mut hint = item.context.clone().unwrap_or_default();
    let placeholder = "What a model cannot see: names, place, purpose";
    // What stands around an image of a document takes more than a line.
    let field = if item.origin.is_some() {
        text_area(ui, "About this image", placeholder, 4, &mut hint)
    } else {
        text_field(ui, "About this image", placeholder, &mut hint)
    };
    if field.changed() {
        let hint = (!hint.trim().is_empty()).then_some(hint);
        job.list.set_context(place, hint);
    }
    let idle = !item.is_under_way();
    ui.add_enabled_ui(idle, |ui| {
        // Inside, not around: only the layout itself knows when to wrap.
        ui.horizontal_wrapped(|ui| {
            if secondary_button(ui, icons::RETRY, "Ask again").clicked() {
                commands.push(Command::AltText(AltTextCommand::Ask(vec![place])));
            }
            if secondary_button(ui, icons::MODEL, "Ask another model…").clicked() {
                commands.push(Command::AltText(AltTextCommand::AskAnother(place)));
            }
            if !idle {
                spinner(ui);
            }
        });
    });
    if let Status::Failed(failure) = &item.status {
        let error = palette(ui).error;
        ui.add(Label::new(theme::small(&failure.message).color(error)).wrap());
        ui.add(Label::new(theme::small(&failure.advice)).wrap());
    }
}

/// What is said beyond the alt text, of a chart or a scene that a phrase cannot describe.
fn long_description(
    ui: &mut Ui,
    job: &mut OpenJob,
    place: usize,
    item: &Item,
    commands: &mut Commands,
) {
    section_title(ui, "Long description");
    let long = item.review.long_description.as_ref();
    let mut text = long.map(|long| long.text.clone()).unwrap_or_default();
    let hint = "For charts, maps and scenes that a phrase cannot describe";
    let field = text_area(ui, "Long description", hint, 3, &mut text);
    if field.changed() {
        job.list.write_long_description(place, &text);
    }
    if field.lost_focus() {
        job.list.end_step();
    }
    ui.horizontal_wrapped(|ui| {
        ui.add_enabled_ui(!item.is_under_way(), |ui| {
            if secondary_button(ui, icons::ALT_TEXT, "Let the model write it").clicked() {
                commands.push(Command::AltText(AltTextCommand::Describe(place)));
            }
        });
        if long.is_some_and(|long| long.simulated) {
            badge(ui, "Simulated", Tone::Warning);
        }
    });
}

fn about(ui: &mut Ui, item: &Item) {
    let facts = facts(item);
    if facts.is_empty() {
        return;
    }
    section_title(ui, "Facts");
    let secondary = palette(ui).text_secondary;
    ui.add(Label::new(theme::small(facts).color(secondary)).wrap());
    if let Some(id) = item.latest().and_then(|latest| latest.request_id.as_ref()) {
        let words = theme::small(format!("Request id {id}")).color(secondary);
        ui.horizontal(|ui| {
            ends_apart(
                ui,
                "request id of a text",
                |ui| drop(ui.add(Label::new(words).truncate())),
                |ui| {
                    if icon_button(ui, icons::COPY, "Copy request id").clicked() {
                        ui.ctx().copy_text(id.clone());
                    }
                },
            );
        });
    }
}
