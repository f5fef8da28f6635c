//! `price`: what a call costs, line by line. Asks nobody.

use serde::Serialize;

use super::args::{Global, PriceArgs};
use super::output::{Output, table};
use super::{CommandError, Outcome, kept};
use crate::catalog::ModelId;
use crate::chat::{CacheDetail, CacheTtl, Usage};
use crate::pricing::{CostBreakdown, CostLine, Meter, PriceQuery, Tier};

/// Where the bundled prices are at home.
pub const DEFAULT_REGION: &str = "us-east-1";

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Record<'a> {
    model_id: &'a str,
    region: &'a str,
    tier: &'a str,
    usage: &'a Usage,
    cost: &'a CostBreakdown,
}

/// Works out the price.
pub fn run(
    global: &Global,
    args: &PriceArgs,
    output: &mut Output,
) -> Result<Outcome, CommandError> {
    let prices = kept::prices(global)?;
    let region = global.region.as_deref().unwrap_or(DEFAULT_REGION);
    let model_id = ModelId::from(args.model.as_str());
    let usage = usage(args);
    let tier = Tier::from(args.tier);
    let query = PriceQuery {
        tier: Some(tier),
        ..PriceQuery::on_demand(&model_id, region)
    };
    let mut cost = prices.breakdown(&usage, &query);
    if let Some(size) = args.size.filter(|_| args.images > 0) {
        let quality = args.quality.into();
        let images = prices.bill([(Meter::Image { size, quality }, args.images)], &query);
        // Models of images have no price for tokens; nobody asked for any.
        cost.lines.retain(|line| line.quantity > 0);
        cost.lines.extend(images.lines);
    }
    if args.json {
        output.json(&Record {
            model_id: model_id.as_str(),
            region,
            tier: tier.as_str(),
            usage: &usage,
            cost: &cost,
        })?;
    } else {
        for line in table(&rows(&cost)) {
            output.line(&line)?;
        }
    }
    if cost.total().is_some() {
        return Ok(Outcome::Done);
    }
    output.note(&format!(
        "No source has a price for all of this: {model_id} in {region}, {} tier. If you know it, \
         enter it with: bedrock-playground prices set {model_id} {}",
        tier.as_str(),
        missing(&cost)
    ));
    Ok(Outcome::Failed)
}

fn missing(cost: &CostBreakdown) -> String {
    let lines = cost.lines.iter().filter(|line| line.unit_price.is_none());
    let meters: Vec<_> = lines
        .map(|line| format!("{}=USD", line.meter.key()))
        .collect();
    meters.join(" ")
}

fn usage(args: &PriceArgs) -> Usage {
    let writes = [
        (CacheTtl::FiveMinutes, args.cache_write_5m),
        (CacheTtl::OneHour, args.cache_write_1h),
    ];
    let written = args.cache_write_5m.saturating_add(args.cache_write_1h);
    Usage {
        input_tokens: args.input,
        output_tokens: args.output,
        total_tokens: [args.input, args.output, args.cache_read, written]
            .into_iter()
            .fold(0, u64::saturating_add),
        cache_read_input_tokens: args.cache_read,
        cache_write_input_tokens: written,
        cache_details: writes
            .into_iter()
            .filter(|(_, tokens)| *tokens > 0)
            .map(|(ttl, input_tokens)| CacheDetail { ttl, input_tokens })
            .collect(),
    }
}

fn rows(cost: &CostBreakdown) -> Vec<Vec<String>> {
    let unknown = || "unknown".to_owned();
    let mut rows: Vec<Vec<String>> = cost
        .lines
        .iter()
        .map(|line| {
            let price = line.unit_price;
            vec![
                name(line),
                line.quantity.to_string(),
                price.map_or_else(unknown, |price| format!("{} / {}", price.amount, price.per)),
                line.amount
                    .map_or_else(unknown, |amount| amount.to_string()),
                price.map_or_else(String::new, |price| price.source.to_string()),
            ]
        })
        .collect();
    let total = cost.total().map_or_else(unknown, |total| total.to_string());
    rows.push(vec![
        "Total".to_owned(),
        String::new(),
        String::new(),
        total,
    ]);
    rows
}

fn name(line: &CostLine) -> String {
    match line.meter {
        Meter::Image { size, quality } => {
            format!("{}, {size}, {}", line.meter.label(), quality.as_str())
        }
        meter => meter.label().to_owned(),
    }
}
