//! Models side by side.

use std::time::Duration;

use bedrock_playground::chat::{
    BlockDelta, Configuration, Failure, Invocation, InvocationId, Metadata, Metrics, StopReason,
    StreamEvent, Usage,
};
use bedrock_playground::compare::{Comparison, Prompt};
use bedrock_playground::store::ConversationDraft;
use egui::{Key, Modifiers};

use super::{Scene, Stage};
use crate::support::comparison::draft;
use crate::support::session::embedded;
use crate::support::window::{click, wait_for, write};

pub const SCENES: &[Scene] = &[
    Scene("compare_empty", |stage| {
        stage.go_and_see("Compare models", "Not asked yet");
    }),
    Scene("compare_busy", |stage| {
        stage.on_a_slow_endpoint();
        stage.go_and_see("Compare models", "Not asked yet");
        write(&mut stage.harness, "Prompt", "What is a guardrail?");
        let command = Modifiers::COMMAND;
        stage.harness.key_press_modifiers(command, Key::Enter);
        wait_for(&mut stage.harness, "Stop Nova Lite");
    }),
    Scene("compare_full", |stage| {
        let answers = [
            Kept::whole("amazon.nova-lite-v1:0", 310, 1_240, 48),
            Kept::whole("amazon.nova-pro-v1:0", 520, 2_310, 61),
            Kept::whole("amazon.nova-micro-v1:0", 210, 730, 33),
        ];
        open_kept(stage, &answers);
        wait_for(&mut stage.harness, "1,240 ms");
    }),
    Scene("compare_error", |stage| {
        let answers = [
            Kept::whole("amazon.nova-lite-v1:0", 310, 1_240, 48),
            Kept {
                refused: true,
                ..Kept::whole("amazon.nova-pro-v1:0", 0, 0, 0)
            },
        ];
        open_kept(stage, &answers);
    }),
    Scene("compare_unreachable", |stage| {
        stage.on_no_profile();
        stage.go_without_models("Compare models", "Connect again");
    }),
];

/// An answer that was had before, so that its times are the same each time.
struct Kept {
    model: &'static str,
    first_token_ms: u64,
    latency_ms: u64,
    tokens: u64,
    refused: bool,
}

impl Kept {
    const fn whole(model: &'static str, first_token_ms: u64, latency_ms: u64, tokens: u64) -> Self {
        Self {
            model,
            first_token_ms,
            latency_ms,
            tokens,
            refused: false,
        }
    }

    fn events(&self) -> [StreamEvent; 5] {
        let accepted = StreamEvent::Accepted {
            request_id: None,
            simulated: false,
        };
        let words = "A **guardrail** looks at what goes to a model and at what comes back:\n\n\
                     - it blocks topics that are denied,\n- it masks personal data,\n\
                     - it scores how well an answer is grounded.";
        let delta = BlockDelta::Text(words.into());
        let metadata = Metadata {
            usage: Some(Usage {
                input_tokens: 12,
                output_tokens: self.tokens,
                total_tokens: 12 + self.tokens,
                ..Usage::default()
            }),
            metrics: Metrics {
                latency_ms: Some(self.latency_ms),
                ..Metrics::default()
            },
            ..Metadata::default()
        };
        [
            accepted,
            StreamEvent::FirstToken(Duration::from_millis(self.first_token_ms)),
            StreamEvent::BlockDelta { index: 0, delta },
            StreamEvent::MessageStop {
                stop_reason: StopReason::EndTurn,
                additional_model_response_fields: None,
            },
            StreamEvent::Metadata(Box::new(metadata)),
        ]
    }
}

/// Opens a comparison with these answers from the history.
fn open_kept(stage: &mut Stage, answers: &[Kept]) {
    let models = answers.iter().map(|answer| answer.model.into());
    let mut comparison = Comparison::new(Configuration::default(), models);
    let columns: Vec<_> = comparison
        .columns()
        .iter()
        .map(|column| column.id)
        .collect();
    let row = comparison.add_row();
    comparison.ask(row, Prompt::typed("What is a guardrail?", Vec::new()));
    for (call, (column, answer)) in columns.into_iter().zip(answers).enumerate() {
        let id = InvocationId(call as u64 + 1);
        let request = comparison.prepare(row, column).expect("a request");
        let call = Invocation::new(id, request.model_id, "us-east-1");
        comparison.begin(row, column, call);
        if answer.refused {
            comparison.fail(id, refusal());
            continue;
        }
        for event in answer.events() {
            comparison.apply(id, event);
        }
        comparison.complete(id);
    }
    let draft = ConversationDraft {
        connection: "work".into(),
        ..draft("What is a guardrail?", &comparison)
    };
    stage.store().save_conversation(&draft).expect("saved");
    stage.on(embedded());
    stage.go("History");
    click(&mut stage.harness, "Open conversation What is a guardrail?");
    wait_for(&mut stage.harness, "Rate 1 of 5");
}

fn refusal() -> Failure {
    Failure::local(
        "AccessDeniedException",
        "You don't have access to the model with the specified model ID.",
        "Ask for access to the model in the Bedrock console, under Model access",
    )
}
