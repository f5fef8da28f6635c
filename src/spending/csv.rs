//! The ledger as a table for a spreadsheet, a call a line.

use std::io::{self, Write};

use time::OffsetDateTime;
use time::format_description::well_known::Rfc3339;

use super::day_of;
use crate::pricing::{Meter, Usd};
use crate::store::LedgerRow;

const HEAD: [&str; 24] = [
    "time",
    "day",
    "simulated",
    "model",
    "region",
    "connection",
    "screen",
    "tags",
    "tier",
    "input_tokens",
    "output_tokens",
    "cache_read_tokens",
    "cache_write_tokens",
    "cost_usd",
    "input_usd_per_million",
    "output_usd_per_million",
    "cache_read_usd_per_million",
    "cache_write_5m_usd_per_million",
    "cache_write_1h_usd_per_million",
    "price_source",
    "estimated_low_usd",
    "estimated_high_usd",
    "estimated_input_tokens_low",
    "estimated_input_tokens_high",
];

/// Writes the calls. A cost that is not known is an empty cell, and what would begin a formula in a
/// spreadsheet is made text.
///
/// # Errors
/// When the writer refuses.
pub fn write_csv<'a>(
    to: impl Write,
    rows: impl IntoIterator<Item = &'a LedgerRow>,
) -> io::Result<()> {
    let mut table = csv::WriterBuilder::new().from_writer(to);
    table.write_record(HEAD)?;
    for row in rows {
        table.write_record(record(row).iter().map(|cell| as_text(cell)))?;
    }
    table.flush()
}

fn record(row: &LedgerRow) -> [String; 24] {
    let spend = &row.spend;
    let usage = &spend.usage;
    let price = |meter| {
        let line = spend.line(meter);
        amount(line.and_then(|line| line.unit_price))
    };
    let source = spend.lines.iter().find_map(|line| line.source.clone());
    let expected = spend.estimate;
    let tokens = |tokens: Option<u64>| tokens.map_or_else(String::new, |count| count.to_string());
    [
        moment(spend.at.0),
        day_of(spend.at).map_or_else(String::new, |day| day.to_string()),
        if spend.simulated { "yes" } else { "no" }.to_owned(),
        spend.model.to_string(),
        spend.region.clone(),
        spend.connection.clone(),
        spend.screen.as_str().to_owned(),
        row.tags.iter().cloned().collect::<Vec<_>>().join("; "),
        spend.tier.map_or("", |tier| tier.as_str()).to_owned(),
        usage.input_tokens.to_string(),
        usage.output_tokens.to_string(),
        usage.cache_read_input_tokens.to_string(),
        usage.cache_write_input_tokens.to_string(),
        amount(spend.cost),
        price(Meter::Input),
        price(Meter::Output),
        price(Meter::CacheRead),
        price(Meter::CacheWrite5m),
        price(Meter::CacheWrite1h),
        source.unwrap_or_default(),
        amount(expected.map(|expected| expected.low)),
        amount(expected.map(|expected| expected.high)),
        tokens(expected.map(|expected| expected.input_low)),
        tokens(expected.map(|expected| expected.input_high)),
    ]
}

fn amount(amount: Option<Usd>) -> String {
    amount.map_or_else(String::new, |usd| usd.amount().normalize().to_string())
}

fn moment(at: i64) -> String {
    OffsetDateTime::from_unix_timestamp(at.div_euclid(1_000))
        .ok()
        .and_then(|moment| moment.format(&Rfc3339).ok())
        .unwrap_or_default()
}

/// A spreadsheet takes what begins so for a formula and may run it, wherever the text came from.
fn as_text(cell: &str) -> String {
    if cell.starts_with(['=', '+', '-', '@', '\t', '\r', '\n']) {
        format!("'{cell}")
    } else {
        cell.to_owned()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cell_is_never_a_formula() {
        for (cell, text) in [
            ("=HYPERLINK(\"x\")", "'=HYPERLINK(\"x\")"),
            ("+1", "'+1"),
            ("-1+2", "'-1+2"),
            ("@SUM(A1)", "'@SUM(A1)"),
            ("\t=1", "'\t=1"),
            ("amazon.nova-lite-v1:0", "amazon.nova-lite-v1:0"),
            ("0.00036", "0.00036"),
            ("", ""),
        ] {
            assert_eq!(as_text(cell), text);
        }
    }
}
