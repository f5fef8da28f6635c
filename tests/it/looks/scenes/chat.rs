//! The chat.

use super::Scene;
use crate::support::window::{ask, ask_and_wait, click, scroll_to_top, wait_for};

pub const SCENES: &[Scene] = &[
    Scene("chat_empty", |stage| stage.go("Chat playground")),
    Scene("chat_busy", |stage| {
        stage.on_a_slow_endpoint();
        stage.connect();
        ask(&mut stage.harness, "What is a guardrail?");
        wait_for(&mut stage.harness, "Waiting for the first token");
        // Whose answer it is comes with the head of the answer.
        wait_for(&mut stage.harness, "Simulated");
    }),
    Scene("chat_full", |stage| {
        stage.connect();
        ask_and_wait(&mut stage.harness, &long_prompt());
        scroll_to_top(&mut stage.harness);
    }),
    Scene("chat_unreachable", |stage| {
        stage.on_no_profile();
        stage.go_without_models("Chat playground", "Connect again");
    }),
    Scene("chat_error", |stage| {
        stage.on_no_endpoint();
        wait_for(&mut stage.harness, "Try again");
    }),
    Scene("chat_error_answer", |stage| {
        stage.connect();
        click(&mut stage.harness, "Faults on request…");
        click(&mut stage.harness, "Cut streams after events");
        stage.harness.run_steps(3);
        click(&mut stage.harness, "Apply");
        stage.harness.run_steps(3);
        ask(&mut stage.harness, "What is a guardrail?");
        wait_for(&mut stage.harness, "Try again");
    }),
    Scene("chat_refused", |stage| {
        stage.connect();
        stage.refuse_the_next();
        ask(&mut stage.harness, "What is a guardrail?");
        wait_for(&mut stage.harness, "AccessDeniedException");
    }),
];

/// So long that what the answer took is out of view.
fn long_prompt() -> String {
    let lines: Vec<String> = (1..=12)
        .map(|line| format!("{line}. Say in one sentence what this rule of the house is for."))
        .collect();
    lines.join("\n")
}
