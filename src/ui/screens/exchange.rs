//! View request and response: what went over the wire, and the same call as code that runs; of a
//! request in a model's own form the body and code.

use std::ops::Range;

use egui::{Label, RichText, ScrollArea, Ui};

use crate::catalog::ModelId;
use crate::chat::{Exchange, Request};
use crate::snippets::{Language, NativeRequest, Target, request_text, snippet};
use crate::tasks::{Job, Tasks};
use crate::ui::icons;
use crate::ui::theme::{self, palette, size, space};
use crate::ui::widgets::{dialog_near_top, secondary_button, spinner};

const WIDTH: f32 = 860.0;
const HEIGHT: f32 = 470.0;
/// Characters of a line that are drawn.
const LONGEST_LINE: usize = 1_000;

/// The open dialog.
pub struct ExchangeDialog {
    title: &'static str,
    note: &'static str,
    pages: Option<Vec<Page>>,
    writing: Job<Vec<Page>>,
    current: usize,
}

/// One text to look at.
struct Page {
    title: &'static str,
    text: String,
    lines: Vec<Range<usize>>,
}

impl Page {
    fn new(title: &'static str, text: String) -> Self {
        let mut lines = Vec::new();
        let mut start = 0;
        for line in text.split_inclusive('\n') {
            let end = start + line.len();
            lines.push(start..start + shown(line));
            start = end;
        }
        Self { title, text, lines }
    }
}

/// How much of a line is drawn: one of megabytes would be laid out anew for every pixel scrolled.
fn shown(line: &str) -> usize {
    let line = line.trim_end_matches(['\n', '\r']);
    line.char_indices()
        .nth(LONGEST_LINE)
        .map_or(line.len(), |(at, _)| at)
}

impl ExchangeDialog {
    /// Opens on a call; its pages are written in the background, since a request may be large.
    #[must_use]
    pub fn open(tasks: &Tasks, exchange: Exchange, model: ModelId, target: Target) -> Self {
        let writing = tasks.spawn_blocking(move || {
            let request = request(&exchange, model);
            pages(&exchange, request.as_ref(), &target)
        });
        let note = "Credentials are left out. The code takes them from where the AWS tools look.";
        Self::begin("Request and response", note, writing)
    }

    /// Opens on a request that is not sent yet.
    #[must_use]
    pub fn open_request(tasks: &Tasks, request: Request, target: Target) -> Self {
        let writing = tasks.spawn_blocking(move || {
            let mut pages = vec![Page::new("Request", request_text(&request, &target))];
            pages.extend(code_pages(&request, &target));
            pages
        });
        let note = "What Run would send now. Files stand by their sizes; the code reads them from its folder.";
        Self::begin("Request", note, writing)
    }

    /// Opens on a request in a model's own form, which is made in the background. What is wrong with
    /// it is shown instead.
    #[must_use]
    pub fn open_native(
        tasks: &Tasks,
        note: &'static str,
        make: impl FnOnce() -> Result<NativeRequest, String> + Send + 'static,
        target: Target,
    ) -> Self {
        let writing = tasks.spawn_blocking(move || match make() {
            Ok(request) => native_pages(&request, &target),
            Err(problem) => vec![Page::new("Request", problem)],
        });
        Self::begin("Request", note, writing)
    }

    fn begin(title: &'static str, note: &'static str, writing: Job<Vec<Page>>) -> Self {
        Self {
            title,
            note,
            pages: None,
            writing,
            current: 0,
        }
    }

    /// Takes in what has been written.
    pub fn collect(&mut self) {
        if let Some(result) = self.writing.take() {
            self.pages = Some(result.unwrap_or_default());
        }
    }

    /// Draws the dialog; true when it is done with.
    pub fn ui(&mut self, ui: &mut Ui) -> bool {
        // Its pages come a moment after it: it shall not move when they do.
        dialog_near_top(ui, self.title, WIDTH, |ui| {
            ui.label(theme::small(self.note).color(palette(ui).text_secondary));
            ui.add_space(space::XXS);
            match &self.pages {
                None => {
                    spinner(ui);
                    ui.add_space(text_height(ui));
                }
                Some(pages) => page_ui(ui, pages, &mut self.current),
            }
        })
    }
}

