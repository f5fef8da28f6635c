//! Prompts and guardrails.

use super::{Scene, Stage};
use crate::support::window::{click, shows, unfold, wait_for, wait_until, write};

pub const SCENES: &[Scene] = &[
    Scene("prompts_empty", |stage| {
        stage.go_and_see("Prompts", "Classify a message");
        wait_until(&mut stage.harness, "the library", |harness| {
            !shows(harness, "Opening the library")
        });
    }),
    Scene("prompts_full", |stage| {
        stage.go("Prompts");
        click(&mut stage.harness, "Open prompt Classify a message");
        wait_for(&mut stage.harness, "Variables");
    }),
    Scene("prompts_busy", |stage| {
        stage.on_a_slow_endpoint();
        run_of_one_row(stage);
        wait_for(&mut stage.harness, "Stop the run");
    }),
    Scene("prompts_answered", |stage| {
        run_of_one_row(stage);
        wait_for(&mut stage.harness, "Run 1 row again");
        click(&mut stage.harness, "Show row 1");
        wait_for(&mut stage.harness, "tokens in");
    }),
    Scene("prompts_error", |stage| {
        stage.connect();
        stage.refuse_the_next();
        run_of_one_row(stage);
        wait_for(&mut stage.harness, "Run what is missing");
        click(&mut stage.harness, "Show row 1");
    }),
    Scene("prompts_unreachable", |stage| {
        stage.on_no_profile();
        stage.go_without_models("Prompts", "Open prompt Classify a message");
        click(&mut stage.harness, "Open prompt Classify a message");
        wait_for(&mut stage.harness, "Variables");
        click(&mut stage.harness, "Run");
        wait_for(&mut stage.harness, "Connect again");
    }),
    Scene("guardrails_empty", |stage| {
        stage.go_and_see("Guardrails", "example-guardrail");
    }),
    Scene("guardrails_full", |stage| {
        stage.go("Guardrails");
        click(&mut stage.harness, "Open guardrail example-guardrail");
        wait_for(&mut stage.harness, "Content filters");
    }),
    Scene("guardrails_tested", |stage| {
        stage.go("Guardrails");
        click(&mut stage.harness, "Open guardrail example-guardrail");
        wait_for(&mut stage.harness, "Content filters");
        click(&mut stage.harness, "Test");
        let text = "Write to mary@example.com that the meeting is at nine";
        write(&mut stage.harness, "Text to test", text);
        click(&mut stage.harness, "Test the text");
        wait_for(&mut stage.harness, "After: what passes");
    }),
    Scene("guardrails_error", |stage| {
        stage.go("Guardrails");
        wait_for(&mut stage.harness, "Open guardrail example-guardrail");
        click(&mut stage.harness, "New guardrail");
        wait_for(&mut stage.harness, "The name is empty");
        let taken = "example-guardrail";
        write(&mut stage.harness, "Name of the guardrail", taken);
        unfold(&mut stage.harness, "Words");
        write(&mut stage.harness, "Words", "heist");
        click(&mut stage.harness, "Save");
        wait_for(&mut stage.harness, "ConflictException");
    }),
    Scene("guardrails_unreachable", |stage| {
        stage.on_no_endpoint();
        stage.go_without_models("Guardrails", "Fetch again");
    }),
];

fn run_of_one_row(stage: &mut Stage) {
    stage.go("Prompts");
    click(&mut stage.harness, "Open prompt Classify a message");
    wait_for(&mut stage.harness, "Variables");
    click(&mut stage.harness, "Run");
    click(&mut stage.harness, "Run 1 row");
}
