//! Which calls reach the ledger from the window, and as whose: those that were stopped too, by the connection they
//! were sent to.

use std::collections::BTreeMap;
use std::io::Read as _;
use std::net::TcpListener;
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use bedrock_playground::bedrock::Connection;
use bedrock_playground::chat::InvocationStatus;
use bedrock_playground::emulator::{FaultKind, Faults};
use bedrock_playground::pricing::Prices;
use bedrock_playground::prompts::{Content, RowResult};
use bedrock_playground::store::{DataFolder, Screen, SpendRow, Store, UnixMs};
use bedrock_playground::tasks::{RowCall, ask_rows};
use bedrock_playground::ui::App;
use egui::{Key, Modifiers};
use egui_kittest::Harness;
use futures_util::StreamExt as _;
use tokio::runtime::Runtime;
use tokio_util::sync::CancellationToken;

use crate::support::comparison::{compare, is_idle, send, wait_for_answers};
use crate::support::endpoint::Endpoint;
use crate::support::session::service_at;
use crate::support::window::{
    ChosenFiles, ask, ask_and_wait, click, keeping_window_with, shows, wait_for, wait_until, write,
    write_anew,
};
use crate::window_connection::type_into;

fn ledger(folder: &Path) -> Vec<SpendRow> {
    let folder = DataFolder::find(Some(folder)).expect("a folder");
    let store = Store::open(&folder).expect("the history").store;
    let rows = store.ledger(UnixMs(0)..UnixMs(i64::MAX)).expect("a ledger");
    rows.into_iter().map(|row| row.spend).collect()
}

fn wait_for_calls(harness: &mut Harness<'static, App>, folder: &Path, calls: usize) {
    wait_until(harness, "the ledger", |_| ledger(folder).len() == calls);
}

/// A window on an endpoint that stands for AWS, and is called by its address.
fn window_on(endpoint: &Endpoint, folder: &Path) -> Harness<'static, App> {
    let mut harness = keeping_window_with(endpoint.session(), folder, ChosenFiles::default());
    wait_for(&mut harness, "Model: Nova Lite");
    harness
}

fn falling_silent() -> Faults {
    Faults {
        stall_after_events: Some(4),
        ..Faults::default()
    }
}

#[test]
fn a_comparison_is_booked_to_the_connection_that_was_asked() {
    let (first, second) = (Endpoint::start(), Endpoint::start());
    first.server.set_faults(falling_silent());
    let folder = tempfile::tempdir().expect("a folder");
    let mut harness = window_on(&first, folder.path());
    compare(&mut harness);
    send(&mut harness, "Name a river");
    wait_for(&mut harness, "Stop Nova Lite");
    wait_for(&mut harness, "Stop Nova Pro");
    click(&mut harness, "Connection");
    wait_for(&mut harness, "Access keys");
    click(&mut harness, "Access keys");
    type_into(&mut harness, "Access key id", "AKIDEXAMPLE");
    type_into(&mut harness, "Secret access key", "example");
    write_anew(
        &mut harness,
        "Endpoint, if not Bedrock's own",
        &second.url(),
    );
    click(&mut harness, "Connect");
    wait_until(&mut harness, "the dialog's end", |harness| {
        !shows(harness, "Secret access key")
    });
    click(&mut harness, "Connection");
    wait_for(&mut harness, &second.url());
    harness.key_press_modifiers(Modifiers::NONE, Key::Escape);
    wait_until(&mut harness, "the dialog's end", |harness| {
        !shows(harness, "Secret access key")
    });
    click(&mut harness, "Stop");
    wait_until(&mut harness, "the end of the comparison", is_idle);
    wait_for_calls(&mut harness, folder.path(), 4);
    for call in ledger(folder.path()) {
        assert_eq!(call.connection, first.url(), "{call:?}");
        assert_eq!(call.cost, None, "nobody knows what it took");
    }
}

