//! The ledger: what every finished call took and cost, by the prices of that moment, whatever becomes
//! of its conversation or of the prices.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;

use rusqlite::{Connection, Row, params};
use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::save::integer;
use super::{ConversationId, Screen, Store, StoreError, UnixMs, money};
use crate::catalog::ModelId;
use crate::chat::{CacheDetail, CacheTtl, Invocation, Message, Usage};
use crate::guardrails::billed_as;
use crate::pricing::{CostBreakdown, CostLine, Estimate, Meter, Prices, Tier, TokenRange, Usd};

/// What [`read`] reads, in its order.
const COLUMNS: &str = "at, model, region, screen, input_tokens, output_tokens, cache_read_tokens, \
    cache_write_tokens, cost, simulated, tier, lines, connection, project, estimate, conversation";

/// One finished call.
#[derive(Clone, Debug, PartialEq)]
pub struct SpendRow {
    /// When it ended.
    pub at: UnixMs,
    /// The model that was asked.
    pub model: ModelId,
    /// The region it was asked in.
    pub region: String,
    /// What a person calls the connection; never a credential.
    pub connection: String,
    /// The tier that is billed; `None` for bought capacity.
    pub tier: Option<Tier>,
    /// What it took. Nothing where the service did not say: then the cost is not known either.
    pub usage: Usage,
    /// What that costs; `None` when it is not known, which is not nothing.
    pub cost: Option<Usd>,
    /// The bill behind the cost; empty in rows of earlier versions.
    pub lines: Vec<BilledLine>,
    /// Whether the embedded endpoint answered: then nobody paid, and the cost is what AWS would
    /// have asked.
    pub simulated: bool,
    /// The screen it was made in.
    pub screen: Screen,
    /// The conversation it belongs to.
    pub conversation: Option<ConversationId>,
    /// A tag of its own, beside those of its conversation.
    pub project: Option<String>,
    /// What was expected before it was sent.
    pub estimate: Option<Expected>,
}

impl SpendRow {
    /// A call that is over, where it [may be charged](Invocation::may_be_charged).
    #[must_use]
    pub fn of_call(
        answer: &Message,
        invocation: &Invocation,
        prices: &Prices,
        screen: Screen,
    ) -> Option<Self> {
        let bill = prices.of_invocation(invocation);
        invocation
            .may_be_charged(answer)
            .then(|| Self::of(invocation, bill.as_ref(), screen))
    }

    /// A call that is over. Where the service said nothing of tokens (a stream that was stopped) its
    /// cost is unknown.
    #[must_use]
    pub fn of(invocation: &Invocation, bill: Option<&CostBreakdown>, screen: Screen) -> Self {
        Self {
            at: UnixMs::now(),
            model: invocation.model_id.clone(),
            region: invocation.region.clone(),
            connection: String::new(),
            tier: Tier::served_by(invocation.service_tier, invocation.latency),
            usage: invocation.usage.clone().unwrap_or_default(),
            cost: bill.and_then(CostBreakdown::total),
            lines: bill.map(BilledLine::of).unwrap_or_default(),
            simulated: invocation.simulated,
            screen,
            conversation: None,
            project: None,
            estimate: None,
        }
    }

    /// A guardrail that was asked alone, without a model.
    #[must_use]
    pub fn of_guardrail(
        id: &str,
        region: &str,
        bill: &CostBreakdown,
        simulated: bool,
        screen: Screen,
    ) -> Self {
        Self {
            at: UnixMs::now(),
            model: billed_as(id),
            region: region.to_owned(),
            connection: String::new(),
            tier: Some(Tier::Standard),
            usage: Usage::default(),
            cost: bill.total(),
            lines: BilledLine::of(bill),
            simulated,
            screen,
            conversation: None,
            project: None,
            estimate: None,
        }
    }

    /// The line of a meter.
    #[must_use]
    pub fn line(&self, meter: Meter) -> Option<&BilledLine> {
        self.lines.iter().find(|line| line.meter == meter)
    }
}

