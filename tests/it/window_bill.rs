//! Prices, usage and budgets in the window.

use std::path::Path;

use bedrock_playground::emulator::Pace;
use bedrock_playground::pricing::Offer;
use bedrock_playground::store::{DataFolder, SpendRow, Store, UnixMs};
use bedrock_playground::ui::App;
use egui::accesskit::Role;
use egui_kittest::Harness;
use egui_kittest::kittest::Queryable as _;
use serde_json::{Value, json};
use tokio::runtime::Runtime;

use crate::price_list::nova;
use crate::price_refresh::PriceServer;
use crate::store_spend::row;
use crate::support::comparison::{compare, count, is_idle, send, wait_for_answers};
use crate::support::endpoint::Endpoint;
use crate::support::session::embedded;
use crate::support::window::{
    ChosenFiles, ask, ask_and_wait, choose_model, click, go_to, keeping_window,
    keeping_window_with, on_screen, shows, wait_for, wait_until, write,
};

fn json_of(folder: &Path, file: &str) -> Option<Value> {
    let text = std::fs::read_to_string(folder.join(file)).ok()?;
    serde_json::from_str(&text).ok()
}

#[test]
fn an_unknown_price_can_be_entered_and_holds_from_then_on() {
    let folder = tempfile::tempdir().expect("a folder");
    let mut harness = keeping_window(folder.path(), Pace::Instant);
    // The research data has no price for it.
    choose_model(&mut harness, "zai.glm-4.6");
    wait_for(&mut harness, "Enter its price…");
    ask_and_wait(&mut harness, "Name a river");
    wait_for(&mut harness, "no known price");
    click(&mut harness, "Enter the price you know…");
    wait_for(&mut harness, "Your own prices");
    write(&mut harness, "Input price", "lunch");
    click(&mut harness, "Keep these prices");
    wait_for(&mut harness, "A price is a number such as 0.06, or nothing");
    // The field keeps what was typed: it is replaced.
    harness.key_press_modifiers(egui::Modifiers::COMMAND, egui::Key::A);
    harness.step();
    write(&mut harness, "Input price", "2");
    write(&mut harness, "Output price", "4.5");
    click(&mut harness, "Keep these prices");
    wait_until(&mut harness, "the file of own prices", |_| {
        json_of(folder.path(), "prices.json").is_some_and(|prices| {
            prices["prices"]
                .as_array()
                .is_some_and(|prices| prices.len() == 2)
        })
    });
    wait_for(&mut harness, "$2.00 in, $4.50 out for 1M tokens");
    click(&mut harness, "Regenerate");
    wait_for(&mut harness, "override 20");
}

#[test]
fn refreshed_prices_are_shown_before_they_are_taken() {
    let runtime = Runtime::new().expect("threads");
    let server = PriceServer::default();
    server.put(
        Offer::Bedrock,
        "us-east-1",
        &[
            nova("input-tokens", "0.00007"),
            nova("output-tokens", "0.0024"),
        ],
    );
    let url = runtime.block_on(server.serve());
    let folder = tempfile::tempdir().expect("a folder");
    let settings = json!({ "priceListUrl": url }).to_string();
    std::fs::write(folder.path().join("settings.json"), settings).expect("written");
    let mut harness = keeping_window(folder.path(), Pace::Instant);
    wait_for(&mut harness, "$0.06 in, $0.24 out for 1M tokens");
    go_to(&mut harness, "Usage");
    click(&mut harness, "Refresh prices…");
    wait_for(&mut harness, "1 changed, 0 as before, 1 held back");
    wait_for(&mut harness, "amazon.nova-lite-v1:0, us-east-1, input");
    click(&mut harness, "Take these prices");
    wait_for(&mut harness, "AmazonBedrock for us-east-1");
    go_to(&mut harness, "Chat playground");
    // The output price moved tenfold, and stays what it was.
    wait_for(&mut harness, "$0.07 in, $0.24 out for 1M tokens");
    assert!(json_of(folder.path(), "price-list.json").is_some());
}

#[test]
fn a_refresh_that_fails_says_so_and_can_be_tried_again() {
    let folder = tempfile::tempdir().expect("a folder");
    // A port nothing listens on: it was ours a moment ago.
    let port = std::net::TcpListener::bind("127.0.0.1:0")
        .and_then(|listener| listener.local_addr())
        .expect("a port")
        .port();
    let settings = json!({ "priceListUrl": format!("http://127.0.0.1:{port}") }).to_string();
    std::fs::write(folder.path().join("settings.json"), settings).expect("written");
    let mut harness = keeping_window(folder.path(), Pace::Instant);
    go_to(&mut harness, "Usage");
    click(&mut harness, "Refresh prices…");
    wait_for(&mut harness, "The prices were not refreshed");
    assert!(shows(&harness, "refused"), "{}", on_screen(&harness));
    assert!(shows(&harness, "Try again"));
}