#[test]
fn verdicts_that_were_not_awaited_are_in_the_ledger() {
    let endpoint = Endpoint::start();
    let folder = tempfile::tempdir().expect("a folder");
    let mut harness = window_on(&endpoint, folder.path());
    compare(&mut harness);
    send(&mut harness, "Name a river");
    wait_for_answers(&mut harness, 4);
    wait_for_calls(&mut harness, folder.path(), 4);
    endpoint.server.set_faults(Faults {
        latency: Duration::from_secs(3_600),
        ..Faults::default()
    });
    click(&mut harness, "More");
    click(&mut harness, "Judge the answers…");
    click(&mut harness, "Choose the judge…");
    write(&mut harness, "Model id or ARN", "amazon.nova-pro-v1:0");
    click(&mut harness, "Apply");
    wait_for(&mut harness, "Judge 4 answers");
    click(&mut harness, "Judge 4 answers");
    wait_for(&mut harness, "Stop");
    click(&mut harness, "Stop");
    wait_until(&mut harness, "the end of judging", is_idle);
    wait_for_calls(&mut harness, folder.path(), 8);
    let calls = ledger(folder.path());
    let unknown = calls.iter().filter(|call| call.cost.is_none());
    assert_eq!(unknown.count(), 4);
    let all = calls.iter().all(|call| call.connection == endpoint.url());
    assert!(all, "{calls:?}");
}

#[test]
fn a_row_of_a_table_that_was_stopped_was_paid_for_and_is_told_so() {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
    let address = format!("http://{}", listener.local_addr().expect("its address"));
    let runtime = Runtime::new().expect("threads");
    let content = Arc::new(Content {
        text: "Name a river".to_owned(),
        ..Content::default()
    });
    let calls = (0..5).map(|row| RowCall {
        row,
        content: Arc::clone(&content),
        model: "amazon.nova-lite-v1:0".into(),
        values: BTreeMap::new(),
        files: Vec::new(),
    });
    let calls = calls.collect();
    let session = service_at(&address).connection;
    let cancelled = CancellationToken::new();
    let answers: Vec<RowResult> = runtime.block_on(async {
        let connection = Connection::open(session).await.expect("a connection");
        let asked = ask_rows(connection, calls, 1, cancelled.clone());
        let sent = tokio::task::spawn_blocking(move || {
            // It is never answered, and open until the test ends.
            let (mut connection, _) = listener.accept().expect("a request");
            connection.read_exact(&mut [0]).expect("its first byte");
            cancelled.cancel();
            connection
        });
        let answers = asked.collect().await;
        drop(sent.await);
        answers
    });
    let [stopped] = &answers[..] else {
        panic!("no further row is asked: {answers:?}");
    };
    assert_eq!(stopped.invocation.status, InvocationStatus::Stopped);
    let prices = Prices::default();
    let row = SpendRow::of_call(
        &stopped.message,
        &stopped.invocation,
        &prices,
        Screen::prompts(),
    );
    assert_eq!(row.expect("it was sent").cost, None);
}

#[test]
fn what_was_refused_costs_nothing_and_what_was_stopped_nobody_knows() {
    let endpoint = Endpoint::start();
    let folder = tempfile::tempdir().expect("a folder");
    let mut harness = window_on(&endpoint, folder.path());
    endpoint.server.set_faults(Faults {
        fail_nth: Some((1, FaultKind::AccessDenied)),
        ..Faults::default()
    });
    ask(&mut harness, "Name a river");
    wait_for(&mut harness, "AccessDeniedException");
    endpoint.server.set_faults(Faults {
        latency: Duration::from_secs(3_600),
        ..Faults::default()
    });
    ask(&mut harness, "Name a lake");
    wait_for(&mut harness, "Stop");
    harness.key_press_modifiers(Modifiers::NONE, Key::Escape);
    wait_for(
        &mut harness,
        "Nothing had come; the prompt and what was written",
    );
    endpoint.server.set_faults(Faults::default());
    ask_and_wait(&mut harness, "Name a sea");
    wait_for_calls(&mut harness, folder.path(), 2);
    let costs: Vec<bool> = ledger(folder.path())
        .iter()
        .map(|call| call.cost.is_some())
        .collect();
    assert_eq!(costs, [false, true]);
}
