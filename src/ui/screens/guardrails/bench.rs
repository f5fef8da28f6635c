//! The bench: a text in, the guardrail's decision and what it found out, before and after side by side.

use egui::text::{LayoutJob, TextFormat};
use egui::{FontId, Frame, Grid, Label, Margin, ScrollArea, Ui};

use super::GuardrailsCommand;
use crate::bedrock::{GuardrailSource, GuardrailVerdict};
use crate::chat::{Failure, Finding, Side};
use crate::guardrails::{
    Decision, Definition, Highlight, Lengths, bill, decision, expected_units, highlights, scores,
};
use crate::pricing::{CostBreakdown, guardrail_usage};
use crate::ui::icons;
use crate::ui::numbers::thousands;
use crate::ui::shared::Shared;
use crate::ui::theme::{self, font, palette, size, space};
use crate::ui::widgets::{
    Tone, badge, failure_alert, icon_button, primary_button, section_title, spinner, text_area,
    text_field,
};
use crate::ui::{Command, Commands};

/// What a guardrail is to look at.
#[derive(Clone, Debug, PartialEq)]
pub struct Trial {
    /// The guardrail.
    pub id: String,
    /// A number, or `DRAFT`.
    pub version: String,
    /// Whether it is a prompt or an answer.
    pub source: GuardrailSource,
    /// The text.
    pub text: String,
    /// What an answer is to be grounded in; may be empty.
    pub grounding_source: String,
    /// What it is to answer; may be empty.
    pub query: String,
}

/// What came of a trial.
struct Shown {
    trial: Trial,
    verdict: GuardrailVerdict,
    findings: Vec<Finding>,
    highlights: Vec<Highlight>,
    decision: Decision,
}

/// The bench's own state.
#[derive(Default)]
pub struct Bench {
    text: String,
    is_answer: bool,
    grounding_source: String,
    query: String,
    version: Option<String>,
    running: bool,
    shown: Option<Box<Shown>>,
    failure: Option<Failure>,
}

impl Bench {
    /// What is to be looked at; `None` while there is nothing. The bench waits for the answer then.
    pub fn trial(&self, id: &str, definition: &Definition) -> Option<Trial> {
        if self.text.trim().is_empty() || self.running {
            return None;
        }
        let grounds = self.grounds(definition);
        let around = |text: &String| if grounds { text.clone() } else { String::new() };
        Some(Trial {
            id: id.to_owned(),
            version: self.version.clone().unwrap_or_else(|| "DRAFT".to_owned()),
            source: if self.is_answer {
                GuardrailSource::Output
            } else {
                GuardrailSource::Input
            },
            text: self.text.clone(),
            grounding_source: around(&self.grounding_source),
            query: around(&self.query),
        })
    }

    /// An answer is awaited from now on.
    pub fn begin(&mut self) {
        self.running = true;
        self.failure = None;
    }

    /// The answer is here.
    pub fn show(&mut self, trial: Trial, verdict: Result<GuardrailVerdict, Failure>) {
        self.running = false;
        match verdict {
            Ok(verdict) => {
                let findings = verdict.findings(trial.source);
                self.failure = None;
                self.shown = Some(Box::new(Shown {
                    highlights: highlights(&trial.text, &findings),
                    decision: decision(verdict.intervened, &findings),
                    findings,
                    verdict,
                    trial,
                }));
            }
            Err(failure) => self.failure = Some(failure),
        }
    }

    fn grounds(&self, definition: &Definition) -> bool {
        self.is_answer && !definition.grounding.is_empty()
    }

