//! What the next call may take, worked out in the background while the prompt is written.

use std::time::Duration;

use egui::{Ui, WidgetInfo};

use crate::catalog::{Family, ModelId, Parameters, facts};
use crate::chat::{
    Configuration, ContentBlock, DocumentSource, MediaSource, Request, SystemBlock, ToolDefinition,
    ToolResultContent,
};
use crate::media;
use crate::pricing::{
    Estimate, PixelSize, PriceQuery, Prices, Prompt, Tier, Unknown, Usd, estimate,
};
use crate::tasks::{Job, Session, Tasks};
use crate::ui::numbers::thousands;
use crate::ui::theme::{self, palette};

/// What the two prices of an estimate are.
const EXPLANATION: &str =
    "The lower price is the input alone, the upper one the longest answer the settings allow";

/// How long nothing must be typed before the service is asked to count.
const PAUSE: Duration = Duration::from_millis(700);

/// What an estimate depends on, borrowed: it is compared in every frame.
#[derive(Clone, Copy, PartialEq)]
pub struct Basis<'a> {
    pub model: &'a ModelId,
    pub region: &'a str,
    pub configuration: &'a Configuration,
    /// Revisions of the conversation, the prompt and the attachments.
    pub revisions: [u64; 3],
    /// Counts the changes of the prices.
    pub price_revision: u64,
}

/// What the estimate on show depends on.
struct EstimatedFor {
    model: ModelId,
    region: String,
    configuration: Configuration,
    revisions: [u64; 3],
    price_revision: u64,
}

impl EstimatedFor {
    fn new(basis: Basis<'_>) -> Self {
        Self {
            model: basis.model.clone(),
            region: basis.region.to_owned(),
            configuration: basis.configuration.clone(),
            revisions: basis.revisions,
            price_revision: basis.price_revision,
        }
    }

    fn basis(&self) -> Basis<'_> {
        Basis {
            model: &self.model,
            region: &self.region,
            configuration: &self.configuration,
            revisions: self.revisions,
            price_revision: self.price_revision,
        }
    }
}

/// The estimate on show, and those on their way.
#[derive(Default)]
pub struct Forecast {
    basis: Option<EstimatedFor>,
    rough: Option<Job<Result<Estimate, Unknown>>>,
    counted: Option<Job<Option<Result<Estimate, Unknown>>>>,
    shown: Option<Result<Estimate, Unknown>>,
}

impl Forecast {
    /// Estimates a request, unless nothing has changed since the last. With nothing to send there
    /// is no basis.
    pub fn update(
        &mut self,
        tasks: &Tasks,
        session: &Session,
        prices: &Prices,
        basis: Option<Basis<'_>>,
        request: impl FnOnce() -> Option<Request>,
    ) {
        if self.basis.as_ref().map(EstimatedFor::basis) == basis {
            return;
        }
        self.rough = None;
        self.counted = None;
        self.basis = basis.map(EstimatedFor::new);
        let Some(request) = self.basis.as_ref().and_then(|_| request()) else {
            self.shown = None;
            return;
        };
        let connection = session.connection().clone();
        let region = connection.region().to_owned();
        if counts_tokens(&request.model_id) {
            let (request, region, prices) = (request.clone(), region.clone(), prices.clone());
            self.counted = Some(tasks.spawn(async move {
                tokio::time::sleep(PAUSE).await;
                let tokens = connection.count_tokens(&request).await.ok()?;
                Some(of(&request, &region, &prices, Some(tokens)))
            }));
        }
        let prices = prices.clone();
        self.rough = Some(tasks.spawn_blocking(move || of(&request, &region, &prices, None)));
    }

    /// Takes in what has been worked out; a count of the service's own replaces a rough estimate.
    pub fn collect(&mut self) {
        if let Some(result) = self.rough.as_mut().and_then(Job::take) {
            self.rough = None;
            self.shown = result.ok();
        }
        if let Some(result) = self.counted.as_mut().and_then(Job::take) {
            self.counted = None;
            if let Ok(Some(counted)) = result {
                self.shown = Some(counted);
                self.rough = None;
            }
        }
    }

    /// The estimate of what would be sent now; none while it is still being worked out.
    pub fn settled(&self) -> Option<Estimate> {
        let shown = self.shown.as_ref().filter(|_| self.rough.is_none())?;
        shown.as_ref().ok().copied()
    }

    /// The most the next call may cost, when that is known.
    pub fn upper(&self) -> Option<Usd> {
        match &self.shown {
            Some(Ok(estimate)) => Some(estimate.upper),
            _ => None,
        }
    }