#[test]
fn usage_is_added_up_and_what_was_simulated_is_no_spend() {
    let folder = tempfile::tempdir().expect("a folder");
    let files = ChosenFiles::default();
    let table = folder.path().join("usage.csv");
    files.choose(&table);
    let mut harness = keeping_window_with(embedded(), &folder.path().join("data"), files);
    go_to(&mut harness, "Usage");
    wait_for(&mut harness, "No usage yet");
    go_to(&mut harness, "Chat playground");
    ask_and_wait(&mut harness, "Name a river");
    go_to(&mut harness, "Usage");
    wait_for(&mut harness, "On AWS it would cost");
    assert!(
        shows(&harness, "nobody paid") && !shows(&harness, "Spent"),
        "{}",
        on_screen(&harness)
    );
    for (by, group) in [
        ("Model", "amazon.nova-lite-v1:0"),
        ("Connection", "Embedded endpoint"),
        ("Screen", "Chat playground"),
        ("Project tag", "no tag"),
    ] {
        // The navigation has a button of that name too, before this one.
        harness
            .query_all_by_label(by)
            .last()
            .expect("a choice")
            .click_accesskit();
        wait_for(&mut harness, group);
    }
    click(&mut harness, "Export CSV…");
    wait_until(&mut harness, "the table", |_| {
        std::fs::read_to_string(&table).is_ok_and(|text| text.lines().count() == 2)
    });
}

#[test]
fn an_estimate_is_kept_beside_what_came() {
    let folder = tempfile::tempdir().expect("a folder");
    let mut harness = keeping_window(folder.path(), Pace::Instant);
    write(&mut harness, "Prompt", "Name a river");
    wait_for(&mut harness, "Estimate: $");
    harness.key_press_modifiers(egui::Modifiers::COMMAND, egui::Key::Enter);
    wait_for(&mut harness, "Regenerate");
    wait_for(&mut harness, "; the cost is within");
    wait_until(&mut harness, "the ledger", |_| {
        ledger(folder.path())
            .iter()
            .any(|row| row.estimate.is_some())
    });
    go_to(&mut harness, "Usage");
    wait_for(
        &mut harness,
        "1 of 1 costs and 1 of 1 input counts were within",
    );
}

fn ledger(folder: &Path) -> Vec<SpendRow> {
    let folder = DataFolder::find(Some(folder)).expect("a folder");
    let store = Store::open(&folder).expect("the history").store;
    let rows = store.ledger(UnixMs(0)..UnixMs(i64::MAX)).expect("a ledger");
    rows.into_iter().map(|row| row.spend).collect()
}

/// A window on an endpoint that stands for AWS.
fn window_on_aws(folder: &Path, endpoint: &Endpoint, settings: &Value) -> Harness<'static, App> {
    std::fs::write(folder.join("settings.json"), settings.to_string()).expect("written");
    keeping_window_with(endpoint.session(), folder, ChosenFiles::default())
}

/// The same with this much spent today, of a budget of a month that stops.
fn window_with_budget(
    folder: &Path,
    endpoint: &Endpoint,
    spent: &str,
    budget: &str,
) -> Harness<'static, App> {
    let data = DataFolder::find(Some(folder)).expect("a folder");
    let store = Store::open(&data).expect("the history").store;
    let paid = row(UnixMs::now().0, Some(spent));
    store.record_spend(&paid).expect("recorded");
    drop(store);
    let settings = json!({ "budgets": { "month": { "usd": budget, "stop": true } } });
    window_on_aws(folder, endpoint, &settings)
}

#[test]
fn prices_are_looked_at_once_a_week_where_that_is_allowed_and_never_taken_unseen() {
    let endpoint = Endpoint::start();
    let prices = PriceServer::default();
    let rows = [nova("input-tokens", "0.00007")];
    prices.put(Offer::Bedrock, "us-east-1", &rows);
    let url = endpoint.runtime.block_on(prices.serve());
    let folder = tempfile::tempdir().expect("a folder");
    let settings = json!({ "priceListUrl": url, "priceUpdates": "weekly" });
    let mut harness = window_on_aws(folder.path(), &endpoint, &settings);
    wait_for(&mut harness, "AWS has changed 1 price;");
    wait_for(&mut harness, "$0.06 in, $0.24 out for 1M tokens");
    go_to(&mut harness, "Usage");
    click(&mut harness, "Refresh prices…");
    wait_for(&mut harness, "1 changed, 0 as before, 0 held back");
    click(&mut harness, "Take these prices");
    wait_for(&mut harness, "AmazonBedrock for us-east-1");
    assert_eq!(prices.asked().len(), 3, "the files were fetched once");
}

