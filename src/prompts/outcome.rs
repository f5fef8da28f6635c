//! What came of running a prompt over a table, for spreadsheets, scripts and people.

use std::collections::BTreeMap;

use serde_json::{Map, Value, json};

use super::Table;
use crate::chat::{Invocation, InvocationStatus, Message, StopReason};
use crate::export::guarded_cell;
use crate::pricing::{Prices, Usd};

/// The answer to one row.
#[derive(Clone, Debug, PartialEq)]
pub struct RowResult {
    /// From 0.
    pub row: usize,
    /// What the model said, or as much of it as came.
    pub message: Message,
    /// The call.
    pub invocation: Invocation,
}

impl RowResult {
    /// Why there is no whole answer; `None` where there is one.
    #[must_use]
    pub fn failure(&self) -> Option<String> {
        match &self.invocation.status {
            InvocationStatus::Failed(failure) => {
                Some(format!("{}: {}", failure.code, failure.message))
            }
            InvocationStatus::Stopped => Some("stopped".to_owned()),
            _ => None,
        }
    }

    /// What it costs by these prices; `None` when that is not known.
    #[must_use]
    pub fn cost(&self, prices: &Prices) -> Option<Usd> {
        prices.of_invocation(&self.invocation)?.total()
    }
}

/// The forms an outcome has.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RunFormat {
    /// Rows under one another, for a terminal.
    Table,
    /// The table with columns for the answers.
    Csv,
    /// One array.
    Json,
}

impl RunFormat {
    /// How a file with it ends, without the dot.
    #[must_use]
    pub fn extension(self) -> &'static str {
        match self {
            Self::Table => "txt",
            Self::Csv => "csv",
            Self::Json => "json",
        }
    }
}

/// What came of a run.
#[derive(Clone, Copy, Debug)]
pub struct RunOutcome<'a> {
    /// The values.
    pub table: &'a Table,
    /// The answers that are there, by row.
    pub results: &'a BTreeMap<usize, RowResult>,
    /// What they are priced by.
    pub prices: &'a Prices,
}

impl RunOutcome<'_> {
    /// Writes it.
    #[must_use]
    pub fn write(&self, format: RunFormat) -> String {
        match format {
            RunFormat::Table => self.in_text(),
            RunFormat::Csv => self.in_csv(),
            RunFormat::Json => self.in_json(),
        }
    }

    /// The sum of what is known; `None` when a part of it is not.
    #[must_use]
    pub fn cost(&self) -> Option<Usd> {
        let answered = self.results.values();
        let answered = answered.filter(|result| result.invocation.usage.is_some());
        answered.map(|result| result.cost(self.prices)).sum()
    }

    fn in_csv(&self) -> String {
        let mut writer = csv::Writer::from_writer(Vec::new());
        let added = [
            "answer",
            "error",
            "stop_reason",
            "input_tokens",
            "output_tokens",
            "latency_ms",
            "cost_usd",
            "simulated",
            "model",
            "request_id",
        ];
        let head = self.table.columns.iter().map(|name| guarded_cell(name));
        let head: Vec<String> = head.chain(added.map(str::to_owned)).collect();
        // Writing to memory cannot fail, and every line has as many cells as the head.
        writer.write_record(head).ok();
        for (at, row) in self.table.rows.iter().enumerate() {
            let mut cells: Vec<String> = row.iter().map(|cell| guarded_cell(cell)).collect();
            match self.results.get(&at) {
                Some(result) => cells.extend(self.cells(result)),
                None => cells.extend(added.map(|_| String::new())),
            }
            writer.write_record(cells).ok();
        }
        let bytes = writer.into_inner().unwrap_or_default();
        String::from_utf8_lossy(&bytes).into_owned()
    }

    fn cells(&self, result: &RowResult) -> [String; 10] {
        let call = &result.invocation;
        let number = |value: Option<u64>| value.map(|value| value.to_string()).unwrap_or_default();
        let usage = call.usage.as_ref();
        [
            guarded_cell(&result.message.text()),
            guarded_cell(&result.failure().unwrap_or_default()),
            guarded_cell(call.stop_reason.as_ref().map_or("", StopReason::as_str)),
            number(usage.map(|usage| usage.input_tokens)),
            number(usage.map(|usage| usage.output_tokens)),
            number(call.metrics.latency_ms),
            result
                .cost(self.prices)
                .map(|cost| cost.amount().normalize().to_string())
                .unwrap_or_default(),
            call.simulated.to_string(),
            guarded_cell(call.model_id.as_str()),
            call.request_id.clone().unwrap_or_default(),
        ]
    }

    fn in_json(&self) -> String {
        let rows: Vec<Value> = self
            .table
            .rows
            .iter()
            .enumerate()
            .map(|(at, row)| {
                let values: Map<String, Value> = self
                    .table
                    .columns
                    .iter()
                    .zip(row)
                    .map(|(name, cell)| (name.clone(), json!(cell)))
                    .collect();
                let mut record = json!({ "row": at + 1, "values": values });
                if let Some(result) = self.results.get(&at) {
                    let call = &result.invocation;
                    record["answer"] = json!(result.message.text());
                    record["error"] = json!(result.failure());
                    record["stopReason"] = json!(call.stop_reason.as_ref().map(StopReason::as_str));
                    record["usage"] = json!(call.usage);
                    record["latencyMs"] = json!(call.metrics.latency_ms);
                    record["cost"] = json!(self.prices.of_invocation(call));
                    record["simulated"] = json!(call.simulated);
                    record["modelId"] = json!(call.model_id.as_str());
                    record["requestId"] = json!(call.request_id);
                }
                record
            })
            .collect();
        // Plain data can always be written.
        serde_json::to_string_pretty(&rows).unwrap_or_default() + "\n"
    }

    fn in_text(&self) -> String {
        let mut text = String::new();
        for (at, row) in self.table.rows.iter().enumerate() {
            if self.table.rows.len() > 1 {
                let values: Vec<String> = self
                    .table
                    .columns
                    .iter()
                    .zip(row)
                    .map(|(name, cell)| format!("{name}: {}", in_short(cell)))
                    .collect();
                text.extend([&(at + 1).to_string(), ". ", &values.join(", "), "\n"]);
            }
            if let Some(result) = self.results.get(&at) {
                let answer = result.message.text();
                if !answer.is_empty() {
                    text.push_str(&answer);
                    text.push('\n');
                }
                if let Some(failure) = result.failure() {
                    text.push_str(&failure);
                    text.push('\n');
                }
            }
            if at + 1 < self.table.rows.len() {
                text.push('\n');
            }
        }
        text
    }
}

