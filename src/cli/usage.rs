//! `usage`: what calls took and cost, out of the ledger. What was simulated is apart.

use serde_json::{Value, json};

use super::args::{Global, UsageArgs};
use super::output::{Output, table};
use super::{CommandError, Outcome, kept};
use crate::pricing::Day;
use crate::spending::{self, By, Group, Half, Report, Sum, moments, write_csv};
use crate::store::LedgerRow;

/// Days that are shown when no first one is named, today included.
const DAYS: i64 = 30;

/// Adds the ledger up.
pub async fn run(
    global: &Global,
    args: &UsageArgs,
    output: &mut Output,
) -> Result<Outcome, CommandError> {
    let to = args.to.unwrap_or_else(Day::today);
    let from = args.from.unwrap_or_else(|| to.plus_days(1 - DAYS));
    if from > to {
        return Err(CommandError::Usage(format!(
            "There is no day from {from} to {to}; name the earlier one with --from"
        )));
    }
    let by = By::from(args.by);
    let prices = kept::prices(global)?;
    let global = global.clone();
    let work = move || -> Result<(Vec<LedgerRow>, Report), CommandError> {
        let rows = kept::open_ledger(&global)?.ledger(moments(from, to))?;
        let report = spending::report(&rows, by, &prices);
        Ok((rows, report))
    };
    let (rows, report) = tokio::task::spawn_blocking(work)
        .await
        .map_err(std::io::Error::other)??;
    if args.csv {
        let mut bytes = Vec::new();
        write_csv(&mut bytes, &rows)?;
        output.piece(&String::from_utf8_lossy(&bytes))?;
    } else if args.json {
        output.json(&json!({
            "from": from.to_string(),
            "to": to.to_string(),
            "by": by.label().to_lowercase(),
            "currency": "USD",
            "charged": half(&report.charged),
            "simulated": half(&report.simulated),
        }))?;
    } else {
        print(&report, by, from, to, output)?;
    }
    Ok(Outcome::Done)
}

fn print(report: &Report, by: By, from: Day, to: Day, output: &mut Output) -> std::io::Result<()> {
    if report.charged.total.calls == 0 {
        output.line(&format!("No call was charged from {from} to {to}"))?;
    } else {
        print_half(&report.charged, by, output)?;
    }
    if report.simulated.total.calls > 0 {
        output.line("")?;
        output.line("Simulated, not charged; what AWS would have asked:")?;
        print_half(&report.simulated, by, output)?;
    }
    if by == By::Tag {
        output.note("A call with several tags counts for each of them");
    }
    Ok(())
}

fn print_half(half: &Half, by: By, output: &mut Output) -> std::io::Result<()> {
    let head = [
        by.label(),
        "Calls",
        "Input",
        "Output",
        "Cache read",
        "Cache write",
        "Cost",
    ];
    let mut rows = vec![head.map(str::to_owned).to_vec()];
    rows.extend(half.groups.iter().map(|group| row(&group.name, &group.sum)));
    rows.push(row("Total", &half.total));
    for line in table(&rows) {
        output.line(&line)?;
    }
    Ok(())
}

fn row(name: &str, sum: &Sum) -> Vec<String> {
    vec![
        name.to_owned(),
        sum.calls.to_string(),
        sum.input.to_string(),
        sum.output.to_string(),
        sum.cache_read.to_string(),
        sum.cache_write.to_string(),
        sum.cost_in_words(),
    ]
}

fn half(half: &Half) -> Value {
    let groups = half.groups.iter().map(|Group { name, sum }| {
        let mut group = json!({ "name": name });
        merge(&mut group, record(sum));
        group
    });
    json!({ "total": record(&half.total), "groups": groups.collect::<Vec<_>>() })
}

fn record(sum: &Sum) -> Value {
    json!({
        "calls": sum.calls,
        "inputTokens": sum.input,
        "outputTokens": sum.output,
        "cacheReadInputTokens": sum.cache_read,
        "cacheWriteInputTokens": sum.cache_write,
        "knownCost": sum.cost.to_decimal_string(),
        "callsOfUnknownCost": sum.unknown,
    })
}

fn merge(into: &mut Value, from: Value) {
    if let (Value::Object(into), Value::Object(from)) = (into, from) {
        into.extend(from);
    }
}