    /// Draws it.
    #[expect(
        clippy::too_many_arguments,
        reason = "each is another thing that decides what can be tried"
    )]
    pub fn ui(
        &mut self,
        ui: &mut Ui,
        id: Option<&str>,
        definition: &Definition,
        edited: bool,
        version: Option<&str>,
        shared: &Shared,
        commands: &mut Commands,
    ) {
        self.version = version.map(str::to_owned);
        ScrollArea::vertical()
            .id_salt("bench")
            .auto_shrink(false)
            .show(ui, |ui| {
                ui.set_width(ui.available_width() - space::M);
                self.input_ui(ui, definition);
                self.run_ui(ui, id, definition, edited, shared, commands);
                if let Some(failure) = &self.failure {
                    failure_alert(ui, failure, |_| {});
                }
                if let Some(shown) = &self.shown {
                    shown.ui(ui, shared);
                }
                ui.add_space(space::L);
            });
    }

    fn input_ui(&mut self, ui: &mut Ui, definition: &Definition) {
        ui.horizontal(|ui| {
            ui.label("The text is");
            ui.selectable_value(&mut self.is_answer, false, "a prompt");
            ui.selectable_value(&mut self.is_answer, true, "an answer");
        });
        text_area(
            ui,
            "Text to test",
            "What the guardrail shall look at",
            5,
            &mut self.text,
        );
        if self.grounds(definition) {
            let secondary = palette(ui).text_secondary;
            let named = |ui: &mut Ui, name: &str| ui.label(theme::small(name).color(secondary));
            named(ui, "Source");
            let hint = "The text the answer is to be grounded in";
            text_area(ui, "Grounding source", hint, 3, &mut self.grounding_source);
            named(ui, "What it answers");
            text_field(
                ui,
                "Question",
                "The question it is to answer",
                &mut self.query,
            );
            let is_missing = |text: &str| text.trim().is_empty();
            if is_missing(&self.grounding_source) || is_missing(&self.query) {
                let words =
                    "Grounding and relevance are only looked at with a source and a question";
                ui.label(theme::small(words).color(secondary));
            }
        }
    }

    fn run_ui(
        &mut self,
        ui: &mut Ui,
        id: Option<&str>,
        definition: &Definition,
        edited: bool,
        shared: &Shared,
        commands: &mut Commands,
    ) {
        ui.add_space(space::XXS);
        ui.horizontal_wrapped(|ui| {
            let reason = if id.is_none() {
                Some("Save the guardrail first")
            } else if self.text.trim().is_empty() {
                Some("Write a text first")
            } else {
                None
            };
            let ready = reason.is_none() && !self.running;
            let run = primary_button(ui, ready, icons::SHIELD, "Test the text");
            if run
                .on_disabled_hover_text(reason.unwrap_or("Waiting for the service"))
                .clicked()
            {
                commands.push(Command::Guardrails(GuardrailsCommand::Test));
            }
            if self.running {
                spinner(ui);
            }
            let secondary = palette(ui).text_secondary;
            let text = self.expected(id, definition, shared);
            ui.label(theme::small(text).color(secondary));
            if edited {
                let warning = palette(ui).warning;
                let text =
                    "The draft is tested as it was saved last, without what you changed since";
                ui.label(theme::small(text).color(warning));
            }
        });
    }

    fn expected(&self, id: Option<&str>, definition: &Definition, shared: &Shared) -> String {
        let count = |text: &str| u64::try_from(text.chars().count()).unwrap_or(u64::MAX);
        let grounds = self.grounds(definition);
        let lengths = Lengths {
            text: count(&self.text),
            source: if grounds {
                count(&self.grounding_source)
            } else {
                0
            },
            query: if grounds { count(&self.query) } else { 0 },
        };
        let side = if self.is_answer {
            Side::Output
        } else {
            Side::Input
        };
        let units = expected_units(definition, side, lengths);
        if units.is_empty() {
            return String::new();
        }
        let total = thousands(units.iter().map(|(_, units)| units).sum());
        let bill = bill(
            &shared.prices,
            id.unwrap_or_default(),
            shared.region(),
            &units,
        );
        match bill.total() {
            Some(cost) => format!("Expected: {total} units, {cost}"),
            None => format!("Expected: {total} units, price unknown"),
        }
    }
}

impl Shown {
    fn ui(&self, ui: &mut Ui, shared: &Shared) {
        ui.add_space(space::S);
        ui.separator();
        ui.horizontal_wrapped(|ui| {
            let tone = match self.decision {
                Decision::Passed => Tone::Success,
                Decision::Masked => Tone::Warning,
                Decision::Blocked => Tone::Error,
            };
            ui.label(theme::h3("Decision").color(palette(ui).heading));
            badge(ui, self.decision.label(), tone);
            if self.verdict.simulated {
                badge(ui, "Simulated", Tone::Warning)
                    .on_hover_text("The embedded endpoint decides by a few words, AWS with models");
            }
            let reason = self.verdict.action_reason.clone().unwrap_or_default();
            let secondary = palette(ui).text_secondary;
            ui.label(theme::small(reason).color(secondary));
        });
        ui.add_space(space::XS);
        ui.columns(2, |columns| {
            if let [before, after] = columns {
                self.before(before);
                self.after(after);
            }
        });
        self.findings_ui(ui);
        self.scores_ui(ui);
        self.bill_ui(ui, shared);
    }

    fn before(&self, ui: &mut Ui) {
        let secondary = palette(ui).text_secondary;
        ui.horizontal(|ui| {
            ui.set_min_height(size::CONTROL - 4.0);
            ui.label(theme::small("Before").color(secondary));
        });
        boxed(ui, |ui| {
            let job = self.marked(ui);
            ui.add(Label::new(job).wrap().selectable(true));
        });
    }

    /// The text, with what matched in the colour of what was done.
    fn marked(&self, ui: &Ui) -> LayoutJob {
        let palette = palette(ui);
        let plain = TextFormat::simple(FontId::proportional(font::BODY), palette.text);
        let mut job = LayoutJob::default();
        let mut end = 0;
        for highlight in &self.highlights {
            let range = highlight.range.clone();
            let (Some(between), Some(matched)) = (
                self.trial.text.get(end..range.start),
                self.trial.text.get(range.clone()),
            ) else {
                continue;
            };
            let action = self.findings.get(highlight.finding);
            let fill = match action.map(|finding| finding.action.as_str()) {
                Some("BLOCKED") => palette.error_soft,
                Some("ANONYMIZED") => palette.warning_soft,
                _ => palette.accent_soft,
            };
            job.append(between, 0.0, plain.clone());
            let marked = TextFormat {
                background: fill,
                underline: egui::Stroke::new(1.0, palette.text),
                ..plain.clone()
            };
            job.append(matched, 0.0, marked);
            end = range.end;
        }
        job.append(self.trial.text.get(end..).unwrap_or_default(), 0.0, plain);
        job
    }

