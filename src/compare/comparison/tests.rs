//! Columns that do not disturb each other.

use super::*;
use crate::chat::{BlockDelta, ContentBlock, Message};

fn models(count: usize) -> Vec<ModelId> {
    (0..count)
        .map(|at| format!("example.model-{at}").into())
        .collect()
}

fn asked(count: usize) -> (Comparison, Vec<ColumnId>) {
    let mut comparison = Comparison::new(Configuration::default(), models(count));
    let row = comparison.add_row();
    comparison.ask(row, Prompt::typed("Why?", Vec::new()));
    let columns = comparison
        .columns()
        .iter()
        .map(|column| column.id)
        .collect();
    (comparison, columns)
}

fn begin(comparison: &mut Comparison, column: ColumnId, call: u64) -> Request {
    let request = comparison.prepare(0, column).unwrap();
    let model = request.model_id.clone();
    comparison.begin(
        0,
        column,
        Invocation::new(InvocationId(call), model, "us-east-1"),
    );
    request
}

fn say(comparison: &mut Comparison, call: u64, text: &str) {
    let delta = BlockDelta::Text(text.to_owned());
    comparison.apply(
        InvocationId(call),
        StreamEvent::BlockDelta { index: 0, delta },
    );
}

fn answer(comparison: &mut Comparison, column: ColumnId, call: u64, text: &str) {
    begin(comparison, column, call);
    say(comparison, call, text);
    comparison.complete(InvocationId(call));
}

fn texts(comparison: &Comparison, column: ColumnId) -> Vec<String> {
    comparison
        .runs(column)
        .map(|run| run.message.text())
        .collect()
}

#[test]
fn there_are_eight_columns_at_the_most() {
    let mut comparison = Comparison::new(Configuration::default(), models(9));
    assert_eq!(comparison.columns().len(), MOST_COLUMNS);
    assert_eq!(comparison.add_column("one.more".into()), None);
    let first = comparison.columns()[0].id;
    comparison.remove_column(first);
    let new = comparison.add_column("one.more".into()).unwrap();
    assert_ne!(new, first, "a number is not used again");
}

#[test]
fn one_column_that_fails_leaves_the_others_alone() {
    let (mut comparison, columns) = asked(3);
    for (call, column) in (1..).zip(&columns) {
        begin(&mut comparison, *column, call);
    }
    say(&mut comparison, 1, "One");
    comparison.fail(
        InvocationId(2),
        Failure::local("Throttling", "Too many", "Wait"),
    );
    say(&mut comparison, 3, "Three");
    say(&mut comparison, 2, "late");
    assert_eq!(comparison.running().count(), 2);
    comparison.stop(InvocationId(3));
    comparison.complete(InvocationId(1));
    assert!(!comparison.is_running());
    let texts: Vec<_> = columns
        .iter()
        .map(|column| texts(&comparison, *column).concat())
        .collect();
    assert_eq!(texts, ["One", "", "Three"]);
}

#[test]
fn every_column_keeps_its_own_history_of_the_shared_prompts() {
    let (mut comparison, columns) = asked(2);
    answer(&mut comparison, columns[0], 1, "A");
    answer(&mut comparison, columns[1], 2, "B");
    comparison.ask(0, Prompt::typed("And?", Vec::new()));
    let request = begin(&mut comparison, columns[1], 3);
    let said: Vec<_> = request.messages.iter().map(Message::text).collect();
    assert_eq!(said, ["Why?", "B", "And?"]);
    let rounds: Vec<_> = comparison.runs(columns[1]).map(|run| run.round).collect();
    assert_eq!(rounds, [0, 1]);
}

#[test]
fn asking_again_gives_answers_side_by_side() {
    let (mut comparison, columns) = asked(2);
    answer(&mut comparison, columns[0], 1, "first");
    let again = begin(&mut comparison, columns[0], 2);
    assert_eq!(
        again.messages.len(),
        1,
        "the first answer is no context for the second"
    );
    say(&mut comparison, 2, "second");
    comparison.complete(InvocationId(2));
    assert_eq!(texts(&comparison, columns[0]), ["first", "second"]);
    assert!(comparison.runs(columns[0]).all(|run| run.round == 0));
}

