//! What holds for the whole job: the model, what it is asked, and the limits.

use egui::{DragValue, ScrollArea, Ui};

use super::ReadingFiles;
use super::job::OpenJob;
use crate::alt_text::{AT_ONCE, Instructions};
use crate::catalog::ModelId;
use crate::ui::command::AltTextCommand;
use crate::ui::numbers::thousands;
use crate::ui::shared::Shared;
use crate::ui::theme::{self, palette, space};
use crate::ui::widgets::{
    DollarLimit, accessible_name, checkbox, link_button, model_button, model_id_line, panel_title,
    section_title, spinner, text_area, text_field,
};
use crate::ui::{Command, Commands};

pub(super) fn ui(
    ui: &mut Ui,
    job: &mut OpenJob,
    reading: Option<ReadingFiles>,
    shared: &Shared,
    commands: &mut Commands,
) {
    ScrollArea::vertical().auto_shrink(false).show(ui, |ui| {
        ui.set_max_width(ui.available_width() - space::M);
        panel_title(ui, "Job");
        model(ui, job, shared, commands);
        let running = job.is_running();
        let before = job.settings.instructions.max_length;
        let instructions = &mut job.settings.instructions;
        section_title(ui, "What is asked");
        prompt(ui, instructions);
        optional(
            ui,
            "Language",
            "As the prompt is",
            &mut instructions.language,
        );
        optional(ui, "Tone", "Plain, lively, formal…", &mut instructions.tone);
        let hint = "The page, product names, words to use";
        let mut context = instructions.context.clone().unwrap_or_default();
        ui.label(theme::small("About all images").color(palette(ui).text_secondary));
        if text_area(ui, "About all images", hint, 2, &mut context).changed() {
            instructions.context = (!context.trim().is_empty()).then_some(context);
        }
        let table = link_button(ui, "About single images, from a table…");
        if table
            .on_hover_text("A CSV file with the columns file and context")
            .clicked()
        {
            commands.push(Command::AltText(AltTextCommand::PickContext));
        }
        if !job.list.is_empty() {
            texts_of_files(ui, reading, commands);
        }
        checkbox(
            ui,
            &mut job.settings.file_name_as_context,
            "Tell the model the file's name",
        );
        checkbox(
            ui,
            &mut job.settings.instructions.may_be_decorative,
            "It may say that an image only decorates",
        );
        section_title(ui, "Limits");
        longest(ui, &mut job.settings.instructions.max_length);
        ui.horizontal(|ui| {
            ui.label("Requests at once");
            let edit = ui.add(DragValue::new(&mut job.settings.at_once).range(AT_ONCE));
            accessible_name(&edit, "Requests at once");
        });
        DollarLimit {
            label: "Stop before it costs more than",
            name: "Most the job may cost",
        }
        .ui(ui, &mut job.settings.max_cost);
        if running {
            let note = "Changes hold for what is asked next";
            ui.label(theme::small(note).color(palette(ui).text_secondary));
        }
        let after = job.settings.instructions.max_length;
        if after != before {
            job.list.set_max_length(after);
        }
    });
}

/// What files say already need not be asked for.
fn texts_of_files(ui: &mut Ui, reading: Option<ReadingFiles>, commands: &mut Commands) {
    let Some(ReadingFiles { read, all }) = reading else {
        let take = link_button(ui, "Take the texts that files have").on_hover_text(
            "What the pictures' metadata or the .xmp files beside them say, for all that have no text here",
        );
        if take.clicked() {
            commands.push(Command::AltText(AltTextCommand::TakeFromFiles));
        }
        return;
    };
    ui.horizontal(|ui| {
        spinner(ui);
        let [read, all] = [read, all].map(|count| thousands(count as u64));
        ui.label(format!("{read} of {all} files read"));
        if link_button(ui, "Stop").clicked() {
            commands.push(Command::AltText(AltTextCommand::StopReadingFiles));
        }
    });
}

fn model(ui: &mut Ui, job: &OpenJob, shared: &Shared, commands: &mut Commands) {
    let known = shared.catalog.ready();
    let id = job.settings.model_id.as_ref();
    let name = id
        .and_then(|id| known?.model(id))
        .map(|model| model.name.as_str());
    let title = name
        .or(id.map(ModelId::as_str))
        .unwrap_or("Choose a model…");
    if model_button(ui, title, known.is_some()) {
        commands.push(Command::ChooseModel);
    }
    model_id_line(ui, id);
}

fn prompt(ui: &mut Ui, instructions: &mut Instructions) {
    let usual = Instructions::default().prompt;
    text_area(
        ui,
        "Prompt for every image",
        &usual,
        3,
        &mut instructions.prompt,
    );
    if instructions.prompt != usual && link_button(ui, "Use the usual prompt").clicked() {
        instructions.prompt = usual;
    }
}

fn optional(ui: &mut Ui, name: &str, hint: &str, value: &mut Option<String>) {
    let mut text = value.clone().unwrap_or_default();
    ui.label(theme::small(name).color(palette(ui).text_secondary));
    if text_field(ui, name, hint, &mut text).changed() {
        *value = (!text.trim().is_empty()).then_some(text);
    }
}

fn longest(ui: &mut Ui, most: &mut Option<usize>) {
    ui.horizontal(|ui| {
        let mut on = most.is_some();
        if checkbox(ui, &mut on, "At most").changed() {
            *most = on.then_some(125);
        }
        if let Some(most) = most {
            let edit = ui.add(DragValue::new(most).range(10..=2_000).suffix(" characters"));
            accessible_name(&edit, "Most characters of a text");
        }
    });
}
