//! A comparison over a table costs the same at its last row as at its first: counted, not timed.

use std::path::Path;
use std::time::{Duration, Instant};

use allocation_counter::{AllocationInfo, measure};
use bedrock_playground::chat::{
    BlockDelta, Configuration, Invocation, InvocationId, Metadata, Metrics, StreamEvent, Usage,
};
use bedrock_playground::compare::{ColumnId, Comparison, Prompt, Statistics};
use bedrock_playground::pricing::Prices;
use egui_kittest::kittest::Queryable as _;

use crate::support::comparison::{Window, compare, is_idle, stored};
use crate::support::session::embedded;
use crate::support::window::{
    ChosenFiles, click, keeping_window_with, on_screen, shows, wait_for, wait_until,
};

const DEADLINE: Duration = Duration::from_secs(60);
const MODELS: [&str; 4] = [
    "amazon.nova-lite-v1:0",
    "amazon.nova-micro-v1:0",
    "amazon.nova-pro-v1:0",
    "ai21.jamba-1-5-mini-v1:0",
];

fn columns(comparison: &Comparison) -> Vec<ColumnId> {
    let columns = comparison.columns().iter();
    columns.map(|column| column.id).collect()
}

/// Asks a row of every column and takes the answers in, as the window does.
fn answer(comparison: &mut Comparison, row: usize, statistics: &mut Statistics, prices: &Prices) {
    for (place, column) in columns(comparison).into_iter().enumerate() {
        let number = row * MODELS.len() + place;
        let id = InvocationId(1 + number as u64);
        let request = comparison.prepare(row, column).expect("a request");
        let call = Invocation::new(id, request.model_id, "us-east-1");
        comparison.begin(row, column, call);
        statistics.update(comparison, prices);
        let delta = BlockDelta::Text("An answer.".into());
        comparison.apply(id, StreamEvent::BlockDelta { index: 0, delta });
        let metadata = Metadata {
            usage: Some(Usage {
                input_tokens: 10,
                output_tokens: 20,
                total_tokens: 30,
                ..Usage::default()
            }),
            metrics: Metrics {
                latency_ms: Some(100 + number as u64 % 7),
                time_to_first_token_ms: Some(50),
            },
            ..Metadata::default()
        };
        comparison.apply(id, StreamEvent::Metadata(Box::new(metadata)));
        comparison.complete(id);
        statistics.update(comparison, prices);
        assert_eq!(statistics.summaries(comparison).len(), MODELS.len());
    }
}

/// What the answers of one more row allocate where so many rows have theirs, and what a copy to be saved does.
fn one_more(rows: usize) -> (AllocationInfo, AllocationInfo) {
    let prices = Prices::default();
    let models = MODELS.map(Into::into);
    let mut comparison = Comparison::new(Configuration::default(), models);
    let mut statistics = Statistics::default();
    for row in 0..=rows {
        comparison.add_row();
        comparison.ask(row, Prompt::typed(format!("Question {row}"), Vec::new()));
    }
    for row in 0..rows {
        answer(&mut comparison, row, &mut statistics, &prices);
    }
    let copied = measure(|| drop(comparison.clone()));
    let taken_in = measure(|| answer(&mut comparison, rows, &mut statistics, &prices));
    (taken_in, copied)
}

#[test]
fn an_answer_costs_the_same_at_row_10_and_at_row_2000() {
    let (early, small) = one_more(10);
    let (late, large) = one_more(2_000);
    assert!(
        late.count_total <= early.count_total + 8,
        "{late:?} after {early:?}"
    );
    // The lists of values and places grow by doubling, and neither is about to at these numbers.
    assert!(
        late.bytes_total <= early.bytes_total * 2,
        "{late:?} after {early:?}"
    );
    // Rows are shared: a copy has the same few lists, whatever is in them.
    assert!(
        large.count_total <= small.count_total + 8,
        "{large:?} after {small:?}"
    );
}

/// The window on a table of so many rows, each answered by four models, all of it on the disk.
fn table(rows: usize, folder: &Path) -> Window {
    let file = folder.join("table.csv");
    let questions: Vec<String> = (0..rows).map(|row| format!("Question {row}")).collect();
    std::fs::write(&file, format!("prompt\n{}\n", questions.join("\n"))).expect("written");
    let files = ChosenFiles::default();
    let data = folder.join("data");
    let mut harness = keeping_window_with(embedded(), &data, files.clone());
    compare(&mut harness);
    files.choose(&file);
    more(&mut harness, "Ask a table of prompts…");
    let answers = rows * MODELS.len();
    wait_until(&mut harness, "all answers", |harness| {
        is_idle(harness) && shows(harness, &format!("{answers} answers"))
    });
    wait_until(&mut harness, "answers on the disk", |_| {
        stored(&data) == answers
    });
    harness
}

fn more(harness: &mut Window, item: &str) {
    click(harness, "More");
    wait_for(harness, item);
    click(harness, item);
}

/// What one frame at rest allocates.
fn frame(harness: &mut Window) -> AllocationInfo {
    for _ in 0..10 {
        harness.step();
    }
    measure(|| harness.step())
}

/// Rates the first answer; the most that any frame allocates until that is on the disk.
fn rate(harness: &mut Window, folder: &Path) -> AllocationInfo {
    let mut stars = harness.get_all_by_label("Rate 3 of 5");
    stars.next().expect("an answer").click_accesskit();
    drop(stars);
    let kept = rusqlite::Connection::open(folder.join("data/playground.db")).expect("a history");
    let is_kept = || -> bool {
        let rated = "SELECT count(*) FROM sheets WHERE instr(record, '\"ratings\":[[') > 0";
        let count: Result<i64, _> = kept.query_row(rated, [], |row| row.get(0));
        count.is_ok_and(|count| count > 0)
    };
    let mut most = AllocationInfo::default();
    let deadline = Instant::now() + DEADLINE;
    while !is_kept() {
        assert!(Instant::now() < deadline, "{}", on_screen(harness));
        let info = measure(|| harness.step());
        if info.count_total > most.count_total {
            most = info;
        }
    }
    most
}

#[test]
fn no_frame_grows_with_the_rows_of_a_table() {
    let mut counted = Vec::new();
    for rows in [30, 240] {
        let folder = tempfile::tempdir().expect("a folder");
        let mut harness = table(rows, folder.path());
        let grid = frame(&mut harness);
        more(&mut harness, "Judge the answers…");
        wait_for(&mut harness, &format!("Judge {} answers", rows * 4));
        let judging = frame(&mut harness);
        click(&mut harness, "Cancel");
        click(&mut harness, "Row 1: Question 0");
        wait_for(&mut harness, &format!("Prompt 1 of {rows}"));
        let columns = frame(&mut harness);
        let saving = rate(&mut harness, folder.path());
        counted.push([grid, judging, columns, saving]);
    }
    let names = ["the grid", "the judge's dialog", "the columns", "saving"];
    for (name, (few, many)) in names.into_iter().zip(counted[0].iter().zip(&counted[1])) {
        assert!(
            many.count_total * 2 <= few.count_total * 3,
            "{name}: {many:?} after {few:?}"
        );
    }
}
