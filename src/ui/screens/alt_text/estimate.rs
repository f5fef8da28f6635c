//! What the pictures that wait will cost, worked out in the background.

use std::collections::BTreeMap;

use crate::alt_text::JobSettings;
use crate::pricing::{self, PixelSize, PriceQuery, Prices, Prompt, Tier, Usd};
use crate::tasks::{Job, Tasks};
use crate::ui::shared::Shared;

use super::job::{OpenJob, USUAL_TOKENS};
use crate::media::Limits;

/// What is taken for a picture whose size is not known: what models scale down to.
const USUAL_SIDE: u32 = 1_568;

/// How many pictures there are of each size; `None` where it is not known.
type Sizes = BTreeMap<Option<(u32, u32)>, usize>;

/// What the pictures that wait will cost.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Estimate {
    /// How many they are.
    pub images: usize,
    /// With answers of the usual length.
    pub about: Usd,
    /// With the longest answers that are taken.
    pub at_most: Usd,
    /// With answers of the usual length, as a batch job; `None` where that price is not known.
    pub in_batch: Option<Usd>,
}

impl Estimate {
    /// How many pictures like these a dollar pays for.
    pub fn images_for_a_dollar(&self) -> Option<u64> {
        use rust_decimal::Decimal;
        use rust_decimal::prelude::ToPrimitive as _;
        let each = self
            .about
            .amount()
            .checked_div(Decimal::from(self.images))?;
        Decimal::ONE.checked_div(each)?.round_sf(2)?.to_u64()
    }
}

/// The estimate on show, and the one on its way.
#[derive(Default)]
pub struct Forecast {
    basis: Option<(u64, JobSettings, String)>,
    working: Option<Job<Option<Estimate>>>,
    /// `None` when nothing waits, or when a price is not known.
    pub shown: Option<Estimate>,
}

impl Forecast {
    /// Whether it is being worked out.
    pub fn is_working(&self) -> bool {
        self.working.is_some()
    }

    /// Works it out anew when what it depends on has changed; not while pictures come in.
    pub fn update(&mut self, tasks: &Tasks, shared: &Shared, job: &OpenJob) {
        if let Some(result) = self.working.as_mut().and_then(Job::take) {
            self.working = None;
            self.shown = result.ok().flatten();
        }
        let region = shared.region();
        let same = self.basis.as_ref().is_some_and(|(revision, settings, of)| {
            *revision == job.changed_at() && *settings == job.settings && of == region
        });
        if same || job.is_running() || self.working.is_some() {
            return;
        }
        self.basis = Some((job.changed_at(), job.settings.clone(), region.to_owned()));
        let mut sizes = Sizes::new();
        for (_, item) in job.list.shown() {
            if item.is_waiting() {
                *sizes.entry(item.pixel_size).or_default() += 1;
            }
        }
        let (settings, region) = (job.settings.clone(), region.to_owned());
        let prices = shared.prices.clone();
        self.working = Some(tasks.spawn_blocking(move || of(&settings, &region, &prices, &sizes)));
    }
}

fn of(settings: &JobSettings, region: &str, prices: &Prices, sizes: &Sizes) -> Option<Estimate> {
    let model = settings.model_id.as_ref()?;
    let query = PriceQuery::on_demand(model, region);
    let batch_query = PriceQuery {
        tier: Some(Tier::Batch),
        ..query
    };
    let text = settings.instructions.text(None);
    let limits = Limits::converse();
    let options = settings.options(model.clone(), Prices::default(), Usd::ZERO);
    let mut estimate = Estimate {
        images: sizes.values().sum(),
        about: Usd::ZERO,
        at_most: Usd::ZERO,
        in_batch: Some(Usd::ZERO),
    };
    if prices.is_free(&query) {
        estimate.in_batch = None;
        return (estimate.images > 0).then_some(estimate);
    }
    let (mut least, mut most) = (Usd::ZERO, Usd::ZERO);
    for (size, count) in sizes {
        let of_all = |price: Usd| price.times(u64::try_from(*count).ok()?, 1);
        let (width, height) = size.unwrap_or((USUAL_SIDE, USUAL_SIDE));
        let size = fitted(width, height, limits.longest_side());
        let range = |max_tokens, query: &PriceQuery<'_>| {
            let prompt = Prompt {
                texts: &[&text],
                images: &[size],
                max_tokens,
                ..Prompt::default()
            };
            pricing::estimate(prices, &prompt, query).ok()
        };
        let usual = range(USUAL_TOKENS, &query)?;
        least = least + of_all(usual.lower)?;
        most = most + of_all(usual.upper)?;
        let at_most = range(options.max_tokens, &query)?.upper;
        estimate.at_most = estimate.at_most + of_all(at_most)?;
        estimate.in_batch = estimate.in_batch.and_then(|sum| {
            let usual = range(USUAL_TOKENS, &batch_query)?;
            Some(sum + of_all(usual.lower + usual.upper)?.times(1, 2)?)
        });
    }
    let sum = least + most;
    estimate.about = sum.times(1, 2)?;
    (estimate.images > 0).then_some(estimate)
}

/// The size a picture is sent with.
fn fitted(width: u32, height: u32, longest: u32) -> PixelSize {
    let side = width.max(height).max(1);
    let scale = |length: u32| {
        if side <= longest {
            return length.max(1);
        }
        let scaled = u64::from(length) * u64::from(longest) / u64::from(side);
        u32::try_from(scaled).unwrap_or(longest).max(1)
    };
    PixelSize {
        width: scale(width),
        height: scale(height),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pictures_of_one_size_cost_as_many_times_one() {
        let settings = JobSettings {
            model_id: Some("amazon.nova-lite-v1:0".into()),
            ..JobSettings::default()
        };
        let prices = Prices::default();
        let cost = |sizes: &[(Option<(u32, u32)>, usize)]| {
            let sizes = sizes.iter().copied().collect();
            of(&settings, "us-east-1", &prices, &sizes).expect("a known price")
        };
        let (small, unknown) = (cost(&[(Some((64, 48)), 1)]), cost(&[(None, 1)]));
        let all = cost(&[(Some((64, 48)), 3), (None, 2)]);
        assert_eq!(all.images, 5);
        let sum = |each: fn(&Estimate) -> Usd| {
            [small, small, small, unknown, unknown]
                .iter()
                .fold(Usd::ZERO, |sum, one| sum + each(one))
        };
        assert_eq!(all.about, sum(|one| one.about));
        assert_eq!(all.at_most, sum(|one| one.at_most));
        assert!(all.in_batch < Some(all.about));
    }

    #[test]
    fn a_picture_is_estimated_as_it_is_sent() {
        let size = |width, height| PixelSize { width, height };
        assert_eq!(fitted(1000, 500, 8000), size(1000, 500));
        assert_eq!(fitted(16_000, 4_000, 8000), size(8000, 2000));
    }

    #[test]
    fn a_dollar_pays_for_so_many() {
        let estimate = Estimate {
            images: 4,
            about: Usd::new("0.0008".parse().unwrap()),
            at_most: Usd::new("0.01".parse().unwrap()),
            in_batch: None,
        };
        // 0.0002 each.
        assert_eq!(estimate.images_for_a_dollar(), Some(5_000));
    }
}