/// A line of a bill as it was.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct BilledLine {
    /// What was counted.
    pub meter: Meter,
    /// How much of it.
    pub quantity: u64,
    /// Its price for [`per`](Self::per); `None` when it was not known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub unit_price: Option<Usd>,
    /// For how many the price is.
    pub per: u64,
    /// Where the price came from, and of what day.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub source: Option<String>,
}

impl BilledLine {
    /// The lines of a bill.
    #[must_use]
    pub fn of(bill: &CostBreakdown) -> Vec<Self> {
        bill.lines.iter().map(Self::of_line).collect()
    }

    fn of_line(line: &CostLine) -> Self {
        Self {
            meter: line.meter,
            quantity: line.quantity,
            unit_price: line.unit_price.map(|price| price.amount),
            per: line.meter.per(),
            source: line.unit_price.map(|price| price.source.to_string()),
        }
    }

    /// What it comes to.
    #[must_use]
    pub fn amount(&self) -> Option<Usd> {
        self.unit_price?.times(self.quantity, self.per.max(1))
    }
}

/// What was expected of a call before it was sent.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Expected {
    /// Input tokens, at least.
    pub input_low: u64,
    /// Input tokens, at most.
    pub input_high: u64,
    /// The input alone.
    pub low: Usd,
    /// The input and the longest answer.
    pub high: Usd,
    /// Whether the service counted the input.
    #[serde(default)]
    pub counted: bool,
}

impl From<Estimate> for Expected {
    fn from(estimate: Estimate) -> Self {
        let TokenRange { low, high } = estimate.input;
        Self {
            input_low: low,
            input_high: high,
            low: estimate.lower,
            high: estimate.upper,
            counted: estimate.is_counted,
        }
    }
}

/// A call of the ledger, and the tags it goes by.
#[derive(Clone, Debug, PartialEq)]
pub struct LedgerRow {
    /// The call.
    pub spend: SpendRow,
    /// Its own tag and those of its conversation, as they are now.
    pub tags: BTreeSet<String>,
}

impl Store {
    /// Writes a finished call into the ledger, once.
    ///
    /// # Errors
    /// When the disk refuses.
    pub fn record_spend(&self, row: &SpendRow) -> Result<(), StoreError> {
        let tier = row.tier.map(Tier::as_str);
        let lines = json(&row.lines)?;
        let estimate = row.estimate.as_ref().map(json).transpose()?;
        let source = row.lines.iter().find_map(|line| line.source.as_deref());
        self.write(|transaction| {
            transaction
                .prepare_cached(
                    "INSERT INTO spend (at, model, region, tier, input_tokens, output_tokens, \
                     cache_read_tokens, cache_write_tokens, cost, price_source, simulated, screen, \
                     conversation, lines, connection, project, estimate) \
                     VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16, ?17)",
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
                    source,
                    row.simulated,
                    row.screen.as_str(),
                    row.conversation.map(|id| id.to_string()),
                    lines,
                    row.connection,
                    row.project,
                    estimate,
                ])?;
            Ok(())
        })
    }

    /// The calls of some time, the end not included, in the order they were made. Sums are made of
    /// them outside, since SQLite's are floats.
    ///
    /// # Errors
    /// When the database refuses.
    pub fn ledger(&self, time: Range<UnixMs>) -> Result<Vec<LedgerRow>, StoreError> {
        self.read(|connection| {
            let tags = tags(connection)?;
            let mut statement = connection.prepare_cached(&format!(
                "SELECT {COLUMNS} FROM spend WHERE at >= ?1 AND at < ?2 ORDER BY at, id"
            ))?;
            let mut rows = statement.query([time.start.0, time.end.0])?;
            let mut ledger = Vec::new();
            while let Some(row) = rows.next()? {
                let spend = read(row)?;
                let conversation: Option<String> = row.get(15)?;
                let of_conversation = conversation.and_then(|id| tags.get(&id));
                let mut tags = of_conversation.cloned().unwrap_or_default();
                tags.extend(spend.project.clone());
                ledger.push(LedgerRow { spend, tags });
            }
            Ok(ledger)
        })
    }

    /// The numbers of calls that [`Self::ledger`] could not read.
    pub(super) fn unreadable_calls(&self) -> Result<Vec<i64>, StoreError> {
        self.read(|connection| {
            let mut statement =
                connection.prepare(&format!("SELECT {COLUMNS}, id FROM spend ORDER BY id"))?;
            let mut rows = statement.query([])?;
            let mut unreadable = Vec::new();
            while let Some(row) = rows.next()? {
                if read(row).is_err() {
                    unreadable.push(row.get(16)?);
                }
            }
            Ok(unreadable)
        })
    }
}

