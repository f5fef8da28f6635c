//! What a history of 100,000 conversations costs, beside an empty one: opening it, its first page, and
//! words that are rare, common, and short; in every order.
//!
//! `cargo bench --bench history`; `HISTORY_CONVERSATIONS` changes how many there are. Both databases are
//! opened in turn, so that only their ratio depends on their sizes.

#![expect(
    clippy::expect_used,
    clippy::print_stdout,
    reason = "a measurement that cannot go on has none to give"
)]

use std::time::Instant;

use bedrock_playground::store::{DataFolder, HistoryOrder, HistoryQuery, Store};
use rusqlite::Connection;
use tempfile::TempDir;

const OPENINGS: usize = 41;
const SEARCHES: usize = 200;
/// What is looked for, and what of it there is.
const TEXTS: [(&str, &str); 10] = [
    ("", "the first page"),
    ("needle", "a word in one conversation"),
    ("danube", "a word in every third text"),
    ("river letter", "two common words"),
    ("cafe", "a common word without its accent"),
    ("東京", "two common characters"),
    ("שלום", "a common word from right to left"),
    ("ri", "two letters of common words"),
    ("a", "one letter that is everywhere"),
    ("zzz", "what is nowhere"),
];

fn main() {
    // As the program does.
    bedrock_playground_heap::give_back_what_is_freed();
    let count = std::env::var("HISTORY_CONVERSATIONS")
        .ok()
        .and_then(|count| count.parse().ok())
        .unwrap_or(100_000);
    let (empty, full) = (History::new(0), History::new(count));
    println!("{count} conversations, {} MB", full.megabytes());
    let (mut of_empty, mut of_full) = (Vec::new(), Vec::new());
    for _ in 0..OPENINGS {
        of_empty.push(timed(|| drop(empty.open())));
        of_full.push(timed(|| drop(full.open())));
    }
    println!(
        "opened and closed, median ms: empty {:.2}, full {:.2}, ratio {:.2}\n",
        quantile(&mut of_empty, 50),
        quantile(&mut of_full, 50),
        quantile(&mut of_full, 50) / quantile(&mut of_empty, 50),
    );
    println!(
        "{:<16} {:<34} {:<8} {:>5} {:>9} {:>9}",
        "search", "", "order", "rows", "median ms", "p99 ms"
    );
    let store = full.open();
    for (order, text, what) in HistoryOrder::ALL
        .into_iter()
        .flat_map(|order| TEXTS.map(|(text, what)| (order, text, what)))
    {
        let query = HistoryQuery {
            text: text.to_owned(),
            order,
            ..HistoryQuery::default()
        };
        let rows = store.history(&query).expect("a page").rows.len();
        let mut times: Vec<f64> = (0..SEARCHES)
            .map(|_| timed(|| drop(store.history(&query))))
            .collect();
        println!(
            "{text:<16} {what:<34} {order:<8?} {rows:>5} {:>9.2} {:>9.2}",
            quantile(&mut times, 50),
            quantile(&mut times, 99)
        );
    }
}

/// A database in a folder of its own.
struct History {
    folder: DataFolder,
    place: TempDir,
}

impl History {
    fn new(count: usize) -> Self {
        let place = tempfile::tempdir().expect("a folder");
        let folder = DataFolder::find(Some(place.path())).expect("a folder");
        let history = Self { folder, place };
        drop(history.open());
        if count > 0 {
            let database = Connection::open(history.place.path().join("playground.db"));
            let database = database.expect("a database");
            database.execute_batch(&filling(count)).expect("filled");
        }
        // What opening for the first time after a version of before does is not measured.
        drop(history.open());
        history
    }

    fn open(&self) -> Store {
        Store::open(&self.folder).expect("a history").store
    }

    fn megabytes(&self) -> u64 {
        let database = self.place.path().join("playground.db");
        database.metadata().map_or(0, |metadata| metadata.len()) / 1_000_000
    }
}

/// Conversations of two turns with words from a small dictionary, and one with a needle in it.
fn filling(count: usize) -> String {
    format!(
        "BEGIN; PRAGMA temp_store = MEMORY;
         CREATE TEMP TABLE words (n INTEGER PRIMARY KEY, w TEXT);
         INSERT INTO words VALUES (0, 'river'), (1, 'mountain'), (2, 'harbour'), (3, 'straße'),
             (4, 'café'), (5, '東京都'), (6, 'model'), (7, 'token'), (8, 'guardrail'), (9, 'שלום'),
             (10, 'bridge'), (11, 'letter'), (12, 'picture'), (13, 'window'), (14, 'ledger'),
             (15, 'danube');
         WITH RECURSIVE n (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM n WHERE n < {count})
         INSERT INTO conversations (id, title, screen, region, connection, created, updated,
             configuration, turns, tokens_in, tokens_out, cost_pico, simulated, version)
         SELECT printf('00000000-0000-4000-8000-%012d', n), 'About a ' ||
             (SELECT w FROM words WHERE words.n = abs(random()) % 16) || ' ' || n, 'chat', 'r', 'c',
             n, n, '{{}}', 2, abs(random()) % 100000, 0, abs(random()) % 1000000, 0, 1 FROM n;
         UPDATE conversations SET title_key = lower(title);
         INSERT INTO turns (id, conversation, place, parent, deleted, role, content, text, digest)
         SELECT c.number * 1048576 + p.place, c.number, p.place, nullif(p.place - 1, -1), 0,
             iif(p.place, 'assistant', 'user'), '[]',
             (SELECT group_concat(w, ' ') FROM (SELECT w FROM words ORDER BY
                 (words.n * 7919 + c.number * 31 + p.place) % 17 LIMIT 6)) || ' ' || c.number, x''
         FROM conversations AS c, (SELECT 0 AS place UNION ALL SELECT 1) AS p;
         INSERT INTO turns (id, conversation, place, parent, deleted, role, content, text, digest)
         SELECT number * 1048576 + 2, number, 2, 1, 0, 'user', '[]', 'a needle in it', x''
         FROM conversations WHERE number = {count} / 2;
         COMMIT;"
    )
}

/// Milliseconds that something takes.
fn timed(work: impl FnOnce()) -> f64 {
    let began = Instant::now();
    work();
    began.elapsed().as_secs_f64() * 1_000.0
}

fn quantile(times: &mut [f64], percent: usize) -> f64 {
    times.sort_by(f64::total_cmp);
    times[(times.len() * percent).div_ceil(100).max(1) - 1]
}