/// A value that is told, not shown whole.
fn in_short(cell: &str) -> String {
    const MOST: usize = 60;
    let line = cell.lines().next().unwrap_or_default();
    if line.chars().count() > MOST || cell.lines().count() > 1 {
        let short: String = line.chars().take(MOST).collect();
        format!("{short}…")
    } else {
        line.to_owned()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::chat::{ContentBlock, InvocationId, Role, Usage};

    fn result(row: usize, answer: &str) -> RowResult {
        let model = "amazon.nova-lite-v1:0".into();
        let mut invocation = Invocation::new(InvocationId(1), model, "us-east-1");
        invocation.status = InvocationStatus::Complete;
        invocation.usage = Some(Usage {
            input_tokens: 1_000,
            output_tokens: 100,
            ..Usage::default()
        });
        let mut message = Message::user(vec![ContentBlock::Text(answer.to_owned())]);
        message.role = Role::Assistant;
        RowResult {
            row,
            message,
            invocation,
        }
    }

    /// Nova Lite in us-east-1: 1,000 × $0.06 and 100 × $0.24 for a million are $0.000084.
    #[test]
    fn the_table_gets_columns_for_the_answers() {
        let table = Table::parse("city\nOslo\n=Rome\n").expect("a table");
        let results = [result(1, "Tiber"), result(0, "None, \"really\"")];
        let results = results.map(|result| (result.row, result)).into();
        let prices = Prices::default();
        let outcome = RunOutcome {
            table: &table,
            results: &results,
            prices: &prices,
        };
        let csv = outcome.write(RunFormat::Csv);
        let lines: Vec<&str> = csv.lines().collect();
        assert!(lines[0].starts_with("city,answer,error,stop_reason"));
        assert!(lines[1].starts_with("Oslo,\"None, \"\"really\"\"\",,,1000,100,,0.000084,false"));
        assert!(lines[2].starts_with("'=Rome,Tiber"), "{}", lines[2]);
        let json: Value = serde_json::from_str(&outcome.write(RunFormat::Json)).expect("JSON");
        assert_eq!(json[1]["values"]["city"], "=Rome");
        assert_eq!(json[1]["answer"], "Tiber");
        assert_eq!(
            outcome
                .cost()
                .map(|cost| cost.amount().normalize().to_string()),
            Some("0.000168".to_owned())
        );
    }

    #[test]
    fn rows_without_an_answer_stay_empty() {
        let table = Table::parse("a\n1\n2\n").expect("a table");
        let prices = Prices::default();
        let outcome = RunOutcome {
            table: &table,
            results: &[(0, result(0, "one"))].into(),
            prices: &prices,
        };
        assert_eq!(outcome.write(RunFormat::Table), "1. a: 1\none\n\n2. a: 2\n");
        assert_eq!(outcome.write(RunFormat::Csv).lines().count(), 3);
    }
}
