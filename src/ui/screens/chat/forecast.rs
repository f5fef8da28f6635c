//! What the next call may take, worked out in the background while the prompt is written.

mod contents;

use std::time::Duration;

use egui::{Ui, WidgetInfo};

use self::contents::Contents;
use crate::catalog::{Family, ModelId, Parameters, facts};
use crate::chat::{Configuration, Request};
use crate::pricing::{Estimate, PriceQuery, Prices, Prompt, Tier, Unknown, Usd, estimate};
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

/// The most a request may cost, when that is known.
pub fn upper(request: &Request, region: &str, prices: &Prices) -> Option<Usd> {
    let estimate = of(request, region, prices, None).ok()?;
    Some(estimate.upper)
}

/// Estimates a request; `counted` is the service's own count.
fn of(
    request: &Request,
    region: &str,
    prices: &Prices,
    counted: Option<u64>,
) -> Result<Estimate, Unknown> {
    let contents = Contents::of(request);
    let texts: Vec<&str> = contents.texts.iter().map(AsRef::as_ref).collect();
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
        images: &contents.images,
        uncountable: contents.uncountable,
        counted,
        cached: contents.cached,
        max_tokens,
    };
    estimate(prices, &prompt, &query)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::chat::{
        CachePoint, CacheTtl, ContentBlock, Message, Reasoning, ToolResult, ToolResultContent,
        ToolUse,
    };
    use crate::pricing::text_tokens;

    const LONG: usize = 40_000;

    fn request(content: Vec<ContentBlock>) -> Request {
        let mut request = Request::new(
            "global.anthropic.claude-haiku-4-5-20251001-v1:0".into(),
            vec![Message::user(content)],
        );
        request.inference.max_tokens = Some(100);
        request
    }

    fn most(request: &Request) -> Usd {
        upper(request, "us-east-1", &Prices::default()).expect("a price")
    }

    /// Whatever a long text stands in, it is billed: Claude Haiku 4.5 is $1 for a million tokens of input, wherever it is answered.
    #[test]
    fn no_part_of_a_request_is_left_out_of_the_most_it_may_cost() {
        let long = "river ".repeat(LONG / 6);
        let asked = ToolUse {
            id: "1".into(),
            name: "look".into(),
            input: json!({ "at": long }),
            kind: None,
        };
        let result = ToolResult {
            tool_use_id: "1".into(),
            content: vec![ToolResultContent::Json(json!({ "found": long }))],
            status: None,
            kind: None,
        };
        let thought = Reasoning::Text {
            text: long.clone(),
            signature: None,
        };
        let tokens = text_tokens(&long).high;
        let dollars = rust_decimal::Decimal::from(tokens) / rust_decimal::Decimal::from(1_000_000);
        for block in [
            ContentBlock::ToolUse(asked),
            ContentBlock::ToolResult(result),
            ContentBlock::Reasoning(thought),
        ] {
            let named = format!("{block:?}");
            let most = most(&request(vec![block])).amount();
            assert!(most >= dollars, "{most} for {}", &named[..20]);
        }
    }

    /// Kept for an hour, a million tokens of input are $2 instead of $1; for five minutes $1.25. A million of
    /// output are $5.
    #[test]
    fn writing_to_the_cache_is_in_the_most_it_may_cost() {
        let text = ContentBlock::Text("river ".repeat(LONG / 6));
        let plain = most(&request(vec![text.clone()])).amount();
        let cached = |ttl| {
            let point = ContentBlock::CachePoint(CachePoint { ttl });
            most(&request(vec![text.clone(), point])).amount()
        };
        let answer = rust_decimal::Decimal::new(5 * 100, 6);
        let input = plain - answer;
        assert_eq!(
            cached(None),
            input * rust_decimal::Decimal::new(125, 2) + answer
        );
        assert_eq!(
            cached(Some(CacheTtl::OneHour)),
            input * rust_decimal::Decimal::TWO + answer
        );
    }
}