    fn after(&self, ui: &mut Ui) {
        let secondary = palette(ui).text_secondary;
        let text = match self.decision {
            Decision::Passed => self.trial.text.clone(),
            _ => self.verdict.outputs.join("\n"),
        };
        ui.horizontal(|ui| {
            ui.set_min_height(size::CONTROL - 4.0);
            let title = match self.decision {
                Decision::Passed => "After: the same",
                Decision::Masked => "After: what passes",
                Decision::Blocked => "After: what is shown instead",
            };
            ui.label(theme::small(title).color(secondary));
            if icon_button(ui, icons::COPY, "Copy what is shown after").clicked() {
                ui.ctx().copy_text(text.clone());
            }
        });
        boxed(ui, |ui| {
            ui.add(Label::new(&text).wrap().selectable(true));
        });
    }

    fn findings_ui(&self, ui: &mut Ui) {
        section_title(ui, "What was found");
        if self.findings.is_empty() {
            let secondary = palette(ui).text_secondary;
            ui.label(theme::small("Nothing").color(secondary));
            return;
        }
        Grid::new("findings of the bench")
            .num_columns(4)
            .spacing([space::L, space::XXS])
            .show(ui, |ui| {
                for finding in &self.findings {
                    let (words, tone) = match finding.action.as_str() {
                        "BLOCKED" => ("Blocked", Tone::Error),
                        "ANONYMIZED" => ("Masked", Tone::Warning),
                        _ => ("Detected only", Tone::Neutral),
                    };
                    badge(ui, words, tone);
                    ui.label(theme::small(&finding.policy));
                    ui.label(theme::small(&finding.name));
                    let detail = finding.matched.clone().filter(|text| *text != finding.name);
                    let detail = detail.map(|text| format!("“{text}”"));
                    let detail = detail.or_else(|| finding.degree.clone());
                    ui.add(Label::new(theme::small(detail.unwrap_or_default())).truncate());
                    ui.end_row();
                }
            });
    }

    /// How well an answer is grounded, also where it passes.
    fn scores_ui(&self, ui: &mut Ui) {
        let scores = scores(&self.verdict.assessments);
        if scores.is_empty() {
            return;
        }
        section_title(ui, "Contextual grounding");
        for score in scores {
            ui.horizontal(|ui| {
                let (words, tone) = if score.is_enough() {
                    ("Enough", Tone::Success)
                } else {
                    ("Too little", Tone::Error)
                };
                badge(ui, words, tone);
                let (label, asked) = (score.label(), score.threshold);
                let words = format!(
                    "{label} {:.2}, at least {asked:.2} is asked for",
                    score.score
                );
                ui.label(theme::small(words));
            });
        }
        if self.verdict.simulated {
            let warning = palette(ui).warning;
            let words = "The scores are simulated: the embedded endpoint counts the words that answer, \
                         source and question share, where AWS asks a model";
            ui.add(Label::new(theme::small(words).color(warning)).wrap());
        }
    }

    fn bill_ui(&self, ui: &mut Ui, shared: &Shared) {
        let Some(usage) = &self.verdict.usage else {
            return;
        };
        section_title(ui, "What it took");
        let secondary = palette(ui).text_secondary;
        let units = guardrail_usage(usage);
        let bill: CostBreakdown = bill(&shared.prices, &self.trial.id, shared.region(), &units);
        Grid::new("units of the bench")
            .num_columns(3)
            .spacing([space::L, space::XXS])
            .show(ui, |ui| {
                for line in &bill.lines {
                    ui.label(theme::small(line.meter.label()));
                    ui.label(theme::small(thousands(line.quantity)));
                    let amount = line
                        .amount
                        .map_or_else(|| "unknown".to_owned(), |amount| amount.to_string());
                    let source = line.unit_price.map_or_else(
                        || "No source has this price here".to_owned(),
                        |price| format!("{} for each, {}", price.amount, price.source.detail()),
                    );
                    ui.label(theme::small(amount)).on_hover_text(source);
                    ui.end_row();
                }
            });
        let total = match bill.total() {
            Some(cost) if self.verdict.simulated => {
                format!("Simulated, not charged ({cost} on AWS)")
            }
            Some(cost) => format!("Together {cost}"),
            None => "Together: unknown".to_owned(),
        };
        ui.label(theme::small(total).color(secondary));
        if let Some(id) = &self.verdict.request_id {
            ui.label(theme::small(format!("Request id {id}")).color(secondary));
        }
    }
}

fn boxed(ui: &mut Ui, content: impl FnOnce(&mut Ui)) {
    Frame::new()
        .fill(palette(ui).surface)
        .corner_radius(size::RADIUS)
        .inner_margin(Margin::same(10))
        .show(ui, |ui| {
            ui.set_width(ui.available_width());
            // Columns would justify the words.
            ui.with_layout(egui::Layout::top_down(egui::Align::Min), content);
        });
}
