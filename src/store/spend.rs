//! The ledger: what every finished call took and cost, whatever becomes of its conversation. What the
//! embedded endpoint made up is apart from money in every sum.

use std::collections::BTreeMap;
use std::ops::Range;

use rusqlite::{Row, params};
use time::OffsetDateTime;

use super::save::integer;
use super::{ConversationId, Screen, Store, StoreError, UnixMs, money};
use crate::catalog::ModelId;
use crate::chat::Usage;
use crate::pricing::{Day, Tier, Usd};

/// One finished call.
#[derive(Clone, Debug, PartialEq)]
pub struct SpendRow {
    /// When it ended.
    pub at: UnixMs,
    /// The model that was asked.
    pub model: ModelId,
    /// The region it was asked in.
    pub region: String,
    /// The tier that is billed; `None` for bought capacity.
    pub tier: Option<Tier>,
    /// What it took.
    pub usage: Usage,
    /// What that costs; `None` when it is not known, which is not nothing.
    pub cost: Option<Usd>,
    /// Where the price comes from, in words.
    pub price_source: Option<String>,
    /// Whether the embedded endpoint answered: then nobody paid, and the cost is what AWS would
    /// have asked.
    pub simulated: bool,
    /// The screen it was made in.
    pub screen: Screen,
    /// The conversation it belongs to.
    pub conversation: Option<ConversationId>,
}

/// What some calls took and cost together.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct SpendSum {
    /// How many.
    pub calls: u64,
    /// Tokens, each kind added up; which ones were written to the cache for how long is not kept.
    pub usage: Usage,
    /// What is known of their costs.
    pub cost: Usd,
    /// How many of them have no known cost.
    pub unknown: u64,
}

impl SpendSum {
    fn add(&mut self, other: &Self) {
        self.calls += other.calls;
        self.unknown += other.unknown;
        self.cost = self.cost + other.cost;
        let (to, from) = (&mut self.usage, &other.usage);
        to.input_tokens += from.input_tokens;
        to.output_tokens += from.output_tokens;
        to.total_tokens += from.total_tokens;
        to.cache_read_input_tokens += from.cache_read_input_tokens;
        to.cache_write_input_tokens += from.cache_write_input_tokens;
    }
}

/// What is added up together.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct SpendKey {
    /// The day, where the person is.
    pub day: Day,
    /// The model.
    pub model: ModelId,
    /// The region.
    pub region: String,
    /// The screen.
    pub screen: Screen,
}

/// The ledger of some time. There is no sum over both halves.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Spend {
    /// What AWS bills.
    pub charged: BTreeMap<SpendKey, SpendSum>,
    /// What the embedded endpoint made up, at AWS's prices.
    pub simulated: BTreeMap<SpendKey, SpendSum>,
}

impl Spend {
    /// What AWS bills for all of it.
    #[must_use]
    pub fn charged_total(&self) -> SpendSum {
        total(&self.charged)
    }

    /// What AWS would have billed for what was made up.
    #[must_use]
    pub fn simulated_total(&self) -> SpendSum {
        total(&self.simulated)
    }
}

fn total(sums: &BTreeMap<SpendKey, SpendSum>) -> SpendSum {
    let mut total = SpendSum::default();
    for sum in sums.values() {
        total.add(sum);
    }
    total
}

impl Store {
    /// Writes a finished call into the ledger, once.
    ///
    /// # Errors
    /// When the disk refuses.
    pub fn record_spend(&self, row: &SpendRow) -> Result<(), StoreError> {
        let tier = row
            .tier
            .map(|tier| serde_json::to_value(tier).map(|tier| tier.as_str().map(str::to_owned)))
            .transpose()
            .map_err(|error| StoreError::unreadable("The tier", &error))?
            .flatten();
        self.write(|transaction| {
            transaction
                .prepare_cached(
                    "INSERT INTO spend (at, model, region, tier, input_tokens, output_tokens, \
                     cache_read_tokens, cache_write_tokens, cost, price_source, simulated, screen, \
                     conversation) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13)",
                )?
                .execute(params![
                    row.at.0,
                    row.model.as_str(),
                    row.region,
                    tier,
                    integer(row.usage.input_tokens),
                    integer(row.usage.output_tokens),
                    integer(row.usage.cache_read_input_tokens),
                    integer(row.usage.cache_write_input_tokens),
                    row.cost.map(money::to_text),
                    row.price_source,
                    row.simulated,
                    row.screen.as_str(),
                    row.conversation.map(|id| id.to_string()),
                ])?;
            Ok(())
        })
    }

    /// The ledger of some time, the end not included, by day, model, region and screen. Days begin
    /// at midnight where the clock is this many minutes ahead of UTC.
    ///
    /// # Errors
    /// When the database refuses.
    pub fn spend(
        &self,
        time: Range<UnixMs>,
        minutes_ahead_of_utc: i32,
    ) -> Result<Spend, StoreError> {
        self.read(|connection| {
            // Added up here, not by SQLite, whose sums are floats.
            let mut statement = connection.prepare_cached(
                "SELECT at, model, region, screen, input_tokens, output_tokens, cache_read_tokens, \
                 cache_write_tokens, cost, simulated FROM spend WHERE at >= ?1 AND at < ?2",
            )?;
            let mut rows = statement.query([time.start.0, time.end.0])?;
            let mut spend = Spend::default();
            while let Some(row) = rows.next()? {
                let key = SpendKey {
                    day: day(row.get(0)?, minutes_ahead_of_utc)?,
                    model: ModelId::from(row.get::<_, String>(1)?),
                    region: row.get(2)?,
                    screen: Screen::from(row.get::<_, String>(3)?),
                };
                let simulated: bool = row.get(9)?;
                let half = if simulated {
                    &mut spend.simulated
                } else {
                    &mut spend.charged
                };
                half.entry(key).or_default().add(&sum_of(row)?);
            }
            Ok(spend)
        })
    }
}

fn sum_of(row: &Row<'_>) -> Result<SpendSum, StoreError> {
    let usage = Usage {
        input_tokens: row.get(4)?,
        output_tokens: row.get(5)?,
        cache_read_input_tokens: row.get(6)?,
        cache_write_input_tokens: row.get(7)?,
        ..Usage::default()
    };
    let cost: Option<String> = row.get(8)?;
    let cost = cost.as_deref().map(money::from_text).transpose()?;
    Ok(SpendSum {
        calls: 1,
        usage: Usage {
            total_tokens: usage.input_tokens
                + usage.output_tokens
                + usage.cache_read_input_tokens
                + usage.cache_write_input_tokens,
            ..usage
        },
        cost: cost.unwrap_or_default(),
        unknown: u64::from(cost.is_none()),
    })
}

fn day(at: i64, minutes_ahead_of_utc: i32) -> Result<Day, StoreError> {
    let there = at.saturating_add(i64::from(minutes_ahead_of_utc) * 60_000);
    OffsetDateTime::from_unix_timestamp(there.div_euclid(1_000))
        .ok()
        .map(OffsetDateTime::date)
        .and_then(|date| {
            let (year, month, day) = (date.year(), u8::from(date.month()), date.day());
            Day::parse(&format!("{year:04}-{month:02}-{day:02}"))
        })
        .ok_or_else(|| StoreError::unreadable(format!("The moment {at}"), "it is no day"))
}