/// How high the text is, in points: less in a low window.
fn text_height(ui: &Ui) -> f32 {
    HEIGHT.min(ui.ctx().content_rect().height() - 260.0)
}

fn page_ui(ui: &mut Ui, pages: &[Page], current: &mut usize) {
    ui.horizontal_wrapped(|ui| {
        for (index, page) in pages.iter().enumerate() {
            ui.selectable_value(current, index, page.title);
        }
    });
    let Some(page) = pages.get(*current) else {
        return;
    };
    ui.add_space(space::XXS);
    egui::Frame::new()
        .fill(palette(ui).input)
        .corner_radius(size::RADIUS)
        .inner_margin(egui::Margin::same(10))
        .show(ui, |ui| {
            let height = ui.text_style_height(&egui::TextStyle::Monospace);
            // Before the rows are counted: with space between them fewer would be drawn than there is room for.
            ui.spacing_mut().item_spacing.y = 0.0;
            ScrollArea::both()
                .id_salt(page.title)
                .auto_shrink(false)
                .max_height(text_height(ui))
                .show_rows(ui, height, page.lines.len(), |ui, shown| {
                    for line in &page.lines[shown] {
                        let text = &page.text[line.clone()];
                        let cut = page.text[line.end..].chars().next();
                        let mut text = text.to_owned();
                        if cut.is_some_and(|next| !matches!(next, '\n' | '\r')) {
                            text.push_str("… (copying takes all of it)");
                        }
                        ui.add(Label::new(RichText::new(text).monospace()).extend());
                    }
                });
        });
    ui.add_space(space::XXS);
    let label = format!("Copy {}", page.title);
    if secondary_button(ui, icons::COPY, &label).clicked() {
        ui.ctx().copy_text(page.text.clone());
    }
}

fn pages(exchange: &Exchange, request: Option<&Request>, target: &Target) -> Vec<Page> {
    let mut pages = vec![
        Page::new("Request", sent_text(exchange)),
        Page::new("Response", response_text(exchange)),
    ];
    if let Some(request) = request {
        pages.extend(code_pages(request, target));
    }
    pages
}

/// A request in every language.
fn code_pages(request: &Request, target: &Target) -> impl Iterator<Item = Page> {
    Language::ALL.into_iter().map(|language| {
        let code = snippet(language, request, target);
        Page::new(language.label(), code)
    })
}

fn native_pages(request: &NativeRequest, target: &Target) -> Vec<Page> {
    let code = NativeRequest::LANGUAGES.into_iter().filter_map(|language| {
        let code = request.snippet(language, target)?;
        Some(Page::new(language.label(), code))
    });
    let mut pages = vec![Page::new("Request", request.to_text())];
    pages.extend(code);
    pages
}

/// The request as this program has it, read back from what was sent.
fn request(exchange: &Exchange, model: ModelId) -> Option<Request> {
    let body = serde_json::from_str(&exchange.request.body).ok()?;
    let mut request = Request::from_converse_json(model, &body).ok()?.value;
    request.stream = exchange.request.url.ends_with("/converse-stream");
    Some(request)
}

fn sent_text(exchange: &Exchange) -> String {
    let request = &exchange.request;
    let head = format!("{} {}\n", request.method, request.url);
    head + &headers(&request.headers) + "\n" + &pretty(&request.body)
}

fn response_text(exchange: &Exchange) -> String {
    let Some(response) = &exchange.response else {
        return "No response came".to_owned();
    };
    let head = format!("HTTP {}\n", response.status) + &headers(&response.headers) + "\n";
    if response.is_stream {
        head + &response.body
    } else {
        head + &pretty(&response.body)
    }
}

fn headers(headers: &[(String, String)]) -> String {
    let lines: Vec<String> = headers
        .iter()
        .map(|(name, value)| format!("{name}: {value}"))
        .collect();
    lines.join(
        "
",
    ) + "
"
}

fn pretty(body: &str) -> String {
    serde_json::from_str::<serde_json::Value>(body)
        .ok()
        .and_then(|value| serde_json::to_string_pretty(&value).ok())
        .unwrap_or_else(|| body.to_owned())
}
