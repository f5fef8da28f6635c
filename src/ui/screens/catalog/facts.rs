//! What is known of a model, in the words of the catalog: the same in table, cards, details and
//! comparison.

use crate::catalog::{
    Catalog, FoundationModel, InferenceType, Lifecycle, Modality, ModelFacts, ModelId, Support,
    facts, profile_facts,
};
use crate::embeddings::Offer;
use crate::images::offers;
use crate::pricing::{Day, ImageQuality, Meter, PixelSize, PriceQuery, Tier};
use crate::ui::command::Screen;
use crate::ui::shared::Shared;
use crate::videos::video_offer;

/// From so many days before its end on, a model wears a warning.
const SOON: i64 = 180;

/// What a model may be able to do, with its name.
pub fn abilities(support: Support) -> [(&'static str, Option<bool>); 7] {
    [
        ("Streaming", support.streaming),
        ("System prompt", support.system),
        ("Tools", support.tools),
        ("Vision", support.vision),
        ("Documents", support.documents),
        ("Reasoning", support.reasoning),
        ("Prompt caching", support.prompt_caching),
    ]
}

/// What is known of a model's abilities: by its facts, and by the connection's list where these say
/// nothing, as of a model that is newer than this program.
pub fn support(model: &FoundationModel) -> Support {
    let known = facts(&model.id).map_or_else(Support::default, |facts| facts.supports);
    let takes_images = model.input_modalities.contains(&Modality::Image);
    Support {
        streaming: known.streaming.or(model.response_streaming),
        vision: known
            .vision
            .or_else(|| gives_text(model).then_some(takes_images)),
        ..known
    }
}

/// What a model is known to be able to do.
pub fn known_abilities(model: &FoundationModel) -> Vec<&'static str> {
    abilities(support(model))
        .into_iter()
        .filter(|(_, can)| *can == Some(true))
        .map(|(name, _)| name)
        .collect()
}

/// The end of a model, where one is announced.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct End {
    /// The day.
    pub day: &'static str,
    /// Days until then; below zero when it is over.
    pub days: Option<i64>,
}

impl End {
    /// The announced end of a model, seen from today.
    pub fn of(id: &ModelId, today: Day) -> Option<Self> {
        let day = facts(id)?.end_of_life?;
        Some(Self {
            day,
            days: Day::parse(day).map(|end| end.days_after(today)),
        })
    }

    /// Whether it is near enough to be a warning.
    pub fn is_soon(self) -> bool {
        self.days.is_some_and(|days| days <= SOON)
    }

    /// In words.
    pub fn words(self) -> String {
        match self.days {
            Some(days) if days < 0 => format!("Ended on {}", self.day),
            Some(0) => format!("Ends today, {}", self.day),
            Some(1) => format!("Ends tomorrow, {}", self.day),
            Some(days) => format!("Ends in {days} days, {}", self.day),
            None => format!("Ends on {}", self.day),
        }
    }
}

/// The screen a model is tried in, where there is one.
pub fn playground(model: &FoundationModel) -> Option<Screen> {
    if model.answers_in_text() {
        Some(Screen::Chat)
    } else if Offer::of(&model.id).is_some() {
        Some(Screen::Embeddings)
    } else if !offers(&model.id).is_empty() {
        Some(Screen::Images)
    } else if video_offer(&model.id).is_some() {
        Some(Screen::Videos)
    } else {
        None
    }
}

/// Lines of a bill that models other than those for text have.
fn unit_meters() -> Vec<(Meter, String)> {
    let mut meters = vec![
        (Meter::InputImage, "Image embedded".to_owned()),
        (
            Meter::InputVideoSecond,
            "Second of video embedded".to_owned(),
        ),
        (
            Meter::InputAudioSecond,
            "Second of audio embedded".to_owned(),
        ),
        (Meter::SearchUnit, "Search unit".to_owned()),
    ];
    for side in [512, 1_024, 2_048] {
        for quality in [ImageQuality::Standard, ImageQuality::Premium] {
            let size = PixelSize {
                width: side,
                height: side,
            };
            let name = format!("Image of {size}, {}", quality.as_str());
            meters.push((Meter::Image { size, quality }, name));
        }
    }
    let size = PixelSize {
        width: 1_280,
        height: 720,
    };
    meters.push((
        Meter::VideoSecond { size },
        format!("Second of video, {size}"),
    ));
    meters
}