#[test]
fn two_calls_never_run_in_one_conversation() {
    let (mut comparison, columns) = asked(2);
    begin(&mut comparison, columns[0], 1);
    assert!(matches!(
        comparison.prepare(0, columns[0]),
        Err(Refusal::Nothing)
    ));
}

#[test]
fn a_column_that_came_late_is_asked_the_last_prompt_alone() {
    let (mut comparison, columns) = asked(2);
    answer(&mut comparison, columns[0], 1, "A");
    comparison.ask(0, Prompt::typed("And?", Vec::new()));
    let late = comparison.add_column("late.model".into()).unwrap();
    for call in [2, 3] {
        let request = begin(&mut comparison, late, call);
        assert_eq!(request.messages.len(), 1);
        assert_eq!(request.messages[0].text(), "And?");
        comparison.complete(InvocationId(call));
    }
    let rounds: Vec<_> = comparison.runs(late).map(|run| run.round).collect();
    assert_eq!(rounds, [1, 1]);
}

#[test]
fn a_column_of_its_own_differs_in_parameters_and_words() {
    let (mut comparison, columns) = asked(2);
    let shared = comparison.shared.clone();
    let own = comparison.column_mut(columns[1]).unwrap();
    own.set_linked(false, &shared);
    own.own.as_mut().unwrap().system = vec!["Be brief.".into()];
    own.prompt = Some("{{prompt}} In one word.".into());
    comparison.shared.temperature = Some(0.25);
    let first = comparison.prepare(0, columns[0]).unwrap();
    let second = comparison.prepare(0, columns[1]).unwrap();
    assert_eq!(first.inference.temperature, Some(0.25));
    assert!(first.system.is_empty());
    assert_eq!(second.inference.temperature, None, "it no longer follows");
    assert_eq!(second.system.len(), 1);
    assert_eq!(second.messages[0].text(), "Why? In one word.");
}

#[test]
fn what_cannot_be_sent_is_told_and_can_be_tried_again() {
    let (mut comparison, columns) = asked(2);
    comparison.column_mut(columns[0]).unwrap().prompt = Some("{{missing}}".into());
    let refusal = comparison.prepare(0, columns[0]).unwrap_err();
    assert!(refusal.to_string().contains("{{missing}}"), "{refusal}");
    comparison.column_mut(columns[0]).unwrap().prompt = None;
    comparison.prepare(0, columns[0]).unwrap();
}

#[test]
fn columns_move_and_go_with_all_that_was_said_of_them() {
    let (mut comparison, columns) = asked(3);
    answer(&mut comparison, columns[1], 1, "B");
    let at = comparison.runs(columns[1]).next().unwrap().at;
    comparison.verdicts_mut().rate(at, 5);
    comparison.verdicts_mut().pick(0, 0, Some(columns[1]));
    comparison.move_column(columns[0], 2);
    let order: Vec<_> = comparison
        .columns()
        .iter()
        .map(|column| column.id)
        .collect();
    assert_eq!(order, [columns[1], columns[2], columns[0]]);
    comparison.move_column(columns[0], 99);
    comparison.remove_column(columns[1]);
    assert_eq!(comparison.verdicts().winner(0, 0), None);
    assert_eq!(comparison.verdicts().rating(at), None);
    assert_eq!(comparison.runs(columns[1]).count(), 0);
}

#[test]
fn one_model_twice_is_told_apart() {
    let twice = ["a.b", "c.d", "a.b"].map(ModelId::from);
    let comparison = Comparison::new(Configuration::default(), twice);
    let labels: Vec<_> = comparison
        .columns()
        .iter()
        .map(|column| comparison.label(column.id))
        .collect();
    assert_eq!(labels, ["a.b (1)", "c.d", "a.b (2)"]);
}

#[test]
fn an_empty_prompt_is_nothing_to_ask() {
    let mut comparison = Comparison::new(Configuration::default(), models(2));
    let column = comparison.columns()[0].id;
    assert!(comparison.prepare(0, column).is_err());
    let row = comparison.add_row();
    assert!(comparison.prepare(row, column).is_err());
    comparison.ask(row, Prompt::typed("", Vec::<ContentBlock>::new()));
    assert!(comparison.prepare(row, column).is_err());
}