fn json(value: &impl Serialize) -> Result<String, StoreError> {
    serde_json::to_string(value).map_err(|error| StoreError::unreadable("The bill", &error))
}

/// The tags of every conversation that has any, by its id.
fn tags(connection: &Connection) -> Result<BTreeMap<String, BTreeSet<String>>, StoreError> {
    let mut tags: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    let mut statement = connection.prepare_cached(
        "SELECT conversations.id, tag FROM tags JOIN conversations ON number = conversation",
    )?;
    let mut rows = statement.query([])?;
    while let Some(row) = rows.next()? {
        tags.entry(row.get(0)?).or_default().insert(row.get(1)?);
    }
    Ok(tags)
}

fn read(row: &Row<'_>) -> Result<SpendRow, StoreError> {
    let unreadable =
        |what: &str| StoreError::unreadable(what, "an earlier version wrote it otherwise");
    let cost: Option<String> = row.get(8)?;
    let lines: Option<String> = row.get(11)?;
    let lines: Vec<BilledLine> = lines
        .map(|text| serde_json::from_str(&text))
        .transpose()
        .map_err(|_| unreadable("A line of the ledger"))?
        .unwrap_or_default();
    let tier: Option<String> = row.get(10)?;
    let tier = tier
        .map(|name| serde_json::from_value(Value::String(name)))
        .transpose()
        .map_err(|_| unreadable("A tier of the ledger"))?;
    let estimate: Option<String> = row.get(14)?;
    let conversation: Option<String> = row.get(15)?;
    Ok(SpendRow {
        at: UnixMs(row.get(0)?),
        model: ModelId::from(row.get::<_, String>(1)?),
        region: row.get(2)?,
        connection: row.get(12)?,
        tier,
        usage: usage(row, &lines)?,
        cost: cost.as_deref().map(money::from_text).transpose()?,
        lines,
        simulated: row.get(9)?,
        screen: Screen::from(row.get::<_, String>(3)?),
        conversation: conversation.and_then(|id| id.parse().ok()),
        project: row.get(13)?,
        estimate: estimate.and_then(|text| serde_json::from_str(&text).ok()),
    })
}

/// Tokens; how long written ones are kept is told by the bill's lines.
fn usage(row: &Row<'_>, lines: &[BilledLine]) -> Result<Usage, StoreError> {
    let (input, output): (u64, u64) = (row.get(4)?, row.get(5)?);
    let (read, written): (u64, u64) = (row.get(6)?, row.get(7)?);
    let one_hour = lines.iter().find(|line| line.meter == Meter::CacheWrite1h);
    let one_hour = one_hour.map_or(0, |line| line.quantity.min(written));
    Ok(Usage {
        input_tokens: input,
        output_tokens: output,
        total_tokens: [input, output, read, written]
            .into_iter()
            .fold(0, u64::saturating_add),
        cache_read_input_tokens: read,
        cache_write_input_tokens: written,
        cache_details: [
            (CacheTtl::FiveMinutes, written - one_hour),
            (CacheTtl::OneHour, one_hour),
        ]
        .into_iter()
        .filter(|(_, tokens)| *tokens > 0)
        .map(|(ttl, input_tokens)| CacheDetail { ttl, input_tokens })
        .collect(),
    })
}