/// Prices that a source has, by name: those for a million tokens, then those for one thing.
pub fn prices(
    shared: &Shared,
    invoked: &ModelId,
    model: &FoundationModel,
) -> Vec<(String, Option<crate::pricing::UnitPrice>)> {
    let mut found = Vec::new();
    let per_thing: Vec<_> = unit_meters()
        .into_iter()
        .filter_map(|(meter, name)| Some((name, shared.unit_price(invoked, meter)?)))
        .collect();
    let tokens = [
        (Meter::Input, "Input"),
        (Meter::Output, "Output"),
        (Meter::CacheRead, "Cache read"),
        (Meter::CacheWrite5m, "Cache write, 5 min"),
        (Meter::CacheWrite30m, "Cache write, 30 min"),
        (Meter::CacheWrite1h, "Cache write, 1 h"),
    ];
    for (meter, name) in tokens {
        let price = shared.unit_price(invoked, meter);
        // Where something must be paid, "unknown" is said; what a model does not have is left out.
        let is_due = match meter {
            Meter::Input => per_thing.is_empty() || price.is_some(),
            Meter::Output => gives_text(model),
            _ => price.is_some(),
        };
        if is_due {
            found.push((name.to_owned(), price));
        }
    }
    found.extend(
        per_thing
            .into_iter()
            .map(|(name, price)| (name, Some(price))),
    );
    found
}

/// What the other ways to be served cost for a million tokens, by name, as far as a source has it.
pub fn tiers(shared: &Shared, invoked: &ModelId, gives_text: bool) -> Vec<(&'static str, String)> {
    let tiers = [
        (Tier::Batch, "In a batch job"),
        (Tier::Flex, "Flex"),
        (Tier::Priority, "Priority"),
        (Tier::LatencyOptimized, "Latency-optimized"),
        (Tier::Ultrafast, "Ultrafast"),
    ];
    let of = |tier: Tier, meter: Meter| {
        let query = PriceQuery {
            tier: Some(tier),
            ..PriceQuery::on_demand(invoked, shared.region())
        };
        shared.prices.unit_price(meter, &query)
    };
    tiers
        .into_iter()
        .filter_map(|(tier, name)| {
            let input = of(tier, Meter::Input)?.amount;
            let words = match of(tier, Meter::Output).filter(|_| gives_text) {
                Some(output) => format!("{input} in, {} out for 1M tokens", output.amount),
                None => format!("{input} for 1M tokens"),
            };
            Some((name, words))
        })
        .collect()
}

/// Whether tokens of answers are paid for.
pub fn gives_text(model: &FoundationModel) -> bool {
    model.output_modalities.contains(&Modality::Text)
}

/// What stands where a fact is not about a model.
const NOTHING: &str = "–";

/// One line of the comparison.
pub struct Line {
    /// What it is about.
    pub name: &'static str,
    /// What is so for each model.
    pub values: Vec<String>,
}

impl Line {
    /// Whether it is about any of the models.
    pub fn says_something(&self) -> bool {
        self.values.iter().any(|value| value != NOTHING)
    }

    /// Whether the models differ in it.
    pub fn differs(&self) -> bool {
        self.values.windows(2).any(|pair| pair[0] != pair[1])
    }
}

/// Every fact of some models, side by side.
pub fn side_by_side(
    catalog: &Catalog,
    models: &[&FoundationModel],
    shared: &Shared,
    today: Day,
) -> Vec<Line> {
    let line = |name, value: &dyn Fn(&FoundationModel) -> String| Line {
        name,
        values: models.iter().map(|model| value(model)).collect(),
    };
    let known = |model: &FoundationModel, of: &dyn Fn(&ModelFacts) -> Option<String>| {
        facts(&model.id)
            .and_then(of)
            .unwrap_or_else(|| "not known".to_owned())
    };
    let mut lines = vec![
        line("Provider", &|model| model.provider.clone()),
        line("Takes", &|model| {
            super::rows::labels(&model.input_modalities)
        }),
        line("Gives", &|model| {
            super::rows::labels(&model.output_modalities)
        }),
        line("Context window", &|model| {
            known(model, &|facts| {
                facts.context_window.map(super::rows::tokens)
            })
        }),
        line("Longest answer", &|model| {
            known(model, &|facts| {
                facts.max_output_tokens.map(super::rows::tokens)
            })
        }),
        line("Dimensions", &|model| dimensions(&model.id)),
    ];
    for (at, (name, _)) in abilities(Support::default()).into_iter().enumerate() {
        lines.push(line(name, &|model| {
            let words = match abilities(support(model))[at].1 {
                Some(true) => "Yes",
                Some(false) => "No",
                None => "not known",
            };
            words.to_owned()
        }));
    }
    lines.push(line("Lifecycle", &|model| {
        let label = model.lifecycle.label();
        End::of(&model.id, today).map_or_else(
            || label.to_owned(),
            |end| format!("{label}. {}", end.words()),
        )
    }));
    lines.push(line("Inference types", &inference_types));
    lines.push(line("On demand in", &|model| on_demand(&model.id)));
    lines.push(line("Profiles", &|model| {
        let ids: Vec<_> = catalog
            .profiles_of(&model.id)
            .map(|profile| profile.id.to_string())
            .collect();
        if ids.is_empty() {
            "none".to_owned()
        } else {
            ids.join(", ")
        }
    }));
    lines.push(line("Invoked by", &|model| {
        catalog.invocation_id(model, shared.region()).to_string()
    }));
    lines.push(line("Price", &|model| {
        let invoked = catalog.invocation_id(model, shared.region());
        let prices: Vec<_> = prices(shared, &invoked, model)
            .into_iter()
            .map(|(name, price)| {
                let price = price.map_or("unknown".to_owned(), |price| price.amount.to_string());
                format!("{name} {price}")
            })
            .collect();
        prices.join("; ")
    }));
    lines
}