    /// Draws it in one line.
    pub fn ui(&self, ui: &mut Ui) {
        let (Some(shown), Some(basis)) = (&self.shown, &self.basis) else {
            return;
        };
        let lines = match shown {
            Ok(estimate) => lines(estimate, &basis.model),
            Err(unknown) => vec![unknown.to_string()],
        };
        let color = palette(ui).text_secondary;
        let room = ui.available_width();
        let fits = |text: &&String| theme::small_width(ui, text) <= room;
        let (Some(all), Some(least)) = (lines.first(), lines.last()) else {
            return;
        };
        let text = lines.iter().find(fits).unwrap_or(least);
        let response = ui.add(egui::Label::new(theme::small(text).color(color)).truncate());
        response.widget_info(|| {
            WidgetInfo::labeled(egui::Role::Label, true, format!("Estimate: {all}"))
        });
        response.on_hover_ui(|ui| {
            ui.label(all);
            ui.label(theme::small(EXPLANATION).color(palette(ui).text_secondary));
        });
    }
}

/// Recorded answers of `CountTokens` are of Claude alone; other models refuse it.
fn counts_tokens(id: &ModelId) -> bool {
    matches!(Family::of(id), Family::Claude | Family::ClaudeExclusive)
}

/// An estimate, from all of it to the least that helps: what does not fit gives way to the next.
fn lines(estimate: &Estimate, model: &ModelId) -> Vec<String> {
    let (low, high) = (
        thousands(estimate.input.low),
        thousands(estimate.input.high),
    );
    let (tokens, few) = if estimate.is_counted {
        (format!("{low} tokens in, counted"), format!("{low} tokens"))
    } else {
        (
            format!("about {low} to {high} tokens in"),
            format!("{low}\u{2013}{high} tokens"),
        )
    };
    let share = facts(model)
        .and_then(|facts| facts.context_window)
        .map(|window| {
            #[expect(clippy::cast_precision_loss, reason = "a share, rounded for display")]
            let share = estimate.input.high as f64 / f64::from(window) * 100.0;
            format!(" · {share:.1} % of the context window")
        })
        .unwrap_or_default();
    let money = format!("{} to {}", estimate.lower, estimate.upper);
    vec![
        format!("{money} · {tokens}{share}"),
        format!("{money} · {tokens}"),
        format!("{money} · {few}"),
        format!("up to {} · {few}", estimate.upper),
        format!("up to {}", estimate.upper),
    ]
}

/// Estimates a request; `counted` is the service's own count.
fn of(
    request: &Request,
    region: &str,
    prices: &Prices,
    counted: Option<u64>,
) -> Result<Estimate, Unknown> {
    let schemas: Vec<String> = tools(request).map(tool_text).collect();
    let mut texts: Vec<&str> = schemas.iter().map(String::as_str).collect();
    let mut images = Vec::new();
    let mut uncountable = 0;
    for block in &request.system {
        if let SystemBlock::Text(text) | SystemBlock::GuardText { text, .. } = block {
            texts.push(text);
        }
    }
    let blocks = request.messages.iter().flat_map(|message| &message.content);
    for block in blocks {
        match block {
            ContentBlock::Text(text) | ContentBlock::GuardText { text, .. } => texts.push(text),
            ContentBlock::Citations(cited) => {
                texts.extend(cited.content.iter().map(String::as_str));
            }
            ContentBlock::ToolResult(result) => {
                for content in &result.content {
                    if let ToolResultContent::Text(text) = content {
                        texts.push(text);
                    }
                }
            }
            ContentBlock::Image(image) => match &image.source {
                MediaSource::Bytes(bytes) => match media::pixel_size(bytes) {
                    Some((width, height)) => images.push(PixelSize { width, height }),
                    None => uncountable += 1,
                },
                _ => uncountable += 1,
            },
            ContentBlock::Document(document) => match &document.source {
                DocumentSource::Text(text) => texts.push(text),
                _ => uncountable += 1,
            },
            ContentBlock::Video(_) | ContentBlock::Audio { .. } => uncountable += 1,
            _ => {}
        }
    }
    let max_tokens = request
        .inference
        .max_tokens
        .unwrap_or_else(|| Parameters::of(&request.model_id).max_tokens);
    let query = PriceQuery {
        tier: Tier::served_by(request.service_tier, request.latency),
        ..PriceQuery::on_demand(&request.model_id, region)
    };
    let prompt = Prompt {
        texts: &texts,
        images: &images,
        uncountable,
        counted,
        max_tokens,
    };
    estimate(prices, &prompt, &query)
}

fn tools(request: &Request) -> impl Iterator<Item = &ToolDefinition> {
    request.tools.iter().flat_map(|tools| &tools.tools)
}

fn tool_text(tool: &ToolDefinition) -> String {
    match tool {
        ToolDefinition::Spec {
            name,
            description,
            input_schema,
        } => format!(
            "{name} {} {input_schema}",
            description.as_deref().unwrap_or_default()
        ),
        _ => String::new(),
    }
}