#[test]
fn a_budget_warns_before_its_end_and_stops_at_it() {
    let endpoint = Endpoint::start();
    let folder = tempfile::tempdir().expect("a folder");
    let mut harness = window_with_budget(folder.path(), &endpoint, "4.20", "5");
    wait_for(
        &mut harness,
        "This month's budget: $4.20 of $5.00 is spent (84 %)",
    );
    ask_and_wait(&mut harness, "Name a river");
    click(&mut harness, "Put the warning away");
    assert!(!shows(&harness, "84 %"), "{}", on_screen(&harness));

    let folder = tempfile::tempdir().expect("a folder");
    let mut harness = window_with_budget(folder.path(), &endpoint, "5", "5");
    wait_for(&mut harness, "(100 %); nothing more is sent");
    ask(&mut harness, "Name a river");
    wait_for(&mut harness, "nothing was sent. Raise the budget");
    assert!(!shows(&harness, "Regenerate"), "{}", on_screen(&harness));
    assert_eq!(ledger(folder.path()).len(), 1, "no call was made");
}

#[test]
fn a_budget_is_set_in_the_usage_screen_and_kept() {
    let folder = tempfile::tempdir().expect("a folder");
    let mut harness = keeping_window(folder.path(), Pace::Instant);
    go_to(&mut harness, "Usage");
    wait_for(&mut harness, "No usage yet");
    let tick = |harness: &mut Harness<'static, App>, name: &str| {
        harness
            .get_by(|node| node.role() == Role::CheckBox && node.label().as_deref() == Some(name))
            .click_accesskit();
        harness.step();
        harness.step();
    };
    tick(&mut harness, "A month");
    tick(&mut harness, "Budget of a month: stop when it is spent");
    wait_until(&mut harness, "the settings", |_| {
        json_of(folder.path(), "settings.json")
            .is_some_and(|settings| settings["budgets"]["month"]["stop"] == true)
    });
    tick(&mut harness, "A month");
    wait_until(&mut harness, "the settings without it", |_| {
        json_of(folder.path(), "settings.json")
            .is_some_and(|settings| settings["budgets"]["month"].is_null())
    });
}

#[test]
fn a_budget_that_is_spent_stops_every_way_to_ask_in_a_comparison() {
    let endpoint = Endpoint::start();
    let folder = tempfile::tempdir().expect("a folder");
    {
        let files = ChosenFiles::default();
        let mut harness = keeping_window_with(endpoint.session(), folder.path(), files);
        compare(&mut harness);
        send(&mut harness, "Name a river");
        wait_for_answers(&mut harness, 4);
        wait_until(&mut harness, "the ledger", |_| {
            ledger(folder.path()).len() == 4
        });
    }
    let mut harness = window_with_budget(folder.path(), &endpoint, "5", "5");
    wait_for(&mut harness, "(100 %); nothing more is sent");
    go_to(&mut harness, "History");
    wait_for(&mut harness, "4 models: Name a river");
    click(&mut harness, "Open conversation 4 models: Name a river");
    wait_until(&mut harness, "the answers", |harness| {
        count(harness, "Rate 1 of 5") == 4
    });
    click(&mut harness, "More");
    click(&mut harness, "Run 5 times more");
    wait_for(&mut harness, "nothing was sent. Raise the budget");
    wait_until(&mut harness, "quiet", is_idle);
    assert_eq!(ledger(folder.path()).len(), 5, "four and what was spent");
}

#[test]
fn nothing_is_spent_while_the_settings_with_the_budgets_cannot_be_read() {
    let endpoint = Endpoint::start();
    let folder = tempfile::tempdir().expect("a folder");
    let broken = "{\"budgets\": {\"month\": {\"usd\": \"5\", \"stop\": tru}}}";
    std::fs::write(folder.path().join("settings.json"), broken).expect("written");
    let mut harness =
        keeping_window_with(endpoint.session(), folder.path(), ChosenFiles::default());
    wait_for(&mut harness, "The settings are not used");
    ask(&mut harness, "Name a river");
    wait_for(
        &mut harness,
        "the settings cannot be read; nothing was sent",
    );
    assert!(!shows(&harness, "Regenerate"), "{}", on_screen(&harness));
    assert_eq!(ledger(folder.path()).len(), 0, "no call was made");
    let kept = std::fs::read_to_string(folder.path().join("settings.json"));
    assert_eq!(kept.expect("there"), broken);
}

#[test]
fn a_budget_that_stops_also_stops_while_nobody_knows_what_was_spent() {
    let endpoint = Endpoint::start();
    let folder = tempfile::tempdir().expect("a folder");
    // A history of another program: it is left alone, and so is its ledger.
    let other =
        rusqlite::Connection::open(folder.path().join("playground.db")).expect("a database");
    other
        .execute_batch("PRAGMA application_id = 7; CREATE TABLE mine (text TEXT)")
        .expect("a table");
    drop(other);
    let settings = json!({ "budgets": { "month": { "usd": "5", "stop": true } } });
    let mut harness = window_on_aws(folder.path(), &endpoint, &settings);
    wait_for(&mut harness, "Nothing is kept");
    ask(&mut harness, "Name a river");
    wait_for(&mut harness, "What was spent so far is not known");
    assert!(!shows(&harness, "Regenerate"), "{}", on_screen(&harness));
}