/// How a model is invoked.
pub fn inference_types(model: &FoundationModel) -> String {
    let kinds: Vec<_> = model
        .inference_types
        .iter()
        .map(InferenceType::label)
        .collect();
    if kinds.is_empty() {
        "not known".to_owned()
    } else {
        kinds.join(", ")
    }
}

/// Lengths of an embedding model's vectors; a dash for others.
pub fn dimensions(id: &ModelId) -> String {
    let lengths: Vec<_> = facts(id)
        .map_or(&[][..], |facts| facts.embedding_dimensions)
        .iter()
        .map(u32::to_string)
        .collect();
    if lengths.is_empty() {
        NOTHING.to_owned()
    } else {
        lengths.join(", ")
    }
}

/// Regions in which a model runs by its own id.
pub fn on_demand(id: &ModelId) -> String {
    let regions = facts(id).map_or(&[][..], |facts| facts.on_demand_regions);
    if regions.is_empty() {
        "none known".to_owned()
    } else {
        regions.join(", ")
    }
}

/// Regions from which a profile can be called.
pub fn profile_regions(id: &ModelId) -> &'static [&'static str] {
    profile_facts(id).map_or(&[], |facts| facts.source_regions)
}

/// Whether a model is on offer without a warning.
pub fn is_well(model: &FoundationModel, end: Option<End>) -> bool {
    model.lifecycle == Lifecycle::Active && !end.is_some_and(End::is_soon)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_end_of_a_model_is_counted_in_days() {
        let of = |id: &str, today: &str| {
            End::of(&id.into(), Day::parse(today).unwrap()).map(|end| (end.words(), end.is_soon()))
        };
        // The facts say 2026-11-30.
        let marengo = "twelvelabs.marengo-embed-2-7-v1:0";
        let ends = |words: &str, soon| Some((words.to_owned(), soon));
        assert_eq!(
            of(marengo, "2026-11-21"),
            ends("Ends in 9 days, 2026-11-30", true)
        );
        assert_eq!(of(marengo, "2026-12-01"), ends("Ended on 2026-11-30", true));
        assert_eq!(
            of(marengo, "2025-11-30"),
            ends("Ends in 365 days, 2026-11-30", false)
        );
        assert_eq!(of("amazon.titan-embed-text-v2:0", "2026-11-21"), None);
    }

    #[test]
    fn of_a_model_that_is_too_new_the_list_tells_what_it_can() {
        let mut model = FoundationModel {
            id: "maker.not-known-yet-v1:0".into(),
            arn: String::new(),
            name: String::new(),
            provider: String::new(),
            input_modalities: vec![Modality::Text, Modality::Image],
            output_modalities: vec![Modality::Text],
            inference_types: Vec::new(),
            response_streaming: Some(true),
            lifecycle: Lifecycle::Active,
        };
        assert_eq!(known_abilities(&model), ["Streaming", "Vision"]);
        assert_eq!(support(&model).tools, None, "no source says");
        model.output_modalities = vec![Modality::Embedding];
        assert_eq!(support(&model).vision, None, "it describes nothing");
    }

    #[test]
    fn lines_that_are_the_same_do_not_differ() {
        let line = |values: [&str; 2]| Line {
            name: "x",
            values: values.map(str::to_owned).to_vec(),
        };
        assert!(!line(["a", "a"]).differs());
        assert!(line(["a", "b"]).differs());
    }
}
